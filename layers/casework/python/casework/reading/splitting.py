"""Which pages of a file belong to which paper, in which order they are read, and which pages are not there.

Told by titles and mottos, by printed page numbers ("Trang 2/3", "- 2 -") and by the numbers of articles. A page that
tells nothing of itself stays with the page before it. Nothing is thrown away: every page is in exactly one part.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casework.document import Box, Page
from casework.reading.document_types import document_types
from casework.reading.flow import read_lines
from casework.reading.kinds import UNKNOWN, likely_type, opens_paper
from casework.reading.lines import words_to_lines
from casework.vietnam.letters import fold

# Printed numbers stand in the outermost lines of a page: so far from its edge, in page heights.
_MARGIN = 0.085
# A title stands in the upper part of its page.
_UPPER = 0.5

_OF = re.compile(
    r"(?:^|[^\d/])(?:trang|tr\.?|page|p\.)?\s*(?P<n>\d{1,3})\s*(?:/|tren|of)\s*(?P<of>\d{1,3})\s*[-–.|]?\s*$"
)
_NAMED = re.compile(r"(?:trang|page|tr\.)\s*:?\s*(?P<n>\d{1,3})\s*[-–.|]?\s*$")
_ALONE = re.compile(r"^[-–~\[(|\s]*(?P<n>\d{1,3})[-–~\])|.\s]*$")
_OF_ALONE = re.compile(r"(?:trang|page)\s*(?:/|tren|of)\s*(?P<of>\d{1,3})\s*[-–.|]?\s*$")  # the page's own was lost
_MISREAD_ONE = re.compile(r"(?<=\btrang )[l|i](?=\W|$)|(?<=\bpage )[l|i](?=\W|$)")
_ARTICLE = re.compile(r"^\W{0,3}dieu\s+(?P<n>\d{1,2})\s*[.:–-]")


@dataclass(frozen=True, slots=True)
class Clues:
    """What one page tells of its place.

    kind: the type its own title names ("unknown": another title), "" when it has none; then `likely` is the type whose
    words it has. number, of: as printed. articles: the first and the last that begin on it. row: the number of the
    first row of a list.
    """

    page: int
    kind: str = ""
    number: int | None = None
    of: int | None = None
    articles: tuple[int, int] | None = None
    row: int | None = None
    likely: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The pages of one paper, as numbered in the file, in the order in which they are read. `kind` as its title says.

    turned: (page of the file, its number in the paper, number of the page it wrongly stands before).
    missing: printed numbers of pages that are not there, of so many (`of`). numbers: as printed, page by page.
    """

    pages: tuple[int, ...]
    kind: str = ""
    turned: tuple[tuple[int, int, int], ...] = ()
    missing: tuple[int, ...] = ()
    of: int = 0
    numbers: tuple[int | None, ...] = ()


def split(pages: Sequence[Page]) -> tuple[Part, ...]:
    """The papers among the pages of one file, in the order in which they begin."""
    if len(pages) == 1:
        number, of = _printed_number(pages[0])
        if number is not None and number > 1 and of is None and clues_of(pages[0]).kind:
            number = None  # under a title of its own it is no later page
        if number is None and of is not None and clues_of(pages[0]).kind:
            number = 1  # the first of so many, its own number lost
        return (_part([Clues(pages[0].number, "", number, of)]),)
    clues = [clues_of(page) for page in pages]
    groups: list[list[Clues]] = []
    for clue in clues:
        if groups and not _begins(clue, groups[-1]):
            groups[-1].append(clue)
        else:
            groups.append([clue])
    return tuple(_part(group) for group in _rejoined(groups))


def clues_of(page: Page) -> Clues:
    """What a page tells of its place; nothing where it cannot be read."""
    if not page.readable or not page.words:
        return Clues(page.number)
    number, of = _printed_number(page)
    listed = _lists(page)
    loose = (word for word in page.words if not any(_within(word.box, area) for area in listed))
    upper = replace(page, words=tuple(word for word in loose if word.box.y0 < _UPPER), grids=())
    lines = [fold(line.text) for line in words_to_lines(page.words, page)]
    found = [int(match["n"]) for line in lines if (match := _ARTICLE.match(line))]
    # A law that is cited has numbers out of all order; those of the paper rise one by one.
    rising = all(after == before + 1 for before, after in itertools.pairwise(found))
    articles = (found[0], found[-1]) if found and rising else None
    kind = opens_paper(read_lines([upper]))
    likely = "" if kind else likely_type(read_lines([page]))
    return Clues(page.number, kind, number, of, articles, _first_row(page), likely)


# A row of so many filled cells is a list's: its heading ("Hợp đồng lao động" over two columns) is no title.
_CELLS_OF_A_LIST = 5


def _lists(page: Page) -> list[Box]:
    """Where lists stand, from the first row of theirs down: a frame may hold the letterhead above it."""
    areas = []
    for grid in page.grids:
        tops: dict[int, list[float]] = {}
        for cell in grid.cells:
            if cell.words:
                tops.setdefault(cell.row, []).append(cell.box.y0)
        top = min((min(row) for row in tops.values() if len(row) >= _CELLS_OF_A_LIST), default=None)
        if top is not None:
            areas.append(Box(grid.box.x0, top, grid.box.x1, grid.box.y1))
    return areas


def _within(word: Box, area: Box) -> bool:
    across, down = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return area.x0 <= across <= area.x1 and area.y0 <= down <= area.y1


def _first_row(page: Page) -> int | None:
    """The number in the first cell of the first row that has one, of the largest table of the page."""
    grid = max(page.grids, key=lambda grid: grid.rows, default=None)
    for cell in sorted(grid.cells if grid else (), key=lambda cell: cell.row):
        text = "".join(word.text for word in cell.words).rstrip(".")
        if cell.column == 0 and re.fullmatch(r"\d{1,4}", text):
            return int(text)
    return None


def _printed_number(page: Page) -> tuple[int | None, int | None]:
    edge = [word for word in page.words if word.box.y1 < _MARGIN or word.box.y0 > 1 - _MARGIN]
    if edge:  # the number of a list's last row is none of the page
        listed = _lists(page)
        edge = [word for word in edge if not any(_within(word.box, area) for area in listed)]
    lines = words_to_lines(edge, page)
    for pattern in (_OF, _NAMED, _ALONE):
        for line in lines:
            text = _MISREAD_ONE.sub("1", fold(line.text).strip().replace("⁄", "/"))
            match = pattern.search(text)
            if match is None or (pattern is _OF and re.search(r"\d\s*/\s*\d+\s*/", text)):
                continue
            number = int(match["n"])
            of = int(match["of"]) if pattern is _OF else None
            if number >= 1 and (of is None or number <= of <= 300):
                return number, of
    lost = [match for line in lines if (match := _OF_ALONE.search(fold(line.text).strip().replace("⁄", "/")))]
    return None, int(lost[0]["of"]) if lost and 1 < int(lost[0]["of"]) <= 300 else None


def _begins(clue: Clues, before: Sequence[Clues]) -> bool:
    """A new paper begins on this page."""
    if clue.number is not None and clue.number > 1:
        # A later page of its set: of this paper, unless this paper has such a page already or is another set.
        seen = {each.number for each in before}
        sets = {each.of for each in before if each.of is not None}
        next_one = not clue.kind and before[-1].number == clue.number - 1
        other = clue.of is not None and bool(sets) and clue.of not in sets and not next_one
        return clue.number in seen or other
    if clue.kind:
        described = document_types().get(clue.kind)
        same = any(each.kind == clue.kind for each in before)
        if same and described is not None and described.gathers:
            return False
        if same and described is not None and described.table and clue.row is not None and clue.row > 1:
            return False  # the heading of a list, printed again on each of its pages
        # A page without a number that another page of the set must be: "1" of a set that has begun with its second.
        return not (clue.number == 1 and _lacks_first(before) and not any(each.kind for each in before))
    return clue.number == 1 and any(each.number is not None for each in before) and not _lacks_first(before)


def _lacks_first(group: Sequence[Clues]) -> bool:
    numbers = {each.number for each in group if each.number is not None}
    return bool(numbers) and 1 not in numbers


def _rejoined(groups: Sequence[list[Clues]]) -> list[list[Clues]]:
    """Pages without a title go to the paper behind them when they are those it lacks, else to the one before them."""
    joined: list[list[Clues]] = []
    stray: list[Clues] = []
    for group in groups:
        if not any(each.kind for each in group):
            stray = [*stray, *group]
            continue
        if stray and _follows(stray, group):
            group = [*stray, *group]
        elif stray:
            _leave(stray, joined)
        stray = []
        joined.append(group)
    if stray:
        _leave(stray, joined)
    return joined


def _leave(stray: list[Clues], joined: list[list[Clues]]) -> None:
    """Put stray pages behind the paper before them, or by themselves when they are plainly of another."""
    before = joined[-1] if joined else []
    numbers = {each.number for each in before if each.number is not None}
    kinds = {each.kind for each in before if each.kind}
    again = any(each.number in numbers for each in stray)
    foreign = any(each.likely not in ("", UNKNOWN) and each.likely not in kinds for each in stray)
    if before and not (again and foreign):
        joined[-1] = [*before, *stray]
    else:
        joined.append(stray)


def _follows(stray: Sequence[Clues], group: Sequence[Clues]) -> bool:
    """The stray pages are those that the group lacks: by their printed numbers, else by words, rows or articles."""
    numbers = {each.number for each in group if each.number is not None}
    own = {each.number for each in stray if each.number is not None}
    if own:
        sets = {each.of for each in (*stray, *group) if each.of is not None}
        # A first page often bears no number.
        begins = not numbers or min(numbers) == 1 or any(each.kind and each.number is None for each in group)
        return not own & numbers and len(sets) <= 1 and min(own) > 1 and begins
    kinds = {each.kind for each in group if each.kind}
    if any(each.likely in kinds for each in stray):
        return True
    rows = [[each.row for each in pages if each.row is not None] for pages in (stray, group)]
    if all(rows) and min(rows[0]) > 1 == min(rows[1]):
        return True
    last = max((each.articles[1] for each in group if each.articles), default=None)
    first = min((each.articles[0] for each in stray if each.articles), default=None)
    return last is not None and first is not None and first == last + 1


_LATE = 9  # a page alone without a title is a later one of its paper; a higher number at its edge may be any number


def _part(group: Sequence[Clues]) -> Part:
    kind = next((each.kind for each in group if each.kind and each.kind != UNKNOWN), "") or next(
        (each.kind for each in group if each.kind), ""
    )
    group = _with_likely_numbers(group)
    numbered = _numbered(group)
    numbers = [each.number for each in numbered if each.number is not None]
    said = {each.of for each in group if each.of is not None}
    of = said.pop() if len(said) == 1 else None  # two that differ: one was misread
    ordered, turned = _in_order(numbered)
    untitled = not any(each.kind for each in group)
    whole = of or (max(numbers) if len(numbers) > 1 or (untitled and numbers and numbers[0] <= _LATE) else 0)
    missing = _missing(numbered, whole) if numbers else ()
    printed = tuple(each.number for each in ordered)
    return Part(tuple(each.page for each in ordered), kind, turned, missing, of or whole, printed)


def _with_likely_numbers(group: Sequence[Clues]) -> list[Clues]:
    """The pages without numbers that cannot be theirs: beyond the number of pages the others say there are ("2/2" read
    as 22), or far from all others (the number of a clause on a line of its own)."""
    most = max((each.of for each in group if each.of is not None), default=0)
    numbers = [each.number for each in group if each.number is not None]

    def far(number: int) -> bool:
        near = sum(abs(number - other) <= len(group) for other in numbers) > 1
        return number > len(group) + _LATE and not near

    return [
        replace(each, number=None)
        if each.number is not None and each.of is None and (0 < most < each.number or far(each.number))
        else each
        for each in group
    ]


def _missing(group: Sequence[Clues], whole: int) -> tuple[int, ...]:
    """Numbers up to `whole` that no page has. A page without a number may be one of those; where the others rise in the
    file, only one of those between its neighbours."""
    numbers = [each.number for each in group if each.number is not None]
    rising = all(before < after for before, after in itertools.pairwise(numbers))
    gaps: list[tuple[list[int], int]] = []  # numbers that are not there, pages there without a number
    last, unnumbered = 0, 0
    for each in group if rising else ():
        if each.number is None:
            unnumbered += 1
            continue
        gaps.append((list(range(last + 1, each.number)), unnumbered))
        last, unnumbered = each.number, 0
    if rising:
        gaps.append((list(range(last + 1, whole + 1)), unnumbered))
    else:
        lacking = [number for number in range(1, whole + 1) if number not in numbers]
        gaps.append((lacking, sum(each.number is None for each in group)))
    return tuple(number for lacking, there in gaps for number in lacking[: max(0, len(lacking) - there)])


def _numbered(group: Sequence[Clues]) -> list[Clues]:
    """A first page often bears no number: it is the first when the others say which they are."""
    numbers = {each.number for each in group if each.number is not None}
    without = [each for each in group if each.number is None]
    if (numbers or any(each.of is not None for each in group)) and 1 not in numbers:
        first = next((each for each in without if each.kind), None)
        if first is not None:
            return [replace(each, number=1) if each is first else each for each in group]
    return list(group)


def _in_order(group: Sequence[Clues]) -> tuple[list[Clues], tuple[tuple[int, int, int], ...]]:
    """The pages as they are read, and those that stand too early in the file, each with the page it stands before."""
    keys = _keys(group)
    if keys is None:
        return list(group), ()
    order = sorted(range(len(group)), key=lambda index: (keys[index], index))
    numbers = _page_numbers(group, order)
    turned = tuple(
        (group[index].page, numbers[index], numbers[index + 1])
        for index in range(len(group) - 1)
        if keys[index] > keys[index + 1]
    )
    return [group[index] for index in order], turned


def _page_numbers(group: Sequence[Clues], order: Sequence[int]) -> dict[int, int]:
    """The number of each page, by its place in the file: as printed, else the one that follows the page before it."""
    numbers: dict[int, int] = {}
    last = 0
    for index in order:
        last = group[index].number or last + 1
        numbers[index] = last
    return numbers


def _keys(group: Sequence[Clues]) -> list[float] | None:
    """What the pages are ordered by: printed numbers when all but unreadable pages have them, else articles."""
    numbers = [each.number for each in group]
    known = [number for number in numbers if number is not None]
    if len(known) > 1 and len(set(known)) == len(known):
        return _filled([None if number is None else float(number) for number in numbers])
    if known:
        return None
    rows = [each.row for each in group]
    known_rows = [row for row in rows if row is not None]
    if len(known_rows) > 1 and len(set(known_rows)) == len(known_rows):
        return _filled([None if row is None else float(row) for row in rows])
    firsts = [None if each.articles is None else float(each.articles[0]) for each in group]
    told = [first for first in firsts if first is not None]
    spans = sorted(each.articles for each in group if each.articles)
    apart = all(a[1] < b[0] for a, b in itertools.pairwise(spans))
    titled = [index for index, each in enumerate(group) if each.kind]
    if titled and titled[0] > 0:
        # What stands before the page with the title was scanned before it by mistake.
        return [0.0 if each.kind else 1.0 + index for index, each in enumerate(group)]
    if len(told) < 2 or not apart:
        return None
    # A page with the title is the first whatever its articles.
    return _filled([0.0 if each.kind else first for each, first in zip(group, firsts, strict=True)])


def _filled(keys: Sequence[float | None]) -> list[float]:
    """A page that tells nothing stays behind the page before it."""
    filled: list[float] = []
    for key in keys:
        filled.append(key if key is not None else (filled[-1] + 0.5 if filled else 0.5))
    return filled
