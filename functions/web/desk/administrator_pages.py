"""The administrator's page: what stopped and why, with the way back (dossiers that a failure parked, messages that a
function gave up on); how the registries fare; the law in force and what changed in it; offices and where their dossiers
go; settings that wait for a lawyer."""

from datetime import UTC, datetime

from casework import circuit, procedures
from casework.document import Text
from casework.dossier import vietnam_day
from casework.offices import office_of, offices
from casework.reasons import second_look_setting
from casework.workflow import mending, relaying
from pages import go, page
from world import circuits, clock, dead_letters, limits, second_look, store, true_time

from desk.people import administrator_of, keys_on
from desk.shown import service_name

MOST_PARKED = 50
PAGE = "/can-bo/quan-tri"
# Errors by their names, in words: those of Lambda and Step Functions, and what our own mean to whoever mends.
FAILURES = {
    "Runtime.ExitError": Text("Tiến trình bị dừng, thường vì hết bộ nhớ", "The process died, mostly for memory"),
    "Sandbox.Timedout": Text("Chạy quá giờ cho phép", "It ran out of its time"),
    "States.Timeout": Text("Bước này quá thời hạn", "The step ran out of its time"),
    "NotFound": Text("Không còn thứ cần xử lý", "What it is about is not there"),
    "StaleVersion": Text("Nhiều việc cùng sửa một hồ sơ", "Others kept changing the dossier"),
    "ClientError": Text("Dịch vụ của AWS từ chối hoặc không trả lời", "A service of AWS refused or did not answer"),
    "ReaderFailed": Text("Bộ phận đọc bị dừng", "The reader died"),
    "States.DataLimitExceeded": Text("Dữ liệu giữa hai bước quá lớn", "Too much was handed from step to step"),
}


def register(app, visit):
    @app.get("/can-bo/quan-tri")
    def show_administration():
        here = visit()
        actor = administrator_of(here)
        parked, after = store.queue("PARKED", here.query.get("tu", ""), MOST_PARKED)
        today = vietnam_day(clock())
        return page(
            here,
            "desk/administration",
            keys=keys_on(here),
            shortcuts=None,
            parked=parked_of(parked),
            more=after,
            boxes=[box_of(*found) for found in mending.letters(actor, dead_letters=dead_letters(), store=store)],
            registries=[registry_state(name, title) for name, title in procedures.registries().items()],
            services=[service_of(service, today) for service in procedures.ids()],
            settings=[(one, value_shown(here, one.value)) for one in procedures.open_points().values()],
            second_look={**second_look_setting(), "percent": second_look.percent},
            offices=[routing_of(office, today) for office in offices().values()],
            resumed=here.query.get("xong", ""),
            sent=sent_before(here),
        )

    @app.post("/can-bo/quan-tri/<dossier_id>/chay-lai")
    def resume(dossier_id: str):
        here = visit()
        here.check_form()
        relaying.resume(dossier_id, administrator_of(here), store=store, clock=clock)
        return go(here, f"{PAGE}?xong={dossier_id}#dung")

    @app.post("/can-bo/quan-tri/thu/<name>/gui-lai")
    def redrive(name: str):
        here = visit()
        here.check_form()
        actor = administrator_of(here)
        sent, left = mending.send_back(name, actor, dead_letters=dead_letters(), store=store, clock=clock)
        return go(here, f"{PAGE}?thu={name}&da-gui={len(sent)}&con={left}#thu")


def parked_of(found):
    """Dossiers that a failure stopped: their code, where they stood, and why in words where there are words."""
    codes = {head.id: head.code for head in store.heads(list(dict.fromkeys(dossier_id for dossier_id, _ in found)))}
    return [
        {
            **record.data,
            "dossier_id": dossier_id,
            "code": codes.get(dossier_id, dossier_id),
            "in_words": in_words(record.data["error"]),
        }
        for dossier_id, record in found
    ]


def in_words(error):
    """What an error means, by the name it holds; None where there are no words for it."""
    return next((words for name, words in FAILURES.items() if name in error), None)


def box_of(box, count, waiting):
    """A place of dead letters as the page shows it."""
    letters = [{"is": one, "in_words": in_words(one.error)} for one in waiting]
    return {"box": box, "count": count, "waiting": letters}


def sent_before(here):
    """What the press before this page did, as far as its address tells; None for nothing."""
    box = mending.boxes().get(here.query.get("thu", ""))
    sent, left = here.query.get("da-gui", ""), here.query.get("con", "")
    if box is None or not (sent.isdecimal() and left.isdecimal() and len(sent + left) < 12):
        return None
    return {"box": box, "count": int(sent), "left": int(left)}


def registry_state(name, title):
    """Whether a registry is called at the moment, how fast, and when it answered last; `called` where it ever was."""
    known, version = circuits.get(name)
    fares = circuit.standing(known, true_time(), limits())
    return {
        "name": name,
        "title": title,
        "called": version > 0,
        "fares": fares,
        "until": _moment(fares.until),
        "answered_at": _moment(fares.answered_at),
    }


def _moment(seconds):
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


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
    }


def value_shown(here, value):
    """A setting's value as it stands in its file; yes and no in words, lists as lists."""
    if isinstance(value, bool):
        return here.t("có", "yes") if value else here.t("không", "no")
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


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


def routing_of(office, today):
    """An office, and where each service's stages go from it by the law of the day, or else by the last one."""
    ways = []
    for service_id in procedures.ids():
        service = procedures.service(service_id)
        now = next((version.id for version in service.versions if version.covers(today)), service.versions[-1].id)
        procedure = service.procedures[now]
        if procedure.filed_at != office.level:
            continue
        try:
            way = [(stage.title, office_of(office.code, stage.level)) for stage in procedure.stages]
        except LookupError:
            continue
        ways.append({"service": service_id, "way": way})
    return {"code": office.code, "title": office.title, "area": office.area, "ways": ways}
