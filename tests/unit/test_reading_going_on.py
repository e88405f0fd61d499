"""Articles, headings and rows that jump between two pages: told where a page may be missing, and nowhere else."""

from __future__ import annotations

import dataclasses

from casework.document import Box, Cell, Grid, Page, Word
from casework.genuineness import genuineness
from casework.reading import read_fields
from casework.signals import kinds

from tests.builders import a_document, a_dossier
from tests.unit.printed import page

TITLE = "HỢP ĐỒNG LAO ĐỘNG\n"


def jumps_of(*texts: str) -> list[tuple[str, tuple[int, int], int, int]]:
    """What is said of pages with these lines, in this order in the file."""
    reading = read_fields([page(text, number=number) for number, text in enumerate(texts, 1)])
    return [(jump.counts, jump.pages, jump.before, jump.after) for jump in reading.jumps]


def a_list(number: int, rows: list[str]) -> Page:
    """A page with a ruled list, each row of a number and a name; "" for a number that was not read."""
    cells = []
    for row, text in enumerate(rows):
        top = 0.2 + row * 0.03
        box = Box(0.1, top, 0.2, top + 0.03)
        name = Box(0.2, top, 0.9, top + 0.03)
        cells += [
            Cell(row, 0, box, (Word(text, box, 0.9),) if text else ()),
            Cell(row, 1, name, (Word("Nguyễn", name, 0.9),)),
        ]
    grid = Grid(Box(0.1, 0.2, 0.9, 0.9), len(rows), 2, tuple(cells))
    words = tuple(word for cell in cells for word in cell.words)
    return Page(number, "ocr", 2480, 3508, words=words, grids=(grid,))


class TestArticles:
    def test_articles_that_jump_between_two_pages_are_told_with_both_places(self):
        one, two = TITLE + "Điều 1. Công việc\nĐiều 2. Tiền lương", "Điều 5. Nghĩa vụ\nĐiều 6. Thi hành"
        assert jumps_of(one, two) == [("article", (1, 2), 2, 5)]

    def test_articles_that_go_on_are_not_told(self):
        assert jumps_of(TITLE + "Điều 1. Công việc\nĐiều 2. Tiền lương", "Điều 3. Nghĩa vụ") == []

    def test_pages_in_another_order_are_all_there(self):
        one, two, three = TITLE + "Điều 1. Công việc", "Điều 2. Tiền lương\nĐiều 3. Nghỉ", "Điều 4. Thi hành"
        assert jumps_of(one, three, two) == []
        assert jumps_of(three, two, one) == []

    def test_a_heading_that_was_misread_is_still_there(self):
        one = TITLE + "Điều 1. Công việc"
        assert jumps_of(one, "Diêu 2 Tiền lương\nĐiều 3. Nghĩa vụ") == []
        assert jumps_of(one, "Điều A. Tiền lương\nĐiều 3. Nghĩa vụ") == []

    def test_a_law_that_is_cited_is_no_jump(self):
        assert jumps_of(TITLE + "Điều 1. Công việc", "Điều 36. của Bộ luật Lao động") == []

    def test_pages_whose_own_numbers_follow_on_each_other_lack_none(self):
        one, two = TITLE + "Điều 1. Công việc", "Điều 4. Nghĩa vụ"
        pages = [page(one, number=1), page(two, number=2)]
        foot = [Word(f"{number}", Box(0.49, 0.96, 0.5, 0.97), 0.9) for number in (1, 2)]
        numbered = [
            dataclasses.replace(each, words=(*each.words, word)) for each, word in zip(pages, foot, strict=True)
        ]
        assert read_fields(pages).jumps
        assert not read_fields(numbered).jumps


def test_headings_and_parts_jump_only_where_one_set_runs_through_the_paper() -> None:
    assert jumps_of(TITLE + "I. Các bên\nII. Công việc", "V. Thi hành") == [("part", (1, 2), 2, 5)]
    assert jumps_of(TITLE + "1. Các bên\n2. Công việc", "5. Thi hành") == [("heading", (1, 2), 2, 5)]
    assert jumps_of(TITLE + "1. Các bên\n2. Công việc\n1. Lương", "5. Thi hành") == []


def test_rows_jump_where_more_are_lacking_than_could_have_lost_their_number() -> None:
    def told(first: list[str], second: list[str]) -> list[tuple[int, int]]:
        reading = read_fields([a_list(1, first), a_list(2, second)])
        return [(jump.before, jump.after) for jump in reading.jumps if jump.counts == "row"]

    assert told(["1", "2", "3"], ["9", "10"]) == [(3, 9)]
    assert told(["1", "2", "3"], ["4", "5"]) == []
    assert told(["1", "2", ""], ["4", "5"]) == [], "its number was not read"
    assert told(["1", "2", "3"], ["8", "6", "7"]) == [], "a misread number"


def test_the_signal_names_both_places_in_both_languages() -> None:
    texts = (TITLE + "Điều 1. Công việc\nĐiều 2. Tiền lương", "Điều 5. Nghĩa vụ")
    reading = read_fields([page(text, number=number) for number, text in enumerate(texts, 1)])
    found = genuineness(a_dossier(documents=(a_document("d", "labour_contract"),)), {"d": reading})
    (jump,) = [signal for signal in found if signal.kind == "numbers-jump"]
    assert [(place.page, place.value, place.box is not None) for place in jump.places] == [
        (1, "Điều 2", True),
        (2, "Điều 5", True),
    ]
    assert "trang 1 dừng ở Điều 2, trang 2 bắt đầu từ Điều 5" in jump.saw.vi
    assert "page 1 ends with Article 2, page 2 begins with Article 5" in jump.saw.en
    assert not kinds()["numbers-jump"].stops_fast_lane
