"""Carries out what the officer decided about a stage: on to the next, back to the applicant, or to the end."""

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.workflow import outcomes

logger = Logger()
known = wiring.settings()
store, clock = wiring.store(known), wiring.clock(known)


@logger.inject_lambda_context
def handler(event, context):
    """Step RecordStage: {dossier_id, round} -> {next, stage, review_seconds}."""
    return outcomes.record_stage(event["dossier_id"], event["round"], store=store, clock=clock)
