"""The world in memory: every port of casework.ports, well-behaved and faulty, each named for how it behaves.

The stores keep plain JSON, as the real ones do, so that what the codec cannot carry is lost here too. `MemoryStore`
and adapters.store.CaseTable pass the same contract (tests/integration/test_store.py).
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from casework.document import Box, Field, Page, Part, Problem, Reading, Word
from casework.dossier import AuditEntry, Change, Dossier, Record
from casework.errors import (
    MonthsTaken,
    NotFound,
    ReaderFailed,
    RegistryUnavailable,
    StaleVersion,
    UnacceptableFile,
    problem,
)
from casework.payments import Conflict, Holding, Identity, comparable, grant_key, grant_name, hold_name
from casework.plain import from_plain, to_plain
from casework.ports import PageRead, PendingEffect, PrintedPaper, StoredObject, UploadGrant
from casework.registry import DOSSIER_FACTS, ROW_FACTS, Answer, Question, believe

from tests.fakes_desk import MemoryDesk, kept_record


def as_stored(data: Any) -> Any:
    """What comes back from a store: the data as JSON and back."""
    return json.loads(json.dumps(to_plain(data), ensure_ascii=False).encode("utf-8"))


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = datetime(2020, 5, 18, 2, 0, tzinfo=UTC)) -> None:  # a Monday, 9:00 in Vietnam
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


# ── the store ────────────────────────────────────────────────────────────────


@dataclass
class _Pending:
    data: Any
    order: str
    state: str = "pending"
    claimed_at: str = ""


class MemoryStore(MemoryDesk):
    """DossierStore, Outbox and Payments. `interrupt`, once set, is called in the next commit, before it looks."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.RLock()
        self._dossiers: dict[str, Any] = {}
        self._audit: dict[str, list[Any]] = defaultdict(list)
        self._records: dict[str, dict[str, Any]] = defaultdict(dict)
        self._outbox: dict[tuple[str, str], _Pending] = {}
        self._numbers: Counter[tuple[str, date]] = Counter()
        self._granted: dict[tuple[str, str], tuple[frozenset[str], Holding]] = {}
        self._holds: dict[tuple[str, str], str] = {}
        self.interrupt: Callable[[], None] | None = None
        self.commits = 0

    def load(self, dossier_id: str) -> Dossier:
        with self._lock:
            if dossier_id not in self._dossiers:
                raise NotFound(dossier_id)
            return from_plain(Dossier, self._dossiers[dossier_id])

    def commit(self, change: Change) -> None:
        interrupt, self.interrupt = self.interrupt, None
        if interrupt is not None:
            interrupt()
        with self._lock:
            dossier_id = change.after.id
            stored = self._dossiers.get(dossier_id)
            if (stored["version"] if stored else None) != (change.before.version if change.before else None):
                raise StaleVersion(dossier_id)
            if any(record.once and record.key in self._records[dossier_id] for record in change.records):
                raise StaleVersion(dossier_id)
            if any((dossier_id, effect.id) in self._outbox for effect in change.effects):
                raise StaleVersion(dossier_id)
            if any(self._outbox[dossier_id, effect_id].state != "pending" for effect_id in change.cancelled):
                raise StaleVersion(dossier_id)
            rows = {record.key: as_stored(record) for record in change.records}
            self._take(change)
            self._let_go(change)
            self.count(change)
            for effect_id in change.cancelled:
                self._outbox[dossier_id, effect_id].state = "done"
            self._dossiers[dossier_id] = as_stored(change.after)
            self._audit[dossier_id].append(as_stored(change.audit))
            self._records[dossier_id].update(rows)
            for effect in change.effects:
                order = f"{effect.not_before or change.audit.at}#{effect.id}"
                self._outbox[dossier_id, effect.id] = _Pending(as_stored(effect), order)
            self.commits += 1

    def next_number(self, office: str, day: date) -> int:
        with self._lock:
            self._numbers[office, day] += 1
            return self._numbers[office, day]

    def record(self, dossier_id: str, key: str) -> Record | None:
        found = self._records[dossier_id].get(key)
        return kept_record(found) if found else None

    def records(self, dossier_id: str, prefix: str) -> list[Record]:
        rows = self._records[dossier_id]
        return [kept_record(rows[key]) for key in sorted(rows) if key.startswith(prefix)]

    def note(self, dossier_id: str, record: Record) -> None:
        self._records[dossier_id][record.key] = as_stored(record)

    def audit(self, dossier_id: str) -> list[AuditEntry]:
        return [from_plain(AuditEntry, entry) for entry in self._audit[dossier_id]]

    def owned_by(self, owner: str, after: str, limit: int) -> tuple[list[dict[str, Any]], str]:
        mine = [(f"{d['created_at']}#{d['id']}", d) for d in self._dossiers.values() if d["owner"] == owner]
        rows = sorted(((order, d) for order, d in mine if not after or order < after), reverse=True, key=lambda r: r[0])
        shown = ("id", "code", "procedure", "state", "created_at", "due_on", "version")
        page = [{name: d[name] for name in shown} for _, d in rows[:limit]]
        return page, rows[limit - 1][0] if len(rows) > limit else ""

    def queue(self, queue: str, after: str, limit: int) -> tuple[list[tuple[str, Record]], str]:
        rows = [
            (row["queue_order"], dossier_id, row)
            for dossier_id, found in self._records.items()
            for row in found.values()
            if row["queue"] == queue and row["queue_order"] > after
        ]
        rows.sort(key=lambda row: row[0])
        page = [(dossier_id, kept_record(row)) for _, dossier_id, row in rows[:limit]]
        return page, rows[limit - 1][0] if len(rows) > limit else ""

    def effect(self, dossier_id: str, effect_id: str) -> PendingEffect | None:
        found = self._outbox.get((dossier_id, effect_id))
        return _pending(dossier_id, found) if found else None

    def effects(self, dossier_id: str) -> list[PendingEffect]:
        mine = [(found.order, found) for (owner, _), found in self._outbox.items() if owner == dossier_id]
        return [_pending(dossier_id, found) for _, found in sorted(mine, key=lambda f: f[0])]

    def claim(self, pending: PendingEffect, now: datetime) -> bool:
        with self._lock:
            found = self._outbox[pending.dossier_id, pending.effect.id]
            if found.state != "pending":
                return False
            found.state, found.claimed_at = "sending", now.isoformat()
            return True

    def release(self, pending: PendingEffect) -> None:
        with self._lock:
            found = self._outbox[pending.dossier_id, pending.effect.id]
            if found.state == "sending":
                found.state, found.claimed_at = "pending", ""

    def finish(self, pending: PendingEffect, state: str, now: datetime, note: str = "") -> None:
        with self._lock:
            found = self._outbox[pending.dossier_id, pending.effect.id]
            if found.state != "done":
                found.state = state

    def waiting(self, limit: int) -> list[PendingEffect]:
        open_ = [
            (found.order, dossier_id, found)
            for (dossier_id, _), found in self._outbox.items()
            if found.state in ("pending", "sending")
        ]
        return [_pending(dossier_id, found) for _, dossier_id, found in sorted(open_, key=lambda f: f[0])[:limit]]

    def held(self, people: Sequence[Identity]) -> list[list[Holding]]:
        def of(who: Identity) -> list[Holding]:
            found = {}
            for key in (*who.numbers, who.name):
                for (name, month), (kinds, holding) in self._granted.items():
                    if name != key or (key == who.name and comparable(who.kinds, kinds)):
                        continue
                    sure, now = key != who.name or not who.kinds, self._last(holding)
                    found.setdefault((month, now.dossier_id), dataclasses.replace(now, sure=sure))
            return sorted(found.values(), key=lambda held: (held.month, held.dossier_id))

        return [of(who) for who in people]

    def _take(self, change: Change) -> None:
        """The claims of a change, or MonthsTaken and nothing."""
        taken, wanted, after = [], {}, change.after
        for claim in change.claims:
            over = {held.month: held.grant for held in claim.over}
            keys = (*claim.who.numbers, claim.who.name or ("" if claim.who.numbers else claim.row))
            places = [(key, month) for key in keys if key for month in claim.months]
            places += [(grant_key(grant), month) for month, grant in over.items()]
            for key, month in places:
                kinds, holding = self._granted.get((key, month), ((), None))
                by_name = key == claim.who.name and bool(claim.who.numbers)
                if holding is None or holding.dossier_id == after.id:
                    grant = grant_name(after.id, claim.row)
                    worth = claim.amount_vnd
                    held = Holding(month, after.id, after.code, after.procedure, claim.kind, True, worth, grant)
                    wanted[key, month] = (claim.who.kinds, held)
                elif holding.grant != over.get(month) and not (by_name and comparable(claim.who.kinds, kinds)):
                    taken.append(Conflict(claim.row, self._last(holding)))
        if taken:
            raise MonthsTaken(list({(c.row, c.holding.month): c for c in taken}.values()))
        self._granted.update(wanted)
        self._holds |= dict.fromkeys(wanted, hold_name(after.id, change.claims))

    def _let_go(self, change: Change) -> None:
        """The months of holds that a change says are undone."""
        undone = {record.key.removeprefix("HOLD#") for record in change.records if record.data.get("undone")}
        for place in [place for place, hold in self._holds.items() if hold in undone]:
            del self._granted[place], self._holds[place]

    def _last(self, holding: Holding) -> Holding:
        """What a grant has become: the higher one that took it over."""
        while (key := (grant_key(holding.grant), holding.month)) in self._granted:
            holding = self._granted[key][1]
        return holding


def _pending(dossier_id: str, found: _Pending) -> PendingEffect:
    from casework.dossier import Effect

    return PendingEffect(dossier_id, from_plain(Effect, found.data), found.state, found.claimed_at)


class MemoryFiles:
    """FileStore. `arrive` is what the applicant's browser does with a grant."""

    def __init__(self) -> None:
        self._uploads: dict[str, list[bytes]] = defaultdict(list)
        self._pages: dict[str, tuple[Any, bytes]] = {}
        self._json: dict[str, Any] = {}
        self._evidence: dict[str, Any] = {}
        self.pdfs: dict[str, bytes] = {}

    def arrive(self, key: str, data: bytes) -> str:
        self._uploads[key].append(data)
        return str(len(self._uploads[key]))

    def vanish(self, key: str) -> None:
        del self._uploads[key]

    def grant_upload(self, key: str, size_bytes: int, sha256: str, media_type: str) -> UploadGrant:
        return UploadGrant(f"memory:{key}", {"key": key}, datetime.max.replace(tzinfo=UTC))

    def grant_form(self, key: str, back_to: str) -> UploadGrant:
        fields = {"key": key, "success_action_redirect": back_to}
        return UploadGrant(f"memory:{key}", fields, datetime.max.replace(tzinfo=UTC))

    def uploaded(self, key: str) -> StoredObject | None:
        versions = self._uploads.get(key)
        return StoredObject(len(versions[-1]), str(len(versions)), "") if versions else None

    def upload(self, key: str, version: str = "") -> bytes:
        versions = self._uploads.get(key, [])
        number = int(version or len(versions))
        if not 1 <= number <= len(versions):
            raise NotFound(key)
        return versions[number - 1]

    def put_page(self, key: str, page: Page, image: bytes) -> None:
        self._pages[key] = as_stored(page), image

    def page(self, key: str) -> Page | None:
        found = self._pages.get(key)
        return from_plain(Page, found[0]) if found else None

    def page_image(self, key: str) -> bytes:
        if key not in self._pages:
            raise NotFound(key)
        return self._pages[key][1]

    def page_image_link(self, key: str) -> str:
        return f"memory:{key}"

    def put_json(self, key: str, data: Any) -> None:
        self._json[key] = as_stored(data)

    def json(self, key: str) -> Any:
        if key not in self._json:
            raise NotFound(key)
        return self._json[key]

    def put_evidence(self, key: str, data: Any) -> None:
        self._evidence[key] = as_stored(data)

    def evidence(self, key: str) -> Any:
        if key not in self._evidence:
            raise NotFound(key)
        return self._evidence[key]

    def evidence_link(self, key: str) -> str:
        return f"https://store.example/{key}"

    def put_paper(self, key: str, pdf: bytes) -> None:
        self.pdfs[key] = pdf

    def paper(self, key: str) -> bytes:
        if key not in self.pdfs:
            raise NotFound(key)
        return self.pdfs[key]

    def erase(self, dossier_id: str) -> int:
        found = 0
        for kept in (self._uploads, self._pages, self._json, self.pdfs):
            mine = [key for key in kept if f"/{dossier_id}/" in key and not key.startswith("papers/")]
            found += len([kept.pop(key) for key in mine])  # type: ignore[attr-defined]
        return found

    def paper_link(self, key: str, file_name: str) -> str:
        return f"memory:{key}?{file_name}"

    def put_bundle(self, key: str, packed: bytes) -> None:
        self.pdfs.setdefault(key, packed)

    def bundle_link(self, key: str, file_name: str) -> str:
        return f"memory:{key}?{file_name}"

    def put_scan(self, key: str, pdf: bytes) -> None:
        self.pdfs[key] = pdf

    def has_scan(self, key: str) -> bool:
        return key in self.pdfs

    def scan_link(self, key: str, file_name: str) -> str:
        return f"memory:{key}?{file_name}"


class PlainPrinter:
    """Prints a sheet as the JSON it is; the sheets are kept as they were, in order."""

    def __init__(self) -> None:
        self.sheets: list[Any] = []

    def print(self, sheet: Any) -> PrintedPaper:
        self.sheets.append(sheet)
        return PrintedPaper(json.dumps(to_plain(sheet), ensure_ascii=False, sort_keys=True).encode(), 1)


# ── readers ──────────────────────────────────────────────────────────────────

BLURRED = "BLURRED"
PAGE_BREAK = b"\f"


class PlainReader:
    """Reads files of plain text, a page break between pages; a page that says BLURRED cannot be read."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        self.read.append(page_number)
        text = data.split(PAGE_BREAK)[page_number - 1].decode()
        if text.startswith(BLURRED):
            return PageRead(Page(page_number, "ocr", 10, 10, problem=problem("page-blurred", page=page_number)), b"?")
        return PageRead(Page(page_number, "text", 10, 10, words=(Word(text, Box(0, 0, 1, 1)),)), text.encode())

    def read_again(self, image: bytes, box: Box, alphabet: str | None) -> tuple[str, float]:
        return "", 0.0


class CrashingReader(PlainReader):
    """Dies the first `times` times it is asked for one of these pages."""

    def __init__(self, times: int, pages: Sequence[int] = (1,)) -> None:
        super().__init__()
        self._left, self._pages = times, pages

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        if page_number in self._pages and self._left > 0:
            self._left -= 1
            raise ReaderFailed("killed by signal 9")
        return super().read_page(data, page_number)


class EmptyReader(PlainReader):
    """Sees nothing on any page, and says so without a problem."""

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        return PageRead(Page(page_number, "ocr", 10, 10), b"?")


class GarbageReader(PlainReader):
    """Returns a great many words that are none."""

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        words = tuple(Word("\x00�</x>\u2028" * 5, Box(0, 0, 1, 1), 0.01) for _ in range(2000))
        return PageRead(Page(page_number, "ocr", 10, 10, words=words), b"?")


def count_pages(data: bytes, file_name: str) -> int:
    """The inspection of plain-text files: pages by their breaks; what begins with a NUL is refused."""
    if data.startswith(b"\0"):
        raise UnacceptableFile(problem("file-damaged"))
    return data.count(PAGE_BREAK) + 1


def read_sheets(
    pages: Sequence[Page], second_look: Callable[[int, Box, str | None], tuple[str, float]] | None = None
) -> Reading:
    """The fields of plain-text papers (see builders.paper): each page says in JSON what stands on it.

    Pages of another type are another paper of the same file; "lost": the numbers of pages that are not there.
    """
    parts: list[Part] = []
    remarks: list[Problem] = []
    for page in pages:
        for word in page.words if page.problem is None else ():
            try:
                said = json.loads(word.text)
            except ValueError:
                continue
            fields = {name: _field(value, page.number) for name, value in said["fields"].items()}
            rows = [{name: _field(value, page.number) for name, value in row.items()} for row in said["roster"]]
            remarks += [problem("page-missing", number=lost, of=len(pages) + 1) for lost in said.get("lost", ())]
            if parts and parts[-1].document_type == said["type"]:
                fields = parts[-1].fields | fields
                rows = [*parts[-1].tables.get("roster", ()), *rows]
                parts.pop()
            parts.append(Part(said["type"], 1.0, (page.number,), fields, {"roster": tuple(rows)} if rows else {}))
    main = parts[0] if parts else Part("unknown", 0.0, ())
    several = tuple(parts) if len(parts) > 1 else ()
    told = (main.document_type, main.type_confidence, main.fields, main.tables)
    return Reading(*told, tuple(pages), several, tuple(remarks))


def _field(value: Any, page: int) -> Field:
    """A value, or [value, confidence]."""
    read, confidence = value if isinstance(value, list) else (value, 0.99)
    return Field(read, str(read), confidence, page, Box(0.1, 0.1, 0.5, 0.2), "ocr")


# ── registries ───────────────────────────────────────────────────────────────

GOOD: Mapping[str, Any] = {
    "employer.kind": "enterprise",
    "finance.revenue_vnd": 0,
    "vss.participating_before_suspension": True,
    "vss.decrease_reported": True,
    "vss.contract_ended": False,
}


class AnsweringRegistry:
    """Knows everybody and says what is right for him, unless told otherwise: facts by key of a person, or for all."""

    def __init__(self, clock: Callable[[], datetime], **differs: Any) -> None:
        self._clock, self.differs = clock, differs
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        return believe(question, self.answer(question))

    def answer(self, question: Question) -> dict[str, Any]:
        of_dossier, of_rows = DOSSIER_FACTS[question.registry], ROW_FACTS[question.registry]
        about = question.employer.tax_code
        employer = {"key": "", "about": about, "status": "match", "facts": _known(of_dossier)} if of_dossier else None
        return {
            "registry": question.registry,
            "question_id": question.question_id,
            "as_of": question.as_of.isoformat(),
            "answered_at": self._clock().isoformat(),
            "source": "fake/1",
            "dossier": employer and {**employer, **self.differs.get("employer", {})},
            "rows": [
                {"key": row.key, "about": row.bhxh_number, "status": "match", "facts": _known(of_rows)}
                | self.differs.get("rows", {}).get(row.bhxh_number, {})
                for row in question.rows
            ],
        }


class SilentRegistry:
    """Never answers."""

    def __init__(self, reason: str = "no answer within 10 s") -> None:
        self.reason, self.asked = reason, 0

    def ask(self, question: Question) -> Answer:
        self.asked += 1
        raise RegistryUnavailable(self.reason, 30)


class WrongRegistry(AnsweringRegistry):
    """Answers in the right form about somebody else."""

    def answer(self, question: Question) -> dict[str, Any]:
        answer = super().answer(question)
        for row in answer["rows"]:
            row["about"] = "9999999999"
        if answer["dossier"]:
            answer["dossier"]["about"] = "9999999999"
        return answer


def _known(names: Mapping[str, type]) -> dict[str, Any]:
    return {name: GOOD[name] for name in names if name in GOOD}


# ── what leaves ──────────────────────────────────────────────────────────────


@dataclass
class MemoryWorkflows:
    """Workflows: executions by name, and the tokens somebody waits for."""

    started: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)
    answered: list[str] = field(default_factory=list)

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        self.started.setdefault(name, (machine, as_stored(data)))

    def answer(self, token: str, output: dict[str, Any]) -> bool:
        if token not in self.live:
            return False
        self.live.discard(token)
        self.answered.append(token)
        return True


@dataclass
class MemoryBench:
    """Bench: the work asked for, in order."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def ask(self, work: str, dossier_id: str, effect_id: str) -> None:
        self.asked.append((work, dossier_id, effect_id))


@dataclass
class MemoryMessenger:
    """Messenger: what the provider accepted, in order."""

    accepted: list[tuple[str, str, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def send(self, message_id: str, to: str, subject: str, body: str) -> str:
        self.accepted.append((message_id, to, subject))
        self.bodies.append(body)
        return f"message-{len(self.accepted)}"


@dataclass
class MemoryTexter:
    """Texter: what the provider accepted, in order; `fails` is raised after the next is accepted."""

    accepted: list[tuple[str, str, str]] = field(default_factory=list)
    fails: Exception | None = None

    def send(self, message_id: str, to: str, text: str) -> str:
        self.accepted.append((message_id, to, text))
        if self.fails is not None:
            raise self.fails
        return f"text-{len(self.accepted)}"


class Killed(BaseException):
    """The process dies here, as a Lambda does: no handler of exceptions sees it."""


class DyingMessenger(MemoryMessenger):
    """The provider accepts the mail, and the sender dies before it hears of it."""

    def send(self, message_id: str, to: str, subject: str, body: str) -> str:
        super().send(message_id, to, subject, body)
        raise Killed


class UnwillingMessenger(MemoryMessenger):
    """The provider says no, as often as `refusals` has something to say; then it takes the mail."""

    def __init__(self, *refusals: Exception) -> None:
        super().__init__()
        self._refusals = list(refusals)

    def send(self, message_id: str, to: str, subject: str, body: str) -> str:
        if self._refusals:
            raise self._refusals.pop(0)
        return super().send(message_id, to, subject, body)


def altered(entry: AuditEntry, **differs: Any) -> AuditEntry:
    """An audit entry somebody tampered with, its hash left as it was."""
    return dataclasses.replace(entry, **differs)
