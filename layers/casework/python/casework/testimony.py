"""One fact from the words of several sources: agreeing papers make each other surer, disagreeing ones leave a doubt.

Knows how two values are compared and when they are sure enough; knows no dossier. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.document import Text
from casework.finding import Evidence, Fact
from casework.vietnam.letters import fold
from casework.vietnam.names import company_key, match_key

NAME_FACTS = {"employee.full_name", "employer.representative.full_name", "household.owner.full_name", "household.name"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One source's word on one fact."""

    value: Any
    confidence: float
    evidence: Evidence
    where: Text


def merged(words: Mapping[str, list[Statement]], bar: float) -> dict[str, Fact]:
    """Every fact somebody speaks of; bar: the confidence (0–1) below which what was read is doubtful."""
    return {name: _merge(name, said, bar) for name, said in words.items() if said}


def _merge(name: str, words: Sequence[Statement], bar: float) -> Fact:
    """One fact. Agreeing papers make each other surer; disagreeing ones, and one below the bar, leave a doubt."""
    groups: dict[Any, list[Statement]] = {}
    for said in words:
        groups.setdefault(_comparable(name, said.value), []).append(said)
    sure = {key: _together(group) for key, group in groups.items()}
    best = max(groups, key=lambda key: sure[key])
    evidence = tuple(said.evidence for said in words)
    value = groups[best][0].value
    if len(groups) > 1:
        vi = "; ".join(f"{group[0].where.vi}: {group[0].value}" for group in groups.values())
        en = "; ".join(f"{group[0].where.en}: {group[0].value}" for group in groups.values())
        return Fact(value, evidence, Text(f"giấy tờ ghi khác nhau ({vi})", f"the papers differ ({en})"))
    if sure[best] < bar:
        doubt = Text(
            f"đọc chưa chắc là “{value}” ({groups[best][0].where.vi}, độ tin cậy {sure[best]:.0%})",
            f"read as “{value}”, not surely ({groups[best][0].where.en}, confidence {sure[best]:.0%})",
        )
        return Fact(value, evidence, doubt, unsure=True)
    return Fact(value, evidence)


def _together(group: Sequence[Statement]) -> float:
    """How sure several independent readings are together: one minus the chance that all are wrong."""
    wrong = 1.0
    for said in group:
        wrong *= 1.0 - said.confidence
    return 1.0 - wrong


def _comparable(name: str, value: Any) -> Any:
    if name in NAME_FACTS:
        return match_key(str(value))
    if name == "employer.name":
        return company_key(str(value))
    if name.endswith("address"):
        return " ".join(re.sub(r"[^\w]+", " ", fold(str(value))).split())
    return value
