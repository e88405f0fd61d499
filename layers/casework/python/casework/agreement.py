"""Second looks: which decisions a second officer makes again unseeing, how often two agree, and who stands out. Pure.

Whether a decision is looked at again follows from the dossier and cannot be told from outside. Overturned decisions of
an officer are weighed against confirmed ones; past a bound he is shown to the supervisor, who looks at the cases.
Nobody is judged by it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.dossier import Dossier

Z_95 = 1.959964
USUAL, CARELESS = 0.01, 0.05  # shares of overturned decisions of careful and of careless work
FLAGGED = 4.0
_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class SecondLook:
    """When a second officer decides again: of what remains, so many in a hundred; every sum above an amount."""

    percent: float = 0.0
    above_vnd: int | None = None


NO_SECOND_LOOK = SecondLook()


def sampled(dossier: Dossier, stage: str, percent: float) -> bool:
    """Whether a stage of a dossier is of the blind sample: seeded by its code and the digest of its filing, which no
    page shows, so that the officer cannot know it before he decides."""
    seed = f"blind|{dossier.code}|{dossier.request_sha256}|{dossier.round}|{stage}"
    return int(hashlib.sha256(seed.encode()).hexdigest(), 16) % _PARTS < percent * _PARTS / 100


def needs_second(rule: SecondLook, dossier: Dossier, decision: Mapping[str, Any]) -> bool:
    """Whether a first decision needs a second. A question to the applicant, or to the stage before, never does."""
    if decision["outcome"] in ("ask", "send_back"):
        return False
    return above(rule, decision) or sampled(dossier, decision["stage"], rule.percent)


def above(rule: SecondLook, decision: Mapping[str, Any]) -> bool:
    """Whether the sum granted alone asks for a second officer. Of the blind sample nobody is told before he decides."""
    return rule.above_vnd is not None and (decision.get("total_vnd") or 0) > rule.above_vnd


def same_decision(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two officers decided alike: the outcome, who is approved, and what was confirmed; not its wording."""
    return all(first.get(name) == second.get(name) for name in ("outcome", "approved_sha256", "confirms"))


def approved_sha256(rows: Iterable[Mapping[str, Any]]) -> str:
    """A digest of who is approved: two decisions on thousands are compared by it."""
    keys = sorted(row["key"] for row in rows if row["outcome"] == "approve")
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its interval (Wilson, 95 %)."""

    of: int
    yes: int
    share: float | None
    low: float
    high: float


def rate(yes: int, of: int) -> Rate:
    """The share of yes in all of them; of none it is unknown, between 0 and 1."""
    if not of:
        return Rate(0, 0, None, 0.0, 1.0)
    share, z2 = yes / of, Z_95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Rate(of, yes, share, max(0.0, middle - half), min(1.0, middle + half))


def suspicion(overturned: int, of: int) -> float:
    """How much likelier so many overturned decisions are of careless work than of careful work (logarithm, Wald): each
    overturned one adds, each confirmed one takes a little away. Careful work ever gets to FLAGGED with a chance of at
    most exp(-FLAGGED), 1.8 %, however often it is looked at."""
    wrong, right = math.log(CARELESS / USUAL), math.log((1 - CARELESS) / (1 - USUAL))
    return overturned * wrong + (of - overturned) * right
