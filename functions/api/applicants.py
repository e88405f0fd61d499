"""Routes of applicants and integrators: draft, papers, submission, where it stands."""

import base64
import binascii
import dataclasses
from datetime import date
from typing import Annotated

from answers import answer
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from bodies import CorrectionsBody, FileBody, FilingBody, UploadBody
from casework.dossier import Applicant, derived_id
from casework.errors import NotFound, Refused, problem
from casework.plain import to_plain
from casework.review import may_see
from casework.workflow import filing, reading, replaying
from casework.workflow.filing import FileToSend, Filing
from casework.workflow.viewing import note_view, views
from views import ROWS_AT_ONCE, audit_view, dossier_view, findings_view, reading_view
from world import actor_of, applicant_of, clock, expected_version, files, idempotency_key, store

CURSOR_SUM = len(derived_id(""))

router = Router()


@router.post("/v1/dossiers", summary="Begin a dossier", tags=["dossiers"])
def file_dossier(body: FilingBody):
    actor = applicant_of(router.current_event)
    wanted = Filing(
        body.procedure, body.office, Applicant(**body.applicant.model_dump()), dict(body.declared), body.consent
    )
    dossier = filing.file_dossier(wanted, actor, idempotency_key(router.current_event), store=store, clock=clock)
    headers = {"Location": f"/v1/dossiers/{dossier.id}"}
    return answer(dossier_view(dossier, store), 201, version=dossier.version, headers=headers)


@router.get("/v1/dossiers", summary="Your dossiers, newest first", tags=["dossiers"])
def list_dossiers(limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: Annotated[str, Query(max_length=500)] = ""):
    actor = applicant_of(router.current_event)
    whose = ("dossiers", actor.id)
    items, after = store.owned_by(actor.id, read_cursor(cursor, *whose), limit)
    return answer({"items": items, "next_cursor": write_cursor(after, *whose)})


@router.get("/v1/dossiers/<dossier_id>", summary="Where a dossier stands", tags=["dossiers"])
def show_dossier(dossier_id: str):
    dossier = seen(dossier_id)
    return answer(dossier_view(dossier, store), version=dossier.version)


@router.post("/v1/dossiers/<dossier_id>/documents", summary="Announce a paper", tags=["documents"])
def add_document(dossier_id: str, body: FileBody):
    actor = applicant_of(router.current_event)
    key = idempotency_key(router.current_event)
    file = FileToSend(body.file_name, body.size_bytes, body.sha256.lower(), body.media_type)
    return granted(filing.add_document(dossier_id, file, actor, key, store=store, files=files, clock=clock))


@router.post(
    "/v1/dossiers/<dossier_id>/documents/<document_id>/uploads",
    summary="Send a paper, or one page of it, again",
    tags=["documents"],
)
def add_upload(dossier_id: str, document_id: str, body: UploadBody):
    actor = applicant_of(router.current_event)
    key = idempotency_key(router.current_event)
    file = FileToSend(body.file_name, body.size_bytes, body.sha256.lower(), body.media_type, body.page)
    return granted(filing.add_upload(dossier_id, document_id, file, actor, key, store=store, files=files, clock=clock))


@router.get("/v1/dossiers/<dossier_id>/documents/<document_id>", summary="What was read of a paper", tags=["documents"])
def show_document(
    dossier_id: str,
    document_id: str,
    first_row: Annotated[int, Query(ge=1, le=100_000, description="Of a long list: the first row shown")] = 1,
):
    dossier, document = seen_document(dossier_id, document_id)
    return answer(reading_view(document, files, first_row), version=dossier.version)


@router.delete(
    "/v1/dossiers/<dossier_id>/documents/<document_id>", summary="Take a paper out of a draft", tags=["documents"]
)
def remove_document(dossier_id: str, document_id: str):
    event = router.current_event
    version = expected_version(event)
    dossier = filing.remove_document(dossier_id, document_id, applicant_of(event), version, store=store, clock=clock)
    return answer(dossier_view(dossier, store), version=dossier.version)


@router.put(
    "/v1/dossiers/<dossier_id>/documents/<document_id>/corrections",
    summary="Say what stands on a paper where it was read wrongly",
    tags=["documents"],
)
def correct(dossier_id: str, document_id: str, body: CorrectionsBody):
    event = router.current_event
    version = expected_version(event)
    filing.correct(dossier_id, document_id, body.values, applicant_of(event), version, store=store, clock=clock)
    return show_document(dossier_id, document_id, 1)


@router.get(
    "/v1/dossiers/<dossier_id>/documents/<document_id>/pages/<page_number>",
    summary="A link to the picture of a page, good for five minutes",
    tags=["documents"],
)
def show_page(dossier_id: str, document_id: str, page_number: int):
    _, document = seen_document(dossier_id, document_id)
    key = reading.image_key(dossier_id, document, page_number)
    return answer({"page": page_number, "image_url": files.page_image_link(key)})


@router.post("/v1/dossiers/<dossier_id>/submit", summary="Hand the dossier in", tags=["dossiers"])
def submit(dossier_id: str):
    event = router.current_event
    dossier = filing.submit(dossier_id, applicant_of(event), expected_version(event), store=store, clock=clock)
    return answer(dossier_view(dossier, store), version=dossier.version)


@router.post("/v1/dossiers/<dossier_id>/withdraw", summary="Take the dossier back", tags=["dossiers"])
def withdraw(dossier_id: str):
    event = router.current_event
    dossier = filing.withdraw(dossier_id, applicant_of(event), expected_version(event), store=store, clock=clock)
    return answer(dossier_view(dossier, store), version=dossier.version)


@router.get(
    "/v1/dossiers/<dossier_id>/events", summary="The history of a dossier, and who looked at it", tags=["dossiers"]
)
def list_events(dossier_id: str):
    dossier = seen(dossier_id)
    looks = [dataclasses.asdict(view) for view in views(dossier_id, store=store)]
    return answer({"items": audit_view(store.audit(dossier_id)), "views": looks}, version=dossier.version)


@router.get("/v1/dossiers/<dossier_id>/findings", summary="Every rule's verdict, with its reason", tags=["dossiers"])
def list_findings(
    dossier_id: str,
    limit: Annotated[int, Query(ge=1, le=500, description="People of the list in one answer")] = ROWS_AT_ONCE,
    cursor: Annotated[str, Query(max_length=500)] = "",
    verdict: Annotated[str, Query(pattern="^(pass|fail|unknown|)$", description="Only these people")] = "",
):
    dossier = seen(dossier_id)
    whose = ("findings", dossier_id, dossier.verdict_key, verdict)
    after = read_cursor(cursor, *whose)
    found, following = findings_view(dossier, store, files, after=after, limit=limit, verdict=verdict)
    if found is None:
        raise NotFound(dossier_id)
    return answer({**found, "next_cursor": write_cursor(following, *whose)}, version=dossier.version)


@router.get(
    "/v1/dossiers/<dossier_id>/replay",
    summary="The verdict that stood on a day, derived again and compared byte for byte",
    tags=["dossiers"],
)
def replay(dossier_id: str, as_of: Annotated[date | None, Query(description="A day; the last verdict without")] = None):
    dossier = seen(dossier_id)
    return answer(to_plain(replaying.replay_verdict(dossier, as_of, store=store, files=files)), version=dossier.version)


@router.get(
    "/v1/dossiers/<dossier_id>/verdict",
    summary="A link to the verdict that stood on a day, with all it rests on, good for five minutes",
    tags=["dossiers"],
)
def export_verdict(
    dossier_id: str, as_of: Annotated[date | None, Query(description="A day; the last verdict without")] = None
):
    dossier = seen(dossier_id)
    place, _ = replaying.kept_on(dossier, as_of, store=store, files=files)
    return answer({"key": place, "url": files.evidence_link(place)}, version=dossier.version)


def seen(dossier_id):
    """A dossier the caller may see; another one answers like none at all. That it was looked at is on record."""
    dossier, actor = store.load(dossier_id), actor_of(router.current_event)
    if not may_see(actor, dossier):
        raise NotFound(dossier_id)
    what, of = looked_at(router.current_event.path.partition(dossier_id)[2])
    note_view(dossier, actor, what, of=of, store=store, clock=clock)
    return dossier


def looked_at(path):
    """What of a dossier a path shows, and which paper or page of it."""
    kind, *which = path.strip("/").split("/")
    if kind == "documents":
        return ("page" if which[1:2] == ["pages"] else "paper"), "/".join(which[:1] + which[2:])
    known = {"findings": "verdict", "replay": "verdict", "verdict": "verdict", "evidence": "verdict"}
    known |= {"events": "history", "papers": "issued"}
    return known.get(kind, "dossier"), "/".join(which)


def seen_document(dossier_id, document_id):
    dossier = seen(dossier_id)
    document = dossier.document(document_id)
    if document is None or document.state == "removed":
        raise NotFound(document_id)
    return dossier, document


def granted(result):
    document, upload, grant = result
    body = {"document_id": document.id, "upload_id": upload.id, "upload": to_plain(grant)}
    return answer(body, 201)


def write_cursor(place, *whose):
    """Where the next page of a list begins, with a checksum over the list, its reader and the place.

    The checksum has no key: it catches a cursor cut short or taken to another list, it proves nothing about who made
    it and is no MAC. Nor need it be: the query is bound to the caller, and whoever makes up a cursor of his own only
    begins elsewhere in his own list."""
    return base64.urlsafe_b64encode(f"{derived_id(*whose, place)}{place}".encode()).decode() if place else None


def read_cursor(cursor, *whose):
    """The place a cursor names, once its checksum fits. Raises Refused: invalid-cursor."""
    try:
        text = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        raise Refused(problem("invalid-cursor")) from None
    place = text[CURSOR_SUM:]
    if cursor and text[:CURSOR_SUM] != derived_id(*whose, place):
        raise Refused(problem("invalid-cursor"))
    return place
