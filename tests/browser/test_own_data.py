"""Found by code, one's own data, the list: each page at 320 px, as every page must be, its faults beside the field."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from adapters.files import Buckets
from adapters.limits import XLSX
from adapters.store import CaseTable

from infra.local import outbox
from infra.papers import make_paper, one_employer
from tests.browser.conftest import Stack, eventually
from tests.browser.visitor import PICTURES, Visitor
from tests.hostile_sheets import saved
from tests.integration.test_strangers import decided


@pytest.fixture(params=[320, 1280] if PICTURES else [320])
def visitor(request: pytest.FixtureRequest, stack: Stack, browser: Any, axe: str) -> Iterator[Visitor]:
    """Somebody with a phone; for pictures also with a wide window."""
    came = Visitor(stack, browser, axe, width=request.param)
    yield came
    came.close()


def digits(code: str) -> str:
    sent = [one.body for one in outbox.text_messages() if code in one.body]
    texts = [found for body in sent for found in re.findall(r": (\d{6}) là mã", body)]
    return texts[-1] if texts else ""


def fault(visitor: Visitor, field: str) -> str:
    """What is wrong, on top with the focus and beside its field."""
    page = visitor.page
    assert "govuk-error-summary" in page.evaluate("document.activeElement.className")
    beside = str(page.locator(f"#{field}-error").inner_text())
    assert str(page.locator(".govuk-error-summary__list").inner_text()).strip() in beside
    return beside


def test_who_has_the_code_and_the_phone_sees_where_it_stands(visitor: Visitor) -> None:
    username, password = visitor.stack.new_applicant(f"co-ma-ho-so-{visitor.width}")
    visitor.open("/dang-nhap?tiep=/ho-so/moi?dich-vu=SW")
    visitor.sign_in(username, password)
    dossier_id = visitor.begin("SW")
    visitor.open(f"/ho-so/{dossier_id}")
    code = re.findall(r"H29\S+-\d{4}", visitor.text())[0]
    visitor.context.clear_cookies()

    visitor.open("/")
    visitor.press("Tra cứu bằng mã hồ sơ")
    visitor.look("tra-cuu")
    visitor.page.fill("#ma", "H29-?")
    visitor.press("Gửi mã cho tôi")
    assert "Mã hồ sơ có dạng" in fault(visitor, "ma")
    visitor.look("tra-cuu-loi")
    visitor.page.fill("#ma", code.lower())
    visitor.press("Gửi mã cho tôi")
    visitor.look("tra-cuu-ma")
    eventually("the digits", lambda: digits(code))
    visitor.page.fill("#so", "12")
    visitor.press("Xem hồ sơ")
    assert "6 chữ số" in fault(visitor, "so")
    visitor.page.fill("#so", digits(code))
    visitor.press("Xem hồ sơ")
    assert visitor.heading() == code
    visitor.look("tra-cuu-ho-so")
    visitor.page.reload()
    assert visitor.heading() == code  # nothing is asked or spent again


def test_ones_data_are_shown_taken_along_and_erased(visitor: Visitor) -> None:
    username, password = visitor.stack.new_applicant(f"chu-du-lieu-{visitor.width}")
    cloud = visitor.stack.cloud
    token = cloud.sign_in.sign_in(username, password)
    subject = str(cloud.sign_in.verify(f"Bearer {token}")["sub"])
    store = CaseTable(cloud.client("dynamodb"), cloud.template.physical["CasesTable"])
    names = [cloud.template.physical[f"{kind}Bucket"] for kind in ("Incoming", "Pages", "Evidence")]
    dossier = decided(cloud, store, Buckets(cloud.client("s3"), *names), subject)

    visitor.open(f"/dang-nhap?tiep=/ho-so/{dossier.id}/danh-sach")
    visitor.sign_in(username, password)
    visitor.look("danh-sach")
    assert "Được duyệt" in visitor.text()
    visitor.open(f"/ho-so/{dossier.id}")
    visitor.press("Dữ liệu của tôi")
    visitor.look("du-lieu")
    visitor.open(f"/ho-so/{dossier.id}/xoa")
    assert "lưu theo pháp luật" in visitor.text()

    draft = visitor.begin("SW")
    visitor.open(f"/ho-so/{draft}/danh-sach")
    visitor.look("danh-sach-trong")
    visitor.open(f"/ho-so/{draft}/du-lieu")
    visitor.press("Chuẩn bị tệp")
    eventually("the file", lambda: visitor.page.reload() and "Tải tệp của lúc" in visitor.text())
    visitor.press("Xóa hồ sơ chưa nộp này")
    visitor.look("xoa")
    visitor.press("Xóa hồ sơ")
    assert "Đánh dấu" in fault(visitor, "chac")
    visitor.page.check("#chac")
    visitor.press("Xóa hồ sơ")
    assert "đã được xóa" in visitor.text()
    visitor.look("du-lieu-da-xoa")


def row_of(number: int, job: Any, **other: Any) -> list[Any]:
    """A person as an employer writes him into the empty Mẫu số 01, column by column; `other` by the column's letter."""
    person, apart = job.person, [job.person.department, "Không xác định thời hạn", job.starts_on]
    account = [person.bank_account_holder, person.bank_account, person.bank_name]
    days = [job.suspension_starts_on, job.suspension_ends_on]
    row = [
        number,
        person.full_name,
        person.date_of_birth,
        person.id_number,
        *apart,
        person.bhxh_number,
        *days,
        *account,
    ]
    for letter, value in other.items():
        row["ABCDEFGHIJKLM".index(letter)] = value
    return row


def test_the_empty_list_is_downloaded_filled_in_sent_and_followed_person_by_person(visitor: Visitor) -> None:
    """Three people: of the first all papers are there, the second lacks one, the third has a wrong cell besides."""
    username, password = visitor.stack.new_applicant(f"danh-sach-excel-{visitor.width}")
    visitor.open("/dang-nhap?tiep=/ho-so/moi?dich-vu=SW")
    visitor.sign_in(username, password)
    dossier, (employer, jobs) = visitor.begin("SW"), one_employer(3, seed=3)

    visitor.press("Gửi giấy tờ đầu tiên")
    with visitor.page.expect_download() as came:
        visitor.page.get_by_role("link", name="tải Mẫu số 01 trống").click()
    assert came.value.suggested_filename == "mau-so-01.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(came.value.path().read_bytes()))
    for line, text in enumerate((employer.name, employer.tax_code, employer.tax_code, employer.address), start=3):
        book.active.cell(line, 4, text)
    for number, job in enumerate(jobs, start=1):
        book.active.append(row_of(number, job, **({"D": 12345678} if number == 3 else {})))
    visitor.give("#file", {"name": "danh-sach.doc", "mimeType": "application/msword", "buffer": b"Danh"})
    visitor.page.get_by_role("button", name="Gửi và xem").click()
    visitor.page.wait_for_selector(".govuk-error-summary")
    assert "Loại tệp không được nhận" in visitor.text()
    visitor.look("10b-gui-tep-loi")
    assert "danh-sach.doc · không được nhận" in visitor.text()  # and gives way to what is chosen instead
    visitor.choose("danh-sach.xlsx", XLSX, saved(book))
    assert "Danh sách 3 người" in visitor.text()
    visitor.open(f"/ho-so/{dossier}/giay-to")
    agreement = make_paper("suspension_agreement", seed=3, employer=employer, jobs=jobs[:1])
    visitor.send("thoa-thuan.pdf", "application/pdf", agreement.pdf[:400])
    assert "Tệp bị hỏng" in visitor.text()
    visitor.look("12b-tep-bi-hong")
    visitor.choose("thoa-thuan.pdf", "application/pdf", agreement.pdf)

    visitor.open(f"/ho-so/{dossier}")
    visitor.press("Danh sách: ai đủ giấy")
    assert visitor.heading() == "Danh sách 3 người"
    assert "Có 2 người cần chú ý, xếp ở đầu danh sách." in visitor.text()
    shown = [" ".join(one.split()) for one in visitor.page.locator("ol.mc-people > li").all_inner_texts()]
    assert [text.split()[0] for text in shown] == ["2.", "3.", "1."]  # exceptions first, else as listed
    assert ["Còn thiếu giấy tờ" in text for text in shown] == [True, True, False]
    assert ["Số giấy tờ tùy thân: đọc chưa chắc là “12345678”" in text for text in shown] == [False, True, False]
    assert "unknown" not in visitor.text()
    assert f"1. {jobs[0].person.full_name} Đủ giấy tờ" in shown[2]
    visitor.look("danh-sach-nguoi")
    visitor.page.get_by_role("link", name="Đủ giấy tờ").click()
    assert visitor.page.locator("ol.mc-people > li").count() == 1
