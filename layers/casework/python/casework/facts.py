"""The facts of the law: their types, how a value is taken in, how it is said in Vietnamese and English.

Knows the dictionary rulebook/facts.toml and nothing of where a value comes from.
"""

from __future__ import annotations

import contextlib
import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any, Literal, get_args

from casework.finding import HeldMonth, Text

FactType = Literal["string", "enum", "date", "month", "months", "int", "money", "bool", "id", "address"]
Subject = Literal["dossier", "row"]

FACT_TYPES: frozenset[str] = frozenset(get_args(FactType))
_NUMBERS = ("int", "money")
_OF_A_MONTH = {"month", "code", "procedure", "amount_vnd", "grant"}
_MOST_SHOWN = 80
_MOST_DIGITS = 18  # far above any amount a dossier can name: more is a misreading, and no sum can be said of it
_LIMIT = 10**_MOST_DIGITS
_FIRST_YEAR = 1900  # nothing the law asks about lies before: an earlier year is a misreading
_YEAR = r"(19|[2-9]\d)\d\d"
_MONTH = re.compile(_YEAR + r"-(0[1-9]|1[0-2])", re.ASCII)
_DAY = re.compile(_YEAR + r"-\d\d-\d\d", re.ASCII)
_REDUCED_DATE = re.compile(_YEAR + r"(-(0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FactKind:
    """One entry of the dictionary. `values` are the members of an enum; `open` ones take other text as well. A number
    or an amount below zero is none, unless the fact is one that `may_be_negative`: what is left after a loss."""

    id: str
    type: FactType
    subject: Subject
    title: Text
    values: Mapping[str, Text] = field(default_factory=dict)
    open: bool = False
    may_be_negative: bool = False


@functools.cache
def dictionary() -> Mapping[str, FactKind]:
    """Every fact by id."""
    text = resources.files("casework").joinpath("rulebook/facts.toml").read_text(encoding="utf-8")
    return {
        f"{area}.{name}": fact_kind(f"{area}.{name}", entry)
        for area, entries in tomllib.loads(text).items()
        for name, entry in entries.items()
    }


def fact_kind(fact_id: str, entry: Mapping[str, Any]) -> FactKind:
    """A dictionary entry from its table. Raises ValueError naming what is wrong with it."""
    if entry.get("type") not in FACT_TYPES:
        raise ValueError(f"fact {fact_id}: type must be one of {', '.join(sorted(FACT_TYPES))}")
    if entry.get("subject") not in get_args(Subject):
        raise ValueError(f"fact {fact_id}: subject must be dossier or row")
    if not entry.get("title") or not entry.get("title_en"):
        raise ValueError(f"fact {fact_id}: title and title_en are both needed")
    values = {name: Text(*texts) for name, texts in entry.get("values", {}).items()}
    if (entry["type"] == "enum") != bool(values):
        raise ValueError(f"fact {fact_id}: an enum needs values, and only an enum has them")
    negative = bool(entry.get("negative", False))
    if negative and entry["type"] not in _NUMBERS:
        raise ValueError(f"fact {fact_id}: only {' or '.join(_NUMBERS)} can be negative")
    title = Text(entry["title"], entry["title_en"])
    return FactKind(fact_id, entry["type"], entry["subject"], title, values, bool(entry.get("open", False)), negative)


def take(kind: FactKind, value: Any) -> Any:
    """The value in the form rules work on: dates as date, months as a sorted tuple of HeldMonth, the rest as it is.

    None, and a date known only by its month or year, is unknown: None. Raises ValueError in words when the value is
    not of the fact's type.
    """
    if value is None:
        return None
    match kind.type:
        case "date":
            return _date(kind, value)
        case "bool":
            if isinstance(value, bool):
                return value
        case "int" | "money":
            if isinstance(value, int) and not isinstance(value, bool) and _in_range(kind, value):
                return value
        case "month":
            if isinstance(value, str) and _MONTH.fullmatch(value):
                return value
        case "months":
            if isinstance(value, (list, tuple)) and None not in (held := [held_month(item) for item in value]):
                return tuple(sorted(dict.fromkeys(held), key=lambda one: (one.month, one.code)))
        case "enum":
            if isinstance(value, str) and (kind.open or value in kind.values):
                return value
        case "address":
            if isinstance(value, (str, dict)):
                return value
        case _:
            if isinstance(value, str):
                return value
    raise ValueError(f"{kind.id}: {shown(value)} is not {expected(kind).en}")


def held_month(item: Any) -> HeldMonth | None:
    """A month as a registry tells it: "2020-05", or an object that also says by which dossier, service and amount. None
    for what is neither."""
    told = {"month": item} if isinstance(item, str) else item
    if not isinstance(told, dict) or set(told) - _OF_A_MONTH:
        return None
    amount = told.get("amount_vnd")
    words = [told.get(name, "") for name in ("month", "code", "procedure", "grant")]
    if not all(isinstance(word, str) for word in words) or not _MONTH.fullmatch(words[0]):
        return None
    if amount is not None and (type(amount) is not int or not 0 <= amount < _LIMIT):
        return None
    return HeldMonth(words[0], words[1], words[2], amount, words[3])


def _in_range(kind: FactKind, value: int) -> bool:
    return abs(value) < _LIMIT and (value >= 0 or kind.may_be_negative)


def shown(value: Any) -> str:
    """A wrong value as an error message quotes it: short, whatever was given."""
    try:
        quoted = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists without end
        return f"({type(value).__name__})"
    return quoted if len(quoted) <= _MOST_SHOWN else quoted[:_MOST_SHOWN] + "…"


_EXPECTED = {
    "date": Text("ngày dạng YYYY-MM-DD", "a date YYYY-MM-DD"),
    "month": Text("tháng dạng YYYY-MM", "a month YYYY-MM"),
    "months": Text(
        "danh sách tháng dạng YYYY-MM, hoặc đối tượng {month, code, procedure, amount_vnd}",
        "a list of months YYYY-MM, or of objects {month, code, procedure, amount_vnd}",
    ),
    "int": Text("số nguyên", "a whole number"),
    "money": Text("số nguyên đồng", "a whole number of VND"),
    "bool": Text("true hoặc false", "true or false"),
    "id": Text("chữ (số viết trong ngoặc kép)", "text (digits in quotes)"),
    "address": Text("chữ hoặc đối tượng địa chỉ", "text or an address object"),
    "string": Text("chữ", "text"),
}


def expected(kind: FactKind) -> Text:
    """What a value of this fact looks like, for error messages."""
    if kind.type == "enum":
        members = ", ".join(kind.values)
        other = (" (hoặc chữ khác)", " (or other text)") if kind.open else ("", "")
        return Text(f"một trong các giá trị {members}{other[0]}", f"one of {members}{other[1]}")
    says = _EXPECTED[kind.type]
    if kind.type not in _NUMBERS:
        return says
    least = ("", "") if kind.may_be_negative else (", từ 0 trở lên", ", 0 or more")
    return Text(
        f"{says.vi}{least[0]}, không quá {_MOST_DIGITS} chữ số",
        f"{says.en}{least[1]}, of at most {_MOST_DIGITS} digits",
    )


def said(kind: FactKind, value: Any) -> Text:
    """A value as people read it: 02/06/2020, 1.800.000 đồng, có."""
    if value is None:
        return Text("chưa rõ", "not known")
    match kind.type:
        case "date":
            return same(day_said(value))
        case "month":
            return same(month_said(value))
        case "months":
            if not value:
                return Text("không có", "none")
            return _joined([held_said(month if isinstance(month, HeldMonth) else HeldMonth(month)) for month in value])
        case "money":
            return money_said(value)
        case "bool":
            return Text("có", "yes") if value else Text("không", "no")
        case "enum":
            return kind.values.get(value) or same(value)
        case "string":
            return Text(f"“{value}”", f"“{value}”")
        case _:
            return same(str(value))


def day_said(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def month_said(month: str) -> str:
    return f"{month[5:7]}/{month[:4]}"


def held_said(held: HeldMonth) -> Text:
    """05/2020 (TC, hồ sơ H29.1.1-200518-0001: 1.000.000 đồng), as far as it is known."""
    amount = money_said(held.amount_vnd) if held.amount_vnd is not None else None
    if not held.code:
        return _joined([same(month_said(held.month))] + ([amount] if amount else []), ": ")
    sum_vi, sum_en = (f": {amount.vi}", f": {amount.en}") if amount else ("", "")
    month, service = month_said(held.month), f"{held.procedure}, " if held.procedure else ""
    return Text(f"{month} ({service}hồ sơ {held.code}{sum_vi})", f"{month} ({service}dossier {held.code}{sum_en})")


def _joined(texts: list[Text], sign: str = ", ") -> Text:
    return Text(sign.join(text.vi for text in texts), sign.join(text.en for text in texts))


def money_said(amount_vnd: int) -> Text:
    """1.800.000 đồng / 1,800,000 VND."""
    figures = f"{amount_vnd:,}"
    return Text(f"{figures.replace(',', '.')} đồng", f"{figures} VND")


def same(words: str) -> Text:
    """A text that reads alike in both languages: figures, dates, names."""
    return Text(words, words)


def _date(kind: FactKind, value: Any) -> date | None:
    day = value if isinstance(value, date) else None
    if isinstance(value, str):
        if _REDUCED_DATE.fullmatch(value):
            return None
        if _DAY.fullmatch(value):
            with contextlib.suppress(ValueError):  # said below, in words
                day = date.fromisoformat(value)
    if day is None or day.year < _FIRST_YEAR:
        raise ValueError(f"{kind.id}: {shown(value)} is not {expected(kind).en}")
    return day
