"""Who did what to a dossier, when: entries chained by their hashes, so that what was altered shows. Pure."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from casework.plain import to_plain

Role = Literal["applicant", "officer", "supervisor", "administrator", "integrator", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: `id` is the sign-in's subject; `office` an officer's office code."""

    role: Role
    id: str
    office: str = ""


SYSTEM = Actor("system", "motcua")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of the chain: what happened, who did it, when; `hash` covers everything else and `previous`."""

    sequence: int
    at: str
    actor: Actor
    action: str
    details: dict[str, Any]
    previous: str
    hash: str


def audit_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry without its own hash, as canonical JSON."""
    content = to_plain(dataclasses.replace(entry, hash=""))
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def chain_breaks(entries: Iterable[AuditEntry], head_hash: str) -> list[str]:
    """What is wrong with an audit chain, in order; empty when it is whole and ends in `head_hash`."""
    found, previous, sequence = [], "", 0
    for entry in entries:
        sequence += 1
        if entry.sequence != sequence:
            found.append(f"entry {sequence} is missing, {entry.sequence} stands in its place")
            sequence = entry.sequence
        if entry.previous != previous:
            found.append(f"entry {entry.sequence} does not follow its predecessor")
        if audit_hash(entry) != entry.hash:
            found.append(f"entry {entry.sequence} was altered")
        previous = entry.hash
    if previous != head_hash:
        found.append("the chain does not end where the dossier says")
    return found
