"""Lines of a list without ruling lines: which of them begin a row, how far its last row reaches, where rows part.

Knows the figures and the white space that tell rows, not columns.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

from casework.reading.document_types import Table
from casework.reading.lines import Line
from casework.vietnam.letters import fold

_COUNTER = re.compile(r"^[|\[(]?(\d{1,5})[.)|\]]?$")


def line_counter(line: Line) -> int | None:
    """The number that a line begins with, if it is a row's."""
    match = _COUNTER.match(line.words[0].text)
    if match is None or len(line.words) < 3:
        return None
    texts = [word.text.strip("().") for word in line.words]
    if all(len(text) <= 2 for text in texts):
        return None
    return int(match[1])


_FIGURES_OF_A_ROW = 2
_FIGURES_OF_A_WHOLE_ROW = 4
_LONG_FIGURE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{6,}|^\d{1,3}(?:[.,]\d{3}){1,4}$")


def figures_of(line: Line) -> int:
    """How many of the line's words are dates, long numbers or sums of money."""
    return sum(_LONG_FIGURE.search(word.text) is not None for word in line.words)


def looks_like_a_row(line: Line) -> bool:
    """Several days, long numbers or sums stand side by side, and no label."""
    return figures_of(line) >= _FIGURES_OF_A_ROW and ":" not in line.text


def row_starts(body: Sequence[Line], known: list[tuple[float, float]] | None) -> list[int]:
    """Indices of the lines that begin a row: with a number where numbers stand; or, where OCR lost the lone figure,
    with a name where names stand and as many dates and long numbers as other rows have."""
    found = [(index, line) for index, line in enumerate(body) if line_counter(line) is not None]
    if not found:
        most = max((figures_of(line) for line in body), default=0)
        return [index for index, line in enumerate(body) if most >= 2 and figures_of(line) >= max(2, 0.6 * most)]
    edge = known[0][1] if known else statistics.median(line.words[0].box.x1 for _, line in found)
    starts = [index for index, line in found if line.words[0].box.x0 <= edge + 0.02]
    if not starts:
        return []
    return sorted([*starts, *unnumbered_starts(body, starts, edge)])


def unnumbered_starts(body: Sequence[Line], starts: Sequence[int], edge: float) -> list[int]:
    """The lines between rows with numbers that begin a row whose number was lost or misread. edge: where the column
    of numbers ends."""
    # A numbered row's own name may stand on another line: a speck below its number tears it.
    names = min(
        [body[index].words[1].box.x0 for index in starts]
        + [word.box.x0 for line in body if looks_like_a_row(line) for word in line.words if word.box.x0 > edge]
    )
    usual = statistics.median(figures_of(body[index]) for index in starts)
    return [
        index
        for index, line in enumerate(body)
        if index not in starts
        and (abs(line.words[0].box.x0 - names) < 0.02 or line.words[0].box.x1 <= edge + 0.02)
        and figures_of(line) >= max(2, 0.7 * usual)
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
        here, there = line_counter(body[before]), line_counter(body[after])
        if here is not None and there == here + 1:
            return False
    steps = [
        (_middle(body[there]) - _middle(body[here])) / (_number(body[there]) - _number(body[here]))
        for here, there in itertools.pairwise(starts)
        if _number(body[there]) > _number(body[here])
    ]
    # Without two numbered rows to measure by: what has the days and numbers of a whole row is no line of another's.
    step = min(steps, default=(2 if figures_of(line) >= _FIGURES_OF_A_WHOLE_ROW else 3) * line.box.height)
    return all(
        abs(_middle(line) - _middle(body[start])) > _OWN_ROW * step for start in (before, after) if start is not None
    )


def _number(line: Line) -> int:
    return line_counter(line) or 0


def _middle(line: Line) -> float:
    return (line.box.y0 + line.box.y1) / 2


_FOOT = re.compile(r"\(|danh sach|tong|cong\b|xac nhan|dai dien|ngay|nguoi|giam doc|[^,]{2,30}, ngay|ghi chu:")


# So many lines of sums may follow the last row.
_SUMS = 2


def last_line(body: Sequence[Line], starts: Sequence[int], table: Table) -> int:
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
        if last + 1 < len(body) and sums_up(body[last + 1], table) and _SUM.search(body[last + 1].text):
            last += 1
    return last


_SUM = re.compile(r"\d[.,]\d{3}\b|\d{5}")


def sums_up(line: Line, table: Table) -> bool:
    """The line opens as a total does ("Tổng cộng")."""
    text = fold(line.text).strip(" :.-")
    return any(re.match(rf"{re.escape(label)}\b", text) for label in table.total)


_IN_SUMS = re.compile(r"[\d.,\s–—-]+")


def with_whole_sums(body: Sequence[Line], table: Table) -> list[Line]:
    """Where a scan lies askew the sums of a total stand above or below its word: one line, as they were written."""
    whole: list[Line] = []
    for line in body:
        if whole and (joined := _one_total(whole[-1], line, table) or _one_total(line, whole[-1], table)):
            whole[-1] = joined
        else:
            whole.append(line)
    return whole


def _one_total(opening: Line, sums: Line, table: Table) -> Line | None:
    apart = abs(_middle(opening) - _middle(sums))
    if (
        apart > 1.5 * opening.box.height
        or sums.box.x0 < opening.box.x1
        or _SUM.search(opening.text)
        or not sums_up(opening, table)
        or not (_SUM.search(sums.text) and _IN_SUMS.fullmatch(sums.text))
    ):
        return None
    gaps = opening.gaps | {len(opening.words)} | {len(opening.words) + gap for gap in sums.gaps}
    return replace(opening, words=opening.words + sums.words, box=opening.box.union(sums.box), gaps=frozenset(gaps))


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
