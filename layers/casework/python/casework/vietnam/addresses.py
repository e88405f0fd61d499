"""Addresses of 2020, read lightly: the text as printed, the province it ends in, rural or urban by its commune.

Districts and communes are not looked up: the gazetteer of 2020 is not part of the rulebook yet, and a current one
would be wrong for these papers.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from casework.vietnam.letters import fold, nfc
from casework.vietnam.names import Likeness, marks_between
from casework.vietnam.provinces import PROVINCES


@dataclass(frozen=True, slots=True)
class Address:
    """An address: as printed, the province (code of CCCD numbers and name), the kind of its commune if said."""

    raw: str
    province_code: str | None = None
    province: str | None = None
    commune_kind: Literal["rural", "urban"] | None = None
    doubts: tuple[str, ...] = ()


_SHORT_FORMS = {
    "tphcm": "079", "hcm": "079", "tp hcm": "079", "tphochiminh": "079", "sai gon": "079", "hn": "001", "tphn": "001",
    "hue": "046", "brvt": "077", "ba ria vung tau": "077", "br vt": "077", "dac lac": "066", "dak lak": "066",
    "dac nong": "067",
}  # fmt: skip
_KIND = re.compile(r"^(?:thanh pho|tinh|tp|t)\s*\.?\s+|^tp\.?\s*|^t\.\s*")
_RURAL = re.compile(r"(?:^|[\s,])(?:xa|x\.)\s")
_URBAN = re.compile(r"(?:^|[\s,])(?:phuong|p\.|thi tran|tt\.|f\.)\s*\w")


@functools.cache
def _names() -> dict[str, str]:
    return {re.sub(r"\W+", " ", fold(name)).strip(): code for code, name in PROVINCES.items()}


def parse_address(text: str) -> Address:
    """The address with what could be told of it; `raw` is the text cleaned of dot leaders and trailing signs."""
    raw = re.sub(r"\s+", " ", re.sub(r"[.…_]{3,}", " ", nfc(text))).strip(" .,;:-")
    folded = fold(raw)
    kind: Literal["rural", "urban"] | None = (
        "urban" if _URBAN.search(folded) else "rural" if _RURAL.search(folded) else None
    )
    code = province_of(raw)
    doubts = () if code else ("không thấy tên tỉnh, thành phố",)
    return Address(raw, code, PROVINCES.get(code) if code else None, kind, doubts)


def province_of(text: str) -> str | None:
    """The code of the province the text ends in; None when its last parts name none."""
    parts = [part for part in re.split(r"[,;]|\s[-–]\s", fold(nfc(text)).strip(" .")) if part.strip()]
    for part in reversed(parts[-2:]):
        name = re.sub(r"\W+", " ", _KIND.sub("", part.strip())).strip()
        if name in ("viet nam", "vn", ""):
            continue
        code = _SHORT_FORMS.get(name) or _names().get(name)
        if code:
            return code
        for known, known_code in _names().items():
            if name.endswith(" " + known) or (len(name) > 5 and fuzz.ratio(name, known) >= 90):
                return known_code
    return None


def province_at(folded: str, position: int) -> int:
    """The length of the province's name that begins at a position of a folded text; 0 where none does."""
    for name in sorted(_names(), key=len, reverse=True):
        pattern = re.compile(name.replace(" ", r"[\s-]+") + r"(?![a-z])")
        match = pattern.match(folded, position)
        if match:
            return match.end() - position
    return 0


_AFTER_PROVINCE = re.compile(r"(?:\s+[^\s,]{1,14}|\s*\([^)]*\)?){1,2}")


# A district, a commune or the country may still belong to the address.
_MORE_PARTS = re.compile(r"viet nam|tinh\b|thanh pho|thi (?:xa|tran)|quan\b|huyen\b|phuong\b|xa\b|t[pxt]\b")


def _another_sentence(text: str) -> bool:
    """Words that begin with one capital, as a sentence does that was read as the address's rest."""
    words = text.split()
    return len(words) > 1 and words[0].istitle() and not _MORE_PARTS.match(fold(nfc(" ".join(words))))


def behind_province(text: str) -> int:
    """How many characters stand behind the province an address ends in, when that is a word or two of another thing."""
    folded = fold(nfc(text))
    start = folded.rfind(",") + 1
    lead = _BEFORE_NAME.match(folded, start) if start else None
    begin = lead.end() if lead else start
    length = province_at(folded, begin) if start else 0
    rest = folded[begin + length :]
    if not length or not rest.strip():
        return 0
    return len(rest) if _AFTER_PROVINCE.fullmatch(rest) or _another_sentence(text[begin + length :]) else 0


def ends_in_province(text: str) -> bool:
    """The last part of the text, behind a comma, is the whole name of a province."""
    folded = fold(nfc(text)).rstrip(" .")
    start = folded.rfind(",") + 1
    lead = _BEFORE_NAME.match(folded, start) if start else None
    begin = lead.end() if lead else start
    length = province_at(folded, begin) if start else 0
    return bool(length) and begin + length == len(folded)


_BEFORE_NAME = re.compile(r"\s*(?:(?:thành phố|tỉnh|thanh pho|tinh)\s+|t[ptfir]\s?\.\s*|tp\s+|t\.\s*)?", re.IGNORECASE)


_CITY = re.compile(r"^(\s*)T[TFIRP]\s?\.")


def province_name(part: str) -> str | None:
    """The last part of an address with its province spelled right ("TP. Đà Năng" → " TP. Đà Nẵng").

    None when it is no province, or already right. Only a name that differs in marks or in one letter is respelled.
    """
    lead = _BEFORE_NAME.match(part)
    begin = lead.end() if lead else 0
    name = part[begin:].strip(" .")
    folded = re.sub(r"\W+", " ", fold(name)).strip()
    if len(folded) < 5:
        return None
    code = _names().get(folded)
    if code is None:
        near = [known for known in _names() if len(known) == len(folded) and fuzz.ratio(known, folded) >= 85]
        code = _names()[near[0]] if len(near) == 1 else None
    if code is None or name.isupper():
        return None
    right = _CITY.sub(r"\1TP.", part[:begin]) + PROVINCES[code]
    return None if right == part.rstrip(" .") else right


# -- two ways of writing one address ----------------------------------------------------------------------------------

_MARKERS = {
    "commune": ("phuong", "p", "f", "xa", "x", "thi tran", "tt"),
    "district": ("quan", "q", "huyen", "h", "thi xa", "tx"),
    "city": ("thanh pho", "tp", "tinh", "t"),
    "hamlet": ("khu pho", "kp", "to dan pho", "tdp", "to", "ap", "thon", "xom", "khoi", "ban", "lang"),
    "lane": ("ngo", "hem", "kiet", "ngach"),
    "park": ("khu cong nghiep", "kcn", "khu che xuat", "kcx"),
    "street": ("duong", "d", "pho"),
}


def _marked_by(words: tuple[str, ...]) -> str:
    """One letter marks a part with a dot or a figure behind it (P. 5, Q1), a word with a blank as well."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(rf"{word}(?:\.\s*|(?=\d){'' if len(word) == 1 else '|' + chr(92) + 's+'})" for word in longest)


_PART = re.compile(
    "^(?:" + "|".join(f"(?P<{kind}>{_marked_by(words)})" for kind, words in _MARKERS.items()) + r")(?P<name>\w.*)$"
)
# A part that begins without a comma before it; "thành phố", "thị xã", "khu phố", "phường Phố Huế" are one part.
_INSIDE = re.compile(
    r"(?<!\.)(?<!phường)(?<!xã)(?<!quận)(?<!đường)(?<!huyện)(?<!thành)(?<!thị)(?<!khu)(?<!dân)\s+"
    r"(?=(?:phường|phuong|xã|thị trấn|quận|huyện|thị xã|thành phố|tỉnh|khu công nghiệp|đường|phố|ngõ|hẻm)\s|"
    r"(?:p|q|h|x|tt|tx|tp|kcn)\s?\.\s?\w|(?:p|q)\d)",
    re.IGNORECASE,
)
_OWN_PROVINCE = frozenset({"001", "031", "048", "079", "092"})  # cities that are provinces
_HOUSE = re.compile(r"^(?:so\s+)?(?P<number>\d+\w?(?:/\d+\w?)*)\s+(?P<street>\D.*)$")
_SAID_OF = {
    "province": ("khác tỉnh, thành phố", "another province", 0.2),
    "city": ("khác thành phố", "another city", 0.35),
    "district": ("khác quận, huyện", "another district", 0.35),
    "commune": ("khác phường, xã", "another commune", 0.45),
    "park": ("khác khu công nghiệp", "another industrial park", 0.45),
    "hamlet": ("khác thôn, tổ, khu phố", "another hamlet", 0.5),
    "lane": ("khác ngõ, hẻm", "another lane", 0.5),
    "number": ("khác số nhà", "another house number", 0.5),
    "street": ("khác tên đường", "another street", 0.4),
}
_LESS_FOR_A_PART = 0.06


def compare_addresses(first: str, second: str) -> Likeness:
    """How alike two addresses are: part by part, whatever their order and abbreviations; what one leaves away counts
    little, what differs is said."""
    left, right = nfc(first).strip(), nfc(second).strip()
    if not left or not right:
        return Likeness(0.0, "different", "thiếu một địa chỉ", "an address is missing")
    if left == right:
        return Likeness(1.0, "exact", "trùng khớp từng chữ", "identical")
    one, other = _parts_of(left), _parts_of(right)
    for name, (vi, en, score) in _SAID_OF.items():
        if name in one and name in other and not _same_part(one[name], other[name]):
            return Likeness(score, "different", vi, en)
    lacking = sum((name in one) != (name in other) for name in _SAID_OF)
    loose = [_plain_part(part) for part in (one.get("loose", ""), other.get("loose", ""))]
    if any(loose) and not _loose_fit(one, other):
        return Likeness(0.4, "different", "có phần khác nhau", "some parts differ")
    if not set(one) & set(other) - {"province"}:
        return Likeness(0.3, "different", "không có phần nào để so", "no part in common to compare")
    score = round(0.97 - _LESS_FOR_A_PART * lacking, 3)
    if lacking:
        return Likeness(score, "abbreviated", "một bên ghi thiếu phần", "one of them leaves parts away")
    return Likeness(score, "spelling", "cùng địa chỉ, khác cách viết", "same address, written another way")


def _parts_of(text: str) -> dict[str, str]:
    """The parts of an address by kind, as written; what names no kind is `loose`."""
    found: dict[str, str] = {}
    pieces = [piece.strip(" .") for piece in re.split(r"[,;]|\s[-–]\s", _INSIDE.sub(", ", text)) if piece.strip(" .")]
    code = province_of(text) or next((named for piece in pieces if (named := province_of(piece))), None)
    if code:
        found["province"] = PROVINCES[code]
    for place, piece in enumerate(pieces):
        folded = fold(piece)
        if folded in ("viet nam", "vn") or _is_province(piece, code, last=place == len(pieces) - 1):
            continue
        house, match = _HOUSE.match(folded), _PART.match(folded)
        if match:
            found.setdefault(next(kind for kind in _MARKERS if match[kind]), piece[match.start("name") :])
        elif house:
            found.setdefault("number", house["number"])
            found.setdefault("street", piece[house.start("street") :])
        elif re.fullmatch(r"(?:so\s+)?\d+\w?(?:/\d+\w?)*", folded):
            found.setdefault("number", re.sub(r"^so\s+", "", folded))
        else:
            found["loose"] = f"{found['loose']}, {piece}" if "loose" in found else piece
    return found


def _is_province(piece: str, code: str | None, *, last: bool) -> bool:
    """The part that names the province; a city of the same name (TP. Thái Nguyên) stands before it."""
    if code is None or province_of(piece) != code:
        return False
    return last or code in _OWN_PROVINCE or not _KIND.match(fold(piece))


def _same_part(first: str, second: str) -> bool:
    left, right = _plain_part(first), _plain_part(second)
    if left != right:
        return False
    return marks_between(first, second).alike if any(sign.isalpha() for sign in left) else True


def _plain_part(text: str) -> str:
    """Letters without marks, numbers without leading zeros."""
    return " ".join(word.lstrip("0") or "0" for word in re.findall(r"\w+", fold(text)))


def _loose_fit(one: dict[str, str], other: dict[str, str]) -> bool:
    """Parts without a kind are among the other's parts, or the other has none of their kind."""
    for mine, theirs in ((one, other), (other, one)):
        there = [_plain_part(part) for name, part in theirs.items() if name != "loose"]
        there += [_plain_part(part) for part in theirs.get("loose", "").split(", ") if part]
        for part in mine.get("loose", "").split(", "):
            if part and _plain_part(part) not in there:
                return False
    return True
