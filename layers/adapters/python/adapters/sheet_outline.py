"""The sheet of paper on a photograph: where its four edges run, and the sheet brought flat.

An edge is a long straight step from a darker table up to the paper, seen as a ratio so that shadows do not matter;
text and ruling lines are closed over before. Cutting wrongly loses text for good: an outline is taken only if all four
edges are really there, it has the shape of a sheet seen nearly from above, and nothing like writing lies outside.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Pixels = np.ndarray[Any, np.dtype[Any]]

_LOOKED_AT_PX = 600
_STRIP = 12
_CLOSED_OVER = 9  # of the small image: wider than a stroke of writing or a ruling line
_STEP = 0.10  # logarithm of paper over table; 0.35 and more on wood and grey desks, shadows are softer than this
_CLEAR_STEP = 0.5  # a step higher than this counts no more
_WIDEST_LEAN = 0.22  # 12 degrees
_DEEPEST = 0.42  # an edge is looked for in this part of the picture from its side
_CANDIDATES, _NEXT_BEST = 4, 0.35
_THERE = 0.8  # of an edge's length, the part along which the step is seen
_SMALLEST_SHARE, _LARGEST_SHARE = 0.3, 0.985
_SQUAREST = 0.16  # cosine of a corner: 81 to 99 degrees
_UNLIKE = 0.8  # of opposite sides, the shorter to the longer
_INK = 0.15  # of the paper's light below its ground: more is writing, less the grain of a table
_WORD_GAP, _SHORTEST_LINE, _HIGHEST_LINE = 3, 24, 14  # of the small image
_DENSE = 0.12
_INSET = 0.002  # of the sheet: its own edge is no ink


@dataclass(frozen=True)
class Outline:
    """A sheet's corners from the top left clockwise, in pixels of the picture, and its share of the picture."""

    corners: tuple[tuple[float, float], ...]
    share: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the sheet brought flat, at the picture's own scale."""
        top, right, foot, left = (_length(*side) for side in _sides(self.corners))
        return max(1, round(max(top, foot))), max(1, round(max(left, right)))


@dataclass(frozen=True)
class _Edge:
    """A line across the picture: at `place` in its middle, `lean` pixels aside for each pixel along, how clear."""

    place: float
    lean: float
    clear: float


def outline_of(image: Image) -> Outline | None:
    """The outline of the sheet on a photograph; None where there is none to be sure of, or nothing but the sheet."""
    import numpy as np

    factor = max(1, round(max(image.size) / _LOOKED_AT_PX))
    small = np.asarray((image.convert("L") if image.mode == "1" else image).reduce(factor).convert("L"))
    if min(small.shape) < 12 * _STRIP:
        return None
    ground = _closed(small)
    light = np.log(ground.astype(np.float32) + 6.0)
    edges = [_edges(side) for side in (light, light[:, ::-1], light.T, light.T[:, ::-1])]
    if not all(edges):
        return None
    height, width = light.shape
    best: tuple[float, list[tuple[float, float]]] | None = None
    for left, right, top, foot in itertools.product(*edges):
        corners = _corners(left, right, top, foot, (width, height))
        if not _is_sheet(corners, (width, height)):
            continue
        clear = min(_seen(light, *side) for side in _sides(corners))
        if clear >= _THERE and (best is None or left.clear + right.clear + top.clear + foot.clear > best[0]):
            best = left.clear + right.clear + top.clear + foot.clear, corners
    if best is None or _writing_outside(_inked(small, ground), best[1]):
        return None
    scale_x, scale_y = image.width / width, image.height / height
    return Outline(tuple((x * scale_x, y * scale_y) for x, y in best[1]), _area(best[1]) / (width * height))


def flattened(image: Image, outline: Outline, size: tuple[int, int], scale: float = 1.0) -> Image:
    """The sheet alone, flat and upright as it lay, at `size`. `scale`: of this image to that of the outline."""
    import PIL.Image

    width, height = size
    flat = tuple(
        (x, y) for x, y in ((0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height)))
    )
    seen = _drawn_in([(x * scale, y * scale) for x, y in outline.corners])
    return image.transform(
        size, PIL.Image.Transform.PERSPECTIVE, _perspective(flat, seen), PIL.Image.Resampling.BICUBIC
    )


def _closed(grey: Pixels) -> Pixels:
    """Grey in which everything dark and thinner than `_CLOSED_OVER` has become what it stands on."""
    import numpy as np

    aside = _CLOSED_OVER // 2
    for fold in (np.maximum, np.minimum):
        for axis in (0, 1):
            wide = np.pad(grey, [(aside, aside) if each == axis else (0, 0) for each in (0, 1)], mode="edge")
            span = 1  # of what each pixel stands for, doubled until it is the whole width
            while span < _CLOSED_OVER:
                more = min(span, _CLOSED_OVER - span)
                length = wide.shape[axis] - more
                wide = fold(np.take(wide, range(length), axis), np.take(wide, range(more, length + more), axis))
                span += more
            grey = wide
    closed: Pixels = grey
    return closed


def _edges(light: Pixels) -> list[_Edge]:
    """The likeliest left edges, clearest first: steps up from left to right."""
    import numpy as np

    height, width = light.shape
    step = np.zeros_like(light)
    step[:, 3:-3] = (light[:, 5:-1] + light[:, 4:-2]) / 2 - (light[:, 1:-5] + light[:, :-6]) / 2
    step = np.clip(step, 0.0, _CLEAR_STEP)
    step[step < _STEP] = 0.0
    step = step[:, : round(width * _DEEPEST)]
    usable = height // _STRIP * _STRIP
    strips = step[:usable].reshape(-1, _STRIP, step.shape[1]).mean(axis=1)
    middles = (np.arange(strips.shape[0]) + 0.5) * _STRIP - height / 2
    pad = int(_WIDEST_LEAN * height / 2) + 1
    padded = np.pad(strips, ((0, 0), (pad, pad)))
    rows = np.arange(strips.shape[0])[:, None]
    columns = np.arange(strips.shape[1])[None, :] + pad
    leans = np.linspace(-_WIDEST_LEAN, _WIDEST_LEAN, 61)
    votes = np.stack(
        [padded[rows, columns + np.rint(middles * lean).astype(int)[:, None]].sum(axis=0) for lean in leans]
    )
    found: list[_Edge] = []
    least = max(0.25 * _STEP * len(middles), _NEXT_BEST * float(votes.max()))
    for _ in range(_CANDIDATES):
        lean, place = divmod(int(votes.argmax()), votes.shape[1])
        if votes[lean, place] < least:
            break
        found.append(_fitted(strips, middles, float(place), float(leans[lean]), float(votes[lean, place])))
        votes[:, max(0, place - 8) : place + 9] = 0.0
    return found


def _fitted(strips: Pixels, middles: Pixels, place: float, lean: float, votes: float) -> _Edge:
    """The line through the middles of the steps near a first guess, to a part of a pixel."""
    import numpy as np

    for reach in (5, 3):
        at = np.rint(place + middles * lean).astype(int)
        near = at[:, None] + np.arange(-reach, reach + 1)[None, :]
        inside = (near >= 0) & (near < strips.shape[1])
        weight = np.where(inside, strips[np.arange(len(at))[:, None], np.clip(near, 0, strips.shape[1] - 1)], 0.0)
        total = weight.sum(axis=1)
        sure = total > 0
        if np.count_nonzero(sure) < 4:
            break
        where = (weight * near).sum(axis=1)[sure] / total[sure]
        lean, place = (float(part) for part in np.polyfit(middles[sure], where, 1))
    return _Edge(place, lean, votes)


def _corners(left: _Edge, right: _Edge, top: _Edge, foot: _Edge, size: tuple[int, int]) -> list[tuple[float, float]]:
    width, height = size

    def meeting(upright: _Edge, level: _Edge) -> tuple[float, float]:
        # x = place + lean (y - height / 2) and y = place + lean (x - width / 2)
        x = (upright.place + upright.lean * (level.place - level.lean * width / 2 - height / 2)) / (
            1 - upright.lean * level.lean
        )
        return x + 0.5, level.place + level.lean * (x - width / 2) + 0.5

    far_right = _Edge(width - 1 - right.place, -right.lean, right.clear)
    far_foot = _Edge(height - 1 - foot.place, -foot.lean, foot.clear)
    return [meeting(left, top), meeting(far_right, top), meeting(far_right, far_foot), meeting(left, far_foot)]


def _is_sheet(corners: list[tuple[float, float]], size: tuple[int, int]) -> bool:
    """Do the corners lie in the picture and make a sheet seen nearly from above, smaller than the picture?"""
    width, height = size
    if any(not (-1 <= x <= width + 1 and -1 <= y <= height + 1) for x, y in corners):
        return False
    if not _SMALLEST_SHARE <= _area(corners) / (width * height) <= _LARGEST_SHARE:
        return False
    lengths = [_length(*side) for side in _sides(corners)]
    if min(lengths[0], lengths[2]) < _UNLIKE * max(lengths[0], lengths[2]):
        return False
    if min(lengths[1], lengths[3]) < _UNLIKE * max(lengths[1], lengths[3]):
        return False
    for index, (x, y) in enumerate(corners):
        (x0, y0), (x1, y1) = corners[index - 1], corners[(index + 1) % 4]
        cosine = ((x0 - x) * (x1 - x) + (y0 - y) * (y1 - y)) / max(1e-9, lengths[index - 1] * lengths[index])
        if abs(cosine) > _SQUAREST:
            return False
    return True


def _seen(light: Pixels, start: tuple[float, float], end: tuple[float, float]) -> float:
    """The part of an edge, clockwise around the sheet, along which it is lighter inside than out."""
    import numpy as np

    length = max(1.0, _length(start, end))
    inward = (-(end[1] - start[1]) / length, (end[0] - start[0]) / length)
    along = np.linspace(0.03, 0.97, 60)
    x = start[0] + along * (end[0] - start[0])
    y = start[1] + along * (end[1] - start[1])

    def lit(depth: float) -> Pixels:
        column = np.clip(np.floor(x + depth * inward[0]).astype(int), 0, light.shape[1] - 1)
        row = np.clip(np.floor(y + depth * inward[1]).astype(int), 0, light.shape[0] - 1)
        found: Pixels = light[row, column]
        return found

    return float(np.mean(lit(4.0) - np.minimum(lit(-3.0), lit(-5.0)) > _STEP))


def _inked(grey: Pixels, ground: Pixels) -> Pixels:
    import numpy as np

    inked: Pixels = grey < ground.astype(np.float32) - _INK * float(np.percentile(ground, 75))
    return inked


def _writing_outside(dark: Pixels, corners: list[tuple[float, float]]) -> bool:
    """Do dark strokes outside the corners stand in a row, as writing does, across the picture or down?"""
    import numpy as np
    import PIL.Image
    from PIL import ImageDraw

    from adapters.masks import areas, reach

    inside = PIL.Image.new("1", (dark.shape[1], dark.shape[0]), 0)
    ImageDraw.Draw(inside).polygon(_drawn_in(corners, -0.006), fill=1)
    strokes = dark & ~np.asarray(inside)
    for turned in (strokes, strokes.T):
        for x0, y0, x1, y1 in areas(reach(turned, _WORD_GAP, 1)):
            wide = x1 - x0 - 2 * _WORD_GAP
            if wide < _SHORTEST_LINE or not 2 <= y1 - y0 <= _HIGHEST_LINE:
                continue
            if float(turned[y0:y1, x0:x1].mean()) > _DENSE:
                return True
    return False


def _drawn_in(corners: list[tuple[float, float]], share: float = _INSET) -> list[tuple[float, float]]:
    """The corners moved towards their middle."""
    x_middle, y_middle = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
    return [(x + share * 2 * (x_middle - x), y + share * 2 * (y_middle - y)) for x, y in corners]


def _sides(
    corners: tuple[tuple[float, float], ...] | list[tuple[float, float]],
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return [(corners[index], corners[(index + 1) % 4]) for index in range(4)]


def _length(start: tuple[float, float], end: tuple[float, float]) -> float:
    return float(((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5)


def _area(corners: list[tuple[float, float]]) -> float:
    return 0.5 * abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in _sides(corners)))


def _perspective(flat: tuple[tuple[float, float], ...], seen: list[tuple[float, float]]) -> tuple[float, ...]:
    """The eight numbers that bring a point of the flat sheet to where it is seen on the picture."""
    import numpy as np

    rows: list[list[float]] = []
    values: list[float] = []
    for (x, y), (u, v) in zip(flat, seen, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(float(part) for part in np.linalg.solve(np.array(rows), np.array(values)))
