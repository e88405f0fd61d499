"""The registry of payments: what this system itself has granted, asked like any other registry (rule X-1)."""

from __future__ import annotations

from casework.ports import Clock, Payments
from casework.registry import Answer, Question, RowAnswer


class PaymentsRegistry:
    """Answers for each person the months already granted under any NQ 42 policy; no months is an answer too."""

    def __init__(self, payments: Payments, clock: Clock) -> None:
        self._payments = payments
        self._clock = clock

    def ask(self, question: Question) -> Answer:
        granted = self._payments.months([row.key for row in question.rows])
        rows = tuple(
            RowAnswer(
                row.key,
                row.bhxh_number,
                "match",
                {"payments.months": granted[row.key], "loans.months": []},  # type: ignore[dict-item]
            )
            for row in question.rows
        )
        return Answer(
            question.registry, question.question_id, question.as_of, self._clock(), "Một Cửa payments", None, rows
        )
