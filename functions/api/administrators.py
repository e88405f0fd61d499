"""Routes of administrators: dossiers that a failure parked and messages that a function gave up on, with the cause and
the way back; how registries fare; the rulebook in force, what changed in it, offices, what is to be confirmed."""

from datetime import UTC, datetime
from typing import Annotated

from answers import answer
from applicants import read_cursor, write_cursor
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from casework import circuit, procedures
from casework.offices import offices
from casework.plain import to_plain
from casework.reasons import second_look_setting
from casework.workflow import mending, relaying
from views import dossier_view
from world import (
    administrator_of,
    circuits,
    clock,
    dead_letters,
    expected_version,
    limits,
    second_look,
    store,
    true_time,
)

router = Router()


@router.get("/v1/parked", summary="Dossiers that a failure parked, longest first, with the cause", tags=["parked"])
def list_parked(limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: Annotated[str, Query(max_length=500)] = ""):
    actor = administrator_of(router.current_event)
    whose = ("parked", actor.id)
    page, after = store.queue("PARKED", read_cursor(cursor, *whose), limit)
    heads = {dossier.id: dossier for dossier in store.heads([dossier_id for dossier_id, _ in page])}
    items = [
        {"dossier_id": dossier_id, "code": heads[dossier_id].code, "version": heads[dossier_id].version, **record.data}
        for dossier_id, record in page
    ]
    return answer({"items": items, "next_cursor": write_cursor(after, *whose)})


@router.post("/v1/parked/<dossier_id>/resume", summary="Take a parked dossier back into the line", tags=["parked"])
def resume(dossier_id: str):
    event = router.current_event
    actor, version = administrator_of(event), expected_version(event)
    dossier = relaying.resume(dossier_id, actor, version, store=store, clock=clock)
    return answer(dossier_view(dossier, store), version=dossier.version)


@router.get(
    "/v1/desk/dead-letters",
    summary="Messages that a function gave up on: what, since when, how often, why",
    tags=["desk"],
)
def list_dead_letters():
    actor = administrator_of(router.current_event)
    found = mending.letters(actor, dead_letters=dead_letters(), store=store)
    return answer({"items": [box_view(box, count, waiting) for box, count, waiting in found]})


@router.post("/v1/desk/dead-letters/<queue>/redrive", summary="Send dead letters back to their queue", tags=["desk"])
def redrive(queue: str):
    actor = administrator_of(router.current_event)
    sent, left = mending.send_back(queue, actor, dead_letters=dead_letters(), store=store, clock=clock)
    return answer({"queue": queue, "sent_back": mending.boxes()[queue].back, "letters": len(sent), "left": left})


@router.get("/v1/desk/registries", summary="How each registry fares: whether it is called, how fast", tags=["desk"])
def list_registries():
    administrator_of(router.current_event)
    items = []
    for name, title in procedures.registries().items():
        known, version = circuits().get(name)
        fares = circuit.standing(known, true_time(), limits())
        items.append({"registry": name, "title": to_plain(title), "called": version > 0, **registry_view(fares)})
    return answer({"items": items})


@router.get(
    "/v1/desk/rulebook",
    summary="The rulebook in force, what changed from version to version, offices, what is to be confirmed",
    tags=["desk"],
)
def show_rulebook():
    administrator_of(router.current_event)
    services = [procedures.service(service_id) for service_id in procedures.ids()]
    told = {
        "services": [service_view(service) for service in services],
        "settings_to_be_confirmed": [to_plain(one) for one in procedures.open_points().values()],
        "second_look": {**second_look_setting(), "percent": second_look.percent},
        "offices": [
            {"code": o.code, "level": o.level, "title": to_plain(o.title), "area": o.area} for o in offices().values()
        ],
    }
    return answer(told)


def box_view(box, count, waiting):
    """A place where letters wait, with some of them."""
    letters = [
        {
            "id": one.letter.id,
            "since": one.letter.since,
            "tries": one.letter.tries or None,
            "dossier_id": one.letter.dossier_id or None,
            "code": one.code or None,
            "error": one.error or None,
            "failed_at": one.failed_at or None,
        }
        for one in waiting
    ]
    told = {"title": to_plain(box.title), "meanwhile": to_plain(box.meanwhile)}
    return {"queue": box.name, **told, "goes_back": box.back, "count": count, "letters": letters}


def registry_view(fares):
    """Moments instead of unix seconds; null for never."""
    return {
        "state": fares.state,
        "calls_per_second": fares.calls_per_second,
        "failed_in_a_row": fares.failed,
        "left_alone_until": moment_of(fares.until),
        "last_answer_at": moment_of(fares.answered_at),
    }


def moment_of(seconds):
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None


def service_view(service):
    """A service with its versions, and what each changed against the one before."""
    versions, before = [], {}
    for version in service.versions:
        rules = {rule.id: to_plain(rule) for rule in service.procedures[version.id].rules}
        changed = sorted(rule for rule in rules.keys() & before.keys() if rules[rule] != before[rule])
        differs = {"new": sorted(rules.keys() - before.keys()), "gone": sorted(before.keys() - rules.keys())}
        differs = {**differs, "changed": changed} if before else {}
        versions.append({**to_plain(version), "rules": len(rules), **differs})
        before = rules
    stages = [
        {"id": stage.id, "level": stage.level, "days": stage.days, "unit": stage.unit, "title": to_plain(stage.title)}
        for stage in service.procedures[service.versions[-1].id].whole_way
    ]
    return {
        "id": service.id,
        "title": to_plain(service.title),
        "sha256": procedures.fingerprint(service.id),
        "versions": versions,
        "stages": stages,
    }
