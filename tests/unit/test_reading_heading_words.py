"""Headings of list columns: one that means something else names nothing, one that is not clear is believed less."""

from __future__ import annotations

import pytest
from casework.document import Box, Field
from casework.reading.cells import UNSURE_COLUMN, Manner, RawCell, RawRow, read_row
from casework.reading.document_types import Table, document_types
from casework.reading.heading_words import is_explained, is_of_something_else, is_readable
from casework.reading.headings import heading_scores, name_by_contents, name_columns


def table_of(kind: str) -> Table:
    table = document_types()[kind].table
    assert table is not None
    return table


STOPPAGE, AWAY, SUSPENDED = table_of("form_12"), table_of("ps_list"), table_of("form_01")
DAYS = [{1: "02/4/2020", 2: "15/6/2020"}, {1: "03/4/2020", 2: "20/6/2020"}, {1: "01/4/2020", 2: "30/5/2020"}]


def names(table: Table, *headings: tuple[str, ...]) -> dict[int, str]:
    """Column index -> id with "?" behind it where the heading does not say so surely."""
    named = name_columns(heading_scores(headings, table), table)
    return {index: column.id + ("" if column.sure else "?") for index, column in sorted(named.items())}


@pytest.mark.parametrize(
    "heading",
    [
        "Ngày chi trả", "Ngày trở lại làm việc", "Ngày vào làm", "Thời gian thử việc", "Tháng báo giảm",
        "Ngày cấp CMND", "Tiền lương ngừng việc còn phải trả", "Ngày nhận tiền", "Kỳ lương", "Thời hạn HĐLĐ đến ngày",
    ],
)  # fmt: skip
@pytest.mark.parametrize("table", [STOPPAGE, AWAY, SUSPENDED], ids=["form_12", "ps_list", "form_01"])
def test_a_day_or_sum_of_something_else_falls_to_no_neighbour(heading: str, table: Table) -> None:
    assert names(table, (heading,)) == {}


@pytest.mark.parametrize(
    ("table", "kind"),
    [(STOPPAGE, "stoppage"), (AWAY, "absence"), (SUSPENDED, "suspension")],
    ids=["stoppage", "absence", "suspension"],
)
@pytest.mark.parametrize(("first", "last"), [("Từ", "Đến"), ("Từ ngày", "Đến ngày"), ("Bắt đầu", "Kết thúc")])
def test_both_ends_of_a_period_are_surely_named(table: Table, kind: str, first: str, last: str) -> None:
    found = names(table, ("Thời gian nghỉ", first), ("Thời gian nghỉ", last))
    assert found == {0: f"{kind}.starts_on", 1: f"{kind}.ends_on"}


def test_the_months_of_a_wage_are_no_salary() -> None:
    assert names(STOPPAGE, *(("Tiền lương trả theo tháng", month) for month in ("T4", "Tháng 5", "T6/2020"))) == {}


def test_days_of_the_contract_are_not_surely_those_of_the_stoppage() -> None:
    contract, stoppage = ("Thời hạn hợp đồng", "Từ"), ("Thời gian ngừng việc", "Từ")
    assert names(STOPPAGE, contract, stoppage) == {1: "stoppage.starts_on"}
    assert names(STOPPAGE, ("Đợt một", "Từ"))[0].endswith("?")


def test_of_two_columns_headed_alike_neither_is_surely_the_one() -> None:
    assert names(STOPPAGE, ("Phải trả",), ("Phải trả",)) == {0: "stoppage.wage_due_vnd?"}


@pytest.mark.parametrize("heading", ["Ngày chi trả", "Ngày trở lại làm việc", "Ngày hẹn", "Ngày khám"])
def test_days_behind_the_first_day_are_not_the_last_when_their_heading_says_otherwise(heading: str) -> None:
    named = name_columns(heading_scores((("STT",), ("Từ ngày",), (heading,)), STOPPAGE), STOPPAGE)
    assert not name_by_contents(DAYS, named, STOPPAGE, ["STT", "Từ ngày", heading])


@pytest.mark.parametrize("heading", ["", "Xxyzw", "Đên nqày"])
def test_days_under_a_heading_that_cannot_be_read_are_the_last_but_not_surely(heading: str) -> None:
    named = {1: next(column for column in STOPPAGE.columns if column.id == "stoppage.starts_on")}
    found = name_by_contents(DAYS, named, STOPPAGE, ["STT", "Từ ngày", heading])
    assert [(index, column.id, column.sure) for index, column in found.items()] == [(2, "stoppage.ends_on", False)]


def cell(text: str) -> RawCell:
    return RawCell(text, [], Box(0.1, 0.1, 0.2, 0.2))


def days_of(headings: tuple[tuple[str, ...], ...], rows: list[dict[int, str]]) -> dict[str, Field]:
    naming = name_columns(heading_scores(headings, STOPPAGE), STOPPAGE)
    naming |= name_by_contents(rows, naming, STOPPAGE, [" ".join(texts) for texts in headings])
    raw = RawRow(1, False, {index: cell(text) for index, text in rows[0].items()})
    return read_row(1, raw, naming, None, Manner())


def test_a_value_of_a_column_that_is_not_sure_says_so_and_is_believed_less() -> None:
    sure = days_of((("STT",), ("Từ ngày",), ("Đến ngày",)), DAYS)["stoppage.ends_on"]
    unsure = days_of((("STT",), ("Từ ngày",), ("Xxyzw",)), DAYS)["stoppage.ends_on"]
    assert (sure.value, unsure.value) == ("2020-06-15", "2020-06-15")
    assert sure.doubts == () and UNSURE_COLUMN in unsure.doubts
    assert unsure.confidence < 0.7 < 0.9 < sure.confidence


def test_a_month_of_a_general_kind_is_explained_and_a_word_too_many_is_not() -> None:
    last = next(column for column in STOPPAGE.columns if column.id == "stoppage.ends_on")
    assert is_explained("Thời gian ngừng việc (đến ngày)", last)
    assert is_explained("Ngừng việc đến ngày Ký nhận", last)
    assert is_explained("Ngùng vlệc đến ngày", last)
    assert not is_explained("Khám sức khỏe đến ngày", last)


def test_a_heading_made_of_no_words_says_nothing() -> None:
    assert is_readable("Ngày khám") and not is_readable("Xxyzw") and not is_readable("")
    assert not is_of_something_else((), STOPPAGE) and is_of_something_else(("Lương", "T4"), STOPPAGE)
