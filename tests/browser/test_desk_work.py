"""Officers at work in a real browser: by keyboard alone, with and without scripts, at 1280 and 320."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from casework.dossier import Dossier

from tests.browser.desk import Desk
from tests.builders import BINH

DISTRICT, PROVINCE = "can.bo.quan@example.vn", "can.bo.tinh@example.vn"
SUPERVISOR, ADMINISTRATOR = "lanh.dao@example.vn", "quan.tri@example.vn"
REASON = "Đã xem ảnh hai giấy, ngày kết thúc rõ."


@dataclass
class Keys:
    """A keyboard that counts; a word typed counts its letters apart."""

    page: Any
    pressed: int = 0
    letters: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1
            self.page.keyboard.press(key)

    def go(self, key: str) -> None:
        """A key after which another page stands."""
        with self.page.expect_navigation():
            self.press(key)

    def write(self, text: str) -> None:
        self.letters += len(text)
        self.page.keyboard.type(text)


@pytest.fixture(scope="module")
def listed(desk: Desk) -> Dossier:
    return desk.listed(50, refused=2, unsure=1)


def task_of(dossier: Dossier) -> str:
    return f"/can-bo/viec/{dossier.id}.{dossier.round}.{dossier.stage}"


# ── by keyboard alone ────────────────────────────────────────────────────────


def test_a_fast_lane_case_takes_six_keys_at_most(desk: Desk, visit: Any) -> None:
    dossier = desk.clean(1)
    officer = visit(DISTRICT)
    officer.open("/can-bo?ket-qua=fast_lane")
    keys = Keys(officer.page)
    keys.go("n")
    assert officer.path() == task_of(dossier)
    assert "Người nộp chưa được báo gì" in officer.text()
    keys.go("a")
    assert keys.pressed <= 6
    assert f"Đã quyết định hồ sơ {dossier.code}: Chuyển bước sau" in officer.text()
    assert desk.store.load(dossier.id).state == "decided"
    keys.go("z")
    assert "Đã hoàn tác" in officer.text()
    assert desk.store.load(dossier.id).state == "in_review"


def test_one_doubtful_field_takes_fifteen_keys_at_most(desk: Desk, visit: Any) -> None:
    dossier = desk.doubtful()
    officer = visit(DISTRICT)
    officer.open("/can-bo?ket-qua=review")
    keys = Keys(officer.page)
    keys.go("n")
    assert officer.path() == task_of(dossier)
    keys.press("f")
    assert officer.page.evaluate("document.activeElement.matches('[data-doubt]')")
    keys.go("e")
    assert officer.heading() == "Ngày kết thúc tạm hoãn, nghỉ không lương"
    keys.press("y")
    keys.write(REASON)
    keys.press("Escape")
    keys.go("g")
    assert "Mọi quy định đều đạt" in officer.text()
    keys.go("a")
    assert keys.pressed <= 15
    assert f"Đã quyết định hồ sơ {dossier.code}" in officer.text()
    [word] = desk.store.records(dossier.id, "STATED#")
    assert (word.data["said"]["value"], word.data["reason"]) == (BINH.ends, REASON)


def test_a_list_of_fifty_with_three_exceptions_takes_sixty_keys_at_most(
    desk: Desk, listed: Dossier, visit: Any
) -> None:
    officer = visit(PROVINCE)
    officer.open("/can-bo")
    keys = Keys(officer.page)
    keys.go("n")
    rows = officer.page.locator("#tung-nguoi ~ .desk-scroll tbody tr")
    assert rows.count() == 50
    marks = [rows.nth(n).locator(".govuk-tag").first.inner_text().strip()[0] for n in range(4)]
    assert marks == ["✗", "✗", "?", "✓"]
    for _ in range(3):  # each exception is looked at; the third is the officer's to decide
        keys.press("f")
        while not officer.page.evaluate("Boolean(document.activeElement.closest('tr[data-doubt]'))"):
            keys.press("f")
    keys.go("e")
    keys.press("y")
    keys.write(REASON)
    keys.press("Escape")
    keys.go("g")
    keys.press("p", "l", "ArrowDown", "Escape", "y")
    keys.write("48 người đủ điều kiện; hai người chưa báo giảm.")
    keys.press("Escape")
    keys.go("g")
    assert "48 người được duyệt, 2 bị từ chối" in officer.text()
    assert "Kết quả hồ sơ" in officer.text()
    officer.look("32-xem-truoc")
    keys.go("g")
    assert keys.pressed <= 60
    assert "Duyệt một phần" in officer.text()
    [made] = [r.data for r in desk.store.records(listed.id, "DECISION#") if r.data["stage"] == "province_decision"]
    assert (made["approved"], made["refused"]) == (48, 2)
    keys.go("z")


def test_shortcuts_rest_while_somebody_types_and_can_be_switched_off(desk: Desk, visit: Any) -> None:
    dossier = desk.doubtful("Lê Thị Phím")
    officer = visit(DISTRICT)
    officer.open(task_of(dossier))
    page = officer.page
    page.focus("#ly-do")
    page.keyboard.type("a s u n g")
    assert page.input_value("#ly-do") == "a s u n g"
    assert page.locator("input[name=ket-qua]:checked").count() == 0
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    assert page.locator("input[name=ket-qua]:checked").get_attribute("value") == "send_on"
    page.keyboard.press("?")
    assert "Phím tắt của trang này" in page.locator("#phim[open]").inner_text()
    officer.go_by(page.get_by_role("button", name="Tắt phím tắt"))
    page.keyboard.press("q")
    assert page.locator("input[name=ket-qua]:checked").count() == 0
    officer.go_by(page.get_by_role("button", name="Bật phím tắt"))


def test_fields_and_their_places_find_each_other(desk: Desk, visit: Any) -> None:
    dossier = desk.clean(2)
    officer = visit(DISTRICT)
    officer.open(task_of(dossier))
    page = officer.page
    shown = "rect => { const r = rect.getBoundingClientRect(); const p = document.querySelector('.desk-pages')"
    shown += ".getBoundingClientRect(); return r.top >= p.top && r.bottom <= p.bottom && r.height > 2 }"
    for link in page.locator(".desk-fields a[data-place]").all()[::6]:
        link.click()
        frame = page.locator(f"#{link.get_attribute('data-place')}")
        assert "desk-frame--now" in frame.get_attribute("class")
        assert frame.evaluate(shown)
    frame = page.locator(".desk-page rect").nth(3)
    frame.scroll_into_view_if_needed()
    frame.click(force=True)
    assert page.evaluate("document.activeElement.matches('[data-item]')")
    wide = page.locator(".desk-leaf").first.evaluate("leaf => leaf.clientWidth")
    page.keyboard.press("+")
    assert page.locator(".desk-leaf").first.evaluate("leaf => leaf.clientWidth") > wide
    page.keyboard.press("t")
    assert page.locator(".desk-turn-90").count() == 1


# ── every page, with and without scripts ─────────────────────────────────────


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (320, False)], ids=["1280", "320 without scripts"])
def test_every_page_of_the_desk(desk: Desk, listed: Dossier, visit: Any, width: int, scripts: bool) -> None:
    clean, doubtful, named = desk.clean(3 + scripts), desk.unsure(11 + scripts), desk.doubtful("Phạm Văn Nhìn")
    officer = visit(DISTRICT, width, scripts)
    assert officer.path() == "/can-bo"
    officer.look("28-hang-cho")
    officer.open("/can-bo?tim=pham+van+nhin")
    assert named.code in officer.text()
    officer.look("29-tim")
    officer.open(task_of(clean))
    officer.look("30-ky-nhanh")
    officer.open(task_of(doubtful))
    officer.press("Nhận xử lý")
    officer.look("31-xem-xet")
    officer.press("Xác nhận hoặc sửa")
    officer.press("Ghi nhận")
    officer.look("37-xac-nhan")
    officer.open(task_of(doubtful))
    officer.press("Xem trước khi gửi")
    assert "Hãy chọn một kết quả" in officer.text()
    officer.look("33-con-thieu")
    province = visit(PROVINCE, width, scripts)
    province.open(task_of(listed))
    province.look("34-danh-sach")
    supervisor = visit(SUPERVISOR, width, scripts)
    supervisor.open("/can-bo/lanh-dao")
    supervisor.look("35-theo-doi")
