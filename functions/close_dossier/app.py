"""The decision takes effect: the dossier ends, the applicant is told."""

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.workflow import outcomes

logger = Logger()
known = wiring.settings()
store, clock = wiring.store(known), wiring.clock(known)


@logger.inject_lambda_context
def handler(event, context):
    """Step CloseDossier: {dossier_id, round} -> {state}."""
    state = outcomes.close_dossier(event["dossier_id"], event["round"], store=store, clock=clock)
    return {"state": state}
