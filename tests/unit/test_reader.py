"""One page read for real: text layer, scan, photograph turned, blank, blurred; and what a broken engine does."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from adapters.reader import Reader
from casework.document import Box
from casework.errors import ReaderFailed
from PIL import Image

from infra.papers import make_paper
from infra.papers.wearing import blur_page, wear
from tests.hostile import blank_pdf, raw_pdf


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    one = Reader()
    yield one
    one.close()


@pytest.fixture(scope="module")
def agreement() -> bytes:
    return make_paper("suspension_agreement", seed=0).pdf


def _png(image: Image.Image) -> bytes:
    packed = io.BytesIO()
    image.save(packed, "PNG")
    return packed.getvalue()


def test_text_layer_is_used_where_there_is_one(reader: Reader, agreement: bytes) -> None:
    page = reader.read_page(agreement, 1, picture=False).page
    assert page.source == "text"
    assert "THỎA THUẬN" in " ".join(word.text for word in page.words)


@pytest.mark.slow
def test_scan_reads_as_printed_and_a_second_look_agrees(reader: Reader, agreement: bytes) -> None:
    printed = {word.text for word in reader.read_page(agreement, 1, picture=False).page.words}
    read = reader.read_page(wear(agreement, "clean300", seed=0), 1)
    assert read.page.source == "ocr"
    assert read.page.readable
    assert sum(word.text in printed for word in read.page.words) > 0.93 * len(read.page.words)
    assert read.page.seals, "the employer's seal"
    title = next(word for word in read.page.words if word.text == "THUẬN")
    text, confidence = reader.read_again(read.image, title.box)
    assert "THUẬN" in text
    assert confidence > 0.5


@pytest.mark.slow
def test_page_on_its_side_is_turned(reader: Reader, agreement: bytes) -> None:
    page = reader.read_page(wear(agreement, "rotated", seed=0), 1, picture=False).page
    assert page.rotation_deg in (90, 180, 270)
    assert page.quality["syllables"] > 0.9


@pytest.mark.slow
def test_list_comes_back_cell_by_cell(reader: Reader) -> None:
    paper = make_paper("form_01", seed=0, rows=5)
    page = reader.read_page(wear(paper.pdf, "office200", seed=0), 1, picture=False).page
    (grid,) = page.grids
    assert grid.columns == 12
    inside = {" ".join(word.text for word in cell.words) for cell in grid.cells}
    numbers = [row["employee.bhxh_number"] for row in paper.truth["tables"]["roster"]]
    assert sum(number in inside for number in numbers) >= len(numbers) - 1


@pytest.mark.slow
def test_blurred_page_is_named(reader: Reader, agreement: bytes) -> None:
    page = reader.read_page(blur_page(wear(agreement, "office200"), 1), 1, picture=False).page
    assert page.problem is not None
    assert page.problem.type == "page-blurred"
    assert "Trang 1" in page.problem.title


def test_blank_page_is_accounted_for_and_no_problem(reader: Reader) -> None:
    for data in (_png(Image.new("L", (1240, 1754), 250)), blank_pdf()):
        page = reader.read_page(data, 1, picture=False).page
        assert page.readable
        assert page.words == ()
        assert page.quality["blank"] == 1.0


def test_page_that_cannot_be_opened_is_an_answer(reader: Reader) -> None:
    for data, number in ((b"%PDF-1.7", 1), (raw_pdf([b"<< /Type /Catalog >>"]), 1), (blank_pdf(), 7)):
        page = reader.read_page(data, number, picture=False).page
        assert page.problem is not None
        assert page.problem.type == "page-unreadable"


def test_missing_engine_is_an_error_to_be_retried() -> None:
    broken = Reader(tesseract=("/nonexistent/tesseract",))
    noisy = _png(Image.effect_noise((800, 1100), 90))
    with pytest.raises(ReaderFailed):
        broken.read_page(noisy, 1)
    with pytest.raises(ReaderFailed):
        broken.read_again(_png(Image.effect_noise((400, 400), 90)), Box(0, 0, 1, 1))
    broken.close()
