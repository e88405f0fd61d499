"""API Gateway on this machine: the template's routes over HTTP, each request a proxy event for its function.

Knows the gateway's part: routing, the token check (signature, issuer, expiry, client, scopes), limits, the forms of
events and answers, the template's own texts for what the gateway says itself. Knows nothing of what the routes mean.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any

from casework.errors import problem
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from infra.local import outbox
from infra.local.cloud import Cloud
from infra.local.front_door import serve_on_loopback
from infra.local.routes import Route
from infra.local.sign_in import NotSignedIn
from infra.local.template import ACCOUNT

log = logging.getLogger("motcua.local")
LARGEST_BODY_BYTES = 10 * 1024 * 1024
_GATEWAY_SECONDS = 29.0


class Server:
    """The API of a running cloud on 127.0.0.1. A context manager; `base_url` is where; port 0 takes a free one."""

    def __init__(self, cloud: Cloud, port: int = 0) -> None:
        self._cloud, self._port = cloud, port
        self._routes = sorted(
            ((_pattern(route.path), route) for route in cloud.routes), key=lambda r: _order(r[1].path)
        )
        self._says = _gateway_responses(cloud)

    def __enter__(self) -> Server:
        self._server, self._thread = serve_on_loopback(self, self._port)
        self.base_url = f"http://127.0.0.1:{self._server.port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        request.max_content_length = LARGEST_BODY_BYTES
        request_id = str(uuid.uuid4())
        response = self._answer(request, request_id)
        response.headers["x-amzn-RequestId"] = request_id
        return response(environ, start)

    def _answer(self, request: Request, request_id: str) -> Response:
        try:
            body = request.get_data()
        except RequestEntityTooLarge:
            response = self._say("REQUEST_TOO_LARGE", 413, request_id)
            response.headers["Connection"] = "close"
            return response
        if (request.method, request.path) == ("GET", outbox.PATH):
            return outbox.outbox_page()
        there = [(route, match) for pattern, route in self._routes if (match := pattern.fullmatch(request.path))]
        if not there:
            return self._say("MISSING_AUTHENTICATION_TOKEN", 404, request_id)
        # Among paths that fit, the gateway takes the most literal one, whatever its methods.
        there = [(route, match) for route, match in there if route.path == there[0][0].path]
        chosen = next(((r, m) for r, m in there if r.method in (request.method, "ANY")), None)
        if chosen is None:
            return _method_not_allowed([route.method for route, _ in there], request_id)
        route, match = chosen
        claims: dict[str, Any] | None = None
        if route.scopes is not None:
            try:
                claims = self._admit(request, route)
            except NotSignedIn as error:
                log.info("refused at %s %s: %s", route.method, route.path, error)
                return self._say("UNAUTHORIZED", 401, request_id)
        event = _event(request, body, route, match.groupdict(), claims, request_id)
        result = self._cloud.containers.invoke(route.function, event)
        if result.failed:
            log.error("%s %s: %s", route.method, route.path, result.error)
            timed_out = result.payload["errorType"] == "Sandbox.Timedout" or result.seconds > _GATEWAY_SECONDS
            return self._say("INTEGRATION_FAILURE", 504 if timed_out else 502, request_id)
        return self._shape(result.payload, request_id)

    def _admit(self, request: Request, route: Route) -> dict[str, Any]:
        claims = self._cloud.sign_in.verify(request.headers.get("Authorization", ""))
        if not set(str(claims.get("scope", "")).split()) & set(route.scopes or ()):
            raise NotSignedIn("the token opens none of this route's scopes")
        return claims

    def _shape(self, answer: Any, request_id: str) -> Response:
        try:
            text, status = answer.get("body") or "", int(answer["statusCode"])
            body = base64.b64decode(text, validate=True) if answer.get("isBase64Encoded") else text.encode()
            given = {name: [value] for name, value in (answer.get("headers") or {}).items()}
            for name, values in (answer.get("multiValueHeaders") or {}).items():
                given.setdefault(name, []).extend(value for value in values if value not in given.get(name, []))
        except (AttributeError, KeyError, TypeError, ValueError, binascii.Error) as error:
            log.error("malformed proxy answer: %r", error)
            return self._say("INTEGRATION_FAILURE", 502, request_id)
        response = Response(body, status, content_type="application/json")
        for name, values in given.items():
            response.headers.setlist(name, [str(value) for value in values])
        return response

    def _say(self, kind: str, status: int, request_id: str) -> Response:
        """What the gateway answers itself, in the template's words where it has them."""
        template = self._says.get(kind) or self._says.get(f"DEFAULT_{status // 100}XX") or {}
        texts = template.get("responseTemplates", {})
        text = texts.get("application/json", '{"message": "$context.error.message"}')
        response = Response(
            text.replace("$context.requestId", request_id),
            status if kind == "INTEGRATION_FAILURE" else int(template.get("statusCode", status)),
            content_type="application/json",
        )
        for name, value in template.get("responseParameters", {}).items():
            response.headers[name.removeprefix("gatewayresponse.header.")] = value.strip("'")
        return response


def _method_not_allowed(allowed: Iterable[str], request_id: str) -> Response:
    """The gateway has no words for this of its own; told like all problems it tells, in Vietnamese first."""
    told = problem("method-not-allowed")
    texts = {
        "vi": {"title": told.title, "detail": told.detail},
        "en": {"title": told.title_en, "detail": told.detail_en},
    }
    body = {"type": f"/v1/problems/{told.type}", "status": 405, **texts["vi"], "texts": texts, "request_id": request_id}
    headers = {"Allow": ", ".join(sorted(allowed)), "Content-Language": "vi", "Cache-Control": "no-store"}
    kind = "application/problem+json; charset=utf-8"
    return Response(json.dumps(body, ensure_ascii=False), 405, headers, content_type=kind)


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\+?\})", path)
    return re.compile("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    found = re.fullmatch(r"\{(\w+)(\+?)\}", part)
    return re.escape(part) if not found else f"(?P<{found[1]}>{'(?s:.+)' if found[2] else '[^/]+'})"


def _order(path: str) -> tuple[tuple[int, str], ...]:
    """Literal segments before parameters before greedy ones, from the left."""
    return tuple((2 if part.endswith("+}") else 1 if part.startswith("{") else 0, part) for part in path.split("/"))


def _gateway_responses(cloud: Cloud) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for properties in cloud.template.of_type("AWS::ApiGateway::RestApi").values():
        found |= properties.get("Body", {}).get("x-amazon-apigateway-gateway-responses", {})
    return found


def _event(
    request: Request,
    body: bytes,
    route: Route,
    path_parameters: Mapping[str, str],
    claims: Mapping[str, Any] | None,
    request_id: str,
) -> dict[str, Any]:
    """The REST proxy event (payload 1.0) of a request."""
    now = dt.datetime.now(dt.UTC)
    query = {name: request.args.getlist(name) for name in request.args}
    headers: dict[str, list[str]] = {}
    for name, value in request.headers.items():
        headers.setdefault(name, []).append(value)
    try:
        text, encoded = body.decode("utf-8"), False
    except UnicodeDecodeError:
        text, encoded = base64.b64encode(body).decode(), True
    context: dict[str, Any] = {
        "accountId": ACCOUNT,
        "apiId": "local",
        "stage": "local",
        "protocol": request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
        "domainName": request.host.partition(":")[0],
        "resourceId": "local",
        "resourcePath": route.path,
        "httpMethod": request.method,
        "path": request.path,
        "requestId": request_id,
        "extendedRequestId": request_id,
        "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(time.time() * 1000),
        "identity": {"sourceIp": request.remote_addr, "userAgent": request.headers.get("User-Agent")},
    }
    if claims is not None:
        context["authorizer"] = {"claims": {name: _claim(value) for name, value in claims.items()}}
    return {
        "resource": route.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(path_parameters) or None,
        "stageVariables": None,
        "requestContext": context,
        "body": text or None,
        "isBase64Encoded": encoded,
    }


def _claim(value: Any) -> str:
    """The gateway hands every claim over as text; lists lose their brackets."""
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value)
