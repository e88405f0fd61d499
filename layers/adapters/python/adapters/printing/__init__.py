"""Papers of ours become PDFs: Typst sets them, segno draws the QR code, faces of the distribution carry every letter.

What stands on a paper is data, never markup. A PDF is tagged (PDF/UA-1) and fit for keeping (PDF/A-2a); the same sheet
always gives the same bytes. Letters that no face has are printed as a box, so that no name vanishes unseen.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from casework.forms.sheet import Sheet
from casework.plain import to_plain
from casework.ports import PrintedPaper
from casework.shown import clean

from adapters.printing.faces import FACES, faces_in, letters_of

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
PAGE = re.compile(rb"/Type\s*/Page[^s]")
LONG_RUN = re.compile(r"\S{36}(?=\S)")  # more signs without a space than a cell is wide: it may break there
MAY_BREAK = "\N{ZERO WIDTH SPACE}"
NO_LETTER = "\N{WHITE SQUARE}"
SPACES = str.maketrans(dict.fromkeys("\t\n\v\f\r\x85\u2028\u2029", " "))


class Printer:
    """Prints sheets. `faces`: a folder with the faces; "" for where the distribution keeps them."""

    def __init__(self, faces: str = "") -> None:
        self._faces = faces_in(faces)
        self._letters = frozenset().union(*(letters_of(Path(file)) for file in self._faces))
        look = resources.files("adapters.printing").joinpath("paper.typ").read_bytes()
        folders = sorted({str(Path(file).parent) for file in self._faces})
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        self._look, self._fonts = look, fonts

    def print(self, sheet: Sheet) -> PrintedPaper:
        """The PDF of a sheet. Raises ValueError when a sheet cannot be set at all."""
        said = self._printable(to_plain(sheet)) | {"url": sheet.url}
        given = {"sheet": json.dumps(said, ensure_ascii=False), "code": code_of(sheet.url)}
        made_at = datetime.combine(sheet.issued_on, time(), UTC)
        try:
            pdf: bytes = typst.compile(
                self._look,
                format="pdf",
                font_paths=self._fonts,
                sys_inputs=given,
                pdf_standards=[*STANDARDS],
                timestamp=made_at,
            )
        except typst.TypstError as fault:
            raise ValueError(f"the sheet {sheet.number} cannot be set: {fault}") from fault

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


__all__ = ["FACES", "NO_LETTER", "Printer", "code_of"]
