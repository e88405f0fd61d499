"""Fixtures shared by all tests: moto in this process, with one lock round it.

moto itself lets several racing conditional writes win; AWS lets one. With the lock a race shows our own faults only.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

FIRST = ("tests/journeys", "tests/browser", "tests/chaos", "tests/integration")  # they take longest: never last
SHARED = ("tests/chaos", "tests/integration/local")  # one stack for all files of the package


class ByPlace(LoadScopeScheduling):
    """Tests of one file stay together, and those of a package that shares one stack: so a stack, a browser, a made
    paper is made once, not once for each worker. (The groups of pytest-xdist itself are lost on this pytest.)"""

    def _split_scope(self, nodeid: str) -> str:
        place = Path(nodeid.split("::")[0])
        return str(place.parent if place.parent.as_posix() in SHARED else place)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByPlace:
    return ByPlace(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first."""
    items.sort(key=lambda item: [not item.nodeid.startswith(first) for first in FIRST])


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AWS in this process: empty, forgotten afterwards, one call at a time."""
    from moto import mock_aws
    from moto.core.botocore_stubber import BotocoreStubber

    from infra.local.tables import small_backups

    lock, plain = threading.RLock(), BotocoreStubber.__call__

    def locked(self: Any, event_name: str, request: Any, **more: Any) -> Any:
        transaction = b".TransactWriteItems" in request.headers.get("X-Amz-Target", b"")
        with lock, small_backups(request.body) if transaction else contextlib.nullcontext():
            return plain(self, event_name, request, **more)

    monkeypatch.setattr(BotocoreStubber, "__call__", locked)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "ap-southeast-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield
