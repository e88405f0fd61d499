"""The description of the interface (OpenAPI 3.1): what the routes' code cannot say of itself is said here, as data.

Powertools describes paths, parameters and bodies; who may come in, which headers count and how problems look comes on
top. What the gateway asks for stands in infra/template.yaml; a test holds the two together.
"""

from casework.errors import problems

SIGNED_IN = "aws.cognito.signin.user.admin"  # what every signed-in person's access token carries
OF_OFFICES = ("/v1/tasks", "/v1/parked", "/v1/desk")
VERSION_NEEDED = {  # whatever changes what somebody looked at; a lease, a draft or a new thing does not
    ("post", "/v1/dossiers/{dossier_id}/submit"),
    ("post", "/v1/dossiers/{dossier_id}/withdraw"),
    ("delete", "/v1/dossiers/{dossier_id}"),
    ("delete", "/v1/dossiers/{dossier_id}/documents/{document_id}"),
    ("put", "/v1/dossiers/{dossier_id}/documents/{document_id}/corrections"),
    ("post", "/v1/tasks/{task_id}/decision"),
    ("post", "/v1/tasks/{task_id}/undo"),
    ("post", "/v1/tasks/{task_id}/reopen"),
    ("post", "/v1/tasks/{task_id}/facts"),
    ("post", "/v1/tasks/{task_id}/registries/{registry}/confirmation"),
    ("put", "/v1/desk/profile"),
    ("post", "/v1/parked/{dossier_id}/resume"),
}
ANSWERS_NOTHING = ("/v1/desk/next", "/v1/desk/profile")  # 404 without a name in the address
MAKES_SOMETHING = {
    ("post", "/v1/dossiers"),
    ("post", "/v1/dossiers/{dossier_id}/documents"),
    ("post", "/v1/dossiers/{dossier_id}/documents/{document_id}/uploads"),
    ("post", "/v1/tasks/{task_id}/papers"),
}

BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": (
        "An access token of the Cognito user pool. A person signs in and carries the scope "
        f"{SIGNED_IN}; a system takes one by client credentials and carries motcua/dossiers.read and .write."
    ),
}
ACCEPT_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "examples": ["vi", "en"]},
    "description": "The language of a problem's title and detail: vi, or en. Both are always in texts.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Made by you, one for each thing you want made. The same request again gives the same answer.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string", "examples": ['"3"']},
    "description": "The ETag of the version you looked at; where another has come since, the answer is 412.",
}
STATUSES = {
    400: "The request cannot be understood",
    401: "Not signed in",
    403: "Not allowed to this account, or the token lacks the scope of this address",
    404: "Not there, or not yours to see",
    409: "The state it is in does not allow this",
    412: "Another version has come since: load it again",
    413: "Too large",
    415: "Not a type of content that is taken here",
    422: "Some values are not right",
    428: "If-Match is missing",
    429: "Too many requests: try again after Retry-After seconds",
    500: "Our mistake",
    503: "Busy: try again after Retry-After seconds",
}
SAID = {
    "type": "object",
    "required": ["title", "detail"],
    "properties": {"title": {"type": "string"}, "detail": {"type": "string"}},
}


def complete(document, public):
    """The generated description with security, headers, what is made, and problems. `public`: paths without sign-in."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method, path, path in public)
    components = document["components"]
    for unused in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        components["schemas"].pop(unused, None)
    components["schemas"]["Problem"] = _problem_schema()
    components["responses"] = {f"Problem{status}": _problem_response(status) for status in STATUSES}
    components["securitySchemes"] = {"accessToken": BEARER}
    components["parameters"] = {
        "AcceptLanguage": ACCEPT_LANGUAGE,
        "IdempotencyKey": IDEMPOTENCY_KEY,
        "IfMatchNeeded": {**IF_MATCH, "required": True},
    }
    return document


def _complete(operation, method, path, is_public):
    route = (method, path)
    operation["security"] = [] if is_public else [{"accessToken": [scope]} for scope in (SIGNED_IN, scope_of(*route))]
    headers = {
        "AcceptLanguage": True,
        "IdempotencyKey": route in MAKES_SOMETHING,
        "IfMatchNeeded": route in VERSION_NEEDED,
    }
    named = [{"$ref": f"#/components/parameters/{name}"} for name, counts in headers.items() if counts]
    operation["parameters"] = [*operation.get("parameters", []), *named]
    done = operation["responses"]["200"]
    if route in MAKES_SOMETHING:
        done = {**done, "description": "Made"}
    operation["responses"] = {
        "201" if route in MAKES_SOMETHING else "200": done,
        **{
            str(status): {"$ref": f"#/components/responses/Problem{status}"}
            for status in _problems_of(operation, route, is_public)
        },
    }


def scope_of(method, path):
    """The scope of ours that opens a route to a token."""
    area = "reviews" if path.startswith(OF_OFFICES) else "dossiers"
    return f"motcua/{area}.{'read' if method == 'get' else 'write'}"


def _problems_of(operation, route, is_public):
    """The statuses of the problems a route can answer with, in order."""
    method, path = route
    found = {429, 500}
    if not is_public:
        found |= {401, 403}
    if "{" in path or path in ANSWERS_NOTHING:
        found |= {404}
    if any("schema" in parameter for parameter in operation["parameters"]):
        found |= {400, 422} if path in ("/v1/dossiers", *OF_OFFICES) else {422}
    if method != "get":
        found |= {409, 503}
    if "requestBody" in operation:
        found |= {400, 413, 415, 422}
    if route in VERSION_NEEDED:
        found |= {412, 428}
    return sorted(found)


def _problem_response(status):
    examples = sorted(slug for slug, entry in problems().items() if entry["status"] == status)
    return {
        "description": f"{STATUSES[status]}. Types: {', '.join(examples)}",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _problem_schema():
    return {
        "type": "object",
        "description": "RFC 9457. What it means and what to do stands at the address in type.",
        "required": ["type", "title", "detail", "texts"],
        "properties": {
            "type": {"type": "string", "examples": ["/v1/problems/not-found"]},
            "status": {"type": "integer"},
            "title": {"type": "string"},
            "detail": {"type": "string"},
            "texts": {"type": "object", "required": ["vi", "en"], "properties": {"vi": SAID, "en": SAID}},
            "errors": {
                "type": "array",
                "description": "validation-failed: what does not fit, by its place",
                "items": {
                    "type": "object",
                    "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                },
            },
            "request_id": {"type": "string", "description": "To be quoted when you ask us"},
        },
    }
