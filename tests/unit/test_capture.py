"""The measures of a capture hold sharp and blurred, full and empty pages apart, on both sides of each threshold."""

from __future__ import annotations

import pypdfium2
import pytest
from adapters import capture
from adapters.page_image import prepare
from casework.document import Box, Word
from PIL import Image, ImageFilter

from infra.papers import make_paper


@pytest.fixture(scope="module")
def printed() -> Image.Image:
    page = pypdfium2.PdfDocument(make_paper("suspension_agreement", seed=0).pdf)[0]
    return page.render(scale=200 / 72).to_pil().convert("RGB")


def _measured(image: Image.Image) -> dict[str, float]:
    return capture.measure(image, prepare(image).grey)


def test_edges_widen_with_blur(printed: Image.Image) -> None:
    sharp = _measured(printed)["edge_px"]
    blurred = _measured(printed.filter(ImageFilter.GaussianBlur(2.5)))["edge_px"]
    assert sharp < 4.0 < 5.0 < blurred


def test_blurred_away_is_not_blank(printed: Image.Image) -> None:
    lost = _measured(printed.filter(ImageFilter.GaussianBlur(14)))
    empty = _measured(Image.new("RGB", printed.size, (250, 250, 247)))
    assert capture.is_blank(empty, 0)
    assert not capture.is_blank(lost, 0)
    trouble = capture.trouble(3, lost, ())
    assert trouble is not None
    assert trouble.type == "page-blurred"
    assert "3" in trouble.title


def test_seal_and_signature_are_seen_in_their_ink(printed: Image.Image) -> None:
    colour = prepare(printed).colour
    (seal,) = capture.seals(colour)
    assert seal.box.x0 > 0.4
    assert capture.signatures(colour)
    assert capture.seals(colour.convert("L")) == ()


def _words(height: float, confidence: float = 0.9) -> list[Word]:
    """A page of real words in three columns."""
    said = ["người", "lao", "động", "và", "công", "ty", "thỏa", "thuận", "tạm", "hoãn", "thực", "hiện", "hợp", "đồng"]
    return [
        Word(
            text, Box(0.1 + 0.25 * column, 0.1 + 0.05 * row, 0.3 + 0.25 * column, 0.1 + 0.05 * row + height), confidence
        )
        for row, text in enumerate(said)
        for column in range(3)
    ]


SHARP = {"ink": 0.04, "edge_px": 2.5, "smear": 0.2, "long_side_px": 2339.0, "brightness": 245.0}


@pytest.mark.parametrize(
    ("change", "height", "confidence", "named"),
    [
        ({}, 0.0115, 0.9, None),
        ({"brightness": 20.0}, 0.0115, 0.9, None),  # dark, but it reads
        ({"brightness": 20.0}, 0.0115, 0.3, "page-too-dark"),
        ({"edge_px": 7.0}, 0.0115, 0.3, "page-blurred"),
        ({"long_side_px": 1754.0}, 0.0115, 0.9, None),
        ({"long_side_px": 500.0}, 0.0115, 0.9, "page-too-small"),
        ({"long_side_px": 500.0}, 0.04, 0.9, None),  # a card: small, with large letters
        ({}, 0.0115, 0.2, "page-unreadable"),
    ],
)
def test_trouble_is_named_by_what_was_seen_and_read(
    change: dict[str, float], height: float, confidence: float, named: str | None
) -> None:
    trouble = capture.trouble(1, SHARP | change, _words(height, confidence))
    assert (trouble.type if trouble else None) == named


def test_lines_that_run_out_of_the_picture_are_cut() -> None:
    whole = _words(0.0115)
    cut = [Word(word.text, Box(0.0, word.box.y0, 0.1, word.box.y1), 0.9) for word in whole[::3]]
    trouble = capture.trouble(2, SHARP, whole + cut)
    assert trouble is not None
    assert trouble.type == "page-cut"
    assert capture.trouble(2, SHARP, whole + cut[:3]) is None
