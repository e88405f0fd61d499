"""Who works on a task: taken, kept, given back; taken away and given to somebody else by a supervisor.

A lease changes nothing of what an officer looks at: a version that moved by leases alone still counts as seen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime

from casework.dossier import Actor, Change, Dossier, change
from casework.errors import Refused, problem
from casework.interests import Profile, interest, refuse_interest
from casework.plain import from_plain
from casework.ports import Clock, DeskStore, FileStore
from casework.review import (
    ASSIGNED,
    LEASE,
    Task,
    refuse_decided,
    refuse_held,
    refuse_officer,
    refuse_phase,
    refuse_role,
)
from casework.workflow.commit import commit
from casework.workflow.tasks import find_task, moment, reason_record, split_task_id, verdict_of
from casework.worklist import Wanted, stretch, task_record

NEXT_TRIES = 10  # tasks looked at to find one that this officer may take
BUSY = frozenset({"task-decided", "claimed-by-another", "own-dossier", "conflict-of-interest",
                  "second-officer-needed", "supervisor-needed"})  # fmt: skip

Hold = Callable[[Task, Dossier, datetime], Task | None]


def claim(task_id: str, actor: Actor, *, store: DeskStore, files: FileStore, clock: Clock) -> tuple[Task, Dossier]:
    """Take a task for half an hour; taking it again extends the time.

    Raises NotFound; Refused: task-decided, claimed-by-another, conflict-of-interest, second-officer-needed,
    supervisor-needed, and what refuse_officer refuses.
    """
    profile = store.profile(actor.id)

    def hold(task: Task, dossier: Dossier, now: datetime) -> Task:
        refuse_officer(task, dossier, actor)
        refuse_decided(task)
        refuse_phase(task, actor)
        refuse_held(task, actor, now)
        refuse_interest(interest(actor, profile, dossier, verdict_of(dossier, files) if profile else None))
        since = task.claimed_at if task.claimed_by == actor.id and task.claimed_at else moment(now)
        return _held(task, actor.id, profile.name if profile else "", now + LEASE, since)

    return _lease(task_id, actor, "review.claimed", hold, store=store, clock=clock)


def claim_next(
    actor: Actor, wanted: Wanted, *, store: DeskStore, files: FileStore, clock: Clock
) -> tuple[Task, Dossier]:
    """Take the most urgent task nobody holds that this officer may decide: one query, then at most NEXT_TRIES tasks are
    looked at. Raises Refused: queue-empty."""
    page, _ = store.stretch(stretch(actor.office, wanted, clock(), free=True), "", NEXT_TRIES)
    for _, record in page:
        try:
            return claim(from_plain(Task, record.data).id, actor, store=store, files=files, clock=clock)
        except Refused as refused:
            if refused.problem.type not in BUSY:
                raise
    raise Refused(problem("queue-empty"))


def heartbeat(task_id: str, actor: Actor, *, store: DeskStore, clock: Clock) -> tuple[Task, Dossier]:
    """Keep a task one still works on; written only when half its time is over. Raises NotFound; Refused: lease-lost,
    task-decided."""

    def hold(task: Task, dossier: Dossier, now: datetime) -> Task | None:
        refuse_officer(task, dossier, actor)
        refuse_decided(task)
        if task.claimed_by != actor.id:
            raise Refused(problem("lease-lost", by=task.holder_name or task.claimed_by or "?"))
        if datetime.fromisoformat(task.claimed_until) - now > LEASE / 2:
            return None
        return _held(task, actor.id, task.holder_name, now + LEASE, task.claimed_at)

    return _lease(task_id, actor, "review.extended", hold, store=store, clock=clock)


def release(task_id: str, actor: Actor, *, store: DeskStore, clock: Clock) -> tuple[Task, Dossier]:
    """Give a task back to the queue. Raises NotFound; Refused: task-decided, claimed-by-another."""

    def hold(task: Task, dossier: Dossier, now: datetime) -> Task:
        refuse_officer(task, dossier, actor)
        refuse_decided(task)
        refuse_held(task, actor, now)
        return _held(task, "", "", None, "")

    return _lease(task_id, actor, "review.released", hold, store=store, clock=clock)


def unlock(task_id: str, actor: Actor, reason: str, *, store: DeskStore, clock: Clock) -> tuple[Task, Dossier]:
    """A supervisor takes a task from whoever holds it. Raises NotFound; Refused: not-a-supervisor, reason-missing,
    task-decided."""

    def hold(task: Task, dossier: Dossier, now: datetime) -> Task:
        refuse_supervisor(task, actor, reason)
        refuse_decided(task)
        return _held(task, "", "", None, "")

    return _lease(task_id, actor, "review.unlocked", hold, store=store, clock=clock, reason=reason)


def assign(
    task_id: str, actor: Actor, officer: str, reason: str, *, store: DeskStore, files: FileStore, clock: Clock
) -> tuple[Task, Dossier]:
    """A supervisor gives a task to an officer of the office, who need not hurry to take it.

    Raises NotFound; Refused: not-a-supervisor, reason-missing, officer-unknown, conflict-of-interest,
    second-officer-needed, task-decided.
    """
    profile = store.profile(officer)

    def hold(task: Task, dossier: Dossier, now: datetime) -> Task:
        refuse_supervisor(task, actor, reason)
        refuse_decided(task)
        if profile is None or profile.office != task.office:
            raise Refused(problem("officer-unknown"))
        receiver = Actor("officer", officer, profile.office)
        if officer in task.looked:
            refuse_phase(task, receiver)
        refuse_interest(interest(receiver, profile, dossier, verdict_of(dossier, files)))
        return _held(task, officer, profile.name, now + ASSIGNED, moment(now))

    return _lease(task_id, actor, "review.assigned", hold, store=store, clock=clock, reason=reason, to=officer)


def refuse_supervisor(task: Task, actor: Actor, reason: str) -> None:
    """Raises Refused: not-an-officer, other-office, not-a-supervisor, reason-missing."""
    refuse_role(task, actor)
    if actor.role != "supervisor":
        raise Refused(problem("not-a-supervisor"))
    if not reason.strip():
        raise Refused(problem("reason-missing"))


def officers(actor: Actor, *, store: DeskStore, limit: int = 100) -> list[Profile]:
    """The officers of a supervisor's office who have a profile. Raises Refused: not-a-supervisor."""
    if actor.role != "supervisor":
        raise Refused(problem("not-a-supervisor"))
    return store.officers(actor.office, limit)


def _held(task: Task, by: str, name: str, until: datetime | None, since: str) -> Task:
    ends = until.isoformat(timespec="seconds") if until else ""
    return dataclasses.replace(task, claimed_by=by, holder_name=name, claimed_until=ends, claimed_at=since)


def _lease(
    task_id: str,
    actor: Actor,
    action: str,
    hold: Hold,
    *,
    store: DeskStore,
    clock: Clock,
    reason: str = "",
    to: str = "",
) -> tuple[Task, Dossier]:
    dossier_id, round_number, stage = split_task_id(task_id)
    held: list[Task] = []

    def decide(dossier: Dossier) -> Change | None:
        task, now = find_task(store, dossier_id, round_number, stage), clock()
        after = hold(task, dossier, now)
        held[:] = [after or task]
        if after is None:
            return None
        details = {"stage": stage} | ({"to": to} if to else {})
        records = [task_record(after)]
        if reason:
            records.append(reason_record(dossier, action, actor, reason, now))
        return change(dossier, dossier, action, actor=actor, now=now, details=details, records=records)

    dossier = commit(store, dossier_id, decide)
    return held[0], dossier
