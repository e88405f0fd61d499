"""A reader that also looks: every page it reads comes with what its picture shows beside the text.

Places to sign and the ink in them, parts of seals at the paper's edge, the page's likeness; with the first page of a
file the marks of the file (`pdf_marks`). The pictures looked at are our own renderings, never the uploaded bytes.
"""

from __future__ import annotations

import dataclasses
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework.document import Box, Look, Mark, Page, Space
from casework.reading.signing import signing_places
from casework.seal_names import SealRead
from casework.sightings import long_figures

from adapters.page_likeness import likeness_of
from adapters.pdf_marks import marks_of
from adapters.reader import PageRead, Reader

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

_LONG_SIDE_PX = 1400
# What a pen takes away of the light that the paper around gives, seen through red glass: a seal takes away 0.3 at most
# (its edges, and where a scan has blurred its colour), blue and black pens 0.45 and more, faint ones photographed 0.35.
_PENNED = 0.35
# Where a grey page has a seal, whose ink is grey too: of unsigned spaces 0.0015 are so dark, of signed ones 0.0068 and
# more (development papers made grey).
_PENNED_IN_SEAL = 0.52
_RULED_MM, _DOTS_MM, _THIN_MM = (30.0, 15.0), 0.5, 1.3  # lines to sign on, whole or dotted, and the sides of cells
_OVER_MM, _OVER_RIM_MM = 1.0, 2.0  # so near its red, or on a grey page its rim, a pen's stroke is under the seal
_RED, _BLUE = 45, 25  # as adapters.capture has them
_COLOURED_PAGE = 0.0004  # of its pixels; grey scans kept as colour have none
_EDGE = 0.012  # of the page's width: a seal cut by the edge reaches it
_FAN_MM = (6.0, 40.0)  # of the edge that it covers
_FAN_DEEP_MM = 3.0
_CUT_OFF, _CUT_MM = 0.1, 2.0  # so near the side of a sheet cut out of a photograph, red may be the rest of a fan seal


@dataclass(frozen=True)
class LookingReader:
    """PageReader with looks. roots: a PEM file of certificates that are believed, or ""."""

    reader: Reader
    roots: str = ""

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        """As Reader.read_page, with `page.look`."""
        read = self.reader.read_page(data, page_number)
        if not read.page.readable or not read.image:
            return read
        look = look_at(read.page, read.image)
        if page_number == 1:
            look = dataclasses.replace(look, file=marks_of(data, self.roots))
        return dataclasses.replace(read, page=dataclasses.replace(read.page, look=look))

    def read_again(self, image: bytes, box: Box, alphabet: str | None = None) -> tuple[str, float]:
        """As Reader.read_again."""
        return self.reader.read_again(image, box, alphabet)

    def read_variously(self, image: bytes, box: Box, alphabet: str | None = None) -> tuple[str, ...]:
        """As Reader.read_variously."""
        return self.reader.read_variously(image, box, alphabet)

    def read_seal(self, data: bytes, page: Page, box: Box) -> tuple[SealRead, ...]:
        """As Reader.read_seal."""
        return self.reader.read_seal(data, page, box)


def look_at(page: Page, picture: bytes) -> Look:
    """What the upright picture of a page shows beside its words."""
    import PIL.Image

    with PIL.Image.open(io.BytesIO(picture)) as opened:
        whole = opened if opened.mode == "RGB" else opened.convert("RGB")
        whole.load()
    factor = round(max(whole.size) / _LONG_SIDE_PX)
    colour = whole.reduce(factor) if factor > 1 else whole
    red, blue = _tints(colour)
    edges = _edges(red, page)
    coloured = bool(edges or red.mean() + blue.mean() > _COLOURED_PAGE)
    keys, figures = long_figures(page)
    return Look(
        likeness=likeness_of(page, whole),
        keys=keys,
        figures=figures,
        spaces=_spaces(colour, red if coloured else None, page),
        edges=edges,
        colour=coloured,
    )


def _tints(colour: Image) -> tuple[Pixels, Pixels]:
    """Where the page is red, and where it is blue."""
    import numpy as np
    from PIL import ImageChops

    bands = colour.split()
    red_more = ImageChops.subtract(bands[0], ImageChops.lighter(bands[1], bands[2]))
    blue_more = ImageChops.subtract(bands[2], ImageChops.lighter(bands[0], bands[1]))
    return np.asarray(red_more) > _RED, np.asarray(blue_more) > _BLUE


# -- places to sign ---------------------------------------------------------------------------------------------------


def _spaces(colour: Image, red: Pixels | None, page: Page) -> tuple[Space, ...]:
    """What is in each place to sign. red: where the page is; None of a page without colour, whose seals are where their
    rims are."""
    import numpy as np
    import PIL.Image

    width, height = colour.size
    per_mm = max(height, width) / 297.0
    found = []
    for place in signing_places(page):
        box = place.box
        x0, y0 = int(box.x0 * width), int(box.y0 * height)
        here = (x0, y0, max(x0 + 1, int(box.x1 * width)), max(y0 + 1, int(box.y1 * height)))
        if red is None:
            stamped = near = _within_seals(page, here, colour.size, _OVER_RIM_MM * per_mm)
            pen = _penned(colour, here, np.where(stamped, _PENNED_IN_SEAL, _PENNED))
        else:
            stamped = red[here[1] : here[3], here[0] : here[2]]
            side = 2 * round(_OVER_MM * per_mm) + 1
            near = np.asarray(brightest_around(PIL.Image.fromarray(stamped).convert("L"), side)) > 0
            pen = _penned(colour, here, _PENNED)
        pen = without_rules(pen & _free(page, here, colour.size), per_mm)
        over = float(np.count_nonzero(pen & near)) / max(1, int(np.count_nonzero(pen)))
        shares = (round(float(pen.mean()), 5), round(float(stamped.mean()), 5), round(over, 4))
        found.append(Space(place.role, place.sealed, box, *shares))
    return tuple(found)


def _within_seals(page: Page, box: tuple[int, int, int, int], size: tuple[int, int], more: float) -> Pixels:
    """Which of these pixels are within a seal's rim, or at most so many outside of it."""
    import numpy as np

    y, x = np.mgrid[box[1] : box[3], box[0] : box[2]]
    within = np.zeros(x.shape, dtype=bool)
    for seal in page.seals:
        middle = (seal.box.x0 + seal.box.x1) / 2 * size[0], (seal.box.y0 + seal.box.y1) / 2 * size[1]
        radius = ((seal.box.x1 - seal.box.x0) * size[0] + (seal.box.y1 - seal.box.y0) * size[1]) / 4 + more
        within |= (x - middle[0]) ** 2 + (y - middle[1]) ** 2 <= radius**2
    return within


def _penned(colour: Image, box: tuple[int, int, int, int], least: float | Pixels) -> Pixels:
    """Where a pen wrote within these pixels: through red glass the seal is as good as gone, and blue ink black.

    least: of the paper's light that a pen takes, for all or for each pixel."""
    import numpy as np
    from PIL import ImageFilter

    margin = 30  # so that the paper around is known
    wide = (max(0, box[0] - margin), max(0, box[1] - margin), box[2] + margin, box[3] + margin)
    seen = colour.crop((*wide[:2], min(colour.width, wide[2]), min(colour.height, wide[3]))).getchannel("R")
    paper = brightest_around(seen.filter(ImageFilter.BoxBlur(2)), 9).filter(ImageFilter.BoxBlur(25))
    light, most = np.asarray(seen).astype(np.float32), np.asarray(paper).astype(np.float32)
    top, left = box[1] - wide[1], box[0] - wide[0]
    here = (slice(top, top + box[3] - box[1]), slice(left, left + box[2] - box[0]))
    penned: Pixels = light[here] < (1 - least) * most[here]
    return penned


def without_rules(ink: Pixels, per_mm: float) -> Pixels:
    """The ink that is no long straight thin line, whole or dotted, across or down."""
    import numpy as np

    thin = max(2, round(_THIN_MM * per_mm))
    rules = np.zeros_like(ink)
    for along, found, long_mm in ((ink, rules, _RULED_MM[0]), (ink.T, rules.T, _RULED_MM[1])):
        joined = _runs(_widened(along, max(1, round(_DOTS_MM * per_mm))), round(long_mm * per_mm))
        found |= joined & ~_runs(joined.T, thin).T
    left: Pixels = ink & ~rules
    return left


def _widened(ink: Pixels, by: int) -> Pixels:
    """Every stroke wider by so many pixels to the left and to the right, and by one up and down."""
    import numpy as np

    wider: Pixels = ink.copy()
    for shift in range(1, by + 1):
        wider[:, shift:] |= ink[:, :-shift]
        wider[:, :-shift] |= ink[:, shift:]
    tall = wider.copy()
    tall[1:] |= wider[:-1]
    tall[:-1] |= wider[1:]
    return np.asarray(tall)


def _runs(ink: Pixels, length: int) -> Pixels:
    """The ink that is part of a run of at least so many pixels along its row."""
    import numpy as np

    rows, columns = ink.shape
    if columns < length:
        return np.zeros_like(ink)
    sums = np.zeros((rows, columns + 1), dtype=np.int32)
    np.cumsum(ink, axis=1, out=sums[:, 1:])
    starts = sums[:, length:] - sums[:, :-length] == length
    ends = np.zeros((rows, columns + 1), dtype=np.int32)
    ends[:, : starts.shape[1]] += starts
    ends[:, length:] -= starts
    return np.cumsum(ends[:, :columns], axis=1) > 0


def _free(page: Page, box: tuple[int, int, int, int], size: tuple[int, int]) -> Pixels:
    """Where no text is within these pixels; a scribble read as a word is none."""
    import numpy as np

    free = np.ones((box[3] - box[1], box[2] - box[0]), dtype=bool)
    for word in page.words:
        if word.confidence >= 0.6 and len(word.text) >= 2:
            x0, y0 = int(word.box.x0 * size[0]) - 2 - box[0], int(word.box.y0 * size[1]) - 2 - box[1]
            x1, y1 = int(word.box.x1 * size[0]) + 3 - box[0], int(word.box.y1 * size[1]) + 3 - box[1]
            if x1 > 0 and y1 > 0:
                free[max(0, y0) : y1, max(0, x0) : x1] = False
    return free


def brightest_around(grey: Image, side: int) -> Image:
    """What Pillow's MaxFilter gives, in a twentieth of its time: rows first, then columns."""
    import numpy as np
    import PIL.Image

    pixels = np.pad(np.asarray(grey), side // 2, mode="edge")
    for _ in range(2):
        length = len(pixels) - side + 1
        highest = pixels[:length].copy()
        for shift in range(1, side):
            np.maximum(highest, pixels[shift : shift + length], out=highest)
        pixels = np.ascontiguousarray(highest.T)
    return PIL.Image.fromarray(pixels)


# -- edges ------------------------------------------------------------------------------------------------------------


def _edges(red: Pixels, page: Page) -> tuple[Mark, ...]:
    """Red ink that runs out of the page at its left or right side, as much of it as a seal leaves there; of sheets cut
    out of photographs, with a confidence below 0.5, also red that is near a side."""
    import numpy as np

    height, width = red.shape
    per_mm = max(height, width) / 297.0
    strip, deep = max(2, round(_EDGE * width)), max(2, round(_FAN_DEEP_MM * per_mm))
    found = []
    for side in ("left", "right"):
        band = red[:, :strip] if side == "left" else red[:, -strip:]
        within = red[:, : 4 * deep] if side == "left" else red[:, -4 * deep :]
        rows = np.flatnonzero(band.any(axis=1))
        near = red[:, : round(_CUT_OFF * width)] if side == "left" else red[:, -round(_CUT_OFF * width) :]
        if "sheet" in page.quality and (close := np.flatnonzero(near.sum(axis=1) > 1)).size > _CUT_MM * per_mm:
            x0, x1 = (0.0, _CUT_OFF) if side == "left" else (1 - _CUT_OFF, 1.0)
            found.append(Mark(Box(x0, float(close[0]) / height, x1, float(close[-1] + 1) / height), 0.2))
        if rows.size < 4:
            continue
        spread = (int(rows[-1]) - int(rows[0])) / per_mm
        area = within[rows[0] : rows[-1] + 1]
        reached = np.flatnonzero(area.any(axis=0)).size / per_mm
        if _FAN_MM[0] <= spread <= _FAN_MM[1] and reached >= _FAN_DEEP_MM:
            x0, x1 = (0.0, 4 * deep / width) if side == "left" else (1 - 4 * deep / width, 1.0)
            top, foot = float(rows[0]) / height, float(rows[-1] + 1) / height
            box = Box(round(x0, 5), round(top, 5), round(x1, 5), round(foot, 5))
            found.append(Mark(box, round(min(1.0, 0.5 + float(area.mean())), 3)))
    return tuple(found)
