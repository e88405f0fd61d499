"""What the template says of events: which source brings them to which function, in what batches, through which
filters, how often again, and where they go when nothing helps. Moves nothing itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.local.template import NotCarried, Template

_SOURCES_OF_A_MAPPING = ("sqs", "dynamodb")


@dataclass(frozen=True)
class SourceMapping:
    """An event source mapping of the template, resolved."""

    function: str
    source_arn: str
    batch_size: int
    partial: bool
    filters: tuple[Mapping[str, Any], ...]
    starting_position: str
    retries: int
    bisect: bool
    on_failure: str | None
    concurrency: int

    @property
    def service(self) -> str:
        """The service the events come from, as its ARN names it."""
        return self.source_arn.split(":")[2]


@dataclass(frozen=True)
class Schedule:
    """A function called at a steady rate."""

    name: str
    function: str
    every_seconds: float
    payload: Any


@dataclass(frozen=True)
class Asynchronous:
    """What happens to a function's asynchronous calls that fail."""

    retries: int = 2
    on_failure: str | None = None


def mappings(template: Template) -> tuple[SourceMapping, ...]:
    """The template's event source mappings. NotCarried for a source that is not played here."""
    found = []
    for name, raw in template.of_type("AWS::Lambda::EventSourceMapping").items():
        given = template.resolve({key: value for key, value in raw.items() if key != "FunctionName"})
        mapping = SourceMapping(
            function=template.function_named(raw["FunctionName"]),
            source_arn=given["EventSourceArn"],
            batch_size=int(given.get("BatchSize", 10 if ":sqs:" in given["EventSourceArn"] else 100)),
            partial="ReportBatchItemFailures" in given.get("FunctionResponseTypes", []),
            filters=tuple(json.loads(item["Pattern"]) for item in given.get("FilterCriteria", {}).get("Filters", [])),
            starting_position=given.get("StartingPosition", "LATEST"),
            retries=int(given.get("MaximumRetryAttempts", 10)),
            bisect=bool(given.get("BisectBatchOnFunctionError", False)),
            on_failure=given.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
            concurrency=int(given.get("ScalingConfig", {}).get("MaximumConcurrency", 5)),
        )
        if mapping.service not in _SOURCES_OF_A_MAPPING:
            raise NotCarried(f"{name}: events of {mapping.service} are not played by the local runner")
        found.append(mapping)
    return tuple(found)


def schedules(template: Template) -> tuple[Schedule, ...]:
    """The template's schedules. NotCarried for an expression that is no steady rate."""
    found = []
    for name, raw in template.of_type("AWS::Events::Rule").items():
        if "ScheduleExpression" not in raw:
            raise NotCarried(f"{name}: a rule on events is not played by the local runner")
        if raw.get("State", "ENABLED") == "DISABLED":
            continue
        for target in raw["Targets"]:
            function = template.function_named(target["Arn"])
            payload = json.loads(target["Input"]) if "Input" in target else None
            found.append(Schedule(name, function, _rate(raw["ScheduleExpression"]), payload))
    for name, raw in template.of_type("AWS::Scheduler::Schedule").items():
        target = raw["Target"]
        payload = json.loads(target["Input"]) if "Input" in target else None
        function = template.function_named(target["Arn"])
        found.append(Schedule(name, function, _rate(raw["ScheduleExpression"]), payload))
    return tuple(found)


def asynchronous(template: Template) -> dict[str, Asynchronous]:
    """How failed asynchronous calls end, by function."""
    found = {}
    for raw in template.of_type("AWS::Lambda::EventInvokeConfig").values():
        given = template.resolve({key: value for key, value in raw.items() if key != "FunctionName"})
        found[template.function_named(raw["FunctionName"])] = Asynchronous(
            retries=int(given.get("MaximumRetryAttempts", 2)),
            on_failure=given.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
        )
    return found


def _rate(expression: str) -> float:
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if not found:
        raise NotCarried(f"schedule {expression}: only rate(…) is played by the local runner")
    return int(found[1]) * {"minute": 60.0, "hour": 3600.0, "day": 86400.0}[found[2]]


def passes(filters: Sequence[Mapping[str, Any]], record: Any) -> bool:
    """Whether a record passes one of the filter patterns; without patterns every record does."""
    return not filters or any(_fits(pattern, record) for pattern in filters)


def _fits(pattern: Mapping[str, Any], record: Any) -> bool:
    for key, wanted in pattern.items():
        if key == "$or":
            if not any(_fits(option, record) for option in wanted):
                return False
        elif isinstance(wanted, Mapping):
            if not isinstance(record, Mapping) or not _fits(wanted, record.get(key, {})):
                return False
        else:
            there = isinstance(record, Mapping) and key in record
            value = record[key] if there else None
            values = value if isinstance(value, list) else [value]
            if not any(_fits_one(test, there, item) for test in wanted for item in values):
                return False
    return True


def _fits_one(test: Any, there: bool, value: Any) -> bool:
    if not isinstance(test, Mapping):
        return there and value == test
    ((operator, argument),) = test.items()
    if operator == "exists":
        return there == argument
    if not there:
        return False
    if operator == "prefix":
        return isinstance(value, str) and value.startswith(argument)
    if operator == "suffix":
        return isinstance(value, str) and value.endswith(argument)
    if operator == "equals-ignore-case":
        return isinstance(value, str) and value.lower() == argument.lower()
    if operator == "anything-but":
        return not any(
            _fits_one(item, True, value) for item in (argument if isinstance(argument, list) else [argument])
        )
    raise NotCarried(f"event filter {operator} is not played by the local runner")
