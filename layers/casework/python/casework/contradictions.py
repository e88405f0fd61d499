"""Papers of one dossier that contradict each other: each with both values and both places.

What is compared, and how, is data (rulebook/contradictions.toml). Only what was read surely counts, as printed: what an
applicant corrects is shown beside the paper elsewhere. Two values agree as people would have them agree (accents left
away on one side, abbreviations, an old CMND beside a new CCCD). Pure; linear in the rows of a list.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from typing import Any

from casework.document import Reading, Text
from casework.dossier import Dossier
from casework.facts import day_said, money_said, same
from casework.persons_said import ID, Group, Sheet, grouped
from casework.said import Said, look_alike, misread, said_surely, where
from casework.second_looks import NOT_LOOKED, Looks, alike, can_tell
from casework.signals import Place, Signal, signal
from casework.vietnam.addresses import compare_addresses
from casework.vietnam.identifiers import cccd_facts
from casework.vietnam.letters import fold, nfc
from casework.vietnam.names import compare, compare_companies

LISTS = "roster"
_SEXES = {"male": Text("nam", "man"), "female": Text("nữ", "woman")}
_NUMBER = "row.number"
_WORTH_A_LOOK = 0.4  # the confidence from which a value may be right, and a second look may show it
MOST_LOOKS = 60  # of one dossier: a minute of a processor
_MOST_OF_A_KIND = 200  # of one kind; a list of thousands read one column off would bury everything else


@dataclass(frozen=True, slots=True)
class _Found:
    """A contradiction, and all it rests on."""

    signal: Signal
    rests_on: Sequence[Said]


Excused = Callable[[Sequence[Said], Sequence[Said]], bool]
"""Whether reading alone explains a difference between two values."""


def contradictions(
    dossier: Dossier, readings: Mapping[str, Reading], bar: float, looks: Looks = NOT_LOOKED
) -> list[Signal]:
    """All contradictions of a dossier's papers. readings: by document id; bar: the confidence (0–1) below which what
    was read says nothing, unless a second look says the same."""
    return _bounded(found.signal for found in _all(dossier, readings, bar, looks, misread))


def looked_at(
    dossier: Dossier,
    readings: Mapping[str, Reading],
    look: Callable[[Place], Sequence[str]],
    before: Looks = NOT_LOOKED,
) -> Looks:
    """Second looks wherever they may settle whether papers contradict each other or were misread, each place once and
    no more than `MOST_LOOKS` together. look: reads a place in several forms; before: what was looked at already."""
    looks = dict(before)
    while places := _in_doubt(dossier, readings, looks)[: MOST_LOOKS - len(looks)]:
        looks |= {where(place): tuple(look(place)) for place in places}
    return looks


def _in_doubt(dossier: Dossier, readings: Mapping[str, Reading], looks: Looks) -> list[Place]:
    found = _all(dossier, readings, _WORTH_A_LOOK, looks, lambda main, other: False)
    doubted = [
        said for one in found for said in one.rests_on if said.scanned and can_tell(said.value, said.place.value)
    ]
    places = {where(said.place): said.place for said in doubted if said.place.box is not None}
    unseen = [place for each, place in places.items() if each not in looks]
    return sorted(unseen, key=lambda place: (place.document, place.page or 0))


def _all(
    dossier: Dossier, readings: Mapping[str, Reading], bar: float, looks: Looks, excused: Excused
) -> Iterator[_Found]:
    parts = [part for document in dossier.live_documents for part in _parts_of(document.id, readings, bar, looks)]
    sheets = [sheet for part in parts for sheet in part]
    everything = Group(sheets)
    groups = grouped(sheets)
    for rule in _rules()["same"]:
        for group in groups if rule["of"] == "person" else [everything]:
            yield from _differing(group, rule, group.key if rule["of"] == "person" else "", excused)
    for group in groups:
        yield from _of_cccd(group, excused)
        yield from _out_of_order(group)
    yield from _words_and_figures(sheets, excused)
    yield from _totals(sheets)
    for part in parts:
        yield from _own_sums(part)


# -- what is said -----------------------------------------------------------------------------------------------------


def _parts_of(document_id: str, readings: Mapping[str, Reading], bar: float, looks: Looks) -> Iterator[list[Sheet]]:
    """Of each paper of a document: itself, and each row of its list."""
    reading = readings.get(document_id)
    for part in reading.papers if reading else ():
        kind = part.document_type
        rows = part.tables.get(LISTS, ())
        yield [
            Sheet(kind, None, said_surely(document_id, kind, part.fields, bar, looks=looks), part.fields),
            *(
                Sheet(kind, number, said_surely(document_id, kind, row, bar, number, looks), row)
                for number, row in enumerate(rows, start=1)
            ),
        ]


# -- values that should be one ----------------------------------------------------------------------------------------


def _differing(group: Group, rule: Mapping[str, Any], person: str, excused: Excused) -> Iterator[_Found]:
    """One signal for each value that is not that of most papers."""
    how = _HOW[rule["how"]]
    classes: list[list[Said]] = []
    for said in group.said(rule["fields"], rule.get("not_in", ())):
        home = next((others for others in classes if _one(others[0], said, how)), None)
        if home is None:
            classes.append([said])
        else:
            home.append(said)
    if len(classes) < 2:
        return
    main = max(classes, key=lambda said: sum(not each.unclear for each in said))
    for other in classes:
        reason = how(main[0].value, other[0].value) if other is not main else None
        if reason is None or excused(main, other):
            continue
        found = signal(
            rule["kind"],
            (main[0].place, other[0].place),
            person=person,
            what=Text(rule["what"], rule["what_en"]),
            first=_shown(main[0].value),
            second=_shown(other[0].value),
            reason=reason,
        )
        yield _Found(found, (*main, *other))


def _one(first: Said, second: Said, how: Callable[[Any, Any], Text | None]) -> bool:
    """Signs that are no letters do not count, nor marks where both were read from pixels: a speck was read as one."""
    if how(first.value, second.value) is None or _bare(first.value) == _bare(second.value):
        return True
    return first.scanned and second.scanned and alike(first.value, second.value)


def _bare(value: Any) -> str:
    return "".join(sign for sign in nfc(str(value)).casefold() if sign.isalnum())


def _person(first: str, second: str) -> Text | None:
    likeness = compare(str(first), str(second))
    return None if likeness.alike else Text(likeness.reason, likeness.reason_en)


def _company(first: str, second: str) -> Text | None:
    likeness = compare_companies(str(first), str(second))
    return None if likeness.alike else Text(likeness.reason, likeness.reason_en)


def _address(first: str, second: str) -> Text | None:
    likeness = compare_addresses(str(first), str(second))
    return None if likeness.alike else Text(likeness.reason, likeness.reason_en)


def _other_figures(first: Any, second: Any) -> Text | None:
    return None if str(first) == str(second) else _OTHER


def _other_id(first: Any, second: Any) -> Text | None:
    """A CMND (9 digits) and a CCCD (12) of one person are two cards, not a contradiction."""
    return _OTHER if len(str(first)) == len(str(second)) and str(first) != str(second) else None


def _other_tax_code(first: Any, second: Any) -> Text | None:
    """A branch (10-3) has its employer's first ten digits."""
    return None if str(first)[:10] == str(second)[:10] else _OTHER


def _other_number(first: Any, second: Any) -> Text | None:
    """Numbers of contracts: signs and leading zeros do not count; one cut short before its letters is the same."""
    left, right = _parts(first), _parts(second)
    shared = min(len(left), len(right))
    return None if (left[:shared] == right[:shared] and shared >= 2) or left == right else _OTHER


def _parts(number: Any) -> list[str]:
    signs = "".join(sign if sign.isalnum() else " " for sign in fold(str(number)))
    return [part.lstrip("0") or "0" for part in signs.split()]


def _other_date(first: Any, second: Any) -> Text | None:
    """Compared as far as both are given: a year agrees with a day of it."""
    shared = min(len(str(first)), len(str(second)))
    return None if str(first)[:shared] == str(second)[:shared] else _OTHER


_OTHER = Text("khác nhau", "different")
_HOW: Mapping[str, Callable[[Any, Any], Text | None]] = {
    "person": _person,
    "company": _company,
    "address": _address,
    "id": _other_id,
    "tax_code": _other_tax_code,
    "number": _other_number,
    "date": _other_date,
    "exact": _other_figures,
}


def _shown(value: Any) -> Text:
    """A value as people read it."""
    text = str(value)
    if len(text) == 10 and text[4:5] == text[7:8] == "-":
        return Text(day_said(date.fromisoformat(text)), text)
    return _SEXES.get(text, Text(text, text))


# -- values that follow from one another ------------------------------------------------------------------------------


def _of_cccd(group: Group, excused: Excused) -> Iterator[_Found]:
    """A CCCD says its holder's year of birth and sex; each is compared with every paper about him."""
    for number in group.said([ID]):
        facts = cccd_facts(str(number.value))
        if facts is None or number.unclear:
            continue
        years = [
            said
            for said in group.said(["employee.date_of_birth"])
            if str(said.value)[:4] != str(facts.birth_year) and not said.unclear
        ]
        born = [said for said in years if not _year_misread(number, facts.birth_year, said, excused)]
        sexes = [said for said in group.said(["employee.sex"]) if said.value != facts.sex]
        if born:
            places, second = (number.place, born[0].place), _shown(born[0].value)
            first, year = str(number.value), facts.birth_year
            found = signal("cccd-and-birth", places, person=group.key, first=first, year=year, second=second)
            yield _Found(found, (number, born[0]))
        if sexes:
            places, second = (number.place, sexes[0].place), _shown(sexes[0].value)
            first, sex = str(number.value), _SEXES[facts.sex]
            found = signal("cccd-and-sex", places, person=group.key, first=first, sex=sex, second=second)
            yield _Found(found, (number, sexes[0]))
        if born or sexes:
            return


def _year_misread(number: Said, year: int, born: Said, excused: Excused) -> bool:
    """Years alike but for figures that look like each other, one of them read once from pixels."""
    said = [replace(born, value=str(born.value)[:4], confidence=0.0), replace(number, value=str(year), confidence=0.0)]
    return look_alike(said[0].value, said[1].value) and excused(said[:1], said[1:])


def _out_of_order(group: Group) -> Iterator[_Found]:
    for rule in _rules()["order"]:
        only = rule.get("first_in", ())
        firsts = [said for said in group.said([rule["first"]]) if not only or said.kind in only]
        for first in firsts:
            same_paper = [said for said in group.said([rule["then"]]) if said.place.document == first.place.document]
            then = same_paper or group.said([rule["then"]])
            if then and _day(first) and _day(then[0]) and first.value > then[0].value:
                days = {
                    "first": day_said(date.fromisoformat(first.value)),
                    "second": day_said(date.fromisoformat(then[0].value)),
                }
                says = Text(rule["says"].format(**days), rule["says_en"].format(**days))
                places = (first.place, then[0].place)
                yield _Found(signal("dates-out-of-order", places, person=group.key, says=says), (first, then[0]))
                break


def _day(said: Said) -> bool:
    return isinstance(said.value, str) and len(said.value) == 10 and not said.shaky


def _words_and_figures(sheets: Sequence[Sheet], excused: Excused) -> Iterator[_Found]:
    for sheet in sheets:
        for name, words in sheet.said.items():
            figures = sheet.said.get(name.replace("_words_vnd", "_vnd")) if name.endswith("_words_vnd") else None
            # What is spelled in words is not misread as figures are: only the figures may look like others.
            spelled = replace(words, twice=True)
            if figures is None:
                continue
            if figures.value != words.value and not excused([figures], [spelled]):
                places, first, second = (figures.place, words.place), money_said(figures.value), money_said(words.value)
                yield _Found(signal("words-and-figures", places, first=first, second=second), (figures, words))


def _totals(sheets: Sequence[Sheet]) -> Iterator[_Found]:
    """Totals that papers say, against the rows of lists."""
    for rule in _rules()["total"]:
        only = rule.get("said_in", ())
        rows = [sheet for sheet in sheets if sheet.kind in rule["rows_in"] and _of_somebody(sheet)]
        column = rule.get("column")
        counted = [sheet.said[column] for sheet in rows if column in sheet.said] if column else []
        if not rows or (column and len(counted) < len(rows)) or any(said.shaky for said in counted):
            continue  # a row not read: nothing can be said
        comes_to = sum(said.value for said in counted) if column else len(rows)
        for sheet in sheets:
            said = sheet.said.get(rule["said"])
            if (
                said is None
                or said.unclear
                or sheet.row is not None
                or (only and sheet.kind not in only)
                or said.value == comes_to
            ):
                continue
            last = (counted or [next(iter(row.said.values())) for row in rows if row.said])[-1]
            yield _sum_found(said, last, comes_to, (said, *counted), Text(rule["what"], rule["what_en"]), column)


def _of_somebody(sheet: Sheet) -> bool:
    """A row with more in it than its number."""
    return sheet.row is not None and any(sheet.value(name) is not None for name in sheet.read if name != _NUMBER)


def _own_sums(part: Sequence[Sheet]) -> Iterator[_Found]:
    """The sums that a list's total row says (`roster.sum.<column>`), against its cells when all were read surely."""
    head, rows = part[0], [row for row in part if _of_somebody(row)]
    for name, said in head.said.items():
        column = name.removeprefix(f"{LISTS}.sum.")
        if column == name or not isinstance(said.value, int):
            continue
        cells = [row.said[column] for row in rows if column in row.said and isinstance(row.said[column].value, int)]
        comes_to = sum(cell.value for cell in cells)
        surely = len(cells) == len(rows) > 0 and not any(each.shaky for each in (said, *cells))
        if surely and comes_to != said.value:
            what = Text("Dòng tổng cộng của danh sách", "Total row of the list")
            yield _sum_found(said, cells[-1], comes_to, (said, *cells), what, "amount_vnd")


def _sum_found(
    said: Said, last: Said, comes_to: int, rests_on: Sequence[Said], what: Text, column: str | None
) -> _Found:
    first, second = _amount(said.value, column), _amount(comes_to, column)
    found = signal("list-totals-differ", (said.place, last.place), what=what, first=first, second=second)
    return _Found(found, rests_on)


def _amount(value: int, column: str | None) -> Text:
    return money_said(value) if column and column.endswith("_vnd") else same(str(value))


def _bounded(found: Iterable[Signal]) -> list[Signal]:
    """Each signal once, and of one kind no more than an officer can look at."""
    kept: dict[str, Signal] = {}
    counts: dict[str, int] = {}
    for one in found:
        counts[one.kind] = counts.get(one.kind, 0) + (one.id not in kept)
        if counts[one.kind] <= _MOST_OF_A_KIND:
            kept.setdefault(one.id, one)
    return list(kept.values())


@functools.cache
def _rules() -> dict[str, Any]:
    source = (resources.files("casework") / "rulebook/contradictions.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)
