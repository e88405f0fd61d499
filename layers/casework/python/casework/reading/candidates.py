"""Every place of a document where a field may have its value, each with its belief.

One function per way to find a field (`find` in rulebook/documents): by its label, by the line with place and date,
by a period in the text, by the contract it refers to, by phrases. Choosing among candidates is not done here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from casework.document import FieldValue
from casework.reading.document_types import DocumentType, FieldDescription
from casework.reading.labels import Label, Part, find_labels, find_parts, part_at
from casework.reading.lines import Flow
from casework.reading.values import Value, Window, looks_like_company, read_value
from casework.vietnam import dates
from casework.vietnam.addresses import province_of
from casework.vietnam.letters import fold

# How far a value may run past its label: characters, and lines it may wrap over.
_REACH = 260
_WRAPS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value one field may have: where it stands in the flow, and how strongly label, section and form speak for it."""

    value: FieldValue
    start: int
    end: int
    belief: float
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class Paper:
    """One document's text with its labels and sections, and what is worked out once for all its fields."""

    flow: Flow
    described: DocumentType
    labels: tuple[Label, ...] = ()
    parts: tuple[Part, ...] = ()
    dates: tuple[dates.FoundDate, ...] = ()
    spans: tuple[dates.Span, ...] = ()
    plain: str = field(default="", repr=False)
    folded: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self.labels = find_labels(self.flow, self.described)
        self.parts = find_parts(self.flow, self.described)
        self.plain = re.sub(r"[\n\t\f]", " ", self.flow.text)
        self.folded = fold(self.plain)
        self.dates = dates.find_dates(self.plain)
        self.spans = dates.find_spans(self.plain, self.dates)


def candidates(paper: Paper, described: FieldDescription) -> list[Candidate]:
    """All candidates of one field, in no order."""
    found = list(_WAYS[described.find](paper, described))
    if described.id in ("employer.name", "employee.full_name", "employer.representative.full_name"):
        found += _by_heading(paper, described)
    return found


# By label --------------------------------------------------------------------------------------------------------


def _by_label(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    for index, label in enumerate(paper.labels):
        if described not in label.fields:
            continue
        weight = _section_weight(paper, described, label.start)
        if weight == 0 or _avoided(paper, described, label.start):
            continue
        value = _value_after(paper, index, described)
        if value is None:
            continue
        at = label.value_at
        belief = label.quality * weight * value.quality
        yield Candidate(value.value, at + value.start, at + value.end, belief, value.doubts)
    yield from _after_another(paper, described)


def _after_another(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """ "cấp ngày 03/03/2017 tại Công an …": a word that is a label only close behind another field's value."""
    for words, other in described.after:
        for index, label in enumerate(paper.labels):
            if not any(field.id == other for field in label.fields):
                continue
            weight = _section_weight(paper, described, label.start)
            before = next((field for field in label.fields if field.id == other), None)
            value = _value_after(paper, index, before) if before and weight else None
            if value is None:
                continue
            end = label.value_at + value.end
            match = re.compile(rf"[\s,;.]*{re.escape(words)}(?![a-z])[\s:.…]*").match(paper.flow.folded, end)
            if match is None or re.search(r"[\n\f]", match[0][: len(match[0].rstrip())]):
                continue
            stop = next((later.start for later in paper.labels if later.start >= match.end()), len(paper.flow.text))
            stop = min(stop, match.end() + _REACH)
            tight = _tight(paper.flow, match.end(), stop, described.type)
            found = read_value(described.type, Window(tight, tight))
            if found is not None:
                at = match.end()
                yield Candidate(
                    found.value, at + found.start, at + found.end, 0.92 * weight * found.quality, found.doubts
                )


def _section_weight(paper: Paper, described: FieldDescription, position: int) -> float:
    """1 in the field's own section, less where papers sometimes put it, 0 where it would be another's."""
    if described.section == "any":
        return 0.98
    here = part_at(paper.parts, position).id
    if here == described.section:
        return 1.0
    known = {part.id for part in paper.parts}
    if described.section not in known:
        return 0.8
    if described.section == "head":
        return 0.3
    owner = described.id.split(".")[0]
    if here == "articles" and owner in ("employee", "employer") and described.section != "articles":
        return 0.45 if described.type not in ("person", "text", "position", "phone", "address") else 0.0
    if described.section == "articles" and here in ("employee", "head"):
        return 0.7
    return 0.0 if owner in ("employee", "employer") else 0.5


def _avoided(paper: Paper, described: FieldDescription, position: int) -> bool:
    words = described.avoid + described.unless_before
    if not words:
        return False
    before = re.split(r"[.;]\s|[\n\f]", paper.flow.folded[max(0, position - 60) : position])[-1]
    return any(word in before for word in words)


def _value_after(paper: Paper, index: int, described: FieldDescription) -> Value | None:
    label = paper.labels[index]
    stop = next(
        (other.start for other in paper.labels[index + 1 :] if other.start >= label.value_at), len(paper.flow.text)
    )
    part_end = part_at(paper.parts, label.start).end
    stop = min(stop, max(part_end, label.value_at), label.value_at + _REACH)
    if stop <= label.value_at:
        return None
    window = Window(_tight(paper.flow, label.value_at, stop, described.type), paper.flow.text[label.value_at : stop])
    return read_value(described.type, window)


_NEW_ITEM = re.compile(
    r"\s*(?:[-+*•●○·]|\(?(?:\d{1,2}|[a-zđ])\s*[.)]\s|dieu\s+\d|ong\b|ba\b|cong hoa|ben [ab]\b|\d\.\d)"
)
# Values of a few words: a long line that begins with a capital is not their rest.
_SHORT = frozenset({"issuer", "bank", "person", "position"})
_MAY_WRAP = frozenset({"address", "company", "text", "reason", "issuer", "bank", "position", "person"})


def _tight(flow: Flow, start: int, stop: int, kind: str) -> str:
    """The value's own stretch: to the end of its line, over the lines it wraps over, never past a gap or its cell."""
    position, wraps = start, 0
    while position < stop:
        match = re.compile(r"[\n\t\f]").search(flow.text, position, stop)
        if match is None:
            return flow.text[start:stop]
        sign = match[0]
        if sign == "\f":
            return flow.text[start : match.start()]
        empty = not flow.text[start : match.start()].strip(" .…_:\t")
        if sign == "\t" and not empty and not _over_gap(flow, match.start(), kind):
            return flow.text[start : match.start()]
        if sign == "\n" and not empty and not _goes_on(flow, match.start(), kind, wraps):
            return flow.text[start : match.start()]
        wraps += sign == "\n"
        position = match.end()
    return flow.text[start:stop]


def _over_gap(flow: Flow, gap: int, kind: str) -> bool:
    """An address goes on over a gap (a widely spaced or torn line) unless something with a colon stands there."""
    if kind not in ("address", "company"):
        return False
    rest = re.split(r"[\n\f]", flow.text[gap + 1 : gap + 80])[0]
    return ":" not in rest and (flow.text[gap - 1 : gap] == "," or rest[:1].islower() or kind == "address")


def _goes_on(flow: Flow, newline: int, kind: str, wraps: int) -> bool:
    if kind not in _MAY_WRAP or wraps >= _WRAPS:
        return False
    line = flow.line_at(newline)
    index = flow.line_index(newline)
    if not line.full or index + 1 >= len(flow.lines):
        return False
    following = flow.lines[index + 1]
    if kind in _SHORT and following.box.width > 0.6 * line.box.width and not following.words[0].text[:1].islower():
        return False
    if _NEW_ITEM.match(flow.folded, newline + 1) or following.page != line.page:
        return False
    if re.search(r"[;:]$|[a-z]{3}\.$", flow.folded[max(0, newline - 5) : newline]):
        return False
    # A line far below, or in another column, is another thing.
    return (
        following.box.y0 - line.box.y1 < 1.6 * max(line.box.height, following.box.height)
        and following.box.x0 < line.box.x1
    )


# By the heading of a party ---------------------------------------------------------------------------------------

_TITLED = re.compile(r"(?:ong|ba|anh|chi|mr|ms)\b")


def _by_heading(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """What follows "BÊN A:" itself, and a line that names a company without any label."""
    for part in paper.parts:
        if part.id == "head" or part.id != described.section or part.value_at >= part.end:
            continue
        stop = next((label.start for label in paper.labels if label.start >= part.value_at), part.end)
        stop = min(stop, part.end, part.value_at + _REACH)
        tight = _tight(paper.flow, part.value_at, stop, described.type)
        if not tight.strip():
            continue
        company = looks_like_company(tight)
        titled = _TITLED.match(fold(tight).lstrip(" :")) is not None
        if described.type == "company" and not company:
            continue
        if described.type == "person" and (company or (described.id.startswith("employer") and not titled)):
            continue
        value = read_value(described.type, Window(tight, tight))
        if value is not None:
            start = part.value_at + value.start
            yield Candidate(value.value, start, part.value_at + value.end, 0.9 * value.quality, value.doubts)
    if described.id == "employer.name":
        yield from _company_lines(paper)


def _company_lines(paper: Paper) -> Iterator[Candidate]:
    for index, line in enumerate(paper.flow.lines):
        start = paper.flow.line_start(index)
        here = part_at(paper.parts, start).id
        if here not in ("head", "employer") or not looks_like_company(line.text):
            continue
        capitals = sum(character.isupper() for character in line.text) > 0.6 * sum(map(str.isalpha, line.text))
        if not capitals and here == "head":
            continue
        stop = min(len(paper.flow.text), start + _REACH)
        stop = min([stop, *(label.start for label in paper.labels if label.start > start)])
        value = read_value("company", Window(_tight_heading(paper.flow, start, stop, index), ""))
        if value is not None:
            belief = (0.72 if here == "employer" else 0.62) * value.quality
            yield Candidate(value.value, start + value.start, start + value.end, belief, value.doubts)


def _tight_heading(flow: Flow, start: int, stop: int, index: int) -> str:
    """A company's name in a letterhead: capitals going on in the next line of the same column."""
    end = re.compile(r"[\n\t\f]|$").search(flow.text, start, stop)
    finish = end.start() if end else stop
    while index + 1 < len(flow.lines) and finish < stop and flow.text[finish] == "\n":
        following = flow.lines[index + 1]
        text = following.text
        near = following.box.y0 - flow.lines[index].box.y1 < 1.2 * following.box.height
        if (
            not near
            or text != text.upper()
            or re.match(r"so\b|cong hoa|doc lap|hop dong|thoa thuan|danh sach|bien ban|ban thoa|dia chi|-", fold(text))
        ):
            break
        index += 1
        finish = flow.line_start(index) + len(text)
    return flow.text[start : min(finish, stop)]


# By the line with place and date -----------------------------------------------------------------------------------

_PLACE_BEFORE = re.compile(r"(?:^|[\n\t\f])[\s(]*(?P<place>[^\n\t\f,;:]{2,40}?)\s*[,;.]\s*(?:ngày\s*)?$", re.IGNORECASE)


_PLACE_AFTER = re.compile(
    r",?\s*(?:tại|at|ở)\s+(?P<place>[^\n\t\f,;:.]{2,4}\.\s?[^\n\t\f,;:.]{2,30}|[^\n\t\f,;:.]{2,40})\s*[,;:.\n]",
    re.IGNORECASE,
)
_TODAY = re.compile(r"(?:hom nay|hom nay,)\s*,?\s*(?:ngay\s*)?$")


def _by_issue_line(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The line "Hà Nội, ngày …", or the sentence "Hôm nay, ngày …, tại …"."""
    flow = paper.flow
    for found in paper.dates:
        if _TODAY.search(paper.folded[max(0, found.start - 20) : found.start]):
            if described.id == "document.issued_on":
                yield Candidate(found.value, found.start, found.end, 0.85, found.doubts)
                continue
            match = _PLACE_AFTER.match(flow.text, found.end)
            if match and province_of(match["place"]):
                yield Candidate(" ".join(match["place"].split()), match.start("place"), match.end("place"), 0.85)
        before = flow.text[max(0, found.start - 60) : found.start]
        match = _PLACE_BEFORE.search(before)
        if (
            match is None
            or not match["place"][0].isupper()
            or re.search(r"\d|\b(?:hom nay|can cu|ngay|so|ky)\b", fold(match["place"]))
        ):
            continue
        after = re.match(r"[\s.)]*(?:[\n\t\f]|$)", flow.text[found.end :])
        belief = (0.95 if after else 0.55) * (1.0 if found.start < 1500 else 0.93) * (1.0 if found.value else 0.5)
        if described.id == "document.issued_on":
            yield Candidate(found.value, found.start, found.end, belief, found.doubts)
        else:
            start = max(0, found.start - 60) + match.start("place")
            yield Candidate(" ".join(match["place"].split()), start, start + len(match["place"]), belief)


# By what the papers of the epidemic give as their reason ----------------------------------------------------------

_EPIDEMIC = re.compile(
    r"(?:(?:chiu\s+)?anh huong\s+(?:truc tiep\s+|nghiem trong\s+|nang ne\s+)?(?:cua|boi|tu|do)\s+)?(?:dai\s+)?dich(?:\s+benh)?"
    r"(?:\s+viem duong ho hap(?:\s+cap)?)?(?:\s+do)?(?:\s+(?:chung moi\s+cua\s+)?(?:vi ?rut|virus)(?:\s+corona)?)?\s+(?:covid\s?-?\s?[0-9il]{0,3}|sars\s?-?\s?cov\s?-?\s?2|ncov|corona)"
)


def _by_epidemic(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The reason under its label, or in the sentence that speaks of the epidemic."""
    yield from _by_label(paper, described)
    for match in _EPIDEMIC.finditer(paper.folded):
        value = " ".join(paper.plain[match.start() : match.end()].split())
        sentence = re.split(r"[;.]\s", paper.folded[max(0, match.start() - 160) : match.start()])[-1]
        cited = re.search(r"can cu|chi thi|nghi quyet|phong,? chong", sentence) is not None
        yield Candidate(value, match.start(), match.end(), 0.5 if cited else 0.8)


# By a period -------------------------------------------------------------------------------------------------------


def _by_period(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    wants_start = described.find == "period_start"
    for span in paper.spans:
        weight = _section_weight(paper, described, span.start)
        context = paper.folded[max(0, span.start - 220) : span.start]
        sentence = re.split(r"[.;]\s(?![^(]*\))", context)[-1]
        if weight == 0 or any(word in sentence[-110:] for word in described.avoid):
            continue
        near = sum(word in sentence for word in described.near) + 0.5 * sum(word in context for word in described.near)
        belief = weight * min(0.97, 0.62 + 0.1 * near + (0.15 if span.ends or span.open_end else 0))
        part = span.starts if wants_start else span.ends
        if part is not None:
            doubts = part.doubts
            yield Candidate(part.value, part.start, part.end, belief * (1.0 if part.value else 0.5), doubts)
        elif not wants_start and span.open_end:
            yield Candidate(None, span.start, span.end, belief, (OPEN_END,))
        elif not wants_start and span.starts is not None:
            yield from _end_by_length(paper, span, belief)
    if described.labels:
        yield from _by_label(paper, described)


OPEN_END = "giấy không ghi ngày kết thúc (để ngỏ)"
_LENGTH = re.compile(r"(?<![0-9])(?P<n>\d{1,2})\s*(?:\([^)]*\)\s*)?thang\b(?!\s*\d)")


def _end_by_length(paper: Paper, span: dates.Span, belief: float) -> Iterator[Candidate]:
    """ "trong thời gian 02 tháng kể từ ngày …": the end is counted, and said to be counted."""
    import datetime

    start = span.starts
    if start is None or start.value is None:
        return
    around = paper.folded[max(0, span.start - 60) : span.start]
    match = None
    for match in _LENGTH.finditer(around):
        pass
    if match is None or re.search(r"(?:it nhat|toi da|toi thieu|khong qua|truoc)\s*$", around[: match.start()]):
        return
    ends = dates.add_months(datetime.date.fromisoformat(start.value), int(match["n"])) - datetime.timedelta(days=1)
    at = max(0, span.start - 60) + match.start()
    yield Candidate(ends.isoformat(), at, span.end, belief * 0.8, ("ngày kết thúc tính từ thời hạn ghi trên giấy",))


# By the contract referred to ------------------------------------------------------------------------------------------

_REFERENCE = re.compile(
    r"(?:hop\s?dong\s?lao\s?dong|hdld|hop\s?dong\s?lam\s?viec|hop\s?dong)(?:\s*\((?:hdld|sau day[^)]*)\))?\s*(?:so|s0)?\s*[:.]?\s*(?=[^\s])"
)
_SIGNED = re.compile(r"ky|ngay|lap|giao ket|ngày")


def _by_reference(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    for match in _REFERENCE.finditer(paper.folded):
        window = paper.plain[match.end() : match.end() + 140]
        number = read_value("number", Window(window[:60], window[:60]))
        if (
            number is None
            or number.quality < 0.7
            or not re.search(r"so\s*[:.]?\s*$|\s$", paper.folded[match.start() : match.end()])
        ):
            continue
        if re.match(r"\d{4}\b", window[number.start :]) and "/" not in str(number.value):
            continue
        rest = window[number.end :]
        signed = next((date for date in dates.find_dates(rest) if date.start <= 60), None)
        if signed is not None and re.search(r"tu ngay|den ngay|ke tu", fold(rest[: signed.start + 8])):
            signed = None
        belief = 0.95 if signed else 0.75
        at = match.end()
        if described.id == "contract.number":
            yield Candidate(number.value, at + number.start, at + number.end, belief * max(number.quality, 0.9))
        elif described.id == "contract.signed_on":
            if signed is not None:
                start = at + number.end + signed.start
                yield Candidate(signed.value, start, start + signed.end - signed.start, belief, signed.doubts)
        else:
            end = at + number.end + (signed.end if signed else 0)
            value = f"{number.value}; {signed.value}" if signed and signed.value else str(number.value)
            doubts = () if signed else ("không thấy ngày ký hợp đồng",)
            yield Candidate(value, at + number.start, end, belief * max(number.quality, 0.9), doubts)


# By phrases -----------------------------------------------------------------------------------------------------------


def _by_choice(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    text = re.sub(r"[^a-z0-9]", " ", paper.folded)
    for choice in described.choices:
        for phrase in choice.phrases:
            spoken = r"\s+".join(re.escape(word) for word in re.findall(r"[a-z0-9]+", phrase))
            match = re.search(rf"(?<![a-z0-9]){spoken}(?![a-z0-9])", text)
            if match:
                yield Candidate(choice.value, match.start(), match.end(), 0.95)
                return


def _by_constant(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    end = len(paper.flow.lines[0].text) if paper.flow.lines else 0
    yield Candidate(described.value, 0, end, 0.97)


def _nothing(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    return iter(())


_WAYS: dict[str, Callable[[Paper, FieldDescription], Iterator[Candidate]]] = {
    "label": _by_label,
    "issue_line": _by_issue_line,
    "choice": _by_choice,
    "constant": _by_constant,
    "period_start": _by_period,
    "period_end": _by_period,
    "contract_reference": _by_reference,
    "from_id_number": _nothing,
    "seal": _nothing,
    "epidemic": _by_epidemic,
}
