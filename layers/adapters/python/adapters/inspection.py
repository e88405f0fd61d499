"""The gate of uploaded files: what a file is by its bytes, whether it is bounded, whether it is safe to open.

Looks at headers and structure only; no pixel is decoded and no page is drawn here. Whatever is refused is refused
with a problem that tells the applicant what to do next. PDFs are looked through in `pdf_inspection`, spreadsheets in
`workbooks`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from adapters.limits import UPLOAD_LIMITS, XLSX, Limits, refuse
from adapters.pdf_inspection import inspect_pdf
from adapters.sheet_pages import lay_out
from adapters.workbooks import inspect_workbook, is_encrypted, is_workbook, read_workbook

_MEGAPIXEL = 1_000_000
_MOST_SCANS = 100  # of a progressive JPEG; encoders write about 10
_MOST_EXTRA_BYTES = 4 << 20  # inflated text or colour profile of a PNG


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file was found to be. Flags are for reviewers: "repaired", "javascript", "encrypted",
    "leading-data", "trailing-data"; none of them reaches further than the page images."""

    media_type: str
    page_count: int
    flags: tuple[str, ...] = ()


_NAMES = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG", XLSX: "XLSX", "image/tiff": "TIFF"}
_EXTENSIONS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "jpe": "image/jpeg",
    "jfif": "image/jpeg",
    "png": "image/png",
    "xlsx": XLSX,
    "xlsm": XLSX,  # refused for its macros, not for its name
    "tif": "image/tiff",
    "tiff": "image/tiff",
}
# The harmless test file every virus scanner knows, in two halves so that none objects to this module.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def inspect(data: bytes, file_name: str = "", *, limits: Limits = UPLOAD_LIMITS) -> Inspection:
    """Look through a file before anything opens it.

    `file_name` is the name the applicant gave it: only its extension counts, and only as a promise about the
    content. Raises UnacceptableFile.
    """
    if not data:
        raise refuse("file-empty")
    if len(data) > limits.bytes:
        raise refuse("file-too-large", limit_mb=limits.bytes >> 20)
    if _EICAR in data[:4096]:
        raise refuse("file-infected")
    if is_encrypted(data):
        raise refuse("file-password-protected")
    media_type = media_type_of(data)
    if media_type not in limits.types:
        raise refuse("file-type-not-allowed", types=", ".join(_NAMES[name] for name in limits.types))
    extension = PurePosixPath(file_name.replace("\\", "/")).suffix.lower().lstrip(".")
    if extension and _EXTENSIONS.get(extension) != media_type:
        raise refuse("file-type-mismatch", extension=extension[:12], found=_NAMES[media_type])
    if media_type == "application/pdf":
        pages, flags = inspect_pdf(data, limits)
        return Inspection(media_type, pages, flags)
    if media_type == XLSX:
        inspect_workbook(data)
        return Inspection(media_type, len(lay_out(read_workbook(data)).pages))
    if media_type == "image/tiff":
        return Inspection(media_type, _inspect_tiff(data, limits))
    flags = _inspect_png(data, limits) if media_type == "image/png" else _inspect_jpeg(data, limits)
    return Inspection(media_type, 1, flags)


def media_type_of(data: bytes) -> str:
    """The media type by the first bytes; "" for everything we do not know."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"II*\x00", b"MM\x00*")):
        return "image/tiff"
    if is_workbook(data):
        return XLSX
    # Other programs' headers come first: a program or an archive with "%PDF-" inside is not a PDF.
    if data.startswith((b"MZ", b"\x7fELF", b"PK\x03\x04", b"GIF8", b"RIFF", b"#!")):
        return ""
    return "application/pdf" if b"%PDF-" in data[:1024] else ""


def _within_pixels(width: int, height: int, limits: Limits) -> None:
    if width <= 0 or height <= 0:
        raise refuse("file-damaged")
    if width * height > limits.megapixels * _MEGAPIXEL:
        raise refuse("image-too-large", width=width, height=height, limit=limits.megapixels)


def _inspect_png(data: bytes, limits: Limits) -> tuple[str, ...]:
    """Every chunk with its checksum; size before pixels; neither animated nor stuffed."""
    body = zlib.decompressobj()
    wanted = inflated = 0
    ended = False
    position = 8
    for kind, chunk, end in _png_chunks(data):
        position = end
        if not wanted:
            if kind != b"IHDR" or len(chunk) != 13:
                raise refuse("file-damaged")
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunk)
            _within_pixels(width, height, limits)
            channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour)
            if channels is None or depth not in (1, 2, 4, 8, 16):
                raise refuse("file-damaged")
            wanted = height * (1 + (width * channels * depth + 7) // 8)
            most = wanted * 2 + 65_536 if interlaced else wanted + 65_536
        elif kind in (b"acTL", b"fcTL", b"fdAT"):
            raise refuse("file-type-not-allowed", types=", ".join(_NAMES[name] for name in limits.types))
        elif kind == b"IDAT":
            try:
                inflated += _inflated_size(body, chunk, most - inflated)
            except zlib.error as error:
                raise refuse("file-damaged") from error
            if inflated >= most:
                raise refuse("file-too-complex")
        elif kind in (b"zTXt", b"iTXt", b"iCCP"):
            _check_extra(chunk)
        elif kind == b"IEND":
            ended = True
            break
    if not ended or (inflated < wanted and not body.eof):
        raise refuse("file-damaged")
    return ("trailing-data",) if position < len(data) else ()


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    position = 8
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        kind = data[position + 4 : position + 8]
        end = position + 12 + length
        if end > len(data):
            raise refuse("file-damaged")
        chunk = data[position + 8 : end - 4]
        if zlib.crc32(chunk, zlib.crc32(kind)) != int.from_bytes(data[end - 4 : end], "big"):
            raise refuse("file-damaged")
        yield kind, chunk, end
        position = end


def _inflated_size(stream: zlib._Decompress, data: bytes, most: int) -> int:
    """How much `data` inflates to, at most `most`, without keeping it."""
    size = 0
    while data and size < most and not stream.eof:
        size += len(stream.decompress(data, 1 << 20))
        data = stream.unconsumed_tail
    return size


def _check_extra(chunk: bytes) -> None:
    """The compressed text or profile of a PNG: find the deflate stream behind its names, inflate it bounded."""
    start = chunk.find(b"\x78")
    while 0 <= start < min(len(chunk), 400):
        try:
            if _inflated_size(zlib.decompressobj(), chunk[start:], _MOST_EXTRA_BYTES) >= _MOST_EXTRA_BYTES:
                raise refuse("file-too-complex")
            return
        except zlib.error:
            start = chunk.find(b"\x78", start + 1)


def _inspect_jpeg(data: bytes, limits: Limits) -> tuple[str, ...]:
    """Marker by marker up to the first scan: size before pixels; the end must be there."""
    position, sized = 2, False
    while True:
        start = data.find(b"\xff", position)
        if start < 0 or start + 4 > len(data):
            raise refuse("file-damaged")
        marker = data[start + 1]
        if marker in (0xFF, 0x00) or 0xD0 <= marker <= 0xD7 or marker == 0x01:
            position = start + 1 if marker == 0xFF else start + 2
            continue
        length = int.from_bytes(data[start + 2 : start + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[start + 5 : start + 9].ljust(4, b"\0"))
            _within_pixels(width, height, limits)
            sized = True
        if marker == 0xDA:
            break
        if marker == 0xD9 or length < 2:
            raise refuse("file-damaged")
        position = start + 2 + length
    end = data.rfind(b"\xff\xd9")
    if not sized or end < start:
        raise refuse("file-damaged")
    if data.count(b"\xff\xda", start) > _MOST_SCANS:
        raise refuse("file-too-complex")
    return ("trailing-data",) if end + 2 < len(data.rstrip(b"\0\r\n")) else ()


def _inspect_tiff(data: bytes, limits: Limits) -> int:
    """Follow the chain of page directories; returns the number of pages."""
    order = "<" if data[:2] == b"II" else ">"
    seen: set[int] = set()
    try:
        (offset,) = struct.unpack_from(order + "I", data, 4)
        while offset:
            if offset in seen:
                raise refuse("file-damaged")
            seen.add(offset)
            if len(seen) > limits.pages:
                raise refuse("too-many-pages", limit=limits.pages)
            (count,) = struct.unpack_from(order + "H", data, offset)
            sizes = {256: 0, 257: 0}
            for index in range(count):
                tag, kind, _, value = struct.unpack_from(order + "HHI4s", data, offset + 2 + 12 * index)
                if tag in sizes:
                    sizes[tag] = struct.unpack_from(order + ("H" if kind == 3 else "I"), value)[0]
            _within_pixels(sizes[256], sizes[257], limits)
            (offset,) = struct.unpack_from(order + "I", data, offset + 2 + 12 * count)
    except struct.error as error:
        raise refuse("file-damaged") from error
    if not seen:
        raise refuse("file-empty")
    return len(seen)
