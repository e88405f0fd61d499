"""The words of one document become its type and fields, with evidence."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial

from adapters import wiring
from adapters.reader import cores
from aws_lambda_powertools import Logger
from casework.reading import read_fields
from casework.workflow import reading

logger = Logger()
known = wiring.settings()
store, files, reader = wiring.store(known), wiring.files(known), wiring.reader(known)
threads = ThreadPoolExecutor(cores())


def side_by_side(function, parts):
    """As map, in threads that know whose call they answer: one paper's second look does not keep the others waiting."""
    contexts = [copy_context() for _ in parts]
    return threads.map(lambda context, part: context.run(function, part), contexts, parts)


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
        read_fields=partial(read_fields, each=side_by_side),
    )
    return {"reading_key": key}
