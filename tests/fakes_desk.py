"""What officers look at first, in memory: lists by their marks, counts, words to search by, profiles.

Part of fakes.MemoryStore, whose records and dossiers it looks into; keeps the contract of adapters.worklists.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from casework.dossier import Change, Dossier, Record
from casework.errors import StaleVersion
from casework.found import Entry, Hit
from casework.interests import Profile
from casework.plain import from_plain, to_plain
from casework.worklist import LAST, MARKS, MOST_READ, Stretch


class MemoryDesk:
    """Desk. `calls` counts what would be calls of the table, by name."""

    _dossiers: dict[str, Any]
    _records: dict[str, dict[str, Any]]

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self._words: dict[tuple[str, str], Any] = {}
        self._profiles: dict[str, Any] = {}
        self._own: dict[tuple[str, str], Any] = {}

    def stretch(self, wanted: Stretch, after: str, limit: int) -> tuple[list[tuple[str, Record]], str]:
        first = after + " " if after else wanted.first
        rows = [
            (row["queue_order"], dossier_id, row)
            for dossier_id, found in self._records.items()
            for row in found.values()
            if row["queue"] and (row["marks"].get(wanted.mark) if wanted.mark else row["queue"]) == wanted.key
            and first <= row["queue_order"] <= wanted.last
        ]  # fmt: skip
        rows.sort(key=lambda row: row[:2])
        read = rows[:MOST_READ] if wanted.sifted else rows
        fitting = [row for row in read if _fits(row[2]["marks"], wanted)]
        page = [(dossier_id, kept_record(row)) for _, dossier_id, row in fitting[:limit]]
        if len(fitting) > limit:
            return page, fitting[limit - 1][0]
        return page, read[-1][0] if len(read) < len(rows) else ""

    def tallies(self, office: str, first: str, last: str) -> dict[str, dict[str, int]]:
        return {
            row: dict(counts)
            for (place, row), counts in self._tallies.items()
            if place == office and first <= row <= last + LAST
        }

    def count(self, change: Change) -> None:
        for tally in change.tallies:
            counts = self._tallies[tally.office, tally.row]
            for name, number in tally.counts.items():
                counts[name] = counts.get(name, 0) + number

    def note_words(self, areas: Sequence[str], entries: Sequence[Entry]) -> None:
        for area in areas:
            for entry in entries:
                self._words[area, f"{entry.word}#{entry.hit.dossier_id}"] = to_plain(entry.hit)

    def find(self, area: str, word: str, limit: int) -> list[Hit]:
        exact = f"{word}#" if word.startswith("number:") else word
        found = sorted(place for place in self._words if place[0] == area and place[1].startswith(exact))
        return [from_plain(Hit, self._words[place]) for place in found[:limit]]

    def heads(self, dossier_ids: Sequence[str]) -> list[Dossier]:
        there = [i for i in dict.fromkeys(dossier_ids) if i in self._dossiers]
        return [dataclasses.replace(from_plain(Dossier, self._dossiers[i]), documents=()) for i in there]

    def profile(self, officer: str) -> Profile | None:
        found = self._profiles.get(officer)
        return from_plain(Profile, found) if found else None

    def keep_profile(self, profile: Profile) -> None:
        known = self._profiles.get(profile.id)
        if (known["version"] if known else 0) != profile.version - 1:
            raise StaleVersion(profile.id)
        self._profiles[profile.id] = to_plain(profile)

    def officers(self, office: str, limit: int) -> list[Profile]:
        there = [from_plain(Profile, found) for found in self._profiles.values() if found["office"] == office]
        return sorted(there, key=lambda profile: (profile.name, profile.id))[:limit]

    def own(self, officer: str, name: str) -> dict[str, Any] | None:
        return self._own.get((officer, name))

    def keep_own(self, officer: str, name: str, data: Mapping[str, Any]) -> None:
        self._own[officer, name] = dict(data)


def _fits(marks: Mapping[str, str], wanted: Stretch) -> bool:
    if any(marks.get(mark) != key for mark, key in wanted.also.items()):
        return False
    if wanted.entered_before and not marks.get("entered_at", "") < wanted.entered_before:
        return False
    return not wanted.free_at or not marks.get("held_until") or marks["held_until"] <= wanted.free_at


def kept_record(row: Mapping[str, Any]) -> Record:
    marks = {name: value for name, value in row["marks"].items() if value and (name in MARKS or "_" in name)}
    return Record(row["key"], row["data"], queue=row["queue"], queue_order=row["queue_order"], marks=marks)
