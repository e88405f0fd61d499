"""Measures one paper: made, read by our reader and by the baseline, letters and values compared, faults named.

Runs in worker processes; what it returns is small and plain.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.bench import kept, plain_reader
from tests.bench.faults import Fault, faults_of
from tests.bench.scoring import Letters, Outcome, Values, compare_letters, compare_values, words_of

if TYPE_CHECKING:
    from adapters.reader import Reader
    from casework.document import Reading

LISTS = frozenset({"form_01", "form_12", "ps_list", "vss_d02"})


@dataclass(frozen=True)
class Measured:
    """One reader's result on one paper."""

    letters: Letters
    values: Values
    document_type: str
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class PaperResult:
    """One paper: ours, the baseline's (None when it was not asked for), and what went wrong with ours."""

    spec: kept.PaperSpec
    pages: int
    ours: Measured
    plain: Measured | None
    faults: list[Fault]
    problems: tuple[str, ...] = ()


@cache
def reader() -> Reader:
    """One reader a process, started when it is first needed."""
    from adapters.reader import Reader

    os.environ["OMP_THREAD_LIMIT"] = "1"
    return Reader()


def measure(spec: kept.PaperSpec, baseline: bool = True) -> PaperResult:
    """Make, read and compare one paper."""
    from casework.reading import read_fields

    data, truth = spec.make()
    paper = kept.read_paper(data, truth["pages"], reader)
    reading = read_fields(paper.pages, kept.second_look(paper, reader))
    letters = Letters()
    for page, text in zip(paper.pages, truth["text"], strict=True):
        letters.add(compare_letters(words_of(text), words_of(" ".join(word.text for word in page.words))))
    values, outcomes = values_of(truth, reading)
    ours = Measured(letters, values, reading.document_type, outcomes)
    return PaperResult(
        spec,
        len(paper.pages),
        ours,
        _measure_plainly(data, truth) if baseline else None,
        faults_of(truth, reading, paper.pages, outcomes, [str(paper.picture(page.number)) for page in paper.pages]),
        tuple(page.problem.type for page in paper.pages if page.problem),
    )


def _measure_plainly(data: bytes, truth: dict[str, Any]) -> Measured:
    texts = kept.read_plainly(data, truth["pages"])
    letters = Letters()
    for text, printed in zip(texts, truth["text"], strict=True):
        letters.add(compare_letters(words_of(printed), words_of(text)))
    document_type, fields, rows = plain_reader.read_values(texts, truth["document_type"] in LISTS)
    sure = {name: (value, 1.0) for name, value in fields.items()}
    cells = {number: {name: (value, 1.0) for name, value in row.items()} for number, row in rows.items()}
    values, outcomes = compare_values(truth, document_type, sure, cells, rows_doubted=False)
    values.ranked = []
    return Measured(letters, values, document_type, outcomes)


def values_of(truth: dict[str, Any], reading: Reading) -> tuple[Values, list[Outcome]]:
    """The values of one paper as they were read, beside those printed."""
    rows, doubted = _rows(reading)
    return compare_values(truth, reading.document_type, _fields(reading), rows, rows_doubted=doubted)


def _fields(reading: Reading) -> dict[str, tuple[Any, float]]:
    return {name: (item.value, item.confidence) for name, item in reading.fields.items()}


def _rows(reading: Reading) -> tuple[dict[int, dict[str, tuple[Any, float]]], bool]:
    rows = {}
    roster = reading.tables.get("roster", ())
    numbers = [row["row.number"].value if "row.number" in row else None for row in roster]
    if len(set(numbers)) < len(numbers):  # a list in parts counts each part from 1: its rows go by their order
        numbers = list(range(1, len(roster) + 1))
    for place, (number, row) in enumerate(zip(numbers, roster, strict=True), 1):
        cells = {name: (cell.value, cell.confidence) for name, cell in row.items() if not name.startswith("row.")}
        rows[number if isinstance(number, int) else place] = cells
    count = reading.fields.get("roster.rows")
    return rows, bool(count is not None and count.doubts) or any(not page.readable for page in reading.pages)
