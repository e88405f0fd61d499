"""From the pixels of a page to the grey image Tesseract reads best: scale, colour, light, angle.

Every step was measured for what it gives (see docs/reading.md): dividing by the background is the one that
matters for photographs, adding a pixel's colour to its brightness takes red seals and blue ink away, and turning a
page that is almost straight does harm. numpy and Pillow only, both imported where they are used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from adapters.sheet_outline import Outline, flattened

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

LONG_SIDE_PX = 3508  # A4 at 300 dpi
VIEW_LONG_SIDE_PX = 2000  # about 170 dpi on A4
_LONGEST_ENLARGEMENT = 2.6
# A4 at 225 dpi, to which a sheet cut out of a photograph is enlarged at most: of one page (3,062 px as it came) read at
# 3,508 px CER 2.27, as it came 0.78, at 2,685 px 1.08.
_SHEET_LONG_SIDE_PX = 2631
# Of 14 office pages (CER, words right): turned from 0.8 on 1.50, 97.67; from 0.45 on 1.28, 97.38. A long line above a
# table broke in two at 0.66 degrees; what leans less reads better as it is, faxes (from 0.15: 3.0 to 3.8) above all.
_DESKEW_FROM_DEG = 0.6
_WIDEST_SKEW_DEG = 8.0
_SIDEWAYS = 0.6  # upright pages of all levels gave 0.76 to 11 (rows over columns), lying ones the inverse
_RULING_RUN_PX = 30
_COLOURED = 41  # between the channels
_SPECK = 0.0005
_COLOUR_OF_TONER = 12  # between the channels of black text as JPEG leaves it
_FAX_BLUR_PX = 1.6  # of the page at 300 dpi; 1.2 misread more letters, from 2.0 thin ruling lines fade away
_STREAK, _MOST_STREAKS, _WIDEST_STREAK_PX = 0.93, 0.01, 4


@dataclass(frozen=True)
class Prepared:
    """The grey page ready for reading, the page as it looks with the same geometry but smaller, and what was done to
    get them: `scale` from the original, `skew_deg` the angle taken out (anticlockwise positive)."""

    grey: Image
    colour: Image
    scale: float = 1.0
    skew_deg: float = 0.0


def to_working_size(image: Image) -> tuple[Image, float]:
    """Scale once so that a whole A4 page is about 300 dpi; strips and cards keep their proportion to A4."""
    import PIL.Image

    scale = _working_scale(image.width, image.height)
    if scale == 1.0:
        return image, scale
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, PIL.Image.Resampling.LANCZOS if scale < 1 else PIL.Image.Resampling.BICUBIC), scale


def _working_scale(width: int, height: int) -> float:
    long_side, short_side = max(width, height), max(1, min(width, height))
    # A page is judged by its long side; a wide strip (a cut-out line, a receipt) by its short side's share.
    wanted = LONG_SIDE_PX if long_side / short_side < 2 else LONG_SIDE_PX / 1.414 * long_side / short_side / 2
    scale = min(_LONGEST_ENLARGEMENT, wanted / long_side)
    return 1.0 if 0.92 < scale < 1.08 else scale


def is_coloured(image: Image) -> bool:
    """Is there ink of a colour (seal, pen, stamp) on more than a speck of the page?"""
    return coloured_share(image.reduce(max(1, max(image.size) // 800))) > _SPECK


def coloured_share(image: Image) -> float:
    """The part of the picture that is neither paper nor toner but of a colour, 0 to 1."""
    if image.mode != "RGB":
        return 0.0
    counts = _colour_of(image)[0].histogram()
    return float(sum(counts[_COLOURED:]) / max(1, sum(counts)))


def _colour_of(image: Image, less: int = 0) -> tuple[Image, Image]:
    """How far the channels of each pixel lie apart, `less` so much, and the brightest of them."""
    from PIL import ImageChops

    red, green, blue = image.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return ImageChops.subtract(brightest, darkest, 1.0, -less), brightest


def without_coloured_ink(image: Image) -> Image:
    """Grey of which red and blue ink is gone, and the black text below it is left.

    The brightest of the three channels, and what colour a pixel has on top of it: ink of a colour has much and
    becomes paper, toner has next to none, also where a seal lies over it.
    """
    from PIL import ImageChops

    if image.mode != "RGB":
        return image.convert("L")
    colour, brightest = _colour_of(image, _COLOUR_OF_TONER)
    return ImageChops.add(brightest, colour)


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
    """A bilevel page, enlarged, has stairs for edges; a light blur before gives Tesseract its curves back."""
    from PIL import ImageFilter

    return grey.filter(ImageFilter.GaussianBlur(_FAX_BLUR_PX * max(grey.size) / LONG_SIDE_PX))


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
    rough, sharpness = _sharpness_when_turned(_at_half_size(ink)), _sharpness_when_turned(ink)
    coarse = max((angle * 0.5 for angle in range(-16, 17)), key=rough)
    fine = max((coarse + step * 0.1 for step in range(-5, 6)), key=sharpness)
    if abs(fine) >= _WIDEST_SKEW_DEG or sharpness(fine) < sharpness(0.0) * 1.02:
        return 0.0
    return round(fine, 2)


def _sharpness_when_turned(ink: Pixels) -> Callable[[float], float]:
    """How sharply rows with ink end when the page is turned by an angle in degrees: shear instead of rotation."""
    import numpy as np

    height, width = ink.shape
    strip = 8  # columns summed into strips, each shifted as a whole
    usable = width // strip * strip
    strips = np.ascontiguousarray(ink[:, :usable].reshape(height, -1, strip).sum(axis=2).T)
    centres = (np.arange(len(strips)) + 0.5) * strip - width / 2

    def sharpness(angle: float) -> float:
        shifts = np.rint(centres * np.tan(np.radians(angle))).astype(int)
        rows = np.zeros(height + 2 * int(np.abs(shifts).max() + 1), dtype=np.float32)
        middle = (rows.size - height) // 2
        for column, shift in zip(strips, shifts.tolist(), strict=True):
            rows[middle + shift : middle + shift + height] += column
        step = np.diff(rows)
        return float(np.dot(step, step))

    return sharpness


def _at_half_size(ink: Pixels) -> Pixels:
    """Ink at half its size, that of four pixels added."""
    height, width = (side // 2 * 2 for side in ink.shape)
    part = ink[:height, :width]
    total: Pixels = part[::2, ::2] + part[1::2, ::2] + part[::2, 1::2] + part[1::2, 1::2]
    return total


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


def prepare(image: Image, outline: Outline | None = None) -> Prepared:
    """Size, colour and light: everything that does not depend on how the page lies. `outline`: of the sheet on a
    photograph, if it is to be cut out and brought flat."""
    if image.mode == "1":
        image = image.convert("L")
    fax = is_bilevel(image)
    grey = without_coloured_ink(image) if is_coloured(image) else image.convert("L")
    if fax:
        grey = smooth_fax(without_streaks(grey))
    if outline is not None:
        return _cut_out(image, grey, outline)
    grey, scale = to_working_size(grey)
    return Prepared(grey if fax else even_light(grey), for_viewing(image), scale=scale)


def _cut_out(image: Image, grey: Image, outline: Outline) -> Prepared:
    """The sheet alone, brought flat at the size to be read: a photograph's softness is not enlarged beyond need."""
    width, height = outline.size
    scale = _working_scale(width, height)
    if scale > 1.0:
        scale = max(1.0, min(scale, _SHEET_LONG_SIDE_PX / max(width, height)))
    flat = flattened(grey, outline, (max(1, round(width * scale)), max(1, round(height * scale))))
    view = for_viewing(image)
    shown = min(1.0, VIEW_LONG_SIDE_PX / max(width, height), view.width / image.width * 1.4)
    picture = flattened(
        view, outline, (max(1, round(width * shown)), max(1, round(height * shown))), view.width / image.width
    )
    return Prepared(even_light(flat), picture, scale=scale)


def for_viewing(image: Image) -> Image:
    """The page small enough to send and store, large enough to read and to look at again."""
    import PIL.Image

    scale = VIEW_LONG_SIDE_PX / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, PIL.Image.Resampling.BOX, reducing_gap=2.0)


def without_streaks(grey: Image) -> Image:
    """A fax with the black streaks along its feed taken out: columns black from the top to the foot of the page.

    Where ink stands on both sides of a streak it was crossing a letter, and stays.
    """
    import numpy as np
    import PIL.Image

    pixels = np.asarray(grey)
    black = pixels < 128
    full = np.flatnonzero(np.count_nonzero(black, axis=0) > _STREAK * pixels.shape[0])
    if full.size == 0 or full.size > _MOST_STREAKS * pixels.shape[1]:
        return grey
    clean = pixels.copy()
    for group in np.split(full, np.flatnonzero(np.diff(full) > 1) + 1):
        left, right = int(group[0]) - 1, int(group[-1]) + 1
        if group.size > _WIDEST_STREAK_PX or left < 0 or right >= pixels.shape[1]:
            continue
        clean[:, left + 1 : right] = np.maximum(pixels[:, left], pixels[:, right])[:, None]
    return PIL.Image.fromarray(clean)


def turned(page: Prepared, clockwise_deg: int) -> Prepared:
    return replace(page, grey=upright(page.grey, clockwise_deg), colour=upright(page.colour, clockwise_deg))


def deskewed(page: Prepared) -> Prepared:
    """The page turned until its lines are level, if they lean enough to matter."""
    angle = skew_of(page.grey)
    if abs(angle) < _DESKEW_FROM_DEG:
        return page
    return replace(page, grey=turned_by(page.grey, -angle), colour=turned_by(page.colour, -angle), skew_deg=angle)


def lies(grey: Image) -> tuple[bool, float]:
    """How the page seems to lie: (on its side?, how much it looks like standing on its head, -1 to 1).

    On its side: its columns of pixels vary far more than its rows; the second number then speaks of the page turned
    clockwise by 90°. On its head: Vietnamese lines are steepest at their foot, where letters end together, and
    ragged above, where tone marks are.
    """
    import numpy as np

    from adapters.masks import runs

    small = grey.reduce(3)
    ink = (255 - np.asarray(small, dtype=np.float32)) / 255.0
    ink[ink < 0.25] = 0.0
    plain = ink > 0
    ink[runs(plain, _RULING_RUN_PX, 1) | runs(plain, _RULING_RUN_PX, 0)] = 0.0
    across, down = np.diff(ink.sum(axis=1)), np.diff(ink.sum(axis=0))
    rows, columns = float(across @ across) / ink.shape[1], float(down @ down) / ink.shape[0]
    sideways = rows < _SIDEWAYS * columns
    import PIL.Image

    page = upright(PIL.Image.fromarray(255 - (ink * 255).astype(np.uint8)), 90 if sideways else 0)
    level = np.asarray(turned_by(page, -skew_of(page)), dtype=np.float32)
    steps = np.diff((255.0 - level).sum(axis=1))
    cubes = np.abs(steps) ** 3
    return sideways, float((cubes * np.sign(steps)).sum() / max(1e-9, float(cubes.sum())))


def letter_height(grey: Image) -> float:
    """The median height of the small letters (x-height) in pixels, from the middle of the page; 0.0 without text."""
    import numpy as np

    from adapters.masks import areas

    band = grey.crop((0, grey.height // 5, grey.width, min(grey.height, grey.height // 5 + 900))).reduce(2)
    boxes = areas(np.asarray(band) < 128)
    sizes = [y1 - y0 for x0, y0, x1, y1 in boxes if 4 <= y1 - y0 <= 40 and 3 <= x1 - x0 <= 50]
    return 2.0 * float(np.median(sizes)) if len(sizes) >= 60 else 0.0
