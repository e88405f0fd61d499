"""How one page becomes words: text layer if it can be believed, otherwise pixels, preparation and Tesseract; the cells
of a spreadsheet as they are.

Runs inside the limited child process (`reading_process`), one page per process. Deterministic: the same bytes
give the same page. A page that cannot be read is an answer (`Page.problem`), only a broken engine is an error.
"""

from __future__ import annotations

import io
import math
from statistics import median
from typing import TYPE_CHECKING, Any

from casework.document import Grid, Mark, Page, Word
from casework.errors import UnacceptableFile, problem
from casework.reading.spreads import gutter_of
from casework.vietnam.syllables import share_of_syllables

from adapters import capture, page_image, page_words, pdf_drawing, raster, ruling, tesseract, text_layer
from adapters.lines import in_reading_order
from adapters.seal_rings import seal_rings
from adapters.sheet_outline import outline_of
from adapters.sheet_pages import read_sheet
from adapters.workbooks import is_workbook

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

_PICTURE_QUALITY = 80
_MARKS_LONG_SIDE_PX = 1000
_SCAN_SCALE = 300 / 72
_ENOUGH_SYLLABLES = 0.5  # upright pages of our types have 0.7 to 0.98, turned ones under 0.25
_SURE_TURN = 1.0
_SURE_HEADSTAND = 0.12
_STANDING_CELL = 1.3
_MOST_PICTURED = 0.5  # of a page: a text layer under more picture than this is somebody's OCR


def read(data: bytes, number: int, engine: tesseract.Engine, *, picture: bool) -> tuple[Page, bytes]:
    """Page `number` (from 1) and, if asked for, a JPEG of the upright page (else empty bytes)."""
    try:
        if is_workbook(data):
            return read_sheet(data, number, picture=picture)
        if raster.kind_of(data) == "pdf":
            return _read_pdf_page(data, number, engine, picture=picture)
        return _read_sheet(raster.open_image(data, number), number, engine, picture=picture)
    except (raster.UnopenableError, tesseract.GaveUpError, UnacceptableFile):
        return Page(number, "ocr", 0, 0, problem=problem("page-unreadable", page=number)), b""


def _read_pdf_page(data: bytes, number: int, engine: tesseract.Engine, *, picture: bool) -> tuple[Page, bytes]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        page = document[number - 1]
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise raster.UnopenableError(str(error)) from error
    drawing = pdf_drawing.drawing_of(page)
    words = _believable(page, drawing, data, number)
    if words is None:
        alone = len(document) == 1
        return _read_sheet(raster.open_pdf_page(page), number, engine, picture=picture, alone=alone)
    width, height = page.get_size()
    longest = max(width, height)
    grids = page_words.grids_around(words, *drawing.tables(page))
    seals = signatures = tuple[Mark, ...]()
    if (part := drawing.coloured_part(page)) is not None:
        seen = coloured_part(page, part, _MARKS_LONG_SIDE_PX / longest)
        seals, signatures = capture.seals(seen), capture.signatures(seen)
    return Page(
        number,
        "text",
        round(width * _SCAN_SCALE),
        round(height * _SCAN_SCALE),
        quality={"syllables": round(share_of_syllables(word.text for word in words)[0], 3)},
        words=in_reading_order(words, fold=gutter_of(words, width, height, grids)),
        grids=grids,
        seals=seals,
        signatures=signatures,
    ), _packed(page.render(scale=page_image.VIEW_LONG_SIDE_PX / longest).to_pil()) if picture else b""


def coloured_part(page: Any, part: pdf_drawing.Rectangle, scale: float) -> Image:
    """The page with nothing drawn outside `part` (PDF points) but white: text is what takes time."""
    import PIL.Image

    left, bottom, right, top = page.get_bbox()
    x0, y0, x1, y1 = part
    turn = page.get_rotation() // 90 % 4
    sides = (x0 - left, y0 - bottom, right - x1, top - y1)
    aside = [max(0, int(side * scale) - 2) for side in (*sides, *sides)][turn : turn + 4]
    width, height = page.get_size()
    sheet = PIL.Image.new("RGB", (math.ceil(width * scale), math.ceil(height * scale)), "white")
    seen = page.render(scale=scale, crop=tuple(max(0.0, side - 0.5) / scale for side in aside)).to_pil()
    sheet.paste(seen.convert("RGB"), (aside[0], aside[3]))
    return sheet


def _believable(page: Any, drawing: pdf_drawing.Drawing, data: bytes, number: int) -> tuple[Word, ...] | None:
    """The words of the text layer, if they are the page's text; None sends the page to OCR."""
    if drawing.pictured_share(page) > _MOST_PICTURED:
        return None
    layer = text_layer.read_text_layer(page)
    if not layer.words:
        return None
    if layer.strange_share < 0.02 and _vietnamese(layer.words):
        return layer.words
    words, fonts = text_layer.second_opinion(data, number)
    if words and not text_layer.has_legacy_font(fonts) and _vietnamese(words):
        return words
    return None


def _vietnamese(words: tuple[Word, ...]) -> bool:
    share, seen = share_of_syllables(word.text for word in words)
    return seen >= 5 and share >= 0.6


def _read_sheet(
    sheet: raster.Sheet, number: int, engine: tesseract.Engine, *, picture: bool, alone: bool = True
) -> tuple[Page, bytes]:
    import numpy as np

    photographed = sheet.scanned and not page_image.is_bilevel(sheet.image)
    outline = outline_of(sheet.image) if photographed else None
    lying = page_image.prepare(sheet.image, outline)
    quality = capture.measure(sheet.image, lying.grey, scale=lying.scale)
    if outline is not None:
        quality["sheet"] = round(outline.share, 3)
    turn, words, grids = 0, list[Word](), tuple[Grid, ...]()
    ready = lying
    if capture.is_worth_reading(quality):
        ruled = ruling.ruled(np.asarray(lying.grey))
        turn = _likely_turn(lying.grey, ruled, engine)
        ready = page_image.deskewed(page_image.turned(lying, turn))
        known = ruled if ready.grey is lying.grey else None
        words, grids = page_words.words_of(ready.grey, engine, known, alone=alone)
        if _reads_badly(words):
            better, sure = tesseract.turn_needed(lying.grey, engine)
            if better != turn and sure >= _SURE_TURN:
                turn = better
                ready = page_image.deskewed(page_image.turned(lying, turn))
                words, grids = page_words.words_of(ready.grey, engine, alone=alone)
    quality["syllables"] = round(share_of_syllables(word.text for word in words)[0], 3)
    blank = capture.is_blank(quality, len(words))
    page = Page(
        number,
        "ocr",
        ready.grey.width,
        ready.grey.height,
        rotation_deg=turn,
        skew_deg=ready.skew_deg,
        quality=quality | ({"blank": 1.0} if blank else {}),
        problem=None
        if blank
        else capture.trouble(
            number,
            quality,
            words,
            cut=capture.runs_out(ready.grey, words),
            glare=capture.is_burnt_out(ready.colour, words),
        ),
        words=() if blank else in_reading_order(words, fold=gutter_of(words, *ready.grey.size, grids)),
        grids=() if blank else grids,
        seals=() if blank else capture.seals(ready.colour) or seal_rings(ready.colour),
        signatures=capture.signatures(ready.colour),
    )
    return page, _packed(ready.colour) if picture else b""


def _likely_turn(grey: Image, ruled: ruling.Ruled, engine: tesseract.Engine) -> int:
    """The clockwise turn that probably makes the page upright, without reading it where its lines tell.

    A wrong guess costs time, not text: what reads badly is asked of Tesseract's own detection afterwards.
    """
    sideways, headstand = page_image.lies(grey)
    if not sideways and headstand > _SURE_HEADSTAND:
        return 180
    if not sideways and not _cells_stand(ruled):
        return 0
    if sideways and abs(headstand) > _SURE_HEADSTAND:
        return 270 if headstand > 0 else 90
    turn, sure = tesseract.turn_needed(grey, engine)
    return turn if sure >= _SURE_TURN else 0


def _cells_stand(ruled: ruling.Ruled) -> bool:
    """Are the cells of the page's tables higher than wide, as in a table that lies on its side?"""
    heights = [(cell.y1 - cell.y0) / max(1, cell.x1 - cell.x0) for table in ruled.tables for cell in table.cells]
    return bool(heights) and median(heights) > _STANDING_CELL


def _reads_badly(words: list[Word]) -> bool:
    """Does what was read look like a page that lies on its side or head?"""
    share, seen = share_of_syllables(word.text for word in words)
    return seen < 8 or share < _ENOUGH_SYLLABLES


def _packed(picture: Image) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=_PICTURE_QUALITY)
    return packed.getvalue()
