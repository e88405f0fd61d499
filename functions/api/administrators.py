"""Routes of administrators: dossiers that a failure parked, with the cause, and the way back into the line."""

from typing import Annotated

from answers import answer
from applicants import read_cursor, write_cursor
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from casework.workflow import relaying
from views import dossier_view
from world import administrator_of, clock, store

router = Router()


@router.get("/v1/parked", summary="Dossiers that a failure parked, longest first, with the cause", tags=["parked"])
def list_parked(limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: Annotated[str, Query(max_length=500)] = ""):
    actor = administrator_of(router.current_event)
    whose = ("parked", actor.id)
    page, after = store.queue("PARKED", read_cursor(cursor, *whose), limit)
    items = [{"dossier_id": dossier_id, **record.data} for dossier_id, record in page]
    return answer({"items": items, "next_cursor": write_cursor(after, *whose)})


@router.post("/v1/parked/<dossier_id>/resume", summary="Take a parked dossier back into the line", tags=["parked"])
def resume(dossier_id: str):
    dossier = relaying.resume(dossier_id, administrator_of(router.current_event), store=store, clock=clock)
    return answer(dossier_view(dossier, store), version=dossier.version)
