"""What callers see: shapes of dossiers, papers, tasks. A task's token and a person's row of ours never leave."""

from datetime import date

from casework.checks import verdict_json
from casework.finding import Verdict
from casework.plain import from_plain, to_plain
from casework.review import Task
from casework.shown import shown_name
from casework.vietnam.working_days import has_closed
from casework.workflow.reading import load_reading


def dossier_view(dossier, store):
    """A dossier as its applicant sees it."""
    records = store.records(dossier.id, "NOTICE#")
    return {
        "id": dossier.id,
        "code": dossier.code,
        "procedure": dossier.procedure,
        "office": dossier.office,
        "state": dossier.state.value,
        "version": dossier.version,
        "round": dossier.round,
        "created_at": dossier.created_at,
        "received_on": to_plain(dossier.received_on),
        "applicant": to_plain(dossier.applicant),
        "declared": dossier.declared,
        "documents": [document_view(document) for document in dossier.live_documents],
        "requests": [request_view(number, request) for number, request in enumerate(dossier.requests, 1)],
        "route": dossier.route or None,
        "stage": dossier.stage or None,
        "due_on": to_plain(dossier.due_on),
        "decision": decision_view(dossier, store),
        "notices": [{"at": r.data["at"], **texts(r.data)} for r in records],
        "links": {
            "self": f"/v1/dossiers/{dossier.id}",
            "findings": f"/v1/dossiers/{dossier.id}/findings",
            "papers": f"/v1/dossiers/{dossier.id}/papers",
        },
    }


def texts(data):
    return {
        "event": data["event"],
        "vi": {"title": data["title"], "body": data["body"]},
        "en": {"title": data["title_en"], "body": data["body_en"]},
    }


def document_view(document):
    return {
        "document_id": document.id,
        "state": document.state,
        "file_name": shown_name(document.file_name),
        "document_type": document.document_type or None,
        "type_confidence": round(document.type_confidence, 4),
        "pages": [{"number": ref.number, "problem": to_plain(ref.problem)} for ref in document.pages],
        "problem": to_plain(document.problem),
        "uploads": [upload_view(upload) for upload in document.uploads],
    }


def upload_view(upload):
    shown = ("id", "size_bytes", "sha256", "media_type", "page", "state", "problem")
    plain = to_plain(upload)
    return {"file_name": shown_name(upload.file_name), **{name: plain[name] for name in shown}}


def reading_view(document, files):
    """A paper with what was read of it, and what the applicant says stands there, side by side."""
    reading = load_reading(document, files)
    fields = to_plain(reading.fields) if reading else {}
    return {
        **document_view(document),
        "fields": fields,
        "tables": to_plain(reading.tables) if reading else {},
        "corrections": to_plain(document.corrections),
    }


def request_view(number, request):
    return {
        "id": number,
        "kind": request.kind,
        "document_id": request.document_id or None,
        "page": request.page,
        "document_type": request.document_type or None,
        "rule": request.rule or None,
        "says": to_plain(request.says),
        "open": request.open,
        "unanswered": request.unanswered,
    }


def decision_view(dossier, store):
    """The decision once it has taken effect; before, nothing."""
    if dossier.total_vnd is None:
        return None
    record = store.record(dossier.id, f"DECISION#{dossier.round:03d}#{dossier.stage}")
    data = record.data
    return {
        "outcome": data["outcome"],
        "reason_code": data["reason_code"],
        "reason": data["reason"],
        "decided_at": data["at"],
        "office": data["office"],
        "rows": data["rows"],
        "total_vnd": data["total_vnd"],
    }


def findings_view(dossier, files):
    """The verdict of the last check with the people it speaks of, or None before the first."""
    if not dossier.verdict_key:
        return None
    kept = files.evidence(dossier.verdict_key)
    verdict = verdict_json(from_plain(Verdict, kept["verdict"]))
    for row in verdict["rows"]:
        row["name"] = kept["people"][row["key"]]["name"]
    return {
        **verdict,
        "route": dossier.route,
        "unavailable": kept["unavailable"],
        "contradictions": kept["contradictions"],
        "papers_about_nobody_listed": kept["strangers"],
    }


def task_view(task: Task, now):
    """A task in a list; who holds it, never its token."""
    plain = to_plain(task)
    late = task.overdue or (task.due_on and has_closed(date.fromisoformat(task.due_on), now))
    shown = ("dossier_id", "code", "procedure", "round", "stage", "office", "due_on", "route", "state", "overdue")
    return {
        "task_id": task.id,
        **{name: plain[name] for name in shown},
        "claimed_by": task.holder(now) or None,
        "claimed_until": task.claimed_until if task.holder(now) else None,
        "flags": ["overdue"] if late else [],
    }


def audit_view(entries):
    """A dossier's history: who did what and when."""
    return [
        {
            "sequence": entry.sequence,
            "at": entry.at,
            "action": entry.action,
            "actor": {"role": entry.actor.role, "id": entry.actor.id, "office": entry.actor.office or None},
            "details": entry.details,
        }
        for entry in entries
    ]
