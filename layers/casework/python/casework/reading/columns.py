"""Lists without ruling lines: columns drawn by white space, rows by their numbers.

Knows geometry and the words that head the first column; what the columns mean is told elsewhere.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from casework.document import Box, Page, Word
from casework.reading.document_types import Table
from casework.reading.lines import Line, words_to_lines
from casework.reading.list_heading import heading_lines, page_aspect, phrases_of
from casework.reading.row_lines import (
    figures_of,
    last_line,
    line_counter,
    row_bounds,
    row_starts,
    sums_up,
    with_whole_sums,
)

# White space between two columns: as wide as this many line heights it is a gutter by itself; narrower only where the
# heading agrees. A space between words is about 0.25 line heights wide.
_GUTTER = 0.6
_NARROW_GUTTER = 0.32
_STEPS = 2000


@dataclass(slots=True)
class Columns:
    """One unruled table: where its columns stand, per column the heading's words line by line from top to bottom
    (those of a heading over several columns stand in each), per row its words by column."""

    box: Box
    columns: list[tuple[float, float]]
    heading: list[list[list[Word]]]
    rows: list[dict[int, list[Word]]] = field(default_factory=list)
    follows: bool = False  # they are the columns of the page before


def unruled_tables(page: Page, table: Table, known: list[tuple[float, float]] | None) -> list[Columns]:
    """The list on a page without grids, if there is one. `known`: the columns of the page before it."""
    lines = words_to_lines(page.words, page)
    heads = heading_lines(lines, table, page_aspect(page))
    if heads is None and known is None:
        return []
    top, first = heads or (0, 0)
    lines[first:] = with_whole_sums(lines[first:], table)
    starts = row_starts(lines[first:], known)
    if not starts:
        return []
    last = last_line(lines[first:], starts, table)
    body = lines[first : first + last + 1]
    head_words = [word for line in lines[top:first] for word in line.words]
    laid = _laid(body, known) if known else None
    if laid is not None:
        columns = laid
    elif heads is None:
        return []
    else:
        columns = _columns(body, starts, head_words, page)
    heading = _heading(lines[top:first], columns, page) if heads else []
    box = body[0].box
    for line in lines[top:first] + body:
        box = box.union(line.box)
    return [Columns(box, columns, heading, _rows(body, starts, columns, table), laid is not None)]


# A heading lies over a column when it covers this much.
_OVER = 0.2


def _heading(lines: Sequence[Line], columns: Sequence[tuple[float, float]], page: Page) -> list[list[list[Word]]]:
    """Per column its headings. A phrase that lies over several columns heads them all."""
    aspect = page_aspect(page)
    borders = [0.0, *((left[1] + right[0]) / 2 for left, right in itertools.pairwise(columns)), columns[-1][0] + 0.12]
    cells = list(itertools.pairwise(borders))
    texts: list[list[list[Word]]] = [[] for _ in columns]
    for line in lines:
        for phrase in phrases_of(line, aspect):
            x0, x1 = phrase[0].box.x0, phrase[-1].box.x1
            over = [
                index
                for index, (start, end) in enumerate(cells)
                if min(end, x1) - max(start, x0) > _OVER * min(end - start, x1 - x0)
            ]
            middle = min(
                range(len(columns)),
                key=lambda index: max(columns[index][0] - (x0 + x1) / 2, (x0 + x1) / 2 - columns[index][1], 0.0),
            )
            for index in over if len(over) > 1 else [middle]:
                texts[index].append(phrase)
    return texts


# So many places between two columns are tried for the border that fewest words cross.
_PLACES = 16


def _laid(body: Sequence[Line], known: Sequence[tuple[float, float]]) -> list[tuple[float, float]] | None:
    """The columns of the page before as this page's cells fill them (a longer word stands in one of them here); None
    where words stand across the white between them."""
    words = [word for line in body for word in line.words]
    columns = list(known)
    across = 0
    for index, (left, right) in enumerate(itertools.pairwise(known)):
        low, high = left[1], right[0]
        near = [word.box for word in words if word.box.x1 > low and word.box.x0 < high]
        places = [low + (high - low) * (step + 0.5) / _PLACES for step in range(_PLACES)]
        crossed = [sum(box.x0 < place < box.x1 for box in near) for place in places]
        fewest = min(crossed)
        best = [place for place, count in zip(places, crossed, strict=True) if count == fewest]
        across += fewest
        border = best[len(best) // 2]
        columns[index] = (columns[index][0], max([low, *(box.x1 for box in near if box.x1 <= border)]))
        columns[index + 1] = (min([high, *(box.x0 for box in near if box.x0 >= border)]), columns[index + 1][1])
    return columns if across <= len(words) // 40 else None


def _columns(
    body: Sequence[Line], starts: Sequence[int], heading: Sequence[Word], page: Page
) -> list[tuple[float, float]]:
    """Where the columns stand: the first by the rows' numbers, the others by the white between them."""
    aspect = page_aspect(page)
    numbered = [body[index].words[0] for index in starts if line_counter(body[index]) is not None]
    counters = {id(word) for word in numbered}
    words = [word for line in body for word in line.words if id(word) not in counters]
    # A list without numbers has an empty column for them, so that the columns of all lists are counted alike.
    left = min(word.box.x0 for word in words)
    numbers = (
        min((word.box.x0 for word in numbered), default=left - 0.02),
        max((word.box.x1 for word in numbered), default=left - 0.01),
    )
    height = statistics.median(word.box.height for word in words) / aspect
    # A gutter may be crossed by one stray word in fifty rows.
    white = [(low, high) for low, high in _white(words, len(body) // 50) if low > numbers[1]]
    wide = [(low, high) for low, high in white if high - low >= _GUTTER * height]
    beside = [word for word in heading if (word.box.x0 + word.box.x1) / 2 > numbers[1]]
    gutters = [
        (low, high)
        for low, high in white
        if (low, high) in wide or (high - low >= _NARROW_GUTTER * height and not _headed(low, high, beside, wide))
    ]
    first = min((word.box.x0 for word in words if word.box.x0 > numbers[1] - 0.002), default=numbers[1])
    gutters = _between_headings(gutters, beside, first, _GUTTER * height) if beside else gutters
    edges = [(numbers[1], first), *gutters]
    starts_at = [numbers[0], *(high for _, high in edges)]
    ends_at = [*(low for low, _ in edges), 1.0]
    return [(start, end) for start, end in zip(starts_at, ends_at, strict=True) if end > start]


def _between_headings(
    gutters: list[tuple[float, float]], heading: Sequence[Word], first: float, wide: float
) -> list[tuple[float, float]]:
    """Without the narrow gutters on one side of which nothing is headed: they are spaces that happen to stand in line.

    first: where the first column behind the numbers begins.
    """

    def headed(start: float, end: float) -> bool:
        return any(start < (word.box.x0 + word.box.x1) / 2 < end for word in heading)

    kept: list[tuple[float, float]] = []
    for index, (low, high) in enumerate(gutters):
        begin = kept[-1][1] if kept else first
        end = gutters[index + 1][0] if index + 1 < len(gutters) else 1.0
        if high - low < wide and _one_phrase(low, high, heading, wide):
            continue
        if high - low >= wide or (headed(begin - 0.01, low) and headed(high, end + 0.01)):
            kept.append((low, high))
    return kept


def _one_phrase(low: float, high: float, heading: Sequence[Word], wide: float) -> bool:
    """The words of one heading ("Họ | và tên") stand on both sides, no further apart than words do."""
    middle = (low + high) / 2
    for left in heading:
        if middle - 0.03 < left.box.x1 <= high + 0.001:
            for right in heading:
                level = abs((left.box.y0 + left.box.y1) - (right.box.y0 + right.box.y1)) < left.box.height
                if level and low - 0.001 <= right.box.x0 and 0 < right.box.x0 - left.box.x1 < 1.3 * wide:
                    return True
    return False


def _white(words: Sequence[Word], allowed: int) -> list[tuple[float, float]]:
    """The upright stripes that hardly any word touches, between the first and the last word."""
    change = [0] * (_STEPS + 2)
    for word in words:
        change[max(0, round(word.box.x0 * _STEPS))] += 1
        change[min(_STEPS, round(word.box.x1 * _STEPS)) + 1] -= 1
    stripes: list[tuple[float, float]] = []
    covered, start, seen = 0, None, False
    for step in range(_STEPS + 1):
        covered += change[step]
        if covered > allowed:
            if seen and start is not None:
                stripes.append((start / _STEPS, step / _STEPS))
            seen, start = True, None
        elif start is None:
            start = step
    return stripes


def _headed(low: float, high: float, heading: Sequence[Word], wide: Sequence[tuple[float, float]]) -> bool:
    """A heading stands across this white and nothing on both its sides below, up to the next wide white: it is one
    column's inside."""
    middle = (low + high) / 2
    across = [word for word in heading if word.box.x0 < middle < word.box.x1]
    if not across:
        return False
    begin = max((end for _, end in wide if end < middle), default=0.0) - 0.01
    end = min((start for start, _ in wide if start > middle), default=1.0) + 0.01
    bottom = max(word.box.y1 for word in across)
    below = [word.box for word in heading if word.box.y0 > bottom - 0.3 * word.box.height]
    left = any(begin < (box.x0 + box.x1) / 2 and box.x1 <= middle for box in below)
    right = any(middle <= box.x0 and (box.x0 + box.x1) / 2 < end for box in below)
    return not (left and right)


def _column_of(word: Word, columns: Sequence[tuple[float, float]]) -> int:
    middle = (word.box.x0 + word.box.x1) / 2
    return min(range(len(columns)), key=lambda index: max(columns[index][0] - middle, middle - columns[index][1], 0.0))


def _rows(
    body: Sequence[Line], starts: Sequence[int], columns: Sequence[tuple[float, float]], table: Table
) -> list[dict[int, list[Word]]]:
    """The rows, each with its words by column; a group's heading stands whole in the first column."""
    rows: list[dict[int, list[Word]]] = []
    asides = {index for index in range(len(body)) if index not in starts and _is_aside(body[index], columns, table)}
    for begin, end in _between(asides, len(body)):
        own = [start - begin for start in starts if begin <= start < end]
        for first, last in row_bounds(body[begin:end], own) if own else []:
            rows.append(_by_column(body[begin + first : begin + last], columns))
        if end in asides:
            line = body[end]
            rows.append(_by_column([line], columns) if sums_up(line, table) else {0: list(line.words)})
    return rows


def _by_column(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> dict[int, list[Word]]:
    row: dict[int, list[Word]] = {}
    for line in lines:
        for word in line.words:
            row.setdefault(_column_of(word, columns), []).append(word)
    return row


def _between(asides: set[int], count: int) -> list[tuple[int, int]]:
    borders = [-1, *sorted(asides), count]
    return [(here + 1, there) for here, there in itertools.pairwise(borders)]


_GROUP_MARK = re.compile(r"(?:[IVX]{1,4}|[A-Z])(?:\.\d{1,2})?[.)]?")


def _is_aside(line: Line, columns: Sequence[tuple[float, float]], table: Table) -> bool:
    """A group's heading or a total between the rows: it opens where numbers stand, or runs across the columns."""
    if sums_up(line, table):
        return True
    if figures_of(line):
        return False
    first = line.words[0]
    if len(line.words) > 1 and first.box.x1 < columns[0][1] + 0.02 and _GROUP_MARK.fullmatch(first.text):
        return True
    middles = [(left[1] + right[0]) / 2 for left, right in itertools.pairwise(columns[1:])]
    across = sum(any(word.box.x0 < middle < word.box.x1 for middle in middles) for word in line.words)
    return across > 0 and not line.gaps
