"""The text layer of a born-digital page: words with boxes, ruled tables, and whether it can be believed.

Two readers stand behind it. pdfium gives characters in a few milliseconds and is asked first; pdfplumber, ten
times slower but with its own decoding of fonts, is the second opinion where pdfium's characters are not
Vietnamese text. Believed is only what looks like text and covers the page: an OCR layer over a scan, a header
over a photograph and fonts of the pre-Unicode age (TCVN3, VNI) are not.
"""

from __future__ import annotations

import ctypes
import io
import unicodedata
from dataclasses import dataclass
from typing import Any

from casework.document import Box, Word

_MOST_CHARACTERS = 60_000
_LEGACY_FONTS = (".vn", "vni-", "vn-", "abc", "vnarial", "vntime")


@dataclass(frozen=True)
class TextLayer:
    """Words of the page in the order of the file; `images_share` is the part of the page covered by pictures."""

    words: tuple[Word, ...]
    images_share: float
    strange_share: float


def read_text_layer(page: Any) -> TextLayer:
    """The words of one pypdfium2 page. Boxes are fractions of the page as it is shown (rotation applied)."""
    words, strange = _words(page)
    return TextLayer(tuple(words), _images_share(page), strange)


def _words(page: Any) -> tuple[list[Word], float]:
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    count = min(text_page.count_chars(), _MOST_CHARACTERS)
    to_page = _placer(page)
    rect = pdfium.FS_RECTF()
    words: list[Word] = []
    letters: list[str] = []
    box: Box | None = None
    last_x1 = 0.0
    strange = seen = 0

    def close() -> None:
        nonlocal letters, box
        text = unicodedata.normalize("NFC", "".join(letters))
        if text and box is not None:
            words.append(Word(text, box))
        letters, box = [], None

    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if letter.isspace() or letter == "\u00a0":
            close()
            continue
        category = unicodedata.category(letter)
        if category in ("Cc", "Cf", "Cs"):
            if letter == "\u0002":  # pdfium's mark for a hyphen at a line's end
                letter = "-"
            else:
                continue
        seen += 1
        if category in ("Co", "Cn") or letter == "\ufffd":
            strange += 1
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(rect)):
            continue
        place = to_page(rect.left, rect.bottom, rect.right, rect.top)
        if box is not None and (
            abs(place.y0 - box.y0) > 0.6 * max(box.height, 1e-6)
            or place.x0 < box.x0 - 0.002
            or place.x0 - last_x1 > max(box.height, 1e-6)
        ):
            close()
        letters.append(letter)
        box = place if box is None else box.union(place)
        last_x1 = place.x1
    close()
    return words, strange / seen if seen else 0.0


def _placer(page: Any) -> Any:
    """A function from PDF coordinates to fractions of the shown page, crop and rotation applied."""
    left, bottom, right, top = page.get_bbox()
    width, height = max(right - left, 1e-6), max(top - bottom, 1e-6)
    turn = page.get_rotation() % 360

    def place(x0: float, y0: float, x1: float, y1: float) -> Box:
        u0, u1 = sorted(((x0 - left) / width, (x1 - left) / width))
        v0, v1 = sorted(((top - y1) / height, (top - y0) / height))
        if turn == 90:
            u0, v0, u1, v1 = 1 - v1, u0, 1 - v0, u1
        elif turn == 180:
            u0, v0, u1, v1 = 1 - u1, 1 - v1, 1 - u0, 1 - v0
        elif turn == 270:
            u0, v0, u1, v1 = v0, 1 - u1, v1, 1 - u0
        return Box(*(round(min(1.0, max(0.0, part)), 5) for part in (u0, v0, u1, v1)))

    return place


def _images_share(page: Any) -> float:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1e-6)
    covered = 0.0
    for index, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        if index >= 200:
            break
        x0, y0, x1, y1 = item.get_bounds() if hasattr(item, "get_bounds") else item.get_pos()
        covered += max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
    return float(min(1.0, covered / area))


def second_opinion(data: bytes, number: int) -> tuple[tuple[Word, ...], tuple[str, ...]]:
    """pdfplumber's words of page `number`, and the names of the page's fonts."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[number - 1]
        width, height = float(page.width) or 1.0, float(page.height) or 1.0
        fonts = tuple(sorted({str(char.get("fontname", "")) for char in page.chars}))
        words = tuple(
            Word(
                unicodedata.normalize("NFC", item["text"]),
                Box(
                    *(
                        round(min(1.0, max(0.0, part)), 5)
                        for part in (
                            item["x0"] / width,
                            item["top"] / height,
                            item["x1"] / width,
                            item["bottom"] / height,
                        )
                    )
                ),
            )
            for item in page.extract_words(keep_blank_chars=False)
        )
    return words, fonts


def has_legacy_font(fonts: tuple[str, ...]) -> bool:
    """Fonts of TCVN3 (.VnTime…) and VNI: their codes are not Unicode, their text layer reads as garbage."""
    return any(font.split("+")[-1].lower().startswith(_LEGACY_FONTS) for font in fonts)
