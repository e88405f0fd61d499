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
from casework.reading.signing import SigningPlace, signing_places
from casework.sightings import long_figures

from adapters.page_likeness import likeness_of
from adapters.pdf_marks import marks_of
from adapters.reader import PageRead, Reader

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

_LONG_SIDE_PX = 1400
_DARKER = 55  # than the paper around: faint pens have 70 and more, noise and what shines through less than 45
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


def look_at(page: Page, picture: bytes) -> Look:
    """What the upright picture of a page shows beside its words."""
    import PIL.Image

    with PIL.Image.open(io.BytesIO(picture)) as opened:
        colour = opened.convert("RGB")
    colour = colour.reduce(max(1, round(max(colour.size) / _LONG_SIDE_PX)))
    ink, red, blue = _inks(colour)
    places = signing_places(page)
    free = _without_words(ink, page) if places else ink
    apart = _beside_seals(free | blue, red, page) if places else ink
    edges = _edges(red, page)
    keys, figures = long_figures(page)
    return Look(
        likeness=likeness_of(page, picture),
        keys=keys,
        figures=figures,
        spaces=tuple(_space(place, free, red, blue, apart) for place in places),
        edges=edges,
        colour=bool(edges or red.mean() + blue.mean() > _COLOURED_PAGE),
    )


def _inks(colour: Image) -> tuple[Pixels, Pixels, Pixels]:
    """Where the page is darker than the paper around, and where it is red or blue."""
    import numpy as np
    from PIL import ImageChops, ImageFilter

    grey = colour.convert("L")
    paper = brightest_around(grey.filter(ImageFilter.BoxBlur(2)), 9).filter(ImageFilter.BoxBlur(25))
    ink: Pixels = np.asarray(ImageChops.subtract(paper, grey)) > _DARKER
    bands = colour.split()
    red_more = ImageChops.subtract(bands[0], ImageChops.lighter(bands[1], bands[2]))
    blue_more = ImageChops.subtract(bands[2], ImageChops.lighter(bands[0], bands[1]))
    return ink, np.asarray(red_more) > _RED, np.asarray(blue_more) > _BLUE


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


def _without_words(ink: Pixels, page: Page) -> Pixels:
    """The ink that is no text; a scribble read as a word stays."""
    free: Pixels = ink.copy()
    height, width = ink.shape
    for word in page.words:
        if word.confidence >= 0.6 and len(word.text) >= 2:
            box = word.box
            free[
                max(0, int(box.y0 * height) - 2) : int(box.y1 * height) + 3,
                max(0, int(box.x0 * width) - 2) : int(box.x1 * width) + 3,
            ] = False
    return free


def _beside_seals(ink: Pixels, red: Pixels, page: Page) -> Pixels:
    """The ink that no seal can have left: not round its red, nor within a seal found."""
    import numpy as np
    import PIL.Image

    near = np.asarray(brightest_around(PIL.Image.fromarray(red).convert("L"), 9)) > 0
    apart: Pixels = ink & ~near
    height, width = ink.shape
    for seal in page.seals:
        box = seal.box
        rows = slice(max(0, int((box.y0 - 0.005) * height)), int((box.y1 + 0.005) * height) + 1)
        columns = slice(max(0, int((box.x0 - 0.007) * width)), int((box.x1 + 0.007) * width) + 1)
        apart[rows, columns] = False
    return apart


def _space(place: SigningPlace, free: Pixels, red: Pixels, blue: Pixels, apart: Pixels) -> Space:
    height, width = free.shape
    box = place.box
    rows = slice(int(box.y0 * height), max(int(box.y0 * height) + 1, int(box.y1 * height)))
    columns = slice(int(box.x0 * width), max(int(box.x0 * width) + 1, int(box.x1 * width)))
    shares = [round(float(kind[rows, columns].mean()), 5) for kind in (free | blue, red, blue, apart)]
    return Space(place.role, place.sealed, box, *shares)


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
