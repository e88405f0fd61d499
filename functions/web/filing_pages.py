"""Beginning a dossier: consent first, then how to reach the applicant and what no paper says. And the list of them."""

import re
import uuid

from casework.choices import MANY, MOST_NAMED, fitting, shown
from casework.dossier import Applicant, vietnam_day
from casework.errors import Refused, problem
from casework.offices import filing_offices
from casework.shown import clean
from casework.workflow import filing
from casework.workflow.filing import Filing
from entries import NotTaken, entered
from pages import form_page, go, page
from services import known_service
from world import clock, store

MOST_LISTED = 50
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def register(app, visit):
    @app.get("/ho-so")
    def list_dossiers():
        here = visit()
        owner = here.person.id
        items, more = store.owned_by(owner, here.query.get("tu", ""), MOST_LISTED)
        titles = {service: _title(here, service) for service in {item["procedure"] for item in items}}
        return page(here, "dossiers", items=items, more=more, titles=titles)

    @app.get("/ho-so/moi")
    def ask_consent():
        """The consent stands in an address that only its own form leads to: ticking is the applicant's deed."""
        here = visit()
        applicant_of(here)
        service = open_service(here)
        if here.query.get("dong-y") == "co":
            return go(here, f"/ho-so/moi/ke-khai?dich-vu={service.id}&dong-y=co")
        wrong = bool(here.query.get("tiep"))
        text = here.t("Hãy đánh dấu đồng ý để tiếp tục", "Tick to agree before you go on")
        errors = [{"text": text, "href": "#dong-y"}] if wrong else []
        back = f"/dich-vu/{service.id}"
        return page(here, "consent", 422 if wrong else 200, scripted=wrong, service=service, errors=errors, back=back)

    @app.get("/ho-so/moi/ke-khai")
    def ask_declaration():
        here = visit()
        applicant_of(here)
        service = open_service(here)
        if here.query.get("dong-y") != "co":
            return go(here, f"/ho-so/moi?dich-vu={service.id}")
        person = here.person
        said = {"ho-ten": person.name, "thu": person.email, "khoa": uuid.uuid4().hex}
        return declaration(here, service, said)

    @app.post("/ho-so/moi/ke-khai")
    def begin():
        here = visit()
        here.check_form()
        actor = applicant_of(here)
        service = open_service(here)
        said = here.form
        applicant, wrong = _applicant(here)
        declared, wrong_facts = _declared(here, service)
        wrong |= wrong_facts
        named, wrong_office = _office(here, service)
        wrong |= wrong_office
        if wrong:
            return declaration(here, service, said, wrong)
        consent = said.get("dong-y") == "co"
        wanted = Filing(service.id, named, applicant, declared, consent)
        key = said.get("khoa", "")
        if not 1 <= len(key) <= 64:
            raise Refused(problem("idempotency-key-missing"))
        dossier = filing.file_dossier(wanted, actor, key, store=store, clock=clock)
        return go(here, f"/ho-so/{dossier.id}/giay-to")


def applicant_of(here):
    """Who files. Raises SignInFirst; Refused: not-an-applicant, for an officer in his office's account."""
    actor = here.actor
    if actor.role != "applicant":
        raise Refused(problem("not-an-applicant"))
    return actor


def open_service(here):
    """The service the page is about. Raises NotFound; Refused: procedure-not-open."""
    named = here.form.get("dich-vu") or here.query.get("dich-vu", "")
    service = known_service(named, vietnam_day(clock()))
    if not service.open:
        raise Refused(problem("procedure-not-open", procedure=service.procedure.title.vi))
    return service


def declaration(here, service, said, wrong=None):
    """The form, with what was said in it."""
    return form_page(
        here,
        "declare",
        wrong,
        service=service,
        said=said,
        offices=filing_offices(service.procedure),
        many=MANY,
        choice_shown=shown,
        back=f"/ho-so/moi?dich-vu={service.id}",
    )


def _title(here, service_id):
    return here.says(known_service(service_id, vietnam_day(clock())).short)


def _applicant(here):
    said, wrong = here.form, {}
    name, phone, mail = (clean(said.get(field, "")).strip() for field in ("ho-ten", "dien-thoai", "thu"))
    if not name:
        wrong["ho-ten"] = here.t("Nhập họ tên, hoặc tên đơn vị nộp", "Enter your name, or your organisation's")
    elif len(name) > 200:
        wrong["ho-ten"] = here.t("Tên dài quá 200 ký tự", "The name is longer than 200 characters")
    if not phone and not mail:
        wrong["dien-thoai"] = here.t(
            "Nhập số điện thoại hoặc email để chúng tôi báo tin", "Enter a telephone number or an e-mail address"
        )
    if phone and not re.fullmatch(r"[+\d][\d .]{7,28}", phone):
        wrong["dien-thoai"] = here.t(
            "Số điện thoại chưa đúng, ví dụ 0901 234 567", "Not a telephone number; one is 0901 234 567"
        )
    if mail and (len(mail) > 254 or not _MAIL.fullmatch(mail)):
        wrong["thu"] = here.t("Email chưa đúng, ví dụ ten@example.vn", "Not an e-mail address; one is ten@example.vn")
    return Applicant(name, phone, mail, here.language), wrong


def _office(here, service):
    """The office that was chosen, or typed where there are many: (code, what is wrong)."""
    offices = {office.code: here.says(office.title) for office in filing_offices(service.procedure)}
    found = fitting(here.form.get("noi-nop", ""), offices)
    if len(found) == 1:
        return found[0], {}
    if not found:
        return "", {"noi-nop": here.t("Chọn nơi nộp", "Choose where you file")}
    listed = "; ".join(shown(code, offices[code]) for code in found[:MOST_NAMED])
    return "", {"noi-nop": here.t(f"Có nhiều nơi như vậy, hãy ghi rõ: {listed}", f"Several fit, say which: {listed}")}


def _declared(here, service):
    declared, wrong = {}, {}
    for asked in service.declared:
        try:
            value = entered(asked.kind, here.form.get(asked.id, ""))
        except NotTaken as not_taken:
            wrong[asked.id] = here.t(not_taken.vi, not_taken.en)
            continue
        if value is not None:
            declared[asked.kind.id] = value
    return declared, wrong
