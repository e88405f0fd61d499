"""Months, windows and shares as the law counts them: worked cases first, then what must hold for any day."""

from datetime import date, timedelta

import pytest
from casework import counting
from casework.counting import Period
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))
MONTHS = st.integers(min_value=1, max_value=240)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (date(2020, 4, 15), date(2020, 5, 14), 1),
        (date(2020, 4, 15), date(2020, 5, 13), 0),
        (date(2020, 4, 15), date(2020, 6, 14), 2),
        (date(2020, 3, 31), date(2020, 4, 30), 1),
        (date(2020, 3, 31), date(2020, 4, 29), 0),
        (date(2020, 3, 31), date(2020, 5, 30), 2),
        (date(2020, 5, 31), date(2020, 6, 30), 1),
        (date(2020, 6, 1), date(2020, 6, 30), 1),
        (date(2020, 6, 1), date(2020, 6, 29), 0),
        (date(2020, 6, 2), date(2020, 6, 30), 0),
        (date(2020, 6, 2), date(2020, 7, 1), 1),
        (date(2020, 4, 1), date(2020, 6, 30), 3),
        (date(2020, 1, 30), date(2020, 2, 29), 1),
        (date(2019, 1, 30), date(2019, 2, 28), 1),
        (date(2020, 1, 30), date(2020, 2, 28), 0),
        (date(2020, 4, 15), date(2020, 4, 15), 0),
        (date(2020, 4, 15), date(2020, 4, 14), 0),
        (date(2019, 12, 15), date(2020, 12, 14), 12),
        (date(2020, 1, 1), date(9999, 12, 31), 95_760),
    ],
)
def test_whole_months_between_two_days(starts_on: date, ends_on: date, months: int) -> None:
    assert counting.whole_months(starts_on, ends_on) == months


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (date(2020, 4, 15), date(2020, 5, 14), 1),
        (date(2020, 3, 31), date(2020, 4, 30), 1),
        (date(2020, 3, 31), date(2020, 5, 30), 2),
        (date(2020, 5, 31), date(2020, 6, 30), 1),
        (date(2019, 1, 31), date(2019, 2, 28), 1),
        (date(2020, 12, 1), date(2020, 12, 31), 1),
        (date(9999, 12, 15), date(9999, 12, 31), 1),  # the calendar ends there
    ],
)
def test_the_last_day_of_a_month(starts_on: date, ends_on: date, months: int) -> None:
    assert counting.month_ends_on(starts_on, months) == ends_on


@given(DAYS, MONTHS)
def test_counting_undoes_ending(starts_on: date, months: int) -> None:
    last_day = counting.month_ends_on(starts_on, months)
    assert counting.whole_months(starts_on, last_day) == months
    assert counting.whole_months(starts_on, last_day - timedelta(days=1)) == months - 1


@given(DAYS, st.integers(min_value=0, max_value=4000), st.integers(min_value=0, max_value=400))
def test_a_longer_period_never_has_fewer_months(starts_on: date, days: int, more: int) -> None:
    ends_on = starts_on + timedelta(days=days)
    assert counting.whole_months(starts_on, ends_on) <= counting.whole_months(starts_on, ends_on + timedelta(days=more))


@given(DAYS, st.integers(min_value=0, max_value=4000))
def test_an_earlier_start_never_has_fewer_months(starts_on: date, days: int) -> None:
    ends_on = starts_on + timedelta(days=days)
    earlier = counting.whole_months(starts_on - timedelta(days=1), ends_on)
    assert earlier >= counting.whole_months(starts_on, ends_on)


@given(DAYS, MONTHS)
def test_a_month_is_28_to_31_days(starts_on: date, months: int) -> None:
    first = counting.month_ends_on(starts_on, months)
    following = counting.month_ends_on(starts_on, months + 1)
    assert 28 <= (following - first).days <= 31


@given(DAYS, st.integers(min_value=0, max_value=900), DAYS, st.integers(min_value=0, max_value=900))
def test_clipping_keeps_what_lies_in_both(starts_on: date, days: int, window_from: date, width: int) -> None:
    ends_on, window_to = starts_on + timedelta(days=days), window_from + timedelta(days=width)
    part = counting.clip(starts_on, ends_on, window_from, window_to)
    if part is None:
        assert ends_on < window_from or window_to < starts_on
    else:
        assert max(starts_on, window_from) == part.starts_on <= part.ends_on == min(ends_on, window_to)


@given(DAYS, MONTHS)
def test_every_month_counted_has_a_name_of_its_own(starts_on: date, months: int) -> None:
    names = counting.months_counted(Period(starts_on, counting.month_ends_on(starts_on, months)))
    assert len(names) == len(set(names)) == months
    assert list(names) == sorted(names)


@given(DAYS, MONTHS, MONTHS)
def test_periods_that_follow_each_other_never_claim_one_name_twice(starts_on: date, first: int, then: int) -> None:
    handover = counting.month_ends_on(starts_on, first)
    before = counting.months_counted(Period(starts_on, handover))
    next_day = handover + timedelta(days=1)
    after = counting.months_counted(Period(next_day, counting.month_ends_on(next_day, then)))
    assert not set(before) & set(after)


def test_counted_months_are_named_and_capped() -> None:
    assert counting.months_counted(Period(date(2020, 4, 15), date(2020, 6, 14))) == ("2020-04", "2020-05")
    assert counting.months_counted(Period(date(2020, 4, 1), date(2020, 12, 31)), 3) == ("2020-04", "2020-05", "2020-06")
    assert counting.months_counted(None) == ()


def test_months_of_the_calendar() -> None:
    assert counting.month_of(date(2020, 4, 30)) == "2020-04"
    assert counting.month_after("2020-11", 2) == "2021-01"
    assert counting.month_after("2020-01", -1) == "2019-12"
    assert counting.month_period("2020-02") == Period(date(2020, 2, 1), date(2020, 2, 29))


@pytest.mark.parametrize(
    ("part", "whole", "percent", "reaches", "exceeds"),
    [
        (29, 145, 20, True, False),
        (28, 145, 20, False, False),
        (30, 157, 20, False, False),
        (50, 100, 50, True, False),
        (51, 100, 50, True, True),
        (500_000_001, 1_000_000_000, 50, True, True),
        (1, 3, 33, True, True),
        (333_333, 1_000_000, 34, False, False),
    ],
)
def test_shares_are_exact(part: int, whole: int, percent: int, reaches: bool, exceeds: bool) -> None:
    assert counting.reaches_share(part, whole, percent) is reaches
    assert counting.exceeds_share(part, whole, percent) is exceeds


@given(st.integers(min_value=1, max_value=10**13), st.integers(min_value=0, max_value=100))
def test_the_least_part_is_the_first_that_reaches_the_share(whole: int, percent: int) -> None:
    least = counting.least_part(whole, percent)
    assert counting.reaches_share(least, whole, percent)
    assert least == 0 or not counting.reaches_share(least - 1, whole, percent)
