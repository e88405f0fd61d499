"""A page of a file as pixels: the scanner's own image where the page is one scan, otherwise a rendering.

Runs only inside the limited child process of `reading_process`: PDF and image decoders meet hostile bytes here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.page_image import LONG_SIDE_PX

if TYPE_CHECKING:
    from PIL.Image import Image

_WHOLE_PAGE = 0.85  # an image covering this share of the page is a scan of it
_MOST_PIXELS = 40_000_000


class UnopenableError(Exception):
    """The page cannot be opened as pixels: damaged, or beyond the limits."""


@dataclass(frozen=True)
class Sheet:
    """One page as pixels, RGB or grey. `scanned` when it is the scanner's or camera's own image."""

    image: Image
    scanned: bool


def kind_of(data: bytes) -> str:
    """ "pdf" or "image" by the first bytes; inspection has already refused everything else."""
    return "pdf" if b"%PDF-" in data[:1024] else "image"


def open_image(data: bytes, number: int) -> Sheet:
    """Page `number` (from 1) of a JPEG, PNG or TIFF, turned as its EXIF says, metadata left behind."""
    import PIL.Image
    from PIL import ImageFile, ImageOps

    PIL.Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # other libraries of one process may have said otherwise
    try:
        with PIL.Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "TIFF")) as opened:
            opened.seek(number - 1)
            if opened.width * opened.height > _MOST_PIXELS:
                raise UnopenableError("the image has more than 40 million pixels")
            if opened.format == "JPEG":
                # A 48 Mpx photograph holds no more text than its half: let the decoder do the halving.
                opened.draft(None, (LONG_SIDE_PX, LONG_SIDE_PX))
            opened.load()
            image = ImageOps.exif_transpose(opened)
            return Sheet(_plain(image), scanned=True)
    except (OSError, ValueError, SyntaxError, EOFError, PIL.Image.DecompressionBombError, MemoryError) as error:
        raise UnopenableError(str(error)) from error


def _plain(image: Image) -> Image:
    """Bilevel stays bilevel (it is read differently); everything else becomes grey or RGB on white."""
    import PIL.Image

    if image.mode in ("1", "L", "RGB"):
        return image
    if image.mode in ("I;16", "I", "F", "I;16B"):
        return image.point(lambda value: value / 256).convert("L") if image.mode != "F" else image.convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        white = PIL.Image.new("RGBA", image.size, (255, 255, 255, 255))
        return PIL.Image.alpha_composite(white, with_alpha).convert("RGB")
    return image.convert("RGB")


def open_pdf_page(page: Any) -> Sheet:
    """Page of pypdfium2 as pixels: the image that it is, or a rendering whose long side is 3,508 px."""
    image = _only_image(page)
    if image is not None:
        return Sheet(_turned(image, page.get_rotation()), scanned=True)
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise UnopenableError("the page has no size")
    scale = LONG_SIDE_PX / max(width, height)
    try:
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        rendered = bitmap.to_pil().convert("RGB")
    except Exception as error:
        raise UnopenableError(str(error)) from error
    return Sheet(rendered, scanned=False)


def _turned(image: Image, clockwise_deg: int) -> Image:
    from adapters.page_image import upright

    return upright(image, clockwise_deg % 360)


def _only_image(page: Any) -> Image | None:
    """The page's image when it is the page: one image, upright, over the whole sheet, nothing else drawn."""
    import pypdfium2.raw as pdfium

    found = None
    for index, item in enumerate(page.get_objects(max_depth=2)):
        if index >= 50:
            return None
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            if found is not None:
                return None
            found = item
        elif item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            if pdfium.FPDFTextObj_GetTextRenderMode(item.raw) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
                return None
        elif item.type in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING):
            return None
    if found is None or found.level > 0:
        return None
    matrix = found.get_matrix()
    if abs(matrix.b) > 0.001 * abs(matrix.a) or abs(matrix.c) > 0.001 * abs(matrix.d) or matrix.a <= 0 or matrix.d <= 0:
        return None
    left, bottom, right, top = page.get_bbox()
    x0, y0, x1, y1 = (
        max(left, matrix.e),
        max(bottom, matrix.f),
        min(right, matrix.e + matrix.a),
        min(top, matrix.f + matrix.d),
    )
    if (x1 - x0) * (y1 - y0) < _WHOLE_PAGE * (right - left) * (top - bottom):
        return None
    width_px, height_px = found.get_px_size()
    if not 0.97 < (width_px / matrix.a) / (height_px / matrix.d) < 1.03:
        return None  # a fax's oblong pixels: rendering squares them
    try:
        bitmap = found.get_bitmap(render=False)
        image = bitmap.to_pil()
    except Exception:  # noqa: BLE001 - formats pdfium cannot hand out raw are rendered instead
        return None
    if image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    return image if _same_picture(image, page) else None


def _same_picture(image: Image, page: Any) -> bool:
    """Stencil masks, decode arrays and soft masks change how an image looks on the page: compare small versions."""
    import numpy as np
    import PIL.Image

    width, height = page.get_size()
    small = page.render(scale=160 / max(width, height), grayscale=True).to_pil().convert("L")
    own = _turned(
        image.convert("L").resize((image.width // 8 or 1, image.height // 8 or 1), PIL.Image.Resampling.BOX)
        if min(image.size) >= 64
        else image.convert("L"),
        page.get_rotation(),
    )
    own = own.resize(small.size, PIL.Image.Resampling.BOX)
    difference = np.abs(np.asarray(own, dtype=np.int16) - np.asarray(small, dtype=np.int16))
    return float(difference.mean()) < 10.0
