"""A drawn seal is read through the signature and the print it lies over, however it is turned; real Tesseract."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pytest
from adapters.reader import Reader
from adapters.seal_letters import RADIUS_PX, read_seal, seal_ink, turn_of, upright_page, without_pen
from adapters.tesseract import Engine
from casework.document import Box, Page
from casework.seal_names import told
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from infra.papers.ink import draw_seal, draw_signature

NAME, CODE = "Công ty TNHH MTV Khách sạn Phúc Đức Quỳnh", "1830149431"
OTHER, OTHER_CODE = "Công ty Cổ phần Thủy sản Thuận Long", "3702249466"
SIDE_PX = 425  # 36 mm at 300 dpi
PAGE_PX = (2480, 3508)
LEFT, TOP = 1500, 2400
BOX = Box(
    LEFT / PAGE_PX[0], TOP / PAGE_PX[1], (LEFT + SIDE_PX) / PAGE_PX[0], (TOP + SIDE_PX) / PAGE_PX[1]
)  # fmt: skip


@cache
def page(name: str, code: str, seed: int = 0, signed: bool = True) -> Image.Image:
    """An A4 page at 300 dpi with a printed line, a signature and the seal over both."""
    sheet = Image.new("RGB", PAGE_PX, (250, 249, 246))
    pencil = ImageDraw.Draw(sheet)
    pencil.rectangle((LEFT + 150, TOP + 24, LEFT + 260, TOP + 36), fill=(30, 30, 30))
    if signed:
        stroke = Image.open(io.BytesIO(draw_signature("Bùi An", 2))).resize((420, 160))
        sheet.paste(stroke.convert("RGB"), (LEFT + 180, TOP + 130), stroke.getchannel("A"))
    seal = Image.open(io.BytesIO(draw_seal(name, code, "Q. Hải Châu - TP. Đà Nẵng", seed)))
    seal = seal.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    sheet.paste(seal.convert("RGB"), (LEFT, TOP), seal.getchannel("A"))
    return sheet


def jpeg(picture: Image.Image) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=82)
    return packed.getvalue()


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.parametrize(("name", "code", "verdict"), [(NAME, CODE, "same"), (OTHER, OTHER_CODE, "other")])
def test_a_seal_is_told_from_another_firms(name: str, code: str, verdict: str, seed: int) -> None:
    assert told(read_seal(page(name, code, seed), BOX, Engine()), NAME, CODE).verdict == verdict


def test_what_is_read_is_the_seal_and_not_the_signature() -> None:
    [first, *_] = read_seal(page(NAME, CODE, 1), BOX, Engine())
    assert {"CÔNG", "KHÁCH"} <= {text for text, sure in first.middle if sure > 0.8}
    assert "1830149431" in " ".join(text for text, _ in first.ring)


@pytest.mark.parametrize(("name", "code", "verdict"), [(NAME, CODE, "same"), (OTHER, OTHER_CODE, "other")])
def test_the_figures_alone_tell_a_seal_from_another_firms(name: str, code: str, verdict: str) -> None:
    shapes = read_seal(page(name, code, 1), BOX, Engine())[-1]
    assert shapes.figures
    assert told([shapes], NAME, CODE).verdict == verdict


def test_no_seal_no_words() -> None:
    blank = Image.new("RGB", PAGE_PX, "white")
    assert told(read_seal(blank, BOX, Engine()), NAME, CODE).verdict == "unknown"
    assert read_seal(blank, Box(0.5, 0.5, 0.505, 0.505), Engine()) == ()


def test_a_blurred_seal_says_nothing_of_another_firm() -> None:
    soft = page(NAME, CODE, 1).filter(ImageFilter.GaussianBlur(6))
    assert told(read_seal(soft, BOX, Engine()), NAME, CODE).verdict != "other"


@pytest.mark.parametrize(("name", "code", "wrong"), [(NAME, CODE, "other"), (OTHER, OTHER_CODE, "same")])
def test_without_colour_a_seal_is_not_mistaken(name: str, code: str, wrong: str) -> None:
    grey = page(name, code, 1).convert("L").convert("RGB")
    assert told(read_seal(grey, BOX, Engine()), NAME, CODE).verdict != wrong


def test_the_rim_and_the_turn_are_found() -> None:
    aside = Box(BOX.x0 + 0.003, BOX.y0 - 0.002, BOX.x1 + 0.003, BOX.y1 - 0.002)
    found = seal_ink(page(NAME, CODE, 1), aside)
    assert found is not None
    assert found.radius == pytest.approx(0.98 * RADIUS_PX, rel=0.04)
    turned = seal_ink(page(NAME, CODE, 1).rotate(-9, center=(LEFT + SIDE_PX / 2, TOP + SIDE_PX / 2)), BOX)
    assert turned is not None
    assert turn_of(turned) - turn_of(found) == pytest.approx(9, abs=1.5)


def test_pen_and_toner_leave_no_ink_where_no_seal_is() -> None:
    red, bare = page(NAME, CODE, 1), page(NAME, CODE, 1, signed=False)
    pen = np.asarray(ImageChops.difference(red, bare).convert("L").crop((LEFT, TOP, LEFT + SIDE_PX, TOP + SIDE_PX)))
    light = np.asarray(red.crop((LEFT, TOP, LEFT + SIDE_PX, TOP + SIDE_PX)), dtype=np.float32)
    assert without_pen(light)[pen > 90].mean() < 0.1


def test_a_page_lies_as_when_it_was_read() -> None:
    upright = page(NAME, CODE, 1)
    lying = jpeg(upright.rotate(90, expand=True))  # to be turned clockwise
    found = upright_page(lying, Page(1, "ocr", *PAGE_PX, rotation_deg=90))
    assert found is not None
    assert found.size == PAGE_PX
    assert np.abs(np.asarray(found, dtype=int) - np.asarray(upright)).mean() < 3
    assert upright_page(b"no picture", Page(1, "ocr", 1, 1)) is None


def test_the_limited_process_reads_a_seal_from_a_file() -> None:
    reader = Reader()
    read = reader.read_seal(jpeg(page(OTHER, OTHER_CODE, 1)), Page(1, "ocr", *PAGE_PX), BOX)
    reader.close()
    assert told(read, NAME, CODE).verdict == "other"
