"""Ruled tables on a grey page: lines by run lengths, cells as the white areas the lines enclose.

Cells as connected white areas need no straight page: merged cells and the bulge of a photographed sheet come free.
Works at a half and a quarter of the page's pixels, with numpy alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from adapters.masks import areas, pooled, reach, runs, thicker, window_sums

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[Any]]

# At half size (150 dpi): letters have no straight stroke as long as these, the lines of tables have.
_SHORTEST_ACROSS = 60
_SHORTEST_DOWN = 32
_DARK = 150
_FAINT = 45  # darker than the paper by so much: thin grey lines, as word processors draw the borders of tables
# Broken lines: no thicker than this, gaps closed to both sides, and what is then long enough.
_THIN = 6
_BRIDGE_ACROSS, _LONGER_ACROSS = 8, 90
_BRIDGE_DOWN, _LONGER_DOWN = 5, 160
_FEWEST_GUESSED_CELLS = 8
_FEWEST_LINES = 8  # of a broken table that is not made out; a frame and what is underlined within it have fewer
# At quarter size (75 dpi).
_SMALLEST_TABLE = (90, 24)
_SMALLEST_CELL = (7, 6)
_MOST_CELLS = 1_500
_OUTSIDE = 10  # from the frame to the outermost line; no row of text and no column is as narrow
# Leaders, at half size, under text of 9 to 14 points.
_LEADER_DARK = 170
_LEADER_ABOVE, _LEADER_BELOW = 18, 5  # white above and below
_LEADER_THICK = 4
_LEADER_SPAN = 70
_LEADER_SHARE = 0.42
_LETTERS_SHARE = 0.12
_LETTER_REACH = 4


@dataclass(frozen=True)
class RuledCell:
    """One cell: row and column from 0, its white inside in pixels of the page."""

    row: int
    column: int
    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True)
class RuledTable:
    """A table in pixels of the page, its lines included."""

    x0: int
    y0: int
    x1: int
    y1: int
    rows: int
    columns: int
    cells: tuple[RuledCell, ...]

    @property
    def slope(self) -> float:
        """How far its rows fall or rise per pixel to the right, by the cells furthest apart in each; 0.0 if level."""
        rows: dict[int, list[RuledCell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, []).append(cell)
        ends = [(row[0], row[-1]) for row in rows.values() if row[-1].x0 - row[0].x0 > (self.x1 - self.x0) / 3]
        return median((last.y0 - first.y0) / (last.x0 - first.x0) for first, last in ends) if ends else 0.0


@dataclass(frozen=True)
class Ruled:
    """A page at half its size, the tables ruled on it (in pixels of the page) and the mask of their lines."""

    half: Pixels
    tables: list[RuledTable]
    lines: Pixels | None


def ruled(grey: Pixels) -> Ruled:
    """What is ruled on a grey page of about 300 dpi."""
    half = at_half_size(grey)
    return Ruled(half, *find_tables(half))


def at_half_size(grey: Pixels) -> Pixels:
    """The page at half its size, the darkest of four pixels standing for them: what the finders here look at."""
    import numpy as np

    height, width = (side // 2 * 2 for side in grey.shape)
    darker = np.minimum(grey[:height:2, :width], grey[1:height:2, :width])
    darkest: Pixels = np.minimum(darker[:, ::2], darker[:, 1::2])
    return darkest


def find_tables(half: Pixels) -> tuple[list[RuledTable], Pixels | None]:
    """The ruled tables of a page (about 300 dpi, given at half size), from the top; and the mask of their lines.

    ([], None) when the page has no upright ruling lines.
    """
    import numpy as np

    ink = half < _DARK
    across, down = _strokes(ink)
    tables, lines = _tables_of(across, down)
    pale, faint = _large_tables_of(*_strokes(half < np.median(half[::8, ::8]) - _FAINT))
    if tables:
        pale = [table for table in pale if len(table.cells) > sum(len(part.cells) for part in _within(table, tables))]
        parts = [part for table in pale for part in _within(table, tables)]
        whole = [table for table in tables if table not in parts] + pale
        return sorted(whole, key=lambda table: (table.y0, table.x0)), (lines | faint if pale else lines)
    if down.any():
        # A fax breaks thin lines into dashes; they are bridged where nothing but a line can be meant.
        dashes = ink & ~reach(runs(ink, _THIN, 0), _THIN, 1)  # what has something upright near it is a letter
        strokes = ink & ~runs(ink, _THIN, 1)
        bridged = across | runs(reach(thicker(dashes, 0), _BRIDGE_ACROSS, 1), _LONGER_ACROSS, 1)
        down |= runs(reach(thicker(strokes, 1), _BRIDGE_DOWN, 0), _LONGER_DOWN, 0)
        tables, broken = _large_tables_of(bridged, down)
        # In a frame, bridges are also feet of letters on their way to a dot leader.
        if tables or _heights(across) >= _FEWEST_LINES:
            return tables, broken
    if pale:
        return pale, faint
    return [], (lines if lines.any() else None)


def _within(table: RuledTable, others: list[RuledTable]) -> list[RuledTable]:
    """Those whose middle lies within the table."""
    return [
        one
        for one in others
        if table.x0 <= (one.x0 + one.x1) / 2 < table.x1 and table.y0 <= (one.y0 + one.y1) / 2 < table.y1
    ]


def _strokes(ink: Pixels) -> tuple[Pixels, Pixels]:
    """Runs of ink longer than letters have, across and down; neither where too few go down for a table."""
    import numpy as np

    down = runs(thicker(ink, 1), _SHORTEST_DOWN, 0)
    if np.count_nonzero(down) < 4 * _SHORTEST_DOWN:
        return np.zeros_like(ink), np.zeros_like(ink)
    return runs(thicker(ink, 0), _SHORTEST_ACROSS, 1), down


def _heights(across: Pixels) -> int:
    """At how many heights of the page something runs across."""
    import numpy as np

    inked = np.any(across, axis=1)
    return int(np.count_nonzero(inked[1:] & ~inked[:-1]))


def _large_tables_of(across: Pixels, down: Pixels) -> tuple[list[RuledTable], Pixels]:
    """The tables of guessed lines that hardly come about by chance, and the mask of the lines."""
    tables, lines = _tables_of(across, down)
    return [table for table in tables if len(table.cells) >= _FEWEST_GUESSED_CELLS and not _nested(table)], lines


def _tables_of(across: Pixels, down: Pixels) -> tuple[list[RuledTable], Pixels]:
    """The tables that lines make, and the lines of all nets of lines large enough to be a table, if closed or not."""
    import numpy as np

    if not down.any():
        return [], down
    lines = reach(across, 5, 1) | reach(down, 5, 0)
    lines = thicker(thicker(lines, 0), 1)
    quarter = pooled(lines)
    tables, nets = [], np.zeros_like(lines)
    for x0, y0, x1, y1 in areas(quarter):
        if x1 - x0 < _SMALLEST_TABLE[0] or y1 - y0 < _SMALLEST_TABLE[1]:
            continue
        nets[2 * y0 : 2 * y1, 2 * x0 : 2 * x1] = True
        table = _table(quarter[y0:y1, x0:x1].copy(), x0, y0)
        if table is not None:
            tables.append(table)
    tables.sort(key=lambda table: (table.y0, table.x0))
    return tables, lines & nets


def tables_of_lines(quarter: Pixels) -> list[RuledTable]:
    """The tables of a page whose lines are known, given as a mask at a quarter of its pixels, from the top."""
    boxes = [
        box for box in areas(quarter) if box[2] - box[0] >= _SMALLEST_TABLE[0] and box[3] - box[1] >= _SMALLEST_TABLE[1]
    ]
    found = [_table(quarter[y0:y1, x0:x1].copy(), x0, y0) for x0, y0, x1, y1 in boxes]
    return sorted((table for table in found if table is not None), key=lambda table: (table.y0, table.x0))


def _nested(table: RuledTable) -> bool:
    """Does a cell reach around another? Then a line between them was missed, and words would be read twice."""
    return any(
        one is not other
        and one.x0 <= (other.x0 + other.x1) / 2 < one.x1
        and one.y0 <= (other.y0 + other.y1) / 2 < one.y1
        for one in table.cells
        for other in table.cells
    )


def _table(lines: Pixels, left: int, top: int) -> RuledTable | None:
    """The table inside one connected net of lines, or None when the net encloses no cells worth the name."""
    height, width = lines.shape
    lines = _framed(lines)
    inside = [
        box for box in areas(~lines) if box[2] - box[0] >= _SMALLEST_CELL[0] and box[3] - box[1] >= _SMALLEST_CELL[1]
    ]
    if not 4 <= len(inside) <= _MOST_CELLS:
        return None
    filled = sum((box[2] - box[0]) * (box[3] - box[1]) for box in inside)
    largest = max((box[2] - box[0]) * (box[3] - box[1]) for box in inside)
    if filled < 0.6 * width * height or filled > 1.2 * width * height or largest > 0.8 * width * height:
        return None
    rows, columns = _groups([box[1] for box in inside]), _groups([box[0] for box in inside])
    if max(rows) < 1 or max(columns) < 1:
        return None
    cells = sorted(
        (
            RuledCell(row, column, *(4 * side for side in (left + box[0], top + box[1], left + box[2], top + box[3])))
            for row, column, box in zip(rows, columns, inside, strict=True)
        ),
        key=lambda cell: (cell.row, cell.column),
    )
    return RuledTable(
        4 * left, 4 * top, 4 * (left + width), 4 * (top + height), max(rows) + 1, max(columns) + 1, tuple(cells)
    )


def _framed(lines: Pixels) -> Pixels:
    """The net in a frame, for tables that are open at their sides; where it leans, what lies between its outermost
    lines and the frame is not of the table, and text may stand there."""
    import numpy as np

    framed = lines.copy()
    for turn in range(4):
        side = np.rot90(framed, turn)  # each side of the net comes to lie at the top
        first = np.argmax(np.rot90(lines, turn), axis=0)
        outside = np.where(first < _OUTSIDE, first, 0)
        side[np.arange(side.shape[0])[:, None] < outside[None, :]] = True
        side[0] = True
    return framed


def _groups(starts: list[int]) -> list[int]:
    """Number the starts of cells from 0, those within a few pixels of each other alike."""
    numbers, number, last = {}, 0, min(starts)
    for start in sorted(set(starts)):
        number += start - last > 5
        numbers[start] = number
        last = start
    return [numbers[start] for start in starts]


def find_leaders(half: Pixels) -> Pixels | None:
    """The mask of dot leaders, rows of dashes and underlines on a page at half size: thin ink with nothing above or
    below it, going on for more than a centimetre. Tesseract reads them as "000" and "ĐÓ". None when there are none.
    """
    import numpy as np

    ink = half < _LEADER_DARK
    around = window_sums(ink, _LEADER_ABOVE, _LEADER_BELOW, 0)
    thin = ink & (around <= _LEADER_THICK)
    # Letters stand above the line of a leader, or (where it would be their own top) hang below it.
    tall = (around > _LEADER_THICK + 2) | (window_sums(ink, _LEADER_BELOW, 9, 0) > _LEADER_THICK + 2)
    in_span = _LEADER_SPAN // 2
    wide, least = thicker(thin, 0), _LEADER_SPAN * _LEADER_SHARE
    rows = np.flatnonzero(np.count_nonzero(wide, axis=1) >= least)  # few
    dense = np.zeros_like(ink)
    dense[rows] = window_sums(wide[rows], in_span, in_span, 1) >= least
    dense[rows] &= window_sums(tall[rows], in_span, in_span, 1) <= _LEADER_SPAN * _LETTERS_SHARE
    if not dense.any():
        return None
    leaders = thin & thicker(reach(dense, in_span, 1), 0)
    leaders &= window_sums(tall, _LETTER_REACH, _LETTER_REACH, 1) == 0
    return thicker(thicker(leaders, 0), 1)
