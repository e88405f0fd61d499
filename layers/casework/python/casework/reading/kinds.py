"""What kind of paper this is: by its title first, by the words that only such papers have second.

"unknown" is an answer. A title counts only where a title stands: at the head of a line or of a column near the top,
in the full length of the line, so that "Hợp đồng lao động" within "Quyết định chấm dứt hợp đồng lao động" is not one.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from casework.reading.document_types import DocumentType, document_types, squeeze
from casework.reading.flow import Flow
from casework.vietnam.letters import fold

UNKNOWN = "unknown"

# Of the first lines of a page, so many can hold the title (letterhead, motto and number come before it).
_TITLE_LINES = 30
_TITLE_MAX_LINES = 4
# Folded letters without spaces; below this likeness a line is no title (one letter in seven misread is).
_TITLE_LIKENESS = 86.0
_TITLE_WORDS = re.compile(
    r"^(?:ban |van ban |bien ban |giay )?(?:hop dong|thoa thuan|phu luc|quyet dinh|don (?:xin|de nghi)|danh sach"
    r"|thong bao|de nghi|"
    r"bien ban|giay chung nhan|can cuoc|chung minh|bao cao|bang can doi|so bao hiem|to khai|thanh ly|thu (?:moi|"
    r"xin)|labou?r contract|"
    r"employment contract|cong van|noi quy|quy che|hoa don|phieu|uy nhiem|giay)"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A document type with the belief in it (0–1), and the line (index in the flow) its title was found on."""

    document_type: str
    confidence: float
    title_line: int | None = None


@dataclass(frozen=True, slots=True)
class _Title:
    type_id: str
    line: int
    likeness: float
    length: int
    capitals: bool


def _title_key(text: str) -> str:
    """Letters alone, without "về việc"."""
    return re.sub(r"veviec|(?<=[a-z])vv(?=[a-z])|^vv", "", squeeze(text).replace("hdld", "hopdonglaodong"))


@functools.cache
def _titles() -> tuple[tuple[str, ...], tuple[str, ...]]:
    names: list[str] = []
    owners: list[str] = []
    for described in document_types().values():
        for title in described.titles:
            names.append(_title_key(title))
            owners.append(described.id)
    return tuple(names), tuple(owners)


def recognise(flow: Flow) -> Kind:
    """The type of the document whose text this is; "unknown" when no title and marks speak clearly for one."""
    title = _best_title(flow)
    known = document_types()
    if title is not None:
        described = known[title.type_id]
        found, against = _marks(flow, described)
        if found >= min(described.marks_wanted, len(described.marks)) and against <= found:
            confidence = 0.55 + 0.4 * (title.likeness / 100) + 0.01 * min(found, 5) - 0.1 * against
            return Kind(described.id, round(max(0.5, min(0.99, confidence)), 3), title.line)
        if title.likeness >= 95 and not against:
            return Kind(described.id, 0.6, title.line)
        return Kind(UNKNOWN, 0.5)
    if _foreign_title(flow):
        return Kind(UNKNOWN, 0.8)
    return _by_marks(flow)


# A title that opens a paper stands in the upper part of its page; that of an annex or a table may stand below.
_OPENING = 0.45


def opens_paper(flow: Flow) -> str:
    """The type of the paper that begins on this page: "" when its title is not in its upper part, "unknown" when the
    title there is that of some other paper."""
    title = _best_title(flow)
    if title is not None and flow.lines[title.line].box.y0 < _OPENING:
        described = document_types()[title.type_id]
        found, against = _marks(flow, described)
        if title.capitals or title.likeness >= 95 or (found >= 1 and against <= found):
            return title.type_id
    if title is None and ((_foreign_title(flow) and _has_motto(flow)) or _without_motto(flow)):
        return UNKNOWN
    return ""


# Papers that bear no motto: bills, receipts, private letters.
_NO_MOTTO = re.compile(
    r"^(?:hoa don|phieu (?:thu|chi|nhap|xuat|luong)|uy nhiem chi|thu (?:moi|ngo|cam on)|bao gia|bien lai)\b"
)


def _without_motto(flow: Flow) -> bool:
    return any(
        line.text.strip() == line.text.strip().upper() and _NO_MOTTO.match(fold(line.text).strip())
        for line in flow.lines
        if line.box.y0 < _OPENING
    )


def likely_type(flow: Flow) -> str:
    """The type whose words a page without a title has; "unknown" when no type's stand out."""
    return _by_marks(flow).document_type


def _has_motto(flow: Flow) -> bool:
    upper = " ".join(fold(line.text) for line in flow.lines if line.box.y0 < _OPENING)
    return "chu nghia viet nam" in upper or "tu do - hanh phuc" in upper


# Between the title and the same title in another language.
_TONGUES = re.compile(r"/|\s[–—-]\s")


def _best_title(flow: Flow) -> _Title | None:
    found: list[_Title] = []
    for first in range(min(_TITLE_LINES, len(flow.lines))):
        head = flow.lines[first]
        joined, capitals = "", head.text.upper() == head.text
        for count in range(_TITLE_MAX_LINES):
            if first + count >= len(flow.lines) or flow.lines[first + count].page != head.page:
                break
            if count and not _goes_on(flow, first + count - 1):
                break
            joined += _title_key(flow.lines[first + count].text)
            if len(joined) < 8 or len(joined) > 220:
                continue
            found += _like_a_title(joined, first, capitals)
            if not count and _TONGUES.search(head.text):
                # "HỢP ĐỒNG LAO ĐỘNG / EMPLOYMENT CONTRACT": the title in each language.
                for half in _TONGUES.split(head.text):
                    found += _like_a_title(_title_key(half), first, capitals)
        found += _opening_title(joined, first, capitals)
        found += _by_topic(joined, first, capitals)
    if not found:
        return None
    # Capitals first; the longer title before the shorter that it holds; then the likelier; then the first.
    return max(
        found, key=lambda title: (title.capitals, -(title.line // 12), title.length * title.likeness, -title.line)
    )


def _like_a_title(joined: str, line: int, capitals: bool) -> list[_Title]:
    names, owners = _titles()
    match = process.extractOne(joined, names, scorer=fuzz.ratio, score_cutoff=_TITLE_LIKENESS)
    # What kind of writing it is (quyết định, thỏa thuận, đơn) stands first and must be the same.
    if match and fuzz.ratio(joined[:8], names[match[2]][:8]) >= 70:
        return [_Title(owners[match[2]], line, float(match[1]), len(names[match[2]]), capitals)]
    return []


def _opening_title(joined: str, line: int, capitals: bool) -> list[_Title]:
    """A known title that only opens the line: "HỢP ĐỒNG LAO ĐỘNG (Ban hành theo …)"."""
    if not capitals:
        return []
    names, owners = _titles()
    return [
        _Title(owner, line, 88.0, len(name) - 6, capitals)
        for name, owner in zip(names, owners, strict=True)
        if len(name) >= 14
        and joined.startswith(name)
        and re.match(r"ban hanh|banhanh|so\d|so|theo|danhcho|kemtheo", joined[len(name) :])
    ]


# A topic stands within so many letters of the title's beginning.
_TOPIC_REACH = 90


def _by_topic(joined: str, line: int, capitals: bool) -> list[_Title]:
    """A title in words of its own: the kind of writing stands first, what it is about follows."""
    head = joined[:_TOPIC_REACH]
    return [
        _Title(described.id, line, 87.0, len(kind) + len(topic), capitals)
        for described in document_types().values()
        for kind in described.title_kinds
        if head.startswith(kind) or (len(kind) > 8 and fuzz.ratio(head[: len(kind)], kind) >= 88)
        for topic in described.title_topics
        if topic in head[len(kind) :]
    ]


def _goes_on(flow: Flow, index: int) -> bool:
    """The next line may belong to the same title: it stands close below and neither is a long sentence."""
    above, below = flow.lines[index], flow.lines[index + 1]
    text = below.text.lstrip()
    listed = text.startswith(("-", "Căn cứ", "Số")) and text != text.upper()  # a speck before capitals is no dash
    return below.box.y0 - above.box.y1 < 1.8 * max(above.box.height, below.box.height) and not listed


def _foreign_title(flow: Flow) -> bool:
    """A title line of some other paper stands in capitals near the top."""
    for line in flow.lines[:_TITLE_LINES]:
        text = line.text.strip()
        if (
            text == text.upper()
            and 8 <= len(text) <= 120
            and _TITLE_WORDS.match(flow.folded[slice(*_span(flow, line))].strip())
        ):
            return True
    return False


def _span(flow: Flow, line: object) -> tuple[int, int]:
    index = flow.lines.index(line)  # type: ignore[arg-type]
    start = flow.line_start(index)
    end = flow.line_start(index + 1) if index + 1 < len(flow.lines) else len(flow.folded)
    return start, end


def _marks(flow: Flow, described: DocumentType) -> tuple[int, int]:
    text = _body(flow)
    return sum(mark in text for mark in described.marks), sum(mark in text for mark in described.against)


def _body(flow: Flow) -> str:
    return re.sub(r"\s+", " ", flow.folded[:60_000])


def _by_marks(flow: Flow) -> Kind:
    """Without a title (its page is missing or unreadable): only a clear majority of marks is believed, and little."""
    scores: list[tuple[float, str]] = []
    for described in document_types().values():
        if not described.fields:
            continue
        found, against = _marks(flow, described)
        scores.append((found / max(len(described.marks), 1) - 0.3 * against, described.id))
    scores.sort(reverse=True)
    if scores and scores[0][0] >= 0.55 and scores[0][0] - scores[1][0] >= 0.2:
        return Kind(scores[0][1], round(0.3 + 0.3 * scores[0][0], 3))
    return Kind(UNKNOWN, 0.6 if flow.text.strip() else 0.0)
