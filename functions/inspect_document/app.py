"""Safety gate: is the file what it says it is, is it bounded; how many pages has it."""

from adapters import wiring
from adapters.inspection import inspect
from aws_lambda_powertools import Logger
from casework.plain import to_plain
from casework.workflow import reading

logger = Logger()
known = wiring.settings()
store, files = wiring.store(known), wiring.files(known)


def count_pages(data, file_name):
    return inspect(data, file_name).page_count


@logger.inject_lambda_context
def handler(event, context):
    """Step InspectDocument: {dossier_id, document_id, upload_id, object_version} -> {acceptable, pages, problem}."""
    pages, refused = reading.inspect_document(
        event["dossier_id"],
        event["document_id"],
        event["upload_id"],
        event["object_version"],
        store=store,
        files=files,
        inspect=count_pages,
    )
    return {"acceptable": refused is None, "pages": list(range(1, pages + 1)), "problem": to_plain(refused)}
