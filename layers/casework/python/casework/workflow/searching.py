"""Dossiers are found by name, number, company or code: words are noted with each check, and looked up by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework import procedures
from casework.dossier import Actor, Dossier
from casework.errors import Refused, problem
from casework.found import Hit, best_first, entries, words
from casework.offices import area_of, may_look
from casework.ports import Desk
from casework.rules import Procedure

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A dossier that was searched for, as it stands."""

    hit: Hit
    dossier: Dossier


def note_dossier(dossier: Dossier, kept: Mapping[str, Any], procedure: Procedure, *, store: Desk) -> None:
    """Make a dossier found by the people of its last check, its company, its numbers and its code, in its own area and
    in those around it. Again it is the same; a word that is right no more still leads to the right dossier."""
    facts, who = kept["facts"]["dossier"], procedure.who
    company, unit = (str(facts.get(name, {}).get("value") or "") for name in (who.unit_name, who.unit))
    area = area_of(dossier.office)
    parts = area.split(".")
    areas = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    store.note_words(areas, entries(dossier, kept["people"], company, unit))


def search(asked: str, actor: Actor, *, store: Desk) -> list[Found]:
    """The dossiers of an officer's area that fit best, MOST_FOUND at most: a query for each kind of word, and one call
    for the dossiers. Those that are none of his office's business are left out. Raises Refused: not-an-officer."""
    if actor.role not in ("officer", "supervisor"):
        raise Refused(problem("not-an-officer"))
    hits = [hit for word in words(asked) for hit in store.find(area_of(actor.office), word, MOST_FOUND)]
    chosen = best_first(asked, hits)[:MOST_FOUND]
    heads = {dossier.id: dossier for dossier in store.heads([hit.dossier_id for hit in chosen])}
    return [Found(hit, heads[hit.dossier_id]) for hit in chosen if _may_find(heads.get(hit.dossier_id), actor)]


def _may_find(dossier: Dossier | None, actor: Actor) -> bool:
    if dossier is None or dossier.received_on is None:
        return False
    return may_look(actor.office, dossier.office, procedures.load(dossier.procedure, dossier.received_on))
