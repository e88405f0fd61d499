"""The measures of a capture hold sharp and blurred, full and empty pages apart, on both sides of each threshold."""

from __future__ import annotations

import pypdfium2
import pytest
from adapters import capture
from adapters.page_image import prepare
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
