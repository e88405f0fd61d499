"""Effects leave, failures are parked, what stands still is found.

The outbox is the only door: an effect is written with the change that causes it and carried out here, as often as
it takes. Starting and answering workflows may be repeated without harm. Messages may not: `telling` sees to those.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from casework.dossier import (
    FINAL,
    SYSTEM,
    Actor,
    Change,
    Document,
    Dossier,
    EffectKind,
    Record,
    State,
    change,
    derived_id,
)
from casework.errors import NotFound, Refused, problem
from casework.ports import Bench, Clock, DossierStore, Messenger, Outbox, PendingEffect, Texter, Workflows
from casework.vietnam.working_days import has_closed
from casework.workflow.commit import commit, still_as_seen
from casework.workflow.filing import close_task, ready_or_waiting
from casework.workflow.telling import tell_once

READ_DOCUMENT, PROCESS_DOSSIER = "read_document", "process_dossier"
STILL_AFTER = {  # how long a dossier may stand in a state that only a machine can end
    State.SUBMITTED: timedelta(hours=1),
    State.PROCESSING: timedelta(hours=2),
    State.DECIDED: timedelta(hours=1),
}


def deliver(
    dossier_id: str,
    effect_id: str,
    *,
    store: DossierStore,
    outbox: Outbox,
    workflows: Workflows,
    messenger: Messenger,
    texter: Texter,
    bench: Bench,
    public_url: str,
    clock: Clock,
) -> str:
    """Carry out one effect, if it is still to be done. Returns done | refused | maybe_sent | held | gone."""
    pending = outbox.effect(dossier_id, effect_id)
    if pending is None or pending.state in ("done", "refused", "maybe_sent"):
        return "gone"
    if pending.effect.not_before and clock() < datetime.fromisoformat(pending.effect.not_before):
        return "held"  # it may still be taken back; the sweep comes again
    if pending.effect.kind == "notify":
        return tell_once(
            pending, store=store, outbox=outbox, messenger=messenger, texter=texter, public_url=public_url, clock=clock
        )
    note = _carry_out(pending, store, workflows, bench)
    outbox.finish(pending, "done", clock(), note)
    return "done"


def park(
    dossier_id: str, document_id: str, execution: str, error: str, cause: str, *, store: DossierStore, clock: Clock
) -> str:
    """A workflow failed for good: the dossier waits for a person, who sees the cause. Returns the state."""

    def decide(dossier: Dossier) -> Change | None:
        key = f"FAILURE#{derived_id(execution)}"
        if dossier.state in FINAL or store.record(dossier.id, key) is not None:
            return None
        now = clock()
        failure = {
            "execution": execution,
            "document_id": document_id,
            "error": error[:200],
            "cause": cause[:2000],
            "was": dossier.state.value,
            "at": now.isoformat(timespec="seconds"),
        }
        after = dataclasses.replace(dossier, state=State.PARKED)
        details = {"error": error[:200], "execution": execution}
        record = Record(key, failure, once=True, queue="PARKED", queue_order=f"{failure['at']}#{dossier.id}#{key}")
        return change(dossier, after, "dossier.parked", actor=SYSTEM, now=now, details=details, records=[record])

    return commit(store, dossier_id, decide).state.value


def resume(
    dossier_id: str, actor: Actor, expected_version: int | None = None, *, store: DossierStore, clock: Clock
) -> Dossier:
    """An administrator takes a parked dossier back into the line, once what failed is mended; again does nothing.

    Papers that were being read are read again; a dossier that was handed in begins a new round, so that registries
    and the law speak anew. Its failures leave the queue of parked dossiers with who resolved them. Raises NotFound;
    Refused: not-an-administrator, version-stale.
    """
    if actor.role != "administrator":
        raise Refused(problem("not-an-administrator"))

    def decide(dossier: Dossier) -> Change | None:
        if dossier.state is not State.PARKED:
            if not store.records(dossier.id, "FAILURE#"):
                raise NotFound(dossier.id)  # never parked: none of an administrator's business
            return None
        if expected_version is not None and not still_as_seen(store, dossier, expected_version):
            raise Refused(problem("version-stale"))
        now = clock()
        unread = [document for document in dossier.live_documents if document.state == "received"]
        again: list[tuple[EffectKind, Mapping[str, Any]]] = [_read_again(dossier, document) for document in unread]
        if dossier.received_on is None:
            after = dataclasses.replace(dossier, state=State.DRAFT)
        else:
            after, begin = ready_or_waiting(dossier)
            again += begin
        resolved = {"resolved_by": actor.id, "resolved_at": now.isoformat(timespec="seconds")}
        failures = [record for record in store.records(dossier.id, "FAILURE#") if record.queue]
        records = [Record(failure.key, {**failure.data, **resolved}) for failure in failures]
        open_task, tallies = close_task(dossier, store)
        if open_task is not None:
            records.append(open_task)
        details = {"failures": len(failures), "papers_read_again": len(unread)}
        return change(
            dossier,
            after,
            "dossier.resumed",
            actor=actor,
            now=now,
            details=details,
            effects=again,
            records=records,
            tallies=tallies,
        )

    return commit(store, dossier_id, decide)


def stands_still(dossier: Dossier, now: datetime) -> bool:
    """Whether a dossier waits longer than it may for a machine, or past its deadline for an officer."""
    if dossier.state is State.IN_REVIEW:
        return dossier.due_on is not None and has_closed(dossier.due_on, now)
    if dossier.state is State.PARKED:
        return True
    limit = STILL_AFTER.get(dossier.state)
    return limit is not None and now - datetime.fromisoformat(dossier.touched_at) > limit


def _read_again(dossier: Dossier, document: Document) -> tuple[EffectKind, dict[str, Any]]:
    upload = next(u for u in reversed(document.uploads) if u.state == "received")
    name = f"{upload.id}-{derived_id(upload.object_version)[:8]}-again-{dossier.version + 1}"
    ids = {"dossier_id": dossier.id, "document_id": document.id, "upload_id": upload.id}
    return "start_reading", {"name": name, **ids, "object_version": upload.object_version}


def _carry_out(pending: PendingEffect, store: DossierStore, workflows: Workflows, bench: Bench) -> str:
    data: dict[str, Any] = dict(pending.effect.payload)
    match pending.effect.kind:
        case "start_reading":
            workflows.start(READ_DOCUMENT, data.pop("name"), data)
        case "start_processing":
            name = f"{pending.dossier_id}-r{data['round']}"
            workflows.start(PROCESS_DOSSIER, name, {"dossier_id": pending.dossier_id, **data})
        case "answer_task":
            if not workflows.answer(data["token"], {"stage": data["stage"]}):
                return _go_on_without(pending, store, workflows)
        case "issue_paper" | "bind_scan" | "export_data" | "erase_data" as work:
            bench.ask(work, pending.dossier_id, pending.effect.id)
        case other:
            raise ValueError(f"the outbox cannot carry out {other}")
    return ""


def _go_on_without(pending: PendingEffect, store: DossierStore, workflows: Workflows) -> str:
    """The workflow that waited is gone; the decision stands, so another goes on after it."""
    dossier = store.load(pending.dossier_id)
    if dossier.state is not State.DECIDED:
        return "nobody waited, and nothing was left to do"
    name = f"{pending.dossier_id}-r{dossier.round}-after-{pending.effect.id.rsplit('-', 2)[-2]}"
    data = {
        "dossier_id": dossier.id,
        "round": dossier.round,
        "registries": [],
        "begin_at": "RecordStage",
    }
    workflows.start(PROCESS_DOSSIER, name, data)
    return f"nobody waited; went on in {name}"
