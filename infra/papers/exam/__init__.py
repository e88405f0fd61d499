"""The exam: papers on which reading is measured and on which nothing is ever tuned.

Its wordings, layouts, fonts, people and firms are its own. Whoever works on reading looks at the development papers
(`infra.papers`), never at these templates, and learns from the exam nothing but its totals; docs/reading.md says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..printing import Paper
from ..wearing import Level, wear
from .layouts import EXAM_LAYOUTS, ExamLayout
from .printing import print_exam_paper

__all__ = ["EXAM_LAYOUTS", "ExamLayout", "ExamPaper", "exam_papers", "print_exam_paper"]

_FIRST_SEED = 42_000


@dataclass(frozen=True, slots=True)
class ExamPaper:
    """One paper to be made: its layout, level, number (which is its seed) and the length of its list."""

    layout: ExamLayout
    level: Level
    seed: int
    rows: int = 0

    @property
    def name(self) -> str:
        return f"{self.layout.id}-{self.seed}-{self.level}"

    def make(self) -> tuple[Paper, bytes]:
        """The paper as printed and the PDF as it arrives."""
        paper = print_exam_paper(self.layout, self.seed, rows=self.rows)
        return paper, wear(paper.pdf, self.level, self.seed)


def exam_papers() -> Iterator[ExamPaper]:
    """Every paper of the exam, always the same ones: each layout at each of its levels, other people every time."""
    for number, layout in enumerate(EXAM_LAYOUTS):
        for turn, level in enumerate(layout.levels):
            rows = layout.rows[turn % len(layout.rows)] if layout.rows else 0
            yield ExamPaper(layout, level, _FIRST_SEED + 100 * number + turn, rows)
