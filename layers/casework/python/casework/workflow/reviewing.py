"""An officer's way: a task enters a queue, is claimed, and decided, once.

A decision is one transaction; what follows from it is carried out by casework.workflow.outcomes.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from casework import procedures
from casework.dossier import (
    SYSTEM,
    Actor,
    Change,
    Dossier,
    EffectKind,
    Record,
    State,
    change,
)
from casework.errors import NotFound, Refused, problem
from casework.plain import from_plain, to_plain
from casework.ports import Clock, DossierStore, FileStore
from casework.review import (
    LEASE,
    DecisionRequest,
    RowDecision,
    RowOutcome,
    Task,
    queue_name,
    refuse_decision,
    refuse_officer,
    row_outcomes,
    task_key,
)
from casework.vietnam.working_days import has_closed
from casework.workflow.commit import commit, still_as_seen
from casework.workflow.ordering import order_apology


def request_review(
    dossier_id: str, round_number: int, stage: str, token: str, *, store: DossierStore, clock: Clock
) -> None:
    """Put the stage's task into its office's queue; asked again it only takes the new token.

    A task that was already decided is answered at once with the new token, so that no workflow waits for it.
    """

    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number or dossier.state not in (State.PROCESSING, State.IN_REVIEW, State.DECIDED):
            return _answer_now(dossier, stage, token, clock)  # withdrawn or overtaken: let the workflow end
        known = store.record(dossier.id, task_key(round_number, stage))
        now = clock()
        late: list[tuple[EffectKind, Mapping[str, Any]]] = []
        if known is not None:
            task = from_plain(Task, known.data)
            if task.state != "open":
                return _answer_now(dossier, stage, token, clock)
            if task.token == token:
                return None
            waiting = dataclasses.replace(task, token=token, overdue=_overdue(task.due_on, now))
            action, after = "review.requested_again", dossier
            if waiting.overdue and not task.overdue:
                late = [order_apology(dossier, stage, date.fromisoformat(task.due_on), now)]
        else:
            plan = procedures.load(dossier.procedure, dossier.day_of_receipt).stage(stage)
            last_day = plan.due_on(now)
            waiting = Task(
                dossier.id,
                dossier.code,
                dossier.procedure,
                round_number,
                stage,
                procedures.office_of(dossier.office, plan.level),
                last_day.isoformat() if last_day else "",
                dossier.route,
                token,
            )
            action = "review.requested"
            after = dataclasses.replace(dossier, state=State.IN_REVIEW, stage=stage, due_on=last_day)
        details = {"stage": stage, "office": waiting.office, "due_on": waiting.due_on}
        records = [task_record(waiting)]
        return change(dossier, after, action, actor=SYSTEM, now=now, details=details, effects=late, records=records)

    commit(store, dossier_id, decide)


def claim(task_id: str, actor: Actor, *, store: DossierStore, clock: Clock) -> tuple[Task, Dossier]:
    """Take a task for half an hour; taking it again extends the time.

    Raises NotFound; Refused: task-decided, claimed-by-another, and what refuse_officer refuses.
    """
    return _hold(task_id, actor, "review.claimed", store=store, clock=clock)


def release(task_id: str, actor: Actor, *, store: DossierStore, clock: Clock) -> tuple[Task, Dossier]:
    """Give a task back to the queue. Raises as `claim`."""
    return _hold(task_id, actor, "review.released", store=store, clock=clock)


def decide_stage(
    task_id: str,
    request: DecisionRequest,
    actor: Actor,
    expected_version: int,
    *,
    store: DossierStore,
    files: FileStore,
    clock: Clock,
) -> Dossier:
    """Decide a stage, once. The same decision sent again by the same officer answers as before.

    Raises NotFound; Refused: task-decided (who and when), claimed-by-another, version-stale, and what
    casework.review refuses.
    """
    dossier_id, round_number, stage = split_task_id(task_id)
    said = to_plain(request)

    def decide(dossier: Dossier) -> Change | None:
        task = _task(store, dossier_id, round_number, stage)
        refuse_officer(task, dossier, actor)
        if task.state != "open":
            if task.decision.get("by") == actor.id and task.decision.get("request") == said:
                return None
            raise Refused(problem("task-decided", by=task.decision.get("by", ""), at=task.decision.get("at", "")))
        now = clock()
        if task.holder(now) not in ("", actor.id):
            raise Refused(problem("claimed-by-another", by=task.holder(now), until=task.claimed_until))
        if not still_as_seen(store, dossier, expected_version):
            raise Refused(problem("version-stale"))
        procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
        final = procedure.stage(stage).final
        kept = files.evidence(dossier.verdict_key)
        proposed = proposals(kept["verdict"])
        refuse_decision(request, dossier, final_stage=final, proposed=proposed)
        decision: dict[str, Any] = {
            "by": actor.id,
            "office": actor.office,
            "at": now.isoformat(timespec="seconds"),
            "stage": stage,
            "round": round_number,
            "outcome": request.outcome,
            "reason_code": request.reason_code,
            "reason": request.reason,
            "verdict_key": dossier.verdict_key,
            "request": said,
        }
        if final and request.outcome != "ask":
            rows = row_outcomes(request, proposed)
            decision["rows"], decision["total_vnd"] = _granted(rows, kept, pays=procedure.benefit is not None)
        decided = dataclasses.replace(task, state="decided", decision=decision)
        after = dataclasses.replace(dossier, state=State.DECIDED, outcome=request.outcome)
        details = {"stage": stage, "outcome": request.outcome, "reason_code": request.reason_code}
        effects: list[tuple[EffectKind, Mapping[str, Any]]] = [("answer_task", {"token": task.token, "stage": stage})]
        records = [task_record(decided), Record(f"DECISION#{round_number:03d}#{stage}", decision, once=True)]
        return change(
            dossier, after, "stage.decided", actor=actor, now=now, details=details, effects=effects, records=records
        )

    return commit(store, dossier_id, decide)


def proposals(verdict: Mapping[str, Any]) -> dict[str, RowOutcome | None]:
    """What the rules propose row by row: refuse where one fails, approve where all pass, None where open.

    A way in that another rule settles (PS-1 to PS-3) does not count by itself.
    """

    def of(findings: list[dict[str, Any]]) -> RowOutcome | None:
        verdicts = {finding["verdict"] for finding in findings if finding["counts"]}
        if "fail" in verdicts:
            return "refuse"
        return "approve" if verdicts <= {"pass"} else None

    dossier_level = of(verdict["findings"])
    rows: dict[str, RowOutcome | None] = {}
    for row in verdict["rows"]:
        own = of(row["findings"])
        rows[row["key"]] = own if dossier_level == "approve" or own == "refuse" else dossier_level
    return rows


def split_task_id(task_id: str) -> tuple[str, int, str]:
    """(dossier id, round, stage). Raises NotFound for what is no task id."""
    parts = re.fullmatch(r"([0-9a-z]+)\.([0-9]{1,6})\.([a-z_]+)", task_id)
    if parts is None:
        raise NotFound("no task id")
    return parts[1], int(parts[2]), parts[3]


def task_record(task: Task) -> Record:
    """An open task stands in its office's queue by its deadline; another stands in none."""
    if task.state != "open":
        return Record(task.key, to_plain(task))
    return Record(
        task.key, to_plain(task), queue=queue_name(task.office), queue_order=f"{task.due_on}#{task.dossier_id}"
    )


def load_task(task_id: str, *, store: DossierStore) -> tuple[Task, Dossier]:
    """Raises NotFound."""
    dossier_id, round_number, stage = split_task_id(task_id)
    return _task(store, dossier_id, round_number, stage), store.load(dossier_id)


def _hold(task_id: str, actor: Actor, action: str, *, store: DossierStore, clock: Clock) -> tuple[Task, Dossier]:
    dossier_id, round_number, stage = split_task_id(task_id)

    def decide(dossier: Dossier) -> Change:
        task = _task(store, dossier_id, round_number, stage)
        refuse_officer(task, dossier, actor)
        if task.state != "open":
            raise Refused(problem("task-decided", by=task.decision.get("by", ""), at=task.decision.get("at", "")))
        now = clock()
        if task.holder(now) not in ("", actor.id):
            raise Refused(problem("claimed-by-another", by=task.holder(now), until=task.claimed_until))
        taken = action == "review.claimed"
        held = dataclasses.replace(
            task,
            claimed_by=actor.id if taken else "",
            claimed_until=(now + LEASE).isoformat(timespec="seconds") if taken else "",
        )
        records = [task_record(held)]
        return change(dossier, dossier, action, actor=actor, now=now, details={"stage": stage}, records=records)

    after = commit(store, dossier_id, decide)
    return _task(store, dossier_id, round_number, stage), after


def _answer_now(dossier: Dossier, stage: str, token: str, clock: Clock) -> Change:
    """The dossier needs no officer any more (decided, withdrawn, overtaken): let the workflow find that out."""
    answer: list[tuple[EffectKind, Mapping[str, Any]]] = [("answer_task", {"token": token, "stage": stage})]
    details = {"stage": stage}
    return change(dossier, dossier, "review.overtaken", actor=SYSTEM, now=clock(), details=details, effects=answer)


def _granted(
    rows: Mapping[str, RowDecision], kept: Mapping[str, Any], *, pays: bool
) -> tuple[list[dict[str, Any]], int]:
    """The rows as decided, with months and money of the approved ones, and the sum.

    Raises Refused: approved-for-nothing, when the service pays and nothing is due to somebody who is approved.
    """
    due = {row["key"]: row for row in kept["verdict"]["rows"]}
    for_nothing = [key for key, row in rows.items() if row.outcome == "approve" and not due[key]["amount_vnd"]]
    if pays and for_nothing:
        names = [kept["people"].get(key, {}).get("name") or key for key in for_nothing]
        raise Refused(problem("approved-for-nothing", rows=", ".join(names)))
    decided = []
    for key, row in rows.items():
        approved = row.outcome == "approve"
        decided.append(
            {
                "key": key,
                "name": kept["people"].get(key, {}).get("name", ""),
                "outcome": row.outcome,
                "reason": row.reason,
                "months": due[key]["counted_months"] if approved else [],
                "amount_vnd": due[key]["amount_vnd"] if approved else 0,
            }
        )
    return decided, sum(row["amount_vnd"] for row in decided)


def _task(store: DossierStore, dossier_id: str, round_number: int, stage: str) -> Task:
    record = store.record(dossier_id, task_key(round_number, stage))
    if record is None:
        raise NotFound(f"{dossier_id}.{round_number}.{stage}")
    return from_plain(Task, record.data)


def _overdue(due_on: str, now: datetime) -> bool:
    return bool(due_on) and has_closed(date.fromisoformat(due_on), now)
