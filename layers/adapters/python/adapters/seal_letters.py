"""The letters of a round red seal, read from the picture of a page: the ring laid out flat, and the lines in its middle.

A signature lies under half of most seals. Its ink is taken out by what the channels tell: a pen takes away more red
than blue light, a seal nearly no red and all of the blue, so that blue less the pen's share of red is the seal's ink
alone. What was read is handed on as it is, in several forms; whose name it is is told elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework.document import Box

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

RADIUS_PX = 330  # of the rim, in the square picture that is read: letters along the ring become some 34 px high
_MARGIN = 1.12  # of the radius
_TURNS = 720  # rays from the middle along which the rim is looked for


@dataclass(frozen=True, slots=True)
class SealInk:
    """The seal's ink alone. density: rows × columns, 0 (paper) to 1 (full ink); the middle and radius of its rim in
    its pixels."""

    density: Pixels
    x: float
    y: float
    radius: float


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
    reach = radius * 1.25
    scale = RADIUS_PX / radius
    side = round(2 * reach * scale)
    part = picture.convert("RGB").transform(
        (side, side),
        PIL.Image.Transform.EXTENT,
        (x - reach, y - reach, x + reach, y + reach),
        PIL.Image.Resampling.BICUBIC,
        fillcolor=(255, 255, 255),
    )
    density = without_pen(np.asarray(part, dtype=np.float32))
    middle = _rim(density, side / 2, side / 2, RADIUS_PX)
    return SealInk(density, *middle)


def without_pen(light: Pixels) -> Pixels:
    """rows × columns × 3 (RGB, 0 to 255) -> the seal's ink alone, 0 to 1."""
    import numpy as np

    paper = np.percentile(light.reshape(-1, 3), 88, axis=0)
    loss = np.clip(1 - light / np.maximum(paper, 1), 0, 1)
    # Where red light is lost there is a pen (or toner): what else of it is lost there, it takes elsewhere too.
    penned = loss[..., 0] > 0.45
    share = 0.5
    if np.count_nonzero(penned) > 200:
        ratio = loss[..., 2][penned] / loss[..., 0][penned]
        share = float(np.clip(np.percentile(ratio, 20), 0.3, 0.75))
    red = np.clip(loss[..., 2] - share * loss[..., 0], 0, 1)
    full = float(np.percentile(red, 98))
    density: Pixels = np.clip(red / max(full, 0.15), 0, 1)
    return density


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


def laid_flat(ink: SealInk, *, bottom: bool = False) -> Pixels:
    """The ring as a strip, its outer side above: from the foot over the top to the foot (bottom: from the top over the
    foot, its inner side above, so that what is written along the foot stands upright)."""
    import numpy as np

    inner, outer = 0.62 * ink.radius, 0.93 * ink.radius
    width = round(2 * math.pi * 0.77 * ink.radius)
    angle = np.linspace(-math.pi, math.pi, width, endpoint=False)[None, :]
    rows = np.linspace(outer, inner, round(outer - inner))[:, None]
    if bottom:
        return _at(ink.density, ink.x + rows[::-1] * np.sin(angle), ink.y + rows[::-1] * np.cos(angle))
    return _at(ink.density, ink.x + rows * np.sin(angle), ink.y - rows * np.cos(angle))
