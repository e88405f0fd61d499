"""Ink of a colour goes, black text stays, also where both lie on each other; grey pages are left as they are."""

from __future__ import annotations

import numpy as np
import pytest
from adapters.page_image import coloured_share, is_coloured, without_coloured_ink
from PIL import Image, ImageDraw

PAPER, TONER = (250, 250, 247), (24, 25, 27)


def _page(ink: tuple[int, int, int]) -> Image.Image:
    """Black bars for text at x 100 to 300, and ink (which darkens what it lies on) from x 200 to 400."""
    page = Image.new("RGB", (600, 400), PAPER)
    pencil = ImageDraw.Draw(page)
    for y in range(50, 350, 40):
        pencil.rectangle((100, y, 300, y + 12), fill=TONER)
    pixels = np.asarray(page).astype(np.float32)
    pixels[:, 200:400] *= np.array(ink) / 255
    return Image.fromarray(pixels.astype(np.uint8))


@pytest.mark.parametrize("ink", [(205, 45, 55), (45, 65, 170), (120, 40, 150)], ids=["red", "blue", "violet"])
def test_ink_of_a_colour_becomes_paper_and_text_below_it_stays(ink: tuple[int, int, int]) -> None:
    grey = np.asarray(without_coloured_ink(_page(ink)))
    assert grey[30, 350] > 235, "ink alone is paper"
    assert grey[56, 250] < 70, "text under ink is still text"
    assert grey[56, 150] == TONER[2], "text alone is what it was"


def test_black_ink_cannot_be_told_from_text() -> None:
    grey = np.asarray(without_coloured_ink(_page((60, 60, 60))))
    assert grey[30, 350] < 70


def test_colour_is_noticed_where_it_is_more_than_a_speck() -> None:
    assert is_coloured(_page((205, 45, 55)))
    assert not is_coloured(_page((255, 255, 255)))
    assert not is_coloured(_page((205, 45, 55)).convert("L"))
    assert coloured_share(_page((205, 45, 55))) == pytest.approx(1 / 3, abs=0.1)
