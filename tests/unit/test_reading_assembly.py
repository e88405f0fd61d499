"""Lists put together from words and lines: any columns in any order and wording, over any pages, drawn or not.

The sheets are made here, cell by cell, so that what stands in them is known.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from casework.document import Box, Cell, Grid, Page, Word
from casework.reading.document_types import document_types
from casework.reading.tables import Roster, find_roster
from hypothesis import given, settings
from hypothesis import strategies as st

LETTER, SPACE, HEIGHT, PITCH = 0.0050, 0.0022, 0.009, 0.013
FAMILIES, MIDDLES, GIVEN = ("Nguyễn", "Trần", "Lê", "Phạm"), ("Văn", "Thị", "Đức"), ("An", "Bình", "Hoa", "Yến", "Tú")
KINDS = (("Không xác định thời hạn", "indefinite"), ("Mùa vụ", "seasonal"), ("XĐTH", "fixed"))
DEPARTMENTS = ("Phân xưởng may 1", "Phân xưởng may 2", "Phòng KCS", "Kho vật tư", "Tổ cắt")


@dataclass(frozen=True)
class Sort:
    """A sort of column: its field, how offices head it, and the value of a row as printed and as meant."""

    field: str
    headings: tuple[str, ...]
    width: float

    def cell(self, rng: random.Random, number: int) -> tuple[str, str | int]:
        match self.field:
            case "employee.full_name":
                name = f"{rng.choice(FAMILIES)} {rng.choice(MIDDLES)} {rng.choice(GIVEN)}"
                return name, name
            case "employee.department":
                place = rng.choice(DEPARTMENTS)
                return place, place
            case "employee.bhxh_number":
                digits = f"{rng.randrange(1, 97):02d}{10_000_000 + number * 7 + rng.randrange(7):08d}"
                return digits, digits
            case "contract.type":
                return rng.choice(KINDS)
            case "stoppage.starts_on":
                return f"{number % 28 + 1:02d}/04/2020", f"2020-04-{number % 28 + 1:02d}"
            case "stoppage.ends_on":
                return f"{number % 28 + 1:02d}/06/2020", f"2020-06-{number % 28 + 1:02d}"
            case _:
                amount = rng.randrange(500, 20_000) * 1000
                return f"{amount:,}".replace(",", "."), amount


SORTS = (
    Sort("employee.full_name", ("Họ và tên", "Họ tên người lao động", "Họ, chữ đệm và tên"), 0.13),
    Sort("employee.department", ("Phòng, ban, phân xưởng", "Bộ phận công tác"), 0.13),
    Sort("employee.bhxh_number", ("Số sổ BHXH", "Mã số BHXH", "Số sổ bảo hiểm xã hội"), 0.09),
    Sort("contract.type", ("Loại HĐLĐ", "Loại hợp đồng lao động"), 0.11),
    Sort("stoppage.starts_on", ("Ngừng việc từ ngày", "Ngày bắt đầu ngừng việc"), 0.085),
    Sort("stoppage.ends_on", ("Ngừng việc đến ngày", "Ngày kết thúc ngừng việc"), 0.085),
    Sort("stoppage.wage_due_vnd", ("Tiền lương ngừng việc phải trả", "Lương phải trả"), 0.09),
    Sort("stoppage.wage_paid_vnd", ("Tiền lương ngừng việc đã trả", "Lương đã trả"), 0.09),
    Sort("loan.amount_vnd", ("Số tiền vay", "Số tiền đề nghị vay"), 0.09),
)


@dataclass
class Made:
    """The pages of a made list and its rows as meant."""

    pages: list[Page]
    rows: list[dict[str, str | int]]


def wrap(text: str, width: float) -> list[str]:
    """The lines of a cell of this width."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(longer) * LETTER + longer.count(" ") * SPACE > width - 0.008:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


class Sheet:
    """A page that is filled from the top, row by row."""

    def __init__(self, edges: Sequence[float], source: str = "text") -> None:
        self.edges, self.y, self.row = edges, 0.06, 0
        self.words: list[Word] = []
        self.cells: list[Cell] = []
        self.top = self.y
        self.source = source

    def put(self, texts: Sequence[str], *, centred: bool) -> None:
        widths = [right - left for left, right in zip(self.edges, self.edges[1:], strict=False)]
        wrapped = [wrap(text, width) for text, width in zip(texts, widths, strict=True)]
        tall = max(len(lines) for lines in wrapped)
        bottom = self.y + tall * PITCH + 0.007
        for column, lines in enumerate(wrapped):
            lead = (tall - len(lines)) / 2 * PITCH if centred else 0.0
            inside = []
            for place, line in enumerate(lines):
                x, y = self.edges[column] + 0.004, self.y + 0.0035 + lead + place * PITCH
                for part in line.split():
                    inside.append(Word(part, Box(x, y, x + LETTER * len(part), y + HEIGHT)))
                    x += LETTER * len(part) + SPACE
            self.words += inside
            box = Box(self.edges[column], self.y, self.edges[column + 1], bottom)
            self.cells.append(Cell(self.row, column, box, tuple(inside)))
        self.y, self.row = bottom, self.row + 1

    def page(self, number: int, *, ruled: bool) -> Page:
        box = Box(self.edges[0], self.top, self.edges[-1], self.y)
        grid = Grid(box, self.row, len(self.edges) - 1, tuple(self.cells))
        return Page(number, "text", 3508, 2480, words=tuple(self.words), grids=(grid,) if ruled else ())


def make_list(
    sorts: Sequence[Sort], count: int, *, seed: int, ruled: bool, heads: bool, centred: bool, per_page: int,
    numbered: bool = True, left_out: frozenset[int] = frozenset(),
) -> Made:  # fmt: skip
    """A list of `count` people, without those whose numbers are left out. heads: each page has the heading."""
    rng = random.Random(seed)
    edges = [0.03, 0.065]
    for sort in sorts:
        edges.append(edges[-1] + sort.width)
    headings = ["STT" if numbered else "Ký", *(rng.choice(sort.headings) for sort in sorts)]
    made = Made([], [])
    sheet = Sheet(edges)
    sheet.put(headings, centred=centred)
    for number in range(1, count + 1):
        cells = [sort.cell(rng, number) for sort in sorts]
        if number in left_out:
            continue
        if sheet.row > per_page:
            made.pages.append(sheet.page(len(made.pages) + 1, ruled=ruled))
            sheet = Sheet(edges)
            if heads:
                sheet.put(headings, centred=centred)
        sheet.put([str(number) if numbered else "", *(text for text, _ in cells)], centred=centred)
        made.rows.append({sort.field: meant for sort, (_, meant) in zip(sorts, cells, strict=True)})
    made.pages.append(sheet.page(len(made.pages) + 1, ruled=ruled))
    return made


def read(made: Made) -> Roster:
    table = document_types()["form_12"].table
    assert table is not None
    return find_roster(made.pages, table)


def values(roster: Roster, fields: Sequence[str]) -> list[dict[str, object]]:
    return [{name: row[name].value for name in fields} for row in roster.rows]


@st.composite
def some_columns(draw: st.DrawFn) -> list[Sort]:
    """The name and at least three others, in any order."""
    others = draw(st.lists(st.sampled_from(SORTS[1:]), min_size=3, max_size=7, unique=True))
    if not any(sort.field in ("employee.bhxh_number", "stoppage.starts_on") for sort in others):
        others.append(SORTS[2])
    return draw(st.permutations([SORTS[0], *others]))


@settings(deadline=None, max_examples=40)
@given(some_columns(), st.integers(2, 30), st.integers(0, 999), st.booleans(), st.booleans())
def test_a_ruled_list_is_read_whatever_its_columns(
    sorts: list[Sort], count: int, seed: int, heads: bool, centred: bool
) -> None:
    made = make_list(sorts, count, seed=seed, ruled=True, heads=heads, centred=centred, per_page=9)
    roster = read(made)
    assert values(roster, [sort.field for sort in sorts]) == made.rows
    assert roster.count.value == count
    assert roster.count.doubts == ()


@settings(deadline=None, max_examples=40)
@given(some_columns(), st.integers(3, 30), st.integers(0, 999), st.booleans(), st.booleans())
def test_a_list_without_lines_is_read_by_its_white_space(
    sorts: list[Sort], count: int, seed: int, heads: bool, centred: bool
) -> None:
    made = make_list(sorts, count, seed=seed, ruled=False, heads=heads, centred=centred, per_page=9)
    roster = read(made)
    assert [row["row.number"].value for row in roster.rows] == list(range(1, count + 1))
    assert values(roster, [sort.field for sort in sorts]) == made.rows
    assert roster.count.doubts == ()


@settings(deadline=None, max_examples=30)
@given(st.integers(8, 40), st.sets(st.integers(2, 39), min_size=1, max_size=4), st.integers(0, 999), st.booleans())
def test_a_row_that_is_not_there_is_always_reported(count: int, gone: set[int], seed: int, ruled: bool) -> None:
    left_out = frozenset(number for number in gone if number < count) or frozenset({2})
    made = make_list(
        SORTS[:6], count, seed=seed, ruled=ruled, heads=True, centred=False, per_page=12, left_out=left_out
    )
    roster = read(made)
    assert len(roster.rows) == len(made.rows)
    missing = ", ".join(map(str, sorted(left_out)))
    assert f"thiếu dòng số {missing}" in roster.count.doubts


def test_a_page_whose_lines_were_lost_is_read_in_the_columns_of_the_page_before() -> None:
    made = make_list(SORTS[:6], 16, seed=3, ruled=True, heads=False, centred=False, per_page=8)
    second = made.pages[1]
    whole = second.grids[0]
    fewer = tuple(
        Cell(cell.row, cell.column - 1 if cell.column > 3 else cell.column, cell.box, cell.words)
        if cell.column not in (3, 4)
        else Cell(
            cell.row, 3, cell.box.union(Box(cell.box.x0 - 0.05, cell.box.y0, cell.box.x1, cell.box.y1)), cell.words
        )
        for cell in whole.cells
        if cell.column != 3
    )
    lost = {(cell.row): cell.words for cell in whole.cells if cell.column == 3}
    fewer = tuple(
        Cell(cell.row, cell.column, Box(whole.cells[3].box.x0, cell.box.y0, cell.box.x1, cell.box.y1),
             (*lost[cell.row], *cell.words)) if cell.column == 3 else cell
        for cell in fewer
    )  # fmt: skip
    grid = Grid(whole.box, whole.rows, whole.columns - 1, fewer)
    made.pages[1] = Page(2, "text", 3508, 2480, words=second.words, grids=(grid,))
    roster = read(made)
    assert values(roster, [sort.field for sort in SORTS[:6]]) == made.rows


def test_cells_that_were_given_one_row_are_told_apart_by_where_they_stand() -> None:
    made = make_list(SORTS[:6], 6, seed=4, ruled=True, heads=True, centred=False, per_page=20)
    page = made.pages[0]
    grid = page.grids[0]
    confused = tuple(Cell(min(cell.row, 4), cell.column, cell.box, cell.words) for cell in grid.cells)
    made.pages[0] = Page(1, "ocr", 3508, 2480, words=page.words, grids=(Grid(grid.box, 5, grid.columns, confused),))
    roster = read(made)
    assert [row["row.number"].value for row in roster.rows] == [1, 2, 3, 4, 5, 6]
    assert values(roster, ["employee.bhxh_number"]) == [
        {"employee.bhxh_number": row["employee.bhxh_number"]} for row in made.rows
    ]


@pytest.mark.parametrize("lost", ["employee.full_name", "employee.bhxh_number", "contract.type", "stoppage.ends_on"])
def test_a_column_whose_heading_cannot_be_read_is_known_by_its_cells(lost: str) -> None:
    sorts = [Sort(s.field, ("Xxyzw",), s.width) if s.field == lost else s for s in SORTS[:6]]
    made = make_list(sorts, 10, seed=5, ruled=True, heads=True, centred=False, per_page=20)
    roster = read(made)
    assert values(roster, [lost]) == [{lost: row[lost]} for row in made.rows]


def test_a_heading_that_its_cells_belie_names_no_column() -> None:
    sorts = [Sort(s.field, ("Loại hợp đồng",), s.width) if s.field == "stoppage.starts_on" else s for s in SORTS[:6]]
    sorts[3] = Sort("contract.type", ("Xxyzw",), 0.11)
    made = make_list(sorts, 10, seed=6, ruled=True, heads=True, centred=False, per_page=20)
    roster = read(made)
    assert values(roster, ["contract.type", "stoppage.starts_on"]) == [
        {name: row[name] for name in ("contract.type", "stoppage.starts_on")} for row in made.rows
    ]


@settings(deadline=None, max_examples=25)
@given(st.integers(2, 20), st.integers(0, 999), st.booleans(), st.booleans())
def test_a_list_without_numbers_is_read_and_its_length_doubted(
    count: int, seed: int, ruled: bool, centred: bool
) -> None:
    made = make_list(SORTS[:6], count, seed=seed, ruled=ruled, heads=True, centred=centred, per_page=9, numbered=False)
    roster = read(made)
    assert values(roster, [sort.field for sort in SORTS[:6]]) == made.rows
    assert any("không có số thứ tự" in doubt for doubt in roster.count.doubts)
