"""Puts a task into the approval queue, keeping its task token."""

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.workflow import reviewing

logger = Logger()
known = wiring.settings()
store, clock = wiring.store(known), wiring.clock(known)


@logger.inject_lambda_context
def handler(event, context):
    """Step RequestReview: {dossier_id, round, stage, token}; the machine waits for the token, not for this answer."""
    reviewing.request_review(
        event["dossier_id"], event["round"], event["stage"], event["token"], store=store, clock=clock
    )
