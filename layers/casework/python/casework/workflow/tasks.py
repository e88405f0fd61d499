"""Tasks as they are on record: by id, with their dossier, with what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.dossier import Actor, Dossier, Record
from casework.errors import NotFound
from casework.plain import from_plain
from casework.ports import Clock, DeskStore, DossierStore, FileStore
from casework.review import Task, refuse_role, task_key
from casework.workflow.viewing import note_view


def split_task_id(task_id: str) -> tuple[str, int, str]:
    """(dossier id, round, stage). Raises NotFound for what is no task id."""
    parts = re.fullmatch(r"([0-9a-z]+)\.([0-9]{1,6})\.([a-z_]+)", task_id)
    if parts is None:
        raise NotFound("no task id")
    return parts[1], int(parts[2]), parts[3]


def find_task(store: DossierStore, dossier_id: str, round_number: int, stage: str) -> Task:
    """Raises NotFound."""
    record = store.record(dossier_id, task_key(round_number, stage))
    if record is None:
        raise NotFound(f"{dossier_id}.{round_number}.{stage}")
    return from_plain(Task, record.data)


def load_task(task_id: str, *, store: DossierStore) -> tuple[Task, Dossier]:
    """Raises NotFound."""
    dossier_id, round_number, stage = split_task_id(task_id)
    return find_task(store, dossier_id, round_number, stage), store.load(dossier_id)


def look(task_id: str, actor: Actor, *, store: DeskStore, clock: Clock) -> tuple[Task, Dossier]:
    """Open a task to look at it, which is noted. Raises NotFound; Refused: not-an-officer, other-office."""
    task, dossier = load_task(task_id, store=store)
    refuse_role(task, actor)
    note_view(dossier, actor, "task", store=store, clock=clock, why=task.stage)
    return task, dossier


def decision_key(task: Task) -> str:
    """The record of a decision on a task: every attempt has its own, and none is ever overwritten."""
    again = f"#{task.attempt:03d}" if task.attempt > 1 else ""
    return f"DECISION#{task.round:03d}#{task.stage}{again}"


def look_key(task: Task, number: int) -> str:
    """The record of one of the decisions that are compared."""
    return f"LOOK#{task.round:03d}#{task.stage}#{task.attempt:03d}#{number}"


def looks(task: Task, *, store: DossierStore) -> list[dict[str, Any]]:
    """The decisions that were made unseeing of each other, first to last."""
    return [record.data for record in store.records(task.dossier_id, look_key(task, 0)[:-1])]


def standing_decision(dossier: Dossier, *, store: DossierStore) -> dict[str, Any] | None:
    """The decision that stands for the dossier's stage, or None."""
    record = store.record(dossier.id, dossier.decision_key) if dossier.decision_key else None
    return record.data if record else None


def decisions(dossier_id: str, *, store: DossierStore) -> list[dict[str, Any]]:
    """Every decision ever made on a dossier, oldest first; one taken back says so (`undone`)."""
    undone = {record.data["decision"]: record.data for record in store.records(dossier_id, "UNDONE#")}
    found = [
        {**record.data, "undone": undone[record.key]} if record.key in undone else record.data
        for record in store.records(dossier_id, "DECISION#")
    ]
    return sorted(found, key=lambda decision: str(decision["at"]))


def verdict_of(dossier: Dossier, files: FileStore) -> Mapping[str, Any] | None:
    """What its last check kept, or None before the first."""
    return files.evidence(dossier.verdict_key) if dossier.verdict_key else None


# -- what an officer wrote and did not send ---------------------------------------------------------------------------


def keep_draft(task_id: str, actor: Actor, words: Mapping[str, Any], *, store: DossierStore, clock: Clock) -> None:
    """Keep what an officer wrote on a task, as he left it. Raises NotFound; Refused: not-an-officer, other-office."""
    task, _ = load_task(task_id, store=store)
    refuse_role(task, actor)
    data = {"at": moment(clock()), "words": dict(words)}
    store.note(task.dossier_id, Record(_draft_key(task, actor), data))


def draft(task: Task, actor: Actor, *, store: DossierStore) -> dict[str, Any] | None:
    """{at, words} as they were kept, or None."""
    record = store.record(task.dossier_id, _draft_key(task, actor))
    return record.data if record else None


def _draft_key(task: Task, actor: Actor) -> str:
    return f"DRAFT#{task.round:03d}#{task.stage}#{actor.id}"


def moment(now: datetime) -> str:
    return now.isoformat(timespec="seconds")


def reason_record(dossier: Dossier, action: str, actor: Actor, reason: str, now: datetime) -> Record:
    """Why somebody did what changes a dossier; beside the audit, which holds nobody's words."""
    data = {"action": action, "by": actor.id, "office": actor.office, "at": moment(now), "reason": reason}
    return Record(f"REASON#{dossier.version + 1:08d}", data, once=True)
