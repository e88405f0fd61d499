"""The place and day a paper was made: "Hà Nội, ngày …" on a line of its own, or "Hôm nay, ngày …, tại …"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.reading.document_types import FieldDescription
from casework.reading.paper import Candidate, Paper
from casework.reading.words import looks_like_company
from casework.vietnam.addresses import province_at, province_of
from casework.vietnam.dates import FoundDate
from casework.vietnam.letters import fold

_PLACE_BEFORE = re.compile(
    r"(?:^|[\n\t\f])[\s(]*(?P<place>[^\n\t\f,;:]{2,40}?)\s*[,;.]\s*(?:(?:n\S{2,6}|\S{0,3}[aàáảãạ]y\W{0,2})\s*)?$",
    re.IGNORECASE,
)

# "… ngày 02/01/2020 tại Hà Nội giữa:", "làm tại TP. Đà Nẵng theo quy định": a place in a sentence, known by its name.
_PLACE_IN_SENTENCE = re.compile(r"\s*,?\s*(?:tai|o|at)\s+(?P<lead>(?:tp\s?\.?|thanh pho|tinh)\s*)?")
_PLACE_AFTER = re.compile(
    r",?\s*(?:tại|at|ở)\s+(?P<place>[^\n\t\f,;:.]{2,4}\.\s?[^\n\t\f,;:.]{2,30}|[^\n\t\f,;:.]{2,40})\s*[,;:.\n]",
    re.IGNORECASE,
)

_TODAY = re.compile(
    r"(?:hom nay|(?:duoc )?(?:lap|ky|ky ket|lap va ky|giao ket)(?: vao)?|"
    r"(?<!thuc )(?<!dau )(?<!han )\bvao(?: luc[^,;.]{0,24}| hoi[^,;.]{0,24})?)"
    r"\s*,?\s*(?:ngay\s*)?$"
)
# The same words before the date of another paper, or of an identity card.
_ANOTHER_PAPER = re.compile(
    r"(?:hop dong|hdld|quyet dinh|chi thi|nghi quyet|cong van)[^.;]*\bso\b|/hd(?:ld|lv|tv)\b|cmnd|cccd|can cuoc|\bcap\b"
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
            yield from _place_after(paper, found.end)
        elif _BEGINS_WITH_DAY.match(paper.folded, found.end) and re.search(
            r"(?:^|\n)\s*(?:ngay\s*)?$", flow.folded[max(0, found.start - 12) : found.start]
        ):
            if described.id == "document.issued_on":
                yield Candidate(found.value, found.start, found.end, 0.8, found.doubts)
            else:
                yield from _place_after(paper, found.end)
        elif _DONE_HERE.match(paper.folded, found.end) and not _ANOTHER_PAPER.search(
            _sentence_before(paper, found.start)
        ):
            # "Hai bên cùng ký tên ngày … tại …": less sure than a line of its own.
            if described.id == "document.issued_on":
                yield Candidate(found.value, found.start, found.end, 0.6, found.doubts)
            else:
                yield from _place_after(paper, found.end)
        before = flow.text[max(0, found.start - 60) : found.start]
        if signed := _SIGNED_AT.search(before):
            named = signed["place"].strip()
            own = not looks_like_company(named) and not _ANOTHER_PAPER.search(_sentence_before(paper, found.start))
            if own and described.id == "document.issued_on":
                yield Candidate(found.value, found.start, found.end, 0.8, found.doubts)
            elif own:
                start = max(0, found.start - 60) + signed.start("place")
                yield Candidate(" ".join(named.split()), start, start + len(named), 0.85)
            continue
        match = _PLACE_BEFORE.search(before)
        if (
            match is None
            or not match["place"][0].isupper()
            or re.search(r"\d|\b(?:hom nay|can cu|ngay|so|ky)\b", fold(match["place"]))
        ):
            if _stands_alone(paper, found):
                if described.id == "document.issued_on":
                    yield Candidate(found.value, found.start, found.end, 0.5, found.doubts)
                else:
                    yield from _place_among_specks(paper, found.start)
            continue
        after = re.match(r"[\s.)]*(?:[\n\t\f]|$)", flow.text[found.end :])
        belief = (0.95 if after else 0.55) * (1.0 if found.start < 1500 else 0.93) * (1.0 if found.value else 0.5)
        if described.id == "document.issued_on":
            yield Candidate(found.value, found.start, found.end, belief, found.doubts)
        else:
            start = max(0, found.start - 60) + match.start("place")
            yield Candidate(" ".join(match["place"].split()), start, start + len(match["place"]), belief)


# Between the beginning of its line and the day a paper was made: the place, misread where a seal or a pen crosses it.
_MISREAD_PLACE = re.compile(r"(?:^|[\n\t\f])(?P<place>[^\n\t\f]{2,28})$")
_NO_PLACE = re.compile(
    r"\b(?:tu|den|ke|sinh|cap|so|ky|luc|luat|trong|theo|thang|nam|han|bat|ket|ngay (?!$)|hieu|thi|vao|gom|quy)\b"
    r"|\d{3}|[:;/]\s*$|:(?!\s*n\S{2,5}\s*$)"
)


def _stands_alone(paper: Paper, day: FoundDate) -> bool:
    """A day written out that ends its line, with no more than a few words before it on the scan: those of its place."""
    if not paper.flow.piece(day.start, day.end).ocr or "th" not in fold(day.raw):
        return False
    if not re.match(r"[\s.)]*(?:[\n\t\f]|$)", paper.flow.text[day.end :]):
        return False
    place = _MISREAD_PLACE.search(paper.flow.text[max(0, day.start - 40) : day.start])
    return place is not None and not _NO_PLACE.search(fold(place["place"]))


_PLACE_WORDS = re.compile(r"[^\W\d_]+(?:\W{1,2}[^\W\d_]+){0,3}?(?=\W*(?:(?<=\s)[^\sA-Z]\S{1,5}\W*)?$)")


def _place_among_specks(paper: Paper, day: int) -> Iterator[Candidate]:
    """ "_=Đồng-Nai;-ngày~ 09 tháng …": a province among what the rim of a seal was read as."""
    begin = max(day - 40, *(paper.flow.text.rfind(sign, 0, day) + 1 for sign in "\n\t\f"))
    match = _PLACE_WORDS.search(paper.flow.text[begin:day])
    named = re.sub(r"[^\w.]+", " ", match[0]) if match else ""
    if match and province_of(named):
        yield Candidate(named, begin + match.start(), begin + match.end(), 0.6)


# "… được ký tại Hưng Yên ngày", "Lập tại Phú Quốc vào ngày": the place before the day.
_SIGNED_AT = re.compile(
    r"(?:[Kk]ý(?: kết)?|[Ll]àm|[Ll]ập)\s+tại:?\s+(?P<place>[^\W\d_a-z][^\n\t\f,;:]{1,30}?)\s*,?\s*"
    r"(?:vào\s+)?(?:ngày\s*)?$"
)
# "Ngày 13/4/2020, tại nhà máy …": a paper that begins with its day.
_BEGINS_WITH_DAY = re.compile(r"\s*,\s*(?:tai|chung toi|hai ben|cac ben)\b")
_DONE_HERE = re.compile(r"\s*,?\s*tai\s+(?:tp\b|thanh pho|tinh|[a-z]+ [a-z]+\s*[.,;\n]|van phong|tru so|cong ty)")


def _place_after(paper: Paper, position: int) -> Iterator[Candidate]:
    """The place named behind the day of a paper: by its own stretch of the sentence, else by a province's name."""
    match = _PLACE_AFTER.match(paper.flow.text, position)
    if match and province_of(match["place"]) and not looks_like_company(match["place"]):
        yield Candidate(" ".join(match["place"].split()), match.start("place"), match.end("place"), 0.85)
        return
    lead = _PLACE_IN_SENTENCE.match(paper.folded, position)
    length = province_at(paper.folded, lead.end()) if lead else 0
    if lead and length:
        start = lead.start("lead") if lead["lead"] else lead.end()
        end = lead.end() + length
        yield Candidate(" ".join(paper.plain[start:end].split()), start, end, 0.85)


_OWN_NUMBER = re.compile(r"^\s*\(\s*so\b[\s:]*\S+(?= (?:lap|lam|ky) tai\b)")  # "(Số 280/2018/HĐLĐ-SMX lập tại …"


def _sentence_before(paper: Paper, position: int) -> str:
    """What stands before a position in its sentence: a line that ends early ends its sentence."""
    begin = max(0, position - 120)
    ends = [begin + match.start() for match in re.finditer(r"\n", paper.flow.text[begin:position])]
    begin = max([begin, *(end for end in ends if not paper.flow.line_at(end).full)])
    begin = max(begin, paper.flow.text.rfind(")\n", begin, position) + 1)  # a line in brackets stands alone
    return _OWN_NUMBER.sub("", re.split(r"[;.]\s", paper.folded[begin:position])[-1])
