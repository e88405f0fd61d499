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
    """The places to sign on a page, from left to right."""
    if not page.words or not page.width_px or not page.height_px:
        return ()
    tall = page.height_px >= page.width_px
    per_mm_y = 1 / (297.0 if tall else 210.0)
    per_mm_x = 1 / (210.0 if tall else 297.0)
    notes = sorted(_notes(page.words), key=lambda note: note[0].x0)
    found = []
    for box, text in notes:
        middle = (box.x0 + box.x1) / 2
        level = [other for other, _ in notes if other is not box and abs(other.y0 - box.y0) < 12 * per_mm_y]
        reach = min(
            [_WIDEST_MM * per_mm_x, *(abs((other.x0 + other.x1) / 2 - middle) / 2 for other in level)],
        )
        label = _label(page.words, box, reach, per_mm_y)
        foot = min(1.0, box.y1 + _SPACE_MM * per_mm_y)
        space = Box(max(0.0, middle - reach), box.y1, min(1.0, middle + reach), foot)
        found.append(SigningPlace(_role(label), space, _SEAL_WANTED in text))
    return tuple(found)


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


def _label(words: Sequence[Word], note: Box, reach: float, per_mm_y: float) -> str:
    """The words above the note, in its column."""
    middle = (note.x0 + note.x1) / 2
    above = [
        word
        for word in words
        if note.y0 - _LABEL_MM * per_mm_y <= (word.box.y0 + word.box.y1) / 2 < note.y0
        and abs((word.box.x0 + word.box.x1) / 2 - middle) <= reach
    ]
    above.sort(key=lambda word: (round(word.box.y0 / 0.008), word.box.x0))
    return " ".join(fold(word.text) for word in above)


def _role(label: str) -> Role:
    """Whose place it is; what confirms for others (union, social insurance) is theirs."""
    if any(words in label for words in _OTHER):
        return "other"
    if any(words in label for words in _EMPLOYER):
        return "employer"
    return "employee" if any(words in label for words in _EMPLOYEE) else "other"
