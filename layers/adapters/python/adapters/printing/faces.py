"""The faces papers are printed in, and which letters each one has: read from the font file's own table (cmap)."""

from __future__ import annotations

import functools
import struct
from pathlib import Path

# In the order in which they are asked for a letter. TeX Gyre Termes has every Vietnamese one; DejaVu has those of
# other people's names.
FACES = (
    "texgyretermes-regular.otf", "texgyretermes-bold.otf", "texgyretermes-italic.otf", "texgyretermes-bolditalic.otf",
    "DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf",
)  # fmt: skip
OF_THE_DISTRIBUTION = ("/usr/share/texmf/fonts/opentype/public/tex-gyre", "/usr/share/fonts/truetype/dejavu")


def faces_in(folder: str) -> tuple[Path, ...]:
    """The files of all faces. Raises FileNotFoundError naming the first that is missing."""
    folders = (folder,) if folder else OF_THE_DISTRIBUTION
    found = []
    for name in FACES:
        places = [Path(place, name) for place in folders if Path(place, name).exists()]
        if not places:
            raise FileNotFoundError(f"the face {name} is in none of {', '.join(folders)}")
        found.append(places[0])
    return tuple(found)


@functools.cache
def letters_of(file: Path) -> frozenset[str]:
    """Every letter the face has a shape for. Raises ValueError for a font file without a Unicode table."""
    data = file.read_bytes()
    tables = {}
    (count,) = struct.unpack_from(">H", data, 4)
    for number in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        tables[tag] = offset
    start = tables[b"cmap"]
    (count,) = struct.unpack_from(">H", data, start + 2)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * number)
        (form,) = struct.unpack_from(">H", data, start + offset)
        if platform in (0, 3) and form == 4 and encoding in (1, 3):
            return frozenset(_segments(data, start + offset))
    raise ValueError(f"{file.name} has no Unicode table")


def _segments(data: bytes, start: int) -> set[str]:
    """The letters of a cmap of form 4 that lead to a glyph other than the missing one."""
    (twice,) = struct.unpack_from(">H", data, start + 6)
    segments = twice // 2
    ends = struct.unpack_from(f">{segments}H", data, start + 14)
    begins = struct.unpack_from(f">{segments}H", data, start + 16 + twice)
    shifts = struct.unpack_from(f">{segments}h", data, start + 16 + 2 * twice)
    at_ranges = start + 16 + 3 * twice
    ranges = struct.unpack_from(f">{segments}H", data, at_ranges)
    found = set()
    for number, (begin, end, shift, hop) in enumerate(zip(begins, ends, shifts, ranges, strict=True)):
        for code in range(begin, min(end, 0xFFFE) + 1):
            if hop:
                (glyph,) = struct.unpack_from(">H", data, at_ranges + 2 * number + hop + 2 * (code - begin))
                glyph = (glyph + shift) % 65536 if glyph else 0
            else:
                glyph = (code + shift) % 65536
            if glyph:
                found.add(chr(code))
    return found
