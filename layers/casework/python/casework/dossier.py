"""A dossier: its states, its only legal transitions, its papers, its requests, and the audit chain of its changes.

Everything that happens to a dossier is one `Change`: the dossier before and after, one audit entry chained to the
last by its hash, the records written with it, and the effects that leave afterwards. Pure: no clock, no store.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal

from casework.audit import SYSTEM as SYSTEM
from casework.audit import Actor as Actor
from casework.audit import AuditEntry as AuditEntry
from casework.audit import Role as Role
from casework.audit import audit_hash as audit_hash
from casework.audit import chain_breaks as chain_breaks
from casework.document import DocumentId, FieldValue, Problem, Text, UploadId
from casework.errors import IllegalTransition
from casework.payments import Claim
from casework.shown import shown_name
from casework.tallies import Tally, together

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
    | {State.DECIDED, State.IN_REVIEW, State.PROCESSING, State.AWAITING_APPLICANT, State.PARKED},
    State.AWAITING_APPLICANT: frozenset(
        {State.AWAITING_APPLICANT, State.SUBMITTED, State.PROCESSING, State.WITHDRAWN, State.PARKED}
    ),
    State.PARKED: frozenset({State.PARKED, State.DRAFT, State.SUBMITTED, State.PROCESSING, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.APPROVED, State.PROCESSING}),  # opened again
    State.PARTLY_APPROVED: frozenset({State.PARTLY_APPROVED, State.PROCESSING}),  # opened again
    State.REFUSED: frozenset({State.REFUSED, State.PROCESSING}),  # opened again
    State.WITHDRAWN: frozenset({State.WITHDRAWN}),
}


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
    """One file sent for a document; `page` is set when it replaces that one page, `adds` when its pages come after
    those that are there.

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
    adds: bool = False


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
    `by_officer`: the officer who sent it, a confirmation on paper; no paper of the applicant's.
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
    by_officer: str = ""

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
        """The name of its first file, as people may see it; of a form that was opened only, where nothing was named."""
        named = [upload for upload in self.uploads if upload.told] or self.uploads
        return shown_name(named[0].file_name) if named else ""

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
    round, in order. `decision_key`: the record of the decision that stands for its stage. `people`: how many the last
    check found.
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
    decision_key: str = ""
    people: int = 0
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
        """The applicant's papers; what an officer laid beside them is among `documents` only."""
        return tuple(d for d in self.documents if d.state != "removed" and not d.by_officer)

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


EffectKind = Literal[
    "start_reading",
    "start_processing",
    "answer_task",
    "notify",
    "issue_paper",
    "bind_scan",
    "export_data",
    "erase_data",
]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that must leave the system after a change; `id` makes its repetition harmless. It waits until
    `not_before` (ISO 8601), where one is given."""

    id: str
    kind: EffectKind
    payload: dict[str, Any]
    not_before: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A row kept beside the dossier: a task, a decision, a registry's answer, a notice.

    `key` is unique within the dossier. `once` rows are never overwritten. `queue` and `queue_order` place it in an
    office's queue; a row without them stands in none. `marks` are what else it is found by there (casework.worklist).
    """

    key: str
    data: dict[str, Any]
    once: bool = False
    queue: str = ""
    queue_order: str = ""
    marks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction's worth: committed whole or not at all. `cancelled`: ids of effects that shall not leave; it
    fails where one has left."""

    before: Dossier | None
    after: Dossier
    audit: AuditEntry
    effects: tuple[Effect, ...] = ()
    records: tuple[Record, ...] = ()
    claims: tuple[Claim, ...] = ()
    tallies: tuple[Tally, ...] = ()
    cancelled: tuple[str, ...] = ()


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
    tallies: Iterable[Tally] = (),
    cancelled: Iterable[str] = (),
    not_before: str = "",
) -> Change:
    """Seal a change: the next version, the next link of the audit chain, effects with stable ids.

    claims: months the change grants; without all of them nothing of it is done. tallies: what it adds to counts.
    not_before: until when its effects wait; cancelled: effects of an earlier change that shall not leave.
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
    sealed = tuple(
        Effect(effect_id(after.id, version, i), kind, dict(payload), not_before)
        for i, (kind, payload) in enumerate(effects)
    )
    counted = together(tallies)
    return Change(before, after, entry, sealed, tuple(records), tuple(claims), counted, tuple(cancelled))


def effect_id(dossier_id: str, version: int, position: int) -> str:
    """The id of an effect: of the change that made the version, by its place among the change's effects."""
    return f"{dossier_id}-{version}-{position}"


def derived_id(*parts: str) -> str:
    """The id that follows from these parts: the same request makes the same thing, however often it is sent."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()[:26]


def vietnam_day(now: datetime) -> date:
    """The calendar day in Vietnam (UTC+7) at this moment."""
    return now.astimezone(VIETNAM).date()
