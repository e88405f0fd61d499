"""Values that fill a cell: sums of money whole or not at all, months, a few words for a few things."""

from __future__ import annotations

import pytest
from casework.reading.cell_values import BROKEN_GROUPS, COEFFICIENT, read_amount, read_choice, read_month, read_period
from casework.reading.document_types import Choice
from hypothesis import given
from hypothesis import strategies as st

AWAY = (
    Choice("termination", ("cham dut", "thoi viec")),
    Choice("unpaid_leave", ("khong luong",)),
    Choice("seasonal", ("tv",)),
)


@given(
    st.one_of(st.just(0), st.integers(1000, 10**12)),
    st.sampled_from(".,' "),
    st.sampled_from(("", " đ", " đồng", " VND", ",00")),
)
def test_a_whole_figure_is_read_whatever_parts_its_groups(amount: int, mark: str, tail: str) -> None:
    if tail == ",00" and mark == ",":
        tail = ""
    found = read_amount(f"{amount:,}".replace(",", mark) + tail)
    assert found is not None
    assert found.value == amount
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [("4.707.O00", 4_707_000), ("§.695.000", 8_695_000), ("1715.000", 1_715_000), ("1/715.000", 1_715_000),
     ("9.740,000", 9_740_000), ("l.715.000", 1_715_000)],
)  # fmt: skip
def test_a_figure_that_a_scan_spoiled_a_little_is_read_and_doubted(text: str, value: int) -> None:
    found = read_amount(text)
    assert found is not None
    assert found.value == value
    assert found.doubts


@pytest.mark.parametrize("text", ["4.6880.000", "4.70.000", "4.707.000 3.120.000.1", "khoảng 4.000.000"])
def test_a_figure_that_is_not_whole_is_no_value_and_says_so(text: str) -> None:
    found = read_amount(text)
    assert found is not None
    assert found.value is None
    assert found.doubts


def test_an_empty_cell_is_no_amount_and_zero_is_one() -> None:
    assert read_amount("") is None
    assert read_amount("—") is None
    zero = read_amount("0")
    assert zero is not None
    assert zero.value == 0


def test_a_figure_counts_what_the_paper_says_it_does() -> None:
    found = read_amount("4.707", unit=1000)
    assert found is not None
    assert found.value == 4_707_000


def test_a_coefficient_is_no_money() -> None:
    found = read_amount("2,34")
    assert found is not None
    assert found.value is None
    assert found.doubts == (COEFFICIENT,)


def test_groups_of_two_are_said_to_be_broken() -> None:
    found = read_amount("4.70.000")
    assert found is not None
    assert found.doubts == (BROKEN_GROUPS,)


@pytest.mark.parametrize(("text", "month"), [("04/2020", "2020-04"), ("tháng 5 năm 2020", "2020-05"), ("2020", None)])
def test_a_month(text: str, month: str | None) -> None:
    found = read_month(text)
    assert (found.value if found else None) == month


@pytest.mark.parametrize(
    ("text", "value"),
    [("Chấm dứt HĐLĐ", "termination"), ("Nghỉ không lương", "unpaid_leave"), ("TV", "seasonal"), ("TVT", None),
     ("Ốm đau", None)],
)  # fmt: skip
def test_a_choice_is_told_by_whole_words(text: str, value: str | None) -> None:
    found = read_choice(text, AWAY)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("01/04/2020 - 31/05/2020", "2020-04-01", "2020-05-31"),
        ("từ ngày 01/04/2020 đến ngày 31/05/2020", "2020-04-01", "2020-05-31"),
        ("từ 01/04/2020", "2020-04-01", None),
        ("đến ngày 31/05/2020", None, "2020-05-31"),
        ("", None, None),
    ],
)
def test_the_days_of_one_cell(text: str, starts: str | None, ends: str | None) -> None:
    first, last = read_period(text)
    assert (first.value if first else None, last.value if last else None) == (starts, ends)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("07/4 - 13/5/2020", "2020-04-07", "2020-05-13"),
        ("từ 15/12 đến hết ngày 10/01/2020", "2019-12-15", "2020-01-10"),
        ("07/4/2020–13/5/2020", "2020-04-07", "2020-05-13"),
    ],
)
def test_a_first_day_without_its_year_is_of_the_last_days_year_or_of_the_one_before(
    text: str, first: str, last: str
) -> None:
    assert [day.value if day else None for day in read_period(text)] == [first, last]
