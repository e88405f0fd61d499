"""How well the name and tax code that are expected fit what stands on a seal, where that cannot be read for sure.

Pen and print cover a seal; what is left of it still fits the right name and code better than ones chosen blindly. Pure.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from functools import cache

from rapidfuzz.distance import Levenshtein

from casework.vietnam.identifiers import mst_check_digit
from casework.vietnam.letters import fold

# What firms' names share, and what stands on seals beside names.
COMMON = frozenset((
    "CONG", "TY", "TNHH", "CTY", "MTV", "CO", "PHAN", "CP", "MOT", "THANH", "VIEN", "HAI", "TRACH", "NHIEM", "HUU",
    "HAN", "HOP", "DANH", "DOANH", "NGHIEP", "TU", "NHAN", "DNTN", "TAP", "DOAN", "TONG", "CHI", "NHANH", "VAN",
    "PHONG", "DAI", "DIEN", "TRUNG", "TAM", "NHA", "MAY", "XI", "HO", "KINH", "MSDN", "MST", "TINH", "HUYEN",
    "QUAN", "TP", "TX", "VIET", "NAM",
))  # fmt: skip
# Firms of one trade share these; the rest of a name is the firm's own.
_TRADE = re.compile(
    r"\b(?:THUONG MAI|DICH VU|SAN XUAT|XAY DUNG|XAY LAP|DAU TU|PHAT TRIEN|XUAT NHAP KHAU|VAN TAI|DU LICH|KHACH SAN|"
    r"NHA HANG|DET MAY|MAY MAC|GIAY DA|DA GIAY|THUC PHAM|CHE BIEN|NONG SAN|THUY SAN|HAI SAN|CO KHI|DIEN TU|DIEN LANH|"
    r"BAO BI|HOA CHAT|DUOC PHAM|CONG NGHE|VIEN THONG|GIAO DUC|VAT LIEU|NOI THAT|QUANG CAO|TRUYEN THONG|GO)\b"
)
# Of which names are made, to hold blind ones against what was read.
_SYLLABLES = (
    "AN", "VU", "LE", "HA", "KY", "BAO", "BAC", "CAO", "CAT", "DAO", "DUC", "GIA", "HOA", "HAU", "KIM", "LAN", "LAM",
    "LOC", "LUC", "MAI", "MOC", "NGA", "PHU", "SAO", "SON", "TAM", "TAN", "TAY", "THO", "TIN", "TRI", "TUE", "UYEN",
    "VAN", "YEN", "BINH", "CHAU", "DIEN", "DINH", "DONG", "DUNG", "GIAO", "HANH", "HIEN", "HOAN", "HUNG", "KHOA",
    "LIEN", "LONG", "MINH", "NGAN", "NGOC", "NHAT", "PHAT", "PHUC", "QUOC", "QUAN", "SANG", "SONG", "THAI", "THAO",
    "TIEN", "TOAN", "TUAN", "VIEN", "VINH", "XUAN", "CHINH", "CUONG", "DUONG", "GIANG", "HOANG", "HUONG", "KHANG",
    "KHANH", "LUONG", "NHIEN", "PHONG", "QUANG", "QUYEN", "QUYNH", "THANG", "THIEN", "THINH", "THUAN", "TRANG", "TRIEU",
    "TRONG", "TRUNG", "VUONG", "KHUONG", "NGHIEM", "NGUYEN", "PHUONG", "THUONG", "TRUONG", "KHUYEN", "NGHIEP",
)  # fmt: skip
_BLIND, _BLIND_NAMES = 200, 100
_LEAST_SPREAD, _LEAST_NAME_SPREAD = 0.01, 0.02


def beyond_codes(tried: Sequence[Sequence[Sequence[float]]], code: str) -> float:
    """How much better a tax code of ten figures fits the shapes along the ring (`SealRead.figures`) than codes chosen
    blindly, in their standard deviations."""
    return _beyond(_fit(tried, code), [_fit(tried, other) for other in _blind_codes()], _LEAST_SPREAD)


def _fit(tried: Sequence[Sequence[Sequence[float]]], code: str) -> float:
    """How like the code the ring looks, at the place that suits it best."""
    figures = [int(figure) for figure in code]
    return max(sum(like[figure] for like, figure in zip(place, figures, strict=True)) for place in tried)


@cache
def _blind_codes() -> list[str]:
    """Codes with their check digit that follow no firm's; the same ones each time."""
    bodies = (f"{number * 2_654_435_761 % 10**9:09d}" for number in itertools.count(1))
    checked = ((body, mst_check_digit(body)) for body in bodies)
    return [f"{body}{check}" for body, check in itertools.islice((c for c in checked if c[1] is not None), _BLIND)]


def beyond_names(read: Sequence[str], name: str) -> float | None:
    """How much better a firm's name fits what was read than names chosen blindly, in their standard deviations. read:
    the words in the middle of a seal, of each form; only the firm's own words count, without its form and trade. None
    where nothing was read or the name has no such words."""
    words = _proper_words(name)
    forms = [form for text in read if (form := "".join(letters_of(text)))]
    if not words or not forms:
        return None
    found: dict[str, float] = {}

    def likeness(word: str) -> float:
        if word not in found:
            found[word] = max(likeness_within(word, form) for form in forms)
        return found[word]

    def fit(others: Sequence[str]) -> float:
        return sum(len(own) * likeness(other) for own, other in zip(words, others, strict=True)) / len("".join(words))

    return _beyond(fit(words), [fit(_blind_name(words, turn)) for turn in range(_BLIND_NAMES)], _LEAST_NAME_SPREAD)


def _proper_words(name: str) -> list[str]:
    """The words by which a firm is told from others of its form and trade."""
    told_by = _TRADE.sub(" ", " ".join(letters_of(name)))
    return [word for word in told_by.split() if word not in COMMON and len(word) > 1]


def _blind_name(words: Sequence[str], turn: int) -> list[str]:
    """Words that are no firm's, about as long as these; of the same turn the same ones each time."""
    chosen = []
    for place, word in enumerate(words):
        alike = _syllables_like(len(word))
        chosen.append(alike[(7 * turn + 3 * place + turn * place) % len(alike)])
    return chosen


@cache
def _syllables_like(length: int) -> list[str]:
    nearest = min((abs(len(one) - length) for one in _SYLLABLES), default=0)
    return [one for one in _SYLLABLES if abs(len(one) - length) <= nearest]


def likeness_within(word: str, text: str) -> float:
    """How like the word the likest part of its length is, 0 to 1: words are read in two, or two as one."""
    parts = (text[start : start + len(word)] for start in range(len(text) - len(word) + 1))
    return max((Levenshtein.normalized_similarity(word, part) for part in parts), default=0.0)


def letters_of(text: str) -> list[str]:
    """Its words in capitals without marks."""
    return re.findall(r"[A-Z]+", fold(text).upper())


def _beyond(expected: float, blind: Sequence[float], least: float) -> float:
    return (expected - statistics.fmean(blind)) / max(statistics.pstdev(blind), least)
