"""The pages by keyboard alone, the way from a fault to its field, and one face for every Vietnamese letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import Stack
from tests.browser.visitor import MOST_FIRST_BYTES, Visitor

BASES, MARKS = "aăâeêioôơuưy", "\u0300\u0301\u0303\u0309\u0323"
SMALL = "".join(unicodedata.normalize("NFC", base + mark) for base in BASES for mark in ("", *MARKS)) + "đ"
LETTERS = SMALL + SMALL.upper()
BYTES_SENT = """[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""
FOCUSED = "document.activeElement.id || document.activeElement.className"


@pytest.fixture
def visitor(stack: Stack, browser: Any, axe: str) -> Iterator[Visitor]:
    """Somebody with scripts at 1280."""
    came = Visitor(stack, browser, axe)
    yield came
    came.close()


def test_the_first_tab_leads_past_the_menu(visitor: Visitor) -> None:
    visitor.open("/")
    visitor.page.keyboard.press("Tab")
    assert "govuk-skip-link" in visitor.page.evaluate(FOCUSED)
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement === document.querySelector('main a')")


def test_the_first_page_is_light(visitor: Visitor) -> None:
    visitor.open("/")
    assert 10_000 < visitor.page.evaluate(BYTES_SENT) <= MOST_FIRST_BYTES


@pytest.mark.parametrize("path", ["/", "/dich-vu/SW", "/dich-vu/LN/tu-kiem-tra?xem=1", "/dang-nhap", "/tro-giup"])
def test_letters_twice_as_large_push_nothing_out_of_the_page(visitor: Visitor, path: str) -> None:
    visitor.page.set_viewport_size({"width": 640, "height": 900})
    visitor.open(path)
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    wide = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path}: {wide} px wider than the window"


def test_signing_in_takes_no_mouse(visitor: Visitor) -> None:
    """Wrong word first: the summary of faults has the focus, and its link leads to the field."""
    username, password = visitor.stack.new_applicant("chi-ban-phim")
    page, keys = visitor.page, visitor.page.keyboard
    visitor.open("/dang-nhap")
    page.focus("#ten")
    keys.type(username)
    keys.press("Tab")
    assert page.evaluate(FOCUSED) == "mat-khau"
    keys.type("khong-phai")
    with page.expect_navigation():
        keys.press("Enter")
    assert "govuk-error-summary" in page.evaluate(FOCUSED)
    assert page.evaluate("document.activeElement.querySelectorAll('a').length") == 1
    keys.press("Tab")
    keys.press("Enter")
    assert page.evaluate(FOCUSED) in ("ten", "mat-khau")
    page.focus("#mat-khau")
    keys.type(password)
    with page.expect_navigation():
        keys.press("Enter")
    assert visitor.path() == "/ho-so"


def test_every_link_of_a_summary_leads_to_a_field(visitor: Visitor) -> None:
    visitor.open("/dich-vu/SW/tu-kiem-tra")
    visitor.press("Xem kết quả")
    targets = visitor.page.eval_on_selector_all(
        ".govuk-error-summary a", "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(targets) == 5
    for target in targets:
        visitor.page.click(f".govuk-error-summary a[href='{target}']")
        assert f"#{visitor.page.evaluate('document.activeElement.id')}" == target


@pytest.mark.parametrize("place", ["h1", "p.govuk-body"])
def test_every_vietnamese_letter_is_of_one_face(visitor: Visitor, place: str) -> None:
    assert len(set(LETTERS)) == 2 * (12 * 6 + 1)
    visitor.open("/tro-giup")
    visitor.page.eval_on_selector(place, "(node, text) => { node.textContent = text }", LETTERS)
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": place})["nodeId"]
    fonts = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert len({font["familyName"] for font in fonts}) == 1
    assert sum(font["glyphCount"] for font in fonts) >= len(LETTERS)
