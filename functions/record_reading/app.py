"""One transaction: the document is read or rejected, and a dossier that waited for it becomes ready."""

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.document import Problem
from casework.plain import from_plain
from casework.workflow import reading

logger = Logger()
known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)


@logger.inject_lambda_context
def handler(event, context):
    """Step RecordReading: {dossier_id, document_id, upload_id, object_version, inspection} -> {document_state}."""
    inspection = event["inspection"]
    refused = inspection["problem"]
    state = reading.record_reading(
        event["dossier_id"],
        event["document_id"],
        event["upload_id"],
        event["object_version"],
        inspection["pages"],
        from_plain(Problem, refused) if refused else None,
        store=store,
        files=files,
        clock=clock,
    )
    return {"document_state": state}
