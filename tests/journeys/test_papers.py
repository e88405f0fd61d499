"""Papers over HTTP: listed and fetched by those who may, confirmed to anybody, about nobody."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import requests
from casework.workflow import evidence, verifying

from infra.local.caller import Caller, Declined
from infra.local.cloud import Cloud
from infra.local.commands.demo import cast_of
from infra.local.demo import Cast
from infra.local.serve import Server
from tests.journeys import way

CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).resolve().parents[2] / "infra/assets/node_modules/axe-core/axe.min.js"
NAMES_NOBODY = re.compile(r"Công ty thử|ke\.toan|example\.vn|1\.800\.000|1800000", re.IGNORECASE)


class Walked:
    """One dossier that went the whole way, and the server it went through."""

    def __init__(self, cloud: Cloud, server: Server) -> None:
        self.cast: Cast = cast_of(cloud, server)
        self.base_url = server.base_url
        administrator = next(person for person in cloud.people() if person.group == "administrators")
        token = cloud.sign_in.sign_in(administrator.username, administrator.password)
        self.stranger = Caller(server.base_url, token)  # sees dossiers that are parked, and this one is not
        self.way = way.Way(self.cast.applicant(), self.cast.officer("H29.1"), self.cast.officer("H29"), way.papers(1))
        self.dossier = self.way.go()
        cloud.drain(60)
        self.items = self.way.applicant.get(f"/v1/dossiers/{self.way.dossier_id}/papers").data["items"]

    def page(self, link: str) -> requests.Response:
        """The page behind a link, at this server's own address."""
        return requests.get(re.sub(r"^https?://[^/]+", self.base_url, link), timeout=10)


@pytest.fixture(scope="module")
def walked() -> Iterator[Walked]:
    with Cloud({"PretendNow": "2020-05-12T08:00:00+07:00", "LogLevel": "CRITICAL"}) as cloud, Server(cloud) as server:
        yield Walked(cloud, server)


def test_a_dossier_lists_its_papers_with_the_files_they_are(walked: Walked) -> None:
    assert [item["kind"] for item in walked.items] == ["receipt", "control_sheet", "control_sheet", "decision"]
    for item in walked.items:
        shown = walked.way.applicant.get(item["links"]["self"]).data
        answer = requests.get(shown["pdf_url"], timeout=10)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert "attachment" in answer.headers["Content-Disposition"]
        assert hashlib.sha256(answer.content).hexdigest() == item["sha256"]
        assert len(answer.content) == item["size_bytes"]
        assert len(pypdfium2.PdfDocument(answer.content)) == item["pages"]


def test_officers_of_the_case_see_them_and_nobody_else(walked: Walked) -> None:
    where = f"/v1/dossiers/{walked.way.dossier_id}/papers"
    assert walked.way.district.get(where).data["items"] == walked.items
    for path in (where, walked.items[0]["links"]["self"]):
        with pytest.raises(Declined) as refused:
            walked.stranger.get(path)
        assert refused.value.status == 404
    assert requests.get(f"{walked.base_url}{where}", timeout=10).status_code == 401


def test_the_code_leads_to_a_page_that_confirms_and_names_nobody(walked: Walked) -> None:
    for item in walked.items:
        answer = walked.page(item["links"]["page"])
        assert answer.status_code == 200
        for known in (item["number"], item["code"], item["sha256"], item["title"]["vi"], item["title"]["en"]):
            assert known in answer.text
        assert not NAMES_NOBODY.search(answer.text)
        wanted = {"valid": "Còn giá trị", "replaced": "Đã được thay bằng giấy khác"}[item["validity"]]
        assert wanted in answer.text


def test_the_page_runs_no_script_and_fetches_nothing(walked: Walked) -> None:
    answer = walked.page(walked.items[0]["links"]["page"])
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'nonce-")
    for forbidden in ("script", "unsafe", "http:", "https:"):
        assert forbidden not in policy
    assert not re.search(r"<script|\son\w+=|src=|href=|url\(|@import", answer.text)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert re.search(r'<html lang="vi">.*<title>.+</title>', answer.text, re.DOTALL)
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(
    "path",
    ["/" + "A" * 22, "/x", "/%3Cscript%3E", "/..etc..passwd", "/" + "A" * 5000, "/" + "%E1%BB%A3" * 22,
     "/" + "A" * 21 + "%0A", "", "/a/b", "/" + "A" * 22 + "/", "/%2F"],
)  # fmt: skip
def test_an_unknown_code_gets_a_plain_answer_and_what_to_do(walked: Walked, path: str) -> None:
    answer = requests.get(f"{walked.base_url}/xac-minh{path}", timeout=10)
    assert answer.status_code == 404
    assert "Không tìm thấy giấy này" in answer.text
    assert "No such paper was found" in answer.text
    assert "Cần làm gì" in answer.text
    assert "<script" not in answer.text
    if path.count("/") != 1 or "%2F" in path:
        return  # no address of the interface for programs
    told = requests.get(f"{walked.base_url}/v1/papers{path}", timeout=10)
    assert (told.status_code, told.json()["type"]) == (404, "/v1/problems/paper-unknown")


def test_the_page_fits_a_small_telephone_without_scripts(walked: Walked) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine")
    links = [walked.items[0]["links"]["page"], walked.items[1]["links"]["page"], "http://x/xac-minh/" + "A" * 22]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(
            java_script_enabled=False, viewport={"width": 320, "height": 640}, bypass_csp=False
        ).new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        page.on("requestfailed", lambda request: faults.append(request.url))
        for link in links:
            page.goto(re.sub(r"^https?://[^/]+", walked.base_url, link))
            widest = page.locator("body *").evaluate_all(
                "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
            )
            assert widest <= 320
            colours = page.locator("h1").evaluate("one => getComputedStyle(one).color")
            assert colours == "rgb(20, 33, 61)"  # our style is applied: its nonce fits
        browser.close()
    assert [fault for fault in faults if "404" not in fault] == []  # the page for an unknown code is one


def test_the_page_has_no_fault_that_a_machine_finds(walked: Walked) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists() or not AXE.exists():
        pytest.skip("no Chromium or no axe on this machine")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 320, "height": 640})
        for link in (walked.items[0]["links"]["page"], walked.items[1]["links"]["page"], "http://x/xac-minh/y"):
            page.goto(re.sub(r"^https?://[^/]+", walked.base_url, link))
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
            assert [violation["id"] for violation in found["violations"]] == []
            assert len(found["passes"]) > 5
        browser.close()


def test_the_decision_comes_with_evidence_that_holds_and_is_for_officers(walked: Walked) -> None:
    where = f"/v1/dossiers/{walked.way.dossier_id}/evidence"
    told = walked.way.district.get(where).data
    packed = requests.get(told["url"], timeout=10).content
    assert hashlib.sha256(packed).hexdigest() == told["sha256"]
    found = verifying.verify(evidence.unpack(packed), told["audit_head"], [pdf for _, pdf in walked.way.files])
    assert {check.id: check.differences for check in found.checks if not check.holds} == {}
    assert walked.way.province.get(where).data["sha256"] == told["sha256"]
    for caller, status in ((walked.way.applicant, 403), (walked.stranger, 404)):
        with pytest.raises(Declined) as refused:
            caller.get(where)
        assert refused.value.status == status


def test_the_same_is_told_to_programs(walked: Walked) -> None:
    for item in walked.items:
        told = walked.page(walked.base_url + item["links"]["confirm"])
        assert told.status_code == 200
        said = told.json()
        for name in ("kind", "number", "code", "issued_on", "validity", "replaced_by", "sha256", "office"):
            assert said[name] == item[name]
        assert not NAMES_NOBODY.search(told.text)


def test_a_scan_that_was_read_is_there_to_be_searched(walked: Walked) -> None:
    for document in walked.dossier["documents"]:
        where = f"/v1/dossiers/{walked.way.dossier_id}/documents/{document['document_id']}/searchable"
        pdf = requests.get(walked.way.applicant.get(where).data["pdf_url"], timeout=10).content
        text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in " ".join(text.split())
        with pytest.raises(Declined) as refused:
            walked.stranger.get(where)
        assert refused.value.status == 404
