"""Boxes that are ticked: which of the printed choices was marked by hand or by machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.reading.document_types import FieldDescription
from casework.reading.paper import Candidate, Paper

_TICKED = re.compile(r"(?:[☒☑✓✔✗✘■▣]|[\[(]\s*[xv✓]\s*[\])]|(?<![a-z])[xv])\s*$")
_EMPTY = re.compile(r"(?:[☐□▢◻]|[\[(]\s*[\])])\s*$")


def by_tick(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """The choice whose box is ticked; where a box stands behind its words, or two are ticked, nothing is said."""
    ticked: list[Candidate] = []
    for choice in described.choices:
        for phrase in choice.phrases:
            for match in re.finditer(rf"(?<![a-z]){re.escape(phrase)}(?![a-z])", paper.folded):
                before = paper.folded[max(0, match.start() - 6) : match.start()]
                if _TICKED.search(before) and not _EMPTY.search(before):
                    ticked.append(Candidate(choice.value, match.start(), match.end(), 0.9))
    if len({candidate.value for candidate in ticked}) == 1:
        yield ticked[0]
