"""Numbers standing alone, which Tesseract loses: at the head or foot of a scanned page ("2", "- 2 -", "2/3"), and a
figure or two in a cell.

A figure alone gives Tesseract too little to go by: it is passed over or read as a letter. Its ink is found by where it
stands, copied several times in a row, and the row read with figures only; what the copies agree on is taken. Text
elsewhere, and what was read surely, is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from casework.vietnam.letters import fold

from adapters import tesseract
from adapters.masks import areas, pooled, reach
from adapters.ruling import at_half_size
from adapters.tesseract import Glyphs

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[Any]]

Box = tuple[int, int, int, int]

_BAND = 0.105  # of the page's height, at its head and at its foot
_SIDE = 0.03  # of its width: nearer to the edge are shadows of the sheet
_BELIEVED = 0.75
_NUMBER_BELIEVED = 0.93  # "- 2 -" was read as "-9-" with 0.88, "- 3 -" as "-8-" with 0.85
_DARK = 140
_USUAL_LETTER_PX = 20.0
# In heights of the page's small letters: the ink that may be a number, and the white around it.
_LOWEST, _HIGHEST, _NARROWEST, _WIDEST = 0.6, 3.2, 0.25, 9.0
_ASIDE, _ABOVE = 4.0, 0.5
_FIGURE = 0.6  # of the highest blot: lower ones are dashes and dots
_MOST_FIGURES = 7  # "12 / 34" with brackets
_MOST_PLACES = 2
_COPIES = 6
_FIGURE_PX = 34  # 12-point figures at 300 dpi
_SIGNS = "0123456789/()[]"
# A 1 without a foot is read as one of these; figures alone, and one in five of them is lost.
_ONE_SIGN, _STROKES = "0123456789lI|", str.maketrans("lI|", "111")
_NUMBER = re.compile(r"\d{1,3}(?:/\d{1,3})?")
_ALONE = re.compile(r"[-–—~\[(]*\d{1,3}(?:/\d{1,3})?[-–—~\])]*")
_BEFORE = re.compile(r"(?:trang|page|tr\.?|[-–—~\[(|/]*)", re.IGNORECASE)
_MOST_SURE = 0.9  # copies of one blot err alike; Tesseract's own confidence says nothing of such rows
_AGREEING = 5
_MOST_SIGNS, _LONE_WIDTH = 2, 1.8  # of a number in a cell; its width in heights
_TICKS = frozenset(("x", "v", "xx"))


def lone_numbers(clean: Pixels, words: Sequence[Glyphs], letter_px: float, engine: tesseract.Engine) -> list[Glyphs]:
    """The numbers that stand alone near the head and the foot where no believed word is, in pixels of the page.

    clean: the grey page without ruling lines; letter_px: the height of its small letters, 0.0 if unknown.
    """
    found = []
    for box, figures in _places(clean, words, letter_px or _USUAL_LETTER_PX):
        read = _read(figures, engine)
        if read is not None:
            found.append(Glyphs(read[0], *box, read[1]))
    return found


def lone_figure(cell: Pixels, read: Sequence[str], engine: tesseract.Engine) -> Glyphs | None:
    """The number of one or two figures that is all a cell holds but specks, in pixels of the cell; None for any other
    cell, and where the number was read. cell: its grey pixels; read: the words that were read of it."""
    said = "".join(sign for word in read for sign in word if sign.isalnum())
    if said.isdigit() or len(said) > _MOST_SIGNS or said.lower() in _TICKS:
        return None
    found = _alone_in(cell, _USUAL_LETTER_PX)
    if found is None:
        return None
    box, figures = found
    if len(areas(figures < _DARK)) > _MOST_SIGNS or figures.shape[1] > _LONE_WIDTH * figures.shape[0]:
        return None
    number = _read(figures, engine)
    return Glyphs(number[0], *box, number[1]) if number else None


def stands_in(number: Glyphs, word: Glyphs) -> bool:
    """Was this word read, and not believed, where the number stands?"""
    across, down = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return not _is_believed(word) and number.x0 <= across <= number.x1 and number.y0 <= down <= number.y1


def _is_believed(word: Glyphs) -> bool:
    return word.confidence >= (_NUMBER_BELIEVED if _ALONE.fullmatch(word.text) else _BELIEVED)


def _places(clean: Pixels, words: Sequence[Glyphs], letter: float) -> list[tuple[Box, Pixels]]:
    """Where ink of the size of a number stands by itself, with its figures cut out; the outermost first."""
    height = clean.shape[0]
    deep = round(_BAND * height) // 4 * 4
    spots: list[tuple[int, Box]] = []
    for top, bottom in ((0, deep), (height - deep, height)):
        near = [word for word in words if word.y1 > top and word.y0 < bottom]
        for box in _alone(clean[top:bottom], near, top, letter):
            spots.append((min(box[1], height - box[3]), box))
    places = []
    for _, (x0, y0, x1, y1) in sorted(spots)[:_MOST_PLACES]:
        figures = _figures(clean[y0:y1, x0:x1], letter)
        if figures is not None:
            places.append(((x0, y0, x1, y1), figures))
    return places


def _alone(band: Pixels, words: Sequence[Glyphs], top: int, letter: float) -> Iterator[Box]:
    """Boxes, in pixels of the page, of ink that has white around it; `band` begins at row `top` of the page."""
    small = letter / 4
    every = pooled(at_half_size(band) < _DARK)
    ink = every.copy()
    believed = [word for word in words if _is_believed(word)]
    for word in believed:
        above, below = (max(0, side) for side in ((word.y0 - top) // 4 - 1, (word.y1 - top) // 4 + 2))
        part = (slice(above, below), slice(max(0, word.x0 // 4 - 1), word.x1 // 4 + 2))
        ink[part] = False
        if _BEFORE.fullmatch(fold(word.text)):  # the g of "Trang" reaches below the figure beside it
            every[part] = False
    if not ink.any():
        return
    across = round(1.2 * small)
    side = round(_SIDE * ink.shape[1])
    for x0, y0, x1, y1 in areas(reach(reach(ink, across, 1), 1, 0)):
        x0, x1, y0, y1 = x0 + across, x1 - across, y0 + 1, y1 - 1
        if not (_LOWEST * small <= y1 - y0 <= _HIGHEST * small and _NARROWEST * small <= x1 - x0 <= _WIDEST * small):
            continue
        if x0 < side or x1 > ink.shape[1] - side or y0 <= 0 or y1 >= ink.shape[0]:
            continue
        box = (4 * x0 - 4, top + 4 * y0 - 4, 4 * x1 + 4, top + 4 * y1 + 4)
        if _has_room(every, (x0, y0, x1, y1), small) and _stands_alone(box, believed, letter):
            yield box


def _has_room(ink: Pixels, box: Box, small: float) -> bool:
    """Is there white above and below, so that this is no part of a paragraph?"""
    x0, y0, x1, y1 = box
    left, right, by = max(0, x0 - round(2 * small)), x1 + round(2 * small), max(2, round(_ABOVE * small))
    above, below = ink[max(0, y0 - by) : y0 - 1, left:right], ink[y1 + 1 : y1 + by, left:right]
    return not above.any() and not below.any()


def _stands_alone(box: Box, words: Sequence[Glyphs], letter: float) -> bool:
    """Is nothing else on its line but what belongs to a page's number ("Trang", a dash)?"""
    x0, y0, _, y1 = box
    on_line = [word for word in words if min(y1, word.y1) - max(y0, word.y0) > 0.3 * min(y1 - y0, word.y1 - word.y0)]
    before = max((word for word in on_line if word.x1 <= x0 + letter), key=lambda word: word.x1, default=None)
    if before is not None and x0 - before.x1 < _ASIDE * letter:
        return _BEFORE.fullmatch(fold(before.text)) is not None
    return all(_BEFORE.fullmatch(fold(word.text)) or word.text.strip("/ ").isdigit() for word in on_line)


def _figures(crop: Pixels, letter: float) -> Pixels | None:
    found = _alone_in(crop, letter)
    return found[1] if found else None


def _alone_in(crop: Pixels, letter: float) -> tuple[Box, Pixels] | None:
    """Of the crop nothing but blots as high as figures, dashes and specks left away, and where they are; None where
    none are."""
    import numpy as np

    blots = areas(crop < _DARK)
    tallest = max((y1 - y0 for _, y0, _, y1 in blots), default=0)
    if not _LOWEST * letter <= tallest <= _HIGHEST * letter:
        return None
    kept = [blot for blot in blots if blot[3] - blot[1] >= _FIGURE * tallest]
    if len(kept) > _MOST_FIGURES:
        return None
    alone = np.full_like(crop, 255)
    for x0, y0, x1, y1 in kept:
        x0, y0 = max(0, x0 - 2), max(0, y0 - 2)
        alone[y0 : y1 + 2, x0 : x1 + 2] = crop[y0 : y1 + 2, x0 : x1 + 2]
    left, right = min(blot[0] for blot in kept), max(blot[2] for blot in kept)
    top, bottom = min(blot[1] for blot in kept), max(blot[3] for blot in kept)
    box = (max(0, left - 2), max(0, top - 2), right + 2, bottom + 2)
    return box, alone[box[1] : box[3], box[0] : box[2]]


def _read(figures: Pixels, engine: tesseract.Engine) -> tuple[str, float] | None:
    """The number that copies of it in a row agree on, and how sure that is (0 to 1); None where they do not."""
    single = len(areas(figures < _DARK)) == 1
    words = tesseract.read_words(
        _row(figures), engine, mode=tesseract.ONE_LINE, alphabet=_ONE_SIGN if single else _SIGNS
    )
    text = " ".join(word.text for word in words)
    number, share = _agreed_sign(text.translate(_STROKES)) if single else _agreed(text)
    return (number, round(_MOST_SURE * share, 4)) if number else None


def _agreed_sign(text: str) -> tuple[str, float]:
    """What copies of a single sign give: the figure most of them are, and how many; ("", 0.0) for too few.

    A copy may be lost, doubled or misread: one, not more.
    """
    signs = "".join(text.split())
    figure, count = Counter(signs).most_common(1)[0] if signs else ("", 0)
    astray = len(signs) - count + abs(count - _COPIES)
    agree = figure.isdigit() and count >= _AGREEING and len(signs) <= _COPIES + 1
    return (figure, max(0.5, 1 - astray / _COPIES)) if agree else ("", 0.0)


def _agreed(text: str) -> tuple[str, float]:
    """What copies of a number give that most of them are, and how many; ("", 0.0) for too few.

    The white between copies is lost now and then, so that they come as one long number.
    """
    said = _NUMBER.findall(text)
    joined = "".join(said)
    size, rest = divmod(len(joined), _COPIES)
    if size and not rest and joined == joined[:size] * _COPIES and _NUMBER.fullmatch(joined[:size]):
        return joined[:size], 1.0
    number, count = Counter(said).most_common(1)[0] if said else ("", 0)
    return (number, count / max(_COPIES, len(said))) if count >= _AGREEING else ("", 0.0)


def _row(figures: Pixels) -> Any:
    """Copies of it side by side on white, figures at the size that is read best."""
    import numpy as np
    import PIL.Image

    scale = _FIGURE_PX / figures.shape[0]
    if not 0.8 < scale < 1.25:
        image = PIL.Image.fromarray(figures)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        figures = np.asarray(image.resize(size, PIL.Image.Resampling.BICUBIC))
    height, width = figures.shape
    step = width + height
    row = np.full((height + 40, _COPIES * step + 40), 255, dtype=np.uint8)
    for copy in range(_COPIES):
        left = 20 + height // 2 + copy * step
        row[20 : 20 + height, left : left + width] = figures
    return PIL.Image.fromarray(row)
