"""The lists on each page as they stand there: rows of cells, from ruled grids or from the columns white space draws.

Knows where cells are; which rows are people and which columns are what is told elsewhere.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from casework.document import Box, Cell, Grid, Page, Word
from casework.reading.cells import RawCell, RawRow
from casework.reading.columns import unruled_tables
from casework.reading.document_types import Table
from casework.reading.lines import words_to_lines
from casework.reading.row_kinds import counter
from casework.reading.row_lines import row_bounds, unnumbered_starts

# A grid with fewer columns is a frame or a label-and-value table, not a list.
_FEWEST_COLUMNS = 4


@dataclass(slots=True)
class RawTable:
    """One table on one page: its rows from top to bottom and where its columns stand (x0, x1)."""

    page: int
    box: Box
    columns: list[tuple[float, float]]
    rows: list[RawRow]
    heading: list[list[str]] = field(default_factory=list)
    follows: bool = False  # it was laid out in the columns of the page before


def raw_tables(pages: Sequence[Page], table: Table) -> Iterator[RawTable]:
    """The tables that may be the list, page by page."""
    drawn: list[tuple[float, float]] | None = None
    for page in pages:
        if not page.readable:
            continue
        grids = [grid for grid in page.grids if grid.columns >= _FEWEST_COLUMNS]
        if grids:
            for grid in sorted(grids, key=lambda each: each.box.y0):
                ruled = _from_grid(grid, page)
                # A page of the list on which no lines were found is looked at in the columns of this one.
                drawn = list(ruled.columns)
                yield ruled
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
            yield RawTable(page.number, columns.box, columns.columns, rows, heading, columns.follows)


# A column that fewer rows have than this was drawn by a seal or a stroke of the pen.
_ROWS_OF_A_COLUMN = 0.25


def _from_grid(grid: Grid, page: Page) -> RawTable:
    by_column: dict[int, list[Box]] = {}
    by_row: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        by_column.setdefault(cell.column, []).append(cell.box)
        by_row.setdefault(cell.row, []).append(cell)
    columns: list[tuple[float, float]] = []
    places: dict[int, int] = {}
    for index, boxes in sorted(by_column.items()):
        alike = _of_one_width(boxes, _ROWS_OF_A_COLUMN * len(by_row))
        if alike:
            places[index] = len(columns)
            columns.append((statistics.median(box.x0 for box in alike), statistics.median(box.x1 for box in alike)))
    rows: list[RawRow] = []
    for index in sorted(by_row):
        cells = [
            replace(cell, column=places[cell.column] if cell.column in places else _column_at(cell.box, columns))
            for cell in by_row[index]
        ]
        for band in _bands(cells):
            rows += _grid_rows(band, page)
    return RawTable(page.number, grid.box, columns, rows)


def _of_one_width(boxes: Sequence[Box], fewest: float) -> list[Box]:
    """The narrowest boxes of which there are enough: those that span several columns are wider, pieces are few."""
    for narrow in sorted(box.width for box in boxes):
        alike = [box for box in boxes if narrow <= box.width <= 1.3 * narrow + 0.002]
        if len(alike) >= fewest:
            return alike
    return []


def _bands(cells: Sequence[Cell]) -> list[list[Cell]]:
    """The cells of one row; of several where cells that stand one below the other were given the same row."""
    by_column: dict[int, list[Cell]] = {}
    for cell in cells:
        by_column.setdefault(cell.column, []).append(cell)
    tallest = max(by_column.values(), key=len)
    anchors: list[Box] = []
    for cell in sorted(tallest, key=lambda each: each.box.y0):
        if not anchors or cell.box.y0 > anchors[-1].y1 - 0.3 * min(cell.box.height, anchors[-1].height):
            anchors.append(cell.box)
    if len(anchors) < 2:
        return [list(cells)]
    bands: list[list[Cell]] = [[] for _ in anchors]
    for cell in cells:
        shared = [min(anchor.y1, cell.box.y1) - max(anchor.y0, cell.box.y0) for anchor in anchors]
        bands[shared.index(max(shared))].append(cell)
    return bands


def _column_at(box: Box, columns: Sequence[tuple[float, float]]) -> int:
    middle = (box.x0 + box.x1) / 2
    return min(range(len(columns)), key=lambda at: max(columns[at][0] - middle, middle - columns[at][1], 0.0))


def _grid_rows(cells: Sequence[Cell], page: Page) -> list[RawRow]:
    """The rows between two ruling lines: one, or as many as numbers stand in the first cell."""
    first = min(cells, key=lambda cell: cell.column)
    places = {id(word): cell for cell in cells for word in cell.words}
    lines = words_to_lines([word for cell in cells for word in cell.words], page, clean=False)
    starts = [
        index
        for index, line in enumerate(lines)
        if places[id(line.words[0])] is first and counter(line.words[0].text) is not None and len(line.words) > 2
    ]
    if starts:
        starts = sorted([*starts, *unnumbered_starts(lines, starts, first.box.x1)])
    if len(starts) < 2:
        whole: dict[int, RawCell] = {}
        for cell in cells:
            read = _raw_cell(cell.words, page, cell)
            whole[cell.column] = _beside(whole[cell.column], read) if cell.column in whole else read
        return [RawRow(page.number, page.source == "ocr", whole)]
    rows: list[RawRow] = []
    for begin, end in row_bounds(lines, starts):
        held: dict[int, list[Word]] = {}
        for line in lines[begin:end]:
            for word in line.words:
                held.setdefault(places[id(word)].column, []).append(word)
        parts = {column: _raw_cell(words, page) for column, words in held.items()}
        rows.append(RawRow(page.number, page.source == "ocr", parts))
    return rows


def _beside(left: RawCell, right: RawCell) -> RawCell:
    """Two pieces of one cell; an empty one is a sliver between two ruling lines, however wide."""
    if not (left.words and right.words):
        return left if left.words else right
    box = left.box.union(right.box) if left.box and right.box else left.box or right.box
    return RawCell(f"{left.text} {right.text}".strip(), [*left.words, *right.words], box, left.spans)


def _raw_cell(words: Sequence[Word], page: Page, cell: Cell | None = None) -> RawCell:
    lines = words_to_lines(words, page, clean=False)
    read = RawCell.of([word for line in lines for word in line.words])
    return replace(read, box=cell.box, spans=True) if cell else read


# Two pages of one list may be scanned this much apart, and one a little larger.
_SHIFT, _GROWTH = 0.06, 0.06
_EDGE = 0.03  # edges of the same column
_LOST_EDGE = 0.012  # edges that must agree where ruling lines were lost: nearer, for there are fewer to agree
_EDGES_KEPT = 0.6


def fit_columns(raw: RawTable, known: Sequence[tuple[float, float]], *, headed: bool) -> bool:
    """Does the table stand in the columns of the page before? Where lines between columns were lost on this page (and
    it has no heading of its own to name what is left) its words are put back into those columns."""
    here, there = raw.columns, known
    if raw.follows and len(here) == len(there):
        return True
    if abs(here[0][0] - there[0][0]) > _SHIFT or here[-1][1] <= here[0][0]:
        return False
    growth = (here[-1][1] - here[0][0]) / (there[-1][1] - there[0][0])
    if not 1 - _GROWTH < growth < 1 + _GROWTH:
        return False
    laid = [(here[0][0] + (x0 - there[0][0]) * growth, here[0][0] + (x1 - there[0][0]) * growth) for x0, x1 in there]
    if len(here) == len(laid):
        return all(
            abs(one[0] - other[0]) < _EDGE and abs(one[1] - other[1]) < _EDGE
            for one, other in zip(here, laid, strict=True)
        )
    if headed or len(here) > len(laid):
        return False
    kept = sum(min(abs(x0 - edge) for edge, _ in laid) < _LOST_EDGE for x0, _ in here)
    if kept < len(here) or len(here) < _EDGES_KEPT * len(laid):
        return False
    raw.columns = laid
    raw.rows = [_laid_out(row, laid) for row in raw.rows]
    return True


def _laid_out(row: RawRow, columns: Sequence[tuple[float, float]]) -> RawRow:
    held: dict[int, list[Word]] = {}
    for _, cell in sorted(row.cells.items()):
        for word in cell.words:
            middle = (word.box.x0 + word.box.x1) / 2
            place = min(range(len(columns)), key=lambda at: max(columns[at][0] - middle, middle - columns[at][1], 0.0))
            held.setdefault(place, []).append(word)
    return RawRow(row.page, row.ocr, {place: RawCell.of(words) for place, words in held.items()}, row.number_at)
