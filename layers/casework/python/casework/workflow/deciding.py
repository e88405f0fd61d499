"""A stage is decided, once, in one transaction; or decided twice by two officers unseeing, where that is asked for.

What follows from a decision is carried out by casework.workflow.outcomes; how it is taken back, by undoing.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework import procedures
from casework.agreement import NO_SECOND_LOOK, SecondLook, above, approved_sha256, needs_second, same_decision
from casework.consulted import Confirmation
from casework.document import Text
from casework.dossier import Actor, Change, Dossier, EffectKind, Record, State, change, vietnam_day
from casework.errors import MonthsTaken, PersonBeingDecided, Refused, problem
from casework.facts import month_said
from casework.finding import Finding, Verdict
from casework.interests import Profile, interest, refuse_interest
from casework.payments import Claim, claims_of, hold_name, twice
from casework.plain import to_plain
from casework.ports import Clock, DeskStore, DossierStore, FileStore
from casework.review import (
    DecisionRequest,
    RowOutcome,
    Task,
    refuse_confirmation,
    refuse_decided,
    refuse_decision,
    refuse_held,
    refuse_officer,
    refuse_phase,
    row_outcomes,
)
from casework.tallies import Tally
from casework.workflow.checking import confirmations
from casework.workflow.commit import commit, still_as_seen
from casework.workflow.granting import MOST_ROWS_INSIDE, granted_rows, keep_rows, learn, summed
from casework.workflow.notices import notice_texts
from casework.workflow.outcomes import FINAL_STATES, asked
from casework.workflow.tallying import agreed, counts_of, decided
from casework.workflow.tasks import decision_key, find_task, look_key, looks, moment, split_task_id
from casework.workflow.verdicts import canonical, digest, outline, restated, verdict_record
from casework.worklist import decided_list, task_record

UNDO = timedelta(minutes=2)  # how long the effects of a decision wait, when the officer wants to be able to undo it


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a request comes to: the decision, what the dossier's verdict is with what the officer states, the months it
    grants. Nothing of it is on record yet."""

    decision: dict[str, Any]
    seen: Dossier
    verdict: Verdict
    rows: Sequence[Mapping[str, Any]] = ()
    claims: tuple[Claim, ...] = ()
    stated: bool = False


def decide_stage(
    task_id: str,
    request: DecisionRequest,
    actor: Actor,
    expected_version: int,
    *,
    store: DeskStore,
    files: FileStore,
    clock: Clock,
    second_look: SecondLook = NO_SECOND_LOOK,
) -> Dossier:
    """Decide a stage, once. The same decision sent again by the same officer answers as before.

    Where `second_look` asks for it, another officer decides again before anything happens, and where the two differ a
    supervisor; such a decision cannot be undone. Raises NotFound; Refused: task-decided (who and when),
    claimed-by-another, version-stale, conflict-of-interest, second-officer-needed, supervisor-needed, and what
    casework.review refuses.
    """
    dossier_id, round_number, stage = split_task_id(task_id)
    asked_for = request_sha256(request)
    profile = store.profile(actor.id)

    def decide(dossier: Dossier) -> Change | None:
        task, now = find_task(store, dossier_id, round_number, stage), clock()
        refuse_officer(task, dossier, actor)
        if _said_before(task, actor, asked_for, store):
            return None
        refuse_decided(task)
        refuse_phase(task, actor)
        refuse_held(task, actor, now)
        if not still_as_seen(store, dossier, expected_version):
            raise Refused(problem("version-stale"))
        weighed = weigh(dossier, task, request, actor, now, store=store, files=files, profile=profile)
        if task.phase == "first" and needs_second(second_look, dossier, weighed.decision):
            return _looked(dossier, task, weighed, actor, now, "second")
        if task.phase == "second" and not same_decision(looks(task, store=store)[0], weighed.decision):
            return _looked(dossier, task, weighed, actor, now, "adjudication")
        return _sealed(dossier, task, weighed, request, actor, now, store=store)

    try:
        return commit(store, dossier_id, decide)
    except MonthsTaken as taken:
        learn(dossier_id, taken, route_after, store=store, files=files, clock=clock)
        raise Refused(problem("month-already-granted", rows=_told(taken, store, files, dossier_id))) from taken
    except PersonBeingDecided as busy:
        raise Refused(problem("person-being-decided")) from busy


def preview(
    task_id: str,
    request: DecisionRequest,
    actor: Actor,
    *,
    store: DeskStore,
    files: FileStore,
    clock: Clock,
    second_look: SecondLook = NO_SECOND_LOOK,
) -> dict[str, Any]:
    """What the applicant would be told, and what would be granted: {event, texts, reason, approved, refused, total_vnd,
    total_words, needs_second}; `event` None where he is told nothing. Raises what deciding would, but for versions and
    months."""
    dossier_id, round_number, stage = split_task_id(task_id)
    dossier, task = store.load(dossier_id), find_task(store, dossier_id, round_number, stage)
    refuse_officer(task, dossier, actor)
    refuse_decided(task)
    refuse_phase(task, actor)
    now, profile = clock(), store.profile(actor.id)
    weighed = weigh(dossier, task, request, actor, now, store=store, files=files, profile=profile)
    decision = weighed.decision
    event, after = None, dataclasses.replace(dossier, closing_note=Text(request.reason), state=State.DECIDED)
    if request.outcome in FINAL_STATES:
        event = "decided"
        after = dataclasses.replace(after, state=FINAL_STATES[request.outcome], total_vnd=decision["total_vnd"])
    elif request.outcome == "not_accept":
        event = "not_accepted"
    elif request.outcome == "ask":
        event, after = "asked", dataclasses.replace(after, requests=tuple(asked(dossier, decision)))
    return {
        "event": event,
        "texts": notice_texts(after, event) if event else None,
        "reason": request.reason,
        "approved": decision.get("approved"),
        "refused": decision.get("refused"),
        "total_vnd": decision.get("total_vnd"),
        "total_words": decision.get("total_words"),
        "needs_second": task.phase == "first" and above(second_look, decision),
    }


def weigh(
    dossier: Dossier,
    task: Task,
    request: DecisionRequest,
    actor: Actor,
    now: datetime,
    *,
    store: DossierStore,
    files: FileStore,
    profile: Profile | None = None,
) -> Weighed:
    """Whether a request is a decision, and which. Raises Refused."""
    procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
    plan = procedure.stage(task.stage)
    refuse_confirmation(request, plan, {said.fact for said in confirmations(store, dossier)})
    stated = [Confirmation(fact, said, actor.id, moment(now), task.stage) for fact, said in request.confirms.items()]
    kept, seen = files.evidence(dossier.verdict_key), dossier
    refuse_interest(interest(actor, profile, dossier, kept))
    if stated:
        kept = restated(kept, stated, procedure, vietnam_day(now))
        place = f"verdicts/{dossier.id}/{digest(kept)}.json"
        files.put_evidence(place, kept)
        seen = dataclasses.replace(dossier, verdict_key=place, route=route_after(dossier, kept))
    verdict = outline(kept)
    proposed = proposals(verdict)
    foremost = task.stage == (dossier.way or tuple(stage.id for stage in procedure.stages))[0]
    entrance = task.stage == procedure.stages[0].id and not dossier.requests
    refuse_decision(
        request, seen, final_stage=plan.final, proposed=proposed, first_stage=entrance, nothing_before=foremost
    )
    decision = _said(request, task, actor, now, seen, profile)
    if not plan.final or request.outcome in ("ask", "not_accept", "send_back"):
        return Weighed(decision, seen, verdict, stated=bool(stated))
    outcomes = row_outcomes(request, proposed)
    rows = granted_rows(outcomes, verdict, kept["people"], pays=procedure.benefit is not None)
    claims = claims_of(rows, kept["people"], procedure.claims)
    if doubled := twice(claims, dossier.id, dossier.code, dossier.procedure):
        raise MonthsTaken(doubled)
    decision |= summed(rows, kept, procedure) | keep_rows(dossier.id, rows, files)
    decision |= {"approved_sha256": approved_sha256(rows)}
    if claims:
        decision["hold"] = hold_name(dossier.id, claims)
    return Weighed(decision, seen, verdict, rows, claims, bool(stated))


def proposals(verdict: Verdict) -> dict[str, RowOutcome | None]:
    """What the rules propose row by row: refuse where one fails, approve where all pass, None where open.

    A way in that another rule settles (PS-1 to PS-3) does not count by itself.
    """

    def of(findings: Sequence[Finding]) -> RowOutcome | None:
        verdicts = {finding.verdict for finding in findings if finding.counts}
        if "fail" in verdicts:
            return "refuse"
        return "approve" if verdicts <= {"pass"} else None

    dossier_level = of(verdict.findings)
    rows: dict[str, RowOutcome | None] = {}
    for row in verdict.rows:
        own = of(row.findings)
        rows[row.key] = own if dossier_level == "approve" or own == "refuse" else dossier_level
    return rows


def route_after(dossier: Dossier, kept: Mapping[str, Any]) -> str:
    """The route of a verdict that an officer's word changed: the rules', unless something else is still to be seen."""
    route = str(kept["verdict"]["route"])
    shown = ("contradictions", "conflicts", "strangers", "unavailable", "signals")
    seen = any(kept.get(name) for name in shown)
    unread = any(d.state != "read" or "unknown" in d.types for d in dossier.live_documents)
    asked_in_vain = any(request.unanswered for request in dossier.requests)
    return "review" if route == "ask" or (route == "fast_lane" and (seen or unread or asked_in_vain)) else route


def request_sha256(request: DecisionRequest) -> str:
    return hashlib.sha256(canonical(to_plain(request))).hexdigest()


def _said(
    request: DecisionRequest, task: Task, actor: Actor, now: datetime, seen: Dossier, profile: Profile | None
) -> dict[str, Any]:
    said = to_plain(request)
    inside = len(said["rows"]) + len(said["group"]) <= MOST_ROWS_INSIDE
    decision = {
        "by": actor.id,
        "office": actor.office,
        "at": moment(now),
        "stage": task.stage,
        "round": task.round,
        "outcome": request.outcome,
        "reason_code": request.reason_code,
        "reason": request.reason,
        "confirms": dict(request.confirms),
        "verdict_key": seen.verdict_key,
        "request": said if inside else {**said, "rows": [], "group": []},
        "request_sha256": request_sha256(request),
    }
    return decision | ({"by_name": profile.name} if profile else {})


def _said_before(task: Task, actor: Actor, asked_for: str, store: DossierStore) -> bool:
    """Whether this officer has sent this very decision before, and it was taken."""
    if task.state != "open":
        return bool(task.decision.get("by") == actor.id and task.decision.get("request_sha256") == asked_for)
    made = looks(task, store=store) if actor.id in task.looked else []
    return any(look["by"] == actor.id and look["request_sha256"] == asked_for for look in made)


def _looked(dossier: Dossier, task: Task, weighed: Weighed, actor: Actor, now: datetime, phase: Any) -> Change:
    """A decision that somebody else has to make as well: it is kept, unseen, and the task waits for him."""
    waiting = dataclasses.replace(
        task,
        phase=phase,
        looked=(*task.looked, actor.id),
        claimed_by="",
        claimed_until="",
        claimed_at="",
        holder_name="",
    )
    look = Record(look_key(task, len(task.looked) + 1), weighed.decision, once=True)
    details = {"stage": task.stage, "sha256": _sha256(weighed.decision)}
    tallies = agreed(task, weighed, False) if phase == "adjudication" else []
    records = [task_record(waiting), look]
    return change(
        dossier, dossier, "stage.looked_at", actor=actor, now=now, details=details, records=records, tallies=tallies
    )


def _sealed(
    dossier: Dossier,
    task: Task,
    weighed: Weighed,
    request: DecisionRequest,
    actor: Actor,
    now: datetime,
    *,
    store: DossierStore,
) -> Change:
    """The decision as one change: on record, with its months, its counts, and the word to the workflow."""
    made = looks(task, store=store)
    decision = {**weighed.decision, **({"looks": [look["by"] for look in made]} if made else {})}
    key = decision_key(task)
    former = _former(dossier, store) if "approved" in decision else []
    counts = counts_of(task, decision, former, now)
    undoable = request.undoable and not made
    short = _shortly(decision, dossier, counts, now, undoable=undoable)
    closed = dataclasses.replace(task, state="decided", decision=short)
    after = dataclasses.replace(weighed.seen, state=State.DECIDED, outcome=request.outcome, decision_key=key)
    where, order = decided_list(task.office), f"{decision['at']}#{dossier.id}"
    records = [task_record(closed), Record(key, decision, once=True, queue=where, queue_order=order)]
    if weighed.stated:
        records.append(verdict_record(after, after.verdict_key, after.route, now, task.stage))
    records += [
        Record(f"HOLD#{old['hold']}", {"undone": True})
        for old in former
        if old.get("hold") and old["hold"] != decision.get("hold")
    ]
    tallies: list[Tally] = decided(task, counts, now)
    if made:
        tallies += agreed(task, weighed, True) if task.phase == "second" else agreed(task, weighed, None, made)
    details = {
        "stage": task.stage,
        "outcome": request.outcome,
        "reason_code": request.reason_code,
        "sha256": _sha256(decision),
    }
    effects: list[tuple[EffectKind, Mapping[str, Any]]] = [("answer_task", {"token": task.token, "stage": task.stage})]
    return change(
        dossier,
        after,
        "stage.decided",
        actor=actor,
        now=now,
        details=details,
        effects=effects,
        records=records,
        claims=weighed.claims,
        tallies=tallies,
        not_before=moment(now + UNDO) if undoable else "",
    )


def _shortly(
    decision: Mapping[str, Any], dossier: Dossier, counts: Mapping[str, int], now: datetime, *, undoable: bool
) -> dict[str, Any]:
    """The decision as it stands on its task: without its rows, with what is needed to take it back."""
    short = {name: value for name, value in decision.items() if name not in ("rows", "request")}
    short["before"] = {"verdict_key": dossier.verdict_key, "route": dossier.route}
    short |= {"version": dossier.version + 1, "counts": dict(counts)}
    return short | ({"undo_until": moment(now + UNDO)} if undoable else {})


def _former(dossier: Dossier, store: DossierStore) -> list[dict[str, Any]]:
    """Decisions of earlier rounds that granted or refused: what a new one takes the place of."""
    if dossier.round < 2:
        return []
    found = [record.data for record in store.records(dossier.id, "DECISION#")]
    return [data for data in found if data["round"] < dossier.round and "approved" in data]


def _sha256(decision: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(decision)).hexdigest()


def _told(taken: MonthsTaken, store: DossierStore, files: FileStore, dossier_id: str) -> str:
    """Who has which month by which dossier, in words; of very many the first."""
    people = files.evidence(store.load(dossier_id).verdict_key)["people"]
    told = [
        f"{people.get(conflict.row, {}).get('name') or conflict.row}: "
        f"{month_said(conflict.holding.month)} ({conflict.holding.procedure} {conflict.holding.code})"
        for conflict in taken.conflicts[:20]
    ]
    more = len(taken.conflicts) - len(told)
    return ", ".join(told) + (f" … +{more}" if more else "")
