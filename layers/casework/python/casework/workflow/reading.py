"""An upload becomes words, fields and a recorded reading.

Pages and readings are kept under keys that follow from what was uploaded, so that every step may run again: a page
already read is not read twice, a reading is found by the pages it was made of.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casework.document import Box, Page, Problem, Reading, UploadId
from casework.dossier import (
    FINAL,
    SYSTEM,
    Change,
    Document,
    Dossier,
    EffectKind,
    PageRef,
    Request,
    State,
    Upload,
    change,
    derived_id,
)
from casework.errors import NotFound, StaleReading, UnacceptableFile, problem
from casework.plain import from_plain, to_plain
from casework.ports import Clock, DossierStore, FileStore, PageReader
from casework.workflow.admission import MAX_FILE_BYTES, sent_before
from casework.workflow.arranging import adds_to, is_replaced, placed_pages
from casework.workflow.commit import commit
from casework.workflow.filing import ready_or_waiting, upload_key
from casework.workflow.ordering import order_scan

Inspect = Callable[[bytes, str], int]  # (bytes, file name) -> number of pages; raises UnacceptableFile
CLOSED_TO_PAPERS = FINAL | {State.PROCESSING, State.IN_REVIEW, State.DECIDED}  # an officer decides what he has seen
_PICTURES_AT_HAND = 8  # of the pages being looked at again
ReadFields = Callable[[Sequence[Page], Callable[[int, Box, str | None], tuple[str, float]]], Reading]


def receive_upload(
    dossier_id: str,
    document_id: str,
    upload_id: str,
    sequencer: str,
    *,
    store: DossierStore,
    files: FileStore,
    clock: Clock,
) -> str:
    """The store says that an object arrived. Repeated, late and out-of-order events change nothing.

    Whatever the event speaks of, the newest object is taken, looked up after the dossier: if another event is quicker,
    the dossier has changed and all of it is done again, so an older object never comes back. `sequencer` is kept only.
    Returns what became of it: started | repeated | gone | late | rejected. Raises NotFound for an object that no
    grant announced.
    """
    result = "repeated"

    def decide(dossier: Dossier) -> Change | None:
        nonlocal result
        document, upload = _find(dossier, document_id, upload_id)
        stored = files.uploaded(upload_key(dossier_id, document_id, upload_id))
        if stored is None or upload.object_version == stored.version:
            result = "repeated" if stored else "gone"
            return None
        closed = dossier.state in CLOSED_TO_PAPERS and not (document.by_officer and dossier.state not in FINAL)
        if closed or document.state == "removed":
            result = "late"
            return None
        # What was refused may be sent again otherwise than it was announced.
        upload = dataclasses.replace(upload, told=upload.told and upload.state != "rejected")
        received = dataclasses.replace(
            upload, state="received", object_version=stored.version, sequencer=sequencer, problem=None
        )
        refused = _wrong_size(upload, stored.size_bytes)
        if not upload.told and refused is None:
            data = files.upload(upload_key(dossier_id, document_id, upload_id), stored.version)
            sha256 = hashlib.sha256(data).hexdigest()
            received = dataclasses.replace(received, size_bytes=stored.size_bytes, sha256=sha256)
        refused = refused or sent_before(dossier, received.sha256, upload_id)
        details = {"document": document_id, "upload": upload_id}
        if refused is not None:
            result = "rejected"
            rejected = dataclasses.replace(received, state="rejected", problem=refused)
            return _settle(dossier, _rejected(document, rejected), "upload.rejected", clock, details)
        result = "started"
        name = f"{upload_id}-{derived_id(stored.version)[:8]}"
        ids = {"dossier_id": dossier_id, "document_id": document_id, "upload_id": upload_id}
        effect = ("start_reading", {"name": name, **ids, "object_version": stored.version})
        state = document.state if adds_to(document, upload) else "received"
        after = dossier.with_document(dataclasses.replace(document.with_upload(received), state=state))
        effects: list[tuple[EffectKind, Mapping[str, Any]]] = [effect]  # type: ignore[list-item]
        return change(dossier, after, "upload.received", actor=SYSTEM, now=clock(), details=details, effects=effects)

    commit(store, dossier_id, decide)
    return result


def inspect_document(
    dossier_id: str,
    document_id: str,
    upload_id: str,
    object_version: str,
    *,
    store: DossierStore,
    files: FileStore,
    inspect: Inspect,
) -> tuple[int, Problem | None]:
    """Is the upload what was announced, and can it be taken? Answers its page count, or 0 and the problem."""
    _, upload = _find(store.load(dossier_id), document_id, upload_id)
    data = files.upload(upload_key(dossier_id, document_id, upload_id), object_version)
    if hashlib.sha256(data).hexdigest() != upload.sha256.lower():
        return 0, problem("checksum-mismatch")
    try:
        pages = inspect(data, upload.file_name)
    except UnacceptableFile as refused:
        return 0, refused.problem
    if upload.page is not None and pages != 1:
        return 0, problem("one-page-expected", page=upload.page, pages=pages)
    return pages, None


def read_page(
    dossier_id: str,
    document_id: str,
    upload_id: str,
    object_version: str,
    page_number: int,
    *,
    files: FileStore,
    reader: PageReader,
) -> bool:
    """One page becomes words and an image to look at; True when it could be read. A page read before stays as it is.

    Raises ReaderFailed when the engine died; the page is then tried again.
    """
    key = page_key(dossier_id, PageRef(page_number, upload_id, object_version, page_number))
    known = files.page(key)
    if known is not None:
        return known.readable
    data = files.upload(upload_key(dossier_id, document_id, upload_id), object_version)
    read = reader.read_page(data, page_number)
    files.put_page(key, read.page, read.image)
    return read.page.readable


def extract_fields(
    dossier_id: str,
    document_id: str,
    upload_id: str,
    object_version: str,
    pages: Sequence[int],
    *,
    store: DossierStore,
    files: FileStore,
    reader: PageReader,
    read_fields: ReadFields,
) -> str:
    """The words of all pages of the document, as they now stand, become its type and fields; returns their key."""
    dossier = store.load(dossier_id)
    document, upload = _find(dossier, document_id, upload_id)
    refs = placed_pages(document, dataclasses.replace(upload, object_version=object_version), pages)
    key = reading_key(dossier_id, document_id, refs)
    words = [_page(dossier_id, ref, files) for ref in refs]

    @functools.lru_cache(_PICTURES_AT_HAND)
    def picture(number: int) -> bytes:
        return files.page_image(page_key(dossier_id, next(ref for ref in refs if ref.number == number)))

    def second_look(number: int, box: Box, alphabet: str | None) -> tuple[str, float]:
        return reader.read_again(picture(number), box, alphabet)

    reading = read_fields(words, second_look)
    bare = tuple(dataclasses.replace(page, words=(), grids=()) for page in reading.pages)
    files.put_json(key, to_plain(dataclasses.replace(reading, pages=bare)))
    return key


def record_reading(
    dossier_id: str,
    document_id: str,
    upload_id: str,
    object_version: str,
    pages: Sequence[int],
    refused: Problem | None,
    *,
    store: DossierStore,
    files: FileStore,
    clock: Clock,
) -> str:
    """One transaction: the document is read, unreadable or rejected, and a dossier that waited for it goes on.

    What a later upload has replaced already is noted as read and takes no place any more.
    Returns the document's state. Raises StaleReading when another page of the document was replaced meanwhile:
    then its fields are extracted again.
    """

    def decide(dossier: Dossier) -> Change | None:
        document, upload = _find(dossier, document_id, upload_id)
        if dossier.state in FINAL or upload.object_version != object_version or upload.state in ("read", "rejected"):
            return None
        if document.state == "removed":  # taken out while it was read: it does not come back
            return None
        details: dict[str, Any] = {"document": document_id, "upload": upload_id}
        if refused is not None:
            rejected = dataclasses.replace(upload, state="rejected", problem=refused)
            details["problem"] = refused.type
            return _settle(dossier, _rejected(document, rejected), "upload.rejected", clock, details)
        read = _read(dossier_id, document, upload, pages, files)
        details |= {"type": read.document_type, "pages": len(read.pages), "unreadable": list(read.unreadable_pages)}
        scan = [order_scan(document_id, read.reading_key)] if read.reading_key else []
        return _settle(dossier, read, "document.read", clock, details, scan)

    after = commit(store, dossier_id, decide)
    document = after.document(document_id)
    return document.state if document else "removed"


def page_key(dossier_id: str, ref: PageRef) -> str:
    """Where a read page lies; another version of the object is another page."""
    return f"pages/{dossier_id}/{ref.upload_id}-{derived_id(ref.object_version)[:8]}/{ref.upload_page:04d}"


def reading_key(dossier_id: str, document_id: str, refs: Sequence[PageRef]) -> str:
    """Where the reading made of exactly these pages lies."""
    return f"readings/{dossier_id}/{document_id}/{derived_id(*(page_key(dossier_id, ref) for ref in refs))}.json"


def image_key(dossier_id: str, document: Document, number: int) -> str:
    """Where the rendered image of a document's page lies. Raises NotFound."""
    ref = next((ref for ref in document.pages if ref.number == number), None)
    if ref is None:
        raise NotFound(f"page {number}")
    return page_key(dossier_id, ref)


def load_reading(document: Document, files: FileStore) -> Reading | None:
    """What was read of a document, or None when nothing was."""
    return from_plain(Reading, files.json(document.reading_key)) if document.reading_key else None


def _read(dossier_id: str, document: Document, upload: Upload, pages: Sequence[int], files: FileStore) -> Document:
    done = document.with_upload(dataclasses.replace(upload, state="read"))
    if is_replaced(document, upload):
        return _as_it_was(done)
    refs = placed_pages(document, upload, pages)
    key = reading_key(dossier_id, document.id, refs)
    try:
        reading = from_plain(Reading, files.json(key))
    except NotFound:
        raise StaleReading(f"document {document.id} has other pages than those that were put together") from None
    problems = {page.number: page.problem for page in reading.pages}
    placed = tuple(dataclasses.replace(ref, problem=problems.get(ref.number)) for ref in refs)
    return dataclasses.replace(
        done,
        state="unreadable" if any(ref.problem for ref in placed) else "read",
        pages=placed,
        document_type=reading.document_type,
        type_confidence=reading.type_confidence,
        part_types=tuple(part.document_type for part in reading.parts),
        remarks=reading.remarks,
        reading_key=key,
        problem=None,
    )


def _rejected(document: Document, upload: Upload) -> Document:
    """A rejected file leaves a document that was read before as it was."""
    changed = document.with_upload(upload)
    if document.reading_key:
        return _as_it_was(changed)
    return dataclasses.replace(changed, state="rejected", problem=upload.problem)


def _as_it_was(document: Document) -> Document:
    return dataclasses.replace(document, state="unreadable" if document.unreadable_pages else "read")


def _settle(
    dossier: Dossier,
    document: Document,
    action: str,
    clock: Clock,
    details: Mapping[str, Any],
    orders: Sequence[tuple[EffectKind, Mapping[str, Any]]] = (),
) -> Change:
    """Put the document in; what was asked for and has come is asked no more; a dossier that waited goes on."""
    after = dossier.with_document(document)
    after = dataclasses.replace(after, requests=tuple(_answered(request, after) for request in after.requests))
    effects: list[tuple[EffectKind, Mapping[str, Any]]] = []
    waited_for_this = dossier.state is State.AWAITING_APPLICANT and dossier.open_requests and not after.open_requests
    if dossier.state is State.SUBMITTED or waited_for_this:
        after, effects = ready_or_waiting(after)
    effects = [*effects, *orders]
    return change(dossier, after, action, actor=SYSTEM, now=clock(), details=details, effects=effects)


def _answered(request: Request, dossier: Dossier) -> Request:
    """Closed when what was asked for has come: a readable page or paper in the place of the one that would not do."""
    if not request.open or request.kind == "fact":
        return request
    document = dossier.document(request.document_id) if request.document_id else None
    if document is None:
        come = any(
            d.state == "read" and not set(d.types).isdisjoint(request.types) and d.id not in request.known
            for d in dossier.live_documents
        )
    else:
        asked = [ref for ref in document.pages if request.page in (None, ref.number)]
        come = bool(asked) and all(ref.problem is None and ref.upload_id not in request.known for ref in asked)
    return dataclasses.replace(request, open=not come)


def _page(dossier_id: str, ref: PageRef, files: FileStore) -> Page:
    page = files.page(page_key(dossier_id, ref))
    if page is None:  # the engine failed on it again and again
        page = Page(ref.number, "ocr", 0, 0, problem=problem("page-unreadable", page=ref.number))
    elif page.problem is not None and page.number != ref.number:
        page = dataclasses.replace(page, problem=problem(page.problem.type, page=ref.number))
    return dataclasses.replace(page, number=ref.number)


def _find(dossier: Dossier, document_id: str, upload_id: str) -> tuple[Document, Upload]:
    document = dossier.document(document_id)
    upload = document.upload(UploadId(upload_id)) if document else None
    if document is None or upload is None:
        raise NotFound(f"{document_id}/{upload_id}")
    return document, upload


def _wrong_size(upload: Upload, size_bytes: int) -> Problem | None:
    if size_bytes > MAX_FILE_BYTES:
        return problem("file-too-large", limit_mb=MAX_FILE_BYTES // 2**20)
    if size_bytes == 0:
        return problem("file-empty")
    if upload.told and size_bytes != upload.size_bytes:
        return problem("checksum-mismatch")
    return None
