"""Queue and decisions as a table to take along, CSV or XLSX: one file where it fits, part by part where it does not.

Numbers of people are masked unless somebody gives a reason, which is kept with his name and on every dossier shown.
What makes tables is loaded when one is wanted.
"""

import dataclasses
import hashlib
from datetime import UTC, datetime, time

from casework.dossier import VIETNAM
from casework.facts import dictionary
from casework.offices import offices
from casework.workflow import exporting
from entries import NotTaken, entered
from pages import form_page, go_elsewhere
from world import clock, files, store

from desk.people import keys_on, officer_of

PARTS = 10  # reads of one file; what is more is the next part
MOST_ROWS = 20_000
FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
A_DAY = "contract.starts_on"  # a fact that is a day: how one is written
WHAT = {"hang-cho": "queue", "quyet-dinh": "decisions"}


def register(app, visit):
    @app.get("/can-bo/xuat")
    def ask_export():
        here = visit()
        return export_page(here, {"gi": "hang-cho", "dang": "xlsx"})

    @app.post("/can-bo/xuat")
    def export():
        """The file; where it is more than one, first what its parts are."""
        here = visit()
        here.check_form()
        actor, said = officer_of(here), here.form
        whole, wrong = said.get("so") == "du", {}
        since = since_of(here, wrong)
        if whole and not said.get("ly-do", "").strip():
            wrong["ly-do"] = here.t("Nhập lý do cần số đầy đủ", "Enter why the whole numbers are needed")
        if wrong:
            return export_page(here, said, wrong)
        what = WHAT.get(said.get("gi", ""), "queue")
        after = said.get("tu", "")[:200] or since
        table = gathered(what, actor, after, unmask=False, reason="")
        if table.following and said.get("tai") != "co":
            return export_page(here, said, part=(after, table))
        if whole and what == "decisions":
            table = gathered(what, actor, after, unmask=True, reason=said["ly-do"])
        return go_elsewhere(here, kept(table, actor, said.get("dang", "")))


def since_of(here, wrong):
    """Where the list of decisions begins, from a day as people write it; "" for its beginning."""
    text = here.form.get("tu-ngay", "").strip()
    if not text:
        return ""
    try:
        day = datetime.fromisoformat(entered(dictionary()[A_DAY], text)).date()
    except NotTaken as not_taken:
        wrong["tu-ngay"] = here.t(not_taken.vi, not_taken.en)
        return ""
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC).isoformat(timespec="seconds")


def gathered(what, actor, after, *, unmask, reason):
    """As much of a list as one file holds, with where the next begins."""
    rows, table = [], None
    for _ in range(PARTS):
        if what == "queue":
            table = exporting.export_queue(actor, after, store=store, clock=clock)
        else:
            table = exporting.export_decisions(
                actor, after, unmask=unmask, reason=reason, store=store, files=files, clock=clock
            )
        rows += table.rows
        after = table.following
        if not after or len(rows) >= MOST_ROWS:
            break
    return dataclasses.replace(table, rows=tuple(rows))


def kept(table, actor, form):
    """A link, good for five minutes, to the file of a table; it is gone by itself after a few days."""
    from adapters.spreadsheets import as_csv, as_xlsx

    form = form if form in FORMS else "xlsx"
    packed = (as_csv if form == "csv" else as_xlsx)(table.headings, table.rows)
    key = f"exports/desk/{actor.office}/{hashlib.sha256(packed).hexdigest()}.{form}"
    files.put_bundle(key, packed)
    named = f"{table.name}-{actor.office}-{clock().astimezone(VIETNAM):%Y%m%d-%H%M}.{form}"
    return files.bundle_link(key, named, FORMS[form])


def export_page(here, said, wrong=None, part=None):
    """The form. `part`: (where a file begins, its table) when there is more than one."""
    actor = officer_of(here)
    return form_page(
        here,
        "desk/export",
        wrong,
        sends_to=files.bundle_link("exports/desk", "x"),  # the form is answered with the file, which lies there
        keys=keys_on(here),
        shortcuts=None,
        back="/can-bo",
        office=offices().get(actor.office),
        said=said,
        most=MOST_ROWS,
        part={"after": part[0], "rows": len(part[1].rows), "following": part[1].following} if part else None,
    )
