"""Questions to the State's registries and what may be believed of their answers.

Knows the words both sides speak and the test every answer must pass: right shape, right question, right person,
only facts that registry may state. Knows no transport and no retry. An answer that fails the test is no answer
(`RegistryUnavailable`), never a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NewType, cast

from casework.errors import RegistryUnavailable

RegistryName = NewType("RegistryName", str)
RowStatus = Literal["match", "mismatch", "not_found"]
FactValue = str | int | bool | None

# The facts each registry may state, with their types. What else it sends is not taken.
DOSSIER_FACTS: Mapping[str, Mapping[str, type]] = {
    "vss": {"bhxh.headcount_2020_01": int, "bhxh.headcount_now": int, "bhxh.paid_through": str},
    "enterprise": {"employer.kind": str, "employer.name": str},
    "tax": {
        "finance.revenue_vnd": int,
        "finance.wage_reserve_vnd": int,
        "finance.retained_profit_vnd": int,
        "finance.cash_vnd": int,
        "tax.household_found": bool,
        "tax.household_revenue_2020_vnd": int,
    },
    "ui": {},
    "cic": {"cic.bad_debt_at_2019_12_31": bool},
    "closures": {"province.closed_from": str},
}
ROW_FACTS: Mapping[str, Mapping[str, type]] = {
    "vss": {
        "vss.participating_before_suspension": bool,
        "vss.decrease_reported": bool,
        "vss.contract_ended": bool,
        "vss.participating_before_termination": bool,
    },
    "enterprise": {},
    "tax": {},
    "ui": {"ui.months_last_24": int, "ui.months_last_36": int},
    "cic": {},
    "closures": {},
}


@dataclass(frozen=True, slots=True)
class Employer:
    """The employer, or household business, asked about: tax code (10 or 13 digits) and the name on the papers; what a
    registry needs beside them (the representative's number, line of business, address) goes to that registry alone."""

    tax_code: str
    name: str = ""
    representative_id: str = ""
    business_line: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One person of the list, with no more than the registry needs to find and compare the person."""

    key: str
    bhxh_number: str
    full_name: str
    date_of_birth: date | None = None
    from_month: str = ""
    id_number: str = ""
    unit: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one registry. `question_id` is the idempotency key: dossier, registry, as-of date, round, rows.
    `wanted` are the facts asked for: nothing else is taken. `on` in a row is the day that matters for this person.
    `answer_to`: where a registry that answers later sends its answer."""

    registry: RegistryName
    question_id: str
    as_of: date
    employer: Employer
    rows: tuple[QuestionRow, ...] = ()
    wanted: tuple[str, ...] = ()
    answer_to: str = ""


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What the registry says of one person, or of the employer (key "").

    `about` repeats the number the registry looked up (social-insurance number, or tax code for the employer):
    it is compared with the question. `mismatched` names the fields that differ, by field id.
    """

    key: str
    about: str
    status: RowStatus
    facts: dict[str, FactValue] = field(default_factory=dict)
    mismatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A believed answer; `answered_at` is the registry's own time, `source` its name and version.

    officer, evidence: who confirmed it by hand, and the paper it rests on; empty for what a registry answered itself.
    """

    registry: RegistryName
    question_id: str
    as_of: date
    answered_at: datetime
    source: str
    dossier: RowAnswer | None = None
    rows: tuple[RowAnswer, ...] = ()
    officer: str = ""
    evidence: str = ""


def believe(question: Question, data: Any) -> Answer:
    """Read a registry's JSON answer to `question`, or say why it is no answer.

    Raises RegistryUnavailable when the shape is wrong, when it answers another question or another date, when a
    row asked is missing, or when it speaks about another person or employer.
    """
    body = _mapping(data, "the answer")
    for name, asked in (
        ("registry", question.registry),
        ("question_id", question.question_id),
        ("as_of", question.as_of.isoformat()),
    ):
        if body.get(name) != asked:
            raise RegistryUnavailable(
                f"wrong answer: {name} is {body.get(name)!r}, asked was {asked!r}", of_another=True
            )
    answered_at = _moment(body.get("answered_at"))
    source = body.get("source")
    if not isinstance(source, str) or not source:
        raise RegistryUnavailable("bad answer: it does not say its source")
    dossier_facts, row_facts = asked_for(question)
    employer = body.get("dossier")
    dossier = None if employer is None else _row(employer, dossier_facts)
    if dossier is not None and dossier.about != question.employer.tax_code:
        raise RegistryUnavailable("wrong employer: the registry answered about another tax code", of_another=True)
    if dossier is None and dossier_facts:
        raise RegistryUnavailable("bad answer: nothing about the employer")
    return Answer(
        question.registry,
        question.question_id,
        question.as_of,
        answered_at,
        source,
        dossier,
        _rows(question, body.get("rows"), row_facts),
    )


def asked_for(question: Question) -> tuple[Mapping[str, type], Mapping[str, type]]:
    """The facts a question asks for, of the employer and of each person, with their types."""
    row_facts = _asked(ROW_FACTS.get(question.registry, {}), question.wanted)
    dossier_facts = _asked(DOSSIER_FACTS.get(question.registry, {}), question.wanted)
    if not question.wanted and row_facts:  # a question that names no fact and has rows is about them
        dossier_facts = {}
    return dossier_facts, row_facts


def _asked(known: Mapping[str, type], wanted: tuple[str, ...]) -> Mapping[str, type]:
    """The facts of a registry that were asked for; a question that names none asks for all."""
    return {name: kind for name, kind in known.items() if not wanted or name in wanted}


def _rows(question: Question, data: Any, known: Mapping[str, type]) -> tuple[RowAnswer, ...]:
    if not known:
        return ()
    if not isinstance(data, list):
        raise RegistryUnavailable("bad answer: rows is not a list")
    answers = {row.key: row for row in (_row(item, known) for item in data)}
    if len(answers) != len(data):
        raise RegistryUnavailable("bad answer: a row is answered twice")
    believed = []
    for asked in question.rows:
        answer = answers.get(asked.key)
        if answer is None:
            raise RegistryUnavailable(f"bad answer: row {asked.key} is missing")
        if answer.about != asked.bhxh_number:
            reason = f"wrong person: row {asked.key} is answered about another number"
            raise RegistryUnavailable(reason, of_another=True)
        believed.append(answer)
    return tuple(believed)


def _row(data: Any, known: Mapping[str, type]) -> RowAnswer:
    body = _mapping(data, "a row")
    key, about, status = body.get("key", ""), body.get("about"), body.get("status")
    if not isinstance(key, str) or not isinstance(about, str):
        raise RegistryUnavailable("bad answer: a row without key or number")
    if status not in ("match", "mismatch", "not_found"):
        raise RegistryUnavailable(f"bad answer: unknown status {status!r}")
    mismatched = body.get("mismatched", [])
    if not isinstance(mismatched, list) or not all(isinstance(name, str) for name in mismatched):
        raise RegistryUnavailable("bad answer: mismatched is not a list of field ids")
    if (status == "mismatch") != bool(mismatched):
        raise RegistryUnavailable("bad answer: a mismatch names the fields that differ, nothing else does")
    facts = _mapping(body.get("facts", {}), "facts")
    if status == "not_found" and any(value is not None for value in facts.values()):
        raise RegistryUnavailable("bad answer: facts about somebody who was not found")
    return RowAnswer(
        key=key,
        about=about,
        status=cast(RowStatus, status),
        facts={name: _fact(name, facts[name], kind) for name, kind in known.items() if name in facts},
        mismatched=tuple(mismatched),
    )


def _fact(name: str, value: Any, kind: type) -> FactValue:
    if value is None or type(value) is kind:  # bool is an int to isinstance, and must not pass for an amount
        return cast(FactValue, value)
    raise RegistryUnavailable(f"bad answer: {name} is not {kind.__name__}")


def _mapping(data: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise RegistryUnavailable(f"bad answer: {what} is not an object")
    return cast(Mapping[str, Any], data)


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise RegistryUnavailable("bad answer: answered_at is not an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise RegistryUnavailable("bad answer: answered_at has no time zone")
    return moment


def differences(one: Answer, other: Answer) -> list[str]:
    """What two answers to the same question do not say alike: ids of facts and fields, and "status"."""
    pairs = [(one.dossier, other.dossier)]
    others = {row.key: row for row in other.rows}
    pairs += [(row, others.get(row.key)) for row in one.rows]
    found: set[str] = set()
    for first, second in pairs:
        if first is None or second is None:
            found |= set() if first is second else {"status"}
            continue
        names = set(first.facts) | set(second.facts)
        found |= {name for name in names if first.facts.get(name) != second.facts.get(name)}
        found |= set(first.mismatched) ^ set(second.mismatched)
        found |= {"status"} if first.status != second.status else set()
    return sorted(found)
