"""What a registry cannot be asked over the network an officer confirms by hand: a signed paper is sent and read, and he
says what it states of the employer and of each person. His name and the paper stand with the answer."""

import time
import uuid

from casework.document import Text
from casework.errors import NotFound, Refused, problem
from casework.facts import dictionary
from casework.registry import asked_for
from casework.workflow import confirming
from casework.workflow.admission import FileToCome
from casework.workflow.confirming import Stated
from entries import NotTaken, entered
from pages import go, page
from papers import PATIENCE_SECONDS, PAUSE_SECONDS, STATES, being_read, came_to_nothing, type_name
from world import clock, files, store

from desk import case as cases
from desk.decision_pages import known_version, not_taken
from desk.forms import OVERTAKEN
from desk.people import keys_on, officer_of
from desk.review_pages import pictures_of, seen_task

PAPER, STATUS, DIFFERS = "giay", "trang-thai", "khac"
EMPLOYER, ALL = "don-vi", "chung"
MOST_ROWS = 50  # people who can be told apart on one page; of a longer list the others are as said of all
STATUSES = (
    ("match", Text("Khớp", "Matches")),
    ("mismatch", Text("Khác", "Differs")),
    ("not_found", Text("Không tìm thấy", "Not found")),
)
DIFFERS_IN = {EMPLOYER: ("employer.name", "employer.address"), "": ("employee.full_name", "employee.date_of_birth",
              "employee.bhxh_number", "employee.id_number")}  # fmt: skip
BASE = "/can-bo/viec/{task_id}/co-quan/{registry}"


def register(app, visit):
    @app.get("/can-bo/viec/<task_id>/co-quan/<registry>")
    def show_registry(task_id: str, registry: str):
        here = visit()
        officer_of(here)
        chosen = here.query.get(PAPER, "")
        if chosen and here.query.get("cho"):
            wait_for(task_id, here, chosen)
        return registry_page(here, task_id, registry, {PAPER: chosen})

    @app.post("/can-bo/viec/<task_id>/co-quan/<registry>/giay")
    def add_paper(task_id: str, registry: str):
        """A paper is expected; the page then has the form that sends it. The same form sent twice is one paper."""
        here = visit()
        here.check_form()
        actor, key = officer_of(here), here.form.get("khoa", "")
        if not 1 <= len(key) <= 64 or not key.isalnum():
            raise Refused(problem("idempotency-key-missing"))
        to_come = FileToCome(here.t("Giấy xác nhận", "Confirming paper"), here.address("/can-bo"))
        try:
            document, _, _ = confirming.send_paper(task_id, to_come, actor, key, store=store, files=files, clock=clock)
        except Refused as refused:
            return not_taken(here, task_id, {}, [], refused.problem)
        return go(here, f"{_base(task_id, registry)}?{PAPER}={document.id}")

    @app.post("/can-bo/viec/<task_id>/co-quan/<registry>/xac-nhan")
    def confirm(task_id: str, registry: str):
        here = visit()
        here.check_form()
        actor = officer_of(here)
        _, question, _ = confirming.look(task_id, registry, actor, store=store, files=files)
        stated, wrong = stated_in(here, question)
        if not here.form.get(PAPER):
            wrong[PAPER] = here.t("Chọn giấy xác nhận", "Choose the confirming paper")
        if wrong:
            return registry_page(here, task_id, registry, here.form, wrong)
        try:
            confirming.confirm_by_hand(
                task_id, registry, here.form[PAPER], stated, actor, known_version(here),
                store=store, files=files, clock=clock,
            )  # fmt: skip
        except Refused as refused:
            found = refused.problem
            if found.type in OVERTAKEN - {"version-stale"}:
                return not_taken(here, task_id, {}, [], found)
            field = PAPER if found.type == "evidence-missing" else ""
            return registry_page(here, task_id, registry, here.form, {field: here.t(found.detail, found.detail_en)})
        return go(here, f"/can-bo/viec/{task_id}#co-quan")


def wait_for(task_id, here, document_id):
    """Until the paper just sent was read, or for a while: a browser without scripts is answered once."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        _, dossier = seen_task(here, task_id)
        paper = dossier.document(document_id)
        if paper is None or paper.state in ("read", "unreadable", "rejected") or came_to_nothing(paper):
            return
        time.sleep(PAUSE_SECONDS)


def registry_page(here, task_id, registry, said, wrong=None):
    """The question, the papers officers sent, and the form for what one of them states. Raises NotFound; Refused."""
    actor, wrong = here.actor, wrong or {}
    dossier, question, consulted = confirming.look(task_id, registry, actor, store=store, files=files)
    task, _ = seen_task(here, task_id)
    case = cases.load_case(task, dossier)
    chosen = dossier.document(said.get(PAPER, ""))
    if chosen is not None and not chosen.by_officer:
        raise NotFound(chosen.id)
    base, grant = _base(task_id, registry), None
    if task.state == "open" and chosen is not None and _to_be_sent(chosen):
        back_to = here.address(f"{base}?{PAPER}={chosen.id}&cho=1")
        grant = confirming.form_again(task_id, chosen.id, actor, back_to, store=store, files=files)
    papers = [paper_of(document) for document in dossier.documents if document.by_officer and not _to_be_sent(document)]
    return page(
        here,
        "desk/confirm",
        422 if wrong else 200,
        pictures_from=pictures_of(case),
        sends_to=grant.url if grant else "",
        scripted=bool(wrong),
        errors=[{"text": text, **({"href": f"#{name}"} if name else {})} for name, text in wrong.items()],
        wrong=wrong,
        keys=keys_on(here),
        shortcuts=None,
        back=f"/can-bo/viec/{task_id}",
        base=base,
        task_base=f"/can-bo/viec/{task_id}",
        case=case,
        registry=registry,
        title=case.procedure.registry(registry).title,
        as_of_rule=case.procedure.registry(registry).as_of,
        question=question,
        consulted=consulted,
        papers=papers,
        refused=_refused(chosen),
        grant=grant,
        open=task.state == "open",
        said=said,
        chosen=said.get(PAPER) or (papers[-1]["id"] if papers else ""),
        shown=next(
            (paper["id"] for paper in papers if paper["id"] == said.get(PAPER)), papers[-1]["id"] if papers else ""
        ),
        usable=any(paper["usable"] for paper in papers),
        blocks=blocks_of(case, question),
        more=max(0, len(question.rows) - MOST_ROWS),
        statuses=STATUSES,
        version=dossier.version,
        key=uuid.uuid4().hex,
    )


def paper_of(document):
    """A paper an officer sent, as the page shows it."""
    state, colour = STATES["received" if being_read(document) else document.state]
    return {
        "id": document.id,
        "name": type_name(document.document_type) if document.document_type else None,
        "file": document.file_name,
        "state": state,
        "colour": colour,
        "pages": [ref.number for ref in document.pages],
        "usable": document.state in ("read", "unreadable") and not being_read(document),
    }


def blocks_of(case, question):
    """The parts of the form: of the employer, of everybody in a list, of each person; each with the facts asked for."""
    of_employer, of_row = asked_for(question)
    found = []
    if of_employer:
        name = " · ".join(part for part in (question.employer.name, question.employer.tax_code) if part)
        found.append(_block(EMPLOYER, Text("Đơn vị", "The employer"), name, of_employer, EMPLOYER))
    if of_row and len(question.rows) > 1:
        all_of_them = Text(f"Mọi người trong danh sách ({len(question.rows)})", f"Everybody ({len(question.rows)})")
        found.append(_block(ALL, all_of_them, "", of_row, ""))
    for number, row in enumerate(question.rows[:MOST_ROWS] if of_row else ()):
        who = " · ".join(part for part in (row.full_name or case.person(row.key), row.bhxh_number) if part)
        found.append(_block(f"n{number}", Text("", ""), who, of_row, ""))
    return found


def _block(name, title, who, facts, kind):
    known = dictionary()
    return {
        "name": name,
        "title": title,
        "who": who,
        "optional": name.startswith("n"),
        "facts": [{"name": _field(name, fact), "kind": known[fact]} for fact in facts],
        "differs": [{"id": field, "title": known[field].title} for field in DIFFERS_IN[kind] if field in known],
    }


def stated_in(here, question):
    """What the officer says the paper states: ([Stated], {field: what is wrong})."""
    of_employer, of_row = asked_for(question)
    found, wrong = [], {}
    if of_employer:
        found.append(_stated(here, "", (EMPLOYER,), of_employer, wrong))
    for number, row in enumerate(question.rows if of_row else ()):
        names = (f"n{number}", ALL) if number < MOST_ROWS else (ALL,)
        found.append(_stated(here, row.key, names, of_row, wrong))
    return [one for one in found if one is not None], wrong


def _stated(here, key, names, facts, wrong):
    """What stands in the fields of a person, or else in those of everybody; None with what is missing put down."""
    form = here.form
    own = next((name for name in names if form.get(f"{name}-{STATUS}")), names[-1])
    status = form.get(f"{own}-{STATUS}", "")
    if status not in dict(STATUSES):
        text = here.t("Chọn giấy ghi gì: khớp, khác hay không tìm thấy", "Choose what the paper says")
        wrong.setdefault(f"{names[0]}-{STATUS}", text)
        return None
    differs = tuple(here.chosen.get(f"{own}-{DIFFERS}", ())) if status == "mismatch" else ()
    if status == "mismatch" and not differs:
        wrong.setdefault(f"{own}-{DIFFERS}", here.t("Đánh dấu chỗ khác", "Tick what differs"))
    values = {} if status == "not_found" else _values(here, names, facts, wrong)
    return Stated(key, status, values, differs)


def _values(here, names, facts, wrong):
    """The facts said of a person, or else of everybody; what is left empty the paper does not say."""
    known, values = dictionary(), {}
    for fact in facts:
        field = next((_field(n, fact) for n in names if here.form.get(_field(n, fact))), _field(names[0], fact))
        try:
            values[fact] = entered(known[fact], here.form.get(field, ""))
        except NotTaken as not_taken_:
            wrong.setdefault(field, here.t(not_taken_.vi, not_taken_.en))
    return values


def _field(name, fact):
    return f"{name}-{fact.replace('.', '-')}"


def _base(task_id, registry):
    return BASE.format(task_id=task_id, registry=registry)


def _to_be_sent(document):
    return document.only_expected or came_to_nothing(document) is not None


def _refused(document):
    last = came_to_nothing(document) if document is not None else None
    return last.problem if last is not None and last.problem else None
