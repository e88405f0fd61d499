"""Pages as pixels: every kind of file and image comes out as it looks, and what cannot be opened says so."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pypdfium2
import pytest
from adapters import raster
from PIL import Image

from tests.hostile import blank_pdf, image_pdf


def _saved(image: Image.Image, kind: str, **saving: object) -> bytes:
    packed = io.BytesIO()
    image.save(packed, kind, **saving)
    return packed.getvalue()


def _marked(mode: str = "RGB", size: tuple[int, int] = (200, 280)) -> Image.Image:
    """White paper with a black block in its upper left corner."""
    page = Image.new("RGB", size, "white")
    page.paste((0, 0, 0), (0, 0, size[0] // 4, size[1] // 4))
    return page.convert(mode)


def _corner(image: Image.Image) -> tuple[str, ...]:
    """Where the dark block stands."""
    grey = np.asarray(image.convert("L"))
    height, width = grey.shape
    parts = {
        "top-left": grey[: height // 5, : width // 5],
        "top-right": grey[: height // 5, -width // 5 :],
        "bottom-left": grey[-height // 5 :, : width // 5],
        "bottom-right": grey[-height // 5 :, -width // 5 :],
    }
    return tuple(name for name, part in parts.items() if part.mean() < 128)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "LA", "P", "CMYK"])
def test_images_of_every_kind_look_as_they_are(mode: str) -> None:
    data = _saved(_marked(mode), "TIFF" if mode == "CMYK" else "PNG")
    image = raster.open_image(data, 1).image
    assert image.mode in ("1", "L", "RGB")
    assert _corner(image) == ("top-left",)


def test_transparent_is_paper() -> None:
    page = Image.new("RGBA", (60, 80), (0, 0, 0, 0))
    assert raster.open_image(_saved(page, "PNG"), 1).image.getextrema() == ((255, 255),) * 3


def test_sixteen_bits_keep_their_shades() -> None:
    page = Image.fromarray(np.array([[0, 65535], [32768, 65535]], dtype=np.uint16))
    assert np.asarray(raster.open_image(_saved(page, "PNG"), 1).image).tolist() == [[0, 255], [128, 255]]


@pytest.mark.parametrize(("orientation", "corner"), [(1, "top-left"), (3, "bottom-right"), (6, "top-right")])
def test_photographs_are_turned_as_their_camera_says(orientation: int, corner: str) -> None:
    said = Image.Exif()
    said[0x0112] = orientation
    assert _corner(raster.open_image(_saved(_marked(), "JPEG", exif=said), 1).image) == (corner,)


def test_pages_of_a_fax_are_told_apart() -> None:
    pages = [_marked("1"), _marked("1").rotate(180)]
    data = _saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    assert [_corner(raster.open_image(data, number).image) for number in (1, 2)] == [("top-left",), ("bottom-right",)]
    with pytest.raises(raster.UnopenableError):
        raster.open_image(data, 3)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_scanned_page_is_its_own_image_turned_as_shown(turn: int) -> None:
    pixels = _marked("L", (1190, 1684)).tobytes()
    scan = image_pdf(b"/Width 1190 /Height 1684 /ColorSpace /DeviceGray /BitsPerComponent 8", pixels)
    with pikepdf.open(io.BytesIO(scan)) as pdf:
        pdf.pages[0].Rotate = turn
        packed = io.BytesIO()
        pdf.save(packed)
    sheet = raster.open_pdf_page(pypdfium2.PdfDocument(packed.getvalue())[0])
    assert sheet.scanned
    assert sheet.image.size == ((1684, 1190) if turn % 180 else (1190, 1684))
    assert _corner(sheet.image) == ({0: "top-left", 90: "top-right", 180: "bottom-right", 270: "bottom-left"}[turn],)


def test_image_that_is_shown_otherwise_is_rendered() -> None:
    pixels = _marked("L", (1190, 1684)).tobytes()
    negative = image_pdf(b"/Width 1190 /Height 1684 /ColorSpace /DeviceGray /BitsPerComponent 8 /Decode [1 0]", pixels)
    image = raster.open_pdf_page(pypdfium2.PdfDocument(negative)[0]).image
    assert _corner(image) == ("top-right", "bottom-left", "bottom-right"), "as a viewer shows it"


def test_printed_page_is_rendered_at_300_dpi() -> None:
    sheet = raster.open_pdf_page(pypdfium2.PdfDocument(blank_pdf())[0])
    assert not sheet.scanned
    assert max(sheet.image.size) == 3508


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\xff\xd8\xff\xe0 cut", _saved(_marked(), "PNG")[:60]])
def test_what_cannot_be_opened_says_so(data: bytes) -> None:
    with pytest.raises(raster.UnopenableError):
        raster.open_image(data, 1)
