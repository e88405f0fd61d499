"""Ruled tables on a grey page: lines by run lengths, cells as the white areas the lines enclose.

Cells as connected white areas need no straight page: merged cells and the bulge of a photographed sheet come free.
Works at a half and a quarter of the page's pixels, with numpy alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

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
        bridged = across | runs(reach(_thicker(dashes, 0), _BRIDGE_ACROSS, 1), _LONGER_ACROSS, 1)
        down |= runs(reach(_thicker(strokes, 1), _BRIDGE_DOWN, 0), _LONGER_DOWN, 0)
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

    down = runs(_thicker(ink, 1), _SHORTEST_DOWN, 0)
    if np.count_nonzero(down) < 4 * _SHORTEST_DOWN:
        return np.zeros_like(ink), np.zeros_like(ink)
    return runs(_thicker(ink, 0), _SHORTEST_ACROSS, 1), down


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
    lines = _thicker(_thicker(lines, 0), 1)
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


def _thicker(mask: Pixels, axis: int) -> Pixels:
    """Each pixel spreads by one to both sides along `axis`: a leaning line becomes one long run."""
    wide = mask.copy()
    if axis == 0:
        wide[1:] |= mask[:-1]
        wide[:-1] |= mask[1:]
    else:
        wide[:, 1:] |= mask[:, :-1]
        wide[:, :-1] |= mask[:, 1:]
    return wide


def runs(mask: Pixels, shortest: int, axis: int) -> Pixels:
    """Keep only runs of at least `shortest` set pixels along `axis`."""
    import numpy as np

    length = mask.shape[axis]
    if length <= shortest:
        return np.zeros_like(mask)
    full, reach = mask, 1  # a pixel of `full` begins a run of `reach` pixels; doubled until long enough
    while reach < shortest:
        step = min(reach, shortest - reach)
        full = _part(full, 0, -step, axis) & _part(full, step, None, axis)
        reach += step
    kept = np.zeros_like(mask)
    _part(kept, 0, full.shape[axis], axis)[...] = full
    reach = 1
    while reach < shortest:  # and every run is filled again from its beginnings
        step = min(reach, shortest - reach)
        wider = kept.copy()
        _part(wider, step, None, axis)[...] |= _part(kept, 0, -step, axis)
        kept = wider
        reach += step
    return kept


def _part(mask: Pixels, begin: int, end: int | None, axis: int) -> Pixels:
    return mask[:, begin:end] if axis == 1 else mask[begin:end]


def reach(mask: Pixels, by: int, axis: int) -> Pixels:
    """Spread by `by` pixels along `axis`, both ways: corners that do not quite meet, and short breaks, close."""
    wide, done = mask.copy(), 0
    while done < by:
        step = min(done + 1, by - done)  # what has spread by `done` to each side leaves no gap within these
        before = wide.copy()
        _part(wide, step, None, axis)[...] |= _part(before, 0, -step, axis)
        _part(wide, 0, -step, axis)[...] |= _part(before, step, None, axis)
        done += step
    return wide


def pooled(mask: Pixels) -> Pixels:
    """A mask at half its size: set where any of four is."""
    height, width = (side // 2 * 2 for side in mask.shape)
    part = mask[:height, :width]
    pooled: Pixels = part[::2, ::2] | part[1::2, ::2] | part[::2, 1::2] | part[1::2, 1::2]
    return pooled


def areas(mask: Pixels) -> list[tuple[int, int, int, int]]:
    """Bounding boxes (x0, y0, x1, y1) of the connected areas of a mask, in the order of their first rows."""
    import numpy as np

    if mask.shape[0] == 0:
        return []
    # A row like the one above it joins nothing and parts nothing: one stands for all of them.
    fresh = np.flatnonzero(np.concatenate(([True], (mask[1:] != mask[:-1]).any(axis=1))))
    below = np.append(fresh[1:], mask.shape[0])
    padded = np.zeros((fresh.size, mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask[fresh]
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    if rows.size == 0:
        return []
    # Runs of a row touch those of the row above between these two places in the list of all runs.
    wide = mask.shape[1] + 2
    above = (rows - 1) * wide
    first = np.searchsorted(rows * wide + ends, above + starts, side="right")
    count = np.maximum(np.searchsorted(rows * wide + starts, above + ends, side="left") - first, 0)
    lower = np.repeat(np.arange(rows.size), count)
    upper = np.arange(lower.size) + np.repeat(first - (np.cumsum(count) - count), count)
    parent = _joined(rows.size, upper, lower)
    roots, number = np.unique(parent, return_inverse=True)
    x0, y0 = np.full(roots.size, wide), np.full(roots.size, mask.shape[0])
    x1, y1 = np.zeros(roots.size, dtype=np.int64), np.zeros(roots.size, dtype=np.int64)
    np.minimum.at(x0, number, starts)
    np.minimum.at(y0, number, fresh[rows])
    np.maximum.at(x1, number, ends)
    np.maximum.at(y1, number, below[rows])
    return list(zip(x0.tolist(), y0.tolist(), x1.tolist(), y1.tolist(), strict=True))


def _joined(count: int, one: Pixels, other: Pixels) -> Pixels:
    """For `count` things of which one[i] and other[i] belong together: the smallest number in the company of each."""
    import numpy as np

    parent = np.arange(count)
    while one.size:
        roots, others = parent[one], parent[other]
        apart = roots != others
        one, other, roots, others = one[apart], other[apart], roots[apart], others[apart]
        np.minimum.at(parent, np.maximum(roots, others), np.minimum(roots, others))
        while not np.array_equal(parent, grand := parent[parent]):
            parent = grand
    return parent


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
    around = _window_sums(ink, _LEADER_ABOVE, _LEADER_BELOW, 0)
    thin = ink & (around <= _LEADER_THICK)
    # Letters stand above the line of a leader, or (where it would be their own top) hang below it.
    tall = (around > _LEADER_THICK + 2) | (_window_sums(ink, _LEADER_BELOW, 9, 0) > _LEADER_THICK + 2)
    in_span = _LEADER_SPAN // 2
    wide, least = _thicker(thin, 0), _LEADER_SPAN * _LEADER_SHARE
    rows = np.flatnonzero(np.count_nonzero(wide, axis=1) >= least)  # few
    dense = np.zeros_like(ink)
    dense[rows] = _window_sums(wide[rows], in_span, in_span, 1) >= least
    dense[rows] &= _window_sums(tall[rows], in_span, in_span, 1) <= _LEADER_SPAN * _LETTERS_SHARE
    if not dense.any():
        return None
    leaders = thin & _thicker(reach(dense, in_span, 1), 0)
    leaders &= _window_sums(tall, _LETTER_REACH, _LETTER_REACH, 1) == 0
    return _thicker(_thicker(leaders, 0), 1)


# At half size (150 dpi), for text of 9 to 14 points.
_LEADER_DARK = 170
_LEADER_ABOVE, _LEADER_BELOW = 18, 5  # white above and below
_LEADER_THICK = 4
_LEADER_SPAN = 70
_LEADER_SHARE = 0.42
_LETTERS_SHARE = 0.12
_LETTER_REACH = 4


def _window_sums(mask: Pixels, before: int, after: int, axis: int) -> Pixels:
    """For each pixel, how many are set from `before` pixels before it to `after` pixels after it along `axis`."""
    import numpy as np

    pad = ((0, 0), (before, after)) if axis == 1 else ((before, after), (0, 0))
    # Bytes may run over: differences of less than 256 come out right all the same.
    counts = np.cumsum(np.pad(mask, pad), axis=axis, dtype=np.uint8)
    zero = np.zeros_like(counts[:, :1] if axis == 1 else counts[:1])
    counts = np.concatenate((zero, counts), axis=axis)
    wide = before + after + 1
    return counts[:, wide:] - counts[:, :-wide] if axis == 1 else counts[wide:] - counts[:-wide]
