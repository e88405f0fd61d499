"""The gate every call to a registry passes: the circuit of casework.circuit, shared by all functions in one table row.

A row is read and written back only if nobody was quicker, so that exactly one probes and no second is promised twice.
The table being out of reach is an error like any other: without it nobody knows whether a registry may be called.
"""

from __future__ import annotations

import contextlib
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from casework import circuit
from casework.circuit import Circuit, Leave, Limits
from casework.errors import RegistryUnavailable
from casework.plain import from_plain, to_plain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TRIES = 60
_CROWDED_SECONDS = 2.0


class Circuits(Protocol):
    """Where circuits are kept. `put` is False when somebody else was first."""

    def get(self, registry: str) -> tuple[Circuit, int]: ...

    def put(self, registry: str, state: Circuit, before: int) -> bool: ...


@dataclass(frozen=True)
class CircuitTable:
    """One row a registry, with a version."""

    client: DynamoDBClient
    table: str

    def get(self, registry: str) -> tuple[Circuit, int]:
        answer = self.client.get_item(TableName=self.table, Key=_key(registry), ConsistentRead=True)
        item = answer.get("Item")
        return (
            (from_plain(Circuit, json.loads(item["data"]["S"])), int(item["version"]["N"])) if item else (Circuit(), 0)
        )

    def put(self, registry: str, state: Circuit, before: int) -> bool:
        more: Any = {"ConditionExpression": "attribute_not_exists(pk)"}
        if before:
            values = {":before": {"N": str(before)}}
            more = {"ConditionExpression": "version = :before", "ExpressionAttributeValues": values}
        item: Any = {
            **_key(registry),
            "version": {"N": str(before + 1)},
            "data": {"S": json.dumps(to_plain(state))},
        }
        try:
            self.client.put_item(TableName=self.table, Item=item, **more)
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


@dataclass
class Gate:
    """Lets calls through at the registry's pace. Times are true ones, whatever day the system pretends it is."""

    circuits: Circuits
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    @contextlib.contextmanager
    def call(self, registry: str, question: str) -> Iterator[None]:
        """Around one call: waits for its turn, and notes what became of it.

        Raises RegistryUnavailable, without the call, while the registry is left alone or its next seconds are promised
        to others (`asked` is then False).
        """
        caller = uuid.uuid4().hex
        leave = self._leave(registry, caller)
        if leave.at > (now := self.clock()):
            self.sleep(leave.at - now)
        try:
            yield
        except RegistryUnavailable as error:
            retry_after, too_many = error.retry_after_seconds, error.too_many
            self._change(
                registry,
                lambda state, now: circuit.failed(
                    state, caller, question, now, self.limits, retry_after=retry_after, too_many=too_many
                ),
            )
            raise
        self._change(registry, lambda state, now: circuit.answered(state, caller, now, self.limits))

    def _leave(self, registry: str, caller: str) -> Leave:
        leave = Leave(False, wait_seconds=_CROWDED_SECONDS)

        def ask(state: Circuit, now: float) -> Circuit:
            nonlocal leave
            after, leave = circuit.ask_leave(state, caller, now, self.limits)
            return after

        if not self._change(registry, ask) or not leave.granted:
            raise RegistryUnavailable("is left alone for a while", leave.wait_seconds, asked=False)
        return leave

    def _change(self, registry: str, decide: Callable[[Circuit, float], Circuit]) -> bool:
        """Apply `decide` to the newest state until it is kept; what changes nothing is not written. False when too many
        others were quicker: such an outcome is one of many alike, and the others' are kept."""
        for attempt in range(TRIES):
            state, version = self.circuits.get(registry)
            after = decide(state, self.clock())
            if after == state or self.circuits.put(registry, after, version):
                return True
            self.sleep(random.uniform(0, 0.002 * (attempt + 1)))  # noqa: S311 - keeps racers apart, hides nothing
        return False


def _key(registry: str) -> dict[str, Any]:
    return {"pk": {"S": f"REGISTRY#{registry}"}, "sk": {"S": "CIRCUIT"}}
