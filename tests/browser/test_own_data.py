"""Found by code, one's own data, the list: each page at 320 px, as every page must be, its faults beside the field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from adapters.files import Buckets
from adapters.store import CaseTable

from infra.local import outbox
from tests.browser.conftest import Stack, eventually
from tests.browser.visitor import PICTURES, Visitor
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
