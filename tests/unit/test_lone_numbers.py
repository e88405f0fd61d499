"""Numbers standing alone at the head or foot of a page: which ink is asked about, and what copies must agree on."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from adapters import tesseract
from adapters.lone_numbers import lone_figure, lone_numbers, stands_in
from adapters.reader import Reader
from adapters.tesseract import Engine, Glyphs
from casework.reading.splitting import split
from PIL.Image import Image

from tests.bench import numbered

ENGINE = Engine()
FOOT = (590, 1640, 604, 1668)  # a figure of 14 by 28 pixels, in the middle of the lower margin


def a_page(*blots: tuple[int, int, int, int]) -> np.ndarray:
    """A white page of 1200 by 1700 pixels with filled boxes (x0, y0, x1, y1) on it."""
    page = np.full((1700, 1200), 255, dtype=np.uint8)
    for x0, y0, x1, y1 in blots:
        page[y0:y1, x0:x1] = 0
    return page


class Engines:
    """Stands in for Tesseract: answers always the same and remembers what it was asked."""

    def __init__(self, text: str) -> None:
        self.text, self.asked = text, list[tuple[Image, str | None]]()

    def __call__(self, image: Image, engine: Engine, *, mode: int, dpi: int = 300, alphabet: str | None = None):
        assert mode == tesseract.ONE_LINE
        self.asked.append((image, alphabet))
        return [Glyphs(word, 0, 0, 9, 9, 0.0) for word in self.text.split()]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch):
    def answer(text: str) -> Engines:
        engines = Engines(text)
        monkeypatch.setattr(tesseract, "read_words", engines)
        return engines

    return answer


def test_a_figure_alone_at_the_foot_is_read_from_a_row_of_copies(answering) -> None:
    engines = answering("2 2 2 2 2 2")
    (number,) = lone_numbers(a_page(FOOT), [], 20.0, ENGINE)
    assert (number.text, number.confidence) == ("2", 0.9)
    assert number.x0 <= FOOT[0] < FOOT[2] <= number.x1
    assert number.y0 <= FOOT[1] < FOOT[3] <= number.y1
    ((row, alphabet),) = engines.asked
    assert row.width > 6 * 14
    assert alphabet is not None
    assert not set("abcdeghmn") & set(alphabet)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ("222222", "2"), ("22 2 22 2", "2"), ("IIIIII", "1"), ("11111", "1"), ("111", None), ("2 2 2 7 7 7", None),
        ("2 2 2 2 2 7", "2"), ("", None), ("1444444", "4"), ("1111111111", None),
    ],
)  # fmt: skip
def test_what_copies_do_not_agree_on_is_left(answering, read: str, said: str | None) -> None:
    answering(read)
    assert [number.text for number in lone_numbers(a_page(FOOT), [], 20.0, ENGINE)] == ([said] if said else [])


def test_a_number_of_so_many_and_one_in_brackets_are_read(answering) -> None:
    page = a_page(FOOT, (612, 1640, 622, 1668), (630, 1640, 644, 1668))
    answering("2/3 2/3 2/3 2/3 2/3 2/3")
    assert [number.text for number in lone_numbers(page, [], 20.0, ENGINE)] == ["2/3"]
    answering("121212121212")
    assert [number.text for number in lone_numbers(page, [], 20.0, ENGINE)] == ["12"]
    answering("[2][2][2][2][2][2]")
    assert [number.text for number in lone_numbers(page, [], 20.0, ENGINE)] == ["2"]


def test_dashes_beside_the_figure_are_not_copied(answering) -> None:
    engines = answering("2 2 2 2 2 2")
    (number,) = lone_numbers(a_page((560, 1652, 574, 1655), FOOT, (620, 1652, 634, 1655)), [], 20.0, ENGINE)
    assert number.x0 <= 560
    assert number.x1 >= 634
    row = np.asarray(engines.asked[0][0])
    inked = np.flatnonzero((row < 128).any(axis=0))
    assert np.count_nonzero(np.diff(inked) > 1) == 5, "six figures, nothing between them"


NOWHERE = {
    "in the middle of the page": (590, 800, 604, 828),
    "a speck": (590, 1640, 594, 1646),
    "a stroke": (300, 1640, 900, 1644),
    "a blot": (500, 1600, 700, 1680),
    "at the edge of the sheet": (4, 1640, 18, 1668),
}


@pytest.mark.parametrize("blot", NOWHERE.values(), ids=NOWHERE.keys())
def test_nothing_else_is_asked_about(answering, blot: tuple[int, int, int, int]) -> None:
    engines = answering("1 1 1 1 1 1")
    assert lone_numbers(a_page(blot), [], 20.0, ENGINE) == []
    assert not engines.asked


def test_ink_within_text_is_none_that_stands_alone(answering) -> None:
    engines = answering("1 1 1 1 1 1")
    above = [(500 + 30 * place, 1600, 520 + 30 * place, 1632) for place in range(8)]
    assert lone_numbers(a_page(FOOT, *above), [], 20.0, ENGINE) == []
    beside = Glyphs("năm", 500, 1640, 560, 1668, 0.95)
    assert lone_numbers(a_page(FOOT), [beside], 20.0, ENGINE) == []
    assert not engines.asked


def test_what_was_read_surely_is_left_as_it_is_and_a_figure_beside_trang_is_not(answering) -> None:
    engines = answering("2 2 2 2 2 2")
    assert lone_numbers(a_page(FOOT), [Glyphs("2", *FOOT, 0.95)], 20.0, ENGINE) == []
    assert not engines.asked
    beside = Glyphs("Trang", 500, 1640, 580, 1676, 0.95)
    assert [number.text for number in lone_numbers(a_page(FOOT), [beside], 20.0, ENGINE)] == ["2"]


def test_a_number_takes_the_place_of_what_was_doubted_there(answering) -> None:
    answering("2 2 2 2 2 2")
    doubted, elsewhere = Glyphs("ỹ", *FOOT, 0.3), Glyphs("ỹ", 100, 1640, 114, 1668, 0.3)
    (number,) = lone_numbers(a_page(FOOT), [doubted], 20.0, ENGINE)
    assert stands_in(number, doubted)
    assert not stands_in(number, elsewhere)


def test_the_number_at_the_foot_of_an_office_scan_is_read() -> None:
    paper = next(paper for paper in numbered.papers("varied") if paper.name == "varied-00")
    data, _ = paper.make()
    with contextlib.closing(Reader()) as reader:
        page = reader.read_page(data, 2, picture=False).page
    (part,) = split([page])
    assert part.numbers == (2,)
    assert part.missing == (1,)


CELL_FIGURE, SPECK = (20, 10, 40, 40), (600, 22, 604, 26)


def a_cell(*blots: tuple[int, int, int, int]) -> np.ndarray:
    return a_page(*blots)[:50, :640]


@pytest.mark.parametrize(("read", "said"), [(["Ạ", "."], "444444"), (["."], "4 4 4 4 4 4"), ([], "44444 4")])
def test_a_figure_alone_in_a_cell_is_read_from_a_row_of_copies(answering, read: list[str], said: str) -> None:
    answering(said)
    number = lone_figure(a_cell(CELL_FIGURE, SPECK), read, ENGINE)
    assert number is not None
    assert number.text == "4"
    assert number.x0 <= CELL_FIGURE[0] < CELL_FIGURE[2] <= number.x1


@pytest.mark.parametrize(
    ("blots", "read"),
    [
        ([CELL_FIGURE], ["4"]),  # read
        ([CELL_FIGURE], ["x"]),  # a tick
        ([CELL_FIGURE], ["Tổ", "cắt"]),
        ([(20, 10, 140, 40)], []),  # as wide as a word
        ([SPECK], []),
    ],
)
def test_no_other_cell_is_asked_about(answering, blots: list[tuple[int, int, int, int]], read: list[str]) -> None:
    engines = answering("444444")
    assert lone_figure(a_cell(*blots), read, ENGINE) is None
    assert engines.asked == []
