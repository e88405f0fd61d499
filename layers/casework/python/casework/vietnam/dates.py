"""Dates as Vietnamese papers write them: figures, words, blanks filled in, ranges, and ends left open.

Always day before month. A date that is not in the calendar has no value but says why; a blank is not a date.
Reduced precision is kept: "1958", "2020-04".
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from casework.vietnam.letters import fold, nfc
from casework.vietnam.money import words_to_amount

_LOOK_ALIKES = str.maketrans("oOQDUlI|!]iTSsŠšđõðBZzgq§", "0000011111115555555822998")
# A figure as it may have been read: digits and the letters Tesseract puts for them; at least one true digit.
_D = r"[0-9oOQDUlI|!\]TSŠšBZ§]"
_GAP = r"[\s.…_·:]*"
_SEP = r"\s{0,2}[/.\-,|]\s{0,2}"

_MONTH_WORDS = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_ENGLISH_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_NGAY = r"ng[aàáảãạ4]?[yvgu]"
_THANG = r"th[aáàảãạ][nm][gqe]"
_NAM = r"n[aăắâ]m"

_LONG = re.compile(
    rf"(?:(?:{_NGAY}|mung|mong){_GAP})?(?P<d>{_D}{{1,2}})(?:\s*\([^)]{{2,12}}\))?{_GAP}[,/]?{_GAP}{_THANG}{_GAP}"
    rf"(?P<m>{_D}{{1,2}}|muoi hai|muoi mot|gieng|chap|muoi|mot|hai|ba|tu|bon|nam(?=\s+nam)|sau|bay|tam|chin|[đõð])"
    rf"(?:\s*\([^)]{{2,12}}\))?{_GAP}[,/]?{_GAP}(?:{_NAM}{_GAP}(?P<y>{_D}{{1,2}}\s?{_D}{{2}})|(?P<y2>[12]{_D}"
    rf"{{3}}))?(?![0-9])"
)
_SHORT = re.compile(rf"(?<![0-9/])(?P<d>{_D}{{1,2}}){_SEP}(?P<m>{_D}{{1,2}}){_SEP}(?P<y>{_D}{{4}}|{_D}{{2}})(?![0-9])")
# A sign between day, month and year that was lost, figures torn in two: "15.05 2020", "30-1 1-2019", "1 4-09-201 9".
_TORN = re.compile(
    rf"(?<![0-9/.\-])(?:(?P<d>[0-9]{{1,2}}){_SEP}(?P<m>[0-9]{{1,2}})\s(?P<y>(?:19|20)[0-9]{{2}})|"
    r"(?P<d2>[0-3]\s?[0-9])[/.\-](?P<m2>[01]\s?[0-9])[/.\-](?P<y2>(?:1\s?9|2\s?0)\s?[0-9]\s?[0-9]))(?![0-9])"
)
# "ngày 1 1/5/2020".
_TORN_DAY = re.compile(rf"(?<=ngay )(?P<d>[0-3]\s[0-9]){_SEP}(?P<m>[0-9]{{1,2}}){_SEP}(?P<y>[0-9]{{4}})(?![0-9])")
_GLUED = re.compile(r"(?<![0-9])(?P<d>[0-3][0-9])(?P<m>[01][0-9])(?P<y>(?:19|20)[0-9]{2})(?![0-9])")
_ISO = re.compile(r"(?<![0-9])(?P<y>(?:19|20)\d{2})-(?P<m>\d{2})-(?P<d>\d{2})(?![0-9])")
_ENGLISH = re.compile(
    rf"(?<![a-z0-9])(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?(?P<m>{'|'.join(_ENGLISH_MONTHS)})\.?,?|"
    rf"(?P<m2>{'|'.join(_ENGLISH_MONTHS)})\.?\s*(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?)\s*(?P<y>\d{{4}})(?!\d)"
)
_MONTH = re.compile(
    rf"(?:{_THANG}{_GAP})?(?<![0-9/])(?P<m>[0-9oOl]{{1,2}}){_GAP}(?:{_NAM}|[/\-.])\s*(?P<y>(?:19|20)\d{{2}})(?![0-9])"
)
_YEAR = re.compile(r"(?<![0-9/.\-])(?P<y>(?:19|20)\d{2})(?![0-9/])")
_DAY_MONTH = re.compile(r"(?<![0-9/])(?P<d>\d{1,2})\s?/\s?(?P<m>\d{1,2})(?![0-9/])")

NOT_IN_CALENDAR = "ngày không có trong lịch"
SHORT_YEAR = "năm chỉ ghi hai chữ số"
LOOK_ALIKE = "có chữ cái trong con số, đã đọc là chữ số"
NO_MARKS = "không thấy dấu ngăn ngày, tháng, năm"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: ISO value (None when impossible), where it stands, as printed, and why it is doubtful."""

    value: str | None
    start: int
    end: int
    raw: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A period as written. `ends` is None when nothing was said, or when `open_end` says it was left open."""

    starts: FoundDate | None
    ends: FoundDate | None
    open_end: bool
    start: int
    end: int


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Every full date of the text (day, month, year) in reading order, impossible ones included with value None."""
    source = nfc(text)
    # Look-alikes are told by their case (l and I, O and o), so marks are folded without lowering capitals.
    folded = fold(source)
    loose = _loose(source, folded)
    found: list[FoundDate] = []
    taken: list[tuple[int, int]] = []
    for pattern in (_ISO, _LONG, _TORN_DAY, _SHORT, _TORN, _ENGLISH, _GLUED):
        for match in pattern.finditer(loose):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            date = _from_match(match, source)
            if date is not None:
                taken.append((match.start(), match.end()))
                found.append(date)
    found += _in_words(folded, source)
    return tuple(sorted(found, key=lambda date: date.start))


_COUNT = r"(?:mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi|khong|linh|le|tram|nghin|ngan)"
_IN_WORDS = re.compile(
    rf"{_NGAY}\s+(?P<d>(?:mung\s+|mong\s+)?{_COUNT}(?:\s+(?:mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi)){{0,2}}),?\s+"
    rf"{_THANG}\s+(?P<m>muoi hai|muoi mot|gieng|chap|muoi|mot|hai|ba|tu|bon|nam|sau|bay|tam|chin),?\s+"
    rf"{_NAM}\s+(?P<y>(?:mot|hai)\s+(?:nghin|ngan)(?:\s+{_COUNT}){{1,5}})"
)


def _in_words(folded: str, source: str) -> Iterator[FoundDate]:
    """ "ngày mười hai tháng chín năm hai nghìn không trăm mười sáu"."""
    for match in _IN_WORDS.finditer(folded):
        day = words_to_amount(re.sub(r"^m[uo]ng\s+", "", match["d"]))
        month, year = _MONTH_WORDS.get(match["m"]), words_to_amount(match["y"])
        if day is None or month is None or year is None or not 1900 <= year <= 2100:
            continue
        raw = source[match.start() : match.end()]
        try:
            value: str | None = datetime.date(year, month, day).isoformat()
        except ValueError:
            value = None
        yield FoundDate(value, match.start(), match.end(), raw, () if value else (NOT_IN_CALENDAR,))


def parse_date(text: str) -> FoundDate | None:
    """The first date of the text; without a full one, a month with its year, then a year alone; else None."""
    full = find_dates(text)
    if full:
        return full[0]
    source = nfc(text)
    folded = fold(source)
    month = _MONTH.search(folded)
    if month:
        number = int(month["m"].translate(_LOOK_ALIKES))
        if 1 <= number <= 12:
            return FoundDate(
                f"{month['y']}-{number:02d}", month.start(), month.end(), source[month.start() : month.end()]
            )
    year = _YEAR.search(folded)
    if year:
        return FoundDate(year["y"], year.start(), year.end(), source[year.start() : year.end()])
    return None


def _loose(source: str, folded: str) -> str:
    """Folded letters, but look-alikes of digits keep their case beside digits, and đ its stroke for a month."""
    matches = list(_KEPT_LOOK_ALIKE.finditer(source))
    if not matches:
        return folded
    characters = list(folded)
    for match in matches:
        characters[match.start() : match.end()] = match[0]
    return "".join(characters)


_KEPT_LOOK_ALIKE = re.compile(
    r"(?<=[0-9/.\-])[OQDUITSBZ]{1,3}|[OQDUITSBZ](?=[0-9/.\-])|(?<=g )[đõð](?= n)|"
    r"(?<=[yu] )[IT]{2}(?= th)|(?<=g )[IT]{2}(?= n)"  # "ngày TT tháng II năm": 11 in a slanted face
)


def _from_match(match: re.Match[str], source: str) -> FoundDate | None:
    parts = match.groupdict()
    day = parts.get("d") or parts.get("d2")
    month = re.sub(r"(?<=\d)\s(?=\d)", "", parts.get("m") or parts.get("m2") or "")
    year = parts.get("y") or parts.get("y2")
    if day is None or not month or year is None:
        return None
    raw = source[match.start() : match.end()]
    if not any(character.isdigit() for character in day + year):
        return None
    doubts: list[str] = []
    figures = day + year + (month if month not in _MONTH_WORDS and month not in _ENGLISH_MONTHS else "")
    if any(not character.isdigit() and not character.isspace() for character in figures):
        doubts.append(LOOK_ALIKE)
    day_number = int(re.sub(r"\s", "", day).translate(_LOOK_ALIKES))
    if match.re in (_TORN, _TORN_DAY):
        doubts.append(NO_MARKS)
    month_number = _MONTH_WORDS.get(month) or _ENGLISH_MONTHS.get(month) or _number(month)
    if month_number > 12 and not month.isdigit():
        # A figure and its look-alike for one figure ("5Š"): the true digits alone.
        month_number = _number("".join(character for character in month if character.isdigit()) or "0")
    year_text = re.sub(r"\s", "", year).translate(_LOOK_ALIKES)
    year_number = int(year_text)
    if len(year_text) == 3:
        return None
    if len(year_text) == 2:
        year_number += 2000 if year_number <= 30 else 1900
        doubts.append(SHORT_YEAR)
    if not 1900 <= year_number <= 2100:
        return None
    try:
        value: str | None = datetime.date(year_number, month_number, day_number).isoformat()
    except ValueError:
        value = None
        doubts.append(NOT_IN_CALENDAR)
    return FoundDate(value, match.start(), match.end(), raw, tuple(doubts))


def _number(text: str) -> int:
    figures = text.translate(_LOOK_ALIKES)
    return int(figures) if figures.isdigit() else 0


_FROM = re.compile(
    rf"(?:\bke\s*tu\b|\btu\b|\bbat dau\b|\btu\s*{_NGAY}\b|\bfrom\b)[\s:]*(?:het\s+)?(?:{_NGAY})?[\s:.…]*$"
)
# The words that may stand between the first and the last day of a period; one of those that lead on must be there.
_LEADS_ON = frozenset(["den", "toi", "thuc", "to", "until", "till", "through", "-", "~", "=>", "->"])
_BETWEEN = _LEADS_ON | frozenset(
    ["het", "cho", "va", "ket", "vao", "ngay", "la", "thoi", "diem", "luc", "o", "cuoi", "cung", "sau", "du", "kien",
     "gio", "h", "phut", "24h00", "17h00", "17h", "24h", "00h00", "00h", "0h", "hoac", "khi", "the", "end", "of", "and"]
)  # fmt: skip
_WORD = re.compile(r"[a-z]+|\d{1,2}h(?:\d\d)?|\d{1,2}|[-~]>?|=>")
_FARTHEST = 48


def _leads_on(between: str) -> bool:
    """Only words that lead from the first to the last day of a period stand here ("và kết thúc vào hết ngày")."""
    if len(between) > _FARTHEST or re.search(r"[^\sa-z0-9,.;:()…_~=>'’‘\"“”|*^-]", between):
        return False
    words = _WORD.findall(between)
    told = [word for word in words if not word[0].isdigit() and not re.fullmatch(_NGAY, word)]
    return any(word in _LEADS_ON for word in told) and all(word in _BETWEEN for word in told)


_OPEN_END = re.compile(
    r"(?:den|toi)\s+(?:khi|luc)\s+(?:co|nhan|het|cong ty|dich|tinh hinh|nguoi|chinh phu|cap|duoc)|(?:den|toi)\s+"
    r"(?:khi\s+)?het\s+dich"
    r"|cho den khi|den khi dich|den luc het dich|until further notice|chua xac dinh (?:thoi gian|ngay) (?:ket th"
    r"uc|tro lai)|den khi"
)
_DURATION = re.compile(
    r"(?:trong|thoi (?:gian|han)|la)\s*(?:vong|thoi gian|thoi han)?\s*:?\s*(?P<n>\d{1,2})\s*(?:\([^)]*\)\s*)?(?P"
    r"<unit>thang|nam|ngay|tuan)\b"
)


def is_open_end(text: str) -> bool:
    """The paper leaves the end open ("đến khi có thông báo", "đến hết dịch")."""
    return _OPEN_END.search(fold(nfc(text))) is not None


def find_spans(text: str, known: tuple[FoundDate, ...] | None = None) -> tuple[Span, ...]:
    """Every period of the text: "từ … đến (hết) …", "kể từ ngày …", with ends left open told as such.

    A start without its year ("từ 15/4 đến 15/5/2020") takes the year of its end. `known`: the text's dates, if
    they were found before.
    """
    source = nfc(text)
    folded = fold(source)
    dates = list(find_dates(source) if known is None else known)
    dates = _with_bare_starts(dates, source, folded)
    spans: list[Span] = []
    index = 0
    while index < len(dates):
        first = dates[index]
        before = folded[max(0, first.start - 24) : first.start]
        lead = _FROM.search(before)
        following = dates[index + 1] if index + 1 < len(dates) else None
        # The long form swallows "ngày": look for the lead just before the match as well as inside it.
        between = folded[first.end : following.start] if following else ""
        if following and _leads_on(between):
            start = first.start - (len(before) - lead.start()) if lead else first.start
            spans.append(Span(first, following, False, start, following.end))
            index += 2
            continue
        if lead:
            after = folded[first.end : first.end + 60]
            open_end = _OPEN_END.search(after)
            end = first.end + (open_end.end() if open_end else 0)
            spans.append(Span(first, None, open_end is not None, first.start - (len(before) - lead.start()), end))
        index += 1
    return tuple(spans)


def _with_bare_starts(dates: list[FoundDate], source: str, folded: str) -> list[FoundDate]:
    complete: list[FoundDate] = []
    for date in dates:
        window_start = max(0, date.start - 40)
        window = folded[window_start : date.start]
        bare = None
        for match in _DAY_MONTH.finditer(window):
            bare = match
        if bare is None:
            month_form = re.search(rf"(?P<d>\d{{1,2}}){_GAP}{_THANG}{_GAP}(?P<m>\d{{1,2}})(?=\D*$)", window)
            bare = month_form
        if bare is not None and date.value and _leads_on(window[bare.end() :]):
            year = int(date.value[:4])
            try:
                value = datetime.date(year, int(bare["m"]), int(bare["d"])).isoformat()
            except ValueError:
                value = None
            if value and not any(known.start <= window_start + bare.start() < known.end for known in complete):
                start, end = window_start + bare.start(), window_start + bare.end()
                complete.append(FoundDate(value, start, end, source[start:end]))
        complete.append(date)
    return complete


def months_of(text: str) -> int | None:
    """A length of time in months: "12 tháng", "01 năm", "36 (ba mươi sáu) tháng"; None when none is said."""
    match = re.search(
        r"(?P<n>[0-9oO]{1,2})\s*(?:\([^)]*\)\s*)?(?P<unit>thang|nam|months?|years?)(?![a-z])(?!\s*(?:nam\s*)?[0-"
        r"9]{1,4})",
        fold(nfc(text)),
    )
    if not match:
        return None
    number = int(match["n"].translate(_LOOK_ALIKES))
    return number * 12 if match["unit"].startswith(("nam", "year")) else number


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, clamped to the month's end (31/05 + 1 month → 30/06)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(f"no such month: {year}-{month + 1}")
