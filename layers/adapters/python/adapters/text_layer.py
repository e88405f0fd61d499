"""The text layer of a born-digital page: words with boxes, and whether they can be believed.

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
from functools import lru_cache
from typing import Any

from casework.document import Box, Word

_MOST_CHARACTERS = 60_000
_LEGACY_FONTS = (".vn", "vni-", "vn-", "abc", "vnarial", "vntime")


@dataclass(frozen=True)
class TextLayer:
    """Words of the page in the order of the file; `strange_share`: letters among them that no font names."""

    words: tuple[Word, ...]
    strange_share: float


def read_text_layer(page: Any) -> TextLayer:
    """The words of one pypdfium2 page. Boxes are fractions of the page as it is shown (rotation applied)."""
    words, strange = _words(page)
    return TextLayer(tuple(words), strange)


def _words(page: Any) -> tuple[list[Word], float]:
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    unicode_of, box_of, raw = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, text_page.raw
    across, down = _placing(page)
    ax, ay, a0 = across
    bx, by, b0 = down
    rect = pdfium.FS_RECTF()
    rect_at = ctypes.byref(rect)
    words: list[Word] = []
    letters: list[str] = []
    x0 = y0 = x1 = y1 = last_x1 = 0.0  # of the word so far, in fractions of the page as shown
    strange = seen = 0
    for index in range(min(text_page.count_chars(), _MOST_CHARACTERS)):
        letter, kind = _letter(unicode_of(raw, index))
        if kind == _SPACE:
            if letters:
                words.append(_word(letters, x0, y0, x1, y1))
                letters = []
            continue
        if kind == _IGNORED:
            continue
        seen += 1
        strange += kind == _STRANGE
        if not box_of(raw, index, rect_at):
            continue
        u0, u1 = ax * rect.left + ay * rect.top + a0, ax * rect.right + ay * rect.bottom + a0
        v0, v1 = bx * rect.left + by * rect.top + b0, bx * rect.right + by * rect.bottom + b0
        if u0 > u1:
            u0, u1 = u1, u0
        if v0 > v1:
            v0, v1 = v1, v0
        if letters:
            height = y1 - y0 if y1 - y0 > 1e-6 else 1e-6
            if abs(v0 - y0) > 0.6 * height or u0 < x0 - 0.002 or u0 - last_x1 > height:
                words.append(_word(letters, x0, y0, x1, y1))
                letters = []
        if letters:
            x0, y0, x1, y1 = min(x0, u0), min(y0, v0), max(x1, u1), max(y1, v1)
        else:
            x0, y0, x1, y1 = u0, v0, u1, v1
        letters.append(letter)
        last_x1 = u1
    if letters:
        words.append(_word(letters, x0, y0, x1, y1))
    return words, strange / seen if seen else 0.0


_TEXT, _SPACE, _IGNORED, _STRANGE = range(4)


@lru_cache(4096)
def _letter(code: int) -> tuple[str, int]:
    """The letter of a code of pdfium's, and what it is to a word."""
    letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    if letter.isspace():
        return letter, _SPACE
    if letter == "\u0002":  # pdfium's mark for a hyphen at a line's end
        return "-", _TEXT
    category = unicodedata.category(letter)
    if category in ("Cc", "Cf", "Cs"):
        return letter, _IGNORED
    return letter, _STRANGE if category in ("Co", "Cn") or letter == "\ufffd" else _TEXT


def _word(letters: list[str], x0: float, y0: float, x1: float, y1: float) -> Word:
    box = Box(*(round(min(1.0, max(0.0, part)), 5) for part in (x0, y0, x1, y1)))
    return Word(unicodedata.normalize("NFC", "".join(letters)), box)


def _placing(page: Any) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """How PDF coordinates become fractions of the page as it is shown, crop and rotation applied: (of x, of y,
    constant) of the fraction across, and of the fraction down."""
    left, bottom, right, top = page.get_bbox()
    width, height = max(right - left, 1e-6), max(top - bottom, 1e-6)
    across, down = (1 / width, 0.0, -left / width), (0.0, -1 / height, top / height)
    turn = page.get_rotation() % 360
    if turn == 90:
        return _from_other_side(down), across
    if turn == 180:
        return _from_other_side(across), _from_other_side(down)
    if turn == 270:
        return down, _from_other_side(across)
    return across, down


def _from_other_side(part: tuple[float, float, float]) -> tuple[float, float, float]:
    return -part[0], -part[1], 1 - part[2]


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
