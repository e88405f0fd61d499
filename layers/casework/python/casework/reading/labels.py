"""Labels among the text: where each stands and which fields it can mean.

Labels are compared folded and squeezed, so that lost marks, split and merged words do not hide them; on pages read
by OCR a label with misread letters is still known by its likeness. What follows a label is the values' business.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from casework.reading.document_types import DocumentType, FieldDescription, document_types, squeeze
from casework.reading.flow import Flow
from casework.vietnam.names import FAMILY

# A misread label must keep this likeness (letters right of letters in all, percent) to be believed.
_LIKENESS = 84.0
_SHORTEST_FUZZY = 6
_SURE = 0.9  # of labels by their quality: misread ones, and those in words of their own, are less

ITEM = (
    r"(?:(?:phan|muc|chuong|part|section)\s+(?:\d{1,2}|[ivx]{1,4}|[a-d]|thu (?:nhat|hai|ba))\s*)?"
    r"(?:[-+*•●○·.,;:'\"|_~©®«»=>\[\]()–—]+\s*|\(?(?:\d{1,2}|[a-zđ]|[ivxl1|]{1,4})\s*(?:\.\d{1,2})?\s*[.)/:]\s*){0,3}"
)
OPENS_LINE = re.compile(rf"(?:^|[\n\t\f])\s*{ITEM}$")
_AFTER_PAUSE = re.compile(r"[;,.)|:–—-]\s*$")
# Between a label and its value: a remark in brackets, the label in the other language, colon, dot leaders.
_SEPARATOR = re.compile(
    r"\)?(?:[ \t]+la\b(?=[ \t:])|[ \t]+(?:tai|so|ngay|vao ngay)(?=[ \t]*:))?"
    r"(?:[ \t]*\((?![ \t]*\d{1,2} ?(?:thang|nam)\b)[^()\n\f]{0,60}\))?"
    r"(?:[ \t]*/[ \t]*(?:[a-z]|\d(?=[a-z]))[a-z .,'/()&-]{1,45}?(?=[ \t]*[:.…\t\f\n]))?(?:[ \t]"
    r"*\([^()\n\f]{0,40}\)(?=\s*[:.…]))?"
    r"[ \t]*[:.…_;]*[ \t.…_:]*"
)
_WORDY = frozenset({"text", "company", "address", "person", "position", "issuer", "reason", "bank", "nationality"})


@dataclass(frozen=True, slots=True)
class Label:
    """One label where it stands: [start, end) is the label, `value_at` where its value begins."""

    start: int
    end: int
    value_at: int
    fields: tuple[FieldDescription, ...]
    quality: float
    closed: bool
    squeezed: str
    opens: bool = True  # it opens a line or cell; one that neither opens nor is closed is a word of a sentence
    with_next: bool = False  # the label and the one behind it share one place for their two values


@dataclass(frozen=True, slots=True)
class _Lexicon:
    pattern: re.Pattern[str]
    fields: dict[str, tuple[FieldDescription, ...]]
    inline: frozenset[str]
    plain: frozenset[str]
    names: tuple[str, ...]


def loose(phrase: str) -> str:
    """The pattern of a folded phrase whose words may have merged, split or wrapped. A comma between two of its words
    must be its own: "Hà Nội, thường trú" is no "nơi thường trú"."""
    pattern = ""
    for word in re.finditer(r"(?P<sign>[^a-z0-9]*)(?P<word>[a-z0-9]+)", phrase):
        if pattern:
            pattern += (
                r"(?:[^a-z0-9:\n\f]{0,3}|[ ,]?\n)" if "," in word["sign"] else r"(?:[^a-z0-9:,;\n\f]{0,3}|[ ]?\n)"
            )
        pattern += word["word"]
    return pattern


@functools.cache
def _lexicon(type_id: str) -> _Lexicon:
    described = document_types()[type_id]
    fields: dict[str, list[FieldDescription]] = {}
    phrases: dict[str, str] = {}
    inline: set[str] = set()
    for field in described.fields:
        for label in field.labels:
            key = squeeze(label)
            fields.setdefault(key, []).append(field)
            if "," in label or key not in phrases:  # the spelling with a comma lets commas in
                phrases[key] = label
        inline |= {squeeze(label) for label in field.inline}
    for label in described.stops:
        phrases.setdefault(squeeze(label), label)
        fields.setdefault(squeeze(label), [])
    inline |= {squeeze(label) for label in described.inline_stops}
    ordered = sorted(phrases, key=len, reverse=True)
    pattern = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(loose(phrases[key]) for key in ordered)})(?![a-z0-9])")
    plain = frozenset(key for field in described.fields for key in field.plain)
    names = tuple(key for key in ordered if len(key) >= _SHORTEST_FUZZY)
    return _Lexicon(pattern, {key: tuple(value) for key, value in fields.items()}, frozenset(inline), plain, names)


def find_labels(flow: Flow, described: DocumentType) -> list[Label]:
    """Every listed label of the type's fields (and those that only end a value), none within another, in no order."""
    lexicon = _lexicon(described.id)
    found = [label for label in _exact(flow, lexicon) if label is not None]
    if flow.ocr_pages:
        found += _misread(flow, lexicon, found)
    return found


def in_order(flow: Flow, found: list[Label]) -> tuple[Label, ...]:
    """Labels in reading order, those that share one place for their values told as pairs."""
    return tuple(_paired(flow, sorted(found, key=lambda label: label.start)))


_PAIR = re.compile(r"[ \t]*(?:[,/&+-]|va\b|and\b|;)?[ \t]*")


def _paired(flow: Flow, found: list[Label]) -> Iterator[Label]:
    """ "Ngày cấp, nơi cấp: 03/03/2017, Công an …": the first label's value stands behind the second as well."""
    before: Label | None = None
    for label, following in itertools.pairwise([*found, None]):
        if label is None:
            return
        if (
            before is not None
            and before.fields
            and before.value_at == label.start
            and not label.closed
            and not label.opens
            and any(field.type in _WORDY for field in label.fields)
        ):
            continue  # "Bộ phận: Bộ phận Bếp": the word belongs to the value
        if (
            before is not None
            and before.value_at == label.start
            and label.quality < _SURE
            and any(field.type == "person" for field in before.fields)
            and FAMILY.match(flow.folded, label.start)
        ):
            continue  # "Họ tên: NGUYỄN ANH TOÀN": no misread "Nguyên nhân"
        before = label
        if (
            following is not None
            and following.closed
            and (not label.closed or label.value_at == following.value_at)
            and label.fields
            and following.fields
            and not {field.type for field in label.fields} & {field.type for field in following.fields}
            and _PAIR.fullmatch(flow.folded, label.end, following.start)
        ):
            label = replace(label, value_at=following.value_at, closed=True, with_next=True)
        yield label


def _exact(flow: Flow, lexicon: _Lexicon) -> Iterator[Label]:
    position = 0
    while match := lexicon.pattern.search(flow.folded, position):
        label = _judge(flow, lexicon, match.start(), match.end(), squeeze(match[0]), 1.0)
        if label is not None:
            yield label
            position = max(label.end, match.start() + 1)
        else:
            position = match.start() + 1


def _judge(flow: Flow, lexicon: _Lexicon, start: int, end: int, key: str, quality: float) -> Label | None:
    """Whether what stands here is used as a label: it opens a line, ends in a colon, or may stand inside a sentence."""
    fields = lexicon.fields.get(key)
    if fields is None or (key in lexicon.plain and not flow.text[start:end].isascii()):
        return None
    if key in _MARKED and flow.text[start:end].lower() not in _MARKED[key]:
        return None  # "Chí", "Ánh", "Ba" begin names and numbers; "lao động tại" is no "đóng tại"
    if key.startswith("namsinh") and re.match(r"Nam\s+S", flow.text[start:end]):
        return None  # "Nguyễn Trọng Nam  Sinh ngày: …", "Quốc tịch: Việt Nam / Sinh ngày …"
    if key.startswith("noi") and _HA.search(flow.folded, max(0, start - 4), start):
        return None  # "Công an TP. Hà Nội cấp ngày …" says nothing of a "nơi cấp"
    if "\n" in flow.text[start:end] and not flow.line_at(flow.text.index("\n", start)).full:
        return None
    before, value_at = flow.folded[max(0, start - 16) : start], value_start(flow, end)
    between = flow.folded[end:value_at]
    closed = ":" in between or "..." in between or "…" in between or flow.folded[end : end + 1] in ("\t", "\f")
    closed = closed or (bool(flow.ocr_pages) and re.match(r"\s?[;.]\s", between) is not None and len(key) > 6)
    opens = OPENS_LINE.search(before) is not None or start == 0
    if opens and closed:
        return Label(start, end, value_at, fields, quality, True, key)
    if key in lexicon.inline:
        return Label(start, end, value_at, fields, quality * (0.98 if closed else 0.92), closed, key, opens)
    pause = _AFTER_PAUSE.search(before) or flow.text[start].isupper()
    if closed and (pause or len(key) > 3):  # "tổng số:" is no "số:"
        return Label(start, end, value_at, fields, quality * (0.95 if pause else 0.8), True, key, opens)
    if pause and not opens and flow.text[value_at : value_at + 1].isdigit() and _typed(fields):
        return Label(start, end, value_at, fields, quality * 0.8, False, key, opens)  # "Điều 2: Lương 5.500.000 đồng"
    if key in _NEVER_OPEN and not closed and (key != "so" or flow.text[start].islower()):
        return None
    if opens and (_may_stand_open(flow, fields, value_at, key) or _pairs(flow, lexicon, end)):
        return Label(start, end, value_at, fields, quality * 0.85, False, key)
    return None


_HA = re.compile(r"(?<![a-z])ha[ \n]$")


def _typed(fields: tuple[FieldDescription, ...]) -> bool:
    """Fields whose values cannot be mistaken for figures of another kind."""
    return bool(fields) and all(
        field.type in ("money", "date", "mst", "phone", "bhxh", "id_number") for field in fields
    )


_PAIR_SIGN = re.compile(r"\s*(?:[,/&]|va\b)\s*")


def _pairs(flow: Flow, lexicon: _Lexicon, end: int) -> bool:
    """A comma and a second label with its colon follow: "Người đại diện, chức vụ: …"."""
    sign = _PAIR_SIGN.match(flow.folded, end)
    second = lexicon.pattern.match(flow.folded, sign.end()) if sign else None
    if second is None or squeeze(second[0]) not in lexicon.fields:
        return False
    return re.match(r"\s*[:\t\f]", flow.folded[second.end() :]) is not None


# "Doanh nghiệp tư nhân …" is a name, "số 12 đường …" an address: such words are labels before a colon only.
_NEVER_OPEN = frozenset({"congty", "doanhnghiep", "donvi", "company", "so"})
_MARKED = {"ong": ("ông", "ong"), "ba": ("bà",), "anh": ("anh",), "chi": ("chị",), "dongtai": ("đóng tại", "dong tai")}
_TITLES = ("ong", "ba", "anhchi", "mrms", "anh", "chi")
_MY_NAME = ("dodaidien", "toitenla", "tentoila")


def _may_stand_open(flow: Flow, fields: tuple[FieldDescription, ...], value_at: int, key: str) -> bool:
    """A label without its colon: titles before a name, labels before a figure, and longer labels alone on a line."""
    following = flow.text[value_at : value_at + 1]
    if all(field.type == "person" for field in fields) and (key.endswith(_TITLES) or key in _MY_NAME):
        return following.isupper()
    if any(field.type not in _WORDY for field in fields):
        return True
    return len(key) >= 10 and (following.isupper() or following in "\n\f" or following.isdigit())


_SPECKS = re.compile(r"[^a-z0-9\n\f]{1,4}(?=\f)")


def value_start(flow: Flow, end: int) -> int:
    """Where the value behind a label or heading begins."""
    match = _SEPARATOR.match(flow.folded, end)
    position = match.end() if match else end
    # A label that fills its cell or line has its value in the next one; specks behind it are nothing.
    specks = _SPECKS.match(flow.folded, position)
    position = specks.end() if specks else position
    if flow.folded[position : position + 1] == "\f":
        position += 1
        again = re.compile(r"[ :.…_]*").match(flow.folded, position)
        position = again.end() if again else position
    return position


_HEAD = re.compile(
    rf"(?:^|(?<=[\n\t\f;,]))\s*{ITEM}(?P<head>[a-z][^:\n\t\f]{{2,44}}?)\s*(?P<colon>[:;]|\.{{3,}}|…|[\t\f])"
)
_OPEN_HEAD = re.compile(rf"(?:^|(?<=[\n\t\f]))\s*{ITEM}(?P<head>[a-z][^:\n\t\f]{{4,70}})")


def _misread(flow: Flow, lexicon: _Lexicon, found: list[Label]) -> list[Label]:
    """Labels whose letters were misread: what stands before a colon, or opens a line, and is like one label only."""
    extra: list[Label] = []
    taken = [(label.start, label.end) for label in found]
    for match in _HEAD.finditer(flow.folded):
        if any(start < match.end("head") and match.start("head") < end for start, end in taken):
            continue
        key = squeeze(match["head"])
        if len(key) < _SHORTEST_FUZZY - 1:
            continue
        best = process.extractOne(key, lexicon.names, scorer=fuzz.ratio, score_cutoff=_LIKENESS)
        if best:
            label = _judge(flow, lexicon, match.start("head"), match.end("head"), best[0], best[1] / 100)
            if label is not None:
                extra.append(label)
                taken.append((label.start, label.end))
    for match in _OPEN_HEAD.finditer(flow.folded):
        if any(start < match.end("head") and match.start("head") < end for start, end in taken):
            continue
        opened = _opening_words(match["head"], lexicon)
        if opened:
            key, likeness, length = opened
            label = _judge(flow, lexicon, match.start("head"), match.start("head") + length, key, likeness)
            if label is not None:
                extra.append(label)
    return extra


def _opening_words(head: str, lexicon: _Lexicon) -> tuple[str, float, int] | None:
    best: tuple[str, float, int] | None = None
    for word in list(re.finditer(r"\S+", head))[1:7]:
        key = squeeze(head[: word.end()])
        if len(key) < 8:
            continue
        near = process.extractOne(key, lexicon.names, scorer=fuzz.ratio, score_cutoff=90)
        if near and (best is None or near[1] > best[1] * 100):
            best = (near[0], near[1] / 100, word.end())
    return best
