"""What a registry cannot be asked, an officer confirms by hand: a paper of the office that knows, read and kept, and
his word on what it says. In April 2020 most registries answered in no other way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casework import procedures
from casework.document import DocumentId, UploadId
from casework.dossier import Actor, Change, Document, Dossier, Upload, change, derived_id
from casework.errors import NotFound, Refused, RegistryUnavailable, problem
from casework.plain import to_plain
from casework.ports import Clock, DeskStore, DossierStore, FileStore, UploadGrant
from casework.registry import Question, believe
from casework.review import Task, refuse_officer
from casework.workflow.admission import MAX_FILE_BYTES, FileToCome, FileToSend, refuse_limits
from casework.workflow.answering import asked_of, take_answer
from casework.workflow.commit import commit, still_as_seen
from casework.workflow.consulting import Consulted, consulted_of, record_of
from casework.workflow.filing import upload_key
from casework.workflow.tasks import load_task

MOST_PAPERS = 20  # of officers, in one dossier


@dataclass(frozen=True, slots=True)
class Stated:
    """What a paper confirms of the employer (key "") or of one person, as the officer reads it."""

    key: str
    status: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    mismatched: tuple[str, ...] = ()


def send_paper(
    task_id: str,
    file: FileToSend | FileToCome,
    actor: Actor,
    key: str,
    *,
    store: DeskStore,
    files: FileStore,
    clock: Clock,
) -> tuple[Document, Upload, UploadGrant]:
    """Announce the paper that confirms something; it is sent and read like any other, and is none of the applicant's.
    Of a file to come nothing is known before it comes: a browser's form sends it.

    Raises NotFound; Refused: the file's limits, too-many-files, idempotency-mismatch, task-decided, and what
    refuse_officer refuses.
    """
    if isinstance(file, FileToSend):
        refuse_limits(file)
    _, dossier = _open_task(task_id, actor, store)
    document_id = DocumentId(derived_id("evidence", dossier.id, actor.id, key))
    upload_id = UploadId(derived_id("upload", dossier.id, document_id, key))
    upload = Upload(upload_id, file.file_name, 0, "", "", told=False)
    if isinstance(file, FileToSend):
        upload = Upload(upload_id, file.file_name, file.size_bytes, file.sha256, file.media_type)

    def decide(dossier: Dossier) -> Change | None:
        known = dossier.document(document_id)
        if known is not None:
            announced = replace(known.uploads[0], state=upload.state, object_version="", sequencer="", problem=None)
            if announced.told != upload.told or (upload.told and announced != upload):
                raise Refused(problem("idempotency-mismatch"))
            return None
        if sum(bool(document.by_officer) for document in dossier.documents) >= MOST_PAPERS:
            raise Refused(problem("too-many-files", files=MOST_PAPERS, limit_mb=MAX_FILE_BYTES // 2**20))
        after = dossier.with_document(Document(document_id, uploads=(upload,), by_officer=actor.id))
        details = {"document": document_id, "upload": upload_id, "bytes": upload.size_bytes}
        return change(dossier, after, "evidence.announced", actor=actor, now=clock(), details=details)

    dossier = commit(store, dossier.id, decide)
    place = upload_key(dossier.id, document_id, upload_id)
    if isinstance(file, FileToSend):
        grant = files.grant_upload(place, file.size_bytes, file.sha256, file.media_type)
    else:
        grant = files.grant_form(place, file.back_to)
    return next(document for document in dossier.documents if document.id == document_id), upload, grant


def form_again(
    task_id: str, document_id: str, actor: Actor, back_to: str, *, store: DeskStore, files: FileStore
) -> UploadGrant:
    """The form for a paper that was announced by `send_paper` and has not come. Changes nothing. Raises NotFound;
    Refused: as send_paper."""
    _, dossier = _open_task(task_id, actor, store)
    paper = dossier.document(document_id)
    if paper is None or not paper.by_officer:
        raise NotFound(document_id)
    return files.grant_form(upload_key(dossier.id, document_id, paper.uploads[-1].id), back_to)


def confirm_by_hand(
    task_id: str,
    registry: str,
    document_id: str,
    stated: Sequence[Stated],
    actor: Actor,
    expected_version: int,
    *,
    store: DeskStore,
    files: FileStore,
    clock: Clock,
) -> Dossier:
    """An officer states what an office confirmed on paper: an answer like any other, with his name and the paper.

    The paper was sent by an officer to this dossier and read before. Raises NotFound; Refused: what refuse_officer
    refuses, registry-unknown, version-stale, evidence-missing, confirmation-incomplete.
    """
    _, dossier = _open_task(task_id, actor, store)
    question = refuse_unknown(dossier, registry, store=store, files=files)
    if not still_as_seen(store, dossier, expected_version):
        raise Refused(problem("version-stale"))
    paper = dossier.document(document_id)
    if paper is None or not paper.by_officer or paper.state not in ("read", "unreadable"):
        raise Refused(problem("evidence-missing"))
    rows = {row.key: row for row in question.rows}
    numbers = {row.key: row.bhxh_number for row in question.rows} | {"": question.employer.tax_code}
    told = [{**to_plain(one), "about": numbers.get(one.key, "")} for one in stated]
    now = clock()
    data = {
        "registry": registry,
        "question_id": question.question_id,
        "as_of": question.as_of.isoformat(),
        "answered_at": now.isoformat(),
        "source": f"manual/{actor.office}",
        "dossier": next((one for one in told if one["key"] == ""), None),
        "rows": [one for one in told if one["key"] in rows],
    }
    try:
        answer = believe(question, data)
    except RegistryUnavailable as incomplete:
        raise Refused(problem("confirmation-incomplete", reason=incomplete.reason)) from incomplete
    sha256 = paper.uploads[-1].sha256
    answer = replace(answer, officer=actor.id, evidence=f"{document_id}/{sha256}")
    return take_answer(dossier.id, dossier.round, question, answer, actor, store=store, files=files, clock=clock)


def look(
    task_id: str, registry: str, actor: Actor, *, store: DeskStore, files: FileStore
) -> tuple[Dossier, Question, Consulted]:
    """What a registry is asked in this round, and where it stands. Raises as `ask_anew`."""
    task, dossier = load_task(task_id, store=store)
    refuse_officer(task, dossier, actor)
    question = refuse_unknown(dossier, registry, store=store, files=files)
    return dossier, question, consulted_of(dossier, registry, store) or Consulted("unavailable", "was not asked")


def ask_anew(task_id: str, registry: str, actor: Actor, *, store: DeskStore, files: FileStore, clock: Clock) -> None:
    """An officer wants a registry asked again: it goes to the head of its queue, under a new key if it has answered.

    Raises NotFound; Refused: what refuse_officer refuses, registry-unknown, task-decided.
    """
    _, dossier = _open_task(task_id, actor, store)
    refuse_unknown(dossier, registry, store=store, files=files)

    def decide(dossier: Dossier) -> Change | None:
        known = consulted_of(dossier, registry, store) or Consulted("unavailable", "was not asked")
        now = clock()
        due = now.isoformat(timespec="seconds")
        if known.due and known.due <= due:
            return None
        wanted = replace(known, due=due, anew=known.anew + (known.status == "answered"))
        details = {"registry": registry}
        records = [record_of(dossier, registry, wanted)]
        return change(dossier, dossier, "registry.asked_anew", actor=actor, now=now, details=details, records=records)

    commit(store, dossier.id, decide)


def refuse_unknown(dossier: Dossier, registry: str, *, store: DossierStore, files: FileStore) -> Question:
    """The question of this round to a registry. Raises Refused: registry-unknown."""
    procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
    if registry not in procedure.registry_names or registry == "payments":  # what the system keeps itself it knows
        raise Refused(problem("registry-unknown", registry=registry))
    known = consulted_of(dossier, registry, store) or Consulted("unavailable")
    return asked_of(dossier, registry, known, files)


def _open_task(task_id: str, actor: Actor, store: DossierStore) -> tuple[Task, Dossier]:
    task, dossier = load_task(task_id, store=store)
    refuse_officer(task, dossier, actor)
    if task.state != "open":
        raise Refused(problem("task-decided", by=task.decision.get("by", ""), at=task.decision.get("at", "")))
    return task, dossier
