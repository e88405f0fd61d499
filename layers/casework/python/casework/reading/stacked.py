"""Two facts in one column of a list, one under the other, as its heading says: "Họ và tên / Bộ phận".

Each is put into a column of its own, so that the rest of reading knows only columns of one fact.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

from casework.document import Word
from casework.reading.cells import RawCell, RawRow
from casework.reading.document_types import Table
from casework.reading.headings import Score, heading_scores

_TWO = re.compile(r"(?P<first>[^/]{2,40}?)\s*/\s*(?P<second>[^/]{2,40})")
_NAMES_A_COLUMN = 80.0
_MOST_ROWS = 0.6
_FIGURES = re.compile(r"\d{2}")


def part_stacked(rows: Sequence[RawRow], heading: list[str], table: Table) -> set[Score]:
    """Parts the cells of columns whose heading names two columns of the list and whose cells mostly hold two things;
    the second of them goes into a new column at the end. What the new headings mean; `heading` and `rows` are changed.
    """
    scores: set[Score] = set()
    for place in range(len(heading)):
        match = _TWO.fullmatch(heading[place].strip())
        told = _told(match, table) if match else None
        if match is None or told is None:
            continue
        filled = [row for row in rows if place in row.cells and row.cells[place].text.strip()]
        parted = [(row, part) for row in filled if (part := _parted(row.cells[place])) is not None]
        if len(parted) < max(1, _MOST_ROWS * len(filled)):
            continue
        new = len(heading)
        for row, part in parted:
            row.cells[place], row.cells[new] = part
        heading[place] = match["first"]
        heading.append(match["second"])
        scores |= {(score, (place, new)[half], column, plain) for score, half, column, plain in told}
    return scores


def _told(match: re.Match[str], table: Table) -> set[Score] | None:
    """What the halves of a heading mean; None unless they name two columns."""
    found = set(heading_scores(((match["first"],), (match["second"],)), table))
    best = [max((score for score in found if score[1] == half), default=(0.0, half, -1, False)) for half in (0, 1)]
    apart = min(one[0] for one in best) >= _NAMES_A_COLUMN and best[0][2] != best[1][2]
    return found if apart else None


def _parted(cell: RawCell) -> tuple[RawCell, RawCell] | None:
    """The two things of a cell: on lines of their own (the last is the second where it is a number or day, else the
    first is the first), or parted by a stroke."""
    lines = _lines(cell.words)
    strokes = [index for index, word in enumerate(cell.words) if word.text in ("/", "|")]
    if len(lines) > 1:
        border = len(lines) - 1 if _FIGURES.search(lines[-1][-1].text) else 1
        first, second = (list(itertools.chain(*part)) for part in (lines[:border], lines[border:]))
    elif len(strokes) == 1 and 0 < strokes[0] < len(cell.words) - 1:
        first, second = cell.words[: strokes[0]], cell.words[strokes[0] + 1 :]
    else:
        return None
    return replace(RawCell.of(first), spans=cell.spans), replace(RawCell.of(second), spans=cell.spans)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    if not words:
        return []
    height = statistics.median(word.box.height for word in words)
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda each: each.box.y1):
        if lines and word.box.y1 - lines[-1][-1].box.y1 < 0.6 * height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda each: each.box.x0) for line in lines]
