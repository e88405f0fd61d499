"""Lists without ruling lines: columns drawn by white space, rows by their numbers.

Knows geometry and the words that head the first column; what the columns mean is told elsewhere.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from casework.document import Box, Page, Word
from casework.reading.document_types import Table, squeeze
from casework.reading.lines import Line, words_to_lines
from casework.vietnam.letters import fold

# White space between two columns is at least this many line heights wide (words of a column stand closer).
_GUTTER = 0.55
_COUNTER = re.compile(r"^[|\[(]?(\d{1,5})[.)|\]]?$")


@dataclass(slots=True)
class Columns:
    """One unruled table: where its columns stand, per column the heading's words, per row its words by column."""

    box: Box
    columns: list[tuple[float, float]]
    heading: list[list[Word]]
    rows: list[dict[int, list[Word]]] = field(default_factory=list)


def unruled_tables(page: Page, table: Table, known: list[tuple[float, float]] | None) -> list[Columns]:
    """The list on a page without grids, if there is one. `known`: columns of the page before, for pages without heading."""
    lines = words_to_lines(page.words, page)
    heads = _heading_lines(lines, table)
    if heads is None and known is None:
        return []
    first = heads[1] if heads else 0
    body = lines[first:]
    starts = _row_starts(body, known, lines[heads[0] : heads[1]] if heads else [])
    if not starts:
        return []
    last = _last_line(body, starts)
    body = body[: last + 1]
    heading_words = [word for line in (lines[heads[0] : heads[1]] if heads else []) for word in line.words]
    columns = known if heads is None and known else _columns(body, heading_words, page)
    heading: list[list[Word]] = [[] for _ in columns] if heads else []
    for word in heading_words:
        heading[_column_of(word, columns)].append(word)
    box = body[0].box
    for line in (lines[heads[0] : heads[1]] if heads else []) + body:
        box = box.union(line.box)
    return [Columns(box, columns, heading, _rows(body, starts, columns))]


def _heading_lines(lines: Sequence[Line], table: Table) -> tuple[int, int] | None:
    """First and one past the last line of the heading: around the line with STT and its neighbours' column names."""
    for index, line in enumerate(lines):
        first = squeeze(line.words[0].text)
        opens = first in table.number or squeeze(" ".join(word.text for word in line.words[:2])) in table.number
        if not opens:
            continue
        near = [place for place in range(max(0, index - 3), min(len(lines), index + 5))]
        text = squeeze(" ".join(lines[place].text for place in near))
        known = sum(any(label in text for label in column.labels if len(label) >= 5) for column in table.columns)
        if known < 2:
            continue
        top = index
        while top > 0 and index - top < 3 and len(lines[top - 1].gaps) >= 2 and _close(lines[top - 1], lines[top]):
            top -= 1
        end = index + 1
        while end < len(lines) and _counter(lines[end]) is None and end - index < 7:
            end += 1
        while end > index + 1 and end < len(lines) and not _close(lines[end - 2], lines[end - 1], 2.2):
            end -= 1
        return top, end
    return None


def _close(above: Line, below: Line, factor: float = 1.6) -> bool:
    return below.box.y0 - above.box.y1 < factor * max(above.box.height, below.box.height)


def _counter(line: Line) -> int | None:
    match = _COUNTER.match(line.words[0].text)
    if match is None or len(line.words) < 3:
        return None
    texts = [word.text.strip("().") for word in line.words]
    if all(len(text) <= 2 for text in texts):
        return None
    return int(match[1])


def _row_starts(body: Sequence[Line], known: list[tuple[float, float]] | None, heading: Sequence[Line]) -> list[int]:
    """Indices of the lines that begin with a row's number, standing where numbers stand."""
    found = [(index, line) for index, line in enumerate(body) if _counter(line) is not None]
    if not found:
        return []
    edge = known[0][1] if known else statistics.median(line.words[0].box.x1 for _, line in found)
    return [index for index, line in found if line.words[0].box.x0 <= edge + 0.02]


def _last_line(body: Sequence[Line], starts: Sequence[int]) -> int:
    """The last line that belongs to the list: those that follow the last number closely."""
    last = starts[-1]
    while last + 1 < len(body) and _close(body[last], body[last + 1], 0.9) and len(body[last + 1].words) <= 14:
        text = fold(body[last + 1].text)
        if re.match(r"(?:tong|cong|xac nhan|dai dien|ngay|nguoi|giam doc|[^,]{2,30}, ngay)", text):
            break
        last += 1
    return last


def _columns(body: Sequence[Line], heading: Sequence[Word], page: Page) -> list[tuple[float, float]]:
    aspect = page.width_px / page.height_px if page.width_px and page.height_px else 0.7071
    words = [word for line in body for word in line.words]
    height = statistics.median(word.box.height for word in words)
    narrow = _GUTTER * height / aspect
    # One step is a thousandth of the page; a gutter may be crossed by one stray word in fifty rows.
    cover = [0] * 1001
    for word in [*words, *heading]:
        for step in range(max(0, int(word.box.x0 * 1000)), min(1000, int(word.box.x1 * 1000)) + 1):
            cover[step] += 1
    allowed = len(body) // 50
    columns: list[tuple[float, float]] = []
    start, white = None, 0
    for step, count in enumerate(cover):
        if count > allowed:
            if start is None:
                start = step
            white = 0
        elif start is not None:
            white += 1
            if white >= narrow * 1000:
                columns.append((start / 1000, (step - white + 1) / 1000))
                start, white = None, 0
    if start is not None:
        columns.append((start / 1000, 1.0))
    return columns


def _column_of(word: Word, columns: Sequence[tuple[float, float]]) -> int:
    middle = (word.box.x0 + word.box.x1) / 2
    return min(range(len(columns)), key=lambda index: max(columns[index][0] - middle, middle - columns[index][1], 0.0))


def _rows(body: Sequence[Line], starts: Sequence[int], columns: Sequence[tuple[float, float]]) -> list[dict[int, list[Word]]]:
    bounds = _bounds(body, starts)
    rows: list[dict[int, list[Word]]] = []
    for begin, end in bounds:
        row: dict[int, list[Word]] = {}
        for line in body[begin:end]:
            for word in line.words:
                row.setdefault(_column_of(word, columns), []).append(word)
        rows.append(row)
    return rows


def _bounds(body: Sequence[Line], starts: Sequence[int]) -> list[tuple[int, int]]:
    """Which lines belong to which row: between two numbers the widest white is the border, else the next number."""
    borders = [0]
    for here, there in zip(starts, starts[1:], strict=False):
        gaps = [(body[index + 1].box.y0 - body[index].box.y1, index + 1) for index in range(here, there)]
        widest, border = max(gaps, key=lambda gap: (gap[0], gap[1]))
        usual = statistics.median(gap for gap, _ in gaps)
        borders.append(border if len(gaps) > 1 and widest > 1.3 * max(usual, 0.0) + 0.001 else there)
    borders.append(len(body))
    return list(zip(borders, borders[1:], strict=False))
