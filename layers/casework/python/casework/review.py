"""An officer's work: tasks of a stage, who may take them, what may be decided, and the decision itself. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from casework import procedures
from casework.dossier import Actor, Dossier, State
from casework.errors import Refused, problem
from casework.offices import may_look
from casework.rules import Stage

Outcome = Literal["approve", "approve_in_part", "refuse", "ask", "send_on", "send_back", "not_accept"]
RowOutcome = Literal["approve", "refuse"]
Phase = Literal["first", "second", "adjudication"]
LEASE = timedelta(minutes=30)  # a claim nobody works on falls back to the queue after this
ASSIGNED = timedelta(hours=12)  # what a supervisor gave to somebody waits for him longer

# A route that the machine did not find clean may only be approved with a reason.
CLEAN_ROUTES = frozenset({"fast_lane"})


@dataclass(frozen=True, slots=True)
class RowDecision:
    """What was decided for one person of the list; `reason` is told to the applicant."""

    key: str
    outcome: RowOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PageAsked:
    """A page, or a whole document (`page` None), that the officer asks for, and why."""

    document_id: str
    page: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """What an officer decides about a stage. `rows` names the people decided otherwise than the rules propose, `group`
    those he approves together, for whom every rule must pass; `confirms` states the facts his stage is there to
    confirm. `undoable`: the effects wait until it can no longer be taken back."""

    outcome: Outcome
    reason_code: str = ""
    reason: str = ""
    rows: tuple[RowDecision, ...] = ()
    asks: tuple[PageAsked, ...] = ()
    confirms: dict[str, bool] = field(default_factory=dict)
    group: tuple[str, ...] = ()
    undoable: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One stage of one round, waiting for an officer. `token` lets the workflow go on; it never leaves the system.

    `lap` counts how often the stage was entered in the round, `attempt` its decisions with those taken back. In phase
    `second` somebody else than `looked` decides again without seeing the first decision; when the two differ, a
    supervisor decides (`adjudication`)."""

    dossier_id: str
    code: str
    procedure: str
    round: int
    stage: str
    office: str
    due_on: str
    route: str
    token: str
    state: Literal["open", "decided", "withdrawn"] = "open"
    overdue: bool = False
    claimed_by: str = ""
    claimed_until: str = ""
    decision: dict[str, Any] = field(default_factory=dict)
    entered_at: str = ""
    claimed_at: str = ""
    holder_name: str = ""
    applicant: str = ""
    people: int = 0
    lap: int = 1
    attempt: int = 1
    phase: Phase = "first"
    looked: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.dossier_id}.{self.round}.{self.stage}"

    @property
    def key(self) -> str:
        return task_key(self.round, self.stage)

    def holder(self, now: datetime) -> str:
        """The officer who holds it at this moment, or ""."""
        if self.claimed_by and now < datetime.fromisoformat(self.claimed_until):
            return self.claimed_by
        return ""


def task_key(round_number: int, stage: str) -> str:
    return f"TASK#{round_number:03d}#{stage}"


def queue_name(office: str) -> str:
    return f"QUEUE#{office}"


def may_see(actor: Actor, dossier: Dossier) -> bool:
    """Its owner; once it is handed in, officers whose business it is by area and stage; administrators, while a failure
    has it parked."""
    if actor.role == "administrator":
        return dossier.state is State.PARKED
    if actor.role in ("officer", "supervisor"):
        if dossier.received_on is None:
            return False
        procedure = procedures.load(dossier.procedure, dossier.received_on)
        return may_look(actor.office, dossier.office, procedure)
    return dossier.owner == actor.id


def refuse_officer(task: Task, dossier: Dossier, actor: Actor) -> None:
    """Raises Refused: not-an-officer, other-office, own-dossier."""
    refuse_role(task, actor)
    if dossier.owner == actor.id:
        raise Refused(problem("own-dossier"))


def refuse_role(task: Task, actor: Actor) -> None:
    """Raises Refused: not-an-officer, other-office."""
    if actor.role not in ("officer", "supervisor"):
        raise Refused(problem("not-an-officer"))
    if actor.office != task.office:
        raise Refused(problem("other-office", office=task.office))


def refuse_phase(task: Task, actor: Actor) -> None:
    """Who looked before does not look again. Raises Refused: second-officer-needed, supervisor-needed."""
    if actor.id in task.looked:
        raise Refused(problem("second-officer-needed"))
    if task.phase == "adjudication" and actor.role != "supervisor":
        raise Refused(problem("supervisor-needed"))


def refuse_decided(task: Task) -> None:
    """Raises Refused: task-decided, with who and when."""
    if task.state != "open":
        by, at = task.decision.get("by_name") or task.decision.get("by", ""), task.decision.get("at", "")
        raise Refused(problem("task-decided", by=by, at=at))


def refuse_held(task: Task, actor: Actor, now: datetime) -> None:
    """Raises Refused: claimed-by-another, with who and until when."""
    if task.holder(now) not in ("", actor.id):
        raise Refused(problem("claimed-by-another", by=task.holder_name or task.claimed_by, until=task.claimed_until))


def refuse_decision(
    request: DecisionRequest,
    dossier: Dossier,
    *,
    final_stage: bool,
    proposed: dict[str, RowOutcome | None],
    first_stage: bool = False,
    nothing_before: bool = False,
) -> None:
    """Is this a decision the stage allows, with the reasons the law demands?

    proposed: row key -> what the rules propose, None where they leave it open. first_stage: nobody has taken the
    dossier further yet; nothing_before: no stage it could be sent back to. Raises Refused.
    """
    if nothing_before and request.outcome == "send_back":
        raise Refused(problem("decision-not-allowed", outcome=request.outcome))
    if final_stage and request.outcome == "send_on":
        raise Refused(problem("decision-not-allowed", outcome=request.outcome))
    if request.outcome == "not_accept" and not first_stage:  # who took the dossier further has accepted it
        raise Refused(problem("decision-not-allowed", outcome=request.outcome))
    if not final_stage and request.outcome not in ("send_on", "send_back", "ask", "not_accept"):
        raise Refused(problem("decision-not-allowed", outcome=request.outcome))
    named = [*(row.key for row in request.rows), *request.group]
    unknown = sorted(set(named) - set(proposed))
    if unknown:
        raise Refused(problem("row-unknown", rows=", ".join(unknown)))
    if unclean := [key for key in request.group if proposed[key] != "approve"]:
        raise Refused(problem("group-not-clean", rows=", ".join(unclean[:20])))
    if twice := sorted({key for key in named if named.count(key) > 1}):
        raise Refused(problem("row-twice", rows=", ".join(twice)))
    if request.outcome == "ask":
        if not request.asks:
            raise Refused(problem("ask-names-nothing"))
        for ask in request.asks:
            document = dossier.document(ask.document_id)
            if document is None or (ask.page and not any(p.number == ask.page for p in document.pages)):
                raise Refused(problem("page-unknown", page=ask.page or 0))
    needs_reason = request.outcome in ("refuse", "approve_in_part", "not_accept", "ask", "send_back")
    leaves_the_clean_way = request.outcome == "approve" and dossier.route not in CLEAN_ROUTES
    if (needs_reason or leaves_the_clean_way) and not request.reason.strip():
        raise Refused(problem("reason-missing"))


def refuse_confirmation(request: DecisionRequest, stage: Stage, known: Container[str]) -> None:
    """What a stage is there to confirm is said before the dossier goes on, and nothing else is.

    known: facts of the stage that were stated before. Raises Refused: confirmation-not-yours, confirmation-missing.
    """
    foreign = sorted(set(request.confirms) - set(stage.confirms))
    if foreign:
        raise Refused(problem("confirmation-not-yours", facts=", ".join(foreign)))
    missing = [fact for fact in stage.confirms if fact not in request.confirms and fact not in known]
    if missing and request.outcome not in ("ask", "refuse", "not_accept", "send_back"):
        raise Refused(problem("confirmation-missing", facts=", ".join(missing)))


def row_outcomes(request: DecisionRequest, proposed: dict[str, RowOutcome | None]) -> dict[str, RowDecision]:
    """Every row with its outcome: as the officer says, else as the dossier's outcome and the rules say.

    approve: every row that does not fail. refuse: none. approve_in_part: as the rules propose; a row they leave
    open must be named by the officer. Raises Refused: rows-undecided, outcome-contradicts-rows.
    """
    said = {row.key: row for row in request.rows}
    said |= {key: RowDecision(key, "approve") for key in request.group}
    result: dict[str, RowDecision] = {}
    undecided: list[str] = []
    for key, proposal in proposed.items():
        if key in said:
            result[key] = said[key]
        elif request.outcome == "refuse" or proposal == "refuse":
            result[key] = RowDecision(key, "refuse")
        elif request.outcome == "approve" or proposal == "approve":
            result[key] = RowDecision(key, "approve")
        else:
            undecided.append(key)
    if undecided:
        raise Refused(problem("rows-undecided", rows=", ".join(undecided)))
    _refuse_contradiction(request.outcome, [row.outcome for row in result.values()])
    return result


def _refuse_contradiction(outcome: Outcome, rows: Sequence[RowOutcome]) -> None:
    approved, refused = rows.count("approve"), rows.count("refuse")
    fits = {
        "approve": refused == 0,
        "refuse": approved == 0,
        "approve_in_part": approved > 0 and refused > 0,
    }
    if rows and not fits.get(outcome, True):
        raise Refused(problem("outcome-contradicts-rows", approved=approved, refused=refused))
