"""`motcua read --searchable`: a PDF for each file, named after it, none lost to another's name."""

from __future__ import annotations

import io
from pathlib import Path

import PIL.Image
import pypdfium2
import pytest
import typer
from casework.document import Box, Page, Word
from casework.errors import problem
from casework.ports import PageRead

from infra.local.shelf import Shelf


def a_page(text: str = "Nguyễn", readable: bool = True) -> PageRead:
    packed = io.BytesIO()
    PIL.Image.new("L", (200, 280), 255).save(packed, "JPEG")
    fault = None if readable else problem("page-blurred", page=1)
    words = (Word(text, Box(0.1, 0.1, 0.5, 0.15)),)
    return PageRead(Page(1, "ocr", 200, 280, words=words, problem=fault), packed.getvalue())


def text_of(path: str) -> str:
    return str(pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()).strip()


def test_a_file_is_kept_under_its_own_name_with_its_size(tmp_path: Path) -> None:
    kept = Shelf(tmp_path / "moi" / "nua").keep(Path("quet/hợp đồng.jpg"), [a_page()])
    assert Path(kept["file"]) == tmp_path / "moi" / "nua" / "hợp đồng.pdf"
    assert kept["bytes"] == Path(kept["file"]).stat().st_size
    assert text_of(kept["file"]) == "Nguyễn"


def test_two_files_of_one_name_are_two(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    names = [shelf.keep(Path(folder, "a.jpg"), [a_page(folder)])["file"] for folder in ("một", "hai", "ba")]
    assert [Path(name).name for name in names] == ["a.pdf", "a-2.pdf", "a-3.pdf"]
    assert [text_of(name) for name in names] == ["một", "hai", "ba"]


def test_a_page_that_could_not_be_read_is_a_picture_and_no_words(tmp_path: Path) -> None:
    kept = Shelf(tmp_path).keep(Path("a.jpg"), [a_page(), a_page("rác", readable=False)])
    pdf = pypdfium2.PdfDocument(kept["file"])
    assert len(pdf) == kept["pages"] == 2
    assert pdf[1].get_textpage().get_text_range() == ""


def test_a_file_without_any_picture_is_not_kept(tmp_path: Path) -> None:
    assert Shelf(tmp_path).keep(Path("a.pdf"), [PageRead(Page(1, "ocr", 0, 0), b"")]) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_to_be(tmp_path: Path) -> None:
    blocked = tmp_path / "tep"
    blocked.write_text("x")
    with pytest.raises(typer.BadParameter, match="tep"):
        Shelf(blocked).keep(Path("a.jpg"), [a_page()])
