"""What the rows of one list tell of each other: words that stand in many rows, the year they are all in, days in order.

A scan misreads one row and not its neighbours. Only what one list repeats is mended so: departments, posts, banks,
kinds, the year of a programme; never a person's name or number. What was mended says what stood there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from casework.document import Field, FieldValue
from casework.reading.cell_values import read_period
from casework.reading.document_types import Column, Table
from casework.vietnam import dates
from casework.vietnam.letters import fold, nfc

Row = dict[str, Field]

_WORDS = frozenset({"text", "bank"})
_KINDS = frozenset({"contract_type", "suspension_kind", "choice"})
# A word is taken for another that stands in at least so many rows, and so many times as often as itself.
_FEWEST, _OFTENER = 2, 2
# One letter in so many may differ.
_LETTERS_PER_ERROR = 7
_MENDED = 0.75


def agree(rows: Sequence[Row], table: Table) -> None:
    """Mend what single rows of a scan say otherwise than the others; doubt periods that end before they begin."""
    for column in table.columns:
        if column.type in _WORDS:
            _share_words(rows, column.id)
        elif column.type in _KINDS:
            _share_kinds(rows, column.id)
    for name in _days_of_the_programme(table.columns):
        _share_year(rows, name)
    for row in rows:
        for kind in ("suspension", "stoppage"):
            _in_order(row, f"{kind}.starts_on", f"{kind}.ends_on")


def _scanned(rows: Iterable[Row], name: str) -> list[tuple[Row, Field]]:
    return [(row, field) for row in rows if (field := row.get(name)) is not None and field.source == "ocr"]


def _share_words(rows: Sequence[Row], name: str) -> None:
    found = [(row, field) for row, field in _scanned(rows, name) if isinstance(field.value, str)]
    counts = Counter(str(field.value) for _, field in found)
    spoken = {word: _oftener(word, counts) for word in counts}
    for row, field in found:
        other = spoken[str(field.value)]
        if other is not None:
            doubt = f"chỗ này đọc là {field.value}, các dòng khác ghi {other}"
            sure = min(field.confidence, _MENDED)
            row[name] = replace(field, value=other, confidence=sure, doubts=(*field.doubts, doubt))


def _oftener(word: str, counts: Counter[str]) -> str | None:
    """The word of other rows that this one is, misread; None when it may be a word of its own."""
    near = [
        (count, other)
        for other, count in counts.items()
        if count >= max(_FEWEST, _OFTENER * counts[word]) and other != word and _misread(word, other)
    ]
    return max(near)[1] if near else None


def _misread(word: str, other: str) -> bool:
    """The words differ in a letter or two, and in nothing that tells one thing from the next of its kind (Tổ 1, Tổ 2).

    A lone letter may have been read for a lone figure, but a figure is never changed into another."""
    mine, theirs = nfc(word).split(), nfc(other).split()
    figures, others = re.findall(r"\d+", word), re.findall(r"\d+", other)
    if figures and figures != others:
        return False
    if len(mine) == len(theirs) and any(
        len(here) == 1 and here != there and not (there.isdigit() and here in "lIÌìí|")
        for here, there in zip(mine, theirs, strict=True)
    ):
        return False
    if not figures and others and not (len(mine) == len(theirs) and mine[-1] in ("l", "I", "Ì", "ì", "í", "|")):
        return False
    plain = Levenshtein.distance(fold(nfc(word)), fold(nfc(other)))
    allowed = max(1, len(other) // _LETTERS_PER_ERROR)
    return plain <= allowed and Levenshtein.distance(nfc(word), nfc(other)) <= allowed + 1


def _share_kinds(rows: Sequence[Row], name: str) -> None:
    """A cell that could not be read is what the cells are that are spelled nearly as it is, if they are all one."""
    found = _scanned(rows, name)
    read: dict[str, FieldValue] = {fold(field.raw): field.value for _, field in found if field.value is not None}
    for row, field in found:
        if field.value is not None or not field.raw.strip() or not read:
            continue
        spelled = fold(nfc(field.raw))
        allowed = max(1, len(spelled) // 4)
        near = process.extract(spelled, list(read), scorer=Levenshtein.distance, score_cutoff=allowed, limit=len(read))
        values = {read[match[0]] for match in near if match[1] == min(entry[1] for entry in near)}
        if len(values) == 1:
            doubt = f"ô này đọc là {field.raw}, các dòng khác ghi gần như vậy"
            row[name] = replace(field, value=values.pop(), confidence=_MENDED, doubts=(doubt,))


def _days_of_the_programme(columns: Sequence[Column]) -> list[str]:
    names = [f"{kind}.{end}" for kind in ("suspension", "stoppage") for end in ("starts_on", "ends_on")]
    away = any(column.id.startswith("absence.") for column in columns)
    return [*names, "termination.effective_on"] if away else names


_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
# So many rows in a hundred must be of one year before another's is taken for a misreading of it.
_SHARE_OF_YEAR, _ROWS_OF_YEAR = 0.6, 3
# A year this far from the others' is none of a list of 2020.
_FAR_YEARS = 2


def _share_year(rows: Sequence[Row], name: str) -> None:
    found = _scanned(rows, name)
    years = Counter(str(field.value)[:4] for _, field in found if field.value is not None)
    if not years:
        return
    year, count = years.most_common(1)[0]
    if count < max(_ROWS_OF_YEAR, _SHARE_OF_YEAR * len(found)):
        return
    for row, field in found:
        if field.value is not None and abs(int(str(field.value)[:4]) - int(year)) < _FAR_YEARS:
            continue
        text = _YEAR.sub(lambda match: year if _alike(match[0], year) else match[0], field.raw)
        if text == field.raw:
            continue
        starts, ends = read_period(text)
        again = ends if name.endswith("ends_on") and ends is not None else starts or dates.parse_date(text)
        if again is not None and again.value is not None and len(again.value) == len("2020-04-01"):
            doubt = f"năm trong ô đọc là {field.raw}, các dòng khác ghi {year}"
            row[name] = replace(field, value=again.value, confidence=_MENDED, doubts=(*again.doubts, doubt))


def _alike(year: str, usual: str) -> bool:
    """A year far from the usual one that differs from it in no more than two figures, the same figure for the same."""
    swaps = {(here, there) for here, there in zip(year, usual, strict=True) if here != there}
    return abs(int(year) - int(usual)) >= _FAR_YEARS and len(swaps) == 1


BACKWARDS = "ngày kết thúc đứng trước ngày bắt đầu"


def _in_order(row: Row, first: str, last: str) -> None:
    starts, ends = row.get(first), row.get(last)
    if starts is None or ends is None or starts.value is None or ends.value is None:
        return
    if str(ends.value) < str(starts.value):
        for name, field in ((first, starts), (last, ends)):
            row[name] = replace(field, confidence=min(field.confidence, 0.4), doubts=(*field.doubts, BACKWARDS))
