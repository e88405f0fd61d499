"""What a page's pixels say about the capture: is it sharp, lit, whole, a page at all; and the ink that is not text.

Measures are named numbers kept with the page; each threshold stands beside the measurement it came from. A page is
called unreadable only by what was seen on it and what came of reading it, never by one number alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from casework.document import Box, Mark, Problem, Word
from casework.errors import problem
from casework.vietnam.syllables import share_of_syllables

from adapters import page_image
from adapters.masks import areas, reach

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

# Measured on development pages of all levels (seeds 0 and 1) against the same pages out of focus and shaken, dark,
# and cut: see tests/unit/test_capture.py, which holds each threshold to both sides.
_DARKEST_PAPER = 60.0
_BLANK_INK = 0.0012
_NO_INK = 0.00012
_BLANK_SMEAR = 0.015
_MOST_WORDS_OF_DIRT = 2
_BLURRED_EDGE_PX = 4.6  # sharp: 2.0 to 3.8; blurred by 1.5 px (still read): 3.8 to 4.8; by 2.5 px: 5.2 to 7.2
_HOPELESS_EDGE_PX = 8.0
_HOPELESS_CONTRAST, _DIM = 40.0, 40.0
_NOISE_INK, _NOISE_CONTRAST = 0.25, 60.0  # a dark page's noise, made lighter, is ink all over: minutes for Tesseract
_EDGE, _BORDER_PX = 0.012, 4  # words nearer to the picture's side than this, with ink on its outermost pixels
_CUT_WORDS, _CUT_SHARE = 4, 0.01  # 161 good pages have no such word; of 16 cut ones 15 have 4 to 15, 1.2 % and more
_BURNT, _BURNT_PAGE = 250, 245
_SMALLEST_GLARE = 0.008
_HIDDEN_WORDS, _FOUND_SHARE = 6.0, 0.25
_SCENE_COLOUR = (
    0.3  # pictures of things 0.5 and more, but so has paper by the light of a lamp: it decides nothing alone
)
_SMALLEST_PAGE_PX = 900
# Height of small letters as they arrived: 10 to 11 px at 150 dpi, 3.5 to 4 at 45 to 48 dpi, where a third was right.
_LOWEST_LETTER_PX = 5.0
_SMALL_WORKING_PX = 2400  # what 900 px become at most
_LOWEST_WORD_PX = 13.0  # with its marks: 11 at 48 dpi, 20 and more at 150 dpi
_FEWEST_SYLLABLES = 0.45
_FEW_WORDS = 8


def measure(original: Image, grey: Image, *, scale: float | None = None) -> dict[str, float]:
    """The page's measures.

    brightness: grey of the paper (0–255), its 80th percentile before the light was evened; contrast: paper less ink;
    ink: share of dark pixels after; edge_px: how many pixels of the 300 dpi page an edge takes from black to white
    (a sharp scan 2 to 4); smear: share of the page that is not clean paper seen from afar, text or its blurred
    shadow; long_side_px of the image that arrived; letter_px: height of small letters on it (0.0: no
    text found); colour: share of the picture that is neither paper nor toner.

    original: as it arrived; grey: made ready for reading; scale: how many of its pixels one of the original has
    become (that of the whole picture when not given). A page cut out of a photograph has "sheet", its share of it.
    """
    import numpy as np

    afar = np.asarray(grey.reduce(8))

    view = original.reduce(max(1, max(original.size) // 900))
    shades, counts = view.convert("L").histogram(), grey.histogram()
    paper, deep = _percentile(shades, 80), _percentile(shades, 1)
    return {
        "brightness": round(paper, 1),
        "contrast": round(paper - deep, 1),
        "ink": round(sum(counts[:128]) / max(1, sum(counts)), 5),
        "edge_px": edge_width(grey),
        "smear": round(float(np.count_nonzero(afar < 240)) / max(1, afar.size), 5),
        "long_side_px": float(max(original.size)),
        "letter_px": round(_letter_height(grey) / (scale or max(grey.size) / max(original.size)), 2),
        "colour": round(page_image.coloured_share(view), 4),
    }


def _letter_height(grey: Image) -> float:
    """The height of small letters, also of a page that stayed small when it was enlarged: there it is looked at twice
    as large, where letters of three pixels stand apart."""
    height = page_image.letter_height(grey)
    if height or max(grey.size) > _SMALL_WORKING_PX:
        return height
    return page_image.letter_height(grey.resize((2 * grey.width, 2 * grey.height))) / 2


def edge_width(grey: Image) -> float:
    """The width in pixels of the page's steepest edges: contrast over slope, the 95th percentile of the slopes.

    0.0 for a page without ink.
    """
    from PIL import ImageChops

    margin, width = grey.height // 20, grey.width
    rows = _every(grey.crop((0, margin, width, grey.height - margin)), 1, 3)
    if width < 3:
        return 0.0
    slopes = ImageChops.difference(rows.crop((2, 0, width, rows.height)), rows.crop((0, 0, width - 2, rows.height)))
    steep = [0] * 17 + slopes.histogram()[17:]  # over two pixels
    if sum(steep) < 200:
        return 0.0
    top = _percentile(steep, 95) / 2
    height = 255.0 - _percentile(_every(rows, 4, 1).histogram(), 1)
    return round(min(99.0, height / max(top, 0.5)), 2)


def _every(grey: Image, across: int, down: int) -> Image:
    """The picture's first of so many columns and of so many rows, and so on."""
    import numpy as np
    import PIL.Image

    return PIL.Image.fromarray(np.ascontiguousarray(np.asarray(grey)[::down, ::across]))


def _percentile(counts: Sequence[int], percent: float) -> float:
    """As numpy's, of values that were counted: sorting millions of pixels takes ten times as long."""
    place = (sum(counts) - 1) * percent / 100
    below, seen = int(place), 0
    found: list[int] = []
    for value, count in enumerate(counts):
        seen += count
        while len(found) < 2 and seen > min(below + len(found), sum(counts) - 1):
            found.append(value)
    return found[0] + (found[1] - found[0]) * (place - below)


def is_worth_reading(quality: Mapping[str, float]) -> bool:
    """Is there ink, and could it be letters? Blank pages have none; what is out of all focus or next to black reads
    as nothing whatever time is spent on it."""
    if quality["ink"] < _NO_INK or quality["edge_px"] >= _HOPELESS_EDGE_PX:
        return False
    if _is_tiny(quality):
        return False
    if quality["contrast"] < _HOPELESS_CONTRAST and quality["brightness"] < _DIM:
        return False
    return quality["ink"] < _NOISE_INK or quality["contrast"] > _NOISE_CONTRAST


def _is_tiny(quality: Mapping[str, float]) -> bool:
    return 0.0 < quality["letter_px"] < _LOWEST_LETTER_PX


def _reads_tiny(quality: Mapping[str, float], words: Sequence[Word]) -> bool:
    """Are the words of a small image too low to be believed, where single letters could not be told apart?"""
    if quality["letter_px"] or not words or quality["long_side_px"] >= _SMALLEST_PAGE_PX:
        return False
    return median(word.box.height for word in words) * quality["long_side_px"] < _LOWEST_WORD_PX


def is_blank(quality: Mapping[str, float], words: int) -> bool:
    """An empty page: nothing on it, near or from afar. Not a problem; it is accounted for.

    A page so blurred that no ink is left still shows its lines as shadows: that is not blank.
    """
    return words <= _MOST_WORDS_OF_DIRT and quality["ink"] < _BLANK_INK and quality["smear"] < _BLANK_SMEAR


def trouble(
    number: int, quality: Mapping[str, float], words: Sequence[Word], *, cut: bool = False, glare: bool = False
) -> Problem | None:
    """Why page `number`, which is not blank, cannot be read; None when it can.

    cut, glare: does text run out of the picture (`runs_out`), is text burnt out (`is_burnt_out`)? Otherwise what was
    read counts first: a page that reads well is readable whatever it looks like. Good pages of our types have 0.85 to
    1.0 of their words Vietnamese syllables at every level; blurred ones under 0.4, and few of them.
    """
    share, seen = share_of_syllables(word.text for word in words)
    confidence = median(word.confidence for word in words) if words else 0.0
    if cut:
        return problem("page-cut", page=number)
    reads_well = seen >= _FEW_WORDS and share >= 0.7 and confidence >= 0.6
    if not reads_well and quality["brightness"] < _DARKEST_PAPER:
        return problem("page-too-dark", page=number)
    if not reads_well and quality["long_side_px"] < _SMALLEST_PAGE_PX:
        return problem("page-too-small", page=number)
    if not reads_well and quality["colour"] > _SCENE_COLOUR and quality["edge_px"] < _BLURRED_EDGE_PX:
        return problem("page-not-a-document", page=number)
    if _is_tiny(quality) or _reads_tiny(quality, words):
        return problem("page-too-small", page=number)  # what was read may look like words and be others
    if glare:
        return problem("page-glare", page=number)
    if reads_well:
        return None
    sure = any(word.confidence >= 0.6 and len(word.text) > 1 for word in words)
    if quality["edge_px"] >= _BLURRED_EDGE_PX or quality["ink"] < _BLANK_INK:
        return problem("page-blurred", page=number)
    if (seen < _FEW_WORDS and len(words) < _FEW_WORDS) or share < _FEWEST_SYLLABLES or confidence < 0.35:
        few = not sure and len(words) < _FEW_WORDS
        return problem("page-not-a-document" if few else "page-unreadable", page=number)
    return None


def runs_out(grey: Image, words: Sequence[Word]) -> bool:
    """Do lines of text run out of the upright picture on the left or right?

    A word beside the picture's side is not enough, its ink has to reach the last pixels there.
    """
    import numpy as np

    whole = [word for word in words if len(word.text) >= 2 and word.confidence >= 0.4]
    width, height = grey.size
    left = np.any(np.asarray(grey.crop((0, 0, _BORDER_PX, height))) < 150, axis=1).reshape(-1)
    right = np.any(np.asarray(grey.crop((width - _BORDER_PX, 0, width, height))) < 150, axis=1).reshape(-1)
    touching = 0
    for word in whole:
        rows = slice(int(word.box.y0 * height), int(word.box.y1 * height) + 1)
        touching += bool(
            (word.box.x0 <= _EDGE and left[rows].any()) or (word.box.x1 >= 1 - _EDGE and right[rows].any())
        )
    return touching >= _CUT_WORDS and touching >= _CUT_SHARE * len(whole)


def is_burnt_out(colour: Image, words: Sequence[Word]) -> bool:
    """Does a burnt-out patch of the upright picture lie where lines of text go on to both sides of it?

    Not on paper that is as bright all over: there the words would be missing too.
    """
    import numpy as np

    if len(words) < _FEW_WORDS:
        return False
    small = np.asarray(colour.convert("L").reduce(max(1, max(colour.size) // 330)))
    if float(np.percentile(small, 60)) >= _BURNT_PAGE:
        return False
    height, width = small.shape
    places = np.array([((word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2) for word in words])
    left, top = np.percentile(places, 5, axis=0)
    right, foot = np.percentile(places, 95, axis=0)
    for x0, y0, x1, y1 in areas(small >= _BURNT):
        if (x1 - x0) * (y1 - y0) < _SMALLEST_GLARE * width * height:
            continue
        aside, above = 0.2 * (x1 - x0), 0.2 * (y1 - y0)
        box = (
            max(left, (x0 + aside) / width), max(top, (y0 + above) / height),
            min(right, (x1 - aside) / width), min(foot, (y1 - above) / height),
        )  # fmt: skip
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        # As many words as on a patch of this size anywhere else in the text.
        expected = len(words) * (box[2] - box[0]) * (box[3] - box[1]) / max(1e-6, (right - left) * (foot - top))
        inside = (places >= box[:2]).all(axis=1) & (places <= box[2:]).all(axis=1)
        if expected >= _HIDDEN_WORDS and np.count_nonzero(inside) <= _FOUND_SHARE * expected:
            return True
    return False


def seals(colour: Image) -> tuple[Mark, ...]:
    """Round red seals: dense red ink in an area about as wide as high, 2 to 6 cm on an A4 page."""
    marks = []
    for x0, y0, x1, y1, red in _inked_areas(colour, "red"):
        width, height = x1 - x0, y1 - y0
        if 0.08 <= width <= 0.34 and 0.055 <= height <= 0.25:
            round_enough = 1.0 - min(1.0, abs(width / 1.0 - height * _aspect(colour)) / max(width, 0.01))
            confidence = min(1.0, 0.35 + 0.4 * round_enough + 2.0 * red)
            if confidence >= 0.6:
                marks.append(Mark(Box(x0, y0, x1, y1), round(confidence, 3)))
    return tuple(marks)


def signatures(colour: Image) -> tuple[Mark, ...]:
    """Strokes of blue pen: thin ink, wider than high, in an area of 1.5 to 9 cm."""
    marks = []
    for x0, y0, x1, y1, blue in _inked_areas(colour, "blue"):
        width, height = x1 - x0, y1 - y0
        if 0.05 <= width <= 0.45 and 0.012 <= height <= 0.16 and blue < 0.45:
            marks.append(Mark(Box(x0, y0, x1, y1), round(min(1.0, 0.6 + 0.4 * min(1.0, width / 0.15)), 3)))
    return tuple(marks)


def _aspect(colour: Image) -> float:
    return colour.height / max(1, colour.width)


def _inked_areas(colour: Image, name: str) -> list[tuple[float, float, float, float, float]]:
    """(x0, y0, x1, y1 in fractions, share of inked pixels) of the areas of one ink, strokes a few mm apart joined."""
    import numpy as np
    from PIL import ImageChops

    if colour.mode != "RGB":
        return []
    red, green, blue = colour.reduce(max(1, max(colour.size) // 1000)).split()
    own, others = (red, (green, blue)) if name == "red" else (blue, (red, green))
    # Differences below zero become zero: a colour that does not stand out is none.
    excess = np.asarray(ImageChops.subtract(own, ImageChops.lighter(*others)))
    ink = (excess > (45 if name == "red" else 25)) & (np.asarray(own) > (90 if name == "red" else 60))
    if np.count_nonzero(ink) < 60:
        return []
    reach_px = 6
    joined = reach(reach(ink, reach_px, 0), reach_px, 1)
    height, width = ink.shape
    found = []
    for x0, y0, x1, y1 in areas(joined):
        x0, y0, x1, y1 = x0 + reach_px, y0 + reach_px, x1 - reach_px, y1 - reach_px
        if x1 - x0 < 8 or y1 - y0 < 5:
            continue
        share = float(ink[y0:y1, x0:x1].mean())
        if share > 0.01:
            found.append(
                (round(x0 / width, 5), round(y0 / height, 5), round(x1 / width, 5), round(y1 / height, 5), share)
            )
    return found
