"""After a failure: records it and hands the dossier to a person."""

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.workflow import relaying

logger = Logger()
known = wiring.settings()
store, clock = wiring.store(known), wiring.clock(known)


@logger.inject_lambda_context
def handler(event, context):
    """Step ParkDossier: {dossier_id, document_id, execution, failure: {Error, Cause}} -> {state}."""
    failure = event["failure"]
    logger.error("parked", extra={"dossier": event["dossier_id"], "error": failure.get("Error")})
    state = relaying.park(
        event["dossier_id"],
        event["document_id"],
        event["execution"],
        failure.get("Error") or "",
        failure.get("Cause") or "",
        store=store,
        clock=clock,
    )
    return {"state": state}
