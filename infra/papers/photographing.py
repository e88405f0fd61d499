"""A page photographed by somebody in a hurry: more table than paper at the sides, seen from one side, leaning.

Stronger than the level `phone` of `wearing`, for measuring how the sheet's edges are found. Knows pixels only. The
same page and seed give the same picture, and where its corners are is told.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .wearing import _light, _perspective

_TABLES = ((112, 84, 60), (150, 132, 112), (70, 72, 78), (176, 168, 158), (58, 40, 30))


@dataclass(frozen=True, slots=True)
class Photograph:
    """The picture, and the sheet's corners on it in pixels, from the top left clockwise."""

    image: Image.Image
    corners: tuple[tuple[float, float], ...]


def photograph(page: Image.Image, seed: int = 0, *, long_side_px: int = 4000) -> Photograph:
    """`page` upright on a table: up to 7° aside, its sides up to 9 % unlike, margins of 6 to 14 %, a shadow."""
    rng = random.Random(f"photograph {seed}")
    noise = np.random.default_rng(rng.randrange(2**32))
    short = round(long_side_px * 0.75)
    width, height = (short, long_side_px) if page.height > page.width else (long_side_px, short)
    margin = rng.uniform(0.06, 0.14)
    ratio = min(width * (1 - 2 * margin) / page.width, height * (1 - 2 * margin) / page.height)
    w, h = page.width * ratio, page.height * ratio
    lean, aside, down = math.radians(rng.uniform(-7, 7)), rng.uniform(-0.045, 0.045), rng.uniform(-0.045, 0.045)
    corners = []
    for u, v in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
        x, y = u * w * (1 + 2 * down * v), v * h * (1 + 2 * aside * u)
        turned = (x * math.cos(lean) - y * math.sin(lean), x * math.sin(lean) + y * math.cos(lean))
        corners.append((width / 2 + turned[0], height / 2 + turned[1]))
    reach = max(max(abs(x / width - 0.5), abs(y / height - 0.5)) for x, y in corners)
    if reach > 0.485:  # the whole sheet is on the picture
        corners = [
            (width / 2 + (x - width / 2) * 0.485 / reach, height / 2 + (y - height / 2) * 0.485 / reach)
            for x, y in corners
        ]
    flat = ((0, 0), (page.width, 0), (page.width, page.height), (0, page.height))
    sheet = page.convert("RGB").transform(
        (width, height), Image.Transform.PERSPECTIVE, _perspective(corners, flat), Image.Resampling.BICUBIC
    )
    outline = Image.new("L", (width, height), 0)
    ImageDraw.Draw(outline).polygon(corners, fill=255)
    picture = _table(width, height, rng, noise)
    picture.paste(sheet, (0, 0), outline.filter(ImageFilter.GaussianBlur(1)))
    light = _light(width, height, rng)
    warm = np.array((1.0, rng.uniform(0.93, 0.97), rng.uniform(0.8, 0.9)), dtype=np.float32)
    lit = np.asarray(picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.8, 1.3))), dtype=np.float32)
    lit = lit * light[..., None] * warm
    lit += noise.normal(0, 3.2, lit.shape[:2]).astype(np.float32)[..., None]
    return Photograph(Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)), tuple(corners))


def _table(width: int, height: int, rng: random.Random, noise: np.random.Generator) -> Image.Image:
    """Wood with its grain and a few knots, or a cloth of even grain."""
    wood = rng.choice(_TABLES)
    streaks = noise.integers(200, 256, (height // 30, 4), dtype=np.uint8)
    grain = Image.fromarray(streaks).resize((width, height), Image.Resampling.BICUBIC)
    fine = Image.fromarray(noise.integers(225, 256, (height // 3, width // 3), dtype=np.uint8)).resize((width, height))
    shade = np.asarray(grain, dtype=np.float32) * np.asarray(fine, dtype=np.float32) / 65025
    pixels = np.array(wood, dtype=np.float32) * shade[..., None]
    return Image.fromarray(pixels.astype(np.uint8))
