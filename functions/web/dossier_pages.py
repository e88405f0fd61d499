"""A dossier after its papers: handed in, followed, asked for one thing more, taken back, decided."""

from adapters.drawing import qr_code
from casework.document import Text
from casework.dossier import FINAL, State, vietnam_day
from casework.errors import NotFound, Refused
from casework.facts import said
from casework.offices import offices
from casework.workflow import filing, issuing
from casework.workflow.notices import MAIL, SMS, ways_to
from casework.workflow.verdicts import failures
from markupsafe import Markup
from pages import go, go_elsewhere, page
from paper_pages import OPEN, card, kinds_of, law_of
from papers import needed, own_dossier, owned, said_of, sender
from services import known_service
from timeline import appointment, history, steps
from world import clock, files, store

MOST_NOTICES = 20
WAYS = {MAIL: Text("qua email", "by e-mail"), SMS: Text("qua tin nhắn", "by text message")}
OUTCOMES = {
    State.APPROVED: (Text("Được duyệt", "Approved"), "green"),
    State.PARTLY_APPROVED: (Text("Được duyệt một phần", "Approved in part"), "yellow"),
    State.REFUSED: (Text("Không được duyệt", "Refused"), "red"),
    State.WITHDRAWN: (Text("Đã rút", "Withdrawn"), "grey"),
}


def register(app, visit):
    @app.get("/ho-so/<dossier_id>")
    def show_dossier(dossier_id: str):
        here, dossier = owned(visit(), dossier_id)
        if dossier.state is State.DRAFT:
            return page(here, "draft", **_draft(dossier), back="/ho-so")
        return page(here, "dossier", **_followed(dossier), back="/ho-so")

    @app.get("/ho-so/<dossier_id>/nop")
    def ask_submission(dossier_id: str):
        here, dossier = owned(visit(), dossier_id)
        if dossier.state not in OPEN:
            return go(here, f"/ho-so/{dossier_id}")
        return submission_page(here, dossier)

    @app.post("/ho-so/<dossier_id>/nop")
    def submit(dossier_id: str):
        """Handing in; sent twice it is handed in once. What stands in the way is told on the same page."""
        here, actor = sender(visit())
        version = here.form.get("ban", "")
        known = int(version) if version.isdecimal() and len(version) < 10 else None
        try:
            filing.submit(dossier_id, actor, known, store=store, clock=clock)
        except Refused as refused:
            dossier = own_dossier(dossier_id, actor)
            if dossier.state not in OPEN:
                return go(here, f"/ho-so/{dossier_id}")
            return submission_page(here, dossier, refused.problem)
        return go(here, f"/ho-so/{dossier_id}/bien-nhan")

    @app.get("/ho-so/<dossier_id>/bien-nhan")
    def show_receipt(dossier_id: str):
        here, dossier = owned(visit(), dossier_id)
        if dossier.received_on is None:
            return go(here, f"/ho-so/{dossier_id}")
        procedure = law_of(dossier)
        due = appointment(dossier, procedure, _notices(dossier_id))
        issued = _issued(dossier_id)
        receipt = next((item["paper"] for item in issued if item["kind"] == "receipt"), None)
        leads_to = f"/xac-minh/{receipt.token}" if receipt else f"/ho-so/{dossier_id}"
        code = Markup(qr_code(here.address(leads_to)))  # noqa: S704 - drawn by us, of an address of ours
        ways = [WAYS[way] for way in ways_to(dossier.applicant)]
        values = {
            "dossier": dossier,
            "appointment": due,
            "issued": issued,
            "qr": code,
            "printed": receipt,
            "ways": ways,
        }
        office = offices()[dossier.office]
        return page(here, "receipt", **values, office=office, back=f"/ho-so/{dossier_id}")

    @app.get("/ho-so/<dossier_id>/giay/<paper_id>")
    def show_issued(dossier_id: str, paper_id: str):
        """A paper the office handed out, as its PDF: on to a link that is good for five minutes."""
        here, _ = owned(visit(), dossier_id)
        paper = issuing.find_issued(dossier_id, paper_id, store=store)
        return go_elsewhere(here, files.paper_link(paper.key, f"{paper.kind}-{paper.code}.pdf"))

    @app.get("/ho-so/<dossier_id>/rut")
    def ask_withdrawal(dossier_id: str):
        here, dossier = owned(visit(), dossier_id)
        if dossier.state in FINAL or dossier.state is State.DECIDED:
            return go(here, f"/ho-so/{dossier_id}")
        return page(here, "withdraw", dossier=dossier, back=f"/ho-so/{dossier_id}")

    @app.post("/ho-so/<dossier_id>/rut")
    def withdraw(dossier_id: str):
        here, actor = sender(visit())
        filing.withdraw(dossier_id, actor, store=store, clock=clock)
        return go(here, f"/ho-so/{dossier_id}")

    @app.get("/ho-so/<dossier_id>/ket-qua")
    def show_decision(dossier_id: str):
        here, dossier = owned(visit(), dossier_id)
        if dossier.total_vnd is None:
            return go(here, f"/ho-so/{dossier_id}")
        return page(here, "decision", **_decided(dossier), back=f"/ho-so/{dossier_id}")

    @app.get("/ho-so/<dossier_id>/lich-su")
    def show_history(dossier_id: str):
        here, dossier = owned(visit(), dossier_id)
        entries = history(store.audit(dossier_id), here.person.id)
        return page(here, "history", dossier=dossier, entries=entries, back=f"/ho-so/{dossier_id}")


def submission_page(here, dossier, refused=None):
    """Everything once more, with the way back to each; what stands in the way is told on top."""
    errors = []
    if refused is not None:
        href = f"{here.root}/ho-so/{dossier.id}/giay-to" if refused.type != "version-stale" else None
        errors = [{"text": here.t(refused.detail, refused.detail_en)} | ({"href": href} if href else {})]
    return page(
        here,
        "submit",
        422 if errors else 200,
        scripted=bool(errors),
        errors=errors,
        **_draft(dossier),
        back=f"/ho-so/{dossier.id}/giay-to",
    )


def _draft(dossier):
    procedure = law_of(dossier)
    wanted = needed(dossier, procedure)
    useful = kinds_of(procedure)
    cards = [card(document, useful) for document in dossier.live_documents if not document.only_expected]
    return {
        "dossier": dossier,
        "service": known_service(dossier.procedure, dossier.received_on or vietnam_day(clock())),
        "office": offices().get(dossier.office),
        "cards": cards,
        "missing": [need for need, there in wanted if need.need == "required" and not there],
        "troubled": [found for found in cards if found["problems"]],
        "declared": [
            (procedure.kinds[name].title, said_of(procedure.kinds[name], value))
            for name, value in dossier.declared.items()
            if name in procedure.kinds
        ],
        "asked": dossier.open_requests,
    }


def _followed(dossier):
    procedure = law_of(dossier)
    notices = _notices(dossier.id)
    return {
        "dossier": dossier,
        "service": known_service(dossier.procedure, dossier.received_on or vietnam_day(clock())),
        "office": offices().get(dossier.office),
        "steps": steps(dossier, procedure, clock()),
        "appointment": appointment(dossier, procedure, notices) if dossier.state not in FINAL else None,
        "notices": list(reversed(notices))[:MOST_NOTICES],
        "asked": dossier.open_requests,
        "outcome": OUTCOMES.get(dossier.state),
        "issued": _issued(dossier.id),
        "withdrawable": dossier.state not in FINAL and dossier.state is not State.DECIDED,
        "key": f"{dossier.id}{dossier.version}",
    }


def _decided(dossier):
    record = store.record(dossier.id, dossier.decision_key)
    if record is None:
        raise NotFound(dossier.id)
    kept = files.evidence(dossier.verdict_key)
    on_dossier, on_row = failures(kept)
    months = law_of(dossier).kinds.get("payments.months")
    rows = [
        {
            **row,
            "months_said": said(months, row["months"]) if months and row["months"] else None,
            "findings": on_row.get(row["key"], ()),
        }
        for row in record.data["rows"]
    ]
    return {
        "dossier": dossier,
        "decision": record.data,
        "rows": rows,
        "on_dossier": on_dossier,
        "outcome": OUTCOMES[dossier.state],
        "office": offices().get(record.data["office"]),
        "issued": [paper for paper in _issued(dossier.id) if paper["kind"] == "decision"],
        "to_be_confirmed": [_text(point["says"]) for point in kept["verdict"]["to_be_confirmed"]],
    }


def _text(kept):
    return Text(kept["vi"], kept["en"])


def _issued(dossier_id):
    """The papers handed out so far, those that hold first."""
    from casework.forms import catalogue

    found = []
    for _, paper in issuing.issued_papers(dossier_id, store=store):
        form = catalogue.form(paper.kind)
        found.append({"id": paper.id, "kind": paper.kind, "title": form.title, "number": paper.number, "paper": paper})
    return [item for item in found if item["paper"].validity == "valid"]


def _notices(dossier_id):
    return [record.data for record in store.records(dossier_id, "NOTICE#")]
