"""Counts that are kept as things happen, so that nobody has to count later: their names, and how they add up.

A tally belongs to an office. Its rows: NOW (what is open now), DUE#day (what is open and due that day), DAY#day (what
happened that day, and what of it is still open), BLIND#month (how second looks agreed with first ones). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NOW = "NOW"


@dataclass(frozen=True, slots=True)
class Tally:
    """What a change adds to one row of an office's counts; what it takes away is negative."""

    office: str
    row: str
    counts: Mapping[str, int]


def due_row(day: str) -> str:
    return f"DUE#{day}"


def day_row(day: str) -> str:
    return f"DAY#{day}"


def blind_row(month: str) -> str:
    return f"BLIND#{month}"


def together(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """One tally a row, without what adds nothing."""
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for tally in tallies:
        counts = rows.setdefault((tally.office, tally.row), {})
        for name, number in tally.counts.items():
            counts[name] = counts.get(name, 0) + number
    summed = ((place, {name: n for name, n in counts.items() if n}) for place, counts in rows.items())
    return tuple(Tally(*place, counts) for place, counts in summed if counts)


def taken_back(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """What takes these back."""
    return tuple(Tally(t.office, t.row, {name: -number for name, number in t.counts.items()}) for t in tallies)


def summed(rows: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Several rows as one."""
    [*one] = together(Tally("", "", counts) for counts in rows.values())
    return dict(one[0].counts) if one else {}
