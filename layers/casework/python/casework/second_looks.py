"""What a value is worth after its place on the page was read again, where papers disagree. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from casework.document import Box
from casework.vietnam import dates, money
from casework.vietnam.letters import fold, nfc

Where = tuple[str, int, Box, str]
"""Document, page from 1, box on it, what was read there first."""
Looks = Mapping[Where, Sequence[str]]
"""What each second look at a place read there."""
NOT_LOOKED: Looks = {}
Outcome = Literal["held", "leaning", "turned", "unclear", "silent"]

_FIGURES = re.compile(r"[\d-]+")
_PRINTED_FIGURES = re.compile(r"[\d\s./,-]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBERED = re.compile(r"[\dIl|]+/")
_AS_ONE = re.compile(r"(?<![^\W\d_])[Il|](?=[\dIl|/])")


def can_tell(value: Any, raw: str) -> bool:
    """Whether the value can be read in a line of its own: not one that was chosen (a sex, a type), nor half a day, nor
    a single figure or two."""
    said = str(value)
    if _FIGURES.fullmatch(said):
        return len(said) > (2 if isinstance(value, int) else len("2020-05"))
    return numbered(value) or _letters(said) in _letters(raw)


def alphabet_of(printed: str) -> str | None:
    """The only signs that a second look at what is printed may find; None for any."""
    return "0123456789./-" if _PRINTED_FIGURES.fullmatch(printed) else None


def settled(value: Any, raw: str, looks: Sequence[str], *, in_words: bool = False) -> tuple[Outcome, Any]:
    """What the looks make of a value, which was read once before as `raw`.

    held: all readings but one at most give it; leaning: most do; turned: most give one and the same other one in
    figures; silent: no look reads anything of its kind; unclear: nothing is certain. in_words: an amount that is
    spelled."""
    all_said = readings(value, raw, looks, in_words=in_words)
    if len(all_said) < 2:
        return "silent", value
    most, times = Counter(all_said).most_common(1)[0]
    if 2 * times <= len(all_said):
        return "unclear", value
    if most == value:
        return ("held" if times >= len(all_said) - 1 else "leaning"), value
    return ("turned", most) if numbered(value) or in_words else ("unclear", value)


def readings(value: Any, raw: str, looks: Sequence[str], *, in_words: bool = False) -> list[Any]:
    """The value, and what each look that reads anything of its kind gives in its place."""
    whole = [text for text in looks if _count(text) >= _count(raw)] or looks  # a figure at the edge may be cut off
    said = (_read(value, raw, text, in_words=in_words) for text in whole)
    return [value, *(each for each in said if each is not None)]


def apart(first: Sequence[Any], second: Sequence[Any]) -> bool:
    """Whether all readings of one place have one figure where all of another have one other: however little else of
    them is certain, the two do not say the same. Readings of another length do not count."""
    here, there = _of_one_length(first), _of_one_length(second)
    if min(len(here), len(there)) < _ENOUGH or len(here[0]) != len(there[0]):
        return False
    return any(
        len(set(one)) == len(set(other)) == 1 and one[0] != other[0]
        for one, other in zip(zip(*here, strict=True), zip(*there, strict=True), strict=True)
    )


_ENOUGH = 4


def _of_one_length(values: Sequence[Any]) -> list[str]:
    found = ["".join(sign for sign in str(value) if sign.isdigit()) for value in values]
    return [each for each in found if len(each) == len(found[0]) > 1]


def _count(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


def figures(value: Any) -> bool:
    """Whether it is told in figures alone."""
    return bool(_FIGURES.fullmatch(str(value)))


def numbered(value: Any) -> bool:
    """Whether figures tell it: a number, a day, an amount, the number of a contract."""
    return figures(value) or bool(_NUMBERED.match(str(value)))


def alike(first: Any, second: Any) -> bool:
    """Whether two values are the same but for marks, signs and spaces."""
    return _letters(str(first)) == _letters(str(second))


def _read(value: Any, raw: str, text: str, *, in_words: bool) -> Any:
    """The value of its kind that a text gives, None for none."""
    said = str(value)
    if in_words:
        amounts = (money.words_to_amount(part) for part in reversed(re.split("[:(]", text)))
        return next((amount for amount in amounts if amount), None)
    if _DAY.fullmatch(said):
        return _day_in_its_place(said, raw, text)
    if figures(value):
        read = re.sub(r"\D", "", text)
        if not read or isinstance(value, int):
            return int(read) if read else None
        return value if read == re.sub(r"\D", "", said) else read
    if numbered(value):
        return value if serial(said) == serial(text) else _like(value, text)
    return value if _letters(said) in _letters(text) else _like(value, text)


def _day_in_its_place(day: str, raw: str, text: str) -> str | None:
    """Of a period's two days that which stands where this one stood."""
    before, found = ([each.value for each in dates.find_dates(source)] for source in (raw, text))
    if len(before) < 2 or day not in before:
        return found[0] if found else None
    return found[before.index(day)] if len(found) == len(before) else None


def _like(value: Any, text: str) -> str | None:
    """The text in place of the value, where it has as many words."""
    other = nfc(text).strip(" .,:;-_|")
    return other if len(other.split()) == len(str(value).split()) else None


def serial(text: str) -> str:
    """The figures of a contract's number, those read as letters with them: its letters are not what tells it."""
    return "".join(re.findall(r"\d", _AS_ONE.sub("1", text)))


def _letters(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())
