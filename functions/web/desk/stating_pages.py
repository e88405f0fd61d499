"""One fact of a case: what each source says, the pieces of the pages side by side, and the officer's word on it."""

from casework.document import Text
from casework.errors import NotFound, Refused
from casework.workflow import stating
from casework.workflow.stating import Word
from entries import NotTaken, entered, typed
from pages import go, page
from papers import said_of
from world import clock, files, store

from desk import case as cases
from desk.decision_pages import known_version, not_taken
from desk.forms import OVERTAKEN
from desk.people import keys_on, officer_of
from desk.review_pages import pictures_of, seen_task

SHORTCUTS = (
    ("v", Text("ô giá trị", "the value")),
    ("y", Text("ô lý do", "the reason")),
    ("g", Text("ghi nhận", "put it on record")),
)


def register(app, visit):
    @app.get("/can-bo/viec/<task_id>/xac-nhan")
    def ask_word(task_id: str):
        here = visit()
        return word_page(here, task_id, here.query.get("muc", ""), here.query.get("nguoi", ""))

    @app.post("/can-bo/viec/<task_id>/xac-nhan")
    def state(task_id: str):
        here = visit()
        here.check_form()
        actor = officer_of(here)
        fact_id, person = here.form.get("muc", ""), here.form.get("nguoi", "")
        case = case_of(here, task_id)
        kind = case.procedure.kinds.get(fact_id)
        if kind is None:
            raise NotFound(fact_id)
        try:
            value = entered(kind, here.form.get("gia-tri", ""))
        except NotTaken as wrong:
            return word_page(here, task_id, fact_id, person, {"gia-tri": here.t(wrong.vi, wrong.en)})
        word = Word(fact_id, value, here.form.get("ly-do", ""), person)
        try:
            stating.state(task_id, word, actor, known_version(here), store=store, files=files, clock=clock)
        except Refused as refused:
            found = refused.problem
            if found.type in OVERTAKEN - {"version-stale"}:
                return not_taken(here, task_id, {}, [], found)
            field = {"reason-missing": "ly-do", "fact-not-valid": "gia-tri"}.get(found.type, "")
            return word_page(here, task_id, fact_id, person, {field: here.t(found.detail, found.detail_en)})
        return go(here, f"/can-bo/viec/{task_id}")


def case_of(here, task_id):
    task, dossier = seen_task(here, task_id)
    return cases.load_case(task, dossier)


def word_page(here, task_id, fact_id, person, wrong=None):
    """The fact with its sources. Raises NotFound for one that this case does not hang on."""
    case, wrong = case_of(here, task_id), wrong or {}
    kind = case.procedure.kinds.get(fact_id)
    if kind is None or case.verdict is None:
        raise NotFound(fact_id)
    fact = fact_of(case, fact_id, person)
    errors = [{"text": text, **({"href": f"#{name}"} if name else {})} for name, text in wrong.items()]
    standing = typed(kind, fact.value) if fact is not None else ""
    before = [word for word in stating.words(case.dossier.id, store=store)
              if (word["said"]["fact"], word["said"]["person"]) == (fact_id, person)]  # fmt: skip
    return page(
        here,
        "desk/word",
        422 if wrong else 200,
        pictures_from=pictures_of(case),
        scripted=bool(wrong),
        errors=errors,
        wrong=wrong,
        keys=keys_on(here),
        shortcuts=SHORTCUTS,
        base=f"/can-bo/viec/{task_id}",
        back=f"/can-bo/viec/{task_id}",
        case=case,
        kind=kind,
        fact_id=fact_id,
        person=person,
        who=case.person(person) if person else "",
        doubt=fact.doubt if fact is not None else None,
        sources=[cases.source_of(case, item) for item in fact.evidence] if fact is not None else [],
        value=here.form.get("gia-tri", standing),
        reason=here.form.get("ly-do", ""),
        before=[{"value": said_of(kind, word["said"]["value"]), **word} for word in before],
        version=case.dossier.version,
    )


def fact_of(case, fact_id, person):
    """A fact of a person by key, or of the dossier; None where nobody says anything."""
    of_dossier, of_people = case.facts
    if person and person not in of_people:
        raise NotFound(person)
    return (of_people[person] if person else of_dossier).get(fact_id)
