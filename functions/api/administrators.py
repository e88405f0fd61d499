"""Routes of administrators: dossiers that a failure parked, with the cause, and the way back into the line; the
rulebook in force, what changed in it, offices, and what is still to be confirmed."""

from typing import Annotated

from answers import answer
from applicants import read_cursor, write_cursor
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from casework import procedures
from casework.offices import offices
from casework.plain import to_plain
from casework.reasons import second_look_setting
from casework.workflow import relaying
from views import dossier_view
from world import administrator_of, clock, expected_version, second_look, store

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
    "/v1/desk/rulebook",
    summary="The rulebook in force, what changed from version to version, offices, what is to be confirmed",
    tags=["desk"],
)
def show_rulebook():
    administrator_of(router.current_event)
    services = [procedures.service(service_id) for service_id in procedures.ids()]
    settings = {
        setting.id: to_plain(setting)
        for service in services
        for procedure in service.procedures.values()
        for setting in procedure.settings.values()
        if setting.source in ("mem", "derived", "assumed")
    }
    told = {
        "services": [service_view(service) for service in services],
        "settings_to_be_confirmed": [settings[name] for name in sorted(settings)],
        "second_look": {**second_look_setting(), "percent": second_look.percent},
        "offices": [
            {"code": o.code, "level": o.level, "title": to_plain(o.title), "area": o.area} for o in offices().values()
        ],
    }
    return answer(told)


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
