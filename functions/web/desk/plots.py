"""Plots as SVG, drawn from numbers alone: no style or script of their own, every value also said in words beside them.

Knows bars and nothing of what they mean.
"""

from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 640, 260
LEFT, BOTTOM, TOP = 44, 34, 18
MOST_LABELS = 10
WIDEST = 90  # pixels of a bar with its space


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its number, the kind of its mark ("", late, risk)."""

    label: str
    value: float
    mark: str = ""


def bars(values):
    """What a template draws: frames of the bars and the places of their labels, in pixels of WIDTH × HEIGHT."""
    most = max([bar.value for bar in values] + [1])
    room = min((WIDTH - LEFT - 10) / max(len(values), 1), WIDEST)
    tall = HEIGHT - BOTTOM - TOP
    every = ceil(len(values) / MOST_LABELS) if values else 1
    drawn = []
    for number, bar in enumerate(values):
        height = round(tall * bar.value / most, 1)
        drawn.append(
            {
                "x": round(LEFT + number * room + room * 0.12, 1),
                "y": round(HEIGHT - BOTTOM - height, 1),
                "width": round(room * 0.76, 1),
                "height": height,
                "middle": round(LEFT + (number + 0.5) * room, 1),
                "label": bar.label if number % every == 0 else "",
                "name": bar.label,
                "value": bar.value,
                "shown": f"{bar.value:g}" if bar.value and len(values) <= 2 * MOST_LABELS else "",
                "mark": bar.mark,
            }
        )
    return {"width": WIDTH, "height": HEIGHT, "left": LEFT, "floor": HEIGHT - BOTTOM, "top": TOP, "most": most,
            "bars": drawn}  # fmt: skip
