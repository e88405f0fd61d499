"""One page read for real: text layer, scan, photograph turned, blank, blurred; and what a broken engine does."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

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
    assert reader.read_variously(read.image, title.box).count(text) >= 3
    assert "THUẬN" in text
    assert confidence > 0.5


@pytest.mark.slow
def test_seal_of_a_fax_is_seen_without_its_colour(reader: Reader, agreement: bytes) -> None:
    (seal,) = reader.read_page(wear(agreement, "fax150", seed=0), 1, picture=False).page.seals
    assert seal.box.x0 > 0.4
    assert seal.confidence > 0.75


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
    with pytest.raises(ReaderFailed):
        broken.read_page(_png(BARS), 1)
    with pytest.raises(ReaderFailed):
        broken.read_again(_png(Image.effect_noise((400, 400), 90)), Box(0, 0, 1, 1))
    with pytest.raises(ReaderFailed):
        broken.read_variously(_png(Image.effect_noise((400, 400), 90)), Box(0, 0, 1, 1))
    broken.close()


def _engine(folder: Path, does: str) -> tuple[str, ...]:
    """A program that leaves its process number behind and then does this instead of reading."""
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\necho $$ >> {folder}/started\n{does}\n")
    program.chmod(0o700)
    return (str(program),)


def _alive(folder: Path) -> list[int]:
    """Those of the started engines that still run (a zombie does not)."""
    running = []
    for number in map(int, (folder / "started").read_text().split()):
        try:
            state = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z":
            running.append(number)
    return running


def _bars() -> Image.Image:
    """What looks like lines of letters to all who do not read them."""
    page = Image.new("L", (800, 1100), 250)
    for y in range(100, 1000, 40):
        for x in range(80, 720, 14):
            page.paste(20, (x, y, x + 7, y + 14))
    return page


BARS = _bars()


@pytest.mark.parametrize(("engine_seconds", "page_seconds"), [(1.5, 60.0), (60.0, 2.5)], ids=["engine", "page"])
def test_hanging_engine_ends_in_bounded_time(tmp_path: Path, engine_seconds: float, page_seconds: float) -> None:
    hanging = _engine(tmp_path, "trap '' TERM\nexec sleep 300")
    reader = Reader(tesseract=hanging, engine_seconds=engine_seconds, page_seconds=page_seconds)
    began = time.monotonic()
    with pytest.raises(ReaderFailed):
        reader.read_page(_png(BARS), 1)
    assert time.monotonic() - began < 30, "seconds; the engine would have slept 300"
    time.sleep(0.2)
    assert _alive(tmp_path) == []
    assert reader.read_page(blank_pdf(), 1).page.readable, "the reader lives on"
    reader.close()


@pytest.mark.parametrize("does", ["kill -SEGV $$", "kill -KILL $$", "exit 1", "echo nonsense", "rm -f $2.tsv; exit 0"])
def test_dying_engine_is_never_an_empty_page(tmp_path: Path, does: str) -> None:
    reader = Reader(tesseract=_engine(tmp_path, does))
    with pytest.raises(ReaderFailed):
        reader.read_page(_png(BARS), 1)
    reader.close()


def test_page_that_takes_all_the_time_there_is_cannot_be_read(tmp_path: Path) -> None:
    reader = Reader(tesseract=_engine(tmp_path, "kill -XCPU $$"))
    page = reader.read_page(_png(BARS), 1).page
    reader.close()
    assert page.problem is not None, "a second try would end the same way"
    assert page.problem.type == "page-unreadable"


def test_killed_child_is_an_error_and_the_next_page_gets_a_new_one(tmp_path: Path) -> None:
    waiting = _engine(tmp_path, "kill -KILL $(ps -o ppid= -p $PPID)\nexec sleep 5")
    reader = Reader(tesseract=waiting)
    with pytest.raises(ReaderFailed):
        reader.read_page(_png(BARS), 1)
    assert reader.read_page(blank_pdf(), 1).page.readable
    reader.close()


def _nested_forms() -> bytes:
    """28: forms drawing the next one twice, fifty deep."""
    forms = [
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /A %d 0 R /B %d 0 R >> >>"
        b" /Length 11 >>\nstream\n/A Do /B Do\nendstream" % (number + 1, number + 1)
        for number in range(5, 55)
    ]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page + b" /Resources << /XObject << /A 5 0 R >> >> >>",
            b"<< /Length 5 >>\nstream\n/A Do\nendstream",
            *forms,
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length 0 >>\nstream\n\nendstream",
        ]
    )


def _endless_path() -> bytes:
    """28: a page of a million strokes."""
    content = b"0 0 m " + b"595 842 l 0 0 l " * 500_000 + b"S"
    return raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
            b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        ]
    )


@pytest.mark.slow
@pytest.mark.parametrize("hostile", [_nested_forms, _endless_path])
def test_page_that_never_ends_is_answered(hostile: object) -> None:
    reader = Reader(page_seconds=10)
    began = time.monotonic()
    try:
        page = reader.read_page(hostile(), 1, picture=False).page  # type: ignore[operator]
    except ReaderFailed:
        page = None
    assert page is None or page.words == ()
    assert time.monotonic() - began < 60
    assert reader.read_page(blank_pdf(), 1).page.readable
    reader.close()


def test_importing_the_reader_is_cheap() -> None:
    script = (
        "import sys, time; sys.path[:] = sys.argv[1:]; began = time.process_time(); import adapters.reader\n"
        "print(time.process_time() - began, *sorted({'numpy', 'PIL', 'pypdfium2', 'pytesseract'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script, *sys.path], capture_output=True, text=True, check=True)
    seconds, *heavy = done.stdout.split()
    assert heavy == []
    assert float(seconds) < 0.5, "far above what it takes; the measure is in the bench"
