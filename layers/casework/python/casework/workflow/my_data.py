"""One's own data: everything of a dossier as one file to take along, and erasing what nobody must keep.

A dossier that was never handed in can be erased: whom it names, what was declared, its files, pages and readings go;
what stays is that there was one, and the chain of what was done. What was handed in is kept as long as the law says:
its owner is told so. Making the file and deleting files are the bench's work, after the fact.
"""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

from casework.dossier import Actor, Applicant, Change, Document, Dossier, Record, State, change
from casework.errors import NotFound, Refused, problem
from casework.plain import to_plain
from casework.ports import Clock, DossierStore, FileStore, Outbox
from casework.shown import shown_name
from casework.workflow.commit import EXPORT_ORDERED, commit, still_as_seen
from casework.workflow.filing import upload_key
from casework.workflow.issuing import issued_papers
from casework.workflow.viewing import views

ERASED = "data.erased"
ORDER_AGAIN_AFTER = timedelta(minutes=10)
KEPT_FOR = timedelta(days=7)  # the bucket's rule for exports/
MOST_BYTES = 400 * 2**20  # unpacked; ten files of 20 MB, some of them sent again
_EXPORT = "EXPORT#"
_RECORDS = ("NOTICE#", "DECISION#", "ANSWER#", "VERDICT#")
_LEAVES = (State.DRAFT, State.PARKED, State.WITHDRAWN)


def order_export(dossier_id: str, actor: Actor, *, store: DossierStore, clock: Clock) -> Dossier:
    """Have the file made; ordered again within ten minutes it is the same one. Raises NotFound, also for what was
    erased."""

    def decide(dossier: Dossier) -> Change | None:
        _own(dossier, actor)
        if is_erased(dossier):
            raise NotFound(dossier_id)
        now = clock()
        last = store.record(dossier_id, f"{_EXPORT}ORDERED")
        if last and now - datetime.fromisoformat(last.data["at"]) < ORDER_AGAIN_AFTER:
            return None
        ordered = Record(f"{_EXPORT}ORDERED", {"at": now.isoformat(timespec="seconds")})
        work: list[tuple[Any, dict[str, Any]]] = [("export_data", {})]
        return change(dossier, dossier, EXPORT_ORDERED, actor=actor, now=now, effects=work, records=[ordered])

    return commit(store, dossier_id, decide)


def last_export(dossier_id: str, *, store: DossierStore, clock: Clock) -> dict[str, Any] | None:
    """{ordered_at, key, size_bytes} of the last file ordered; `key` is "" while it is being made. None for none that
    is still there."""
    ordered = store.record(dossier_id, f"{_EXPORT}ORDERED")
    if ordered is None or clock() - datetime.fromisoformat(ordered.data["at"]) > KEPT_FOR:
        return None
    made = store.record(dossier_id, f"{_EXPORT}MADE")
    current = made is not None and made.data["ordered_at"] == ordered.data["at"]
    data = made.data if made and current else {}
    return {
        "ordered_at": ordered.data["at"],
        "key": data.get("key", ""),
        "size_bytes": data.get("size_bytes", 0),
    }


def erase(
    dossier_id: str, actor: Actor, expected_version: int | None = None, *, store: DossierStore, clock: Clock
) -> Dossier:
    """Erase a dossier that was never handed in; again is harmless.

    Raises NotFound; Refused: kept-by-law, version-stale for a version long gone.
    """

    def decide(dossier: Dossier) -> Change | None:
        _own(dossier, actor)
        if is_erased(dossier):
            return None
        if dossier.received_on is not None or dossier.state not in _LEAVES:
            raise Refused(problem("kept-by-law", code=dossier.code))
        if expected_version is not None and not still_as_seen(store, dossier, expected_version):
            raise Refused(problem("version-stale"))
        bare = tuple(Document(document.id, "removed") for document in dossier.documents)
        after = dataclasses.replace(
            dossier, state=State.WITHDRAWN, applicant=Applicant(""), declared={}, documents=bare, request_sha256=""
        )
        work: list[tuple[Any, dict[str, Any]]] = [("erase_data", {})]
        details = {"papers": len(dossier.live_documents)}
        return change(dossier, after, ERASED, actor=actor, now=clock(), details=details, effects=work)

    return commit(store, dossier_id, decide)


def is_erased(dossier: Dossier) -> bool:
    """Whether nobody is named in a dossier any more."""
    return dossier.applicant == Applicant("")


def answer_request(
    dossier_id: str, effect_id: str, *, store: DossierStore, outbox: Outbox, files: FileStore, clock: Clock
) -> str:
    """Do the work of an effect: make the file, or delete files. Returns exported | overtaken | erased.

    Raises NotFound for what is no such effect.
    """
    pending = outbox.effect(dossier_id, effect_id)
    if pending is None or pending.effect.kind not in ("export_data", "erase_data"):
        raise NotFound(effect_id)
    dossier = store.load(dossier_id)
    if is_erased(dossier):  # an export that was ordered before shows nothing any more
        files.erase(dossier_id)
        return "erased"
    if pending.effect.kind == "erase_data":
        return "overtaken"
    ordered = store.record(dossier_id, f"{_EXPORT}ORDERED")
    packed, key = _packed(dossier, store, files), f"exports/{dossier_id}/{effect_id}.zip"
    files.put_bundle(key, packed)
    made = {"ordered_at": ordered.data["at"] if ordered else "", "key": key, "size_bytes": len(packed)}
    store.note(dossier_id, Record(f"{_EXPORT}MADE", {**made, "at": clock().isoformat(timespec="seconds")}))
    return "exported"


def _packed(dossier: Dossier, store: DossierStore, files: FileStore) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _told(dossier, store, files).items():
            archive.writestr(name, json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True))
        left = MOST_BYTES
        for name, fetch in _originals(dossier, files) + _papers(dossier, store, files):
            content = fetch()
            left -= len(content)
            if left < 0:
                raise ValueError(f"{dossier.id}: more than {MOST_BYTES} bytes to take along")
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)  # stored: papers do not shrink
    return packed.getvalue()


def _told(dossier: Dossier, store: DossierStore, files: FileStore) -> dict[str, Any]:
    """What is on record, as data: the dossier, what was read, what was decided, who did and who saw what."""
    shown = {name: value for name, value in to_plain(dossier).items() if name not in ("owner", "request_sha256")}
    told = {
        "ho-so.json": shown,
        "lich-su.json": to_plain(store.audit(dossier.id)),
        "ai-da-xem.json": to_plain(views(dossier.id, store=store)),
        "ghi-nhan.json": {r.key: r.data for prefix in _RECORDS for r in store.records(dossier.id, prefix)},
    }
    for number, document in enumerate(dossier.live_documents, 1):
        if document.reading_key:
            told[f"da-doc/{number:02d}.json"] = files.json(document.reading_key)
    if dossier.verdict_key:
        told["tham-tra.json"] = files.evidence(dossier.verdict_key)
    return told


def _originals(dossier: Dossier, files: FileStore) -> list[tuple[str, Any]]:
    """The files as they were sent: a number of ours before the name, so that no name decides where it lies."""
    found: list[tuple[str, Any]] = []
    for number, document in enumerate(dossier.live_documents, 1):
        for nth, upload in enumerate(document.uploads, 1):
            if upload.object_version:
                key = upload_key(dossier.id, document.id, upload.id)
                name = f"ban-goc/{number:02d}-{nth:02d}-{_file_name(upload.file_name)}"
                found.append((name, lambda key=key, version=upload.object_version: files.upload(key, version)))
    return found


def _papers(dossier: Dossier, store: DossierStore, files: FileStore) -> list[tuple[str, Any]]:
    return [
        (f"giay-to/{number:02d}-{paper.kind}.pdf", lambda key=paper.key: files.paper(key))
        for number, (_, paper) in enumerate(issued_papers(dossier.id, store=store), 1)
    ]


def _file_name(name: str) -> str:
    return "".join("_" if sign in '/\\:*?"<>|' else sign for sign in shown_name(name)).strip(". ")[-80:] or "tep"


def _own(dossier: Dossier, actor: Actor) -> None:
    """Somebody else's dossier answers like none at all."""
    if dossier.owner != actor.id:
        raise NotFound(dossier.id)
