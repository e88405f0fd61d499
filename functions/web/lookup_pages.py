"""Where a dossier stands, for whoever has its code and the phone or mailbox named in it. No sign-in, nobody is named.

Every answer up to the right digits is the same whether there is such a dossier or not.
"""

from casework import procedures
from casework.dossier import FINAL, vietnam_day
from casework.errors import NotFound, Refused
from casework.offices import offices
from casework.workflow import looking_up
from pages import go, page
from services import known_service
from timeline import steps
from visit import SECURE
from world import clock, lookups, store

COOKIE = "__Host-tra-cuu" if SECURE else "tra-cuu"
OPEN_SECONDS = 1800


def register(app, visit):
    def sender():
        """The address a request came from, as the gateway saw it."""
        return app.current_event.request_context.identity.source_ip or ""

    @app.get("/tra-cuu")
    def ask_code():
        here = visit()
        return code_page(here, here.query.get("ma", ""))

    @app.post("/tra-cuu")
    def send_digits():
        here = visit()
        here.check_origin()
        code = here.form.get("ma", "")
        try:
            written = looking_up.ask(code, sender(), lookups=lookups)
        except Refused as refused:
            return code_page(here, code, refused.problem)
        return go(here, f"/tra-cuu/ma?ma={written}")

    @app.get("/tra-cuu/ma")
    def ask_digits():
        here = visit()
        return digits_page(here, here.query.get("ma", ""))

    @app.post("/tra-cuu/ma")
    def open_dossier():
        here = visit()
        here.check_origin()
        code = here.form.get("ma", "")
        try:
            dossier_id = looking_up.answer(code, here.form.get("so", ""), sender(), lookups=lookups)
        except Refused as refused:
            return digits_page(here, code, refused.problem)
        here.keep(COOKIE, lookups.open(dossier_id), OPEN_SECONDS)
        return go(here, "/tra-cuu/ho-so")

    @app.get("/tra-cuu/ho-so")
    def show_standing():
        here = visit()
        dossier_id = lookups.opened(here.cookie(COOKIE)) if len(here.cookie(COOKIE)) < 200 else ""
        if not dossier_id:
            return go(here, "/tra-cuu")
        dossier = store.load(dossier_id)
        day = dossier.received_on or vietnam_day(clock())
        try:
            procedure = procedures.load(dossier.procedure, day)
        except LookupError:
            raise NotFound(dossier.procedure) from None
        return page(
            here,
            "looked_up",
            dossier=dossier,
            service=known_service(dossier.procedure, day),
            office=offices().get(dossier.office),
            steps=steps(dossier, procedure, clock()),
            ended=dossier.state in FINAL,
            asked_for=len(dossier.open_requests),
            back="/tra-cuu",
        )


def code_page(here, code, refused=None):
    """The form for the code."""
    return _form(here, "lookup", "ma", code, refused, back="/")


def digits_page(here, code, refused=None):
    """The form for the digits."""
    return _form(here, "lookup_digits", "so", code, refused, back="/tra-cuu")


def _form(here, template, field, code, refused, back):
    wrong, status = "", 200
    if refused is not None:
        wrong = here.t(refused.detail, refused.detail_en)
        status = 429 if refused.type == "lookup-too-often" else 422
    errors = [{"text": wrong, "href": f"#{field}"}] if wrong else []
    values = {"code": code[:40], "wrong": wrong, "errors": errors}
    return page(here, template, status, scripted=bool(errors), back=back, **values)
