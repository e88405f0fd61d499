"""A running stack and one browser for the browser tests of a process; Chromium is the distribution's."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from casework.dossier import vietnam_day

from infra.local.caller import Caller
from infra.local.cloud import Cloud
from infra.local.commands.serve import free_port
from infra.local.serve import Server
from infra.papers import SampleDossier, sample_dossiers

if TYPE_CHECKING:  # they stand on this module
    from tests.browser.desk import Desk

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
TODAY = "2020-05-18T02:00:00+00:00"


@dataclass(frozen=True)
class Stack:
    """The running stack: where its pages are, who can sign in."""

    cloud: Cloud
    base_url: str
    passwords: dict[str, str]

    @property
    def now(self) -> datetime:
        """The moment that the system believes in, more or less."""
        return datetime.fromisoformat(TODAY)

    @property
    def day(self) -> date:
        """Its day in Vietnam."""
        return vietnam_day(self.now)

    def of_office(self, office: str) -> Caller:
        """An officer of an office."""
        person = next(p for p in self.cloud.people() if (p.group, p.office) == ("officers", office))
        return self.officer(person.username)

    def officer(self, username: str) -> Caller:
        return Caller(self.base_url, self.cloud.sign_in.sign_in(username, self.passwords[username]))

    def new_applicant(self, name: str) -> tuple[str, str]:
        """Another account with the same rights as every applicant's: (name, password)."""
        cognito, pool = self.cloud.client("cognito-idp"), self.cloud.sign_in.pool_id
        username, password = f"{name}@example.vn", "Mc-4711-abcd-Aa"
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=username,
            UserAttributes=[{"Name": "email", "Value": username}, {"Name": "name", "Value": "Công ty An Phú"}],
            MessageAction="SUPPRESS",
        )
        cognito.admin_set_user_password(UserPoolId=pool, Username=username, Password=password, Permanent=True)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName="applicants")
        return username, password


@contextmanager
def running_stack(log: Path) -> Iterator[Stack]:
    """A stack with nothing in it; what its functions say goes to the log."""
    port = free_port()
    parameters = {"PublicUrl": f"http://127.0.0.1:{port}", "PretendNow": TODAY}
    with (
        log.open("w", encoding="utf-8") as written,
        Cloud(parameters, schedules=True, log_to=written) as cloud,
        Server(cloud, port) as server,
    ):
        yield Stack(cloud, server.base_url, {person.username: person.password for person in cloud.people()})


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack") / "functions.log") as running:
        yield running


def chromium() -> str | None:
    """The distribution's browser, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def running_browser() -> Iterator[Any]:
    """One Chromium. RuntimeError where there is none."""
    path = chromium()
    if path is None:
        raise RuntimeError("no Chromium of the distribution here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if chromium() is None:
        pytest.skip("no Chromium of the distribution here (Ubuntu has it as a snap only)")
    with running_browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def desk(stack: Stack) -> Desk:
    """The officers' desk of a module's stack."""
    from tests.browser.desk import Desk

    return Desk(stack)


@pytest.fixture
def visit(stack: Stack, browser: Any, axe: str) -> Iterator[Any]:
    """Makes somebody who is signed in; at the end each says what he met that should not have been."""
    from tests.browser.visitor import Visitor

    came: list[Visitor] = []

    def sign_in(username: str, width: int = 1280, scripts: bool = True) -> Visitor:
        visitor = Visitor(stack, browser, axe, width, scripts)
        came.append(visitor)
        visitor.open("/dang-nhap")
        visitor.sign_in(username, stack.passwords[username])
        return visitor

    yield sign_in
    for visitor in came:
        visitor.close()


class Samples(dict[str, SampleDossier]):
    """The sample dossiers by name, each made when it is wanted."""

    def __missing__(self, name: str) -> SampleDossier:
        [self[name]] = sample_dossiers(of={name})
        return self[name]


@pytest.fixture(scope="session")
def samples() -> dict[str, SampleDossier]:
    return Samples()


@pytest.fixture(scope="session")
def axe() -> str:
    return axe_core()


def axe_core() -> str:
    """The checker that runs inside every page."""
    path = Path(__file__).parents[2] / "infra/assets/node_modules/axe-core/axe.min.js"
    return path.read_text(encoding="utf-8")


def eventually(what: str, holds: Any, seconds: float = 60.0) -> Any:
    """What `holds` gives once it is true. AssertionError after so many seconds."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = holds()
        if found:
            return found
        threading.Event().wait(0.3)
    raise AssertionError(f"not within {seconds:g} s: {what}")
