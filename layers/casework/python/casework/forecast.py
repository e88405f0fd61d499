"""How many deadlines an office will miss: from what is open, what comes, and what its officers get done. Pure.

Day by working day the office does what is due first, as the queue has it, as much as its officers can; what is due that
day and not done is missed. It is a plain reckoning on means, shown with what it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from casework.vietnam import working_days

WORKING_MINUTES = 7 * 60
DAYS_AHEAD = 20
_LIMIT_DAYS = 5  # what is not known of new tasks: how long their stage may take


@dataclass(frozen=True, slots=True)
class Forecast:
    """`breaches`: deadlines missed day by day, from today; what it rests on: `arrivals_a_day`, `done_a_day` as it was,
    `can_do_a_day` with so many officers (None while nobody's time is known: then what was done counts)."""

    arrivals_a_day: float
    done_a_day: float
    can_do_a_day: float | None
    officers: int
    breaches: dict[str, int]
    total: int


def forecast(
    due: Mapping[str, int],
    overdue: int,
    by_day: Mapping[str, Mapping[str, int]],
    today: date,
    officers: int,
    minutes: float | None,
) -> Forecast:
    """due: open tasks by the day they are due, from today on; by_day: what came and was decided; minutes: of a case."""
    worked = [day for day in by_day if working_days.is_working_day(date.fromisoformat(day)) and day < today.isoformat()]
    length = max(len(worked), 1)
    arrivals = sum(by_day[day].get("arrived", 0) for day in worked) / length
    done = sum(by_day[day].get("decided", 0) for day in worked) / length
    can_do = officers * WORKING_MINUTES / max(minutes, 1.0) if minutes is not None and officers else None
    pace = can_do if can_do is not None else done
    waiting = {day: float(number) for day, number in due.items() if number}
    late, breaches = float(overdue), {}
    day = working_days.on_or_after(today)
    for _ in range(DAYS_AHEAD):
        hands = max(0.0, pace - late)
        late = max(0.0, late - pace)
        for place in sorted(waiting):
            taken = min(hands, waiting[place])
            waiting[place] -= taken
            hands -= taken
        missed = sum(number for place, number in waiting.items() if place <= day.isoformat())
        breaches[day.isoformat()] = round(missed)
        late += missed
        waiting = {place: number for place, number in waiting.items() if place > day.isoformat() and number > 0}
        comes = working_days.add_working_days(day, _LIMIT_DAYS).isoformat()
        waiting[comes] = waiting.get(comes, 0.0) + arrivals
        day = working_days.on_or_after(day + timedelta(days=1))
    return Forecast(
        round(arrivals, 2), round(done, 2), round(can_do, 2) if can_do is not None else None, officers, breaches,
        sum(breaches.values()),
    )  # fmt: skip
