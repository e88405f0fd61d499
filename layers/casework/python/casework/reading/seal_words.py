"""What stands on a round seal is no word of the paper: small capitals among printed lines would be read as names.

Only letters are left out, and only those too small for the page or alone: the figures and names that a seal was laid
over stay. Pure.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from casework.document import Box, Page, Word

_SMALL = 0.65  # of the height of the page's other words; capitals have 0.75 of it and more, those of seals half
_BESIDE = 2.0  # heights between words of one line
_ALONE = 2  # letters


def without_seals_words(page: Page) -> Page:
    """The page without the words that its seals bear."""
    if not page.seals or page.source != "ocr":
        return page
    sealed = [word for word in page.words if any(_on(seal.box, word.box) for seal in page.seals)]
    if not sealed:
        return page
    usual = statistics.median(word.box.height for word in page.words)
    small = {id(word) for word in sealed if _is_capitals(word.text) and word.box.height < _SMALL * usual}
    rest = [word for word in page.words if id(word) not in small]
    stray = {
        id(word) for word in sealed if len(word.text) <= _ALONE and _is_capitals(word.text) and _is_alone(word, rest)
    }
    own = small | stray
    return replace(page, words=tuple(word for word in page.words if id(word) not in own)) if own else page


def _on(seal: Box, word: Box) -> bool:
    """Whether a word's middle is on a seal."""
    across = ((word.x0 + word.x1) - (seal.x0 + seal.x1)) / (seal.x1 - seal.x0)
    down = ((word.y0 + word.y1) - (seal.y0 + seal.y1)) / (seal.y1 - seal.y0)
    return across**2 + down**2 <= 1


def _is_capitals(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return bool(letters) and all(sign.isupper() for sign in letters) and not any(sign.isdigit() for sign in text)


def _is_alone(word: Word, others: Sequence[Word]) -> bool:
    """Whether no word of letters stands close beside it ("Nguyễn Văn A" is a name)."""
    high = word.box.height
    return not any(
        other is not word
        and len(other.text) > _ALONE
        and any(map(str.isalpha, other.text))
        and other.box.y0 < (word.box.y0 + word.box.y1) / 2 < other.box.y1
        and max(other.box.x0 - word.box.x1, word.box.x0 - other.box.x1) < _BESIDE * high
        for other in others
    )
