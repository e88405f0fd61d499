"""Finds what stands still: dossiers past a deadline, waiting too long for a machine, or parked. Rings the alarm."""

from adapters import wiring
from adapters.store import watch_queues
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from casework.workflow import relaying

PAGE = 200

logger, metrics = Logger(), Metrics()
known = wiring.settings()
store, clock = wiring.store(known), wiring.clock(known)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event, context):
    """The schedule's event -> {watched, stalled}; the metric StalledDossiers is what the alarm looks at."""
    now, watched, stalled = clock(), 0, 0
    for dossier_id in watched_dossiers():
        watched += 1
        if relaying.stands_still(store.load(dossier_id), now):
            stalled += 1
            logger.warning("stands still", extra={"dossier": dossier_id})
    metrics.add_metric(name="StalledDossiers", unit=MetricUnit.Count, value=stalled)
    return {"watched": watched, "stalled": stalled}


def watched_dossiers():
    """Every dossier that is not in the applicant's hands, longest untouched first."""
    for queue in watch_queues():
        after = ""
        while True:
            page, after = store.queue(queue, after, PAGE)
            yield from (dossier_id for dossier_id, _ in page)
            if not after:
                break
