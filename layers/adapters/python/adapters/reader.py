"""The reader of papers as the rest of the system sees it: bytes of a file in, pages with words out.

Starts and keeps the limited child processes that open files (`reading_process`), one per page read at a time, and
turns their deaths into answers. Imports nothing heavy: the libraries live in the children.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from casework import ports
from casework.document import Box, Page
from casework.errors import ReaderFailed, problem
from casework.plain import from_plain, to_plain
from casework.seal_names import SealRead

from adapters.reading_process import read_frame, write_frame
from adapters.tesseract import Engine


@dataclass(frozen=True, slots=True)
class PageRead(ports.PageRead):
    """A page as read, and the JPEG of the upright page for viewers (empty when not asked for).

    `cost` is what it took: own_seconds and engine_seconds of processor time, peak_mb of the largest process.
    """

    cost: Mapping[str, float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Reader:
    """Reads pages. Frozen configuration; may be shared between threads.

    `tesseract` is the engine's program, or a loader with its arguments and the program; `tessdata` its language
    folder (None: the installed one); `page_seconds` the wall time after which a page counts as hung.
    """

    tesseract: tuple[str, ...] = ("tesseract",)
    tessdata: str | None = None
    page_seconds: float = 120.0
    engine_seconds: float = 60.0
    _idle: queue.SimpleQueue[_Child] = field(default_factory=queue.SimpleQueue, init=False, repr=False, compare=False)

    def read_page(self, data: bytes, page_number: int, *, picture: bool = True) -> PageRead:
        """Read page `page_number` (from 1) of an inspected file.

        A page that cannot be read comes back with `page.problem`. Raises ReaderFailed when Tesseract or the
        child died or hung in a way that a second try may mend.
        """
        head = {"do": "read", "number": page_number, "picture": picture}
        answer, image = self._ask(head, document=data)
        if "page" in answer:
            return PageRead(from_plain(Page, answer["page"]), image, answer.get("cost", {}))
        if answer.get("died") == "time":
            raise ReaderFailed(f"page {page_number} took more than {self.page_seconds:g} s")
        # Out of processor time, of memory, or crashed on these bytes: it would be so again.
        slug = "page-too-complex" if answer.get("died") in ("SIGXCPU", "memory") else "page-unreadable"
        return PageRead(Page(page_number, "ocr", 0, 0, problem=problem(slug, page=page_number)), b"")

    def read_pages(
        self, data: bytes, numbers: Iterable[int], workers: int = 0, *, picture: bool = True
    ) -> Iterator[PageRead]:
        """Read several pages side by side, in the order of `numbers`. workers 0: one per core."""
        with ThreadPoolExecutor(workers or cores()) as pool:
            yield from pool.map(lambda number: self.read_page(data, number, picture=picture), numbers)

    def read_again(self, image: bytes, box: Box, alphabet: str | None = None) -> tuple[str, float]:
        """A second look at one box of a page's picture, with only the characters of `alphabet` if given.

        Returns the text ("" if none) and the lowest confidence of its words (0–1).
        """
        answer = self._look("again", image, box, alphabet)
        return str(answer["text"]), float(answer["confidence"])

    def read_variously(self, image: bytes, box: Box, alphabet: str | None = None) -> tuple[str, ...]:
        """One box of a page's picture read in several forms: the texts, empty for a box of next to nothing. Raises
        ReaderFailed."""
        return tuple(self._look("variously", image, box, alphabet)["texts"])

    def read_seal(self, data: bytes, page: Page, box: Box) -> tuple[SealRead, ...]:
        """A seal read in several forms from the file itself; page: as it was read, numbered as in the file. Nothing for
        a seal that cannot be made out. Raises ReaderFailed."""
        bare = {"number": page.number, "source": page.source, "width_px": page.width_px, "height_px": page.height_px}
        lies = {"rotation_deg": page.rotation_deg, "skew_deg": page.skew_deg, "quality": page.quality}
        answer, _ = self._ask({"do": "seal", "page": bare | lies, "box": to_plain(box)}, document=data)
        if "died" in answer:
            raise ReaderFailed(f"reading a seal ended without an answer ({answer['died']})")
        return tuple(from_plain(SealRead, form) for form in answer["read"])

    def close(self) -> None:
        """End the idle children. A reader that is dropped does the same."""
        while True:
            try:
                self._idle.get_nowait().end()
            except queue.Empty:
                return

    def _look(self, do: str, image: bytes, box: Box, alphabet: str | None) -> dict[str, Any]:
        answer, _ = self._ask({"do": do, "box": to_plain(box), "alphabet": alphabet}, body=image)
        if "died" in answer:
            raise ReaderFailed(f"the second look ended without an answer ({answer['died']})")
        return answer

    def _ask(self, head: dict[str, Any], *, document: bytes = b"", body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        engine = Engine(command=self.tesseract, tessdata=self.tessdata, timeout_seconds=self.engine_seconds)
        head |= {"engine": to_plain(engine), "seconds": self.page_seconds}
        child = self._take()
        try:
            answer = child.ask(head, document, body, self.page_seconds + 10)
        except BaseException:
            child.end()
            raise
        self._idle.put(child)
        if "failed" in answer[0]:
            raise ReaderFailed(str(answer[0]["failed"]))
        return answer

    def _take(self) -> _Child:
        while True:
            try:
                child = self._idle.get_nowait()
            except queue.Empty:
                return _Child()
            if child.alive:
                return child
            child.end()


class _Child:
    """One `reading_process`, and the document it was last given."""

    def __init__(self) -> None:
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
            "OMP_THREAD_LIMIT": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "adapters.reading_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._document = b""

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, head: dict[str, Any], document: bytes, body: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        sending, receiving = self._process.stdin, self._process.stdout
        if sending is None or receiving is None:
            raise ReaderFailed("the reading process has no streams")
        watch = threading.Timer(seconds, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            if document and document is not self._document:
                write_frame(sending, {"do": "open"}, document)  # type: ignore[arg-type]
                self._document = document
            write_frame(sending, head, body)  # type: ignore[arg-type]
            answer = read_frame(receiving)  # type: ignore[arg-type]
        except (OSError, ValueError) as error:
            raise ReaderFailed("the reading process broke off") from error
        finally:
            watch.cancel()
        if answer is None:
            raise ReaderFailed("the reading process died or hung")
        return answer

    def end(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.kill()
        self._process.wait()

    def __del__(self) -> None:
        self.end()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
