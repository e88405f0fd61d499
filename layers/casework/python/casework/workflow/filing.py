"""An applicant's way: draft, papers, corrections, submission, withdrawal."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from casework import procedures
from casework.document import DocumentId, FieldValue, UploadId
from casework.dossier import (
    FINAL,
    Actor,
    Change,
    Correction,
    Document,
    Dossier,
    EffectKind,
    Record,
    State,
    Upload,
    change,
    derived_id,
    vietnam_day,
)
from casework.errors import NotFound, Refused, StaleVersion, problem
from casework.offices import area_of
from casework.plain import from_plain
from casework.ports import Clock, DossierStore, FileStore, UploadGrant
from casework.review import Task, task_key
from casework.tallies import Tally, taken_back
from casework.workflow.admission import (
    FileToCome,
    FileToSend,
    Filing,
    refuse_corrections,
    refuse_filing,
    refuse_limits,
    refuse_upload,
)
from casework.workflow.commit import commit, still_as_seen
from casework.workflow.looking_up import code_record
from casework.workflow.notices import notice, notifications
from casework.workflow.ordering import order_receipt
from casework.worklist import standing


def file_dossier(filing: Filing, actor: Actor, key: str, *, store: DossierStore, clock: Clock) -> Dossier:
    """Begin a dossier in state draft; the same key again gives the same dossier.

    Raises Refused: consent-missing, procedure-unknown, fact-unknown, fact-not-valid, idempotency-mismatch.
    """
    now = clock()
    if not filing.consent:
        raise Refused(problem("consent-missing"))
    refuse_filing(filing, now)
    dossier_id = derived_id("dossier", actor.id, key)
    content = json.dumps(dataclasses.asdict(filing), ensure_ascii=False, sort_keys=True)
    sha256 = hashlib.sha256(content.encode("utf-8")).hexdigest()
    try:
        return _same_request(store.load(dossier_id), sha256)
    except NotFound:
        pass
    day = vietnam_day(now)
    agency = area_of(filing.office)
    number = store.next_number(agency, day)
    dossier = Dossier(
        id=dossier_id,
        code=f"{agency}-{day:%y%m%d}-{number:04d}",
        procedure=filing.procedure,
        office=filing.office,
        owner=actor.id,
        applicant=filing.applicant,
        declared=dict(filing.declared),
        created_at=now.isoformat(timespec="milliseconds"),
        request_sha256=sha256,
    )
    details = {"procedure": filing.procedure}
    found_by = [code_record(dossier)]
    begun = change(None, dossier, "dossier.filed", actor=actor, now=now, details=details, records=found_by)
    try:
        store.commit(begun)
    except StaleVersion:  # the same request arrived twice at once: the other one made it
        return _same_request(store.load(dossier_id), sha256)
    return begun.after


def add_document(
    dossier_id: str,
    file: FileToSend | FileToCome,
    actor: Actor,
    key: str,
    *,
    store: DossierStore,
    files: FileStore,
    clock: Clock,
) -> tuple[Document, Upload, UploadGrant]:
    """Announce a paper; the answer lets the file be sent straight to the store within ten minutes.

    Raises NotFound; Refused: the file's limits, too-many-files, duplicate-document, dossier-not-open.
    """
    document_id = DocumentId(derived_id("document", dossier_id, key))
    return _announce(dossier_id, document_id, file, actor, key, store=store, files=files, clock=clock, new=True)


def add_upload(
    dossier_id: str,
    document_id: str,
    file: FileToSend | FileToCome,
    actor: Actor,
    key: str,
    *,
    store: DossierStore,
    files: FileStore,
    clock: Clock,
) -> tuple[Document, Upload, UploadGrant]:
    """Send a whole paper again, one page of it (`file.page`), or further pages (`file.adds`).

    Raises as add_document, and page-unknown."""
    document = DocumentId(document_id)
    return _announce(dossier_id, document, file, actor, key, store=store, files=files, clock=clock, new=False)


def grant_again(
    dossier_id: str,
    document_id: str,
    upload_id: str,
    actor: Actor,
    back_to: str,
    *,
    store: DossierStore,
    files: FileStore,
) -> UploadGrant:
    """The form for an upload that was announced: nothing came yet, or what came was refused. Changes nothing.

    Raises NotFound; Refused: dossier-not-open.
    """
    dossier = store.load(dossier_id)
    document = _own_document(dossier, actor, document_id)
    if document.state == "removed" or document.upload(upload_id) is None:
        raise NotFound(upload_id)
    if dossier.state not in (State.DRAFT, State.AWAITING_APPLICANT):
        raise Refused(problem("dossier-not-open"))
    return files.grant_form(upload_key(dossier_id, document_id, upload_id), back_to)


def remove_document(
    dossier_id: str,
    document_id: str,
    actor: Actor,
    expected_version: int | None = None,
    *,
    store: DossierStore,
    clock: Clock,
) -> Dossier:
    """Take a paper out of a draft, or out of any open dossier one of which nothing ever came.

    Raises NotFound; Refused: dossier-not-open, version-stale.
    """

    def decide(dossier: Dossier) -> Change | None:
        document = _own_document(dossier, actor, document_id)
        if document.state == "removed":
            return None
        if dossier.state is not State.DRAFT and not document.only_expected:
            raise Refused(problem("dossier-not-open"))
        _expect(dossier, expected_version, store)
        gone = dataclasses.replace(document, state="removed")
        after = dossier.with_document(gone)
        return change(dossier, after, "document.removed", actor=actor, now=clock(), details={"document": document_id})

    return commit(store, dossier_id, decide)


def correct(
    dossier_id: str,
    document_id: str,
    values: Mapping[str, FieldValue],
    actor: Actor,
    expected_version: int,
    *,
    store: DossierStore,
    clock: Clock,
) -> Dossier:
    """Note what the applicant says a field should be; the paper's own reading stays beside it.

    Raises NotFound; Refused: dossier-not-open, version-stale, field-unknown, fact-not-valid.
    """

    def decide(dossier: Dossier) -> Change:
        document = _own_document(dossier, actor, document_id)
        if document.state == "removed":
            raise NotFound(document_id)
        _expect(dossier, expected_version, store)
        if dossier.state not in (State.DRAFT, State.AWAITING_APPLICANT):
            raise Refused(problem("dossier-not-open"))
        refuse_corrections(values)
        now = clock()
        added = {name: Correction(value, actor.id, now.isoformat(timespec="seconds")) for name, value in values.items()}
        after = dossier.with_document(dataclasses.replace(document, corrections={**document.corrections, **added}))
        details = {"document": document_id, "fields": sorted(values)}
        return change(dossier, after, "document.corrected", actor=actor, now=now, details=details)

    return commit(store, dossier_id, decide)


def submit(
    dossier_id: str, actor: Actor, expected_version: int | None, *, store: DossierStore, clock: Clock
) -> Dossier:
    """Hand the dossier in. It is processed as soon as all its papers are read: at once, or by the last reading.

    Submitting again what is already on its way changes nothing. A dossier waiting for the applicant goes on with
    what is there. Raises NotFound; Refused: no-documents, upload-unfinished, dossier-not-open, version-stale.
    """

    def decide(dossier: Dossier) -> Change | None:
        _own(dossier, actor)
        if dossier.state in (State.SUBMITTED, State.PROCESSING, State.IN_REVIEW):
            return None
        if dossier.state not in (State.DRAFT, State.AWAITING_APPLICANT):
            raise Refused(problem("dossier-not-open"))
        _expect(dossier, expected_version, store)
        papers = [d for d in dossier.live_documents if not d.only_expected]
        if not papers:
            raise Refused(problem("no-documents"))
        unfinished = [d.file_name for d in papers if d.state == "awaiting_upload"]
        if unfinished:
            raise Refused(problem("upload-unfinished", files=", ".join(unfinished)))
        now = clock()
        if dossier.received_on is None:
            dossier_received = dataclasses.replace(dossier, received_on=vietnam_day(now))
        else:
            dossier_received = dossier
        after, effects = ready_or_waiting(dossier_received)
        records = [notice(after, "received", now)] if dossier.state is State.DRAFT else []
        mail: list[tuple[EffectKind, Mapping[str, Any]]] = []
        if records:
            mail = [*notifications(dossier, "received"), order_receipt(after, now)]
        return change(
            dossier, after, "dossier.submitted", actor=actor, now=now, effects=[*effects, *mail], records=records
        )

    return commit(store, dossier_id, decide)


def withdraw(
    dossier_id: str, actor: Actor, expected_version: int | None = None, *, store: DossierStore, clock: Clock
) -> Dossier:
    """Take the dossier back, any time before a decision; again is harmless.

    Raises NotFound; Refused: dossier-decided, version-stale.
    """

    def decide(dossier: Dossier) -> Change | None:
        _own(dossier, actor)
        if dossier.state is State.WITHDRAWN:
            return None
        if dossier.state in FINAL or dossier.state is State.DECIDED:
            raise Refused(problem("dossier-decided"))
        _expect(dossier, expected_version, store)
        now = clock()
        task, tallies = close_task(dossier, store)
        effects: list[tuple[EffectKind, Mapping[str, Any]]] = []
        if task is not None:
            effects.append(("answer_task", {"token": task.data["token"], "stage": dossier.stage}))
        after = dataclasses.replace(dossier, state=State.WITHDRAWN)
        records = [task] if task else []
        return change(
            dossier,
            after,
            "dossier.withdrawn",
            actor=actor,
            now=now,
            effects=effects,
            records=records,
            tallies=tallies,
        )

    return commit(store, dossier_id, decide)


def close_task(dossier: Dossier, store: DossierStore) -> tuple[Record | None, list[Tally]]:
    """The dossier's open task, taken out of its queue because nobody needs to decide it any more, and what that takes
    from the counts; (None, []) without one."""
    task = store.record(dossier.id, task_key(dossier.round, dossier.stage)) if dossier.stage else None
    if task is None or task.data["state"] != "open":
        return None, []
    gone = list(taken_back(standing(from_plain(Task, task.data))))
    return Record(task.key, {**task.data, "state": "withdrawn"}), gone


def ready_or_waiting(dossier: Dossier) -> tuple[Dossier, list[tuple[EffectKind, Mapping[str, Any]]]]:
    """A handed-in dossier goes to processing when its papers are all read, and else waits for the last one."""
    if not dossier.papers_settled:
        return dataclasses.replace(dossier, state=State.SUBMITTED), []
    procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
    after = dataclasses.replace(dossier, state=State.PROCESSING, round=dossier.round + 1, stage="", due_on=None)
    begin = {
        "round": after.round,
        "registries": [need.name for need in procedure.registries],
        "begin_at": "ConsultRegistries",
    }
    return after, [("start_processing", begin)]


def _announce(
    dossier_id: str,
    document_id: DocumentId,
    file: FileToSend | FileToCome,
    actor: Actor,
    key: str,
    *,
    store: DossierStore,
    files: FileStore,
    clock: Clock,
    new: bool,
) -> tuple[Document, Upload, UploadGrant]:
    upload_id = UploadId(derived_id("upload", dossier_id, document_id, key))
    fresh = Upload(upload_id, file.file_name, 0, "", "", file.page, told=False, adds=file.adds)
    if isinstance(file, FileToSend):
        refuse_limits(file)
        about = (file.size_bytes, file.sha256, file.media_type, file.page)
        fresh = Upload(upload_id, file.file_name, *about, adds=file.adds)

    def decide(dossier: Dossier) -> Change | None:
        _own(dossier, actor)
        document = dossier.document(document_id)
        if not new and (document is None or document.state == "removed"):
            raise NotFound(document_id)
        document = document or Document(document_id)
        if document.state == "removed":
            raise Refused(problem("document-removed"))
        known = document.upload(upload_id)
        if known is not None:
            if _announced(known) != _announced(fresh):
                raise Refused(problem("idempotency-mismatch"))
            return None
        refuse_upload(dossier, document, file)
        whole = file.page is None and not file.adds and fresh.told  # of a form that was opened nothing may ever come
        state = "awaiting_upload" if whole else document.state
        announced = dataclasses.replace(document.with_upload(fresh), state=state)
        after = dossier.with_document(announced)
        details = {"document": document_id, "upload": upload_id, "bytes": fresh.size_bytes, "page": file.page}
        return change(dossier, after, "upload.announced", actor=actor, now=clock(), details=details)

    dossier = commit(store, dossier_id, decide)
    document = dossier.document(document_id)
    upload = document.upload(upload_id) if document else None
    if document is None or upload is None:
        raise NotFound(document_id)
    location = upload_key(dossier_id, document_id, upload_id)
    if isinstance(file, FileToCome):
        return document, upload, files.grant_form(location, file.back_to)
    return document, upload, files.grant_upload(location, file.size_bytes, file.sha256, file.media_type)


def upload_key(dossier_id: str, document_id: str, upload_id: str) -> str:
    """Where the bytes of an upload lie: our own ids only, never the applicant's file name."""
    return f"uploads/{dossier_id}/{document_id}/{upload_id}"


def _same_request(dossier: Dossier, sha256: str) -> Dossier:
    if dossier.request_sha256 != sha256:
        raise Refused(problem("idempotency-mismatch"))
    return dossier


def _own(dossier: Dossier, actor: Actor) -> None:
    """Somebody else's dossier answers like none at all."""
    if dossier.owner != actor.id:
        raise NotFound(dossier.id)


def _own_document(dossier: Dossier, actor: Actor, document_id: str) -> Document:
    _own(dossier, actor)
    document = dossier.document(document_id)
    if document is None:
        raise NotFound(document_id)
    return document


def _announced(upload: Upload) -> tuple[Any, ...]:
    """What was said of a file before it came: the same request says the same."""
    if not upload.told:
        return upload.page, upload.adds
    return upload.file_name, upload.size_bytes, upload.sha256, upload.media_type, upload.page, upload.adds


def _expect(dossier: Dossier, version: int | None, store: DossierStore) -> None:
    if version is not None and not still_as_seen(store, dossier, version):
        raise Refused(problem("version-stale"))
