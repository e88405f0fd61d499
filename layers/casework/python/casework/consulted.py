"""What the applicant declares, what registries answer and what officers confirm, laid beside what the papers say.

The same said twice is confirmed, something else is a doubt; a registry that did not answer leaves a doubt on every fact
that only it could give. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.dossier import Dossier
from casework.finding import Evidence, Fact
from casework.finding import Text as Said
from casework.registry import Answer, RowAnswer
from casework.rules import Procedure
from casework.vietnam.addresses import parse_address


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What an officer stated of a fact at his stage, who and when (ISO 8601); `person` is the key of whom it is about,
    empty for the dossier."""

    fact: str
    value: Any
    by: str
    at: str
    stage: str
    person: str = ""


def declare(facts: dict[str, Fact], dossier: Dossier, procedure: Procedure) -> None:
    """What the applicant declares counts where the law takes his word; where a registry must confirm it, it waits."""
    for name, value in dossier.declared.items():
        if value is None or name in facts:
            continue
        evidence = Evidence("applicant", raw=str(value))
        to_confirm = any(giver.startswith("registry ") for giver in procedure.given_by.get(name, ()))
        doubt = Said("người nộp khai, chưa được xác nhận", "declared by the applicant, not confirmed yet")
        facts[name] = Fact(value, (evidence,), doubt if to_confirm else None)


def by_person(answers: Sequence[Answer]) -> dict[tuple[str, str], RowAnswer]:
    """What each registry says of each person, by registry and key."""
    return {(answer.registry, row.key): row for answer in answers for row in answer.rows}


def take_answers(
    facts: dict[str, Fact],
    key: str,
    answers: Sequence[Answer],
    rows: Mapping[tuple[str, str], RowAnswer],
    unavailable: Mapping[str, str],
    procedure: Procedure,
    *,
    subject: str,
) -> None:
    for answer in answers:
        row = answer.dossier if subject == "dossier" else rows.get((answer.registry, key))
        if row is None:
            continue
        evidence = Evidence(
            "registry",
            registry=answer.registry,
            question_id=answer.question_id,
            answered_at=answer.answered_at.isoformat(timespec="seconds"),
            raw=row.status,
        )
        title = next((need.title for need in procedure.registries if need.name == answer.registry), None)
        name = title or Said(answer.registry, answer.registry)
        for fact_id in _facts_of(answer.registry, procedure, subject):
            if row.status == "match" and row.facts.get(fact_id) is not None:
                facts[fact_id] = _confirmed(facts.get(fact_id), row.facts[fact_id], evidence, name)
            elif row.status == "mismatch":
                differs = ", ".join(row.mismatched)
                doubt = Said(
                    f"{name.vi} có thông tin khác về {differs}", f"{name.en} knows something else about {differs}"
                )
                facts[fact_id] = Fact(row.facts.get(fact_id), (evidence,), doubt)
            elif row.status == "not_found":
                doubt = Said(f"{name.vi} không tìm thấy", f"not found by {name.en}")
                facts[fact_id] = Fact(None, (evidence,), doubt)
    for need in procedure.registries:
        if need.name not in unavailable:
            continue
        for fact_id in _facts_of(need.name, procedure, subject):
            known = facts.get(fact_id)
            doubt = Said(
                f"chưa kiểm tra được: {need.title.vi} không trả lời",
                f"not checked: {need.title.en} did not answer",
            )
            facts[fact_id] = Fact(known.value if known else None, known.evidence if known else (), doubt)


def _facts_of(registry: str, procedure: Procedure, subject: str) -> list[str]:
    """The facts of rows, or of the dossier, that this registry answers."""
    need = next((need for need in procedure.registries if need.name == registry), None)
    return [fact for fact in (need.facts if need else ()) if procedure.kinds[fact].subject == subject]


def _confirmed(known: Fact | None, value: Any, evidence: Evidence, name: Said) -> Fact:
    """A registry's word beside what papers or applicant say: the same is confirmed, something else is a doubt."""
    if known is None or known.value is None or known.value == value:
        return Fact(value, (*(known.evidence if known else ()), evidence))
    doubt = Said(
        f"hồ sơ ghi {known.value}, {name.vi} ghi {value}", f"the dossier says {known.value}, {name.en} says {value}"
    )
    return Fact(value, (*known.evidence, evidence), doubt)


def confirm(facts: dict[str, Fact], confirmations: Sequence[Confirmation], person: str = "") -> None:
    """What officers stated of a person, or of the dossier: the last word of each fact."""
    for said in confirmations:
        if said.person == person:
            evidence = Evidence("officer", person=said.by, answered_at=said.at, raw=said.stage)
            facts[said.fact] = Fact(said.value, (evidence,))


def follow(facts: dict[str, Fact], procedure: Procedure) -> None:
    """Facts that follow from an address: rural or urban by the commune it names, where nobody said so himself."""
    for fact_id, addresses in procedure.from_address.items():
        if fact_id in facts:
            continue
        for name in addresses:
            address = facts.get(name)
            kind = parse_address(_as_text(address.value)).commune_kind if address and address.value else None
            if address is not None and kind is not None:
                facts[fact_id] = Fact(kind, address.evidence, address.doubt)
                break


def _as_text(address: Any) -> str:
    return str(address.get("raw", "")) if isinstance(address, dict) else str(address)
