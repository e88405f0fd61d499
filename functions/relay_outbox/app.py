"""The only place where effects leave: executions, task tokens, work for others, messages.

Fed by the table's stream, swept by a schedule.
"""

from adapters import wiring
from adapters.lookups import PARTITION
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from casework.workflow import looking_up, relaying

SWEEP_AT_ONCE = 100

logger = Logger()
known = wiring.settings()
store, lookups, clock = wiring.store(known), wiring.lookups(known), wiring.clock(known)
workflows, bench = wiring.workflows(known), wiring.bench(known)
messenger, texter = wiring.mail(known), wiring.text_messages(known)
public_url = known.need("PUBLIC_URL")
processor = BatchProcessor(event_type=EventType.DynamoDBStreams)


@logger.inject_lambda_context
def handler(event, context):
    """A batch of the stream, or the schedule's event for stragglers. What fails comes back."""
    if "Records" in event:
        return process_partial_response(event=event, record_handler=relay, processor=processor, context=context)
    return sweep()


def relay(record):
    """One new row of the outbox, or a question for a dossier by its code."""
    keys = record.dynamodb.keys
    if keys["pk"].startswith(PARTITION):
        world = {"lookups": lookups, "store": store, "messenger": messenger, "texter": texter}
        result = looking_up.send_digits(keys["pk"], keys["sk"], public_url=public_url, **world)
        logger.info("lookup", extra={"question": keys["sk"], "result": result})
        return
    dossier_id = keys["pk"].removeprefix("DOSSIER#")
    _, version, position = keys["sk"].split("#")
    deliver(dossier_id, f"{dossier_id}-{int(version)}-{position}")


def sweep():
    """Effects the stream did not get through, oldest first; one that fails again does not hold up the others."""
    waiting, failures = store.waiting(SWEEP_AT_ONCE), []
    for pending in waiting:
        try:
            deliver(pending.dossier_id, pending.effect.id)
        except Exception as error:  # noqa: BLE001 - the sweep goes on, and then fails as a whole
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(waiting)} effects could not be delivered", failures)
    return {"swept": len(waiting)}


def deliver(dossier_id, effect_id):
    """One effect; a failure is told in the log here and answered by whoever called us."""
    try:
        result = relaying.deliver(
            dossier_id,
            effect_id,
            store=store,
            outbox=store,
            workflows=workflows,
            messenger=messenger,
            texter=texter,
            bench=bench,
            public_url=public_url,
            clock=clock,
        )
    except Exception:
        logger.exception("effect not delivered", extra={"effect": effect_id})
        raise
    logger.info("effect", extra={"effect": effect_id, "result": result})
