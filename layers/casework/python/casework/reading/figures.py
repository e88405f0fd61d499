"""Values made of figures: dates, numbers, money, terms. Letters read for digits are digits here, and said to be."""

from __future__ import annotations

import re
from collections.abc import Callable

from casework.reading.window import Value, Window
from casework.vietnam import dates, identifiers, money
from casework.vietnam.letters import fold


def read_date(window: Window) -> Value | None:
    return _near_date(window, 14, reduced=False)


def read_birth_date(window: Window) -> Value | None:
    return _near_date(window, 14, reduced=True)


# A few words more may stand before a date ("… là ngày"), but no sign that ends a phrase.
_FURTHER = 18


def _near_date(window: Window, reach: int, *, reduced: bool) -> Value | None:
    source = window.wide.replace("\n", " ").replace("\t", " ").replace("\f", " ")
    found = dates.find_dates(source)
    if found and found[0].start <= reach + _FURTHER:
        first = found[0]
        quality = (1.0 if first.value and not first.doubts else 0.6) * (1.0 if first.start <= reach else 0.85)
        if first.start <= reach or not re.search(r"[;,.()]|\d", source[: first.start]):
            return Value(first.value, first.start, first.end, quality, first.doubts)
    torn = _TORN_DATE.match(source)
    if torn is not None:
        whole = dates.parse_date(f"{torn['d']}/{torn['m']}/{torn['y']}")
        if whole is not None and whole.value:
            return Value(whole.value, torn.start("d"), torn.end(), 0.7, (dates.NO_MARKS,))
    if reduced:
        part = dates.parse_date(source[:24])
        if part and part.value and part.start <= reach:
            return Value(part.value, part.start, part.end, 0.8, part.doubts)
    return None


# A date whose strokes or dots were lost: "15 12 2018", "0401 2019".
_TORN_DATE = re.compile(r"[\s:.…]{0,6}(?P<d>[0-3]?\d)\s?(?P<m>[01]\d|(?<=\s)\d)\s{1,2}(?P<y>(?:19|20)\d{2})(?!\d)")

# "28 1/2019/HĐLĐ": a figure that stands apart.
_NUMBER = re.compile(
    r"(?:\d{1,3} (?=\d{1,2}/(?:19|20)\d{2}/))?[0-9A-ZĐ](?:[\w&]|\.(?!\.))*(?:\s?[/\-–]\s?(?:[\wĐđ&]|\.(?!\.))+)*"
)


# No document's number has a small letter with marks behind a figure ("2016ó/HĐLĐ"): it is the figure, read twice.
_NO_NUMBER_LETTER = re.compile(r"(?<=\d)(?![a-z])[^\W\d_A-ZĐ](?=/)")


# "31/2020 HĐLĐ-KNLH": of a slash in a slanted face nothing is left.
_LOST_SLASH = re.compile(r"(?<=\d) (?=H[ĐDÐ]L[ĐDÐ]\b)")


def read_number(window: Window) -> Value | None:
    source = _LOST_SLASH.sub("/", window.tight)
    lead = re.match(r"[\s:;=.…_-]*", source)
    begin = lead.end() if lead else 0
    match = _NUMBER.match(source, begin)
    if match is None or not any(character.isdigit() for character in match[0]):
        return None
    text = re.sub(r"\s*([/\-–])\s*", r"\1", re.sub(r"(?<=\d) (?=\d)", "", match[0])).rstrip(".-–/&_").replace("–", "-")
    text = _NO_NUMBER_LETTER.sub("", text)
    if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}|\d{9,}", text) or len(text) < 2:  # a day; a person's or firm's number
        return None
    quality = 1.0 if "/" in text or "-" in text else 0.7
    return Value(text, begin, match.end(), quality)


def read_identifier(
    read: Callable[[str], identifiers.Identifier], shortest: int, reach: int = 16
) -> Callable[[Window], Value | None]:
    def reader(window: Window) -> Value | None:
        source = window.wide
        for run in identifiers.find_runs(source, shortest=shortest):
            if run.start > reach:
                return None
            found = read(run.raw)
            quality = 1.0 if found.sound else 0.5
            return Value(
                found.value, run.start, run.end, min(1.0, quality + (0.1 if found.checked else 0)), found.doubts
            )
        return None

    return reader


_AREA_IN_BRACKETS = re.compile(r"[\s:.…]{0,6}\(\s?(?P<area>\+?\d{2,4})\s?\)\s?(?P<rest>\d[\d .\-]{5,12}\d)")


def read_phone(window: Window) -> Value | None:
    """A telephone number, its area code in brackets or not."""
    match = _AREA_IN_BRACKETS.match(window.wide)
    if match is not None:
        found = identifiers.phone(match["area"] + match["rest"])
        if found.sound:
            return Value(found.value, match.start("area") - 1, match.end())
    return read_identifier(identifiers.phone, 7)(window)


def read_id_number(window: Window) -> Value | None:
    passport = re.match(r"[\s:.…]*([A-Z]\d{7})\b", window.wide)
    if passport:
        return Value(passport[1], passport.start(1), passport.end(1))
    return read_identifier(identifiers.id_number, 7)(window)


def read_code(window: Window) -> Value | None:
    match = re.match(r"[\s:]*([A-Z0-9][A-Z0-9-]{3,11})\b", window.tight)
    return Value(match[1], match.start(1), match.end(1)) if match else None


def read_integer(window: Window) -> Value | None:
    match = re.match(r"[\s:.…]*(\d{1,3}(?:[.,]\d{3})*|\d{1,6})(?![\d/])", window.tight)
    return Value(int(re.sub(r"\D", "", match[1])), match.start(1), match.end(1)) if match else None


def read_months(window: Window) -> Value | None:
    source = window.tight[:70].replace("\n", " ")
    months = dates.months_of(source)
    if months is None or not 1 <= months <= 120:
        return None
    match = re.search(r"\d{1,2}\s*(?:\([^)]*\)\s*)?(?:th|n|m|y)", fold(source))
    start = match.start() if match else 0
    return Value(months, start, match.end() if match else len(source), 1.0 if start <= 30 else 0.8)


_LOWEST_MONEY = 10_000


_NOT_MONTHLY = re.compile(r"\s*(?:dong|vnd|d)?\s*/\s*(?:01\s*|mot\s*)?(?:ngay|gio|cong|ca\b|san pham)")


def read_money(window: Window) -> Value | None:
    source = window.wide.replace("\n", " ").replace("\t", ";").replace("\f", ";")[:110]
    amounts = [amount for amount in money.find_amounts(source) if amount.value >= _LOWEST_MONEY and amount.start <= 70]
    # A wage by the day or by the piece is not a wage by the month.
    amounts = [amount for amount in amounts if not _NOT_MONTHLY.match(fold(source[amount.end :]))]
    named = [amount for amount in amounts if amount.has_currency]
    chosen = next(iter(named or amounts), None)
    if chosen is None:
        return None
    quality = (1.0 if chosen.has_currency else 0.85) - (0.3 if chosen.doubts else 0)
    return Value(chosen.value, chosen.start, chosen.end, quality, chosen.doubts)


def read_money_words(window: Window) -> Value | None:
    source = window.wide.replace("\n", " ").replace("\t", " ").replace("\f", " ")
    lead = re.match(r"[\s:.(\"']*", source)
    begin = lead.end() if lead else 0
    value = money.words_to_amount(source[begin:])
    if value is None or value < _LOWEST_MONEY:
        return None
    end = re.search(r"đồng|dong|[.()]|$", source[begin:])
    return Value(value, begin, begin + (end.end() if end else len(source) - begin))
