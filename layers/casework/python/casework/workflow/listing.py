"""Lists of one employer find each other by his tax code, each as it stood at its dossier's last check.

A list is kept as evidence under its content; one row of the dossier (`LISTED`) leads to it and stands in the employer's
queue, under a hash: the key shows no number of anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from casework.dossier import Dossier, Record, State
from casework.employer_lists import EmployerList, disagreements, list_of
from casework.plain import from_plain, to_lean
from casework.ports import DossierStore, FileStore
from casework.rules import Procedure
from casework.signals import Signal, dismissed
from casework.workflow.signalling import dismissals_of
from casework.workflow.verdicts import digest

_NO_LONGER = (State.WITHDRAWN, State.REFUSED)
MOST_LISTS = 50  # of one employer; services and rounds are few, and each is a file to read


def beside_others(
    dossier: Dossier, kept: Mapping[str, Any], procedure: Procedure, *, store: DossierStore, files: FileStore
) -> tuple[list[Signal], list[Record]]:
    """What the dossier's list and the other lists of its employer do not agree on, and the record by which the next one
    finds this list. kept: the verdict just made."""
    named = list_of(dossier.id, kept, procedure)
    if named is None:
        return [], []
    unit, own = named
    queue = f"EMPLOYER#{hashlib.sha256(f'unit:{unit}'.encode()).hexdigest()}"
    rows, _ = store.queue(queue, "", MOST_LISTS)
    found: list[Signal] = []
    for dossier_id, row in rows:
        told = disagreements(own, [from_plain(EmployerList, files.evidence(row.data["key"]))])
        if told and dossier_id != dossier.id and store.load(dossier_id).state not in _NO_LONGER:
            found += told
    plain = to_lean(own)
    place = f"lists/{dossier.id}/{digest(plain)}.json"
    files.put_evidence(place, plain)
    record = Record("LISTED", {"key": place}, queue=queue, queue_order=f"{dossier.procedure}#{dossier.id}")
    return (dismissed(found, dismissals_of(dossier.id, store=store)) if found else []), [record]
