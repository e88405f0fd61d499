"""Papers of one dossier that contradict each other: each with both values and both places.

What is compared, and how, is data (rulebook/contradictions.toml). Only what was read surely counts, as printed: what an
applicant corrects is shown beside the paper elsewhere. Two values agree as people would have them agree (accents left
away on one side, abbreviations, an old CMND beside a new CCCD). Pure; linear in the rows of a list.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib import resources
from typing import Any

from casework.document import Field, Reading, Text
from casework.dossier import Dossier
from casework.facts import day_said, money_said, same
from casework.persons_said import ID, Group, Sheet, grouped
from casework.said import Said, look_alike, misread, said_surely
from casework.signals import Place, Signal, signal
from casework.vietnam.addresses import compare_addresses
from casework.vietnam.identifiers import cccd_facts
from casework.vietnam.letters import fold
from casework.vietnam.names import compare, compare_companies

LISTS = "roster"
_SEXES = {"male": Text("nam", "man"), "female": Text("nữ", "woman")}
_MOST_OF_A_KIND = 200  # of one kind; a list of thousands read one column off would bury everything else


def contradictions(dossier: Dossier, readings: Mapping[str, Reading], bar: float) -> list[Signal]:
    """All contradictions of a dossier's papers. readings: by document id; bar: the confidence (0–1) below which what
    was read says nothing."""
    sheets = [sheet for document in dossier.live_documents for sheet in _sheets(document.id, readings, bar)]
    everything = Group(sheets)
    groups = grouped(sheets)
    found: list[Signal] = []
    for rule in _rules()["same"]:
        for group in groups if rule["of"] == "person" else [everything]:
            found += _differing(group, rule, group.key if rule["of"] == "person" else "")
    for group in groups:
        found += _of_cccd(group)
        found += _out_of_order(group)
    found += _words_and_figures(sheets)
    found += _totals(sheets, readings, dossier, bar)
    return _bounded(found)


# -- what is said -----------------------------------------------------------------------------------------------------


def _sheets(document_id: str, readings: Mapping[str, Reading], bar: float) -> Iterator[Sheet]:
    reading = readings.get(document_id)
    for part in reading.papers if reading else ():
        kind = part.document_type
        yield Sheet(kind, None, said_surely(document_id, kind, part.fields, bar), part.fields)
        for number, row in enumerate(part.tables.get(LISTS, ()), start=1):
            yield Sheet(kind, number, said_surely(document_id, kind, row, bar, number), row)


# -- values that should be one ----------------------------------------------------------------------------------------


def _differing(group: Group, rule: Mapping[str, Any], person: str) -> Iterator[Signal]:
    """One signal for each value that is not that of most papers."""
    how = _HOW[rule["how"]]
    classes: list[list[Said]] = []
    for said in group.said(rule["fields"], rule.get("not_in", ())):
        home = next((others for others in classes if how(others[0].value, said.value) is None), None)
        if home is None:
            classes.append([said])
        else:
            home.append(said)
    if len(classes) < 2:
        return
    main = max(classes, key=len)
    for other in classes:
        reason = how(main[0].value, other[0].value) if other is not main else None
        if reason is None or misread(main, other):
            continue
        yield signal(
            rule["kind"],
            (main[0].place, other[0].place),
            person=person,
            what=Text(rule["what"], rule["what_en"]),
            first=_shown(main[0].value),
            second=_shown(other[0].value),
            reason=reason,
        )


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


def _of_cccd(group: Group) -> Iterator[Signal]:
    """A CCCD says its holder's year of birth and sex; each is compared with every paper about him."""
    for number in group.said([ID]):
        facts = cccd_facts(str(number.value))
        if facts is None:
            continue
        born = [said for said in group.said(["employee.date_of_birth"]) if _other_year(number, facts.birth_year, said)]
        sexes = [said for said in group.said(["employee.sex"]) if said.value != facts.sex]
        if born:
            places, second = (number.place, born[0].place), _shown(born[0].value)
            first, year = str(number.value), facts.birth_year
            yield signal("cccd-and-birth", places, person=group.key, first=first, year=year, second=second)
        if sexes:
            places, second = (number.place, sexes[0].place), _shown(sexes[0].value)
            first, sex = str(number.value), _SEXES[facts.sex]
            yield signal("cccd-and-sex", places, person=group.key, first=first, sex=sex, second=second)
        if born or sexes:
            return


def _other_year(number: Said, year: int, born: Said) -> bool:
    said = str(born.value)[:4]
    read = all(each.twice or not each.scanned for each in (number, born))
    return said != str(year) and (read or not look_alike(said, str(year)))


def _out_of_order(group: Group) -> Iterator[Signal]:
    for rule in _rules()["order"]:
        only = rule.get("first_in", ())
        firsts = [said for said in group.said([rule["first"]]) if not only or said.kind in only]
        for first in firsts:
            same_paper = [said for said in group.said([rule["then"]]) if said.place.document == first.place.document]
            then = same_paper or group.said([rule["then"]])
            if then and _day(first.value) and _day(then[0].value) and first.value > then[0].value:
                days = {
                    "first": day_said(date.fromisoformat(first.value)),
                    "second": day_said(date.fromisoformat(then[0].value)),
                }
                says = Text(rule["says"].format(**days), rule["says_en"].format(**days))
                yield signal("dates-out-of-order", (first.place, then[0].place), person=group.key, says=says)
                break


def _day(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 10


def _words_and_figures(sheets: Sequence[Sheet]) -> Iterator[Signal]:
    for sheet in sheets:
        for name, words in sheet.said.items():
            figures = sheet.said.get(name.replace("_words_vnd", "_vnd")) if name.endswith("_words_vnd") else None
            # What is spelled in words is not misread as figures are: only the figures may look like others.
            spelled = replace(words, twice=True)
            if figures is not None and figures.value != words.value and not misread([figures], [spelled]):
                places, first, second = (figures.place, words.place), money_said(figures.value), money_said(words.value)
                yield signal("words-and-figures", places, first=first, second=second)


def _totals(sheets: Sequence[Sheet], readings: Mapping[str, Reading], dossier: Dossier, bar: float) -> Iterator[Signal]:
    """Totals that papers say, against the rows of lists; the sums of a list's own total row, as reading found them."""
    for rule in _rules()["total"]:
        only = rule.get("said_in", ())
        rows = [sheet for sheet in sheets if sheet.row is not None and sheet.kind in rule["rows_in"]]
        column = rule.get("column")
        counted = [sheet.said[column] for sheet in rows if column in sheet.said] if column else []
        if not rows or (column and len(counted) < len(rows)):
            continue  # a row not read: nothing can be said
        comes_to = sum(said.value for said in counted) if column else len(rows)
        for sheet in sheets:
            said = sheet.said.get(rule["said"])
            if said is None or sheet.row is not None or (only and sheet.kind not in only) or said.value == comes_to:
                continue
            place = _last_place(counted or [next(iter(row.said.values())) for row in rows if row.said])
            what = Text(rule["what"], rule["what_en"])
            first, second = _amount(said.value, column), _amount(comes_to, column)
            yield signal("list-totals-differ", (said.place, place), what=what, first=first, second=second)
    for document in dossier.live_documents:
        for part in readings[document.id].papers if document.id in readings else ():
            yield from _own_sums(document.id, part.fields, part.tables.get(LISTS, ()), bar)


def _own_sums(
    document_id: str, fields: Mapping[str, Field], rows: Sequence[Mapping[str, Field]], bar: float
) -> Iterator[Signal]:
    """The sums that a list's total row says (`roster.sum.<column>`), against its cells when all were read surely."""
    for name, said in fields.items():
        column = name.removeprefix(f"{LISTS}.sum.")
        if column == name or not isinstance(said.value, int) or said.confidence < bar:
            continue
        cells = [row[column] for row in rows if column in row]
        amounts = [cell.value for cell in cells if isinstance(cell.value, int) and cell.confidence >= bar]
        if len(amounts) < len(rows) or sum(amounts) == said.value:
            continue
        places = (Place(document_id, said.page, said.box, said.raw), _cell(document_id, cells[-1]))
        what = Text("Dòng tổng cộng của danh sách", "Total row of the list")
        yield signal(
            "list-totals-differ", places, what=what, first=money_said(said.value), second=money_said(sum(amounts))
        )


def _cell(document_id: str, cell: Field) -> Place:
    return Place(document_id, cell.page, cell.box, cell.raw)


def _last_place(said: Sequence[Said]) -> Place:
    return said[-1].place


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
