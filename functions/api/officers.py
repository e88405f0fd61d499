"""Routes of officers: their office's queue, a task with everything needed to decide, claim and decision."""

from typing import Annotated

from answers import answer
from applicants import read_cursor, write_cursor
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from bodies import DecisionBody
from casework.errors import Refused, problem
from casework.plain import from_plain, to_plain
from casework.review import DecisionRequest, PageAsked, RowDecision, Task, queue_name, refuse_officer
from casework.workflow import reviewing
from casework.workflow.viewing import note_view, views
from views import audit_view, dossier_view, findings_view, reading_view, task_view
from world import clock, expected_version, files, officer_of, store

router = Router()


@router.get("/v1/tasks", summary="Open tasks of your office, by deadline", tags=["tasks"])
def list_tasks(
    office: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str, Query(max_length=500)] = "",
):
    actor = officer_of(router.current_event)
    if office and office != actor.office:
        raise Refused(problem("other-office", office=office))
    now = clock()
    whose = ("tasks", actor.office)
    page, after = store.queue(queue_name(actor.office), read_cursor(cursor, *whose), limit)
    items = [task_view(from_plain(Task, record.data), now) for _, record in page]
    return answer(
        {"office": actor.office, "as_of": now.isoformat(), "items": items, "next_cursor": write_cursor(after, *whose)}
    )


@router.get("/v1/tasks/<task_id>", summary="A task with everything needed to decide it", tags=["tasks"])
def show_task(task_id: str):
    actor = officer_of(router.current_event)
    task, dossier = reviewing.load_task(task_id, store=store)
    refuse_officer(task, dossier, actor)
    note_view(dossier, actor, "task", why=task.stage, store=store, clock=clock)
    body = {
        "task": task_view(task, clock()),
        "dossier": dossier_view(dossier, store),
        "documents": [reading_view(document, files) for document in dossier.live_documents],
        "findings": findings_view(dossier, store, files)[0],
        "registries": [
            {"registry": record.key.rsplit("#", 1)[1], **record.data}
            for record in store.records(dossier.id, f"ANSWER#{dossier.round:03d}#")
        ],
        "earlier_decisions": [record.data for record in store.records(dossier.id, "DECISION#")],
        "history": audit_view(store.audit(dossier.id)),
        "views": to_plain(views(dossier.id, store=store)),
    }
    return answer(body, version=dossier.version)


@router.post("/v1/tasks/<task_id>/claim", summary="Take a task for half an hour", tags=["tasks"])
def claim(task_id: str):
    return held(reviewing.claim(task_id, officer_of(router.current_event), store=store, clock=clock))


@router.post("/v1/tasks/<task_id>/release", summary="Give a task back", tags=["tasks"])
def release(task_id: str):
    return held(reviewing.release(task_id, officer_of(router.current_event), store=store, clock=clock))


@router.post("/v1/tasks/<task_id>/decision", summary="Decide a stage, once", tags=["tasks"])
def decide(task_id: str, body: DecisionBody):
    event = router.current_event
    request = DecisionRequest(
        body.outcome,
        body.reason_code,
        body.reason,
        tuple(RowDecision(**row.model_dump()) for row in body.rows),
        tuple(PageAsked(**ask.model_dump()) for ask in body.asks),
        dict(body.confirms),
    )
    version = expected_version(event, required=True)
    dossier = reviewing.decide_stage(
        task_id, request, officer_of(event), version, store=store, files=files, clock=clock
    )
    task, _ = reviewing.load_task(task_id, store=store)
    decision = {name: value for name, value in task.decision.items() if name != "request"}
    return answer(
        {"task": task_view(task, clock()), "state": dossier.state.value, "decision": decision}, version=dossier.version
    )


def held(result):
    task, dossier = result
    return answer(task_view(task, clock()), version=dossier.version)
