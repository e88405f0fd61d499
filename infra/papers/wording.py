"""How a Vietnamese office writes dates and money, in the several ways met in practice.

The generator's own spelling, kept apart from the reader's parsers on purpose: a mistake made in one of the two must
show in the other.
"""

from __future__ import annotations

from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def write_date(day: date, form: str) -> str:
    """The day as printed; form: long, long0, slash, slash0, dash, dot, blanks (spaces around the parts)."""
    d, m, y = day.day, day.month, day.year
    match form:
        case "long":  # offices put a zero before a day under 10 and before January and February only
            return f"ngày {d:02d} tháng {m if m > 2 else f'{m:02d}'} năm {y}"
        case "long0":
            return f"ngày {d:02d} tháng {m:02d} năm {y}"
        case "slash":
            return f"{d}/{m}/{y}"
        case "slash0":
            return f"{d:02d}/{m:02d}/{y}"
        case "dash":
            return f"{d:02d}-{m:02d}-{y}"
        case "dot":
            return f"{d:02d}.{m:02d}.{y}"
        case "blanks":
            return f"{d:02d} / {m:02d} / {y}"
    raise ValueError(f"unknown date form: {form}")


def write_month(month: str, form: str) -> str:
    """A month given as YYYY-MM; form: slash0 (05/2020), slash (5/2020), dash, long (5 năm 2020)."""
    year, number = (int(part) for part in month.split("-"))
    match form:
        case "slash0":
            return f"{number:02d}/{year}"
        case "slash":
            return f"{number}/{year}"
        case "dash":
            return f"{number:02d}-{year}"
        case "long":
            return f"{number if number > 2 else f'{number:02d}'} năm {year}"
    raise ValueError(f"unknown month form: {form}")


def write_money(amount_vnd: int, form: str) -> str:
    """Figures with their mark of thousands; form: dot, comma, space."""
    return f"{amount_vnd:,}".replace(",", {"dot": ".", "comma": ",", "space": " "}[form])


def spell_money(amount_vnd: int, *, south: bool = False) -> str:
    """The amount in words without its unit, first letter capital; `south` says ngàn and lẻ for nghìn and linh.

    >>> spell_money(4_707_000)
    'Bốn triệu bảy trăm linh bảy nghìn'
    """
    units = ("", "ngàn" if south else "nghìn", "triệu", "tỷ")
    groups = []
    rest = amount_vnd
    while rest:
        rest, group = divmod(rest, 1000)
        groups.append(group)
    words: list[str] = []
    for index in range(len(groups) - 1, -1, -1):
        if groups[index]:
            words += _spell_group(groups[index], first=index == len(groups) - 1, south=south)
            words += [units[index]] if units[index] else []
    text = " ".join(words) or "không"
    return text[0].upper() + text[1:]


def _spell_group(group: int, *, first: bool, south: bool) -> list[str]:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = [] if first and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens == 0 and ones and words:
        return [*words, "lẻ" if south else "linh", _DIGITS[ones]]
    if tens == 1:
        words.append("mười")
    elif tens:
        words += [_DIGITS[tens], "mươi"]
    if ones:
        last = _DIGITS[ones]
        if tens and ones == 5:
            last = "lăm"
        elif tens >= 2 and ones == 1:
            last = "mốt"
        elif tens >= 2 and ones == 4:
            last = "tư"
        words.append(last)
    return words
