"""Histories of officers who decide at the same time, and what must be true of every one of them.

A history is what was asked and what was answered, with when each began and ended; the checker holds it against what is
on record. A stage is a register that is written once: whoever is told that another was first must have been answered
after that other one began, and nobody's words may be lost.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from casework.dossier import chain_breaks
from casework.workflow import tasks

KEEPS_WORDS = {"task-decided", "claimed-by-another", "version-stale"}


@dataclass(frozen=True)
class Event:
    """One request of one officer: what he sent, what came back, and when (monotonic seconds)."""

    officer: str
    verb: str
    task_id: str
    sent: dict[str, Any]
    began: float
    ended: float
    status: int
    answer: dict[str, Any]

    @property
    def slug(self) -> str:
        return str(self.answer.get("type", "")).rsplit("/", 1)[-1]


@dataclass
class History:
    """Events as they come in, from several threads."""

    events: list[Event] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(
        self, officer: str, verb: str, task_id: str, sent: dict[str, Any], act: Callable[[], tuple[int, dict[str, Any]]]
    ) -> Event:
        began = time.monotonic()
        status, answer = act()
        event = Event(officer, verb, task_id, sent, began, time.monotonic(), status, answer)
        with self._lock:
            self.events.append(event)
        return event


def at_once(acts: Sequence[Callable[[], Any]]) -> None:
    """All of them, begun at one moment."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        start.wait()
        act()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def broken(history: History, store: Any, task_ids: Sequence[str]) -> list[str]:
    """What does not hold, in words; empty for a history as it should be."""
    return [found for task_id in task_ids for found in _broken(history, store, task_id)]


def _broken(history: History, store: Any, task_id: str) -> list[str]:
    events = [event for event in history.events if event.task_id == task_id]
    task, dossier = tasks.load_task(task_id, store=store)
    chain = store.audit(dossier.id)
    entries = [entry for entry in chain if entry.sequence <= dossier.version]  # the workflow goes on meanwhile
    found = [f"{task_id}: audit: {what}" for what in chain_breaks(entries, dossier.audit_hash)]
    found += [f"{task_id}: {event.verb} answered {event.status}" for event in events if event.status >= 500]
    decided = [entry for entry in entries if entry.action == "stage.decided"]
    undone = [entry for entry in entries if entry.action == "stage.undone"]
    made = tasks.decisions(dossier.id, store=store)
    if not len(undone) <= len(decided) <= len(undone) + 1 or len(made) != len(decided):
        found.append(f"{task_id}: {len(decided)} decisions, {len(undone)} taken back, {len(made)} on record")
    standing = [decision for decision in made if "undone" not in decision]
    if len(standing) > 1 or (task.state == "decided") != (len(standing) == 1):
        found.append(f"{task_id}: {task.state} with {len(standing)} decisions that stand")
    taken = [event for event in events if event.verb == "decision" and event.status == 200]
    by_audit = sorted(entry.actor.id for entry in decided)
    if set(by_audit) != {event.officer for event in taken}:
        found.append(f"{task_id}: decided by {by_audit}, answered so to {sorted({e.officer for e in taken})}")
    for event in taken:
        said = [decision for decision in made if decision["by"] == event.officer]
        if event.answer["decision"] and event.sent["reason"] not in {decision["reason"] for decision in said}:
            found.append(f"{task_id}: {event.officer} was told of a decision that is not his")
    for event in events:
        if event.verb == "decision" and event.status != 200:
            found += _loser(event, taken, task, store)
    return found


def _loser(event: Event, taken: Sequence[Event], task: Any, store: Any) -> list[str]:
    """Who was late is told who was first and when, which was not before that one began; his words are kept."""
    found, where = [], f"{event.task_id}: {event.officer}"
    if event.slug not in KEEPS_WORDS:
        return [f"{where}: {event.status} {event.slug}"]
    if event.slug == "task-decided" and not any(other.officer in event.answer["detail"] for other in taken):
        found.append(f"{where} is not told who: {event.answer['detail']}")
    if event.slug == "task-decided" and taken and event.ended < min(other.began for other in taken):
        found.append(f"{where} was told of a decision before anybody began one")
    if event.answer.get("kept", {}).get("reason") != event.sent["reason"]:
        found.append(f"{where} lost his words")
    kept = store.record(task.dossier_id, f"DRAFT#{task.round:03d}#{task.stage}#{event.officer}")
    sent = {other.sent["reason"] for other in [event, *taken]} | {event.sent["reason"]}
    if kept is None or (kept.data["words"]["reason"] not in sent and event.officer not in {t.officer for t in taken}):
        found.append(f"{where}: no draft of his is kept")
    return found
