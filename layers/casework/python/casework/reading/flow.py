"""The text of a document in reading order, from every position of which a way leads back to its words and boxes.

Between words stands a space, at a wide gap a tab, at the end of a line a newline, at the end of a cell a form feed.
"""

from __future__ import annotations

import bisect
import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from casework.document import Box, Cell, Grid, Page, Word
from casework.reading.layout import NEAR_EDGE, in_reading_order, label_rows
from casework.reading.lines import CELL_END, GAP, LINE_END, Line, words_to_lines
from casework.vietnam.letters import fold, nfc


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text with its evidence."""

    text: str
    start: int
    end: int
    page: int | None
    box: Box | None
    confidence: float
    weakest: float
    ocr: bool


# The y of some faces is read as u or v. Words of one length, so that positions stay.
_MISREAD = (
    (re.compile(r"(?<![a-z])nga[uvqg](?=[\s.:…]{1,3}\d)"), "ngay"),
    (re.compile(r"(?<![a-z])k[uv](?=\s(?:ngay|ket|ten)\b)"), "ky"),
)


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word with its page and where it begins in the text."""

    text: str
    box: Box
    page: int
    start: int


@dataclass(slots=True)
class Flow:
    """The text of a document in reading order. `folded` has the same positions without marks and capitals."""

    lines: list[Line]
    text: str = ""
    folded: str = ""
    ocr_pages: frozenset[int] = frozenset()
    _starts: list[int] = field(default_factory=list)
    _words: list[tuple[Word, int]] = field(default_factory=list)
    _line_starts: list[int] = field(default_factory=list)
    _pages: dict[int, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts: list[str] = []
        position = 0
        for line in self.lines:
            self._line_starts.append(position)
            for index, word in enumerate(line.words):
                if index:
                    parts.append(GAP if index in line.gaps else " ")
                    position += 1
                text = nfc(word.text).replace("\n", " ")
                self._starts.append(position)
                self._words.append((word, line.page))
                parts.append(text)
                position += len(text)
            parts.append(line.ends)
            position += 1
        self.text = "".join(parts)
        self.folded = fold(self.text)
        if self.ocr_pages:
            for misread, meant in _MISREAD:
                self.folded = misread.sub(meant, self.folded)

    def line_at(self, position: int) -> Line:
        """The line in which a position of the text stands."""
        return self.lines[bisect.bisect_right(self._line_starts, position) - 1]

    def line_index(self, position: int) -> int:
        """The index of the line in which a position stands."""
        return bisect.bisect_right(self._line_starts, position) - 1

    def line_start(self, index: int) -> int:
        """Where a line begins in the text."""
        return self._line_starts[index]

    def placed_words(self) -> Iterator[PlacedWord]:
        """Every word of the text, in its order."""
        for (word, page), start in zip(self._words, self._starts, strict=True):
            yield PlacedWord(word.text, word.box, page, start)

    def page_confidence(self, page: int | None) -> float:
        """How sure the reader was of the words of a page, in the mean; 0.0 for a page without words."""
        if not self._pages:
            for word, number in self._words:
                self._pages.setdefault(number, []).append(word.confidence)
        scores = self._pages.get(page, []) if page is not None else []
        return statistics.fmean(scores) if scores else 0.0

    def piece(self, start: int, end: int) -> Piece:
        """A part of the text with the words it covers: their page (that of the first), box, confidence."""
        first = max(bisect.bisect_right(self._starts, start) - 1, 0)
        last = bisect.bisect_left(self._starts, end)
        covered = [
            (word, page)
            for offset, (word, page) in enumerate(self._words[first:last], start=first)
            if self._starts[offset] + len(word.text) > start
        ]
        if not covered:
            return Piece(self.text[start:end], start, end, None, None, 0.0, 0.0, False)
        page = covered[0][1]
        box = covered[0][0].box
        for word, on in covered[1:]:
            if on == page:
                box = box.union(word.box)
        scores = [word.confidence for word, _ in covered]
        return Piece(
            self.text[start:end], start, end, page, box, statistics.fmean(scores), min(scores), page in self.ocr_pages
        )


def read_lines(
    pages: Sequence[Page],
    *,
    is_label: Callable[[str], bool] = lambda text: False,
    without: Sequence[tuple[int, Box]] = (),
) -> Flow:
    """The text of the readable pages. Tables are read cell by cell; `without` are areas (page number, box) left out."""
    lines: list[Line] = []
    for page in pages:
        if page.readable:
            left_out = [box for number, box in without if number == page.number]
            lines += _page_lines(page, left_out, is_label)
    return Flow(lines, ocr_pages=frozenset(page.number for page in pages if page.source == "ocr"))


def _page_lines(page: Page, left_out: Sequence[Box], is_label: Callable[[str], bool]) -> list[Line]:
    grids = [
        grid
        for grid in page.grids
        if grid.rows * grid.columns >= 2 and not any(_within(grid.box, box) for box in left_out)
    ]
    areas = [grid.box for grid in grids] + list(left_out)
    loose = [word for word in page.words if not any(_centre_in(word.box, area) for area in areas)]
    lines = [line for line in words_to_lines(loose, page) if not _is_page_number(line)]
    parts: list[tuple[float, list[Line]]] = []
    blocks: list[list[Line]] = [[]]
    tops = sorted(grid.box.y0 for grid in grids)
    for line in lines:
        while tops and line.box.y0 > tops[0]:
            tops.pop(0)
            blocks.append([])
        blocks[-1].append(line)
    prose = [line.box.x1 for line in lines if line.box.width > 0.5]
    edge = statistics.quantiles(prose, n=10)[8] if len(prose) > 2 else max(prose, default=0.9)
    for block in blocks:
        if block:
            ordered = [_edge(line, edge) for line in in_reading_order(block, is_label)]
            parts.append((block[0].box.y0, ordered))
    parts += [(grid.box.y0, _grid_lines(grid, page, is_label)) for grid in grids]
    parts.sort(key=lambda part: part[0])
    return [line for _, part in parts for line in part]


_PAGE_NUMBER = re.compile(r"^[-–\s]*(?:trang|page)?\s*\d{1,3}(?:\s*[/|]\s*\d{1,3})?[-–\s]*$")


def _is_page_number(line: Line) -> bool:
    return (line.box.y0 > 0.9 or line.box.y1 < 0.06) and _PAGE_NUMBER.match(fold(line.text)) is not None


def _edge(line: Line, edge: float) -> Line:
    if line.full:
        return line
    return Line(line.page, line.words, line.box, line.gaps, edge - line.box.x1 <= NEAR_EDGE * 0.8, line.ends)


def _grid_lines(grid: Grid, page: Page, is_label: Callable[[str], bool]) -> list[Line]:
    lines: list[Line] = []
    form = _torn_form(grid, page, is_label)
    if form is not None:
        return form
    rows = [
        sorted((cell for cell in grid.cells if cell.row == number and cell.words), key=lambda cell: cell.column)
        for number in range(grid.rows)
    ]
    for row in _values_behind_labels(rows, page, is_label):
        inside = [words_to_lines(cell.words, page) for cell in row]
        if (
            len(row) == 2
            and len(inside[0]) > 1
            and sum(is_label(line.text) for line in inside[0]) * 2 >= len(inside[0])
        ):
            # A ruling line was not seen: several labels in one cell, their values in the next.
            lines += label_rows(*inside)
            continue
        for cell, texts in zip(row, inside, strict=True):
            for index, line in enumerate(texts):
                near = cell.box.x1 - line.box.x1 <= 0.3 * cell.box.width
                ends = CELL_END if index == len(texts) - 1 else LINE_END
                lines.append(Line(line.page, line.words, line.box, line.gaps, near, ends))
    return lines


def _values_behind_labels(rows: list[list[Cell]], page: Page, is_label: Callable[[str], bool]) -> list[list[Cell]]:
    """The rows, but where a row of labels stands over the row of their values each value follows its own label."""
    named = [_are_labels(row, page, is_label) for row in rows]
    ordered: list[list[Cell]] = []
    for number, row in enumerate(rows):
        over = number > 0 and named[number - 1] and not named[number]
        if over and not (number > 1 and named[number - 2]) and _in_columns(rows[number - 1], row):
            ordered[-1] = [cell for pair in zip(ordered[-1], row, strict=True) for cell in pair]
        else:
            ordered.append(row)
    return ordered


def _are_labels(row: list[Cell], page: Page, is_label: Callable[[str], bool]) -> bool:
    """Two cells and more, two thirds of them known labels: forms ask for things that no field is read from."""
    known = sum(is_label(" ".join(line.text for line in words_to_lines(cell.words, page))) for cell in row)
    return known > 1 and 3 * known >= 2 * len(row)


def _in_columns(first: list[Cell], second: list[Cell]) -> bool:
    return [cell.column for cell in first] == [cell.column for cell in second]


# In a form of labels and values at least this share of the left column's lines are known labels.
_LABELS = 0.4


def _torn_form(grid: Grid, page: Page, is_label: Callable[[str], bool]) -> list[Line] | None:
    """The lines of a form of two columns some of whose ruling lines were not seen: its words are parted where the
    cells that were seen part them, and every label gets the value that stands beside it. None for any other grid."""
    rows = [
        sorted((cell for cell in grid.cells if cell.row == number and cell.words), key=lambda cell: cell.column)
        for number in range(grid.rows)
    ]
    whole = [row for row in rows if len(row) == 2]
    if grid.columns != 2 or len(whole) < 2:
        return None
    border = statistics.median(row[1].box.x0 for row in whole)
    torn = [row for row in rows if len(row) == 1 and len(words_to_lines(row[0].words, page)) > 1]
    if not torn:
        return None
    words = [word for row in rows for cell in row for word in cell.words]
    left = words_to_lines([word for word in words if (word.box.x0 + word.box.x1) / 2 < border], page)
    right = words_to_lines([word for word in words if (word.box.x0 + word.box.x1) / 2 >= border], page)
    # A sentence right across the border is no label with its value.
    across = any(word.box.x0 < border - 0.01 and word.box.x1 > border + 0.01 for word in words)
    if across or not right or sum(is_label(line.text) for line in left) < _LABELS * len(left):
        return None
    return label_rows(left, right)


def _within(inner: Box, outer: Box) -> bool:
    return _centre_in(inner, outer)


def _centre_in(box: Box, area: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return area.x0 <= x <= area.x1 and area.y0 <= y <= area.y1
