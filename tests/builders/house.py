"""The system in memory: the verbs as the handlers call them, and `settle`, which lets effects leave and plays the two
state machines by hand, step by step as their ASL has it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.registries.payments import PaymentsRegistry
from casework.dossier import Actor, Applicant, Dossier, State
from casework.errors import ReaderFailed, RegistryUnavailable, StaleReading
from casework.ports import Registry
from casework.review import DecisionRequest
from casework.workflow import answering, checking, filing, looking_again, outcomes, reading, relaying, reviewing

from tests.builders.papers import APPLICANT, DECLARED, DISTRICT, OFFICE, Employee, papers
from tests.fakes import (
    AnsweringRegistry,
    MemoryBench,
    MemoryFiles,
    MemoryMessenger,
    MemoryStore,
    MemoryTexter,
    MemoryWorkflows,
    PlainReader,
    SetClock,
    as_stored,
    count_pages,
    read_sheets,
)

# ── the system in memory ─────────────────────────────────────────────────────


@dataclass(frozen=True)
class Sent:
    """A file sent for a document."""

    dossier_id: str
    document_id: str
    upload_id: str
    version: str = ""

    @property
    def ids(self) -> tuple[str, str, str]:
        return self.dossier_id, self.document_id, self.upload_id

    @property
    def object(self) -> tuple[str, str, str, str]:
        return (*self.ids, self.version)


@dataclass
class House:
    """The system in memory. Its parts may be replaced by faulty ones at any moment."""

    clock: SetClock = field(default_factory=SetClock)
    store: Any = field(default_factory=MemoryStore)
    files: Any = field(default_factory=MemoryFiles)
    reader: PlainReader = field(default_factory=PlainReader)
    workflows: MemoryWorkflows = field(default_factory=MemoryWorkflows)
    messenger: MemoryMessenger = field(default_factory=MemoryMessenger)
    texter: MemoryTexter = field(default_factory=MemoryTexter)
    bench: MemoryBench = field(default_factory=MemoryBench)
    registries: dict[str, Registry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._played: set[str] = set()
        self._waiting: dict[str, dict[str, Any]] = {}
        self._keys = 0
        for name in ("vss", "enterprise", "tax"):
            self.registries.setdefault(name, AnsweringRegistry(self.clock))
        self.registries.setdefault("payments", PaymentsRegistry(self.store, self.clock))

    # -- the applicant

    def key(self) -> str:
        self._keys += 1
        return f"key-{self._keys}"

    def file(self, key: str = "", actor: Actor = APPLICANT, **differs: Any) -> Dossier:
        applicant = Applicant("Nguyễn Văn Kế", "0901234567", "ke.toan@example.vn")
        wanted: dict[str, Any] = {
            "procedure": "SW", "office": OFFICE, "applicant": applicant, "declared": dict(DECLARED), "consent": True,
        }  # fmt: skip
        given = filing.Filing(**(wanted | differs))
        return filing.file_dossier(given, actor, key or self.key(), store=self.store, clock=self.clock)

    def announce(
        self, dossier_id: str, data: bytes, name: str = "giay-to.pdf", *, document_id: str = "",
        page: int | None = None, adds: bool = False, key: str = "", actor: Actor = APPLICANT,
    ) -> Sent:  # fmt: skip
        sha256 = hashlib.sha256(data).hexdigest()
        file = filing.FileToSend(name, len(data), sha256, "application/pdf", page, adds)
        key = key or self.key()
        world = {"store": self.store, "files": self.files, "clock": self.clock}
        if document_id:
            document, upload, _ = filing.add_upload(dossier_id, document_id, file, actor, key, **world)
        else:
            document, upload, _ = filing.add_document(dossier_id, file, actor, key, **world)
        return Sent(dossier_id, document.id, upload.id)

    def arrive(self, sent: Sent, data: bytes) -> Sent:
        """The file reaches the store; nobody has been told yet."""
        return replace(sent, version=self.files.arrive(filing.upload_key(*sent.ids), data))

    def told(self, sent: Sent, sequencer: str = "") -> str:
        return reading.receive_upload(*sent.ids, sequencer, store=self.store, files=self.files, clock=self.clock)

    def send(self, dossier_id: str, data: bytes, name: str = "giay-to.pdf", **more: Any) -> Sent:
        """Announce, upload, and the event of its arrival."""
        sent = self.arrive(self.announce(dossier_id, data, name, **more), data)
        self.told(sent)
        return sent

    def draft(self, *people: Employee, papers_: Mapping[str, bytes] | None = None, **differs: Any) -> Dossier:
        """A dossier with its papers sent and read, not handed in."""
        dossier = self.file(**differs)
        for name, data in (papers_ if papers_ is not None else papers(*people)).items():
            self.send(dossier.id, data, name)
        self.settle()
        return self.store.load(dossier.id)

    def submit(self, dossier_id: str, version: int | None = None) -> Dossier:
        return filing.submit(dossier_id, APPLICANT, version, store=self.store, clock=self.clock)

    def submitted(self, *people: Employee, **differs: Any) -> Dossier:
        """A valid dossier as far as it goes without an officer."""
        dossier = self.draft(*people, **differs)
        self.submit(dossier.id)
        self.settle()
        return self.store.load(dossier.id)

    def withdraw(self, dossier_id: str) -> Dossier:
        return filing.withdraw(dossier_id, APPLICANT, store=self.store, clock=self.clock)

    # -- the machines

    def settle(self) -> None:
        """Let everything happen that needs no person."""
        while True:
            waiting = [p for p in self.store.waiting(1000) if p.state == "pending"]
            new = [name for name in self.workflows.started if name not in self._played]
            if not waiting and not new:
                return
            for pending in waiting:
                self.deliver(pending.dossier_id, pending.effect.id)
            for name in [name for name in self.workflows.started if name not in self._played]:
                self._played.add(name)
                self._play(name)
            for token in [token for token in self.workflows.answered if token in self._waiting]:
                self._go_on(self._waiting.pop(token))

    def deliver(self, dossier_id: str, effect_id: str) -> str:
        return relaying.deliver(
            dossier_id, effect_id, store=self.store, outbox=self.store, workflows=self.workflows,
            messenger=self.messenger, texter=self.texter, bench=self.bench, public_url="https://motcua.example",
            clock=self.clock,
        )  # fmt: skip

    def _play(self, name: str) -> None:
        machine, data = self.workflows.started[name]
        if machine == "read_document":
            self.read(Sent(data["dossier_id"], data["document_id"], data["upload_id"], data["object_version"]))
        elif data["begin_at"] == "RecordStage":
            self._go_on(data)
        else:
            for registry in data["registries"]:
                self.consult(data["dossier_id"], data["round"], registry)
            self.look_again(data["dossier_id"], data["round"])
            self._next(data, self.check(data["dossier_id"], data["round"]))

    def read(self, sent: Sent) -> str:
        """ReadDocument: each step as the machine calls it, a crashing page tried three times."""
        numbers, refused = self.inspect(sent)
        for number in range(1, numbers + 1):
            for _ in range(3):
                try:
                    self.read_page(sent, number)
                    break
                except ReaderFailed:
                    continue
        while True:
            if refused is None:
                self.extract(sent, numbers)
            try:
                return self.record(sent, numbers, refused)
            except StaleReading:
                continue

    def inspect(self, sent: Sent) -> Any:
        return reading.inspect_document(*sent.object, store=self.store, files=self.files, inspect=count_pages)

    def read_page(self, sent: Sent, number: int) -> bool:
        return reading.read_page(*sent.object, number, files=self.files, reader=self.reader)

    def extract(self, sent: Sent, numbers: int = 1) -> str:
        return reading.extract_fields(
            *sent.object, list(range(1, numbers + 1)), store=self.store, files=self.files, reader=self.reader,
            read_fields=read_sheets,
        )  # fmt: skip

    def record(self, sent: Sent, numbers: int = 1, refused: Any = None) -> str:
        return reading.record_reading(
            *sent.object, list(range(1, numbers + 1)), refused, store=self.store, files=self.files, clock=self.clock
        )

    def consult(self, dossier_id: str, round_number: int, registry: str, tries: int = 4) -> str:
        """ConsultRegistry: asked again while unavailable, then left unchecked."""
        for _ in range(tries):
            try:
                return answering.consult_registry(
                    dossier_id, round_number, registry, store=self.store, files=self.files,
                    registry=self.registries[registry], clock=self.clock,
                )  # fmt: skip
            except RegistryUnavailable:
                continue
        return "unavailable"

    def look_again(self, dossier_id: str, round_number: int) -> int:
        """LookAgain: left out where the engine is."""
        try:
            return looking_again.look_again(
                dossier_id, round_number, store=self.store, files=self.files, reader=self.reader
            )
        except ReaderFailed:
            return 0

    def check(self, dossier_id: str, round_number: int) -> dict[str, Any]:
        return checking.check_dossier(dossier_id, round_number, store=self.store, files=self.files, clock=self.clock)

    def _next(self, data: Mapping[str, Any], step: Mapping[str, Any]) -> None:
        if step["next"] == "review":
            self.request_review(data["dossier_id"], data["round"], step["stage"], self.key())
        elif step["next"] == "close":
            self.close(data["dossier_id"], data["round"])

    def request_review(self, dossier_id: str, round_number: int, stage: str, token: str) -> None:
        self.workflows.live.add(token)
        self._waiting[token] = {"dossier_id": dossier_id, "round": round_number}
        reviewing.request_review(dossier_id, round_number, stage, token, store=self.store, clock=self.clock)

    def _go_on(self, data: Mapping[str, Any]) -> None:
        self._next(data, self.record_stage(data["dossier_id"], data["round"]))

    def record_stage(self, dossier_id: str, round_number: int) -> dict[str, Any]:
        return outcomes.record_stage(dossier_id, round_number, store=self.store, clock=self.clock)

    def close(self, dossier_id: str, round_number: int) -> str:
        return outcomes.close_dossier(dossier_id, round_number, store=self.store, clock=self.clock)

    # -- the officer

    def task_id(self, dossier_id: str) -> str:
        dossier = self.store.load(dossier_id)
        return f"{dossier.id}.{dossier.round}.{dossier.stage}"

    def claim(self, dossier_id: str, actor: Actor = DISTRICT) -> Any:
        return reviewing.claim(self.task_id(dossier_id), actor, store=self.store, files=self.files, clock=self.clock)

    def decide(
        self, dossier_id: str, outcome: str = "send_on", *, actor: Actor = DISTRICT, version: int = 0, **more: Any
    ) -> Dossier:
        request = DecisionRequest(outcome, **more)  # type: ignore[arg-type]
        expected = version or self.store.load(dossier_id).version
        return reviewing.decide_stage(
            self.task_id(dossier_id), request, actor, expected, store=self.store, files=self.files, clock=self.clock
        )

    def at_province(self, *people: Employee, **differs: Any) -> Dossier:
        """A dossier the district has sent on."""
        dossier = self.submitted(*people, **differs)
        self.decide(dossier.id, "send_on")
        self.settle()
        return self.store.load(dossier.id)

    def park(self, dossier_id: str, execution: str = "execution-1", error: str = "Runtime.ExitError") -> str:
        return relaying.park(dossier_id, "", execution, error, "cause", store=self.store, clock=self.clock)

    # -- looking

    def state(self, dossier_id: str) -> State:
        return self.store.load(dossier_id).state

    def actions(self, dossier_id: str) -> list[str]:
        return [entry.action for entry in self.store.audit(dossier_id)]

    def snapshot(self, dossier_id: str) -> Any:
        """All that is on record of a dossier, to see whether anything changed."""
        return as_stored(
            [self.store.load(dossier_id), self.store.records(dossier_id, ""), self.store.audit(dossier_id)]
        )
