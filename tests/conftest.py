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

FIRST = ("tests/journeys", "tests/browser", "tests/chaos", "tests/integration")  # they take longest: never last


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file stay together (`--dist loadgroup`), and those of a package that shares one stack: so a stack, a
    browser, a made paper is made once, not once for each worker. What takes longest begins first."""
    for item in items:
        shared = (item.path.parent / "__init__.py").exists() and item.path.parent.name != "journeys"
        item.add_marker(pytest.mark.xdist_group(_place(item.path.parent if shared else item.path)))
    items.sort(key=lambda item: [not _place(item.path).startswith(first) for first in FIRST])


def _place(path: Path) -> str:
    return path.relative_to(Path(__file__).parents[1]).as_posix()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AWS in this process: empty, forgotten afterwards, one call at a time."""
    from moto import mock_aws
    from moto.core.botocore_stubber import BotocoreStubber

    from infra.local.transactions import small_backups

    lock, plain = threading.RLock(), BotocoreStubber.__call__

    def locked(self: Any, event_name: str, request: Any, **more: Any) -> Any:
        transaction = str(request.headers.get("X-Amz-Target", "")).endswith(".TransactWriteItems")
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
