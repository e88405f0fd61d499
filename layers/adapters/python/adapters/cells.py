"""The cells of ruled tables, read in one go: cut out, laid one below the other on a sheet of their own, read as one
column, and every word brought back to its cell and its place on the page.

A hundred starts of Tesseract for a hundred cells would take a minute; one sheet takes what one page takes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.ruling import RuledTable
from adapters.tesseract import Glyphs

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[Any]]

_MARGIN = 20  # white around the sheet, and half of what stands between two cells
_GAP = 26
_INK = 128
_FEWEST_INK_PIXELS = 12
_TALLEST_SHEET = 30_000  # Tesseract takes no image of more than 32,767 pixels a side


@dataclass(frozen=True)
class Slip:
    """One cell's ink on the sheet: from `top` to `bottom` there, its corner at (x, y) of the page."""

    table: int
    cell: int
    top: int
    bottom: int
    x: int
    y: int


@dataclass(frozen=True)
class CellSheet:
    """A grey sheet of slips to be read as one column."""

    pixels: Pixels
    slips: tuple[Slip, ...]


def without_lines(grey: Pixels, *masks: Pixels | None) -> Pixels:
    """A copy of the page with its ruling lines and leaders painted white. The masks are at half the page's size."""
    import numpy as np

    clean = grey.copy()
    for mask in masks:
        if mask is not None:
            rows, columns = (2 * place for place in np.nonzero(mask))
            for down, across in ((0, 0), (0, 1), (1, 0), (1, 1)):
                clean[rows + down, columns + across] = 255
    return clean


def lay_out(clean: Pixels, tables: Sequence[RuledTable]) -> list[CellSheet]:
    """Cut every inked cell out of the page without lines. Empty cells are left out; usually one sheet."""
    import numpy as np

    cuts = []
    for table_number, table in enumerate(tables):
        for cell_number, cell in enumerate(table.cells):
            x0, y0 = max(0, cell.x0 - 3), max(0, cell.y0 - 3)
            inside = clean[y0 : cell.y1 + 3, x0 : cell.x1 + 3]
            ink = inside < _INK
            if np.count_nonzero(ink) < _FEWEST_INK_PIXELS:
                continue
            rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
            top, bottom = max(0, int(rows[0]) - 4), int(rows[-1]) + 5
            left, right = max(0, int(columns[0]) - 4), int(columns[-1]) + 5
            cuts.append((table_number, cell_number, x0 + left, y0 + top, inside[top:bottom, left:right]))
    sheets: list[CellSheet] = []
    while cuts:
        height, taken = _MARGIN, 0
        while taken < len(cuts) and height + cuts[taken][4].shape[0] + _GAP < _TALLEST_SHEET:
            height += cuts[taken][4].shape[0] + _GAP
            taken += 1
        sheets.append(_sheet(cuts[: max(1, taken)], height + _MARGIN))
        cuts = cuts[max(1, taken) :]
    return sheets


def _sheet(cuts: Sequence[tuple[int, int, int, int, Pixels]], height: int) -> CellSheet:
    import numpy as np

    width = max(cut[4].shape[1] for cut in cuts) + 2 * _MARGIN
    sheet = np.full((height, width), 255, dtype=np.uint8)
    slips, top = [], _MARGIN
    for table, cell, x, y, ink in cuts:
        ink = ink[: height - top - 1]
        sheet[top : top + ink.shape[0], _MARGIN : _MARGIN + ink.shape[1]] = ink
        slips.append(Slip(table, cell, top, top + ink.shape[0], x, y))
        top += ink.shape[0] + _GAP
    return CellSheet(sheet, tuple(slips))


def bring_back(sheet: CellSheet, words: Sequence[Glyphs]) -> list[tuple[int, int, Glyphs]]:
    """(table, cell, word in page pixels) for every word read on the sheet."""
    tops = [slip.top - _GAP // 2 for slip in sheet.slips]
    back = []
    for word in words:
        slip = sheet.slips[max(0, bisect_right(tops, (word.y0 + word.y1) / 2) - 1)]
        on_slip = Glyphs(
            word.text, word.x0, word.y0 - slip.top, word.x1, word.y1 - slip.top, word.confidence, word.line
        )
        back.append((slip.table, slip.cell, brought_back(slip, on_slip)))
    return back


def brought_back(slip: Slip, word: Glyphs) -> Glyphs:
    """A word in pixels of the sheet's part that is one slip, in page pixels."""
    across = slip.x - _MARGIN
    place = (word.x0 + across, word.y0 + slip.y, word.x1 + across, word.y1 + slip.y)
    return Glyphs(word.text, *place, word.confidence, word.line)
