"""Ink that got no words: the regions of a page that a first reading passed over or could not believe, read once more.

Sparse reading drops words now and then, and its confidence says nothing of what it dropped: the words are compared
with the ink. What is left is cut out line by line, away from strokes and seals, and read together as one column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from adapters.masks import areas, pooled, reach
from adapters.ruling import RuledCell, at_half_size
from adapters.tesseract import Glyphs

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[Any]]

# Measured on 42 development pages (fax, office, stamped; CER before 2.68, 1.92, 1.42): words below this are read again.
# 0.4: 2.42, 1.61, 1.30 at 0.15 s of Tesseract a page; 0.6: 2.45, 1.39, 1.29; 0.8: 2.41, 1.38, 1.22 at 0.22 s.
_BELIEVED = 0.75
_DARK = 140
_USUAL_LETTER_PX = 20.0
_LOWEST, _HIGHEST = 0.8, 4.5  # of the small letters' height: a line of text with its marks
_NARROWEST = 0.9  # below, a comma, a mark, a speck
_THINNEST, _FULLEST = 0.12, 0.75  # share of ink in its box: thin strokes and filled blots are no text
_MOST_REGIONS = 80
_SURER, _GARBAGE, _WHOLE = 0.15, 0.3, 0.8
_UNDER = 0.3  # of the smaller box: where a second word stands in the place of a first
_ACCEPTED, _ACCEPTED_ALONE = 0.5, 0.8  # the second for a single letter or digit


def regions(clean: Pixels, words: Sequence[Glyphs], letter_px: float) -> list[RuledCell]:
    """Where ink of the size of text stands without a believed word, in pixels of the page, from the top.

    clean: the grey page without its ruling lines; letter_px: the height of its small letters, 0.0 if unknown.
    """
    import numpy as np

    letter = (letter_px or _USUAL_LETTER_PX) / 4
    ink = pooled(at_half_size(clean) < _DARK)
    for word in words:
        if word.confidence >= _BELIEVED:
            ink[max(0, word.y0 // 4 - 1) : word.y1 // 4 + 2, max(0, word.x0 // 4 - 1) : word.x1 // 4 + 2] = False
    joined = reach(reach(ink, round(1.1 * letter), 1), 1, 0)
    found: list[RuledCell] = []
    for x0, y0, x1, y1 in areas(joined):
        x0, x1 = x0 + round(1.1 * letter), x1 - round(1.1 * letter)
        y0, y1 = y0 + 1, y1 - 1
        if not _LOWEST * letter <= y1 - y0 <= _HIGHEST * letter or x1 - x0 < _NARROWEST * letter:
            continue
        share = float(np.count_nonzero(ink[y0:y1, x0:x1])) / ((y1 - y0) * (x1 - x0))
        if _THINNEST <= share <= _FULLEST:
            margin = round(0.4 * letter)
            box = (x0 - margin, y0 - margin, x1 + margin, y1 + margin)
            found.append(RuledCell(len(found), 0, *(max(0, 4 * side) for side in box)))
    return found[:_MOST_REGIONS]


def without_words(clean: Pixels, words: Sequence[Glyphs]) -> Pixels:
    """A copy of the page with the believed words painted white."""
    rest = clean.copy()
    for word in words:
        if word.confidence >= _BELIEVED:
            rest[max(0, word.y0 - 1) : word.y1 + 1, max(0, word.x0 - 1) : word.x1 + 1] = 255
    return rest


def taken(words: Sequence[Glyphs], again: Sequence[Glyphs]) -> tuple[list[bool], list[Glyphs]]:
    """What to make of a second reading: for each first word whether it stays, and the second words that are taken.

    A second word must be believed, and more so than what it takes the place of.
    """
    import numpy as np

    stays = [True] * len(words)
    new = []
    boxes = np.array([(word.x0, word.y0, word.x1, word.y1) for word in words]).reshape(-1, 4).T
    for item in again:
        letters = sum(sign.isalnum() for sign in item.text)
        if not letters or item.confidence < (_ACCEPTED if letters > 1 else _ACCEPTED_ALONE):
            continue
        under = np.flatnonzero(_overlaps(boxes, item) > _UNDER).tolist()
        if any(_holds_out(words[index], item) for index in under):
            continue
        for index in under:
            stays[index] = False
        new.append(item)
    return stays, new


def _holds_out(word: Glyphs, again: Glyphs) -> bool:
    """Is a first reading kept before a second one: nearly as sure, or a wider word of which the second is a part?"""
    if word.confidence >= again.confidence - _SURER:
        return True
    return word.confidence >= _GARBAGE and again.x1 - again.x0 < _WHOLE * (word.x1 - word.x0)


def _overlaps(boxes: Pixels, again: Glyphs) -> Pixels:
    """For each box (x0, y0, x1, y1 in columns) the part that it and a word share, of the smaller of the two."""
    import numpy as np

    x0, y0, x1, y1 = boxes
    width = np.maximum(np.minimum(x1, again.x1) - np.maximum(x0, again.x0), 0)
    height = np.maximum(np.minimum(y1, again.y1) - np.maximum(y0, again.y0), 0)
    smaller = np.minimum((x1 - x0) * (y1 - y0), (again.x1 - again.x0) * (again.y1 - again.y0))
    return np.asarray(width * height / np.maximum(1, smaller))
