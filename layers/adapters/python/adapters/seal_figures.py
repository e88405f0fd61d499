"""The ten figures along a seal's ring, as they look and not as they read: how like each place is to each of 0 to 9.

A recogniser gives one reading of what pen and print have half covered, or none; held against shapes, the figures still
tell an expected tax code from others. Where pen or print lies, what shows through counts less. The shapes are those of
the letters Pillow brings along, so nothing else is needed at run time. What it means is told elsewhere.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[Any]]

Figures = tuple[tuple[tuple[float, ...], ...], ...]
"""places tried × ten figures of a code × likeness to 0 to 9 (about -1 to 1)."""

_PLACES = 10
_HEIGHTS_PX = range(9, 15)  # of a figure in the strip at half its size: seals of 30 to 42 mm
_WIDTH, _CAPITAL = 0.8, 0.71  # of the height, a figure with what is beside it; of the type's size, the height
_BOLD = 0.045  # of the height: seals are cut bolder than the letters Pillow brings
_STEPS = (0.78, 1.12, 0.25)  # from one figure to the next: least and most of the height, and how finely in pixels
_COVERED = 1.6  # a seal's ink leaves red light as it is: where so little of it is missing nothing shows through
_LEAST_TRUST = 0.03
_FLAT = (0.01, 0.003)  # of the variance of ink and shape: what is hardly more than paper is like nothing
_BEST_OF_STEP, _TRIED = 20, 20  # kept of each height and step; of all


def figures_along(ink: Pixels, red_loss: Pixels) -> Figures:
    """How like figures the ring looks at the places where ten in a row fit best. ink, red_loss: the half of the ring
    laid flat, 0 to 1 each; red_loss is how much red light is missing."""
    import numpy as np

    ink, trust = _halved(ink), np.clip(1 - _COVERED * _halved(red_loss), _LEAST_TRUST, 1)
    sums, tables = [np.zeros(0)], [np.zeros((0, _PLACES, 10))]
    for height in _HEIGHTS_PX:
        if ink.shape[0] < height + 4:
            continue
        like = _likeness(ink, trust, _shapes(height))
        sides = np.pad(like, ((0, 0), (1, 1), (0, 0)), mode="edge")
        like = np.maximum(np.maximum(sides[:, :-2], like), sides[:, 2:])  # no row of figures is quite even
        for step in np.arange(_STEPS[0] * height, _STEPS[1] * height, _STEPS[2]):
            starts = np.round(np.arange(_PLACES) * step).astype(int)
            room = like.shape[1] - int(starts[-1])
            if room * like.shape[0] < _BEST_OF_STEP:
                continue
            rows = np.stack([like[:, start : start + room] for start in starts], axis=2).reshape(-1, _PLACES, 10)
            total = rows.max(axis=2).sum(axis=1)
            best = np.argpartition(total, -_BEST_OF_STEP)[-_BEST_OF_STEP:]
            sums.append(total[best])
            tables.append(rows[best])
    order = np.argsort(-np.concatenate(sums))[:_TRIED]
    found = np.round(np.concatenate(tables)[order].astype(float), 2).tolist()
    return tuple(tuple(tuple(likeness) for likeness in place) for place in found)


def _halved(strip: Pixels) -> Pixels:
    import numpy as np
    import PIL.Image

    size = (max(1, round(strip.shape[1] / 2)), max(1, round(strip.shape[0] / 2)))
    small = PIL.Image.fromarray(strip.astype(np.float32)).resize(size, PIL.Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)


@cache
def _shapes(height: int) -> Pixels:
    """0 to 9 as ink of this height in pixels, with some paper around."""
    import numpy as np
    import PIL.Image
    from PIL import ImageDraw, ImageFilter, ImageFont

    font = ImageFont.load_default(height * 4 / _CAPITAL)
    shapes = []
    for figure in "0123456789":
        sheet = PIL.Image.new("L", (4 * (round(height * _WIDTH) + 2), 4 * (height + 4)), 0)
        middle = (sheet.width / 2, sheet.height / 2)
        bold = round(_BOLD * 4 * height)
        ImageDraw.Draw(sheet).text(middle, figure, fill=255, font=font, anchor="mm", stroke_width=bold)
        shapes.append(np.asarray(sheet.filter(ImageFilter.GaussianBlur(2.5)).reduce(4), dtype=np.float32) / 255)
    return np.stack(shapes)


def _likeness(ink: Pixels, trust: Pixels, shapes: Pixels) -> Pixels:
    """rows × columns × 10: the correlation of the ink at each place with each shape, weighed by what can be trusted."""
    import numpy as np

    _, high, wide = shapes.shape
    cut = np.lib.stride_tricks.sliding_window_view
    seen = cut(ink, (high, wide)).reshape(-1, high * wide)
    weight = cut(trust, (high, wide)).reshape(-1, high * wide)
    shape = shapes.reshape(len(shapes), -1)
    whole = weight.sum(axis=1)[:, None]
    weighed = weight * seen
    mean = weighed.sum(axis=1)[:, None] / whole
    shape_mean = weight @ shape.T / whole
    shared = weighed @ shape.T / whole - mean * shape_mean
    spread = (weighed * seen).sum(axis=1)[:, None] / whole - mean**2 + _FLAT[0]
    shape_spread = weight @ (shape * shape).T / whole - shape_mean**2 + _FLAT[1]
    like = shared / np.sqrt(spread * shape_spread) * np.sqrt(whole / (high * wide))
    found: Pixels = like.reshape(ink.shape[0] - high + 1, ink.shape[1] - wide + 1, len(shapes))
    return found
