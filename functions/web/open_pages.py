"""Pages for everybody: the services, what each asks for, a short self-check, help. No data of anybody."""

import hashlib

from adapters.blank_lists import blank_lists
from adapters.limits import UPLOAD_LIMITS, XLSX
from casework.dossier import vietnam_day
from casework.errors import NotFound
from pages import asset, go_elsewhere, page
from services import in_force, known_service
from world import clock, files

UNKNOWN = ("khong-ro", "")


def register(app, visit):
    @app.get("/")
    def home():
        return page(visit(), "home", services=in_force(vietnam_day(clock())))

    @app.get("/tro-giup")
    def help_page():
        return page(visit(), "help", back="/", limit_mb=UPLOAD_LIMITS.bytes >> 20, pages=UPLOAD_LIMITS.pages)

    @app.get("/assets/<name>")
    def show_asset(name: str):
        found = asset(name)
        if found is None:
            raise NotFound(name)
        return found

    @app.get("/mau/<name>")
    def blank_list_of(name: str):
        """A list to fill in, as a spreadsheet: it lies in the store, for the gateway hands out texts only."""
        blank = blank_lists().get(name)
        if blank is None:
            raise NotFound(name)
        key = f"exports/blank/{hashlib.sha256(blank).hexdigest()}.xlsx"
        files.put_bundle(key, blank)
        return go_elsewhere(visit(), files.bundle_link(key, name, XLSX))

    @app.get("/dich-vu/<service_id>")
    def show_service(service_id: str):
        service = known_service(service_id, vietnam_day(clock()))
        return page(visit(), "service", back="/", service=service)

    @app.get("/dich-vu/<service_id>/tu-kiem-tra")
    def self_check(service_id: str):
        """Questions whose answers stand in the address only: nothing is kept."""
        service = known_service(service_id, vietnam_day(clock()))
        here, seen = visit(), visit().query
        answers = {question.id: seen.get(question.id, "") for question in service.questions}
        asked = bool(seen.get("xem"))
        missing = [question for question in service.questions if not answers[question.id]]
        errors = [{"text": here.says(question.asks), "href": f"#{question.id}"} for question in missing]
        if not asked or missing:
            values = {"service": service, "answers": answers, "errors": errors if asked else []}
            return page(here, "self_check", scripted=asked, back=f"/dich-vu/{service_id}", **values)
        against = [question for question in service.questions if answers[question.id] not in (question.good, *UNKNOWN)]
        unsure = [question for question in service.questions if answers[question.id] in UNKNOWN]
        values = {"service": service, "against": against, "unsure": unsure}
        return page(here, "self_checked", back=f"/dich-vu/{service_id}/tu-kiem-tra", **values)
