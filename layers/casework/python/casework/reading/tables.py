"""The list of people on a form: its rows, cell by cell, over any number of pages, and whether any row is missing.

Brings together where rows and columns stand (raw_tables), what each row is (row_kinds), which column is what
(headings), the rows' numbers (numbering) and whether the list is whole (completeness).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from casework.document import Box, Field, Page
from casework.reading.agreement import agree
from casework.reading.cells import Manner, RawCell, RawRow, read_row
from casework.reading.completeness import (
    SaidCount,
    TotalRow,
    check_sums,
    count_rows,
    counts_of_totals,
    said_counts,
    said_sums,
)
from casework.reading.document_types import Column, Table, squeeze
from casework.reading.headings import (
    Score,
    heading_scores,
    name_by_contents,
    name_columns,
    periods_parted,
    without_misfits,
)
from casework.reading.lines import words_to_lines
from casework.reading.numbering import number_rows
from casework.reading.raw_tables import RawTable, fit_columns, raw_tables
from casework.reading.row_kinds import (
    filled,
    group_heading,
    heading_rows,
    is_empty,
    is_numbering,
    is_total,
    long_figures,
    number_of,
    numbering_rows,
)
from casework.reading.row_lines import looks_like_a_row
from casework.reading.stacked import part_stacked


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows of a list, the areas they stand in (page number, box), and their count with what is missing.

    `said` is the one number of people that the list's last row speaks of, `told` the one that the text around it does;
    `sums` what its total row says, by column.
    """

    rows: tuple[dict[str, Field], ...]
    areas: tuple[tuple[int, Box], ...]
    count: Field
    said: Field
    told: SaidCount | None
    sums: dict[str, Field] = field(default_factory=dict)


@dataclass(slots=True)
class _Family:
    """The pages' tables that stand in the same columns: one list. How many rows of each are heading."""

    columns: list[tuple[float, float]]
    tables: list[tuple[RawTable, int]] = field(default_factory=list)
    scores: set[Score] = field(default_factory=set)
    heading: list[str] = field(default_factory=list)

    def named(self, table: Table) -> dict[int, Column]:
        """What each column is, by the headings of all pages and by what stands in the cells."""
        rows = [row for raw, heads in self.tables for row in raw.rows[heads:]]
        stacked = part_stacked(rows, self.heading, table)
        parted = {score[1] for score in stacked}
        self.scores = {score for score in self.scores if score[1] not in parted} | stacked
        body = [_texts(row) for row in rows if long_figures(row)]
        body = body[:_ROWS_THAT_TELL]
        fitting = without_misfits(self.scores, body, table)
        naming = name_columns(fitting, table)
        naming |= periods_parted(body, naming, table)
        # A heading whose meaning the cells belie stands above another column: it says nothing of this one.
        belied = {score[1] for score in self.scores} - {score[1] for score in fitting}
        headings = ["" if index in belied else text for index, text in enumerate(self.heading)]
        return naming | name_by_contents(body, naming, table, headings)


_ROWS_THAT_TELL = 200


@dataclass(slots=True)
class _Gathered:
    """The rows of all pages in order, as they come together."""

    rows: list[tuple[RawRow, dict[int, Column]]] = field(default_factory=list)
    new_parts: list[bool] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    areas: list[tuple[int, Box]] = field(default_factory=list)
    groups: tuple[str, ...] = ()
    group_from: int = 0
    new_part: bool = False


def find_roster(pages: Sequence[Page], table: Table, folded: str = "") -> Roster:
    """The rows of the document's list; `folded` is the paper's whole text, which may say how many they are.

    Empty when there is none; the count's doubts say what is missing.
    """
    gathered = _Gathered()
    for family in _families(pages, table):
        naming = family.named(table)
        for raw, heads in family.tables:
            gathered.areas.append((raw.page, raw.box))
            for index, row in enumerate(raw.rows[heads:]):
                _take(gathered, row, naming, table, raw.columns, opens_page=index == 0)
    unit = _unit(folded)
    absences = next((column.choices for column in table.columns if column.id == "absence.kind"), ())
    read = [number_of(row) for row, _ in gathered.rows]
    numbered = number_rows(read, gathered.new_parts, any(row.ocr for row, _ in gathered.rows))
    built = [
        read_row(each.number, row, named, each.doubt, Manner(unit, absences))
        for each, (row, named) in zip(numbered, gathered.rows, strict=True)
    ]
    agree(built, table)
    doubts = [*check_sums(built, gathered.totals, unit), *_passed_over(pages, gathered.areas)]
    own = counts_of_totals(gathered.totals, len(built))
    told = said_counts(folded)
    said = tuple(dict.fromkeys((*own, *(each.count for each in told))))
    count = count_rows(built, numbered, said, pages, doubts)
    one = _said_field(said, own, gathered.totals)
    sums = said_sums(len(built), gathered.totals, unit)
    only = told[0] if len(said) == 1 and told else None
    return Roster(tuple(built), tuple(gathered.areas), count, one, only, sums)


# A heading that names so many of the list's columns is the list's, even where the people's names stand under another.
_COLUMNS_OF_A_LIST = 4


def _families(pages: Sequence[Page], table: Table) -> list[_Family]:
    """The list's tables over the pages, those in the same columns together."""
    families: list[_Family] = []
    for raw in raw_tables(pages, table):
        number_at = _from_number_on(raw, table)
        for row in raw.rows:
            row.number_at = number_at
        heads = heading_rows(raw.rows, raw.columns, headed=bool(raw.heading))
        headings = raw.heading or _headings(raw, heads)
        scores = heading_scores(tuple(map(tuple, headings)), table)
        named = name_columns(scores, table).values()
        headed = any(column.id in table.required for column in named) or len(named) >= _COLUMNS_OF_A_LIST
        family = families[-1] if families and fit_columns(raw, families[-1].columns, headed=headed) else None
        if family is None and not headed:
            continue
        if family is None:
            family = _Family(raw.columns, heading=[" ".join(texts) for texts in headings])
            families.append(family)
        elif not headed:
            heads = _repeated_heading(raw, family.heading)
            scores = ()
        family.tables.append((raw, heads))
        family.scores.update(scores)
    return families


# A cell of a heading that was read badly is still this like the heading of the page before, in percent.
_SAME_HEADING = 70.0


def _repeated_heading(raw: RawTable, heading: Sequence[str]) -> int:
    """How many rows a page opens with that are the heading again, though too badly read to name the columns."""
    heads = heading_rows(raw.rows, raw.columns, headed=True)
    cells = [(index, squeeze(cell.text)) for row in raw.rows[:heads] for index, cell in row.cells.items()]
    alike = sum(
        len(text) >= 3 and index < len(heading) and fuzz.partial_ratio(text, squeeze(heading[index])) >= _SAME_HEADING
        for index, text in cells
    )
    return heads if alike >= 2 else numbering_rows(raw.rows)


def _take(
    gathered: _Gathered,
    row: RawRow,
    naming: dict[int, Column],
    table: Table,
    columns: Sequence[tuple[float, float]],
    *,
    opens_page: bool,
) -> None:
    """One row below the heading: a person's, a group's heading, a total, or what is left of the row above."""
    if is_empty(row) or is_numbering(row):
        return
    if is_total(row, table):
        gathered.totals.append(TotalRow(row, naming, gathered.group_from, len(gathered.rows)))
        return
    torn = opens_page and bool(gathered.rows) and gathered.rows[-1][0].page != row.page
    heading = group_heading(row, columns)
    if heading is not None:
        gathered.groups = _groups(gathered.groups, heading)
        gathered.group_from, gathered.new_part = len(gathered.rows), True
        return
    if _goes_on(row, naming, table, gathered, torn=torn):
        _join(gathered.rows[-1][0], row)
        return
    row.group = " ".join(gathered.groups)
    gathered.rows.append((row, naming))
    gathered.new_parts.append(gathered.new_part)
    gathered.new_part = False


def _goes_on(row: RawRow, naming: Mapping[int, Column], table: Table, gathered: _Gathered, *, torn: bool) -> bool:
    """The row has no number and is not a whole row: it is the rest of the one above."""
    if number_of(row) is not None or not gathered.rows:
        return False
    named = any(
        row.cells[place].text.strip()
        for place, column in naming.items()
        if column.id in table.required and place in row.cells
    )
    above = gathered.rows[-1][0]
    fewer = len(filled(row)) < 0.6 * len(filled(above))
    whole = long_figures(row) >= max(1, long_figures(above) // 2)
    return (torn and not named) or (fewer and not whole)


def _groups(above: tuple[str, ...], heading: str) -> tuple[str, ...]:
    """The headings under which the next rows stand: "I.1 Lao động" stands under "I Tăng"."""
    within = re.match(r"\s*(?:[IVX]+|[A-Z])\s*[.,]\s*\d", heading)
    return (*above[:1], heading) if within else (heading,)


# So many lines of days and numbers are rows of something.
_LINES_OF_A_LIST = 3


def _passed_over(pages: Sequence[Page], areas: Sequence[tuple[int, Box]]) -> list[str]:
    """The pages after the list's first on which no row was found though lines stand there as rows do."""
    listed = {number for number, _ in areas}
    first = min(listed, default=0)
    found = [
        page.number
        for page in pages
        if listed and page.readable and page.number > first and page.number not in listed
        if sum(looks_like_a_row(line) for line in words_to_lines(page.words, page)) >= _LINES_OF_A_LIST
    ]
    return ["có dòng của danh sách mà không đọc được ở trang " + ", ".join(map(str, found))] if found else []


def _said_field(said: tuple[int, ...], own: tuple[int, ...], totals: Sequence[TotalRow]) -> Field:
    if len(said) != 1 or not own:
        return Field(None)
    row = totals[-1].row
    text = " ".join(cell.text for cell in row.cells.values() if cell.text).strip()
    box = next((cell.box for cell in row.cells.values() if cell.text.strip() and cell.box is not None), None)
    return Field(own[0], text, 0.9, row.page, box, "ocr" if row.ocr else "text")


_UNIT = re.compile(r"(?:don vi tinh|dvt)\s*[:.]?\s*(?:vnd|viet nam)?\s*(?P<unit>nghin|ngan|1\.000|1000|trieu)")


def _unit(folded: str) -> int:
    """What a figure of money counts: đồng, or what the paper says above its list."""
    match = _UNIT.search(folded)
    return 1 if match is None else 10**6 if match["unit"] == "trieu" else 10**3


def _texts(row: RawRow) -> dict[int, str]:
    return {index: cell.text for index, cell in row.cells.items() if cell.text.strip()}


def _from_number_on(raw: RawTable, table: Table) -> int:
    """The column of the rows' numbers. Rows above the heading are left out: a frame around the page joins the
    letterhead to the list."""
    for index, row in enumerate(raw.rows[:6]):
        for place, cell in row.cells.items():
            if place <= 2 and squeeze(cell.text) in table.number:
                if index and place == 0:
                    raw.rows = raw.rows[index:]
                    tops = [cell.box.y0 for cell in row.cells.values() if cell.box is not None]
                    raw.box = Box(raw.box.x0, min(tops, default=raw.box.y0), raw.box.x1, raw.box.y1)
                return place
    return 0


def _headings(raw: RawTable, count: int) -> list[list[str]]:
    """Per column the texts of the heading cells above it, from top to bottom; a spanning cell counts for each."""
    texts: list[list[str]] = []
    for x0, x1 in raw.columns:
        middle = (x0 + x1) / 2
        texts.append(
            [
                cell.text
                for row in raw.rows[:count]
                if not is_numbering(row)
                for cell in row.cells.values()
                if cell.text.strip() and cell.box is not None and cell.box.x0 - 0.002 <= middle <= cell.box.x1 + 0.002
            ]
        )
    return texts


def _join(above: RawRow, below: RawRow) -> None:
    """What stands in a row that goes on belongs to the cells above it."""
    for index, cell in below.cells.items():
        if cell.text.strip():
            kept = above.cells.setdefault(index, RawCell())
            kept.text = f"{kept.text} {cell.text}".strip()
            kept.words += cell.words
