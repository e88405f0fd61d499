"""Who is spoken of: all that papers and rows of lists say of one person, put together.

A paper goes to the person whose number it gives, or whose name, contract or birth it gives and no other has; those
that give neither number nor name come last. A paper that has the number of one and the name of another, or a
number of each, joins the two where nothing speaks against it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casework.document import Field
from casework.payments import identity, person_key
from casework.said import Said
from casework.vietnam.letters import fold
from casework.vietnam.names import match_key


@dataclass(slots=True)
class Sheet:
    """One paper, or one row of a list: what it says, by field."""

    kind: str
    row: int | None
    said: dict[str, Said]
    read: Mapping[str, Field]

    def value(self, name: str) -> Any:
        """However unsurely it was read: who is meant is told by several values."""
        field = self.read.get(name)
        return field.value if field else None


@dataclass(slots=True)
class Group:
    """All that is said of one person."""

    sheets: list[Sheet] = field(default_factory=list)

    def said(self, names: Iterable[str], without: Sequence[str] = ()) -> list[Said]:
        found = [sheet.said[name] for sheet in self.sheets for name in names if name in sheet.said]
        return [said for said in found if said.kind not in without]

    def first(self, name: str) -> Any:
        return next((value for sheet in self.sheets if (value := sheet.value(name)) is not None), None)

    @property
    def key(self) -> str:
        name, born = self.first(NAME), self.first("employee.date_of_birth")
        return person_key(identity(bhxh=self.first(BHXH), id_number=self.first(ID), name=name, born=born), name, born)


BHXH, ID, NAME = "employee.bhxh_number", "employee.id_number", "employee.full_name"
_TELLING = ("contract.number", "employee.date_of_birth")  # who is meant, where number and name both differ


def grouped(sheets: Sequence[Sheet]) -> list[Group]:
    """The people spoken of: rows of lists first, then each paper with the person whose number it gives, or whose name,
    contract or birth it gives and no other has."""
    groups: list[Group] = []
    by_number: dict[tuple[str, Any], Group] = {}
    by_name: dict[str, list[Group]] = {}
    by_more: dict[tuple[str, Any], list[Group]] = {}
    for sheet in sorted(sheets, key=lambda sheet: (sheet.row is None, _unnamed(sheet))):
        numbers = [(name, value) for name in (BHXH, ID) if (value := sheet.value(name)) is not None]
        name = match_key(str(sheet.value(NAME) or ""))
        alike = by_name.get(name, []) if name else []
        group = next((by_number[number] for number in numbers if number in by_number and sheet.row is None), None)
        if group is None and sheet.row is None and len(alike) == 1:
            group = alike[0]
        elif group is not None and len(alike) == 1 and alike[0] is not group and _one_person(group, alike[0]):
            group = _joined(group, alike[0], groups, by_number, by_name, by_more)
        for other in (by_number[number] for number in numbers if number in by_number):
            if group is not None and other is not group and sheet.row is None and _one_person(group, other):
                group = _joined(group, other, groups, by_number, by_name, by_more)
        more = [(telling, said.value) for telling in _TELLING if (said := sheet.said.get(telling)) and _tells(said)]
        own = Group([sheet])
        if group is None and sheet.row is None:
            told = (by_more[each][0] for each in more if len(by_more.get(each, ())) == 1)
            group = next((other for other in told if not name or _nearly_named(own, other)), None)
        if group is None and _unnamed(sheet):
            continue
        if group is None:
            group = Group()
            groups.append(group)
        group.sheets.append(sheet)
        for number in numbers:
            by_number.setdefault(number, group)
        if name and not any(other is group for other in alike):
            by_name.setdefault(name, []).append(group)
        for each in more:
            if not any(other is group for other in by_more.get(each, ())):
                by_more.setdefault(each, []).append(group)
    return _last_ones_joined(groups)


def _unnamed(sheet: Sheet) -> bool:
    return all(sheet.value(name) is None for name in (BHXH, ID, NAME))


def _one_person(one: Group, other: Group) -> bool:
    """No number of one kind and length in both that differs, and at most one of them a row."""
    differ = any(
        len(str(one.first(name))) == len(str(other.first(name))) and one.first(name) != other.first(name)
        for name in (BHXH, ID)
        if one.first(name) is not None and other.first(name) is not None
    )
    return not differ and not all(any(sheet.row is not None for sheet in group.sheets) for group in (one, other))


def _joined(group: Group, into: Group, groups: list[Group], *indexes: dict[Any, Any]) -> Group:
    """Both as one, wherever the first was found: a paper has the number of the one and the name of the other."""
    into.sheets += group.sheets
    groups[:] = [other for other in groups if other is not group]
    for index in indexes:
        for key, found in index.items():
            if isinstance(found, list):
                kept = [into if other is group else other for other in found]
                index[key] = [other for place, other in enumerate(kept) if not any(other is o for o in kept[:place])]
            elif found is group:
                index[key] = into
    return into


def _tells(said: Said) -> bool:
    """A year or a month, or the number of a contract cut short, is many people's."""
    return len(str(said.value)) > len("2020-05")


def _last_ones_joined(groups: list[Group]) -> list[Group]:
    """The one row without a paper and the one person without a row are one where the name nearly is."""
    rows = [group for group in groups if all(sheet.row is not None for sheet in group.sheets)]
    papers = [group for group in groups if all(sheet.row is None for sheet in group.sheets)]
    if len(rows) != 1 or len(papers) != 1 or not _nearly_named(rows[0], papers[0]) or not papers[0].first(NAME):
        return groups
    rows[0].sheets += papers[0].sheets
    return [group for group in groups if group is not papers[0]]


_MOST_LOST = 2


def _nearly_named(one: Group, other: Group) -> bool:
    """One word differs at most between a name of the one and a name of the other, or words of it were lost, or one of
    them has none."""
    first, second = (
        [fold(str(name)).split() for sheet in group.sheets if (name := sheet.value(NAME))] for group in (one, other)
    )
    return not first or not second or any(_a_word_apart(here, there) for here in first for there in second)


def _a_word_apart(first: list[str], second: list[str]) -> bool:
    """One word differs, or words were lost."""
    if len(first) == len(second):
        return sum(map(str.__ne__, first, second)) <= 1
    shorter, longer = sorted((first, second), key=len)
    left = iter(longer)
    return len(longer) - len(shorter) <= _MOST_LOST and all(word in left for word in shorter)
