"""The local runner: tokens, routes, bodies and answers, seen to behave as on AWS."""

from __future__ import annotations

import base64
import json
import time

import pytest
import requests

from infra.local.sign_in import NotSignedIn


def test_tokens_carry_groups_and_what_the_trigger_adds(cloud, people):
    officer = people["can.bo.quan@example.vn"]
    claims = cloud.sign_in.verify("Bearer " + cloud.sign_in.sign_in(officer.username, officer.password))
    assert claims["cognito:groups"] == ["officers"]
    assert claims["office"] == "H29.1"
    with pytest.raises(NotSignedIn):
        cloud.sign_in.sign_in(officer.username, "wrong")


def test_a_route_wants_a_token_that_was_signed_here_and_opens_it(cloud, server, people):
    url = f"{server.base_url}/v1/things/7?a=1&a=2"
    clerk = people["ke.toan@example.vn"]
    token = cloud.sign_in.sign_in(clerk.username, clerk.password)
    head, body, signature = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    padded = body + "=" * (-len(body) % 4)
    claims = json.loads(base64.urlsafe_b64decode(padded)) | {"cognito:groups": ["administrators"]}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    for bad in (
        "",
        "Bearer",
        "Bearer x",
        f"Basic {token}",
        f"Bearer {none}.{body}.",
        f"Bearer {head}.{changed}.{signature}",
    ):
        answer = requests.get(url, headers={"Authorization": bad}, timeout=10)
        assert (bad, answer.status_code) == (bad, 401)
    event = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).json()
    assert event["pathParameters"] == {"id": "7"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"]}
    assert event["resource"] == "/v1/things/{id}"
    assert event["requestContext"]["authorizer"]["claims"]["cognito:groups"] == "applicants"
    # Signed in, but this route asks for a scope people do not have.
    assert (
        requests.post(
            f"{server.base_url}/v1/things", headers={"Authorization": f"Bearer {token}"}, timeout=10
        ).status_code
        == 401
    )


def test_expired_foreign_and_id_tokens_are_refused(cloud, people):
    now = int(time.time())
    good = {
        "iss": cloud.sign_in.issuer,
        "exp": now + 60,
        "token_use": "access",
        "client_id": cloud.sign_in.people_client,
    }
    cloud.sign_in.verify("Bearer " + cloud.sign_in._sign(good))
    for change in (
        {"exp": now - 1},
        {"iss": "https://elsewhere"},
        {"token_use": "id"},
        {"client_id": "x"},
        {"exp": None},
    ):
        with pytest.raises(NotSignedIn):
            cloud.sign_in.verify("Bearer " + cloud.sign_in._sign({**good, **change}))


def test_integrators_get_tokens_for_their_scopes(cloud, server):
    (system,) = cloud.sign_in.integrators
    ask = {"grant_type": "client_credentials", "scope": "ours/read"}
    answer = requests.post(system.token_url, data=ask, auth=(system.client_id, system.client_secret), timeout=10).json()
    url = f"{server.base_url}/v1/things/7"
    assert (
        requests.get(url, headers={"Authorization": f"Bearer {answer['access_token']}"}, timeout=10).status_code == 200
    )
    wrong = requests.post(system.token_url, data=ask, auth=(system.client_id, "x"), timeout=10)
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    more = requests.post(
        system.token_url, data={**ask, "scope": "ours/write"}, auth=(system.client_id, system.client_secret), timeout=10
    )
    assert (more.status_code, more.json()) == (400, {"error": "invalid_scope"})


def test_unknown_paths_methods_and_failures_are_answered_as_the_gateway_does(server):
    assert requests.get(f"{server.base_url}/nowhere", timeout=10).status_code == 404
    wrong = requests.put(f"{server.base_url}/open", timeout=10)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    assert wrong.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    for what in ("crash", "nonsense"):
        assert requests.post(f"{server.base_url}/open", json={"do": what}, timeout=10).status_code == 502


def test_bodies_and_answers_pass_unchanged(server):
    answer = requests.post(f"{server.base_url}/open", data=b"\xff\x00", timeout=10)
    event = answer.json()
    assert (event["isBase64Encoded"], base64.b64decode(event["body"])) == (True, b"\xff\x00")
    assert answer.raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
    text = requests.post(f"{server.base_url}/open", json={"do": "đơn"}, timeout=10).json()
    assert json.loads(text["body"]) == {"do": "đơn"}
    assert requests.post(f"{server.base_url}/open", data=b"x" * (10 * 1024 * 1024 + 1), timeout=10).status_code == 413
