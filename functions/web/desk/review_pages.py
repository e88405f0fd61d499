"""One task: what to look at, the papers with their fields, the rules, the registries, the history, the decision."""

from casework.document import Text
from casework.errors import NotFound
from casework.review import may_see, refuse_officer
from casework.workflow import reviewing
from casework.workflow.granting import by_month
from casework.workflow.reading import image_key
from casework.workflow.signalling import signals_of
from casework.signals import kinds as signal_kinds
from desk import case as cases
from desk.history import told
from desk.people import keys_on, officer_of
from desk.places import cut
from desk.shown import OUTCOMES, due_of, stage_title
from pages import go, go_elsewhere, page
from papers import type_name
from world import clock, files, store

ROWS_AT_ONCE = 100
SHORTCUTS = (
    ("c / u", Text("nhận xử lý, trả về hàng chờ", "claim it, give it back")),
    ("f / F", Text("chỗ cần xem tiếp theo, trước đó", "next thing to check, previous one")),
    ("j / k", Text("mục sau, mục trước", "next item, previous item")),
    ("e", Text("sửa mục đang chọn", "correct the chosen item")),
    ("+  -  0  t", Text("phóng to, thu nhỏ, vừa khung, xoay trang", "zoom in, out, fit, turn the page")),
    ("a p r q s b x", Text("chọn kết quả (chữ bên cạnh từng kết quả)", "choose the outcome (letter beside each)")),
    ("l / y", Text("lý do theo quy định, ô lý do", "coded reason, text of the reason")),
    ("g", Text("xem trước, rồi gửi", "look before sending, then send")),
    ("?", Text("bảng phím này", "this table")),
)


def register(app, visit):
    @app.get("/can-bo/viec/<task_id>")
    def show_task(task_id: str):
        return task_page(visit(), task_id)

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
    """The task and its dossier. Raises NotFound; Refused: not-an-officer, other-office, own-dossier."""
    actor = officer_of(here)
    task, dossier = reviewing.load_task(task_id, store=store)
    refuse_officer(task, dossier, actor)
    return task, dossier


def task_page(here, task_id, status=200, *, said=None, wrong=None, errors=(), notice=""):
    """The review page. `said`: what the officer wrote in the form; `wrong`: what is to be mended in it."""
    task, dossier = seen_task(here, task_id)
    now = clock()
    case = cases.load_case(task, dossier)
    first = _number(here.query.get("giay"))
    papers = cases.papers_of(case, first)
    differences, rules = cases.contradictions(case), cases.rules_of(case)
    holder = task.holder(now)
    base = f"/can-bo/viec/{task.id}"
    return page(
        here,
        "desk/case",
        status,
        pictures_from=_pictures_of(case),
        scripted=bool(errors),
        errors=list(errors),
        wrong=wrong or {},
        said=said or {},
        keys=keys_on(here),
        shortcuts=SHORTCUTS,
        back="/can-bo",
        base=base,
        case=case,
        due=due_of(task.due_on, task.overdue, now),
        holder={"mine": holder == here.person.id, "who": holder, "name": holder[:8], "until": task.claimed_until},
        papers=papers,
        pager=_pager(len(dossier.live_documents), first, cases.MOST_PAPERS),
        points=cases.open_points(case),
        differences=differences,
        signals=_signals(case),
        rules=rules,
        people=people_of(case, _number(here.query.get("nguoi"))) if case.is_list else None,
        registries=cases.registries_of(case),
        settings=cases.settings_of(case),
        earlier=_earlier(case),
        history=told(store.audit(dossier.id), here.person.id),
        may={},
        notice=notice,
    )


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


def _signals(case):
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
    found = []
    for record in store.records(case.dossier.id, "DECISION#"):
        data = record.data
        found.append(
            {
                "round": data["round"],
                "stage": stage_title(case.dossier.procedure, data["stage"]),
                "outcome": OUTCOMES[data["outcome"]],
                "reason": data["reason"],
                "at": data["at"],
            }
        )
    return found


def _pictures_of(case):
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
