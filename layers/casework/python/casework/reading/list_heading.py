"""The heading of a list without ruling lines: between which lines it stands, and the phrases of each line.

Knows the words for the rows' numbers and for the list's columns, and that headings are close above the first row.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence

from casework.document import Page, Word
from casework.reading.document_types import Table, squeeze
from casework.reading.lines import Line
from casework.reading.row_lines import figures_of, line_counter

# Words of one heading stand closer than this many line heights.
_ONE_HEADING = 0.5


def page_aspect(page: Page) -> float:
    """Width by height: a box's fraction of the width times this is in fractions of the height."""
    return page.width_px / page.height_px if page.width_px and page.height_px else 0.7071


def phrases_of(line: Line, aspect: float) -> list[list[Word]]:
    """The words of a line that stand as close as those of one heading do."""
    phrases = [[line.words[0]]]
    for left, right in itertools.pairwise(line.words):
        if (right.box.x0 - left.box.x1) * aspect > _ONE_HEADING * statistics.median(w.box.height for w in line.words):
            phrases.append([])
        phrases[-1].append(right)
    return phrases


def heading_lines(lines: Sequence[Line], table: Table, aspect: float) -> tuple[int, int] | None:
    """First and one past the last line of the heading: around the line with STT and its neighbours' column names."""
    for index, line in enumerate(lines):
        first = squeeze(line.words[0].text)
        opens = first in table.number or squeeze(" ".join(word.text for word in line.words[:2])) in table.number
        if not opens:
            continue
        near = range(max(0, index - 3), min(len(lines), index + 5))
        if _columns_named([lines[place] for place in near], table, aspect) < _COLUMNS_BESIDE_NUMBER:
            continue
        top = index
        while top > 0 and index - top < 3 and _heads_too(lines[top - 1], lines[top], aspect):
            top -= 1
        end = index + 1
        while end < len(lines) and line_counter(lines[end]) is None and figures_of(lines[end]) < 3 and end - index < 9:
            end += 1
        return top, _heading_end(lines, index, end)
    return _unnumbered_heading(lines, table, aspect)


# Columns of which a list's heading names at least so many, in the lines above its first row.
_COLUMNS_WANTED, _HEADING_LINES = 3, 6
_COLUMNS_BESIDE_NUMBER = 2  # where the word for the rows' numbers stands beside them


def _unnumbered_heading(lines: Sequence[Line], table: Table, aspect: float) -> tuple[int, int] | None:
    """The heading above the first line of several dates and long numbers, where no STT was found."""
    first = next((place for place, line in enumerate(lines) if figures_of(line) >= 2 and ":" not in line.text), None)
    if first is None:
        return None
    top = first
    while top > 0 and first - top < _HEADING_LINES and _may_head(lines[top - 1], aspect):
        if not _close(lines[top - 1], lines[top]):
            break
        top -= 1
    if _columns_named(lines[top:first], table, aspect) < _COLUMNS_WANTED:
        return None
    # Lines of the first row's taller cells stand above its dates.
    return top, _heading_end(lines, top, first)


def _columns_named(lines: Sequence[Line], table: Table, aspect: float) -> int:
    """How many of the list's columns these lines name. Words of one heading stand one below the other, so they are
    also looked for one by one."""
    held = squeeze(" ".join(line.text for line in lines))
    said = {squeeze(" ".join(word.text for word in phrase)) for line in lines for phrase in phrases_of(line, aspect)}
    return sum(
        any((len(label) >= 6 and label in held) or label in said for label in column.labels)
        or any(all(any(word in held for word in group) for group in way if group[0] != "!") for way in column.words)
        for column in table.columns
    )


def _heading_end(lines: Sequence[Line], index: int, counter: int) -> int:
    """Where the heading ends: at the widest white between its STT and the first row's number (cells are centred, so
    lines of the first row may stand above its number)."""
    if counter >= len(lines):
        return counter
    reached, best, end = lines[index].box.y1, -1.0, index + 1
    for place in range(index + 1, counter + 1):
        gap = lines[place].box.y0 - reached
        if gap >= best:
            best, end = gap, place
        reached = max(reached, lines[place].box.y1)
    while end < counter and all(len(word.text.strip("().")) <= 2 for word in lines[end].words):
        end += 1
    return end


def _heads_too(above: Line, below: Line, aspect: float) -> bool:
    """The line above is the heading's own upper line: in several columns, close, and no label with its value."""
    return _may_head(above, aspect) and _close(above, below, 0.9)


# A heading's line without a gap holds one column's words and is no wider than that.
_ONE_COLUMN = 0.2


def _may_head(line: Line, aspect: float) -> bool:
    return ":" not in line.text and (len(phrases_of(line, aspect)) > 1 or line.box.width < _ONE_COLUMN)


def _close(above: Line, below: Line, factor: float = 1.6) -> bool:
    return below.box.y0 - above.box.y1 < factor * max(above.box.height, below.box.height)
