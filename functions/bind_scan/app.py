"""The pages of a document that was read become one PDF that can be searched: the pictures, with their words beneath."""

from adapters import wiring
from adapters.leaving import work_of
from adapters.searchable import bind_pages
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from casework.workflow import binding, mending

logger = Logger()
known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
processor = BatchProcessor(event_type=EventType.SQS)


@logger.inject_lambda_context
def handler(event, context):
    """A batch of {dossier_id, effect_id}; what fails comes back. A reading bound before is not bound again."""
    return process_partial_response(event=event, record_handler=bind, processor=processor, context=context)


def bind(record):
    """One document's reading."""
    dossier_id, effect_id = work_of(record.body)
    with mending.told("scans", dossier_id, effect_id, store=store, clock=clock):
        done = binding.bind_scan(dossier_id, effect_id, store=store, outbox=store, files=files, bind=bind_pages)
    logger.info("scan", extra={"dossier": dossier_id, "result": done})
