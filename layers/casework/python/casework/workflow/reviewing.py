"""A task enters its office's lists when the workflow asks for an officer. The oldest verbs of officers are named here.

Leases are casework.workflow.leasing, decisions deciding, what is taken back undoing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from casework import procedures
from casework.dossier import SYSTEM, Change, Dossier, EffectKind, State, change
from casework.offices import office_of
from casework.plain import from_plain
from casework.ports import Clock, DossierStore
from casework.review import Task, task_key
from casework.vietnam.working_days import has_closed
from casework.workflow.commit import commit
from casework.workflow.deciding import decide_stage as decide_stage
from casework.workflow.deciding import proposals as proposals
from casework.workflow.deciding import route_after as route_after
from casework.workflow.leasing import claim as claim
from casework.workflow.leasing import release as release
from casework.workflow.ordering import order_apology
from casework.workflow.tasks import load_task as load_task
from casework.workflow.tasks import moment
from casework.workflow.tasks import split_task_id as split_task_id
from casework.worklist import arriving
from casework.worklist import task_record as task_record


def request_review(
    dossier_id: str, round_number: int, stage: str, token: str, *, store: DossierStore, clock: Clock
) -> None:
    """Put the stage's task into its office's queue; asked again it only takes the new token.

    A task that was already decided is answered at once with the new token, so that no workflow waits for it; unless the
    dossier was sent back to the stage, or came to it again: then the task is open once more.
    """

    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number or dossier.state not in (State.PROCESSING, State.IN_REVIEW, State.DECIDED):
            return _answer_now(dossier, stage, token, clock)  # withdrawn or overtaken: let the workflow end
        known = store.record(dossier.id, task_key(round_number, stage))
        if known is None:
            return _enter(dossier, stage, token, None, clock())
        task = from_plain(Task, known.data)
        if task.state == "open":
            return _asked_again(dossier, task, token, clock())
        if dossier.state is State.PROCESSING and dossier.stage == stage:
            return _enter(dossier, stage, token, task, clock())
        return _answer_now(dossier, stage, token, clock)

    commit(store, dossier_id, decide)


def _enter(dossier: Dossier, stage: str, token: str, before: Task | None, now: datetime) -> Change:
    """A new task; `before`: the one of the same stage that was decided earlier in this round."""
    plan = procedures.load(dossier.procedure, dossier.day_of_receipt).stage(stage)
    last_day = plan.due_on(now)
    waiting = Task(
        dossier.id,
        dossier.code,
        dossier.procedure,
        dossier.round,
        stage,
        office_of(dossier.office, plan.level),
        last_day.isoformat() if last_day else "",
        dossier.route,
        token,
        entered_at=moment(now),
        applicant=dossier.applicant.name,
        people=dossier.people,
        lap=before.lap + 1 if before else 1,
        attempt=before.attempt + 1 if before else 1,
    )
    after = dataclasses.replace(dossier, state=State.IN_REVIEW, stage=stage, due_on=last_day)
    details = {"stage": stage, "office": waiting.office, "due_on": waiting.due_on}
    records = [task_record(waiting)]
    return change(
        dossier,
        after,
        "review.requested",
        actor=SYSTEM,
        now=now,
        details=details,
        records=records,
        tallies=arriving(waiting),
    )


def _asked_again(dossier: Dossier, task: Task, token: str, now: datetime) -> Change | None:
    if task.token == token:
        return None
    waiting = dataclasses.replace(task, token=token, overdue=_overdue(task.due_on, now))
    late: list[tuple[EffectKind, Mapping[str, Any]]] = []
    if waiting.overdue and not task.overdue:
        late = [order_apology(dossier, task.stage, date.fromisoformat(task.due_on), now)]
    details = {"stage": task.stage, "office": waiting.office, "due_on": waiting.due_on}
    return change(
        dossier,
        dossier,
        "review.requested_again",
        actor=SYSTEM,
        now=now,
        details=details,
        effects=late,
        records=[task_record(waiting)],
    )


def _answer_now(dossier: Dossier, stage: str, token: str, clock: Clock) -> Change:
    """The dossier needs no officer any more (decided, withdrawn, overtaken): let the workflow find that out."""
    answer: list[tuple[EffectKind, Mapping[str, Any]]] = [("answer_task", {"token": token, "stage": stage})]
    details = {"stage": stage}
    return change(dossier, dossier, "review.overtaken", actor=SYSTEM, now=clock(), details=details, effects=answer)


def _overdue(due_on: str, now: datetime) -> bool:
    return bool(due_on) and has_closed(date.fromisoformat(due_on), now)
