"""Routes of officers: their office's queue, a task with everything needed to decide, lease and decision."""

from typing import Annotated, Literal

from answers import answer, problem_answer
from applicants import read_cursor, write_cursor
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from bodies import AssignBody, DecisionBody, DraftBody, FactBody, ReasonBody
from casework import procedures
from casework.errors import Refused, problem
from casework.interests import interest
from casework.plain import to_plain
from casework.reasons import reasons
from casework.review import DecisionRequest, PageAsked, RowDecision, refuse_officer
from casework.workflow import deciding, leasing, stating, tasks, undoing, worklists
from casework.workflow.signalling import dismiss, signals_of
from casework.workflow.viewing import views
from casework.worklist import Wanted
from views import audit_view, dossier_view, findings_view, reading_view, signal_view, task_view
from world import clock, expected_version, files, officer_of, second_look, store

# A refusal that comes after somebody has written something: what he wrote is kept, and comes back with it.
LOST = frozenset(
    ("task-decided", "claimed-by-another", "version-stale", "second-officer-needed", "supervisor-needed",
     "person-being-decided", "month-already-granted", "conflict-of-interest")
)  # fmt: skip

router = Router()


@router.get("/v1/tasks", summary="Open tasks of your office, by deadline", tags=["tasks"])
def list_tasks(
    office: Annotated[str, Query(max_length=20)] = "",
    service: Annotated[str, Query(max_length=20)] = "",
    stage: Annotated[str, Query(max_length=40)] = "",
    route: Annotated[str, Query(max_length=40)] = "",
    holder: Annotated[str, Query(max_length=64, description="me, none, or an officer's id")] = "",
    mark: Annotated[Literal["", "overdue", "at_risk"], Query(description="Only these")] = "",
    older_than: Annotated[int, Query(ge=0, le=250, description="Waiting for so many working days")] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str, Query(max_length=500)] = "",
):
    actor = officer_of(router.current_event)
    if office and office != actor.office:
        raise Refused(problem("other-office", office=office))
    wanted = Wanted(service, stage, route, holder, mark, older_than)
    whose = ("tasks", actor.office, service, stage, route, holder, mark, str(older_than))
    page, after = worklists.page(actor, wanted, read_cursor(cursor, *whose), limit, store=store, clock=clock)
    now = clock()
    items = [task_view(task, now, actor) for task in page]
    return answer(
        {"office": actor.office, "as_of": now.isoformat(), "items": items, "next_cursor": write_cursor(after, *whose)}
    )


@router.get("/v1/tasks/<task_id>", summary="A task with everything needed to decide it", tags=["tasks"])
def show_task(task_id: str):
    actor = officer_of(router.current_event)
    task, dossier = tasks.look(task_id, actor, store=store, clock=clock)
    refuse_officer(task, dossier, actor)
    why = interest(actor, store.profile(actor.id), dossier, tasks.verdict_of(dossier, files))
    law = procedures.load(dossier.procedure, dossier.day_of_receipt)
    compared = task.phase == "adjudication" and actor.role == "supervisor"
    body = {
        "task": task_view(task, clock(), actor),
        "dossier": dossier_view(dossier, store),
        "documents": [reading_view(document, files) for document in dossier.live_documents],
        "findings": findings_view(dossier, store, files)[0],
        "signals": [signal_view(one) for one in signals_of(dossier, store=store, files=files)],
        "registries": [
            {"registry": record.key.rsplit("#", 1)[1], **record.data}
            for record in store.records(dossier.id, f"ANSWER#{dossier.round:03d}#")
        ],
        "earlier_decisions": tasks.decisions(dossier.id, store=store),
        "decisions": tasks.looks(task, store=store) if compared else [],
        "history": audit_view(store.audit(dossier.id)),
        "views": to_plain(views(dossier.id, store=store)),
        "draft": tasks.draft(task, actor, store=store),
        "interest": to_plain(why),
        "reasons": to_plain(reasons(law)),
    }
    return answer(body, version=dossier.version)


@router.post("/v1/tasks/<task_id>/claim", summary="Take a task for half an hour", tags=["tasks"])
def claim(task_id: str):
    return held(leasing.claim(task_id, officer_of(router.current_event), store=store, files=files, clock=clock))


@router.post("/v1/tasks/<task_id>/heartbeat", summary="Keep a task you still work on", tags=["tasks"])
def heartbeat(task_id: str):
    return held(leasing.heartbeat(task_id, officer_of(router.current_event), store=store, clock=clock))


@router.post("/v1/tasks/<task_id>/signals/<signal_id>/dismissal", summary="Say why a signal is nothing", tags=["tasks"])
def dismiss_signal(task_id: str, signal_id: str, body: ReasonBody):
    actor = officer_of(router.current_event)
    return answer(signal_view(dismiss(task_id, signal_id, body.reason, actor, store=store, files=files, clock=clock)))


@router.post("/v1/tasks/<task_id>/release", summary="Give a task back", tags=["tasks"])
def release(task_id: str):
    return held(leasing.release(task_id, officer_of(router.current_event), store=store, clock=clock))


@router.post("/v1/tasks/<task_id>/unlock", summary="Take a task from its holder (supervisor)", tags=["tasks"])
def unlock(task_id: str, body: ReasonBody):
    return held(leasing.unlock(task_id, officer_of(router.current_event), body.reason, store=store, clock=clock))


@router.post("/v1/tasks/<task_id>/assign", summary="Give a task to an officer (supervisor)", tags=["tasks"])
def assign(task_id: str, body: AssignBody):
    actor = officer_of(router.current_event)
    return held(leasing.assign(task_id, actor, body.officer, body.reason, store=store, files=files, clock=clock))


@router.put("/v1/tasks/<task_id>/draft", summary="Keep what you wrote so far", tags=["tasks"])
def keep_draft(task_id: str, body: DraftBody):
    actor = officer_of(router.current_event)
    tasks.keep_draft(task_id, actor, body.words, store=store, clock=clock)
    task, _ = tasks.load_task(task_id, store=store)
    return answer(tasks.draft(task, actor, store=store))


@router.post("/v1/tasks/<task_id>/preview", summary="What the applicant would be told", tags=["tasks"])
def preview(task_id: str, body: DecisionBody):
    actor = officer_of(router.current_event)
    told = deciding.preview(
        task_id, requested(body), actor, store=store, files=files, clock=clock, second_look=second_look
    )
    return answer(told)


@router.post("/v1/tasks/<task_id>/decision", summary="Decide a stage, once", tags=["tasks"])
def decide(task_id: str, body: DecisionBody):
    event = router.current_event
    actor, version = officer_of(event), expected_version(event)
    try:
        dossier = deciding.decide_stage(
            task_id,
            requested(body),
            actor,
            version,
            store=store,
            files=files,
            clock=clock,
            second_look=second_look,
        )
    except Refused as refused:
        if refused.problem.type not in LOST:
            raise
        words = body.model_dump(exclude_defaults=True)
        tasks.keep_draft(task_id, actor, words, store=store, clock=clock)
        return problem_answer(refused.problem, event, extra={"kept": words})
    task, _ = tasks.load_task(task_id, store=store)
    hidden = ("request", "before", "counts", "hold", "version")
    decision = {name: value for name, value in task.decision.items() if name not in hidden}
    body = {"task": task_view(task, clock(), actor), "state": dossier.state.value, "decision": decision or None}
    return answer(body, version=dossier.version)


@router.post("/v1/tasks/<task_id>/facts", summary="Confirm or correct what was read of a paper", tags=["tasks"])
def state_fact(task_id: str, body: FactBody):
    event = router.current_event
    word = stating.Word(**body.model_dump())
    dossier = stating.state(
        task_id, word, officer_of(event), expected_version(event), store=store, files=files, clock=clock
    )
    return answer({"findings": findings_view(dossier, store, files)[0]}, version=dossier.version)


@router.post("/v1/tasks/<task_id>/undo", summary="Take your decision back within two minutes", tags=["tasks"])
def undo(task_id: str):
    event = router.current_event
    return held(undoing.undo(task_id, officer_of(event), expected_version(event), store=store, clock=clock))


@router.post("/v1/tasks/<task_id>/reopen", summary="Open a decided dossier again (supervisor)", tags=["tasks"])
def reopen(task_id: str, body: ReasonBody):
    event = router.current_event
    dossier = undoing.reopen(task_id, officer_of(event), body.reason, expected_version(event), store=store, clock=clock)
    return answer(dossier_view(dossier, store), version=dossier.version)


def requested(body):
    """What an officer decides, of what he sent."""
    return DecisionRequest(
        body.outcome,
        body.reason_code,
        body.reason,
        tuple(RowDecision(**row.model_dump()) for row in body.rows),
        tuple(PageAsked(**ask.model_dump()) for ask in body.asks),
        dict(body.confirms),
        tuple(body.group),
        body.undoable,
    )


def held(result):
    task, dossier = result
    return answer(task_view(task, clock(), officer_of(router.current_event)), version=dossier.version)
