"""How answers leave: JSON in UTF-8, problems by RFC 9457 in the caller's language, never cached."""

import dataclasses
import json
import re

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent
from casework.errors import IllegalTransition, NotFound, Refused, StaleVersion, problem, problem_details
from openapi import SIGNED_IN, scope_of

LARGEST_BODY = 4 * 2**20  # letters: a decision on 5,000 people, each with a reason; the gateway itself takes 10 MB
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def answer(data, status=200, *, version=None, headers=None):
    """JSON with an ETag made of the dossier's version."""
    found = {**HEADERS, **(headers or {})}
    if version is not None:
        found["ETag"] = f'"{version}"'
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Response(status, "application/json; charset=utf-8", body, headers=found)


def problem_answer(found, event, *, extra=None, headers=None):
    """A problem in Vietnamese, or in English where the caller prefers it; both texts travel along."""
    english = prefers_english(event.headers.get("accept-language") or "")
    body = {**problem_details(found, english=english), **(extra or {})}
    text = json.dumps(body, ensure_ascii=False)
    language = {"Content-Language": "en" if english else "vi"}
    return Response(
        body["status"],
        "application/problem+json; charset=utf-8",
        text,
        headers={**HEADERS, **language, **(headers or {})},
    )


def prefers_english(wanted):
    """Whether Accept-Language (RFC 9110) weighs English above Vietnamese."""
    weights = {"vi": 0.0, "en": 0.0}
    for part in wanted.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";")
        language = name.partition("-")[0]
        found = re.fullmatch(r"q=([01](?:\.\d{0,3})?)", weight or "q=1")
        if language in weights and found:
            weights[language] = max(weights[language], float(found[1]))
    return weights["en"] > weights["vi"]


def refuse_scope(raw_event):
    """The proxy answer to a token that is good but not for this route, or None. The gateway lets every scope of ours
    in: it could only answer 401, in one language."""
    event = APIGatewayProxyEvent(raw_event)
    claims = (raw_event["requestContext"].get("authorizer") or {}).get("claims")
    if not claims:
        return None  # a public route
    needed = {SIGNED_IN, scope_of(event.http_method.lower(), event.resource)}
    if needed & set(str(claims.get("scope", "")).split()):
        return None
    return _proxy(problem_answer(problem("forbidden"), event))


def refuse_body(raw_event):
    """The proxy answer to a body that is no JSON in UTF-8, or None: what it says is checked by the routes."""
    event = APIGatewayProxyEvent(raw_event)
    if not event.body:
        return None
    if len(event.body) > LARGEST_BODY:
        return _proxy(problem_answer(problem("request-too-large"), event))
    media_type = (event.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        return _proxy(problem_answer(problem("unsupported-media-type"), event))
    try:
        strict_json(event.decoded_body)
    except ValueError:  # no UTF-8, or no JSON
        return _proxy(problem_answer(problem("malformed-json"), event))
    return None


def strict_json(text):
    """JSON as RFC 8259 has it. Raises ValueError for NaN and the like, a name given twice, and bottomless nesting."""
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_twice)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def _refuse_twice(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name is given twice")
    return dict(pairs)


def _proxy(response):
    return {
        "statusCode": response.status_code,
        "headers": {**response.headers, "Content-Type": response.content_type},
        "body": response.body,
        "isBase64Encoded": False,
    }


def register_errors(app, logger):
    """One table turns errors into answers; what is not in it is our mistake, told as such with the request's id."""

    @app.exception_handler(Refused)
    def refused(error):
        return problem_answer(error.problem, app.current_event)

    @app.exception_handler(NotFound)
    def gone(error):
        return problem_answer(problem("not-found"), app.current_event)

    @app.exception_handler(StaleVersion)
    def busy(error):
        return problem_answer(problem("busy"), app.current_event, headers={"Retry-After": "2"})

    @app.exception_handler(IllegalTransition)
    def late(error):
        logger.warning("illegal transition", extra={"why": str(error)})
        return problem_answer(problem("dossier-not-open"), app.current_event)

    @app.exception_handler(RequestValidationError)
    def invalid(error):
        found = error.errors()
        if any(item["type"] == "json_invalid" for item in found):
            return problem_answer(problem("malformed-json"), app.current_event)
        errors = [{"pointer": _pointer(item["loc"]), "detail": item["msg"]} for item in found]
        return problem_answer(problem("validation-failed"), app.current_event, extra={"errors": errors})

    @app.exception_handler(RequestUnsupportedContentType)
    def other_content(error):
        return problem_answer(problem("unsupported-media-type"), app.current_event)

    @app.not_found
    def unknown(error):
        allowed = _methods(app, app.current_event.path)
        if allowed:
            headers = {"Allow": ", ".join(sorted(allowed))}
            return problem_answer(problem("method-not-allowed"), app.current_event, headers=headers)
        return problem_answer(problem("not-found"), app.current_event)

    @app.exception_handler(ServiceError)
    def service(error):
        return problem_answer(problem("malformed-json"), app.current_event)

    @app.exception_handler(Exception)
    def ours(error):
        request_id = app.context.get("request_id", "")
        logger.exception("our mistake")
        told = dataclasses.replace(problem("internal-error", request_id=request_id))
        return problem_answer(told, app.current_event, extra={"request_id": request_id})


def _pointer(location):
    """Pydantic's place of an error as a JSON pointer into the body, or the name of a parameter."""
    where = [str(part) for part in location]
    return "/" + "/".join(where[1:]) if where and where[0] == "body" else "/".join(where)


def _methods(app, path):
    """The methods this path would take."""
    routes = [*app._static_routes, *app._dynamic_routes]
    return {method for route in routes if re.match(route.rule, path) for method in _as_list(route.method)}


def _as_list(method):
    return [method] if isinstance(method, str) else list(method)
