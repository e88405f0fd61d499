"""Signals of a dossier: kept with each check, shown to officers, dismissed by one with a reason.

Signals lie in the evidence bucket under their content, one row a source names them (`SIGNALS#round#source`), so that a
list of thousands fits. A dismissal is a row of its own and outlives the round: the same signal stays dismissed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from casework.dossier import Dossier, Record
from casework.plain import from_plain, to_plain
from casework.ports import DossierStore, FileStore
from casework.signals import Dismissal, Signal, dismissed
from casework.workflow.verdicts import digest


def keep_signals(dossier: Dossier, source: str, signals: Sequence[Signal], files: FileStore) -> Record:
    """Keep what one source found in this round; the record goes with the change that found it."""
    kept: list[Any] = [to_plain(dataclasses.replace(signal, dismissed=None)) for signal in signals]
    place = f"signals/{dossier.id}/{digest(kept)}.json"
    files.put_evidence(place, kept)
    return Record(f"SIGNALS#{dossier.round:03d}#{source}", {"key": place, "count": len(kept)})


def signals_of(dossier: Dossier, *, store: DossierStore, files: FileStore) -> list[Signal]:
    """The signals of the dossier's last check with what officers said of them, those still to be looked at first."""
    found: list[Signal] = []
    for record in store.records(dossier.id, f"SIGNALS#{dossier.round:03d}#"):
        found += [from_plain(Signal, data) for data in files.evidence(record.data["key"])]
    return dismissed(found, dismissals_of(dossier.id, store=store)) if found else []


def dismissals_of(dossier_id: str, *, store: DossierStore) -> dict[str, Dismissal]:
    """What officers dismissed, by the signal's id."""
    rows = store.records(dossier_id, "DISMISSED#")
    return {row.key.removeprefix("DISMISSED#"): from_plain(Dismissal, row.data["dismissal"]) for row in rows}
