"""Words into lines and lines into reading order, by geometry alone.

Sparse reading gives words in no useful order; what a person reads as one line is what overlaps in height. Boxes
are in page fractions and the page is upright.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from casework.document import Word

MOST_WORDS = 5_000
_LONGEST_WORD = 200


def in_reading_order(words: Iterable[Word], page_ratio: float = 1.414) -> tuple[Word, ...]:
    """Clean words, line by line from the top, each line from the left. `page_ratio` is height over width."""
    del page_ratio
    return tuple(word for line in lines_of(cleaned(words)) for word in line)


def lines_of(words: Sequence[Word]) -> list[list[Word]]:
    """Group words that share a line: a word joins the line whose middle it covers at its nearest end."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda item: ((item.box.y0 + item.box.y1) / 2, item.box.x0)):
        best, best_overlap = None, 0.0
        for line in lines[-12:]:
            near = min(line, key=lambda other: abs(other.box.x0 - word.box.x0))
            overlap = min(word.box.y1, near.box.y1) - max(word.box.y0, near.box.y0)
            overlap /= max(1e-9, min(word.box.height, near.box.height))
            if overlap > max(0.5, best_overlap):
                best, best_overlap = line, overlap
        if best is None:
            lines.append([word])
        else:
            best.append(word)
    for line in lines:
        line.sort(key=lambda item: item.box.x0)
    lines.sort(key=lambda line: sum(item.box.y0 + item.box.y1 for item in line) / len(line))
    return lines


def cleaned(words: Iterable[Word]) -> list[Word]:
    """NFC, without control characters and lone surrogates, of sane length and number."""
    kept: list[Word] = []
    for word in words:
        text = unicodedata.normalize("NFC", "".join(sign for sign in word.text if _printable(sign)))[:_LONGEST_WORD]
        if text and len(kept) < MOST_WORDS:
            kept.append(word if text == word.text else Word(text, word.box, word.confidence))
    return kept


def _printable(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs", "Cf", "Cn", "Zl", "Zp", "Co") and not sign.isspace()
