"""The shape of a paper of ours: heading, number, place and date, blocks in reading order, signature, QR code.

Every text is what it says and nothing else: a printer sets it as plain letters. Vietnamese first, English beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from casework.document import Text

PageSize = Literal["a4", "a5"]
NOTHING = Text("")
Alignment = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what is said to it, in English as well where it is a sentence."""

    label: Text
    value: str
    value_en: str = ""
    block: Literal["line"] = "line"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; `strong` for the sentence that decides, `centred` for a heading within the paper."""

    text: Text
    strong: bool = False
    centred: bool = False
    block: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Points:
    """Things listed by number, after a sentence that leads to them."""

    lead: Text
    items: tuple[Text, ...]
    block: Literal["points"] = "points"


@dataclass(frozen=True, slots=True)
class Column:
    """The heading of a column and how its cells stand; `width` is its share of the line."""

    heading: Text
    align: Alignment = "left"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; a row has a cell for each column."""

    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    block: Literal["table"] = "table"


Block = Line | Paragraph | Points | Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper as a whole, before it is printed.

    office: lines above the number, in the order of the law (parent first); `form` is the name of the legal form, ""
    without one; `note` says what is still to be confirmed. url: what the QR code leads to. issued_on: Vietnamese day.
    """

    title: Text
    number: str
    office: tuple[Text, ...]
    place: str
    issued_on: date
    page: PageSize
    blocks: tuple[Block, ...]
    signed_by: Text
    signature: Text
    url: str
    check: Text
    co_signed_by: Text = NOTHING
    subject: Text = NOTHING
    form: str = ""
    note: Text = NOTHING
