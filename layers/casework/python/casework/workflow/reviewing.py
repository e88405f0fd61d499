"""An officer's way: a task enters a queue, is claimed, decided, and the decision carried out.

A decision is one transaction; what follows from it (the next stage, a question, payments, the notice) is the
workflow's, which may die and come back at any point without deciding twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from casework import procedures
from casework.document import Text
from casework.dossier import (
    SYSTEM,
    Actor,
    Change,
    Dossier,
    EffectKind,
    Record,
    Request,
    State,
    change,
)
from casework.errors import IllegalTransition, MonthAlreadyGranted, NotFound, Refused, problem
from casework.plain import from_plain, to_plain
from casework.ports import Clock, DossierStore, FileStore, Payments
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
from casework.workflow.commit import commit
from casework.workflow.notices import notice

FINAL_STATES = {
    "approve": State.APPROVED,
    "approve_in_part": State.PARTLY_APPROVED,
    "refuse": State.REFUSED,
}


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
        if known is not None:
            task = from_plain(Task, known.data)
            if task.state != "open":
                return _answer_now(dossier, stage, token, clock)
            if task.token == token:
                return None
            waiting = dataclasses.replace(task, token=token, overdue=_overdue(task.due_on, now))
            action, after = "review.requested_again", dossier
        else:
            plan = procedures.load(dossier.procedure, _received(dossier)).stage(stage)
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
        return change(dossier, after, action, actor=SYSTEM, now=now, details=details, records=records)

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
        if expected_version != dossier.version:
            raise Refused(problem("version-stale"))
        final = procedures.load(dossier.procedure, _received(dossier)).stage(stage).final
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
            decision["rows"], decision["total_vnd"] = _granted(row_outcomes(request, proposed), kept)
        decided = dataclasses.replace(task, state="decided", decision=decision)
        after = dataclasses.replace(dossier, state=State.DECIDED, outcome=request.outcome)
        details = {"stage": stage, "outcome": request.outcome, "reason_code": request.reason_code}
        effects: list[tuple[EffectKind, Mapping[str, Any]]] = [("answer_task", {"token": task.token, "stage": stage})]
        records = [task_record(decided), Record(f"DECISION#{round_number:03d}#{stage}", decision, once=True)]
        return change(
            dossier, after, "stage.decided", actor=actor, now=now, details=details, effects=effects, records=records
        )

    return commit(store, dossier_id, decide)


def record_stage(dossier_id: str, round_number: int, *, store: DossierStore, clock: Clock) -> dict[str, Any]:
    """Carry out the stage's decision; answers what is next: {next: review | close | stop, stage, review_seconds}."""

    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number or dossier.state is not State.DECIDED or dossier.outcome in FINAL_STATES:
            return None
        now = clock()
        procedure = procedures.load(dossier.procedure, _received(dossier))
        if dossier.outcome == "send_on":
            following = procedure.stage_after(dossier.stage)
            after = dataclasses.replace(dossier, state=State.PROCESSING, stage=following.id, outcome="")
            details = {"stage": dossier.stage, "next": following.id}
            return change(dossier, after, "stage.sent_on", actor=SYSTEM, now=now, details=details)
        decision = _decision(store, dossier)
        after = dataclasses.replace(
            dossier,
            state=State.AWAITING_APPLICANT,
            outcome="",
            requests=(*dossier.requests, *_asked(dossier, decision)),
        )
        return change(
            dossier,
            after,
            "applicant.asked",
            actor=SYSTEM,
            now=now,
            details={"stage": dossier.stage, "asks": len(after.open_requests)},
            effects=[("notify", {"event": "asked"})],
            records=[notice(after, "asked", now)],
        )

    return what_is_next(commit(store, dossier_id, decide), round_number, clock())


def what_is_next(dossier: Dossier, round_number: int, now: datetime) -> dict[str, Any]:
    """The step after this one, read from the dossier alone: a workflow that comes back finds its way by it."""
    stop = {"next": "stop", "stage": "", "review_seconds": 0}
    if dossier.round != round_number:
        return stop
    if dossier.state is State.DECIDED and dossier.outcome in FINAL_STATES:
        return {**stop, "next": "close"}
    if dossier.state in (State.PROCESSING, State.IN_REVIEW) and dossier.stage:
        plan = procedures.load(dossier.procedure, _received(dossier)).stage(dossier.stage)
        seconds = plan.review_seconds(now)
        return {"next": "review", "stage": dossier.stage, "review_seconds": seconds}
    return stop


def close_dossier(dossier_id: str, round_number: int, *, store: DossierStore, payments: Payments, clock: Clock) -> str:
    """The decision takes effect: months are granted person by person, the applicant is told. Returns the state.

    Grants are made before the transaction and belong to this dossier, so that they may be made again; a month that
    another dossier was granted meanwhile stops the closing with MonthAlreadyGranted, and a person looks at it.
    """

    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number or dossier.state is not State.DECIDED or dossier.outcome not in FINAL_STATES:
            return None
        decision = _decision(store, dossier)
        for row in decision["rows"]:
            if row["outcome"] == "approve":
                _grant(payments, dossier.id, row)
        now = clock()
        after = dataclasses.replace(
            dossier,
            state=FINAL_STATES[dossier.outcome],
            total_vnd=decision["total_vnd"],
            closing_note=Text(decision["reason"]),
            due_on=None,
        )
        details = {"outcome": dossier.outcome, "total_vnd": decision["total_vnd"]}
        return change(
            dossier,
            after,
            "dossier.closed",
            actor=SYSTEM,
            now=now,
            details=details,
            effects=[("notify", {"event": "decided"})],
            records=[notice(after, "decided", now)],
        )

    return commit(store, dossier_id, decide).state.value


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
    parts = task_id.split(".")
    if len(parts) != 3 or not parts[1].isdecimal():
        raise NotFound(task_id)
    return parts[0], int(parts[1]), parts[2]


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


def _granted(rows: Mapping[str, RowDecision], kept: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """The rows as decided, with months and money of the approved ones, and the sum."""
    due = {row["key"]: row for row in kept["verdict"]["rows"]}
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


def _grant(payments: Payments, dossier_id: str, row: Mapping[str, Any]) -> None:
    months = row["months"]
    for month in months:
        if not payments.grant(row["key"], month, dossier_id, row["amount_vnd"] // len(months)):
            raise MonthAlreadyGranted(f"{month} was granted to this person by another dossier")


def _asked(dossier: Dossier, decision: Mapping[str, Any]) -> list[Request]:
    asks = []
    for ask in decision["request"]["asks"]:
        document = dossier.document(ask["document_id"])
        name, page = (document.file_name if document else ""), ask.get("page")
        where_vi = f"trang {page} của {name}" if page else f"giấy tờ {name}"
        where_en = f"page {page} of {name}" if page else f"the paper {name}"
        reason = ask.get("reason") or decision["reason"]
        asks.append(
            Request(
                key=f"round {dossier.round}: {ask['document_id']} page {page}",
                kind="page" if page else "document",
                says=Text(f"Gửi lại {where_vi}: {reason}", f"Send {where_en} again: {reason}"),
                document_id=ask["document_id"],
                page=page,
                known=tuple(upload.id for upload in document.uploads) if document else (),
            )
        )
    return asks


def _decision(store: DossierStore, dossier: Dossier) -> dict[str, Any]:
    record = store.record(dossier.id, f"DECISION#{dossier.round:03d}#{dossier.stage}")
    if record is None:
        raise IllegalTransition(f"{dossier.id} is decided without a decision on record")
    return record.data


def _task(store: DossierStore, dossier_id: str, round_number: int, stage: str) -> Task:
    record = store.record(dossier_id, task_key(round_number, stage))
    if record is None:
        raise NotFound(f"{dossier_id}.{round_number}.{stage}")
    return from_plain(Task, record.data)


def _overdue(due_on: str, now: datetime) -> bool:
    return bool(due_on) and has_closed(date.fromisoformat(due_on), now)


def _received(dossier: Dossier) -> Any:
    if dossier.received_on is None:
        raise IllegalTransition(f"{dossier.id} was never submitted")
    return dossier.received_on
