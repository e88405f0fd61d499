"""Why a value is wrong: the fault is told from what was printed, what was read and the words seen on the page.

Causes are few and named for where the remedy lies: letters (pixels, engine), place (labels, sections), form (parsers),
type, rows. A guess from evidence, meant for counting and for showing examples, not a proof.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

from tests.bench.scoring import Outcome, plain

if TYPE_CHECKING:
    from casework.document import Field, Page, Reading, Word

CAUSES = {
    "type": ("Không nhận ra loại giấy tờ", "Type of paper not recognised"),
    "unreadable": ("Trang bị trả lại vì không đọc được", "Page given back as unreadable"),
    "lost": ("Chữ không được đọc (mất cả từ)", "Letters not read at all (words lost)"),
    "marks": ("Sai hoặc thiếu dấu", "Tone or vowel mark wrong or missing"),
    "digits": ("Nhầm chữ số", "Digits misread"),
    "letters": ("Nhầm chữ cái", "Letters misread"),
    "unfound": ("Chữ đọc đúng nhưng không tìm ra nhãn", "Read right, but the value was not found by its label"),
    "other_value": ("Lấy nhầm giá trị của mục khác", "The value of another field was taken"),
    "cut": ("Giá trị bị cắt ngắn", "Value cut short"),
    "overlong": ("Giá trị lấy thừa chữ phía sau", "Value runs on into what follows"),
    "form": ("Chữ đúng nhưng giá trị hiểu sai", "Letters right, value misunderstood"),
    "extra": ("Đọc ra giá trị không có trên giấy", "A value was read that is not on the paper"),
    "seal": ("Không thấy con dấu", "Seal not seen"),
    "row": ("Thiếu cả hàng của danh sách", "A row of the list is missing"),
}
"""Cause -> its name in Vietnamese and English."""


_LOWER_HALF = (0.02, 0.5, 0.98, 0.98)


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong value: where (page from 1, box in fractions of the upright page, None where unknown) and why."""

    cause: str
    name: str
    printed: str
    read: str
    row: int
    picture: str
    box: tuple[float, float, float, float] | None


def faults_of(
    truth: Mapping[str, Any],
    reading: Reading,
    pages: Sequence[Page],
    outcomes: Sequence[Outcome],
    pictures: Sequence[str],
) -> list[Fault]:
    """Every outcome that is not right, with its cause and place."""
    faults = []
    seen = {plain(str(item.printed)) for item in outcomes if item.printed is not None}
    roster = reading.tables.get("roster", ())
    numbers = [row["row.number"].value if "row.number" in row else None for row in roster]
    rows = dict(zip(numbers if len(set(numbers)) == len(numbers) else range(1, len(roster) + 1), roster, strict=True))
    rows_told = set()
    for outcome in outcomes:
        if outcome.kind == "right":
            continue
        if outcome.row and outcome.row not in rows:
            if outcome.row in rows_told:
                continue  # a missing row is one fault, not one for each of its cells
            rows_told.add(outcome.row)
        field = rows.get(outcome.row, {}).get(outcome.name) if outcome.row else reading.fields.get(outcome.name)
        letters = _letters(truth, outcome)
        found = _whereabouts(letters, pages)
        cause = _cause(truth, reading, pages, outcome, letters, found, seen, missing_row=outcome.row in rows_told)
        page, box = (len(pages), _LOWER_HALF) if cause == "seal" else _place(field, found)
        faults.append(
            Fault(
                cause,
                outcome.name,
                letters if outcome.printed is not None else "",
                "" if outcome.read is None else f"{outcome.read}",
                outcome.row,
                pictures[page - 1] if page else (pictures[0] if pictures else ""),
                box,
            )
        )
    return faults


def _letters(truth: Mapping[str, Any], outcome: Outcome) -> str:
    rows = truth.get("printed_rows", ())
    printed = truth.get("printed", {}) if not outcome.row else rows[outcome.row - 1] if rows else {}
    text = printed.get(outcome.name, "")
    text = text if isinstance(text, str) else text.get("text", "")
    if not text and (date := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(outcome.printed))):
        return "/".join(date.groups()[::-1])
    return text or str(outcome.printed)


def _cause(
    truth: Mapping[str, Any],
    reading: Reading,
    pages: Sequence[Page],
    outcome: Outcome,
    letters: str,
    found: _Found | None,
    values: set[str],
    *,
    missing_row: bool,
) -> str:
    if reading.document_type != truth["document_type"]:
        return "type"
    if outcome.name == "document.has_seal":
        return "seal"
    if any(not page.readable for page in pages) and found is None:
        return "unreadable"
    if missing_row:
        return "row"
    if outcome.kind == "extra":
        return "extra"
    if found is None or found.likeness < 70:
        return "lost" if outcome.kind == "missed" else _misread(letters, str(outcome.read), values)
    if found.likeness < 100:
        return _told_by_letters(letters, found.text)
    if outcome.kind == "missed":
        return "unfound"
    return _misread(letters, str(outcome.read), values)


def _misread(printed: str, read: str, values: set[str]) -> str:
    one, other = plain(printed), plain(read)
    if other in values:
        return "other_value"
    if other and other in one:
        return "cut"
    if one in other:
        return "overlong"
    if fuzz.ratio(one, other) >= 60:
        return _told_by_letters(printed, read)
    return "form" if any(letter.isdigit() for letter in one) else "other_value"


def _told_by_letters(printed: str, read: str) -> str:
    one, other = plain(printed), plain(read)
    if _without_marks(one) == _without_marks(other) and one != other:
        return "marks"
    if [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]:
        return "digits"
    return "letters"


def _without_marks(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class _Found:
    """The run of words on a page that is most like what was printed; likeness 0-100."""

    page: int
    words: tuple[Word, ...]
    text: str
    likeness: float


def _whereabouts(letters: str, pages: Sequence[Page]) -> _Found | None:
    wanted = " ".join(word.strip(".,;:()") for word in plain(letters).split())
    count = max(1, len(wanted.split()))
    best: _Found | None = None
    for page in pages:
        words = page.words
        texts = [plain(word.text).strip(".,;:()") for word in words]
        for size in {count, count + 1}:
            for start in range(max(1, len(words) - size + 1)):
                text = " ".join(texts[start : start + size])
                likeness = fuzz.ratio(wanted, text, score_cutoff=best.likeness + 0.01 if best else 40)
                if likeness > (best.likeness if best else 40):
                    best = _Found(page.number, tuple(words[start : start + size]), text, likeness)
                    if likeness == 100:
                        return best
    return best


def _place(field: Field | None, found: _Found | None) -> tuple[int | None, tuple[float, float, float, float] | None]:
    if field is not None and field.box is not None and field.page:
        box = field.box
        return field.page, (box.x0, box.y0, box.x1, box.y1)
    if found is not None and found.likeness >= 55:
        boxes = [word.box for word in found.words]
        return found.page, (
            min(box.x0 for box in boxes),
            min(box.y0 for box in boxes),
            max(box.x1 for box in boxes),
            max(box.y1 for box in boxes),
        )
    return None, None
