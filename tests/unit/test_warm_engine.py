"""The engine made ready once: it reads what the program reads, and its death is never an empty page."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable

import pytest
from adapters import tesseract, warm_engine
from casework.errors import ReaderFailed
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/texmf/fonts/opentype/public/tex-gyre/texgyretermes-regular.otf"


@pytest.fixture(scope="module")
def ready() -> tesseract.Engine:
    engine = tesseract.Engine()
    tesseract.get_ready(engine)
    assert tesseract.is_ready(engine)
    return engine


def _line(text: str) -> Image.Image:
    page = Image.new("L", (1000, 120), 250)
    ImageDraw.Draw(page).text((40, 40), text, 20, ImageFont.truetype(FONT, 34))
    return page


@pytest.mark.parametrize("alphabet", [None, "0123456789/"])
def test_reads_what_the_program_reads(ready: tesseract.Engine, alphabet: str | None) -> None:
    program = tesseract.Engine(command=(str(shutil.which("tesseract")),))
    assert not tesseract.is_ready(program), "an engine of its own is started as it was"
    page = _line("Nguyễn Thị Đào, sinh ngày 22/9/2003; lương 5.830.000 đồng")
    words = tesseract.read_words(page, ready, mode=tesseract.ONE_BLOCK, alphabet=alphabet)
    assert words
    assert words == tesseract.read_words(page, program, mode=tesseract.ONE_BLOCK, alphabet=alphabet)


def _killed_by(number: int) -> Callable[..., None]:
    return lambda *_: os.kill(os.getpid(), number)


@pytest.mark.parametrize(
    ("does", "meets"),
    [
        (_killed_by(signal.SIGKILL), ReaderFailed),
        (_killed_by(signal.SIGXCPU), tesseract.GaveUpError),
        (lambda *_: os._exit(1), ReaderFailed),
        (lambda *_: time.sleep(60), ReaderFailed),
    ],
    ids=["dies", "out of processor time", "fails", "hangs"],
)
def test_death_is_never_an_empty_page(
    ready: tesseract.Engine, monkeypatch: pytest.MonkeyPatch, does: Callable[..., None], meets: type[Exception]
) -> None:
    monkeypatch.setattr(warm_engine, "_be_the_fork", does)
    patient = tesseract.Engine(timeout_seconds=0.3)
    with pytest.raises(meets):
        tesseract.read_words(_line("chữ"), patient, mode=tesseract.ONE_BLOCK)


def test_language_that_is_not_there_is_left_to_the_program() -> None:
    assert not warm_engine.get_ready("khong-co")
    assert not warm_engine.is_ready("khong-co")
