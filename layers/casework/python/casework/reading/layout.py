"""Lines become reading order: columns one after the other, labels with the values that stand beside them.

Knows white space between columns; which words are labels it is told.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Callable

from casework.reading.lines import LEAST_HEIGHT, Line, part_of
from casework.vietnam.letters import fold

# A line that ends this near to the right edge of its column (share of the column's width) may go on below.
NEAR_EDGE = 0.12


def in_reading_order(lines: list[Line], is_label: Callable[[str], bool]) -> list[Line]:
    """Lines as a person reads them: where two columns stand side by side, the left one first, to its end.

    is_label tells the words of a label: labels with their values beside them are read row by row.
    """
    ordered: list[Line] = []
    index = 0
    while index < len(lines):
        if index + 1 < len(lines) and (pairs := _labels_over_values(lines[index], lines[index + 1], is_label)):
            ordered += pairs
            index += 2
            continue
        run, gutter = _run_with_gutter(lines, index)
        run = _until_parties(lines[index : index + run], gutter)
        if run >= 2:
            left, right = _split(lines[index : index + run], gutter)
            if _labels_beside_values(left, right, is_label):
                ordered += label_rows(left, right)
            elif _is_form(left, right):
                ordered += lines[index : index + run]
            else:
                ordered += _with_edges(left) + _with_edges(right)
            index += run
            continue
        start = index
        index += max(run, 1)
        # What lies between two runs of columns is one column; its edge is that of the page's long lines.
        ordered += lines[start:index]
    return ordered


def _until_parties(lines: list[Line], gutter: float) -> int:
    """How many lines stand before the headings of two parties side by side, with which other columns begin."""
    for count, line in enumerate(lines):
        halves = _split([line], gutter)
        if count > 1 and all(half and _PARTY.match(fold(half[0].text)) for half in halves):
            return count
    return len(lines)


# How far from the left edge of its label, in page widths, the value under it may begin.
_UNDER_LABEL = 0.04


def _labels_over_values(names: Line, below: Line, is_label: Callable[[str], bool]) -> list[Line]:
    """A row of labels with a row of their values under it: each label with its own value. Empty for any other two."""
    if not names.gaps or len(names.gaps) != len(below.gaps) or below.box.y0 - names.box.y1 > 1.5 * names.box.height:
        return []
    labels, values = _cells(names), _cells(below)
    for label, value in zip(labels, values, strict=True):
        if abs(label.box.x0 - value.box.x0) > _UNDER_LABEL or ":" in value.text or is_label(value.text):
            return []
        if not is_label(label.text) or _PARTY.match(fold(label.text)):
            return []
    return [
        Line(
            label.page, label.words + value.words, label.box.union(value.box), frozenset({len(label.words)}), value.full
        )
        for label, value in zip(labels, values, strict=True)
    ]


def _cells(line: Line) -> list[Line]:
    cuts = [0, *sorted(line.gaps), len(line.words)]
    return [part_of(line, line.words[begin:end]) for begin, end in itertools.pairwise(cuts)]


# The white between two columns, in page widths; the letterhead may come close to the motto, which is never its rest.
_GUTTER, _BESIDE_MOTTO = 0.025, 0.006
_MOTTO = re.compile(r"c[o0]ng|d[o0]c")

# Words with which the text of both columns' reader goes on below them.
_OPENS_PROSE = re.compile(
    r"[\s(*-]*(?:dieu \d|hai ben|can cu|hom nay|sau khi|cung (?:nhau )?thoa|chung toi|xet|hop dong|thoa thuan|ban thoa|"
    r"bien ban|quyet dinh|don xin|danh sach|v/v|ve viec|kinh gui|so[: ])"
)


def _run_with_gutter(lines: list[Line], start: int) -> tuple[int, float]:
    """How many lines from `start` share one white gutter, and where it is. 0 when the first has no gap."""
    best_run, best_middle = 0, 0.0
    for index in sorted(lines[start].gaps):
        words = lines[start].words
        low, high = words[index - 1].box.x1, words[index].box.x0
        if high - low < (_BESIDE_MOTTO if _MOTTO.match(fold(words[index].text)) else _GUTTER):
            continue
        run, white = 1, [(low, high)]
        for line in lines[start + 1 :]:
            left = _still_white(white, line)
            spread = line.box.y0 - lines[start + run - 1].box.y1
            if not left or spread > 4 * line.box.height + 0.01:
                break
            white = left
            run += 1
        low, high = max(white, key=lambda stripe: stripe[1] - stripe[0])
        both = sum(line.box.x0 < low and line.box.x1 > high for line in lines[start : start + run])
        while run > 1 and not (lines[start + run - 1].box.x0 < low and lines[start + run - 1].box.x1 > high):
            last = lines[start + run - 1]
            # A last line on one side only still belongs to its column when it stands close under it.
            near = last.box.y0 - lines[start + run - 2].box.y1 < 1.2 * last.box.height
            if near and last.box.width < 0.5 and not _OPENS_PROSE.match(fold(last.text)):
                break
            run -= 1
        if both >= 2 and run > best_run:
            best_run, best_middle = run, (low + high) / 2
    return best_run, best_middle


# A gutter may grow narrower from line to line, down to this share of the page's width.
_NARROWEST = 0.015


def _still_white(white: list[tuple[float, float]], line: Line) -> list[tuple[float, float]]:
    """What one more line leaves of the white stripes between two columns."""
    left: list[tuple[float, float]] = []
    for low, high in white:
        begin = low
        for word in (*line.words, None):
            if word is not None and (word.box.x1 <= low + 0.004 or word.box.x0 >= high - 0.004):
                continue
            end = min(high, word.box.x0) if word is not None else high
            if end - begin >= _NARROWEST or (begin, end) == (low, high):
                left.append((begin, end))
            begin = max(begin, word.box.x1) if word is not None else high
    return left


def _split(lines: list[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    left, right = [], []
    for line in lines:
        here = tuple(word for word in line.words if (word.box.x0 + word.box.x1) / 2 < gutter)
        there = tuple(word for word in line.words if (word.box.x0 + word.box.x1) / 2 >= gutter)
        if here:
            left.append(part_of(line, here))
        if there:
            right.append(part_of(line, there))
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


_PARTY = re.compile(
    r"[\W\dIVX]*(?:(?:dai dien|thong tin|phia|tm\.?|thay mat)\s+)*(?:ben\b|nguoi (?:su dung )?lao dong|cong ty\s*$|"
    r"doanh nghiep\s*$|nsdld|nld\b|nguoi lao|don vi su dung)(?!.*:\s*\w)"
)


def _is_form(left: list[Line], right: list[Line]) -> bool:
    """Both columns are labels with their values, and other labels in each: one form, read row by row.

    Two parties side by side have the same labels twice or a heading each, and each is read to its end.
    """
    if left and right and all(_PARTY.match(fold(side[0].text)) for side in (left, right)):
        return False
    sides = [
        {fold(line.text.split(":")[0]).strip(" -+.*") for line in side if ":" in line.text} for side in (left, right)
    ]
    if any(len(labels) < 0.5 * len(side) for labels, side in zip(sides, (left, right), strict=True)):
        return False
    return not sides[0] & sides[1]


# Where a value of several lines stands beside its label: in lines of text, a label without any value costs this much.
_NO_VALUE = 1.2
_MOST_LINES = 6


def label_rows(left: list[Line], right: list[Line]) -> list[Line]:
    """Each label with its value. Tables set a label at the top or at the middle of its value's lines: the way that
    fits the whole table better is taken, and every line goes to the label that it stands beside then."""
    names = [line for index, line in enumerate(left) if not _other_tongue(left, index)]
    counts = min((_beside(names, right, middle) for middle in (False, True)), key=lambda way: way[0])[1]
    joined: list[Line] = []
    position = 0
    for label, count in zip(names, counts, strict=True):
        values, position = right[position : position + count], position + count
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


def _beside(names: list[Line], values: list[Line], middle: bool) -> tuple[float, list[int]]:
    """The cheapest sharing out of the values' lines, in order, among the labels: its cost and each label's count."""
    height = max(statistics.median(line.box.height for line in (*names, *values)), LEAST_HEIGHT)
    infinite = float("inf")
    costs = [0.0] + [infinite] * len(values)
    came: list[list[int]] = []
    for label in names:
        now, origin = [infinite] * (len(values) + 1), [0] * (len(values) + 1)
        for taken, cost in enumerate(costs):
            if cost == infinite:
                continue
            for count in range(min(_MOST_LINES, len(values) - taken) + 1):
                total = cost + _distance(label, values[taken : taken + count], middle, height)
                if total < now[taken + count]:
                    now[taken + count], origin[taken + count] = total, count
        costs = now
        came.append(origin)
    counts: list[int] = []
    rest = len(values)
    if costs[rest] == infinite:
        return infinite, [0] * (len(names) - 1) + [rest]
    for origin in reversed(came):
        counts.append(origin[rest])
        rest -= origin[rest]
    return costs[-1], counts[::-1]


def _distance(label: Line, block: list[Line], middle: bool, height: float) -> float:
    """How ill a label stands beside a block of lines, in lines of text."""
    if not block:
        return _NO_VALUE
    inner = sum(max(0.0, low.box.y0 - high.box.y1) for high, low in itertools.pairwise(block))
    if middle:
        apart = abs((block[0].box.y0 + block[-1].box.y1) - (label.box.y0 + label.box.y1)) / 2
    else:
        apart = abs((block[0].box.y0 + block[0].box.y1) - (label.box.y0 + label.box.y1)) / 2
    return (apart + 0.4 * inner) / height


def _other_tongue(left: list[Line], index: int) -> bool:
    """The label once more in plain letters ("Địa chỉ" / "Address"), nearer to the one above than to the next."""
    line, above = left[index], left[index - 1] if index else None
    if above is None or not line.text.isascii() or above.text.isascii():
        return False
    if not any(character.isalpha() for character in line.text):
        return False  # figures under a label are its value
    if line.text.isupper() and not above.text.isupper():
        return False  # "MST" under "Doanh nghiệp"
    gap = line.box.y0 - above.box.y1
    below = left[index + 1].box.y0 - line.box.y1 if index + 1 < len(left) else line.box.height
    return gap < 0.7 * line.box.height and gap < 0.7 * below


def _with_edges(lines: list[Line]) -> list[Line]:
    if not lines:
        return lines
    right = max(line.box.x1 for line in lines)
    width = right - min(line.box.x0 for line in lines)
    return [
        Line(line.page, line.words, line.box, line.gaps, right - line.box.x1 <= NEAR_EDGE * width, line.ends)
        for line in lines
    ]
