"""The list of people on a form: its rows, cell by cell, over any number of pages, and whether any row is missing.

Rows come from ruled grids, or from the columns that white space draws (casework.reading.columns). The numbers in the
first column prove completeness: a number that is missing is reported with the count of rows, never passed over.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from casework.document import Box, Cell, Field, Grid, Page, Word
from casework.reading.cells import NUMBER, RawCell, RawRow, read_row
from casework.reading.columns import row_bounds, row_starts, unruled_tables
from casework.reading.document_types import Column, Table, squeeze
from casework.reading.headings import name_by_contents, name_columns
from casework.reading.lines import words_to_lines
from casework.vietnam.letters import fold, nfc

# A grid with fewer columns is a frame or a label-and-value table, not a list.
_FEWEST_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows of a list, the areas they stand in (page number, box), and their count with what is missing."""

    rows: tuple[dict[str, Field], ...]
    areas: tuple[tuple[int, Box], ...]
    count: Field


@dataclass(slots=True)
class RawTable:
    """One table on one page: its rows from top to bottom and where its columns stand (x0, x1)."""

    page: int
    box: Box
    columns: list[tuple[float, float]]
    rows: list[RawRow]
    heading: list[list[str]] = field(default_factory=list)


_SAID = re.compile(
    r"(?:danh sach|tong (?:cong|so)|\bcong\b|\bgom\b)[^.\n]{0,30}?\b(\d{1,5})\s*(?:\([^)]*\)\s*)?(?:nguoi|lao dong|nld)"
)


def said_total(folded: str) -> int | None:
    """How many people the paper itself says its list has ("Danh sách này có 24 người lao động")."""
    match = _SAID.search(folded)
    return int(match[1]) if match else None


def find_roster(pages: Sequence[Page], table: Table, said: int | None = None) -> Roster:
    """The rows of the document's list; `said` is the number of people the paper speaks of, if it does.

    Empty when there is none; the count's doubts say what is missing.
    """
    naming: dict[int, Column] = {}
    naming_columns: list[tuple[float, float]] = []
    rows: list[tuple[RawRow, dict[int, Column]]] = []
    areas: list[tuple[int, Box]] = []
    total = said
    for raw in _raw_tables(pages, table):
        _from_number_on(raw, table)
        heads = _heading_rows(raw)
        named = name_columns(raw.heading or _headings(raw, heads), table)
        if any(column.id in table.required for column in named.values()):
            naming, naming_columns = named, raw.columns
        elif naming and _same_columns(raw.columns, naming_columns):
            heads = _numbering_rows(raw)
        else:
            continue
        naming = naming | name_by_contents([_texts(row) for row in raw.rows[heads:]], naming, table)
        areas.append((raw.page, raw.box))
        for row in raw.rows[heads:]:
            summed = _total(row, table)
            if summed is not None:
                total = summed or total
            elif not _is_aside(row):
                rows.append((row, naming))
    numbered = _numbered(rows, table)
    built = tuple(read_row(number, row, named, doubt) for number, row, named, doubt in numbered)
    return Roster(built, tuple(areas), _count(built, total, pages))


def _texts(row: RawRow) -> dict[int, str]:
    return {index: cell.text for index, cell in row.cells.items() if cell.text.strip()}


def _raw_tables(pages: Sequence[Page], table: Table) -> list[RawTable]:
    found: list[RawTable] = []
    drawn: list[tuple[float, float]] | None = None
    for page in pages:
        if not page.readable:
            continue
        grids = [grid for grid in page.grids if grid.columns >= _FEWEST_COLUMNS]
        if grids:
            found += [_from_grid(grid, page) for grid in sorted(grids, key=lambda each: each.box.y0)]
            continue
        for columns in unruled_tables(page, table, drawn):
            drawn = columns.columns
            rows = [
                RawRow(
                    page.number,
                    page.source == "ocr",
                    {index: _raw_cell(words, page) for index, words in row.items() if words},
                )
                for row in columns.rows
            ]
            heading = [[_raw_cell(words, page).text for words in texts] for texts in columns.heading]
            found.append(RawTable(page.number, columns.box, columns.columns, rows, heading))
    return found


def _from_grid(grid: Grid, page: Page) -> RawTable:
    columns: list[tuple[float, float]] = []
    for index in range(grid.columns):
        # Cells that span several columns are wider than the others of their column.
        own = [cell.box for cell in grid.cells if cell.column == index]
        if own:
            narrow = min(box.width for box in own)
            alike = [box for box in own if box.width <= 1.3 * narrow + 0.002]
            columns.append((statistics.median(box.x0 for box in alike), statistics.median(box.x1 for box in alike)))
        else:
            columns.append((1.0, 1.0))
    by_row: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    rows = [row for index in sorted(by_row) for row in _grid_rows(by_row[index], page)]
    return RawTable(page.number, grid.box, columns, rows)


def _grid_rows(cells: Sequence[Cell], page: Page) -> list[RawRow]:
    """The rows between two ruling lines: one, or as many as numbers stand in the first cell."""
    first = min(cells, key=lambda cell: cell.column)
    places = {id(word): cell for cell in cells for word in cell.words}
    lines = words_to_lines([word for cell in cells for word in cell.words], page, clean=False)
    starts = [
        index
        for index, line in enumerate(lines)
        if places[id(line.words[0])] is first and _counter(line.words[0].text) is not None and len(line.words) > 2
    ]
    if len(starts) < 2:
        whole = {cell.column: _raw_cell(cell.words, page, cell) for cell in cells}
        return [RawRow(page.number, page.source == "ocr", whole)]
    rows: list[RawRow] = []
    for begin, end in row_bounds(lines, sorted({*starts, *row_starts(lines, None)})):
        held: dict[int, list[Word]] = {}
        for line in lines[begin:end]:
            for word in line.words:
                held.setdefault(places[id(word)].column, []).append(word)
        parts = {column: _raw_cell(words, page) for column, words in held.items()}
        rows.append(RawRow(page.number, page.source == "ocr", parts))
    return rows


def _raw_cell(words: Sequence[Word], page: Page, cell: Cell | None = None) -> RawCell:
    lines = words_to_lines(words, page, clean=False)
    ordered = [word for line in lines for word in line.words]
    box = cell.box if cell else None
    for word in ordered if ordered and cell is None else []:
        box = word.box if box is None else box.union(word.box)
    return RawCell(nfc(" ".join(word.text for word in ordered)), ordered, box)


_COUNTER = re.compile(r"^[\s.()|\[\]]*(\d{1,5})[\s.)|\]]*$")


def _counter(text: str) -> int | None:
    plain = (
        text.strip().translate(str.maketrans("lI|!ỊịÌÍoOsSŠ§", "1111111100555" + "8"))
        if len(text.strip()) <= 3
        else text
    )
    match = _COUNTER.match(plain)
    return int(match[1]) if match else None


def _is_numbering(row: RawRow) -> bool:
    """The row under the heading that numbers the columns: (1) (2) (3) … or A B C 1 2."""
    texts = [cell.text.strip(" ().") for cell in row.cells.values() if cell.text.strip()]
    if len(texts) < 3 or any(len(text) > 4 for text in texts):
        return False
    figures = [int(text) for text in texts if text.isdigit()]
    letters = sum(len(text) == 1 and text.isalpha() for text in texts)
    rising = all(later > earlier for earlier, later in itertools.pairwise(figures))
    return rising and len(figures) + letters >= 0.7 * len(texts)


def _from_number_on(raw: RawTable, table: Table) -> None:
    """Leave out the rows above the heading: a frame around the page joins the letterhead to the list."""
    for index, row in enumerate(raw.rows[:6]):
        first = row.cells.get(0)
        if index and first and squeeze(first.text) in table.number:
            raw.rows = raw.rows[index:]
            tops = [cell.box.y0 for cell in row.cells.values() if cell.box is not None]
            raw.box = Box(raw.box.x0, min(tops, default=raw.box.y0), raw.box.x1, raw.box.y1)
            return


_LONG_FIGURE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{6}")


def _heading_rows(raw: RawTable) -> int:
    """How many rows stand before the first person's."""
    for index, row in enumerate(raw.rows):
        if _is_numbering(row):
            return index + 1
        first = row.cells.get(0)
        if first and _counter(first.text) is not None and len(_filled(row)) >= 3:
            return index
        if (index or raw.heading) and any(_LONG_FIGURE.search(cell.text) for cell in row.cells.values()):
            return index
    return 0 if raw.heading else min(len(raw.rows), 2)


def _numbering_rows(raw: RawTable) -> int:
    heads = 0
    for index, row in enumerate(raw.rows[:4]):
        if _is_numbering(row):
            heads = index + 1
    return heads


def _filled(row: RawRow) -> list[int]:
    return [index for index, cell in row.cells.items() if cell.text.strip()]


def _headings(raw: RawTable, count: int) -> list[list[str]]:
    """Per column the texts of the heading cells above it, from top to bottom; a spanning cell counts for each."""
    texts: list[list[str]] = []
    for x0, x1 in raw.columns:
        middle = (x0 + x1) / 2
        texts.append(
            [
                cell.text
                for row in raw.rows[:count]
                if not _is_numbering(row)
                for cell in row.cells.values()
                if cell.text.strip() and cell.box is not None and cell.box.x0 - 0.002 <= middle <= cell.box.x1 + 0.002
            ]
        )
    return texts


def _same_columns(columns: list[tuple[float, float]], known: list[tuple[float, float]]) -> bool:
    return len(columns) == len(known) and all(
        abs(here[0] - there[0]) < 0.04 and abs(here[1] - there[1]) < 0.04
        for here, there in zip(columns, known, strict=True)
    )


def _total(row: RawRow, table: Table) -> int | None:
    """The number a "Tổng cộng" row says (0 when it says none); None when this is no such row."""
    text = fold(" ".join(row.cells[index].text for index in sorted(row.cells))).strip(" :.-")
    for label in table.total:
        if text.startswith(label):
            match = re.search(r"\b(\d{1,5})\s*(?:nguoi|lao dong|nld|$)", text)
            return int(match[1]) if match else 0
    return None


def _is_aside(row: RawRow) -> bool:
    """A group heading or an empty row: at most one cell is filled."""
    return len(_filled(row)) <= 1


_AHEAD = 3

_Numbered = list[tuple[int | None, RawRow, dict[int, Column], str | None]]


def _numbered(rows: list[tuple[RawRow, dict[int, Column]]], table: Table) -> _Numbered:
    """Rows with their numbers. A row without one gets the number between its neighbours; a torn row is joined."""
    result: _Numbered = []
    read = [_counter(row.cells[0].text) if 0 in row.cells else None for row, _ in rows]
    for index, (row, naming) in enumerate(rows):
        number = read[index]
        named = any(
            row.cells[place].text.strip()
            for place, column in naming.items()
            if column.id in table.required and place in row.cells
        )
        if number is None and not named:
            if result and result[-1][1].page != row.page:
                _join(result[-1][1], row)
            continue
        previous = result[-1][0] if result else 0
        doubt = None
        expected = previous + 1 if previous is not None else None
        # One of the next rows goes on as if this one had its place: then its own number was misread.
        goes_on = expected is not None and any(
            value == expected + step for step, value in enumerate(read[index + 1 : index + 1 + _AHEAD], start=1)
        )
        if expected is not None and number != expected and (goes_on or number is None):
            doubt = "số thứ tự suy từ dòng trên và dòng dưới"
            number = expected
        result.append((number, row, naming, doubt))
    return result


def _join(above: RawRow, below: RawRow) -> None:
    """A row torn by the page's end: what stands on the next page goes on below."""
    for index, cell in below.cells.items():
        if cell.text.strip():
            kept = above.cells.setdefault(index, RawCell())
            kept.text = f"{kept.text} {cell.text}".strip()
            kept.words += cell.words


# A cell of one person holds no more digits than this.
_MOST_DIGITS = {"employee.bhxh_number": 15, "employee.bank_account": 19, "employee.id_number": 15}


def _holds_two(row: dict[str, Field]) -> bool:
    return any(
        name in row and sum(character.isdigit() for character in row[name].raw) > most
        for name, most in _MOST_DIGITS.items()
    )


def _count(rows: tuple[dict[str, Field], ...], total: int | None, pages: Sequence[Page]) -> Field:
    numbers = [field.value for row in rows if isinstance((field := row[NUMBER]).value, int)]
    seen = {number for number in numbers if isinstance(number, int)}
    expected = max([*seen, total or 0], default=0)
    missing = [number for number in range(1, expected + 1) if number not in seen]
    doubts: list[str] = [] if rows else ["không tìm thấy dòng nào của danh sách"]
    if missing:
        shown = ", ".join(str(number) for number in missing[:20]) + (" …" if len(missing) > 20 else "")
        doubts.append(f"thiếu dòng số {shown}")
    if len(numbers) != len(seen):
        doubts.append("có số thứ tự lặp lại")
    if rows and not total and all(row[NUMBER].doubts for row in rows):
        doubts.append("danh sách không có số thứ tự và không ghi tổng số: không biết có thiếu dòng nào không")
    doubled = [row[NUMBER].value for row in rows if _holds_two(row)]
    if doubled:
        doubts.append("có dòng có thể gồm hai người: " + ", ".join(map(str, doubled)))
    if total and total != len(rows):
        doubts.append(f"tổng cộng ghi {total}, đọc được {len(rows)} dòng")
    unreadable = [page.number for page in pages if not page.readable]
    if unreadable:
        doubts.append("không đọc được trang " + ", ".join(map(str, unreadable)))
    first = next((field for row in rows for field in row.values() if field.page is not None), None)
    source = first.source if first else None
    sure = 0.0 if not rows else 0.3 if doubts else 0.98 if seen else 0.7
    return Field(len(rows), str(total or ""), sure, first.page if first else None, None, source, tuple(doubts))
