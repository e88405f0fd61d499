"""One's own data: who looked at it, how one was told, everything as one file, and erasing what need not be kept."""

from casework import procedures
from casework.document import Text
from casework.dossier import vietnam_day
from casework.errors import NotFound
from casework.offices import offices
from casework.workflow import my_data, viewing
from casework.workflow.notices import MAIL
from pages import go, go_elsewhere, page
from papers import own_dossier
from timeline import ROLES
from world import clock, files, store

MOST_LOOKS = 200
SEEN = {
    "dossier": Text("hồ sơ", "the dossier"),
    "task": Text("hồ sơ, để xét", "the dossier, to decide on it"),
    "paper": Text("một giấy tờ", "a paper"),
    "page": Text("ảnh một trang", "the picture of a page"),
    "verdict": Text("kết quả đối chiếu", "the result of the checks"),
    "history": Text("lịch sử", "the history"),
    "issued": Text("giấy đã phát hành", "papers we issued"),
    "export": Text("bản xuất danh sách", "an exported list"),
}
SENT = {
    "done": Text("đã gửi", "sent"),
    "pending": Text("đang chờ gửi", "waiting to leave"),
    "sending": Text("đang gửi", "leaving"),
    "maybe_sent": Text("có thể đã gửi, không gửi lại", "perhaps sent, not sent again"),
    "refused": Text("không gửi được", "could not be sent"),
}


def register(app, visit):
    @app.get("/ho-so/<dossier_id>/du-lieu")
    def show_data(dossier_id: str):
        here, dossier = mine(visit(), dossier_id)
        export = my_data.last_export(dossier_id, store=store, clock=clock)
        return page(
            here,
            "my_data",
            dossier=dossier,
            looks=looks_at(dossier, here),
            told=told_by(dossier),
            export=export,
            erased=my_data.is_erased(dossier),
            erasable=dossier.received_on is None,
            back=f"/ho-so/{dossier_id}",
        )

    @app.post("/ho-so/<dossier_id>/du-lieu/tai")
    def order(dossier_id: str):
        """The file is made after the fact; ordered twice it is one."""
        here = visit()
        here.check_form()
        my_data.order_export(dossier_id, here.actor, store=store, clock=clock)
        return go(here, f"/ho-so/{dossier_id}/du-lieu#tai")

    @app.get("/ho-so/<dossier_id>/du-lieu/tai")
    def download(dossier_id: str):
        here, dossier = mine(visit(), dossier_id)
        export = my_data.last_export(dossier_id, store=store, clock=clock)
        if export is None or not export["key"] or my_data.is_erased(dossier):
            raise NotFound(dossier_id)
        return go_elsewhere(here, files.bundle_link(export["key"], f"{dossier.code}.zip"))

    @app.get("/ho-so/<dossier_id>/xoa")
    def ask_erasure(dossier_id: str):
        here, dossier = mine(visit(), dossier_id)
        return erasure_page(here, dossier)

    @app.post("/ho-so/<dossier_id>/xoa")
    def erase(dossier_id: str):
        here, dossier = mine(visit(), dossier_id)
        here.check_form()
        if here.form.get("chac") != "co":
            return erasure_page(here, dossier, wrong=True)
        my_data.erase(dossier_id, here.actor, store=store, clock=clock)
        return go(here, f"/ho-so/{dossier_id}/du-lieu")


def mine(here, dossier_id):
    """Who looks, and his dossier. Raises SignInFirst, NotFound."""
    return here, own_dossier(dossier_id, here.actor)


def erasure_page(here, dossier, wrong=False):
    """What goes and what stays, and the question."""
    text = here.t("Đánh dấu vào ô nếu chắc chắn muốn xóa", "Tick the box if you are sure")
    errors = [{"text": text, "href": "#chac"}] if wrong else []
    values = {"dossier": dossier, "erasable": dossier.received_on is None, "errors": errors}
    status = 422 if wrong else 200
    return page(here, "erase", status, scripted=wrong, back=f"/ho-so/{dossier.id}/du-lieu", **values)


def looks_at(dossier, here):
    """Who looked, newest first: role and office, never a name."""
    found = []
    for view in reversed(viewing.views(dossier.id, store=store)):
        office = offices().get(view.office)
        found.append(
            {
                "at": view.at,
                "who": ROLES.get(view.role, ROLES["system"]),
                "office": office.title if office else None,
                "what": SEEN.get(view.what, SEEN["dossier"]),
                "why": _why(dossier, view.why),
            }
        )
    return found[:MOST_LOOKS]


def told_by(dossier):
    """Each notice with the ways it left by and how far it came, newest first."""
    ways = {}
    for pending in store.effects(dossier.id):
        if pending.effect.kind == "notify":
            version = int(pending.effect.id.rsplit("-", 2)[-2])
            mail = pending.effect.payload.get("channel", MAIL) == MAIL
            way = Text("email", "e-mail") if mail else Text("tin nhắn", "text message")
            ways.setdefault(version, []).append((way, SENT[pending.state]))
    records = store.records(dossier.id, "NOTICE#")
    return [{**record.data, "ways": ways.get(int(record.key.split("#")[1]), [])} for record in reversed(records)]


def _why(dossier, why):
    match why:
        case "parked":
            return Text("xử lý sự cố", "a fault was mended")
        case "area":
            return Text("hồ sơ thuộc địa bàn của cơ quan", "the dossier belongs to the office's area")
    procedure = procedures.load(dossier.procedure, dossier.received_on or vietnam_day(clock()))
    stages = {stage.id: stage.title for stage in procedure.stages}
    return stages.get(why, Text("việc của cơ quan", "the office's task"))
