"""The words of one document become its type and fields, with evidence."""

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.reading import read_fields
from casework.workflow import reading

logger = Logger()
known = wiring.settings()
store, files, reader = wiring.store(known), wiring.files(known), wiring.reader(known)


@logger.inject_lambda_context
def handler(event, context):
    """Step ExtractFields: {dossier_id, document_id, upload_id, object_version, pages} -> {reading_key}."""
    key = reading.extract_fields(
        event["dossier_id"],
        event["document_id"],
        event["upload_id"],
        event["object_version"],
        event["pages"],
        store=store,
        files=files,
        reader=reader,
        read_fields=read_fields,
    )
    return {"reading_key": key}
