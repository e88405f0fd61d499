"""Does a paper go on from page to page? Articles, headings and rows of a list that jump between two pages.

"Điều 3" ends one page and "Điều 5" begins the next: a page may be missing there, or one was replaced, numbers on the
pages or not. Weaker than a page number that is not there: a heading may have been misread. So nothing is said where
the number stands on any other page of the paper (pages in another order are all there), where a line could be the one
that is looked for, or where the pages' own numbers follow on each other. Pure.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casework.document import Box, Counted, Grid, Jump, Page
from casework.reading.lines import Line, words_to_lines
from casework.vietnam.letters import fold

if TYPE_CHECKING:
    from casework.reading.splitting import Part

ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_FORMS: dict[Counted, re.Pattern[str]] = {
    "article": re.compile(r"^\W{0,3}dieu\s+(?P<n>\d{1,2})\s*[.:–-]"),
    "part": re.compile(r"^\W{0,2}(?P<n>[ivx]{1,4})\s*[.)/-]\s*[a-z]{2}"),
    "heading": re.compile(r"^\W{0,2}(?P<n>\d{1,2})\s*[.)]\s*[a-z]{2}"),
}
# What a heading that was misread still shows: its number behind a short word, or at the beginning of a line.
_BEHIND_A_WORD = re.compile(r"^\W{0,3}\S{2,6}?\s{0,2}(?P<n>\d{1,2})(?!\d)")
_AT_THE_BEGINNING = re.compile(r"^.{0,4}?(?<!\d)(?P<n>\d{1,2})(?!\d)")
_NUMBER_LOST = re.compile(r"^\W{0,3}d[il1]e[uv]\s?\D{0,3}(?:[.:–-]|$)")
_WIDEST = 6  # of articles and headings; a jump of more is rather a law that is cited, or a misread number
_FEWEST_ROWS = 2  # that count on by one at the end of a page and at the beginning of the next
_NUMBER = re.compile(r"\D{0,1}(?P<n>\d{1,4})\D{0,1}")


@dataclass(frozen=True, slots=True)
class _Run:
    """The numbers of one kind on one page: the first and the last, with their places."""

    page: int
    first: tuple[int, Box]
    last: tuple[int, Box]


def jumps(part: Part, pages: Mapping[int, Page]) -> Iterator[Jump]:
    """Where the numbers of one paper jump from one page to the next. pages: by number, with their words.

    part: the pages in the order in which they are read. Nothing is said of pages that cannot be read.
    """
    shown = [pages[number] for number in part.pages]
    if len(shown) < 2 or not all(page.readable and page.words for page in shown):
        return
    following = _following(part)
    lines = {page.number: words_to_lines(page.words, page) for page in shown}
    for kind, form in _FORMS.items():
        found = list(_of_headings(kind, form, shown, lines, following))
        yield from found
        if found:
            break  # one reason to look at these pages
    yield from _of_rows(shown, following)


def _following(part: Part) -> set[tuple[int, int]]:
    """Pairs of pages whose printed numbers follow on each other: nothing is missing there."""
    numbered = list(zip(part.pages, part.numbers, strict=True))
    return {
        (page, after)
        for (page, number), (after, next_) in itertools.pairwise(numbered)
        if number is not None and next_ == number + 1
    }


def _of_headings(
    kind: Counted,
    form: re.Pattern[str],
    pages: Sequence[Page],
    lines: Mapping[int, list[Line]],
    following: set[tuple[int, int]],
) -> Iterator[Jump]:
    found = {page.number: _run(kind, form, page.number, lines[page.number]) for page in pages}
    runs = [run for run in found.values() if run is not None]
    # One set of numbers through the whole paper; a page that counts otherwise, or begins anew, makes it several.
    spans = sorted((run.first[0], run.last[0]) for run in runs)
    if len(runs) < 2 or any(a[1] >= b[0] for a, b in itertools.pairwise(spans)):
        return
    there = {
        number
        for page in pages
        for number in _maybe(kind, lines[page.number]) | _numbers(kind, form, lines[page.number])
    }
    for before, after in _neighbours(pages, found, following):
        lacking = range(before.last[0] + 1, after.first[0])
        lost = sum(_lost(lines[page]) for page in (before.page, after.page)) if kind == "article" else 0
        if lost < len(lacking) <= _WIDEST and not there.intersection(lacking):
            yield Jump(
                kind, (before.page, after.page), (before.last[1], after.first[1]), before.last[0], after.first[0]
            )


def _neighbours(
    pages: Sequence[Page], found: Mapping[int, _Run | None], following: set[tuple[int, int]]
) -> Iterator[tuple[_Run, _Run]]:
    """Runs of two pages, one behind the other: between them nothing was read that is numbered in another way."""
    for page, after in itertools.pairwise(pages):
        before, behind = found[page.number], found[after.number]
        if before is not None and behind is not None and (page.number, after.number) not in following:
            yield before, behind


def _run(kind: Counted, form: re.Pattern[str], page: int, lines: Sequence[Line]) -> _Run | None:
    """The numbers of one kind on a page where they rise one by one, as those of a paper do."""
    read = [(number, line.box) for line in lines if (number := _number(kind, form, line)) is not None]
    if not read or any(after[0] != before[0] + 1 for before, after in itertools.pairwise(read)):
        return None
    return _Run(page, read[0], read[-1])


def _numbers(kind: Counted, form: re.Pattern[str], lines: Sequence[Line]) -> set[int]:
    return {number for line in lines if (number := _number(kind, form, line)) is not None}


def _number(kind: Counted, form: re.Pattern[str], line: Line) -> int | None:
    match = form.search(fold(line.text).strip())
    if match is None:
        return None
    if kind == "part":
        roman = match["n"].upper()
        return ROMANS.index(roman) + 1 if roman in ROMANS else None
    return int(match["n"])


def _maybe(kind: Counted, lines: Sequence[Line]) -> set[int]:
    """Numbers that lines begin with in any way: a misread heading is still there."""
    form = _BEHIND_A_WORD if kind == "article" else _AT_THE_BEGINNING
    return {int(match["n"]) for line in lines if (match := form.search(fold(line.text).strip()))}


def _lost(lines: Sequence[Line]) -> int:
    """Headings of articles whose numbers were not read."""
    return sum(_NUMBER_LOST.search(fold(line.text).strip()) is not None for line in lines)


# -- rows of a list ---------------------------------------------------------------------------------------------------


def _of_rows(pages: Sequence[Page], following: set[tuple[int, int]]) -> Iterator[Jump]:
    """A list that breaks off at one number and goes on at a later one, more rows apart than could have lost theirs."""
    columns = {page.number: _numbered_rows(page) for page in pages}
    there = {number for rows in columns.values() for number, _ in rows if number is not None}
    for page, after in itertools.pairwise(pages):
        if (page.number, after.number) in following:
            continue
        last, first = _end(columns[page.number][::-1], -1), _end(columns[after.number], 1)
        if last is None or first is None:
            continue
        lacking = range(last[0] + 1, first[0])
        if len(lacking) > last[2] + first[2] and not there.intersection(lacking):
            yield Jump("row", (page.number, after.number), (last[1], first[1]), last[0], first[0])


def _end(rows: Sequence[tuple[int | None, Box]], step: int) -> tuple[int, Box, int] | None:
    """The outermost number of a page's list, its place, and how many rows without one stand outside of it; None where
    it does not count on by one from there."""
    places = [place for place, (number, _) in enumerate(rows) if number is not None]
    if len(places) < _FEWEST_ROWS or places[1] != places[0] + 1:
        return None
    outer, inner = rows[places[0]], rows[places[1]]
    if outer[0] is None or inner[0] != outer[0] + step:
        return None
    return outer[0], outer[1], places[0]


def _numbered_rows(page: Page) -> list[tuple[int | None, Box]]:
    """The rows of the largest table that hold anything, each with the number in its first cell and that cell's box."""
    grid = max(page.grids, key=lambda grid: grid.rows, default=None)
    return [] if grid is None else _rows_of(grid)


def _rows_of(grid: Grid) -> list[tuple[int | None, Box]]:
    rows: dict[int, tuple[int | None, Box]] = {}
    filled: dict[int, int] = {}
    for cell in grid.cells:
        filled[cell.row] = filled.get(cell.row, 0) + bool(cell.words)
        if cell.column == 0:
            match = _NUMBER.fullmatch("".join(word.text for word in cell.words))
            rows[cell.row] = (int(match["n"]) if match else None, cell.box)
    # A row that heads a group, or that is nearly empty, may have been one whose number was not read.
    return [rows[row] for row in sorted(rows) if filled[row]]
