"""Beside deciding: a registry's word confirmed by hand with a signed paper, tables to take along, and what an
administrator mends. With and without scripts, at 1280 and 320."""

from __future__ import annotations

import io
import json
import time
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from adapters.registries.gate import CircuitTable
from casework import offices
from casework.circuit import Circuit
from casework.document import Text
from casework.dossier import Dossier
from casework.workflow import exporting

from tests.browser.conftest import eventually
from tests.browser.desk import Desk, printed
from tests.browser.test_desk_work import ADMINISTRATOR, DISTRICT, PROVINCE, task_of
from tests.browser.visitor import Visitor
from tests.builders import ANH
from tests.builders import PROVINCE as OF_THE_PROVINCE

APPLICANT = "ke.toan@example.vn"
BOTH = pytest.mark.parametrize(("width", "scripts"), [(1280, True), (320, False)], ids=["1280", "320 without scripts"])


# ── a signed paper ───────────────────────────────────────────────────────────


def test_a_silent_registry_is_confirmed_by_hand_with_a_signed_paper(desk: Desk, visit: Any) -> None:
    dossier, officer = desk.unchecked("vss"), visit(DISTRICT)
    officer.open(task_of(dossier))
    assert "Chưa kiểm tra được" in officer.text()
    officer.go_by(officer.page.locator("a[href$='/co-quan/vss']"))
    officer.press("Thêm giấy xác nhận")
    paper = {"name": "xac-nhan.pdf", "mimeType": "application/pdf", "buffer": printed(33)["thoa-thuan.pdf"]}
    officer.page.set_input_files("#file", paper)
    officer.press("Gửi và đợi đọc")
    eventually(
        "the paper was read",
        lambda: any(d.by_officer and d.state == "read" for d in desk.store.load(dossier.id).documents),
    )
    officer.page.reload()
    officer.press("Ghi nhận xác nhận")
    assert "Chọn giấy ghi gì" in officer.page.locator(".govuk-error-summary").inner_text()
    officer.page.select_option("#n0-trang-thai", "mismatch")
    officer.press("Ghi nhận xác nhận")
    assert "Đánh dấu chỗ khác" in officer.page.locator(".govuk-error-summary").inner_text()
    officer.look("39-xac-nhan-bang-giay")
    [record] = desk.store.records(dossier.id, "ANSWER#001#vss")
    assert record.data["status"] != "answered"  # nothing is taken half
    narrow = visit(DISTRICT, 320, False)
    narrow.open(f"{task_of(dossier)}/co-quan/vss")
    narrow.look("39-xac-nhan-bang-giay")
    narrow.page.select_option("#n0-trang-thai", "match")
    for fact in ("participating_before_suspension", "decrease_reported"):
        narrow.page.select_option(f"#n0-vss-{fact}", "co")
    narrow.page.select_option("#n0-vss-contract_ended", "khong")
    narrow.press("Ghi nhận xác nhận")
    assert narrow.path() == task_of(dossier)
    assert "Chưa kiểm tra được" not in narrow.text()
    assert "manual/H29.1" in narrow.text()
    officer.open(f"{task_of(dossier)}/co-quan/vss?ngon-ngu=en")
    assert officer.heading() == "Confirm with a signed paper"
    [record] = desk.store.records(dossier.id, "ANSWER#001#vss")
    kept = desk.files.evidence(record.data["key"])["answer"]
    assert (kept["rows"][0]["about"], kept["rows"][0]["facts"]["vss.decrease_reported"]) == (ANH.bhxh, True)
    assert kept["evidence"].partition("/")[0] in [d.id for d in desk.store.load(dossier.id).documents if d.by_officer]


# ── tables ───────────────────────────────────────────────────────────────────


def fetched(officer: Visitor, by: str = "Tải bảng") -> tuple[str, bytes]:
    """The file that a button gives: its name and its bytes."""
    with officer.page.expect_download() as coming:
        officer.page.get_by_role("button", name=by).click()
    return coming.value.suggested_filename, coming.value.path().read_bytes()


@pytest.fixture(scope="module")
def decided(desk: Desk) -> Dossier:
    """A dossier the district sent on and the province has decided."""
    made = desk.office.at_province()
    desk.office.decide(made.id, "approve", actor=OF_THE_PROVINCE)
    desk.office.settle()
    return desk.put(desk.office.store.load(made.id))


def test_the_queue_is_taken_along(desk: Desk, visit: Any) -> None:
    waiting = desk.doubtful("=HYPERLINK(1)", applicant="=HYPERLINK(1)")
    officer = visit(DISTRICT)
    officer.press("Xuất bảng")
    officer.look("49-xuat-bang")
    name, packed = fetched(officer)
    assert name.startswith("queue-H29.1-")
    assert _in_sheet(packed, waiting.code)
    assert not _in_sheet(packed, "<f>")
    officer.open("/can-bo/xuat?ngon-ngu=en")
    assert officer.heading() == "Take a table along"


def test_a_table_longer_than_a_file_is_taken_part_by_part(
    desk: Desk, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A queue of 25 lines, of which each read gives one: a file holds ten."""

    def read(actor: Any, after: str, **_: Any) -> exporting.Table:
        at = int(after or "0")
        return exporting.Table("queue", ("n",), ((f"line {at}",),), str(at + 1) if at < 24 else "")

    monkeypatch.setattr(exporting, "export_queue", read)
    officer, found = visit(DISTRICT, 320, False), list[str]()
    officer.open("/can-bo/xuat")
    officer.page.check("input[name=dang][value=csv]")
    officer.press("Tải bảng")
    assert "Phần này có 10 dòng" in officer.text()
    found += lines(fetched(officer, "Tải phần này"))
    officer.press("Xem phần sau")
    found += lines(fetched(officer, "Tải phần này"))
    found += lines(fetched(officer, "Xem phần sau"))  # the last one is one file
    assert found == [f"line {n}" for n in range(25)]


def lines(file: tuple[str, bytes]) -> list[str]:
    """What stands in a table of one column."""
    return file[1].decode("utf-8-sig").split("\r\n")[1:-1]


def test_decisions_are_taken_along_masked_unless_a_reason_is_given(desk: Desk, decided: Dossier, visit: Any) -> None:
    province = visit(PROVINCE, 320, False)
    province.open("/can-bo/xuat")
    province.look("49-xuat-bang")
    province.page.check("input[name=gi][value=quyet-dinh]")
    province.page.check("input[name=dang][value=csv]")
    name, table = fetched(province)
    assert name.endswith(".csv")
    text = table.decode("utf-8-sig")
    assert decided.code in text
    assert ANH.bhxh not in text
    assert f"******{ANH.bhxh[-4:]}" in text
    province.page.check("input[name=so][value=du]")
    province.press("Tải bảng")
    assert "Nhập lý do" in province.page.locator(".govuk-error-summary").inner_text()
    province.page.fill("#ly-do", "Đối chiếu với kho bạc.")
    province.page.check("input[name=gi][value=quyet-dinh]")
    _, table = fetched(province)
    assert ANH.bhxh in table.decode("utf-8-sig")
    looked = [record.data for record in desk.store.records(decided.id, "SEEN#")]
    assert "Đối chiếu với kho bạc." in [look["why"] for look in looked if look["what"] == "export"]
    province.page.fill("#tu-ngay", "19/05/2020")
    province.page.check("input[name=so][value=che]")
    province.page.check("input[name=dang][value=csv]")
    _, later = fetched(province)
    assert decided.code not in later.decode("utf-8-sig")


def _in_sheet(packed: bytes, text: str) -> bool:
    return text in zipfile.ZipFile(io.BytesIO(packed)).read("xl/worksheets/sheet1.xml").decode()


# ── a choice among hundreds ──────────────────────────────────────────────────


def test_an_office_among_hundreds_is_typed(desk: Desk, visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known = offices.offices()
    district = known["H29.1"]
    more = {
        code: replace(district, code=code, area=code, title=Text(f"UBND huyện Thử {n}", f"Trial {n}"), place=())
        for n in range(100, 500)
        for code in [f"H29.{n}"]
    }
    monkeypatch.setattr(offices, "offices", lambda: {**known, **more})
    applicant = visit(APPLICANT, 320, False)
    applicant.open("/ho-so/moi?dich-vu=SW")
    applicant.page.check("#dong-y")
    applicant.press("Tiếp tục")
    assert applicant.page.locator("#noi-nop-ds option").count() > 400
    applicant.look("08-nhieu-noi-nop")
    applicant.page.fill("#dien-thoai", "0901 234 567")
    applicant.page.fill("#noi-nop", "thu")
    applicant.press("Lưu và gửi giấy tờ")
    assert "Có nhiều nơi như vậy" in applicant.page.locator(".govuk-error-summary").inner_text()
    applicant.page.fill("#noi-nop", "huyen thu 321")
    applicant.page.fill("[name=finance-revenue_vnd]", "0")
    applicant.press("Lưu và gửi giấy tờ")
    assert desk.store.load(applicant.dossier_id()).office == "H29.321"


# ── what stopped ─────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def failed(desk: Desk) -> dict[str, Dossier]:
    """A paper ordered for an effect that is not there, given up after five tries; a parked dossier; a failed run."""
    made = {"letter": desk.doubtful("Ngô Văn Thư"), "parked": desk.put(parked_one(desk))}
    order = json.dumps({"dossier_id": made["letter"].id, "effect_id": f"{made['letter'].id}-999-0"})
    send(desk, "PapersQueue", order)
    call = {"condition": "RetriesExhausted", "functionArn": "arn:aws:lambda:x:1:function:motcua-local-watch-deadlines"}
    answer = {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 30.00 seconds"}
    send(desk, "ScheduleDeadLetters", json.dumps({"requestContext": call, "responsePayload": answer}))
    circuits = CircuitTable(desk.stack.cloud.client("dynamodb"), desk.stack.cloud.template.physical["CasesTable"])
    now = time.time()
    circuits.put("vss", Circuit(pauses=3, open_until=now + 600, answered_at=now - 900), 0)
    circuits.put("tax", Circuit(answered_at=now - 60), 0)
    eventually("the order was given up", lambda: lying(desk, "PapersDeadLetters"))
    return made


def send(desk: Desk, queue: str, body: str) -> None:
    url = desk.stack.cloud.template.physical[queue]
    desk.stack.cloud.client("sqs").send_message(QueueUrl=url, MessageBody=body)


def lying(desk: Desk, queue: str) -> int:
    asked = {"QueueUrl": desk.stack.cloud.template.physical[queue], "AttributeNames": ["ApproximateNumberOfMessages"]}
    return int(
        desk.stack.cloud.client("sqs").get_queue_attributes(**asked)["Attributes"]["ApproximateNumberOfMessages"]
    )


@BOTH
def test_an_administrator_sees_what_failed_and_why(
    failed: dict[str, Dossier], visit: Any, width: int, scripts: bool
) -> None:
    administrator = visit(ADMINISTRATOR, width, scripts)
    assert administrator.path() == "/can-bo/quan-tri"
    row = administrator.page.locator("tr", has_text=failed["letter"].code).inner_text()
    assert "5 lần" in row
    assert "NotFound" in row
    assert "Tiến trình bị dừng" in administrator.page.locator("tr", has_text=failed["parked"].code).inner_text()
    assert "Task timed out" in administrator.text()
    assert (
        "Tạm ngừng hỏi" in administrator.page.locator("tr[data-item]", has_text="Bảo hiểm xã hội Việt Nam").inner_text()
    )
    assert "20 câu mỗi giây" in administrator.page.locator("tr[data-item]", has_text="Cơ quan thuế").inner_text()
    for part in ("dung", "thu", "co-quan", "luat", "cho-xac-nhan", "noi"):
        assert administrator.page.locator(f"h2#{part}").count() == 1
    assert "Không còn thứ cần xử lý" in row
    administrator.look("36-quan-tri")
    if scripts:
        administrator.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        administrator.look("36b-quan-tri-mo-het")


def test_an_administrator_sends_back_what_was_given_up(desk: Desk, failed: dict[str, Dossier], visit: Any) -> None:
    administrator, parked = visit(ADMINISTRATOR), failed["parked"]
    administrator.press("Gửi lại vào hàng đợi Giấy cần in")
    assert "đã gửi lại 1 thư" in administrator.text()
    administrator.press("Đã xem, cất đi")
    assert lying(desk, "ScheduleDeadLetters") == 0
    administrator.press(f"Chạy lại {parked.code}")
    assert "trở lại dây chuyền" in administrator.text()
    assert administrator.page.locator("tr", has_text=parked.code).count() == 0
    administrator.open("/can-bo/quan-tri?ngon-ngu=en")
    assert "Dead letters" in administrator.text()
    eventually("it fails again: nothing was mended, and nothing is lost", lambda: lying(desk, "PapersDeadLetters"))


def parked_one(desk: Desk) -> Dossier:
    """A dossier whose workflow failed for good."""
    made = desk.office.submitted()
    desk.office.park(made.id, execution=f"execution of {made.id}")
    return desk.office.store.load(made.id)
