"""Masks of a page's pixels: runs, reach, sums about a pixel and connected areas, with numpy alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[Any]]


def runs(mask: Pixels, shortest: int, axis: int) -> Pixels:
    """Keep only runs of at least `shortest` set pixels along `axis`."""
    import numpy as np

    length = mask.shape[axis]
    if length <= shortest:
        return np.zeros_like(mask)
    full, reach = mask, 1  # a pixel of `full` begins a run of `reach` pixels; doubled until long enough
    while reach < shortest:
        step = min(reach, shortest - reach)
        full = _part(full, 0, -step, axis) & _part(full, step, None, axis)
        reach += step
    kept = np.zeros_like(mask)
    _part(kept, 0, full.shape[axis], axis)[...] = full
    reach = 1
    while reach < shortest:  # and every run is filled again from its beginnings
        step = min(reach, shortest - reach)
        wider = kept.copy()
        _part(wider, step, None, axis)[...] |= _part(kept, 0, -step, axis)
        kept = wider
        reach += step
    return kept


def reach(mask: Pixels, by: int, axis: int) -> Pixels:
    """Spread by `by` pixels along `axis`, both ways: corners that do not quite meet, and short breaks, close."""
    wide, done = mask.copy(), 0
    while done < by:
        step = min(done + 1, by - done)  # what has spread by `done` to each side leaves no gap within these
        before = wide.copy()
        _part(wide, step, None, axis)[...] |= _part(before, 0, -step, axis)
        _part(wide, 0, -step, axis)[...] |= _part(before, step, None, axis)
        done += step
    return wide


def pooled(mask: Pixels) -> Pixels:
    """A mask at half its size: set where any of four is."""
    height, width = (side // 2 * 2 for side in mask.shape)
    part = mask[:height, :width]
    pooled: Pixels = part[::2, ::2] | part[1::2, ::2] | part[::2, 1::2] | part[1::2, 1::2]
    return pooled


def areas(mask: Pixels) -> list[tuple[int, int, int, int]]:
    """Bounding boxes (x0, y0, x1, y1) of the connected areas of a mask, in the order of their first rows."""
    import numpy as np

    if mask.shape[0] == 0:
        return []
    # A row like the one above it joins nothing and parts nothing: one stands for all of them.
    fresh = np.flatnonzero(np.concatenate(([True], (mask[1:] != mask[:-1]).any(axis=1))))
    below = np.append(fresh[1:], mask.shape[0])
    padded = np.zeros((fresh.size, mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask[fresh]
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    if rows.size == 0:
        return []
    # Runs of a row touch those of the row above between these two places in the list of all runs.
    wide = mask.shape[1] + 2
    above = (rows - 1) * wide
    first = np.searchsorted(rows * wide + ends, above + starts, side="right")
    count = np.maximum(np.searchsorted(rows * wide + starts, above + ends, side="left") - first, 0)
    lower = np.repeat(np.arange(rows.size), count)
    upper = np.arange(lower.size) + np.repeat(first - (np.cumsum(count) - count), count)
    parent = _joined(rows.size, upper, lower)
    roots, number = np.unique(parent, return_inverse=True)
    x0, y0 = np.full(roots.size, wide), np.full(roots.size, mask.shape[0])
    x1, y1 = np.zeros(roots.size, dtype=np.int64), np.zeros(roots.size, dtype=np.int64)
    np.minimum.at(x0, number, starts)
    np.minimum.at(y0, number, fresh[rows])
    np.maximum.at(x1, number, ends)
    np.maximum.at(y1, number, below[rows])
    return list(zip(x0.tolist(), y0.tolist(), x1.tolist(), y1.tolist(), strict=True))


def thicker(mask: Pixels, axis: int) -> Pixels:
    """Each pixel spreads by one to both sides along `axis`: a leaning line becomes one long run."""
    wide = mask.copy()
    if axis == 0:
        wide[1:] |= mask[:-1]
        wide[:-1] |= mask[1:]
    else:
        wide[:, 1:] |= mask[:, :-1]
        wide[:, :-1] |= mask[:, 1:]
    return wide


def window_sums(mask: Pixels, before: int, after: int, axis: int) -> Pixels:
    """For each pixel, how many are set from `before` pixels before it to `after` pixels after it along `axis`."""
    import numpy as np

    pad = ((0, 0), (before, after)) if axis == 1 else ((before, after), (0, 0))
    # Bytes may run over: differences of less than 256 come out right all the same.
    counts = np.cumsum(np.pad(mask, pad), axis=axis, dtype=np.uint8)
    zero = np.zeros_like(counts[:, :1] if axis == 1 else counts[:1])
    counts = np.concatenate((zero, counts), axis=axis)
    wide = before + after + 1
    return counts[:, wide:] - counts[:, :-wide] if axis == 1 else counts[wide:] - counts[:-wide]


def _part(mask: Pixels, begin: int, end: int | None, axis: int) -> Pixels:
    return mask[:, begin:end] if axis == 1 else mask[begin:end]


def _joined(count: int, one: Pixels, other: Pixels) -> Pixels:
    """For `count` things of which one[i] and other[i] belong together: the smallest number in the company of each."""
    import numpy as np

    parent = np.arange(count)
    while one.size:
        roots, others = parent[one], parent[other]
        apart = roots != others
        one, other, roots, others = one[apart], other[apart], roots[apart], others[apart]
        np.minimum.at(parent, np.maximum(roots, others), np.minimum(roots, others))
        while not np.array_equal(parent, grand := parent[parent]):
            parent = grand
    return parent
