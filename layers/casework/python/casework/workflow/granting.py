"""What a decision grants, person by person and month by month, and how a long list of it is kept.

A row of the table holds at most 400 KB: a decision on more people than fit has its rows in the evidence bucket, under
a name made of their content, and its sums beside the decision.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from casework import procedures
from casework.dossier import SYSTEM, Change, Dossier, State, change, vietnam_day
from casework.errors import MonthsTaken, Refused, problem
from casework.finding import RowVerdict, Verdict
from casework.plain import to_plain
from casework.ports import Clock, DossierStore, FileStore
from casework.review import RowDecision
from casework.rules import Procedure
from casework.vietnam.money import amount_in_words
from casework.workflow.commit import commit
from casework.workflow.verdicts import digest, verdict_record, with_months

MOST_ROWS_INSIDE = 200  # at some 600 bytes a row, a third of what one row of the table may hold


def granted_rows(
    rows: Mapping[str, RowDecision], verdict: Verdict, people: Mapping[str, Mapping[str, Any]], *, pays: bool
) -> list[dict[str, Any]]:
    """The rows as decided, with months and money of the approved ones.

    Raises Refused: approved-for-nothing, when the service pays and nothing is due to somebody who is approved.
    """
    due = {row.key: row for row in verdict.rows}
    for_nothing = [key for key, row in rows.items() if row.outcome == "approve" and not due[key].amount_vnd]
    if pays and for_nothing:
        names = [people.get(key, {}).get("name") or key for key in for_nothing[:20]]
        more = f" … +{len(for_nothing) - len(names)}" if len(for_nothing) > len(names) else ""
        raise Refused(problem("approved-for-nothing", rows=", ".join(names) + more))
    return [_row(key, row, due[key], people.get(key, {}).get("name", "")) for key, row in rows.items()]


def _row(key: str, row: RowDecision, due: RowVerdict, name: str) -> dict[str, Any]:
    approved = row.outcome == "approve"
    months = list(due.counted_months) if approved else []
    amount = due.amount_vnd if approved else 0
    held = [to_plain(one) for one in due.held] if approved else []
    return {
        "key": key,
        "name": name,
        "outcome": row.outcome,
        "reason": row.reason,
        "months": months,
        "amount_vnd": amount,
        "by_month": by_month(months, amount, {one["month"]: one["added_vnd"] for one in held if one["added_vnd"]}),
        **({"held": held} if held else {}),
    }


def by_month(months: Sequence[str], amount_vnd: int, added_vnd: Mapping[str, int] | None = None) -> dict[str, int]:
    """An amount over its months: what is added to a month held already, the rest in equal parts over the others; what
    does not divide goes to the first of these, one đồng each."""
    added = added_vnd or {}
    whole = [month for month in months if month not in added]
    part, rest = divmod(amount_vnd - sum(added.values()), len(whole)) if whole else (0, 0)
    equal = {month: part + (number < rest) for number, month in enumerate(whole)}
    return {month: equal[month] if month in equal else added[month] for month in months}


def summed(rows: Iterable[Mapping[str, Any]], kept: Mapping[str, Any], procedure: Procedure) -> dict[str, Any]:
    """How many, and how much: by month and in all, in figures and words. A sum the applicant asked less than (the loan)
    is what he asked for."""
    listed = list(rows)
    months: dict[str, int] = {}
    for row in listed:
        for month, amount in row["by_month"].items():
            months[month] = months.get(month, 0) + amount
    due = sum(row["amount_vnd"] for row in listed)
    asked = asked_vnd(kept, procedure)
    total = due if asked is None else min(due, asked)
    approved = sum(row["outcome"] == "approve" for row in listed)
    return {
        "approved": approved,
        "refused": len(listed) - approved,
        "by_month": dict(sorted(months.items())),
        "due_vnd": due,
        "total_vnd": total,
        "total_words": amount_in_words(total) if procedure.benefit is not None else "",
    }


def asked_vnd(kept: Mapping[str, Any], procedure: Procedure) -> int | None:
    """What the applicant asked for in all, where the service has such a sum and it was read for sure."""
    fact = kept["facts"]["dossier"].get(procedure.most_vnd or "")
    if fact is None or fact.get("doubt") or not isinstance(fact["value"], int):
        return None
    return int(fact["value"])


def learn(
    dossier_id: str,
    taken: MonthsTaken,
    route_of: Callable[[Dossier, Mapping[str, Any]], str],
    *,
    store: DossierStore,
    files: FileStore,
    clock: Clock,
) -> None:
    """A dossier in review learns which months others were granted meanwhile: its verdict is derived anew with them and
    kept, so that its officer sees what is left to grant. route_of: the route of a verdict."""

    def decide(dossier: Dossier) -> Change | None:
        news = [conflict for conflict in taken.conflicts if conflict.holding.dossier_id != dossier.id]
        if dossier.state is not State.IN_REVIEW or not news:
            return None
        kept, now = files.evidence(dossier.verdict_key), clock()
        procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
        renewed = with_months(kept, news, procedure, vietnam_day(now), now.isoformat(timespec="seconds"))
        place = f"verdicts/{dossier.id}/{digest(renewed)}.json"
        files.put_evidence(place, renewed)
        after = dataclasses.replace(dossier, verdict_key=place, route=route_of(dossier, renewed))
        details = {"verdict": place, "held": sorted({conflict.holding.code for conflict in news})}
        record = verdict_record(after, place, after.route, now, f"{dossier.stage}#{dossier.version:08d}")
        return change(dossier, after, "months.held", actor=SYSTEM, now=now, details=details, records=[record])

    commit(store, dossier_id, decide)


def keep_rows(dossier_id: str, rows: Sequence[Mapping[str, Any]], files: FileStore) -> dict[str, Any]:
    """The rows as the decision's record has them: inside, or where they are kept."""
    if len(rows) <= MOST_ROWS_INSIDE:
        return {"rows": list(rows)}
    place = f"decisions/{dossier_id}/{digest(list(rows))}.json"
    files.put_evidence(place, list(rows))
    return {"rows_key": place}


def decided_rows(decision: Mapping[str, Any], files: FileStore) -> list[dict[str, Any]]:
    """The rows of a decision, wherever they are kept."""
    if "rows_key" in decision:
        return list(files.evidence(decision["rows_key"]))
    return list(decision.get("rows", ()))
