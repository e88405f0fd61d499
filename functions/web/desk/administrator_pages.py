"""The administrator's page: what stopped and why, with the way back; how the registries fare; the law in force and what
changed in it; offices and where their dossiers go; settings that wait for a lawyer."""

from datetime import UTC, datetime

from casework import procedures
from casework.document import Text
from casework.dossier import vietnam_day
from casework.offices import office_of, offices
from casework.workflow import relaying
from pages import go, page
from world import circuits, clock, store

from desk.people import administrator_of, keys_on
from desk.shown import service_name

MOST_PARKED = 50
REGISTRIES = {
    need.name: need.title
    for service in procedures.ids()
    for procedure in procedures.service(service).procedures.values()
    for need in procedure.registries
}


def register(app, visit):
    @app.get("/can-bo/quan-tri")
    def show_administration():
        here = visit()
        administrator_of(here)
        parked, after = store.queue("PARKED", here.query.get("tu", ""), MOST_PARKED)
        today = vietnam_day(clock())
        return page(
            here,
            "desk/administration",
            keys=keys_on(here),
            shortcuts=None,
            parked=[{"dossier_id": dossier_id, **record.data} for dossier_id, record in parked],
            more=after,
            registries=[registry_state(here, name) for name in REGISTRIES],
            services=[service_of(service, today) for service in procedures.ids()],
            offices=[routing_of(office) for office in offices().values()],
            resumed=here.query.get("xong", ""),
        )

    @app.post("/can-bo/quan-tri/<dossier_id>/chay-lai")
    def resume(dossier_id: str):
        here = visit()
        here.check_form()
        relaying.resume(dossier_id, administrator_of(here), store=store, clock=clock)
        return go(here, f"/can-bo/quan-tri?xong={dossier_id}")


def registry_state(here, name):
    """Whether a registry is called at the moment, and how many questions failed one after another."""
    circuit, _ = circuits.get(name)
    until = datetime.fromtimestamp(circuit.open_until, UTC) if circuit.open else None
    return {
        "name": name,
        "title": REGISTRIES[name],
        "open": circuit.open,
        "until": until,
        "failed": len(circuit.failed),
    }


def service_of(service_id, today):
    """A service with its versions of the law, what each changed, and its settings to be confirmed."""
    service = procedures.service(service_id)
    versions, before = [], None
    for version in service.versions:
        procedure = service.procedures[version.id]
        versions.append(
            {
                "id": version.id,
                "since": version.since,
                "until": version.until,
                "now": version.covers(today),
                "rules": len(procedure.rules),
                "changes": changes(before, procedure) if before else [],
            }
        )
        before = procedure
    return {
        "id": service_id,
        "title": service_name(service_id),
        "fingerprint": procedures.fingerprint(service_id)[:12],
        "versions": versions,
        "settings": list(before.settings.values()),
    }


def changes(before, after):
    """What one version of the law has otherwise than the one before it, rule by rule."""
    old, new = ({rule.id: rule for rule in procedure.rules} for procedure in (before, after))
    found = [(Text("thêm", "new"), new[rule]) for rule in new if rule not in old]
    found += [(Text("sửa", "changed"), new[rule]) for rule in new if rule in old and new[rule] != old[rule]]
    found += [(Text("bỏ", "gone"), old[rule]) for rule in old if rule not in new]
    if before.benefit != after.benefit and after.benefit is not None:
        found.append((Text("sửa mức hỗ trợ", "benefit changed"), None))
    return [
        {"what": what, "rule": rule.id if rule else "", "says": rule.says if rule else None} for what, rule in found
    ]


def routing_of(office):
    """An office, and where each service's stages go from it."""
    ways = []
    for service_id in procedures.ids():
        [*_, procedure] = procedures.service(service_id).procedures.values()
        if procedure.filed_at != office.level:
            continue
        try:
            way = [(stage.title, office_of(office.code, stage.level)) for stage in procedure.stages]
        except LookupError:
            continue
        ways.append({"service": service_id, "way": way})
    return {"code": office.code, "title": office.title, "area": office.area, "ways": ways}
