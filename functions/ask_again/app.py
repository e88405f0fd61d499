"""Asks again what registries left open, at their pace; an answer before the decision is taken at once."""

from adapters import wiring
from adapters.registries import asked_over_the_wire
from aws_lambda_powertools import Logger, Metrics
from casework.workflow import answering

MARGIN_MILLIS = 40_000  # one more question, with its waits and its deadline, fits into this

logger, metrics = Logger(), Metrics()
known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
answers_at = wiring.answers_at(known)


registry = wiring.registries(known, wiring.heard_of_another(metrics))


@logger.inject_lambda_context
def handler(event, context):
    """The schedule's event -> {registry: {asked, answered, closed}}."""
    done = {}
    for name in asked_over_the_wire():
        done[name] = answering.ask_again(
            name,
            store=store,
            files=files,
            registry=registry(name),
            clock=clock,
            enough=lambda: context.get_remaining_time_in_millis() < MARGIN_MILLIS,
            answers_at=answers_at,
        )
    logger.info("asked again", extra={"done": done})
    return done
