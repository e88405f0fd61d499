"""A seal is found by its rim where colour is lost; what is only round, or only text, is not one."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest
from adapters.page_image import for_viewing
from adapters.seal_rings import Evidence, seal_rings
from PIL import Image, ImageChops, ImageDraw

from infra.papers.ink import draw_seal
from infra.papers.printing import print_paper
from infra.papers.sets import one_employer

DPI = 200
MM = DPI / 25.4


def _printed(*, signed: bool) -> Image.Image:
    employer, jobs = one_employer(1, seed=4)
    paper = print_paper("suspension_letterhead", employer, jobs, seed=4, signed=signed)
    return pypdfium2.PdfDocument(paper.pdf)[0].render(scale=DPI / 72).to_pil().convert("RGB")


@pytest.fixture(scope="module")
def sealed() -> Image.Image:
    return _printed(signed=True)


@pytest.fixture(scope="module")
def unsealed() -> Image.Image:
    return _printed(signed=False)


def _faxed(page: Image.Image) -> Image.Image:
    return page.convert("L").resize((1240, 1754), Image.Resampling.BOX).point([0] * 168 + [255] * 88)


def _stamped(page: Image.Image, mm: float, x: float, y: float) -> Image.Image:
    """The page with a seal of this width, its centre at these parts of the page."""
    seal: Image.Image = Image.open(io.BytesIO(draw_seal("Công ty TNHH Minh Tâm", "0301234567", "TP. Hồ Chí Minh", 3)))
    seal = seal.resize((round(mm * MM), round(mm * MM)), Image.Resampling.LANCZOS)
    ink = Image.new("RGB", page.size, (255, 255, 255))
    ink.paste(
        seal.convert("RGB"),
        (round(page.width * x - seal.width / 2), round(page.height * y - seal.height / 2)),
        seal.getchannel("A"),
    )
    return ImageChops.multiply(page, ink)


@pytest.mark.parametrize("worn", [lambda page: page.convert("L"), _faxed], ids=["grey", "fax"])
def test_the_employers_seal_is_found_without_its_colour(sealed: Image.Image, worn) -> None:
    (seal,) = seal_rings(for_viewing(worn(sealed)))
    assert seal.box.x0 > 0.4
    assert (seal.box.x1 - seal.box.x0) * 210 == pytest.approx(35.3, abs=1.5)
    assert seal.confidence >= 0.8


@pytest.mark.parametrize("worn", [lambda page: page.convert("L"), _faxed], ids=["grey", "fax"])
def test_a_page_without_seal_has_none(unsealed: Image.Image, worn) -> None:
    assert seal_rings(for_viewing(worn(unsealed))) == ()


@pytest.mark.parametrize(("mm", "x", "y"), [(30, 0.25, 0.3), (36, 0.5, 0.5), (42, 0.7, 0.75)])
def test_seals_are_found_in_their_sizes_and_over_text(unsealed: Image.Image, mm: float, x: float, y: float) -> None:
    (seal,) = seal_rings(for_viewing(_stamped(unsealed, mm, x, y).convert("L")))
    assert (seal.box.x0 + seal.box.x1) / 2 == pytest.approx(x, abs=0.01)
    assert (seal.box.y0 + seal.box.y1) / 2 == pytest.approx(y, abs=0.01)


def test_several_seals_are_each_found_once(unsealed: Image.Image) -> None:
    page = _stamped(_stamped(unsealed, 36, 0.25, 0.7), 36, 0.7, 0.72)
    assert len(seal_rings(for_viewing(page.convert("L")))) == 2


@pytest.mark.parametrize(
    ("mm", "width_mm", "filled"),
    [(20, 1, None), (36, 0.6, None), (36, 4, None), (36, 1, 90), (52, 0.6, None)],
    ids=["small logo", "empty ring", "thick ring", "disc", "large circle"],
)
def test_what_is_only_round_is_no_seal(unsealed: Image.Image, mm: float, width_mm: float, filled: int | None) -> None:
    page = unsealed.convert("L")
    x, y, reach = page.width * 0.2, page.height * 0.85, mm * MM / 2
    page.paste(255, (0, round(page.height * 0.74), page.width // 2, page.height))
    ImageDraw.Draw(page).ellipse(
        (x - reach, y - reach, x + reach, y + reach), outline=20, width=round(width_mm * MM), fill=filled
    )
    assert seal_rings(for_viewing(page)) == ()


def test_a_strip_too_narrow_for_a_seal_and_an_empty_page_have_none() -> None:
    assert seal_rings(Image.new("L", (2000, 120), 255)) == ()
    assert seal_rings(Image.new("L", (1654, 2339), 255)) == ()


SEEN = Evidence(rim=0.95, quarter=0.85, outside=0.1, gap=0.08, writing=0.6, within=0.2)


@pytest.mark.parametrize(
    "lacking", [{"quarter": 0.3}, {"gap": 0.5}, {"writing": 0.0}, {"within": 0.8}], ids=lambda lacking: str(lacking)
)
def test_no_mark_of_a_seal_may_be_missing(lacking: dict[str, float]) -> None:
    assert SEEN.belief == pytest.approx(0.85)
    assert replace(SEEN, **lacking).belief == 0.0
