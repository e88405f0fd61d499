"""What goes wrong between a browser and us: nothing is lost, nothing is doubled, and there is always a way on."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from infra.papers import SampleDossier
from tests.browser.conftest import Stack, eventually
from tests.browser.visitor import Visitor
from tests.hostile import blank_pdf

SHIFT = """new Promise(done => { let sum = 0; new PerformanceObserver(list => list.getEntries().forEach(
  entry => { if (!entry.hadRecentInput) sum += entry.value })).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 150) })"""

LITTLE = 0.01  # of the window, over the distance it moved; people notice a tenth


@pytest.fixture(scope="module")
def visitor(stack: Stack, browser: Any, axe: str) -> Iterator[Visitor]:
    """Somebody with scripts, on a telephone, signed in."""
    came = Visitor(stack, browser, axe, 320)
    came.page.set_default_timeout(30_000)
    came.account = stack.new_applicant("mat-mang")
    came.open("/dang-nhap")
    came.sign_in(*came.account)
    yield came
    came.close()


@pytest.fixture(scope="module")
def agreement(samples: dict[str, SampleDossier]) -> bytes:
    """The agreement of a household's papers that is quick to read: born digital, one page."""
    return next(file.data for file in samples["household_right"].files if file.name == "thong-bao-thue.pdf")


@functools.cache
def sheet(number: int) -> dict[str, Any]:
    """A file of one blank sheet, another one for each number, always the same bytes."""
    data = blank_pdf(lambda pdf: pdf.docinfo.update({"/Subject": str(number)}))
    return {"name": f"trang-{number}.pdf", "mimeType": "application/pdf", "buffer": data}


def open_form(visitor: Visitor, dossier: str) -> str:
    """The form for one more paper; its address."""
    visitor.open(f"/ho-so/{dossier}/giay-to")
    visitor.go_by(visitor.page.locator("main form button:has-text('Gửi')"))
    return str(visitor.page.url)


def send_button(visitor: Visitor) -> Any:
    return visitor.page.locator("form.mc-send button.govuk-button")


def papers(visitor: Visitor, dossier: str) -> list[Any]:
    from infra.local.caller import Caller

    caller = Caller(visitor.stack.base_url, visitor.stack.cloud.sign_in.sign_in(*visitor.account))
    found = caller.get(f"/v1/dossiers/{dossier}").data["documents"]
    return [document for document in found if document["uploads"] and document["state"] != "awaiting_upload"]


def settled(visitor: Visitor, dossier: str, pages: int) -> list[Any]:
    """The papers once they hold this many pages."""

    def there() -> Any:
        found = papers(visitor, dossier)
        return found if sum(len(paper["pages"]) for paper in found) == pages else None

    found: list[Any] = eventually(f"{pages} pages", there, 90)
    return found


def store_of(visitor: Visitor) -> Any:
    return re.compile(re.escape(visitor.stack.cloud.endpoint))


@pytest.fixture(autouse=True)
def a_whole_line(visitor: Visitor) -> Iterator[None]:
    """Whatever a test did to the line is over with it."""
    yield
    visitor.page.unroute_all(behavior="ignoreErrors")


def test_a_cut_connection_is_tried_again_and_goes_on_where_it_stopped(visitor: Visitor) -> None:
    """Of three files the second is cut twice, then the line is dead; after pressing again, nothing is sent twice."""
    dossier, page = visitor.begin("SW"), visitor.page
    open_form(visitor, dossier)
    tries: list[str] = []

    def cut(route: Any) -> None:
        name = re.search(rb'filename="([^"]+)"', route.request.post_data_buffer)
        tries.append(name[1].decode() if name else "")
        if tries[-1] == "trang-2.pdf" and len(tries) < 7:
            route.abort("connectionreset")
        else:
            route.continue_()

    assert page.get_attribute("#chup", "capture") == "environment"  # the camera that looks away from its owner
    assert page.locator("#chup").is_visible()
    page.route(store_of(visitor), cut)
    page.set_input_files("#file", [sheet(1), sheet(2), sheet(3)])
    assert [row.split(" ·")[0] for row in page.locator(".mc-files li").all_inner_texts()] == [
        "trang-1.pdf", "trang-2.pdf", "trang-3.pdf"]  # fmt: skip
    send_button(visitor).click()
    page.locator(".mc-told", has_text="Mạng bị ngắt").wait_for()
    page.wait_for_selector(".govuk-error-summary")
    assert "mất kết nối" in visitor.text()
    assert send_button(visitor).inner_text() == "Gửi tiếp"
    visitor.go_by(send_button(visitor))
    page.unroute(store_of(visitor))
    [paper] = settled(visitor, dossier, 3)
    assert [ref["number"] for ref in paper["pages"]] == [1, 2, 3]
    assert [upload["file_name"] for upload in paper["uploads"] if upload["state"] == "read"] == [
        "trang-1.pdf", "trang-2.pdf", "trang-3.pdf"]  # fmt: skip
    assert (tries.count("trang-1.pdf"), tries.count("trang-3.pdf")) == (1, 1)
    assert "Trang 3" in visitor.text()


def test_a_form_opened_again_takes_up_what_was_sent(visitor: Visitor) -> None:
    """The page is closed after the first of two files; the same files chosen again are two pages, not three."""
    dossier, page = visitor.begin("SW"), visitor.page
    form = open_form(visitor, dossier)
    second = threading.Event()

    def hold(route: Any) -> None:
        if second.is_set():
            route.abort("connectionreset")
        else:
            second.set()
            route.continue_()

    page.route(store_of(visitor), hold)
    page.set_input_files("#file", [sheet(1), sheet(2)])
    send_button(visitor).click()
    page.locator(".mc-told", has_text="Mạng bị ngắt").wait_for()
    page.goto(form)
    page.unroute(store_of(visitor))
    page.set_input_files("#file", [sheet(1), sheet(2)])
    visitor.go_by(send_button(visitor))
    [paper] = settled(visitor, dossier, 2)
    assert len([upload for upload in paper["uploads"] if upload["state"] == "read"]) == 2


def test_the_back_button_sends_nothing_in_the_place_of_what_was_sent(visitor: Visitor) -> None:
    dossier, page = visitor.begin("SW"), visitor.page
    open_form(visitor, dossier)
    page.set_input_files("#file", [sheet(1)])
    visitor.go_by(send_button(visitor))
    settled(visitor, dossier, 1)
    page.go_back()
    page.go_back()
    assert page.locator("form.mc-send").count() == 0 or visitor.path().endswith("/giay-to")
    page.go_forward()
    visitor.open(f"/ho-so/{dossier}/giay-to")
    assert page.locator("li.mc-card").count() == 1
    [paper] = papers(visitor, dossier)
    assert [upload["state"] for upload in paper["uploads"]].count("read") == 1


def test_what_a_second_tab_did_is_not_undone_by_the_first(visitor: Visitor, agreement: bytes) -> None:
    """Two tabs correct the same paper: the second to save is told, keeps what was typed, and saves on top of it."""
    visitor.begin("SW")
    page = visitor.page
    visitor.send("thong-bao-thue.pdf", "application/pdf", agreement)
    visitor.press("Có chỗ đọc sai")
    other = visitor.context.new_page()
    other.goto(page.url)
    other.get_by_label("Tên hộ kinh doanh").fill("Theo thẻ thứ hai")
    other.get_by_role("button", name="Lưu").click()
    other.wait_for_url(lambda url: not url.endswith("/sua"))
    other.close()
    typed = page.get_by_label("Địa điểm kinh doanh").input_value() + " ơ"
    page.get_by_label("Địa điểm kinh doanh").fill(typed)
    visitor.press("Lưu")
    assert "Hồ sơ đã thay đổi" in visitor.text()
    assert page.get_by_label("Địa điểm kinh doanh").input_value() == typed
    visitor.press("Lưu")
    assert "Theo thẻ thứ hai" in visitor.text()
    assert typed in visitor.text()


def test_pages_moved_from_an_old_page_move_once(visitor: Visitor) -> None:
    """Two tabs press the same button: one move, and the second is told that the dossier has changed."""
    dossier, page = visitor.begin("SW"), visitor.page
    open_form(visitor, dossier)
    page.set_input_files("#file", [sheet(1), sheet(2)])
    visitor.go_by(send_button(visitor))
    [paper] = settled(visitor, dossier, 2)
    visitor.open(f"/ho-so/{dossier}/giay-to/{paper['document_id']}")
    other = visitor.context.new_page()
    other.goto(page.url)
    other.locator("#trang-2 button:has-text('Đưa lên trước')").click()
    other.wait_for_url("**cho=**")
    other.close()
    visitor.go_by(page.locator("#trang-2 button:has-text('Đưa lên trước')"))
    assert visitor.heading() == "Hồ sơ vừa thay đổi"
    visitor.press("Xem lại")
    assert page.locator("li.mc-card").count() == 2
    [moved] = settled(visitor, dossier, 2)
    assert [ref["number"] for ref in moved["pages"]] == [1, 2]


def test_pressing_twice_is_pressing_once(visitor: Visitor) -> None:
    dossier, page = visitor.begin("SW"), visitor.page
    open_form(visitor, dossier)
    page.set_input_files("#file", [sheet(1)])
    with page.expect_navigation():
        send_button(visitor).dblclick(no_wait_after=True)
    settled(visitor, dossier, 1)
    visitor.open(f"/ho-so/{dossier}/nop")
    page.locator("main form button:has-text('Nộp hồ sơ')").dblclick(no_wait_after=True)
    # The second press may cut off the first one's answer, which Playwright would take for a failure of the page.
    page.wait_for_function("location.pathname.endsWith('/bien-nhan') && document.readyState === 'complete'")
    assert visitor.path() == f"/ho-so/{dossier}/bien-nhan"
    visitor.open(f"/ho-so/{dossier}/lich-su")
    assert visitor.text().count("Nộp hồ sơ") == 1
    visitor.open("/ho-so")
    assert page.locator(f"main a[href*='{dossier}']").count() == 1


def test_a_session_that_ends_while_sending_loses_nothing(visitor: Visitor) -> None:
    dossier, page = visitor.begin("SW"), visitor.page
    form = open_form(visitor, dossier)
    page.set_input_files("#file", [sheet(1)])
    visitor.context.clear_cookies()
    send_button(visitor).click()
    page.wait_for_selector(".govuk-error-summary")
    assert "Phiên làm việc đã hết" in visitor.text()
    page.goto(form)
    assert visitor.path() == "/dang-nhap"
    visitor.sign_in(*visitor.account)
    assert page.url == form
    page.set_input_files("#file", [sheet(1)])
    visitor.go_by(send_button(visitor))
    assert len(settled(visitor, dossier, 1)) == 1


def test_a_paper_taken_out_while_it_is_read_stays_out(visitor: Visitor, agreement: bytes) -> None:
    dossier, page = visitor.begin("SW"), visitor.page
    open_form(visitor, dossier)
    page.set_input_files("#file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": agreement})
    document = page.url.partition("/giay-to/")[2][:26]
    with page.expect_request(re.compile(r"\?cho=")):
        send_button(visitor).click(no_wait_after=True)
    other = visitor.context.new_page()  # the first waits for the reading
    other.goto(f"{visitor.stack.base_url}/ho-so/{dossier}/giay-to/{document}/bo")
    other.get_by_role("button", name="Bỏ ra khỏi hồ sơ").click()
    other.wait_for_url(f"**/ho-so/{dossier}/giay-to")
    other.close()
    eventually("its reading has ended", lambda: no_reading_is_left(visitor.stack), 60)
    visitor.open(f"/ho-so/{dossier}/giay-to")
    assert page.locator("li.mc-card").count() == 0
    visitor.open(f"/ho-so/{dossier}/giay-to/{document}")
    assert "Không tìm thấy" in visitor.heading()


def no_reading_is_left(stack: Stack) -> bool:
    machines = stack.cloud.client("stepfunctions")
    listed = machines.list_state_machines()["stateMachines"]
    reading = next(machine for machine in listed if "read-document" in machine["name"])
    arn = reading["stateMachineArn"]
    return not machines.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]


def test_nothing_moves_when_a_status_arrives(visitor: Visitor) -> None:
    dossier, page = visitor.begin("SW"), visitor.page
    open_form(visitor, dossier)
    before = page.evaluate(SHIFT)
    page.set_input_files("#file", [sheet(1), sheet(2)])
    page.route(store_of(visitor), lambda route: route.abort())
    send_button(visitor).click()
    page.locator(".mc-told", has_text="Mạng bị ngắt").wait_for()
    assert page.evaluate(SHIFT) == before
    page.unroute(store_of(visitor))
    page.wait_for_url("**cho=**")
    assert page.evaluate(SHIFT) < LITTLE
