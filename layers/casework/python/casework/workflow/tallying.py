"""What decisions add to their office's counts: how many, how quickly, which were overturned, how two agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from casework.agreement import same_decision
from casework.dossier import vietnam_day
from casework.review import Task
from casework.tallies import Tally, blind_row, day_row, taken_back
from casework.vietnam.working_days import has_closed
from casework.worklist import standing

if TYPE_CHECKING:
    from casework.workflow.deciding import Weighed

MINUTES = (2, 5, 15, 30, 60, 120, 240)  # bounds of the times a case takes in an officer's hands


def counts_of(
    task: Task, decision: Mapping[str, Any], former: Sequence[Mapping[str, Any]], now: datetime
) -> dict[str, int]:
    """What a decision adds to its day. former: decisions of earlier rounds; another result overturns the last."""
    counts = {"decided": 1, f"outcome:{decision['outcome']}": 1}
    if task.claimed_at and task.claimed_by == decision["by"]:
        minutes = int((now - datetime.fromisoformat(task.claimed_at)).total_seconds() // 60)
        counts |= {"timed": 1, "minutes": minutes, time_of(minutes): 1}
    if task.due_on and has_closed(date.fromisoformat(task.due_on), now):
        counts["late"] = 1
    if former:
        last = max(former, key=lambda made: str(made["at"]))
        if (last["outcome"], last["total_vnd"]) != (decision["outcome"], decision["total_vnd"]):
            counts["overturned"] = 1
    return counts


def decided(task: Task, counts: Mapping[str, int], at: datetime) -> list[Tally]:
    """A task is decided, and is open no more."""
    return [*taken_back(standing(task)), Tally(task.office, day_row(vietnam_day(at).isoformat()), counts)]


def undone(task: Task, counts: Mapping[str, int], made: datetime, now: datetime) -> list[Tally]:
    """A decision is taken back, minutes after it was made."""
    again = Tally(task.office, day_row(vietnam_day(now).isoformat()), {"undone": 1})
    return [*taken_back(decided(task, counts, made)), again]


def time_of(minutes: int) -> str:
    """The name of the count a time goes into."""
    return next((f"minutes<{bound}" for bound in MINUTES if minutes < bound), "minutes+")


def median_minutes(counts: Mapping[str, int]) -> float | None:
    """The time half of the cases took no longer than, as well as the bounds tell; None without cases."""
    inside = [counts.get(f"minutes<{bound}", 0) for bound in MINUTES]
    half = counts.get("timed", 0) / 2
    if not half:
        return None
    behind = 0
    for low, high, number in zip((0, *MINUTES[:-1]), MINUTES, inside, strict=True):
        if behind + number >= half:
            return low + (high - low) * (half - behind) / number
        behind += number
    return float(MINUTES[-1])


def agreed(task: Task, weighed: Weighed, alike: bool | None, made: Sequence[Mapping[str, Any]] = ()) -> list[Tally]:
    """Two officers decided unseeing of each other: alike or not, counted for the office, the rules that were not simply
    passed, and the first officer. alike None: a supervisor has decided between them (`made`)."""
    month = str(weighed.decision["at"])[:7]
    if alike is None:
        wrong = [look["by"] for look in made if not same_decision(look, weighed.decision)]
        return [Tally(task.office, blind_row(month), {f"officer:{officer}:overturned": 1 for officer in wrong})]
    name = "same" if alike else "other"
    counts = {name: 1, f"officer:{task.looked[0]}:looked": 1}
    for rule in sorted(_rules(weighed)) or ["none"]:
        counts[f"rule:{rule}:{name}"] = 1
    return [Tally(task.office, blind_row(month), counts)]


def _rules(weighed: Weighed) -> set[str]:
    """The rules that asked for an officer's eye: those that did not pass, on the dossier or on anybody."""
    findings = [*weighed.verdict.findings, *(found for row in weighed.verdict.rows for found in row.findings)]
    return {finding.rule for finding in findings if finding.verdict != "pass" and finding.counts}
