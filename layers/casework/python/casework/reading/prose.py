"""Values that stand in sentences: periods, the contract referred to, reasons, phrases."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace

from casework.reading.boxes import without_unticked
from casework.reading.document_types import FieldDescription, squeeze
from casework.reading.labelled import by_label, says_any, section_weight
from casework.reading.paper import Candidate, Paper
from casework.reading.values import read_value
from casework.reading.window import Window
from casework.vietnam.dates import Span, add_months, find_dates
from casework.vietnam.letters import fold

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
        if weight == 0 or says_any(sentence[-110:], described.avoid):
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
    yield Candidate(
        ends.isoformat(), at, at + len(match[0]), belief * 0.8, ("ngày kết thúc tính từ thời hạn ghi trên giấy",)
    )


_REFERENCE = re.compile(
    r"(?:hop\s?dong[\s.,]{0,2}lao\s?dong|hdld|hop\s?dong\s?lam\s?viec|hop\s?dong)"
    r"(?:\s*\((?:hdld|sau day[^)]*)\))?\s*(?:"
    r"(?:(?:da|dang|hien|nay|neu|noi|tren|thuc|ky|ket|co|mang|duoc|giua|hai|ben)\s+){0,5}(?:so|s0))?\s*[:.]?\s*(?=[^\s])"
)
_LAW = re.compile(r"/(?:QH\d|N[ĐD]-|TT-|CT-TT|NQ-|Q[ĐD]-TT)")


def _is_title(words: str) -> bool:
    """ "HỢP ĐỒNG LAO ĐỘNG" alone on its line, its paper's own number below it: no reference to another paper."""
    first, below, _ = words.partition("\n")
    return bool(below) and first == first.upper()


# Between a contract's number and the day it was signed; anything else leads to another paper's day.
_SIGNED_BETWEEN = re.compile(
    r"[\s,.;:()/…_-]*(?:(?:da|duoc|do|hai ben|cac ben|cung|ky|ket|giao ket|lap|ban hanh|vao|ngay|date|"
    r"dated|signed|on|of|ngay ky|"
    r"giua [^,;.]{3,60}|hieu luc)[\s,.;:()/…_-]*){0,7}"
)


def by_reference(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The contract another paper refers to: in a sentence, or behind labels of its own."""
    if described.id != "suspension.contract_ref":
        yield from by_contract_label(paper, described)
    yield from _day_before_number(paper, described)
    yield from _named_by_itself(paper, described)
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
        at = match.end()
        behind = at + number.end
        if signed is not None and not _SIGNED_BETWEEN.fullmatch(paper.folded, behind, behind + signed.start):
            signed = None
        belief = 0.95 if signed else 0.75
        if described.id == "contract.number":
            yield Candidate(number.value, at + number.start, at + number.end, belief * max(number.quality, 0.9))
        elif described.id == "contract.signed_on":
            if signed is not None:
                yield Candidate(signed.value, behind + signed.start, behind + signed.end, belief, signed.doubts)
        else:
            end = behind + (signed.end if signed else 0)
            value = f"{number.value}; {signed.value}" if signed and signed.value else str(number.value)
            doubts = () if signed else ("không thấy ngày ký hợp đồng",)
            yield Candidate(value, at + number.start, end, belief * max(number.quality, 0.9), doubts)


_CONTRACTS_NUMBER = re.compile(r"(?<![a-z0-9/])\d{1,5}(?:/\d{4})?/hd(?:ld|lv|tv)(?![a-z])[a-z0-9/&.-]*")
_BY_ITSELF = 0.6


def _named_by_itself(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """ "Số 69/2019/HĐLĐ-HGV, ký ngày 30-03-2019": a number that says it is a contract's, whatever its label was read
    as."""
    for match in _CONTRACTS_NUMBER.finditer(paper.folded):
        start, end = match.start(), match.start() + len(match[0].rstrip(".-/&"))
        number = paper.plain[start:end]
        rest = paper.plain[end : end + 60]
        signed = next(iter(find_dates(rest)), None)
        if signed is not None and not _SIGNED_BETWEEN.fullmatch(paper.folded, end, end + signed.start):
            signed = None
        if described.id == "contract.number":
            yield Candidate(number, start, end, _BY_ITSELF)
        elif described.id == "contract.signed_on" and signed is not None:
            yield Candidate(signed.value, end + signed.start, end + signed.end, _BY_ITSELF, signed.doubts)
        elif described.id == "suspension.contract_ref" and signed is not None and signed.value:
            yield Candidate(f"{number}; {signed.value}", start, end + signed.end, _BY_ITSELF, signed.doubts)


_SIGNED_FIRST = re.compile(
    r"(?:hop\s?dong\s?lao\s?dong|hdld)\s+(?:[a-z]+\s+){0,4}?(?:ky|giao ket|lap)\s+(?:ket\s+)?(?:vao\s+)?(?:ngay\s+)?$"
)
_NUMBER_BEHIND = re.compile(r"\s*,?\s*(?:co |mang )?so\s*[:.]?\s*")


def _day_before_number(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """ "hợp đồng lao động ký ngày 10/01/2018 số 0456/HĐLĐ": the day first, then the number."""
    for signed in paper.found_dates:
        behind = _NUMBER_BEHIND.match(paper.folded, signed.end)
        if not behind or not _SIGNED_FIRST.search(paper.folded[max(0, signed.start - 60) : signed.start]):
            continue
        at = behind.end()
        number = read_value("number", Window(paper.plain[at : at + 60], paper.plain[at : at + 60]))
        if number is None or number.start > 1 or number.quality < 0.7:
            continue
        if described.id == "contract.signed_on":
            yield Candidate(signed.value, signed.start, signed.end, 0.93, signed.doubts)
        elif described.id == "contract.number":
            yield Candidate(number.value, at + number.start, at + number.end, 0.93)
        else:
            value = f"{number.value}; {signed.value}" if signed.value else str(number.value)
            yield Candidate(value, signed.start, at + number.end, 0.93, signed.doubts)


# Sentences that speak of every kind at once, and of what is not agreed here.
_IN_GENERAL = re.compile(
    r"(?:bao truoc|doi voi (?:loai )?hop dong|truong hop|chuyen thanh|tro thanh|neu |it nhat)[^.;]{0,90}$"
)
_CHOICE_REACH = 110


_SIGNING_DAY = frozenset(
    {"ngayky", "kyngay", "ngaykyhopdong", "ngaykyhdld", "ngaykyket", "hopdongkyngay", "duockyngay", ""}
)
_OF_CONTRACT = re.compile(r"hopdong|hdld|hdlaodong|contract")
_CLOSE = 4


def by_contract_label(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The contract's number and signing day behind labels of their own, in a table or a form."""
    numbered = [index for index, label in enumerate(paper.labels) if label.closed and _names_contract(paper, index)]
    for candidate in by_label(paper, described):
        index = max((at for at, label in enumerate(paper.labels) if label.value_at <= candidate.start), default=-1)
        if described.id == "contract.signed_on":
            # "Ngày ký" is the contract's where it stands close behind the contract's number.
            spoken = _OF_CONTRACT.search(squeeze(paper.flow.text[paper.labels[index].start : paper.labels[index].end]))
            near = any(0 <= index - at <= _CLOSE for at in numbered)
            if not spoken and not (near and paper.labels[index].squeezed in _SIGNING_DAY):
                continue
        elif index not in numbered:
            continue
        yield replace(candidate, belief=min(0.93, candidate.belief))


def _names_contract(paper: Paper, index: int) -> bool:
    label = paper.labels[index]
    return any(field.id == "contract.number" for field in label.fields) and bool(
        _OF_CONTRACT.search(squeeze(paper.flow.text[label.start : label.end]))
    )


def by_choice(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The value whose phrase stands behind the field's label, else anywhere; options of empty boxes do not count, and
    of two phrases at one place the longer one does ("không xác định thời hạn")."""
    text = re.sub(r"[^a-z0-9]", " ", fold(without_unticked(paper.flow.text)))
    starts = [label.value_at for label in paper.labels if any(field.id == described.id for field in label.fields)]
    found: list[tuple[int, int, str | bool]] = []
    for choice in described.choices:
        for phrase in choice.phrases:
            spoken = r"\s+".join(re.escape(word) for word in re.findall(r"[a-z0-9]+", phrase))
            for match in re.finditer(rf"(?<![a-z0-9]){spoken}(?![a-z0-9])", text):
                found.append((match.start(), match.end(), choice.value))
    for start, end, value in found:
        if any(low <= start and end <= high and (low, high) != (start, end) for low, high, _ in found):
            continue
        general = _IN_GENERAL.search(paper.folded[max(0, start - 100) : start]) is not None
        labelled = any(at <= start + 4 and start <= at + _CHOICE_REACH for at in starts)
        yield Candidate(value, start, end, 0.6 if general else 0.97 if labelled else 0.93)


def by_constant(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    end = len(paper.flow.lines[0].text) if paper.flow.lines else 0
    yield Candidate(described.value, 0, end, 0.97)
