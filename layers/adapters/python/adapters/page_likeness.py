"""A hash of what a page looks like, which copies of one sheet share for the most part: scanned again, photographed, in
grey, a little turned.

The ink of the page is laid into a grid that the text itself spans, so that margins, scale and shadow do not count; a
bit says whether a cell has more ink than its neighbourhood. Pages of one form filled in otherwise differ where they
are filled in: how far is measured (`python -m tests.bench.measure_likeness`). numpy and Pillow, imported where used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from casework.document import Page
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

ROWS, COLUMNS = 40, 32
_OUTERMOST = 0.5  # percent of words left out as dirt; with 1 copies were up to 0.27 apart instead of 0.19
_FEWEST_WORDS = 25  # less than this is no page to tell from others: a blank form, a cover


def likeness_of(page: Page, picture: Image) -> str:
    """The hash of a page from its words and its picture, in hex; "" when too little stands on it."""
    if len(page.words) < _FEWEST_WORDS:
        return ""
    return hash_of(picture.convert("L"), _text_box(page))


def hash_of(grey: Image, box: tuple[float, float, float, float]) -> str:
    """The hash of the part of a picture that its text spans (page fractions)."""
    import numpy as np
    from PIL.Image import Resampling

    width, height = grey.size
    cut = grey.crop((int(box[0] * width), int(box[1] * height), int(box[2] * width) + 1, int(box[3] * height) + 1))
    ink = 255.0 - np.asarray(cut.resize((COLUMNS * 8, ROWS * 8), Resampling.BOX), dtype=np.float32)
    ink -= np.median(ink)
    ink[ink < 30] = 0
    cells = ink.reshape(ROWS, 8, COLUMNS, 8).mean(axis=(1, 3))
    bits = cells > _around(cells)
    return np.packbits(bits.reshape(-1)).tobytes().hex()


def _around(cells: Pixels, reach: int = 2) -> Pixels:
    """The mean of a cell's neighbourhood along its line."""
    import numpy as np

    padded = np.pad(cells, ((reach, reach), (reach, reach)), mode="edge")
    rows, columns = cells.shape
    total = np.zeros_like(cells)
    for down in range(2 * reach + 1):
        for across in range(2 * reach + 1):
            total += padded[down : down + rows, across : across + columns]
    mean: Pixels = total / (2 * reach + 1) ** 2
    return mean


def _text_box(page: Page) -> tuple[float, float, float, float]:
    """What the words span, without the outermost few: dirt, page numbers."""
    import numpy as np

    words = [word for word in page.words if word.confidence >= 0.5 and len(word.text) > 1] or list(page.words)
    left, top = np.percentile([(word.box.x0, word.box.y0) for word in words], _OUTERMOST, axis=0)
    right, foot = np.percentile([(word.box.x1, word.box.y1) for word in words], 100 - _OUTERMOST, axis=0)
    return float(left), float(top), float(right), float(foot)
