"""Somebody who has no mouse: every field, button and link is reached with Tab from where the page put him, and used by
its keys. What cannot be reached so fails the test, and so does a focus that nobody could see."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.visitor import Visitor

MOST_TABS = 120
IS_SEEN = """(one => { const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return box.width > 0 && box.bottom > 0 && box.top < innerHeight
    && (style.outlineStyle !== 'none' || style.boxShadow !== 'none') })(document.activeElement)"""


class Typist(Visitor):
    """The same steps by keys alone. Pages are not measured again: others did."""

    def go_by(self, element: Any) -> None:
        self._reach(element.first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, selector: str, text: str) -> None:
        self._reach(self.page.locator(selector))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        assert self.page.input_value(selector) == text

    def check(self, selector: str) -> None:
        wanted = self.page.locator(selector)
        if wanted.get_attribute("type") == "radio":
            self._reach(self.page.locator(f"input[name='{wanted.get_attribute('name')}']").first)
            for _ in range(10):
                if self._is_there(wanted):
                    break
                self.page.keyboard.press("ArrowDown")
        else:
            self._reach(wanted)
        if not wanted.is_checked():
            self.page.keyboard.press("Space")
        assert wanted.is_checked()

    def pick(self, selector: str, value: str) -> None:
        self._reach(self.page.locator(selector))
        for _ in range(MOST_TABS):
            if self.page.input_value(selector) == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not reached in {selector}")

    def __post_init__(self) -> None:
        super().__post_init__()
        # Who begins to wait for a chooser only at the press may miss it: the browser is told of it no sooner than that.
        self.page.on("filechooser", lambda _: None)

    def give(self, selector: str, file: dict[str, Any]) -> None:
        """A browser drops keys that come before it has painted the page: whoever sees no chooser presses again."""
        self._reach(self.page.locator(selector))
        for patience_ms in (5_000, 5_000, 20_000):
            try:
                with self.page.expect_file_chooser(timeout=patience_ms) as asked:
                    self.page.keyboard.press("Enter")
            except PlaywrightTimeout:
                continue
            asked.value.set_files(file)
            return
        raise AssertionError(f"{selector} opens no chooser")

    def look(self, name: str) -> None:
        self.seen[name] = self.seen.get(name, 0) + 1

    def _reach(self, element: Any) -> None:
        for _ in range(MOST_TABS):
            if self._is_there(element):
                assert self.page.evaluate(IS_SEEN), f"the focus is not seen: {element}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no Tab leads to {element} on {self.path()}")

    @staticmethod
    def _is_there(element: Any) -> bool:
        return bool(element.evaluate("one => one === document.activeElement"))
