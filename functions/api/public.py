"""Routes without sign-in: is it alive, what does it speak, what does a problem mean, what does a service ask for."""

import functools
import json

from answers import answer
from casework import procedures
from casework.dossier import vietnam_day
from casework.errors import NotFound, problems
from casework.plain import to_plain
from world import clock, known

DESCRIPTION = (
    "Một Cửa: nộp hồ sơ, theo dõi, duyệt. File dossiers, follow them, decide them. Send papers in three calls: "
    "announce (POST …/documents), upload (the presigned form), then read what was read (GET …/documents/{id})."
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

    @app.get("/v1/procedures/<procedure_id>", summary="What a service asks for", tags=["public"])
    def show_procedure(procedure_id: str):
        try:
            procedure = procedures.load(procedure_id, vietnam_day(clock()))
        except KeyError:
            raise NotFound(procedure_id) from None
        return answer(
            {
                "id": procedure.id,
                "title": to_plain(procedure.title),
                "version": procedure.version,
                "law": list(procedure.law),
                "declarable": sorted(procedure.declarable),
                "papers": to_plain(procedure.papers),
                "stages": to_plain(procedure.stages),
                "rules": [{"id": rule.id, "says": to_plain(rule.says), "law": rule.law} for rule in procedure.rules],
            }
        )

    @app.get("/v1/openapi.json", summary="This description", tags=["public"])
    def openapi():
        return answer(described())

    @functools.cache
    def described():
        text = app.get_openapi_json_schema(title="Một Cửa", version="1", description=DESCRIPTION)
        return json.loads(text)
