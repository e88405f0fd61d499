"""An officer's way: a task enters a queue, is claimed, and decided, once.

A decision is one transaction; what follows from it is carried out by casework.workflow.outcomes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from casework import procedures
from casework.consulted import Confirmation
from casework.dossier import (
    SYSTEM,
    Actor,
    Change,
    Dossier,
    EffectKind,
    Record,
    State,
    change,
    vietnam_day,
)
from casework.errors import MonthsTaken, NotFound, PersonBeingDecided, Refused, problem
from casework.facts import month_said
from casework.finding import Finding, Verdict
from casework.offices import office_of
from casework.payments import Claim, claims_of, twice
from casework.plain import from_plain, to_plain
from casework.ports import Clock, DossierStore, FileStore
from casework.review import (
    LEASE,
    DecisionRequest,
    RowOutcome,
    Task,
    queue_name,
    refuse_confirmation,
    refuse_decision,
    refuse_officer,
    row_outcomes,
    task_key,
)
from casework.vietnam.working_days import has_closed
from casework.workflow.checking import confirmations, verdict_record
from casework.workflow.commit import commit, still_as_seen
from casework.workflow.granting import MOST_ROWS_INSIDE, granted_rows, keep_rows, summed
from casework.workflow.ordering import order_apology
from casework.workflow.verdicts import canonical, digest, outline, restated


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
                office_of(dossier.office, plan.level),
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
    asked_for = hashlib.sha256(canonical(said)).hexdigest()

    def decide(dossier: Dossier) -> Change | None:
        task = _task(store, dossier_id, round_number, stage)
        refuse_officer(task, dossier, actor)
        if task.state != "open":
            if task.decision.get("by") == actor.id and task.decision.get("request_sha256") == asked_for:
                return None
            raise Refused(problem("task-decided", by=task.decision.get("by", ""), at=task.decision.get("at", "")))
        now = clock()
        if task.holder(now) not in ("", actor.id):
            raise Refused(problem("claimed-by-another", by=task.holder(now), until=task.claimed_until))
        if not still_as_seen(store, dossier, expected_version):
            raise Refused(problem("version-stale"))
        procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
        plan = procedure.stage(stage)
        earlier = confirmations(store, dossier)
        refuse_confirmation(request, plan, {said.fact for said in earlier})
        stated = [Confirmation(fact, said, actor.id, _moment(now), stage) for fact, said in request.confirms.items()]
        kept, seen = files.evidence(dossier.verdict_key), dossier
        if stated:
            kept = restated(kept, stated, procedure, vietnam_day(now))
            place = f"verdicts/{dossier_id}/{digest(kept)}.json"
            files.put_evidence(place, kept)
            route = route_after(dossier, kept)
            seen = dataclasses.replace(dossier, verdict_key=place, route=route)
        verdict = outline(kept)
        proposed = proposals(verdict)
        first = stage == procedure.stages[0].id and not dossier.requests
        refuse_decision(request, seen, final_stage=plan.final, proposed=proposed, first_stage=first)
        decision: dict[str, Any] = {
            "by": actor.id,
            "office": actor.office,
            "at": _moment(now),
            "stage": stage,
            "round": round_number,
            "outcome": request.outcome,
            "reason_code": request.reason_code,
            "reason": request.reason,
            "confirms": dict(request.confirms),
            "verdict_key": seen.verdict_key,
            "request": {**said, "rows": said["rows"] if len(said["rows"]) <= MOST_ROWS_INSIDE else []},
            "request_sha256": asked_for,
        }
        claims: tuple[Claim, ...] = ()
        if plan.final and request.outcome not in ("ask", "not_accept"):
            rows = row_outcomes(request, proposed)
            granted = granted_rows(rows, verdict, kept["people"], pays=procedure.benefit is not None)
            claims = claims_of(granted, kept["people"], procedure.claims)
            if doubled := twice(claims, dossier.id, dossier.code, dossier.procedure):
                raise MonthsTaken(doubled)
            decision |= summed(granted, kept, procedure)
            decision |= keep_rows(dossier_id, granted, files)
        decided = dataclasses.replace(task, state="decided", decision=decision)
        after = dataclasses.replace(seen, state=State.DECIDED, outcome=request.outcome)
        details = {"stage": stage, "outcome": request.outcome, "reason_code": request.reason_code}
        effects: list[tuple[EffectKind, Mapping[str, Any]]] = [("answer_task", {"token": task.token, "stage": stage})]
        records = [task_record(decided), Record(f"DECISION#{round_number:03d}#{stage}", decision, once=True)]
        if stated:
            records.append(verdict_record(seen, seen.verdict_key, seen.route, now, stage))
        return change(
            dossier,
            after,
            "stage.decided",
            actor=actor,
            now=now,
            details=details,
            effects=effects,
            records=records,
            claims=claims,
        )

    try:
        return commit(store, dossier_id, decide)
    except MonthsTaken as taken:
        raise Refused(problem("month-already-granted", rows=_told(taken, store, files, dossier_id))) from taken
    except PersonBeingDecided as busy:
        raise Refused(problem("person-being-decided")) from busy


def proposals(verdict: Verdict) -> dict[str, RowOutcome | None]:
    """What the rules propose row by row: refuse where one fails, approve where all pass, None where open.

    A way in that another rule settles (PS-1 to PS-3) does not count by itself.
    """

    def of(findings: Sequence[Finding]) -> RowOutcome | None:
        verdicts = {finding.verdict for finding in findings if finding.counts}
        if "fail" in verdicts:
            return "refuse"
        return "approve" if verdicts <= {"pass"} else None

    dossier_level = of(verdict.findings)
    rows: dict[str, RowOutcome | None] = {}
    for row in verdict.rows:
        own = of(row.findings)
        rows[row.key] = own if dossier_level == "approve" or own == "refuse" else dossier_level
    return rows


def route_after(dossier: Dossier, kept: Mapping[str, Any]) -> str:
    """The route of a verdict that an officer's word changed: the rules', unless something else is still to be seen."""
    route = str(kept["verdict"]["route"])
    seen = bool(kept["contradictions"] or kept["strangers"] or kept["unavailable"] or kept.get("signals"))
    unread = any(d.state != "read" or "unknown" in d.types for d in dossier.live_documents)
    asked = any(request.unanswered for request in dossier.requests)
    return "review" if route == "ask" or (route == "fast_lane" and (seen or unread or asked)) else route


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


def _told(taken: MonthsTaken, store: DossierStore, files: FileStore, dossier_id: str) -> str:
    """Who has which month by which dossier, in words; of very many the first."""
    people = files.evidence(store.load(dossier_id).verdict_key)["people"]
    told = [
        f"{people.get(conflict.row, {}).get('name') or conflict.row}: "
        f"{month_said(conflict.holding.month)} ({conflict.holding.procedure} {conflict.holding.code})"
        for conflict in taken.conflicts[:20]
    ]
    more = len(taken.conflicts) - len(told)
    return ", ".join(told) + (f" … +{more}" if more else "")


def _moment(now: datetime) -> str:
    return now.isoformat(timespec="seconds")


def _task(store: DossierStore, dossier_id: str, round_number: int, stage: str) -> Task:
    record = store.record(dossier_id, task_key(round_number, stage))
    if record is None:
        raise NotFound(f"{dossier_id}.{round_number}.{stage}")
    return from_plain(Task, record.data)


def _overdue(due_on: str, now: datetime) -> bool:
    return bool(due_on) and has_closed(date.fromisoformat(due_on), now)
