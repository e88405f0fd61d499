"""What callers see: shapes of dossiers, papers, tasks. A task's token and a person's row of ours never leave."""

import dataclasses

from casework.checks import verdict_json
from casework.plain import to_plain
from casework.reading.doubts import in_both
from casework.review import Task
from casework.shown import shown_name
from casework.signals import kinds
from casework.workflow.granting import decided_rows
from casework.workflow.reading import load_reading
from casework.workflow.tasks import standing_decision
from casework.workflow.verdicts import read
from casework.worklist import flags, working_days_left

ROWS_AT_ONCE = 200  # people of a list in one answer


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
            "export": f"/v1/dossiers/{dossier.id}/export",
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
        "part_types": list(document.part_types),
        "remarks": to_plain(document.remarks),
        "pages": [{"number": ref.number, "problem": to_plain(ref.problem)} for ref in document.pages],
        "problem": to_plain(document.problem),
        "uploads": [upload_view(upload) for upload in document.uploads],
    }


def upload_view(upload):
    shown = ("id", "size_bytes", "sha256", "media_type", "page", "state", "problem")
    plain = to_plain(upload)
    return {"file_name": shown_name(upload.file_name), **{name: plain[name] for name in shown}}


def reading_view(document, files, first_row=1):
    """A paper with what was read of it, and what the applicant says stands there, side by side. Of a long list the rows
    from `first_row`."""
    reading = load_reading(document, files)
    fields = fields_view(reading.fields) if reading else {}
    tables = reading.tables if reading else {}
    return {
        **document_view(document),
        "fields": fields,
        "tables": {
            name: [fields_view(row) for row in rows[first_row - 1 : first_row - 1 + ROWS_AT_ONCE]]
            for name, rows in tables.items()
        },
        "table_rows": {name: len(rows) for name, rows in tables.items()},
        "confidence_version": reading.confidence_version if reading else None,
        "parts": [part_view(part) for part in reading.parts] if reading else [],
        "corrections": to_plain(document.corrections),
    }


def fields_view(fields):
    """Fields with their evidence; why one is doubtful stands in both languages."""
    return {name: to_plain(field) | {"doubts": to_plain(in_both(field.doubts))} for name, field in fields.items()}


def part_view(part):
    """One of several papers in a file: its pages and fields, and how many rows its tables have."""
    return {
        "document_type": part.document_type,
        "type_confidence": round(part.type_confidence, 4),
        "pages": list(part.pages),
        "fields": fields_view(part.fields),
        "table_rows": {name: len(rows) for name, rows in part.tables.items()},
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
    """The decision once it has taken effect; before, nothing. A long list's people are on the pages of findings."""
    if dossier.total_vnd is None:
        return None
    data = standing_decision(dossier, store=store)
    return {
        "outcome": data["outcome"],
        "reason_code": data["reason_code"],
        "reason": data["reason"],
        "decided_at": data["at"],
        "office": data["office"],
        "rows": data.get("rows", []),
        "rows_total": data["approved"] + data["refused"],
        "approved": data["approved"],
        "refused": data["refused"],
        "by_month": data["by_month"],
        "total_vnd": data["total_vnd"],
        "total_words": data["total_words"],
    }


def findings_view(dossier, store, files, *, after="", limit=ROWS_AT_ONCE, verdict=""):
    """The verdict of the last check with the people it speaks of and what was decided of them, or None before the
    first. (view, where the next page of people begins). verdict: only people of whom the rules say this."""
    if not dossier.verdict_key:
        return None, ""
    kept = files.evidence(dossier.verdict_key)
    whole = read(kept)
    chosen = [(n, row) for n, row in enumerate(whole.rows) if not verdict or row.verdict == verdict]
    rest = [(n, row) for n, row in chosen if not after or n > int(after)]
    page = rest[:limit]
    shown = verdict_json(dataclasses.replace(whole, rows=tuple(row for _, row in page)))
    decided = decided_of(dossier, store, files) if page else {}
    for row in shown["rows"]:
        row["name"] = kept["people"].get(row["key"], {}).get("name", "")
        row["decision"] = decided.get(row["key"])
    view = {
        **shown,
        "route": dossier.route,
        "rows_total": len(whole.rows),
        "rows_chosen": len(chosen),
        "unavailable": kept["unavailable"],
        "contradictions": [*kept["contradictions"], *kept.get("conflicts", [])],
        "papers_about_nobody_listed": kept["strangers"],
        "confirmations": kept["confirmations"],
        "rulebook": kept["rulebook"],
    }
    return view, str(page[-1][0]) if len(rest) > limit else ""


def decided_of(dossier, store, files):
    """By key, what was decided of each person; empty before the decision."""
    decision = standing_decision(dossier, store=store)
    rows = decided_rows(decision, files) if decision else []
    return {row["key"]: {name: value for name, value in row.items() if name not in ("key", "name")} for row in rows}


def task_view(task: Task, now, actor=None):
    """A task in a list; who holds it, never its token."""
    plain = to_plain(task)
    held_by = task.holder(now)
    shown = ("dossier_id", "code", "procedure", "round", "stage", "office", "due_on", "route", "state", "overdue")
    shown += ("phase", "lap", "entered_at", "applicant", "people")
    return {
        "task_id": task.id,
        **{name: plain[name] for name in shown},
        "working_days_left": working_days_left(task, now),
        "flags": flags(task, now) if task.state == "open" else [],
        "claimed_by": held_by or None,
        "holder_name": (task.holder_name or None) if held_by else None,
        "claimed_until": task.claimed_until if held_by else None,
        "mine": bool(actor and held_by == actor.id),
        "undo_until": task.decision.get("undo_until"),
    }


def signal_view(one):
    """A reason to look, as officers see it: what was seen, where, what to look at, and who found nothing in it."""
    kind = kinds()[one.kind]
    return {**to_plain(one), "group": kind.group, "title": to_plain(kind.title), "look": to_plain(kind.look)}


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
