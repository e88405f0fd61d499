"""Names of people and of companies: what makes two spellings one name, and what does not.

Nothing here corrects a name. A likeness is a score and the reason for it; equality without the tone marks is a
warning, never a match: Hoàng, Hoang and Hoáng are three people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from casework.vietnam.letters import fold, nfc, repair_case, syllable_key

Level = Literal["exact", "spelling", "abbreviated", "unaccented", "reordered", "close", "different"]

ALIKE_FROM = 0.75
"""From this score on two ways of writing are taken for one. Measured on generated pairs and tested on pairs written by
hand: precision and recall in docs/signals.md (`python -m tests.bench.measure_names`)."""

_TITLE = re.compile(
    r"^\s*(?:(?:ông\s*(?:/|\()\s*bà\)?|ong\s*/\s*ba|(?:ông|bà)\s*/\s*(?:mr|mrs|ms)|mr\.?\s*/\s*mr?s|ông|bà|anh|chị|cô|ngài|mr|mrs|ms|miss|ô|b)(?:(?<=\))|\b)\s*[.:]?\s+|"
    r"(?:ô|b|ông|bà|mr|mrs|ms)[.:]\s*)",
    re.IGNORECASE,
)
FAMILY = re.compile(
    r"(?:nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|trinh|mai|doan|luong|to|quach|ta|cao|"
    r"ha|thai|kieu|nghiem|luu|trieu|chau|truong|lam|tong|chu|dao|ninh|vuong)\s"
)
"""A folded text that begins with a family name: one of those that nine people in ten bear."""
_APOSTROPHE = re.compile("['’ʼ]")  # H'Hen is registered as HHEN, and as H HEN
_NAME_NOISE = re.compile(r"[^\w\s'’ʼ-]|[\d_]")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names or addresses are (0–1), at which level, and why, Vietnamese first."""

    score: float
    level: Level
    reason: str
    reason_en: str

    @property
    def same(self) -> bool:
        """One name by all rules that need no person to look: exact, or another spelling of the same syllables."""
        return self.level in ("exact", "spelling")

    @property
    def alike(self) -> bool:
        """One person, firm or place as people compare them: what is left away or abbreviated is no difference."""
        return self.score >= ALIKE_FROM


_EXACT = Likeness(1.0, "exact", "trùng khớp từng chữ", "identical")
_SPELLING = Likeness(
    0.99, "spelling", "cùng tên, khác cách viết hoa, đặt dấu hoặc i/y", "same name, other case, tone place or i/y"
)
_JOINED = Likeness(0.95, "spelling", "cùng tên, viết liền hoặc cách chữ khác", "same name, spaced another way")
_BARE = Likeness(0.9, "unaccented", "một bên không có dấu", "one of them has no tone marks")
_LACKING = Likeness(0.8, "unaccented", "một bên thiếu dấu ở vài chữ", "one of them lacks some marks")
_OTHER_MARKS = Likeness(0.5, "close", "khác dấu", "other tone marks")
_REORDERED = Likeness(0.8, "reordered", "cùng các chữ, khác thứ tự", "same words in another order")
_ABBREVIATED = Likeness(0.85, "abbreviated", "một bên viết tắt", "one of them is abbreviated")
_MISSING = Likeness(0.0, "different", "thiếu một tên", "a name is missing")


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
    words = _NAME_NOISE.sub(" ", _APOSTROPHE.sub("", strip_title(name))).split()
    return " ".join(syllable_key(word) for word in words)


def compare(first: str, second: str) -> Likeness:
    """How alike two persons' names are. Never symmetric guesses: missing marks or letters are said to be missing."""
    left, right = nfc(first).strip(), nfc(second).strip()
    if not left or not right:
        return _MISSING
    if left == right:
        return _EXACT
    left_key, right_key = match_key(left).replace("-", " "), match_key(right).replace("-", " ")
    if left_key == right_key:
        return _SPELLING
    if left_key.replace(" ", "") == right_key.replace(" ", ""):
        return _JOINED
    left_plain, right_plain = _plain(left), _plain(right)
    if left_plain == right_plain:
        return marks_between(left, right)
    if _is_abbreviation(left, right) or _is_abbreviation(right, left):
        return _ABBREVIATED
    if _is_turned(left_key.split(), right_key.split()):
        return _REORDERED
    return _closeness(left_plain, right_plain)


def marks_between(left: str, right: str) -> Likeness:
    """Of two names with the same letters: whether one only lacks marks, or both have them and they differ."""
    first, second = _words(left), _words(right)
    if not _marked(first) or not _marked(second):
        return _BARE
    differing = [(a, b) for a, b in zip(first, second, strict=True) if syllable_key(a) != syllable_key(b)]
    if not differing:
        return _SPELLING
    # A level tone is a tone: where one word alone differs, it is another name (Hoa, Hòa).
    lacking = len(differing) > 1 and not any(_marked([a]) and _marked([b]) for a, b in differing)
    return _LACKING if lacking else _OTHER_MARKS


def _marked(words: Sequence[str]) -> bool:
    return any(fold(word) != word.lower() for word in words)


def _words(name: str) -> list[str]:
    return _NAME_NOISE.sub(" ", _APOSTROPHE.sub("", strip_title(name)).replace("-", " ")).split()


def _plain(name: str) -> str:
    return " ".join(_NAME_NOISE.sub(" ", _APOSTROPHE.sub("", fold(strip_title(name))).replace("-", " ")).split())


def _is_turned(first: Sequence[str], second: Sequence[str]) -> bool:
    """The family name, or the given name, moved to the other end: the order of other countries."""
    if len(first) != len(second) or len(first) < 2:
        return False
    turns = ([*first[1:], first[0]], [first[-1], *first[:-1]])
    return list(second) in turns


def _is_abbreviation(short: str, long: str) -> bool:
    """Word by word; "B." before a name is Bà or the family name Bùi, whichever fits."""
    long_words = strip_title(long).split()
    spaced = [re.sub(r"\.(?=\w)", ". ", text).split() for text in (short, strip_title(short))]
    short_words = next((words for words in spaced if len(words) == len(long_words)), [])
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
            round(min(0.7, 0.8 * ratio), 3), "close", "gần giống, khác vài chữ cái", "nearly alike, some letters differ"
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
        (r"\bdau tu\b|\bd\.?t\.?(?=\W|$)", "dt"),
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


_LEGAL = ("tnhh", "cp", "dntn", "htx")
_OF_LEGAL = frozenset({*_LEGAL, "cty", "mtv", "2tv"})
_TRADES = frozenset({"tm", "dv", "sx", "xnk", "dt", "xd"})


@dataclass(frozen=True, slots=True)
class _Firm:
    """A company's name in parts: its legal form, whether it is a branch, its own words with their marks."""

    legal: str
    branch: bool
    words: tuple[str, ...]
    marked: tuple[str, ...]


def _firm(name: str) -> _Firm:
    """Abbreviations are replaced in place, so that what is left keeps its marks."""
    text = re.sub(r"[&“”\"'()]", " ", nfc(name))
    folded = fold(text)
    for pattern, kind in _COMPANY_FORMS:
        folded = pattern.sub(lambda match, kind=kind: kind.ljust(len(match[0])), folded)  # type: ignore[misc]
    found = [match for match in re.finditer(r"\w+", folded) if match[0] != "va"]
    own = [match for match in found if match[0] not in _OF_LEGAL and match[0] != "cn"]
    legal = next((match[0] for match in found if match[0] in _LEGAL), "")
    words = tuple(match[0] for match in own)
    marked = tuple(
        match[0] if match[0] in _TRADES or match[0] == "vn" else text[match.start() : match.end()] for match in own
    )
    return _Firm(legal, any(match[0] == "cn" for match in found), words, marked)


def compare_companies(first: str, second: str) -> Likeness:
    """How alike two companies' names are; the ways of abbreviating their legal form do not count as a difference."""
    left, right = nfc(first).strip(), nfc(second).strip()
    if not left or not right:
        return _MISSING
    if left == right:
        return _EXACT
    if [syllable_key(word) for word in left.split()] == [syllable_key(word) for word in right.split()]:
        return _SPELLING
    one, other = _firm(left), _firm(right)
    if one.branch != other.branch:
        return Likeness(0.6, "close", "một bên là chi nhánh", "one of them is a branch")
    if one.legal and other.legal and one.legal != other.legal:
        return Likeness(0.5, "close", "khác loại hình doanh nghiệp", "another legal form")
    if one.words == other.words:
        if [syllable_key(word) for word in one.marked] == [syllable_key(word) for word in other.marked]:
            return Likeness(0.95, "spelling", "cùng tên, khác cách viết tắt", "same name, abbreviated another way")
        return marks_between(" ".join(one.marked), " ".join(other.marked))
    if sorted(one.words) == sorted(other.words) and set(one.words) & _TRADES:
        return _REORDERED
    return _closeness(" ".join(one.words), " ".join(other.words))


def repair_name_case(name: str) -> str:
    """The name with mixed-case words mended ("NGUYỄN VĂN HỮu"); its letters are never changed."""
    words = name.split()
    capitals = sum(word.isupper() for word in words)
    mended = [
        word.upper() if capitals * 2 > len(words) and not word.isupper() and word.isalpha() else repair_case(word)
        for word in words
    ]
    return " ".join(mended)
