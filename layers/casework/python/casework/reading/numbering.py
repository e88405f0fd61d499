"""The numbers of a list's rows: which are believed, which follow from their neighbours, which are missing.

Numbers go up by one. A row may have lost its number or be misread, rows may be missing, and a new part of the list may
begin again at 1; of all ways to say which happened the one that needs the least is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FOLLOWS = "số thứ tự suy từ dòng trên và dòng dưới"
NO_NUMBER = "không thấy số thứ tự"

# What each explanation costs. Rows that are missing are the cheaper one: what is said to be missing gets looked at.
_MISREAD, _MISSING, _NEW_PART = 1.5, 1.0, 3.6
# A jump of this many numbers on a scan is rather a misread figure than so many rows lost in one place.
_LONG_JUMP = 25
_UNBELIEVED_JUMP = 0.7
# Distances from the row's place that are tried; more only come from numbers that nothing supports.
_MOST_OFFSETS = 64


@dataclass(frozen=True, slots=True)
class Numbered:
    """One row's number, the part of the list it belongs to (from 0), and why the number is doubtful."""

    number: int
    part: int
    doubt: str | None = None


def number_rows(read: Sequence[int | None], new_parts: Sequence[bool], scanned: bool) -> list[Numbered]:
    """read: per row the number that was read, if any. new_parts: a heading of a group stands above this row.

    A list on which no row has a number is counted off from 1, each number doubted.
    """
    if not any(number is not None for number in read):
        return [Numbered(index + 1, 0, NO_NUMBER) for index in range(len(read))]
    offsets = _offsets(read, new_parts)
    best = [0.0 if offset == 1 else _jump(offset - 1, scanned) if offset > 1 else float("inf") for offset in offsets]
    came_from: list[list[int]] = []
    for index, number in enumerate(read):
        origin = list(range(len(offsets)))
        if index:
            best, origin = _step(best, offsets, index, new_parts[index], scanned)
        came_from.append(origin)
        if number is not None:
            best = [
                cost if number - index == offset else cost + _MISREAD
                for cost, offset in zip(best, offsets, strict=True)
            ]
    return _follow(read, offsets, best, came_from)


def missing_numbers(numbered: Sequence[Numbered]) -> list[int]:
    """The numbers that no row has, part by part; a part that goes on counting goes on from the one before."""
    missing: list[int] = []
    previous, part = 0, 0
    for row in numbered:
        if row.part != part:
            part, previous = row.part, 0 if row.number <= previous else previous
        missing += range(previous + 1, row.number)
        previous = max(previous, row.number)
    return missing


def _offsets(read: Sequence[int | None], new_parts: Sequence[bool]) -> list[int]:
    """Candidates for number − place: 1 (the list is whole so far), those read, those of a part that begins at 1."""
    support: dict[int, int] = {1: len(read)}
    for index, number in enumerate(read):
        if number is not None:
            support[number - index] = support.get(number - index, 0) + 1
        if new_parts[index]:
            support[1 - index] = support.get(1 - index, 0) + 2
    kept = sorted(support, key=lambda offset: -support[offset])[:_MOST_OFFSETS]
    return sorted(kept)


def _jump(missing: int, scanned: bool) -> float:
    return _MISSING + (_UNBELIEVED_JUMP if scanned and missing >= _LONG_JUMP else 0.0)


def _step(
    costs: list[float], offsets: list[int], index: int, new_part: bool, scanned: bool
) -> tuple[list[float], list[int]]:
    """The cheapest way to each offset at this row: the same, a jump up from a lower one, or a new part at 1."""
    after, origin = list(costs), list(range(len(offsets)))
    lowest, lowest_at = float("inf"), 0
    for place, offset in enumerate(offsets):
        if lowest < float("inf"):
            jump = lowest + _jump(offset - offsets[lowest_at], scanned)
            if jump < after[place]:
                after[place], origin[place] = jump, lowest_at
        if costs[place] < lowest:
            lowest, lowest_at = costs[place], place
    restart = 1 - index
    if restart in offsets:
        place = offsets.index(restart)
        cheapest = min(range(len(offsets)), key=costs.__getitem__)
        again = costs[cheapest] + (0.1 if new_part else _NEW_PART)
        if again < after[place]:
            after[place], origin[place] = again, cheapest
    return after, origin


def _follow(
    read: Sequence[int | None], offsets: list[int], costs: list[float], came_from: list[list[int]]
) -> list[Numbered]:
    place = min(range(len(offsets)), key=costs.__getitem__)
    places = [0] * len(read)
    for index in range(len(read) - 1, -1, -1):
        places[index] = place
        place = came_from[index][place]
    rows: list[Numbered] = []
    part, previous = 0, 0
    for index, place in enumerate(places):
        number = index + offsets[place]
        if index and number <= previous:
            part += 1
        previous = number
        rows.append(Numbered(number, part, None if read[index] == number else FOLLOWS))
    return rows
