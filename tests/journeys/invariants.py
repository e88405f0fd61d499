"""The invariants every run must leave behind, checked over the tables, the mail that was accepted and the audit."""

from __future__ import annotations

from collections import Counter
from typing import Any

from adapters.store import CaseTable
from casework.dossier import FINAL, chain_breaks
from moto.backends import get_backend

from infra.local.cloud import Cloud
from infra.local.template import ACCOUNT, REGION


def broken(cloud: Cloud, dossier_id: str) -> list[str]:
    """What does not hold for one dossier, in words; empty when it ended well."""
    store = table(cloud)
    dossier = store.load(dossier_id)
    found = [] if dossier.state in FINAL else [f"lost: still {dossier.state}"]
    found += [f"audit: {what}" for what in chain_breaks(store.audit(dossier_id), dossier.audit_hash)]
    closings = [entry for entry in store.audit(dossier_id) if entry.action == "dossier.closed"]
    decided = [entry.details["stage"] for entry in store.audit(dossier_id) if entry.action == "stage.decided"]
    if len(closings) != 1 or len(decided) != len(set(decided)):
        found.append(f"decided twice: {len(closings)} closings, stages {decided}")
    records = store.records(dossier_id, "DECISION#")
    if len(records) != len(decided):
        found.append(f"{len(decided)} decisions in the audit, {len(records)} on record")
    twice = [subject for subject, sent in mails(dossier.code).items() if sent > 1]
    found += [f"notified twice: {subject}" for subject in twice]
    return found


def mails(code: str) -> Counter[str]:
    """Subjects of the mails about a dossier that the provider accepted, with how often."""
    sent: list[Any] = get_backend("sesv2")[ACCOUNT][REGION].core_backend.sent_messages
    return Counter(message.subject for message in sent if code in message.subject)


def table(cloud: Cloud) -> CaseTable:
    return CaseTable(cloud.client("dynamodb"), cloud.template.physical["CasesTable"])
