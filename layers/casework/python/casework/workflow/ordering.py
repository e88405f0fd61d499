"""Papers are ordered with the change that calls for them: an effect that carries what was true then.

What an order says is enough to print the paper later, however often, with the same words. casework.workflow.issuing
carries it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from casework import procedures
from casework.document import Text
from casework.dossier import Dossier, EffectKind
from casework.forms import catalogue
from casework.forms.catalogue import FormKind
from casework.plain import to_plain
from casework.vietnam import working_days

Order = tuple[EffectKind, Mapping[str, Any]]


def order_receipt(dossier: Dossier, now: datetime) -> Order:
    """The receipt of a dossier just handed in, with the day by which all its stages are due."""
    due_on, days = _whole_way(dossier, now)
    data = {
        "papers": [document.document_type for document in dossier.live_documents],
        "received_at": now.isoformat(timespec="seconds"),
        "due_on": to_plain(due_on),
        "days": days,
    }
    return _order("receipt", dossier.office, now, data)


def order_supplement(dossier: Dossier, asks: Iterable[Text], now: datetime, office: str = "") -> Order:
    """The request to complete a dossier with these things; `office`: whose officer asks, the desk's by default."""
    return _order("supplement", office or dossier.office, now, {"asks": [to_plain(says) for says in asks]})


def order_not_accepted(dossier: Dossier, office: str, reason: str, now: datetime) -> Order:
    """The refusal to take a dossier, in the words of the officer who refused."""
    return _order("not_accepted", office, now, {"reason": reason, "reason_en": ""})


def order_apology(dossier: Dossier, stage: str, due_on: date, now: datetime) -> Order:
    """The apology for a stage that is late, with a new date."""
    new = working_days.add_working_days(working_days.received_on(now), catalogue.form("apology").more_working_days)
    data = {
        "stage": stage,
        "received_on": dossier.day_of_receipt.isoformat(),
        "due_on": due_on.isoformat(),
        "new_due_on": new.isoformat(),
    }
    return _order("apology", dossier.office, now, data)


def order_control_sheet(dossier: Dossier, now: datetime) -> Order:
    """The control sheet as it stands with the change that is being made."""
    return _order("control_sheet", dossier.office, now, {})


def order_decision(dossier: Dossier, office: str, now: datetime) -> Order:
    """The decision of the round and stage the dossier is in."""
    return _order("decision", office, now, {"round": dossier.round, "key": dossier.decision_key})


def order_scan(document_id: str, reading_key: str) -> Order:
    """The searchable PDF of a reading."""
    return "bind_scan", {"document_id": document_id, "reading_key": reading_key}


def _order(kind: FormKind, office: str, now: datetime, data: Mapping[str, Any]) -> Order:
    return "issue_paper", {"kind": kind, "office": office, "at": now.isoformat(timespec="seconds"), "data": dict(data)}


def _whole_way(dossier: Dossier, now: datetime) -> tuple[date | None, int | None]:
    """The day by which every stage of review is due one after the other, and their working days; (None, None) as soon
    as one has no time limit, None for the days where one is counted otherwise."""
    law = procedures.load(dossier.procedure, dossier.day_of_receipt)
    stages = [stage for stage in law.stages if stage.for_rule is None]  # those that every dossier passes
    day = working_days.received_on(now)
    for stage in stages:
        due_on = working_days.deadline(stage, day)
        if due_on is None:
            return None, None
        day = due_on
    counted = [stage.days for stage in stages if stage.unit == "working" and stage.days is not None]
    return day, sum(counted) if len(counted) == len(stages) else None
