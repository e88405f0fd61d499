"""What only cells of lists hold: an amount that fills its cell, a month, one of a few things, two days in one cell.

Reads the text of one cell; a figure that is not whole gives no value but says why.
"""

from __future__ import annotations

import re

from casework.document import FieldValue
from casework.reading.document_types import Choice, squeeze
from casework.reading.window import Value
from casework.vietnam import dates
from casework.vietnam.letters import fold, nfc

_LOOK_ALIKES = str.maketrans("oOQDlI|!¡iSsŠšBZzgq§", "00001111115555822998")
# A speck that stands where a group's mark does.
_STRAY_MARKS = str.maketrans("/\\:;*·", "......")
_CURRENCY = re.compile(r"\s*(?:đồng|đ|vnđ|vnd|₫)\.?$", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*|\d+")
_CENTS = re.compile(r"[.,]0{1,2}$")

BROKEN_GROUPS = "các nhóm ba chữ số không đều"
LOOK_ALIKE = "có chữ cái trong con số, đã đọc là chữ số"
COEFFICIENT = "là hệ số, không phải số tiền"


def read_amount(text: str, unit: int = 1) -> Value | None:
    """The one sum of money that fills the cell, in đồng; `unit` is what a figure counts (1 or 1000 or 1000000).

    None where there is no figure. Zero is a value; a figure whose groups are not whole is not one, and says so.
    """
    figure = _CURRENCY.sub("", nfc(text).strip()).strip(" .,:;-_'")
    if not any(character.isdigit() for character in figure):
        return None
    plain = re.sub(r"\s*([.,'])\s*", r"\1", figure.translate(_LOOK_ALIKES))
    mended = plain.translate(_STRAY_MARKS)
    if mended != plain and _WHOLE.fullmatch(mended):
        return Value(int(re.sub(r"\D", "", mended)) * unit, 0, len(text), 0.6, (BROKEN_GROUPS,))
    doubts = () if figure.translate(_LOOK_ALIKES) == figure else (LOOK_ALIKE,)
    whole = Value(None, 0, len(text), 0.3)
    if re.search(r"[^\d.,' ]", plain):
        return Value(None, whole.start, whole.end, whole.quality, ("không đọc được ô này",))
    if re.fullmatch(r"\d{1,2}[.,]\d{1,2}", plain) and any(figure in plain for figure in "123456789"):
        return Value(None, whole.start, whole.end, whole.quality, (COEFFICIENT,))
    plain = _CENTS.sub("", plain) if _WHOLE.fullmatch(_CENTS.sub("", plain)) else plain
    digits = re.sub(r"\D", "", plain)
    if not _WHOLE.fullmatch(plain):
        groups = re.split(r"[.,' ]", plain)
        if not all(group and len(group) % 3 == 0 for group in groups[1:]):
            return Value(None, whole.start, whole.end, whole.quality, (BROKEN_GROUPS,))
        # Marks between groups were lost ("9.740000", "9740.000") or are of two kinds: the digits are all there.
        doubts = (*doubts, BROKEN_GROUPS)
    if len(digits) > 13:
        return Value(None, whole.start, whole.end, whole.quality, ("con số quá dài",))
    return Value(int(digits) * unit, whole.start, whole.end, 0.7 if doubts else 1.0, doubts)


def read_month(text: str) -> Value | None:
    """A month as YYYY-MM, of a month or of a day that is written out."""
    found = dates.parse_date(text)
    if found is None or found.value is None or len(found.value) < 7:
        return None
    return Value(found.value[:7], found.start, found.end, 1.0, found.doubts)


def read_choice(text: str, choices: tuple[Choice, ...]) -> Value | None:
    """The first of the choices one of whose phrases stands in the cell in whole words, or is all of it."""
    folded, whole = " ".join(fold(nfc(text)).split()), squeeze(text)
    for choice in choices:
        for phrase in choice.phrases:
            short = len(phrase) <= 2
            if whole == squeeze(phrase) or (not short and re.search(rf"\b{re.escape(phrase)}\b", folded)):
                return Value(choice.value, 0, len(text), 1.0)
            if short and re.fullmatch(rf"vung\s*{re.escape(phrase)}", folded):
                return Value(choice.value, 0, len(text), 1.0)
    return None


_YEARLESS = re.compile(
    r"(?<![\d/.-])(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})(?P<between>\s*(?:-|–|—|đến(?: hết)?(?: ngày)?|tới)\s*)"
    r"(?P<last>\d{1,2}\s?[/.-]\s?(?P<last_month>\d{1,2})\s?[/.-]\s?(?P<year>\d{4}))(?!\d)",
    re.IGNORECASE,
)


def _with_year(match: re.Match[str]) -> str:
    year = int(match["year"]) - (int(match["month"]) > int(match["last_month"]))
    return f"{match['day']}/{match['month']}/{year}{match['between']}{match['last']}"


def read_period(text: str) -> tuple[dates.FoundDate | None, dates.FoundDate | None]:
    """The first and the last day said in one cell; a day alone is the first, unless it is said to be the last."""
    # "07/4 - 13/5/2020": the first day is of the last day's year, or of the one before.
    text = _YEARLESS.sub(_with_year, text)
    spans = dates.find_spans(text)
    found = dates.find_dates(text)
    if spans:
        return spans[0].starts, spans[0].ends
    if len(found) == 1 and re.match(r"\s*(?:den|toi|het)\b", fold(nfc(text))):
        return None, found[0]
    return (found[0] if found else None), (found[1] if len(found) > 1 else None)


def kind_of_absence(value: FieldValue) -> str | None:
    """The part of the dictionary ("suspension", "stoppage", "termination") to which the days of an absence belong."""
    return {"suspension": "suspension", "unpaid_leave": "suspension", "stoppage": "stoppage"}.get(
        str(value), "termination" if value == "termination" else None
    )
