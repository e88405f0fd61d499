"""Which column of a list is which, told by the words at its head."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from casework.reading.document_types import Column, Table, squeeze
from casework.reading.heading_words import has_rivals, is_explained, is_of_something_else, is_readable
from casework.reading.values import read_value
from casework.reading.window import Window
from casework.vietnam.dates import find_dates, find_spans
from casework.vietnam.identifiers import bhxh
from casework.vietnam.letters import fold
from casework.vietnam.names import FAMILY

# Letters alike in percent; below this a heading names no known column.
_LIKENESS = 78.0
# Of a label this short one letter in ten may be wrong: "Chữ ký" is not "Chủ TK".
_SHORT, _SHORT_LIKENESS = 7, 90.0


Score = tuple[float, int, int, bool]
"""How surely (in percent) the column of this index is the one at that place of the table's description, and whether
every word of its heading says so."""

# A heading with words that the column does not explain is behind any that has none.
_UNEXPLAINED = 10.0


@functools.lru_cache(maxsize=256)
def heading_scores(headings: tuple[tuple[str, ...], ...], table: Table) -> tuple[Score, ...]:
    """What each column may be by its heading. headings: per column its texts from top to bottom, a group's first."""
    scores: list[Score] = []
    for index, texts in enumerate(headings):
        forms = _forms(texts)
        other = is_of_something_else(texts, table)
        whole = " ".join(texts)
        for place, column in enumerate(table.columns):
            score = max((_likeness(form, label) for form in forms for label in column.labels), default=0.0)
            said = _by_words(squeeze(" ".join(texts)), column)
            # "Thời gian nghỉ: bắt đầu" has the label of the period in it, and is refused as one by its words.
            score = said if said < 0 and score < _SAME else max(score, said)
            if score < _LIKENESS:
                continue
            if not has_rivals(column) or squeeze(whole) in column.labels:
                scores.append((score, index, place, True))
            elif not other:
                plain = is_explained(whole, column)
                scores.append((score if plain else score - _UNEXPLAINED, index, place, plain))
    return tuple(scores)


def name_columns(scores: Iterable[Score], table: Table) -> dict[int, Column]:
    """Column index → what it holds, from the headings of all pages.

    The best pair first; each column and each meaning once, so that a second "từ ngày" does not overwrite the first. A
    column is not sure where words of its heading are left over, or where another is headed as it is."""
    ranked = sorted(scores, key=lambda entry: (-entry[0], entry[1], entry[2]))
    chosen: dict[int, Score] = {}
    taken: set[int] = set()
    for score in ranked:
        if score[1] not in chosen and score[2] not in taken:
            chosen[score[1]] = score
            taken.add(score[2])
    twins = {
        score[2]
        for score in ranked
        if score[1] not in chosen and any(score[::2] == other[::2] for other in chosen.values())
    }
    named = {}
    for index, (_, _, place, plain) in chosen.items():
        column = table.columns[place]
        sure = plain and not (place in twins and has_rivals(column))
        named[index] = column if sure else replace(column, sure=False)
    return named


# A heading in words of its own: surer the more of the column's words it has, never as sure as a whole label.
_WORDS, _WORDS_EACH, _WORDS_MOST = 78.0, 3.0, 90.0
_SAME = 97.0


def _by_words(heading: str, column: Column) -> float:
    """How surely its words name the column; negative where they name another."""
    best = 0.0
    refused = False
    for way in column.words:
        held = [any(word in heading for word in group) for group in way if group[0] != "!"]
        against = any(word in heading for group in way if group[0] == "!" for word in group[1:])
        refused = refused or against
        if all(held) and not against:
            best = max(best, min(_WORDS + _WORDS_EACH * len(held), _WORDS_MOST))
    return best or (-1.0 if refused else 0.0)


# Of a column without a known heading so many cells must say what it is.
_CELLS_ALIKE = 0.8
# A column is not what its heading seems to say when hardly a cell can be that.
_CELLS_FIT, _CELLS_TO_JUDGE = 0.3, 3
_OF_DAYS = frozenset({"date", "birth_date", "period"})
_OF_FIGURES = frozenset({"bhxh", "account", "id_number", "phone", "amount"})
_OF_LETTERS = frozenset({"person", "contract_type", "suspension_kind"})


def without_misfits(scores: Iterable[Score], rows: Sequence[Mapping[int, str]], table: Table) -> list[Score]:
    """The scores of columns whose cells can be what the heading says."""
    cells: dict[int, list[str]] = {}
    for row in rows:
        for index, text in row.items():
            cells.setdefault(index, []).append(text)
    return [score for score in scores if _can_be(table.columns[score[2]], tuple(cells.get(score[1], ())))]


def _can_be(column: Column, cells: tuple[str, ...]) -> bool:
    """Days have figures between marks, numbers have many figures, names and kinds have none: on a bad scan too."""
    if len(cells) < _CELLS_TO_JUDGE:
        return True
    figures = [sum(character.isdigit() for character in text) for text in cells]
    if column.type in _OF_DAYS:
        fitting = sum(count >= 3 for count in figures)
    elif column.type in _OF_FIGURES:
        fitting = sum(count >= 1 and _DAY.search(text) is None for count, text in zip(figures, cells, strict=True))
    elif column.type in _OF_LETTERS:
        fitting = sum(count <= 3 for count in figures)
    else:
        return True
    return fitting >= _CELLS_FIT * len(cells)


_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")


def name_by_contents(
    rows: Sequence[Mapping[int, str]],
    named: Mapping[int, Column],
    table: Table,
    headings: Sequence[str] = (),
) -> dict[int, Column]:
    """The columns whose heading says nothing known, by what stands in their cells, where that can be one thing only:
    names, kinds of contract and of leave, periods, social insurance numbers, and the days beside the other end of
    their period. Other days and numbers may be anything. A heading that can be read and means something else is
    believed, but for names and kinds, beside which nothing else looks the same. None of them is sure."""
    found: dict[int, Column] = {}
    known = {column.id for column in named.values()}
    unnamed = sorted({index for row in rows for index in row} - set(named))
    for index in unnamed:
        cells = [row[index] for row in rows if index in row]
        if len(cells) < _CELLS_ALIKE * len(rows):
            continue
        for column in table.columns:
            tells = _TELLING.get(column.id)
            if column.type in _ONLY_READ_AS_SUCH and not _may_mean(_at(headings, index), column, table):
                continue
            if tells is None or column.id in known or sum(map(tells, cells)) < _CELLS_ALIKE * len(cells):
                continue
            found[index] = column
            known.add(column.id)
            break
    found |= _other_ends(rows, {**named, **found}, unnamed, table, headings)
    return {index: replace(column, sure=False) for index, column in found.items()}


_ONLY_READ_AS_SUCH = frozenset({"date", "period", "bhxh"})
# A heading this like a column's label, in percent, may be it, misread.
_MISREAD = 60.0


def _at(headings: Sequence[str], index: int) -> str:
    return headings[index] if index < len(headings) else ""


def _may_mean(heading: str, column: Column, table: Table) -> bool:
    """Nothing stands above the column, or what cannot be read, or what may be its label misread."""
    if is_of_something_else((heading,), table):
        return False
    if not is_readable(heading):
        return True
    words = squeeze(heading)
    return is_explained(heading, column) and any(fuzz.ratio(words, label) >= _MISREAD for label in column.labels)


def periods_parted(rows: Sequence[Mapping[int, str]], named: Mapping[int, Column], table: Table) -> dict[int, Column]:
    """Under the heading of a period two columns of days: its first days, and beside them its last."""
    by_id = {column.id: column for column in table.columns}
    found: dict[int, Column] = {}
    for index, column in named.items():
        kind, _, what = column.id.rpartition(".")
        first, last = by_id.get(f"{kind}.starts_on"), by_id.get(f"{kind}.ends_on")
        if what != "period" or first is None or last is None:
            continue
        beside = named.get(index + 1)
        if beside is not None and beside.type not in _OF_LETTERS | {"text"}:
            continue
        days = [(_day(row.get(index, "")), _day(row.get(index + 1, ""))) for row in rows]
        pairs = [(one, other) for one, other in days if one is not None and other is not None]
        if pairs and len(pairs) >= _CELLS_ALIKE * len(rows) and all(one <= other for one, other in pairs):
            found |= {index: replace(first, sure=column.sure), index + 1: replace(last, sure=column.sure)}
    return found


def _other_ends(
    rows: Sequence[Mapping[int, str]],
    named: Mapping[int, Column],
    unnamed: Sequence[int],
    table: Table,
    headings: Sequence[str],
) -> dict[int, Column]:
    """A column of days beside the first or the last days of a period, always on the right side of them."""
    by_id = {column.id: column for column in table.columns}
    places = {column.id: index for index, column in named.items()}
    found: dict[int, Column] = {}
    for kind in ("suspension", "stoppage", "absence"):
        first, last = f"{kind}.starts_on", f"{kind}.ends_on"
        if first not in by_id or last not in by_id or (first in places) == (last in places):
            continue
        index = places[last] - 1 if last in places else places[first] + 1
        missing = by_id[first if last in places else last]
        if index not in unnamed or index in named or not _may_mean(_at(headings, index), missing, table):
            continue
        early, late = (index, places[last]) if last in places else (places[first], index)
        pairs = [(_day(row[early]), _day(row[late])) for row in rows if early in row and late in row]
        ordered = sum(one is not None and other is not None and one <= other for one, other in pairs)
        if pairs and ordered >= _CELLS_ALIKE * max(len(pairs), _CELLS_TO_JUDGE):
            found[index] = missing
    return found


def _day(text: str) -> str | None:
    found = find_dates(text)
    return found[0].value if len(found) == 1 else None


def _is_kind(kind: str, text: str) -> bool:
    found = read_value(kind, Window(text, text))
    return found is not None and found.value is not None


_NAME = re.compile(r"[^\W\d_]['’\w]*(?:\s+[^\W\d_]['’\w]*){1,5}")


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text.strip()) is not None and FAMILY.match(fold(text.strip())) is not None


_TELLING: dict[str, Callable[[str], bool]] = {
    "employee.full_name": _is_name,
    "suspension.kind": functools.partial(_is_kind, "suspension_kind"),
    "contract.type": functools.partial(_is_kind, "contract_type"),
    "suspension.period": lambda text: any(span.starts and span.ends for span in find_spans(text)),
    "stoppage.period": lambda text: any(span.starts and span.ends for span in find_spans(text)),
    "employee.bhxh_number": lambda text: text.strip().isdigit() and bhxh(text.strip()).sound,
}


def _forms(texts: Sequence[str]) -> list[str]:
    """The ways a heading may be meant: its lowest cell, all of it, all of it without what stands in brackets."""
    kept = [text for text in texts if squeeze(text)]
    if not kept:
        return []
    whole = " ".join(kept)
    forms = [
        kept[-1],
        whole,
        " ".join([kept[-1], *kept[:-1]]),
        re.sub(r"\([^)]*\)?", " ", whole),
        re.sub(r"\([^)]*\)?", " ", kept[-1]),
    ]
    return [form for form in dict.fromkeys(squeeze(form) for form in forms) if form]


def _likeness(heading: str, label: str) -> float:
    score = fuzz.ratio(heading, label)
    if len(label) < _SHORT and score < _SHORT_LIKENESS:
        return 0.0
    if len(label) >= 6 and label in heading:
        score = max(score, 72 + 26 * len(label) / len(heading))
    return score
