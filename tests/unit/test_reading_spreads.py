"""Two pages on one sheet are read one after the other, and what is found keeps its place on the sheet."""

from __future__ import annotations

import contextlib
import io

import pikepdf
import pypdfium2
import pytest
from adapters import page_reading, tesseract
from casework.document import Box, Grid, Word
from casework.reading import read_fields
from casework.reading.spreads import gutter_of
from PIL import Image

from infra import papers


def _lines(x0: float, x1: float, count: int = 20, words: int = 6) -> list[Word]:
    step = (x1 - x0) / words
    return [
        Word(f"chữ{line}", Box(x0 + step * word, 0.1 + 0.04 * line, x0 + step * (word + 0.9), 0.12 + 0.04 * line))
        for line in range(count)
        for word in range(words)
    ]


def test_the_fold_is_the_white_stripe_down_the_middle() -> None:
    words = _lines(0.06, 0.46) + _lines(0.55, 0.94)
    assert gutter_of(words, 4200, 2970) == pytest.approx(0.5, abs=0.02)
    assert gutter_of(words, 2100, 2970) is None, "an upright page has columns, not pages"


def test_a_title_or_table_across_the_middle_makes_it_one_page() -> None:
    words = _lines(0.06, 0.46) + _lines(0.55, 0.94)
    title = Word("DANH SÁCH", Box(0.4, 0.05, 0.6, 0.07))
    assert gutter_of([*words, title], 4200, 2970) is None
    assert gutter_of(words, 4200, 2970, [Grid(Box(0.06, 0.1, 0.94, 0.9), 2, 2, ())]) is None


def test_a_half_without_text_makes_it_one_page() -> None:
    assert gutter_of(_lines(0.06, 0.46), 4200, 2970) is None
    assert gutter_of(_lines(0.06, 0.46) + _lines(0.55, 0.94, count=2, words=10), 4200, 2970) is None


def test_a_list_without_lines_is_one_page_though_a_stripe_runs_down_its_middle() -> None:
    columns = ((0.05, 0.08), (0.1, 0.24), (0.27, 0.44), (0.56, 0.64), (0.67, 0.75), (0.78, 0.94))
    words = [word for x0, x1 in columns for word in _lines(x0, x1, words=1)]
    assert gutter_of(words, 4200, 2970) is None


@pytest.fixture(scope="module")
def spread() -> tuple[bytes, papers.Paper]:
    """Both pages of a labour contract side by side on one sheet, born digital."""
    paper = papers.make_paper("labour_contract", "contract_one_side", seed=3000)
    with pikepdf.open(io.BytesIO(paper.pdf)) as book:
        sheet = pikepdf.new()
        width, height = (float(side) for side in book.pages[0].mediabox[2:])
        page = sheet.add_blank_page(page_size=(2 * width, height))
        for index in (0, 1):
            page.add_overlay(
                sheet.copy_foreign(book.pages[index].as_form_xobject()),
                pikepdf.Rectangle(index * width, 0, (index + 1) * width, height),
            )
        out = io.BytesIO()
        sheet.save(out)
    return out.getvalue(), paper


def _scanned(data: bytes) -> bytes:
    """The same sheet as a scanner gives it."""
    with contextlib.closing(pypdfium2.PdfDocument(data)) as document:
        image: Image.Image = document[0].render(scale=300 / 72).to_pil().convert("L")
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(300, 300))
    return out.getvalue()


@pytest.mark.parametrize("scan", [False, True], ids=["born digital", "scanned"])
def test_both_pages_are_read_left_then_right(spread: tuple[bytes, papers.Paper], scan: bool) -> None:
    data, paper = spread
    page, _ = page_reading.read(_scanned(data) if scan else data, 1, tesseract.Engine(), picture=False)
    assert page.source == ("ocr" if scan else "text")
    assert page.width_px > 1.3 * page.height_px
    sides = [word.box.x0 >= 0.5 for word in page.words]
    first_right = sides.index(True)
    assert first_right > 100
    assert all(sides[first_right:]), "all of the left page comes before the right one"

    reading = read_fields([page])
    assert reading.document_type == "labour_contract"
    right = []
    for name in ("employee.full_name", "employer.name", "contract.number", "contract.signed_on"):
        field = reading.fields.get(name)
        if field is None or paper.truth["fields"].get(name) is None:
            continue
        assert field.value == paper.truth["fields"][name], name
        assert field.page == 1
        assert field.box is not None
        words = [word for word in page.words if word.text in field.raw.split()]
        right += [word for word in words if _covers(field.box, word.box)]
    assert len(right) >= 3, "the boxes of what was found lie on its words on the sheet"
    assert tuple(page.number for page in reading.pages) == (1,)


def _covers(box: Box, word: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
