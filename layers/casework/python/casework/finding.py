"""What a check takes in and gives back: facts with their evidence, findings, the verdict on a dossier.

Shapes only. Every sentence a person reads stands in Vietnamese and English side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from casework.document import Box, Text

__all__ = [
    "Evidence",
    "EvidenceSource",
    "Fact",
    "Finding",
    "HeldMonth",
    "OpenSetting",
    "Outcome",
    "Route",
    "RowVerdict",
    "Text",
    "Then",
    "Verdict",
]

Outcome = Literal["pass", "fail", "unknown"]
Then = Literal["ask", "review", "refuse"]
Route = Literal["fast_lane", "review", "ask", "refusal_proposed", "partial"]
EvidenceSource = Literal["paper", "registry", "applicant", "officer", "system"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact comes from: a place on a paper (page from 1, box in page fractions), a registry's answer, a
    person's word, the system's own record. `confidence` 0–1 for papers. Times are ISO 8601."""

    source: EvidenceSource
    document_id: str | None = None
    document_type: str | None = None
    page: int | None = None
    box: Box | None = None
    raw: str = ""
    confidence: float | None = None
    registry: str | None = None
    question_id: str | None = None
    answered_at: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A value in the form of the fact's type (dates and months ISO 8601 strings, money integer VND), or None when
    unknown. A `doubt` (read below the bar, papers that contradict each other, a registry that did not answer) makes
    every rule that hangs on the fact unknown and sends it to an officer, whatever the value. `unsure`: the doubt is of
    the reading alone, nobody says anything else."""

    value: Any
    evidence: tuple[Evidence, ...] = ()
    doubt: Text | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict of one rule on one subject, and all that is needed to explain it.

    `then` says what follows: "refuse" for a fail, "ask" or "review" for an unknown, None for a pass. `missing` are
    the facts not known, `facts` all the facts the rule looks at, `to_be_confirmed` the ids of the settings it rests
    on. `counts` is False for a way in (PS-1…3) that another rule (PS-0) settles: it does not steer the route.
    """

    rule: str
    verdict: Outcome
    says: Text
    law: str
    because: Text
    would_pass_if: Text | None = None
    evidence: tuple[Evidence, ...] = ()
    facts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    then: Then | None = None
    to_be_confirmed: tuple[str, ...] = ()
    counts: bool = True


@dataclass(frozen=True, slots=True)
class HeldMonth:
    """A month (YYYY-MM) somebody holds already, by which dossier of which service, as far as that was told.

    `amount_vnd`: what the policy gives for that month, None when nobody said. `grant`: the name of that grant in the
    registry of payments, by which a higher one takes its place; `added_vnd`: what the higher one adds to it (X-1)."""

    month: str
    code: str = ""
    procedure: str = ""
    amount_vnd: int | None = None
    grant: str = ""
    added_vnd: int = 0


@dataclass(frozen=True, slots=True)
class OpenSetting:
    """A default that the law leaves open, with the value in force: shown as "to be confirmed"."""

    id: str
    value: Any
    says: Text


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """One person of the list. `months` is what is due (None when it cannot be counted yet), `counted_months` their
    names YYYY-MM for the registry of payments, `amount_vnd` the sum. A row that fails is due nothing; a row with
    something unknown shows what would be due once it is confirmed, with `certain` False; `missing` are the facts the
    amount itself waits for, and `then` who is turned to for them. `to_be_confirmed` are the settings
    the counting rests on. `because` says why a row that does not fail is due nothing. `held` are months of the period
    that the person holds already: left out, or raised to the higher benefit by `added_vnd`."""

    key: str
    verdict: Outcome
    findings: tuple[Finding, ...]
    months: int | None = None
    counted_months: tuple[str, ...] = ()
    amount_vnd: int = 0
    certain: bool = True
    missing: tuple[str, ...] = ()
    then: Then | None = None
    to_be_confirmed: tuple[str, ...] = ()
    because: Text | None = None
    held: tuple[HeldMonth, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a dossier as of a day. `total_vnd` is the sum of the rows; dates are ISO 8601."""

    procedure: str
    version: str
    route: Route
    findings: tuple[Finding, ...]
    rows: tuple[RowVerdict, ...]
    total_vnd: int
    as_of: str
    to_be_confirmed: tuple[OpenSetting, ...] = ()
