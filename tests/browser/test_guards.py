"""What the pages refuse, over plain HTTP: strangers, forged forms, ended sessions; and what they let pass twice."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.browser.conftest import Stack
from tests.hostile import blank_pdf

READING = ("", "/giay-to", "/nop", "/bien-nhan", "/rut", "/ket-qua", "/lich-su", "/giay/1", "/giay-to/1",
           "/giay-to/1/sua", "/giay-to/1/bo", "/giay-to/1/gui?tep=a", "/giay-to/1/trang/1")  # fmt: skip
WRITING = ("/giay-to", "/giay-to/1/lai", "/giay-to/1/sua", "/giay-to/1/bo", "/giay-to/1/bao",
           "/giay-to/1/xep", "/nop", "/rut")  # fmt: skip


@dataclass
class Hand:
    """A browser without a screen: cookies, the word of its session, no scripts."""

    stack: Stack
    account: tuple[str, str]

    def __post_init__(self) -> None:
        self.http = requests.Session()
        self.sign_in()

    def sign_in(self) -> None:
        answer = self.send("/dang-nhap", {"ten": self.account[0], "mat-khau": self.account[1]}, word="")
        assert answer.status_code == 303, answer.text
        self.word = re.findall(r'name="word" value="([^"]+)"', self.get("/ho-so").text)[0]

    def get(self, path: str) -> requests.Response:
        return self.http.get(self.stack.base_url + path, timeout=30, allow_redirects=False)

    def send(self, path: str, fields: dict[str, str], word: str | None = None, **more: Any) -> requests.Response:
        sent = {**fields, "word": self.word if word is None else word}
        return self.http.post(self.stack.base_url + path, sent, timeout=30, allow_redirects=False, **more)

    def put(self, form: str, data: bytes) -> str:
        """A file through the form at this address, as a browser without scripts sends it; where it is sent on to."""
        text = self.get(form).text
        action = re.findall(r'<form class="mc-send" method="post" action="([^"]+)"', text)[0]
        send = text.partition('<form class="mc-send"')[2].partition("</form>")[0]
        fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', send))
        fields = {name: html.unescape(value) for name, value in fields.items()}
        answer = requests.post(
            html.unescape(action), fields, files={"file": ("anh.pdf", data)}, timeout=30, allow_redirects=False
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"].removeprefix(self.stack.base_url)

    def begin(self, key: str = "") -> str:
        fields = {
            "khoa": key or uuid.uuid4().hex, "dich-vu": "SW", "dong-y": "co", "ho-ten": "Công ty An Phú",
            "dien-thoai": "0901234567", "noi-nop": "H29.1", "finance-revenue_vnd": "0",
        }  # fmt: skip
        answer = self.send("/ho-so/moi/ke-khai", fields)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"].removesuffix("/giay-to")


@pytest.fixture(scope="module")
def owner(stack: Stack) -> Hand:
    return Hand(stack, stack.new_applicant("chu-ho-so"))


@pytest.fixture(scope="module")
def stranger(stack: Stack) -> Hand:
    return Hand(stack, stack.new_applicant("nguoi-la"))


def test_somebody_elses_dossier_answers_like_none_at_all(owner: Hand, stranger: Hand) -> None:
    there, missing = owner.begin(), "/ho-so/" + "0" * 26
    assert owner.get(there).status_code == 200
    for path in READING:
        theirs, none = stranger.get(there + path), stranger.get(missing + path)
        assert (theirs.status_code, theirs.content) == (none.status_code, none.content), path
        assert theirs.status_code == 404, path
    for path in WRITING:
        fields = {"khoa": "abc", "ban": "1", "loai": "image/png", "co": "5", "sha256": "0" * 64}
        theirs, none = stranger.send(there + path, fields), stranger.send(missing + path, fields)
        assert (theirs.status_code, theirs.content) == (none.status_code, none.content), path
        assert theirs.status_code == 404, path


def test_a_form_of_another_session_or_page_changes_nothing(owner: Hand, stranger: Hand) -> None:
    dossier = owner.begin()
    for word in ("", "x", stranger.word):
        assert owner.send(f"{dossier}/rut", {}, word=word).status_code == 403
    for header in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert owner.send(f"{dossier}/rut", {}, headers=header).status_code == 403
    assert "Chưa nộp" in owner.get(dossier).text or "chưa nộp" in owner.get(dossier).text


def test_the_same_form_twice_is_one_dossier_and_one_paper(owner: Hand) -> None:
    key = uuid.uuid4().hex
    dossier = owner.begin(key)
    assert owner.begin(key) == dossier
    sent = [owner.send(f"{dossier}/giay-to", {"khoa": "mot"}).headers["Location"] for _ in range(2)]
    assert sent[0] == sent[1]
    assert owner.get(f"{dossier}/giay-to").text.count('<li class="mc-card') == 1


def test_a_paper_goes_page_by_page_and_is_put_in_order_without_scripts(owner: Hand) -> None:
    def pictures(seen: str) -> list[str]:
        """What the paper's pages are pictures of, in order."""
        found = re.findall(r'src="([^"]+/trang/\d+)"', seen)
        return [urlsplit(owner.get(path).headers["Location"]).path.split("/")[-2] for path in found]

    def moved(what: str, number: int) -> str:
        version = re.findall(r'name="ban" value="(\d+)"', owner.get(paper).text)[0]
        answer = owner.send(f"{paper}/xep", {"ban": version, "trang": str(number), "viec": what})
        assert answer.status_code == 303, answer.text
        return owner.get(answer.headers["Location"]).text

    dossier = owner.begin()
    form = owner.send(f"{dossier}/giay-to", {"khoa": "trang1"}).headers["Location"]
    assert "Thêm trang" in owner.get(owner.put(form, blank_pdf())).text
    paper = form.partition("/gui")[0]
    for key in ("trang2", "trang3"):
        form = owner.send(f"{paper}/lai", {"khoa": key, "them": "1"}).headers["Location"]
        seen = owner.get(owner.put(form, blank_pdf())).text
    first, second, third = pictures(seen)
    assert pictures(moved("len", 3)) == [first, third, second]
    assert pictures(moved("xuong", 1)) == [third, first, second]
    assert pictures(moved("bo", 2)) == [third, second]
    assert owner.get(f"{dossier}/giay-to").text.count('<li class="mc-card') == 1


def test_what_was_sent_after_the_session_ended_waits_and_is_sent_again(owner: Hand) -> None:
    dossier = owner.begin()
    word = owner.word
    owner.send("/dang-xuat", {})
    answer = owner.send(f"{dossier}/giay-to", {"khoa": "giu"}, word=word)
    assert answer.status_code == 401
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    assert kept == {"tiep": f"{dossier}/giay-to", "giu-khoa": "giu"}
    fields = {**kept, "ten": owner.account[0], "mat-khau": owner.account[1]}
    again = owner.send("/dang-nhap", fields, word="")
    assert again.status_code == 200
    assert 'name="khoa" value="giu"' in again.text
    owner.sign_in()


@pytest.mark.parametrize("then", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_nobody_is_sent_elsewhere_after_signing_in(stack: Stack, owner: Hand, then: str) -> None:
    answer = owner.send("/dang-nhap", {"ten": owner.account[0], "mat-khau": owner.account[1], "tiep": then}, word="")
    assert answer.headers["Location"] == "/ho-so"
    owner.sign_in()


def test_the_cookie_and_the_headers_are_strict(stack: Stack, owner: Hand) -> None:
    answer = owner.send("/dang-nhap", {"ten": owner.account[0], "mat-khau": owner.account[1]}, word="")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    owner.sign_in()
    for path in ("/", "/dang-nhap", "/ho-so", "/tro-giup", "/dich-vu/SW"):
        headers = requests.get(stack.base_url + path, timeout=30, allow_redirects=True).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


def test_an_officer_does_not_file(stack: Stack) -> None:
    officer = Hand(stack, ("can.bo.quan@example.vn", stack.passwords["can.bo.quan@example.vn"]))
    assert officer.get("/ho-so/moi?dich-vu=SW").status_code == 403


@pytest.mark.parametrize("service", ["SW", "HB", "LN", "PS", "TC"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_service_is_told_in_both_languages(stack: Stack, service: str, language: str) -> None:
    for path in (f"/dich-vu/{service}", f"/dich-vu/{service}/tu-kiem-tra"):
        answer = requests.get(f"{stack.base_url}{path}?ngon-ngu={language}", timeout=30)
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text
