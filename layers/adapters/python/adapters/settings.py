"""The environment, read once into one frozen object. Nothing else in the project looks at the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


class SettingMissing(Exception):
    """A variable the function needs is not in its environment: the template does not give it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the template told this function. A name only some functions have raises SettingMissing elsewhere."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Settings:
        """Raises ValueError when the time is pretended in production."""
        settings = cls(dict(environment))
        if settings.values.get("STAGE") == "prod" and settings.values.get("PRETEND_NOW"):
            raise ValueError("PRETEND_NOW is for acceptance runs; production runs on the true time")
        return settings

    def need(self, name: str) -> str:
        value = self.values.get(name, "")
        if not value:
            raise SettingMissing(f"{name} is not set: infra/template.yaml does not give it to this function")
        return value

    def maybe(self, name: str) -> str:
        return self.values.get(name, "")


class TrueClock:
    """The time of day, UTC."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


class PretendedClock:
    """A clock that was set to `start` when it was made and has run on since: acceptance runs on past dates."""

    def __init__(self, start: datetime) -> None:
        self._ahead: timedelta = start - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead
