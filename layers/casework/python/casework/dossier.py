"""A dossier: its states, its only legal transitions, its papers, its requests, and the audit chain of its changes.

Everything that happens to a dossier is one `Change`: the dossier before and after, one audit entry chained to the
last by its hash, the records written with it, and the effects that leave afterwards. Pure: no clock, no store.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal

from casework.document import DocumentId, FieldValue, Problem, Text, UploadId
from casework.errors import IllegalTransition
from casework.payments import Claim
from casework.plain import to_plain
from casework.shown import shown_name

VIETNAM = timezone(timedelta(hours=7))  # no daylight saving since 1975


class State(enum.StrEnum):
    """Where a dossier stands. The value is what the API shows."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # waiting for the last of its papers to be read
    PROCESSING = "processing"
    IN_REVIEW = "in_review"
    DECIDED = "decided"  # an officer has decided the stage; the workflow carries it out
    AWAITING_APPLICANT = "awaiting_applicant"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly_approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    PARKED = "parked"  # a failure put it before a person


FINAL = frozenset({State.APPROVED, State.PARTLY_APPROVED, State.REFUSED, State.WITHDRAWN})

TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.DRAFT, State.SUBMITTED, State.PROCESSING, State.WITHDRAWN, State.PARKED}),
    State.SUBMITTED: frozenset({State.SUBMITTED, State.PROCESSING, State.WITHDRAWN, State.PARKED}),
    State.PROCESSING: frozenset(
        {State.PROCESSING, State.IN_REVIEW, State.AWAITING_APPLICANT, State.WITHDRAWN, State.PARKED}
    ),
    State.IN_REVIEW: frozenset({State.IN_REVIEW, State.DECIDED, State.WITHDRAWN, State.PARKED}),
    State.DECIDED: (FINAL - {State.WITHDRAWN})
    | {State.DECIDED, State.PROCESSING, State.AWAITING_APPLICANT, State.PARKED},
    State.AWAITING_APPLICANT: frozenset(
        {State.AWAITING_APPLICANT, State.SUBMITTED, State.PROCESSING, State.WITHDRAWN, State.PARKED}
    ),
    State.PARKED: frozenset({State.PARKED, State.DRAFT, State.SUBMITTED, State.PROCESSING, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.APPROVED}),
    State.PARTLY_APPROVED: frozenset({State.PARTLY_APPROVED}),
    State.REFUSED: frozenset({State.REFUSED}),
    State.WITHDRAWN: frozenset({State.WITHDRAWN}),
}

Role = Literal["applicant", "officer", "supervisor", "administrator", "integrator", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: `id` is the sign-in's subject; `office` an officer's office code."""

    role: Role
    id: str
    office: str = ""


SYSTEM = Actor("system", "motcua")


@dataclass(frozen=True, slots=True)
class Applicant:
    """How to reach the applicant; `language` is vi or en."""

    name: str
    phone: str = ""
    email: str = ""
    language: Literal["vi", "en"] = "vi"


UploadState = Literal["awaiting_upload", "received", "read", "rejected"]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file sent for a document; `page` is set when it replaces that one page.

    `told`: size and checksum were announced before it came. A browser without scripts cannot know them: such a file is
    taken as it comes, and what stands here is what came.
    """

    id: UploadId
    file_name: str
    size_bytes: int
    sha256: str
    media_type: str
    page: int | None = None
    state: UploadState = "awaiting_upload"
    object_version: str = ""
    sequencer: str = ""
    problem: Problem | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class PageRef:
    """Where page `number` of a document now comes from, and what is wrong with it."""

    number: int
    upload_id: str
    object_version: str
    upload_page: int
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What the applicant says stands there; the paper's own reading is kept beside it."""

    value: FieldValue
    by: str
    at: str


DocumentState = Literal["awaiting_upload", "received", "read", "unreadable", "rejected", "removed"]


@dataclass(frozen=True, slots=True)
class Document:
    """One paper of a dossier, or several in one file: its uploads, its pages in order, where its reading is kept.

    `part_types`: the types of its papers when it holds several; `remarks`: pages out of order, or not there.
    """

    id: DocumentId
    state: DocumentState = "awaiting_upload"
    uploads: tuple[Upload, ...] = ()
    pages: tuple[PageRef, ...] = ()
    document_type: str = ""
    type_confidence: float = 0.0
    reading_key: str = ""
    problem: Problem | None = None
    corrections: dict[str, Correction] = field(default_factory=dict)
    part_types: tuple[str, ...] = ()
    remarks: tuple[Problem, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """The types of all papers in it: of its parts, when it holds several."""
        return self.part_types or (self.document_type,)

    @property
    def settled(self) -> bool:
        """Nothing more will be known about it without a new upload."""
        being_read = any(upload.state == "received" for upload in self.uploads)
        known = self.state in ("read", "unreadable", "rejected") and not being_read
        return self.state == "removed" or self.only_expected or known

    @property
    def only_expected(self) -> bool:
        """A form for it was opened and nothing ever came: nobody has to wait for it."""
        return self.state == "awaiting_upload" and not any(u.told or u.object_version for u in self.uploads)

    @property
    def file_name(self) -> str:
        """The name of its first file, as people may see it."""
        return shown_name(self.uploads[0].file_name) if self.uploads else ""

    @property
    def unreadable_pages(self) -> tuple[int, ...]:
        return tuple(page.number for page in self.pages if page.problem is not None)

    def upload(self, upload_id: str) -> Upload | None:
        return next((upload for upload in self.uploads if upload.id == upload_id), None)

    def with_upload(self, upload: Upload) -> Document:
        """The same document with this upload added or replaced, in the order in which they were announced."""
        if self.upload(upload.id) is None:
            return dataclasses.replace(self, uploads=(*self.uploads, upload))
        return dataclasses.replace(self, uploads=tuple(upload if u.id == upload.id else u for u in self.uploads))


@dataclass(frozen=True, slots=True)
class Request:
    """One thing the applicant is asked for. `key` says what: the same thing is asked once.

    `known` are the uploads that were not good enough, or the papers of the wanted `types` that were there already:
    only another one answers the request. `unanswered`: the applicant handed in again without it.
    """

    key: str
    kind: Literal["page", "document", "fact"]
    says: Text
    document_id: str = ""
    page: int | None = None
    document_type: str = ""
    types: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    rule: str = ""
    open: bool = True
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """One application of one applicant for one procedure, from draft to decision.

    `version` counts its changes; `round` its ways through checking (a supplement starts a new one).
    `received_on` is the Vietnamese day of submission and chooses the version of the law. `way` are the stages of this
    round, in order.
    """

    id: str
    code: str
    procedure: str
    office: str
    owner: str
    applicant: Applicant
    created_at: str
    request_sha256: str
    declared: dict[str, Any] = field(default_factory=dict)
    state: State = State.DRAFT
    version: int = 0
    round: int = 0
    received_on: date | None = None
    documents: tuple[Document, ...] = ()
    requests: tuple[Request, ...] = ()
    route: str = ""
    verdict_key: str = ""
    stage: str = ""
    due_on: date | None = None
    outcome: str = ""
    closing_note: Text | None = None
    total_vnd: int | None = None
    way: tuple[str, ...] = ()
    audit_hash: str = ""
    touched_at: str = ""

    @property
    def day_of_receipt(self) -> date:
        """The day that chooses the law. Raises IllegalTransition for a dossier that was never handed in."""
        if self.received_on is None:
            raise IllegalTransition(f"{self.id} was never submitted")
        return self.received_on

    @property
    def live_documents(self) -> tuple[Document, ...]:
        return tuple(d for d in self.documents if d.state != "removed")

    @property
    def papers_settled(self) -> bool:
        return all(document.settled for document in self.documents)

    @property
    def open_requests(self) -> tuple[Request, ...]:
        return tuple(request for request in self.requests if request.open)

    def document(self, document_id: str) -> Document | None:
        return next((d for d in self.documents if d.id == document_id), None)

    def with_document(self, document: Document) -> Dossier:
        """The same dossier with this document added or replaced, order kept."""
        if self.document(document.id) is None:
            return dataclasses.replace(self, documents=(*self.documents, document))
        return dataclasses.replace(
            self, documents=tuple(document if d.id == document.id else d for d in self.documents)
        )


EffectKind = Literal["start_reading", "start_processing", "answer_task", "notify", "issue_paper", "bind_scan"]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that must leave the system after a change; `id` makes its repetition harmless."""

    id: str
    kind: EffectKind
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """A row kept beside the dossier: a task, a decision, a registry's answer, a notice.

    `key` is unique within the dossier. `once` rows are never overwritten. `queue` and `queue_order` place it in an
    office's queue; a row without them stands in none.
    """

    key: str
    data: dict[str, Any]
    once: bool = False
    queue: str = ""
    queue_order: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of the chain: what happened, who did it, when; `hash` covers everything else and `previous`."""

    sequence: int
    at: str
    actor: Actor
    action: str
    details: dict[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction's worth: committed whole or not at all."""

    before: Dossier | None
    after: Dossier
    audit: AuditEntry
    effects: tuple[Effect, ...] = ()
    records: tuple[Record, ...] = ()
    claims: tuple[Claim, ...] = ()


def audit_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry without its own hash, as canonical JSON."""
    content = to_plain(dataclasses.replace(entry, hash=""))
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def change(
    before: Dossier | None,
    after: Dossier,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    details: Mapping[str, Any] | None = None,
    effects: Iterable[tuple[EffectKind, Mapping[str, Any]]] = (),
    records: Iterable[Record] = (),
    claims: Iterable[Claim] = (),
) -> Change:
    """Seal a change: the next version, the next link of the audit chain, effects with stable ids.

    claims: months the change grants; without all of them nothing of it is done.
    details must hold no personal data: the audit is kept when the data is erased.
    Raises IllegalTransition when the dossier's life does not allow it.
    """
    if before is not None and after.state not in TRANSITIONS[before.state]:
        raise IllegalTransition(f"{action}: {before.state} -> {after.state}")
    version = (before.version if before else 0) + 1
    entry = AuditEntry(
        sequence=version,
        at=now.isoformat(timespec="milliseconds"),
        actor=actor,
        action=action,
        details=dict(details or {}) | {"state": after.state.value},
        previous=before.audit_hash if before else "",
        hash="",
    )
    entry = dataclasses.replace(entry, hash=audit_hash(entry))
    after = dataclasses.replace(after, version=version, audit_hash=entry.hash, touched_at=entry.at)
    sealed = tuple(Effect(f"{after.id}-{version}-{i}", kind, dict(p)) for i, (kind, p) in enumerate(effects))
    return Change(before, after, entry, sealed, tuple(records), tuple(claims))


def chain_breaks(entries: Iterable[AuditEntry], head_hash: str) -> list[str]:
    """What is wrong with an audit chain, in order; empty when it is whole and ends in `head_hash`."""
    found, previous, sequence = [], "", 0
    for entry in entries:
        sequence += 1
        if entry.sequence != sequence:
            found.append(f"entry {sequence} is missing, {entry.sequence} stands in its place")
            sequence = entry.sequence
        if entry.previous != previous:
            found.append(f"entry {entry.sequence} does not follow its predecessor")
        if audit_hash(entry) != entry.hash:
            found.append(f"entry {entry.sequence} was altered")
        previous = entry.hash
    if previous != head_hash:
        found.append("the chain does not end where the dossier says")
    return found


def derived_id(*parts: str) -> str:
    """The id that follows from these parts: the same request makes the same thing, however often it is sent."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()[:26]


def vietnam_day(now: datetime) -> date:
    """The calendar day in Vietnam (UTC+7) at this moment."""
    return now.astimezone(VIETNAM).date()
