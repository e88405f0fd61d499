"""Takes what a registry answers later, by a call of its own: signed, fresh, and to a question of ours."""

import base64
import json
import time

from adapters import wiring
from adapters.registries.http import LARGEST_ANSWER_BYTES, parse_body
from adapters.registries.signature import is_signed
from aws_lambda_powertools import Logger, Metrics
from casework.errors import NotFound, RegistryUnavailable, problem, problem_details
from casework.workflow import answering

logger, metrics = Logger(), Metrics()
known = wiring.settings()
store, files, clock = wiring.store(known), wiring.files(known), wiring.clock(known)
secret = wiring.registry_answers_secret(known)
answers_at, heard_of_another = wiring.answers_at(known), wiring.heard_of_another(metrics)


@logger.inject_lambda_context
def handler(event, context):
    """API Gateway's proxy event -> 204; the same answer sent again is taken again, and changes nothing."""
    body = (event.get("body") or "").encode()
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body)
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if not is_signed(secret(), headers.get("x-signature", ""), body, time.time()):
        return told("unauthenticated")
    if len(body) > LARGEST_ANSWER_BYTES:
        return told("request-too-large")
    where = event["pathParameters"]
    try:
        answering.receive_answer(
            where["address"],
            where["registry"],
            parse_body(body),
            store=store,
            files=files,
            clock=clock,
            answers_at=answers_at,
        )
    except NotFound:
        return told("not-found")
    except RegistryUnavailable as wrong:
        if wrong.of_another:
            heard_of_another(where["registry"], where["address"])
        logger.warning("no answer", extra={"registry": where["registry"], "reason": wrong.reason})
        return told("answer-not-believed", reason=wrong.reason)
    return {"statusCode": 204, "headers": {"Cache-Control": "no-store"}, "body": ""}


def told(slug, **values):
    """A problem (RFC 9457)."""
    body = problem_details(problem(slug, **values))
    headers = {"Content-Type": "application/problem+json", "Content-Language": "vi", "Cache-Control": "no-store"}
    return {"statusCode": body["status"], "headers": headers, "body": json.dumps(body, ensure_ascii=False)}
