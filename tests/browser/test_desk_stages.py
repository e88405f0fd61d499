"""Dossiers go through the desk: every stage of every service in the browser, two officers who do not see each other's
decision, what a supervisor gives out, what an officer dismisses and keeps. One stack; each officer signs in once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from casework import procedures
from casework.dossier import FINAL, Dossier, State
from casework.offices import office_of
from casework.workflow.tasks import load_task

from tests.browser.conftest import Stack, eventually
from tests.browser.desk import Desk
from tests.browser.test_desk_work import task_of
from tests.browser.visitor import Visitor
from tests.builders import BINH, papers
from tests.builders.relief import ended, household, loan, pause

MAI, LAN, BOSS = "can.bo.quan@example.vn", "can.bo.quan.2@example.vn", "lanh.dao.quan@example.vn"
REASON = "Đã xem ảnh giấy tờ bên cạnh từng mục."
# Of each service: papers with everything right, where they are filed, and the stages they go through.
SERVICES: dict[str, tuple[Mapping[str, bytes], str, tuple[str, ...]]] = {
    "SW": (papers(), "H29.1", ("district_appraisal", "province_decision")),
    "HB": (household(), "H29.1.1", ("commune_confirmation", "tax_appraisal", "district_appraisal",
                                    "province_decision")),
    "TC": (ended(BINH), "H29.1.1", ("commune_confirmation", "district_appraisal", "province_decision")),
    "LN": (loan(), "H29.1", ("district_appraisal", "province_decision")),
    "PS": (pause(), "H29.1-vss", ("labour_confirmation", "vss_decision")),
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(stack: Stack) -> Desk:
    """The desk; papers that decisions call for are ordered where nobody prints them."""
    order = stack.cloud.client("sqs").create_queue(QueueName="papers-not-printed")["QueueUrl"]
    stack.cloud.environment("RelayOutboxFunction")["PAPERS_QUEUE"] = order
    stack.cloud.reload()
    return Desk(stack)


class Officers(dict[str, Visitor]):
    """Everybody who works here by his account, signed in when first wanted."""

    def __init__(self, stack: Stack, browser: Any, axe: str) -> None:
        self._world = (stack, browser, axe)

    def __missing__(self, username: str) -> Visitor:
        self[username] = visitor = Visitor(*self._world)
        if username != BOSS:  # whose page is looked at
            visitor.page.route("**/trang/*", lambda route: route.abort())
        visitor.open("/dang-nhap")
        visitor.sign_in(username, self._world[0].passwords[username])
        return visitor

    def of(self, office: str) -> Visitor:
        """The first officer of an office."""
        people = self._world[0].cloud.people()
        return self[next(p.username for p in people if (p.group, p.office) == ("officers", office))]


@pytest.fixture(scope="module")
def officers(stack: Stack, browser: Any, axe: str) -> Iterator[Officers]:
    made = Officers(stack, browser, axe)
    yield made
    for visitor in made.values():
        visitor.close()


def decide(officer: Visitor, dossier: Dossier, outcome: str = "", reason: str = REASON) -> None:
    """The stage's decision as its page has it: by one press where that is offered, else by the form, seen before."""
    officer.open(task_of(dossier))
    page = officer.page
    if not outcome and page.locator("button[name=nhanh]").count():
        officer.go_by(page.locator("button[name=nhanh]"))
        return
    for answer in page.locator("input[name^=xac-nhan-][value=co]").all():
        answer.check()
    offered = [outcome] if outcome else ["approve", "send_on"]
    [choice] = [one for one in offered if page.locator(f"input[name=ket-qua][value={one}]").count()]
    if page.locator("summary[data-key=o]").count():
        page.locator("summary[data-key=o]").click()
    page.locator(f"input[name=ket-qua][value={choice}]").check()
    page.fill("#ly-do", reason)
    officer.press("Xem trước khi gửi")
    officer.press("Gửi quyết định")


@pytest.mark.parametrize("service", SERVICES)
def test_a_dossier_goes_through_all_its_stages_in_the_browser(desk: Desk, officers: Officers, service: str) -> None:
    made, office, expected = SERVICES[service]
    declared = {} if service != "SW" else {"declared": {"finance.revenue_vnd": 0, "employer.tax_code": "0312345671"}}
    dossier = desk.service(service, made, office, **declared)
    law, met = procedures.load(service, desk.stack.day), []
    while dossier.state not in FINAL:
        met.append(dossier.stage)
        at = office_of(office, law.stage(dossier.stage).level)
        officer = officers.of(at)
        decide(officer, dossier)
        assert f"Đã quyết định hồ sơ {dossier.code}" in officer.text()
        desk.let_leave(dossier.id)

        def moved(before: Dossier = dossier) -> Dossier | None:
            now = desk.store.load(before.id)
            waits = now.state is State.IN_REVIEW and now.stage != before.stage
            return now if waits or now.state in FINAL else None

        dossier = eventually(f"{service} leaves {dossier.stage}", moved)
    assert tuple(met) == expected
    assert dossier.state is State.APPROVED


def test_a_signal_is_dismissed_with_a_reason_and_stays_so(desk: Desk, officers: Officers) -> None:
    dossier, officer = desk.contradicting(), officers[MAI]
    officer.open(task_of(dossier))
    signal = officer.page.locator("#can-xem ~ div[data-item]").filter(has=officer.page.locator("form"))
    assert signal.count() == 1
    field = signal.locator("input[name=ly-do]")
    assert field.get_attribute("required") is not None
    officer.page.evaluate("document.querySelectorAll('form').forEach((form) => form.noValidate = true)")
    officer.go_by(signal.get_by_role("button", name="Bỏ qua dấu hiệu"))
    assert "lý do" in officer.page.locator(".govuk-error-summary").inner_text().casefold()
    signal = officer.page.locator("#can-xem ~ div[data-item]").filter(has=officer.page.locator("form"))
    signal.locator("input[name=ly-do]").fill("Số cũ, đã có phụ lục.")
    officer.go_by(signal.get_by_role("button", name="Bỏ qua dấu hiệu"))
    assert "Đã xem, bỏ qua: Số cũ, đã có phụ lục." in officer.text()
    officers[LAN].open(task_of(dossier))
    assert "Đã xem, bỏ qua: Số cũ, đã có phụ lục." in officers[LAN].text()
    assert "Bỏ qua một dấu hiệu" in officers[LAN].page.content()


@pytest.fixture
def always_twice(desk: Desk) -> Iterator[None]:
    """Every decision is made again by a second officer."""
    cloud = desk.stack.cloud
    told = cloud.environment("WebFunction")
    before = told["SECOND_LOOK_PERCENT"]
    told["SECOND_LOOK_PERCENT"] = "100"
    cloud.reload()
    yield
    told["SECOND_LOOK_PERCENT"] = before
    cloud.reload()


def test_two_officers_decide_unseeing_and_the_supervisor_between_them(
    desk: Desk, officers: Officers, always_twice: None
) -> None:
    dossier = desk.doubtful("Đỗ Văn Hai")
    first, second = "Lời của người thứ nhất, không ai được thấy.", "Hồ sơ của cơ quan khác."
    decide(officers[MAI], dossier, "send_on", first)
    assert "chờ cán bộ thứ hai" in officers[MAI].text()
    assert "Hoàn tác" not in officers[MAI].text()
    officers[MAI].open(task_of(dossier))
    assert officers[MAI].page.locator("#quyet-dinh").count() == 0  # not twice the same officer
    lan = officers[LAN]
    lan.open("/can-bo?ai=none")
    assert "Xem lần hai" in lan.page.locator("tr", has_text=dossier.code).inner_text()
    lan.open(task_of(dossier))
    assert first not in lan.page.content()
    assert "Hai cán bộ quyết định khác nhau" not in lan.page.content()
    told = lan.page.locator("li, tr", has_text="Quyết định, chờ cán bộ thứ hai").last.inner_text()
    assert "Chuyển bước sau" not in told
    decide(lan, dossier, "not_accept", second)
    assert load_task(task_of(dossier).rpartition("/")[2], store=desk.store)[0].phase == "adjudication"
    lan.open(task_of(dossier))
    assert lan.page.locator("#quyet-dinh").count() == 0
    boss = officers[BOSS]
    boss.open(task_of(dossier))
    seen = boss.page.locator(".desk-said").first.inner_text()
    assert "Hai cán bộ quyết định khác nhau" in seen
    assert first in seen
    assert second in seen
    boss.look("38-phan-xu")
    decide(boss, dossier, "send_on", "Thuộc thẩm quyền của quận.")
    [made] = [record.data for record in desk.store.records(dossier.id, "DECISION#")]
    assert (made["outcome"], made["reason"]) == ("send_on", "Thuộc thẩm quyền của quận.")


def test_a_supervisor_gives_a_dossier_to_an_officer_and_takes_it_back(desk: Desk, officers: Officers) -> None:
    dossier, boss, lan = desk.doubtful("Lý Thị Giao"), officers[BOSS], officers[LAN]
    lan.open("/can-bo/toi")
    lan.page.fill("#ho-ten", "Trần Thị Lan")
    lan.press("Lưu")
    boss.open(task_of(dossier))
    boss.page.locator("summary", has_text="giao cho người khác").click()
    boss.page.select_option("#cho-ai", label="Trần Thị Lan")
    boss.page.fill("#vi-sao-giao", "Chia việc đầu tuần.")
    boss.press("Giao")
    assert "Trần Thị Lan đang giữ hồ sơ này" in boss.text()
    officers[MAI].open(task_of(dossier))
    assert "Trần Thị Lan đang giữ hồ sơ này" in officers[MAI].text()
    lan.open("/can-bo?ai=me")
    assert dossier.code in lan.text()
    lan.open(task_of(dossier))
    assert "Lãnh đạo giao việc" in lan.page.content()
    boss.open(task_of(dossier))
    boss.page.locator("summary", has_text="giao cho người khác").click()
    boss.page.fill("#vi-sao-giao", "Cán bộ nghỉ ốm.")
    boss.press("Thu hồi")
    lan.open("/can-bo?ai=me")
    assert dossier.code not in lan.text()
    officers[MAI].open(task_of(dossier))
    assert officers[MAI].page.get_by_role("button", name="Nhận xử lý").count() == 1


def test_a_filter_is_saved_under_a_name_and_found_again(desk: Desk, officers: Officers) -> None:
    clean, doubtful, officer = desk.put(desk.office.submitted()), desk.doubtful("Hồ Văn Lọc"), officers[MAI]
    officer.open("/can-bo")
    officer.page.select_option("#ai", "none")
    officer.page.select_option("#dich-vu", "SW")
    officer.press("Lọc")
    officer.go_by(officer.page.locator(".desk-counts a", has_text="Có chỗ cần xem"))
    assert doubtful.code in officer.text()
    assert clean.code not in officer.text()
    officer.page.fill("#ten-loc", "Cần xem hôm nay")
    officer.go_by(officer.page.get_by_role("button", name="Lưu", exact=True))
    officer.open("/can-bo")
    officer.go_by(officer.page.get_by_role("link", name="Cần xem hôm nay"))
    assert "ket-qua=review" in officer.page.url
    assert doubtful.code in officer.text()
    assert clean.code not in officer.text()
    officers[LAN].open("/can-bo")
    assert "Cần xem hôm nay" not in officers[LAN].text()  # each keeps his own
