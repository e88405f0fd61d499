"""Words with boxes become lines: side by side, in the order they are read, with the wide gaps between them.

Knows geometry, the motto whose place is always the same, and the specks that OCR reads as signs.
"""

from __future__ import annotations

import bisect
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casework.document import Box, Page, Word
from casework.vietnam.letters import fold, nfc

GAP, LINE_END, CELL_END = "\t", "\n", "\f"

# A gap this many line heights wide parts two things (justified prose stays below; measured on born-digital pages).
_WIDE_GAP = 1.4
LEAST_HEIGHT = 0.001
"""Of a line, in pages (0.3 mm of A4): files made by hand have words without any height."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side; `gaps` are the indices of words before which a wide gap stands."""

    page: int
    words: tuple[Word, ...]
    box: Box
    gaps: frozenset[int] = frozenset()
    full: bool = False
    ends: str = LINE_END

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def words_to_lines(words: Iterable[Word], page: Page, *, clean: bool = True) -> list[Line]:
    """Group words into lines from top to bottom, following a slight slope; units are told by the page's shape.

    clean: leave out the specks and ruling lines that OCR reads as signs (not within cells: there a lone "|" is a 1).
    """
    aspect = page.width_px / page.height_px if page.width_px and page.height_px else 0.7071
    kept = [word for word in words if word.text.strip()]
    if not kept:
        return []
    if clean and page.source == "ocr":
        kept = [word for word in kept if not _is_dirt(word) or _is_numeral(word, kept)] or kept
    usual = max(statistics.median(word.box.height for word in kept), LEAST_HEIGHT)
    rows: list[list[Word]] = []
    # Open rows by the vertical centre of their last word; a row is looked for only near the word's own height.
    for word in sorted(kept, key=lambda each: each.box.x0):
        row = _row_of(word, rows, usual)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    rows.sort(key=lambda row: statistics.fmean((word.box.y0 + word.box.y1) / 2 for word in row))
    return [_line(row, page.number, aspect) for row in rows]


_DIRT = re.compile(r"[|¡!.,'`’‘~_—–=:;\[\]{}()\"“”°^ˆ˜´¨¸˙¯¬‚„¦*·•<>/\\-]{1,3}")

_THIN = frozenset("lịiïíìI1")


def _is_dirt(word: Word) -> bool:
    """Specks, and the ruling lines that Tesseract reads as thin letters: hardly any width for their height."""
    if _DIRT.fullmatch(word.text):
        return word.text not in ("-", ":", "–", "/") or word.confidence < 0.4
    return word.text in _THIN and word.confidence < 0.6


def _is_numeral(word: Word, words: Iterable[Word]) -> bool:
    """ "Vùng I", "quý I": one stroke, but what is said."""
    return word.text in "Il|1" and any(
        -word.box.height < word.box.x0 - other.box.x1 < word.box.height
        and abs(word.box.y1 - other.box.y1) < word.box.height
        for other in words
        if other.text.lower() in ("vùng", "quý")
    )


def _row_of(word: Word, rows: list[list[Word]], usual: float) -> list[Word] | None:
    best, best_overlap = None, 0.4
    for row in rows:
        last = row[-1].box
        if last.y1 < word.box.y0 or last.y0 > word.box.y1:
            continue
        if max(last.height, word.box.height) > 3 * usual:
            continue
        overlap = (min(last.y1, word.box.y1) - max(last.y0, word.box.y0)) / max(
            min(last.height, word.box.height), 0.35 * usual
        )
        if _within_height(word.box, last, usual) or _within_height(last, word.box, usual):
            overlap = 1.0  # a hyphen, a colon: it stands in the row whose height it shares
        # Two words one above the other belong to two lines however their boxes touch.
        if overlap < 0.75 and min(last.x1, word.box.x1) - max(last.x0, word.box.x0) > 0.5 * min(
            last.width, word.box.width
        ):
            continue
        if overlap > best_overlap:
            best, best_overlap = row, overlap
    return best


def _within_height(small: Box, tall: Box, usual: float) -> bool:
    return small.height < 0.5 * usual <= tall.height and tall.y0 < (small.y0 + small.y1) / 2 < tall.y1


def _line(row: list[Word], page_number: int, aspect: float) -> Line:
    height = statistics.median(word.box.height for word in row)
    gaps = frozenset(
        index
        for index in range(1, len(row))
        if (row[index].box.x0 - row[index - 1].box.x1) * aspect > _WIDE_GAP * height
    ) | _around_motto(row)
    box = row[0].box
    for word in row[1:]:
        box = box.union(word.box)
    return Line(page_number, tuple(row), box, gaps)


_MOTTO = re.compile(
    r"c[o0]ng h[o0]a x[aã] h[o0][il] chu ngh[il]a v[il]et nam|d[o0]c lap\s*[-–.]?\s*tu d[o0]\s*[-–.]?\s*hanh phuc"
)


def _around_motto(row: Sequence[Word]) -> frozenset[int]:
    """The motto stands in its own column, however close the letterhead comes to it."""
    if len(row) < 4 or not any(fold(word.text) in ("hoa", "lap") for word in row):
        return frozenset()
    starts, text = [], ""
    for word in row:
        starts.append(len(text))
        text += fold(nfc(word.text)) + " "
    match = _MOTTO.search(text)
    if match is None:
        return frozenset()
    first, after = bisect.bisect_right(starts, match.start()) - 1, bisect.bisect_left(starts, match.end())
    return frozenset(index for index in (first, after) if 0 < index < len(row))


def part_of(line: Line, words: tuple[Word, ...]) -> Line:
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    first = line.words.index(words[0])
    gaps = frozenset(gap - first for gap in line.gaps if first < gap < first + len(words))
    return Line(line.page, words, box, gaps)
