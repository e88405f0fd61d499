"""The lists one employer files for several services, held beside each other (rules X-2 and X-4).

Nobody stands for one month on a list that gives cash and on one for a loan; the people a pause of contributions counts
as reduced should be those the other lists say were off work. Where lists do not agree an officer is told, with both
dossiers by code: a reason to look, never a verdict. Pure; people are found by their keys (rule X-5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from casework import counting
from casework.facts import month_said
from casework.finding import Text
from casework.payments import Identity, comparable
from casework.rules import Condition, Procedure
from casework.signals import Signal, signal
from casework.vietnam.working_days import is_working_day

Kind = Literal["cash", "loan", "pause"]
MOST_NAMED = 10
_PERIODS = ("suspension", "stoppage")


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of a list: the period off work and by which words it is known, the months granted or to be."""

    name: str
    numbers: tuple[str, ...] = ()
    name_key: str = ""
    off: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    months: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmployerList:
    """One dossier's list. Of a pause: the `month` asked for and how many working days of it count as reduced, both
    empty where its list does not matter."""

    dossier_id: str
    code: str
    procedure: str
    kind: Kind
    people: tuple[Listed, ...]
    month: str = ""
    least_days: int = 0


def list_of(dossier_id: str, kept: Mapping[str, Any], procedure: Procedure) -> tuple[str, EmployerList] | None:
    """(tax code, list) of a checked dossier, from its kept verdict; None where it is no list or nobody's for sure."""
    unit = kept["facts"]["dossier"].get(procedure.who.unit, {})
    if procedure.beneficiaries != "list" or unit.get("doubt") or not unit.get("value"):
        return None
    kind: Kind = procedure.claims or "pause"
    month, least_days = _reduction(kept, procedure) if kind == "pause" else ("", 0)
    rows = zip(kept["verdict"]["rows"], kept["facts"]["rows"], strict=False)
    people = tuple(_listed(row, facts, kept["people"][row["key"]]) for row, facts in rows)
    found = EmployerList(dossier_id, kept["code"], procedure.id, kind, people, month, least_days)
    return str(unit["value"])[:10], found


def disagreements(own: EmployerList, others: Iterable[EmployerList]) -> list[Signal]:
    """What does not agree between a dossier's list and the other lists of its employer."""
    found: list[Signal] = []
    for other in others:
        if own.kind == "pause" != other.kind:
            found += _reduced(own, other, other.dossier_id)
        elif other.kind == "pause" != own.kind:
            found += _reduced(other, own, other.dossier_id)
        elif own.kind != "pause":
            found += _same_months(own, other)
    return found


# -- one list ---------------------------------------------------------------------------------------------------------


def _listed(row: Mapping[str, Any], facts: Mapping[str, Any], person: Mapping[str, Any]) -> Listed:
    off = next((word for word in _PERIODS if _day(facts, f"{word}.starts_on")), "")
    return Listed(
        str(person.get("name", "")),
        tuple(person.get("numbers", ())),
        str(person.get("name_key", "")),
        off,
        _day(facts, f"{off}.starts_on"),
        _day(facts, f"{off}.ends_on"),
        tuple(row.get("counted_months", ())),
    )


def _day(facts: Mapping[str, Any], fact_id: str) -> date | None:
    """A day nobody doubts."""
    fact = facts.get(fact_id, {})
    value = None if fact.get("doubt") else fact.get("value")
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None


def _reduction(kept: Mapping[str, Any], procedure: Procedure) -> tuple[str, int]:
    """The month asked for and the working days of it that count, where a way in that looks at the list is open."""
    found = {finding["rule"]: finding["verdict"] for finding in kept["verdict"]["findings"]}
    for rule in procedure.rules:
        if rule.condition is None or not any(found.get(way, "fail") != "fail" for way in rule.for_ways):
            continue
        for test in _tests(rule.condition):
            month = kept["facts"]["dossier"].get(test.params.get("month", ""), {})
            if test.test == "working_days_in_month" and month.get("value") and not month.get("doubt"):
                return str(month["value"]), int(test.params["value"])
    return "", 0


def _tests(condition: Condition) -> Iterator[Condition]:
    yield condition
    for part in condition.parts:
        yield from _tests(part)


# -- two lists --------------------------------------------------------------------------------------------------------


class _Found:
    """The people of a list by their keys."""

    def __init__(self, people: Sequence[Listed]) -> None:
        self._by_key: dict[str, Listed] = {}
        for person in people:
            for key in (*person.numbers, person.name_key):
                self._by_key.setdefault(key, person)

    def same(self, person: Listed) -> Listed | None:
        for number in person.numbers:
            if number in self._by_key:
                return self._by_key[number]
        namesake = self._by_key.get(person.name_key) if person.name_key else None
        if namesake is None or comparable(_kinds(person), _kinds(namesake)):
            return None
        return namesake


def _kinds(person: Listed) -> frozenset[str]:
    return Identity(person.numbers).kinds


def _same_months(own: EmployerList, other: EmployerList) -> Iterator[Signal]:
    """People both lists give a month: one benefit a month, the second decision will be told (X-1, X-2)."""
    listed, twice = _Found(other.people), []
    for person in own.people:
        namesake = listed.same(person)
        shared = sorted(set(person.months) & set(namesake.months)) if namesake else []
        if shared:
            twice.append(f"{person.name} ({', '.join(month_said(month) for month in shared)})")
    if twice:
        names = _named(twice)
        yield signal(
            "listed-twice",
            dossiers=[other.dossier_id],
            names=names,
            own=own.code,
            other=other.code,
            service=other.procedure,
            people=len(twice),
        )


def _reduced(pause: EmployerList, paid: EmployerList, other_id: str) -> Iterator[Signal]:
    """The people of a pause beside those of a list for suspended or stopped employees (X-4)."""
    if not pause.month:
        return
    in_pause, in_paid = _Found(pause.people), _Found(paid.people)
    off = {person.off for person in paid.people if person.off}
    absent, few = [], []
    for person in paid.people:
        days = _days_off(person, pause.month)
        listed = in_pause.same(person)
        if days is not None and days >= pause.least_days and listed is None:
            absent.append(person.name)
        elif days is not None and days < pause.least_days and listed is not None:
            few.append(person.name)
    unlisted = [person.name for person in pause.people if person.off in off and in_paid.same(person) is None]
    parts = [
        _part(absent, "có ở {paid} mà không ở {pause}", "in {paid}, not in {pause}", pause, paid),
        _part(unlisted, "có ở {pause} mà không ở {paid}", "in {pause}, not in {paid}", pause, paid),
        _part(few, f"dưới {pause.least_days} ngày làm việc theo {{paid}}", f"under {pause.least_days} working days by "
              "{paid}", pause, paid),
    ]  # fmt: skip
    said = [part for part in parts if part is not None]
    if said:
        what = Text("; ".join(part.vi for part in said), "; ".join(part.en for part in said))
        yield signal(
            "lists-disagree",
            dossiers=[other_id],
            what=what,
            pause=pause.code,
            paid=paid.code,
            service=paid.procedure,
            month=month_said(pause.month),
        )


def _days_off(person: Listed, month: str) -> int | None:
    """Working days off work in a month; None where the period is not known."""
    if person.starts_on is None or person.ends_on is None:
        return None
    whole = counting.month_period(month)
    part = counting.clip(person.starts_on, person.ends_on, whole.starts_on, whole.ends_on)
    days = range(part.starts_on.toordinal(), part.ends_on.toordinal() + 1) if part else ()
    return sum(is_working_day(date.fromordinal(day)) for day in days)


def _part(names: Sequence[str], vi: str, en: str, pause: EmployerList, paid: EmployerList) -> Text | None:
    if not names:
        return None
    codes, named = {"paid": paid.procedure, "pause": pause.procedure}, _named(names)
    return Text(
        f"{len(names)} người {vi.format(**codes)} ({named.vi})", f"{len(names)} {en.format(**codes)} ({named.en})"
    )


def _named(names: Sequence[str]) -> Text:
    shown, more = ", ".join(names[:MOST_NAMED]), len(names) - MOST_NAMED
    return Text(shown, shown) if more <= 0 else Text(f"{shown} và {more} người nữa", f"{shown} and {more} more")
