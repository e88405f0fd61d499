"""Capture quality measured: good pages called unreadable, and spoiled pages that are caught, kind by kind.

    python -m tests.bench.measure_capture [--good-only | --spoiled-only] [--kept-only] [--short] [--pages]

Development pages only; the seeds are fixed. The measures and the verdict are taken anew each time; what Tesseract reads
on a page is kept under build/measure_capture by the page's bytes, so that a changed threshold costs no reading. Whether
a page can be read is decided by reading it, also where the reader itself would not: fewer than 85 % of its printed
words right means no. Two kinds are decided by construction: a cut page lacks text that no reading can give back, and
what is not a document has none. A catch is any problem on the page; `named` counts those whose name is that of what
was done to it. `alarms` are pages that can be read and are called unreadable.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

os.environ["OMP_THREAD_LIMIT"] = "1"

from adapters import capture, page_image, page_reading, page_words, raster, tesseract
from casework.document import Page
from casework.errors import ReaderFailed
from casework.plain import from_plain, to_plain

from infra import papers
from infra.papers.spoiling import SPOILINGS, Spoiling, spoil
from infra.papers.wearing import Level
from tests.bench.worn_pages import KEPT, worn_pages

_READABLE = 0.85
_SPOILED_OF_A_KIND = 16
_GIVES_UP_SECONDS = 40.0
_CONSTRUCTED: tuple[Spoiling, ...] = ("cut", "not_a_document")
_NAMES = {
    "blurred": {"page-blurred"},
    "shaken": {"page-blurred"},
    "dark": {"page-too-dark"},
    "glare": {"page-glare"},
    "cut": {"page-cut"},
    "too_small": {"page-too-small"},
    "not_a_document": {"page-not-a-document"},
}


@dataclass(frozen=True, slots=True)
class Looked:
    """One page looked at: can it be read, what is said of it, what the look before reading took."""

    name: str
    right: float
    readable: bool
    slug: str | None
    milliseconds: float
    quality: dict[str, float]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--good-only", action="store_true")
    options.add_argument("--spoiled-only", action="store_true")
    options.add_argument("--kept-only", action="store_true", help="only pages that have been read before: seconds")
    options.add_argument("--short", action="store_true", help="every sixth page")
    options.add_argument("--pages", action="store_true", help="print each page")
    options.add_argument("--json", type=Path, default=Path("build/reports/measure_capture.json"))
    wanted = options.parse_args()
    every = 6 if wanted.short else 1
    report: dict[str, Any] = {}
    _say(f"{'':16}{'pages':>6}{'unreadable':>11}{'caught':>8}{'named':>7}{'alarms':>8}{'ms, mid':>9}{'ms, most':>9}")
    if not wanted.spoiled_only:
        good: dict[str, list[Looked]] = {}
        for layout, seed, level in good_papers()[::every]:
            for page in worn_pages(layout, seed, level):
                if page.text.strip() and (_kept(page.data, page.number).exists() or not wanted.kept_only):
                    row = _looked_at(page.sheet(), page.data, page.number, page.text, page.name, show=wanted.pages)
                    good.setdefault(level, []).append(row)
        for level, rows in good.items():
            report[level] = _line(level, rows, set())
        report["good"] = _line("all good", [row for rows in good.values() for row in rows], set())
    if not wanted.good_only:
        bad: dict[str, list[Looked]] = {}
        for kind, number, data, text in spoiled_pages(every):
            if wanted.kept_only and not _kept(data, 1).exists():
                continue
            sheet = raster.open_image(data, 1)
            row = _looked_at(sheet, data, 1, text, f"{kind} {number}", show=wanted.pages, kind=kind)
            bad.setdefault(kind, []).append(row)
        for kind, rows in bad.items():
            report[kind] = _line(kind, rows, _NAMES[kind])
        report["spoiled"] = _line("all spoiled", [row for rows in bad.values() for row in rows], set())
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(json.dumps(report, indent=1))


def good_papers() -> list[tuple[str, int, Level]]:
    """(layout, seed, level) of the good papers: every layout of the development set, every level of scan."""
    chosen: list[tuple[str, int, Level]] = []
    for index, layout in enumerate(papers.layouts_of(set_="dev")):
        third: Level = ("phone", "clean300", "stamped")[index % 3]
        chosen.append((layout.id, 1000, third))
        if index % 2:
            chosen.append((layout.id, 1000, "office200"))
        else:
            chosen.append((layout.id, 1001, "office200"))  # in grey
        if index % 3 < 2:
            chosen.append((layout.id, 1000, "fax150"))
        if index % 4 == 0:
            chosen.append((layout.id, 1000, "rotated"))
    return chosen


def spoiled_pages(every: int = 1) -> Iterator[tuple[Spoiling, int, bytes, str]]:
    """(kind, number, JPEG file, what was printed on it) of pages spoiled in every way, from photographs of papers."""
    photographs = [
        page
        for layout, seed, level in good_papers()
        if level == "phone"
        for page in list(worn_pages(layout, seed, level))[:1]
        if len(_plain(page.text)) >= 40
    ][:_SPOILED_OF_A_KIND]
    for kind in SPOILINGS:
        for number, page in list(enumerate(photographs))[::every]:
            kept = KEPT / "spoiled" / f"{page.name}-{kind}-{_spoiling_mark()}.jpg"
            if not kept.exists():
                _write(kept, spoil(page.sheet().image, kind, number))
            yield kind, number, kept.read_bytes(), "" if kind == "not_a_document" else page.text


def _spoiling_mark() -> str:
    source = Path(sys.modules["infra.papers.spoiling"].__file__ or "").read_bytes()
    return hashlib.sha256(source).hexdigest()[:8]


def _looked_at(
    sheet: raster.Sheet, data: bytes, number: int, text: str, name: str, *, show: bool, kind: Spoiling | None = None
) -> Looked:
    began = time.perf_counter()
    lying = page_image.prepare(sheet.image)
    quality = capture.measure(sheet.image, lying.grey)
    worth = capture.is_worth_reading(quality)
    milliseconds = 1000 * (time.perf_counter() - began)
    page = _read(data, number, sheet)
    truth = Counter(_plain(text))
    right = sum((truth & Counter(_plain(" ".join(word.text for word in page.words)))).values())
    share = right / truth.total() if truth else 0.0
    words = page.words if worth else ()
    ready = page_image.deskewed(page_image.turned(lying, page.rotation_deg))
    said = None
    if not capture.is_blank(quality, len(words)):
        said = capture.trouble(
            number, quality, words,
            cut=capture.runs_out(ready.grey, words), glare=capture.is_burnt_out(ready.colour, words),
        )  # fmt: skip
    readable = share >= _READABLE if kind not in _CONSTRUCTED else False
    if kind is None:
        readable = True  # a good page by construction, whatever of it is misread
    row = Looked(name, share, readable, said.type if said else None, milliseconds, quality)
    if show:
        _say(f"  {name}: right {share:.2f} {row.slug} words {len(page.words)} worth {worth} {quality}")
    return row


def _read(data: bytes, number: int, sheet: raster.Sheet) -> Page:
    """What Tesseract makes of the page, kept by the page's bytes; also of pages the reader would not give it."""
    kept = _kept(data, number)
    if not kept.exists():
        engine = tesseract.Engine(timeout_seconds=_GIVES_UP_SECONDS)
        page = Page(number, "ocr", 0, 0)
        with contextlib.suppress(tesseract.GaveUpError, ReaderFailed):  # noise all over: no time is enough to read it
            page, _ = page_reading.read(data, number, engine, picture=False)
        if not page.words:
            words = []
            with contextlib.suppress(tesseract.GaveUpError, ReaderFailed):
                words, _grids = page_words.words_of(page_image.prepare(sheet.image).grey, engine)
            page = Page(number, "ocr", page.width_px, page.height_px, words=tuple(words))
        _write(kept, json.dumps(to_plain(page), ensure_ascii=False).encode())
    read: Page = from_plain(Page, json.loads(kept.read_text()))
    return read


def _kept(data: bytes, number: int) -> Path:
    return KEPT / "read" / f"{hashlib.sha256(data).hexdigest()[:16]}-{number}.json"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)


def _line(name: str, rows: list[Looked], named: set[str]) -> dict[str, float]:
    bad = [row.slug for row in rows if not row.readable]
    line = {
        "pages": len(rows),
        "unreadable": len(bad),
        "caught": sum(slug is not None for slug in bad),
        "named": sum(slug in named for slug in bad),
        "alarms": sum(row.readable and row.slug is not None for row in rows),
        "ms_median": round(median(row.milliseconds for row in rows), 1),
        "ms_most": round(max(row.milliseconds for row in rows), 1),
    }
    _say(
        f"{name:16}{line['pages']:6}{line['unreadable']:11}{line['caught']:8}{line['named']:7}{line['alarms']:8}"
        f"{line['ms_median']:9.0f}{line['ms_most']:9.0f}"
    )
    return line


def _plain(text: str) -> list[str]:
    return [word for word in unicodedata.normalize("NFC", text).split() if any(sign.isalnum() for sign in word)]


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
