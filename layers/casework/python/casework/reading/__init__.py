"""Reading: the words of one document become its type and its fields, each with its evidence. Pure.

`read_fields` is all the others need. What a page cannot give stays None; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from casework.document import Box, Page, Reading

SecondLook = Callable[[int, Box, str | None], tuple[str, float]]


def read_fields(pages: Sequence[Page], second_look: SecondLook | None = None) -> Reading:
    """Find what one document says.

    pages: those of one document in order, boxes in page fractions, words in any order. Unreadable pages are kept in
    the answer and their words not believed. second_look(page number, box, alphabet) reads a doubtful crop again and
    returns its text and confidence; it is asked only for values made of digits read by OCR.
    Returns one Field per field of the type's description (value None, confidence 0.0 when not found), and the rows of
    its table. Deterministic.
    """
    from casework.reading.extraction import extract

    document_type, type_confidence, fields, tables = extract(pages, second_look)
    short = tuple(replace(page, words=(), grids=()) for page in pages)
    return Reading(document_type, type_confidence, fields, tables, short)
