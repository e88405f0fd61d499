"""Routes of one's own data: everything of a dossier as one file to take along, and erasing what was never handed in.

They are the owner's alone, as the pages under /ho-so/{id}/du-lieu are; an officer takes a decision along as evidence.
"""

from datetime import datetime

from answers import answer
from applicants import seen
from aws_lambda_powertools.event_handler.api_gateway import Router
from casework.workflow import my_data
from views import dossier_view
from world import applicant_of, clock, expected_version, files, store

router = Router()


@router.put(
    "/v1/dossiers/<dossier_id>/export",
    summary="Have everything of your dossier made into one file; asked again within ten minutes it is the same one",
    tags=["dossiers"],
)
def order_export(dossier_id: str):
    actor = applicant_of(router.current_event)
    return told(my_data.order_export(dossier_id, actor, store=store, clock=clock))


@router.get(
    "/v1/dossiers/<dossier_id>/export",
    summary="The file of your dossier's data: none, being_made, or ready with a link, good for five minutes",
    tags=["dossiers"],
)
def show_export(dossier_id: str):
    applicant_of(router.current_event)
    return told(seen(dossier_id))


@router.delete("/v1/dossiers/<dossier_id>", summary="Erase a dossier that was never handed in", tags=["dossiers"])
def erase_dossier(dossier_id: str):
    actor, version = applicant_of(router.current_event), expected_version(router.current_event)
    dossier = my_data.erase(dossier_id, actor, version, store=store, clock=clock)
    return answer(dossier_view(dossier, store), version=dossier.version)


def told(dossier):
    """The last file ordered. state: none (never ordered, gone after seven days, or the dossier is erased), being_made
    or ready."""
    export = None if my_data.is_erased(dossier) else my_data.last_export(dossier.id, store=store, clock=clock)
    found = {"state": "none", "ordered_at": None, "kept_until": None, "size_bytes": None, "url": None}
    if export:
        until = datetime.fromisoformat(export["ordered_at"]) + my_data.KEPT_FOR
        found |= {"state": "being_made", "ordered_at": export["ordered_at"]}
        found |= {"kept_until": until.isoformat(timespec="seconds")}
    if export and export["key"]:
        link = files.bundle_link(export["key"], f"{dossier.code}.zip")
        found |= {"state": "ready", "size_bytes": export["size_bytes"], "url": link}
    return answer(found, version=dossier.version)
