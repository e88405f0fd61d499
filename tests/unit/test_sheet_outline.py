"""A sheet on a table is found to within 1 % and brought flat; where anything could be lost the picture stays."""

from __future__ import annotations

import numpy as np
import pytest
from adapters.page_image import prepare
from adapters.sheet_outline import flattened, outline_of
from PIL import Image, ImageDraw, ImageFilter

SIZE = (1500, 2000)
LEANING = ((210.0, 160.0), (1330.0, 240.0), (1260.0, 1840.0), (130.0, 1760.0))
FLAT = ((0.0, 0.0), (1500.0, 0.0), (1500.0, 2000.0), (0.0, 2000.0))


def _picture(
    corners: tuple[tuple[float, float], ...] = LEANING, *, table: int = 110, paper: int = 240, lines: int = 30
) -> Image.Image:
    """A sheet with lines of letters, drawn in the sheet's own lean."""
    picture = Image.new("L", SIZE, table)
    pencil = ImageDraw.Draw(picture)
    pencil.polygon(corners, fill=paper)
    top_left, top_right, _, foot_left = (np.array(corner) for corner in corners)
    along, down = top_right - top_left, foot_left - top_left
    for line in range(lines):
        for letter in range(60):
            x, y = top_left + along * (0.1 + 0.8 * letter / 60) + down * (0.08 + 0.84 * line / max(1, lines))
            pencil.rectangle((x, y, x + 8, y + 12), fill=30)
    return picture.filter(ImageFilter.GaussianBlur(1)).convert("RGB")


def _farthest(found: tuple[tuple[float, float], ...], true: tuple[tuple[float, float], ...]) -> float:
    return max(float(np.hypot(x - u, y - v)) for (x, y), (u, v) in zip(found, true, strict=True)) / max(SIZE)


def test_the_corners_are_found_within_one_hundredth() -> None:
    found = outline_of(_picture())
    assert found is not None
    assert _farthest(found.corners, LEANING) < 0.01
    assert found.share == pytest.approx(0.60, abs=0.02)


@pytest.mark.parametrize("table", [30, 90, 160, 190])
def test_dark_and_light_tables(table: int) -> None:
    found = outline_of(_picture(table=table))
    assert found is not None
    assert _farthest(found.corners, LEANING) < 0.01


@pytest.mark.parametrize("soft_px", [2, 40])
def test_a_shadow_across_the_page_is_no_edge(soft_px: int) -> None:
    shade = Image.new("L", SIZE, 255)
    ImageDraw.Draw(shade).polygon([(0, 0), (900, 0), (500, 1100), (0, 1300)], fill=140)
    shadow = np.asarray(shade.filter(ImageFilter.GaussianBlur(soft_px)), dtype=np.float32) / 255
    lit = Image.fromarray((np.asarray(_picture(), dtype=np.float32) * shadow[..., None]).astype(np.uint8))
    found = outline_of(lit)
    assert found is not None
    assert _farthest(found.corners, LEANING) < 0.01


def test_writing_outside_the_sheet_keeps_the_whole_picture() -> None:
    """A smaller bright sheet laid on a grey page of text: its edges are clear, but it is not all there is to read."""
    picture = _picture(((300, 500), (1200, 500), (1200, 1700), (300, 1700)), table=170)
    assert outline_of(picture) is not None
    pencil = ImageDraw.Draw(picture)
    for letter in range(60):
        pencil.rectangle((300 + 14 * letter, 200, 308 + 14 * letter, 216), fill=(30, 30, 30))
    assert outline_of(picture) is None


def test_a_flat_scan_is_left_alone() -> None:
    scan = _picture(FLAT)
    assert outline_of(scan) is None
    ruled = scan.copy()
    ImageDraw.Draw(ruled).rectangle((150, 300, 1350, 1700), outline=(20, 20, 20), width=6)
    assert outline_of(ruled) is None, "a frame printed on the page is no edge of it"


@pytest.mark.parametrize(
    "corners",
    [
        ((210, 160), (1330, 240), (1560, 1840), (130, 1760)),  # a corner is not on the picture
        ((600, 160), (1000, 160), (1400, 1840), (130, 1840)),  # seen from far below: sides too unlike
        ((500, 600), (900, 600), (900, 1100), (500, 1100)),  # a slip of paper, a fifteenth of the picture
        ((400, 160), (1380, 160), (1080, 1840), (100, 1840)),  # no right angles
    ],
    ids=["cut", "unlike", "small", "askew"],
)
def test_what_is_not_surely_a_sheet_is_left_alone(corners: tuple[tuple[float, float], ...]) -> None:
    assert outline_of(_picture(corners, lines=0)) is None


def test_three_edges_are_not_enough() -> None:
    picture = _picture()
    ImageDraw.Draw(picture).rectangle((700, 0, 1500, 2000), fill=(240, 240, 240))
    assert outline_of(picture) is None


def test_a_blank_picture_has_no_sheet() -> None:
    assert outline_of(Image.new("RGB", SIZE, (128, 128, 128))) is None
    assert outline_of(Image.new("1", (60, 40), 1)) is None


def test_the_sheet_is_brought_flat() -> None:
    """What stood at a tenth of the sheet stands there afterwards, where it is read and where it is shown."""
    picture = _picture(lines=0)
    top_left, top_right, _, foot_left = (np.array(corner) for corner in LEANING)
    x, y = top_left + 0.1 * (top_right - top_left) + 0.1 * (foot_left - top_left)
    ImageDraw.Draw(picture).ellipse((x - 15, y - 15, x + 15, y + 15), fill=(0, 0, 0))
    found = outline_of(picture)
    assert found is not None
    page = prepare(picture, found)
    assert max(page.grey.size) == 2631
    assert page.colour.width / page.colour.height == pytest.approx(page.grey.width / page.grey.height, abs=0.01)
    for image in (page.grey, page.colour.convert("L"), flattened(picture.convert("L"), found, found.size)):
        rows, columns = np.nonzero(np.asarray(image) < 90)
        assert float(columns.mean()) / image.width == pytest.approx(0.1, abs=0.02)
        assert float(rows.mean()) / image.height == pytest.approx(0.1, abs=0.02)
        assert float(np.median(np.asarray(image)[:, -3:])) > 200, "no table is left at the side"
