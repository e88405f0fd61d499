"""The queue of an office: by legal deadline, counted, filtered, searched; claim the next one."""

from desk.shown import due_of, service_name, stage_title
from casework.document import Text
from casework.offices import offices
from casework.plain import from_plain
from casework.review import Task, queue_name
from desk.people import KEYS_COOKIE, YEAR_SECONDS, keys_on, officer_of
from pages import go, page
from world import clock, store

MOST_LISTED = 50
SHORTCUTS = (
    ("n", Text("nhận hồ sơ tiếp theo", "claim the next dossier")),
    ("j / k", Text("dòng sau, dòng trước; Enter để mở", "next row, previous row; Enter opens it")),
    ("/", Text("tìm", "search")),
    ("m", Text("trang sau", "next page")),
    ("z", Text("hoàn tác quyết định vừa gửi", "undo the decision just sent")),
    ("?", Text("bảng phím này", "this table")),
)


def register(app, visit):
    @app.get("/can-bo")
    def show_queue():
        return queue_page(visit())

    @app.post("/can-bo/phim")
    def switch_keys():
        here = visit()
        here.check_form()
        here.keep(KEYS_COOKIE, "tat" if here.form.get("phim") == "tat" else "bat", YEAR_SECONDS)
        back = here.form.get("ve", "")
        return go(here, back if back.startswith("/can-bo") else "/can-bo")


def queue_page(here, status=200, **more):
    actor, now = officer_of(here), clock()
    found, after = store.queue(queue_name(actor.office), here.query.get("tu", ""), MOST_LISTED)
    items = [item_of(here, from_plain(Task, record.data), now) for _, record in found]
    return page(
        here,
        "desk/queue",
        status,
        keys=keys_on(here),
        shortcuts=SHORTCUTS,
        office=offices().get(actor.office),
        items=items,
        chosen={},
        tabs=[],
        filters=[],
        views=[],
        more=f"?tu={after}" if after else "",
        **more,
    )


def item_of(here, task, now):
    holder = task.holder(now)
    return {
        "task_id": task.id,
        "code": task.code,
        "service": here.says(service_name(task.procedure)),
        "round": task.round,
        "stage_title": stage_title(task.procedure, task.stage),
        "route": task.route,
        "due": due_of(task.due_on, task.overdue, now),
        "claimed_by": holder,
        "holder_name": "",
        "mine": holder == here.person.id,
        "claimed_until": task.claimed_until if holder else "",
        "applicant": "",
        "people": 0,
        "phase": "first",
    }
