"""Values that a few words or signs tell: months, units of account, incomes, regions, household registrations.

Each is one of a small set or has one form; what fits none is no value.
"""

from __future__ import annotations

import re

from casework.reading.window import Value, Window
from casework.vietnam import money
from casework.vietnam.letters import fold

_LEAD = r"[\s:.…_,;(]*"


def read_month(window: Window) -> Value | None:
    """ "tháng 4 năm 2020", "04/2020", "hết tháng 3/2020" → YYYY-MM."""
    source = window.wide.replace("\n", " ").replace("\t", " ").replace("\f", " ")[:60]
    match = re.match(
        _LEAD + r"(?:(?:het|tu|ke tu|den|den het|dau)\s+)*(?:ngay\s+\d{1,2}\s*[/.-]\s*)?(?:thang\s*)?(?P<m>\d{1,2})"
        r"\s*(?:[/.-]|\s*nam)\s*(?P<y>20\d{2})(?!\d)",
        fold(source),
    )
    if match is None or not 1 <= int(match["m"]) <= 12:
        return None
    return Value(f"{match['y']}-{int(match['m']):02d}", match.start("m"), match.end())


def read_region(window: Window) -> Value | None:
    """ "Vùng I", "vùng 2" → I to IV."""
    match = re.match(_LEAD + r"(?:vung\s*)?(iv|[il]{1,3}|[1-4])(?![a-z0-9]|[.,]\d)", fold(window.tight))
    if match is None:
        return None
    sign = match[1].replace("l", "i")
    value = {"1": "I", "2": "II", "3": "III", "4": "IV"}.get(sign, sign.upper())
    return Value(value, match.start(1), match.end(1), 0.8 if "l" in match[1] else 1.0)


_REGISTRATION = re.compile(r"[\s:.…]*(?P<n>\d{2}\s?[A-ZĐ0-9]\s?[0-9OB§]\s?[0-9OolISB§.\s]{6,8}|[\d.\s]{9,14})")


def read_registration(window: Window) -> Value | None:
    """The number of a household's certificate: province, district letter, 8, six figures; or all figures."""
    match = _REGISTRATION.match(window.tight)
    if match is None:
        return None
    text = re.sub(r"[\s.]", "", match["n"])
    head, tail = text[:3], text[3:]
    plain = head + tail.translate(str.maketrans("OolISB§", "0011588"))
    if not 9 <= len(plain) <= 12:
        return None
    shaped = re.fullmatch(r"\d{2}[A-ZĐ]8\d{6}", plain) is not None
    doubts = ("có chữ cái trong con số, đã đọc là chữ số",) if plain != text else ()
    return Value(plain, match.start("n"), match.start("n") + len(match["n"].rstrip()), 1.0 if shaped else 0.8, doubts)


def read_income(window: Window) -> Value | None:
    """A sum of any size, or words that say there is none."""
    source = window.wide.replace("\n", " ").replace("\t", ";").replace("\f", ";")[:90]
    none = re.match(_LEAD + r"(?:hien |hien nay |toi )*(?:khong (?:co|phat sinh|con)|khong$|khong[.;,)])", fold(source))
    if none:
        return Value(0, none.start() + len(none[0]) - len(none[0].lstrip(" :.…")), none.end())
    naught = re.match(_LEAD + r"(?P<o>o)\s*(?:dong|vnd|d\b)", fold(source))
    if naught:
        return Value(0, naught.start("o"), naught.end("o"), 0.8, ("có chữ cái trong con số, đã đọc là chữ số",))
    for amount in money.find_amounts(source):
        if amount.start > 40:
            break
        if re.fullmatch(r"(?:19|20)\d{2}", amount.raw.strip()):
            continue  # a year
        if amount.has_currency or amount.value >= 1000 or amount.value == 0:
            return Value(amount.value, amount.start, amount.end, 0.7 if amount.doubts else 1.0, amount.doubts)
    return None


def read_unit(window: Window) -> Value | None:
    """ "Đơn vị tính: triệu đồng" → 1000000; "đồng", "VND" → 1."""
    match = re.match(
        _LEAD + r"(?:viet nam |vn )?(?:(?P<m>(?:1\.000\.000|trieu|tr)[\s.]*(?:dong|d\b|vnd|vnđ)?)|"
        r"(?P<k>(?:1\.000|1,000|nghin|ngan)[\s.]*(?:dong|d\b|vnd)?)|(?P<b>ty[\s.]*(?:dong|d\b|vnd))|(?P<d>dong|vnd|vnđ|d\b))",
        fold(window.tight),
    )
    if match is None:
        return None
    value = 10**6 if match["m"] else 10**3 if match["k"] else 10**9 if match["b"] else 1
    name = str(match.lastgroup)
    return Value(value, match.start(name), match.end(name))


def read_period(window: Window) -> Value | None:
    """ "Năm 2019", "Quý I năm 2020", "6 tháng đầu năm 2020": the period of a statement, as printed."""
    match = re.match(
        _LEAD + r"(?P<p>(?:quy\s*(?:iv|i{1,3}|[1-4l])\s*[/,-]?\s*)?(?:nam\s*)?20\d{2}|"
        r"(?:6|9|sau|chin) thang dau nam 20\d{2})",
        fold(window.tight),
    )
    if match is None:
        return None
    text = " ".join(window.tight[match.start("p") : match.end("p")].split()).replace(" l ", " I ")
    return Value(text, match.start("p"), match.end("p"))
