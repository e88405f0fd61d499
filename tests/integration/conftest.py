"""The store in memory and the table, one after the other, for whatever holds of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes import MemoryStore
from tests.integration.stores import case_table


@pytest.fixture(params=["memory", "table"])
def store(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryStore()
    else:
        request.getfixturevalue("aws")
        yield case_table()
