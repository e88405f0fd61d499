"""Two pages on one sheet: an open book laid on the glass, or two sheets copied on one of twice the size.

A page wider than high with a white stripe down its middle is read as two, the left one first; what is found keeps its
place on the sheet. A title or a table that crosses the middle makes it one page, and so does a list without lines,
whose columns show as further stripes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from casework.document import Box, Cell, Field, Grid, Mark, Page, Part, Word

_WIDER = 1.15
_FIRST, _LAST = 0.42, 0.58  # of the sheet's width, where the fold may be
_NARROWEST = 0.035  # of the sheet's width: the inner margins of two pages, 15 mm of A3
_FEWEST_WORDS, _LOWEST_HALF = 15, 0.15
_DOUBTED = 0.3
_COLUMN_GAP = 0.012  # of the sheet's width: between two columns of a list without lines
_LIST = 3  # so many columns' gaps on both halves together make them one list


@dataclass(frozen=True, slots=True)
class Half:
    """One of two pages: its words and tables as if it lay alone, and which part of which sheet it is."""

    page: Page
    sheet: int
    x0: float
    x1: float

    def on_sheet(self, box: Box) -> Box:
        """A box of this page in fractions of the sheet."""
        width = self.x1 - self.x0
        return Box(round(self.x0 + box.x0 * width, 5), box.y0, round(self.x0 + box.x1 * width, 5), box.y1)

    def found(self, field: Field) -> Field:
        """A field found on this page, with its place on the sheet."""
        return replace(field, page=self.sheet, box=self.on_sheet(field.box) if field.box else None)


def gutter_of(words: Sequence[Word], width: float, height: float, grids: Sequence[Grid] = ()) -> float | None:
    """Where the fold between two pages runs, in fractions of the sheet's width; None for one page."""
    if not height or width / height < _WIDER:
        return None
    sure = [word.box for word in words if word.confidence >= _DOUBTED]
    stripes = _white([*sure, *(grid.box for grid in grids)])
    low, high = max(stripes, key=lambda stripe: stripe[1] - stripe[0], default=(0.0, 0.0))
    if high - low < _NARROWEST:
        return None
    fold = (low + high) / 2
    halves = [box for box in sure if box.x1 <= fold], [box for box in sure if box.x0 >= fold]
    if not grids and sum(map(_columns, halves)) >= _LIST:
        return None
    for half in halves:
        if len(half) < _FEWEST_WORDS:
            return None
        if max(box.y1 for box in half) - min(box.y0 for box in half) < _LOWEST_HALF:
            return None
    return fold


def _columns(half: Sequence[Box]) -> int:
    """How many white stripes part the words of a half from top to bottom: writing has none, an unruled list many."""
    stripes, reached = 0, 1.0
    for box in sorted(half, key=lambda each: each.x0):
        stripes += box.x0 - reached >= _COLUMN_GAP
        reached = max(box.x1, reached if reached < 1.0 else 0.0)
    return stripes


def _white(boxes: Sequence[Box]) -> Iterator[tuple[float, float]]:
    """The stripes about the middle that no box touches."""
    low = _FIRST
    for box in sorted(boxes, key=lambda each: each.x0):
        if box.x1 <= low:
            continue
        if box.x0 >= _LAST:
            break
        if box.x0 > low:
            yield low, box.x0
        low = box.x1
    if low < _LAST:
        yield low, _LAST


def opened(pages: Sequence[Page]) -> dict[int, Half]:
    """The pages by new numbers from 1, sheets with two pages on them as two. Every page is a half of itself at least;
    empty where no sheet has two, which is the rule."""
    halves: list[Half] = []
    for page in pages:
        fold = gutter_of(page.words, page.width_px, page.height_px, page.grids) if page.readable else None
        if fold is None:
            halves.append(Half(page, page.number, 0.0, 1.0))
        else:
            halves += [_half(page, 0.0, fold), _half(page, fold, 1.0)]
    if len(halves) == len(pages):
        return {}
    return {
        number: replace(half, page=replace(half.page, number=number)) for number, half in enumerate(halves, start=1)
    }


def looking(
    halves: dict[int, Half], look: Callable[[int, Box, str | None], tuple[str, float]]
) -> Callable[[int, Box, str | None], tuple[str, float]]:
    """A second look at a box of a half, taken at its place on the sheet."""
    return lambda number, box, alphabet: look(halves[number].sheet, halves[number].on_sheet(box), alphabet)


def on_sheets(part: Part, halves: dict[int, Half]) -> Part:
    """What was found on halves, with pages and boxes of the sheets; a sheet that two halves belong to is told once."""

    def found(field: Field) -> Field:
        return field if field.page is None else halves[field.page].found(field)

    return replace(
        part,
        pages=tuple(dict.fromkeys(halves[number].sheet for number in part.pages)),
        fields={name: found(field) for name, field in part.fields.items()},
        tables={
            name: tuple({key: found(field) for key, field in row.items()} for row in rows)
            for name, rows in part.tables.items()
        },
    )


def _half(page: Page, x0: float, x1: float) -> Half:
    def own(box: Box) -> Box:
        return Box(*(
            round(min(1.0, max(0.0, side)), 5)
            for side in ((box.x0 - x0) / (x1 - x0), box.y0, (box.x1 - x0) / (x1 - x0), box.y1)
        ))  # fmt: skip

    def here(box: Box) -> bool:
        return x0 <= (box.x0 + box.x1) / 2 < x1

    def moved(words: Sequence[Word]) -> tuple[Word, ...]:
        return tuple(replace(word, box=own(word.box)) for word in words if here(word.box))

    def marked(marks: Sequence[Mark]) -> tuple[Mark, ...]:
        return tuple(replace(mark, box=own(mark.box)) for mark in marks if here(mark.box))

    grids = tuple(
        Grid(
            own(grid.box),
            grid.rows,
            grid.columns,
            tuple(Cell(cell.row, cell.column, own(cell.box), moved(cell.words)) for cell in grid.cells),
        )
        for grid in page.grids
        if here(grid.box)
    )
    alone = replace(
        page,
        width_px=round(page.width_px * (x1 - x0)),
        words=moved(page.words),
        grids=grids,
        seals=marked(page.seals),
        signatures=marked(page.signatures),
    )
    return Half(alone, page.number, x0, x1)
