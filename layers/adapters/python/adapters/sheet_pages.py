"""A spreadsheet laid out as pages: words with boxes and one ruled table, as on a page that was printed from it.

What is read and what is looked at are the same: the picture is drawn from the very cells, with the numbers the
spreadsheet gives its rows beside them. A fixed number of rows a page, the table's heading on each; columns stand in the
same places on all of them. How many rows a page holds is counted in letters, so that the gate needs no face for it.
"""

from __future__ import annotations

import functools
import io
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casework.document import Box, Cell, Grid, Page, Word
from casework.vietnam.letters import fold

from adapters.workbooks import Workbook, read_workbook

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

ROWS_A_PAGE = 100
_LINES_A_PAGE = 160
_FEWEST_CELLS = 4  # of a table's heading
_FEWEST_OF_A_ROW = 3  # below the last row with so many, nothing is the table's any more
_SIZE_PX, _LINE_PX, _PAD_PX, _MARGIN_PX = 14, 19, 4, 12
_SPACE_PX = 5
_LETTER_PX = 10  # a capital of the face at this size takes 9.6 on the average, a small letter 8
_GUTTER_PX = 5 * _LETTER_PX  # for the rows' numbers
_WIDEST_COLUMN, _WIDEST_PAGE = 26, 400  # in letters
_FACE = "DejaVuSans.ttf"
_FACES_AT = ("/opt/fonts", "/usr/share/fonts/truetype/dejavu")  # where the layer is mounted; the distribution's
_HEADS = ("stt", "tt", "so tt", "so thu tu", "ho va ten", "ho ten")
_GREYS = 16  # a picture of letters in so many is a third of one in all


def read_sheet(data: bytes, number: int, *, picture: bool) -> tuple[Page, bytes]:
    """Page `number` (from 1) and, if asked for, a PNG of it. Raises UnacceptableFile, IndexError for no such page."""
    laid = lay_out(read_workbook(data))
    return laid.page(number, picture=picture)


def lay_out(book: Workbook) -> Layout:
    """Where the table of a sheet is, how wide its columns are, which rows stand on which page."""
    numbers = sorted(book.rows)
    filled = {number: sum(map(bool, book.rows[number])) for number in numbers}
    headed = [number for number in numbers if filled[number] >= _FEWEST_CELLS]
    named = [number for number in headed if any(fold(text).strip(" .") in _HEADS for text in book.rows[number])]
    first = (named or headed or [numbers[-1] + 1])[0]
    last = max((number for number in numbers if number >= first and filled[number] >= _FEWEST_OF_A_ROW), default=first)
    deep = max((rows for (row, _), (rows, _) in book.merged.items() if row == first), default=1)
    table = [number for number in numbers if first <= number <= last]
    heads = [number for number in table if number < first + min(deep, 4)]
    layout = Layout(book, _widths(book, table, heads), heads, [], [])
    above, below = [number for number in numbers if number < first], [number for number in numbers if number > last]
    for number in (*above, *table, *below):
        layout.put(number, ruled=number in set(heads) or first <= number <= last)
    return layout


def _widths(book: Workbook, table: Sequence[int], heads: Sequence[int]) -> list[int]:
    """In letters: as wide as the longest text below the heading; what is longer, and headings, are wrapped."""
    count = max((len(book.rows[number]) for number in table), default=0)
    widest = max(6, min(_WIDEST_COLUMN, _WIDEST_PAGE // max(1, count)))
    widths = [3] * count
    for number in table:
        for column, text in enumerate(book.rows[number]):
            if text and (number, column) not in book.merged:
                parts = text.split() if number in heads else text.split("\n")
                widths[column] = max(widths[column], min(widest, max(map(len, parts))))
    return widths


@dataclass(slots=True)
class Layout:
    """The pages of a sheet as they fill: of each the numbers of its rows, those of the table apart."""

    book: Workbook
    widths: list[int]
    heads: list[int]
    pages: list[list[tuple[int, bool]]]
    lines: list[int]

    def put(self, number: int, *, ruled: bool) -> None:
        """The next row, on this page or on a new one that begins with the table's heading."""
        full = self.pages and (len(self.pages[-1]) >= ROWS_A_PAGE or self.lines[-1] >= _LINES_A_PAGE)
        if not self.pages or full:
            again = [(head, True) for head in self.heads] if self.pages and ruled and number not in self.heads else []
            self.pages.append(again)
            self.lines.append(sum(self._tall(head) for head, _ in again))
        self.pages[-1].append((number, ruled))
        self.lines[-1] += self._tall(number) if ruled else 1

    def page(self, number: int, *, picture: bool) -> tuple[Page, bytes]:
        """Raises IndexError."""
        if number < 1:
            raise IndexError(number)
        sheet = _Sheet(self, self.pages[number - 1])
        return sheet.page(number), sheet.picture() if picture else b""

    def text(self, number: int, column: int) -> str:
        """What a cell of the table says; one that was merged downwards says it of each of its rows."""
        row = self.book.rows[number]
        said = row[column] if column < len(row) else ""
        if said or number in self.heads:
            return said
        for (top, left), (rows, _) in self._tall_cells:
            if left == column and top < number < top + rows and top in self.book.rows:
                return self.book.rows[top][column] if column < len(self.book.rows[top]) else ""
        return said

    @property
    def _tall_cells(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        return [item for item in self.book.merged.items() if item[1][0] > 1 and item[0][0] not in self.heads]

    def span(self, number: int, column: int) -> int:
        """How many columns a cell takes; a lone text in the first column is the heading of what follows it."""
        row = self.book.rows[number]
        alone = number not in self.heads and row[0] and not any(row[1:]) and not row[0].isdigit()
        merged = self.book.merged.get((number, column), (1, 1))[1]
        return min(len(self.widths) - column, len(self.widths) if alone else merged)

    def wrapped(self, number: int, column: int) -> list[str]:
        width = sum(self.widths[column : column + self.span(number, column)])
        lines = self.text(number, column).split("\n")
        return [piece for line in lines for piece in textwrap.wrap(line, width) or [""]]

    def _tall(self, number: int) -> int:
        return max(len(self.wrapped(number, column)) for column in range(len(self.widths)))


class _Sheet:
    """One page: every word and cell with its place in pixels."""

    def __init__(self, layout: Layout, rows: Sequence[tuple[int, bool]]) -> None:
        self._layout = layout
        self._edges = [_MARGIN_PX + _GUTTER_PX]
        for width in layout.widths:
            self._edges.append(self._edges[-1] + width * _LETTER_PX + 2 * _PAD_PX)
        self._numbers: list[tuple[int, int]] = []
        self._free: list[tuple[str, int, int]] = []
        self._cells: list[tuple[int, int, tuple[int, int, int, int], list[tuple[str, int, int]]]] = []
        self._width = max(self._edges[-1] + _MARGIN_PX, 110 * _LETTER_PX)
        self._height = _MARGIN_PX
        table: list[int] = []
        for number, ruled in rows:
            self._numbers.append((number, self._height + _PAD_PX))
            if ruled:
                self._put_row(number, len(table))
                table.append(number)
            else:
                self._put_free(layout.book.rows[number])
        self._height += _MARGIN_PX
        self._rows = len(table)
        self._tell_merged(table)

    def _put_free(self, row: Sequence[str]) -> None:
        """Texts outside the table flow on from where their cells begin."""
        x = self._edges[0]
        for column, text in enumerate(row):
            if text:
                begins = self._edges[min(column, len(self._edges) - 1)]
                x = max(begins, x + 2 * _SPACE_PX if x > self._edges[0] else x)
            for word in text.split():
                if x + _wide(word) > self._width - _MARGIN_PX and x > self._edges[0]:
                    x, self._height = self._edges[0], self._height + _LINE_PX
                self._free.append((word, x, self._height + _PAD_PX))
                x += _wide(word) + _SPACE_PX
        self._height += _LINE_PX + 2 * _PAD_PX

    def _put_row(self, number: int, place: int) -> None:
        texts = {column: self._layout.wrapped(number, column) for column in range(len(self._layout.widths))}
        bottom = self._height + max(map(len, texts.values())) * _LINE_PX + 2 * _PAD_PX
        column = 0
        while column < len(texts):
            span = self._layout.span(number, column)
            box = (self._edges[column], self._height, self._edges[column + span], bottom)
            self._cells.append((place, column, box, list(self._in_cell(texts[column], box))))
            column += span
        self._height = bottom

    @staticmethod
    def _in_cell(lines: Sequence[str], box: tuple[int, int, int, int]) -> Iterator[tuple[str, int, int]]:
        for nth, line in enumerate(lines):
            x = box[0] + _PAD_PX
            for word in line.split():
                yield word, x, box[1] + _PAD_PX + nth * _LINE_PX
                x += _wide(word) + _SPACE_PX

    def _tell_merged(self, table: Sequence[int]) -> None:
        """Cells of the heading that were merged downwards reach down, and those below them are not there."""
        bottoms = {place: box[3] for place, _, box, _ in self._cells}
        covered: set[tuple[int, int]] = set()
        for index, (place, column, box, words) in enumerate(self._cells):
            rows = self._layout.book.merged.get((table[place], column), (1, 1))[0]
            below = [at for at in range(place + 1, len(table)) if table[at] < table[place] + rows]
            if below and table[place] in self._layout.heads:
                covered |= {(at, column) for at in below}
                self._cells[index] = (place, column, (*box[:3], bottoms[below[-1]]), words)
        self._cells = [cell for cell in self._cells if (cell[0], cell[1]) not in covered]

    def page(self, number: int) -> Page:
        cells = [
            Cell(place, column, self._box(*box), tuple(map(self._word, words)))
            for place, column, box, words in self._cells
        ]
        words = [self._word(word) for word in self._free]
        words += [word for cell in cells for word in cell.words]
        grids: tuple[Grid, ...] = ()
        if cells:
            around = functools.reduce(Box.union, (cell.box for cell in cells))
            grids = (Grid(around, self._rows, len(self._layout.widths), tuple(cells)),)
        words.sort(key=lambda word: (word.box.y0, word.box.x0))
        return Page(number, "sheet", self._width, self._height, words=tuple(words), grids=grids)

    def _word(self, placed: tuple[str, int, int]) -> Word:
        text, x, y = placed
        return Word(text, self._box(x, y, x + _wide(text), y + _LINE_PX - 2))

    def _box(self, x0: int, y0: int, x1: int, y1: int) -> Box:
        wide, tall = self._width, self._height
        return Box(*(round(min(1.0, part), 5) for part in (x0 / wide, y0 / tall, x1 / wide, y1 / tall)))

    def picture(self) -> bytes:
        import PIL.Image
        import PIL.ImageDraw

        sheet = PIL.Image.new("L", (self._width, self._height), 255)
        pencil = PIL.ImageDraw.Draw(sheet)
        for number, y in self._numbers:
            pencil.text((_MARGIN_PX, y), str(number), fill=130, font=_face())
        for _, _, box, words in self._cells:
            pencil.rectangle(box, outline=110)
            self._write(pencil, words)
        self._write(pencil, self._free)
        greys = sheet.point([shade * _GREYS // 256 * 17 for shade in range(256)])
        packed = io.BytesIO()
        greys.save(packed, "PNG")
        return packed.getvalue()

    @staticmethod
    def _write(pencil: ImageDraw, words: Sequence[tuple[str, int, int]]) -> None:
        for text, x, y in words:
            pencil.text((x, y), text, fill=0, font=_face())


@functools.lru_cache(4096)
def _wide(text: str) -> int:
    return round(_face().getlength(text))


@functools.cache
def _face() -> FreeTypeFont:
    import PIL.ImageFont

    for folder in _FACES_AT:
        if Path(folder, _FACE).exists():
            return PIL.ImageFont.truetype(str(Path(folder, _FACE)), _SIZE_PX)
    raise FileNotFoundError(f"the face {_FACE} is in none of {', '.join(_FACES_AT)}")
