"""The gate over a real table: what functions that know nothing of each other share, and what a race leaves whole."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from adapters.registries.gate import CircuitTable, Gate
from casework.circuit import Circuit, Limits, ask_leave, failed
from casework.errors import RegistryUnavailable

from tests.template_file import properties, template

LIMITS = Limits(calls_per_second=50, failures_to_open=3, first_pause_seconds=5, patience_seconds=2)


class Time:
    """A clock that stands still; who sleeps moves it on."""

    def __init__(self) -> None:
        self.now, self._lock = 1_000.0, threading.Lock()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def circuits(aws: None) -> CircuitTable:
    client = boto3.client("dynamodb", region_name="ap-southeast-1")
    wanted = properties(template(), "RegistryListsTable")
    shape = {name: wanted[name] for name in ("AttributeDefinitions", "KeySchema")}
    client.create_table(TableName="circuits", BillingMode="PAY_PER_REQUEST", **shape)
    return CircuitTable(client, "circuits")


def gate(circuits: CircuitTable, clock: Time, slept: list[float] | None = None) -> Gate:
    return Gate(circuits, LIMITS, clock, (slept if slept is not None else []).append)


def fall(circuits: CircuitTable, clock: Time) -> None:
    for number in range(LIMITS.failures_to_open):
        with pytest.raises(RegistryUnavailable, match="503"), gate(circuits, clock).call("vss", f"q{number}"):
            raise RegistryUnavailable("answered HTTP 503")


def test_what_one_function_met_another_knows(circuits: CircuitTable) -> None:
    clock = Time()
    fall(circuits, clock)
    with pytest.raises(RegistryUnavailable, match="left alone") as told, gate(circuits, clock).call("vss", "q9"):
        pytest.fail("was called")
    assert (told.value.asked, told.value.retry_after_seconds) == (False, 5)
    with gate(circuits, clock).call("tax", "q9"):
        pass  # another registry has nothing to do with it


def test_of_many_that_come_at_once_exactly_one_probes(circuits: CircuitTable) -> None:
    clock = Time()
    fall(circuits, clock)
    clock.now += 5
    together, called = threading.Barrier(12), []

    def come(number: int) -> None:
        together.wait()
        try:
            with gate(circuits, clock).call("vss", f"q{number}"):
                called.append(number)
                together.wait()  # still under way when all the others have asked
        except RegistryUnavailable as refused:
            assert not refused.asked
            together.wait()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(come, range(12)))
    assert len(called) == 1
    assert not circuits.get("vss")[0].open


def test_no_moment_is_promised_twice(circuits: CircuitTable) -> None:
    clock = Time()

    def come(number: int) -> None:
        with gate(circuits, clock).call("vss", f"q{number}"):
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come, range(40)))
    state, _ = circuits.get("vss")
    assert state.next_at == pytest.approx(clock.now + 40 / LIMITS.calls_per_second)


def test_a_failed_write_is_not_taken_for_leave(circuits: CircuitTable) -> None:
    class AlwaysSlower:
        def get(self, registry: str) -> tuple[Circuit, int]:
            return Circuit(), 0

        def put(self, registry: str, state: Circuit, before: int) -> bool:
            return False

    crowded = Gate(AlwaysSlower(), LIMITS, Time(), lambda seconds: None)
    with pytest.raises(RegistryUnavailable) as told, crowded.call("vss", "q"):
        pytest.fail("was called")
    assert told.value.asked is False


def test_a_state_written_by_others_is_not_overwritten(circuits: CircuitTable) -> None:
    state, version = circuits.get("vss")
    assert circuits.put("vss", failed(state, "c", "q", 1.0, LIMITS), version)
    later: Any = ask_leave(state, "d", 1.0, LIMITS)[0]
    assert not circuits.put("vss", later, version)
    assert circuits.get("vss")[0].failed == ("q",)
