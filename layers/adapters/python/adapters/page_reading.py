"""How one page becomes words: text layer if it can be believed, otherwise pixels, preparation and Tesseract.

Runs inside the limited child process (`reading_process`), one page per process. Deterministic: the same bytes
give the same page. A page that cannot be read is an answer (`Page.problem`), only a broken engine is an error.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from casework.document import Box, Cell, Grid, Mark, Page, Word
from casework.errors import problem
from casework.vietnam.syllables import share_of_syllables

from adapters import capture, cells, page_image, pdf_drawing, raster, ruling, tesseract, text_layer
from adapters.lines import in_reading_order, without_scraps

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
        if raster.kind_of(data) == "pdf":
            return _read_pdf_page(data, number, engine, picture=picture)
        return _read_sheet(raster.open_image(data, number), number, engine, picture=picture)
    except raster.UnopenableError:
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
        return _read_sheet(raster.open_pdf_page(page), number, engine, picture=picture)
    width, height = page.get_size()
    longest = max(width, height)
    seals = signatures = tuple[Mark, ...]()
    if drawing.coloured:
        seen = page.render(scale=_MARKS_LONG_SIDE_PX / longest).to_pil().convert("RGB")
        seals, signatures = capture.seals(seen), capture.signatures(seen)
    return Page(
        number,
        "text",
        round(width * _SCAN_SCALE),
        round(height * _SCAN_SCALE),
        quality={"syllables": round(share_of_syllables(word.text for word in words)[0], 3)},
        words=in_reading_order(words),
        grids=_grids_around(words, *drawing.tables(page)),
        seals=seals,
        signatures=signatures,
    ), _packed(page.render(scale=page_image.VIEW_LONG_SIDE_PX / longest).to_pil()) if picture else b""


def _grids_around(
    words: Sequence[Word], tables: Sequence[ruling.RuledTable], size: tuple[int, int]
) -> tuple[Grid, ...]:
    """The tables of a page with a text layer; a word belongs to the cell in which its middle stands."""
    if not tables:
        return ()
    import numpy as np

    boxes = [word.box for word in words]
    x = np.array([(box.x0 + box.x1) / 2 * size[0] for box in boxes])
    y = np.array([(box.y0 + box.y1) / 2 * size[1] for box in boxes])
    placed: dict[tuple[int, int], list[Word]] = {}
    for number, table in enumerate(tables):
        inside = np.flatnonzero((x >= table.x0) & (x < table.x1) & (y >= table.y0) & (y < table.y1))
        edges = np.array([(cell.x0, cell.y0, cell.x1, cell.y1) for cell in table.cells]).T[:, :, None]
        # The white of a cell ends some pixels before the middle of its lines: the nearest cell it is.
        aside = np.maximum(np.maximum(edges[0] - x[inside], x[inside] - edges[2]), 0)
        above = np.maximum(np.maximum(edges[1] - y[inside], y[inside] - edges[3]), 0)
        for word, cell in zip(inside.tolist(), np.argmin(aside + above, axis=0).tolist(), strict=True):
            placed.setdefault((number, cell), []).append(words[word])
    return tuple(_grid(number, table, placed, size) for number, table in enumerate(tables))


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


def _read_sheet(sheet: raster.Sheet, number: int, engine: tesseract.Engine, *, picture: bool) -> tuple[Page, bytes]:
    import numpy as np

    lying = page_image.prepare(sheet.image)
    quality = capture.measure(sheet.image, lying.grey)
    turn, words, grids = 0, list[Word](), tuple[Grid, ...]()
    ready = lying
    if capture.has_text(quality):
        ruled = ruling.ruled(np.asarray(lying.grey))
        turn = _likely_turn(lying.grey, ruled, engine)
        ready = page_image.deskewed(page_image.turned(lying, turn))
        words, grids = _words(ready.grey, engine, ruled if ready.grey is lying.grey else None)
        if _reads_badly(words):
            better, sure = tesseract.turn_needed(lying.grey, engine)
            if better != turn and sure >= _SURE_TURN:
                turn = better
                ready = page_image.deskewed(page_image.turned(lying, turn))
                words, grids = _words(ready.grey, engine)
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
        problem=None if blank else capture.trouble(number, quality, words),
        words=() if blank else in_reading_order(words),
        grids=() if blank else grids,
        seals=capture.seals(ready.colour),
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


def _words(
    grey: Image, engine: tesseract.Engine, ruled: ruling.Ruled | None = None
) -> tuple[list[Word], tuple[Grid, ...]]:
    """All words of an upright grey page, those of ruled tables cell by cell. `ruled`: its lines, if known."""
    import numpy as np
    import PIL.Image

    pixels = np.asarray(grey)
    ruled = ruled or ruling.ruled(pixels)
    tables = ruled.tables
    clean = cells.without_lines(pixels, ruling.find_leaders(ruled.half), ruled.lines)
    sheets = cells.lay_out(clean, tables)
    for table in tables:
        clean[table.y0 : table.y1, table.x0 : table.x1] = 255
    letters = page_image.letter_height(PIL.Image.fromarray(clean))
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as side_by_side:
        columns = [
            side_by_side.submit(tesseract.read_words, PIL.Image.fromarray(sheet.pixels), engine, mode=_CELLS_MODE)
            for sheet in sheets
        ]
        body = [
            (top, side_by_side.submit(_sparse, PIL.Image.fromarray(strip), engine, letters))
            for top, strip in _strips(clean, 1 if sheets else _SIDE_BY_SIDE)
        ]
        words = [
            _word(replace(item, y0=item.y0 + top, y1=item.y1 + top), grey.size)
            for top, found in body
            for item in found.result()
        ]
        placed: dict[tuple[int, int], list[Word]] = {}
        for sheet, column in zip(sheets, columns, strict=True):
            for table_number, cell_number, item in cells.bring_back(sheet, column.result()):
                placed.setdefault((table_number, cell_number), []).append(_word(item, grey.size))
    grids = tuple(_grid(number, table, placed, grey.size) for number, table in enumerate(tables))
    words.extend(word for grid in grids for cell in grid.cells for word in cell.words)
    return without_scraps(words), grids


_CELLS_MODE = tesseract.ONE_BLOCK
_SIDE_BY_SIDE = 2  # Tesseracts for one page: two strips, or the body and the cells
_FEWEST_ROWS_OF_STRIP = 500
_BEST_LETTER_PX = 17.0  # 12-point text at 225 dpi: more right words than at 300, and a third less to look at
_SMALLEST_REDUCTION = 0.9


def _strips(clean: Pixels, count: int) -> list[tuple[int, Pixels]]:
    """The inked rows of the page in `count` parts of like height, cut where no ink is: [(top, pixels)]."""
    import numpy as np

    inked: Pixels = np.asarray((clean < 160).any(axis=1))
    rows = np.flatnonzero(inked)
    if rows.size == 0:
        return []
    first, last = max(0, int(rows[0]) - 20), min(clean.shape[0], int(rows[-1]) + 21)
    middle = (first + last) // 2
    # White rows with white around them: between lines, not within one.
    near = np.convolve(inked.astype(np.int32), np.ones(11, dtype=np.int32), mode="same")
    white = np.flatnonzero(near[first:last] == 0) + first
    if count < 2 or last - first < 2 * _FEWEST_ROWS_OF_STRIP or white.size == 0:
        return [(first, clean[first:last])]
    cut = int(white[np.argmin(np.abs(white - middle))])
    if min(cut - first, last - cut) < _FEWEST_ROWS_OF_STRIP:
        return [(first, clean[first:last])]
    return [(first, clean[first:cut]), (cut, clean[cut:last])]


def _sparse(strip: Image, engine: tesseract.Engine, letters: float) -> list[tesseract.Glyphs]:
    """Read text standing anywhere, at the size of letters that Tesseract reads best. `letters`: their height here."""
    import PIL.Image

    factor = _BEST_LETTER_PX / letters if letters else 1.0
    if factor > _SMALLEST_REDUCTION:
        return tesseract.read_words(strip, engine, mode=tesseract.SPARSE_TEXT)
    factor = max(0.5, factor)
    size = (max(1, round(strip.width * factor)), max(1, round(strip.height * factor)))
    small = strip.resize(size, PIL.Image.Resampling.LANCZOS)
    back_x, back_y = strip.width / size[0], strip.height / size[1]
    return [
        replace(
            item,
            x0=round(item.x0 * back_x),
            y0=round(item.y0 * back_y),
            x1=round(item.x1 * back_x),
            y1=round(item.y1 * back_y),
        )
        for item in tesseract.read_words(small, engine, mode=tesseract.SPARSE_TEXT, dpi=round(300 * factor))
    ]


def _grid(
    number: int, table: ruling.RuledTable, placed: dict[tuple[int, int], list[Word]], size: tuple[int, int]
) -> Grid:
    return Grid(
        _box(table.x0, table.y0, table.x1, table.y1, size),
        table.rows,
        table.columns,
        tuple(
            Cell(
                cell.row,
                cell.column,
                _box(cell.x0, cell.y0, cell.x1, cell.y1, size),
                in_reading_order(placed.get((number, index), ())),
            )
            for index, cell in enumerate(table.cells)
        ),
    )


def _word(item: tesseract.Glyphs, size: tuple[int, int]) -> Word:
    return Word(item.text, _box(item.x0, item.y0, item.x1, item.y1, size), item.confidence)


def _box(x0: float, y0: float, x1: float, y1: float, size: tuple[int, int]) -> Box:
    """Pixels as fractions of the page."""
    width, height = size
    return Box(*(round(min(1.0, max(0.0, part)), 5) for part in (x0 / width, y0 / height, x1 / width, y1 / height)))


def _packed(picture: Image) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=_PICTURE_QUALITY)
    return packed.getvalue()


def read_crop(image: bytes, box: Box, engine: tesseract.Engine, alphabet: str | None) -> tuple[str, float]:
    """Read one box of a page's picture again, enlarged, optionally with only the characters of `alphabet`."""
    import PIL.Image
    from PIL import ImageOps

    with PIL.Image.open(io.BytesIO(image), formats=("JPEG", "PNG")) as opened:
        grey = page_image.brightest_channel(opened.convert("RGB"))
    margin_x, margin_y = 0.006, 0.004
    area = (
        max(0, int((box.x0 - margin_x) * grey.width)),
        max(0, int((box.y0 - margin_y) * grey.height)),
        min(grey.width, int((box.x1 + margin_x) * grey.width) + 1),
        min(grey.height, int((box.y1 + margin_y) * grey.height) + 1),
    )
    if area[2] - area[0] < 3 or area[3] - area[1] < 3:
        return "", 0.0
    crop: Any = grey.crop(area)
    crop = crop.resize((crop.width * 2, crop.height * 2), PIL.Image.Resampling.BICUBIC)
    crop = ImageOps.expand(ImageOps.autocontrast(crop, cutoff=1), 20, 255)
    mode = tesseract.ONE_LINE if crop.height < 160 else tesseract.ONE_BLOCK
    words = tesseract.read_words(crop, engine, mode=mode, alphabet=alphabet)
    if not words:
        return "", 0.0
    return " ".join(word.text for word in words), min(word.confidence for word in words)
