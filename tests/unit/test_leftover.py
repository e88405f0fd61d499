"""Ink without words: what is read once more, and which of two readings is taken."""

from __future__ import annotations

import numpy as np
from adapters.leftover import regions, taken, without_words
from adapters.tesseract import Glyphs


def _page(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    """A white page with words: bars of letters 20 px high in each box (x0, y0, x1, y1)."""
    page = np.full((800, 1200), 255, dtype=np.uint8)
    for x0, y0, x1, y1 in boxes:
        for x in range(x0, x1, 16):
            page[y0:y1, x : x + 7] = 0
    return page


def _read(x0: int, y0: int, x1: int, y1: int, text: str = "ngày", confidence: float = 0.95) -> Glyphs:
    return Glyphs(text, x0, y0, x1, y1, confidence)


ONE, TWO = (100, 100, 260, 124), (300, 100, 420, 124)


def test_word_that_was_passed_over_is_found_and_nothing_else() -> None:
    page = _page(ONE, TWO)
    (left,) = regions(page, [_read(*ONE)], 20.0)
    assert left.x0 <= TWO[0]
    assert left.x1 >= TWO[2] - 16
    assert left.x0 > ONE[2]
    assert regions(page, [_read(*ONE), _read(*TWO)], 20.0) == []


def test_word_that_is_not_believed_is_read_again() -> None:
    page = _page(ONE)
    assert len(regions(page, [_read(*ONE, confidence=0.2)], 20.0)) == 1
    assert without_words(page, [_read(*ONE, confidence=0.2)]).min() == 0
    assert without_words(page, [_read(*ONE)]).min() == 255


def test_strokes_blots_and_specks_are_no_text() -> None:
    page = np.full((800, 1200), 255, dtype=np.uint8)
    page[100:110, 100:108] = 0  # a speck
    page[200:420, 100:400] = 0  # a blot
    page[500:503, 100:900] = 0  # a stroke
    assert regions(page, [], 20.0) == []


def test_second_reading_is_taken_where_it_is_believed_more() -> None:
    first = [_read(*ONE, text="nqay", confidence=0.3), _read(*TWO, text="tháng", confidence=0.9)]
    stays, new = taken(first, [_read(*ONE, text="ngày", confidence=0.9), _read(*TWO, text="thang", confidence=0.7)])
    assert stays == [False, True]
    assert [word.text for word in new] == ["ngày"]


def test_doubtful_second_reading_adds_nothing() -> None:
    doubtful = [_read(*ONE, text="nq", confidence=0.4), _read(*TWO, text="1", confidence=0.7)]
    assert taken([], [*doubtful, _read(*TWO, text="~", confidence=0.9)]) == ([], [])
