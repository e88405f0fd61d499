"""A decision: weighed before it is sent, with what the applicant will be told; sent once; taken back within two
minutes.

Whoever comes second is told who was first, and keeps what he wrote.
"""

from casework.document import Text
from casework.errors import Refused, StaleVersion, problem
from casework.workflow import confirming, deciding, leasing, tasks, undoing
from casework.workflow.signalling import dismiss
from pages import go, page
from world import clock, files, second_look, store

from desk.forms import ASKED, FIELD_OF, OVERTAKEN, REASON, request_of, said_in, said_of, words_of
from desk.people import keys_on, officer_of
from desk.review_pages import task_page
from desk.shown import OUTCOMES

SHORTCUTS = (
    ("g", Text("gửi quyết định", "send the decision")),
    ("b", Text("sửa lại", "change it")),
)


def register(app, visit):
    @app.post("/can-bo/viec/<task_id>/nhan")
    def claim(task_id: str):
        here = visit()
        here.check_form()
        return held(here, task_id, lambda actor: leasing.claim(task_id, actor, store=store, files=files, clock=clock))

    @app.post("/can-bo/viec/<task_id>/tra")
    def release(task_id: str):
        here = visit()
        here.check_form()
        leasing.release(task_id, officer_of(here), store=store, clock=clock)
        return go(here, "/can-bo")

    @app.post("/can-bo/viec/<task_id>/giu")
    def keep_claim(task_id: str):
        """Sent by the page while somebody works on it; the answer is only looked at by its status."""
        here = visit()
        here.check_form()
        return held(here, task_id, lambda actor: leasing.heartbeat(task_id, actor, store=store, clock=clock))

    @app.post("/can-bo/viec/<task_id>/mo-khoa")
    def unlock(task_id: str):
        here = visit()
        here.check_form()
        reason = here.form.get("ly-do", "")
        return held(here, task_id, lambda actor: leasing.unlock(task_id, actor, reason, store=store, clock=clock))

    @app.post("/can-bo/viec/<task_id>/giao")
    def assign(task_id: str):
        here = visit()
        here.check_form()
        to, reason = here.form.get("cho-ai", ""), here.form.get("ly-do", "")
        return held(
            here,
            task_id,
            lambda actor: leasing.assign(task_id, actor, to, reason, store=store, files=files, clock=clock),
        )

    @app.post("/can-bo/viec/<task_id>/nhap")
    def keep_draft(task_id: str):
        here = visit()
        here.check_form()
        said = said_in(here.form)
        kept(here, task_id, said)
        rows = here.form.get("trang-nguoi", "")
        where = f"?nguoi={rows}#tung-nguoi" if rows.isdecimal() else "?nhap=co"
        return go(here, f"/can-bo/viec/{task_id}{where}")

    @app.post("/can-bo/viec/<task_id>/quyet-dinh")
    def decide(task_id: str):
        here = visit()
        here.check_form()
        actor, said, asked = officer_of(here), said_in(here.form), here.chosen.get(ASKED, [])
        if here.form.get("buoc") == "sua":
            return task_page(here, task_id, said=said, asked=asked)
        quick = here.form.get("nhanh", "")
        try:
            request = request_of({} if quick else said, asked, quick)
            if not quick and here.form.get("buoc") != "gui":
                return preview_page(here, task_id, request)
            deciding.decide_stage(
                task_id,
                request,
                actor,
                known_version(here),
                store=store,
                files=files,
                clock=clock,
                second_look=second_look,
            )
        except Refused as refused:
            return not_taken(here, task_id, said, asked, refused.problem)
        except StaleVersion:
            return not_taken(here, task_id, said, asked, problem("busy"))
        return go(here, f"/can-bo?da={task_id}")

    @app.post("/can-bo/viec/<task_id>/hoan-tac")
    def undo(task_id: str):
        here = visit()
        here.check_form()
        try:
            undoing.undo(task_id, officer_of(here), known_version(here), store=store, clock=clock)
        except Refused as refused:
            return not_taken(here, task_id, {}, [], refused.problem)
        return go(here, f"/can-bo?lai={task_id}")

    @app.post("/can-bo/viec/<task_id>/mo-lai")
    def reopen(task_id: str):
        """A closed dossier begins a new round, with a reason; the first decision is kept."""
        here = visit()
        here.check_form()
        reason = here.form.get(REASON, "")
        try:
            undoing.reopen(task_id, officer_of(here), reason, known_version(here), store=store, clock=clock)
        except Refused as refused:
            return not_taken(here, task_id, {REASON: reason}, [], refused.problem)
        return go(here, "/can-bo")

    @app.post("/can-bo/viec/<task_id>/hoi-lai/<registry>")
    def ask_registry_again(task_id: str, registry: str):
        here = visit()
        here.check_form()
        actor = officer_of(here)
        try:
            confirming.ask_anew(task_id, registry, actor, store=store, files=files, clock=clock)
        except Refused as refused:
            return not_taken(here, task_id, {}, [], refused.problem)
        return go(here, f"/can-bo/viec/{task_id}?hoi={registry}#co-quan")

    @app.post("/can-bo/viec/<task_id>/dau-hieu/<signal_id>")
    def dismiss_signal(task_id: str, signal_id: str):
        here = visit()
        here.check_form()
        actor = officer_of(here)
        try:
            dismiss(task_id, signal_id, here.form.get(REASON, ""), actor, store=store, files=files, clock=clock)
        except Refused as refused:
            return not_taken(here, task_id, {}, [], refused.problem)
        return go(here, f"/can-bo/viec/{task_id}#can-xem")


def preview_page(here, task_id, request):
    """What follows from the decision, before it is sent; nothing is on record yet."""
    actor = officer_of(here)
    seen = deciding.preview(task_id, request, actor, store=store, files=files, clock=clock, second_look=second_look)
    task, _ = tasks.load_task(task_id, store=store)
    sent = {name: values for name, values in here.chosen.items() if name not in ("word", "buoc", "nhanh")}
    base = f"/can-bo/viec/{task_id}"
    return page(
        here,
        "desk/preview",
        keys=keys_on(here),
        shortcuts=SHORTCUTS,
        base=base,
        task=task,
        outcome=OUTCOMES[request.outcome],
        seen=seen,
        sent=sent,
    )


def held(here, task_id, hold):
    """A claim, kept, given or taken away: the task's page again, or why not."""
    try:
        hold(officer_of(here))
    except Refused as refused:
        return not_taken(here, task_id, {}, [], refused.problem)
    return go(here, f"/can-bo/viec/{task_id}")


def not_taken(here, task_id, said, asked, found):
    """The task as it is now with what the officer wrote; where somebody else was first it waits as his draft."""
    text = here.t(found.detail, found.detail_en)
    field = FIELD_OF.get(found.type)
    errors = [{"text": text, "href": f"#{field}"} if field else {"text": text}]
    if found.type in OVERTAKEN and said.get(REASON):
        kept(here, task_id, said, asked)
    status = 409 if found.type in OVERTAKEN else 422
    wrong = {field: text} if field else {}
    return task_page(here, task_id, status, said=said, asked=asked, wrong=wrong, errors=errors)


def kept(here, task_id, said, asked=None):
    """Keep what was written as this officer's draft on the task."""
    asked = here.chosen.get(ASKED, []) if asked is None else asked
    before = {name: value for name, value in draft_of(here, task_id)[0].items() if name not in here.form}
    words = words_of(request_of(before | said, asked, said.get("ket-qua") or before.get("ket-qua") or "-"))
    words["outcome"] = words["outcome"].strip("-")
    tasks.keep_draft(task_id, officer_of(here), words, store=store, clock=clock)


def draft_of(here, task_id):
    actor = officer_of(here)  # before anything is looked for: others do not learn whether it is there
    task, _ = tasks.load_task(task_id, store=store)
    found = tasks.draft(task, actor, store=store)
    return said_of(found["words"]) if found else ({}, [])


def known_version(here):
    """The version the officer looked at. Raises Refused: version-missing."""
    version = here.form.get("ban", "")
    if not version.isdecimal() or len(version) > 9:
        raise Refused(problem("version-missing"))
    return int(version)
