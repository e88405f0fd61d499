"""Whether the name on a round seal can be the employer's that the paper names: verified, not recognised.

A seal is read badly more often than well. So it is not asked whose name it bears, only whether what surely stands on
it leaves room for the name that is expected: "same" where enough of that is there, "other" where words or a tax code
surely stand there that are none of it, "unknown" else. What was read in one form only is not sure. Figures no form
could read are held against the expected code by their shapes: does it fit better than codes chosen blindly? Pure.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rapidfuzz.distance import Hamming, Levenshtein

from casework.vietnam.identifiers import mst_check_digit
from casework.vietnam.letters import fold

Verdict = Literal["same", "other", "unknown"]
Words = tuple[tuple[str, float], ...]
"""Words as read with their confidence, 0 to 1."""


@dataclass(frozen=True, slots=True)
class SealRead:
    """One form of a seal as it was read: the writing along the top of its ring, and the lines in its middle; or its
    ring's figures by their shapes: the places tried, best first, × ten figures × likeness to 0 to 9 (-1 to 1)."""

    ring: Words = ()
    middle: Words = ()
    figures: tuple[tuple[tuple[float, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """The verdict, and what on the seal told it ("" for unknown)."""

    verdict: Verdict
    seen: str = ""


# What firms' names share, and what stands on seals beside names.
_COMMON = frozenset((
    "CONG", "TY", "TNHH", "CTY", "MTV", "CO", "PHAN", "CP", "MOT", "THANH", "VIEN", "HAI", "TRACH", "NHIEM", "HUU",
    "HAN", "HOP", "DANH", "DOANH", "NGHIEP", "TU", "NHAN", "DNTN", "TAP", "DOAN", "TONG", "CHI", "NHANH", "VAN",
    "PHONG", "DAI", "DIEN", "TRUNG", "TAM", "NHA", "MAY", "XI", "HO", "KINH", "MSDN", "MST", "TINH", "HUYEN",
    "QUAN", "TP", "TX", "VIET", "NAM",
))  # fmt: skip
_LEAST_LETTERS = 3  # of a word that says anything by itself
# Measured on development seals (tests.bench.measure_seal_names): words of another firm's seal that were read alike in
# two forms are surer than 0.6, what misreading makes of the own name is less sure or not read alike.
_SURE, _VERY_SURE = 0.6, 0.9
_FOREIGN_LETTERS = 5
_ALIKE = 0.5  # a word so like one that is expected may be it, misread
_COMMON_ALIKE = 0.74
_FOUND = 0.75
_THERE = 0.6  # of the letters of the expected name: then the seal is the employer's, whatever else was read
_HALF_THERE = 0.5
_CODE = 10
_NEAR_CODE, _FAR_CODE, _ALIKE_CODES = 3, 6, 3  # figures that differ: misread, another code, one code in two forms
_MOST_UNREAD = 3
_BLIND = 200  # codes chosen blindly
# Measured on two development draws (144 pages): the employer's own code fits 3.6 to 7.6 deviations better than blind
# ones, another firm's -2.0 to 2.5. Blurred until no figure is legible own codes fit no better (0.9), but there nothing
# does: where they fit less than 2.0 the best of all had a likeness of 5.13; of other firms' three in four had over 5.2.
_FITS, _FITS_NOT = 3.5, 2.0
_LEGIBLE = 5.2  # of 10
_CLEAR = 0.05  # liker than the next figure: then it is named to the officer
_AS_FIGURES = str.maketrans("OoQDIl|ZSBA", "00001112584")
_DASHES = "-–—_.,: "


def told(read: Sequence[SealRead], name: str, tax_code: str) -> Told:
    """Is the seal that was read in these forms the employer's of this name and tax code (as printed; "" where the
    paper does not say)?"""
    code = "".join(re.findall(r"\d", tax_code))[:_CODE]
    middle = [form.middle for form in read]
    by_name, by_code = _by_name(middle, name), [Told("unknown")]
    if len(code) == _CODE:
        shapes = next((form.figures for form in read if form.figures), ())
        by_code = [_by_code(read, code), _by_shapes(shapes, code)]
    others = [answer for answer in (by_code[0], by_name, *by_code[1:]) if answer.verdict == "other"]
    same_code = any(answer.verdict == "same" for answer in by_code)
    if not (same_code or by_name.verdict == "same"):
        return others[0] if others else Told("unknown")
    if not others:
        return Told("same")
    # Firms share words of their names (places, trades), but not their codes.
    shares = not same_code and _share_there(_own_words(name), middle) < 1
    return others[0] if shares else Told("unknown")


def _by_code(read: Sequence[SealRead], code: str) -> Told:
    """By the tax code along the ring: the expected one but for misread figures; or another one, which is whole, or was
    read much alike in two forms, both far from what is expected."""
    runs = [(number, *run) for number, form in enumerate(read) for run in _figures(form.ring)]
    if any(Levenshtein.distance(figures, code) <= _NEAR_CODE for _, figures, _ in runs):
        return Told("same")
    far = [run for run in runs if _apart(run[1], code) >= _FAR_CODE]
    for _, figures, sure in far:
        if sure >= _SURE and re.fullmatch(r"\d{10}", figures) and _is_issued(figures):
            return Told("other", figures)
    for (number, figures, _), (another, others, _) in itertools.combinations(far, 2):
        if number != another and Levenshtein.distance(figures, others) <= _ALIKE_CODES:
            return Told("other", figures)
    return Told("unknown")


def _apart(figures: str, code: str) -> int:
    """How many figures differ: where both are whole, at their places, since codes share figures by chance."""
    if len(figures) == len(code) and Levenshtein.distance(figures, code) > _NEAR_CODE + 1:
        return Hamming.distance(figures, code)
    return Levenshtein.distance(figures, code)


def _figures(ring: Words) -> Iterator[tuple[str, float]]:
    """What of the ring may be a tax code, with its confidence: eight to twelve signs, most of them figures; what is
    none stays as "?"."""
    for text, sure in ring:
        signs = re.sub(r"\D", "?", text.translate(_AS_FIGURES).rpartition(":")[2].strip(_DASHES))
        if _CODE - 2 <= len(signs) <= _CODE + 2 and signs.count("?") <= _MOST_UNREAD:
            yield signs, sure


def _is_issued(figures: str) -> bool:
    return mst_check_digit(figures[:9]) == int(figures[9])


def _by_shapes(tried: Sequence[Sequence[Sequence[float]]], code: str) -> Told:
    """By the shapes of the ring's figures: how far the expected code fits better than codes chosen blindly, in their
    standard deviations."""
    if not tried:
        return Told("unknown")
    blind = [_fit(tried, other) for other in _blind_codes()]
    beyond = (_fit(tried, code) - statistics.fmean(blind)) / max(statistics.pstdev(blind), 0.01)
    if beyond >= _FITS:
        return Told("same")
    if beyond > _FITS_NOT or sum(map(max, tried[0])) < _LEGIBLE:
        return Told("unknown")
    return Told("other", "".join(map(_clearest, tried[0])))


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


def _clearest(like: Sequence[float]) -> str:
    """The figure it is, "?" where another is nearly as like."""
    first, second = sorted(like)[-1:-3:-1]
    return str(list(like).index(first)) if first - second >= _CLEAR else "?"


def _by_name(read: Sequence[Words], name: str) -> Told:
    """By the words in the middle."""
    expected = _own_words(name)
    if sum(map(len, expected)) < _FOREIGN_LETTERS:
        return Told("unknown")  # nothing to tell it by
    there = _share_there(expected, read)
    if there >= _THERE:
        return Told("same")
    foreign = _foreign(read, _letters_of(name))
    if there < _HALF_THERE and sum(map(len, foreign)) >= _FOREIGN_LETTERS:
        return Told("other", " ".join(foreign))
    return Told("unknown")


def _own_words(name: str) -> list[str]:
    return [word for word in _letters_of(name) if word not in _COMMON]


def _share_there(expected: Sequence[str], read: Sequence[Words]) -> float:
    """The part of the expected letters whose words are found in any of the forms, as they are or nearly so."""
    found = 0
    forms = [_letters_of(" ".join(text for text, _ in words)) for words in read]
    for word in expected:
        if len(word) <= _LEAST_LETTERS:  # as a part of others ("AN" of "PHAN") it is anywhere
            found += len(word) * any(word in form for form in forms)
        else:
            found += len(word) * (max((_likeness_within(word, "".join(form)) for form in forms), default=0.0) >= _FOUND)
    return found / sum(map(len, expected))


def _likeness_within(word: str, text: str) -> float:
    """How like the word the likest part of its length is, 0 to 1: words are read in two, or two as one."""
    parts = (text[start : start + len(word)] for start in range(len(text) - len(word) + 1))
    return max((Levenshtein.normalized_similarity(word, part) for part in parts), default=0.0)


def _foreign(read: Sequence[Words], expected: Sequence[str]) -> list[str]:
    """Words surely read that are like none of these: alike in two forms, or very surely in one."""
    seen: dict[str, list[float]] = {}
    for words in read:
        best: dict[str, float] = {}
        for text, sure in words:
            if re.fullmatch(r"[^\W\d_]+", text) and text.isupper():
                for word in _letters_of(text):
                    best[word] = max(sure, best.get(word, 0.0))
        for word, sure in best.items():
            seen.setdefault(word, []).append(sure)
    return [
        word
        for word, sures in seen.items()
        if len(word) >= _LEAST_LETTERS
        and (sum(sure >= _SURE for sure in sures) >= 2 or max(sures) >= _VERY_SURE)
        and not any(Levenshtein.normalized_similarity(word, other) > _ALIKE for other in expected)
        and not any(Levenshtein.normalized_similarity(word, other) > _COMMON_ALIKE for other in _COMMON)
    ]


def _letters_of(text: str) -> list[str]:
    """Its words in capitals without marks."""
    return re.findall(r"[A-Z]+", fold(text).upper())
