"""One task: what to look at, the papers with their fields, the rules, the registries, the history, the decision."""

from casework.document import Text
from casework.dossier import FINAL, State
from casework.errors import NotFound, Refused
from casework.interests import interest
from casework.reasons import reasons
from casework.review import DecisionRequest, refuse_role
from casework.signals import kinds as signal_kinds
from casework.workflow import deciding, leasing, searching, tasks
from casework.workflow.granting import by_month
from casework.workflow.reading import image_key
from casework.workflow.signalling import signals_of
from casework.workflow.viewing import views
from pages import go_elsewhere, page
from papers import type_name
from world import clock, files, second_look, store

from desk import case as cases
from desk import history
from desk.forms import ROW, WHY, said_of
from desk.people import keys_on, officer_of
from desk.places import cut
from desk.queue_pages import elsewhere, seconds_to_undo
from desk.shown import OUTCOME_KEYS, OUTCOMES, due_of, stage_title

ROWS_AT_ONCE = 100
MOST_NAMED, MOST_SEARCHED = 20, 3
SHORTCUTS = (
    ("c / u", Text("nhận xử lý, trả về hàng chờ", "claim it, give it back")),
    ("f / F", Text("chỗ cần xem tiếp theo, trước đó", "next thing to check, previous one")),
    ("j / k", Text("mục sau, mục trước", "next item, previous item")),
    ("e", Text("sửa mục đang chọn", "correct the chosen item")),
    ("v / w", Text("duyệt, từ chối người đang chọn", "approve, refuse the chosen person")),
    ("+  -  0  t", Text("phóng to, thu nhỏ, vừa khung, xoay trang", "zoom in, out, fit, turn the page")),
    ("a p r q s b x", Text("chọn kết quả (chữ bên cạnh từng kết quả)", "choose the outcome (letter beside each)")),
    ("l / y", Text("lý do theo quy định, ô lý do", "coded reason, text of the reason")),
    ("g", Text("xem trước, rồi gửi", "look before sending, then send")),
    ("?", Text("bảng phím này", "this table")),
)


def register(app, visit):
    @app.get("/can-bo/viec/<task_id>")
    def show_task(task_id: str):
        here = visit()
        tasks.look(task_id, officer_of(here), store=store, clock=clock)
        return task_page(here, task_id)

    @app.get("/can-bo/viec/<task_id>/giay/<document_id>/trang/<number>")
    def show_page_picture(task_id: str, document_id: str, number: str):
        """The rendered page: an original upload is never shown to an officer."""
        here = visit()
        _, dossier = seen_task(here, task_id)
        document = dossier.document(document_id)
        if document is None or not number.isdecimal() or len(number) > 4:
            raise NotFound(document_id)
        return go_elsewhere(here, files.page_image_link(image_key(dossier.id, document, int(number))))


def seen_task(here, task_id):
    """The task and its dossier. Raises NotFound; Refused: not-an-officer, other-office."""
    actor = officer_of(here)
    task, dossier = tasks.load_task(task_id, store=store)
    refuse_role(task, actor)
    return task, dossier


def task_page(here, task_id, status=200, *, said=None, asked=None, wrong=None, errors=()):
    """The review page. `said` and `asked`: what the officer wrote in the form; `wrong`: what is to be mended in it."""
    task, dossier = seen_task(here, task_id)
    actor, now = here.actor, clock()
    case = cases.load_case(task, dossier)
    first = _number(here.query.get("giay"))
    papers = cases.papers_of(case, first)
    why_not = interest(actor, store.profile(actor.id), dossier, case.kept or None)
    may = may_of(task, dossier, actor, why_not, now)
    if said is None:
        found = tasks.draft(task, actor, store=store)
        said, asked = said_of(found["words"]) if found else ({}, [])
    values = {
        "points": cases.open_points(case),
        "differences": cases.contradictions(case),
        "signals": signals_of_case(case),
        "rules": cases.rules_of(case),
        "people": people_of(case, _number(here.query.get("nguoi"))) if case.is_list else None,
    }
    may["rows"] = may["decide"] and case.is_list and case.stage.final
    holder = task.holder(now)
    return page(
        here,
        "desk/case",
        status,
        pictures_from=pictures_of(case),
        scripted=bool(errors),
        errors=list(errors),
        wrong=wrong or {},
        said=said,
        asked=asked or [],
        keys=keys_on(here),
        shortcuts=SHORTCUTS,
        back="/can-bo",
        base=f"/can-bo/viec/{task.id}",
        case=case,
        version=dossier.version,
        due=due_of(task, now),
        holder={
            "mine": holder == actor.id,
            "who": holder,
            "name": task.holder_name or here.t("Một đồng nghiệp", "A colleague"),
            "until": task.claimed_until,
        },
        papers=papers,
        pager=_pager(len(dossier.live_documents), first, cases.MOST_PAPERS),
        registries=cases.registries_of(case),
        settings=cases.settings_of(case),
        earlier=_earlier(case),
        history=with_names(history.told(store.audit(dossier.id), views(dossier.id, store=store), actor.id)),
        others=others_of(here, case),
        may=may,
        interest=why_not,
        officers=leasing.officers(actor, store=store) if may["assign"] else [],
        **values,
        **form_of(here, case, task, may, values["people"], said),
    )


def with_names(entries):
    """The history with the names that officers gave themselves."""
    ids = list(dict.fromkeys(entry["who"] for entry in entries if entry["who"] and entry["office"]))[:MOST_NAMED]
    names = {officer: profile.name for officer in ids if (profile := store.profile(officer))}
    return [{**entry, "name": names.get(entry["who"], "")} for entry in entries]


def others_of(here, case):
    """Other dossiers of the area that hold a number of this one: of its unit, and of the first of its people."""
    who, found = case.procedure.who, {}
    unit = case.facts[0].get(who.unit)
    numbers = [(str(unit.value), Text("cùng đơn vị", "same employer"))] if unit is not None and unit.value else []
    for person in list(case.kept.get("people", {}).values())[:MOST_SEARCHED]:
        why = Text(f"cùng người: {person['name']}", f"same person: {person['name']}")
        numbers += [(number.partition(":")[2], why) for number in person.get("numbers", ())[:1]]
    for number, why in numbers:
        for one in searching.search(number, here.actor, store=store):
            if one.dossier.id != case.dossier.id:
                found.setdefault(one.dossier.id, {**elsewhere(here, one.dossier), "why": why})
    return list(found.values())


def may_of(task, dossier, actor, why_not, now):
    """What this person may do with the task now; casework refuses the same and more."""
    is_open = task.state == "open"
    free = task.holder(now) in ("", actor.id)
    phase = actor.id not in task.looked and (task.phase != "adjudication" or actor.role == "supervisor")
    decide = is_open and free and phase and why_not is None
    return {
        "claim": decide and task.holder(now) == "",
        "decide": decide,
        "dismiss": decide,
        "unlock": is_open and not free and actor.role == "supervisor",
        "assign": is_open and actor.role == "supervisor",
        "undo": task.decision.get("by") == actor.id and seconds_to_undo(task, dossier, actor.id, now) > 0,
        "correct": decide,
        "reopen": actor.role == "supervisor"
        and dossier.state in FINAL - {State.WITHDRAWN}
        and (dossier.round, dossier.stage) == (task.round, task.stage),
        "ask_again": decide,
    }


def form_of(here, case, task, may, people, said):
    """What stands in the form of the decision: outcomes the stage has, coded reasons, what it is there to confirm."""
    stage, procedure = case.stage, case.procedure
    if stage.final:
        choices = ["approve", "approve_in_part", "refuse", "ask", "send_back"]
    else:
        choices = ["send_on", "ask", "send_back"]
    foremost = task.stage == (case.dossier.way or tuple(one.id for one in procedure.stages))[0]
    if foremost:
        choices.remove("send_back")
        if not case.dossier.requests:
            choices.append("not_accept")
    if not case.is_list and "approve_in_part" in choices:
        choices.remove("approve_in_part")
    said_rows = {f"{kind}{row['key']}" for row in (people or {"rows": []})["rows"] for kind in (ROW, WHY)}
    return {
        "outcomes": [{"id": one, "title": OUTCOMES[one], "key": OUTCOME_KEYS[one]} for one in choices],
        "reasons": [reason for reason in reasons(procedure) if set(reason.outcomes) & set(choices)],
        "confirms": [{"id": fact, "title": procedure.kinds[fact].title} for fact in stage.confirms],
        "quick": quick_of(here, case, task) if may["decide"] and case.dossier.route == "fast_lane" else None,
        "prior": _looks(task) if task.phase == "adjudication" and may["decide"] else [],
        "decided": _decided(task),
        "kept_rows": [
            (name, value) for name, value in said.items() if name.startswith((ROW, WHY)) and name not in said_rows
        ],
    }


def quick_of(here, case, task):
    """The fast lane: one look, one key. What would be done, and what the applicant would be told."""
    if case.stage.confirms:
        return None
    outcome = "approve" if case.stage.final else "send_on"
    request = DecisionRequest(outcome, undoable=True)
    try:
        seen = deciding.preview(
            task.id, request, here.actor, store=store, files=files, clock=clock, second_look=second_look
        )
    except Refused:
        return None  # it takes more than one key: the form says what is wanted
    return {
        "outcome": outcome,
        "title": OUTCOMES[outcome],
        "texts": seen["texts"],
        "total_vnd": seen["total_vnd"],
    }


def people_of(case, first=0):
    """The table of people with its sums."""
    rows, counts = cases.rows_of(case, first=first, limit=ROWS_AT_ONCE)
    months = {}
    for row in case.verdict.rows:
        for month, amount in by_month(row.counted_months, row.amount_vnd).items():
            months[month] = months.get(month, 0) + amount
    total = len(case.verdict.rows)
    return {
        "rows": rows,
        "counts": counts,
        "total": total,
        "by_month": dict(sorted(months.items())),
        "sum": sum(months.values()),
        "pager": _pager(total, first, ROWS_AT_ONCE),
    }


def signals_of_case(case):
    """What should make the officer look twice, with the places side by side."""
    found = []
    for signal in signals_of(case.dossier, store=store, files=files):
        kind = signal_kinds()[signal.kind]
        found.append(
            {
                "id": signal.id,
                "title": kind.title,
                "saw": signal.saw,
                "look": kind.look,
                "dismissed": signal.dismissed,
                "sides": [_side(case, place) for place in signal.places],
            }
        )
    return found


def _side(case, place):
    """One place of a signal: of this dossier with its piece of the page, of another by its code alone."""
    if place.dossier:
        text = Text("Hồ sơ khác", "Another dossier")
        return {"where": text, "value": place.value, "cut": None, "place": ""}
    document = case.dossier.document(place.document)
    name = type_name(document.document_type if document else "")
    page_vi, page_en = (f", trang {place.page}", f", page {place.page}") if place.page else ("", "")
    reading, piece, drawn = case.readings.get(place.document), None, ""
    sizes = {p.number: (p.width_px, p.height_px) for p in reading.pages} if reading else {}
    width, height = sizes.get(place.page, (0, 0))
    if place.box and width and height:
        drawn = case.places.at(place.document, place.page, place.box, place.value, doubtful=True)
        piece = {
            "document_id": place.document,
            "page": place.page,
            "size": (width, height),
            "view": cut(place.box, width, height),
            "box": place.box,
            "place": drawn,
        }
    where = Text(f"{name.vi}{page_vi}", f"{name.en}{page_en}")
    return {"where": where, "value": place.value, "cut": piece, "place": drawn}


def _earlier(case):
    """Decisions of earlier stages and rounds; those being compared blindly are none of them."""
    return [
        {
            "round": made["round"],
            "stage": stage_title(case.dossier.procedure, made["stage"]),
            "outcome": OUTCOMES[made["outcome"]],
            "reason": made["reason"],
            "at": made["at"],
            "undone": "undone" in made,
        }
        for made in tasks.decisions(case.dossier.id, store=store)
    ]


def _looks(task):
    return [{"outcome": OUTCOMES[made["outcome"]], "reason": made["reason"]} for made in tasks.looks(task, store=store)]


def _decided(task):
    made = task.decision
    if not made:
        return None
    return {"outcome": OUTCOMES[made["outcome"]], "at": made["at"], "reason": made["reason"]}


def pictures_of(case):
    for document in case.dossier.live_documents:
        for ref in document.pages:
            return files.page_image_link(image_key(case.dossier.id, document, ref.number))
    return ""


def _pager(total, first, at_once):
    """Steps through a long list; empty when all of it is there."""
    if total <= at_once:
        return []
    starts = range(0, total, at_once)
    return [
        {"first": start, "title": f"{start + 1}–{min(start + at_once, total)}", "now": start == first}
        for start in starts
    ]


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
