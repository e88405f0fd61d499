"""What may be filed: which services and offices, which files, which declarations and corrections.

Each refusal says what is wrong and what to do next (`Refused`); nothing is taken in by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from casework import procedures
from casework.document import FieldValue, Problem
from casework.dossier import Applicant, Document, Dossier, State, vietnam_day
from casework.errors import Refused, problem
from casework.facts import dictionary, take
from casework.offices import filing_offices
from casework.shown import shown_name

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES = 200  # one employer's list may bring an agreement and a contract for each of many employees
MAX_DOSSIER_BYTES = 1024 * 1024 * 1024
NOT_ON_PAPERS = frozenset(
    [
        "dossier",
        "vss",
        "ui",
        "payments",
        "loans",
        "cic",
        "tax",
        "province",
        "commune",
        "labour_authority",
        "finance_authority",
    ]
)
MediaType = Literal[
    "application/pdf",
    "image/jpeg",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
]
MEDIA_TYPES: tuple[MediaType, ...] = get_args(MediaType)
TYPES_SAID = "PDF, JPEG, PNG, XLSX"


@dataclass(frozen=True, slots=True)
class Filing:
    """What an applicant says when he begins: procedure, office, how to reach him, what papers do not say."""

    procedure: str
    office: str
    applicant: Applicant
    declared: dict[str, FieldValue] = field(default_factory=dict)
    consent: bool = False


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file the applicant is about to send: bytes, SHA-256 as 64 hex digits, and the page it replaces, if any.
    `adds`: its pages come after those that are there."""

    file_name: str
    size_bytes: int
    sha256: str
    media_type: MediaType
    page: int | None = None
    adds: bool = False


@dataclass(frozen=True, slots=True)
class FileToCome:
    """A file of which nothing is known before it comes: a browser without scripts sends it. `back_to` is the address
    the browser is sent to afterwards."""

    file_name: str
    back_to: str
    page: int | None = None
    adds: bool = False


def refuse_limits(file: FileToSend) -> None:
    if file.size_bytes > MAX_FILE_BYTES:
        raise Refused(problem("file-too-large", limit_mb=MAX_FILE_BYTES // 2**20))
    if file.size_bytes <= 0:
        raise Refused(problem("file-empty"))
    if file.media_type not in MEDIA_TYPES:
        raise Refused(problem("file-type-not-allowed", types=TYPES_SAID))


def refuse_upload(dossier: Dossier, document: Document, file: FileToSend | FileToCome) -> None:
    if dossier.state not in (State.DRAFT, State.AWAITING_APPLICANT):
        raise Refused(problem("dossier-not-open"))
    uploads = [u for d in dossier.live_documents for u in d.uploads if u.state != "rejected"]
    size_bytes = file.size_bytes if isinstance(file, FileToSend) else 0
    if len(uploads) >= MAX_FILES or sum(u.size_bytes for u in uploads) + size_bytes > MAX_DOSSIER_BYTES:
        raise Refused(problem("too-many-files", files=MAX_FILES, limit_mb=MAX_DOSSIER_BYTES // 2**20))
    if isinstance(file, FileToSend) and (known := sent_before(dossier, file.sha256)):
        raise Refused(known)
    if file.page is not None and not any(page.number == file.page for page in document.pages):
        raise Refused(problem("page-unknown", page=file.page))


def sent_before(dossier: Dossier, sha256: str, upload_id: str = "") -> Problem | None:
    """The problem of a file whose bytes lie in this dossier already, sent otherwise than by this upload. One that was
    announced and never came is no hindrance: it may be sent again."""
    for document in dossier.live_documents:
        for upload in document.uploads:
            came = upload.state != "rejected" and upload.object_version
            if came and upload.sha256.lower() == sha256.lower() and upload.id != upload_id:
                return problem("duplicate-document", file=shown_name(upload.file_name), document_id=document.id)
    return None


def refuse_filing(filing: Filing, now: datetime) -> None:
    try:
        procedure = procedures.load(filing.procedure, vietnam_day(now))
    except KeyError:
        raise Refused(problem("procedure-unknown", procedure=filing.procedure)) from None
    if not procedure.open_for_filing:
        raise Refused(problem("procedure-not-open", procedure=procedure.title.vi))
    takes = filing_offices(procedure)
    if filing.office not in {office.code for office in takes}:
        listed = ", ".join(f"{office.code} ({office.title.vi})" for office in takes)
        raise Refused(problem("office-unknown", office=filing.office, offices=listed))
    unknown = sorted(set(filing.declared) - procedure.declarable)
    if unknown:
        raise Refused(problem("fact-unknown", facts=", ".join(unknown)))
    for name, value in filing.declared.items():
        try:
            take(procedure.kinds[name], value)
        except ValueError as error:
            raise Refused(problem("fact-not-valid", fact=name)) from error


def refuse_corrections(values: Mapping[str, FieldValue]) -> None:
    """Only what a paper can say, in the form it has: an applicant speaks for his papers, not for a registry."""
    known = dictionary()
    for name, value in values.items():
        if name not in known or name.partition(".")[0] in NOT_ON_PAPERS:
            raise Refused(problem("field-unknown", field=name[:100]))
        try:
            take(known[name], value)
        except ValueError as error:
            raise Refused(problem("fact-not-valid", fact=name)) from error
