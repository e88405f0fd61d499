"""Asks one registry one question about a dossier; question, answer and time are kept."""

from adapters import wiring
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from casework.workflow import answering

logger, metrics = Logger(), Metrics()
known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
answers_at = wiring.answers_at(known)


def heard_of_another(name, question_id):
    """A registry answered about somebody who was not asked: the metric is what the alarm looks at."""
    metrics.add_metric(name="AnswersAboutAnother", unit=MetricUnit.Count, value=1)
    metrics.add_metadata("registry", name)
    metrics.add_metadata("question", question_id)
    metrics.flush_metrics()


registry = wiring.registries(known, heard_of_another)


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
