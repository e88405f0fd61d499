"""A stored verdict is found by its day and derived again: that it follows from what was known can be shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from casework.dossier import Dossier, vietnam_day
from casework.errors import NotFound
from casework.ports import DossierStore, FileStore
from casework.workflow.verdicts import Replay, replay


def kept_on(
    dossier: Dossier, as_of: date | None, *, store: DossierStore, files: FileStore
) -> tuple[str, dict[str, Any]]:
    """(place, kept verdict) that stood at the end of a Vietnamese day; the last one without a day. Raises NotFound."""
    if as_of is None and dossier.verdict_key:
        return dossier.verdict_key, files.evidence(dossier.verdict_key)
    kept = [*store.records(dossier.id, "VERDICT#"), *store.records(dossier.id, "FORMER#")]  # and those checked anew
    records = sorted(kept, key=lambda record: (record.data["at"], record.key))
    if as_of is not None:
        records = [r for r in records if vietnam_day(datetime.fromisoformat(r.data["at"])) <= as_of]
    if not records:
        raise NotFound(f"{dossier.id} has no verdict")
    place = str(records[-1].data["key"])
    return place, files.evidence(place)


def replay_verdict(dossier: Dossier, as_of: date | None, *, store: DossierStore, files: FileStore) -> Replay:
    """The verdict that stood on a day, derived again from its own facts. Raises NotFound."""
    place, kept = kept_on(dossier, as_of, store=store, files=files)
    return replay(kept, place)
