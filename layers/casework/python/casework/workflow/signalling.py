"""Signals of a dossier: found with each check, shown to officers, dismissed by one with a reason.

Signals lie in the evidence bucket under their content, one row a source names them (`SIGNALS#round#source`), so that a
list of thousands fits. A dismissal is a row of its own and outlives the round: the same signal stays dismissed.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from casework.contradictions import contradictions
from casework.document import Reading
from casework.dossier import Actor, Change, Dossier, Record, change, vietnam_day
from casework.employer_seals import seals_differ
from casework.errors import NotFound, Refused, problem
from casework.genuineness import genuineness
from casework.plain import from_plain, to_plain
from casework.ports import Clock, DossierStore, FileStore
from casework.review import Task, refuse_officer, task_key
from casework.sightings import Sighting, elsewhere, sightings_of
from casework.signals import Dismissal, Signal, dismissed, kinds
from casework.tallies import Tally, day_row
from casework.workflow.commit import commit
from casework.workflow.looking_again import looks_of, seals_read
from casework.workflow.verdicts import digest

LONGEST_REASON = 500
_MOST_COUNTED = 2000  # ids kept with the row: 40 KB


Sighted = Callable[[tuple[Sighting, ...]], Mapping[str, Sequence[Sighting]]]
"""Notes what a dossier shows, and tells by key which others showed the same."""


def signals_found(
    dossier: Dossier,
    readings: Mapping[str, Reading],
    bar: float,
    *,
    store: DossierStore,
    files: FileStore,
    sighted: Sighted,
) -> list[Signal]:
    """Everything that should make an officer look twice, with what was dismissed in earlier rounds. bar: the confidence
    below which what was read once says nothing. What the dossier shows is noted for others on the way."""
    looks = looks_of(dossier, readings, files)
    found = [*contradictions(dossier, readings, bar, looks), *genuineness(dossier, readings)]
    found += seals_differ(dossier, readings, seals_read(dossier, files))
    shown, left = sightings_of(dossier, readings)
    found += elsewhere(dossier, readings, shown, sighted(tuple(shown)), left)
    return dismissed(found, dismissals_of(dossier.id, store=store))


def counted(dossier: Dossier, signals: Sequence[Signal], office: str, day: date, *, store: DossierStore) -> list[Tally]:
    """What is counted of signals seen for the first time in a dossier, by kind, beside those dismissed: a kind that is
    dismissed nearly always is noise."""
    before = store.records(dossier.id, "SIGNALS#")
    known = {signal_id for record in before for signal_id in record.data.get("ids", ())}
    counts = Counter(f"signal:{one.kind}" for one in signals if one.id not in known)
    return [Tally(office, day_row(day.isoformat()), counts)] if counts else []


def stopping(signals: Sequence[Signal]) -> list[str]:
    """The ids of those still open for which no dossier goes through at one look."""
    return [one.id for one in signals if one.dismissed is None and kinds()[one.kind].stops_fast_lane]


def keep_signals(dossier: Dossier, source: str, signals: Sequence[Signal], files: FileStore) -> list[Record]:
    """Keep what one source found in this round; the record goes with the change that found it. Nothing, no record."""
    if not signals:
        return []
    kept: list[Any] = [to_plain(dataclasses.replace(signal, dismissed=None)) for signal in signals]
    place = f"signals/{dossier.id}/{digest(kept)}.json"
    files.put_evidence(place, kept)
    ids = [one.id for one in signals][:_MOST_COUNTED]
    return [Record(f"SIGNALS#{dossier.round:03d}#{source}", {"key": place, "count": len(kept), "ids": ids})]


def signals_of(dossier: Dossier, *, store: DossierStore, files: FileStore) -> list[Signal]:
    """The signals of the dossier's last check with what officers said of them, those still to be looked at first."""
    found: list[Signal] = []
    for record in store.records(dossier.id, f"SIGNALS#{dossier.round:03d}#"):
        found += [from_plain(Signal, data) for data in files.evidence(record.data["key"])]
    return dismissed(found, dismissals_of(dossier.id, store=store)) if found else []


def dismiss(
    task_id: str,
    signal_id: str,
    reason: str,
    actor: Actor,
    *,
    store: DossierStore,
    files: FileStore,
    clock: Clock,
) -> Signal:
    """An officer of the dossier's open task looked and found nothing in it. Who was first stays; sent again it answers
    the same. Raises NotFound for a task or signal that is not there; Refused: reason-missing, task-decided,
    claimed-by-another, and what refuse_officer refuses."""

    def decide(dossier: Dossier) -> Change | None:
        now = clock()
        refuse_stranger(task_id, dossier, actor, store=store, clock=clock)
        if not reason.strip():
            raise Refused(problem("reason-missing"))
        one = find_signal(dossier, signal_id, store=store, files=files)
        if one.dismissed is not None:
            return None
        said = Dismissal(actor.id, actor.office, now.isoformat(timespec="seconds"), reason.strip()[:LONGEST_REASON])
        record = Record(f"DISMISSED#{one.id}", {"kind": one.kind, "dismissal": to_plain(said)}, once=True)
        details = {"signal": one.id, "kind": one.kind}
        counts = Tally(actor.office, day_row(vietnam_day(now).isoformat()), {f"dismissed:{one.kind}": 1})
        return change(
            dossier,
            dossier,
            "signal.dismissed",
            actor=actor,
            now=now,
            details=details,
            records=[record],
            tallies=[counts],
        )

    return find_signal(commit(store, task_id.partition(".")[0], decide), signal_id, store=store, files=files)


def refuse_stranger(task_id: str, dossier: Dossier, actor: Actor, *, store: DossierStore, clock: Clock) -> None:
    """Only who may decide the task may dismiss its signals."""
    known = store.record(dossier.id, task_key(dossier.round, dossier.stage)) if dossier.stage else None
    if known is None or task_id != f"{dossier.id}.{dossier.round}.{dossier.stage}":
        raise NotFound(task_id)
    task = from_plain(Task, known.data)
    refuse_officer(task, dossier, actor)
    if task.state != "open":
        raise Refused(problem("task-decided", by=task.decision.get("by", ""), at=task.decision.get("at", "")))
    if task.holder(clock()) not in ("", actor.id):
        raise Refused(problem("claimed-by-another", by=task.holder(clock()), until=task.claimed_until))


def find_signal(dossier: Dossier, signal_id: str, *, store: DossierStore, files: FileStore) -> Signal:
    """Raises NotFound."""
    for one in signals_of(dossier, store=store, files=files):
        if one.id == signal_id:
            return one
    raise NotFound(signal_id)


def dismissals_of(dossier_id: str, *, store: DossierStore) -> dict[str, Dismissal]:
    """What officers dismissed, by the signal's id."""
    rows = store.records(dossier_id, "DISMISSED#")
    return {row.key.removeprefix("DISMISSED#"): from_plain(Dismissal, row.data["dismissal"]) for row in rows}
