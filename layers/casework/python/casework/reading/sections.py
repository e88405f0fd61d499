"""Whose part of a paper a position stands in: the head, one party, the other party, the articles.

No single sign decides: headings, the labels that only one party can have and the order of papers are weighed together,
and the cheapest way through the whole paper is taken (Viterbi). So a table of both parties without headings, parties
named in one sentence, or a heading of another office's making are divided as well as a form with its "BÊN A".
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from casework.reading.document_types import DocumentType, Section
from casework.reading.flow import Flow
from casework.reading.labels import ITEM, OPENS_LINE, Label, loose, value_start

HEAD = "head"


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the document in the text: [start, end), with its id and where its heading's own value begins."""

    id: str
    start: int
    end: int
    value_at: int


@dataclass(frozen=True, slots=True)
class _Sign:
    """Something that speaks for a section: a heading (`opens` its section) or a label (of fields in `owners`)."""

    start: int
    end: int
    opens: Section | None
    owners: frozenset[str]
    firm: bool  # it opens a line, or ends in a colon: a word of a sentence says less
    holds: tuple[tuple[str, int], ...] = ()
    begins: float = (
        0.0  # what it costs to begin a part here: least where a person is named, most within his particulars
    )
    by_letter: bool = False  # a heading "Bên A", "Bên B": which party that is, the paper decides


# What speaks against a way, in natural units; set by hand so that two labels of one party outweigh a wrong heading,
# and one label inside a sentence never opens a section by itself.
_HEADING_IGNORED, _LETTER_IGNORED = 4.0, 1.2
_LAST_IGNORED = 5.0
_FOREIGN_LABEL, _FOREIGN_WORD = 1.6, 1.2
_IN_ARTICLES = 0.6
_HELD = 0.6
_CHANGE, _CHANGE_IN_SENTENCE, _CHANGE_AT_HEADING = 2.0, 2.6, 0.2
# A paper that has headings for its parties changes from one to the other at them.
_CHANGE_BESIDE_HEADINGS = 1.5
_FROM_HEAD = 1.0
_NAME_BEGINS, _NO_BEGINNING = -0.2, 0.3
_TO_ARTICLES_UNTOLD = 3.0
_BACK_FROM_ARTICLES = 5.0
_BACK_TO_HEAD = 9.0

_HEADING_END = re.compile(r"[ \t]*(?:[:(\n\t\f/,.–—-]|$|la\b|gom\b|ong\b|ba\b|cong ty|\d)")
_PAUSE = re.compile(r"(?:[;\n\t\f.]|\bva)\s*$")


def find_parts(flow: Flow, described: DocumentType, labels: tuple[Label, ...]) -> tuple[Part, ...]:
    """The sections of the document in reading order; what stands before the first is "head"."""
    signs = sorted([*_headings(flow, described), *_owned(labels)], key=lambda sign: (sign.start, -sign.end))
    if not described.sections or not signs:
        return (Part(HEAD, 0, len(flow.text), 0),)
    way = _cheapest(flow, described, signs)
    parts = [Part(HEAD, 0, len(flow.text), 0)]
    for sign, state in zip(signs, way, strict=True):
        heads = sign.opens is not None and (sign.opens.id == state or bool(sign.holds))
        if state == parts[-1].id and not (heads and state != HEAD and not _is_last(described, state)):
            continue
        parts[-1] = Part(parts[-1].id, parts[-1].start, sign.start, parts[-1].value_at)
        value_at = value_start(flow, sign.end) if heads else len(flow.text)
        parts.append(Part(state, sign.start, len(flow.text), value_at))
    return tuple(parts)


def part_at(parts: tuple[Part, ...], position: int) -> Part:
    """The section in which a position stands."""
    for part in reversed(parts):
        if part.start <= position:
            return part
    return parts[0]


def _headings(flow: Flow, described: DocumentType) -> list[_Sign]:
    found: list[tuple[int, int, Section]] = []
    for section in described.sections:
        for phrase in section.opens:
            for match in re.finditer(rf"(?<![a-z0-9]){loose(phrase)}(?![a-z0-9])", flow.folded):
                if _is_heading(flow, match.start(), match.end()):
                    found.append((match.start(), match.end(), section))
    found += _party_headings(flow, described)
    found.sort(key=lambda heading: (heading[0], -heading[1]))
    kept: list[tuple[int, int, Section]] = []
    for heading in found:
        if not kept or heading[0] >= kept[-1][1]:
            kept.append(heading)
    signs = []
    for index, (start, end, section) in enumerate(kept):
        until = kept[index + 1][0] if index + 1 < len(kept) else len(flow.text)
        text = flow.folded[start : min(until, start + 1500)]
        holds = tuple(
            (other.id, sum(mark in text for mark in other.holds)) for other in described.sections if other.holds
        )
        letter = _BY_LETTER.fullmatch(flow.folded[start:end]) is not None
        signs.append(
            _Sign(start, end, section, frozenset({section.id}), True, () if section.last else holds, 0.0, letter)
        )
    return signs


# What parties are called in headings of any wording; A and B decide only where nothing else does.
_PARTIES = {
    "employer": re.compile(
        r"\b(?:su dung lao dong|nsdld|ben thue|ben tuyen dung|chu su dung|cong ty|doanh nghiep|don vi|"
        r"co quan|employer|hop tac xa)\b"
    ),
    "employee": re.compile(
        r"(?<!su dung )\b(?:nguoi lao dong|ben lao dong|nld|ben nhan viec|ben lam viec|nhan vien|"
        r"ca nhan|employee|worker)\b"
    ),
}
_LETTERS = {
    "employer": re.compile(r"\bben (?:a|thu nhat|mot)\b|party a\b"),
    "employee": re.compile(r"\bben (?:b|thu hai|kia)\b|party b\b"),
}
_HEADING = re.compile(
    rf"(?:^|(?<=[\n\t\f])){ITEM}(?P<head>(?:(?:thong tin|ve|phia|dai dien|doi voi|cac|chu the)\s+)*"
    r"(?:ben|nguoi (?:su dung )?lao dong|nsdld|nld|chu su dung|don vi su dung|nguoi thue)\b"
    r"[^:\n\t\f]{0,60})(?P<close>[:\n\t\f])"
)
_MOST_WORDS = 9
_BY_LETTER = re.compile(r"(?:dai dien )?(?:ben|party) [ab]")


def _party_headings(flow: Flow, described: DocumentType) -> list[tuple[int, int, Section]]:
    """Headings that name a party in words of their own: "BÊN THUÊ (Bên A)", "Bên lao động:"."""
    known = {section.id: section for section in described.sections}
    found = []
    for match in _HEADING.finditer(flow.folded):
        head = match["head"].strip()
        if len(head.split()) > _MOST_WORDS or head.endswith((".", ",", ";")):
            continue
        shown = flow.text[match.start("head") : match.end("head")]
        if not shown[0].isupper() or (match["close"] != ":" and shown != shown.upper() and "(" not in shown):
            continue
        outside = re.sub(r"\([^)]*\)?", " ", head)
        for text, words in ((outside, _PARTIES), (head, _LETTERS)):
            named = [name for name in words if name in known and words[name].search(text)]
            if len(named) == 1:
                found.append((match.start("head"), match.end("head"), known[named[0]]))
            if named:
                break
    return found


def _is_heading(flow: Flow, start: int, end: int) -> bool:
    before = flow.folded[max(0, start - 16) : start]
    if OPENS_LINE.search(before) is None and start > 0:
        return False
    capitals = flow.text[start:end].upper() == flow.text[start:end]
    return capitals or _HEADING_END.match(flow.folded, end) is not None


def _owned(labels: tuple[Label, ...]) -> list[_Sign]:
    """Labels whose fields all belong to known sections; one that may stand anywhere says nothing."""
    signs = []
    for label in labels:
        owners = frozenset(field.section for field in label.fields if field.id not in _ANYONES)
        if owners and "any" not in owners:
            named = any(field.type == "person" for field in label.fields)
            begins = _NAME_BEGINS if named else 0.0 if len(owners) == 1 else _NO_BEGINNING
            signs.append(_Sign(label.start, label.end, None, owners, label.closed or label.opens, (), begins))
    return signs


# What papers print of both parties, though as a field it is known of one alone.
_ANYONES = frozenset(
    {"employee.nationality", "employee.bank_name", "employee.bank_account_holder", "employee.phone", "employer.phone"}
)


def _is_last(described: DocumentType, state: str) -> bool:
    return any(section.id == state and section.last for section in described.sections)


def _cheapest(flow: Flow, described: DocumentType, signs: list[_Sign]) -> list[str]:
    """The section of every sign on the cheapest way through the paper."""
    states = [HEAD, *(section.id for section in described.sections)]
    last = {section.id for section in described.sections if section.last}
    costs = {state: 0.0 if state == HEAD else _CHANGE for state in states}
    came: list[dict[str, str]] = []
    # Headings behind the first article are those of the signatures.
    before = itertools.takewhile(lambda sign: sign.opens is None or not sign.opens.last, signs)
    headed = {sign.opens.id for sign in before if sign.opens is not None}
    for number, sign in enumerate(signs):
        pause = sign.start == 0 or _PAUSE.search(flow.folded[max(0, sign.start - 6) : sign.start]) is not None
        now: dict[str, float] = {}
        origin: dict[str, str] = {}
        for state in states:
            ways = {other: costs[other] + _change(other, state, sign, pause, last, headed) for other in states}
            origin[state] = min(states, key=ways.__getitem__) if number else state
            now[state] = (ways[origin[state]] if number else costs[state]) + _cost(sign, state, last)
        costs = now
        came.append(origin)
    state = min(states, key=lambda each: costs[each])
    way = [state]
    for origin in reversed(came[1:]):
        state = origin[state]
        way.append(state)
    return way[::-1]


def _change(before: str, state: str, sign: _Sign, pause: bool, last: set[str], headed: set[str]) -> float:
    if before == state:
        return 0.0
    if state == HEAD:
        return _BACK_TO_HEAD
    if before in last:
        return _BACK_FROM_ARTICLES
    if state in last and (sign.opens is None or not sign.opens.last):
        return _TO_ARTICLES_UNTOLD
    if sign.opens is not None:
        return _CHANGE_AT_HEADING
    if before == HEAD:
        return _FROM_HEAD
    cost = (_CHANGE if pause else _CHANGE_IN_SENTENCE) + sign.begins
    return cost + (_CHANGE_BESIDE_HEADINGS if state in headed and state not in last else 0.0)


def _cost(sign: _Sign, state: str, last: set[str]) -> float:
    """What it costs to take a sign for one of this section."""
    if sign.opens is not None:
        held = dict(sign.holds)
        less = _HELD * (max(held.values(), default=0) - held.get(state, 0)) if held and state not in last else 0.0
        if sign.opens.id == state:
            return min(less, 3.0)
        # In the articles the parties are spoken of at the head of many lines.
        if state in last:
            return 1.0
        if sign.by_letter and state != HEAD:
            return _LETTER_IGNORED + min(less, 3.0)
        return (_LAST_IGNORED if sign.opens.last else _HEADING_IGNORED) + min(less, 3.0)
    if state in sign.owners:
        return 0.0
    if state in last:
        return _IN_ARTICLES
    if state == HEAD and sign.owners & last:
        return 0.5 * _FOREIGN_WORD
    return _FOREIGN_LABEL if sign.firm else _FOREIGN_WORD
