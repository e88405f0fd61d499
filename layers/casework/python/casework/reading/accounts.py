"""Statements of account: rows known by their code or their words, columns by the period above them.

Works on where words stand, for such tables are printed with and without lines. Amounts count in the statement's unit;
what stands in brackets is below zero. A row whose column cannot be told gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casework.document import Box
from casework.reading.document_types import FieldDescription, squeeze
from casework.reading.flow import Flow, PlacedWord
from casework.reading.labelled import by_label
from casework.reading.paper import Candidate, Paper
from casework.reading.told import read_unit
from casework.reading.window import Window
from casework.vietnam.letters import fold

_AMOUNT = re.compile(r"(?P<open>\(|-|–)?\s*(?P<n>\d{1,3}(?:[.,]\d{3})+|\d+)\s*\)?")
_UNIT = re.compile(r"(?:don vi tinh|don vi tien te|dvt|don vi)\s*[:(]?\s*")
_QUARTER = re.compile(r"quy\s*(?P<q>iv|i{1,3}|[1-4])\b")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class _Amount:
    value: int
    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table: its code, its words squeezed, its amounts from left to right."""

    page: int
    code: str
    words: str
    amounts: tuple[_Amount, ...]
    top: float


def by_code(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The current column of the row with one of the field's codes, or named in one of its labels."""
    unit = _unit(paper)
    for row in _rows(paper.flow):
        belief = _belief(row, described)
        if belief == 0 or not row.amounts:
            continue
        headings = _headings(paper.flow, row)
        if any(_quarter_of(heading, "") for heading in headings):
            continue  # a table of quarters has no column for the whole period
        amount = row.amounts[1] if _is_past(headings, 0) and len(row.amounts) > 1 else row.amounts[0]
        yield Candidate(amount.value * unit, amount.start, amount.end, belief)


def by_quarter(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The column of the field's quarter ("2020-1"; "2020-later": the first of the second to fourth; "2019-same": the
    quarter of 2019 beside the same of 2020), in the row with its codes."""
    unit = _unit(paper)
    title = paper.folded[:1500]
    for row in _rows(paper.flow):
        belief = _belief(row, described, named=False)
        if belief == 0:
            continue
        quarters = [_quarter_of(heading, title) for heading in _headings(paper.flow, row)]
        for index, (amount, quarter) in enumerate(zip(row.amounts, quarters, strict=True)):
            if (
                quarter is not None
                and quarters.index(quarter) == index
                and _is_asked(described.value, quarter, quarters)
            ):
                yield Candidate(amount.value * unit, amount.start, amount.end, belief)
    if described.labels:
        yield from by_label(paper, described)


def _is_asked(wanted: str, quarter: tuple[int, int], all_quarters: Sequence[tuple[int, int] | None]) -> bool:
    year, number = quarter
    match wanted.split("-")[1]:
        case "later":
            return year == 2020 and number > 1
        case "same":
            return year == 2019 and (2020, number) in all_quarters
        case _:
            return wanted == f"{year}-{number}"


def _belief(row: _Row, described: FieldDescription, *, named: bool = True) -> float:
    """How surely the row is the field's: by its code, the first of the field's codes most, else by its words."""
    if row.code in described.codes:
        return 0.97 - 0.04 * described.codes.index(row.code)
    said = any(
        len(label) > 9 and label in row.words for label in map(squeeze, described.labels if named else described.near)
    )
    return 0.86 if said and not row.code else 0.0


def _unit(paper: Paper) -> int:
    """How many đồng one unit of the statement is; 1 where it does not say."""
    for match in _UNIT.finditer(paper.folded):
        said = read_unit(Window(paper.plain[match.end() : match.end() + 30], ""))
        if said is not None:
            return int(said.value or 1)
    return 1


def _rows(flow: Flow) -> Iterator[_Row]:
    words = [word for word in flow.placed_words() if word.text.strip()]
    for page in sorted({word.page for word in words}):
        here = [word for word in words if word.page == page]
        column = _code_column(here)
        for line in _lines(here):
            yield _row(page, line, column)


def _code_column(words: Sequence[PlacedWord]) -> tuple[float, float] | None:
    """Where the heading "Mã số" with most codes below it stands, from left to right.

    Its two words may stand one above the other; that of a tax code is none, for no codes stand below it.
    """
    best, most = None, 1
    for first in words:
        if fold(first.text).strip(" .:") != "ma":
            continue
        for second in words:
            beside = abs(second.box.y0 - first.box.y0) < first.box.height and 0 <= second.box.x0 - first.box.x1 < 0.03
            below = 0 < second.box.y0 - first.box.y0 < 3 * first.box.height and abs(second.box.x0 - first.box.x0) < 0.03
            if fold(second.text).strip(" .:") == "so" and (beside or below):
                count = _codes_below(words, first, second)
                if count > most:
                    best = (min(first.box.x0, second.box.x0) - 0.02, max(first.box.x1, second.box.x1) + 0.02)
                    most = count
    return best


def _codes_below(words: Sequence[PlacedWord], first: PlacedWord, second: PlacedWord) -> int:
    left, right = min(first.box.x0, second.box.x0) - 0.02, max(first.box.x1, second.box.x1) + 0.02
    return sum(
        word.box.y0 > first.box.y1 and left < (word.box.x0 + word.box.x1) / 2 < right and _code(word.text) != ""
        for word in words
    )


def _code(text: str) -> str:
    match = re.fullmatch(r"[(\[|]?(\d{2,3}[ab]?)[)\].|]?", text.strip().replace("O", "0").replace("l", "1"))
    return match[1] if match else ""


def _lines(words: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    """Words side by side, from left to right."""
    lines: list[list[PlacedWord]] = []
    for word in sorted(words, key=lambda each: (each.box.y0 + each.box.y1) / 2):
        middle = (word.box.y0 + word.box.y1) / 2
        last = lines[-1][-1].box if lines else None
        if last is not None and abs((last.y0 + last.y1) / 2 - middle) < 0.5 * max(last.height, word.box.height):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda each: each.box.x0) for line in lines]


def _row(page: int, line: Sequence[PlacedWord], column: tuple[float, float] | None) -> _Row:
    code, after = "", 0.0
    if column is not None:
        for word in line:
            middle = (word.box.x0 + word.box.x1) / 2
            if column[0] < middle < column[1] and _code(word.text):
                code, after = _code(word.text), word.box.x1
                break
    words = squeeze(" ".join(word.text for word in line if not re.search(r"\d{3}", word.text)))
    figures = [word for word in line if word.box.x0 >= after]
    amounts = tuple(_amounts(figures, whole=bool(code)))
    return _Row(page, code, words, amounts, line[0].box.y0)


def _amounts(words: Sequence[PlacedWord], *, whole: bool) -> Iterator[_Amount]:
    """Figures that are sums. `whole`: also short ones, as the row has a code; a note's number stands before them."""
    index = 0
    found: list[tuple[_Amount, bool]] = []
    while index < len(words):
        text, last = words[index].text, index
        # A sum that was read in two pieces: "1.234" "567", "(" "1.234)".
        while (
            last + 1 < len(words)
            and re.fullmatch(r"[\d.,()–-]+", text)
            and re.fullmatch(r"[\d.,)]+", words[last + 1].text)
            and words[last + 1].box.x0 - words[last].box.x1 < 0.35 * words[last].box.height
        ):
            last += 1
            text += words[last].text
        match = _AMOUNT.fullmatch(text.strip("|_ "))
        if match is not None:
            value = int(re.sub(r"\D", "", match["n"]))
            grouped = bool(re.search(r"[.,]", match["n"])) or value >= 1000
            box = words[index].box.union(words[last].box)
            end = words[last].start + len(words[last].text)
            found.append((_Amount(-value if match["open"] else value, words[index].start, end, box), grouped))
        index = last + 1
    large = any(grouped for _, grouped in found)
    for position, (amount, grouped) in enumerate(found):
        note = not grouped and 0 < abs(amount.value) < 100 and position == 0 and len(found) > 1 and large
        if grouped or (whole and not note):
            yield amount


def _headings(flow: Flow, row: _Row) -> list[str]:
    """What stands above each amount of the row, folded: the words of the heading whose width meets its column."""
    head = [
        word
        for word in flow.placed_words()
        if word.page == row.page and word.box.y1 <= row.top + 0.002 and not _AMOUNT.fullmatch(word.text.strip())
    ]
    head += [
        word
        for word in flow.placed_words()
        if word.page == row.page
        and word.box.y1 <= row.top + 0.002
        and re.fullmatch(r"20\d{2}", word.text.strip("/.,()"))
    ]
    tops = [word.box.y0 for word in head if _NAMES_PERIOD.search(fold(word.text))]
    first = max((top for top in tops if top < row.top), default=None)
    if first is None:
        return [""] * len(row.amounts)
    band = [word for word in head if first - 0.035 <= word.box.y0 <= first + 0.05]
    result = []
    for index, amount in enumerate(row.amounts):
        left = (row.amounts[index - 1].box.x1 + amount.box.x0) / 2 if index else amount.box.x0 - 0.1
        right = (
            (amount.box.x1 + row.amounts[index + 1].box.x0) / 2
            if index + 1 < len(row.amounts)
            else amount.box.x1 + 0.03
        )
        right = max(right, amount.box.x1)
        own = [word for word in band if left <= (word.box.x0 + word.box.x1) / 2 <= right]
        own.sort(key=lambda word: (round(word.box.y0, 2), word.box.x0))
        result.append(fold(" ".join(word.text for word in own)))
    return result


_NAMES_PERIOD = re.compile(r"^(?:nam|quy|ky|cuoi|dau|nay|truoc)\b|20\d{2}")


def _is_past(headings: Sequence[str], index: int) -> bool:
    """The column is that of the year before, or of the beginning of the period."""
    past = re.compile(r"nam truoc|ky truoc|dau nam|dau ky")
    return bool(headings) and past.search(headings[index]) is not None and not all(map(past.search, headings))


def _quarter_of(heading: str, title: str) -> tuple[int, int] | None:
    """(year, quarter) of a column: told by its heading, or by it and the title ("Quý I năm 2020", "năm trước")."""
    quarter, year = _QUARTER.search(heading), _YEAR.search(heading)
    if quarter and year:
        return int(year[1]), _QUARTERS[quarter["q"]]
    whole = re.search(r"quy\s*(iv|i{1,3}|[1-4])\s*[/,-]?\s*(?:nam\s*)?(20\d{2})", title)
    if whole is None or "luy ke" in heading:
        return None
    number = _QUARTERS[quarter["q"]] if quarter else _QUARTERS[whole[1]]
    if "truoc" in heading:
        return int(whole[2]) - 1, number
    if "nay" in heading or (quarter and not year):
        return int(whole[2]), number
    return (int(year[1]), number) if year else None
