"""Names of people and of companies: what makes two spellings one name, and what does not.

Nothing here corrects a name. A likeness is a score and the reason for it; equality without the tone marks is a
warning, never a match: Hoàng, Hoang and Hoáng are three people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from casework.vietnam.letters import fold, nfc, repair_case, syllable_key

Level = Literal["exact", "spelling", "abbreviated", "unaccented", "close", "different"]

_TITLE = re.compile(
    r"^\s*(?:(?:ông\s*(?:/|\()\s*bà\)?|ong\s*/\s*ba|(?:ông|bà)\s*/\s*(?:mr|mrs|ms)|mr\.?\s*/\s*mr?s|ông|bà|anh|chị|cô|ngài|mr|mrs|ms|miss|ô|b)(?:(?<=\))|\b)\s*[.:]?\s+|"
    r"(?:ô|b|ông|bà|mr|mrs|ms)[.:]\s*)",
    re.IGNORECASE,
)
_NAME_NOISE = re.compile(r"[^\w\s'’ʼ-]|[\d_]")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are (0–1), at which level, and why, Vietnamese first."""

    score: float
    level: Level
    reason: str
    reason_en: str

    @property
    def same(self) -> bool:
        """One name by all rules that need no person to look: exact, or another spelling of the same syllables."""
        return self.level in ("exact", "spelling")


_EXACT = Likeness(1.0, "exact", "trùng khớp từng chữ", "identical")
_SPELLING = Likeness(
    0.99, "spelling", "cùng tên, khác cách viết hoa, đặt dấu hoặc i/y", "same name, other case, tone place or i/y"
)
_UNACCENTED = Likeness(0.85, "unaccented", "chỉ trùng khi bỏ dấu", "equal only without tone marks")


def strip_title(name: str) -> str:
    """The name without Ông, Bà, Ông/Bà… before it."""
    cleaned = nfc(name).strip()
    while True:
        shorter = _TITLE.sub("", cleaned, count=1)
        if shorter == cleaned or not shorter:
            return cleaned
        cleaned = shorter


def match_key(name: str) -> str:
    """The key on which two spellings of one person's name are equal (identical syllables, tones kept)."""
    words = _NAME_NOISE.sub(" ", strip_title(name).replace("’", "'").replace("ʼ", "'")).split()
    return " ".join(syllable_key(word) for word in words)


def compare(first: str, second: str) -> Likeness:
    """How alike two persons' names are. Never symmetric guesses: missing marks or letters are said to be missing."""
    left, right = nfc(first).strip(), nfc(second).strip()
    if not left or not right:
        return Likeness(0.0, "different", "thiếu một tên", "a name is missing")
    if left == right:
        return _EXACT
    left_key, right_key = match_key(left), match_key(right)
    if left_key == right_key:
        return _SPELLING
    left_plain, right_plain = _plain(left), _plain(right)
    if left_plain == right_plain:
        return _UNACCENTED
    if _is_abbreviation(left, right) or _is_abbreviation(right, left):
        return Likeness(0.8, "abbreviated", "một bên viết tắt", "one of them is abbreviated")
    return _closeness(left_plain, right_plain)


def _plain(name: str) -> str:
    return " ".join(_NAME_NOISE.sub(" ", fold(strip_title(name))).split())


def _is_abbreviation(short: str, long: str) -> bool:
    short_words, long_words = strip_title(short).split(), strip_title(long).split()
    if len(short_words) != len(long_words) or not any(word.endswith(".") for word in short_words):
        return False
    return all(
        fold(full).startswith(fold(word.rstrip(".")))
        if word.endswith(".")
        else syllable_key(word) == syllable_key(full)
        for word, full in zip(short_words, long_words, strict=True)
    )


def _closeness(left: str, right: str) -> Likeness:
    ratio = fuzz.ratio(left, right) / 100
    if ratio >= 0.85:
        return Likeness(
            round(0.8 * ratio, 3), "close", "gần giống, khác vài chữ cái", "nearly alike, some letters differ"
        )
    return Likeness(round(0.5 * ratio, 3), "different", "hai tên khác nhau", "different names")


# What a company calls its own kind: every way of writing it becomes one word.
_COMPANY_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"\btrach nhiem huu han\b|\bt\.?\s*n\.?\s*h\.?\s*h\.?(?=\W|$)", "tnhh"),
        (r"\bmot thanh vien\b|\b1\s*thanh vien\b|\bm\.?t\.?v\.?(?=\W|$)|\b1\s?tv\b", "mtv"),
        (r"\bhai thanh vien(?: tro len)?\b|\b2\s*thanh vien(?: tro len)?\b|\b2\s?tv\b", "2tv"),
        (r"\bco phan\b|\bc\.?p\.?(?=\W|$)", "cp"),
        (r"\bdoanh nghiep tu nhan\b|\bd\.?n\.?t\.?n\.?(?=\W|$)", "dntn"),
        (r"\bhop tac xa\b|\bh\.?t\.?x\.?(?=\W|$)", "htx"),
        (r"\bcong\s?ty\b|\bcty\b|\bc\.ty\b", "cty"),
        (r"\bthuong mai\b|\bt\.?m\.?(?=\W|$)", "tm"),
        (r"\bdich vu\b|\bd\.?v\.?(?=\W|$)", "dv"),
        (r"\bsan xuat\b|\bs\.?x\.?(?=\W|$)", "sx"),
        (r"\bxuat nhap khau\b|\bx\.?n\.?k\.?(?=\W|$)", "xnk"),
        (r"\bdau tu\b|\bđ\.?t\.?(?=\W|$)", "dt"),
        (r"\bxay dung\b|\bx\.?d\.?(?=\W|$)", "xd"),
        (r"\bchi nhanh\b|\bc\.?n\.?(?=\W|$)", "cn"),
        (r"\bviet nam\b|\bv\.?n\.?(?=\W|$)", "vn"),
    )
)


def company_key(name: str) -> str:
    """The key on which two ways of writing one company's name are equal; tones of its proper words are not kept."""
    text = fold(nfc(name)).replace("&", " va ")
    for pattern, kind in _COMPANY_FORMS:
        text = pattern.sub(f" {kind} ", text)
    words = [word for word in re.sub(r"[^\w\s]", " ", text).split() if word != "va"]
    return " ".join(words)


def compare_companies(first: str, second: str) -> Likeness:
    """How alike two companies' names are; the ways of abbreviating their legal form do not count as a difference."""
    left, right = nfc(first).strip(), nfc(second).strip()
    if not left or not right:
        return Likeness(0.0, "different", "thiếu một tên", "a name is missing")
    if left == right:
        return _EXACT
    if [syllable_key(word) for word in left.split()] == [syllable_key(word) for word in right.split()]:
        return _SPELLING
    left_key, right_key = company_key(left), company_key(right)
    if left_key == right_key:
        return Likeness(0.95, "spelling", "cùng tên, khác cách viết tắt", "same name, abbreviated another way")
    if sorted(left_key.split()) == sorted(right_key.split()):
        return Likeness(0.85, "close", "cùng các chữ, khác thứ tự", "same words in another order")
    return _closeness(left_key, right_key)


def repair_name_case(name: str) -> str:
    """The name with mixed-case words mended ("NGUYỄN VĂN HỮu"); its letters are never changed."""
    words = name.split()
    capitals = sum(word.isupper() for word in words)
    mended = [
        word.upper() if capitals * 2 > len(words) and not word.isupper() and word.isalpha() else repair_case(word)
        for word in words
    ]
    return " ".join(mended)
