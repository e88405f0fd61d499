"""What infra/template.yaml promises about who may come in: routes, people, integrators; and how stages are deployed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from casework.errors import problem, problems

from tests.template_file import ROOT, Promises, deployed, events, of_type, properties, template

Template = dict[str, Any]

promise = Promises()

ANY = "x-amazon-apigateway-any-method"
PUBLIC_ROUTES = {
    ("get", "/"), ("get", "/v1/openapi.json"), ("get", "/v1/problems/{slug}"), ("get", "/v1/health"),
    ("get", "/v1/procedures"), ("get", "/v1/procedures/{procedure_id}"),
    ("get", "/v1/papers/{token}"), ("get", "/xac-minh"), ("get", "/xac-minh/{token+}"),
    ("post", "/registries/{registry}/answers/{address}"),  # the function asks who it is, by the signature
    ("post", "/v1/lookups"), ("post", "/v1/lookups/answers"), (ANY, "/tra-cuu"), (ANY, "/tra-cuu/{path+}"),
    # Pages: the function itself asks who it is, by the session in the cookie.
    ("get", "/tro-giup"), ("get", "/assets/{name}"), ("get", "/dich-vu/{path+}"), (ANY, "/dang-nhap"),
    ("get", "/mau/{name}"),
    (ANY, "/dang-nhap/{path+}"), ("post", "/dang-xuat"), ("get", "/ho-so"), (ANY, "/ho-so/{path+}"),
    ("get", "/can-bo"), (ANY, "/can-bo/{path+}"),
}  # fmt: skip
SIGNED_IN = "aws.cognito.signin.user.admin"  # what every signed-in person's access token carries
SCOPES = [f"motcua/{area}.{act}" for area in ("dossiers", "reviews") for act in ("read", "write")]


def break_route(t: Template, event: str, **auth: Any) -> None:
    properties(t, "ApiFunction")["Events"][event]["Properties"].update(Auth=auth)


@promise(
    lambda t: break_route(t, "ShowDossier", Authorizer="NONE"),
    lambda t: break_route(t, "ShowDossier", Authorizer="CognitoTokens"),
    lambda t: break_route(
        t, "DecideTask", Authorizer="CognitoTokens", AuthorizationScopes=[SIGNED_IN, "motcua/reviews.read"]
    ),
    lambda t: break_route(
        t, "ListTasks", Authorizer="CognitoTokens", AuthorizationScopes=[SIGNED_IN, "motcua/dossiers.read"]
    ),
    lambda t: break_route(t, "ShowHealth", Authorizer="CognitoTokens", AuthorizationScopes=[SIGNED_IN]),
    lambda t: properties(t, "ApiFunction")["Events"]["ShowDossier"]["Properties"].pop("Auth"),
)
def routes_ask_for_a_token_of_ours(t: Template) -> Iterator[str]:
    """As API Gateway gets them: any token of ours comes in. Whether its scope opens this route the function says, in
    the caller's language and with 403 (tests/integration/test_authority.py)."""
    body = deployed(t)["Resources"]["Api"]["Properties"]["Body"]
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            demanded = operation.get("security", [])
            if (method, path) in PUBLIC_ROUTES:
                if demanded not in ([], [{"NONE": []}]):
                    yield f"{method} {path}: asks for a token"
                continue
            if demanded != [{"CognitoTokens": [SIGNED_IN, *SCOPES]}]:
                yield f"{method} {path}: {demanded}"


@promise(
    lambda t: gateway_says(t)["UNAUTHORIZED"]["ResponseTemplates"].update({"application/json": "{}"}),
    lambda t: gateway_says(t)["REQUEST_TOO_LARGE"].update(StatusCode=400),
    lambda t: gateway_says(t)["THROTTLED"]["ResponseParameters"]["Headers"].pop("Content-Language"),
    lambda t: gateway_says(t).pop("MISSING_AUTHENTICATION_TOKEN"),
)
def the_gateway_speaks_like_every_other_problem(t: Template) -> Iterator[str]:
    """Its texts are fixed when it is deployed: Vietnamese first, both beside it, as problems.toml has them."""
    wanted = {
        "UNAUTHORIZED": "unauthenticated", "ACCESS_DENIED": "forbidden", "MISSING_AUTHENTICATION_TOKEN": "not-found",
        "THROTTLED": "too-many-requests", "REQUEST_TOO_LARGE": "request-too-large", "DEFAULT_5XX": "internal-error",
    }  # fmt: skip
    if set(gateway_says(t)) != set(wanted):
        yield f"answers {set(gateway_says(t)) ^ set(wanted)}"
    for kind, says in gateway_says(t).items():
        told = problem(wanted[kind], request_id="$context.requestId")
        body = {
            "type": f"/v1/problems/{told.type}",
            "status": problems()[told.type]["status"],
            "title": told.title,
            "detail": told.detail,
            "texts": {
                "vi": {"title": told.title, "detail": told.detail},
                "en": {"title": told.title_en, "detail": told.detail_en},
            },
            "request_id": "$context.requestId",
        }
        if kind == "DEFAULT_5XX":
            del body["status"]  # it stands for 500, 502, 503 and 504 alike
        if json.loads(says["ResponseTemplates"]["application/json"]) != body:
            yield f"{kind}: other words than {told.type}"
        if says.get("StatusCode") != body.get("status"):
            yield f"{kind}: status {says.get('StatusCode')}"
        headers = says["ResponseParameters"]["Headers"]
        if headers.get("Content-Language") != "'vi'" or "problem+json" not in headers["Content-Type"]:
            yield f"{kind}: {headers}"


def gateway_says(t: Template) -> dict[str, Any]:
    """What the gateway answers itself, by its own names."""
    said: dict[str, Any] = properties(t, "Api")["GatewayResponses"]
    return said


def test_every_route_is_listed_once_and_goes_to_the_api():
    found = [(had["Method"], had["Path"]) for _, _, had in events(template(), "Api")]
    assert len(found) == len(set(found))
    written = {(ANY if method == "any" else method, path) for method, path in found}
    assert written >= PUBLIC_ROUTES
    assert {had["RestApiId"]["Ref"] for _, _, had in events(template(), "Api")} == {"Api"}


@promise(
    lambda t: properties(t, "PeopleClient")["WriteAttributes"].append("custom:office"),
    lambda t: properties(t, "PeopleClient").pop("WriteAttributes"),
    lambda t: properties(t, "PeopleClient").update(PreventUserExistenceErrors="LEGACY"),
    lambda t: properties(t, "UserPool").update(AdminCreateUserConfig={"AllowAdminCreateUserOnly": False}),
    lambda t: properties(t, "UserPool")["Policies"]["PasswordPolicy"].update(MinimumLength=8),
    lambda t: properties(t, "UserPool").update(MfaConfiguration="OFF"),
    lambda t: t["Resources"].pop("SupervisorsGroup"),
)
def people_cannot_promote_themselves(t: Template) -> Iterator[str]:
    pool, client = properties(t, "UserPool"), properties(t, "PeopleClient")
    if set(client.get("WriteAttributes", ["custom:office"])) != {"email", "name"}:
        yield "a person may write his own office"
    if client["GenerateSecret"] or client["PreventUserExistenceErrors"] != "ENABLED":
        yield "a browser keeps no secret, and no answer tells who has an account"
    if pool["AdminCreateUserConfig"] != {"AllowAdminCreateUserOnly": True}:
        yield "anybody may open an account"
    if pool["Policies"]["PasswordPolicy"]["MinimumLength"] < 12 or pool["MfaConfiguration"] == "OFF":
        yield "weak sign-in"
    groups = {group["Properties"]["GroupName"] for group in of_type(t, "AWS::Cognito::UserPoolGroup").values()}
    if groups != {"applicants", "officers", "supervisors", "administrators"}:
        yield f"groups {groups}"


@promise(
    lambda t: properties(t, "IntegratorClient")["AllowedOAuthScopes"].append("motcua/reviews.write"),
    lambda t: properties(t, "IntegratorClient").update(AllowedOAuthFlows=["implicit"]),
    lambda t: properties(t, "Scopes")["Scopes"].pop(0),
)
def integrators_file_and_never_decide(t: Template) -> Iterator[str]:
    client = properties(t, "IntegratorClient")
    defined = {f"motcua/{scope['ScopeName']}" for scope in properties(t, "Scopes")["Scopes"]}
    if set(client["AllowedOAuthScopes"]) != {"motcua/dossiers.read", "motcua/dossiers.write"}:
        yield f"scopes {client['AllowedOAuthScopes']}"
    if client["AllowedOAuthFlows"] != ["client_credentials"] or client["GenerateSecret"] is not True:
        yield "not by credentials of their own"
    used = {scope for _, _, had in events(t, "Api") for scope in had["Auth"].get("AuthorizationScopes", [])} - {
        SIGNED_IN
    }
    if used != defined:
        yield f"asked for and defined differ: {used ^ defined}"


def test_each_stage_deploys_as_itself():
    stages = tomllib.loads((ROOT / "samconfig.toml").read_text())
    for environment, stage in (("default", "dev"), ("staging", "staging"), ("prod", "prod")):
        deploy = stages[environment]["deploy"]["parameters"]
        given = dict(one.split("=", 1) for one in deploy["parameter_overrides"])
        assert given["Stage"] == stage
        assert deploy["stack_name"] == f"motcua-{stage}"
        assert set(given) <= set(template()["Parameters"])
        assert given["PublicUrl"].startswith("https://")
        assert given["RegistryBaseUrl"].startswith("https://")
        assert "PretendNow" not in given or stage != "prod"
    assert stages["prod"]["deploy"]["parameters"]["confirm_changeset"] is True


test_promise_is_kept = promise.test_of_each()
test_breach_is_noticed = promise.test_of_each_breach()
