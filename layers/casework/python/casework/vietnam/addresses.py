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
