"""What people may ask about their own data: everything of a dossier as one file, or the files of an erased one gone."""

from adapters import wiring
from adapters.leaving import work_of
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from casework.workflow import mending, my_data

logger = Logger()
known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
processor = BatchProcessor(event_type=EventType.SQS)


@logger.inject_lambda_context
def handler(event, context):
    """A batch of {dossier_id, effect_id}; what fails comes back. Done again it does no harm."""
    return process_partial_response(event=event, record_handler=answer, processor=processor, context=context)


def answer(record):
    """One request."""
    dossier_id, effect_id = work_of(record.body)
    with mending.told("data_requests", dossier_id, effect_id, store=store, clock=clock):
        done = my_data.answer_request(dossier_id, effect_id, store=store, outbox=store, files=files, clock=clock)
    logger.info("data request", extra={"dossier": dossier_id, "result": done})
