"""Words into lines and lines into reading order, by geometry alone.

Sparse reading gives words in no useful order; what a person reads as one line is what overlaps in height. Boxes
are in page fractions and the page is upright.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from casework.document import Box, Word

MOST_WORDS = 5_000
_LONGEST_WORD = 200
# Of 15,270 words of development faxes, photographs and stamped pages these take 341, 6 of which were printed there.
_STROKES = "—_~=<>\\|⁄¦‡†¬«»{}[]^`¡"
_LOWEST, _HIGHEST = 0.5, 1.9
_DOUBTED, _UNBELIEVED = 0.6, 0.15
_ENOUGH_WORDS = 12


def in_reading_order(words: Iterable[Word], *, fold: float | None = None) -> tuple[Word, ...]:
    """Clean words, line by line from the top, each line from the left; what stands left of `fold` first."""
    clean = cleaned(words)
    pages = [clean]
    if fold is not None:
        pages = [[word for word in clean if (word.box.x0 < fold) is left] for left in (True, False)]
    return tuple(word for page in pages for line in lines_of(page) for word in line)


def lines_of(words: Sequence[Word]) -> list[list[Word]]:
    """Group words that share a line: a word joins the line whose middle it covers at its nearest end."""
    lines: list[_Line] = []
    for word in sorted(words, key=lambda item: ((item.box.y0 + item.box.y1) / 2, item.box.x0)):
        best, best_overlap = None, 0.5
        for line in lines[-12:]:
            if line.y1 <= word.box.y0 or line.y0 >= word.box.y1:
                continue
            near = line.nearest(word.box.x0)
            overlap = min(word.box.y1, near.y1) - max(word.box.y0, near.y0)
            overlap /= max(1e-9, min(word.box.height, near.height))
            if overlap > best_overlap:
                best, best_overlap = line, overlap
        if best is None:
            best = _Line()
            lines.append(best)
        best.add(word)
    lines.sort(key=lambda line: sum(item.box.y0 + item.box.y1 for item in line.words) / len(line.words))
    return [line.words for line in lines]


@dataclass
class _Line:
    """Words of one line from the left, where each begins, and how high and low they reach."""

    words: list[Word] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    y0: float = 1.0
    y1: float = 0.0

    def nearest(self, x0: float) -> Box:
        right = bisect_left(self.starts, x0)
        left = max(0, right - 1)
        if right == len(self.starts) or x0 - self.starts[left] <= self.starts[right] - x0:
            return self.words[left].box
        return self.words[right].box

    def add(self, word: Word) -> None:
        place = bisect_right(self.starts, word.box.x0)
        self.words.insert(place, word)
        self.starts.insert(place, word.box.x0)
        self.y0, self.y1 = min(self.y0, word.box.y0), max(self.y1, word.box.y1)


def without_scraps(words: Sequence[Word]) -> list[Word]:
    """Words less what Tesseract makes of strokes, seals and the edge of the paper.

    Strokes and dashes alone are never words here; of the rest only what Tesseract doubts goes, when it is much
    lower or higher than the words of the page, or a letter or two it has next to no belief in.
    """
    heights = [word.box.height for word in words if len(word.text) >= 3 and word.confidence >= 0.7]
    usual = median(heights) if len(heights) >= _ENOUGH_WORDS else 0.0
    return [word for word in words if not _is_scrap(word, usual)]


def _is_scrap(word: Word, usual_height: float) -> bool:
    if all(sign in _STROKES for sign in word.text) or (len(word.text) > 1 and not word.text.strip(_STROKES + "-")):
        return True
    if not usual_height:
        return False
    ratio = word.box.height / usual_height
    if not _LOWEST < ratio < _HIGHEST and word.confidence < _DOUBTED:
        return True
    return len(word.text) <= 3 and word.confidence < _UNBELIEVED and not word.text.isdigit()


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
