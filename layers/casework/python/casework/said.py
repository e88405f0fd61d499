"""What papers say, as surely as it was read, and whether a difference between two of them may be one of reading only.

A value whose only doubt is that it disagrees with another on its paper was read well: the disagreement is what is
looked for. What was read from pixels says nothing where misreading makes just such a difference. Of the values read
wrongly on scans of 30 development dossiers with a confidence of 0.9 and more, each differs from what is printed by tone
marks, by figures that look like others, or by an end cut off; figures of numbers (not of days) had 0.977 at most
(`python -m tests.bench.measure_contradictions`). Figures that a second look gives again were read, whatever they look
like. Pure.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from casework.document import Box, Field
from casework.second_looks import NOT_LOOKED, Looks, Where, alike, apart, numbered, readings, serial, settled
from casework.signals import Place
from casework.vietnam.letters import fold

_SURE_FIGURES = 0.985
_DISAGREEING = 0.5  # reading lowers what disagrees on its own paper to 0.54, and what is hard to read besides to less
_LETTERS = frozenset(("chữ khó đọc", "sửa chữ nhìn giống số", "sửa dấu theo từ thông dụng"))
"""Doubts of letters, which are gone where second looks read the same."""
_VOTED = re.compile("^chỗ này đọc là .*, chỗ khác trên giấy là ", re.DOTALL)
"""A doubt of letters: two places of one paper that say it with other marks."""
_REREAD = re.compile("^(?:lần đọc đầu|đọc lại) là ")
_DAY = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_LOOK_ALIKES = frozenset(map(frozenset, (
    "68", "38", "08", "06", "09", "56", "35", "17", "14", "27", "29", "89", "46", "34", "39", "49", "58", "59",
)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What one paper, or one row, says of one thing; `row` counts the list's rows from 1; `scanned`: read from
    pixels; `twice`: a second look gave the same; `shaky`: second looks did not agree on it; `unclear`: so little that
    it says nothing but where all readings of it, `seen`, differ from all of another, and beside others that say the
    same; `confidence`: 0 to 1."""

    value: Any
    kind: str
    place: Place
    row: int | None = None
    scanned: bool = False
    confidence: float = 1.0
    twice: bool = False
    shaky: bool = False
    unclear: bool = False
    seen: tuple[Any, ...] = ()


def said_surely(
    document_id: str,
    kind: str,
    fields: Mapping[str, Field],
    bar: float,
    row: int | None = None,
    looks: Looks = NOT_LOOKED,
) -> dict[str, Said]:
    """What was read surely enough to be held against another paper. bar: the confidence it takes, 0 to 1; looks: what
    second looks read, which say whether a value holds."""
    found = {}
    for name, read in fields.items():
        scanned = read.source in ("ocr", "second_look")
        if read.value is None or (scanned and _without_its_year(read)):
            continue
        place = Place(document_id, read.page, read.box, read.raw or str(read.value))
        again = looks.get(where(place), ()) if looks and scanned else ()
        in_words = name.endswith("_words_vnd")
        outcome, value = settled(read.value, read.raw, again, in_words=in_words)
        seen = tuple(readings(read.value, read.raw, again, in_words=in_words)) if numbered(read.value) else ()
        sure = read.confidence >= (_DISAGREEING if _only_disagrees(read) else bar)
        if outcome in ("held", "turned") and (sure or numbered(value) or _of_letters(read)):
            found[name] = Said(value, kind, place, row, scanned, confidence=1.0, twice=True, seen=seen)
        elif sure and outcome in ("silent", "leaning"):
            twice = read.source == "second_look" and not any(_REREAD.search(doubt) for doubt in read.doubts)
            shaky = outcome == "leaning"
            found[name] = Said(read.value, kind, place, row, scanned, read.confidence, twice, shaky, seen=seen)
        elif sure and outcome == "unclear":
            found[name] = Said(
                read.value, kind, place, row, scanned, read.confidence, shaky=True, unclear=True, seen=seen
            )
    return found


def where(place: Place) -> Where:
    return place.document, place.page or 0, place.box or Box(0, 0, 0, 0), place.value


def misread(main: Sequence[Said], other: Sequence[Said]) -> bool:
    """Whether reading alone may explain that the other places do not say what the main ones say: one side was only ever
    read from pixels, and the two differ as misreadings do."""
    if not (_scanned(main) or _scanned(other)):
        return False
    papers = {said.place.document for said in main}
    main, other = (_clear(said) or said for said in (main, other))
    if main[0].unclear or other[0].unclear:
        return not any(apart(one.seen, another.seen) for one in main for another in other)
    first, second = fold(str(main[0].value)), fold(str(other[0].value))
    if alike(_single(first), _single(second)):
        return True
    if numbered(main[0].value) and serial(str(main[0].value)) == serial(str(other[0].value)):
        return True
    if _cut(first, second):
        return True
    if _cut(second, first):
        return len(papers) < 2  # what several papers say was not cut in all of them
    if _read(main) and _read(other):
        return False
    if _a_letter_apart(first, second):
        return True
    if not look_alike(first, second):
        return False
    return not first.isdigit() or min(_surest(main), _surest(other)) < _SURE_FIGURES


def _clear(said: Sequence[Said]) -> list[Said]:
    return [each for each in said if not each.unclear]


def _read(said: Sequence[Said]) -> bool:
    """Not misread: no pixels, the same at a second look, or the same in two papers."""
    return any(each.twice or not each.scanned for each in said) or len({each.place.document for each in said}) > 1


def _single(text: str) -> str:
    """No letter twice in a row: "VŸỸ" is a misread "VỸ", and no word of Vietnamese but names of firms has two."""
    return re.sub(r"([^\W\d_])\1+", r"\1", text)


def look_alike(first: str, second: str) -> bool:
    """Whether two texts of one length differ only in figures that look like each other."""
    apart = [frozenset(pair) for pair in zip(first, second, strict=False) if pair[0] != pair[1]]
    return len(first) == len(second) and all(pair in _LOOK_ALIKES for pair in apart)


def _cut(whole: str, rest: str) -> bool:
    """Whether the rest is what is left of the whole: an end lost, words lost, figures lost before a month or year."""
    if _DAY.fullmatch(whole) and _DAY.fullmatch(rest):
        if len(whole) != len(rest):  # 1-1998 of 30-11-1998
            return whole[:4] == rest[:4]
        return whole[:7] == rest[:7] and whole[8:].lstrip("0").endswith(rest[8:].lstrip("0"))
    if rest.isdigit() and rest in whole:  # an account of which both ends stand on a line
        return True
    left = iter(whole.split())
    return whole.startswith(rest) or whole.endswith(rest) or all(word in left for word in rest.split())


def _a_letter_apart(first: str, second: str) -> bool:
    """One sign is another, and not a figure another figure."""
    apart = [pair for pair in zip(first, second, strict=False) if pair[0] != pair[1]]
    return len(first) == len(second) and len(apart) == 1 and not all(sign.isdigit() for sign in apart[0])


def _scanned(said: Sequence[Said]) -> bool:
    return all(each.scanned for each in said)


def _surest(said: Sequence[Said]) -> float:
    return max(each.confidence if each.scanned else 1.0 for each in said)


def _without_its_year(read: Field) -> bool:
    """A day whose four figures of the year are not in what was read: 04/U6/19 of 04/06/1978."""
    return bool(_DAY.fullmatch(str(read.value))) and bool(read.raw) and str(read.value)[:4] not in read.raw


def _only_disagrees(read: Field) -> bool:
    return bool(read.doubts) and all(map(_disagrees, read.doubts))


def _of_letters(read: Field) -> bool:
    return all(doubt in _LETTERS or _VOTED.match(doubt) or _disagrees(doubt) for doubt in read.doubts)


def _disagrees(doubt: str) -> bool:
    return any(each.fullmatch(doubt) for each in _disagreements())


@functools.cache
def _disagreements() -> tuple[re.Pattern[str], ...]:
    source = (resources.files("casework") / "rulebook/contradictions.toml").read_text(encoding="utf-8")
    sentences = tomllib.loads(source)["disagreements"]
    return tuple(re.compile(re.escape(said).replace(r"\{\}", ".*")) for said in sentences)
