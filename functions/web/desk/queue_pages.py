"""The queue of an office: by legal deadline, counted, filtered, searched; claim the next one; views that are kept."""

from datetime import datetime
from urllib.parse import urlencode

from casework import procedures
from casework.document import Text
from casework.dossier import State
from casework.errors import Refused
from casework.offices import offices
from casework.review import task_key
from casework.workflow import desks, leasing, searching, worklists
from casework.workflow.tasks import load_task
from casework.worklist import Wanted
from pages import go, page
from world import clock, files, store

from desk.people import KEYS_COOKIE, YEAR_SECONDS, keys_on, officer_of
from desk.shown import OUTCOMES, due_of, service_name, stage_title

MOST_LISTED = 50
SHORTCUTS = (
    ("n", Text("nhận hồ sơ tiếp theo", "claim the next dossier")),
    ("j / k", Text("dòng sau, dòng trước; Enter để mở", "next row, previous row; Enter opens it")),
    ("/", Text("tìm", "search")),
    ("m", Text("trang sau", "next page")),
    ("z", Text("hoàn tác quyết định vừa gửi", "undo the decision just sent")),
    ("?", Text("bảng phím này", "this table")),
)
ROUTES = (
    ("fast_lane", Text("Sạch, ký nhanh", "Clean, fast lane")),
    ("review", Text("Có chỗ cần xem", "Needs a look")),
    ("partial", Text("Đề nghị duyệt một phần", "Approval in part proposed")),
    ("refusal_proposed", Text("Đề nghị từ chối", "Refusal proposed")),
)
HOLDERS = (("me", Text("Tôi đang giữ", "Held by me")), ("none", Text("Chưa ai giữ", "Held by nobody")))
MARKS = (("overdue", Text("Quá hạn", "Overdue")), ("at_risk", Text("Sắp hết hạn", "At risk")))
AGES = tuple((str(days), Text(f"từ {days} ngày làm việc", f"{days} working days or more")) for days in (2, 5, 10))
# The names of the filters in an address, and those of casework.worklist.Wanted.
FILTERS = {
    "dich-vu": "service", "buoc": "stage", "ket-qua": "route", "ai": "holder", "han": "mark", "cho": "older_than",
}  # fmt: skip


def register(app, visit):
    @app.get("/can-bo")
    def show_queue():
        here = visit()
        if here.actor.role == "administrator":
            return go(here, "/can-bo/quan-tri")
        return queue_page(here)

    @app.post("/can-bo/nhan-tiep")
    def claim_next():
        """The most urgent one that fits the filters; with none left the queue says so."""
        here = visit()
        here.check_form()
        actor = officer_of(here)
        chosen = {name: here.form[name] for name in FILTERS if here.form.get(name)}
        try:
            task, _ = leasing.claim_next(actor, wanted_of(chosen), store=store, files=files, clock=clock)
        except Refused as refused:
            if refused.problem.type != "queue-empty":
                raise
            return queue_page(here, told=here.t(refused.problem.detail, refused.problem.detail_en))
        return go(here, f"/can-bo/viec/{task.id}")

    @app.post("/can-bo/luu-loc")
    def keep_view():
        here = visit()
        here.check_form()
        actor = officer_of(here)
        chosen = {name: here.form[name] for name in FILTERS if here.form.get(name)}
        name = here.form.get("ten-loc", "").strip()[:40]
        if name:
            desks.keep_view(name, wanted_of(chosen), actor, store=store)
        return go(here, f"/can-bo?{urlencode(chosen)}" if chosen else "/can-bo")

    @app.post("/can-bo/phim")
    def switch_keys():
        here = visit()
        here.check_form()
        here.keep(KEYS_COOKIE, "tat" if here.form.get("phim") == "tat" else "bat", YEAR_SECONDS)
        back = here.form.get("ve", "")
        return go(here, back if back.startswith("/can-bo") else "/can-bo")


def wanted_of(chosen):
    """What is asked for, of the fields of an address; what is no filter of ours says nothing."""
    found = {ours: chosen[name] for name, ours in FILTERS.items() if chosen.get(name)}
    older = found.pop("older_than", "")
    if found.get("mark") not in ("overdue", "at_risk"):
        found.pop("mark", None)
    return Wanted(**found, older_than=int(older) if older.isdecimal() and len(older) < 4 else 0)


def queue_page(here, status=200, *, told=""):
    """The queue with what was just done on top."""
    actor, now = officer_of(here), clock()
    asked = here.query.get("tim", "").strip()
    source = here.query if here.method == "GET" else here.form
    chosen = {name: source[name] for name in FILTERS if source.get(name)}
    if asked:
        items, more = found_items(here, asked), ""
    else:
        tasks, after = worklists.page(
            actor, wanted_of(chosen), here.query.get("tu", ""), MOST_LISTED, store=store, clock=clock
        )
        items = [item_of(here, task, now) for task in tasks]
        more = f"?{urlencode({**chosen, 'tu': after})}" if after else ""
    counts = worklists.counts(actor, store=store, clock=clock)
    return page(
        here,
        "desk/queue",
        status,
        keys=keys_on(here),
        shortcuts=SHORTCUTS,
        office=offices().get(actor.office),
        items=items,
        chosen={**chosen, **({"tim": asked} if asked else {})},
        tabs=tabs_of(counts, chosen),
        filters=filters_of(counts),
        views=[{"name": name, "query": _query(view)} for name, view in desks.views(actor, store=store).items()],
        more=more,
        told=told,
        decided=decided_before(here, now),
        undone=undone_before(here),
    )


def tabs_of(counts, chosen):
    """The counts that lead to what they count; what is late is said in words."""
    tabs = [("", "", Text("Đang chờ", "Waiting"), counts["open"])]
    tabs += [("han", "overdue", Text("! Quá hạn", "! Overdue"), counts["overdue"])]
    tabs += [("han", "at_risk", Text("▲ Sắp hết hạn", "▲ At risk"), counts["at_risk"])]
    tabs += [("ket-qua", route, title, counts["route"].get(route, 0)) for route, title in ROUTES]
    return [
        {
            "title": title,
            "count": count,
            "query": f"?{urlencode({name: value})}" if name else "",
            "now": chosen == ({name: value} if name else {}),
        }
        for name, value, title, count in tabs
    ]


def filters_of(counts):
    services = tuple((service, Text(service, service)) for service in counts["service"])
    stages = {}
    for service in procedures.ids():
        for stage in counts["stage"]:
            title = stage_title(service, stage)
            if title.vi != stage:
                stages.setdefault(stage, title)
    offered = (
        ("dich-vu", Text("Dịch vụ", "Service"), tuple((s, service_name(s)) for s, _ in services)),
        ("buoc", Text("Bước", "Stage"), tuple(stages.items())),
        ("ai", Text("Ai giữ", "Held by"), HOLDERS),
        ("han", Text("Hạn", "Deadline"), MARKS),
        ("cho", Text("Đã chờ", "Waiting for"), AGES),
    )
    return [{"name": name, "title": title, "choices": choices} for name, title, choices in offered]


def item_of(here, task, now):
    """A task as a row of the queue."""
    holder = task.holder(now)
    return {
        "task_id": task.id,
        "code": task.code,
        "service": here.says(service_name(task.procedure)),
        "round": task.round,
        "stage_title": stage_title(task.procedure, task.stage),
        "route": task.route,
        "phase": task.phase,
        "due": due_of(task, now),
        "applicant": task.applicant,
        "people": task.people,
        "claimed_by": holder,
        "holder_name": task.holder_name if holder else "",
        "mine": holder == here.person.id,
        "claimed_until": task.claimed_until if holder else "",
        "state": "",
        "open": True,
    }


def found_items(here, asked):
    """What the search finds, with the task of each that stands before an officer of this office."""
    actor, now, items = officer_of(here), clock(), []
    for found in searching.search(asked, actor, store=store):
        dossier = found.dossier
        record = store.record(dossier.id, task_key(dossier.round, dossier.stage)) if dossier.stage else None
        if record is not None and record.data["office"] == actor.office:
            task, _ = load_task(f"{dossier.id}.{dossier.round}.{dossier.stage}", store=store)
            items.append({**item_of(here, task, now), "state": dossier.state.value, "open": task.state == "open"})
        else:
            items.append(elsewhere(here, dossier))
        items[-1]["hit"] = found.hit.shown
    return items


def elsewhere(here, dossier):
    """A dossier of the area that waits for nobody of this office."""
    return {
        "task_id": "",
        "code": dossier.code,
        "service": here.says(service_name(dossier.procedure)),
        "round": dossier.round,
        "stage_title": stage_title(dossier.procedure, dossier.stage) if dossier.stage else Text("–", "–"),
        "route": dossier.route,
        "phase": "first",
        "due": due_of(None, clock()),
        "applicant": dossier.applicant.name,
        "people": 0,
        "claimed_by": "",
        "holder_name": "",
        "mine": False,
        "claimed_until": "",
        "state": dossier.state.value,
        "open": False,
    }


def decided_before(here, now):
    """The decision this officer has just sent, and how long he may still take it back."""
    named = here.query.get("da", "")
    if not named:
        return None
    task, dossier = load_task(named, store=store)
    if here.person.id not in (task.decision.get("by"), *task.looked):
        return None
    second = task.state == "open"
    return {
        "id": task.id,
        "code": task.code,
        "outcome": Text("chờ cán bộ thứ hai", "waits for a second officer")
        if second
        else OUTCOMES[task.decision["outcome"]],
        "version": dossier.version,
        "seconds": seconds_to_undo(task, dossier, here.person.id, now),
    }


def seconds_to_undo(task, dossier, person_id, now):
    """How long a decision may still be taken back by whoever made it; 0 when it may not."""
    made = task.decision
    if made.get("by") != person_id or not made.get("undo_until") or dossier.state is not State.DECIDED:
        return 0
    return max(0, int((datetime.fromisoformat(made["undo_until"]) - now).total_seconds()))


def undone_before(here):
    named = here.query.get("lai", "")
    if not named:
        return None
    task, _ = load_task(named, store=store)
    return {"id": task.id, "code": task.code} if task.claimed_by == here.person.id else None


def _query(view):
    ours = {ours: name for name, ours in FILTERS.items()}
    chosen = {ours[name]: value for name in ours if (value := getattr(view, name))}
    return f"?{urlencode(chosen)}"
