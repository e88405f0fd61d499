"""Pages that should not have been sent: out of focus, shaken, dark, burnt out by a lamp, cut, tiny, no paper at all.

`spoil` takes the image of a page as a telephone took it and gives the JPEG that would arrive. The same page, kind and
seed give the same bytes. How bad a page gets varies with the seed, from hardly to hopelessly: whether it can still
be read is for the measurement to find out.
"""

from __future__ import annotations

import io
import math
import random
from typing import Literal, get_args

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Spoiling = Literal["blurred", "shaken", "dark", "glare", "cut", "too_small", "not_a_document"]
SPOILINGS: tuple[Spoiling, ...] = get_args(Spoiling)
_A4_WIDTH_MM = 210


def spoil(page: Image.Image, kind: Spoiling, seed: int = 0) -> bytes:
    """The page, spoiled, as a JPEG file. `not_a_document` leaves nothing of it."""
    rng = random.Random(f"spoil {kind} {seed}")
    image = page.convert("RGB")
    spoiled = {
        "blurred": lambda: image.filter(ImageFilter.GaussianBlur(rng.uniform(0.35, 0.8) * _millimetre(image))),
        "shaken": lambda: _shaken(image, rng.uniform(1.5, 3.5) * _millimetre(image), rng.uniform(0, math.pi)),
        "dark": lambda: _darkened(image, rng),
        "glare": lambda: _burnt(image, rng),
        "cut": lambda: _cut(image, rng),
        "too_small": lambda: _shrunk(image, rng.uniform(340, 560)),
        "not_a_document": lambda: _scene(rng),
    }[kind]()
    packed = io.BytesIO()
    spoiled.save(packed, "JPEG", quality=rng.choice((60, 72, 85)))
    return packed.getvalue()


def _millimetre(image: Image.Image) -> float:
    return min(image.size) / _A4_WIDTH_MM


def _shaken(image: Image.Image, length_px: float, angle: float) -> Image.Image:
    """The mean of the image along a short way."""
    steps = max(2, round(length_px))
    total = np.zeros((image.height, image.width, 3), dtype=np.float32)
    pixels = np.asarray(image)
    for step in range(steps):
        shift = (step / (steps - 1) - 0.5) * length_px
        total += np.roll(pixels, (round(shift * math.sin(angle)), round(shift * math.cos(angle))), (0, 1))
    return Image.fromarray((total / steps).astype(np.uint8))


def _darkened(image: Image.Image, rng: random.Random) -> Image.Image:
    """Too little light: hardly anything above black, and the noise a sensor then makes."""
    pixels = np.asarray(image, dtype=np.float32) * rng.uniform(0.03, 0.12)
    noise = np.random.default_rng(rng.randrange(2**32)).normal(0, rng.uniform(4, 9), pixels.shape[:2])
    return Image.fromarray(np.clip(pixels + noise[..., None], 0, 255).astype(np.uint8))


def _burnt(image: Image.Image, rng: random.Random) -> Image.Image:
    """The reflection of a lamp on glossy paper or a plastic sleeve: an ellipse burnt out over lines of text."""
    pixels = np.asarray(image, dtype=np.float32) * 0.82
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    across, down = rng.uniform(0.16, 0.3) * width, rng.uniform(0.08, 0.16) * height
    centre_x, centre_y = rng.uniform(0.35, 0.65) * width, rng.uniform(0.3, 0.6) * height
    far = np.sqrt(((x - centre_x) / across) ** 2 + ((y - centre_y) / down) ** 2)
    light = np.clip(2.6 - 1.9 * far, 0, 1)[..., None] * 255
    return Image.fromarray(np.clip(pixels + light, 0, 255).astype(np.uint8))


def _cut(image: Image.Image, rng: random.Random) -> Image.Image:
    """The page does not fit into the picture: a side of it is missing, with the ends or beginnings of all lines."""
    share = rng.uniform(0.2, 0.35)
    if rng.random() < 0.5:
        return image.crop((round(image.width * share), 0, image.width, image.height))
    return image.crop((0, 0, round(image.width * (1 - share)), image.height))


def _shrunk(image: Image.Image, long_side_px: float) -> Image.Image:
    scale = long_side_px / max(image.size)
    return image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)


def _scene(rng: random.Random) -> Image.Image:
    """A picture of things: sky, ground, bodies with shade, and grain; no letter anywhere."""
    width, height = rng.choice(((2250, 3000), (3000, 2250), (1440, 1920)))
    sky, ground = (tuple(rng.randrange(60, 240) for _ in range(3)) for _ in range(2))
    image = Image.new("RGB", (width, height), sky)
    pencil = ImageDraw.Draw(image)
    pencil.rectangle((0, round(height * rng.uniform(0.4, 0.7)), width, height), fill=ground)
    for _ in range(rng.randrange(8, 40)):
        x, y, r = rng.randrange(width), rng.randrange(height), rng.uniform(0.02, 0.2) * width
        colour = tuple(rng.randrange(20, 250) for _ in range(3))
        shape = pencil.ellipse if rng.random() < 0.6 else pencil.rectangle
        shape((x - r, y - r * rng.uniform(0.3, 1.5), x + r, y + r * 0.8), fill=colour)
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(1, 4)))
    noise = np.random.default_rng(rng.randrange(2**32)).normal(0, 5, (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))
