"""The letters of a round red seal, read from the picture of a page: its ring laid flat, and the lines in its middle.

A signature lies under half of most seals. Its ink is taken out by what the channels tell: a pen takes away more red
than blue light, a seal nearly no red and all of the blue, so that blue less the pen's share of red is the seal's ink
alone. What was read is handed on as it is, in several forms, and with it how like figures the ring looks
(`seal_figures`); whose name it is is told elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework.document import Box, Page
from casework.seal_names import SealRead

from adapters import page_image, raster, tesseract
from adapters.page_image import LONG_SIDE_PX
from adapters.seal_figures import figures_along
from adapters.sheet_outline import flattened, outline_of
from adapters.workbooks import is_workbook

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

RADIUS_PX = 330  # of the rim, in the square picture that is read: letters along the ring become some 34 px high
_REACH = 1.25  # of the seal's radius, what is cut out: its box may be a little off
_PAPER_PX = 12  # of the enlarged picture: between letters there is paper within so many
_PEN = (1.0, 0.9, 0.48)  # of blue pens, where there is none to be seen
_BLUEST, _FEWEST_PENNED = 0.8, 300
_COARSE_MORE = 1.6  # times as much as is there: at the edges of letters colour is paler than they are
_GREY = 0.06  # of the light: a seal in colour has 0.4 and more, noise in the channels 0.03
_FEWEST_DARK = (12, 4)  # pixels of a row, of a column, that is written on
_MOST_TURNED_DEG = 20
_MIDDLE = 0.55  # of the radius: within the inner circle
_HALF_DEG = 76  # to both sides of the top: there are stars further on
_TURNS = 720  # rays from the middle along which the rim is looked for


@dataclass(frozen=True, slots=True)
class _Form:
    """How ink (0 to 1) is printed to be read: less than white is paper, more than black is black; softened by so many
    pixels, then scaled."""

    white: float
    black: float
    size: float = 1.0
    blur_px: float = 0.0


# Measured on seals of development papers at 200 dpi and photographed: the letters of the name in the middle that are
# found, 0.64 and 0.62 in the first two forms, 0.58 in the third, 0.40 of the ink as it is. Along the ring sharper ink
# reads worse. Figures alone are read in a form of their own.
_RING_SIGNS = "0123456789MSDN.:"
_FORMS = (
    (_Form(0.0, 0.77), None, _Form(0.15, 0.8, 0.75)),
    (_Form(0.0, 0.77, 0.75), _RING_SIGNS, _Form(0.15, 0.8, 0.5)),
    (_Form(0.0, 0.77, 1.0, 2.0), None, _Form(0.3, 0.7)),
)


@dataclass(frozen=True, slots=True)
class SealInk:
    """The seal's ink alone. density: rows × columns, 0 (paper) to 1 (full ink); red_loss: how much red light is missing
    there, 0 to 1, which is what lies over the seal; the middle and radius of its rim in its pixels."""

    density: Pixels
    red_loss: Pixels
    x: float
    y: float
    radius: float


def read_from_file(data: bytes, page: Page, box: Box, engine: tesseract.Engine) -> tuple[SealRead, ...]:
    """As read_seal, of a file (PDF or image); page: as it was read, numbered as in the file; box: on the upright
    page."""
    picture = upright_page(data, page)
    return read_seal(picture, box, engine) if picture is not None else ()


def upright_page(data: bytes, page: Page) -> Image | None:
    """The page in colour and as large as it came, lying as when it was read; a PDF's drawn page at 300 dpi. None where
    it has no pixels or opens no more."""
    import pypdfium2

    if is_workbook(data):
        return None
    try:
        if raster.kind_of(data) == "pdf":
            opened = pypdfium2.PdfDocument(data)[page.number - 1]
            if page.source == "text":
                scale = LONG_SIDE_PX / max(opened.get_size())
                drawn: Image = opened.render(scale=scale).to_pil().convert("RGB")
                return drawn
            sheet = raster.open_pdf_page(opened)
        else:
            sheet = raster.open_image(data, page.number)
    except (raster.UnopenableError, pypdfium2.PdfiumError, IndexError):
        return None
    picture = sheet.image.convert("RGB")
    if "sheet" in page.quality:
        outline = outline_of(sheet.image)
        if outline is None:
            return None
        picture = flattened(picture, outline, outline.size)
    picture = page_image.upright(picture, page.rotation_deg)
    return page_image.turned_by(picture, -page.skew_deg) if page.skew_deg else picture


def seal_ink(picture: Image, box: Box) -> SealInk | None:
    """The seal in this box of the upright page (RGB), enlarged to RADIUS_PX, its pen's ink taken out; None where no
    rim is made out."""
    import numpy as np
    import PIL.Image

    width, height = picture.size
    x, y = (box.x0 + box.x1) / 2 * width, (box.y0 + box.y1) / 2 * height
    radius = ((box.x1 - box.x0) * width + (box.y1 - box.y0) * height) / 4
    if radius < 20:
        return None
    reach = radius * _REACH
    scale = RADIUS_PX / radius
    side = round(2 * reach * scale)
    part = picture.convert("RGB").transform(
        (side, side),
        PIL.Image.Transform.EXTENT,
        (x - reach, y - reach, x + reach, y + reach),
        PIL.Image.Resampling.BICUBIC,
        fillcolor=(255, 255, 255),
    )
    light = np.asarray(part, dtype=np.float32)
    density = without_pen(light)
    return SealInk(density, _loss(light)[..., 0], *_rim(density, side / 2, side / 2, RADIUS_PX))


def without_pen(light: Pixels) -> Pixels:
    """rows × columns × 3 (RGB, 0 to 255) -> the seal's ink alone, 0 to 1.

    Without colour all ink is one. With it, two combinations of the channels: in the one the pen is gone, in the other
    pen and toner, which is coarser, since pictures keep colour at half their resolution. What both have is the seal's.
    """
    import numpy as np

    loss = _loss(light)
    red, green, blue = loss[..., 0], loss[..., 1], loss[..., 2]
    if float(np.percentile(np.abs(blue - red), 98)) < _GREY:  # one ink: what stands clear of pen and print is read
        dark: Pixels = np.clip(blue / max(float(np.percentile(blue, 90)), 0.3), 0, 1)
        return dark
    pen = _pen(loss)
    fine = np.clip(blue - pen[2] * red, 0, 1)
    across = np.cross((1.0, 1.0, 1.0), pen)  # neither toner nor pen has anything of this
    coarse = np.clip(across[0] * red + across[1] * green + across[2] * blue, 0, 1)
    fine /= max(float(np.percentile(fine, 98)), 0.15)
    coarse /= max(float(np.percentile(coarse, 98)), 0.05)
    density: Pixels = np.clip(np.minimum(fine, _COARSE_MORE * coarse), 0, 1)
    return density


def _loss(light: Pixels) -> Pixels:
    """How much of the paper's light is missing at each pixel, by channel, 0 to 1."""
    import numpy as np

    loss: Pixels = np.clip(1 - light / _paper(light), 0, 1)
    return loss


def _paper(light: Pixels) -> Pixels:
    """How light the paper is at each pixel, by channel: a photograph's light is uneven."""
    import numpy as np
    import PIL.Image
    from PIL import ImageFilter

    height, width = light.shape[:2]
    small = PIL.Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)).reduce(_PAPER_PX)
    small = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.BoxBlur(3))
    paper = small.resize((width, height), PIL.Image.Resampling.BILINEAR)
    return np.maximum(np.asarray(paper, dtype=np.float32), 1)


def _pen(loss: Pixels) -> Pixels:
    """What a pen on this picture takes away of red, green and blue light, red as 1."""
    import numpy as np

    red = np.maximum(loss[..., 0], 0.01)
    blue = loss[..., 2] / red
    penned = (loss[..., 0] > 0.45) & (blue < _BLUEST)
    if np.count_nonzero(penned) < _FEWEST_PENNED:
        return np.array(_PEN)
    share = float(np.percentile(blue[penned], 25))
    purest = penned & (blue < share + 0.06)
    return np.array((1.0, float(np.median((loss[..., 1] / red)[purest])), share))


def _rim(density: Pixels, x: float, y: float, radius: float) -> tuple[float, float, float]:
    """(x, y, radius) of the outer circle near this one: where most ink lies along it."""
    import numpy as np

    turn = np.arange(_TURNS // 4) * (8 * math.pi / _TURNS)
    best = (-1.0, x, y, radius)
    for step, span in ((8, 48), (3, 9), (1, 2)):
        _, x0, y0, r0 = best
        for dx in range(-span, span + 1, step):
            for dy in range(-span, span + 1, step):
                radii = np.arange(r0 - span, r0 + span + 1, step)[:, None]
                ring = _at(density, x0 + dx + radii * np.cos(turn), y0 + dy + radii * np.sin(turn))
                score = np.minimum(ring, 0.6).mean(axis=1)
                index = int(score.argmax())
                if score[index] > best[0]:
                    best = (float(score[index]), x0 + dx, y0 + dy, float(radii[index, 0]))
    return best[1], best[2], best[3]


def _at(density: Pixels, x: Pixels, y: Pixels) -> Pixels:
    """The ink at these places, between pixels; none outside."""
    import numpy as np

    height, width = density.shape
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    column, row = x.astype(np.int32), y.astype(np.int32)
    right, down = x - column, y - row
    found: Pixels = (density[row, column] * (1 - right) + density[row, column + 1] * right) * (1 - down) + (
        density[row + 1, column] * (1 - right) + density[row + 1, column + 1] * right
    ) * down
    return found


def laid_flat(ink: SealInk, seen: Pixels | None = None) -> Pixels:
    """The ring of the ink, or of what else was `seen` at its pixels, as a strip, its outer side above, from the foot
    over the top to the foot. What is written along the foot (a place) tells firms apart too seldom to be read."""
    import numpy as np

    inner, outer = 0.62 * ink.radius, 0.93 * ink.radius
    width = round(2 * math.pi * 0.77 * ink.radius)
    angle = np.linspace(-math.pi, math.pi, width, endpoint=False)[None, :]
    rows = np.linspace(outer, inner, round(outer - inner))[:, None]
    density = ink.density if seen is None else seen
    return _at(density, ink.x + rows * np.sin(angle), ink.y - rows * np.cos(angle))


def read_seal(picture: Image, box: Box, engine: tesseract.Engine) -> tuple[SealRead, ...]:
    """What is read of the seal in this box of the upright page (RGB) in each of three forms, and its ring's figures by
    their shapes. Empty where no rim is made out."""
    ink = seal_ink(picture, box)
    if ink is None:
        return ()
    turn = turn_of(ink)
    ring, middle = _half(laid_flat(ink), turn), _written(_square(ink, turn))
    read = tuple(
        SealRead(
            _read(_printed(ring, along), engine, tesseract.ONE_LINE, alphabet),
            _read(_printed(middle, lines), engine, tesseract.ONE_BLOCK),
        )
        for along, alphabet, lines in _FORMS
    )
    return *read, SealRead(figures=figures_along(ring, _half(laid_flat(ink, ink.red_loss), turn)))


def turn_of(ink: SealInk) -> float:
    """By how many degrees the seal was pressed askew (clockwise positive): that at which the lines in its middle end
    most sharply."""
    import numpy as np

    best, turn = -1.0, 0.0
    for step in range(-_MOST_TURNED_DEG, _MOST_TURNED_DEG + 1):
        rows = _square(ink, float(step), 4).sum(axis=1)
        sharp = float((np.diff(rows) ** 2).sum())
        if sharp > best:
            best, turn = sharp, float(step)
    return turn


def _square(ink: SealInk, turn: float, step: int = 1) -> Pixels:
    """The ink within the inner circle, the seal turned back by so many degrees; every `step`th pixel."""
    import numpy as np

    reach = _MIDDLE * ink.radius
    side = np.arange(-reach, reach, step)
    across, down = np.meshgrid(side, side)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    seen = _at(ink.density, ink.x + across * cos - down * sin, ink.y + across * sin + down * cos)
    seen[across**2 + down**2 > reach**2] = 0
    return seen


def _half(strip: Pixels, turn: float) -> Pixels:
    """The strip's middle, where one half of the ring is written on, when the seal is turned so far."""
    width = strip.shape[1]
    middle = width / 2 + turn / 360 * width
    reach = _HALF_DEG / 360 * width
    return strip[:, max(0, round(middle - reach)) : round(middle + reach)]


def _written(ink: Pixels) -> Pixels:
    """The part of it that is written on: lines are made out better where nothing is around them."""
    import numpy as np

    dark = ink > 0.5
    rows = np.flatnonzero(dark.sum(axis=1) > _FEWEST_DARK[0])
    columns = np.flatnonzero(dark.sum(axis=0) > _FEWEST_DARK[1])
    if rows.size < 10 or columns.size < 10:
        return ink
    return ink[max(0, rows[0] - 8) : rows[-1] + 8, max(0, columns[0] - 10) : columns[-1] + 10]


def _printed(ink: Pixels, form: _Form) -> Image:
    """Ink (0 to 1) as grey on white, with paper around."""
    import numpy as np
    import PIL.Image
    from PIL import ImageFilter, ImageOps

    black = np.clip((ink - form.white) / (form.black - form.white), 0, 1)
    grey = PIL.Image.fromarray((255 - 255 * black).astype(np.uint8))
    if form.blur_px:
        grey = grey.filter(ImageFilter.GaussianBlur(form.blur_px))
    if form.size != 1.0:
        size = (max(1, round(grey.width * form.size)), max(1, round(grey.height * form.size)))
        grey = grey.resize(size, PIL.Image.Resampling.LANCZOS)
    return ImageOps.expand(grey, 20, 255)


def _read(
    picture: Image, engine: tesseract.Engine, mode: int, alphabet: str | None = None
) -> tuple[tuple[str, float], ...]:
    words = tesseract.read_words(picture, engine, mode=mode, alphabet=alphabet)
    return tuple((word.text, word.confidence) for word in words)
