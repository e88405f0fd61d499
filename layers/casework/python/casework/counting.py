"""Months, windows and shares as the law counts them (the defaults stand as settings in the rulebook).

Knows calendar and integer arithmetic only; no rule, no amount. A month runs from a day to the day before the same
day of the next month, both included; where the next month lacks that day, it ends on that month's last day.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `starts_on` to `ends_on`, both included; never empty."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


def month_ends_on(starts_on: date, months: int = 1) -> date:
    """Last day of the `months`-th whole month that begins on `starts_on`: 15/04 → 14/05, 31/03 → 30/04. What would
    end after the last day of the calendar ends on it."""
    year, month = _shift(starts_on.year, starts_on.month, months)
    if year > date.max.year:
        return date.max
    last = monthrange(year, month)[1]
    if starts_on.day > last:
        return date(year, month, last)
    return date(year, month, starts_on.day) - timedelta(days=1)


def whole_months(starts_on: date, ends_on: date) -> int:
    """Whole consecutive months from `starts_on` to `ends_on` inclusive, rounded down; 0 if it ends before it starts."""
    if ends_on < starts_on:
        return 0
    between = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month
    last = monthrange(ends_on.year, ends_on.month)[1]
    if starts_on.day == 1:
        return between + (ends_on.day == last)
    return between if ends_on.day >= min(starts_on.day - 1, last) else between - 1


def clip(starts_on: date, ends_on: date, window_from: date, window_to: date) -> Period | None:
    """The part of the period that lies in the window, or None."""
    first, last = max(starts_on, window_from), min(ends_on, window_to)
    return Period(first, last) if first <= last else None


def months_counted(period: Period | None, most: int | None = None) -> tuple[str, ...]:
    """The whole months of the period as YYYY-MM, at most `most`. Each bears the name of the calendar month it begins
    in, so that one person's consecutive periods never claim one name twice."""
    if period is None:
        return ()
    count = whole_months(period.starts_on, period.ends_on)
    first = period.starts_on
    return tuple(
        "{:04d}-{:02d}".format(*_shift(first.year, first.month, k))
        for k in range(count if most is None else min(count, most))
    )


def month_of(day: date) -> str:
    """The calendar month of a day, YYYY-MM."""
    return f"{day.year:04d}-{day.month:02d}"


def month_after(month: str, months: int) -> str:
    """The calendar month `months` after `month`, both YYYY-MM."""
    year, number = _shift(int(month[:4]), int(month[5:7]), months)
    return f"{year:04d}-{number:02d}"


def month_period(month: str) -> Period:
    """First to last day of a calendar month YYYY-MM."""
    year, number = int(month[:4]), int(month[5:7])
    return Period(date(year, number, 1), date(year, number, monthrange(year, number)[1]))


def reaches_share(part: int, whole: int, percent: int) -> bool:
    """part / whole ≥ percent %, in whole numbers: 29 of 145 is 20 %."""
    return part * 100 >= whole * percent


def exceeds_share(part: int, whole: int, percent: int) -> bool:
    """part / whole > percent %, in whole numbers."""
    return part * 100 > whole * percent


def least_part(whole: int, percent: int) -> int:
    """The smallest whole number that is at least percent % of `whole`."""
    return -(-whole * percent // 100)


def _shift(year: int, month: int, months: int) -> tuple[int, int]:
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1
