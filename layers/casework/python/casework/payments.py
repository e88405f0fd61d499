"""Who was granted which month: claims of decisions, and what others already hold (rules X-1 to X-5).

One person has one benefit a month, whatever the service: cash under any group, or a place on a loan list; of two cash
benefits the highest, which takes over the grant of the lower one and adds the difference. A person is found by the
number of social insurance, then by the identity number; where two dossiers give no number of one kind to compare, by
name and day of birth. Pure: the store makes claims exclusive, and the change that needs them atomic.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.finding import HeldMonth
from casework.plain import from_plain
from casework.vietnam.names import match_key

NUMBERS = ("bhxh", "id", "unit")
"""The kinds of numbers that tell a person, or a household, for sure."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What finds somebody in every dossier. `numbers`: "bhxh:…", "id:…", "unit:…"; `name`: "name:" and a digest of name
    and day of birth, or "" when one of them is not known."""

    numbers: tuple[str, ...] = ()
    name: str = ""

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(number.partition(":")[0] for number in self.numbers)


@dataclass(frozen=True, slots=True)
class Claim:
    """The months a decision grants somebody. `row` is the key of the person in his dossier; `kind` cash or loan;
    `amount_vnd` what one month of it is worth. `over`: lower grants it takes the place of, in months of its own."""

    row: str
    who: Identity
    months: tuple[str, ...]
    kind: str
    amount_vnd: int = 0
    over: tuple[HeldMonth, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """A month somebody holds, by which dossier. `sure` is False when only name and birth say it is the same person.
    `amount_vnd`: what the month is worth, None where that was not kept; `grant`: by what a higher one takes it over."""

    month: str
    dossier_id: str
    code: str
    procedure: str
    kind: str
    sure: bool = True
    amount_vnd: int | None = None
    grant: str = ""

    @property
    def held(self) -> HeldMonth:
        """As facts have it."""
        return HeldMonth(self.month, self.code, self.procedure, self.amount_vnd, self.grant)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A claim that another dossier's stands against."""

    row: str
    holding: Holding


def identity(
    *, bhxh: Any = None, id_number: Any = None, name: Any = None, born: Any = None, unit: Any = None
) -> Identity:
    """Who somebody is, from the values of a dossier's facts; what is not known is left away."""
    given = (("bhxh", bhxh), ("id", id_number), ("unit", unit))
    numbers = tuple(f"{kind}:{value}" for kind, value in given if value)
    key = match_key(str(name)) if name else ""
    born_text = str(born or "")
    by_name = f"name:{_digest(f'{key}|{born_text}')}" if key and len(born_text) == 10 else ""
    return Identity(numbers, by_name)


def person_key(who: Identity, name: Any, born: Any) -> str:
    """The key of somebody's row in a dossier: his first number, else a digest of what is known of name and birth."""
    if who.numbers:
        return who.numbers[0]
    key = match_key(str(name)) if name else ""
    return f"name:{_digest(f'{key}|{born or str()}')}"


def comparable(kinds: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two people of one name and birth can be told apart: both have a number of one kind."""
    return bool(set(kinds) & set(others))


def claims_of(
    rows: Sequence[Mapping[str, Any]], people: Mapping[str, Mapping[str, Any]], kind: str | None
) -> tuple[Claim, ...]:
    """The claims of a decision: every approved row's months. rows: {key, outcome, months, amount_vnd, held}; people:
    by key, {numbers, name_key}. None of a service that grants nobody a month."""
    if kind is None:
        return ()
    return tuple(_claim(row, people[row["key"]], kind) for row in rows if row["outcome"] == "approve" and row["months"])


def _claim(row: Mapping[str, Any], person: Mapping[str, Any], kind: str) -> Claim:
    over = tuple(from_plain(HeldMonth, held) for held in row.get("held", ()) if held["added_vnd"])
    worth = row["amount_vnd"] + sum(held.amount_vnd or 0 for held in over)
    who = Identity(tuple(person.get("numbers", ())), person.get("name_key", ""))
    return Claim(row["key"], who, tuple(row["months"]), kind, worth // len(row["months"]), over)


def grant_name(dossier_id: str, row: str) -> str:
    """The name of what a dossier granted one of its people; shows nobody's number."""
    return hashlib.sha256(f"{dossier_id}|{row}".encode()).hexdigest()[:32]


def grant_key(grant: str) -> str:
    """Who takes a grant over claims it under this key, as he claims a person under his numbers: once a month."""
    return f"grant:{grant}"


def hold_name(dossier_id: str, claims: Sequence[Claim]) -> str:
    """What holds the months of a decision: it follows from what is held, so that the same decision made again goes on
    with the same. While the record HOLD#name says `undone`, nothing is held by it."""
    said = [[claim.row, claim.months] for claim in claims]
    return hashlib.sha256(json.dumps([dossier_id, said]).encode()).hexdigest()[:32]


def twice(claims: Sequence[Claim], dossier_id: str, code: str, procedure: str) -> list[Conflict]:
    """The same person and month claimed twice within one decision."""
    seen: dict[tuple[str, str], str] = {}
    found = []
    for claim in claims:
        keys = claim.who.numbers or ((claim.who.name,) if claim.who.name else ())
        for month in claim.months:
            first = [seen.setdefault((key, month), claim.row) for key in keys]
            if any(row != claim.row for row in first):
                found.append(Conflict(claim.row, Holding(month, dossier_id, code, procedure, claim.kind)))
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
