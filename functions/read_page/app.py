"""One page becomes words with boxes, and an image to look at."""

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.workflow import reading

logger = Logger()
known = wiring.settings()
files, reader = wiring.files(known), wiring.reader(known)


@logger.inject_lambda_context
def handler(event, context):
    """Step ReadPage: {dossier_id, document_id, upload_id, object_version, page_number} -> {page_number, readable}."""
    readable = reading.read_page(
        event["dossier_id"],
        event["document_id"],
        event["upload_id"],
        event["object_version"],
        event["page_number"],
        files=files,
        reader=reader,
    )
    return {"page_number": event["page_number"], "readable": readable}
