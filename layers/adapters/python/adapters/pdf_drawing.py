"""What the drawing commands of a PDF page leave besides letters: straight lines, the tables they rule, pictures.

No pixel is rendered. Word processors, browsers and spreadsheets draw a table's lines as strokes, as rectangles or
as thin filled bars; all become straight lines here, and lines become cells as on a scan (`ruling`): the white areas
they enclose. Lines in white and fills with some height (the shading of a heading) are not lines.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from adapters.ruling import RuledTable, tables_of_lines

if TYPE_CHECKING:
    Matrix = tuple[float, float, float, float, float, float]
    Rectangle = tuple[float, float, float, float]

_THICKEST_PT = 3.5
_SHORTEST_PT = 4.0
_FEWEST_LINES = 6  # below, no table of four cells
_MOST_OBJECTS = 30_000
_MOST_SEGMENTS = 12
_FAR_PT = 20_000.0
_DEEPEST = 4
_WHITE = 245
_COLOURED = 40
_LONG_SIDE = 877  # A4 at 75 dpi, the scale at which `ruling` encloses cells
_UNMOVED = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class Drawing:
    """Straight lines as thin rectangles and pictures as rectangles (x0, y0, x1, y1 in PDF points, origin bottom
    left); `coloured`: where pictures and strokes in colour lie, which may be seals and signatures; a shading may lie
    anywhere."""

    lines: list[Rectangle] = field(default_factory=list)
    pictures: list[Rectangle] = field(default_factory=list)
    coloured: list[Rectangle] = field(default_factory=list)

    def pictured_share(self, page: Any) -> float:
        """The part of the page that pictures cover, 0 to 1."""
        left, bottom, right, top = page.get_bbox()
        covered = sum(
            max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
            for x0, y0, x1, y1 in self.pictures
        )
        return float(min(1.0, covered / max((right - left) * (top - bottom), 1e-6)))

    def coloured_part(self, page: Any) -> Rectangle | None:
        """The smallest part of the page with all its colour, in PDF points; None when it has none."""
        if not self.coloured:
            return None
        left, bottom, right, top = page.get_bbox()
        x0, y0, x1, y1 = zip(*self.coloured, strict=True)
        part = (max(left, min(x0)), max(bottom, min(y0)), min(right, max(x1)), min(top, max(y1)))
        return part if part[0] < part[2] and part[1] < part[3] else None

    def tables(self, page: Any) -> tuple[list[RuledTable], tuple[int, int]]:
        """The tables ruled on the page as it is shown (crop and rotation applied), from the top, and the size of the
        page in the pixels they are given in."""
        left, bottom, right, top = page.get_bbox()
        width, height = max(right - left, 1e-6), max(top - bottom, 1e-6)
        scale = _LONG_SIDE / max(width, height)
        across, down = max(1, round(width * scale)), max(1, round(height * scale))
        turn = page.get_rotation() % 360
        size = (4 * across, 4 * down) if turn in (0, 180) else (4 * down, 4 * across)
        if len(self.lines) < _FEWEST_LINES:
            return [], size
        import numpy as np

        drawn = np.zeros((down, across), dtype=bool)
        for x0, y0, x1, y1 in self.lines:
            column, row = int((x0 - left) * scale), int((top - y1) * scale)
            end_column, end_row = int((x1 - left) * scale), int((top - y0) * scale)
            # One pixel thick, and one longer at both ends: corners that do not quite meet close.
            if end_column - column > end_row - row:
                row = end_row = (row + end_row) // 2
                column, end_column = column - 1, end_column + 1
            else:
                column = end_column = (column + end_column) // 2
                row, end_row = row - 1, end_row + 1
            drawn[max(0, row) : max(0, end_row + 1), max(0, column) : max(0, end_column + 1)] = True
        return tables_of_lines(np.ascontiguousarray(np.rot90(drawn, -(turn // 90)))), size


def drawing_of(page: Any) -> Drawing:
    """Look through the drawing of one pypdfium2 page, forms within forms included.

    What stands beyond the 30,000th object is not looked at: such a page has no lines, and counts as coloured all over.
    """
    import pypdfium2.raw as pdfium

    found = Drawing()
    for number, (item, kind, matrix) in enumerate(_objects(page)):
        if number >= _MOST_OBJECTS:
            return Drawing([], found.pictures, [page.get_bbox()])
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            if _look_at_path(item, _within(_matrix(item), matrix), found):
                found.coloured.append(_around(_corners(item), matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures.append(_around((0.0, 0.0, 1.0, 1.0), _within(_matrix(item), matrix)))
            found.coloured.append(found.pictures[-1])
        elif kind == pdfium.FPDF_PAGEOBJ_SHADING:
            found.coloured.append(page.get_bbox())
    return found


def _corners(item: Any) -> Rectangle:
    """Where an object lies in what holds it."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return (-_FAR_PT, -_FAR_PT, _FAR_PT, _FAR_PT)
    return (left.value, bottom.value, right.value, top.value)


def _around(rectangle: Rectangle, matrix: Matrix) -> Rectangle:
    """The upright rectangle around a moved one."""
    x0, y0, x1, y1 = rectangle
    xs, ys = zip(*(_placed(x, y, matrix) for x in (x0, x1) for y in (y0, y1)), strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def _objects(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    """(object, kind, the matrix of what holds it) of everything on the page but forms, whose content is given."""
    import pypdfium2.raw as pdfium

    holders: list[tuple[Any, Any, int, Matrix, int]] = [
        (pdfium.FPDFPage_GetObject, page.raw, pdfium.FPDFPage_CountObjects(page.raw), _UNMOVED, 0)
    ]
    while holders:
        take, holder, count, matrix, depth = holders.pop()
        for index in range(count):
            item = take(holder, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind != pdfium.FPDF_PAGEOBJ_FORM:
                yield item, kind, matrix
            elif depth < _DEEPEST:
                inside = pdfium.FPDFFormObj_CountObjects(item)
                moved = _within(_matrix(item), matrix)
                holders.append((pdfium.FPDFFormObj_GetObject, item, inside, moved, depth + 1))


def _matrix(item: Any) -> Matrix:
    import pypdfium2.raw as pdfium

    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(found)):
        return _UNMOVED
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _within(inner: Matrix, outer: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    if outer is _UNMOVED:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _placed(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _look_at_path(path: Any, matrix: Matrix, found: Drawing) -> bool:
    """Add the lines of one path; tell whether it is drawn in colour."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not (fill.value or stroke.value):
        return False
    shows, coloured = _colour(
        path, pdfium.FPDFPageObj_GetStrokeColor if stroke.value else pdfium.FPDFPageObj_GetFillColor
    )
    count = pdfium.FPDFPath_CountSegments(path)
    points = _points(path, count, matrix) if shows and 2 <= count <= _MOST_SEGMENTS else []
    if points:
        _add_lines(points, bool(stroke.value), found)
    return coloured


def _add_lines(points: list[tuple[float, float, bool]], stroked: bool, found: Drawing) -> None:
    if stroked:
        found.lines += [
            (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            for (x0, y0, _), (x1, y1, drawn) in itertools.pairwise(points)
            if drawn and min(abs(x1 - x0), abs(y1 - y0)) < 0.5 and max(abs(x1 - x0), abs(y1 - y0)) >= _SHORTEST_PT
        ]
        return
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    thin, long = sorted((max(xs) - min(xs), max(ys) - min(ys)))
    if thin <= _THICKEST_PT and long >= _SHORTEST_PT:
        found.lines.append((min(xs), min(ys), max(xs), max(ys)))


def _points(path: Any, count: int, matrix: Matrix) -> list[tuple[float, float, bool]]:
    """(x, y, drawn to from the point before) in page points, closed; [] when the path is curved."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float, bool]] = []
    begun = (0.0, 0.0)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO or not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            return []
        place = _placed(x.value, y.value, matrix)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begun = place
        points.append((*place, kind == pdfium.FPDF_SEGMENT_LINETO))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append((*begun, True))
    return points


def _colour(path: Any, colour_of: Any) -> tuple[bool, bool]:
    """(is the path drawn in anything but white or nothing?, in a colour that is not grey?)"""
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    if not colour_of(path, red, green, blue, opacity):
        return True, True
    parts = (red.value, green.value, blue.value)
    return opacity.value > 8 and min(parts) < _WHITE, max(parts) - min(parts) > _COLOURED
