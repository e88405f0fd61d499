"""Who looked at a dossier: every look of somebody who does not own it is on record, and its applicant sees it.

Looks stand beside the audit chain, not in it: a look changes nothing, and a version that moves because an officer
looked would refuse that officer's own decision. A row is written once and stays when the dossier's data are erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from casework.dossier import Actor, Dossier, Record, Role
from casework.ports import Clock, DossierStore

Seen = Literal["dossier", "task", "paper", "page", "verdict", "history", "issued", "export"]
_PREFIX = "SEEN#"


@dataclass(frozen=True, slots=True)
class View:
    """One look. `why`: the stage whose task it was, or what else gave the right to look; `of`: which paper or page."""

    at: str
    role: Role
    id: str
    office: str
    what: str
    why: str
    of: str = ""


def note_view(
    dossier: Dossier, actor: Actor, what: Seen, *, store: DossierStore, clock: Clock, why: str = "", of: str = ""
) -> None:
    """Put a look on record, before anything is shown; an owner's own is none of anybody's business."""
    if actor.id == dossier.owner:
        return
    at = clock().isoformat(timespec="milliseconds")
    why = why or ("parked" if actor.role == "administrator" else dossier.stage or "area")
    data = {"at": at, "role": actor.role, "id": actor.id, "office": actor.office, "what": what, "why": why, "of": of}
    store.note(dossier.id, Record(f"{_PREFIX}{at}#{actor.id}#{what}", data))


def views(dossier_id: str, *, store: DossierStore) -> list[View]:
    """All looks at a dossier, oldest first."""
    return [View(**record.data) for record in store.records(dossier_id, _PREFIX)]
