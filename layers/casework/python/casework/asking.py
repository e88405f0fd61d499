"""What leaves the house when a registry is asked: the least that finds and compares whom it is about.

A person goes by the place in the list, for our own keys may hold numbers that are none of the registry's business. A
long list is asked in parts, each a question with a key of its own, and answered whole or not at all. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casework.errors import RegistryUnavailable
from casework.plain import to_plain
from casework.registry import Answer, Question

# A row's answer takes some 220 bytes: this many fit an answer several times over.
ROWS_AT_ONCE = 1000
# What each registry is told of the employer and of each person. What stands here is all it ever sees.
EMPLOYER_SENT: Mapping[str, tuple[str, ...]] = {
    "vss": ("tax_code",),
    "ui": ("tax_code",),
    "enterprise": ("tax_code", "name"),
    "tax": ("tax_code",),
    "cic": ("tax_code", "representative_id"),
    "closures": ("tax_code", "business_line", "address"),
}
ROW_SENT: Mapping[str, tuple[str, ...]] = {
    "vss": ("key", "bhxh_number", "full_name", "date_of_birth", "from_month", "on"),
    "ui": ("key", "bhxh_number", "full_name", "date_of_birth", "on"),
}


def parts_of(question: Question) -> list[Question]:
    """The question as it is asked: people by their place in the list, from "1", at most ROWS_AT_ONCE at a time."""
    rows = tuple(replace(row, key=str(number)) for number, row in enumerate(question.rows, start=1))
    if len(rows) <= ROWS_AT_ONCE:
        return [replace(question, rows=rows)]
    return [
        replace(
            question,
            question_id=f"{question.question_id}.{first // ROWS_AT_ONCE}",
            rows=rows[first : first + ROWS_AT_ONCE],
        )
        for first in range(0, len(rows), ROWS_AT_ONCE)
    ]


def sent(part: Question) -> dict[str, Any]:
    """The question as JSON data, with nothing that this registry does not need."""
    plain: dict[str, Any] = to_plain(part)
    employer, row = EMPLOYER_SENT.get(part.registry, ("tax_code",)), ROW_SENT.get(part.registry, ())
    plain["employer"] = {name: plain["employer"][name] for name in employer}
    plain["rows"] = [{name: one[name] for name in row} for one in plain["rows"]] if row else []
    return plain


def joined(question: Question, answers: Mapping[str, Answer]) -> Answer | None:
    """One answer of the answers to its parts (by the part's id), with our own keys; None while one is missing.

    Raises RegistryUnavailable when the parts do not say the same of the employer.
    """
    found = [answers.get(part.question_id) for part in parts_of(question)]
    given = [answer for answer in found if answer is not None]
    if len(given) < len(found):
        return None
    if any(answer.dossier != given[0].dossier for answer in given):
        raise RegistryUnavailable("bad answer: the parts of a list do not say the same of the employer")
    rows = tuple(replace(row, key=question.rows[int(row.key) - 1].key) for answer in given for row in answer.rows)
    latest = max(given, key=lambda answer: answer.answered_at)
    return replace(latest, question_id=question.question_id, dossier=given[0].dossier, rows=rows)
