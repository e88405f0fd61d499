"""Reading: the words of one document become its type and its fields, each with its evidence. Pure.

`read_fields` is all the others need. What a page cannot give stays None; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from casework.document import Box, Jump, Page, Part, Problem, Reading
from casework.errors import problem
from casework.reading import spreads

if TYPE_CHECKING:
    from casework.reading.splitting import Part as Pages

SecondLook = Callable[[int, Box, str | None], tuple[str, float]]
Each = Callable[[Callable[["Pages"], Part], Sequence["Pages"]], Iterable[Part]]


def read_fields(pages: Sequence[Page], second_look: SecondLook | None = None, each: Each = map) -> Reading:
    """Find what one document says.

    pages: those of one document as they were sent, boxes in page fractions, words in any order. Unreadable pages are
    kept in the answer and their words not believed. second_look(page number, box, alphabet) reads a doubtful crop
    again and returns its text and confidence; it is asked only for values made of digits read by OCR.
    each: map, or one that goes through several papers of one file side by side.
    Returns one Field per field of the type's description (value None, confidence 0.0 when not found), and the rows of
    its table. Several papers in one file are parted and each is read by itself; pages are read in the order in which
    they belong; of two pages on one sheet (`spreads`) the left one first. Deterministic.
    """
    from casework.reading.confidence import VERSION
    from casework.reading.extraction import extract
    from casework.reading.sheet_faults import only_lists, remarks_on
    from casework.reading.splitting import split

    halves = spreads.opened(pages)
    alone = [half.page for half in halves.values()] or list(pages)
    look = spreads.looking(halves, second_look) if halves and second_look else second_look
    by_number = {page.number: page for page in alone}
    divided = split(alone)

    def read(part: Pages) -> Part:
        said = extract([by_number[number] for number in part.pages], look)
        found = Part(said[0], said[1], part.pages, said[2], said[3])
        return only_lists(spreads.on_sheets(found, halves) if halves else found, pages)

    parts = list(each(read, divided) if len(divided) > 1 else map(read, divided))
    main = next((part for part in parts if part.document_type != "unknown"), parts[0] if parts else _NOTHING)
    short = tuple(replace(page, words=(), grids=()) for page in _seen_as_empty(pages))
    return Reading(
        main.document_type,
        main.type_confidence,
        main.fields,
        main.tables,
        short,
        tuple(parts) if len(parts) > 1 else (),
        (*(remark for part in divided for remark in _remarks(part, halves)), *remarks_on(parts, pages)),
        VERSION,
        tuple(jump for part in divided for jump in _jumps(part, by_number, halves)),
    )


_NOTHING = Part("unknown", 0.0, ())


def _seen_as_empty(pages: Sequence[Page]) -> Sequence[Page]:
    """A blank page among others is the back of a sheet; where every page is blank, nothing was sent that could be
    read, and each says so."""
    if any(page.words or page.problem for page in pages):
        return pages
    return [replace(page, problem=problem("page-blank", page=page.number)) for page in pages]


def _remarks(part: Pages, halves: Mapping[int, spreads.Half]) -> Iterator[Problem]:
    """What is to be said of a paper's pages: those out of order, those that are not there."""
    for page, number, before in part.turned:
        sheet = halves[page].sheet if halves else page
        yield problem("pages-out-of-order", page=sheet, number=number, before=before)
    for number in part.missing:
        yield problem("page-missing", number=number, of=part.of)


def _jumps(part: Pages, pages: Mapping[int, Page], halves: Mapping[int, spreads.Half]) -> Iterator[Jump]:
    """Where the numbers of one paper jump; two pages on one sheet are named by their sheets."""
    from casework.reading.going_on import jumps

    for jump in jumps(part, pages):
        before, after = (halves[page].sheet if halves else page for page in jump.pages)
        yield replace(jump, pages=(before, after), boxes=(None, None)) if halves else jump
