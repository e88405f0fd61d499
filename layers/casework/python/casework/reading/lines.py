"""Words with boxes become lines, columns and cells, and these one text in reading order.

Knows geometry, and the few words whose place is always the same (the motto, page numbers). The text keeps where it came from: every position leads back to a word, its page and its box.
Between words stands a space, at a wide gap a tab, at the end of a line a newline, at the end of a cell a form feed.
"""

from __future__ import annotations

import bisect
import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from casework.document import Box, Grid, Page, Word
from casework.vietnam.letters import fold, nfc

GAP, LINE_END, CELL_END = "\t", "\n", "\f"

# A gap this many line heights wide parts two things (justified prose stays below; measured on born-digital pages).
_WIDE_GAP = 1.4
# A line that ends this near to the right edge of its column (share of the column's width) may go on below.
_NEAR_EDGE = 0.12


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side; `gaps` are the indices of words before which a wide gap stands."""

    page: int
    words: tuple[Word, ...]
    box: Box
    gaps: frozenset[int] = frozenset()
    full: bool = False
    ends: str = LINE_END

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def words_to_lines(words: Iterable[Word], page: Page, *, clean: bool = True) -> list[Line]:
    """Group words into lines from top to bottom, following a slight slope; units are told by the page's shape.

    clean: leave out the specks and ruling lines that OCR reads as signs (not within cells: there a lone "|" is a 1).
    """
    aspect = page.width_px / page.height_px if page.width_px and page.height_px else 0.7071
    kept = [word for word in words if word.text.strip()]
    if not kept:
        return []
    if clean and page.source == "ocr":
        kept = [word for word in kept if not _is_dirt(word)] or kept
    usual = statistics.median(word.box.height for word in kept)
    rows: list[list[Word]] = []
    # Open rows by the vertical centre of their last word; a row is looked for only near the word's own height.
    for word in sorted(kept, key=lambda each: each.box.x0):
        row = _row_of(word, rows, usual)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    rows.sort(key=lambda row: statistics.fmean((word.box.y0 + word.box.y1) / 2 for word in row))
    return [_line(row, page.number, aspect) for row in rows]


_DIRT = re.compile(r"[|¡!.,'`’‘~_—–=:;\[\]{}()\"“”°^*·•<>/\\-]{1,3}")
_THIN = frozenset("lịiïíìI1")


def _is_dirt(word: Word) -> bool:
    """Specks, and the ruling lines that Tesseract reads as thin letters: hardly any width for their height."""
    if _DIRT.fullmatch(word.text):
        return word.text not in ("-", ":", "–") or word.confidence < 0.4
    return word.text in _THIN and word.confidence < 0.6


def _row_of(word: Word, rows: list[list[Word]], usual: float) -> list[Word] | None:
    best, best_overlap = None, 0.4
    for row in rows:
        last = row[-1].box
        if last.y1 < word.box.y0 or last.y0 > word.box.y1:
            continue
        if max(last.height, word.box.height) > 3 * usual:
            continue
        overlap = (min(last.y1, word.box.y1) - max(last.y0, word.box.y0)) / max(
            min(last.height, word.box.height), 0.35 * usual
        )
        if word.box.height < 0.5 * usual and last.y0 < (word.box.y0 + word.box.y1) / 2 < last.y1:
            overlap = 1.0  # a hyphen, a colon: it stands in the row whose height it shares
        # Two words one above the other belong to two lines however their boxes touch.
        if overlap < 0.75 and min(last.x1, word.box.x1) - max(last.x0, word.box.x0) > 0.5 * min(
            last.width, word.box.width
        ):
            continue
        if overlap > best_overlap:
            best, best_overlap = row, overlap
    return best


def _line(row: list[Word], page_number: int, aspect: float) -> Line:
    height = statistics.median(word.box.height for word in row)
    gaps = frozenset(
        index
        for index in range(1, len(row))
        if (row[index].box.x0 - row[index - 1].box.x1) * aspect > _WIDE_GAP * height
    ) | _around_motto(row)
    box = row[0].box
    for word in row[1:]:
        box = box.union(word.box)
    return Line(page_number, tuple(row), box, gaps)


_MOTTO = re.compile(
    r"c[o0]ng h[o0]a x[aã] h[o0][il] chu ngh[il]a v[il]et nam|d[o0]c lap\s*[-–.]?\s*tu d[o0]\s*[-–.]?\s*hanh phuc"
)


def _around_motto(row: Sequence[Word]) -> frozenset[int]:
    """The motto stands in its own column, however close the letterhead comes to it."""
    if len(row) < 4 or not any(fold(word.text) in ("hoa", "lap") for word in row):
        return frozenset()
    starts, text = [], ""
    for word in row:
        starts.append(len(text))
        text += fold(nfc(word.text)) + " "
    match = _MOTTO.search(text)
    if match is None:
        return frozenset()
    first, after = bisect.bisect_right(starts, match.start()) - 1, bisect.bisect_left(starts, match.end())
    return frozenset(index for index in (first, after) if 0 < index < len(row))


def _sub(line: Line, words: tuple[Word, ...]) -> Line:
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    first = line.words.index(words[0])
    gaps = frozenset(gap - first for gap in line.gaps if first < gap < first + len(words))
    return Line(line.page, words, box, gaps)


def in_reading_order(lines: list[Line], is_label: Callable[[str], bool]) -> list[Line]:
    """Lines as a person reads them: where two columns stand side by side, the left one first, to its end.

    is_label tells the words of a label: labels with their values beside them are read row by row.
    """
    ordered: list[Line] = []
    index = 0
    while index < len(lines):
        run, gutter = _run_with_gutter(lines, index)
        if run >= 2:
            left, right = _split(lines[index : index + run], gutter)
            if _labels_beside_values(left, right, is_label):
                ordered += _label_rows(left, right)
            else:
                ordered += _with_edges(left) + _with_edges(right)
            index += run
            continue
        start = index
        index += max(run, 1)
        # What lies between two runs of columns is one column; its edge is that of the page's long lines.
        ordered += lines[start:index]
    return ordered


def _gap_intervals(line: Line) -> list[tuple[float, float]]:
    return [(line.words[index - 1].box.x1, line.words[index].box.x0) for index in sorted(line.gaps)]


def _run_with_gutter(lines: list[Line], start: int) -> tuple[int, float]:
    """How many lines from `start` share one white gutter, and where it is. 0 when the first has no gap."""
    best_run, best_middle = 0, 0.0
    for low, high in _gap_intervals(lines[start]):
        if high - low < 0.025:
            continue
        both, run = 1, 1
        for line in lines[start + 1 :]:
            crossing = [word for word in line.words if word.box.x0 < high - 0.004 and word.box.x1 > low + 0.004]
            if crossing:
                # The gutter may grow narrower, as long as white is left.
                new_low = max([low, *(word.box.x1 for word in crossing if word.box.x1 < (low + high) / 2)])
                new_high = min([high, *(word.box.x0 for word in crossing if word.box.x0 > (low + high) / 2)])
                over = any(word.box.x0 < (low + high) / 2 < word.box.x1 for word in crossing)
                if over or new_high - new_low < 0.015:
                    break
                low, high = new_low, new_high
            spread = line.box.y0 - lines[start + run - 1].box.y1
            if spread > 4 * line.box.height + 0.01:
                break
            both += line.box.x0 < low and line.box.x1 > high
            run += 1
        while run > 1 and not (lines[start + run - 1].box.x0 < low and lines[start + run - 1].box.x1 > high):
            last = lines[start + run - 1]
            # A last line on one side only still belongs to its column when it stands close under it.
            if last.box.y0 - lines[start + run - 2].box.y1 < 1.2 * last.box.height and last.box.width < 0.5:
                break
            run -= 1
        if both >= 2 and run > best_run:
            best_run, best_middle = run, (low + high) / 2
    return best_run, best_middle


def _split(lines: list[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    left, right = [], []
    for line in lines:
        here = tuple(word for word in line.words if (word.box.x0 + word.box.x1) / 2 < gutter)
        there = tuple(word for word in line.words if (word.box.x0 + word.box.x1) / 2 >= gutter)
        if here:
            left.append(_sub(line, here))
        if there:
            right.append(_sub(line, there))
    return left, right


def _labels_beside_values(left: list[Line], right: list[Line], is_label: Callable[[str], bool]) -> bool:
    """Left of the gutter labels, right of it their values: then a row is read across."""
    if not left or not right:
        return False
    closed = sum(line.text.rstrip().endswith((":", ":.", "…", "...")) for line in left)
    opened = sum(line.text.lstrip().startswith(":") for line in right)
    named = sum(is_label(line.text) for line in left)
    asked = sum(":" in line.text for line in right) - opened
    return max(closed, opened, named) >= 0.4 * len(left) and asked <= 0.5 * len(right)


def _label_rows(left: list[Line], right: list[Line]) -> list[Line]:
    """Each label with its value: lines of the right column belong to the label whose height is nearest."""
    rows: list[tuple[Line, list[Line]]] = [(line, []) for line in left]
    for index, line in enumerate(right):
        above = right[index - 1] if index else None
        middle = (line.box.y0 + line.box.y1) / 2
        level = [row for row in rows if row[0].box.y0 < middle < row[0].box.y1]
        if level:
            level[0][1].append(line)
            continue
        before = [row for row in rows if row[0].box.y0 < line.box.y0]
        after = [row for row in rows if row[0].box.y0 >= line.box.y0]
        # A value's second line stands no further from its first than its own height.
        follows = above is not None and line.box.y0 - above.box.y1 < 0.8 * line.box.height
        if before and (follows or not after):
            before[-1][1].append(line)
        elif after:
            after[0][1].append(line)
    joined: list[Line] = []
    for label, values in rows:
        if not values:
            joined.append(label)
            continue
        for number, value in enumerate(values):
            full = number + 1 < len(values)
            if number:
                joined.append(Line(value.page, value.words, value.box, value.gaps, full))
                continue
            gaps = frozenset({*label.gaps, len(label.words), *(len(label.words) + gap for gap in value.gaps)})
            joined.append(Line(label.page, label.words + value.words, label.box.union(value.box), gaps, full))
    return joined


def _with_edges(lines: list[Line]) -> list[Line]:
    if not lines:
        return lines
    right = max(line.box.x1 for line in lines)
    width = right - min(line.box.x0 for line in lines)
    return [
        Line(line.page, line.words, line.box, line.gaps, right - line.box.x1 <= _NEAR_EDGE * width, line.ends)
        for line in lines
    ]


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

    def line_at(self, position: int) -> Line:
        """The line in which a position of the text stands."""
        return self.lines[bisect.bisect_right(self._line_starts, position) - 1]

    def line_index(self, position: int) -> int:
        """The index of the line in which a position stands."""
        return bisect.bisect_right(self._line_starts, position) - 1

    def line_start(self, index: int) -> int:
        """Where a line begins in the text."""
        return self._line_starts[index]

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
    parts += [(grid.box.y0, _grid_lines(grid, page)) for grid in grids]
    parts.sort(key=lambda part: part[0])
    return [line for _, part in parts for line in part]


_PAGE_NUMBER = re.compile(r"^[-–\s]*(?:trang|page)?\s*\d{1,3}(?:\s*[/|]\s*\d{1,3})?[-–\s]*$")


def _is_page_number(line: Line) -> bool:
    return (line.box.y0 > 0.9 or line.box.y1 < 0.06) and _PAGE_NUMBER.match(fold(line.text)) is not None


def _edge(line: Line, edge: float) -> Line:
    if line.full:
        return line
    return Line(line.page, line.words, line.box, line.gaps, edge - line.box.x1 <= _NEAR_EDGE * 0.8, line.ends)


def _grid_lines(grid: Grid, page: Page) -> list[Line]:
    lines: list[Line] = []
    for cell in sorted(grid.cells, key=lambda each: (each.row, each.column)):
        inside = words_to_lines(cell.words, page)
        for index, line in enumerate(inside):
            near = cell.box.x1 - line.box.x1 <= 0.3 * cell.box.width
            ends = CELL_END if index == len(inside) - 1 else LINE_END
            lines.append(Line(line.page, line.words, line.box, line.gaps, near, ends))
    return lines


def _within(inner: Box, outer: Box) -> bool:
    return _centre_in(inner, outer)


def _centre_in(box: Box, area: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return area.x0 <= x <= area.x1 and area.y0 <= y <= area.y1
