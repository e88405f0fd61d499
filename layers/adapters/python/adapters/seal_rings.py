"""Round seals where colour is lost: the rim of a seal found by its shape on grey scans, faxes and copies.

Edges vote for the centre of the circle they would be part of (two rounds: once on the page at about 43 dpi, then once
on each candidate at about 85 dpi), and a candidate counts only when its rim is there nearly all the way round, thin,
lighter on both sides, with writing inside. The page is taken to be A4: nothing else tells how large a seal would be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework.document import Box, Mark

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

_A4_LONG_SIDE_MM = 297.0
_VIEW_PX = 1000  # the page's long side where rims are verified: 0.3 mm a pixel, a rim is two pixels wide
_DIAMETER_MM = (27.0, 43.5)  # 36 mm give or take 20 %; photographs show the page a little smaller than it is
_SLOPE = 7.0  # of 255 over two pixels at half size: the rim of a pale seal has 15 and more
_FEWEST_VOTES = 0.16  # of the rim's length
_FULL = 2.0
_CELL_PX, _STEP_PX, _CROWD_PX = 3, 2, 3
_MOST_CANDIDATES = 14
_SURROUNDINGS_PX, _FAINT = 12, 10
_GAP_PX = 5
# Measured on development pages: rims less what lies outside of them 0.83 to 0.95, circles found in text up to 0.65.
_BELIEVED = 0.74
_WHOLE, _WORST_QUARTER, _MOST_IN_GAP, _LEAST_WRITING, _MOST_WITHIN = 0.6, 0.66, 0.3, 0.25, 0.45
_ANGLES = 180
_SECTORS = 36


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a seal, each from 0 to 1.

    rim: parts of the rim that are inked; quarter: the same in its worst quarter; outside: ink just outside of it; gap:
    ink between the rim and the writing along it; writing: parts of the ring inside the rim with ink; within: ink in
    the whole inside.
    """

    rim: float
    quarter: float
    outside: float
    gap: float
    writing: float
    within: float

    @property
    def belief(self) -> float:
        """0.0 where one of the marks of a seal is missing."""
        if self.quarter < _WORST_QUARTER or self.gap > _MOST_IN_GAP:
            return 0.0
        if self.writing < _LEAST_WRITING or self.within > _MOST_WITHIN:
            return 0.0
        return round(min(1.0, max(0.0, self.rim - self.outside)), 3)


def seal_rings(picture: Image) -> tuple[Mark, ...]:
    """Seals on the upright page by the shape of their rim, whatever their colour."""
    import numpy as np

    grey = picture.getchannel("G") if picture.mode == "RGB" else picture.convert("L")  # red is darkest in green
    factor = max(1, round(max(grey.size) / _VIEW_PX))
    view = grey.reduce(factor)
    per_mm = max(view.size) / _A4_LONG_SIDE_MM
    if min(view.size) < _DIAMETER_MM[1] * per_mm:
        return ()
    radii = (_DIAMETER_MM[0] / 2 * per_mm, _DIAMETER_MM[1] / 2 * per_mm)
    candidates = _centres(np.asarray(grey.reduce(2 * factor), dtype=np.float32), radii[0] / 2, radii[1] / 2)
    ink = _ink(view)
    thick = _thicker(ink)
    found: list[tuple[float, float, float, float]] = []
    for x, y in candidates:
        if any(math.hypot(2 * x - seen[0], 2 * y - seen[1]) < seen[2] for seen in found):
            continue
        x, y, radius = _fitted(thick, 2 * x, 2 * y, radii)
        sure = evidence(ink, x, y, radius).belief
        if sure >= _BELIEVED and all(math.hypot(x - seen[0], y - seen[1]) > seen[2] for seen in found):
            found.append((x, y, radius, sure))
    width, height = view.size
    return tuple(
        Mark(
            Box(
                round(max(0.0, (x - radius) / width), 5), round(max(0.0, (y - radius) / height), 5),
                round(min(1.0, (x + radius) / width), 5), round(min(1.0, (y + radius) / height), 5),
            ),
            sure,
        )
        for x, y, radius, sure in found
    )  # fmt: skip


def _centres(small: Pixels, least: float, most: float) -> list[tuple[float, float]]:
    """Where the outer edges of dark circles of these radii have their centres, the best first.

    Votes are counted by the eighth of the circle they come from, and no eighth counts for more than its length: the
    strokes of a few letters pile up votes from one side, a rim has them from all.
    """
    import numpy as np

    height, width = small.shape
    across = small[1:-1, 2:] - small[1:-1, :-2]
    down = small[2:, 1:-1] - small[:-2, 1:-1]
    strength = np.hypot(across, down)
    edge = strength > _SLOPE
    rows, columns = np.nonzero(edge)
    if rows.size < 40:
        return []
    crowd = _boxed(edge.astype(np.float32), _CROWD_PX)[rows, columns]
    weight = (1.0 / np.maximum(crowd, 0.2)).astype(np.float32)
    steep = strength[rows, columns]
    # From the light to the dark side, towards the centre of a circle whose outer edge this is.
    to_x, to_y = -across[rows, columns] / steep, -down[rows, columns] / steep
    eighth = np.floor(np.arctan2(to_y, to_x) * (4 / math.pi) + 4).astype(np.int32) % 8
    down_px, right_px = rows.astype(np.float32) + 1, columns.astype(np.float32) + 1
    grid = (height // _CELL_PX + 2, width // _CELL_PX + 2)
    cells = grid[0] * grid[1]
    peaks: list[tuple[float, float, float]] = []
    for radius in range(math.floor(least), math.ceil(most) + 1, _STEP_PX):
        x, y = (right_px + to_x * radius) / _CELL_PX, (down_px + to_y * radius) / _CELL_PX
        inside = (x >= 0) & (y >= 0) & (x < grid[1]) & (y < grid[0])
        place = (eighth * cells + y.astype(np.int32) * grid[1] + x.astype(np.int32))[inside]
        votes = np.bincount(place, weight[inside], minlength=8 * cells).astype(np.float32).reshape(8, *grid)
        near = votes[:, :-1] + votes[:, 1:]
        near = near[:, :, :-1] + near[:, :, 1:]
        length = 2 * math.pi * radius / 8
        share = (np.minimum(near / (length * _FULL), 1.0)).mean(axis=0)
        for _ in range(_MOST_CANDIDATES):
            row, column = divmod(int(share.argmax()), share.shape[1])
            if share[row, column] < _FEWEST_VOTES:
                break
            peaks.append((float(share[row, column]), (column + 1.0) * _CELL_PX, (row + 1.0) * _CELL_PX))
            share[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = 0
    peaks.sort(reverse=True)
    chosen: list[tuple[float, float]] = []
    for _, x, y in peaks:
        if all(math.hypot(x - other_x, y - other_y) > 6 for other_x, other_y in chosen):
            chosen.append((x, y))
        if len(chosen) == _MOST_CANDIDATES:
            break
    return chosen


def _boxed(values: Pixels, reach: int) -> Pixels:
    """The mean over a square of 2 × reach + 1 pixels around each pixel."""
    import numpy as np

    padded = np.pad(values, reach + 1)[:-1, :-1]
    sums = padded.cumsum(axis=0).cumsum(axis=1)
    side = 2 * reach + 1
    summed = np.pad(sums, ((0, 1), (0, 1)), mode="edge")
    total: Pixels = summed[side:, side:] - summed[:-side, side:] - summed[side:, :-side] + summed[:-side, :-side]
    return total[: values.shape[0], : values.shape[1]] / side**2


def _ink(view: Image) -> Pixels:
    """What is darker than its surroundings, by little: a seal in grey is paler than text."""
    import numpy as np
    from PIL import ImageChops, ImageFilter

    wide = view.filter(ImageFilter.BoxBlur(_SURROUNDINGS_PX))
    ink: Pixels = np.asarray(ImageChops.subtract(wide, view)) > _FAINT
    return ink


def _thicker(ink: Pixels) -> Pixels:
    """Every stroke a pixel wider to all sides."""
    wider: Pixels = ink.copy()
    wider[1:] |= ink[:-1]
    wider[:-1] |= ink[1:]
    across = wider.copy()
    across[:, 1:] |= wider[:, :-1]
    across[:, :-1] |= wider[:, 1:]
    return across


def _fitted(thick: Pixels, x: float, y: float, radii: tuple[float, float]) -> tuple[float, float, float]:
    """(x, y, radius) of the circle near this centre that lies on ink and has paper just outside: coarsely, then
    closely."""
    import numpy as np

    wide = np.arange(radii[0], radii[1] + 1, 2)
    x, y, radius = _best_of(thick, x, y, np.arange(-16, 17, 4), wide, 36)
    x, y, radius = _best_of(thick, x, y, np.arange(-3, 4), np.arange(radius - 2, radius + 3), 72)
    return x, y, radius


def _best_of(
    thick: Pixels, x: float, y: float, shifts: Pixels, radii: Pixels, angles: int
) -> tuple[float, float, float]:
    import numpy as np

    turn = np.arange(angles, dtype=np.float32) * (2 * math.pi / angles)
    step = float(radii[1] - radii[0])
    gap = max(1, round(_GAP_PX / step))
    reach = np.append(radii, radii[-1] + step * np.arange(1, gap + 1))[:, None].astype(np.float32)
    aside, down = (grid.reshape(-1, 1, 1) for grid in np.meshgrid(shifts + x, shifts + y))
    covered = _at(thick, aside + reach * np.cos(turn), down + reach * np.sin(turn)).mean(axis=2)
    score = covered[:, : len(radii)] - 0.5 * covered[:, gap:]
    place, index = divmod(int(score.argmax()), len(radii))
    return float(aside.flat[place]), float(down.flat[place]), float(radii[index])


def _at(ink: Pixels, x: Pixels, y: Pixels) -> Pixels:
    """The ink at these places; none outside the page."""
    import numpy as np

    height, width = ink.shape
    column, row = np.rint(x).astype(np.int32), np.rint(y).astype(np.int32)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    found: Pixels = ink[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)] & inside
    return found


def evidence(ink: Pixels, x: float, y: float, radius: float) -> Evidence:
    import numpy as np

    turn = np.arange(_ANGLES) * (2 * math.pi / _ANGLES)

    def band(least: float, most: float) -> Pixels:
        reach = np.arange(least, most + 0.5)[:, None]
        return _at(ink, x + reach * np.cos(turn), y + reach * np.sin(turn))

    def sectors(values: Any) -> Pixels:
        found: Pixels = values.reshape(_SECTORS, -1).mean(axis=1)
        return found

    rim = sectors(band(radius - 2, radius + 2).any(axis=0))
    outside = sectors(band(radius + 4, radius + 7).mean(axis=0))
    writing = sectors(band(radius * 0.66, radius * 0.87).mean(axis=0))
    whole = rim >= _WHOLE
    return Evidence(
        rim=float(whole.mean()),
        quarter=float(whole.reshape(4, -1).mean(axis=1).min()),
        outside=float(outside.mean()),
        gap=float(band(radius * 0.90 - 1, radius * 0.90 + 1).mean()),
        writing=float((writing > 0.03).mean()),
        within=float(band(radius * 0.1, radius * 0.9).mean()),
    )
