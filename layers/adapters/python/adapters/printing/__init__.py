"""Papers of ours become PDFs: Typst sets them, segno draws the QR code, faces of the distribution carry every letter.

What stands on a paper is data, never markup. A PDF is tagged (PDF/UA-1) and fit for keeping (PDF/A-2a); the same sheet
always gives the same bytes. Letters that no face has are printed as a box, so that no name vanishes unseen.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

import segno
from casework.forms.sheet import Sheet, Table
from casework.plain import to_plain
from casework.ports import PrintedPaper
from casework.shown import clean

from adapters.printing.faces import faces_in, letters_of
from adapters.printing.setting import SettingOrder, set_apart, set_paper

LONG_LIST = 200  # rows; beyond them a paper is set in a process of its own
PAGE = re.compile(rb"/Type\s*/Page[^s]")
LONG_RUN = re.compile(r"\S{36}(?=\S)")  # more signs without a space than a cell is wide: it may break there
MAY_BREAK = "\N{ZERO WIDTH SPACE}"
NO_LETTER = "\N{WHITE SQUARE}"
SPACES = str.maketrans(dict.fromkeys("\t\n\v\f\r\x85\u2028\u2029", " "))


class Printer:
    """Prints sheets. `faces`: a folder with the faces; "" for where the distribution keeps them."""

    def __init__(self, faces: str = "") -> None:
        self._home = faces

    @functools.cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset().union(*(letters_of(file) for file in faces_in(self._home)))

    @functools.cached_property
    def _folders(self) -> tuple[str, ...]:
        return tuple(sorted({str(file.parent) for file in faces_in(self._home)}))

    def print(self, sheet: Sheet) -> PrintedPaper:
        """The PDF of a sheet. Raises ValueError when a sheet cannot be set at all."""
        said = self._printable(to_plain(sheet)) | {"url": sheet.url}
        made_at = datetime.combine(sheet.issued_on, time(), UTC).isoformat()
        order = SettingOrder(json.dumps(said, ensure_ascii=False), code_of(sheet.url), self._folders, made_at)
        rows = sum(len(block.rows) for block in sheet.blocks if isinstance(block, Table))
        try:
            pdf = set_apart(order) if rows > LONG_LIST else set_paper(order)
        except ValueError as fault:
            raise ValueError(f"the sheet {sheet.number}: {fault}") from fault
        return PrintedPaper(pdf, len(PAGE.findall(pdf)))

    def _printable(self, said: Any) -> Any:
        """The same data with every text as it can be printed."""
        if isinstance(said, str):
            text = clean(unicodedata.normalize("NFC", said.translate(SPACES)))
            shown = "".join(letter if letter in self._letters else NO_LETTER for letter in text)
            return LONG_RUN.sub(lambda run: run[0] + MAY_BREAK, shown)
        if isinstance(said, Mapping):
            return {name: self._printable(value) for name, value in said.items()}
        if isinstance(said, list):
            return [self._printable(value) for value in said]
        return said


def code_of(url: str) -> str:
    """A QR code as SVG, with its quiet zone; a quarter of it may be soiled and it still leads there."""
    drawn: str = segno.make(url, error="q", boost_error=False).svg_inline(
        border=4, dark="#000", light="#fff", unit="mm"
    )
    return drawn


__all__ = ["NO_LETTER", "Printer", "code_of"]
