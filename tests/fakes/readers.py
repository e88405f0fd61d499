"""Readers of plain text, well-behaved and faulty, and what makes fields of what they read."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from typing import Any

from casework.document import Box, Field, Page, Part, Problem, Reading, Word
from casework.errors import (
    ReaderFailed,
    UnacceptableFile,
    problem,
)
from casework.ports import PageRead
from casework.seal_names import SealRead

# ── readers ──────────────────────────────────────────────────────────────────

BLURRED = "BLURRED"

PAGE_BREAK = b"\f"


class PlainReader:
    """Reads files of plain text, a page break between pages; a page that says BLURRED cannot be read."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        self.read.append(page_number)
        text = data.split(PAGE_BREAK)[page_number - 1].decode()
        if text.startswith(BLURRED):
            return PageRead(Page(page_number, "ocr", 10, 10, problem=problem("page-blurred", page=page_number)), b"?")
        return PageRead(Page(page_number, "text", 10, 10, words=(Word(text, Box(0, 0, 1, 1)),)), text.encode())

    def read_again(self, image: bytes, box: Box, alphabet: str | None) -> tuple[str, float]:
        return "", 0.0

    def read_seal(self, data: bytes, page: Page, box: Box) -> tuple[SealRead, ...]:
        return ()

    def read_variously(self, image: bytes, box: Box, alphabet: str | None) -> tuple[str, ...]:
        return ()


class CrashingReader(PlainReader):
    """Dies the first `times` times it is asked for one of these pages."""

    def __init__(self, times: int, pages: Sequence[int] = (1,)) -> None:
        super().__init__()
        self._left, self._pages = times, pages

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        if page_number in self._pages and self._left > 0:
            self._left -= 1
            raise ReaderFailed("killed by signal 9")
        return super().read_page(data, page_number)


class SecondSight(PlainReader):
    """Takes every page for a scan, and reads again whatever `says` makes of its text."""

    def __init__(self, says: Callable[[str], str]) -> None:
        super().__init__()
        self._says = says
        self.looked: list[Box] = []

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        read = super().read_page(data, page_number)
        return PageRead(dataclasses.replace(read.page, source="ocr"), read.image)

    def read_variously(self, image: bytes, box: Box, alphabet: str | None) -> tuple[str, ...]:
        self.looked.append(box)
        return (self._says(image.decode()),) * 5


class EmptyReader(PlainReader):
    """Sees nothing on any page, and says so without a problem."""

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        return PageRead(Page(page_number, "ocr", 10, 10), b"?")


class GarbageReader(PlainReader):
    """Returns a great many words that are none."""

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        words = tuple(Word("\x00�</x>\u2028" * 5, Box(0, 0, 1, 1), 0.01) for _ in range(2000))
        return PageRead(Page(page_number, "ocr", 10, 10, words=words), b"?")


def count_pages(data: bytes, file_name: str) -> int:
    """The inspection of plain-text files: pages by their breaks; what begins with a NUL is refused."""
    if data.startswith(b"\0"):
        raise UnacceptableFile(problem("file-damaged"))
    return data.count(PAGE_BREAK) + 1


def read_sheets(
    pages: Sequence[Page], second_look: Callable[[int, Box, str | None], tuple[str, float]] | None = None
) -> Reading:
    """The fields of plain-text papers (see builders.paper): each page says in JSON what stands on it.

    Pages of another type are another paper of the same file; "lost": the numbers of pages that are not there.
    """
    parts: list[Part] = []
    remarks: list[Problem] = []
    for page in pages:
        for word in page.words if page.problem is None else ():
            try:
                said = json.loads(word.text)
            except ValueError:
                continue
            fields = {name: _field(value, page.number) for name, value in said["fields"].items()}
            rows = [{name: _field(value, page.number) for name, value in row.items()} for row in said["roster"]]
            remarks += [problem("page-missing", number=lost, of=len(pages) + 1) for lost in said.get("lost", ())]
            if parts and parts[-1].document_type == said["type"]:
                fields = parts[-1].fields | fields
                rows = [*parts[-1].tables.get("roster", ()), *rows]
                parts.pop()
            parts.append(Part(said["type"], 1.0, (page.number,), fields, {"roster": tuple(rows)} if rows else {}))
    main = parts[0] if parts else Part("unknown", 0.0, ())
    several = tuple(parts) if len(parts) > 1 else ()
    told = (main.document_type, main.type_confidence, main.fields, main.tables)
    return Reading(*told, tuple(pages), several, tuple(remarks))


def _field(value: Any, page: int) -> Field:
    """A value, or [value, confidence]."""
    read, confidence = value if isinstance(value, list) else (value, 0.99)
    return Field(read, str(read), confidence, page, Box(0.1, 0.1, 0.5, 0.2), "ocr")
