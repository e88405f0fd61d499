"""The articles of law on which a paper says it rests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.reading.document_types import FieldDescription
from casework.reading.labelled import by_label
from casework.reading.paper import Candidate, Paper

_ARTICLE = r"(?:diem\s+[a-zđ]\s*,?\s*)?(?:khoan\s+\d{1,2}\s*,?\s*)?dieu\s+[\d§]{1,3}"
_ARTICLES = rf"{_ARTICLE}(?:\s*(?:,|va)\s*{_ARTICLE})*"
_ON_ARTICLE = re.compile(
    rf"(?:can cu|theo|quy dinh tai)\s*:?\s*(?:vao\s+|theo\s+)?(?:quy dinh (?:tai|cua)\s+)?(?P<a>{_ARTICLES})"
    r"\s*,?\s*(?:cua\s+)?(?:bo luat lao dong|bllđ|blld|luat lao dong)"
)


def by_articles(paper: Paper, described: FieldDescription) -> Iterator[Candidate]:
    """ "Căn cứ khoản 1 Điều 36 Bộ luật Lao động": the article on which the paper rests, as printed."""
    for label in by_label(paper, described):
        found = re.match(rf"[\s:]*(?P<a>{_ARTICLES})", paper.folded[label.start : label.end + 40])
        if found:
            start = label.start + found.start("a")
            yield _candidate(paper, start, label.start + found.end("a"), 0.95)
    for match in _ON_ARTICLE.finditer(paper.folded):
        yield _candidate(paper, match.start("a"), match.end("a"), 0.9)


def _candidate(paper: Paper, start: int, end: int, belief: float) -> Candidate:
    text = " ".join(paper.plain[start:end].split())
    doubts = ("có chữ cái trong con số, đã đọc là chữ số",) if "§" in text else ()
    return Candidate(text.replace("§", "8"), start, end, belief, doubts)
