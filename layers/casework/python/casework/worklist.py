"""An office's worklist: in which order its open tasks stand, by which keys they are found, and which are late.

Open tasks stand by their deadline in one list of the office and in one more for each of their marks (service, stage,
route, holder), so that whatever is asked for is a stretch of one list and read with one query. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from casework.dossier import VIETNAM, Record, vietnam_day
from casework.plain import to_plain
from casework.review import Task, queue_name
from casework.tallies import NOW, Tally, day_row, due_row
from casework.vietnam import working_days

MARKS = ("holder", "route", "stage", "service")  # what narrows a list most comes first
NO_LIMIT = "9999-12-31"  # a task without a time limit stands last
AT_RISK_DAYS = 1  # due today or within so many more working days
MOST_READ = 400  # rows looked at for one page, when more than one mark is asked for
LAST = "~"  # behind every place in a list

Late = Literal["", "overdue", "at_risk"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of an office's open tasks. `older_than`: entered at least so many working days ago."""

    service: str = ""
    stage: str = ""
    route: str = ""
    holder: str = ""
    mark: Late = ""
    older_than: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of one list: `mark` names the list ("" for the office's own), `key` its members; from `first` to `last`.

    Members must also bear the marks of `also`, have entered before `entered_before`, and be in nobody's hands at
    `free_at` (moments in ISO 8601, "" for no matter)."""

    mark: str
    key: str
    first: str = ""
    last: str = LAST
    also: Mapping[str, str] = field(default_factory=dict)
    entered_before: str = ""
    free_at: str = ""

    @property
    def sifted(self) -> bool:
        """Whether not all of the stretch is wanted."""
        return bool(self.also or self.entered_before or self.free_at)


def marks_of(task: Task) -> dict[str, str]:
    """What an open task is found by beside its office, and what lists are sifted by."""
    names = {"service": task.procedure, "stage": task.stage, "route": task.route, "holder": task.claimed_by}
    found = {mark: mark_key(task.office, value) for mark, value in names.items() if value}
    return found | {"entered_at": task.entered_at, "held_until": task.claimed_until}


def decided_list(office: str) -> str:
    """The list in which an office's decisions stand, in the order they were made."""
    return f"DECIDED#{office}"


def mark_key(office: str, value: str) -> str:
    return f"{queue_name(office)}#{value}"


def task_record(task: Task) -> Record:
    """An open task stands in its office's lists by its deadline; another stands in none."""
    if task.state != "open":
        return Record(task.key, to_plain(task))
    order = f"{task.due_on or NO_LIMIT}#{task.dossier_id}"
    return Record(task.key, to_plain(task), queue=queue_name(task.office), queue_order=order, marks=marks_of(task))


def stretch(office: str, wanted: Wanted, now: datetime, *, free: bool = False) -> Stretch:
    """The stretch that holds what is wanted. free: only what nobody holds."""
    asked = {mark: getattr(wanted, mark) for mark in MARKS if getattr(wanted, mark)}
    free = free or wanted.holder == "none"
    if wanted.holder == "none":
        del asked["holder"]
    keys = {mark: mark_key(office, value) for mark, value in asked.items()}
    mark = next(iter(keys), "")
    key = keys.pop(mark) if mark else queue_name(office)
    first, last = _bounds(wanted.mark, now)
    before = entered_before(wanted.older_than, now) if wanted.older_than else ""
    return Stretch(mark, key, first, last, keys, before, now.isoformat(timespec="seconds") if free else "")


def _bounds(mark: Late, now: datetime) -> tuple[str, str]:
    late = last_closed(now)
    if mark == "overdue":
        return "", f"{late}{LAST}"
    if mark == "at_risk":
        return f"{late}{LAST}", f"{risk_day(now)}{LAST}"
    return "", LAST


def last_closed(now: datetime) -> date:
    """The last day whose close of office has passed: what was due on it, or before, is overdue."""
    today = vietnam_day(now)
    return today if working_days.has_closed(today, now) else today - timedelta(days=1)


def risk_day(now: datetime) -> date:
    """What is due up to this day, and not yet overdue, is at risk."""
    day = working_days.on_or_after(last_closed(now) + timedelta(days=1))
    for _ in range(AT_RISK_DAYS):
        day = working_days.on_or_after(day + timedelta(days=1))
    return day


def entered_before(days: int, now: datetime) -> str:
    """The moment before which a task entered that has been waiting for so many working days."""
    day = vietnam_day(now)
    for _ in range(days):
        day -= timedelta(days=1)
        while not working_days.is_working_day(day):
            day -= timedelta(days=1)
    midnight = datetime.combine(day + timedelta(days=1), time(), VIETNAM)
    return midnight.astimezone(UTC).isoformat(timespec="seconds")  # as moments are kept


def flags(task: Task, now: datetime) -> list[str]:
    """overdue, at_risk, or neither."""
    if not task.due_on:
        return []
    due = date.fromisoformat(task.due_on)
    if task.overdue or due <= last_closed(now):
        return ["overdue"]
    return ["at_risk"] if due <= risk_day(now) else []


def working_days_left(task: Task, now: datetime) -> int | None:
    """Working days after today up to the deadline, 0 on the day itself, negative after it; None without a limit."""
    if not task.due_on:
        return None
    due, today = date.fromisoformat(task.due_on), vietnam_day(now)
    step = 1 if due >= today else -1
    day, left = today, 0
    while day != due:
        day += timedelta(days=step)
        if working_days.is_working_day(day):
            left += step
    return left


# -- what is counted --------------------------------------------------------------------------------------------------


def arriving(task: Task) -> list[Tally]:
    """A task enters its office's lists."""
    return [*standing(task), Tally(task.office, day_row(entered_day(task)), {"arrived": 1})]


def standing(task: Task) -> list[Tally]:
    """A task is open: what that adds to the counts of what is open now."""
    now = {"open": 1, f"service:{task.procedure}": 1, f"stage:{task.stage}": 1, f"route:{task.route}": 1}
    return [
        Tally(task.office, NOW, now),
        Tally(task.office, due_row(task.due_on or NO_LIMIT), {"open": 1}),
        Tally(task.office, day_row(entered_day(task)), {"open": 1}),
    ]


def entered_day(task: Task) -> str:
    return vietnam_day(datetime.fromisoformat(task.entered_at)).isoformat() if task.entered_at else NO_LIMIT
