"""Sending papers: the form that goes straight to the store, the same by script with progress, and pages put in order.

An upload is announced first, so that it can be told apart, waited for and sent again. A script announces each file it
sends under a key made of the form's key and the file's content: a file is one upload, however often it is tried.
"""

import itertools
import json
import re
import uuid

from adapters.limits import UPLOAD_LIMITS
from aws_lambda_powertools.event_handler import Response
from casework.errors import NotFound, Refused, problem, problems
from casework.workflow import arranging, filing
from casework.workflow.admission import MEDIA_TYPES, TYPES_SAID, FileToCome, FileToSend
from filing_pages import applicant_of
from pages import go, page
from papers import own_document, own_dossier, page_number, paper_path, sender
from world import clock, files, store

WORLD = {"store": store, "files": files, "clock": clock}
MOVES = {"len": -1, "xuong": 1}


def register(app, visit):
    @app.post("/ho-so/<dossier_id>/giay-to")
    def add_paper(dossier_id: str):
        """A new paper is expected; the next page takes its file. The same form sent twice is one paper."""
        here, actor = sender(visit())
        key = _key(here)
        nth = len(own_dossier(dossier_id, actor).documents) + 1
        to_come = FileToCome(here.t(f"Giấy tờ {nth}", f"Paper {nth}"), here.address(f"/ho-so/{dossier_id}/giay-to"))
        document, upload, _ = filing.add_document(dossier_id, to_come, actor, key, **WORLD)
        return go(here, f"{paper_path(dossier_id, document.id)}/gui?tep={upload.id}")

    @app.post("/ho-so/<dossier_id>/giay-to/<document_id>/lai")
    def send_more(dossier_id: str, document_id: str):
        """A whole paper again, one page of it (`trang`), or further pages (`them`)."""
        here, actor = sender(visit())
        to_come = FileToCome(here.t("Tệp gửi lại", "File sent again"), here.address("/ho-so"), *_part(here))
        _, upload, _ = filing.add_upload(dossier_id, document_id, to_come, actor, _key(here), **WORLD)
        return go(here, f"{paper_path(dossier_id, document_id)}/gui?tep={upload.id}")

    @app.get("/ho-so/<dossier_id>/giay-to/<document_id>/gui")
    def show_send_form(dossier_id: str, document_id: str):
        """The form that goes straight to the store. One whose file has come is not shown again: it would send another
        file in its place."""
        here = visit()
        dossier = own_dossier(dossier_id, applicant_of(here))
        document = own_document(dossier, document_id)
        upload = document.upload(here.query.get("tep", ""))
        if upload is None:
            raise NotFound(document_id)
        if upload.object_version:
            return go(here, f"{paper_path(dossier_id, document_id)}?cho={upload.id}")
        form = send_form(here, dossier, document, upload)
        values = {"dossier": dossier, "document": document, "form": form, "back": f"/ho-so/{dossier_id}/giay-to"}
        return page(here, "send", sends_to=form["grant"].url, scripted=True, **values)

    @app.post("/ho-so/<dossier_id>/giay-to/<document_id>/bao")
    def announce(dossier_id: str, document_id: str):
        """A file that a script is about to send, told beforehand; what cannot be taken is told before it is sent."""
        here, actor = sender(visit())
        try:
            file = _announced(here)
            document, upload, grant = filing.add_upload(dossier_id, document_id, file, actor, _key(here), **WORLD)
        except Refused as refused:
            found = refused.problem
            return _json({"problem": _told(here, found)}, problems()[found.type]["status"])
        next_page = f"{here.root}{paper_path(dossier_id, document.id)}?cho={upload.id}"
        spoiled = _told(here, problem("checksum-mismatch"))
        there = upload.state in ("received", "read")
        return _json({"url": grant.url, "fields": grant.fields, "next": next_page, "there": there, "spoiled": spoiled})

    @app.post("/ho-so/<dossier_id>/giay-to/<document_id>/xep")
    def arrange(dossier_id: str, document_id: str):
        """A page one place up or down, or out of the paper."""
        here, actor = sender(visit())
        document = own_document(own_dossier(dossier_id, actor), document_id)
        order, number = [ref.number for ref in document.pages], page_number(here.form.get("trang", ""))
        version = here.form.get("ban", "")
        if not version.isdecimal() or len(version) > 9:
            raise Refused(problem("version-missing"))
        moved = _moved(order, number, here.form.get("viec", ""))
        waited_for = arranging.arrange_pages(
            dossier_id, document_id, moved, actor, int(version), store=store, clock=clock
        )
        return go(here, f"{paper_path(dossier_id, document_id)}?cho={waited_for}")


def send_form(here, dossier, document, upload):
    """All that a form for one upload holds: where it sends, what of the paper it brings, the limits that are said."""
    back_to = here.address(f"{paper_path(dossier.id, document.id)}?cho={upload.id}")
    before = itertools.takewhile(lambda other: other.id != upload.id, document.uploads)
    replaces = not upload.adds and any(other.object_version and other.state != "rejected" for other in before)
    grant = filing.grant_again(dossier.id, document.id, upload.id, here.actor, back_to, store=store, files=files)
    return {
        "grant": grant,
        "announce": f"{paper_path(dossier.id, document.id)}/bao",
        "key": uuid.uuid4().hex[:24] if upload.object_version else upload.id[:24],
        "page": upload.page,
        "adds": upload.adds,
        "part": "page" if upload.page is not None else "whole" if replaces else "further",
        "limit_mb": UPLOAD_LIMITS.bytes >> 20,
        "most_pages": UPLOAD_LIMITS.pages,
    }


def _announced(here):
    """The file a script tells of. Raises Refused."""
    said = here.form
    size, kind = said.get("co", ""), said.get("loai", "")
    if kind not in MEDIA_TYPES:
        raise Refused(problem("file-type-not-allowed", types=TYPES_SAID))
    if not size.isdecimal() or len(size) > 12 or not re.fullmatch("[0-9a-f]{64}", said.get("sha256", "")):
        raise Refused(problem("validation-failed"))
    name = said.get("ten", "")[:255] or here.t("Tệp đã gửi", "File sent")
    return FileToSend(name, int(size), said["sha256"], kind, *_part(here))


def _part(here):
    """Which part of a paper a file is: (the page it replaces, whether it adds pages)."""
    number = page_number(here.form.get("trang", ""))
    return number, number is None and here.form.get("them", "") == "1"


def _moved(order, number, move):
    """The order after one page moved or left. Raises Refused: page-unknown."""
    if number not in order:
        raise Refused(problem("page-unknown", page=number or ""))
    place, rest = order.index(number), [other for other in order if other != number]
    if move == "bo":
        return rest
    place = min(max(place + MOVES.get(move, 0), 0), len(rest))
    return [*rest[:place], number, *rest[place:]]


def _told(here, found):
    return {"title": here.t(found.title, found.title_en), "detail": here.t(found.detail, found.detail_en)}


def _json(data, status=200):
    text = json.dumps(data, ensure_ascii=False)
    return Response(status, "application/json; charset=utf-8", text, headers={"Cache-Control": "no-store"})


def _key(here):
    key = here.form.get("khoa", "")
    if not 1 <= len(key) <= 64 or not key.isalnum():
        raise Refused(problem("idempotency-key-missing"))
    return key
