"""What is amiss in the cells of a list that came as a spreadsheet, person by person and column by column.

Nobody misread it: what is wrong stands there, so its sender is told where, and what spreadsheets do to numbers. What
follows from it for a person, the page of the list says.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from casework.document import Field, Page, Part, Problem, Text
from casework.errors import problem
from casework.facts import dictionary
from casework.reading.document_types import document_types
from casework.reading.doubts import in_both
from casework.shown import clean

MOST_TOLD = 20
_LENGTHS = {"employee.id_number": (9, 12), "employee.bhxh_number": (10,), "employee.phone": (10,)}
_LOST_NOUGHT = Text(
    "có thể đã mất số 0 ở đầu vì ô để dạng số: đổi cột sang dạng văn bản (Text) rồi gõ lại",
    "the nought it begins with was probably lost because the cell is a number: make the column text and type it again",
)
_UNREAD = Text("không hiểu được nội dung ô", "what it says was not understood")
_NO_NAME = Text("(không có tên)", "(no name)")


def only_lists(part: Part, pages: Sequence[Page]) -> Part:
    """A spreadsheet is taken for a list and for nothing else: no agreement is signed in one."""
    sheets = {page.number for page in pages if page.source == "sheet"}
    kind = document_types().get(part.document_type)
    if sheets.isdisjoint(part.pages) or kind is None or kind.table is not None:
        return part
    return Part("unknown", 0.0, part.pages)


def remarks_on(parts: Sequence[Part], pages: Sequence[Page]) -> Iterator[Problem]:
    """One problem for each cell that is not clear, the first of them; then how many more there are."""
    sheets = {page.number for page in pages if page.source == "sheet"}
    listed = (part for part in parts if not sheets.isdisjoint(part.pages))
    found = (told for part in listed for rows in part.tables.values() for row in rows for told in _of_row(row))
    yield from itertools.islice(found, MOST_TOLD)
    if more := sum(1 for _ in found):
        yield problem("list-cells-more", count=more)


def _of_row(row: Mapping[str, Field]) -> Iterator[Problem]:
    number, who = row.get("row.number", _EMPTY).value or "?", row.get("employee.full_name", _EMPTY)
    name = Text(clean(str(who.value)), clean(str(who.value))) if who.value else _NO_NAME
    for column, cell in row.items():
        kind = dictionary().get(column)
        if kind is None or not cell.raw.strip() or not (cell.doubts or cell.value is None):
            continue
        why = [*in_both(cell.doubts), *([_LOST_NOUGHT] if _lost_a_nought(column, cell) else [])] or [_UNREAD]
        told = {"number": number, "raw": clean(cell.raw)[:60]}
        vi = problem(
            "list-cell-unclear", **told, column=kind.title.vi, name=name.vi, why="; ".join(each.vi for each in why)
        )
        en = problem(
            "list-cell-unclear", **told, column=kind.title.en, name=name.en, why="; ".join(each.en for each in why)
        )
        yield replace(vi, title_en=en.title_en, detail_en=en.detail_en)


_EMPTY = Field(None)


def _lost_a_nought(column: str, cell: Field) -> bool:
    digits = "".join(filter(str.isdigit, cell.raw))
    return digits == cell.raw.strip() and len(digits) + 1 in _LENGTHS.get(column, ())
