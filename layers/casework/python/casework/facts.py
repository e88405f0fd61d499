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

from casework.finding import Text

FactType = Literal["string", "enum", "date", "month", "months", "int", "money", "bool", "id", "address"]
Subject = Literal["dossier", "row"]

FACT_TYPES: frozenset[str] = frozenset(get_args(FactType))
_NUMBERS = ("int", "money")
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
    """The value in the form rules work on: dates as date, months as a sorted tuple, the rest as it is.

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
            if isinstance(value, (list, tuple)) and all(isinstance(m, str) and _MONTH.fullmatch(m) for m in value):
                return tuple(sorted(set(value)))
        case "enum":
            if isinstance(value, str) and (kind.open or value in kind.values):
                return value
        case "address":
            if isinstance(value, (str, dict)):
                return value
        case _:
            if isinstance(value, str):
                return value
    raise ValueError(f"{kind.id}: {shown(value)} is not {expected(kind)}")


def _in_range(kind: FactKind, value: int) -> bool:
    return abs(value) < _LIMIT and (value >= 0 or kind.may_be_negative)


def shown(value: Any) -> str:
    """A wrong value as an error message quotes it: short, whatever was given."""
    try:
        quoted = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists without end
        return f"({type(value).__name__})"
    return quoted if len(quoted) <= _MOST_SHOWN else quoted[:_MOST_SHOWN] + "…"


def expected(kind: FactKind) -> str:
    """What a value of this fact looks like, in English, for error messages."""
    if kind.type == "enum":
        return "one of " + ", ".join(kind.values) + (" (or other text)" if kind.open else "")
    least = "" if kind.may_be_negative else ", 0 or more"
    least += f", of at most {_MOST_DIGITS} digits"
    return {
        "date": "a date YYYY-MM-DD",
        "month": "a month YYYY-MM",
        "months": "a list of months YYYY-MM",
        "int": f"a whole number{least}",
        "money": f"a whole number of VND{least}",
        "bool": "true or false",
        "id": "text (digits in quotes)",
        "address": "text or an address object",
        "string": "text",
    }[kind.type]


def expected_vi(kind: FactKind) -> str:
    """The same in Vietnamese."""
    if kind.type == "enum":
        return "một trong các giá trị " + ", ".join(kind.values) + (" (hoặc chữ khác)" if kind.open else "")
    least = "" if kind.may_be_negative else ", từ 0 trở lên"
    least += f", không quá {_MOST_DIGITS} chữ số"
    return {
        "date": "ngày dạng YYYY-MM-DD",
        "month": "tháng dạng YYYY-MM",
        "months": "danh sách tháng dạng YYYY-MM",
        "int": f"số nguyên{least}",
        "money": f"số nguyên đồng{least}",
        "bool": "true hoặc false",
        "id": "chữ (số viết trong ngoặc kép)",
        "address": "chữ hoặc đối tượng địa chỉ",
        "string": "chữ",
    }[kind.type]


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
            return same(", ".join(month_said(month) for month in value))
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
        raise ValueError(f"{kind.id}: {shown(value)} is not {expected(kind)}")
    return day
