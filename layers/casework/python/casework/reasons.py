"""Reasons an officer may give with a decision, as codes with their words; and from which sum two officers decide.

The reasons of a service's law come from its rulebook, those of the office's work from rulebook/desk.toml. Pure.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from casework.document import Text
from casework.rules import Procedure

_LAWS = ("refuse", "approve_in_part", "not_accept")


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded reason, the outcomes it goes with, and the rules it is about."""

    id: str
    outcomes: tuple[str, ...]
    says: Text
    rules: tuple[str, ...] = ()


def reasons(procedure: Procedure) -> list[Reason]:
    """The law's reasons for a no first, then those of the office's work."""
    law = [Reason(reason.id, _LAWS, reason.says, reason.rules) for reason in procedure.refusal_reasons]
    known = {reason.id for reason in law}
    own = [Reason(r["id"], tuple(r["outcomes"]), Text(r["says"], r["says_en"])) for r in _desk()["reason"]]
    return law + [reason for reason in own if reason.id not in known]


def above_vnd() -> int:
    """The sum above which two officers decide."""
    return int(_desk()["second_look"]["above_vnd"])


def second_look_setting() -> dict[str, Any]:
    """What the office set, with its words: to be confirmed."""
    return dict(_desk()["second_look"])


@functools.cache
def _desk() -> dict[str, Any]:
    text = resources.files("casework").joinpath("rulebook/desk.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
