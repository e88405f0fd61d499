"""Asks one registry one question about a dossier; question, answer and time are kept."""

from adapters import wiring
from aws_lambda_powertools import Logger, Metrics
from casework.workflow import answering

logger, metrics = Logger(), Metrics()
known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
answers_at = wiring.answers_at(known)


registry = wiring.registries(known, wiring.heard_of_another(metrics))


@logger.inject_lambda_context
def handler(event, context):
    """Step ConsultRegistry: {dossier_id, round, registry} -> {status}; silence and promises are raised and retried."""
    status = answering.consult_registry(
        event["dossier_id"],
        event["round"],
        event["registry"],
        store=store,
        files=files,
        registry=registry(event["registry"]),
        clock=clock,
        answers_at=answers_at,
    )
    return {"status": status}
