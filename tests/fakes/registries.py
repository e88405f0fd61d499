"""Registries that know everybody, nobody, or somebody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from casework.errors import (
    RegistryUnavailable,
)
from casework.registry import DOSSIER_FACTS, ROW_FACTS, Answer, Question, believe

# ── registries ───────────────────────────────────────────────────────────────

GOOD: Mapping[str, Any] = {
    "employer.kind": "enterprise",
    "finance.revenue_vnd": 0,
    "vss.participating_before_suspension": True,
    "vss.decrease_reported": True,
    "vss.contract_ended": False,
}


class AnsweringRegistry:
    """Knows everybody and says what is right for him, unless told otherwise: facts by key of a person, or for all."""

    def __init__(self, clock: Callable[[], datetime], **differs: Any) -> None:
        self._clock, self.differs = clock, differs
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        return believe(question, self.answer(question))

    def answer(self, question: Question) -> dict[str, Any]:
        of_dossier, of_rows = DOSSIER_FACTS[question.registry], ROW_FACTS[question.registry]
        about = question.employer.tax_code
        employer = {"key": "", "about": about, "status": "match", "facts": _known(of_dossier)} if of_dossier else None
        return {
            "registry": question.registry,
            "question_id": question.question_id,
            "as_of": question.as_of.isoformat(),
            "answered_at": self._clock().isoformat(),
            "source": "fake/1",
            "dossier": employer and {**employer, **self.differs.get("employer", {})},
            "rows": [
                {"key": row.key, "about": row.bhxh_number, "status": "match", "facts": _known(of_rows)}
                | self.differs.get("rows", {}).get(row.bhxh_number, {})
                for row in question.rows
            ],
        }


class SilentRegistry:
    """Never answers."""

    def __init__(self, reason: str = "no answer within 10 s") -> None:
        self.reason, self.asked = reason, 0

    def ask(self, question: Question) -> Answer:
        self.asked += 1
        raise RegistryUnavailable(self.reason, 30)


class WrongRegistry(AnsweringRegistry):
    """Answers in the right form about somebody else."""

    def answer(self, question: Question) -> dict[str, Any]:
        answer = super().answer(question)
        for row in answer["rows"]:
            row["about"] = "9999999999"
        if answer["dossier"]:
            answer["dossier"]["about"] = "9999999999"
        return answer


def _known(names: Mapping[str, type]) -> dict[str, Any]:
    return {name: GOOD[name] for name in names if name in GOOD}
