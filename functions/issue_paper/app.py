"""A paper that was ordered is printed, kept and put on its dossier: receipts, requests, apologies, decisions."""

from adapters import wiring
from adapters.leaving import work_of
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from casework.workflow import issuing, mending

logger = Logger()
known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
printer = wiring.printer(known)
public_url = known.need("PUBLIC_URL")
processor = BatchProcessor(event_type=EventType.SQS)


@logger.inject_lambda_context
def handler(event, context):
    """A batch of orders {dossier_id, effect_id}; what fails comes back. A paper made before is not made again."""
    return process_partial_response(event=event, record_handler=issue, processor=processor, context=context)


def issue(record):
    """One order."""
    order = work_of(record.body)
    with mending.told("papers", *order, store=store, clock=clock):
        paper = issuing.issue_paper(
            *order,
            store=store,
            outbox=store,
            files=files,
            printer=printer,
            new_token=wiring.new_token,
            public_url=public_url,
            clock=clock,
        )
    logger.info("paper", extra={"paper": paper.id, "kind": paper.kind, "bytes": paper.size_bytes})
