"""What people type, taken into the form the law works on, and shown again as they would write it.

Amounts come with or without points, days as 17/04/2020. What cannot be taken is said in words, never guessed.
"""

import re
from datetime import date

from casework.facts import day_said, expected, take

_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_AMOUNT = re.compile(r"[-−]?\d{1,3}(?:[.,\s]\d{3})+|[-−]?\d+")
_MONTH = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{4})")
YES, NO = "co", "khong"


class NotTaken(Exception):
    """What was typed is no such value; `vi` and `en` say what one looks like."""

    def __init__(self, vi, en):
        super().__init__(en)
        self.vi, self.en = vi, en


def entered(kind, text):
    """The value of a fact from what was typed; None for nothing. Raises NotTaken."""
    text = text.strip()
    if not text:
        return None
    value = _value(kind, text)
    try:
        take(kind, value)
    except ValueError:
        raise _not_taken(kind) from None
    return value


def typed(kind, value):
    """A value as it stands in a field: what `entered` would take for it."""
    if value is None:
        return ""
    if kind.type == "bool":
        return YES if value else NO
    if kind.type == "money":
        return f"{value:,}".replace(",", ".")
    if kind.type == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return day_said(date.fromisoformat(str(value)))
    if kind.type == "month":
        return f"{value[5:7]}/{value[:4]}"
    return str(value)


def _value(kind, text):
    match kind.type:
        case "money" | "int":
            bare = re.sub(r"\s*(?:đồng|đ|₫|vnd|vnđ)\.?$", "", text.lower())
            if not _AMOUNT.fullmatch(bare):
                raise _not_taken(kind)
            return int(re.sub(r"[.,\s]", "", bare).replace("−", "-"))
        case "date":
            return _day(kind, text)
        case "month":
            found = _MONTH.fullmatch(text)
            if not found:
                raise _not_taken(kind)
            return f"{found[2]}-{int(found[1]):02d}"
        case "bool":
            if text not in (YES, NO):
                raise _not_taken(kind)
            return text == YES
        case _:
            return text


def _day(kind, text):
    found = _DAY.fullmatch(text)
    if not found:
        raise _not_taken(kind)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        raise _not_taken(kind) from None


def _not_taken(kind):
    match kind.type:
        case "date":
            return NotTaken("Nhập ngày dạng 17/04/2020, có trong lịch", "Enter a day of the calendar as 17/04/2020")
        case "month":
            return NotTaken("Nhập tháng dạng 04/2020", "Enter a month as 04/2020")
        case "money" if kind.may_be_negative:
            return NotTaken("Nhập số đồng, ví dụ 15.000.000 hoặc -15.000.000", "Enter VND: 15,000,000 or -15,000,000")
        case "money":
            return NotTaken("Nhập số đồng từ 0 trở lên, ví dụ 15.000.000", "Enter VND, 0 or more: 15,000,000")
        case "int":
            return NotTaken("Nhập một số, ví dụ 12", "Enter a number, for example 12")
        case _:
            return NotTaken(f"Cần {expected(kind).vi}", f"Needed: {expected(kind).en}")
