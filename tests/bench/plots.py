"""Plots as SVG, drawn by hand: few lines, no library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_WIDTH, _HEIGHT, _LEFT, _TOP = 460, 340, 58, 24
_INK, _OURS, _FAINT = "#222", "#0b5fa5", "#bbb"


def calibration(groups: Sequence[dict[str, Any]]) -> str:
    """Claimed confidence against the share that was right, ten groups of equal size; the diagonal is honesty."""
    low = min([0.5, *(min(group["claimed"], group["right"]) for group in groups)])
    low = int(low * 10) / 10
    axes = _Axes((low, 1.0), (low, 1.0))
    points = [(group["claimed"], group["right"]) for group in groups]
    body = [
        axes.line([(low, low), (1, 1)], _FAINT),
        axes.line(points, _OURS),
        *(axes.dot(*point, f"{group['count']}") for point, group in zip(points, groups, strict=True)),
    ]
    ticks = [low + step * (1 - low) / 5 for step in range(6)]
    return axes.drawn(
        body, ticks, ticks, "độ tin cậy đã khai / claimed confidence", "tỷ lệ đúng / share right", "{:.2f}"
    )


def scaling(points: Sequence[tuple[float, float]], slope: float, offset: float, title: str) -> str:
    """Seconds against pages, with the straight line fitted to them."""
    most_x, most_y = max(x for x, _ in points), max(y for _, y in points)
    axes = _Axes((0, most_x * 1.05), (0, max(most_y, offset + slope * most_x) * 1.05))
    body = [
        axes.line([(0, max(offset, 0)), (most_x, offset + slope * most_x)], _FAINT),
        *(axes.dot(x, y, f"{x:g}: {y:.2f} s") for x, y in points),
    ]
    ticks_x = [most_x * step / 5 for step in range(6)]
    ticks_y = [most_y * step / 5 for step in range(6)]
    return axes.drawn(body, ticks_x, ticks_y, "trang / pages", title, "{:.3g}")


class _Axes:
    def __init__(self, across: tuple[float, float], up: tuple[float, float]) -> None:
        self.across, self.up = across, up

    def at(self, x: float, y: float) -> tuple[float, float]:
        (x0, x1), (y0, y1) = self.across, self.up
        wide, high = _WIDTH - _LEFT - 16, _HEIGHT - _TOP - 48
        return _LEFT + (x - x0) / (x1 - x0) * wide, _TOP + (1 - (y - y0) / (y1 - y0)) * high

    def line(self, points: Sequence[tuple[float, float]], colour: str) -> str:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.at(*point) for point in points))
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>'

    def dot(self, x: float, y: float, title: str) -> str:
        px, py = self.at(x, y)
        return f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{_OURS}"><title>{title}</title></circle>'

    def drawn(
        self,
        body: Sequence[str],
        ticks_x: Sequence[float],
        ticks_y: Sequence[float],
        below: str,
        beside: str,
        form: str,
    ) -> str:
        bottom, left = self.up[0], self.across[0]
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
            f' font-family="sans-serif" font-size="11" fill="{_INK}"><title>{beside} – {below}</title>'
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
        ]
        for tick in ticks_x:
            x, y = self.at(tick, bottom)
            parts.append(f'<text x="{x:.1f}" y="{y + 16:.1f}" text-anchor="middle">{form.format(tick)}</text>')
        for tick in ticks_y:
            x, y = self.at(left, tick)
            right = self.at(self.across[1], tick)[0]
            parts.append(f'<line x1="{x:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eee"/>')
            parts.append(f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{form.format(tick)}</text>')
        parts += body
        parts.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 10}" text-anchor="middle">{below}</text>')
        parts.append(f'<text x="12" y="14">{beside}</text></svg>\n')
        return "".join(parts)
