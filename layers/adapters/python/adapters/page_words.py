"""The words of an upright page: the body by sparse reading, ruled tables cell by cell, what was passed over once more.

Knows one grey page and the engine; which way the page lies and whether it can be read is `page_reading`'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from casework.document import Box, Cell, Grid, Word

from adapters import cells, leftover, lone_numbers, page_image, ruling, tesseract
from adapters.lines import in_reading_order, without_scraps

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

_CELLS_MODE = tesseract.ONE_BLOCK
_MOST_LONE_FIGURES = 6  # of a page: each takes a start of Tesseract
_SIDE_BY_SIDE = 2  # Tesseracts for one page: two strips, or the body and the cells
_FEWEST_ROWS_OF_STRIP = 500
_BEST_LETTER_PX = 17.0  # 12-point text at 225 dpi: more right words than at 300, and a third less to look at
_SMALLEST_REDUCTION = 0.9


def words_of(
    grey: Image, engine: tesseract.Engine, ruled: ruling.Ruled | None = None, *, alone: bool = True
) -> tuple[list[Word], tuple[Grid, ...]]:
    """All words of an upright grey page, those of ruled tables cell by cell. `ruled`: its lines, if known; `alone`: no
    other page of the file waits, so that this one may be read in two parts side by side."""
    import numpy as np
    import PIL.Image

    pixels = np.asarray(grey)
    ruled = ruled or ruling.ruled(pixels)
    tables = ruled.tables
    clean = cells.without_lines(pixels, ruling.find_leaders(ruled.half), ruled.lines)
    sheets = cells.lay_out(clean, tables)
    body = clean.copy()
    for table in tables:
        # Not the whole table: where the page leans, lines of text reach into its corners and those of its cells.
        for cell in table.cells:
            lean = min(round(abs(table.slope) * (cell.x1 - cell.x0)), (cell.y1 - cell.y0) // 4)
            body[cell.y0 + lean : cell.y1 - lean, cell.x0 : cell.x1] = 255
    letters = page_image.letter_height(PIL.Image.fromarray(body))
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as side_by_side:
        columns = [
            side_by_side.submit(tesseract.read_words, PIL.Image.fromarray(sheet.pixels), engine, mode=_CELLS_MODE)
            for sheet in sheets
        ]
        strips = [
            (top, side_by_side.submit(_sparse, PIL.Image.fromarray(strip), engine, letters))
            for top, strip in _strips(body, _SIDE_BY_SIDE if alone and not sheets else 1)
        ]
        words = [replace(item, y0=item.y0 + top, y1=item.y1 + top) for top, found in strips for item in found.result()]
        places: list[tuple[int, int] | None] = [None] * len(words)
        for sheet, column in zip(sheets, columns, strict=True):
            for table_number, cell_number, item in cells.bring_back(sheet, column.result()):
                words.append(item)
                places.append((table_number, cell_number))
    words, places = _with_lone_figures(sheets, words, places, engine)
    words, places = _with_leftover(clean, words, places, tables, letters, engine)
    words, places = _with_lone_numbers(clean, words, places, letters, engine)
    placed: dict[tuple[int, int], list[Word]] = {}
    loose: list[Word] = []
    for item, place in zip(words, places, strict=True):
        (loose if place is None else placed.setdefault(place, [])).append(_word(item, grey.size))
    grids = tuple(_grid(number, table, placed, grey.size) for number, table in enumerate(tables))
    loose.extend(word for grid in grids for cell in grid.cells for word in cell.words)
    return without_scraps(loose), grids


def _with_lone_figures(
    sheets: Sequence[cells.CellSheet],
    words: list[tesseract.Glyphs],
    places: list[tuple[int, int] | None],
    engine: tesseract.Engine,
) -> tuple[list[tesseract.Glyphs], list[tuple[int, int] | None]]:
    """The words and their cells, a cell's only figure in place of what it was read as."""
    inside: dict[tuple[int, int], list[str]] = {}
    for item, place in zip(words, places, strict=True):
        if place is not None:
            inside.setdefault(place, []).append(item.text)
    found: dict[tuple[int, int], tesseract.Glyphs] = {}
    for sheet in sheets:
        for slip in sheet.slips:
            place = (slip.table, slip.cell)
            if len(found) < _MOST_LONE_FIGURES:
                cell = sheet.pixels[slip.top : slip.bottom]
                figure = lone_numbers.lone_figure(cell, inside.get(place, ()), engine)
                if figure is not None:
                    found[place] = cells.brought_back(slip, figure)
    kept = [(item, place) for item, place in zip(words, places, strict=True) if place is None or place not in found]
    kept += [(figure, place) for place, figure in found.items()]
    return [item for item, _ in kept], [place for _, place in kept]


def _with_leftover(
    clean: Pixels,
    words: list[tesseract.Glyphs],
    places: list[tuple[int, int] | None],
    tables: Sequence[ruling.RuledTable],
    letters: float,
    engine: tesseract.Engine,
) -> tuple[list[tesseract.Glyphs], list[tuple[int, int] | None]]:
    """The words and their cells after ink that got no words was read again."""
    import PIL.Image

    found = leftover.regions(clean, words, letters)
    if not found:
        return words, places
    height, width = clean.shape
    rest = ruling.RuledTable(0, 0, width, height, len(found), 1, tuple(found))
    again: list[tesseract.Glyphs] = []
    for sheet in cells.lay_out(leftover.without_words(clean, words), [rest]):
        column = tesseract.read_words(PIL.Image.fromarray(sheet.pixels), engine, mode=_CELLS_MODE)
        again.extend(item for _, _, item in cells.bring_back(sheet, column))
    stays, new = leftover.taken(words, again)
    kept = [(item, place) for item, place, stay in zip(words, places, stays, strict=True) if stay]
    kept += [(item, _cell_at(item, tables)) for item in new]
    return [item for item, _ in kept], [place for _, place in kept]


def _with_lone_numbers(
    clean: Pixels,
    words: list[tesseract.Glyphs],
    places: list[tuple[int, int] | None],
    letters: float,
    engine: tesseract.Engine,
) -> tuple[list[tesseract.Glyphs], list[tuple[int, int] | None]]:
    """The words and their cells with the page's number, in place of doubted words that were read there."""
    numbers = lone_numbers.lone_numbers(clean, words, letters, engine)
    if not numbers:
        return words, places
    kept = [
        (item, place)
        for item, place in zip(words, places, strict=True)
        if not any(lone_numbers.stands_in(number, item) for number in numbers)
    ]
    kept += [(number, None) for number in numbers]
    return [item for item, _ in kept], [place for _, place in kept]


def _cell_at(item: tesseract.Glyphs, tables: Sequence[ruling.RuledTable]) -> tuple[int, int] | None:
    x, y = (item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2
    for number, table in enumerate(tables):
        for index, cell in enumerate(table.cells):
            if cell.x0 <= x < cell.x1 and cell.y0 <= y < cell.y1:
                return number, index
    return None


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


def grids_around(words: Sequence[Word], tables: Sequence[ruling.RuledTable], size: tuple[int, int]) -> tuple[Grid, ...]:
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
