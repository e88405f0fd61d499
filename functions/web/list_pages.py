"""The list of an employer, of one person or of thousands: how far it is, what is amiss first, a page at a time."""

from casework import procedures
from casework.document import Text
from casework.dossier import vietnam_day
from casework.errors import Refused, problem
from casework.workflow import roster
from pages import page
from papers import own_dossier
from world import clock, files, store

ROWS_AT_ONCE = 100
KEPT = 4
STATES = {
    "lacking": (Text("Còn thiếu giấy tờ", "A paper is missing"), "red"),
    "refused": (Text("Không được duyệt", "Not approved"), "red"),
    "against": (Text("Chưa đủ điều kiện theo đối chiếu", "Conditions not met, by the checks"), "orange"),
    "unsure": (Text("Cần xem lại", "To be looked at"), "yellow"),
    "waiting": (Text("Chờ cán bộ quyết định", "Waiting for the officer"), "blue"),
    "ready": (Text("Đủ giấy tờ", "All papers are there"), "green"),
    "approved": (Text("Được duyệt", "Approved"), "green"),
}
_kept = {}  # what was made of the last few lists, by dossier and version: their pages are looked at one after another


def register(app, visit):
    @app.get("/ho-so/<dossier_id>/danh-sach")
    def show_list(dossier_id: str):
        here = visit()
        dossier = own_dossier(dossier_id, here.actor)
        rows = people_of(dossier)
        state = here.query.get("xem", "")
        shown, more = roster.page_of(rows, here.query.get("tu", ""), ROWS_AT_ONCE, state)
        return page(
            here,
            "list",
            dossier=dossier,
            rows=shown,
            more=more,
            first=not here.query.get("tu"),
            state=state if state in STATES else "",
            progress=roster.progress(dossier, rows),
            states=STATES,
            back=f"/ho-so/{dossier_id}",
        )


def people_of(dossier):
    """The rows of a dossier's list as they stand at its version."""
    at = (dossier.id, dossier.version)
    if at not in _kept:
        try:
            law = procedures.load(dossier.procedure, dossier.received_on or vietnam_day(clock()))
        except LookupError:
            raise Refused(problem("procedure-not-open", procedure=dossier.procedure)) from None
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[at] = roster.rows_of(dossier, law, store=store, files=files)
    return _kept[at]
