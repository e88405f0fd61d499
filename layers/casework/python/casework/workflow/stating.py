"""An officer looked at the paper himself and states what stands there: a field is confirmed or corrected.

The reading stays as it was; his word stands beside it with his reason, and the verdict is derived anew with it. What
only a registry can say he does not state here (casework.workflow.confirming).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework import procedures
from casework.consulted import Confirmation
from casework.dossier import Actor, Change, Dossier, Record, change, vietnam_day
from casework.errors import Refused, problem
from casework.facts import take
from casework.interests import interest, refuse_interest
from casework.plain import to_plain
from casework.ports import Clock, DeskStore, DossierStore, FileStore
from casework.review import refuse_decided, refuse_held, refuse_officer, refuse_phase
from casework.rules import Procedure
from casework.tallies import NOW, Tally
from casework.workflow.commit import commit, still_as_seen
from casework.workflow.deciding import route_after
from casework.workflow.tasks import find_task, moment, split_task_id
from casework.workflow.verdicts import digest, restated, verdict_record
from casework.worklist import task_record

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Word:
    """What an officer states: a fact of a person (by key) or of the dossier (key ""), its value, what he looked at."""

    fact: str
    value: Any
    reason: str
    person: str = ""


def state(
    task_id: str,
    word: Word,
    actor: Actor,
    expected_version: int,
    *,
    store: DeskStore,
    files: FileStore,
    clock: Clock,
) -> Dossier:
    """Put an officer's word on record and derive the verdict and the route anew. The same said again changes nothing.

    Raises NotFound; Refused: reason-missing, field-unknown, fact-not-valid, version-stale, task-decided,
    claimed-by-another, conflict-of-interest, and what refuse_officer refuses.
    """
    dossier_id, round_number, stage = split_task_id(task_id)
    profile = store.profile(actor.id)

    def decide(dossier: Dossier) -> Change | None:
        task, now = find_task(store, dossier_id, round_number, stage), clock()
        refuse_officer(task, dossier, actor)
        refuse_decided(task)
        refuse_phase(task, actor)
        refuse_held(task, actor, now)
        kept = files.evidence(dossier.verdict_key)
        refuse_interest(interest(actor, profile, dossier, kept))
        procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
        _refuse_word(word, kept, procedure)
        said = Confirmation(word.fact, word.value, actor.id, moment(now), stage, word.person)
        if any(_same(to_plain(said), known) for known in kept["confirmations"]):
            return None
        if not still_as_seen(store, dossier, expected_version):
            raise Refused(problem("version-stale"))
        renewed = restated(kept, [said], procedure, vietnam_day(now))
        place = f"verdicts/{dossier_id}/{digest(renewed)}.json"
        files.put_evidence(place, renewed)
        after = dataclasses.replace(dossier, verdict_key=place, route=route_after(dossier, renewed))
        data = {"said": to_plain(said), "reason": word.reason.strip()[:LONGEST_REASON], "before": _fact(kept, word)}
        records = [
            Record(f"STATED#{dossier.version + 1:08d}", data, once=True),
            verdict_record(after, place, after.route, now, f"{stage}#{dossier.version + 1:08d}"),
            task_record(dataclasses.replace(task, route=after.route)),
        ]
        details = {"stage": stage, "fact": word.fact, "route": after.route, "verdict": place}
        moved = Tally(task.office, NOW, {f"route:{task.route}": -1, f"route:{after.route}": 1})
        tallies = [moved] if task.route != after.route else []
        return change(
            dossier, after, "fact.stated", actor=actor, now=now, details=details, records=records, tallies=tallies
        )

    return commit(store, dossier_id, decide)


def words(dossier_id: str, *, store: DossierStore) -> list[dict[str, Any]]:
    """What officers stated of a dossier's facts, oldest first: {said, reason, before}."""
    return [record.data for record in store.records(dossier_id, "STATED#")]


def _refuse_word(word: Word, kept: Mapping[str, Any], procedure: Procedure) -> None:
    """Only what papers or the applicant give, of somebody who is there, in the form of the fact, with a reason."""
    if not word.reason.strip():
        raise Refused(problem("reason-missing"))
    kind = procedure.kinds.get(word.fact)
    people = {row["key"] for row in kept["verdict"]["rows"]}
    there = word.person in people if kind is not None and kind.subject == "row" else not word.person
    if kind is None or not there or not procedure.applicant_gives(word.fact):
        raise Refused(problem("field-unknown", field=word.fact[:100]))
    try:
        taken = take(kind, word.value)
    except ValueError:
        taken = None
    if taken is None:
        raise Refused(problem("fact-not-valid", fact=word.fact))


def _fact(kept: Mapping[str, Any], word: Word) -> dict[str, Any] | None:
    """The fact as it stood before."""
    if not word.person:
        return dict(kept["facts"]["dossier"].get(word.fact) or {}) or None
    keys = [row["key"] for row in kept["verdict"]["rows"]]
    facts = kept["facts"]["rows"]
    found = facts[keys.index(word.person)].get(word.fact) if facts else None
    return dict(found) if found else None


def _same(said: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    return all(said[name] == known.get(name, "") for name in ("fact", "value", "by", "person"))
