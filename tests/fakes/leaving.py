"""What leaves: workflows, work for others, messages; and senders that die or are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.plain import as_stored

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
