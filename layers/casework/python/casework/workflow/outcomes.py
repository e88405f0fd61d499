"""A stage's decision is carried out: on to the next office, back to the applicant, or to the end.

The workflow calls these, and may die and come back at any point: what is on record decides what is next.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework import procedures
from casework.document import Text
from casework.dossier import SYSTEM, Change, Document, Dossier, Request, State, change
from casework.errors import IllegalTransition
from casework.ports import Clock, DossierStore
from casework.shown import shown_name
from casework.workflow.commit import commit
from casework.workflow.notices import notice, notifications
from casework.workflow.ordering import order_control_sheet, order_decision, order_not_accepted, order_supplement
from casework.workflow.tasks import standing_decision

FINAL_STATES = {
    "approve": State.APPROVED,
    "approve_in_part": State.PARTLY_APPROVED,
    "refuse": State.REFUSED,
}


def record_stage(dossier_id: str, round_number: int, *, store: DossierStore, clock: Clock) -> dict[str, Any]:
    """Carry out the stage's decision; answers what is next: {next: review | close | stop, stage, review_seconds}."""

    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number or dossier.state is not State.DECIDED or dossier.outcome in FINAL_STATES:
            return None
        now = clock()
        procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
        if dossier.outcome in ("send_on", "send_back"):
            back = dossier.outcome == "send_back"
            another = (procedure.stage_before if back else procedure.stage_after)(dossier.stage, dossier.way)
            after = dataclasses.replace(dossier, state=State.PROCESSING, stage=another.id, outcome="", decision_key="")
            details = {"stage": dossier.stage, "next": another.id}
            action = "stage.sent_back" if back else "stage.sent_on"
            sheet = [order_control_sheet(dossier, now)]
            return change(dossier, after, action, actor=SYSTEM, now=now, details=details, effects=sheet)
        decision = _decision(store, dossier)
        if dossier.outcome == "not_accept":
            return _not_accepted(dossier, decision, now)
        asks = asked(dossier, decision)
        after = dataclasses.replace(
            dossier,
            state=State.AWAITING_APPLICANT,
            outcome="",
            requests=(*dossier.requests, *asks),
        )
        order = order_supplement(dossier, [ask.says for ask in asks], now, decision["office"])
        return change(
            dossier,
            after,
            "applicant.asked",
            actor=SYSTEM,
            now=now,
            details={"stage": dossier.stage, "asks": len(after.open_requests)},
            effects=[*notifications(dossier, "asked"), order],
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
        plan = procedures.load(dossier.procedure, dossier.day_of_receipt).stage(dossier.stage)
        seconds = plan.review_seconds(now)
        return {"next": "review", "stage": dossier.stage, "review_seconds": seconds}
    return stop


def close_dossier(dossier_id: str, round_number: int, *, store: DossierStore, clock: Clock) -> str:
    """The decision takes effect and the applicant is told; the months were granted with it. Returns the state."""

    def decide(dossier: Dossier) -> Change | None:
        if dossier.round != round_number or dossier.state is not State.DECIDED or dossier.outcome not in FINAL_STATES:
            return None
        decision = _decision(store, dossier)
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
            effects=[
                *notifications(dossier, "decided"),
                order_decision(dossier, decision["office"], now),
                order_control_sheet(dossier, now),
            ],
            records=[notice(after, "decided", now)],
        )

    return commit(store, dossier_id, decide).state.value


def _not_accepted(dossier: Dossier, decision: Mapping[str, Any], now: datetime) -> Change:
    """The desk does not take the dossier: it ends here, nothing of it was examined, and the applicant is told why."""
    after = dataclasses.replace(
        dossier, state=State.REFUSED, outcome="", closing_note=Text(decision["reason"]), due_on=None
    )
    return change(
        dossier,
        after,
        "dossier.not_accepted",
        actor=SYSTEM,
        now=now,
        details={"stage": dossier.stage, "reason_code": decision["reason_code"]},
        effects=[
            *notifications(dossier, "not_accepted"),
            order_not_accepted(dossier, decision["office"], decision["reason"], now),
        ],
        records=[notice(after, "not_accepted", now)],
    )


def paper_called(document: Document) -> Text:
    """A paper as its applicant knows it: what it is, where that was read, and the name he gave its file."""
    from casework.reading.document_types import (
        document_types,
    )  # its files are wanted where something is asked for alone

    known, file = document_types().get(document.document_type), shown_name(document.file_name)
    return Text(f"{known.name_vi} ({file})", f"{known.name_en} ({file})") if known else Text(file, file)


def asked(dossier: Dossier, decision: Mapping[str, Any]) -> list[Request]:
    """The requests that follow from a decision to ask."""
    asks = []
    for ask in decision["request"]["asks"]:
        document = dossier.document(ask["document_id"])
        name, page = (paper_called(document) if document else Text("")), ask.get("page")
        where_vi = f"trang {page} của {name.vi}" if page else f"giấy tờ {name.vi}"
        where_en = f"page {page} of {name.en}" if page else f"the paper {name.en}"
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
    decision = standing_decision(dossier, store=store)
    if decision is None:
        raise IllegalTransition(f"{dossier.id} is decided without a decision on record")
    return decision
