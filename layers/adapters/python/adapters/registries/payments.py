"""The registry of payments: what this system itself has granted, asked like any other registry (rules X-1, X-2)."""

from __future__ import annotations

from typing import Any

from casework.payments import Holding, identity
from casework.plain import to_lean
from casework.ports import Clock, Payments
from casework.registry import Answer, Question, QuestionRow, RowAnswer

_FACT_OF = {"cash": "payments.months", "loan": "loans.months"}


class PaymentsRegistry:
    """Answers for each person the months already granted, by which dossier and how much, cash and loan lists apart; no
    months is an answer too.

    Somebody of the same name and birth whose numbers cannot be compared is a mismatch: an officer looks.
    """

    def __init__(self, payments: Payments, clock: Clock) -> None:
        self._payments = payments
        self._clock = clock

    def ask(self, question: Question) -> Answer:
        people = [
            identity(bhxh=row.bhxh_number, id_number=row.id_number, name=row.full_name, born=row.date_of_birth,
                     unit=row.unit)
            for row in question.rows
        ]  # fmt: skip
        held = self._payments.held(people)
        rows = tuple(_answer(row, holdings) for row, holdings in zip(question.rows, held, strict=True))
        return Answer(
            question.registry, question.question_id, question.as_of, self._clock(), "Một Cửa payments", None, rows
        )


def _answer(row: QuestionRow, holdings: list[Holding]) -> RowAnswer:
    facts: dict[str, list[Any]] = {fact: [] for fact in _FACT_OF.values()}
    for holding in holdings:
        facts[_FACT_OF[holding.kind]].append(to_lean(holding.held))
    if all(holding.sure for holding in holdings):
        return RowAnswer(row.key, row.bhxh_number, "match", facts)  # type: ignore[arg-type]
    return RowAnswer(row.key, row.bhxh_number, "mismatch", facts, ("employee.bhxh_number",))  # type: ignore[arg-type]
