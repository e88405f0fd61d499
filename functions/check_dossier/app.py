"""Runs the procedure's rules; keeps findings and route; asks the applicant for what only he can give."""

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.workflow import checking

logger = Logger()
known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)


@logger.inject_lambda_context
def handler(event, context):
    """Step CheckDossier: {dossier_id, round} -> {next, stage, review_seconds}."""
    return checking.check_dossier(event["dossier_id"], event["round"], store=store, files=files, clock=clock)
