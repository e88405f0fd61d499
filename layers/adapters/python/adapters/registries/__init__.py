"""The registries that can be asked, each with its kind of connector. A new registry is one line of this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from casework.errors import RegistryUnavailable
from casework.ports import Registry
from casework.registry import Answer, Question

Kind = Literal["http", "list", "manual", "table"]

# name -> kind of connector: "http" is adapters.registries.http, "list" a list the agency sent (lists), "manual" nobody
# but an officer with a paper, "table" what this system keeps itself. What differs in an installation, RegistryKinds of
# the template says.
CONNECTORS: Mapping[str, Kind] = {
    "vss": "http",
    "enterprise": "http",
    "tax": "http",
    "ui": "http",
    "cic": "http",
    "closures": "http",
    "payments": "table",
}


def kinds_of(differs: str) -> dict[str, Kind]:
    """The table with what an installation has otherwise, as "tax=list,ui=manual". Raises ValueError for names and kinds
    that are not known, and for a registry this system keeps itself."""
    kinds = dict(CONNECTORS)
    for pair in filter(None, (part.strip() for part in differs.split(","))):
        name, _, kind = pair.partition("=")
        if kinds.get(name, "table") == "table" or kind not in ("http", "list", "manual"):
            raise ValueError(f"no such registry, or no such kind of connector: {pair}")
        kinds[name] = kind  # type: ignore[assignment]
    return kinds


def asked_over_the_wire() -> list[str]:
    """The registries that may leave questions open: all but what this system keeps itself."""
    return [name for name, kind in CONNECTORS.items() if kind != "table"]


@dataclass(frozen=True)
class HeardRegistry:
    """A registry whose answers about somebody else are told to operators: such an answer is none, and where one comes
    others may be wrong unseen. Told is the question, not what was answered: that may be another person's."""

    name: str
    registry: Registry
    tell: Callable[[str, str], None]

    def ask(self, question: Question) -> Answer:
        """As the registry's own."""
        try:
            return self.registry.ask(question)
        except RegistryUnavailable as unavailable:
            if unavailable.of_another:
                self.tell(self.name, question.question_id)
            raise


class ManualRegistry:
    """A registry that cannot be called: an officer confirms what it knows, with a paper of its office."""

    def ask(self, question: Question) -> Answer:
        """Raises RegistryUnavailable."""
        raise RegistryUnavailable("an officer confirms it with a paper", asked=False)
