"""Heads before values whose wording stands in no list of labels: known by the words they are made of.

"Ngày tháng năm sinh của người lao động:" is a date of birth because it says "sinh" and not "nơi". A head that says
nothing known still ends the value before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from casework.reading.document_types import DocumentType, FieldDescription, is_label
from casework.reading.flow import Flow
from casework.reading.labels import ITEM, Label, value_start
from casework.reading.lines import LINE_END
from casework.vietnam.letters import fold

_CLOSES = re.compile(r"[:\t\f]|\.{4,}|…")
_LIMITS = re.compile(r"[\n\t\f;:]|\.{3,}|…|(?<=[a-z0-9)]{3})\.\s")
_ITEM_BEFORE = re.compile(rf"\s*{ITEM}")
_JOINED = re.compile(r"\bva\b|/|,")
_BRACKETS = re.compile(r"\([^)]*\)?")
_LONGEST, _MOST_WORDS = 80, 10
# A head known by its words is less sure than one known as a whole.
_QUALITY = 0.88

_EMPLOYERS = re.compile(r"\b(?:cong ty|doanh nghiep|don vi|co quan|nsdld|nguoi su dung|ben su dung|ben a)\b")
_EMPLOYEES = re.compile(r"\b(?<!su dung )(?:nguoi lao dong|nld|nhan vien|cong nhan|ben b)\b")


def worded_heads(flow: Flow, described: DocumentType, found: list[Label]) -> list[Label]:
    """The labels with the heads told by their words: a whole head outweighs a label that is but a part of it."""
    fields = [field for field in described.fields if field.words]
    labels = list(found)
    for close in _CLOSES.finditer(flow.folded):
        start, end = _extent(flow, close.start(), close[0] == ":")
        if start >= end:
            continue
        inside = [label for label in labels if start <= label.start and label.end <= end]
        if any(label.start < start < label.end for label in labels):
            continue
        comma = flow.folded.rfind(", ", start, end)
        if comma >= 0 and _meant(flow.folded[comma + 2 : end], fields):
            start = comma + 2  # the end of one value and the head of the next
            inside = [label for label in inside if label.start >= start]
        meant = _meant(flow.folded[start:end], fields)
        touching = [label for label in inside if label.closed and label.end >= end - 1]
        if meant:
            ids = {field.id for field in meant}
            known = {field.id for label in inside for field in label.fields}
            # "Ngày và nơi cấp": two things under one head, of which one alone is a listed label.
            more = bool(ids - known) and _JOINED.search(flow.folded, start, end) is not None
            told = any(ids & {field.id for field in label.fields} for label in touching)
            if (told and not more) or _tells_itself(inside, start, end):
                continue
            # What fills the cell behind a label is its value, not the next label.
            if close[0] != ":" and (any(label.value_at == start for label in labels) or _is_rest(flow, start)):
                continue
            if close[0] in "\t\f" and is_label(_following(flow, close.end())):
                continue
            labels = [label for label in labels if label not in inside]
            labels.append(Label(start, end, value_start(flow, end), meant, _QUALITY, True, "", True))
        elif not inside and close[0] == ":" and _opens(flow, start, end):
            labels.append(Label(start, end, value_start(flow, end), (), _QUALITY, True, "", True))
    return labels


_BEFORE = re.compile(rf"(?:^|[\n\t\f]|[.;,)\d…]\s)\s*{ITEM}$")


def _opens(flow: Flow, start: int, end: int) -> bool:
    """What stands here begins something: not the rest of a wrapped sentence."""
    if not flow.text[start].isupper() or "," in flow.text[start:end]:
        return False
    before = _BEFORE.search(flow.folded[max(0, start - 16) : start])
    if before is None and start > 0:
        return False
    index = flow.line_index(start)
    wrapped = (
        index > 0 and flow.lines[index - 1].full and not flow.lines[index - 1].text.rstrip().endswith((".", ";", ":"))
    )
    return not (wrapped and flow.line_start(index) == start)


def _tells_itself(inside: Iterable[Label], start: int, end: int) -> bool:
    """A known label fills the head but for a few signs: it says what the head means."""
    return any(label.end - label.start >= 0.8 * (end - start) for label in inside)


def _is_rest(flow: Flow, start: int) -> bool:
    """The line above goes on here: what fills its own line is the rest of a value ("…, TP." / "Hải Phòng")."""
    index = flow.line_index(start)
    above = flow.lines[index - 1] if index else None
    return above is not None and above.full and above.ends == LINE_END and flow.line_start(index) == start


def _following(flow: Flow, position: int) -> str:
    return re.split(r"[\n\t\f:]", flow.text[position : position + 60])[0]


def _extent(flow: Flow, close: int, colon: bool) -> tuple[int, int]:
    """Where the head before a colon, gap or dot leader begins and ends; empty when what stands there is no head."""
    window = max(0, close - _LONGEST)
    limits = [match.end() for match in _LIMITS.finditer(flow.folded, window, close)]
    if not limits and window:
        return close, close
    start = limits[-1] if limits else 0
    item = _ITEM_BEFORE.match(flow.folded, start, close)
    start = item.end() if item else start
    text = flow.text[start:close]
    end = start + len(text.rstrip())
    bare = _BRACKETS.sub(" ", text)
    if not bare.strip() or re.search(r"\d", bare) or len(bare.split()) > _MOST_WORDS or not bare.strip()[0].isalpha():
        # The end of one value and the head of the next: the head begins with the last capital.
        last = re.search(r"(?<=\s)[^\W\d_a-zà-ỹ]\w*(?:[ /][^\W\dA-ZĐ_]\w*){0,6}\s*$", text)
        if not colon or last is None or len(last[0].strip()) < 2:
            return close, close
        start += last.start()
    return start, end


def _meant(head: str, fields: list[FieldDescription]) -> tuple[FieldDescription, ...]:
    """The fields whose words the head has."""
    spoken = " ".join(re.findall(r"[a-z0-9]+", _BRACKETS.sub(" ", fold(head))))
    if not spoken:
        return ()
    framed = f" {spoken} "
    meant = [field for field in fields if any(_says(framed, way) for way in field.words)]
    employers = [field for field in meant if not field.id.startswith("employee.")]
    employees = [field for field in meant if not field.id.startswith("employer.")]
    if _EMPLOYEES.search(spoken):
        meant = employees
    elif _EMPLOYERS.search(spoken) and any(field.id.startswith("employer.") for field in meant):
        meant = employers
    return tuple(meant)


def _says(framed: str, way: tuple[tuple[str, ...], ...]) -> bool:
    for group in way:
        if group[0] == "!":
            if any(f" {word} " in framed for word in group[1:]):
                return False
        elif not any(f" {word} " in framed for word in group):
            return False
    return True
