"""Functions run here, as Lambda would run them: a container each, one call at a time, with its own environment.

A container is a fresh copy of the handler's module. The environment is the function's own while the module is
imported (settings are read once, there) and the runner's otherwise. A container whose handler dies, or outlives
the function's timeout, is not used again. Handlers stay in this process so that a test can stop one at any call.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import importlib.util
import itertools
import json
import logging
import os
import queue
import sys
import threading
import time
import traceback
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO
from unittest import mock

import boto3
import botocore.session

from infra.local.template import ACCOUNT, REGION, Code

log = logging.getLogger("motcua.local")
_FULL_PROCESSOR_MB = 1769  # Lambda gives a function one whole processor from here on
_numbers = itertools.count(1)
_importing = threading.RLock()
_current: contextvars.ContextVar[Invocation | None] = contextvars.ContextVar("invocation", default=None)


@dataclass(frozen=True)
class LambdaContext:
    """What Lambda hands to a handler beside the event."""

    function_name: str
    invoked_function_arn: str
    aws_request_id: str
    memory_limit_in_mb: int
    log_group_name: str
    log_stream_name: str
    ends_at: float
    function_version: str = "$LATEST"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's timeout."""
        return max(0, int((self.ends_at - time.monotonic()) * 1000))


@dataclass(frozen=True)
class AwsCall:
    """One call a handler makes to AWS. `number` counts the calls of one invocation from 1, `event` is what the
    handler was given."""

    function: str
    request_id: str
    service: str
    operation: str
    number: int
    moment: str  # "before" or "after"
    event: Any = None


CallHook = Callable[[AwsCall], None]


@dataclass
class Invocation:
    """The call a container is answering, and how many AWS calls its handler has made."""

    function: str
    request_id: str
    event: Any = None
    calls: int = 0


@dataclass
class Result:
    """What a call came to: `payload` is what the handler returned, or Lambda's error shape when `failed`."""

    payload: Any
    failed: bool = False
    seconds: float = 0.0

    @property
    def error(self) -> str:
        """The error's name and message, for people."""
        return f"{self.payload.get('errorType')}: {self.payload.get('errorMessage')}" if self.failed else ""


class HandlerFailed(Exception):
    """The handler raised; the text is its error's name and message."""


@dataclass
class Containers:
    """The containers of all functions. `environment` is what each function is given, `calls` what they did; `log_to`
    is where their loggers write instead of the standard output."""

    code: Mapping[str, Code]
    names: Mapping[str, str]
    environment: dict[str, dict[str, str]]
    calls: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    hooks: list[CallHook] = field(default_factory=list)
    log_to: TextIO | None = None
    invocations: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._free: dict[str, deque[ModuleType]] = {name: deque() for name in self.code}
        self._lock = threading.Lock()
        self._busy = 0
        self._idle = threading.Condition(self._lock)
        self._loader: Any = None
        self._began = dt.datetime.now(dt.UTC)
        processors = threading.BoundedSemaphore(max(1, os.cpu_count() or 1))
        # Work that fills a processor waits for one; on AWS it would get its own machine.
        self._room = {
            name: processors if code.memory_mb >= _FULL_PROCESSOR_MB else None for name, code in self.code.items()
        }
        # Powertools keeps the request being answered on a class: such handlers cannot overlap in one process.
        self._one_at_a_time = threading.Lock()

    @property
    def busy(self) -> int:
        """How many calls are running or waiting for a processor."""
        with self._lock:
            return self._busy

    def function_of(self, name_or_arn: str) -> str:
        """The logical id of a function given by its name or ARN, with or without alias. KeyError if unknown."""
        parts = name_or_arn.split(":")
        candidates = parts[6:7] if name_or_arn.startswith("arn:") else parts[:1]
        for logical, physical in self.names.items():
            if logical in candidates or physical in candidates:
                return logical
        raise KeyError(name_or_arn)

    def arn(self, function: str) -> str:
        """The ARN of a function given by its logical id."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.names[function]}"

    def reload(self) -> None:
        """Forget every idle container: the next call imports the handler again."""
        with self._lock:
            for free in self._free.values():
                free.clear()

    def invoke(self, function: str, event: Any) -> Result:
        """Call a function and wait for it, no longer than its timeout. Never raises for what the handler does."""
        with self._lock:
            self._busy += 1
        try:
            room = self._room[function]
            with room or contextlib.nullcontext():
                return self._invoke(function, event)
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def _invoke(self, function: str, event: Any) -> Result:
        code, request_id = self.code[function], str(uuid.uuid4())
        started = time.monotonic()
        try:
            module = self._container(function)
        except Exception as error:
            log.exception("%s: cannot be loaded", function)
            return Result(_error("Runtime.ImportModuleError", f"{type(error).__name__}: {error}", request_id), True)
        began = time.monotonic()  # the timeout of a cold start counts from here, as on Lambda
        name = self.names[function]
        context = LambdaContext(
            function_name=name,
            invoked_function_arn=self.arn(function),
            aws_request_id=request_id,
            memory_limit_in_mb=code.memory_mb,
            log_group_name=f"/aws/lambda/{name}",
            log_stream_name=module.__name__,
            ends_at=began + code.timeout_seconds,
        )
        self.invocations[function] += 1
        outcome: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        threading.Thread(
            target=self._run, args=(function, module, json.loads(json.dumps(event)), context, outcome), daemon=True
        ).start()
        try:
            payload, error = outcome.get(timeout=code.timeout_seconds)
        except queue.Empty:
            log.error("%s: ran into its timeout of %g s", function, code.timeout_seconds)
            text = f"{request_id} Task timed out after {code.timeout_seconds:.2f} seconds"
            return Result(_error("Sandbox.Timedout", text, request_id), True, time.monotonic() - started)
        if error is not None:
            return self._failure(function, module, error, request_id, started)
        with self._lock:
            self._free[function].append(module)
        return Result(payload, seconds=time.monotonic() - started)

    def _failure(
        self, function: str, module: ModuleType, error: BaseException, request_id: str, started: float
    ) -> Result:
        seconds = time.monotonic() - started
        if not isinstance(error, Exception):
            log.error("%s: its container died (%r)", function, error)
            text = f"RequestId: {request_id} Error: Runtime exited"
            return Result(_error("Runtime.ExitError", text, request_id), True, seconds)
        log.warning("%s: %s: %s", function, type(error).__name__, error)
        log.debug("%s", "".join(traceback.format_exception(error)))
        with self._lock:
            self._free[function].append(module)
        frames = [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
        return Result(_error(type(error).__name__, str(error), request_id, frames), True, seconds)

    def _run(
        self,
        function: str,
        module: ModuleType,
        event: Any,
        context: LambdaContext,
        outcome: queue.SimpleQueue[tuple[Any, BaseException | None]],
    ) -> None:
        _current.set(Invocation(function, context.aws_request_id, event))
        alone = self._one_at_a_time if hasattr(getattr(module, "app", None), "resolve") else None
        try:
            with alone or contextlib.nullcontext():
                handler = getattr(module, self.code[function].handler.rpartition(".")[2])
                answer = handler(event, context)
            outcome.put((json.loads(json.dumps(answer)), None))
        except BaseException as error:  # noqa: BLE001  whatever ends a handler is its caller's to see
            outcome.put((None, error))

    def _container(self, function: str) -> ModuleType:
        with self._lock:
            if self._free[function]:
                return self._free[function].popleft()
        return self._load(function)

    def _load(self, function: str) -> ModuleType:
        """A cold start: the handler's module, imported anew with the function's environment and folder."""
        code = self.code[function]
        file_name = code.handler.rpartition(".")[0].replace(".", "/") + ".py"
        module_name = f"{code.folder.name}_{next(_numbers)}"
        # A handler's logger keeps the standard output it finds when it is imported.
        quiet = contextlib.redirect_stdout(self.log_to) if self.log_to else contextlib.nullcontext()
        with _importing, self._environment_of(function), _folder_on_path(code.folder), quiet:
            previous = boto3.DEFAULT_SESSION
            boto3.DEFAULT_SESSION = self.session(function)
            try:
                spec = importlib.util.spec_from_file_location(module_name, code.folder / file_name)
                if spec is None or spec.loader is None:
                    raise ModuleNotFoundError(f"{code.folder / file_name}")
                module = importlib.util.module_from_spec(spec)
                sys.modules[module_name] = module
                spec.loader.exec_module(module)
            finally:
                boto3.DEFAULT_SESSION = previous
        return module

    @contextlib.contextmanager
    def _environment_of(self, function: str) -> Iterator[None]:
        code, name = self.code[function], self.names[function]
        mine = {
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(code.memory_mb),
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "POWERTOOLS_TRACE_DISABLED": "true",
            "POWERTOOLS_METRICS_DISABLED": "true",  # nobody collects them here
            **self.environment[function],
        }
        if pretended := mine.get("PRETEND_NOW"):
            # A container sets its clock when it is made: made later, it must not begin in the past again.
            now = dt.datetime.fromisoformat(pretended) + (dt.datetime.now(dt.UTC) - self._began)
            mine["PRETEND_NOW"] = now.isoformat()
        # Another mapping in its place: who walks over the environment meanwhile must not lose a name under his feet.
        with mock.patch.object(os, "environ", {**os.environ, **mine}):
            yield

    def session(self, function: str | None = None) -> boto3.Session:
        """A session whose clients tell for which function they call: the given one, or the one running. All share
        one model loader."""
        core = botocore.session.get_session()
        if self._loader is None:
            self._loader = core.get_component("data_loader")
        else:
            core.register_component("data_loader", self._loader)
        session = boto3.Session(botocore_session=core, region_name=REGION)

        def tell(moment: str, event_name: str) -> None:
            _, service, operation = event_name.split(".")
            invocation = _current.get() or (Invocation(function, "") if function else None)
            if invocation is None:
                return  # the state machines' own calls
            if moment == "before":
                invocation.calls += 1
                self.calls[invocation.function, service, operation] += 1
            call = AwsCall(
                invocation.function,
                invocation.request_id,
                service,
                operation,
                invocation.calls,
                moment,
                invocation.event,
            )
            for hook in tuple(self.hooks):
                hook(call)

        session.events.register_first("before-call", lambda event_name, **_: tell("before", event_name))
        session.events.register_last("after-call", lambda event_name, **_: tell("after", event_name))
        return session


@contextlib.contextmanager
def _folder_on_path(folder: Path) -> Iterator[None]:
    """Let a handler import its own folder's modules, without another handler meeting them under the same name."""
    sys.path.insert(0, str(folder))
    known = set(sys.modules)
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - known:
            origin = getattr(sys.modules[name], "__file__", None) or ""
            if origin.startswith(str(folder) + os.sep) and not name.startswith(f"{folder.name}_"):
                del sys.modules[name]


def _error(kind: str, message: str, request_id: str, frames: list[str] | None = None) -> dict[str, Any]:
    shape: dict[str, Any] = {"errorType": kind, "errorMessage": message, "requestId": request_id}
    if frames is not None:
        shape["stackTrace"] = frames
    return shape
