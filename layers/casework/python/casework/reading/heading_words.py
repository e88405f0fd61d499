"""Whether a heading's words are those of a column: what is left over may mean something else.

Only of columns beside which others of the same form stand (days, months, sums) does a word too many count.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from casework.reading.document_types import Column, Table, fold_phrase
from casework.vietnam.letters import nfc
from casework.vietnam.syllables import is_syllable

_WITH_RIVALS = frozenset({"date", "birth_date", "period", "month", "amount"})
# An empty column to sign in has no place of its own in a list without lines: its heading stands by its neighbour's.
_TO_BE_SIGNED = re.compile(r"chữ ký|ký (?:tên|nhận|xác nhận)|ghi chú", re.IGNORECASE)
# A word as long as this may have one letter misread.
_LONG = 4


def has_rivals(column: Column) -> bool:
    """Other columns may hold what looks the same."""
    return column.type in _WITH_RIVALS


@functools.lru_cache(maxsize=4096)
def is_explained(text: str, column: Column) -> bool:
    """Every word of a heading is one of the column's, or tells nothing. What is no Vietnamese word was misread."""
    known = column.vocabulary
    for printed in re.findall(r"[^\W\d_]{2,}", _TO_BE_SIGNED.sub(" ", nfc(text))):
        word = fold_phrase(printed)
        if word in known or not is_syllable(printed):
            continue
        if not any(len(word) >= _LONG and Levenshtein.distance(word, other, score_cutoff=1) <= 1 for other in known):
            return False
    return True


_MONTH = re.compile(r"t(?:hang)?\s*\.?\s*\d{1,2}(?:\s*[/.-]\s*\d{4})?")


def is_of_something_else(texts: Sequence[str], table: Table) -> bool:
    """A heading that holds a phrase for what the list's columns are not, or that is one month of several."""
    kept = [fold_phrase(text) for text in texts if text.strip()]
    if not kept:
        return False
    whole = " ".join(kept)
    return _MONTH.fullmatch(kept[-1]) is not None or any(
        re.search(rf"\b{re.escape(phrase)}\b", whole) for phrase in table.others
    )


def is_readable(text: str) -> bool:
    """Most of its words are Vietnamese ones: it says something, understood or not."""
    words = re.findall(r"[^\W\d_]{2,}", nfc(text))
    return bool(words) and sum(map(is_syllable, words)) > len(words) / 2
