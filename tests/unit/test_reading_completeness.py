"""Totals of a list against its cells: what adds up is sure, one misread figure is told, the rest is said."""

from __future__ import annotations

import pytest
from casework.document import Box, Field, Word
from casework.reading.cells import RawCell, RawRow
from casework.reading.completeness import TotalRow, check_sums, counts_of_totals, said_counts
from casework.reading.document_types import Column

NAME = "stoppage.wage_due_vnd"
WAGE = Column(NAME, "amount", ())


def amount(value: int | None, raw: str = "", source: str = "ocr") -> dict[str, Field]:
    text = raw or ("" if value is None else f"{value:,}".replace(",", "."))
    return {NAME: Field(value, text, 0.6, 1, None, "ocr" if source == "ocr" else "text")}


def total(text: str, above: int, *, group_from: int = 0, label: str = "Tổng cộng") -> TotalRow:
    box = Box(0, 0, 1, 1)
    cells = {1: RawCell(label, [Word(label, box)], box), 2: RawCell(text, [Word(text, box)], box)}
    return TotalRow(RawRow(1, True, cells), {2: WAGE}, group_from, above)


def test_cells_that_add_up_to_their_total_are_sure() -> None:
    rows = [amount(4_707_000), amount(3_120_000)]
    assert check_sums(rows, [total("7.827.000", 2)], 1) == []
    assert all(row[NAME].confidence >= 0.99 for row in rows)


def test_a_group_has_its_own_total_and_the_list_one_of_all() -> None:
    rows = [amount(1_000_000), amount(2_000_000), amount(5_000_000)]
    totals = [total("3.000.000", 2), total("5.000.000", 3, group_from=2), total("8.000.000", 3, group_from=2)]
    assert check_sums(rows, totals, 1) == []


def test_one_figure_that_was_misread_is_told_by_the_total_and_said() -> None:
    rows = [amount(4_707_000), amount(3_720_000), amount(4_455_090)]
    assert check_sums(rows, [total("12.882.000", 3)], 1) == []
    assert rows[2][NAME].value == 4_455_000
    assert any("4.455.090" in doubt for doubt in rows[2][NAME].doubts)


def test_a_cell_that_could_not_be_read_is_told_by_the_total_when_its_figures_are_nearly_those() -> None:
    rows = [amount(4_707_000), amount(None, "4.6880.000")]
    assert check_sums(rows, [total("9.587.000", 2)], 1) == []
    assert rows[1][NAME].value == 4_880_000


def test_what_does_not_add_up_is_said_and_nothing_is_changed() -> None:
    rows = [amount(4_707_000), amount(3_120_000)]
    doubts = check_sums(rows, [total("17.000.000", 2)], 1)
    assert doubts == [f"tổng cột {NAME} ghi 17000000, cộng các dòng được 7827000"]
    assert [row[NAME].value for row in rows] == [4_707_000, 3_120_000]


def test_a_text_layer_is_never_mended_by_a_total() -> None:
    rows = [amount(4_707_000, source="text"), amount(4_455_090, source="text")]
    assert check_sums(rows, [total("9.162.000", 2)], 1)
    assert rows[1][NAME].value == 4_455_090


def test_a_total_that_cannot_be_read_is_said() -> None:
    assert check_sums([amount(1_000_000)], [total("1.0O0.00/x", 1)], 1) == [f"không đọc được tổng cột {NAME}"]


@pytest.mark.parametrize(
    ("label", "said"),
    [("Tổng cộng (14 người)", (14,)), ("Cộng: 14", (14,)), ("Cộng phân xưởng 1", ()), ("Tổng số 14 lao động", (14,))],
)
def test_a_total_row_may_say_how_many_they_are(label: str, said: tuple[int, ...]) -> None:
    assert counts_of_totals([total("1.000.000", 3, label=label)], 3) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("danh sach nay co 24 nguoi lao dong", [24]),
        ("tong so lao dong truoc khi tam dung: 64 nguoi", []),
        ("cong ty co 200 nguoi. danh sach gom 12 lao dong", [12]),
    ],
)
def test_the_text_may_say_how_many_they_are(text: str, said: list[int]) -> None:
    assert [each.count for each in said_counts(text)] == said
