"""Whether the name on a round seal can be the employer's that the paper names: verified, not recognised.

A seal is read badly more often than well. So it is not asked whose name it bears, only whether what surely stands on
it leaves room for the name that is expected: "same" where enough of that is there, "other" where words or a tax code
surely stand there that are none of it, "unknown" else. What was read in one form only is not sure. What no form could
read is held against what is expected all the same, the figures by their shapes, the name by its letters: do they fit
better than codes and names chosen blindly? Pure.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Hamming, Levenshtein

from casework.seal_fit import COMMON, beyond_codes, beyond_names, letters_of, likeness_within
from casework.vietnam.identifiers import mst_check_digit

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
# Measured on three development draws (216 pages). How many deviations better than blind ones the employer's own code
# fits: 3.7 and more, another firm's 2.5 at most; with the name's, which alone tells little, 5.1 and more, and 4.3 at
# most. Own seals blurred until hardly a figure is legible fit no better (-1.4 to 4.2), but then nothing does (likeness
# 5.36 at most), nor is the middle read: seven letters at most. The one of which eleven were read fitted 2.5.
_FITS, _FITS_NOT = 3.5, 2.0
_NOT_TOGETHER, _NOT_IN_A_BLUR = 4.2, 2.0
_LEGIBLE = 5.2  # of 10
_READ_LETTERS = 10
_MOST_UNCLEAR = 6  # figures
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
        by_code = [_by_code(read, code), _by_fit(shapes, middle, name, code)]
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


def _by_fit(tried: Sequence[Sequence[Sequence[float]]], middle: Sequence[Words], name: str, code: str) -> Told:
    """By how far the expected code fits the shapes of the ring's figures, and the expected name the middle, better than
    ones chosen blindly, in their standard deviations."""
    if not tried:
        return Told("unknown")
    by_code = beyond_codes(tried, code)
    if by_code >= _FITS:
        return Told("same")
    by_name = beyond_names([" ".join(text for text, _ in words) for words in middle], name)
    clear = sum(map(max, tried[0])) >= _LEGIBLE
    if by_name is None:
        other = clear and by_code <= _FITS_NOT
    elif clear:
        other = by_code + by_name <= _NOT_TOGETHER
    else:
        other = _letters_read(middle) >= _READ_LETTERS and by_code + by_name <= _NOT_IN_A_BLUR
    return Told("other", _seen(tried[0], middle)) if other else Told("unknown")


def _seen(place: Sequence[Sequence[float]], middle: Sequence[Words]) -> str:
    """The figures, or where hardly one is clear the words in the middle, as they were read."""
    figures = "".join(map(_clearest, place))
    words = max((" ".join(text for text, _ in read) for read in middle), key=len, default="")
    return figures if figures.count("?") <= _MOST_UNCLEAR or not words else words


def _letters_read(middle: Sequence[Words]) -> int:
    """The letters surely read in the form of which most were."""
    return max(
        (
            sum(
                len(word)
                for text, sure in words
                if sure >= _SURE
                for word in letters_of(text)
                if len(word) >= _LEAST_LETTERS
            )
            for words in middle
        ),
        default=0,
    )


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
    foreign = _foreign(read, letters_of(name))
    if there < _HALF_THERE and sum(map(len, foreign)) >= _FOREIGN_LETTERS:
        return Told("other", " ".join(foreign))
    return Told("unknown")


def _own_words(name: str) -> list[str]:
    return [word for word in letters_of(name) if word not in COMMON]


def _share_there(expected: Sequence[str], read: Sequence[Words]) -> float:
    """The part of the expected letters whose words are found in any of the forms, as they are or nearly so."""
    found = 0
    forms = [letters_of(" ".join(text for text, _ in words)) for words in read]
    for word in expected:
        if len(word) <= _LEAST_LETTERS:  # as a part of others ("AN" of "PHAN") it is anywhere
            found += len(word) * any(word in form for form in forms)
        else:
            found += len(word) * (max((likeness_within(word, "".join(form)) for form in forms), default=0.0) >= _FOUND)
    return found / sum(map(len, expected))


def _foreign(read: Sequence[Words], expected: Sequence[str]) -> list[str]:
    """Words surely read that are like none of these: alike in two forms, or very surely in one."""
    seen: dict[str, list[float]] = {}
    for words in read:
        best: dict[str, float] = {}
        for text, sure in words:
            if re.fullmatch(r"[^\W\d_]+", text) and text.isupper():
                for word in letters_of(text):
                    best[word] = max(sure, best.get(word, 0.0))
        for word, sure in best.items():
            seen.setdefault(word, []).append(sure)
    return [
        word
        for word, sures in seen.items()
        if len(word) >= _LEAST_LETTERS
        and (sum(sure >= _SURE for sure in sures) >= 2 or max(sures) >= _VERY_SURE)
        and not any(Levenshtein.normalized_similarity(word, other) > _ALIKE for other in expected)
        and not any(Levenshtein.normalized_similarity(word, other) > _COMMON_ALIKE for other in COMMON)
    ]
