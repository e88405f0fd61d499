"""Values behind their labels, in their section of the paper, over the lines they wrap over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from casework.reading.document_types import FieldDescription
from casework.reading.flow import Flow
from casework.reading.paper import Candidate, Paper
from casework.reading.sections import part_at
from casework.reading.values import read_value
from casework.reading.window import Value, Window
from casework.reading.words import ADDRESS_PART, CLAUSE, looks_like_company, looks_like_post
from casework.vietnam.addresses import ends_in_province
from casework.vietnam.letters import fold

# How far a value may run past its label: characters, and lines it may wrap over.
REACH = 260

_WRAPS = 3


def by_label(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    for index, label in enumerate(paper.labels):
        if described not in label.fields:
            continue
        weight = section_weight(paper, described, label.start)
        if weight == 0 or _avoided(paper, described, label.start):
            continue
        value = _value_after(paper, index, described)
        if value is None or (described.type == "company" and not label.closed and not _whole_company(value)):
            continue
        at = label.value_at
        belief = label.quality * weight * value.quality
        yield Candidate(value.value, at + value.start, at + value.end, belief, value.doubts)
    yield from _after_another(paper, described)
    if described.type == "money_words":
        yield from _words_in_brackets(paper)
    if described.id == "contract.salary_vnd":
        yield from _figures_before_words(paper)


_IN_BRACKETS = re.compile(r"[^\n\f()]{0,24}\((?:bang chu|viet bang chu)?[:\s]*(?P<words>[^()]{12,120})\)")


def _words_in_brackets(paper: Paper) -> Iterator[Candidate]:
    """ "5.830.000 đ/tháng (Năm triệu tám trăm …)": the amount once more, without a label."""
    for index, label in enumerate(paper.labels):
        wage = next((field for field in label.fields if field.id == "contract.salary_vnd"), None)
        figures = _value_after(paper, index, wage) if wage else None
        if figures is None:
            continue
        match = _IN_BRACKETS.match(paper.flow.folded, label.value_at + figures.end)
        if match is None:
            continue
        words = paper.flow.text[match.start("words") : match.end("words")]
        found = read_value("money_words", Window(words, words))
        if found is not None:
            yield Candidate(found.value, match.start("words"), match.end("words"), 0.9, found.doubts)


_BEFORE_WORDS = re.compile(r"\d[\d.,:' ]{4,16}(?:dong|vnd|d\b)?[^\n\f(]{0,24}\(\s?(?:viet\s)?bang\schu\b")


def _figures_before_words(paper: Paper) -> Iterator[Candidate]:
    """ "mức Jương 9.436.000 đồng một tháng (bằng chữ: …)": the amount that is spelled behind it, label or none."""
    for match in _BEFORE_WORDS.finditer(paper.flow.folded):
        figures = paper.flow.text[match.start() : match.end()]
        found = read_value("money", Window(figures, figures))
        if found is not None:
            at = match.start()
            yield Candidate(found.value, at + found.start, at + found.end, 0.55 * found.quality, found.doubts)


def _whole_company(value: Value) -> bool:
    """More than "công ty" alone, as sentences speak of one that was named before."""
    name = str(value.value)
    return looks_like_company(name) and name[:1].isupper() and len(name.split()) > 3


def _after_another(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """ "cấp ngày 03/03/2017 tại Công an …": a word that is a label only close behind another field's value."""
    for words, other in described.after:
        for index, label in enumerate(paper.labels):
            if not any(field.id == other for field in label.fields):
                continue
            weight = section_weight(paper, described, label.start)
            before = next((field for field in label.fields if field.id == other), None)
            value = _value_after(paper, index, before) if before and weight else None
            if value is None:
                continue
            end = label.value_at + value.end
            whole = r"(?![a-z])" if words[-1:].isalpha() else ""
            match = re.compile(rf"[\s,;.]*{re.escape(words)}{whole}[\s:.…]*").match(paper.flow.folded, end)
            if match is None or not _same_line(paper.flow, match):
                continue
            stop = next((later.start for later in paper.labels if later.start >= match.end()), len(paper.flow.text))
            stop = min(stop, match.end() + REACH)
            tight = stretch(paper.flow, match.end(), stop, described.type)
            found = read_value(described.type, Window(tight, tight))
            if found is not None and described.type == "position" and not looks_like_post(str(found.value)):
                continue
            if found is not None and described.type == "issuer" and not words[-1:].isalpha() and found.quality < 1:
                continue  # behind a mere sign only what is surely an office
            if found is not None:
                at = match.end()
                yield Candidate(
                    found.value, at + found.start, at + found.end, 0.92 * weight * found.quality, found.doubts
                )


def _same_line(flow: Flow, match: re.Match[str]) -> bool:
    """No cell ends in the match, and a line only where it is full or a colon follows the word."""
    if ":" in match[0]:
        return match[0].count("\n") <= 1 and "\f" not in match[0]
    breaks = (match.start() + place for place, sign in enumerate(match[0]) if sign == "\n")
    return "\f" not in match[0] and all(
        flow.line_at(place).full or flow.text[place + 1 : place + 2].islower() for place in breaks
    )


def section_weight(paper: Paper, described: FieldDescription, position: int) -> float:
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
    if here == "head" and owner == "employer" and described.type not in ("person", "position"):
        return 0.8
    if described.type == "bhxh":
        return 0.7  # a number that only people have, whoever the sentence speaks of
    if here == "articles" and owner in ("employee", "employer") and described.section != "articles":
        if described.type in ("person", "text", "position", "address"):
            return 0.0
        return 0.45 if _spoken_of(paper, position) in (owner, None if owner == "employee" else owner) else 0.0
    if described.section == "articles" and here == "employer" and described.type in ("text", "address"):
        return 0.0
    if described.section == "articles" and here in ("employee", "head"):
        return 0.7
    return 0.0 if owner in ("employee", "employer") else 0.5


_PARTIES = re.compile(
    r"(?P<employer>nguoi su dung lao dong|ben su dung|nsdld|cong ty|doanh nghiep|ben a\b)|"
    r"(?P<employee>nguoi lao dong|\bnld\b|ben b\b|nhan vien)"
)


def _spoken_of(paper: Paper, position: int) -> str | None:
    """The party a sentence speaks of before this position: whoever it named last."""
    sentence = re.split(r"[.;]\s|[\n\f]", paper.flow.folded[max(0, position - 120) : position])[-1]
    spoken = list(_PARTIES.finditer(sentence))
    return spoken[-1].lastgroup if spoken else None


def _avoided(paper: Paper, described: FieldDescription, position: int) -> bool:
    words = described.avoid + described.unless_before
    if not words:
        return False
    before = re.split(r"[.;]\s|[\n\f]", paper.flow.folded[max(0, position - 60) : position])[-1]
    return says_any(before, words)


def says_any(folded: str, phrases: tuple[str, ...]) -> bool:
    """One of the phrases stands there in whole words: "công nghiệp" does not say "nghỉ"."""
    return any(phrase in folded and re.search(rf"(?<![a-z]){re.escape(phrase)}(?![a-z])", folded) for phrase in phrases)


def _value_after(paper: Paper, index: int, described: FieldDescription) -> Value | None:
    label = paper.labels[index]
    stop = next(
        (other.start for other in paper.labels[index + 1 :] if other.start >= label.value_at), len(paper.flow.text)
    )
    part_end = part_at(paper.parts, label.start).end
    stop = min(stop, max(part_end, label.value_at), label.value_at + REACH)
    if stop <= label.value_at:
        return None
    # "0169679641  1.3. Số điện thoại:": the number of the next item is no part of this value.
    item = _NEXT_ITEM.search(paper.flow.text, label.value_at, stop) if stop < len(paper.flow.text) else None
    stop = item.start() if item and item.start() > label.value_at else stop
    if described.type in _FREE_WORDS and _ends_its_sentence(paper, index):
        return None
    begin = _behind_the_first(paper, index, stop)
    tight = stretch(paper.flow, begin, stop, described.type)
    if not tight.strip(" .:…_") and paper.flow.text[begin + len(tight) : begin + len(tight) + 1] == "\f":
        return None  # its cell is empty: what comes next is the next row's
    if not _in_sentence(paper, index):
        value = read_value(described.type, Window(tight, paper.flow.text[begin:stop]))
    else:
        work = described.id == "contract.job_title" and _WORK_VERBS.match(label.squeezed) is not None
        value = _value_in_sentence(described.type, tight, paper.flow.text[begin:stop], work)
    shift = begin - label.value_at
    return value and replace(value, start=value.start + shift, end=value.end + shift)


_NEXT_ITEM = re.compile(
    r"\n\d{1,2}[ \t]+$|\s+(?:\(?(?:\d{1,2}(?:\.\d{1,2})?|[a-zđ])\s?[.)/]|\d{1,2}\.\d{1,2}|[-+*•])\s*$"
)


def _behind_the_first(paper: Paper, index: int, stop: int) -> int:
    """Where the value of a label begins: behind that of the label it is paired with ("Ngày cấp, nơi cấp: …")."""
    label = paper.labels[index]
    if not index or not paper.labels[index - 1].with_next:
        return label.value_at
    for field in paper.labels[index - 1].fields:
        if field.find == "choice":
            continue
        tight = stretch(paper.flow, label.value_at, stop, field.type)
        first = read_value(field.type, Window(tight, paper.flow.text[label.value_at : stop]))
        if first is not None and first.end:
            sign = re.compile(r"[\s,;/()–-]*").match(paper.flow.text, label.value_at + first.end)
            return sign.end() if sign and sign.end() < stop else label.value_at
    return label.value_at


def _in_sentence(paper: Paper, index: int) -> bool:
    label = paper.labels[index]
    return not label.closed and not label.opens


def _ends_its_sentence(paper: Paper, index: int) -> bool:
    """ "… theo lịch của từng bộ phận. / Khi …": the word closes a sentence, and its line."""
    label = paper.labels[index]
    between = paper.flow.text[label.end : label.value_at] + paper.flow.text[label.value_at : label.value_at + 1]
    if not _in_sentence(paper, index) or not re.fullmatch(r"\.?[ \t]*\n", between):
        return False
    return "." in between or not paper.flow.line_at(label.start).full  # scans lose the sign at a line's end


# How far from a label inside a sentence its figures may stand, and where words of a sentence end a value.
_NEAR = 32
_SENTENCE_GOES_ON = re.compile(
    r"[,;(]|\s(?:theo|ke tu|tu ngay|thuoc|voi|trong|cho|va|la|duoc|do|tai)\b|"
    r"\so (?=(?:phong|bo phan|to|doi|xuong|phan xuong|kho)\b)|(?<=[a-z]{3})\.\s"
)
_FREE_WORDS = frozenset({"text", "position"})


# Someone's work may be told in small letters; words that only lead on in the sentence name none.
_WORK = re.compile(
    r"\s*(?!(?:theo|khac|cua|trong|ngoai|do|duoc|ma|nay|do|tren|duoi|phai|da|se|dang|voi|cho|tai|o|tu|den|khi|neu|va|"
    r"hoac|hay|la|co|khong|moi|cac|nhung|bang|nhu|viec|hang|bo tri|phu hop|duoi day|sau|nao|tuong|cung|con|moi|cu|"
    r"nhat)\b)[a-z]{2}"
)
_WORK_VERBS = re.compile(
    r"lam|(?:muon|thue|nhan|tuyen)nguoilaodonglam|vaolam|dam(?:nhan|nhiem)|nhan|giu|phutrach|voichucdanh|voivitri"
)


_NEXT_CLAUSE = re.compile(r"(?:khi|neu|trong|sau khi|hai ben|ben [ab]|moi ben|truong hop)\b")


def _value_in_sentence(kind: str, tight: str, wide: str, work: bool = False) -> Value | None:
    """A value behind a label that is a word of a sentence: close to it, ending where the sentence goes on."""
    if kind in _FREE_WORDS:
        flat = re.sub(r"\s", " ", tight)
        clause = CLAUSE.match(fold(flat))
        flat = " " * clause.end() + flat[clause.end() :] if clause else flat
        cut = _SENTENCE_GOES_ON.search(fold(flat), len(flat) - len(flat.lstrip()) + 1)
        words = flat[: cut.start()] if cut else flat
        if _NEXT_CLAUSE.match(fold(words.lstrip())):
            return None
        named = words.lstrip()[:1].isupper() or (work and _WORK.match(fold(words)) is not None)
        return read_value(kind, Window(words, words)) if named else None
    value = read_value(kind, Window(tight, wide))
    if value is None or value.start > _NEAR or (kind == "address" and "," not in str(value.value)):
        return None
    return value


_NEW_ITEM = re.compile(
    r"\s*(?:[-+*•●○·]|\(?(?:\d{1,2}|[a-zđ])\s*[.)]\s|dieu\s+\d|ong\b|ba\b|cong hoa|ben [ab]\b|\d\.\d)"
)

# Values of a few words: a long line that begins with a capital is not their rest.
_SHORT = frozenset({"issuer", "bank", "person", "position"})

# A paragraph's first line may stand in by so much of the page's width; a line further left is of another column.
_INDENT = 0.12

_MAY_WRAP = frozenset({"address", "company", "text", "reason", "issuer", "bank", "position", "person"})


def stretch(flow: Flow, start: int, stop: int, kind: str) -> str:
    """The value's own stretch: to the end of its line, over the lines it wraps over, never past a gap or its cell."""
    position, wraps = start, 0
    while position < stop:
        match = re.compile(r"[\n\t\f]").search(flow.text, position, stop)
        if match is None:
            return flow.text[start:stop]
        sign = match[0]
        if sign == "\f":
            return flow.text[start : match.start()]
        so_far = flow.text[start : match.start()].strip(" .…_:\t")
        empty = not so_far or (kind == "company" and sign == "\t" and " " not in so_far)  # "Công [ty] TNHH …"
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


# An address that ends so goes on, and a line that begins so is the rest of one.
_UNFINISHED = re.compile(r"(?:,|\b(?:tp\.?|tx\.?|quan|huyen|tinh|thanh pho|thi xa|thi tran|phuong|xa|duong))\s*$")


_COUNTRY = re.compile(r"[ \t,(–-]*viet nam\b")


_FEW_WORDS = re.compile(
    r"(?P<words>[^\W\d_]+(?: [^\W\d_]+){0,2}?)"
    r"(?:,\s|;\s| (?=(?:làm |là )?(?:người )?đại diện|cùng|sinh|chức vụ|giữ|hiện|số |CM|CC|cư trú|thường trú|[(–-]))"
)


def _rest_of_name(text: str, position: int) -> bool:
    """ "… do ông Nguyễn Hoàng / Duy, chức vụ …", "… / Duy đại diện": up to three words with capitals open the line, and
    a comma or what is said of people follows."""
    match = _FEW_WORDS.match(text, position)
    return match is not None and match["words"].istitle()


_NAME_TO_COME = re.compile(r"\b(?:tinh|thanh pho|tp\.?|huyen|quan|cuc|canh sat|cong an|va|ve)\s*$")


def _is_complete(flow: Flow, newline: int) -> bool:
    """The line ends in a province and the next one begins with a capital that is no part of an address."""
    following = flow.text[newline + 1 : newline + 2]
    if not following.isupper() or ADDRESS_PART.match(flow.folded, newline + 1) or _COUNTRY.match(flow.folded, newline):
        return False
    return ends_in_province(flow.text[max(0, newline - 60) : newline])


def _beside_a_label(flow: Flow, index: int) -> bool:
    """ "TÊN DOANH NGHIỆP [gap] Công ty … Lữ / Company name [gap] Hành": under the label stands its translation."""
    start, following = flow.line_start(index), flow.lines[index + 1]
    label, gap, _ = flow.text[start : flow.line_start(index + 1)].rpartition("\t")
    under = flow.text[flow.line_start(index + 1) :].split("\n")[0]
    words = flow.lines[index].words[len(label.split()) :]
    return bool(gap and words) and "\t" in under and following.box.x0 < words[0].box.x0 - _INDENT


# Two words that are one value of a kind that else ends with its line.
_TORN = {"nationality": re.compile(r"viet\nnam\b"), "months": re.compile(r"\d\d?\)?\n(?:thang|nam|months?|years?)\b")}


def _goes_on(flow: Flow, newline: int, kind: str, wraps: int) -> bool:
    if kind in _TORN:
        torn_there = _TORN[kind].search(flow.folded, max(0, newline - 5), newline + 9)
        return torn_there is not None and torn_there.start() < newline
    if kind not in _MAY_WRAP or wraps >= _WRAPS:
        return False
    line = flow.line_at(newline)
    index = flow.line_index(newline)
    if kind == "address" and _is_complete(flow, newline):
        return False
    below = kind == "address" and ADDRESS_PART.match(flow.folded, newline + 1) is not None
    torn = kind == "address" and (below or _UNFINISHED.search(flow.folded[max(0, newline - 12) : newline]) is not None)
    if not (line.full or torn) or index + 1 >= len(flow.lines):
        return False
    following = flow.lines[index + 1]
    if (
        kind in _SHORT
        and following.box.width > 0.6 * line.box.width
        and not following.words[0].text[:1].islower()
        and not (kind == "person" and _rest_of_name(flow.text, newline + 1))
        and not _NAME_TO_COME.search(flow.folded[max(0, newline - 12) : newline])
    ):
        return False
    if _NEW_ITEM.match(flow.folded, newline + 1) or following.page != line.page:
        return False
    if _beside_a_label(flow, index):
        return False
    if re.search(r"[;:]$|[a-z]{3}\.$|[.…_]{4}$", flow.folded[max(0, newline - 5) : newline]):
        return False
    # A line far below, or in another column, is another thing.
    return (
        following.box.y0 - line.box.y1 < 1.6 * max(line.box.height, following.box.height)
        and line.box.x0 - _INDENT < following.box.x0 < line.box.x1
    )
