"""The HTTP API as others meet it: real HTTP, real tokens, every route of the template.

One cloud for the module. Dossiers are put straight into its table and buckets as the system in memory left them.
"""

from __future__ import annotations

import base64
import io
import json
import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
import requests
from adapters.files import Buckets
from adapters.store import CaseTable
from casework.dossier import SYSTEM, Dossier, Record, change
from casework.errors import problems
from casework.issued import IssuedPaper, paper_record_key
from casework.plain import to_plain
from casework.workflow.binding import scan_key
from joserfc import jwt
from joserfc.jwk import RSAKey
from openapi_spec_validator import OpenAPIV31SpecValidator

from infra.local.cloud import Cloud
from infra.local.serve import Server
from tests.builders import House
from tests.template_file import of_type, template

PASSWORD = "Mc-1234-abcd-Aa"
FILING = {
    "procedure": "SW",
    "office": "H29.1",
    "applicant": {"name": "Nguyễn Văn Kế", "email": "ke.toan@example.vn"},
    "declared": {"finance.revenue_vnd": 0},
    "consent": True,
}
FILE = {"file_name": "mau-01.pdf", "size_bytes": 3, "sha256": "0" * 64, "media_type": "application/pdf"}
UNSEEN = set("\u202e\u200b\r\n\x00")
BODIES: dict[str, Any] = {
    "POST /v1/dossiers": FILING,
    "POST /v1/dossiers/{dossier_id}/documents": FILE,
    "POST /v1/dossiers/{dossier_id}/documents/{document_id}/uploads": {**FILE, "page": 1},
    "PUT /v1/dossiers/{dossier_id}/documents/{document_id}/corrections": {"values": {"employee.id_number": "1"}},
    "POST /v1/tasks/{task_id}/decision": {"outcome": "send_on"},
    "POST /v1/tasks/{task_id}/registries/{registry}/confirmation": {"document_id": "x"},
    "POST /v1/tasks/{task_id}/preview": {"outcome": "send_on"},
    "POST /v1/tasks/{task_id}/assign": {"officer": "x", "reason": "x"},
    "PUT /v1/tasks/{task_id}/draft": {"words": {}},
    "POST /v1/tasks/{task_id}/facts": {"fact": "suspension.ends_on", "value": "2020-05-14", "reason": "x"},
    "PUT /v1/desk/profile": {"name": "Cán bộ"},
}


RECEIPT = IssuedPaper(
    "paper-1", "receipt", "H29.1-200518-0001/TNHS", "H29.1-200518-0001", "H29.1", "2020-05-18",
    "2020-05-18T02:00:00+00:00", "A" * 22, "0" * 64, 10, 1, "papers/x.pdf",
)  # fmt: skip


@dataclass(frozen=True)
class Api:
    """The API with everybody's token."""

    cloud: Cloud
    base_url: str
    tokens: dict[str, str]

    def call(
        self, method: str, path: str, who: str | None = "applicant", headers: dict[str, str] | None = None, **more: Any
    ) -> requests.Response:
        sent = dict(headers or {})
        if who is not None:
            sent["Authorization"] = f"Bearer {self.tokens.get(who, who)}"
        return requests.request(method, self.base_url + path, headers=sent, timeout=30, **more)

    def post(self, path: str, body: Any = None, who: str | None = "applicant", **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", path, who, named, json={} if body is None else body)

    def filed(self, who: str = "applicant", **differs: Any) -> dict[str, Any]:
        answer = self.post("/v1/dossiers", {**FILING, **differs}, who, Idempotency_Key=uuid.uuid4().hex)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def subject(self, who: str) -> str:
        return str(self.cloud.sign_in.verify(f"Bearer {self.tokens[who]}")["sub"])

    @property
    def store(self) -> CaseTable:
        return CaseTable(self.cloud.client("dynamodb"), self.cloud.template.physical["CasesTable"])

    @property
    def files(self) -> Buckets:
        names = [self.cloud.template.physical[f"{kind}Bucket"] for kind in ("Incoming", "Pages", "Evidence")]
        return Buckets(self.cloud.client("s3"), *names)

    def file_came(self, dossier_id: str) -> None:
        """The store has the first file that was announced for a dossier; nothing was read yet."""
        before = self.store.load(dossier_id)
        document = before.documents[0]
        came = document.with_upload(replace(document.uploads[0], object_version="1"))
        now = datetime.fromisoformat(before.created_at)
        self.store.commit(change(before, before.with_document(came), "upload.received", actor=SYSTEM, now=now))

    def in_review(self, who: str = "applicant", office: str = "H29.1") -> Dossier:
        """A dossier before the district's officer, as the system in memory leaves it."""
        house = House()
        made = house.submitted(office=office)
        dossier = replace(made, id=uuid.uuid4().hex[:26], owner=self.subject(who), version=0, audit_hash="")
        for key, data in house.files._evidence.items():
            self.files.put_evidence(key, data)
        for key, data in house.files._json.items():
            self.files.put_json(key, data)
        records = [
            replace(record, data={**record.data, "dossier_id": dossier.id}, queue_order=f"2020-05-21#{dossier.id}")
            for record in house.store.records(made.id, "TASK#")
        ]
        records.append(Record(paper_record_key(3, "receipt"), to_plain(RECEIPT)))
        for document in dossier.documents:
            self.files.put_scan(scan_key(document), b"%PDF-1.7")
        sealed = change(None, dossier, "dossier.filed", actor=SYSTEM, now=house.clock(), records=records)
        self.store.commit(sealed)
        return sealed.after


def task_id(dossier: Dossier) -> str:
    return f"{dossier.id}.{dossier.round}.{dossier.stage}"


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with Cloud(log_to=io.StringIO()) as cloud, Server(cloud) as server:
        names = {
            "ke.toan": "applicant",
            "can.bo.quan": "district",
            "can.bo.tinh": "province",
            "lanh.dao": "supervisor",
            "quan.tri": "administrator",
        }
        tokens = {
            names[person.username.partition("@")[0]]: cloud.sign_in.sign_in(person.username, person.password)
            for person in cloud.people()
            if person.username.partition("@")[0] in names
        }
        cognito = cloud.client("cognito-idp")
        for who, group, office in (("stranger", "applicants", ""), ("elsewhere", "officers", "H29.2")):
            account = {"UserPoolId": cloud.sign_in.pool_id, "Username": f"{who}@example.vn"}
            attributes = [{"Name": "custom:office", "Value": office}] if office else []
            cognito.admin_create_user(**account, UserAttributes=attributes, MessageAction="SUPPRESS")
            cognito.admin_set_user_password(**account, Password=PASSWORD, Permanent=True)
            cognito.admin_add_user_to_group(**account, GroupName=group)
            tokens[who] = cloud.sign_in.sign_in(account["Username"], PASSWORD)
        integrator = cloud.sign_in.integrators[0]
        granted = requests.post(
            integrator.token_url,
            data={"grant_type": "client_credentials"},
            auth=(integrator.client_id, integrator.client_secret),
            timeout=30,
        )
        tokens["integrator"] = granted.json()["access_token"]
        yield Api(cloud, server.base_url, tokens)


@pytest.fixture(scope="module")
def dossier(api: Api) -> Dossier:
    """A dossier of the applicant, before the district."""
    return api.in_review()


def the_routes() -> list[tuple[str, str, bool]]:
    """(method, path, public) of every route of the template."""
    return sorted((method, path, scopes is None) for (method, path), scopes in scopes_asked_for().items())


def scopes_asked_for() -> dict[tuple[str, str], list[str] | None]:
    """Every route of the template with the scopes that open it, None where it is public."""
    found = {}
    for function in of_type(template(), "AWS::Serverless::Function").values():
        for event in function["Properties"].get("Events", {}).values():
            if event["Type"] == "Api":
                had = event["Properties"]
                scopes = None if had["Auth"]["Authorizer"] == "NONE" else had["Auth"]["AuthorizationScopes"]
                found[had["Method"].upper(), had["Path"]] = scopes
    return found


ROUTES = the_routes()
PROTECTED = [(method, path) for method, path, public in ROUTES if not public and path.startswith("/v1/")]
OF_ADMINISTRATORS = [(method, path) for method, path in PROTECTED if path.startswith("/v1/parked")]
OF_A_DOSSIER = [route for route in PROTECTED if "{dossier_id}" in route[1] and route not in OF_ADMINISTRATORS]


def filled(path: str, dossier_id: str = "none", document_id: str = "none", task: str = "none") -> str:
    values = {
        "dossier_id": dossier_id, "document_id": document_id, "page_number": "1", "task_id": task, "slug": "x",
        "paper_id": RECEIPT.id, "token": "x",
        "procedure_id": "SW", "registry": "vss", "name": "x", "address": "x",
    }  # fmt: skip
    return re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], "x"), path)


def send(api: Api, method: str, route: str, path: str, who: str | None) -> requests.Response:
    """A request that the route takes in every respect but who asks, and for what."""
    headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": '"1"'}
    body = BODIES.get(f"{method} {route}", {} if method != "GET" else None)
    return api.call(method, path, who, headers, json=body)


def slug(answer: requests.Response) -> str:
    """The problem an answer tells, in the form every problem has."""
    assert answer.headers["Content-Type"].partition(";")[0] == "application/problem+json", answer.text
    found = answer.json()
    assert found["status"] == answer.status_code
    name = str(found["type"]).removeprefix("/v1/problems/")
    assert problems()[name]["status"] == answer.status_code
    assert {"title": found["title"], "detail": found["detail"]} == found["texts"][answer.headers["Content-Language"]]
    assert all(found["texts"][language][part] for language in ("vi", "en") for part in ("title", "detail"))
    return name


# ── who is asking ────────────────────────────────────────────────────────────


def signed(api: Api, **differs: Any) -> str:
    """A token like the applicant's, with these claims, signed with the pool's own key."""
    claims = api.cloud.sign_in.verify(f"Bearer {api.tokens['applicant']}")
    return str(api.cloud.sign_in._sign({**claims, **differs}))


def forged(api: Api) -> str:
    claims = api.cloud.sign_in.verify(f"Bearer {api.tokens['applicant']}")
    return str(jwt.encode({"kid": "dummy", "alg": "RS256"}, dict(claims), RSAKey.generate_key(2048)))


def unsigned(api: Api) -> str:
    _, body, _ = api.tokens["applicant"].split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return f"{none}.{body}."


@pytest.mark.parametrize(("method", "path"), PROTECTED, ids=lambda value: value)
def test_no_route_opens_without_a_token(api: Api, method: str, path: str) -> None:
    answer = send(api, method, path, filled(path), None)
    assert (answer.status_code, slug(answer)) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        lambda api: signed(api, exp=int(time.time()) - 1),
        lambda api: signed(api, iss="https://cognito-idp.ap-southeast-1.amazonaws.com/other"),
        lambda api: signed(api, client_id="other"),
        lambda api: signed(api, token_use="id"),
        lambda api: signed(api, scope="openid"),
        forged,
        unsigned,
        lambda api: api.tokens["applicant"][:-4] + "AAAA",
    ],
    ids=[
        "rubbish", "three parts", "expired", "another pool", "another client", "id token", "no scope", "forged",
        "unsigned", "altered",
    ],
)  # fmt: skip
def test_no_other_token_opens_anything_and_all_are_refused_alike(api: Api, token: Any) -> None:
    answer = api.call("GET", "/v1/dossiers", token if isinstance(token, str) else token(api))
    assert (answer.status_code, slug(answer)) == (401, "unauthenticated")
    plain = api.call("GET", "/v1/dossiers", None)
    assert without_id(answer) == without_id(plain)


def without_id(answer: requests.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "request_id"}


@pytest.mark.parametrize(("method", "path"), OF_A_DOSSIER, ids=lambda value: value)
def test_somebody_elses_dossier_answers_like_one_that_is_not_there(
    api: Api, dossier: Dossier, method: str, path: str
) -> None:
    document_id = dossier.documents[0].id
    theirs = send(api, method, path, filled(path, dossier.id, document_id), "stranger")
    missing = send(api, method, path, filled(path, "0" * 26, document_id), "stranger")
    assert (theirs.status_code, slug(theirs)) == (404, "not-found")
    assert theirs.content == missing.content
    varying = {"Date", "x-amzn-RequestId"}
    assert {n: v for n, v in theirs.headers.items() if n not in varying} == {
        n: v for n, v in missing.headers.items() if n not in varying
    }
    mine = dossier if method == "GET" else api.in_review()
    own = send(api, method, path, filled(path, mine.id, document_id), "applicant")
    assert own.status_code in ((403,) if path.endswith("/evidence") else (200, 409, 412)), own.text


def test_an_officer_sees_the_queue_of_his_office_only(api: Api, dossier: Dossier) -> None:
    def seen(who: str) -> list[str]:
        return [task["dossier_id"] for task in api.call("GET", "/v1/tasks?limit=100", who).json()["items"]]

    assert dossier.id in seen("district")
    assert seen("elsewhere") == []
    answer = api.call("GET", "/v1/tasks?office=H29.1", "elsewhere")
    assert (answer.status_code, slug(answer)) == (403, "other-office")


def test_an_officer_of_another_district_does_not_see_the_dossier(api: Api, dossier: Dossier) -> None:
    assert api.call("GET", f"/v1/dossiers/{dossier.id}", "elsewhere").status_code == 404
    for who in ("district", "province"):
        assert api.call("GET", f"/v1/dossiers/{dossier.id}", who).status_code == 200


def test_officers_file_no_dossiers(api: Api) -> None:
    answer = api.post("/v1/dossiers", FILING, "district", Idempotency_Key="k")
    assert (answer.status_code, slug(answer)) == (403, "not-an-applicant")


def test_an_integrator_files_dossiers_of_its_own(api: Api) -> None:
    made = api.filed("integrator")
    assert api.call("GET", f"/v1/dossiers/{made['id']}", "integrator").status_code == 200
    assert api.call("GET", f"/v1/dossiers/{made['id']}", "applicant").status_code == 404


def test_the_token_of_a_task_never_leaves(api: Api, dossier: Dossier) -> None:
    token = api.store.records(dossier.id, "TASK#")[0].data["token"]
    for path in ("/v1/tasks?limit=100", f"/v1/tasks/{task_id(dossier)}", f"/v1/dossiers/{dossier.id}"):
        text = api.call("GET", path, "district").text
        assert '"token"' not in text
        assert f'"{token}"' not in text


# ── the same request again, and the one that came too late ───────────────────


def test_a_request_that_makes_something_needs_a_key(api: Api) -> None:
    made = api.filed()
    for path, body in (("/v1/dossiers", FILING), (f"/v1/dossiers/{made['id']}/documents", FILE)):
        for headers in ({}, {"Idempotency_Key": ""}):
            answer = api.post(path, body, **headers)
            assert (answer.status_code, slug(answer)) == (400, "idempotency-key-missing")
        answer = api.post(path, body, Idempotency_Key="x" * 256)
        assert (answer.status_code, slug(answer)) == (400, "idempotency-key-too-long")


def test_the_same_request_again_gives_the_same_dossier(api: Api) -> None:
    key = uuid.uuid4().hex
    first, again = (api.post("/v1/dossiers", FILING, Idempotency_Key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"] == f"/v1/dossiers/{first.json()['id']}"
    other = api.post("/v1/dossiers", FILING, "stranger", Idempotency_Key=key)
    assert other.json()["id"] != first.json()["id"]


def test_a_key_used_for_something_else_is_refused(api: Api) -> None:
    key = uuid.uuid4().hex
    made = api.post("/v1/dossiers", FILING, Idempotency_Key=key).json()
    answer = api.post("/v1/dossiers", {**FILING, "office": "H29.2"}, Idempotency_Key=key)
    assert (answer.status_code, slug(answer)) == (422, "idempotency-mismatch")
    path = f"/v1/dossiers/{made['id']}/documents"
    first = api.post(path, FILE, Idempotency_Key="d").json()
    assert api.post(path, FILE, Idempotency_Key="d").json()["document_id"] == first["document_id"]
    answer = api.post(path, {**FILE, "size_bytes": 4}, Idempotency_Key="d")
    assert (answer.status_code, slug(answer)) == (422, "idempotency-mismatch")


def test_the_same_file_twice_is_refused(api: Api) -> None:
    made = api.filed()
    path = f"/v1/dossiers/{made['id']}/documents"
    for key in ("1", "2"):  # what was announced and never came is no hindrance
        assert api.post(path, FILE, Idempotency_Key=key).status_code == 201
    api.file_came(made["id"])
    answer = api.post(path, FILE, Idempotency_Key="3")
    assert (answer.status_code, slug(answer)) == (409, "duplicate-document")


def test_a_step_on_a_version_that_is_gone_is_refused(api: Api, dossier: Dossier) -> None:
    path = f"/v1/tasks/{task_id(dossier)}/decision"
    for tag in ('"0"', '"x"', "*"):
        answer = api.post(path, {"outcome": "send_on"}, "district", If_Match=tag)
        assert (answer.status_code, slug(answer)) == (412, "version-stale")
    answer = api.post(path, {"outcome": "send_on"}, "district")
    assert (answer.status_code, slug(answer)) == (428, "version-missing")
    answer = api.post(f"/v1/dossiers/{api.filed()['id']}/submit", who="applicant", If_Match='"7"')
    assert (answer.status_code, slug(answer)) == (412, "version-stale")


VERSION_NEEDED = [
    ("/v1/dossiers/{dossier_id}/submit", "POST"), ("/v1/dossiers/{dossier_id}/withdraw", "POST"),
    ("/v1/dossiers/{dossier_id}", "DELETE"),
    ("/v1/dossiers/{dossier_id}/documents/{document_id}", "DELETE"),
    ("/v1/dossiers/{dossier_id}/documents/{document_id}/corrections", "PUT"),
    ("/v1/tasks/{task_id}/decision", "POST"), ("/v1/tasks/{task_id}/undo", "POST"),
    ("/v1/tasks/{task_id}/reopen", "POST"), ("/v1/desk/profile", "PUT"), ("/v1/parked/{dossier_id}/resume", "POST"),
("/v1/tasks/{task_id}/facts", "POST"),
("/v1/tasks/{task_id}/registries/{registry}/confirmation", "POST"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "method"), VERSION_NEEDED, ids=lambda value: value)
def test_nothing_is_changed_without_the_version_looked_at(api: Api, dossier: Dossier, path: str, method: str) -> None:
    who = "applicant" if path.startswith("/v1/dossiers") else "district"
    if path.startswith("/v1/parked"):
        who = "administrator"
    place = filled(path, dossier.id, dossier.documents[0].id, task_id(dossier))
    body = BODIES.get(f"{method} {path}", {})
    answer = api.call(method, place, who, {"Accept-Language": "en"}, json=body)
    assert (answer.status_code, slug(answer)) == (428, "version-missing")
    assert answer.headers["Content-Language"] == "en"


def test_corrections_need_the_version_they_correct(api: Api) -> None:
    made = api.filed()
    document = api.post(f"/v1/dossiers/{made['id']}/documents", FILE, Idempotency_Key="1").json()
    path = f"/v1/dossiers/{made['id']}/documents/{document['document_id']}/corrections"
    body = {"values": {"employee.id_number": "079090000123"}}
    assert slug(api.call("PUT", path, json=body)) == "version-missing"
    assert slug(api.call("PUT", path, headers={"If-Match": '"1"'}, json=body)) == "version-stale"
    answer = api.call("PUT", path, headers={"If-Match": '"2"'}, json=body)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"3"')
    assert answer.json()["corrections"]["employee.id_number"]["value"] == "079090000123"


def test_a_task_is_claimed_looked_at_and_decided_once(api: Api) -> None:
    made = api.in_review()
    path = f"/v1/tasks/{task_id(made)}"
    claimed = api.post(f"{path}/claim", who="district")
    assert (claimed.status_code, claimed.json()["claimed_by"]) == (200, api.subject("district"))
    seen = api.call("GET", path, "district")
    assert seen.headers["ETag"] == claimed.headers["ETag"] == '"2"'
    assert {"task", "dossier", "documents", "findings", "registries", "history"} <= set(seen.json())
    body = {"outcome": "send_on", "reason_code": "checked"}
    decided = api.post(f"{path}/decision", body, "district", If_Match=seen.headers["ETag"])
    assert (decided.status_code, decided.json()["decision"]["outcome"]) == (200, "send_on")
    again = api.post(f"{path}/decision", body, "district", If_Match=seen.headers["ETag"])
    assert again.status_code == 200
    assert again.json()["decision"] == decided.json()["decision"]
    other = api.post(f"{path}/decision", {**body, "reason": "x"}, "district", If_Match=seen.headers["ETag"])
    assert (other.status_code, slug(other)) == (409, "task-decided")
    assert len(api.store.records(made.id, "DECISION#")) == 1


# ── what is sent ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("differs", "pointer"),
    [
        ({"state": "approved"}, "/state"),
        ({"owner": "me"}, "/owner"),
        ({"consent": "yes"}, "/consent"),
        ({"consent": 1}, "/consent"),
        ({"office": "x"}, "/office"),
        ({"office": {"S": "x"}}, "/office"),
        ({"procedure": "X" * 11}, "/procedure"),
        ({"applicant": {"name": ""}}, "/applicant/name"),
        ({"applicant": {"name": "\ud800"}}, "/applicant/name"),
        ({"applicant": {"name": "An\u0000\u001b[31m"}}, "/applicant/name"),
        ({"applicant": {"name": "An \u202ehnA"}}, "/applicant/name"),
        ({"applicant": {"name": "An", "phone": "09\n01"}}, "/applicant/phone"),
        ({"applicant": {"name": "a", "email": "no"}}, "/applicant/email"),
        ({"applicant": {"name": "a", "verified": True}}, "/applicant/verified"),
        ({"applicant": None}, "/applicant"),
        ({"declared": {"finance.revenue_vnd": 10**400}}, "/declared/finance.revenue_vnd"),
        ({"declared": {"finance.revenue_vnd": 1.5}}, "/declared/finance.revenue_vnd"),
        ({"declared": []}, "/declared"),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_named_by_its_place(api: Api, differs: dict[str, Any], pointer: str) -> None:
    body = json.dumps({**FILING, **differs})
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = api.call("POST", "/v1/dossiers", headers=headers, data=body)
    assert (answer.status_code, slug(answer)) == (422, "validation-failed")
    assert any(error["pointer"].startswith(pointer) for error in answer.json()["errors"])


NO_JSON = [
    b"{not json", b'{"a": 1', b"", b'{"procedure": NaN}', b'{"procedure": "SW", "procedure": "SW"}', b"[" * 100_000,
    b"\xff\xfe{\x00}\x00", json.dumps(FILING).encode("utf-16"), b"\xef\xbb\xbf{}", b"\x00",
]  # fmt: skip


@pytest.mark.parametrize("body", NO_JSON, ids=lambda body: repr(body[:20]))
def test_what_is_no_json_is_said_to_be_none(api: Api, body: bytes) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = api.call("POST", "/v1/dossiers", headers=headers, data=body)
    expected = (400, "malformed-json") if body else (422, "validation-failed")
    assert (answer.status_code, slug(answer)) == expected


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null"])
def test_json_that_is_no_object_does_not_fit(api: Api, body: bytes) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    assert slug(api.call("POST", "/v1/dossiers", headers=headers, data=body)) == "validation-failed"


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", ""],
)
def test_another_type_of_content_is_not_taken(api: Api, kind: str) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": kind}
    answer = api.call("POST", "/v1/dossiers", headers=headers, data=json.dumps(FILING))
    assert (answer.status_code, slug(answer)) == (415, "unsupported-media-type")


def test_json_in_utf_8_said_in_full_is_taken(api: Api) -> None:
    headers = {"Idempotency-Key": "utf", "Content-Type": "application/json; charset=UTF-8"}
    body = json.dumps(FILING, ensure_ascii=False).encode()
    answer = api.call("POST", "/v1/dossiers", headers=headers, data=body)
    assert answer.json()["applicant"]["name"] == "Nguyễn Văn Kế"


@pytest.mark.parametrize("megabytes", [5, 9, 11])  # the gateway's own limit is 10
def test_a_body_beyond_all_measure_is_refused(api: Api, megabytes: int) -> None:
    body = b'"' + b"x" * (megabytes * 2**20) + b'"'
    answer = api.call("POST", "/v1/dossiers", headers={"Content-Type": "application/json"}, data=body)
    assert (answer.status_code, slug(answer)) == (413, "request-too-large")


@pytest.mark.parametrize(
    ("differs", "status", "name"),
    [
        ({"size_bytes": 20 * 2**20 + 1}, 413, "file-too-large"),
        ({"size_bytes": 0}, 422, "file-empty"),
        ({"media_type": "image/svg+xml"}, 415, "file-type-not-allowed"),
        ({"sha256": "x"}, 422, "validation-failed"),
        ({"size_bytes": "3"}, 422, "validation-failed"),
        ({"size_bytes": -1}, 422, "validation-failed"),
        ({"file_name": "x" * 256}, 422, "validation-failed"),
        ({"file_name": ""}, 422, "validation-failed"),
    ],
)
def test_files_are_refused_before_they_are_sent(api: Api, differs: dict[str, Any], status: int, name: str) -> None:
    answer = api.post(f"/v1/dossiers/{api.filed()['id']}/documents", {**FILE, **differs}, Idempotency_Key="1")
    assert (answer.status_code, slug(answer)) == (status, name)


@pytest.mark.parametrize(
    "name",
    ["a\x00b\u202egpj.pdf", "../../etc/passwd",
     "..\\x", "C:\\x", "CON.pdf", "...", "a\u202efdp.exe", "a\u200bb", "e\u0301.pdf", "📄.pdf",
     "-rf", ";rm -rf", "a\r\nb", "<script>alert(1)</script>.pdf", "hồ sơ + 1.pdf"],
)  # fmt: skip
def test_a_files_name_is_shown_and_never_used(api: Api, name: str) -> None:
    made = api.filed()
    answer = api.post(f"/v1/dossiers/{made['id']}/documents", {**FILE, "file_name": name}, Idempotency_Key="1")
    assert answer.status_code == 201
    ids = answer.json()
    assert ids["upload"]["fields"]["key"] == f"uploads/{made['id']}/{ids['document_id']}/{ids['upload_id']}"
    shown = api.call("GET", f"/v1/dossiers/{made['id']}").json()["documents"][0]["file_name"]
    assert not set(shown) & UNSEEN
    api.file_came(made["id"])
    again = api.post(f"/v1/dossiers/{made['id']}/documents", {**FILE, "file_name": name}, Idempotency_Key="2")
    assert slug(again) == "duplicate-document"
    assert shown in again.json()["detail"]
    unfinished = api.post(f"/v1/dossiers/{made['id']}/submit", If_Match='"2"')
    for answer in (again, unfinished):
        assert not UNSEEN & set("".join([answer.json()["title"], answer.json()["detail"], str(answer.json()["texts"])]))


def test_a_name_that_shows_nothing_is_said_to_be_none(api: Api) -> None:
    made = api.filed()
    body = {**FILE, "file_name": "\u202e\u200b"}
    assert api.post(f"/v1/dossiers/{made['id']}/documents", body, Idempotency_Key="1").status_code == 201
    shown = api.call("GET", f"/v1/dossiers/{made['id']}").json()["documents"][0]["file_name"]
    assert shown == "(không có tên · no name)"


def test_a_grant_names_the_exact_key_type_size_and_checksum(api: Api) -> None:
    ids = api.post(f"/v1/dossiers/{api.filed()['id']}/documents", FILE, Idempotency_Key="1").json()
    policy = json.loads(base64.b64decode(ids["upload"]["fields"]["policy"]))
    conditions = policy["conditions"]
    assert ["content-length-range", 3, 3] in conditions
    assert {"key": ids["upload"]["fields"]["key"]} in conditions
    assert {"Content-Type": "application/pdf"} in conditions
    assert any("x-amz-checksum-sha256" in condition for condition in conditions if isinstance(condition, dict))


@pytest.mark.parametrize("path", ["/v1/dossiers", "/v1/tasks"])
@pytest.mark.parametrize("limit", ["0", "-1", "101", "1000000000", "abc", "", "1.5", "1e2"])
def test_a_page_has_a_sensible_size(api: Api, path: str, limit: str) -> None:
    answer = api.call("GET", f"{path}?limit={limit}", "district" if "tasks" in path else "applicant")
    assert (answer.status_code, slug(answer)) == (422, "validation-failed")


def test_lists_are_read_page_by_page(api: Api) -> None:
    made = [api.filed("stranger")["id"] for _ in range(3)]
    found, cursor = [], ""
    while True:
        page = api.call("GET", f"/v1/dossiers?limit=1&cursor={cursor}", "stranger").json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found[:3] == made[::-1]
    assert len(found) == len(set(found))


def test_a_cursor_that_was_altered_or_is_somebody_elses_is_refused(api: Api) -> None:
    for _ in range(2):
        api.filed()
    cursor = api.call("GET", "/v1/dossiers?limit=1").json()["next_cursor"]
    assert api.call("GET", f"/v1/dossiers?limit=1&cursor={cursor}").status_code == 200
    place = base64.urlsafe_b64decode(cursor)
    other = base64.urlsafe_b64encode(place[:-1] + (b"0" if place[-1:] != b"0" else b"1")).decode()
    for tampered in (other, cursor[:-8], "zzz", "é", "AAAA", cursor.swapcase(), "%00"):
        answer = api.call("GET", f"/v1/dossiers?cursor={tampered}")
        assert (answer.status_code, slug(answer)) == (400, "invalid-cursor"), tampered
    assert slug(api.call("GET", f"/v1/dossiers?cursor={cursor}", "stranger")) == "invalid-cursor"
    assert slug(api.call("GET", f"/v1/tasks?cursor={cursor}", "district")) == "invalid-cursor"


# ── addresses ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", sorted({path for _, path, _ in ROUTES if path.startswith("/v1/")}))
def test_a_method_an_address_does_not_take_is_refused_with_those_it_takes(api: Api, path: str) -> None:
    allowed = {method for method, other, _ in ROUTES if other == path}
    for method in {"DELETE", "PATCH", "PUT", "POST"} - allowed:
        answer = api.call(method, filled(path))
        assert (answer.status_code, slug(answer)) == (405, "method-not-allowed")
        assert {name.strip() for name in answer.headers["Allow"].split(",")} == allowed


@pytest.mark.parametrize(
    "path",
    ["/v1/nothing", "/v1/dossiers/%00", "/v1/dossiers/" + "x" * 1000, "/v1/dossiers/*", "/v1/dossiers/%7B%22S%22%7D",
     "/v1/dossiers/..%2f..%2fx", "/v1/dossiers/'%20OR%201=1", "/v1/dossiers/%C3%A9", "/v1/procedures/..%2fSW"],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_not_found(api: Api, path: str) -> None:
    answer = api.call("GET", path)
    assert (answer.status_code, slug(answer)) == (404, "not-found")


@pytest.mark.parametrize("page", ["0", "2", "-1", "abc", "99999999999999999999"])
def test_pages_that_are_not_there_are_not_found_or_no_numbers(api: Api, dossier: Dossier, page: str) -> None:
    path = f"/v1/dossiers/{dossier.id}/documents/{dossier.documents[0].id}/pages"
    assert api.call("GET", f"{path}/1").json()["image_url"].startswith("http")
    answer = api.call("GET", f"{path}/{page}")
    assert slug(answer) == ("validation-failed" if page == "abc" else "not-found")


def test_findings_before_the_first_check_are_not_found(api: Api) -> None:
    assert slug(api.call("GET", f"/v1/dossiers/{api.filed()['id']}/findings")) == "not-found"


# ── how it answers ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("", "vi"), ("vi", "vi"), ("en", "en"), ("en-GB, vi;q=0.5", "en"), ("EN", "en"), ("fr", "vi"), ("vi, en", "vi"),
     ("vi;q=0.3, en;q=0.9", "en"), ("fr, en;q=0.8", "en"), ("en;q=0", "vi"), ("en;q=x", "vi")],
)  # fmt: skip
def test_problems_are_told_in_the_callers_language(api: Api, wanted: str, language: str) -> None:
    answer = api.call("GET", "/v1/dossiers/none", headers={"Accept-Language": wanted})
    assert answer.headers["Content-Language"] == language
    ending = "" if language == "vi" else "_en"
    told = problems()["not-found"]
    assert (answer.json()["title"], answer.json()["detail"]) == (told[f"title{ending}"], told[f"detail{ending}"])
    assert answer.json()["texts"]["vi"]["title"] == told["title"]
    assert answer.json()["texts"]["en"]["title"] == told["title_en"]


def test_nothing_is_kept_by_caches_and_nothing_is_guessed(api: Api, dossier: Dossier) -> None:
    for path in (f"/v1/dossiers/{dossier.id}", "/v1/dossiers", "/v1/dossiers/none"):
        headers = api.call("GET", path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_our_mistakes_are_told_with_a_number_and_without_a_trace(api: Api, dossier: Dossier) -> None:
    def fail(call: Any) -> None:
        if call.moment == "before" and call.service == "dynamodb":
            raise RuntimeError("secret detail")

    with api.cloud.on_call(fail):
        answer = api.call("GET", f"/v1/dossiers/{dossier.id}")
    assert (answer.status_code, slug(answer)) == (500, "internal-error")
    assert answer.json()["request_id"] in answer.json()["detail"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert api.call("GET", f"/v1/dossiers/{dossier.id}").status_code == 200


def test_a_dossier_shows_where_it_stands(api: Api, dossier: Dossier) -> None:
    answer = api.call("GET", f"/v1/dossiers/{dossier.id}")
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
    shown = answer.json()
    assert (shown["state"], shown["stage"], shown["decision"]) == ("in_review", "district_appraisal", None)
    findings = api.call("GET", f"/v1/dossiers/{dossier.id}/findings").json()
    assert {finding["verdict"] for row in findings["rows"] for finding in row["findings"]} == {"pass"}
    assert api.call("GET", f"/v1/dossiers/{dossier.id}/events").json()["items"][0]["action"] == "dossier.filed"


# ── what it says of itself ───────────────────────────────────────────────────


def test_the_description_is_valid_and_lists_every_route_and_no_other(api: Api) -> None:
    document = api.call("GET", "/v1/openapi.json", None).json()
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    described = {
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
        if method in ("get", "put", "post", "delete", "patch")
    }
    assert described == {(method, path) for method, path, _ in ROUTES if path.startswith("/v1/")}
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["tags"]


def test_the_description_says_who_may_come_in_and_what_travels_in_headers(api: Api) -> None:
    document = api.call("GET", "/v1/openapi.json", None).json()
    assert document["components"]["securitySchemes"]["accessToken"]["scheme"] == "bearer"
    headers: dict[str, set[tuple[str, str]]] = {}
    for (method, path), scopes in scopes_asked_for().items():
        if not path.startswith("/v1/"):
            continue
        operation = document["paths"][path][method.lower()]
        of_offices = path.startswith(("/v1/tasks", "/v1/desk", "/v1/parked"))
        scope = f"motcua/{'reviews' if of_offices else 'dossiers'}.{'read' if method == 'GET' else 'write'}"
        opens = [] if scopes is None else ["aws.cognito.signin.user.admin", scope]
        assert operation["security"] == [{"accessToken": [name]} for name in opens]
        assert set(opens) <= set(scopes or ())
        assert ("401" in operation["responses"]) == (scopes is not None)
        for parameter in operation["parameters"]:
            name = parameter.get("$ref", "").removeprefix("#/components/parameters/")
            headers.setdefault(name, set()).add((method, path))
        for status, response in operation["responses"].items():
            if not status.startswith("2"):
                assert response == {"$ref": f"#/components/responses/Problem{status}"}
    corrections = "/v1/dossiers/{dossier_id}/documents/{document_id}/corrections"
    assert headers["IfMatchNeeded"] >= {("PUT", corrections), ("POST", "/v1/tasks/{task_id}/decision")}
    assert {path for _, path in headers["IfMatchNeeded"]} == {path for path, _ in VERSION_NEEDED}
    made = {
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if "201" in operation["responses"]
    }
    assert headers["IdempotencyKey"] == made
    assert len(made) == 4
    assert not any("200" in document["paths"][path][method.lower()]["responses"] for method, path in made)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/v1/dossiers", 401, b""),
        ("GET", "/v1/nothing", 404, b""),
        ("PUT", "/v1/dossiers", 405, b""),
        ("POST", "/v1/dossiers", 413, b" " * (11 * 2**20)),
    ],
)  # fmt: skip
def test_the_gateway_speaks_both_languages(api: Api, method: str, path: str, status: int, body: bytes) -> None:
    answer = api.call(method, path, None, {"Accept-Language": "en"}, data=body)
    told = problems()[slug(answer)]
    assert (answer.status_code, answer.headers["Content-Language"]) == (status, "vi")
    assert answer.json()["texts"] == {
        "vi": {"title": told["title"], "detail": told["detail"]},
        "en": {"title": told["title_en"], "detail": told["detail_en"]},
    }


def test_every_problem_is_explained_at_its_address(api: Api) -> None:
    for name, entry in problems().items():
        answer = api.call("GET", f"/v1/problems/{name}", None)
        assert (answer.status_code, answer.json()) == (200, {"slug": name, **entry})
    assert slug(api.call("GET", "/v1/problems/nothing", None)) == "not-found"


def test_a_procedure_says_what_it_asks_for(api: Api) -> None:
    shown = api.call("GET", "/v1/procedures/SW", None).json()
    assert "finance.revenue_vnd" in shown["declarable"]
    assert all(rule["law"] for rule in shown["rules"])
    assert slug(api.call("GET", "/v1/procedures/XX", None)) == "not-found"


def test_the_procedures_are_listed_for_everybody(api: Api) -> None:
    items = api.call("GET", "/v1/procedures", None).json()["items"]
    assert [item["id"] for item in items] == sorted(item["id"] for item in items)
    assert [item["id"] for item in items if item["open_for_filing"]] == ["HB", "LN", "PS", "SW", "TC"]
    for item in items:
        alone = api.call("GET", item["links"]["self"], None).json()
        assert {name: alone[name] for name in item} == item
        assert item["title"]["vi"]
        assert item["title"]["en"]
    offices = {item["id"]: api.call("GET", item["links"]["self"], None).json()["offices"] for item in items}
    assert "H29.1.1" in [office["code"] for office in offices["HB"]]
    assert "H29.1" in [office["code"] for office in offices["SW"]]


def test_a_verdict_is_exported_and_derived_again(api: Api) -> None:
    dossier = api.in_review()
    told = api.call("GET", f"/v1/dossiers/{dossier.id}/replay").json()
    assert (told["same"], told["intact"], told["differences"]) == (True, True, [])
    assert told["stored_sha256"] == told["derived_sha256"]
    exported = requests.get(api.call("GET", f"/v1/dossiers/{dossier.id}/verdict").json()["url"], timeout=10).json()
    assert exported["verdict"]["procedure"] == "SW"
    assert slug(api.call("GET", f"/v1/dossiers/{dossier.id}/replay?as_of=2019-01-01")) == "not-found"


def test_people_of_a_list_are_given_by_pages_and_by_verdict(api: Api) -> None:
    dossier = api.in_review()
    path = f"/v1/dossiers/{dossier.id}/findings"
    whole = api.call("GET", path).json()
    assert (whole["rows_total"], len(whole["rows"]), whole["next_cursor"]) == (1, 1, None)
    assert api.call("GET", f"{path}?verdict=fail").json()["rows"] == []
    assert slug(api.call("GET", f"{path}?verdict=perhaps")) == "validation-failed"


def test_it_says_that_it_is_alive(api: Api) -> None:
    assert api.call("GET", "/v1/health", None).json()["status"] == "ok"
