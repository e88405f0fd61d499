"""Reads again what the papers of a dossier seem to contradict each other in."""

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.workflow import looking_again

logger = Logger()
known = wiring.settings()
store, files, reader = wiring.store(known), wiring.files(known), wiring.reader(known)


@logger.inject_lambda_context
def handler(event, context):
    """Step LookAgain: {dossier_id, round} -> {looked_at}."""
    looked_at = looking_again.look_again(event["dossier_id"], event["round"], store=store, files=files, reader=reader)
    return {"looked_at": looked_at}
