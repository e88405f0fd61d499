"""Every verb x every role x own and foreign, asked over HTTP: casework/rulebook/authority.toml is what holds.

One cloud for the module; dossiers are put into its table as the system in memory left them.
"""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from casework.authority import ALLOWED, COLUMNS, Verb, verbs
from casework.errors import problems
from casework.workflow import relaying

from infra.authority import PAGE, written
from infra.local.cloud import Cloud
from infra.local.serve import Server
from tests.fakes import SetClock
from tests.integration.test_api import BODIES, FILE, PASSWORD, RECEIPT, Api, scopes_asked_for, slug, task_id

KEEPS_OUT = {"unauthenticated", "forbidden", "not-found", "not-an-officer", "not-an-applicant", "other-office",
             "not-a-supervisor", "not-an-administrator"}  # fmt: skip
SENT: dict[str, Any] = {
    **BODIES,
    "POST /v1/tasks/{task_id}/unlock": {"reason": "x"},
    "POST /v1/tasks/{task_id}/reopen": {"reason": "x"},
    "POST /v1/tasks/{task_id}/papers": FILE,
    "POST /v1/desk/assign": {"reason": "x", "officer": "x", "tasks": ["x"]},
}
OWN = {"applicant": "applicant", "integrator": "integrator", "officer": "district", "supervisor": "leader",
       "administrator": "administrator"}  # fmt: skip
ELSEWHERE = {"applicant": "stranger", "officer": "elsewhere", "supervisor": "leader-elsewhere"}
ACCOUNTS = (("stranger", "applicants", ""), ("district", "officers", "H29.1"), ("elsewhere", "officers", "H29.2"),
            ("leader", "supervisors", "H29.1"), ("leader-elsewhere", "supervisors", "H29.2"),
            ("administrator", "administrators", "H29"), ("applicant", "applicants", ""))  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """The API, a dossier of the applicant and one of the integrator, both before the district."""

    api: Api
    dossiers: dict[str, Any]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Cloud(log_to=io.StringIO()) as cloud, Server(cloud) as server:
        cognito, tokens = cloud.client("cognito-idp"), {}
        for who, group, office in ACCOUNTS:
            account = {"UserPoolId": cloud.sign_in.pool_id, "Username": f"{who}@example.vn"}
            attributes = [{"Name": "custom:office", "Value": office}] if office else []
            cognito.admin_create_user(**account, UserAttributes=attributes, MessageAction="SUPPRESS")
            cognito.admin_set_user_password(**account, Password=PASSWORD, Permanent=True)
            cognito.admin_add_user_to_group(**account, GroupName=group)
            tokens[who] = cloud.sign_in.sign_in(account["Username"], PASSWORD)
        system = cloud.sign_in.integrators[0]
        asked = {"data": {"grant_type": "client_credentials"}, "auth": (system.client_id, system.client_secret)}
        tokens["integrator"] = requests.post(system.token_url, timeout=30, **asked).json()["access_token"]
        api = Api(cloud, server.base_url, tokens)
        dossiers = {who: api.in_review(who) for who in ("applicant", "integrator")}
        parked = api.in_review("stranger")
        relaying.park(parked.id, "", "an execution", "Runtime.ExitError", "cause", store=api.store, clock=SetClock())
        yield Stage(api, {**dossiers, "parked": parked})


def ask(stage: Stage, verb: Verb, column: str) -> requests.Response:
    """The verb in every respect as it should be, but for who asks, and for a version long gone."""
    role = column.removesuffix("_foreign")
    foreign = column != role
    who = ELSEWHERE.get(role, OWN[role]) if foreign else OWN[role]
    dossier = stage.dossiers["integrator" if role == "integrator" and not foreign else "applicant"]
    if verb.path.startswith("/v1/parked"):
        dossier = stage.dossiers["parked"]
    values = {
        "dossier_id": dossier.id, "document_id": dossier.documents[0].id, "page_number": "1", "registry": "vss",
        "task_id": task_id(dossier), "paper_id": RECEIPT.id, "name": "x", "signal_id": "x", "queue": "papers",
    }  # fmt: skip
    path = re.sub(r"\{(\w+)\}", lambda place: values[place[1]], verb.path)
    path += "?q=nguyen" if path.endswith("/search") else ""
    headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": '"0"', "Accept-Language": "en"}
    body = None if verb.method == "GET" else SENT.get(f"{verb.method} {verb.path}", {})
    return stage.api.call(verb.method, path, who, headers, json=body)


@pytest.mark.parametrize("verb", verbs(), ids=lambda verb: f"{verb.method} {verb.path}")
def test_every_cell_of_the_table_holds(stage: Stage, verb: Verb) -> None:
    found = {}
    for column in verb.cells:
        answer = ask(stage, verb, column)
        told = slug_in_english(answer) if answer.status_code >= 400 else ""
        found[column] = told if told in KEEPS_OUT else ALLOWED
        assert answer.status_code < 500
    if verb.path == "/v1/desk/profile":  # there is none yet, which is another not-found
        found = {column: ALLOWED if told == "not-found" else told for column, told in found.items()}
    assert found == dict(verb.cells)


def slug_in_english(answer: requests.Response) -> str:
    """The problem told, in the language asked for."""
    name = slug(answer)
    assert answer.headers["Content-Language"] == "en"
    assert answer.json()["title"].startswith(problems()[name]["title_en"][:10])
    return name


def test_the_table_has_every_route_with_sign_in_and_no_other() -> None:
    listed = {(verb.method, verb.path) for verb in verbs()}
    asked = {route for route, scopes in scopes_asked_for().items() if scopes is not None}
    assert listed == asked
    assert all(set(verb.cells) <= set(COLUMNS) for verb in verbs())


def test_the_page_shows_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "run python -m infra.authority"
    assert json.dumps(page).count("| `") == len(verbs())
