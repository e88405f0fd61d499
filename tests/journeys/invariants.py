"""The invariants every run must leave behind, checked over the tables, the mail that was accepted and the audit."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from typing import Any

from adapters.files import Buckets
from adapters.store import CaseTable
from casework.dossier import FINAL, chain_breaks
from casework.issued import paper_record_key
from casework.workflow import evidence, verifying
from moto.backends import get_backend

from infra.local.cloud import Cloud
from infra.local.template import ACCOUNT, REGION

PATIENCE_SECONDS = 60.0


def broken(cloud: Cloud, dossier_id: str) -> list[str]:
    """What does not hold for one dossier, in words; empty when it ended well."""
    store = table(cloud)
    papers = papers_amiss(cloud, dossier_id)
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
    twice += [text for text, sent in texts(dossier.code).items() if sent > 1]
    found += [f"notified twice: {what}" for what in twice]
    return found + papers


def unfounded(cloud: Cloud, dossier_id: str) -> list[str]:
    """What does not hold of the evidence of a dossier that was decided, with the place where."""
    names = [cloud.template.physical[f"{kind}Bucket"] for kind in ("Incoming", "Pages", "Evidence")]
    store, files = table(cloud), Buckets(cloud.client("s3"), *names)
    packed = evidence.bundle(store.load(dossier_id), store=store, files=files)
    checks = verifying.verify(evidence.unpack(packed)).checks
    return [f"{check.id}: {different}" for check in checks for different in check.differences]


def papers_amiss(cloud: Cloud, dossier_id: str) -> list[str]:
    """What is wrong with the papers ordered for a dossier, once those still being printed are done: each order has one
    paper, its PDF lies where it says and is the one it says."""
    store, ends = table(cloud), time.monotonic() + PATIENCE_SECONDS
    while True:
        effects = [record.data for record in store.records(dossier_id, "OUTBOX#")]
        ordered = {
            paper_record_key(int(effect["id"].rsplit("-", 2)[-2]), effect["payload"]["kind"])
            for effect in effects
            if effect["kind"] == "issue_paper"
        }
        made = {record.key: record.data for record in store.records(dossier_id, "PAPER#")}
        if set(made) == ordered or time.monotonic() > ends:
            break
        time.sleep(0.1)
    found = [f"ordered and never printed: {key}" for key in sorted(ordered - set(made))]
    found += [f"printed without an order: {key}" for key in sorted(set(made) - ordered)]
    if len({paper["token"] for paper in made.values()}) != len(made):
        found.append("two papers under one token")
    s3, bucket = cloud.client("s3"), cloud.template.physical["EvidenceBucket"]
    for key, paper in made.items():
        pdf = s3.get_object(Bucket=bucket, Key=paper["key"])["Body"].read()
        if hashlib.sha256(pdf).hexdigest() != paper["sha256"]:
            found.append(f"another file than it says: {key}")
    return found


def mails(code: str) -> Counter[str]:
    """Subjects of the mails about a dossier that the provider accepted, with how often."""
    sent: list[Any] = get_backend("sesv2")[ACCOUNT][REGION].core_backend.sent_messages
    return Counter(message.subject for message in sent if code in message.subject)


def texts(code: str) -> Counter[str]:
    """Text messages about a dossier that the provider accepted, with how often."""
    sent = get_backend("sns")[ACCOUNT][REGION].sms_messages
    return Counter(text for _, text in sent.values() if code in text)


def table(cloud: Cloud) -> CaseTable:
    return CaseTable(cloud.client("dynamodb"), cloud.template.physical["CasesTable"])
