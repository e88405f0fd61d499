"""What happens to a paper between the printer and us: scanners, fax machines, telephones, stamps, wrong trays.

`wear` takes a printed PDF and gives the PDF an office would send: images of its pages, no text. Knows pixels only and
nothing of what the paper says. The same PDF, level and seed give the same bytes. Worn pages are still kinder than
real post (no crumpling, no handwriting): figures measured on them are an upper bound.
"""

from __future__ import annotations

import contextlib
import io
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .ink import draw_seal, draw_signature
from .printing import ONE_AT_A_TIME

Level = Literal["born_digital", "clean300", "office200", "fax150", "phone", "stamped", "rotated"]
LEVELS: tuple[Level, ...] = get_args(Level)
_PAPER = (250, 250, 247)


@dataclass(frozen=True, slots=True)
class Scan:
    """One page as a scanner or a telephone leaves it. `quality` is the JPEG's; None means bilevel."""

    image: Image.Image
    dpi: float
    quality: int | None


def wear(pdf: bytes, level: Level, seed: int = 0) -> bytes:
    """The PDF as it arrives. born_digital: unchanged, with its text layer; every other level: images of pages.

    clean300: straight colour scan; office200: turned by up to 1°, noisy, hard JPEG, every third in gray; fax150:
    bilevel, CCITT group 4; phone: perspective, shadow, warm light, slight blur; stamped: seals and a signature over
    the text; rotated: an office scan lying on its side or head (`turn_deg` tells how).
    """
    if level == "born_digital":
        return pdf
    return bind([encode(scan) for scan in scan_pages(pdf, level, seed)])


def wear_page(
    pdf: bytes, level: Level, seed: int = 0, *, page: int = 1, form: Literal["jpeg", "png"] = "jpeg",
    long_side_px: int | None = None, quality: int | None = None,
) -> bytes:  # fmt: skip
    """One page (from 1) as a JPEG or PNG file, as a telephone or a scanner's folder holds it.

    long_side_px, quality: what a messenger does to a photo on its way; None keeps the level's own.
    """
    scan = _scan(_render(pdf, page, _dpi(level)), level, seed, page)
    image, dpi = scan.image, scan.dpi
    if long_side_px and long_side_px < max(image.size):
        ratio = long_side_px / max(image.size)
        image = image.resize((round(image.width * ratio), round(image.height * ratio)), Image.Resampling.LANCZOS)
        dpi *= ratio
    out = io.BytesIO()
    if form == "png":
        image.save(out, "PNG", dpi=(dpi, dpi), compress_level=9)
    else:
        image = image.convert("L") if image.mode == "1" else image
        image.save(out, "JPEG", quality=quality or scan.quality or 70, dpi=(dpi, dpi))
    return out.getvalue()


def wear_tiff(pdf: bytes, level: Level, seed: int = 0) -> bytes:
    """All pages as one multi-page TIFF: group 4 for fax150, JPEG inside otherwise."""
    scans = scan_pages(pdf, level, seed)
    first, *rest = [scan.image for scan in scans]
    out = io.BytesIO()
    how = (
        {"compression": "group4"} if scans[0].quality is None else {"compression": "jpeg", "quality": scans[0].quality}
    )
    first.save(out, "TIFF", save_all=True, append_images=rest, dpi=(scans[0].dpi, scans[0].dpi), **how)
    return out.getvalue()


def wear_some(pdf: bytes, level: Level, seed: int = 0, *, pages: Sequence[int]) -> bytes:
    """The printed PDF with only these pages (from 1) scanned, as when a signed last page is put back into a file."""
    scans = wear(pdf, level, seed)
    with pikepdf.open(io.BytesIO(pdf)) as book, pikepdf.open(io.BytesIO(scans)) as scanned:
        for page in pages:
            book.pages[page - 1] = scanned.pages[page - 1]
        out = io.BytesIO()
        book.save(out, deterministic_id=True)
    return out.getvalue()


def scan_pages(pdf: bytes, level: Level, seed: int = 0) -> list[Scan]:
    """Every page, worn."""
    with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        count = len(document)
    return [_scan(_render(pdf, page, _dpi(level)), level, seed, page) for page in range(1, count + 1)]


def turn_deg(seed: int) -> int:
    """How far the `rotated` level turns its pages, anticlockwise: 90, 180 or 270."""
    return random.Random(f"turn {seed}").choice((90, 180, 270))


def blur_page(pdf: bytes, page: int, seed: int = 0) -> bytes:
    """The same images of pages, page `page` (from 1) out of focus and shaken beyond reading."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        sheets = [_embedded(sheet) for sheet in book.pages]
    sheet = sheets[page - 1]
    image = Image.open(io.BytesIO(sheet.data)).convert("RGB")
    rng = random.Random(f"blur {seed}")
    millimetre = sheet.dpi / 25.4
    small = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(0.8 * millimetre / 2))
    small = _shake(small, 3.2 * millimetre / 2, rng.uniform(20, 70))
    image = small.resize(image.size, Image.Resampling.BILINEAR)
    sheets[page - 1] = encode(Scan(_grain(image, np.random.default_rng(seed), 2.0), sheet.dpi, 78))
    return bind(sheets)


def take_page(pdf: bytes, page: int) -> bytes:
    """One page (from 1) of a PDF of images, as a PDF of its own."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        return bind([_embedded(book.pages[page - 1])])


@dataclass(frozen=True, slots=True)
class Sheet:
    """An image ready to be bound into a PDF: a JPEG file, or group 4 bits."""

    data: bytes
    width: int
    height: int
    dpi: float
    colour: Literal["rgb", "gray", "bilevel"]


def encode(scan: Scan) -> Sheet:
    """Compress one page the way its level does."""
    out = io.BytesIO()
    if scan.quality is None:
        scan.image.save(out, "TIFF", compression="group4", tiffinfo={278: scan.image.height})
        tiff = Image.open(io.BytesIO(out.getvalue()))
        (offset,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined]
        data = out.getvalue()[offset : offset + length]
        return Sheet(data, *scan.image.size, scan.dpi, "bilevel")
    scan.image.save(out, "JPEG", quality=scan.quality)
    return Sheet(out.getvalue(), *scan.image.size, scan.dpi, "gray" if scan.image.mode == "L" else "rgb")


def bind(sheets: Sequence[Sheet]) -> bytes:
    """A PDF with one image a page and nothing else."""
    book = pikepdf.new()
    for sheet in sheets:
        width, height = sheet.width * 72 / sheet.dpi, sheet.height * 72 / sheet.dpi
        picture = pikepdf.Stream(
            book, sheet.data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=sheet.width,
            Height=sheet.height, BitsPerComponent=1 if sheet.colour == "bilevel" else 8,
            ColorSpace=pikepdf.Name.DeviceRGB if sheet.colour == "rgb" else pikepdf.Name.DeviceGray,
        )  # fmt: skip
        if sheet.colour == "bilevel":
            picture.Filter = pikepdf.Name.CCITTFaxDecode
            picture.DecodeParms = pikepdf.Dictionary(K=-1, Columns=sheet.width, Rows=sheet.height, BlackIs1=True)
        else:
            picture.Filter = pikepdf.Name.DCTDecode
        page = book.add_blank_page(page_size=(round(width, 2), round(height, 2)))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=book.make_indirect(picture)))
        page.Contents = pikepdf.Stream(book, f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q".encode())
    out = io.BytesIO()
    book.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _embedded(page: pikepdf.Page) -> Sheet:
    (picture,) = page.get_images().values()
    width, height = int(picture.Width), int(picture.Height)
    dpi = width * 72 / float(page.mediabox[2])
    bilevel = picture.Filter == pikepdf.Name.CCITTFaxDecode
    colour: Literal["rgb", "gray", "bilevel"] = (
        "bilevel" if bilevel else "rgb" if picture.ColorSpace == pikepdf.Name.DeviceRGB else "gray"
    )
    return Sheet(picture.read_raw_bytes(), width, height, dpi, colour)


def _dpi(level: Level) -> float:
    return {"clean300": 300, "office200": 200, "fax150": 150, "phone": 220, "stamped": 240, "rotated": 200}.get(
        level, 200
    )


def _render(pdf: bytes, page: int, dpi: float) -> Image.Image:
    with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        sheet: Image.Image = document[page - 1].render(scale=dpi / 72).to_pil()
        return sheet.convert("RGB")


def _scan(image: Image.Image, level: Level, seed: int, page: int) -> Scan:
    """Wear one rendered page. `born_digital` is a plain picture of the page."""
    rng = random.Random(f"{level} {seed} {page}")
    noise = np.random.default_rng(rng.randrange(2**32))
    wearing: dict[str, Callable[[], Scan]] = {
        "born_digital": lambda: Scan(image, 200, 90),
        "clean300": lambda: Scan(_flatbed(image, rng, noise, skew_deg=0.15, grain=1.6, ink=18), 300, 82),
        "office200": lambda: _office(image, rng, noise, seed),
        "fax150": lambda: Scan(_fax(image, rng, noise), 150, None),
        "phone": lambda: _photograph(image, rng, noise),
        "stamped": lambda: Scan(_flatbed(_stamp(image, rng, seed), rng, noise, skew_deg=0.6, grain=3, ink=20), 240, 78),
        "rotated": lambda: _turn(_office(image, rng, noise, seed), turn_deg(seed)),
    }
    return wearing[level]()


def _flatbed(
    image: Image.Image, rng: random.Random, noise: np.random.Generator, *, skew_deg: float, grain: float, ink: int
) -> Image.Image:
    """A scanner's glass: toner is not black, paper not white, the sheet not quite straight."""
    angle = rng.uniform(-skew_deg, skew_deg)
    image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    levels = [
        [round(ink + rng_shift + (white - ink - rng_shift) * value / 255) for value in range(256)]
        for white, rng_shift in zip(_PAPER, (0, 1, 3), strict=True)
    ]
    image = image.point([value for channel in levels for value in channel])
    if image.width < 2000:  # at 300 dpi turning alone softens as much
        image = image.filter(ImageFilter.GaussianBlur(0.45))
    return _grain(_specks(image, rng), noise, grain)


def _office(image: Image.Image, rng: random.Random, noise: np.random.Generator, seed: int) -> Scan:
    worn = _flatbed(image, rng, noise, skew_deg=1.0, grain=6, ink=30)
    if seed % 3 == 2:
        worn = worn.convert("L")
    return Scan(worn, 200, 62)


def _fax(image: Image.Image, rng: random.Random, noise: np.random.Generator) -> Image.Image:
    """Black or white, ragged edges, a few specks and, now and then, a streak along the feed."""
    gray = image.convert("L").rotate(rng.uniform(-0.7, 0.7), Image.Resampling.BICUBIC, fillcolor=255)
    pixels = np.asarray(gray.filter(ImageFilter.GaussianBlur(0.35)), dtype=np.float32)
    pixels = pixels + noise.normal(0, 17, pixels.shape).astype(np.float32)
    bits = pixels > rng.uniform(158, 178)
    dots = noise.random(bits.shape, dtype=np.float32)
    bits &= dots > 0.00012
    if rng.random() < 0.3:
        bits[:, rng.randrange(bits.shape[1])] = False
    return Image.fromarray(bits)


def _photograph(image: Image.Image, rng: random.Random, noise: np.random.Generator) -> Scan:
    """A sheet on a table, taken by hand: perspective, a shadow across it, warm light, slight blur."""
    upright = image.height > image.width
    width, height = (2250, 3000) if upright else (3000, 2250)
    margin_x, margin_y = width * rng.uniform(0.03, 0.06), height * rng.uniform(0.03, 0.06)
    ratio = min((width - 2 * margin_x) / image.width, (height - 2 * margin_y) / image.height)
    w, h = image.width * ratio, image.height * ratio
    x0, y0 = (width - w) / 2, (height - h) / 2
    lean = rng.uniform(-0.018, 0.018)
    corners = []
    for x, y in ((x0, y0), (x0 + w, y0), (x0 + w, y0 + h), (x0, y0 + h)):
        shift_x, shift_y = rng.uniform(-0.012, 0.012) * w, rng.uniform(-0.012, 0.012) * h
        corners.append((x + shift_x - (y - height / 2) * lean, y + shift_y + (x - width / 2) * lean))
    flat = ((0, 0), (image.width, 0), (image.width, image.height), (0, image.height))
    coefficients = _perspective(corners, flat)
    sheet = image.transform((width, height), Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    outline = Image.new("L", (width, height), 0)
    ImageDraw.Draw(outline).polygon(corners, fill=255)
    wood = rng.choice(((112, 84, 60), (150, 132, 112), (92, 90, 92), (176, 168, 158)))
    streaks = noise.integers(214, 256, (height // 40, 4), dtype=np.uint8)
    table = ImageChops.multiply(
        Image.new("RGB", (width, height), wood),
        Image.fromarray(streaks).resize((width, height), Image.Resampling.BICUBIC).convert("RGB"),
    )
    table.paste(sheet, (0, 0), outline.filter(ImageFilter.GaussianBlur(1)))
    lit = np.asarray(table.filter(ImageFilter.GaussianBlur(rng.uniform(0.7, 1.1))), dtype=np.float32)
    light = _light(width, height, rng)
    warm = np.array((1.0, rng.uniform(0.93, 0.97), rng.uniform(0.8, 0.9)), dtype=np.float32)
    lit = lit * light[..., None] * warm
    lit += noise.normal(0, 3.2, lit.shape[:2]).astype(np.float32)[..., None]
    photo = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))
    return Scan(photo, max(width, height) / 11.69 * 0.98, 80)


def _light(width: int, height: int, rng: random.Random) -> np.ndarray:
    """Brightness over the photo, 0.45 to 1: a lamp to one side and the soft shadow of a hand or head."""
    small_w, small_h = width // 16, height // 16
    y, x = np.mgrid[0 : 1 : small_h * 1j, 0 : 1 : small_w * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * math.pi)
    slope = (x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle)
    light = 0.9 + 0.14 * slope
    shade = Image.new("L", (small_w, small_h), 255)
    corner_x, corner_y = rng.choice((0, small_w)), rng.choice((0, small_h))
    reach = rng.uniform(0.45, 0.8)
    ImageDraw.Draw(shade).polygon(
        [
            (corner_x, corner_y),
            (abs(corner_x - small_w * reach), corner_y),
            (abs(corner_x - small_w * reach * 0.6), abs(corner_y - small_h * reach * 0.5)),
            (corner_x, abs(corner_y - small_h * reach)),
        ],
        fill=int(255 * rng.uniform(0.6, 0.75)),
    )
    shadow = np.asarray(shade.filter(ImageFilter.GaussianBlur(small_w * 0.03)), dtype=np.float32) / 255
    coarse = Image.fromarray((np.clip(light * shadow, 0, 1) * 65535).astype(np.uint16))
    fine = coarse.convert("F").resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(fine, dtype=np.float32) / 65535


def _stamp(image: Image.Image, rng: random.Random, seed: int) -> Image.Image:
    """A round seal over the text, half a seal over the edge (as offices mark that pages belong together), and a
    signature through the lines."""
    image = image.copy()
    dpi = max(image.size) / 11.69
    seal: Image.Image = Image.open(
        io.BytesIO(draw_seal("Công ty Cổ phần Tân Hưng Phát", "0302134563", "TP. Hồ Chí Minh", seed))
    )
    seal = seal.resize((round(dpi * 1.42), round(dpi * 1.42)), Image.Resampling.LANCZOS)
    _ink_over(image, seal, round(image.width * rng.uniform(0.22, 0.6)), round(image.height * rng.uniform(0.3, 0.72)))
    _ink_over(
        image,
        seal,
        round(image.width - seal.width * rng.uniform(0.3, 0.45)),
        round(image.height * rng.uniform(0.2, 0.6)),
    )
    stroke: Image.Image = Image.open(io.BytesIO(draw_signature(f"over text {seed}", rng.randrange(1000))))
    stroke = stroke.resize((round(dpi * 2.1), round(dpi * 0.8)), Image.Resampling.LANCZOS)
    _ink_over(image, stroke, round(image.width * rng.uniform(0.12, 0.6)), round(image.height * rng.uniform(0.25, 0.8)))
    return image


def _ink_over(image: Image.Image, ink: Image.Image, x: int, y: int) -> None:
    """Lay transparent ink on the page: it darkens, toner below stays visible."""
    canvas = Image.new("RGB", image.size, (255, 255, 255))
    canvas.paste(ink.convert("RGB"), (x, y), ink.getchannel("A"))
    image.paste(ImageChops.multiply(image, canvas))


def _turn(scan: Scan, degrees: int) -> Scan:
    turns = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
    return Scan(scan.image.transpose(turns[degrees]), scan.dpi, scan.quality)


def _specks(image: Image.Image, rng: random.Random) -> Image.Image:
    pencil = ImageDraw.Draw(image)
    for _ in range(rng.randrange(8, 26)):
        x, y, r = rng.randrange(image.width), rng.randrange(image.height), rng.uniform(0.4, 1.5)
        shade = rng.randrange(60, 190)
        pencil.ellipse((x - r, y - r, x + r, y + r), fill=(shade, shade, shade))
    return image


def _grain(image: Image.Image, noise: np.random.Generator, sigma: float) -> Image.Image:
    """Noise as a sensor gives it; a tile of it is repeated, which no eye and no reader notices and saves a second."""
    pixels = np.asarray(image, dtype=np.int16)
    height, width = pixels.shape[:2]
    tile = (noise.standard_normal((601, 743), dtype=np.float32) * sigma).astype(np.int16)
    grain = np.tile(tile, (height // 601 + 1, width // 743 + 1))[:height, :width]
    return Image.fromarray(np.clip(pixels + grain[..., None], 0, 255).astype(np.uint8))


def _shake(image: Image.Image, length_px: float, angle_deg: float) -> Image.Image:
    """Motion blur: the mean of the image along a short line."""
    steps = max(2, round(length_px))
    total = np.zeros((image.height, image.width, 3), dtype=np.float32)
    for step in range(steps):
        shift = (step / (steps - 1) - 0.5) * length_px
        dx, dy = round(shift * math.cos(math.radians(angle_deg))), round(shift * math.sin(math.radians(angle_deg)))
        total += np.asarray(ImageChops.offset(image, dx, dy), dtype=np.float32)
    return Image.fromarray((total / steps).astype(np.uint8))


def _perspective(seen: Sequence[tuple[float, float]], flat: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """The eight numbers Pillow wants to bring points of the photo (`seen`) to points of the sheet (`flat`)."""
    rows, values = [], []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(np.linalg.solve(np.array(rows, dtype=float), np.array(values, dtype=float)).tolist())
