"""What belongs to one applicant is not there for another: generated over every route of the API and of the pages.

The routes come from the template and from the pages' own table, so that a new one is covered when it is written. One
cloud for the module; it also sees one's own data through: found by code, taken along, erased.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import time
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests
from adapters.files import Buckets
from adapters.sessions import Person, Sessions
from adapters.store import CaseTable
from casework.document import Page
from casework.dossier import SYSTEM, Actor, Dossier, Record, change
from casework.issued import paper_record_key
from casework.plain import from_plain, to_plain
from casework.workflow import filing

from infra.local import outbox
from infra.local.cloud import Cloud
from infra.local.serve import Server
from tests import builders
from tests.builders import PROVINCE, House, the_list
from tests.integration.test_api import BODIES, PASSWORD, RECEIPT, scopes_asked_for

NOBODYS = "0" * 26
VARYING = {"Date", "x-amzn-RequestId"}
FORM = {"khoa": "k" * 8, "ban": "1", "chac": "co", "co": "3", "loai": "application/pdf", "sha256": "0" * 64, "ten": "a"}


@dataclass(frozen=True)
class Somebody:
    """An applicant with a token for the API and a session for the pages."""

    base_url: str
    subject: str
    token: str
    cookie: str
    word: str

    def call(self, method: str, path: str, body: Any = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid.uuid4().hex, "If-Match": '"1"'}
        return requests.request(method, self.base_url + path, headers=headers, json=body, timeout=30)

    def look(self, method: str, path: str, **fields: str) -> requests.Response:
        form = {"word": self.word, **FORM, **fields} if method == "POST" else None
        cookies = {"phien": self.cookie}
        return requests.request(
            method, self.base_url + path, cookies=cookies, data=form, timeout=30, allow_redirects=False
        )


@dataclass(frozen=True)
class Scene:
    """Two applicants; each has a dossier that was decided."""

    cloud: Cloud
    store: CaseTable
    files: Buckets
    owner: Somebody
    stranger: Somebody
    theirs: Dossier
    mine: Dossier

    def ids(self, dossier: Dossier) -> dict[str, str]:
        return {
            "dossier_id": dossier.id,
            "document_id": dossier.documents[0].id,
            "paper_id": RECEIPT.id + dossier.id,
            "task_id": f"{dossier.id}.1.province_decision",
            "upload_id": dossier.documents[0].uploads[0].id,
        }


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with Cloud({"PretendNow": "2020-05-18T02:00:00+00:00"}, log_to=io.StringIO()) as cloud, Server(cloud) as server:
        store = CaseTable(cloud.client("dynamodb"), cloud.template.physical["CasesTable"])
        names = [cloud.template.physical[f"{kind}Bucket"] for kind in ("Incoming", "Pages", "Evidence")]
        files = Buckets(cloud.client("s3"), *names)
        people = [somebody(cloud, server.base_url, name) for name in ("chu", "la")]
        dossiers = [decided(cloud, store, files, one.subject) for one in people]
        yield Scene(cloud, store, files, people[0], people[1], dossiers[0], dossiers[1])


def somebody(cloud: Cloud, base_url: str, name: str) -> Somebody:
    cognito, account = cloud.client("cognito-idp"), {"Username": f"{name}@example.vn"}
    account["UserPoolId"] = cloud.sign_in.pool_id
    cognito.admin_create_user(**account, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**account, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(**account, GroupName="applicants")
    token = cloud.sign_in.sign_in(account["Username"], PASSWORD)
    subject = str(cloud.sign_in.verify(f"Bearer {token}")["sub"])
    sessions = Sessions(cloud.client("dynamodb"), cloud.template.physical["CasesTable"])
    cookie, session = sessions.open(Person(subject, name))
    return Somebody(base_url, subject, token, cookie, session.word)


def decided(cloud: Cloud, store: CaseTable, files: Buckets, subject: str) -> Dossier:
    """A dossier of this person, decided, as the system in memory leaves it: rows and files."""
    house, actor = House(), Actor("applicant", subject)
    filed = house.file(actor=actor)
    for name, data in builders.papers().items():
        house.send(filed.id, data, name, actor=actor)
    house.settle()
    filing.submit(filed.id, actor, None, store=house.store, clock=house.clock)
    house.settle()
    house.decide(filed.id)
    house.settle()
    house.decide(filed.id, "approve", actor=PROVINCE, reason="Đủ điều kiện.")
    house.settle()
    made = house.store.load(filed.id)
    assert made.total_vnd, made.state
    s3 = cloud.client("s3")
    for key, versions in house.files._uploads.items():
        s3.put_object(Bucket=cloud.template.physical["IncomingBucket"], Key=key, Body=versions[-1])
    for key, (page, image) in house.files._pages.items():
        files.put_page(key, from_plain(Page, page), image)
    for kept, put in ((house.files._json, files.put_json), (house.files._evidence, files.put_evidence)):
        for key, data in kept.items():
            put(key, data)
    paper = replace(RECEIPT, id=RECEIPT.id + made.id)
    records = [r for r in house.store.records(made.id, "") if not r.key.startswith(("OUTBOX#", "CODE"))]
    records.append(Record(paper_record_key(3, "receipt"), to_plain(paper)))
    records.append(Record("EXPORT#ORDERED", {"at": "2020-05-18T02:00:00+00:00"}))
    made_export = {"ordered_at": "2020-05-18T02:00:00+00:00", "key": f"exports/{made.id}/x.zip", "size_bytes": 1}
    records.append(Record("EXPORT#MADE", made_export))
    sealed = change(
        None, replace(made, version=0, audit_hash=""), "dossier.filed", actor=SYSTEM, now=house.clock(), records=records
    )
    store.commit(sealed)
    return sealed.after


def filled(path: str, ids: dict[str, str]) -> str:
    return re.sub(r"[{<](\w+)\+?[}>]", lambda place: ids.get(place[1], "1"), path)


def same(theirs: requests.Response, missing: requests.Response) -> bool:
    """Whether two answers cannot be told apart."""
    shown = [
        (one.status_code, one.content, {n: v for n, v in one.headers.items() if n not in VARYING})
        for one in (theirs, missing)
    ]
    return shown[0] == shown[1]


def page_routes(scene: Scene) -> list[tuple[str, str]]:
    """(method, path) of every page that speaks of something: from the pages' own table of routes."""
    app = scene.cloud.containers._load("WebFunction").app
    routes = [*app._static_routes, *app._dynamic_routes]
    found = {
        (method, route.path)
        for route in routes
        for method in ([route.method] if isinstance(route.method, str) else route.method)
    }
    named = sorted(route for route in found if re.search(r"<(dossier|document|paper|task|upload)_id>", route[1]))
    assert len(named) > 25, named
    return named


def api_routes() -> list[tuple[str, str]]:
    """(method, path) of every route of the API that speaks of something of a dossier, from the template."""
    named = [route for route in scopes_asked_for() if "{dossier_id}" in route[1] or "{document_id}" in route[1]]
    found = sorted(route for route in named if not route[1].startswith("/v1/parked"))
    assert len(found) > 15, found
    return found


# ── another's is not there ───────────────────────────────────────────────────


def test_another_applicants_pages_answer_like_pages_that_are_not_there(scene: Scene) -> None:
    told = []
    for method, path in page_routes(scene):
        theirs = scene.stranger.look(method, filled(path, scene.ids(scene.theirs)))
        nobodys = {**scene.ids(scene.theirs), "dossier_id": NOBODYS, "task_id": f"{NOBODYS}.1.province_decision"}
        missing = scene.stranger.look(method, filled(path, nobodys))
        if theirs.status_code not in ((403, 404) if path.startswith("/can-bo") else (404,)):
            told.append(f"{method} {path}: {theirs.status_code}")
        if not same(theirs, missing):
            told.append(f"{method} {path}: differs from one that is not there")
    assert told == []


def test_another_applicants_routes_answer_like_routes_to_nothing(scene: Scene) -> None:
    told = []
    for method, path in api_routes():
        body = BODIES.get(f"{method} {path}", {} if method != "GET" else None)
        theirs = scene.stranger.call(method, filled(path, scene.ids(scene.theirs)), body)
        missing = scene.stranger.call(method, filled(path, {**scene.ids(scene.theirs), "dossier_id": NOBODYS}), body)
        if theirs.status_code not in (404, 403):  # 403: a route for officers alone
            told.append(f"{method} {path}: {theirs.status_code}")
        if not same(theirs, missing):
            told.append(f"{method} {path}: differs from one that is not there")
    assert told == []


def test_another_applicants_paper_is_not_there_through_ones_own_dossier_either(scene: Scene) -> None:
    told = []
    inner = ("document_id", "paper_id", "upload_id")
    wanted = [(True, route) for route in page_routes(scene)] + [(False, route) for route in api_routes()]
    for is_page, (method, path) in wanted:
        if not any(name in path for name in inner) or path.startswith("/can-bo"):
            continue
        asked = [
            {**scene.ids(scene.theirs), "dossier_id": scene.mine.id},
            {"dossier_id": scene.mine.id, **dict.fromkeys(inner, NOBODYS)},
        ]
        if is_page:
            theirs, missing = (scene.stranger.look(method, filled(path, ids)) for ids in asked)
        else:
            body = BODIES.get(f"{method} {path}", {} if method != "GET" else None)
            theirs, missing = (scene.stranger.call(method, filled(path, ids), body) for ids in asked)
        if not same(theirs, missing) or theirs.status_code < 400:
            told.append(f"{method} {path}: {theirs.status_code} {missing.status_code}")
    assert told == []


def test_the_owner_finds_all_of_it_there(scene: Scene) -> None:
    """Else the tests above would prove nothing."""
    told = []
    for method, path in page_routes(scene):
        if method == "GET" and path.startswith("/ho-so/") and not path.endswith("/gui"):
            answer = scene.owner.look(method, filled(path, scene.ids(scene.theirs)))
            if answer.status_code not in (200, 303):
                told.append(f"{method} {path}: {answer.status_code}")
    for method, path in api_routes():
        if method == "GET" and not path.endswith(("/searchable", "/evidence")):
            answer = scene.owner.call(method, filled(path, scene.ids(scene.theirs)))
            if answer.status_code != 200:
                told.append(f"{method} {path}: {answer.status_code}")
    assert told == []


def test_lists_of_one_show_nothing_of_another(scene: Scene) -> None:
    shown = scene.stranger.look("GET", "/ho-so").text + scene.stranger.call("GET", "/v1/dossiers").text
    assert scene.mine.id in shown
    assert scene.theirs.id not in shown


# ── one's own, all the way ───────────────────────────────────────────────────


def eventually(holds: Any, seconds: float = 60.0) -> Any:
    ends = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends, "not in time"
        time.sleep(0.2)
    return found


def filed(scene: Scene) -> dict[str, Any]:
    applicant = {"name": "Trần Thị Gõ", "phone": "0912 345 678", "email": "go@example.vn"}
    found: dict[str, Any] = scene.owner.call(
        "POST", "/v1/dossiers", {**BODIES["POST /v1/dossiers"], "applicant": applicant}
    ).json()
    return found


def digits_sent(scene: Scene, code: str) -> str:
    def found() -> str:
        texts = [re.findall(r"\b\d{6}\b(?=.* " + re.escape(code) + ")", one.body) for one in outbox.text_messages()]
        return next((text[0] for text in reversed(texts) if text), "")

    return str(eventually(found))


def test_a_dossier_is_found_by_code_and_digits_without_a_word_about_anybody(scene: Scene) -> None:
    dossier = filed(scene)
    base, code = scene.owner.base_url, dossier["code"]
    with requests.Session() as browser:
        asked = browser.post(f"{base}/tra-cuu", data={"ma": code.lower()}, timeout=30)
        other = browser.post(f"{base}/tra-cuu", data={"ma": "H29.1-200518-9999"}, timeout=30)
        assert asked.text.replace(code, "CODE") == other.text.replace("H29.1-200518-9999", "CODE")
        digits = digits_sent(scene, code)
        wrong = f"{(int(digits) + 1) % 10**6:06d}"
        refused = [
            browser.post(f"{base}/tra-cuu/ma", data={"ma": one, "so": wrong}, timeout=30)
            for one in (code, "H29.1-200518-9999")
        ]
        assert [one.status_code for one in refused] == [422, 422]
        assert refused[0].text.replace(code, "CODE") == refused[1].text.replace("H29.1-200518-9999", "CODE")
        shown = browser.post(f"{base}/tra-cuu/ma", data={"ma": code, "so": digits}, timeout=30)
        assert shown.url == f"{base}/tra-cuu/ho-so"
        assert code in shown.text
        for private in ("Trần Thị Gõ", "0912", "go@example.vn"):
            assert private not in shown.text
        assert browser.get(shown.url, timeout=30).text == shown.text  # looked at again, nothing asked again
    through_api = requests.post(f"{base}/v1/lookups", json={"code": code}, timeout=30)
    assert (through_api.status_code, digits not in through_api.text) == (202, True)
    assert (
        requests.post(f"{base}/v1/lookups/answers", json={"code": code, "digits": wrong}, timeout=30).status_code == 422
    )


def test_what_was_sent_is_shown_here_and_nowhere_else(scene: Scene) -> None:
    shown = requests.get(scene.owner.base_url + outbox.PATH, timeout=30)
    assert shown.status_code == 200
    assert "+84912345678" in shown.text
    assert [route.path for route in scene.cloud.routes if outbox.PATH in route.path] == []


def test_ones_data_come_as_one_file_and_an_erased_draft_leaves_nothing(scene: Scene) -> None:
    dossier = filed(scene)
    here = f"/ho-so/{dossier['id']}"
    file = the_list()
    told = {**BODIES["POST /v1/dossiers/{dossier_id}/documents"], "size_bytes": len(file)}
    told["sha256"] = hashlib.sha256(file).hexdigest()
    grant = scene.owner.call("POST", f"/v1/dossiers/{dossier['id']}/documents", told).json()["upload"]
    requests.post(grant["url"], data=grant["fields"], files={"file": file}, timeout=30).raise_for_status()
    eventually(lambda: scene.store.load(dossier["id"]).documents[0].state in ("rejected", "read", "unreadable"))

    for _ in range(2):
        assert scene.owner.look("POST", f"{here}/du-lieu/tai").status_code == 303
    leads = eventually(lambda: scene.owner.look("GET", f"{here}/du-lieu/tai").headers.get("Location"))
    packed_bytes = requests.get(leads, timeout=30).content
    packed = zipfile.ZipFile(io.BytesIO(packed_bytes))
    assert json.loads(packed.read("ho-so.json"))["code"] == dossier["code"]
    assert packed.read("ban-goc/01-01-mau-01.pdf") == file
    assert "Trần Thị Gõ" in scene.owner.call("GET", f"/v1/dossiers/{dossier['id']}").text
    through_api = [scene.owner.call(method, f"/v1/dossiers/{dossier['id']}/export") for method in ("PUT", "GET")]
    assert [one.json()["state"] for one in through_api] == ["ready", "ready"]  # the same file, not another one
    assert requests.get(through_api[1].json()["url"], timeout=30).content == packed_bytes

    assert scene.owner.look("POST", f"{here}/xoa", chac="").status_code == 422
    assert scene.owner.look("POST", f"{here}/xoa").status_code == 303
    s3 = scene.cloud.client("s3")

    def left() -> list[str]:
        found = []
        for name in ("IncomingBucket", "PagesBucket"):
            bucket = scene.cloud.template.physical[name]
            listed = s3.list_object_versions(Bucket=bucket)
            found += [v["Key"] for v in listed.get("Versions", []) if dossier["id"] in v["Key"]]
        return found

    eventually(lambda: not left())
    queue = scene.cloud.template.physical["DataRequestsQueue"]
    asked = scene.cloud.client("sqs").get_queue_attributes(
        QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )["Attributes"]
    assert asked["ApproximateNumberOfMessagesDelayed"] == "1"  # once more, for what a form sends that is open yet
    assert scene.owner.look("GET", f"{here}/du-lieu/tai").status_code == 404
    rows = scene.cloud.client("dynamodb").scan(TableName=scene.cloud.template.physical["CasesTable"])["Items"]
    about = json.dumps([row for row in rows if dossier["id"] in row["pk"]["S"]], ensure_ascii=False, default=str)
    for private in ("Trần Thị Gõ", "0912", "go@example.vn", "mau-01.pdf"):
        assert private not in about
    assert scene.owner.look("POST", f"/ho-so/{scene.theirs.id}/xoa").status_code == 409  # handed in: kept


def test_software_takes_data_along_and_erases_as_the_pages_do(scene: Scene) -> None:
    dossier = filed(scene)
    place = f"/v1/dossiers/{dossier['id']}"
    assert dossier["links"]["export"] == f"{place}/export"
    assert scene.owner.call("GET", f"{place}/export").json()["state"] == "none"
    none = ("ordered_at", "kept_until", "size_bytes", "url")
    ordered = scene.owner.call("PUT", f"{place}/export")
    assert ordered.status_code == 200, ordered.text
    made = eventually(lambda: scene.owner.call("GET", f"{place}/export").json().get("url"))
    packed = zipfile.ZipFile(io.BytesIO(requests.get(made, timeout=30).content))
    assert json.loads(packed.read("ho-so.json"))["code"] == dossier["code"]

    erased = [scene.owner.call("DELETE", place) for _ in range(2)]  # an export is no other version; again is harmless
    assert [one.status_code for one in erased] == [200, 200]
    assert (erased[1].json()["state"], erased[1].json()["applicant"]["name"]) == ("withdrawn", "")
    assert scene.owner.call("GET", f"{place}/export").json() == dict.fromkeys(none, None) | {"state": "none"}
    assert scene.owner.call("PUT", f"{place}/export").status_code == 404  # there is nothing left to take along
    kept = scene.owner.call("DELETE", f"/v1/dossiers/{scene.theirs.id}")
    assert (kept.status_code, kept.json()["type"]) == (409, "/v1/problems/kept-by-law")
