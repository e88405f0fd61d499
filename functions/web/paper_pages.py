"""The papers of a dossier: sent by camera or file, read within seconds, corrected beside what the paper says."""

import json
import re
import uuid

from adapters.limits import UPLOAD_LIMITS
from aws_lambda_powertools.event_handler import Response
from casework import procedures
from casework.dossier import State, derived_id, vietnam_day
from casework.errors import NotFound, Refused, problem, problems
from casework.workflow import filing
from casework.workflow.admission import MEDIA_TYPES, FileToCome, FileToSend
from casework.workflow.reading import image_key, load_reading
from entries import NotTaken, entered, typed
from filing_pages import applicant_of
from pages import go, go_elsewhere, page
from papers import (
    STATES,
    being_read,
    needed,
    own_document,
    own_dossier,
    shown_fields,
    shown_rows,
    type_name,
    wait_until_read,
)
from world import clock, files, store

OPEN = (State.DRAFT, State.AWAITING_APPLICANT)


def register(app, visit):
    @app.get("/ho-so/<dossier_id>/giay-to")
    def list_papers(dossier_id: str):
        here = visit()
        dossier = own_dossier(dossier_id, here.actor)
        return papers_page(here, dossier)

    @app.post("/ho-so/<dossier_id>/giay-to")
    def add_paper(dossier_id: str):
        """A new paper is expected; the next page takes its file. The same form sent twice is one paper."""
        here = visit()
        here.check_form()
        key = _key(here)
        actor = applicant_of(here)
        nth = len(own_dossier(dossier_id, actor).documents) + 1
        to_come = FileToCome(here.t(f"Giấy tờ {nth}", f"Paper {nth}"), here.address(f"/ho-so/{dossier_id}/giay-to"))
        document, _, _ = filing.add_document(dossier_id, to_come, actor, key, **WORLD)
        return go(here, f"/ho-so/{dossier_id}/giay-to/{document.id}/gui?khoa={key}")

    @app.post("/ho-so/<dossier_id>/giay-to/bao")
    def announce(dossier_id: str):
        """A file that a script is about to send, told beforehand; what cannot be taken is told before it is sent."""
        here = visit()
        here.check_form()
        said = here.form
        size, kind = said.get("co", ""), said.get("loai", "")
        try:
            if kind not in MEDIA_TYPES:
                raise Refused(problem("file-type-not-allowed", types="PDF, JPEG, PNG"))
            if not size.isdecimal() or len(size) > 12 or not re.fullmatch("[0-9a-f]{64}", said.get("sha256", "")):
                raise Refused(problem("validation-failed"))
            name = said.get("ten", "")[:255] or here.t("Tệp đã gửi", "File sent")
            file = FileToSend(name, int(size), said["sha256"], kind)
            document, upload, grant = filing.add_document(dossier_id, file, applicant_of(here), _key(here), **WORLD)
        except Refused as refused:
            found = refused.problem
            told = {"title": here.t(found.title, found.title_en), "detail": here.t(found.detail, found.detail_en)}
            return _json({"problem": told}, problems()[found.type]["status"])
        next_page = f"{here.root}/ho-so/{dossier_id}/giay-to/{document.id}?cho={upload.id}"
        return _json({"url": grant.url, "fields": grant.fields, "next": next_page})

    @app.post("/ho-so/<dossier_id>/giay-to/<document_id>/lai")
    def send_again(dossier_id: str, document_id: str):
        """A whole paper again, or one page of it."""
        here = visit()
        here.check_form()
        key, number = _key(here), _page_number(here.form.get("trang", ""))
        to_come = _to_come(here, dossier_id, document_id, "", number)
        filing.add_upload(dossier_id, document_id, to_come, applicant_of(here), key, **WORLD)
        number_said = f"&trang={number}" if number else ""
        return go(here, f"/ho-so/{dossier_id}/giay-to/{document_id}/gui?khoa={key}{number_said}")

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>/gui")
    def show_send_form(dossier_id: str, document_id: str):
        """The form that goes straight to the store. Opened again it is granted again, for the same upload."""
        here = visit()
        actor = applicant_of(here)
        dossier = own_dossier(dossier_id, actor)
        document = own_document(dossier, document_id)
        key, number = here.query.get("khoa", ""), _page_number(here.query.get("trang", ""))
        upload_id = derived_id("upload", dossier_id, document_id, key)
        if document.upload(upload_id) is None:
            raise NotFound(upload_id)
        to_come = _to_come(here, dossier_id, document_id, upload_id, number)
        _, _, grant = filing.add_upload(dossier_id, document_id, to_come, actor, key, **WORLD)
        return page(
            here,
            "send",
            sends_to=grant.url,
            dossier=dossier,
            document=document,
            grant=grant,
            number=number,
            limit_mb=UPLOAD_LIMITS.bytes >> 20,
            most_pages=UPLOAD_LIMITS.pages,
            back=f"/ho-so/{dossier_id}/giay-to",
        )

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>")
    def show_paper(dossier_id: str, document_id: str):
        here = visit()
        waited_for = here.query.get("cho", "")
        dossier = own_dossier(dossier_id, here.actor)
        own_document(dossier, document_id)
        if waited_for:
            dossier = wait_until_read(dossier_id, document_id, waited_for, here.actor)
        return paper_page(here, dossier, own_document(dossier, document_id))

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>/trang/<number>")
    def show_picture(dossier_id: str, document_id: str, number: str):
        here = visit()
        document = own_document(own_dossier(dossier_id, here.actor), document_id)
        key = image_key(dossier_id, document, _page_number(number) or 0)
        return go_elsewhere(here, files.page_image_link(key))

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>/sua")
    def show_corrections(dossier_id: str, document_id: str):
        here = visit()
        dossier = own_dossier(dossier_id, here.actor)
        return corrections_page(here, dossier, own_document(dossier, document_id))

    @app.post("/ho-so/<dossier_id>/giay-to/<document_id>/sua")
    def correct(dossier_id: str, document_id: str):
        """Only what was changed becomes a correction; the paper's own reading stays beside it."""
        here = visit()
        here.check_form()
        actor = applicant_of(here)
        dossier = own_dossier(dossier_id, actor)
        document = own_document(dossier, document_id)
        values, wrong = {}, {}
        for field in _correctable(document):
            text = here.form.get(field["name"])
            if text is None or text.strip() == _standing(field):
                continue
            try:
                values[field["id"]] = entered(field["kind"], text)
            except NotTaken as not_taken:
                wrong[field["name"]] = here.t(not_taken.vi, not_taken.en)
        if wrong:
            return corrections_page(here, dossier, document, wrong)
        if values:
            version = here.form.get("ban", "")
            if not version.isdecimal() or len(version) > 9:
                raise Refused(problem("version-missing"))
            try:
                filing.correct(dossier_id, document_id, values, actor, int(version), store=store, clock=clock)
            except Refused as refused:
                if refused.problem.type != "version-stale":
                    raise
                return corrections_page(here, own_dossier(dossier_id, actor), document, {}, refused.problem)
        return go(here, f"/ho-so/{dossier_id}/giay-to/{document_id}")

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>/bo")
    def ask_removal(dossier_id: str, document_id: str):
        here = visit()
        dossier = own_dossier(dossier_id, here.actor)
        document = own_document(dossier, document_id)
        values = {"dossier": dossier, "document": document, "name": type_name(document.document_type)}
        return page(here, "remove", **values, back=f"/ho-so/{dossier_id}/giay-to")

    @app.post("/ho-so/<dossier_id>/giay-to/<document_id>/bo")
    def remove(dossier_id: str, document_id: str):
        here = visit()
        here.check_form()
        filing.remove_document(dossier_id, document_id, applicant_of(here), store=store, clock=clock)
        return go(here, f"/ho-so/{dossier_id}/giay-to")


WORLD = {"store": store, "files": files, "clock": clock}


def papers_page(here, dossier, status=200):
    """All papers with their state, and what is still needed."""
    procedure = procedures.load(dossier.procedure, dossier.received_on or vietnam_day(clock()))
    return page(
        here,
        "papers",
        status,
        dossier=dossier,
        documents=[card(document) for document in dossier.live_documents],
        needed=needed(dossier, procedure),
        open=dossier.state in OPEN,
        draft=dossier.state is State.DRAFT,
        key=uuid.uuid4().hex,
        back=f"/ho-so/{dossier.id}",
    )


def card(document):
    """A paper in a list: what it is, its state, what is wrong with it or with which page."""
    state, colour = STATES["received" if being_read(document) else document.state]
    refused = [upload for upload in document.uploads if upload.state == "rejected" and upload.problem]
    wrong = [ref.problem for ref in document.pages if ref.problem]
    latest = [refused[-1].problem] if refused and refused[-1] is document.uploads[-1] else []
    return {
        "document": document,
        "name": type_name(document.document_type) if document.document_type else None,
        "state": state,
        "colour": colour,
        "problems": [*latest, *wrong],
        "removable": document.only_expected,
    }


def paper_page(here, dossier, document):
    """What was read, beside the picture of each page."""
    reading = load_reading(document, files)
    columns, rows = shown_rows(reading) if reading else ([], [])
    fields = [field for field in shown_fields(document, reading) if _tells(field)] if reading else []
    sizes = {p.number: (p.width_px, p.height_px) for p in reading.pages} if reading else {}
    first = image_key(dossier.id, document, document.pages[0].number) if document.pages else ""
    return page(
        here,
        "paper",
        pictures_from=files.page_image_link(first) if first else "",
        dossier=dossier,
        document=document,
        card=card(document),
        waiting=being_read(document) or document.only_expected,
        last_upload=document.uploads[-1].id if document.uploads else "",
        fields=fields,
        columns=columns,
        rows=rows,
        sizes=sizes,
        open=dossier.state in OPEN,
        draft=dossier.state is State.DRAFT,
        correctable=any(field["correctable"] for field in fields),
        key=uuid.uuid4().hex,
        back=f"/ho-so/{dossier.id}/giay-to",
    )


def corrections_page(here, dossier, document, wrong=None, stale=None):
    """Each value as it was read in a field; what the applicant changes is his word."""
    wrong = wrong or {}
    errors = [{"text": text, "href": f"#{name}"} for name, text in wrong.items()]
    if stale is not None:
        errors.append({"text": here.t(stale.detail, stale.detail_en)})
    fields = _correctable(document)
    for field in fields:
        field["typed"] = here.form.get(field["name"], _standing(field))
    return page(
        here,
        "correct",
        422 if errors else 200,
        scripted=bool(errors),
        errors=errors,
        wrong=wrong,
        dossier=dossier,
        document=document,
        fields=fields,
        name=type_name(document.document_type),
        back=f"/ho-so/{dossier.id}/giay-to/{document.id}",
    )


def _correctable(document):
    reading = load_reading(document, files)
    if reading is None:
        raise NotFound(document.id)
    return [field for field in shown_fields(document, reading) if field["correctable"] and _tells(field)]


def _tells(field):
    return field["value"] is not None or field["correction"] is not None


def _standing(field):
    """What a field of the form holds before anybody types."""
    value = field["correction"].value if field["correction"] else field["value"]
    return typed(field["kind"], value)


def _json(data, status=200):
    text = json.dumps(data, ensure_ascii=False)
    return Response(status, "application/json; charset=utf-8", text, headers={"Cache-Control": "no-store"})


def _key(here):
    key = here.form.get("khoa", "")
    if not 1 <= len(key) <= 64 or not key.isalnum():
        raise Refused(problem("idempotency-key-missing"))
    return key


def _page_number(text):
    return int(text) if text.isdecimal() and 0 < len(text) < 4 else None


def _to_come(here, dossier_id, document_id, upload_id, number=None):
    back_to = here.address(f"/ho-so/{dossier_id}/giay-to/{document_id}?cho={upload_id}")
    return FileToCome(here.t("Tệp gửi lại", "File sent again"), back_to, number)
