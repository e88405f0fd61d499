"""When a registry may be called: the circuit breaker and the pace that all functions share, as a pure state machine.

Closed: calls leave one after another, no more in a second than the registry bears. Open: questions that differ have
failed one after another, so nobody calls until a pause is over; then exactly one probes. Its success closes the circuit
and the pace grows back slowly, so that what has waited does not knock the registry over again; its failure makes the
pause longer. Knows no store and no clock: times are unix seconds and come as arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

ANSWER_NOTED_SECONDS = 60.0  # "last answered" is a minute's figure: not every answer is worth a write


@dataclass(frozen=True, slots=True)
class Limits:
    """What a registry bears, and how long it is left alone.

    failures_to_open counts different questions: one that a registry chokes on must not stop all the others.
    patience_seconds: how far ahead a call may be promised; whoever would wait longer comes back later.
    probe_seconds: how long a probe may take before another one goes; longer than any call.
    recovery: the share of the pace right after an outage, and the seconds until the whole of it.
    """

    calls_per_second: float = 20.0
    failures_to_open: int = 5
    first_pause_seconds: float = 5.0
    longest_pause_seconds: float = 120.0
    patience_seconds: float = 5.0
    probe_seconds: float = 30.0
    recovery_share: float = 0.25
    recovery_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Circuit:
    """How a registry fares, as all functions see it. `failed`: the questions without an answer since the last answer.

    open_until: nobody calls before; 0 while closed. `probe`: who tries meanwhile, until `probe_until`.
    next_at: when the next call may leave. recovered_at: when an outage ended last. answered_at: when an answer came
    last, to the minute; 0 for never.
    """

    failed: tuple[str, ...] = ()
    pauses: int = 0
    open_until: float = 0.0
    probe: str = ""
    probe_until: float = 0.0
    next_at: float = 0.0
    recovered_at: float = 0.0
    answered_at: float = 0.0

    @property
    def open(self) -> bool:
        return self.open_until > 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a registry fares, for people. `state`: open (left alone until `until`), probing, failing (so many questions
    without an answer), recovering (below its whole pace), closed (as it should be)."""

    state: Literal["open", "probing", "failing", "recovering", "closed"]
    calls_per_second: float
    failed: int = 0
    until: float = 0.0
    answered_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Leave:
    """May this call be made? At `at`; or not now, and then it is worth asking again after `wait_seconds`."""

    granted: bool
    at: float = 0.0
    wait_seconds: float = 0.0
    probe: bool = False


def ask_leave(circuit: Circuit, caller: str, now: float, limits: Limits) -> tuple[Circuit, Leave]:
    """The circuit after `caller` (a name of this one call) has asked, and what it is told.

    A circuit that has not changed is handed back as it is: there is nothing to keep.
    """
    if circuit.open:
        free_at = max(circuit.open_until, circuit.probe_until if circuit.probe else 0.0)
        if now < free_at:
            return circuit, Leave(False, wait_seconds=free_at - now)
        return replace(circuit, probe=caller, probe_until=now + limits.probe_seconds), Leave(True, now, probe=True)
    at = max(now, circuit.next_at)
    if at - now > limits.patience_seconds:
        return circuit, Leave(False, wait_seconds=at - now)
    return replace(circuit, next_at=at + 1 / pace(circuit, at, limits)), Leave(True, at)


def answered(circuit: Circuit, caller: str, now: float, limits: Limits) -> Circuit:
    """The circuit after a call got an answer. While it is open only the probe's counts: a straggler may have been
    answered before the registry fell."""
    if not circuit.open:
        if not circuit.failed and now - circuit.answered_at < ANSWER_NOTED_SECONDS:
            return circuit
        return replace(circuit, failed=(), answered_at=now)
    if circuit.probe != caller:
        return circuit
    closed = Circuit(recovered_at=now, answered_at=now)
    return replace(closed, next_at=now + 1 / pace(closed, now, limits))


def failed(
    circuit: Circuit,
    caller: str,
    question: str,
    now: float,
    limits: Limits,
    *,
    retry_after: float | None = None,
    too_many: bool = False,
) -> Circuit:
    """The circuit after a call got none. retry_after: seconds the registry asked for; too_many: it was our pace."""
    if circuit.open:
        return _opened(circuit, now, limits, retry_after) if circuit.probe == caller else circuit
    waits = replace(circuit, failed=(*(q for q in circuit.failed if q != question), question))
    if len(waits.failed) >= limits.failures_to_open:
        return _opened(waits, now, limits, retry_after)
    if too_many:  # said to all of us: nobody calls before
        waits = replace(waits, next_at=max(waits.next_at, now + (retry_after or 1 / limits.calls_per_second)))
    return waits


def standing(circuit: Circuit, now: float, limits: Limits) -> Standing:
    """How a registry fares at a moment."""
    heard = circuit.answered_at
    if circuit.open:
        probing = bool(circuit.probe) and now < circuit.probe_until
        return Standing("probing" if probing else "open", 0.0, until=circuit.open_until, answered_at=heard)
    calls = round(pace(circuit, now, limits), 2)
    if circuit.failed:
        return Standing("failing", calls, len(circuit.failed), answered_at=heard)
    return Standing("recovering" if calls < limits.calls_per_second else "closed", calls, answered_at=heard)


def pace(circuit: Circuit, at: float, limits: Limits) -> float:
    """Calls per second at a moment: all of it, or the share that an outage just over leaves."""
    if not circuit.recovered_at:
        return limits.calls_per_second
    grown = min(1.0, max(0.0, (at - circuit.recovered_at) / limits.recovery_seconds))
    return limits.calls_per_second * (limits.recovery_share + (1 - limits.recovery_share) * grown)


def _opened(circuit: Circuit, now: float, limits: Limits, retry_after: float | None) -> Circuit:
    pause = min(limits.first_pause_seconds * 2**circuit.pauses, limits.longest_pause_seconds)
    until = now + max(pause, retry_after or 0.0)
    return Circuit(pauses=min(circuit.pauses + 1, 30), open_until=until, answered_at=circuit.answered_at)
