"""Routes of an office's desk: the next task, counts, search, saved views, profiles, figures, tables to take along."""

import base64
import dataclasses
from typing import Annotated

from adapters.spreadsheets import as_csv, as_xlsx
from answers import answer
from applicants import read_cursor, write_cursor
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from bodies import AssignManyBody, ExportBody, ProfileBody, WantedBody
from casework.errors import NotFound, Refused, problem
from casework.interests import Profile, Relative
from casework.plain import to_plain
from casework.workflow import desks, exporting, leasing, searching, worklists
from casework.worklist import Wanted
from views import task_view
from world import clock, expected_version, files, officer_of, store

FORMS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}

router = Router()


@router.post("/v1/desk/next", summary="Take the most urgent task that you may decide", tags=["desk"])
def claim_next(body: WantedBody):
    actor = officer_of(router.current_event)
    task, dossier = leasing.claim_next(actor, wanted(body), store=store, files=files, clock=clock)
    return answer(task_view(task, clock(), actor), version=dossier.version)


@router.get("/v1/desk/counts", summary="How many tasks are open, overdue, at risk", tags=["desk"])
def show_counts():
    actor = officer_of(router.current_event)
    found = worklists.counts(actor, store=store, clock=clock)
    return answer({"office": actor.office, "as_of": clock().isoformat(), **found})


@router.get("/v1/desk/search", summary="Find dossiers by name, number, company or code", tags=["desk"])
def search(q: Annotated[str, Query(min_length=2, max_length=200)]):
    found = searching.search(q, officer_of(router.current_event), store=store)
    return answer({"items": [found_view(each) for each in found]})


@router.get("/v1/desk/views", summary="Your saved views of the queue", tags=["desk"])
def list_views():
    return answer(views_shown(desks.views(officer_of(router.current_event), store=store)))


@router.put("/v1/desk/views/<name>", summary="Save a view of the queue; an empty one is forgotten", tags=["desk"])
def keep_view(name: str, body: WantedBody):
    kept = wanted(body)
    actor = officer_of(router.current_event)
    view = kept if kept != Wanted() else None
    return answer(views_shown(desks.keep_view(name[:60], view, actor, store=store)))


@router.get("/v1/desk/profile", summary="What you said of yourself and those near you", tags=["desk"])
def show_profile():
    profile = desks.profile(officer_of(router.current_event), store=store)
    if profile is None:
        raise NotFound("profile")
    return answer(to_plain(profile), version=profile.version)


@router.put("/v1/desk/profile", summary="Say who you are, so that you are kept from your own", tags=["desk"])
def keep_profile(body: ProfileBody):
    event = router.current_event
    said = body.model_dump()
    relatives = tuple(Relative(**near) for near in said.pop("relatives"))
    actor = officer_of(event)
    described = Profile(actor.id, actor.office, **said, relatives=relatives)
    profile = desks.keep_profile(described, actor, expected_version(event), store=store)
    return answer(to_plain(profile), version=profile.version)


@router.get("/v1/desk/officers", summary="Officers of your office (supervisor)", tags=["desk"])
def list_officers():
    found = leasing.officers(officer_of(router.current_event), store=store)
    return answer({"items": [{"id": officer.id, "name": officer.name} for officer in found]})


@router.post("/v1/desk/assign", summary="Give tasks to an officer (supervisor)", tags=["desk"])
def assign(body: AssignManyBody):
    """Each task by itself: what cannot be given says why, the others are given."""
    actor, now = officer_of(router.current_event), clock()
    leasing.officers(actor, store=store, limit=1)
    items = []
    for task_id in body.tasks:
        try:
            task, _ = leasing.assign(task_id, actor, body.officer, body.reason, store=store, files=files, clock=clock)
            items.append({"task_id": task_id, "task": task_view(task, now, actor), "problem": None})
        except Refused as refused:
            items.append({"task_id": task_id, "task": None, "problem": to_plain(refused.problem)})
        except NotFound:
            items.append({"task_id": task_id, "task": None, "problem": to_plain(problem("not-found"))})
    return answer({"items": items})


@router.get("/v1/desk/statistics", summary="The figures of your office (supervisor)", tags=["desk"])
def show_statistics(
    days: Annotated[int, Query(ge=1, le=worklists.MOST_DAYS)] = 30,
    officers: Annotated[int, Query(ge=0, le=1000, description="For the forecast: how many work")] = 0,
):
    found = worklists.statistics(officer_of(router.current_event), days, officers, store=store, clock=clock)
    return answer(to_plain(found))


@router.post("/v1/desk/export", summary="Queue or decisions as a table, part by part", tags=["desk"])
def export(body: ExportBody):
    actor = officer_of(router.current_event)
    whose = ("export", actor.id, body.what)
    after = read_cursor(body.cursor, *whose)
    if body.what == "queue":
        table = exporting.export_queue(actor, after, store=store, clock=clock)
    else:
        table = exporting.export_decisions(
            actor, after, unmask=body.unmask, reason=body.reason, store=store, files=files, clock=clock
        )
    write, kind = FORMS[body.form]
    packed = base64.b64encode(write(table.headings, table.rows)).decode()
    told = {
        "file_name": f"{table.name}-{actor.office}.{body.form}",
        "media_type": kind,
        "rows": len(table.rows),
        "base64": packed,
        "next_cursor": write_cursor(table.following, *whose),
    }
    return answer(told)


def wanted(body):
    return Wanted(**body.model_dump())


def views_shown(views):
    return {"items": [{"name": name, "filter": dataclasses.asdict(view)} for name, view in views.items()]}


def found_view(found):
    dossier = found.dossier
    return {
        "dossier_id": dossier.id,
        "code": dossier.code,
        "procedure": dossier.procedure,
        "state": dossier.state.value,
        "stage": dossier.stage or None,
        "round": dossier.round,
        "applicant": dossier.applicant.name,
        "due_on": to_plain(dossier.due_on),
        "matched": {"kind": found.hit.kind, "shown": found.hit.shown or None},
    }
