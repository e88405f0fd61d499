"""Values that stand in sentences: place and date, periods, the contract referred to, reasons, phrases."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace

from casework.reading.document_types import FieldDescription
from casework.reading.labelled import by_label, section_weight
from casework.reading.paper import Candidate, Paper
from casework.reading.values import read_value
from casework.reading.window import Window
from casework.vietnam.addresses import province_of
from casework.vietnam.dates import Span, add_months, find_dates
from casework.vietnam.letters import fold

_PLACE_BEFORE = re.compile(
    r"(?:^|[\n\t\f])[\s(]*(?P<place>[^\n\t\f,;:]{2,40}?)\s*[,;.]\s*(?:n[^\s\d]{2,4}\s*)?$", re.IGNORECASE
)

_PLACE_AFTER = re.compile(
    r",?\s*(?:tại|at|ở)\s+(?P<place>[^\n\t\f,;:.]{2,4}\.\s?[^\n\t\f,;:.]{2,30}|[^\n\t\f,;:.]{2,40})\s*[,;:.\n]",
    re.IGNORECASE,
)

_TODAY = re.compile(
    r"(?:hom nay|(?:duoc )?(?:lap|ky|ky ket|lap va ky)(?: vao)?|\bvao(?: luc[^,;.]{0,24}| hoi[^,;.]{0,24})?)"
    r"\s*,?\s*(?:ngay\s*)?$"
)
# The same words before the date of another paper, or of an identity card.
_ANOTHER_PAPER = re.compile(
    r"(?:hop dong|hdld|quyet dinh|chi thi|nghi quyet|cong van)[^.;]*\bso\b|cmnd|cccd|can cuoc|\bcap\b"
)


def by_issue_line(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The line "Hà Nội, ngày …", or the sentence "Hôm nay, ngày …, tại …"."""
    flow = paper.flow
    for found in paper.found_dates:
        lead = _TODAY.search(paper.folded[max(0, found.start - 40) : found.start])
        if lead and (lead[0].startswith("hom nay") or not _ANOTHER_PAPER.search(_sentence_before(paper, found.start))):
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


def _sentence_before(paper: Paper, position: int) -> str:
    return re.split(r"[;.]\s", paper.folded[max(0, position - 120) : position])[-1]


_EPIDEMIC = re.compile(
    r"(?:(?:chiu\s+)?anh huong\s+(?:truc tiep\s+|nghiem trong\s+|nang ne\s+)?(?:cua|boi|tu|do)\s+)?(?:dai\s+)?di"
    r"ch(?:\s+benh)?"
    r"(?:\s+viem duong ho hap(?:\s+cap)?)?(?:\s+do)?(?:\s+(?:chung moi\s+cua\s+)?(?:vi ?rut|virus)(?:\s+corona)?"
    r")?\s+(?:covid\s?-?\s?[0-9il]{0,3}|sars\s?-?\s?cov\s?-?\s?2|ncov|corona)"
)


def by_epidemic(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The reason under its label, or in the sentence that speaks of the epidemic."""
    mentions = list(_EPIDEMIC.finditer(paper.folded))
    for candidate in by_label(paper, described):
        # Any reason may be given; a sentence that speaks of "lý do chính đáng" gives none.
        named = names_epidemic(str(candidate.value)) is not None
        belief = candidate.belief * (1.0 if named or not mentions else 0.5)
        yield replace(candidate, belief=max(belief, _NAMED) if named else belief)
    for match in mentions:
        value = " ".join(paper.plain[match.start() : match.end()].split())
        sentence = re.split(r"[;.]\s", paper.folded[max(0, match.start() - 160) : match.start()])[-1]
        cited = re.search(r"can cu|chi thi|nghi quyet|phong,? chong", sentence) is not None
        yield Candidate(value, match.start(), match.end(), 0.5 if cited else _NAMED)


# A reason that names the epidemic can hardly be another one.
_NAMED = 0.96

_EPIDEMIC_NAME = re.compile(r"covid|sars\W{0,3}cov|ncov|corona")


def names_epidemic(text: str) -> re.Match[str] | None:
    """Where the epidemic is named."""
    return _EPIDEMIC_NAME.search(fold(text))


def by_period(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    wants_start = described.find == "period_start"
    for span in paper.spans:
        weight = section_weight(paper, described, span.start)
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
        yield from by_label(paper, described)


OPEN_END = "giấy không ghi ngày kết thúc (để ngỏ)"

_LENGTH = re.compile(r"(?<![0-9])(?P<n>\d{1,2})\s*(?:\([^)]*\)\s*)?thang\b(?!\s*\d)")


def _end_by_length(paper: Paper, span: Span, belief: float) -> Iterator[Candidate]:
    """ "trong thời gian 02 tháng kể từ ngày …": the end is counted, and said to be counted."""
    start = span.starts
    if start is None or start.value is None:
        return
    around = paper.folded[max(0, span.start - 60) : span.start]
    lengths = list(_LENGTH.finditer(around))
    match = lengths[-1] if lengths else None
    if match is None or re.search(r"(?:it nhat|toi da|toi thieu|khong qua|truoc)\s*$", around[: match.start()]):
        return
    ends = add_months(datetime.date.fromisoformat(start.value), int(match["n"])) - datetime.timedelta(days=1)
    at = max(0, span.start - 60) + match.start()
    yield Candidate(ends.isoformat(), at, span.end, belief * 0.8, ("ngày kết thúc tính từ thời hạn ghi trên giấy",))


_REFERENCE = re.compile(
    r"(?:hop\s?dong\s?lao\s?dong|hdld|hop\s?dong\s?lam\s?viec|hop\s?dong)(?:\s*\((?:hdld|sau day[^)]*)\))?\s*(?:"
    r"(?:(?:da|dang|hien|nay|neu|noi|tren|thuc|ky|ket|co|mang|duoc|giua|hai|ben)\s+){0,5}(?:so|s0))?\s*[:.]?\s*(?=[^\s])"
)
_LAW = re.compile(r"/(?:QH\d|N[ĐD]-|TT-|CT-TT|NQ-|Q[ĐD]-TT)")


def _is_title(words: str) -> bool:
    """ "HỢP ĐỒNG LAO ĐỘNG" alone on its line, its paper's own number below it: no reference to another paper."""
    first, below, _ = words.partition("\n")
    return bool(below) and first == first.upper()


def by_reference(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    for match in _REFERENCE.finditer(paper.folded):
        if _is_title(paper.flow.text[match.start() : match.end()]):
            continue
        window = paper.plain[match.end() : match.end() + 140]
        number = read_value("number", Window(window[:60], window[:60]))
        if (
            number is None
            or number.quality < 0.7
            or _LAW.search(str(number.value))
            or not re.search(r"so\s*[:.]?\s*$|\s$", paper.folded[match.start() : match.end()])
        ):
            continue
        if re.match(r"\d{4}\b", window[number.start :]) and "/" not in str(number.value):
            continue
        rest = window[number.end :]
        signed = next((date for date in find_dates(rest) if date.start <= 60), None)
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


def by_choice(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    text = re.sub(r"[^a-z0-9]", " ", paper.folded)
    for choice in described.choices:
        for phrase in choice.phrases:
            spoken = r"\s+".join(re.escape(word) for word in re.findall(r"[a-z0-9]+", phrase))
            match = re.search(rf"(?<![a-z0-9]){spoken}(?![a-z0-9])", text)
            if match:
                yield Candidate(choice.value, match.start(), match.end(), 0.95)
                return


def by_constant(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    end = len(paper.flow.lines[0].text) if paper.flow.lines else 0
    yield Candidate(described.value, 0, end, 0.97)
