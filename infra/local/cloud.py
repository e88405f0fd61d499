"""The whole stack of infra/template.yaml in this process: no Docker, no account, nothing left behind.

Puts together what the other modules of this package know: the template, moto behind its front door, the functions'
containers, the event sources, sign-in and the registries' stand-in. One cloud at a time can run in a process (moto
keeps its state per process); its data live exactly as long as it does.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import boto3
import requests
from adapters.settings import PretendedClock, TrueClock
from botocore.config import Config

from infra.local.containers import CallHook, Containers, HandlerFailed, Result
from infra.local.front_door import FrontDoor, serve_on_loopback
from infra.local.registries import StandIn
from infra.local.routes import routes
from infra.local.sign_in import Person, SignIn
from infra.local.sources import Sources
from infra.local.stack import Stack
from infra.local.template import REGION, read_template
from infra.local.uploads import Uploads

log = logging.getLogger("motcua.local")
TEMPLATE = Path(__file__).parents[1] / "template.yaml"
# Values of this machine; a parameter the template does not declare is left out.
_HERE = {
    "Stage": "local",
    "RegistryRetrySeconds": "1",
    "RegistryPauseSeconds": "1",
    "ReaderRetrySeconds": "1",
    "LogLevel": "WARNING",
}
_one_at_a_time = threading.Lock()


class Cloud:
    """A running stack. Use as a context manager, or `start` and `stop`.

    parameters: template parameters that differ from this machine's usual ones. schedules: whether scheduled
    functions run by the clock (else only by `tick`). now: the time signatures and expiries are checked against.
    log_to: where the functions' loggers write, instead of the standard output.
    """

    def __init__(
        self,
        parameters: Mapping[str, str] | None = None,
        *,
        template: Path = TEMPLATE,
        schedules: bool = False,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        log_to: TextIO | None = None,
    ) -> None:
        self._parameters, self._path, self._schedules = dict(parameters or {}), template, schedules
        self._now, self._log_to = now, log_to
        self._access_key, self._secret = "AKIALOCALRUN00000000", secrets.token_hex(20)
        self._cleanup = contextlib.ExitStack()
        self._people: tuple[Person, ...] = ()

    def __enter__(self) -> Cloud:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Cloud:
        """Create everything and begin to listen. Raises NotCarried when the template asks for more than is played."""
        if not _one_at_a_time.acquire(blocking=False):
            raise RuntimeError("one cloud at a time: another one is running in this process")
        self._cleanup.callback(_one_at_a_time.release)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop listening, end the executions, close the ports, forget all data. Safe to call twice."""
        self._cleanup.close()

    def _start(self) -> None:
        self.front = FrontDoor()
        server, thread = serve_on_loopback(self.front)
        self._cleanup.callback(thread.join, 5)
        self._cleanup.callback(server.server_close)
        self._cleanup.callback(server.shutdown)
        self.endpoint = f"http://127.0.0.1:{server.port}"
        self._cleanup.enter_context(_environment(self._aws_environment(server.port)))
        self._session = boto3.Session(self._access_key, self._secret, region_name=REGION)
        self._moto("reset")
        self._cleanup.callback(self._moto, "reset")
        self._moto("config", {"stepfunctions": {"execute_state_machine": True}})
        pretended = self._parameters.get("PretendNow")
        believed = PretendedClock(dt.datetime.fromisoformat(pretended)) if pretended else TrueClock()
        self.registries = self._cleanup.enter_context(StandIn(now=believed))

        here = {**_HERE, "RegistryBaseUrl": self.registries.base_url}
        self.template = read_template(self._path, self._parameters, here)
        self.routes = routes(self.template)
        self.sign_in = SignIn(self.template, self.client("cognito-idp"), self.endpoint)
        stack = Stack(self.template, self.client)
        stack.know_names()
        stack.create_secrets()
        self.sign_in.create()
        stack.create()
        stack.finish_buckets()

        self.containers = Containers(
            code=self.template.code,
            names={name: self.template.physical[name] for name in self.template.code},
            environment={name: stack.environment_of(name) for name in self.template.code},
            log_to=self._log_to,
        )
        boto3.DEFAULT_SESSION = self.containers.session()  # for clients that handlers make when first needed
        boto3.client("lambda"), boto3.client("stepfunctions")  # the interpreter's threads would race for the models
        self.sign_in.containers = self.containers
        self.machines = {name: stack.create_machine(name) for name in self.template.machines}
        self.sources = Sources(
            self.template, self.containers, self.client, self.front.queues, self.front.streams, self._schedules
        )
        self.front.containers, self.front.sign_in = self.containers, self.sign_in
        stack.verify_mail_domain()
        self.front.asynchronously = self.sources.asynchronously
        self.front.uploads = Uploads(self.client("s3"), self._access_key, self._secret, self._now)
        self.registries.secret = stack.secret("RegistrySecret")
        self.registries.answers_secret = stack.secret("RegistryAnswersSecret")
        self.sources.start()
        self._cleanup.callback(self._end_executions)
        self._cleanup.callback(self.sources.stop)

    def _aws_environment(self, port: int) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "MOTO_PORT": str(port),
            "AWS_ACCESS_KEY_ID": self._access_key,
            "AWS_SECRET_ACCESS_KEY": self._secret,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def _moto(self, what: str, body: Any = None) -> None:
        requests.post(f"{self.endpoint}/moto-api/{what}", json=body, timeout=10).raise_for_status()

    def client(self, service: str) -> Any:
        """A client of an AWS service of this stack. Its calls are not counted in `calls`."""
        signature = {"signature_version": "s3v4"} if service == "s3" else {}  # else grants are signed the old way
        config = Config(retries={"max_attempts": 1, "mode": "standard"}, max_pool_connections=50, **signature)
        return self._session.client(service, endpoint_url=self.endpoint, config=config)

    # ── using ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        return {name: str(self.template.resolve(output["Value"])) for name, output in self.template.outputs.items()}

    @property
    def calls(self) -> Counter[tuple[str, str, str]]:
        """AWS calls made by handlers, by (function's logical id, service, operation). Clear it to begin anew."""
        return self.containers.calls

    def environment(self, function: str) -> dict[str, str]:
        """The environment a function is given. Change it before `reload`."""
        return self.containers.environment[function]

    def reload(self) -> None:
        """Let every function start cold at its next call, with its environment as it is now."""
        self.containers.reload()

    @contextlib.contextmanager
    def on_call(self, hook: CallHook) -> Iterator[None]:
        """Within the block, call `hook` before and after each AWS call of any handler; what it raises, the handler
        meets at that call (a BaseException that is no Exception kills the container)."""
        self.containers.hooks.append(hook)
        try:
            yield
        finally:
            self.containers.hooks.remove(hook)

    def invoke(self, function: str, event: Any) -> Any:
        """Call a function by its logical id and wait for its answer. Raises HandlerFailed."""
        result = self.containers.invoke(function, event)
        if result.failed:
            raise HandlerFailed(result.error)
        return result.payload

    def tick(self, function: str | None = None) -> dict[str, Result]:
        """Run what is scheduled once, now: all of it, or one function's."""
        return self.sources.tick(function)

    def people(self) -> tuple[Person, ...]:
        """Accounts to sign in with, one of each kind; opened at the first call."""
        if not self._people:
            self._people = self.sign_in.open_accounts()
        return self._people

    def executions(self, status: str | None = None) -> list[dict[str, Any]]:
        """Executions of all machines, newest data last; `status` as Step Functions names it."""
        states, found = self.client("stepfunctions"), []
        for arn in self.machines.values():
            given = {"stateMachineArn": arn, **({"statusFilter": status} if status else {})}
            for page in states.get_paginator("list_executions").paginate(**given):
                found.extend(page["executions"])
        return found

    def drain(self, timeout: float = 60.0) -> None:
        """Wait until nothing moves: no call, no message, no stream record, every execution ended or waiting for a
        person. Raises TimeoutError naming what still moves."""
        ends, quiet = time.monotonic() + timeout, 0
        while quiet < 2:
            moving = self._moving()
            quiet = 0 if moving else quiet + 1
            if moving and time.monotonic() > ends:
                raise TimeoutError(f"still moving after {timeout:g} s: {moving}")
            time.sleep(0.02)

    def _moving(self) -> str:
        if self.containers.busy:
            return f"{self.containers.busy} calls"
        if not self.sources.idle:
            return "messages or stream records"
        states = self.client("stepfunctions")
        for execution in self.executions("RUNNING"):
            events = states.get_execution_history(executionArn=execution["executionArn"])["events"]
            if not events or events[-1]["type"] != "TaskSubmitted":
                return f"execution {execution['name']}, at {events[-1]['type'] if events else 'its start'}"
        return "calls" if self.containers.busy else ""

    def _end_executions(self) -> None:
        states = self.client("stepfunctions")
        for execution in self.executions("RUNNING"):
            states.stop_execution(executionArn=execution["executionArn"], error="Stopped", cause="the local run ends")


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    session, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, None
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = session
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
