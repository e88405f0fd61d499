"""Dates in every written form, ranges, open ends; any printed date comes back as it was."""

from __future__ import annotations

import datetime

import pytest
from casework.vietnam.dates import (
    LOOK_ALIKE,
    NO_MARKS,
    NOT_IN_CALENDAR,
    SHORT_YEAR,
    add_months,
    find_dates,
    find_spans,
    is_open_end,
    months_of,
    parse_date,
)
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))
FORMS = (
    "ngày {d} tháng {m} năm {y}", "ngày {d:02} tháng {m:02} năm {y}", "{d}/{m}/{y}", "{d:02}/{m:02}/{y}",
    "{d:02}-{m:02}-{y}",
    "{d:02}.{m:02}.{y}", "{d} / {m} / {y}", "ngày {d:02}/{m:02}/{y}", "Hà Nội, ngày {d} tháng {m} năm {y}",
    "ngày…{d}…tháng…{m}…năm…{y}",
    "ngày {d} tháng {m}, {y}", "Ngày {d:02} Tháng {m:02} Năm {y}", "{y}-{m:02}-{d:02}",
)  # fmt: skip


@given(DAYS, st.sampled_from(FORMS))
def test_every_written_form_gives_the_day_back(day: datetime.date, form: str) -> None:
    text = form.format(d=day.day, m=day.month, y=day.year)
    found = find_dates(f"kể từ {text}, hai bên")
    assert [date.value for date in found] == [day.isoformat()]


@given(DAYS, DAYS, st.sampled_from(FORMS[:6]), st.sampled_from(("đến ngày", "đến hết ngày", "đến", "-")))
def test_a_range_gives_both_its_ends(first: datetime.date, last: datetime.date, form: str, to: str) -> None:
    start, end = (form.format(d=day.day, m=day.month, y=day.year) for day in (first, last))
    spans = find_spans(f"tạm hoãn từ {start} {to} {end}.")
    assert [(span.starts and span.starts.value, span.ends and span.ends.value) for span in spans] == [
        (first.isoformat(), last.isoformat())
    ]


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    for found in find_dates(text):
        assert found.value is None or datetime.date.fromisoformat(found.value)
    find_spans(text)
    parse_date(text)


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("O1/O4/2O20", "2020-04-01", LOOK_ALIKE),
        ("l5/04/2020", "2020-04-15", LOOK_ALIKE),
        ("ngày 10 tháng đ năm 2020", "2020-05-10", LOOK_ALIKE),
        ("15.05 2020", "2020-05-15", NO_MARKS),
        ("30-1 1-2019", "2019-11-30", NO_MARKS),
        ("1 4-09-201 9", "2019-09-14", NO_MARKS),
        ("ngày 1 1/5/2020", "2020-05-11", NO_MARKS),
        ("ngày 29 tháng õ năm 2019", "2019-05-29", LOOK_ALIKE),
        ("ngày 09 tháng Š năm 2020", "2020-05-09", LOOK_ALIKE),
        ("31/04/2020", None, NOT_IN_CALENDAR),
        ("29/02/2019", None, NOT_IN_CALENDAR),
        ("15/4/20", "2020-04-15", SHORT_YEAR),
        ("12/08/85", "1985-08-12", SHORT_YEAR),
        ("ngày TT tháng II năm 2020", "2020-11-11", LOOK_ALIKE),
    ],
)
def test_what_is_doubtful_says_so(text: str, value: str | None, doubt: str) -> None:
    (found,) = find_dates(text)
    assert found.value == value
    assert doubt in found.doubts


@pytest.mark.parametrize(
    "text", ["ngày ... tháng ... năm 2020", "ngày      tháng     năm", "từ 7 giờ 30 đến 11 giờ 30", "10/2012/QH13"]
)
def test_blanks_and_other_numbers_are_no_dates(text: str) -> None:
    assert find_dates(text) == ()


@pytest.mark.parametrize(("text", "value"), [("1958", "1958"), ("04/2020", "2020-04"), ("tháng 4 năm 2020", "2020-04")])
def test_reduced_precision_is_kept(text: str, value: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found.value == value


def test_an_open_end_is_told_and_is_not_a_date() -> None:
    (span,) = find_spans("từ ngày 15/4/2020 cho đến khi có thông báo mới")
    assert span.ends is None
    assert span.open_end
    assert is_open_end("đến hết dịch")


def test_a_start_without_its_year_takes_the_year_of_the_end() -> None:
    (span,) = find_spans("từ 15/4 đến 15/5/2020")
    assert span.starts is not None
    assert span.starts.value == "2020-04-15"


@pytest.mark.parametrize(
    ("text", "months"),
    [("12 tháng", 12), ("01 năm", 12), ("36 (ba mươi sáu) tháng", 36), ("không xác định", None), ("từ tháng 4", None)],
)
def test_terms_in_months(text: str, months: int | None) -> None:
    assert months_of(text) == months


def test_adding_months_clamps_to_the_end_of_the_month() -> None:
    assert add_months(datetime.date(2020, 5, 31), 1) == datetime.date(2020, 6, 30)
    assert add_months(datetime.date(2019, 12, 31), 2) == datetime.date(2020, 2, 29)


@given(DAYS, st.integers(0, 48))
def test_adding_months_lands_in_that_month(day: datetime.date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_specks_between_the_days_of_a_period_do_not_part_it() -> None:
    (span,) = find_spans("Từ ngày 14/04/2020 '__ đến ngày 13/05/2020")
    assert span.starts and span.ends and (span.starts.value, span.ends.value) == ("2020-04-14", "2020-05-13")
