"""From the pixels of a page to the grey image Tesseract reads best: scale, colour, light, angle.

Every step was measured for what it gives (see docs/reading.md): dividing by the background is the one that
matters for photographs, taking the brightest channel lets red seals and blue ink fade, and turning a page that
is almost straight does harm. numpy and Pillow only, both imported where they are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

LONG_SIDE_PX = 3508  # A4 at 300 dpi
_LONGEST_ENLARGEMENT = 2.6
_DESKEW_FROM_DEG = 0.8  # below, turning cost psm 3 more than it gave; psm 11 does not mind small angles
_WIDEST_SKEW_DEG = 8.0


@dataclass(frozen=True)
class Straightened:
    """The grey page ready for reading, and what was done to get it. `skew_deg` is the angle taken out
    (anticlockwise positive); the colour image carries the same geometry."""

    grey: Image
    colour: Image
    skew_deg: float
    scale: float


def to_working_size(image: Image) -> tuple[Image, float]:
    """Scale once so that a whole A4 page is about 300 dpi; strips and cards keep their proportion to A4."""
    import PIL.Image

    long_side, short_side = max(image.size), max(1, min(image.size))
    # A page is judged by its long side; a wide strip (a cut-out line, a receipt) by its short side's share.
    wanted = LONG_SIDE_PX if long_side / short_side < 2 else LONG_SIDE_PX / 1.414 * long_side / short_side / 2
    scale = min(_LONGEST_ENLARGEMENT, wanted / long_side)
    if 0.92 < scale < 1.08:
        return image, 1.0
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, PIL.Image.Resampling.LANCZOS if scale < 1 else PIL.Image.Resampling.BICUBIC), scale


def is_coloured(image: Image) -> bool:
    """Is there ink of a colour (seal, pen, stamp) on more than a speck of the page?"""
    import numpy as np

    if image.mode != "RGB":
        return False
    small = np.asarray(image.reduce(max(1, max(image.size) // 800)), dtype=np.int16)
    spread = small.max(axis=2) - small.min(axis=2)
    return bool(np.count_nonzero(spread > 40) > spread.size * 0.0005)


def brightest_channel(image: Image) -> Image:
    """Red and blue ink fade to paper, black text stays: the maximum of the three channels."""
    from PIL import ImageChops

    if image.mode != "RGB":
        return image.convert("L")
    red, green, blue = image.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def even_light(grey: Image) -> Image:
    """Divide by the background, so that shadows and yellowed paper become white, and stretch 25..240 to 0..255."""
    import numpy as np
    import PIL.Image
    from PIL import ImageFilter

    step = 16
    small = grey.reduce(step)
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.BoxBlur(3))
    low, high = paper.getextrema()
    if isinstance(low, tuple) or isinstance(high, tuple):
        raise TypeError("a grey image is expected")
    if high - low <= 12:  # an evenly lit page: one curve does it
        top = max(1.0, float(np.median(np.asarray(paper))))
        return grey.point([_stretched(value * 255 / top) for value in range(256)])
    wide = paper.resize(grey.size, PIL.Image.Resampling.BILINEAR, box=(0, 0, grey.width / step, grey.height / step))
    pixels, light = np.asarray(grey), np.asarray(wide)
    evened = np.empty_like(pixels)
    for row in range(0, pixels.shape[0], 128):  # in slices that stay in the cache
        part = pixels[row : row + 128].astype(np.float32) * 255.0
        part /= np.maximum(light[row : row + 128], 1)
        evened[row : row + 128] = np.clip((part - 25.0) * (255.0 / 215.0), 0, 255).astype(np.uint8)
    return PIL.Image.fromarray(evened)


def _stretched(value: float) -> int:
    return int(min(255.0, max(0.0, (value - 25.0) * 255.0 / 215.0)))


def smooth_fax(grey: Image) -> Image:
    """A bilevel page, enlarged, has stairs for edges; a light blur gives Tesseract its curves back."""
    from PIL import ImageFilter

    return grey.filter(ImageFilter.GaussianBlur(1.2))


def is_bilevel(image: Image) -> bool:
    import numpy as np

    if image.mode == "1":
        return True
    if image.mode != "L":
        return False
    counts = np.asarray(image.histogram())
    return bool(counts[8:248].sum() < counts.sum() * 0.0005)


def skew_of(grey: Image) -> float:
    """The angle in degrees by which the text lines rise (anticlockwise positive), from the sharpest row profile.

    0.0 when no angle stands out: a page without lines of text has no skew.
    """
    import numpy as np

    factor = max(1, max(grey.size) // 1100)
    small = grey.reduce(factor)
    ink = (255 - np.asarray(small, dtype=np.float32)) / 255.0
    ink[ink < 0.25] = 0.0
    if float(ink.mean()) < 0.0005:
        return 0.0
    height, width = ink.shape
    strip = 8  # columns summed into strips, each shifted as a whole: shear instead of rotation
    usable = width // strip * strip
    strips = ink[:, :usable].reshape(height, -1, strip).sum(axis=2)
    centres = (np.arange(strips.shape[1]) + 0.5) * strip - width / 2

    def sharpness(angle: float) -> float:
        shifts = np.rint(centres * np.tan(np.radians(angle))).astype(int)
        rows = np.zeros(height + 2 * int(np.abs(shifts).max() + 1), dtype=np.float32)
        middle = (rows.size - height) // 2
        for column, shift in enumerate(shifts):
            rows[middle + shift : middle + shift + height] += strips[:, column]
        step = np.diff(rows)
        return float(np.dot(step, step))

    flat = sharpness(0.0)
    coarse = max((angle * 0.5 for angle in range(-16, 17)), key=sharpness)
    fine = max((coarse + step * 0.1 for step in range(-5, 6)), key=sharpness)
    if abs(fine) >= _WIDEST_SKEW_DEG or sharpness(fine) < flat * 1.02:
        return 0.0
    return round(fine, 2)


def turned_by(image: Image, angle_deg: float, *, white: bool = True) -> Image:
    """Rotate about the centre without changing the size; what comes in from outside is paper."""
    import PIL.Image

    fill = (255,) * len(image.getbands()) if white else None
    return image.rotate(angle_deg, PIL.Image.Resampling.BILINEAR, fillcolor=fill if fill and len(fill) > 1 else 255)


def upright(image: Image, clockwise_deg: int) -> Image:
    import PIL.Image

    turns = {
        90: PIL.Image.Transpose.ROTATE_270,
        180: PIL.Image.Transpose.ROTATE_180,
        270: PIL.Image.Transpose.ROTATE_90,
    }
    return image.transpose(turns[clockwise_deg]) if clockwise_deg else image


def straighten(colour: Image) -> Straightened:
    """All steps from the opened page to the image Tesseract reads, orientation and tables aside."""
    fax = is_bilevel(colour)
    image, scale = to_working_size(colour.convert("L") if colour.mode == "1" else colour)
    grey = brightest_channel(image) if is_coloured(image) else image.convert("L")
    grey = smooth_fax(grey) if fax else even_light(grey)
    angle = skew_of(grey)
    if abs(angle) >= _DESKEW_FROM_DEG:
        grey, image = turned_by(grey, -angle), turned_by(image, -angle)
    else:
        angle = 0.0
    return Straightened(grey=grey, colour=image, skew_deg=angle, scale=scale)
