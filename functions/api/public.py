"""Routes without sign-in: is it alive, what does it speak, what does a problem mean, what does a service ask for."""

import functools
import json

from answers import answer
from casework import procedures
from casework.dossier import vietnam_day
from casework.errors import NotFound, problems
from casework.offices import filing_offices
from casework.plain import to_plain
from openapi import complete
from world import clock, known

DESCRIPTION = (
    "Một Cửa: nộp hồ sơ, theo dõi, duyệt. File dossiers, follow them, decide them. Send papers in three calls: "
    "announce (POST …/documents), upload (the presigned form), then read what was read (GET …/documents/{id})."
)

PUBLIC = frozenset(
    (
        "/v1/health",
        "/v1/openapi.json",
        "/v1/problems/{slug}",
        "/v1/procedures",
        "/v1/procedures/{procedure_id}",
        "/v1/papers/{token}",
        "/v1/lookups",
        "/v1/lookups/answers",
    )
)


def register_public(app):
    @app.get("/v1/health", summary="Is it alive", tags=["public"])
    def health():
        return answer({"status": "ok", "stage": known.need("STAGE"), "now": clock().isoformat()})

    @app.get("/v1/problems/<slug>", summary="What a problem means and what to do", tags=["public"])
    def show_problem(slug: str):
        if slug not in problems():
            raise NotFound(slug)
        return answer({"slug": slug, **problems()[slug]})

    @app.get("/v1/procedures", summary="The services, and which take dossiers here", tags=["public"])
    def list_procedures():
        return answer({"items": [in_list(procedure) for procedure in in_force(vietnam_day(clock()))]})

    @app.get("/v1/procedures/<procedure_id>", summary="What a service asks for", tags=["public"])
    def show_procedure(procedure_id: str):
        try:
            procedure = procedures.load(procedure_id, vietnam_day(clock()))
        except LookupError:  # no such service, or no version of it that covers today
            raise NotFound(procedure_id) from None
        return answer(
            {
                **in_list(procedure),
                "law": list(procedure.law),
                "declarable": sorted(procedure.declarable),
                "papers": to_plain(procedure.papers),
                "stages": to_plain(procedure.stages),
                "offices": [{"code": o.code, "title": to_plain(o.title)} for o in filing_offices(procedure)],
                "rules": [{"id": rule.id, "says": to_plain(rule.says), "law": rule.law} for rule in procedure.rules],
            }
        )

    @app.get("/v1/openapi.json", summary="This description", tags=["public"])
    def openapi():
        return answer(described())

    @functools.cache
    def described():
        text = app.get_openapi_json_schema(title="Một Cửa", version="1", description=DESCRIPTION)
        return complete(json.loads(text), PUBLIC)


def in_force(day):
    """The services whose law covers a day, by id."""
    for procedure_id in procedures.ids():
        try:
            yield procedures.load(procedure_id, day)
        except LookupError:
            continue  # no version of it covers the day: nothing can be filed under it


def in_list(procedure):
    return {
        "id": procedure.id,
        "title": to_plain(procedure.title),
        "version": procedure.version,
        "open_for_filing": procedure.open_for_filing,
        "links": {"self": f"/v1/procedures/{procedure.id}"},
    }
