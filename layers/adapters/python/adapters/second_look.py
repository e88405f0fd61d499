"""A second look at one box of a page's picture: cut out, cleaned of its neighbours, enlarged, read as one line.

May be given the only characters its kind of value can have; knows nothing of values.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from casework.document import Box

from adapters import page_image, tesseract

if TYPE_CHECKING:
    from PIL.Image import Image

_TALLEST_LINE_PX = 160
_LINE_PX = 30  # of a line's box on the picture of a page; below, it is no more than a line
_MARGIN = 0.3  # of the line's height
# Of the enlarged box. Measured on 27 misread numbers and days of development scans, 240 that were read well: with the
# first reading and the blurred form, all but one agreeing turn 20 right and none wrong, and spoil none.
_SIZES = ((0.5, 0.5), (1.5, 1.5), (1.2, 1.0), (0.85, 1.0))
_BLUR_PX = 1.5


def read_crop(image: bytes, box: Box, engine: tesseract.Engine, alphabet: str | None) -> tuple[str, float]:
    """Read one box of a page's picture again, enlarged, optionally with only the characters of `alphabet`.

    The confidence is that of the reading without an alphabet where both say the same: Tesseract gives a right word
    0.0 when one sign in it, if only the dot of a speck, was not allowed.
    """
    crop = _cut_out_of(image, box)
    if crop is None:
        return "", 0.0
    text, confidence = _read_line(crop, engine, None)
    if alphabet is None or not set(text) - {*alphabet, " "}:
        return text, confidence
    only, sure = _read_line(crop, engine, alphabet)
    if only and only == _within_alphabet(text, alphabet):
        return only, max(confidence, sure)
    return only, sure


def read_variously(image: bytes, box: Box, engine: tesseract.Engine, alphabet: str | None) -> tuple[str, ...]:
    """Read one box of a page's picture in five forms: figures taken for others in one seldom are in all.

    Empty for a box of next to nothing.
    """
    crop = _cut_out_of(image, box)
    if crop is None:
        return ()
    return tuple(_read_line(form, engine, alphabet, _mode(crop))[0] for form in _forms(crop))


def _forms(crop: Image) -> Iterator[Image]:
    import PIL.Image
    from PIL import ImageFilter

    for across, down in _SIZES:
        size = (round(crop.width * across), round(crop.height * down))
        yield crop.resize(size, PIL.Image.Resampling.LANCZOS)
    yield crop.filter(ImageFilter.GaussianBlur(_BLUR_PX))


def _within_alphabet(text: str, alphabet: str) -> str:
    return " ".join("".join(sign for sign in text if sign in alphabet or sign == " ").split())


def _mode(crop: Image) -> int:
    return tesseract.ONE_LINE if crop.height < _TALLEST_LINE_PX else tesseract.ONE_BLOCK


def _read_line(crop: Image, engine: tesseract.Engine, alphabet: str | None, mode: int = 0) -> tuple[str, float]:
    words = tesseract.read_words(crop, engine, mode=mode or _mode(crop), alphabet=alphabet)
    return " ".join(word.text for word in words), min((word.confidence for word in words), default=0.0)


def _cut_out_of(image: bytes, box: Box) -> Image | None:
    import PIL.Image

    with PIL.Image.open(io.BytesIO(image), formats=("JPEG", "PNG")) as opened:
        return _cut_out(opened, box)


def _cut_out(page: Image, box: Box) -> Image | None:
    """The box twice as large on white, without what stands beside it. None for a box of next to nothing."""
    import numpy as np
    import PIL.Image
    from PIL import ImageOps

    x0, x1 = int(box.x0 * page.width), int(box.x1 * page.width) + 1
    y0, y1 = int(box.y0 * page.height), int(box.y1 * page.height) + 1
    if x1 - x0 < 3 or y1 - y0 < 3:
        return None
    margin = max(3, round(_MARGIN * min(y1 - y0, _LINE_PX)))
    left, right = max(0, x0 - margin), min(page.width, x1 + margin)
    part = page.crop((left, max(0, y0 - margin), right, min(page.height, y1 + margin)))
    area = np.asarray(page_image.without_coloured_ink(part.convert("RGB"))).copy()
    inked = np.any(area < 160, axis=0).reshape(-1)
    # From the box outwards, what comes after the first white column is of its neighbours.
    before = np.flatnonzero(~inked[: x0 - left])
    after = np.flatnonzero(~inked[x1 - left :])
    if before.size:
        area[:, : before[-1]] = 255
    if after.size:
        area[:, x1 - left + after[0] :] = 255
    crop = PIL.Image.fromarray(area)
    crop = crop.resize((crop.width * 2, crop.height * 2), PIL.Image.Resampling.BICUBIC)
    return ImageOps.expand(ImageOps.autocontrast(crop, cutoff=1), 20, 255)
