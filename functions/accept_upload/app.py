"""An uploaded object starts the reading of its document: S3's events, by way of a queue, one record at a time."""

import json
from urllib.parse import unquote_plus

from adapters import wiring
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from casework.errors import NotFound
from casework.workflow import mending, reading

logger = Logger()
known = wiring.settings()
bucket = known.need("INCOMING_BUCKET")
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
processor = BatchProcessor(event_type=EventType.SQS)


@logger.inject_lambda_context
def handler(event, context):
    """SQS batch of S3 events -> {batchItemFailures}; a record that fails is the only one that comes back."""
    return process_partial_response(event=event, record_handler=accept, processor=processor, context=context)


def accept(record):
    """One message; a failure is told in the log here and answered by the queue."""
    try:
        accept_message(json.loads(record.body))
    except Exception:
        logger.exception("upload event not accepted", extra={"message": record.message_id})
        raise


def accept_message(message):
    """An S3 notification (with any number of records) or S3's test event."""
    if message.get("Event") == "s3:TestEvent":
        return
    for found in message["Records"]:
        accept_object(found["s3"], found["eventName"])


def accept_object(s3, event_name):
    """Objects we did not ask for are left alone: they are not under a key that a grant names."""
    key = unquote_plus(s3["object"]["key"])
    parts = key.split("/")
    if s3["bucket"]["name"] != bucket or len(parts) != 4 or parts[0] != "uploads":
        logger.warning("not an upload of ours", extra={"event": event_name, "parts": len(parts)})
        return
    _, dossier_id, document_id, upload_id = parts
    with mending.told("upload_events", dossier_id, upload_id, store=store, clock=clock):
        result = receive(dossier_id, document_id, upload_id, s3["object"].get("sequencer", ""))
    logger.info("upload received", extra={"dossier": dossier_id, "upload": upload_id, "result": result})


def receive(dossier_id, document_id, upload_id, sequencer):
    """What became of an upload."""
    try:
        return reading.receive_upload(
            dossier_id, document_id, upload_id, sequencer, store=store, files=files, clock=clock
        )
    except NotFound:
        return "unannounced"
