"""The papers of a dossier: what was read of each within seconds, corrected beside what the paper says. How they are
sent: sending_pages.py."""

import uuid

from casework import procedures
from casework.dossier import State, vietnam_day
from casework.errors import NotFound, Refused, problem
from casework.workflow import filing
from casework.workflow.reading import image_key, load_reading
from entries import NotTaken, entered, typed
from pages import form_page, go, go_elsewhere, page
from papers import (
    STATES,
    being_read,
    came_to_nothing,
    needed,
    own_document,
    own_dossier,
    owned,
    page_number,
    paper_path,
    sender,
    shown_fields,
    shown_rows,
    type_name,
    wait_until_read,
    what_is_wrong,
)
from sending_pages import send_form
from world import clock, files, store

OPEN = (State.DRAFT, State.AWAITING_APPLICANT)


def register(app, visit):
    @app.get("/ho-so/<dossier_id>/giay-to")
    def list_papers(dossier_id: str):
        return papers_page(*owned(visit(), dossier_id))

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>")
    def show_paper(dossier_id: str, document_id: str):
        here, dossier = owned(visit(), dossier_id)
        own_document(dossier, document_id)
        if waited_for := here.query.get("cho", ""):
            dossier = wait_until_read(dossier_id, document_id, waited_for, here.actor)
        return paper_page(here, dossier, own_document(dossier, document_id))

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>/trang/<number>")
    def show_picture(dossier_id: str, document_id: str, number: str):
        here, dossier = owned(visit(), dossier_id)
        key = image_key(dossier_id, own_document(dossier, document_id), page_number(number) or 0)
        return go_elsewhere(here, files.page_image_link(key))

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>/sua")
    def show_corrections(dossier_id: str, document_id: str):
        here, dossier = owned(visit(), dossier_id)
        return corrections_page(here, dossier, own_document(dossier, document_id))

    @app.post("/ho-so/<dossier_id>/giay-to/<document_id>/sua")
    def correct(dossier_id: str, document_id: str):
        """Only what was changed becomes a correction; the paper's own reading stays beside it."""
        here, actor = sender(visit())
        dossier = own_dossier(dossier_id, actor)
        document = own_document(dossier, document_id)
        values, wrong = {}, {}
        for field in _correctable(document):
            text = here.form.get(field["name"])
            if text is None or not _changed(here, field):
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
        return go(here, paper_path(dossier_id, document_id))

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>/bo")
    def ask_removal(dossier_id: str, document_id: str):
        here, dossier = owned(visit(), dossier_id)
        document = own_document(dossier, document_id)
        values = {"dossier": dossier, "document": document, "name": type_name(document.document_type)}
        return page(here, "remove", **values, back=f"/ho-so/{dossier_id}/giay-to")

    @app.post("/ho-so/<dossier_id>/giay-to/<document_id>/bo")
    def remove(dossier_id: str, document_id: str):
        here, actor = sender(visit())
        filing.remove_document(dossier_id, document_id, actor, store=store, clock=clock)
        return go(here, f"/ho-so/{dossier_id}/giay-to")


def papers_page(here, dossier, status=200):
    """All papers with their state, and what is still needed."""
    procedure = law_of(dossier)
    useful = kinds_of(procedure)
    return page(
        here,
        "papers",
        status,
        dossier=dossier,
        documents=[card(document, useful) for document in dossier.live_documents],
        needed=needed(dossier, procedure),
        open=dossier.state in OPEN,
        draft=dossier.state is State.DRAFT,
        key=uuid.uuid4().hex,
        back=f"/ho-so/{dossier.id}",
    )


def law_of(dossier):
    """The law of the day it was received, of today while it is a draft. Raises NotFound, Refused."""
    if dossier.procedure not in procedures.ids():
        raise NotFound(dossier.procedure)
    try:
        return procedures.load(dossier.procedure, dossier.received_on or vietnam_day(clock()))
    except LookupError:
        raise Refused(problem("procedure-not-open", procedure=dossier.procedure)) from None


def kinds_of(procedure):
    """The kinds of paper a service can use."""
    return frozenset(kind for need in procedure.papers for kind in need.types)


def card(document, useful=None):
    """A paper in a list: what it is, its state, what is wrong with it or with which page."""
    state, colour = STATES["received" if being_read(document) else document.state]
    return {
        "document": document,
        "name": type_name(document.document_type) if document.document_type else None,
        "state": state,
        "colour": colour,
        "problems": [found for found, _ in what_is_wrong(document, useful)],
        "removable": document.only_expected,
    }


def paper_page(here, dossier, document):
    """What was read, beside the picture of each page; what is wrong on top and where it can be mended."""
    reading = load_reading(document, files)
    columns, rows = shown_rows(reading) if reading else ([], [])
    fields = [field for field in shown_fields(document, reading) if _tells(field)] if reading else []
    sizes = {p.number: (p.width_px, p.height_px) for p in reading.pages} if reading else {}
    first = image_key(dossier.id, document, document.pages[0].number) if document.pages else ""
    is_open, useful = dossier.state in OPEN, kinds_of(law_of(dossier))
    again = came_to_nothing(document) if is_open else None
    form = send_form(here, dossier, document, again) if again else None
    wrong = what_is_wrong(document, useful)
    return page(
        here,
        "paper",
        pictures_from=files.page_image_link(first) if first else "",
        sends_to=form["grant"].url if form else "",
        scripted=bool(wrong or form),
        errors=[{"text": _short(here, found), "href": _mended_at(found, number, again)} for found, number in wrong],
        dossier=dossier,
        document=document,
        here=paper_path(dossier.id, document.id),
        card=card(document, useful),
        form=form,
        wrong=[found for found, number in wrong if not number],
        waiting=being_read(document) or document.only_expected,
        last_upload=document.uploads[-1].id if document.uploads else "",
        fields=fields,
        columns=columns,
        rows=rows,
        sizes=sizes,
        open=is_open,
        draft=dossier.state is State.DRAFT,
        correctable=any(field["correctable"] for field in fields),
        key=uuid.uuid4().hex,
        back=f"/ho-so/{dossier.id}/giay-to",
    )


def _short(here, found):
    return here.t(found.title, found.title_en)


def _mended_at(found, number, again):
    """Where on the page a problem can be mended: its page, the field for the file, or the paper as a whole."""
    if number:
        return f"#trang-{number}"
    return "#file" if again else "#ca-giay"


def corrections_page(here, dossier, document, wrong=None, stale=None):
    """Each value as it was read in a field; what the applicant changes is his word."""
    fields = _correctable(document)
    for field in fields:
        field["stands"] = _standing(field)
        field["typed"] = here.form[field["name"]] if _changed(here, field) else field["stands"]
    return form_page(
        here,
        "correct",
        wrong,
        stale,
        dossier=dossier,
        document=document,
        fields=fields,
        name=type_name(document.document_type),
        back=paper_path(dossier.id, document.id),
    )


def _correctable(document):
    reading = load_reading(document, files)
    if reading is None:
        raise NotFound(document.id)
    return [field for field in shown_fields(document, reading) if field["correctable"] and _tells(field)]


def _tells(field):
    return field["value"] is not None or field["correction"] is not None


def _changed(here, field):
    """Whether the applicant typed something else than stood there when he opened the form: what stood still is not
    written again over what another tab, or another person, put there since."""
    name, standing = field["name"], _standing(field)
    typed_here = here.form.get(name, standing).strip()
    return typed_here not in (standing, here.form.get(f"cu-{name}", standing))


def _standing(field):
    """What a field of the form holds before anybody types."""
    value = field["correction"].value if field["correction"] else field["value"]
    return typed(field["kind"], value)
