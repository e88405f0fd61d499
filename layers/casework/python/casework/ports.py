"""Everything the domain asks of the world, on one page. `adapters.wiring` answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from casework.document import Box, Page
from casework.dossier import AuditEntry, Change, Dossier, Effect, Record
from casework.forms.sheet import Sheet
from casework.found import Entry, Hit
from casework.interests import Profile
from casework.payments import Holding, Identity
from casework.registry import Answer, Question
from casework.seal_names import SealRead
from casework.sightings import Sighting
from casework.worklist import Stretch


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, with a time zone."""


class DossierStore(Protocol):
    """The only memory of the system. Every method reads strongly unless it says otherwise."""

    def load(self, dossier_id: str) -> Dossier:
        """The dossier with its documents and requests. Raises NotFound."""

    def commit(self, change: Change) -> None:
        """All of the change or nothing, its claims with it. Raises StaleVersion when somebody was first, MonthsTaken
        when another dossier was granted a month claimed, PersonBeingDecided while one is being decided."""

    def next_number(self, office: str, day: date) -> int:
        """The next dossier number of this office on this Vietnamese day, from 1; never the same twice."""

    def record(self, dossier_id: str, key: str) -> Record | None: ...

    def records(self, dossier_id: str, prefix: str) -> list[Record]: ...

    def note(self, dossier_id: str, record: Record) -> None:
        """A row beside the dossier that changes nothing of it: who looked."""

    def sighted(self, sightings: Sequence[Sighting]) -> Mapping[str, Sequence[Sighting]]:
        """Note what a dossier shows; by key, which others showed the same. One call a key; again it does no harm."""

    def audit(self, dossier_id: str) -> list[AuditEntry]: ...

    def owned_by(self, owner: str, after: str, limit: int) -> tuple[list[dict[str, Any]], str]:
        """Summaries of an owner's dossiers, newest first, and where the next page starts ("" at the end).
        May lag behind a write by moments."""

    def queue(self, queue: str, after: str, limit: int) -> tuple[list[tuple[str, Record]], str]:
        """(dossier id, record) of one queue in its order, and where the next page starts. May lag."""


class Desk(Protocol):
    """What officers look at first: lists, counts, words to search by, officers themselves. Every method is a bounded
    number of calls; lists and counts may lag behind a write by moments."""

    def stretch(self, wanted: Stretch, after: str, limit: int) -> tuple[list[tuple[str, Record]], str]:
        """(dossier id, record) of a stretch in its order, and where the next page starts ("" at the end). Of a stretch
        that is sifted a page may be short, and yet not the last."""

    def tallies(self, office: str, first: str, last: str) -> dict[str, dict[str, int]]:
        """Counts of an office by row, from one row to another."""

    def note_words(self, areas: Sequence[str], entries: Sequence[Entry]) -> None:
        """Make a dossier found by these words in these areas; again it is the same."""

    def find(self, area: str, word: str, limit: int) -> list[Hit]:
        """What an area has under words that begin so."""

    def heads(self, dossier_ids: Sequence[str]) -> list[Dossier]:
        """At most 100 dossiers without their papers, in the order asked for; what is not there is left out."""

    def profile(self, officer: str) -> Profile | None: ...

    def keep_profile(self, profile: Profile) -> None:
        """Raises StaleVersion unless it is the version after the one on record."""

    def officers(self, office: str, limit: int) -> list[Profile]:
        """By name."""

    def own(self, officer: str, name: str) -> dict[str, Any] | None:
        """Something an officer keeps for himself."""

    def keep_own(self, officer: str, name: str, data: Mapping[str, Any]) -> None: ...


class DeskStore(DossierStore, Desk, Protocol):
    """Both: what the verbs of officers need."""


@dataclass(frozen=True, slots=True)
class PendingEffect:
    """An effect with its delivery state: pending, sending (claimed at `claimed_at`), done, refused, maybe_sent."""

    dossier_id: str
    effect: Effect
    state: str
    claimed_at: str = ""
    attempts: int = 0


class Outbox(Protocol):
    """Effects written by `DossierStore.commit`, waiting to leave."""

    def effect(self, dossier_id: str, effect_id: str) -> PendingEffect | None: ...

    def claim(self, pending: PendingEffect, now: datetime) -> bool:
        """pending -> sending; False when somebody else holds or finished it."""

    def release(self, pending: PendingEffect) -> None:
        """sending -> pending: it is known that nothing left."""

    def finish(self, pending: PendingEffect, state: str, now: datetime, note: str = "") -> None:
        """Ends in "done", "refused" or "maybe_sent"; idempotent."""

    def effects(self, dossier_id: str) -> list[PendingEffect]:
        """All effects of a dossier with how far each came, oldest first."""

    def waiting(self, limit: int) -> list[PendingEffect]:
        """Effects not finished yet, oldest first. May lag behind a write by moments."""


class Payments(Protocol):
    """What was granted to whom for which month (rules X-1, X-2), kept by the system itself; granted by commits."""

    def held(self, people: Sequence[Identity]) -> list[list[Holding]]:
        """What each of them holds by decisions that stand, by month."""


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """A presigned POST: send `fields` and then the file to `url` before `expires_at`."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the store knows about an uploaded object."""

    size_bytes: int
    version: str
    sha256: str  # hex; "" when the store has no checksum of it


class FileStore(Protocol):
    """Uploads, rendered pages, readings and verdicts."""

    def grant_upload(self, key: str, size_bytes: int, sha256: str, media_type: str) -> UploadGrant: ...

    def grant_form(self, key: str, back_to: str) -> UploadGrant:
        """For a file nothing is known of yet; afterwards the browser is sent to `back_to`."""

    def uploaded(self, key: str) -> StoredObject | None:
        """The newest version of an upload, or None when there is none."""

    def upload(self, key: str, version: str = "") -> bytes:
        """The bytes of an upload. Raises NotFound."""

    def put_page(self, key: str, page: Page, image: bytes) -> None: ...

    def page(self, key: str) -> Page | None: ...

    def page_image(self, key: str) -> bytes: ...

    def page_image_link(self, key: str) -> str:
        """A link to the rendered page, good for five minutes."""

    def put_json(self, key: str, data: Any) -> None: ...

    def json(self, key: str) -> Any:
        """Raises NotFound."""

    def put_evidence(self, key: str, data: Any) -> None:
        """Written once and kept: what a decision rests on."""

    def evidence(self, key: str) -> Any:
        """Raises NotFound."""

    def evidence_link(self, key: str) -> str:
        """A link to it, good for five minutes."""

    def put_paper(self, key: str, pdf: bytes) -> None:
        """A paper of ours, written once and kept."""

    def paper(self, key: str) -> bytes:
        """The PDF of a paper of ours. Raises NotFound."""

    def erase(self, dossier_id: str) -> int:
        """Delete every version of a dossier's uploads, pages, readings and exports; how many there were. Evidence and
        papers of ours stay."""

    def put_scan(self, key: str, pdf: bytes) -> None:
        """The searchable PDF of a document that was read."""

    def has_scan(self, key: str) -> bool: ...

    def scan_link(self, key: str, file_name: str) -> str:
        """A link to it, good for five minutes, to be saved under this name."""

    def put_bundle(self, key: str, packed: bytes) -> None:
        """A decision's evidence under a name made of its content: put once."""

    def bundle_link(self, key: str, file_name: str, media_type: str = "application/zip") -> str:
        """A link to it, good for five minutes, to be saved under this name."""

    def paper_link(self, key: str, file_name: str) -> str:
        """A link to a paper of ours, good for five minutes, to be saved under this name."""


@dataclass(frozen=True, slots=True)
class PageRead:
    page: Page
    image: bytes


class PageReader(Protocol):
    """Tesseract, or a text layer, behind one question."""

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        """One page of a file (pages from 1). Raises ReaderFailed when the engine died or hung."""

    def read_again(self, image: bytes, box: Box, alphabet: str | None) -> tuple[str, float]:
        """A second look at one box of a rendered page, with only these characters allowed."""

    def read_variously(self, image: bytes, box: Box, alphabet: str | None) -> tuple[str, ...]:
        """One box of a rendered page read in several forms: what each said."""

    def read_seal(self, data: bytes, page: Page, box: Box) -> tuple[SealRead, ...]:
        """A seal of a page of a file (numbered as in the file), read in several forms from the file as it came; empty
        for one that cannot be made out. Raises ReaderFailed."""


class Registry(Protocol):
    def ask(self, question: Question) -> Answer:
        """Raises RegistryUnavailable; never guesses."""


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    pdf: bytes
    pages: int


class PaperPrinter(Protocol):
    def print(self, sheet: Sheet) -> PrintedPaper:
        """The sheet as a PDF; the same sheet gives the same bytes."""


class Workflows(Protocol):
    """Step Functions, seen from the outbox. Every call may be repeated without harm."""

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None: ...

    def answer(self, token: str, output: dict[str, Any]) -> bool:
        """False when nobody waits for this token any more."""


class Bench(Protocol):
    """Where work that takes heavy tools is done, after the fact and as often as it is asked for."""

    def ask(self, work: str, dossier_id: str, effect_id: str) -> None:
        """Have the work of an effect done (issue_paper, bind_scan, export_data, erase_data). Asked again it does no
        harm."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message its function gave up on. `since`: when it was first sent; `tries`: how often it was tried, 0 where
    nobody says; what it was about, and what was said of the failure, as far as the message itself tells."""

    id: str
    since: str
    tries: int = 0
    dossier_id: str = ""
    effect_id: str = ""
    error: str = ""


class DeadLetters(Protocol):
    """Where messages wait that a function gave up on, by the names of rulebook/dead_letters.toml."""

    def count(self, name: str) -> int:
        """How many there are, more or less. Raises NotFound for a name that is none."""

    def look(self, name: str) -> list[Letter]:
        """Some of them; nothing of it changes. Raises NotFound."""

    def send_back(self, name: str, limit: int) -> list[Letter]:
        """At most so many go back to the queue they came from, or away where they came from none; each is sent before
        it is taken out, so that it may go twice and is never lost. Raises NotFound."""


class Messenger(Protocol):
    def send(self, message_id: str, to: str, subject: str, body: str) -> str:
        """Sends one e-mail, once; returns the provider's id of it.

        Raises MessageRefused, MessageDelayed: nothing was sent; MessageUncertain: perhaps it was."""


class Texter(Protocol):
    def send(self, message_id: str, to: str, text: str) -> str:
        """Sends one text message to a number in E.164; as Messenger does."""


class Lookups(Protocol):
    """Questions for a dossier by its code, and the digits that answer them. All of it is forgotten by itself."""

    def count(self, what: str, whose: str, most: int) -> bool:
        """One more of it within this hour; False once there were more than `most`."""

    def ask(self, code: str) -> None:
        """Put a question down; whoever sends the digits is told of it."""

    def claim(self, partition: str, question: str) -> str:
        """The code a question asks for, to the first who claims it; "" to others."""

    def keep_digits(self, code: str, dossier_id: str) -> str:
        """Six new digits that open this dossier for ten minutes, in place of older ones; "" for none that any open."""

    def try_digits(self, code: str, digits: str) -> str:
        """The dossier they open, once; "" for wrong, old, spent ones, and after five tries."""

    def open(self, dossier_id: str) -> str:
        """A token with which a browser may look again for half an hour."""

    def opened(self, token: str) -> str:
        """The dossier a token opens, or ""."""
