"""Seals and signatures, drawn: the red round stamp of a company and a hand's blue strokes, as transparent PNG.

Knows how ink looks; where it stands on a paper is the templates' and the wearing's business.
"""

from __future__ import annotations

import io
import math
import random
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

_SEAL_PX = 460
_FONT = Path("/usr/share/texmf/fonts/opentype/public/tex-gyre/texgyreheros-bold.otf")


class MissingFontError(Exception):
    """A font of the papers is not installed (Debian: fonts-texgyre, fonts-dejavu-core, fonts-noto-core) or lacks a
    letter."""


@lru_cache(maxsize=64)
def draw_seal(name: str, tax_code: str, place: str, seed: int = 0) -> bytes:
    """A company's round seal: registration number above, name along the circle, a star, the place below. PNG, RGBA."""
    scale = 2
    size = _SEAL_PX * scale
    layer = Image.new("L", (size, size), 0)
    pencil = ImageDraw.Draw(layer)
    centre = size / 2
    for radius, width in ((0.49, 0.016), (0.465, 0.006), (0.29, 0.006)):
        r = radius * size
        pencil.ellipse((centre - r, centre - r, centre + r, centre + r), outline=255, width=int(width * size))
    _write_round(layer, f"M.S.D.N: {tax_code}", 0.378, 0.052, top=True, arc_deg=150, dy=0.035)
    _write_round(layer, f"{place.upper()}", 0.372, 0.05, top=False, arc_deg=110)
    lines = _wrap(name.upper())
    font = _font(int(size * min(0.062, 0.46 / max(len(line) for line in lines) * 1.45)))
    height = font.size * 1.16
    for index, line in enumerate(lines):
        y = centre - height * len(lines) / 2 + index * height
        width = pencil.textlength(line, font=font)
        pencil.text((centre - width / 2, y), line, fill=255, font=font)
    for side in (-1, 1):
        _star(pencil, centre + side * 0.378 * size, centre + 0.06 * size, 0.028 * size)
    mask = layer.resize((_SEAL_PX, _SEAL_PX), Image.Resampling.LANCZOS)
    rng = np.random.default_rng(seed)
    press = Image.fromarray(rng.integers(110, 256, (23, 23), dtype=np.uint8)).resize(
        mask.size, Image.Resampling.BICUBIC
    )
    grain = Image.fromarray(rng.integers(170, 256, (_SEAL_PX, _SEAL_PX), dtype=np.uint8)).filter(ImageFilter.BoxBlur(1))
    mask = ImageChops.multiply(ImageChops.multiply(mask, press), grain).filter(ImageFilter.GaussianBlur(0.7))
    seal = Image.new("RGBA", mask.size, (206, 28, 38, 0))
    seal.putalpha(mask)
    return _png(seal.rotate(random.Random(seed).uniform(-14, 14), Image.Resampling.BICUBIC))


@lru_cache(maxsize=256)
def draw_signature(name: str, seed: int = 0) -> bytes:
    """A hand's signature: a capital, a run of small letters' waves, a flourish. PNG, RGBA, about 3:1."""
    rng = random.Random(f"{name}/{seed}")
    width, height, scale = 420, 160, 3
    layer = Image.new("L", (width * scale, height * scale), 0)
    pencil = ImageDraw.Draw(layer)
    slant = rng.uniform(0.15, 0.5)
    base = height * rng.uniform(0.52, 0.62)
    points: list[tuple[float, float]] = []
    x = width * 0.1
    for _ in range(rng.randrange(2, 4)):  # the capital: tall loops
        tall = height * rng.uniform(0.3, 0.45)
        points += [
            (x, base + 10),
            (x + 14, base - tall),
            (x + 34, base - tall * 0.7),
            (x + 10, base + rng.uniform(0, 26)),
        ]
        x += rng.uniform(16, 34)
    for _ in range(rng.randrange(4, 9)):  # the small letters: waves dying out
        rise = height * rng.uniform(0.05, 0.2)
        points += [(x, base - rise), (x + rng.uniform(6, 12), base + rng.uniform(2, 16))]
        x += rng.uniform(14, 26)
    points += [(x + 40, base - rng.uniform(10, 40)), (x - 30, base + 36), (width * 0.16, base + rng.uniform(22, 44)),
               (width * 0.93, base + rng.uniform(-4, 26))]  # fmt: skip
    curve = _smooth([(px + (base - py) * slant, py) for px, py in points])
    for index in range(len(curve) - 1):
        (x0, y0), (x1, y1) = curve[index], curve[index + 1]
        speed = math.hypot(x1 - x0, y1 - y0)
        thick = max(1.6, 4.6 - speed * 0.32) * scale
        pencil.line((x0 * scale, y0 * scale, x1 * scale, y1 * scale), fill=235, width=round(thick))
        pencil.ellipse(
            (x1 * scale - thick / 2, y1 * scale - thick / 2, x1 * scale + thick / 2, y1 * scale + thick / 2), fill=235
        )
    mask = layer.resize((width, height), Image.Resampling.LANCZOS)
    ink = Image.new(
        "RGBA", mask.size, rng.choice(((24, 44, 148, 0), (16, 58, 170, 0), (34, 34, 110, 0), (20, 66, 150, 0)))
    )
    ink.putalpha(mask)
    return _png(ink)


def _smooth(points: list[tuple[float, float]], steps: int = 16) -> list[tuple[float, float]]:
    """Catmull-Rom through the points."""
    padded = [points[0], *points, points[-1]]
    curve = []
    for i in range(1, len(padded) - 2):
        p0, p1, p2, p3 = padded[i - 1 : i + 3]
        for step in range(steps):
            t = step / steps
            curve.append(
                tuple(
                    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
                    for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
                )
            )
    return [(point[0], point[1]) for point in curve]


def _wrap(name: str, letters: int = 13) -> list[str]:
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _write_round(
    layer: Image.Image, text: str, radius: float, height: float, *, top: bool, arc_deg: float, dy: float = 0
) -> None:
    """Letters along the circle, upright at the top (or, for `top=False`, readable at the bottom)."""
    size = layer.width
    font = _font(int(size * height))
    widths = [font.getlength(letter) for letter in text]
    step_deg = min(arc_deg / max(1, len(text) - 1) / (sum(widths) / len(widths)), math.degrees(1.12 / (radius * size)))
    angle = -step_deg * sum(widths) / 2
    for letter, width in zip(text, widths, strict=True):
        middle = angle + step_deg * width / 2
        angle += step_deg * width
        turn = middle if top else -middle
        box = int(font.size * 2)
        glyph = Image.new("L", (box, box), 0)
        ImageDraw.Draw(glyph).text((box / 2, box / 2), letter, fill=255, font=font, anchor="mm")
        glyph = glyph.rotate(-turn, Image.Resampling.BICUBIC)
        sign = -1 if top else 1
        x = size / 2 + radius * size * math.sin(math.radians(middle))
        y = size / 2 + sign * radius * size * math.cos(math.radians(middle))
        layer.paste(255, (round(x - box / 2), round(y - box / 2)), glyph)


def _star(pencil: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    corners = []
    for index in range(10):
        r = radius if index % 2 == 0 else radius * 0.4
        corners.append((x + r * math.sin(index * math.pi / 5), y - r * math.cos(index * math.pi / 5)))
    pencil.polygon(corners, fill=255)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(_FONT), size)
    except OSError as error:
        raise MissingFontError(f"{_FONT} is missing: install the Debian package fonts-texgyre") from error


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=9)
    return out.getvalue()
