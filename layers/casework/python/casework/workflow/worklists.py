"""What an office has to do: its open tasks page by page, how many there are, and its figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from casework.agreement import FLAGGED, Rate, rate, suspicion
from casework.dossier import Actor, vietnam_day
from casework.errors import Refused, problem
from casework.forecast import Forecast, forecast
from casework.plain import from_plain
from casework.ports import Clock, Desk
from casework.review import Task
from casework.tallies import NOW, blind_row, day_row, due_row, summed
from casework.workflow.tallying import MINUTES, median_minutes, time_of
from casework.worklist import NO_LIMIT, Wanted, last_closed, risk_day, stretch

MOST_DAYS = 366
AGES = (1, 2, 5, 10, 20)  # days: bounds of the ages that open tasks are told apart by
_KINDS = ("service", "stage", "route")


def page(actor: Actor, wanted: Wanted, after: str, limit: int, *, store: Desk, clock: Clock) -> tuple[list[Task], str]:
    """Open tasks of an officer's office by their deadline, and where the next page starts: one query. Raises Refused:
    not-an-officer."""
    _refuse_stranger(actor)
    if wanted.holder == "me":
        wanted = Wanted(wanted.service, wanted.stage, wanted.route, actor.id, wanted.mark, wanted.older_than)
    rows, following = store.stretch(stretch(actor.office, wanted, clock()), after, limit)
    return [from_plain(Task, record.data) for _, record in rows], following


def counts(actor: Actor, *, store: Desk, clock: Clock) -> dict[str, Any]:
    """How many tasks of the office are open, overdue and at risk, and by service, stage and route: two queries, however
    many they are. Raises Refused: not-an-officer."""
    _refuse_stranger(actor)
    now = clock()
    standing = summed(store.tallies(actor.office, NOW, NOW))
    found: dict[str, Any] = {"open": standing.get("open", 0), **_due(actor.office, standing, store, now)}
    for kind in _KINDS:
        named = {name.partition(":")[2]: n for name, n in standing.items() if name.startswith(f"{kind}:") and n}
        found[kind] = dict(sorted(named.items()))
    return found


@dataclass(frozen=True, slots=True)
class Statistics:
    """An office's figures. `days`: by day, what came, was decided, late, taken back, overturned; `ages`: open tasks by
    the days they have been waiting for, under each bound, and above; `outcomes`; `minutes`: how long cases take in
    officers' hands; `agreement`: how often two officers agreed, in all and by rule; `watched`: first officers whose
    decisions were looked at again; `dismissed`: signals found to be nothing, by kind."""

    office: str
    since: str
    until: str
    now: dict[str, Any]
    days: dict[str, dict[str, int]]
    ages: dict[str, int]
    outcomes: dict[str, int]
    minutes: dict[str, Any]
    agreement: Rate
    agreement_by_rule: dict[str, Rate]
    watched: dict[str, dict[str, Any]]
    dismissed: dict[str, int]
    totals: dict[str, int]
    forecast: Forecast


def statistics(actor: Actor, days: int, officers: int, *, store: Desk, clock: Clock) -> Statistics:
    """The figures of a supervisor's office over so many days, and what is to be expected with so many officers: five
    queries, however many tasks there are. Raises Refused: not-a-supervisor."""
    if actor.role != "supervisor":
        raise Refused(problem("not-a-supervisor"))
    now = clock()
    today = vietnam_day(now)
    since = today - timedelta(days=min(days, MOST_DAYS) - 1)
    rows = store.tallies(actor.office, day_row(since.isoformat()), day_row(today.isoformat()))
    by_day = {name.removeprefix("DAY#"): counts_ for name, counts_ in sorted(rows.items())}
    totals = summed(rows)
    blind = summed(store.tallies(actor.office, blind_row(since.isoformat()[:7]), blind_row(today.isoformat()[:7])))
    standing = counts(actor, store=store, clock=clock)
    due = store.tallies(actor.office, due_row((last_closed(now) + timedelta(days=1)).isoformat()), due_row(NO_LIMIT))
    to_come = {name.removeprefix("DUE#"): counts_.get("open", 0) for name, counts_ in due.items()}
    return Statistics(
        actor.office,
        since.isoformat(),
        today.isoformat(),
        standing,
        {day: _flows(counts_) for day, counts_ in by_day.items()},
        _ages(by_day, standing["open"], today),
        _named(totals, "outcome:"),
        _minutes(totals),
        rate(blind.get("same", 0), blind.get("same", 0) + blind.get("other", 0)),
        _by_rule(blind),
        _watched(blind),
        _named(totals, "dismissed:"),
        {name: totals.get(name, 0) for name in ("arrived", "decided", "late", "undone", "overturned", "timed")},
        forecast(to_come, standing["overdue"], by_day, today, officers, median_minutes(totals)),
    )


def _due(office: str, standing: dict[str, int], store: Desk, now: datetime) -> dict[str, int]:
    """Overdue is what is open and neither still to come nor without a limit: the days behind need not be read."""
    late, risk = last_closed(now), risk_day(now).isoformat()
    rows = store.tallies(office, due_row((late + timedelta(days=1)).isoformat()), due_row(NO_LIMIT))
    ahead = {name.removeprefix("DUE#"): row.get("open", 0) for name, row in rows.items()}
    overdue = standing.get("open", 0) - sum(ahead.values())
    return {"overdue": overdue, "at_risk": sum(n for day, n in ahead.items() if day <= risk)}


def _ages(by_day: dict[str, dict[str, int]], open_now: int, today: date) -> dict[str, int]:
    found = {f"<{bound}": 0 for bound in AGES}
    for day, counts_ in by_day.items():
        age = (today - date.fromisoformat(day)).days
        bound = next((bound for bound in AGES if age < bound), None)
        if bound is not None:
            found[f"<{bound}"] += counts_.get("open", 0)
    return found | {"older": open_now - sum(found.values())}


def _flows(counts_: dict[str, int]) -> dict[str, int]:
    return {name: counts_.get(name, 0) for name in ("arrived", "decided", "late", "undone", "overturned")}


def _named(counts_: dict[str, int], beginning: str) -> dict[str, int]:
    return {name.removeprefix(beginning): n for name, n in sorted(counts_.items()) if name.startswith(beginning)}


def _minutes(totals: dict[str, int]) -> dict[str, Any]:
    timed = totals.get("timed", 0)
    spread = {name: totals.get(name, 0) for name in (*(f"minutes<{bound}" for bound in MINUTES), time_of(MINUTES[-1]))}
    mean = totals.get("minutes", 0) / timed if timed else None
    return {"cases": timed, "mean": mean, "median": median_minutes(totals), "spread": spread}


def _by_rule(blind: dict[str, int]) -> dict[str, Rate]:
    rules = sorted({name.split(":")[1] for name in blind if name.startswith("rule:")})
    same = {rule: blind.get(f"rule:{rule}:same", 0) for rule in rules}
    return {rule: rate(same[rule], same[rule] + blind.get(f"rule:{rule}:other", 0)) for rule in rules}


def _watched(blind: dict[str, int]) -> dict[str, dict[str, Any]]:
    """First officers with how many of their decisions were looked at again, and how many were overturned."""
    officers = sorted({name.split(":")[1] for name in blind if name.startswith("officer:")})
    found = {}
    for officer in officers:
        looked, wrong = (blind.get(f"officer:{officer}:{name}", 0) for name in ("looked", "overturned"))
        of = max(looked, wrong)
        flagged = suspicion(wrong, of) >= FLAGGED
        found[officer] = {"looked": looked, "overturned": wrong, "rate": rate(wrong, of), "flagged": flagged}
    return found


def _refuse_stranger(actor: Actor) -> None:
    if actor.role not in ("officer", "supervisor"):
        raise Refused(problem("not-an-officer"))
