"""Somebody with a browser: the steps of the pages as a person takes them, each page held to what every page must hold.

On every page: no accessibility fault that axe-core finds, nothing loaded from elsewhere, nothing wider than the window,
no word in the console. Pictures are taken where PICTURES names a folder.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browser.conftest import Stack

PICTURES = os.environ.get("PICTURES", "")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_FIRST_BYTES = 200_000
TOO_WIDE = """(root => root.scrollWidth <= root.clientWidth ? [] :
  [`${root.scrollWidth - root.clientWidth} px, ${document.styleSheets.length} style sheets`].concat(
    [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > root.clientWidth)
      .map(e => e.outerHTML.slice(0, 90)).slice(0, 5)))(document.documentElement)"""
TOO_SMALL = """[...document.querySelectorAll('main a.govuk-button, main button, main select, main input')]
  .filter(e => e.offsetParent && e.type !== 'hidden' && e.getBoundingClientRect().height < 24)
  .map(e => e.outerHTML.slice(0, 90))"""


@dataclass
class Visitor:
    """A browser of one width, with scripts or without, and what it met."""

    stack: Stack
    browser: Any
    axe: str
    width: int = 1280
    scripts: bool = True
    seen: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    ruler: Any = None
    account: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(
            viewport={"width": self.width, "height": 900 if self.width > 400 else 640},
            java_script_enabled=self.scripts,
            locale="vi-VN",
            bypass_csp=False,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.said.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        ours = {urlsplit(self.stack.base_url).netloc, urlsplit(self.stack.cloud.endpoint).netloc}
        if urlsplit(url).netloc not in ours:
            self.elsewhere.append(url)

    def close(self) -> None:
        """Leave, and say what was met on the way that should not have been."""
        self.context.close()
        if self.ruler is not None:
            self.ruler.context.close()
        assert self.elsewhere == []
        # Answers of 4xx are told in the console by the browser itself; they are what the tests ask for.
        assert [text for text in self.said if "Failed to load resource" not in text] == []

    # -- moving

    def open(self, path: str) -> None:
        self.page.goto(self.stack.base_url + path)

    def press(self, text: str) -> None:
        """A button by its words, or else a link; the next page stands when this returns."""
        main = self.page.locator("main")
        button = main.get_by_role("button", name=text)
        self.go_by(button if button.count() else main.get_by_role("link", name=text))

    def go_by(self, element: Any) -> None:
        with self.page.expect_navigation():
            element.first.click()

    def fill(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)

    def check(self, selector: str) -> None:
        self.page.check(selector)

    def pick(self, selector: str, value: str) -> None:
        self.page.select_option(selector, value)

    def give(self, selector: str, file: dict[str, Any]) -> None:
        self.page.set_input_files(selector, file)

    def path(self) -> str:
        return urlsplit(self.page.url).path

    def heading(self) -> str:
        return str(self.page.locator("h1").inner_text()).strip()

    def text(self) -> str:
        return str(self.page.locator("main").inner_text())

    # -- looking

    def look(self, name: str) -> None:
        """What every page must hold."""
        self.seen[name] = self.seen.get(name, 0) + 1
        assert self.page.locator("h1").count() == 1, name
        page = self.page if self.scripts else self._measurable()
        wide = page.evaluate(TOO_WIDE)
        assert wide == [], f"{name} is wider than {self.width}: {wide}"
        faults = self.faults(page)
        assert faults == [], f"{name} at {self.width}: {faults}"
        small = page.evaluate(TOO_SMALL)
        assert small == [], f"{name}: too small to hit: {small}"
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            for _ in range(2):  # pictures below the window come only once the page was seen whole
                self.page.screenshot(path=str(folder / f"{name}-{self.width}.png"), full_page=True)

    def faults(self, page: Any) -> list[str]:
        """What axe-core finds, in short."""
        page.evaluate(self.axe + ";0")
        found = page.evaluate("axe.run(document, {runOnly: " + str(RULES) + ", resultTypes: ['violations']})")
        return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found["violations"]]

    def _measurable(self) -> Any:
        """The very page a browser without scripts shows, in one that can measure it: its own scripts stay out."""
        if self.ruler is None:
            context = self.browser.new_context(viewport=self.page.viewport_size, locale="vi-VN")
            self.ruler = context.new_page()
            self.ruler.route("**/*.js", lambda route: route.abort())
        html, url = self.page.content(), self.page.url
        self.ruler.route(url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        self.ruler.goto(url)
        self.ruler.unroute(url)
        return self.ruler

    # -- the applicant's steps

    def sign_in(self, username: str, password: str) -> None:
        self.fill("#ten", username)
        self.fill("#mat-khau", password)
        self.press("Đăng nhập")

    def begin(self, service: str, **declared: str) -> str:
        """From consent to a draft; returns its id. The browser stands on the list of papers."""
        self.open(f"/ho-so/moi?dich-vu={service}")
        self.page.check("#dong-y")
        self.press("Tiếp tục")
        self.page.fill("#dien-thoai", "0901 234 567")
        self.page.select_option("#noi-nop", index=1)
        for name, value in declared.items():
            self.page.fill(f"#{name.replace('_', '-')}", value)
        self.press("Lưu và gửi giấy tờ")
        return self.dossier_id()

    def dossier_id(self) -> str:
        found = re.match(r"/ho-so/([0-9a-f]{26})", self.path())
        assert found, self.page.url
        return found[1]

    def choose(self, name: str, media_type: str, data: bytes) -> None:
        """On the form for a file: choose it and send it; the next page stands when it was read."""
        self.give("#file", {"name": name, "mimeType": media_type, "buffer": data})
        self.press("Gửi và xem")
        assert "/giay-to/" in self.page.url
        assert "cho=" in self.page.url
        for _ in range(10):  # a machine with much else to do may take longer than the page waits
            if "Chưa có kết quả đọc" not in self.text():
                return
            self.press("Xem kết quả đọc")
        raise AssertionError(f"{name} is not read")

    def send(self, name: str, media_type: str, data: bytes) -> None:
        """From the list of papers: one more paper."""
        self.go_by(self.page.locator("main form button:has-text('Gửi')"))
        self.choose(name, media_type, data)
