"""Working days of the Vietnamese administration, and the deadlines counted in them.

Saturday, Sunday and public holidays are off; rulebook/holidays.toml corrects the calendar day by day. Day 1 of a time
limit is the first working day after receipt, and the result is due at the close of office of the last day.
"""

from __future__ import annotations

import functools
import math
import tomllib
from datetime import date, datetime, time, timedelta, timezone
from importlib import resources
from typing import Literal, Protocol

VIETNAM = timezone(timedelta(hours=7), "ICT")
_LEAST_SECONDS = 60
_DAY = timedelta(days=1)


class TimeLimit(Protocol):
    """Anything with a time limit: a stage of a procedure."""

    @property
    def days(self) -> int | None: ...

    @property
    def unit(self) -> Literal["working", "calendar"]: ...


def is_working_day(day: date) -> bool:
    """Whether offices are open on this day."""
    closed, opened = _corrections()
    holidays, exchanged = _public_holidays(day.year)
    if day in opened or day in closed:
        return day in opened
    return day in exchanged or (day.weekday() < 5 and day not in holidays)


def on_or_after(day: date) -> date:
    """The day itself when it is a working day, else the next one."""
    while not is_working_day(day):
        day += _DAY
    return day


def add_working_days(received_on: date, days: int) -> date:
    """The `days`-th working day after receipt; what is received on a day off counts as received the next working day.

    Raises ValueError for days below 1.
    """
    if days < 1:
        raise ValueError(f"a time limit has at least one day, not {days}")
    day = on_or_after(received_on)
    for _ in range(days):
        day = on_or_after(day + _DAY)
    return day


def deadline(limit: TimeLimit, received_on: date) -> date | None:
    """The last day of a time limit for something received on a day; None when there is no limit. One in calendar days
    that ends on a day off moves to the next working day."""
    if limit.days is None:
        return None
    if limit.unit == "working":
        return add_working_days(received_on, limit.days)
    return on_or_after(received_on + timedelta(days=limit.days))


def received_on(moment: datetime) -> date:
    """The working day on which something that arrives at a moment counts as received (Vietnam time): after the close
    of office, or on a day off, the next working day. Raises ValueError for a moment without a time zone."""
    local = _local(moment)
    day = local.date() + _DAY if local.time() > _closing_time() else local.date()
    return on_or_after(day)


def seconds_to_close(day: date, now: datetime) -> int:
    """Whole seconds from now to the close of office on a day, at least a minute."""
    close = datetime.combine(day, _closing_time(), VIETNAM)
    return max(_LEAST_SECONDS, math.ceil((close - _local(now)).total_seconds()))


def has_closed(day: date, now: datetime) -> bool:
    """Whether the offices have closed on a day (Vietnam time): what was due on it is late from then on."""
    return _local(now) >= datetime.combine(day, _closing_time(), VIETNAM)


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(VIETNAM)


@functools.cache
def _public_holidays(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays of a year, and the days worked in exchange for one."""
    import holidays  # a tenth of a second to import, wanted for deadlines alone

    calendar = holidays.country_holidays("VN", years=year)
    return frozenset(calendar), frozenset(calendar.weekend_workdays)


@functools.cache
def _corrections() -> tuple[frozenset[date], frozenset[date]]:
    """Days off and days worked that the library does not know, from rulebook/holidays.toml."""
    tables = tomllib.loads(_text("holidays.toml"))
    return (
        frozenset(table["date"] for table in tables["closed"]),
        frozenset(table["date"] for table in tables["open"]),
    )


@functools.cache
def _closing_time() -> time:
    return time.fromisoformat(tomllib.loads(_text("settings.toml"))["time"]["office_closes"]["value"])


def _text(name: str) -> str:
    return resources.files("casework").joinpath(f"rulebook/{name}").read_text(encoding="utf-8")
