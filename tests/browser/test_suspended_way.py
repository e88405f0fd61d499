"""The whole way of a dossier for suspended employees, in a real browser: real pages, real machines, real reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.papers import SampleDossier
from tests.browser.conftest import Stack, eventually, running_stack
from tests.browser.visitor import PICTURES, Visitor
from tests.browser.ways import Way

# The other widths and scripts are met by the other services (test_ways.py); pictures are taken at both widths.
WAYS = [(1280, True), (320, False)] if PICTURES else [(320, False)]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack for each way: a person who was granted the support in one dossier is refused it in the next."""
    with running_stack(tmp_path / "functions.log") as running:
        yield running


@pytest.mark.parametrize(("width", "scripts"), WAYS)
def test_from_the_first_page_to_the_decision(
    stack: Stack, browser: Any, axe: str, samples: dict[str, SampleDossier], width: int, scripts: bool
) -> None:
    """With every turn that is wrong first: each page says what to do, and what was typed is kept."""
    sample = samples["unreadable_page"]
    account = stack.new_applicant(f"di-ca-duong-{width}")
    visitor = Visitor(stack, browser, axe, width, scripts)
    page = visitor.page

    visitor.open("/")
    visitor.look("01-trang-dau")
    visitor.press("Người lao động tạm hoãn hợp đồng")
    visitor.look("02-dich-vu")

    visitor.press("Tự kiểm tra")
    visitor.press("Xem kết quả")
    assert page.title().startswith("Lỗi: ")
    visitor.look("03-tu-kiem-tra-loi")
    for question in ("mot-thang", "bat-dau", "bao-hiem", "het-nguon", "thoa-thuan"):
        page.locator(f"input[name={question}][value=co]").check()
    visitor.press("Xem kết quả")
    assert visitor.heading() == "Có thể được hỗ trợ"
    visitor.look("04-ket-qua-tu-kiem-tra")

    visitor.press("Nộp hồ sơ")
    assert visitor.path() == "/dang-nhap"
    visitor.look("05-dang-nhap")
    visitor.sign_in(account[0], "khong-phai-mat-khau")
    assert "chưa đúng" in visitor.text()
    visitor.look("06-dang-nhap-loi")
    visitor.sign_in(*account)

    assert visitor.path() == "/ho-so/moi"
    assert not page.locator("#dong-y").is_checked()
    visitor.press("Tiếp tục")
    visitor.look("07-dong-y-loi")
    page.check("#dong-y")
    visitor.press("Tiếp tục")
    page.fill("#finance-revenue_vnd", "không có")
    visitor.press("Lưu và gửi giấy tờ")
    assert "Nhập số đồng từ 0 trở lên" in visitor.text()
    assert page.input_value("#finance-revenue_vnd") == "không có"
    visitor.look("08-ke-khai-loi")
    page.fill("#finance-revenue_vnd", "0")
    page.fill("#dien-thoai", "0901 234 567")
    page.select_option("#noi-nop", "H29.1")
    visitor.press("Lưu và gửi giấy tờ")
    dossier = visitor.dossier_id()
    visitor.look("09-giay-to-chua-co")

    visitor.press("Gửi giấy tờ đầu tiên")
    visitor.look("10-gui-tep")
    first, *others = sample.files
    visitor.choose(first.name, first.media_type, first.data)
    assert "Chúng tôi đọc được" in visitor.text()
    visitor.look("11-doc-duoc")
    for file in others:
        visitor.open(f"/ho-so/{dossier}/giay-to")
        visitor.send(file.name, file.media_type, file.data)
    assert "Trang 2 bị mờ" in visitor.text()
    visitor.look("12-trang-bi-mo")
    visitor.open(f"/ho-so/{dossier}/giay-to")
    visitor.look("13-giay-to")

    visitor.press("Hợp đồng lao động")
    visitor.press("Có chỗ đọc sai")
    page.fill("#contract-signed_on", "31/02/2020")
    visitor.press("Lưu")
    assert "Nhập ngày dạng" in visitor.text()
    visitor.look("14-sua-loi")
    page.fill("#contract-signed_on", "02/01/2019")
    visitor.press("Lưu")
    assert "Ông/bà sửa" in visitor.text()
    assert "Trên giấy đọc là" in visitor.text()
    visitor.look("15-da-sua")

    visitor.open(f"/ho-so/{dossier}")
    visitor.look("16-ho-so-nhap")
    visitor.open(f"/ho-so/{dossier}/nop")
    assert "trang 2 bị mờ" in visitor.text().lower()
    visitor.look("17-kiem-tra-va-nop")
    visitor.press("Nộp hồ sơ")
    assert visitor.path() == f"/ho-so/{dossier}/bien-nhan"
    assert "25/05/2020" in visitor.text()  # 3 and 2 working days from Monday 18/05
    visitor.look("18-bien-nhan")

    def asked() -> bool:
        visitor.open(f"/ho-so/{dossier}")
        return "Chúng tôi chỉ cần" in visitor.text()

    eventually("the applicant is asked for page 2", asked)
    visitor.look("19-can-bo-sung")
    visitor.press("Chụp lại trang 2")
    visitor.look("20-chup-lai-trang")
    again = sample.follow_up[0]
    visitor.choose(again.name, again.media_type, again.data)
    assert "bị mờ" not in visitor.text()

    assert Way(visitor, sample, account, dossier).let_officers_decide() == "approved"

    def decided() -> bool:
        visitor.open(f"/ho-so/{dossier}")
        return "Đã có kết quả" in visitor.text()

    eventually("the dossier is decided", decided)
    visitor.look("22-co-ket-qua")
    visitor.press("Xem quyết định")
    assert visitor.heading() == "Được duyệt"
    visitor.look("23-quyet-dinh")
    visitor.open(f"/ho-so/{dossier}/lich-su")
    visitor.look("24-lich-su")
    visitor.open("/ho-so")
    visitor.look("25-ho-so-cua-toi")
    visitor.open("/tro-giup")
    visitor.look("26-tro-giup")
    visitor.open("/ho-so/khong-co")
    visitor.look("27-khong-tim-thay")
    visitor.go_by(page.get_by_role("button", name="Đăng xuất"))
    visitor.open(f"/ho-so/{dossier}")
    assert visitor.path() == "/dang-nhap"
    visitor.close()
