"""Load, decide, commit - again when somebody else was first. The only loop around the store."""

from __future__ import annotations

from collections.abc import Callable

from casework.dossier import Change, Dossier
from casework.errors import StaleVersion
from casework.ports import DossierStore

PAPER_ISSUED, EXPORT_ORDERED = "paper.issued", "data.export_ordered"
LEASES = ("review.claimed", "review.extended", "review.released", "review.unlocked", "review.assigned")
CHANGE_NOTHING_SEEN = frozenset({PAPER_ISSUED, EXPORT_ORDERED, *LEASES})
ATTEMPTS = 25  # twenty papers of one dossier may be recorded at the same moment; each round one of them wins


def still_as_seen(store: DossierStore, dossier: Dossier, version: int) -> bool:
    """Whether a dossier is as it was at a version somebody looked at, but for papers of ours that were added since,
    its data asked for, or somebody taking its task or giving it back."""
    if version == dossier.version:
        return True
    since = {entry.action for entry in store.audit(dossier.id) if entry.sequence > version}
    return version < dossier.version and since <= CHANGE_NOTHING_SEEN


def commit(store: DossierStore, dossier_id: str, decide: Callable[[Dossier], Change | None]) -> Dossier:
    """Apply `decide` to the newest dossier until its change goes through; None means there is nothing to change.

    Returns the dossier as it then stands. Raises StaleVersion after ATTEMPTS lost races, NotFound, and whatever
    `decide` raises.
    """
    for attempt in range(ATTEMPTS):
        dossier = store.load(dossier_id)
        change = decide(dossier)
        if change is None:
            return dossier
        try:
            store.commit(change)
        except StaleVersion:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return change.after
    raise AssertionError("unreachable: the last attempt returns or raises")
