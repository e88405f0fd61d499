"""What was decided is taken back: within two minutes by whoever decided, before anything left; later by a supervisor,
who opens the closed dossier again as a new round."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from casework.dossier import FINAL, Actor, Change, Dossier, Record, State, change, effect_id
from casework.errors import Refused, problem
from casework.ports import Clock, DeskStore
from casework.review import LEASE, Task, refuse_role
from casework.workflow import tallying
from casework.workflow.commit import commit, still_as_seen
from casework.workflow.filing import ready_or_waiting
from casework.workflow.leasing import refuse_supervisor
from casework.workflow.notices import notice, notifications
from casework.workflow.tasks import decision_key, find_task, moment, reason_record, split_task_id
from casework.worklist import decided_list, task_record


def undo(task_id: str, actor: Actor, expected_version: int, *, store: DeskStore, clock: Clock) -> tuple[Task, Dossier]:
    """Take one's own decision back while its effects wait: the task is open again, in the same hands, and the months it
    granted are free. The decision stays on record as taken back.

    Raises NotFound; Refused: not-an-officer, other-office, undo-too-late, version-stale.
    """
    dossier_id, round_number, stage = split_task_id(task_id)

    def decide(dossier: Dossier) -> Change | None:
        task, now = find_task(store, dossier_id, round_number, stage), clock()
        refuse_role(task, actor)
        last = dataclasses.replace(task, attempt=task.attempt - 1)
        taken_back = store.record(dossier.id, f"UNDONE#{decision_key(last)}") if task.state == "open" else None
        if taken_back is not None and taken_back.data["by"] == actor.id:
            return None
        made = task.decision
        if not _may_undo(task, dossier, actor, now):
            raise Refused(problem("undo-too-late"))
        if not still_as_seen(store, dossier, expected_version):
            raise Refused(problem("version-stale"))
        key = decision_key(task)
        opened = dataclasses.replace(
            task,
            state="open",
            decision={},
            attempt=task.attempt + 1,
            claimed_by=actor.id,
            claimed_until=moment(now + LEASE),
        )
        after = dataclasses.replace(dossier, state=State.IN_REVIEW, outcome="", decision_key="", **made["before"])
        taken = {"decision": key, "by": actor.id, "at": moment(now), "undone_at": moment(now), "stage": stage}
        where, order = decided_list(task.office), f"{moment(now)}#{dossier.id}"
        records = [task_record(opened), Record(f"UNDONE#{key}", taken, queue=where, queue_order=order)]
        if made.get("hold"):
            records.append(Record(f"HOLD#{made['hold']}", {"undone": True}))
        return change(
            dossier,
            after,
            "stage.undone",
            actor=actor,
            now=now,
            details={"stage": stage},
            records=records,
            tallies=tallying.undone(task, made["counts"], datetime.fromisoformat(made["at"]), now),
            cancelled=[effect_id(dossier.id, made["version"], 0)],
        )

    dossier = commit(store, dossier_id, decide)
    return find_task(store, dossier_id, round_number, stage), dossier


def reopen(
    task_id: str, actor: Actor, reason: str, expected_version: int, *, store: DeskStore, clock: Clock
) -> Dossier:
    """A supervisor opens a decided dossier again, from the task of its last stage: a new round begins, registries and
    the law speak anew, and the applicant is told. The first decision is kept, and what it granted stands until the new
    round decides.

    Raises NotFound; Refused: not-a-supervisor, other-office, own-dossier, reason-missing, cannot-reopen, version-stale.
    """
    dossier_id, round_number, stage = split_task_id(task_id)

    def decide(dossier: Dossier) -> Change | None:
        task, now = find_task(store, dossier_id, round_number, stage), clock()
        refuse_supervisor(task, actor, reason)
        if dossier.owner == actor.id:
            raise Refused(problem("own-dossier"))
        decided = dossier.state in FINAL - {State.WITHDRAWN}
        if not decided or dossier.round != round_number or dossier.stage != stage:
            raise Refused(problem("cannot-reopen"))
        if not still_as_seen(store, dossier, expected_version):
            raise Refused(problem("version-stale"))
        fresh = dataclasses.replace(dossier, outcome="", total_vnd=None, closing_note=None, decision_key="")
        after, begin = ready_or_waiting(fresh)
        return change(
            dossier,
            after,
            "dossier.reopened",
            actor=actor,
            now=now,
            details={"stage": stage, "round": after.round},
            effects=[*begin, *notifications(after, "reopened")],
            records=[
                notice(after, "reopened", now),
                reason_record(dossier, "dossier.reopened", actor, reason, now),
            ],
        )

    return commit(store, dossier_id, decide)


def _may_undo(task: Task, dossier: Dossier, actor: Actor, now: datetime) -> bool:
    made = task.decision
    return bool(
        task.state == "decided"
        and made.get("by") == actor.id
        and made.get("undo_until")
        and now < datetime.fromisoformat(made["undo_until"])
        and dossier.state is State.DECIDED
        and (dossier.round, dossier.stage) == (task.round, task.stage)
    )
