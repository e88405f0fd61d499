"""Two officers at once, a form sent twice, an ended session, an old page, a lease that ran out: one decision, the
second told who was first, and what he wrote kept. And hostile texts, which stay texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
import requests
from casework.dossier import Dossier

from tests.browser.conftest import Stack
from tests.browser.desk import Desk
from tests.browser.test_desk_work import DISTRICT, SUPERVISOR, task_of
from tests.browser.test_guards import Hand
from tests.browser.visitor import Visitor
from tests.builders import BINH

HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{7*7}}"
REASON = "Giấy tờ rõ ràng, đủ điều kiện."


class Officer(Hand):
    """An officer's browser without a screen."""

    def task(self, dossier: Dossier) -> str:
        return self.get(task_of(dossier)).text

    def version(self, dossier: Dossier) -> str:
        return re.findall(r'name="ban" value="(\d+)"', self.task(dossier))[0]

    def decide(self, dossier: Dossier, version: str, **differs: str) -> requests.Response:
        fields = {"ban": version, "ket-qua": "send_on", "ly-do": REASON, "buoc": "gui", **differs}
        return self.send(f"{task_of(dossier)}/quyet-dinh", fields)


@pytest.fixture(scope="module")
def mai(stack: Stack) -> Officer:
    return Officer(stack, (DISTRICT, stack.passwords[DISTRICT]))


@pytest.fixture(scope="module")
def lan(desk: Desk) -> Officer:
    return Officer(desk.stack, desk.colleague("tran.thi.lan"))


@pytest.fixture(scope="module")
def case(desk: Desk) -> Callable[[], Dossier]:
    count = iter(range(1, 99))
    return lambda: desk.doubtful(f"Trần Văn {next(count):02d}")


def decisions(desk: Desk, dossier: Dossier) -> list[Any]:
    return [record.data for record in desk.store.records(dossier.id, "DECISION#")]


def test_the_same_form_twice_is_one_decision(desk: Desk, mai: Officer, case: Any) -> None:
    dossier = case()
    version = mai.version(dossier)
    answers = [mai.decide(dossier, version) for _ in range(2)]
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [
        (303, f"/can-bo?da={task_of(dossier).rpartition('/')[2]}")
    ] * 2
    assert len(decisions(desk, dossier)) == 1


def test_who_comes_second_is_told_who_was_first_and_keeps_his_text(
    desk: Desk, mai: Officer, lan: Officer, case: Any
) -> None:
    dossier = case()
    version = mai.version(dossier)
    assert lan.decide(dossier, lan.version(dossier)).status_code == 303
    late = mai.decide(dossier, version, **{"ly-do": "Tôi viết một đoạn dài."})
    assert late.status_code == 409
    assert "Tran Thi Lan" in late.text
    assert "Tôi viết một đoạn dài." in late.text
    assert "Tôi viết một đoạn dài." in mai.task(dossier)  # and is there when he comes back
    assert [made["reason"] for made in decisions(desk, dossier)] == [REASON]


def test_a_page_that_is_old_is_refused_with_the_text_kept(desk: Desk, mai: Officer, lan: Officer, case: Any) -> None:
    dossier = case()
    version = mai.version(dossier)
    assert lan.send(f"{task_of(dossier)}/hoi-lai/vss", {}).status_code == 303  # something changed meanwhile
    stale = mai.decide(dossier, version)
    assert stale.status_code == 409
    assert f">{REASON}</textarea>" in stale.text
    assert decisions(desk, dossier) == []
    assert mai.decide(dossier, re.findall(r'name="ban" value="(\d+)"', stale.text)[0]).status_code == 303


def test_a_claim_keeps_others_away_until_it_runs_out(desk: Desk, mai: Officer, lan: Officer, case: Any) -> None:
    dossier = case()
    version = lan.version(dossier)
    assert mai.send(f"{task_of(dossier)}/nhan", {}).status_code == 303
    held = lan.decide(dossier, version)
    assert held.status_code == 409
    assert REASON in held.text
    assert lan.send(f"{task_of(dossier)}/nhan", {}).status_code == 409
    [record] = desk.store.records(dossier.id, "TASK#")
    past = {"claimed_until": "2020-05-18T01:00:00+00:00"}
    desk.store.note(dossier.id, replace(record, data={**record.data, **past}))
    assert lan.send(f"{task_of(dossier)}/nhan", {}).status_code == 303
    lost = mai.decide(dossier, version)  # his time ran out and somebody else went on
    assert lost.status_code == 409
    assert REASON in lost.text
    assert mai.send(f"{task_of(dossier)}/giu", {}).status_code == 409
    assert decisions(desk, dossier) == []


def test_what_was_written_when_the_session_ended_is_sent_after_signing_in(desk: Desk, mai: Officer, case: Any) -> None:
    dossier = case()
    version, word = mai.version(dossier), mai.word
    mai.send("/dang-xuat", {})
    fields = {"ban": version, "ket-qua": "send_on", "ly-do": REASON, "buoc": "gui"}
    asked = mai.send(f"{task_of(dossier)}/quyet-dinh", fields, word=word)
    assert asked.status_code == 401
    kept = {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)
    }
    assert kept["giu-ly-do"] == REASON
    again = mai.send("/dang-nhap", {**kept, "ten": mai.account[0], "mat-khau": mai.account[1]}, word="")
    assert again.status_code == 200
    assert REASON in again.text
    mai.word = re.findall(r'name="word" value="([^"]+)"', again.text)[0]
    assert mai.decide(dossier, version).status_code == 303
    assert len(decisions(desk, dossier)) == 1


def test_everybody_sees_the_pages_of_his_role(desk: Desk, mai: Officer, case: Any) -> None:
    dossier, stack = case(), desk.stack
    applicant = Officer(stack, stack.new_applicant("nguoi-nop"))
    elsewhere = Officer(stack, desk.colleague("can.bo.khac", office="H29.2"))
    boss = Officer(stack, (SUPERVISOR, stack.passwords[SUPERVISOR]))
    for path in ("/can-bo", task_of(dossier), "/can-bo/lanh-dao", "/can-bo/quan-tri"):
        assert applicant.get(path).status_code == 403, path
    assert elsewhere.get(task_of(dossier)).status_code == 403
    assert elsewhere.get(f"{task_of(dossier)}/giay/{dossier.documents[0].id}/trang/1").status_code == 403
    assert elsewhere.decide(dossier, "1").status_code == 403
    assert mai.get("/can-bo/lanh-dao").status_code == 403
    assert mai.get("/can-bo/quan-tri").status_code == 403
    assert boss.get("/can-bo/lanh-dao").status_code == 200


def test_a_form_of_somebody_else_changes_nothing(desk: Desk, mai: Officer, lan: Officer, case: Any) -> None:
    dossier = case()
    for action in ("nhan", "tra", "giu", "mo-khoa", "giao", "nhap", "quyet-dinh", "hoan-tac", "hoi-lai/vss"):
        assert mai.send(f"{task_of(dossier)}/{action}", {}, word=lan.word).status_code == 403, action
    assert mai.send("/can-bo/nhan-tiep", {}, word=lan.word).status_code == 403
    assert desk.store.load(dossier.id).version == dossier.version


def test_what_is_said_of_hundreds_of_people_is_one_form(desk: Desk, mai: Officer, case: Any) -> None:
    dossier = case()
    said = {f"nguoi-{n}": "refuse" for n in range(700)} | {f"vi-sao-{n}": "Không có tên." for n in range(700)}
    assert mai.send(f"{task_of(dossier)}/nhap", {**said, "ket-qua": "send_on"}).status_code == 303
    [draft] = [record.data for record in desk.store.records(dossier.id, "DRAFT#")]
    assert len(draft["words"]["rows"]) == 700


def test_nobody_decides_what_is_near_to_him(desk: Desk, case: Any) -> None:
    dossier = case()
    near = Officer(desk.stack, desk.colleague("vo.van.gan"))
    version = re.findall(r'name="ban" value="(\d+)"', near.get("/can-bo/toi").text)[0]
    told = near.send("/can-bo/toi", {"ban": version, "ho-ten": "Võ Văn Gần", "so": BINH.bhxh})
    assert told.headers["Location"] == "/can-bo/toi?xong=co"
    assert "không được quyết định hồ sơ này" in near.task(dossier)
    assert near.decide(dossier, str(dossier.version)).status_code == 422
    assert near.send(f"{task_of(dossier)}/nhan", {}).status_code == 422
    assert decisions(desk, dossier) == []


def test_a_double_click_and_the_back_button_decide_once(desk: Desk, browser: Any, axe: str, case: Any) -> None:
    dossier = desk.clean(7)
    officer = Visitor(desk.stack, browser, axe)
    officer.open("/dang-nhap")
    officer.sign_in(DISTRICT, desk.stack.passwords[DISTRICT])
    officer.open(task_of(dossier))
    with officer.page.expect_navigation():
        officer.page.locator("button[name=nhanh]").dblclick()
    officer.page.wait_for_url("**/can-bo?da=*")
    officer.page.go_back()
    officer.page.reload()
    assert "Bước này đã có quyết định" in officer.text()
    assert len(decisions(desk, dossier)) == 1
    officer.close()


def test_hostile_texts_stay_texts_and_no_original_is_fetched(desk: Desk, browser: Any, axe: str, mai: Officer) -> None:
    dossier = desk.doubtful(HOSTILE, applicant=HOSTILE)
    asked: list[str] = []
    officer = Visitor(desk.stack, browser, axe)
    officer.page.on("request", lambda request: asked.append(request.url))
    officer.open("/dang-nhap")
    officer.sign_in(DISTRICT, desk.stack.passwords[DISTRICT])
    assert HOSTILE in officer.text()
    officer.open(task_of(dossier))
    assert officer.text().count(HOSTILE) > 1
    officer.page.check("input[name=ket-qua][value=not_accept]")
    officer.page.fill("#ly-do", HOSTILE)
    officer.press("Xem trước khi gửi")
    assert HOSTILE in officer.text()
    officer.press("Gửi quyết định")
    officer.open(task_of(dossier))
    assert HOSTILE in officer.text()
    originals = desk.stack.cloud.template.physical["IncomingBucket"]
    assert [url for url in asked if originals in url] == []
    assert any("/trang/1" in url for url in asked)
    officer.close()
