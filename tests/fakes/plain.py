"""A clock that stands where it is put, and data as a store gives them back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from casework.plain import to_plain


def as_stored(data: Any) -> Any:
    """What comes back from a store: the data as JSON and back."""
    return json.loads(json.dumps(to_plain(data), ensure_ascii=False).encode("utf-8"))


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = datetime(2020, 5, 18, 2, 0, tzinfo=UTC)) -> None:  # a Monday, 9:00 in Vietnam
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)
