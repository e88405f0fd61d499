"""Where a page is to be signed: each "(Ký, ghi rõ họ tên)" with whose it is and the space below it.

Told by the words alone; whether anything stands in the space is for who sees the pixels (`adapters.page_marks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from casework.document import Box, Page, Word
from casework.vietnam.letters import fold

Role = Literal["employer", "employee", "other"]

_SPACE_MM, _WIDEST_MM, _LABEL_MM = 27.0, 38.0, 16.0
_SEAL_WANTED = "dau"
_EMPLOYER = ("su dung lao dong", "doanh nghiep", "cong ty", "ben a", "giam doc", "don vi", "phap luat", "nsdld")
_EMPLOYEE = (
    "nguoi lao dong",
    "ben b",
    "lam don",
    "nguoi khai",
    "de nghi",
    "viet don",
    "nld",
    "chu ho",
    "ho kinh doanh",
)
_OTHER = (
    "cong doan",
    "bhxh",
    "bao hiem",
    "lap bieu",
    "nguoi lap",
    "ke toan",
    "uy ban",
    "phuong",
    "xac nhan",
    "nhan chung",
)


@dataclass(frozen=True, slots=True)
class SigningPlace:
    """A place to sign: whose, the space for it in page fractions, whether a seal is asked for there."""

    role: Role
    box: Box
    sealed: bool


def signing_places(page: Page) -> tuple[SigningPlace, ...]:
    """The places to sign on a page, from left to right: below each "(Ký …)", and where a page has none, below the
    sides' names that stand beside each other with nothing under them."""
    if not page.words or not page.width_px or not page.height_px:
        return ()
    tall = page.height_px >= page.width_px
    down, across = (1 / 297.0, 1 / 210.0) if tall else (1 / 210.0, 1 / 297.0)
    notes = sorted(_notes(page.words), key=lambda note: note[0].x0)
    heads = [] if notes else _heads(page.words, down)
    found = []
    for box, text in notes or heads:
        middle = (box.x0 + box.x1) / 2
        level = [other for other, _ in notes or heads if other is not box and abs(other.y0 - box.y0) < 12 * down]
        reach = min([_WIDEST_MM * across, *(abs((other.x0 + other.x1) / 2 - middle) / 2 for other in level)])
        role = _role(_label(page.words, box, reach, down)) if notes else _role([text])
        foot = min(1.0, box.y1 + _SPACE_MM * down)
        space = Box(max(0.0, middle - reach), box.y1, min(1.0, middle + reach), foot)
        found.append(SigningPlace(role, space, _SEAL_WANTED in text if notes else role == "employer"))
    return tuple(found)


def _heads(words: Sequence[Word], down: float) -> list[tuple[Box, str]]:
    """Two names of sides on one line in the lower half, and no text below them for the height of a signature."""
    rows: dict[int, list[Word]] = {}
    for word in words:
        if word.box.y0 > 0.4:
            rows.setdefault(round((word.box.y0 + word.box.y1) / 2 / (3 * down)), []).append(word)
    for _, row in sorted(rows.items(), reverse=True):
        parts = _parted(sorted(row, key=lambda word: word.box.x0))
        roles = {_role([text]) for _, text in parts}
        foot = max(word.box.y1 for word in row)
        below = [word for word in words if foot + 1 * down < word.box.y0 < foot + 14 * down and len(word.text) > 2]
        if len(parts) == 2 and roles == {"employer", "employee"} and len(below) <= 2:
            return parts
    return []


def _parted(row: Sequence[Word]) -> list[tuple[Box, str]]:
    """The words of one line, parted at wide gaps."""
    parts: list[tuple[Box, str]] = []
    for word in row:
        if parts and word.box.x0 - parts[-1][0].x1 < 0.06:
            parts[-1] = (parts[-1][0].union(word.box), f"{parts[-1][1]} {fold(word.text)}")
        else:
            parts.append((word.box, fold(word.text)))
    return parts


def _notes(words: Sequence[Word]) -> list[tuple[Box, str]]:
    """Each "(Ký …)": its box and its words without marks."""
    found = []
    for start, word in enumerate(words):
        if not fold(word.text).lstrip().startswith(("(ky", "(ki")):
            continue
        box, text = word.box, [fold(word.text)]
        for follower in words[start + 1 : start + 12]:
            if text[-1].endswith(")") or not _beside(box, follower.box):
                break
            box, text = box.union(follower.box), [*text, fold(follower.text)]
        found.append((box, " ".join(text)))
    return found


def _beside(box: Box, other: Box) -> bool:
    middle = (other.y0 + other.y1) / 2
    return box.y0 - 0.004 <= middle <= box.y1 + 0.004 and -0.01 <= other.x0 - box.x1 <= 0.03


def _label(words: Sequence[Word], note: Box, reach: float, per_mm_y: float) -> list[str]:
    """The lines above the note in its column, the nearest first."""
    middle = (note.x0 + note.x1) / 2
    rows: dict[int, list[Word]] = {}
    for word in words:
        height = (word.box.y0 + word.box.y1) / 2
        if (
            note.y0 - _LABEL_MM * per_mm_y <= height < note.y0
            and abs((word.box.x0 + word.box.x1) / 2 - middle) <= reach
        ):
            rows.setdefault(round(height / (4 * per_mm_y)), []).append(word)
    lines = [sorted(rows[key], key=lambda word: word.box.x0) for key in sorted(rows, reverse=True)]
    return [" ".join(fold(word.text) for word in line) for line in lines]


def _role(lines: Sequence[str]) -> Role:
    """Whose place it is, by the nearest line that says so; what confirms for others (union, social insurance) is
    theirs."""
    for line in lines:
        if any(words in line for words in _OTHER):
            return "other"
        if any(words in line for words in _EMPLOYER):
            return "employer"
        if any(words in line for words in _EMPLOYEE):
            return "employee"
    return "other"
