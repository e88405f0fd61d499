"""Persons spoken of by their title inside sentences: "do ông …, Giám đốc, làm đại diện", "và bà …, sinh ngày …".

A title before a name is a label like others; whose name it is, the words around it say, else the part it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from casework.reading.document_types import DocumentType, FieldDescription
from casework.reading.flow import Flow
from casework.reading.labels import Label
from casework.reading.values import read_value
from casework.reading.window import Window
from casework.reading.words import looks_like_company
from casework.vietnam.letters import fold

# Written with its mark: folded, "Ánh" and "Chí" of names would be titles.
_TITLE = re.compile(
    r"(?<!\w)(?:(?:[ÔôO][Nn][Gg]|ông)\s*[/(]\s*(?:[Bb]à|BÀ)\)?|[Aa]nh\s*[/(]\s*[Cc]hị\)?|[ÔôO][Nn][Gg]|[Bb]à|BÀ|[Aa]nh|[Cc]hị|CHỊ|Mr|Mrs|Ms)"
    r"(?!\w)\.?[ \t\n]*:?[ \t\n]*"
)
# A word of a name before it: then it is a part of that name.
_WORD_BEFORE = re.compile(r"(?<!\w)([^\W\d_]+)[ \t]$")
# A street or a place called after a person, with or without its number before it.
_PLACE_BEFORE = re.compile(r"(?:\d[a-z]?|duong|pho|so|kiet|hem|ngo|ngach|phuong|xa|quan|huyen|truong|cau)[\s,]*$")
_MARKET_BEFORE = re.compile(r"\b[Cc]hợ\s*$")
# Between a firm's name and the person who speaks for it stands such a word; without one the title is of the name.
_LED_TO = re.compile(r"\b(?:do|la|va|voi|cho|giua|boi|cua|gom|dai dien|cung)\s*$")
_QUALITY, _UNTOLD = 0.86, 0.7
_AROUND = 90

_OF_EMPLOYER = re.compile(
    r"chuc vu|chuc danh|giam doc|dai dien|chu tich|chu doanh nghiep|hieu truong|truong phong|ben a\b"
)
_OF_EMPLOYEE = re.compile(
    r"sinh (?:ngay|nam|vao)|nam sinh|ngay sinh|cmnd|cmtnd|cccd|can cuoc|chung minh|ho chieu|ben b\b|nguoi lao dong|"
    r"dang lam viec|nhan vien|cong nhan"
)
_OFFICE = re.compile(
    r"[,\s]+(?:(?:la|chuc vu|giu chuc vu)\s*:?\s+)?"
    r"(?P<post>(?:(?:pho|tong|quyen)\s+)*(?:giam doc|truong|chu tich|chu nhiem|quan ly|chu)\b(?:\s+[a-z]+){0,4}?)\s+"
    r"(?:cua\s+)?"
    r"(?P<firm>(?:tong\s+)?cong ty|cty|doanh nghiep|hop tac xa|htx|dntn|chi nhanh|co so|khach san|nha hang|trung tam)\b"
)
_EMPLOYER_BEFORE = re.compile(r"(?:\bdo|dai dien|dai dien (?:la|boi|cho)|uy quyen cho|nguoi ky|giam doc)[\s:(]*$")
_EMPLOYEE_BEFORE = re.compile(r"(?:nguoi lao dong|nhan vien|cong nhan|ben b)(?: la)?[\s:(]*$")


def titled_names(flow: Flow, described: DocumentType, known: list[Label]) -> list[Label]:
    """The labels with every title before a name: those not listed are added, listed ones told whose name follows."""
    fields = {field.id: field for field in described.fields}
    employee, employer = fields.get("employee.full_name"), fields.get("employer.representative.full_name")
    if employee is None and employer is None:
        return known
    found = [_told(flow, label, employee, employer) for label in known]
    for match in _TITLE.finditer(flow.text):
        start, end = match.span()
        if any(label.start <= start < label.value_at for label in known) or _PLACE_BEFORE.search(
            flow.folded[max(0, start - 12) : start]
        ):
            continue
        if match[0].startswith("ONG") and "\n" in match[0]:
            continue  # on a line of its own it is what a seal left of "CÔNG"
        if _MARKET_BEFORE.search(flow.text, max(0, start - 12), start) or _within_firm(flow, start):
            continue
        word = _WORD_BEFORE.search(flow.text, max(0, start - 12), start)
        leads = word is not None and _LED_TO.search(fold(word[0])) is not None  # "Và bà …" opens a sentence
        if word and word[1][0].isupper() and not leads and not match[0].strip(" .:\n\t").isupper():
            continue
        window = flow.text[end : end + 60]
        name = read_value("person", Window(re.split(r"[\t\f]", window)[0], "")) if window[:1].isupper() else None
        if name is None or name.start or len(str(name.value).split()) < 2:
            continue
        owners = tuple(field for field in _owners(flow, start, end + name.end, employee, employer) if field is not None)
        if owners:
            quality = _QUALITY if len(owners) == 1 else _UNTOLD
            found.append(Label(start, end, end, owners, quality, False, fold(match[0]).strip(), False))
            if owners == (employer,):
                found += _office(flow, end + name.end, fields)
    return found


def _office(flow: Flow, end: int, fields: Mapping[str, FieldDescription]) -> list[Label]:
    """Behind a name: "…, Giám đốc Công ty …": the post and the firm, which have no labels of their own there."""
    match = _OFFICE.match(flow.folded, end)
    if match is None or not flow.text[match.start("firm")].isupper():
        return []
    named = (("post", "employer.representative.position"), ("firm", "employer.name"))
    return [
        Label(at, at, at, (fields[field],), _QUALITY, False, "", False)
        for group, field in named
        if field in fields and (at := match.start(group)) >= 0
    ]


def _within_firm(flow: Flow, start: int) -> bool:
    """ "Hộ kinh doanh Quán ăn Bà Tư": the title is a word of a firm's name."""
    before = re.split(r"[:\n\t\f,;.(–-]", flow.text[max(0, start - 60) : start])[-1]
    return looks_like_company(before) and not _LED_TO.search(fold(before))


_TITLES = frozenset({"ong", "ba", "ongba", "anh", "chi", "anhchi", "mrms"})


def _told(flow: Flow, label: Label, employee: FieldDescription | None, employer: FieldDescription | None) -> Label:
    """A listed title, for the party alone that the words around it speak of."""
    if label.squeezed not in _TITLES or employee is None or employer is None:
        return label
    name = read_value("person", Window(re.split(r"[\t\f]", flow.text[label.value_at : label.value_at + 60])[0], ""))
    if name is None:
        return label
    owners = _owners(flow, label.start, label.value_at + name.end, employee, employer)
    return replace(label, fields=tuple(field for field in owners if field is not None)) if len(owners) == 1 else label


def _owners(
    flow: Flow, start: int, end: int, employee: FieldDescription | None, employer: FieldDescription | None
) -> tuple[FieldDescription | None, ...]:
    before = flow.folded[max(0, start - 30) : start].replace("\n", " ")
    after = flow.folded[end : end + _AROUND].replace("\n", " ")
    following = _TITLE.search(flow.text[end : end + _AROUND])
    after = after[: following.start()] if following else after
    if _EMPLOYER_BEFORE.search(before):
        return (employer,)
    if _EMPLOYEE_BEFORE.search(before):
        return (employee,)
    post, born = _OF_EMPLOYER.search(after), _OF_EMPLOYEE.search(after)
    if post and (born is None or post.start() < born.start()):
        return (employer,)
    if born:
        return (employee,)
    return (employee, employer)
