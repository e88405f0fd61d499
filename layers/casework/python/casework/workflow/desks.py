"""What an officer keeps for himself: his profile, and views of the queue he comes back to."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from casework.dossier import Actor
from casework.errors import Refused, StaleVersion, problem
from casework.interests import Profile
from casework.plain import from_plain
from casework.ports import Desk
from casework.worklist import Wanted

MOST_VIEWS = 20


def profile(actor: Actor, *, store: Desk) -> Profile | None:
    """An officer's own profile. Raises Refused: not-an-officer."""
    _refuse_stranger(actor)
    return store.profile(actor.id)


def keep_profile(described: Profile, actor: Actor, expected_version: int, *, store: Desk) -> Profile:
    """Describe oneself; `expected_version` 0 for the first time. Raises Refused: not-an-officer, version-stale."""
    _refuse_stranger(actor)
    kept = dataclasses.replace(described, id=actor.id, office=actor.office, version=expected_version + 1)
    try:
        store.keep_profile(kept)
    except StaleVersion as stale:
        raise Refused(problem("version-stale")) from stale
    return kept


def views(actor: Actor, *, store: Desk) -> dict[str, Wanted]:
    """The views an officer saved, by name. Raises Refused: not-an-officer."""
    _refuse_stranger(actor)
    kept: Mapping[str, Any] = store.own(actor.id, "views") or {}
    return {name: from_plain(Wanted, wanted) for name, wanted in kept.items()}


def keep_view(name: str, wanted: Wanted | None, actor: Actor, *, store: Desk) -> dict[str, Wanted]:
    """Save a view under a name, or forget it (None); the last MOST_VIEWS are kept. Raises Refused: not-an-officer."""
    kept = {known: view for known, view in views(actor, store=store).items() if known != name}
    if wanted is not None:
        kept[name] = wanted
    kept = dict(list(kept.items())[-MOST_VIEWS:])
    store.keep_own(actor.id, "views", {known: dataclasses.asdict(view) for known, view in kept.items()})
    return kept


def _refuse_stranger(actor: Actor) -> None:
    if actor.role not in ("officer", "supervisor"):
        raise Refused(problem("not-an-officer"))
