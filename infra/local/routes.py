"""The routes of the template's REST API: method, path, the function behind it, and who may come in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.template import NotCarried, Template


@dataclass(frozen=True)
class Route:
    """One method of one path. `scopes` is None for a public route, else any one of them opens it."""

    method: str
    path: str
    function: str
    scopes: tuple[str, ...] | None


def routes(template: Template) -> tuple[Route, ...]:
    """Every method of every REST API of the template, with the function behind it and the scopes that open it."""
    found = []
    for name, properties in template.of_type("AWS::ApiGateway::RestApi").items():
        body = properties.get("Body")
        if body is None:
            raise NotCarried(f"{name}: a REST API without events or an OpenAPI body")
        for path, methods in body["paths"].items():
            for method, operation in methods.items():
                if method == "options" and "mock" in json.dumps(operation.get("x-amazon-apigateway-integration", {})):
                    continue  # the translator's CORS answer, played by the front door
                function = _function_behind(template, operation, f"{method} {path}")
                security = [
                    given
                    for entry in operation.get("security", body.get("security", []))
                    for name, given in entry.items()
                    if name not in ("api_key", "NONE")
                ]
                scopes = tuple(scope for given in security for scope in given)
                found.append(
                    Route(
                        "ANY" if method == "x-amazon-apigateway-any-method" else method.upper(),
                        path,
                        function,
                        scopes if security else None,
                    )
                )
    return tuple(found)


def _function_behind(template: Template, operation: Mapping[str, Any], what: str) -> str:
    integration = json.dumps(operation.get("x-amazon-apigateway-integration", {}))
    names = set(re.findall(r"\$\{(\w+)\.Arn\}", integration)) & set(template.code)
    if len(names) != 1:
        raise NotCarried(f"route {what}: not answered by exactly one function of the template")
    return names.pop()
