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
from casework.reading.document_types import Table, squeeze
from casework.reading.lines import Line, words_to_lines
from casework.vietnam.letters import fold

# White space between two columns: as wide as this many line heights it is a gutter by itself; narrower only where the
# heading agrees. A space between words is about 0.25 line heights wide.
_GUTTER = 0.6
_NARROW_GUTTER = 0.32
_STEPS = 2000
_COUNTER = re.compile(r"^[|\[(]?(\d{1,5})[.)|\]]?$")


@dataclass(slots=True)
class Columns:
    """One unruled table: where its columns stand, per column the heading's words line by line from top to bottom
    (those of a heading over several columns stand in each), per row its words by column."""

    box: Box
    columns: list[tuple[float, float]]
    heading: list[list[list[Word]]]
    rows: list[dict[int, list[Word]]] = field(default_factory=list)


def unruled_tables(page: Page, table: Table, known: list[tuple[float, float]] | None) -> list[Columns]:
    """The list on a page without grids, if there is one. `known`: the columns of the page before it."""
    lines = words_to_lines(page.words, page)
    heads = _heading_lines(lines, table, _aspect(page))
    if heads is None and known is None:
        return []
    top, first = heads or (0, 0)
    starts = row_starts(lines[first:], known)
    if not starts:
        return []
    last = _last_line(lines[first:], starts, table)
    body = lines[first : first + last + 1]
    head_words = [word for line in lines[top:first] for word in line.words]
    if known and _fits(body, known):
        columns = known
    elif heads is None:
        return []
    else:
        columns = _columns(body, starts, head_words, page)
    heading = _heading(lines[top:first], columns, page) if heads else []
    box = body[0].box
    for line in lines[top:first] + body:
        box = box.union(line.box)
    return [Columns(box, columns, heading, _rows(body, starts, columns, table))]


# Words of one heading stand closer than this many line heights; a heading lies over a column when it covers this much.
_ONE_HEADING = 0.5
_OVER = 0.2


def _aspect(page: Page) -> float:
    return page.width_px / page.height_px if page.width_px and page.height_px else 0.7071


def _heading(lines: Sequence[Line], columns: Sequence[tuple[float, float]], page: Page) -> list[list[list[Word]]]:
    """Per column its headings. A phrase that lies over several columns heads them all."""
    aspect = _aspect(page)
    borders = [0.0, *((left[1] + right[0]) / 2 for left, right in itertools.pairwise(columns)), columns[-1][0] + 0.12]
    cells = list(itertools.pairwise(borders))
    texts: list[list[list[Word]]] = [[] for _ in columns]
    for line in lines:
        for phrase in _phrases(line, aspect):
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


def _phrases(line: Line, aspect: float) -> list[list[Word]]:
    phrases = [[line.words[0]]]
    for left, right in itertools.pairwise(line.words):
        if (right.box.x0 - left.box.x1) * aspect > _ONE_HEADING * statistics.median(w.box.height for w in line.words):
            phrases.append([])
        phrases[-1].append(right)
    return phrases


def _fits(body: Sequence[Line], columns: Sequence[tuple[float, float]]) -> bool:
    """Nearly no word stands across the white space between these columns."""
    middles = [(left[1] + right[0]) / 2 for left, right in itertools.pairwise(columns)]
    words = [word for line in body for word in line.words]
    across = sum(any(word.box.x0 < middle < word.box.x1 for middle in middles) for word in words)
    return across <= len(words) // 40


def _heading_lines(lines: Sequence[Line], table: Table, aspect: float) -> tuple[int, int] | None:
    """First and one past the last line of the heading: around the line with STT and its neighbours' column names."""
    for index, line in enumerate(lines):
        first = squeeze(line.words[0].text)
        opens = first in table.number or squeeze(" ".join(word.text for word in line.words[:2])) in table.number
        if not opens:
            continue
        near = range(max(0, index - 3), min(len(lines), index + 5))
        text = squeeze(" ".join(lines[place].text for place in near))
        known = sum(any(label in text for label in column.labels if len(label) >= 5) for column in table.columns)
        if known < 2:
            continue
        top = index
        while top > 0 and index - top < 3 and _heads_too(lines[top - 1], lines[top], aspect):
            top -= 1
        end = index + 1
        while end < len(lines) and _counter(lines[end]) is None and _long_figures(lines[end]) < 3 and end - index < 9:
            end += 1
        return top, _heading_end(lines, index, end)
    return _unnumbered_heading(lines, table, aspect)


# Columns of which a list's heading names at least so many, in the lines above its first row.
_COLUMNS_WANTED, _HEADING_LINES = 3, 6


def _unnumbered_heading(lines: Sequence[Line], table: Table, aspect: float) -> tuple[int, int] | None:
    """The heading above the first line of several dates and long numbers, where no STT was found."""
    first = next((place for place, line in enumerate(lines) if _long_figures(line) >= 2 and ":" not in line.text), None)
    if first is None:
        return None
    top = first
    while top > 0 and first - top < _HEADING_LINES and _may_head(lines[top - 1], aspect):
        if not _close(lines[top - 1], lines[top]):
            break
        top -= 1
    # Words of one column stand one below the other: they are looked for in the lines and in what stands under each.
    held = squeeze(" ".join(line.text for line in lines[top:first]))
    said = {
        squeeze(" ".join(word.text for word in phrase))
        for line in lines[top:first]
        for phrase in _phrases(line, aspect)
    }
    named = sum(
        any((len(label) >= 6 and label in held) or label in said for label in column.labels)
        or any(all(any(word in held for word in group) for group in way if group[0] != "!") for way in column.words)
        for column in table.columns
    )
    # Lines of the first row's taller cells stand above its dates.
    return (top, _heading_end(lines, top, first)) if named >= _COLUMNS_WANTED else None


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
    return ":" not in line.text and (len(_phrases(line, aspect)) > 1 or line.box.width < _ONE_COLUMN)


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


_LONG_FIGURE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{6,}")


def _long_figures(line: Line) -> int:
    return sum(_LONG_FIGURE.search(word.text) is not None for word in line.words)


def row_starts(body: Sequence[Line], known: list[tuple[float, float]] | None) -> list[int]:
    """Indices of the lines that begin a row: with a number where numbers stand; or, where OCR lost the lone figure,
    with a name where names stand and as many dates and long numbers as other rows have."""
    found = [(index, line) for index, line in enumerate(body) if _counter(line) is not None]
    if not found:
        most = max((_long_figures(line) for line in body), default=0)
        return [index for index, line in enumerate(body) if most >= 2 and _long_figures(line) >= max(2, 0.6 * most)]
    edge = known[0][1] if known else statistics.median(line.words[0].box.x1 for _, line in found)
    starts = [index for index, line in found if line.words[0].box.x0 <= edge + 0.02]
    if not starts:
        return []
    return sorted([*starts, *unnumbered_starts(body, starts, edge)])


def unnumbered_starts(body: Sequence[Line], starts: Sequence[int], edge: float) -> list[int]:
    """The lines between rows with numbers that begin a row whose number was lost or misread. edge: where the column
    of numbers ends."""
    names = min(body[index].words[1].box.x0 for index in starts)
    usual = statistics.median(_long_figures(body[index]) for index in starts)
    return [
        index
        for index, line in enumerate(body)
        if index not in starts
        and (abs(line.words[0].box.x0 - names) < 0.02 or line.words[0].box.x1 <= edge + 0.02)
        and _long_figures(line) >= max(2, 0.7 * usual)
        and _stands_alone(line, index, body, starts)
    ]


# A row is this much of the usual distance of rows away from its neighbours; what is nearer is a line of theirs.
_OWN_ROW = 0.6


def _stands_alone(line: Line, index: int, body: Sequence[Line], starts: Sequence[int]) -> bool:
    """A line of dates and numbers is a row of its own: no number beside it goes on from the one before, and it stands
    as far from them as rows do (cells are centred, so a row's number may stand a little above its dates)."""
    before = max((start for start in starts if start < index), default=None)
    after = min((start for start in starts if start > index), default=None)
    if before is not None and after is not None:
        here, there = _counter(body[before]), _counter(body[after])
        if here is not None and there == here + 1:
            return False
    steps = [
        (_middle(body[there]) - _middle(body[here])) / (_number(body[there]) - _number(body[here]))
        for here, there in itertools.pairwise(starts)
        if _number(body[there]) > _number(body[here])
    ]
    step = min(steps, default=3 * line.box.height)
    return all(
        abs(_middle(line) - _middle(body[start])) > _OWN_ROW * step for start in (before, after) if start is not None
    )


def _number(line: Line) -> int:
    return _counter(line) or 0


def _middle(line: Line) -> float:
    return (line.box.y0 + line.box.y1) / 2


_FOOT = re.compile(r"\(|danh sach|tong|cong\b|xac nhan|dai dien|ngay|nguoi|giam doc|[^,]{2,30}, ngay|ghi chu:")


# So many lines of sums may follow the last row.
_SUMS = 2


def _last_line(body: Sequence[Line], starts: Sequence[int], table: Table) -> int:
    """The last line of the last row: those that follow its number as closely as lines of one cell do. Sums of money
    below it belong to the list."""
    last = starts[-1]
    reached = body[last].box.y1
    while last + 1 < len(body):
        following = body[last + 1]
        if following.box.y0 - reached > 0.45 * following.box.height or _FOOT.match(fold(following.text)):
            break
        reached = max(reached, following.box.y1)
        last += 1
    for _ in range(_SUMS):
        if last + 1 < len(body) and _sums_up(body[last + 1], table) and _SUM.search(body[last + 1].text):
            last += 1
    return last


_SUM = re.compile(r"\d[.,]\d{3}\b|\d{5}")


def _columns(
    body: Sequence[Line], starts: Sequence[int], heading: Sequence[Word], page: Page
) -> list[tuple[float, float]]:
    """Where the columns stand: the first by the rows' numbers, the others by the white between them."""
    aspect = _aspect(page)
    numbered = [body[index].words[0] for index in starts if _counter(body[index]) is not None]
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
    white = _white(words, len(body) // 50)
    beside = [word for word in heading if (word.box.x0 + word.box.x1) / 2 > numbers[1]]
    gutters = [
        (low, high)
        for low, high in white
        if low > numbers[1]
        and (
            high - low >= _GUTTER * height or (high - low >= _NARROW_GUTTER * height and not _headed(low, high, beside))
        )
    ]
    gutters = _between_headings(gutters, beside, _GUTTER * height) if beside else gutters
    first = min((word.box.x0 for word in words if word.box.x0 > numbers[1] - 0.002), default=numbers[1])
    edges = [(numbers[1], first), *gutters]
    starts_at = [numbers[0], *(high for _, high in edges)]
    ends_at = [*(low for low, _ in edges), 1.0]
    return [(start, end) for start, end in zip(starts_at, ends_at, strict=True) if end > start]


def _between_headings(
    gutters: list[tuple[float, float]], heading: Sequence[Word], wide: float
) -> list[tuple[float, float]]:
    """Without the narrow gutters behind which nothing is headed: they are spaces that happen to stand in line."""
    kept: list[tuple[float, float]] = []
    for index, (low, high) in enumerate(gutters):
        end = gutters[index + 1][0] if index + 1 < len(gutters) else 1.0
        if high - low < wide and _one_phrase(low, high, heading, wide):
            continue
        headed = any(high - 0.01 < (word.box.x0 + word.box.x1) / 2 < end + 0.01 for word in heading)
        if headed or high - low >= wide:
            kept.append((low, high))
    return kept


def _one_phrase(low: float, high: float, heading: Sequence[Word], wide: float) -> bool:
    """The words of one heading ("Họ | và tên") stand on both sides, no further apart than words do."""
    middle = (low + high) / 2
    for left in heading:
        if middle - 0.03 < left.box.x1 <= middle + 0.001:
            for right in heading:
                level = abs((left.box.y0 + left.box.y1) - (right.box.y0 + right.box.y1)) < left.box.height
                if level and middle - 0.001 <= right.box.x0 and right.box.x0 - left.box.x1 < 1.3 * wide:
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


def _headed(low: float, high: float, heading: Sequence[Word]) -> bool:
    """A heading stands across this white and nothing on both its sides below: it is one column's inside."""
    middle = (low + high) / 2
    across = [word for word in heading if word.box.x0 < middle < word.box.x1]
    if not across:
        return False
    bottom = max(word.box.y1 for word in across)
    below = [word for word in heading if word.box.y0 > bottom - 0.3 * word.box.height]
    left = any(middle - 0.12 < word.box.x1 <= middle for word in below)
    right = any(middle <= word.box.x0 < middle + 0.12 for word in below)
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
            rows.append(_by_column([line], columns) if _sums_up(line, table) else {0: list(line.words)})
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


def _sums_up(line: Line, table: Table) -> bool:
    text = fold(line.text).strip(" :.-")
    return any(re.match(rf"{re.escape(label)}\b", text) for label in table.total)


_GROUP_MARK = re.compile(r"(?:[IVX]{1,4}|[A-Z])(?:\.\d{1,2})?[.)]?")


def _is_aside(line: Line, columns: Sequence[tuple[float, float]], table: Table) -> bool:
    """A group's heading or a total between the rows: it opens where numbers stand, or runs across the columns."""
    if _sums_up(line, table):
        return True
    if _long_figures(line):
        return False
    first = line.words[0]
    if len(line.words) > 1 and first.box.x1 < columns[0][1] + 0.02 and _GROUP_MARK.fullmatch(first.text):
        return True
    middles = [(left[1] + right[0]) / 2 for left, right in itertools.pairwise(columns[1:])]
    across = sum(any(word.box.x0 < middle < word.box.x1 for middle in middles) for word in line.words)
    return across > 0 and not line.gaps


def row_bounds(body: Sequence[Line], starts: Sequence[int]) -> list[tuple[int, int]]:
    """Which lines belong to which row: the border between two numbers is the widest white, the last of equals."""
    borders = [0]
    for here, there in itertools.pairwise(starts):
        reached, best, border = body[here].box.y1, float("-inf"), there
        for index in range(here + 1, there + 1):
            gap = body[index].box.y0 - reached
            if gap >= best - 0.0005:
                best, border = max(gap, best), index
            reached = max(reached, body[index].box.y1)
        borders.append(border)
    borders.append(len(body))
    return list(itertools.pairwise(borders))
