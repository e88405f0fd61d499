"""Tables of a born-digital page from its drawing commands: strokes, rectangles, bars; turned pages; no tables."""

from __future__ import annotations

import itertools

import numpy as np
import pypdfium2
import pytest
from adapters.page_reading import coloured_part
from adapters.pdf_drawing import drawing_of
from adapters.reader import Reader

from infra.papers import make_paper
from tests.hostile import raw_pdf


def _page(content: str, *, rotate: int = 0) -> pypdfium2.PdfPage:
    body = content.encode()
    document = pypdfium2.PdfDocument(
        raw_pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d /Contents 4 0 R >>" % rotate,
                b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body),
            ]
        )
    )
    return document[0]


ACROSS, DOWN = (600, 570, 540, 500), (60, 160, 400, 530)
STROKES = "1 w " + "".join(
    [f"{DOWN[0]} {y} m {DOWN[-1]} {y} l S " for y in ACROSS]
    + [f"{x} {ACROSS[0]} m {x} {ACROSS[-1]} l S " for x in DOWN]
)
BARS = "".join(
    [f"{DOWN[0]} {y} {DOWN[-1] - DOWN[0]} 0.5 re f " for y in ACROSS]
    + [f"{x} {ACROSS[-1]} 0.5 {ACROSS[0] - ACROSS[-1]} re f " for x in DOWN]
)
BOXES = "".join(
    f"{x} {low} {right - x} {y - low} re S "
    for y, low in itertools.pairwise(ACROSS)
    for x, right in itertools.pairwise(DOWN)
)


@pytest.mark.parametrize("content", [STROKES, BARS, BOXES, f"q 0.5 0 0 0.5 0 0 cm 2 0 0 2 0 0 cm {BARS} Q"])
def test_lines_of_every_making_rule_the_same_table(content: str) -> None:
    page = _page(content)
    (table,), (width, height) = drawing_of(page).tables(page)
    assert (table.rows, table.columns, len(table.cells)) == (3, 3, 9)
    last = max(table.cells, key=lambda cell: (cell.row, cell.column))
    assert last.x0 / width * 595 == pytest.approx(400, abs=2)
    assert last.y1 / height * 842 == pytest.approx(842 - 500, abs=2)


def test_turned_page_is_ruled_as_it_is_shown() -> None:
    page = _page(STROKES, rotate=90)
    (table,), (width, height) = drawing_of(page).tables(page)
    assert width > height
    assert table.x0 / width == pytest.approx(500 / 842, abs=0.01)
    assert table.y0 / height == pytest.approx(60 / 595, abs=0.01)


@pytest.mark.parametrize(
    "content",
    [
        "1 1 1 RG " + STROKES,
        STROKES.replace(" S ", " n "),
        "".join(f"60 {y} m 530 {y} l S " for y in range(100, 700, 20)),
    ],
    ids=["white", "undrawn", "across only"],
)
def test_no_table_without_lines_that_enclose(content: str) -> None:
    page = _page(content)
    assert drawing_of(page).tables(page)[0] == []


def test_colour_tells_where_a_seal_may_be() -> None:
    assert not drawing_of(_page(STROKES)).coloured
    assert drawing_of(_page("0.8 0 0 RG 100 100 50 50 re S")).coloured


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "content", ["0.8 0 0 RG 4 w 100 600 50 90 re S", "q 0 0 0.9 rg 300 20 m 350 60 380 60 400 20 c f Q"]
)
def test_only_the_coloured_part_of_a_page_is_drawn_and_looks_as_on_the_whole_page(content: str, rotate: int) -> None:
    page = _page(content, rotate=rotate)
    part = drawing_of(page).coloured_part(page)
    assert part is not None
    assert (part[2] - part[0]) * (part[3] - part[1]) < 0.05 * 595 * 842
    scale = 1000 / 842
    assert np.array_equal(np.asarray(coloured_part(page, part, scale)), np.asarray(page.render(scale=scale).to_pil()))


def test_drawing_without_end_is_not_followed() -> None:
    page = _page("0 0 m 50 0 l S\n" * 31_000)
    drawing = drawing_of(page)
    assert drawing.lines == []
    assert drawing.coloured


def test_printed_list_comes_back_cell_by_cell_and_exact() -> None:
    paper = make_paper("form_01", "form01_ruled", seed=0, rows=5)
    reader = Reader()
    page = reader.read_page(paper.pdf, 1, picture=False).page
    reader.close()
    (grid,) = page.grids
    inside = {" ".join(word.text for word in cell.words) for cell in grid.cells}
    assert {row["employee.bhxh_number"] for row in paper.truth["tables"]["roster"]} <= inside
    names = {" ".join(name.split()) for name in (row["employee.full_name"] for row in paper.truth["tables"]["roster"])}
    assert {name.casefold() for name in names} <= {text.casefold() for text in inside}
