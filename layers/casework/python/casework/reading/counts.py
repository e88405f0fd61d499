"""Numbers of people and of months, and sums, known by the words of the sentence or the cell before them.

Forms ask for such figures in words of their own ("Số lao động còn tham gia BHXH tại thời điểm đề nghị là 23 người"):
which words there must be, and which must not, is said in rulebook/fields.toml (`words`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.reading.document_types import FieldDescription
from casework.reading.paper import Candidate, Paper
from casework.vietnam.dates import LOOK_ALIKE
from casework.vietnam.letters import fold
from casework.vietnam.money import find_amounts

_COUNT = re.compile(
    r"(?<![\d/.,a-z-])(?P<n>\d{1,3}(?:[.,]\d{3})*|\d{1,5}|[il|](?=\s*(?:nguoi|lao dong|thang)))(?![\d/]|[.,]\d)"
    r"(?=\s*(?:\([a-z ]{3,20}\)\s*)?(?:nguoi|lao dong|ld\b|nld\b|thang\b|ho\b|[;.,\n\t\f)]|$))"
)
# A bound, not a count: "từ 01 tháng liên tục trở lên".
_BOUND = re.compile(r"(?:tu|tren|duoi|qua|hon|du|it nhat|toi thieu|toi da|dieu|khoan|quy|nam|thang|ngay|so)\s*$")
_REACH = 150
# What parts one figure's words from those of the figure before: a sentence's end, a cell, the next item of a list.
_PARTS = re.compile(r"(?<=[a-z0-9)]{2})[.;]\s|\f|\t|\n\s*(?:[-+*]|\(?(?:\d{1,2}|[a-z])\s*[.)])\s")
_SURE = 0.9
# Sums of less than this many đồng without a currency are years, codes or numbers of people.
_LEAST = 10_000


def by_words(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """Figures whose words are those of the field; people and months for an integer, sums for money."""
    folded = paper.flow.folded
    figures = _sums(paper) if described.type in ("money", "income") else _counts(folded)
    before = 0
    for start, end, value, doubts in figures:
        head = _head(folded, max(before, start - _REACH), start)
        before = end
        if any(_says(head, way) for way in described.words):
            yield Candidate(value, start, end, _SURE, doubts)


def _counts(folded: str) -> Iterator[tuple[int, int, int, tuple[str, ...]]]:
    for match in _COUNT.finditer(folded):
        if _BOUND.search(folded[max(0, match.start() - 12) : match.start()]) or _numbers_an_item(folded, match):
            continue
        if match["n"] in "il|":
            yield match.start(), match.end(), 1, (LOOK_ALIKE,)
        else:
            yield match.start(), match.end(), int(re.sub(r"\D", "", match["n"])), ()


def _numbers_an_item(folded: str, match: re.Match[str]) -> bool:
    """ "\n3. Vùng áp dụng …": the figure opens a line and a point follows it."""
    opens = not folded[folded.rfind("\n", 0, match.start()) + 1 : match.start()].strip(" (")
    return opens and re.match(r"[.)]\s", folded[match.end() : match.end() + 2]) is not None


def _sums(paper: Paper) -> Iterator[tuple[int, int, int, tuple[str, ...]]]:
    # Cells and gaps part two sums as a semicolon does.
    for amount in find_amounts(re.sub(r"[\t\f]", ";", paper.flow.text.replace("\n", " "))):
        if amount.has_currency or amount.value >= _LEAST:
            yield amount.start, amount.end, amount.value, amount.doubts


def _head(folded: str, begin: int, end: int) -> str:
    """The words before a figure, single spaces around each."""
    text = folded[begin:end].rstrip(" :\t\f\n….(")
    parts = list(_PARTS.finditer(text))
    text = text[parts[-1].end() :] if parts else text
    return f" {' '.join(re.findall(r'[a-z0-9]+', fold(text)))} "


def _says(head: str, way: tuple[tuple[str, ...], ...]) -> bool:
    """Of each group one word is there, of those that begin with "!" none."""
    for group in way:
        there = any(f" {word} " in head for word in group if word != "!")
        if there == (group[0] == "!"):
            return False
    return True
