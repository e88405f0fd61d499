"""The speed and memory of reading, beside plain Tesseract, in one run: one table, JSON, a plot.

    python -m tests.bench.bench_reading [--short] [--papers 1]

Ours and the baseline take turns paper by paper, so that whatever else the machine does weighs on both. The baseline is
`pytesseract.image_to_string(300 dpi, lang="vie")`, one page after another. Both run with OMP_THREAD_LIMIT=1; "one core"
means that all processes are bound to the same one. Neither makes pictures for viewers. How well is read, `make eval`
says.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import resource
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from tests.bench import plots
from tests.bench.kept import KEPT, PaperSpec

os.environ["OMP_THREAD_LIMIT"] = "1"

LEVELS = ("born_digital", "clean300", "office200", "fax150", "phone", "stamped", "rotated")
LAYOUTS = (
    ("labour_contract", "contract_party_a_b"),
    ("suspension_agreement", "suspension_letterhead"),
    ("unpaid_leave_agreement", "unpaid_form"),
    ("form_01", "form01_ruled"),
)
LENGTHS = (1, 2, 5, 10, 20, 50, 100)
TARGET_ONE_CORE, TARGET_TWO_CORES, TARGET_BORN_DIGITAL_MS = 1.0, 0.6, 50
SCANNED_SHEETS = 10  # a long scan repeats so many different pages


@dataclass
class Line:
    """One level: seconds of wall and of processor a page, ours on one and on two cores and the baseline's."""

    level: str
    pages: int = 0
    one_core: float = 0.0
    two_cores: float = 0.0
    plain: float = 0.0
    plain_cpu: float = 0.0
    own_seconds: float = 0.0
    engine_seconds: float = 0.0
    peak_mb: float = 0.0
    plain_peak_mb: float = 0.0

    @property
    def cpu_ratio(self) -> float:
        """Processor seconds of ours to the baseline's: what a busy machine cannot disturb."""
        return (self.own_seconds + self.engine_seconds) / self.plain_cpu if self.plain_cpu else 0.0

    def __getattr__(self, name: str) -> float:
        if name.endswith("_per_page"):
            return float(getattr(self, name.removesuffix("_per_page"))) / max(self.pages, 1)
        raise AttributeError(name)


@dataclass
class Scaling:
    """Seconds over pages, the straight line through them, and what the longest pays a page against a short one."""

    what: str
    points: list[tuple[int, float]] = field(default_factory=list)

    @property
    def fit(self) -> tuple[float, float]:
        """(seconds a page, seconds to begin with), least squares weighted by the length."""
        pages, seconds = np.array(self.points, dtype=float).T
        slope, offset = np.polyfit(pages, seconds, 1, w=1 / np.maximum(pages, 1))
        return float(slope), float(offset)

    @property
    def exponent(self) -> float:
        """Seconds grow as pages to this power; 1 is linear, fitted from five pages on (short ones pay the start)."""
        longer = [(pages, seconds) for pages, seconds in self.points if pages >= 5] or self.points
        if len(longer) < 2:
            return 1.0
        logs = np.log(np.array(longer, dtype=float))
        return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--short", action="store_true", help="two levels, one layout, no long scans: under a minute")
    parser.add_argument("--papers", type=int, default=1, help="seeds of each layout")
    parser.add_argument("--levels", nargs="*", default=[])
    parser.add_argument("--no-scaling", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("build/reports"))
    options = parser.parse_args()
    console = Console()
    if console.width < 120:
        console = Console(width=120)
    levels = options.levels or (("born_digital", "office200") if options.short else LEVELS)
    layouts = LAYOUTS[1:2] if options.short else LAYOUTS
    lines = [measure_level(level, layouts, options.papers) for level in levels]
    show_lines(lines, console)
    scalings = [] if options.no_scaling else [scale_text((1, 5) if options.short else LENGTHS)]
    if not (options.no_scaling or options.short):
        scalings.append(scale_scans(LENGTHS))
    show_scalings(scalings, console)
    written = write(lines, scalings, options.out, "bench_reading-short" if options.short else "bench_reading")
    console.print(f"\n{', '.join(map(str, written))}")


def measure_level(level: str, layouts: Sequence[tuple[str, str]], seeds: int) -> Line:
    """Every paper of the level three times: ours on one core, ours on two, the baseline on one."""
    from adapters.reader import Reader

    line = Line(level)
    papers = [
        PaperSpec("dev", kind, layout, level, 7000 + seed).make() for seed in range(seeds) for kind, layout in layouts
    ]
    with _bound_to(1):
        alone = Reader()
        alone.read_page(papers[0][0], 1)  # starts the child on this one core
        plain = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        plain.submit(plain_seconds, papers[0][0], 1 if level != "born_digital" else 0).result()
    together = Reader()
    list(together.read_pages(papers[0][0], [1, 1], 2))
    for data, truth in papers:
        count = truth["pages"]
        numbers = range(1, count + 1)
        line.pages += count
        began = time.perf_counter()
        with _bound_to(1):
            read = list(alone.read_pages(data, numbers, 1, picture=False))
        line.one_core += time.perf_counter() - began
        began = time.perf_counter()
        list(together.read_pages(data, numbers, 2, picture=False))
        line.two_cores += time.perf_counter() - began
        seconds, processor_seconds, peak_mb = plain.submit(plain_seconds, data, count).result()
        line.plain += seconds
        line.plain_cpu += processor_seconds
        line.plain_peak_mb = max(line.plain_peak_mb, peak_mb)
        line.own_seconds += sum(item.cost["own_seconds"] for item in read)
        line.engine_seconds += sum(item.cost["engine_seconds"] for item in read)
        line.peak_mb = max([line.peak_mb, *(item.cost["peak_mb"] for item in read)])
    for reader in (alone, together):
        reader.close()
    plain.shutdown()
    return line


def plain_seconds(data: bytes, count: int) -> tuple[float, float, float]:
    """Seconds of wall and of processor of the baseline for these pages, and the peak memory in MB of the larger of its
    processes."""
    from tests.bench.plain_reader import read_plainly

    before = _processor_seconds()
    _, seconds = read_plainly(data, count)
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(seconds), _processor_seconds() - before, max(peaks) / 1024


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


@contextmanager
def _bound_to(cores: int) -> Iterator[None]:
    """Processes and threads started in here run on so many cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(before)[:cores]))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def scale_text(lengths: Sequence[int]) -> Scaling:
    """A list of so many pages from a word processor: text layer, type, fields and rows, on one core."""
    from adapters.reader import Reader
    from casework.reading import read_fields

    whole = _long_list(max(lengths))
    scaling = Scaling("tệp gốc, cả danh sách / born-digital, whole list")
    reader = Reader()
    reader.read_page(whole, 1, picture=False)
    for length in lengths:
        data = _first_pages(whole, length)
        began = time.perf_counter()
        read_fields([item.page for item in reader.read_pages(data, range(1, length + 1), 1, picture=False)])
        scaling.points.append((length, time.perf_counter() - began))
    reader.close()
    return scaling


def scale_scans(lengths: Sequence[int]) -> Scaling:
    """A scan of so many pages, read on two cores."""
    from adapters.reader import Reader

    sheets = _scanned_list(min(max(lengths), SCANNED_SHEETS))
    scaling = Scaling("bản quét 200 dpi, hai nhân / 200 dpi scan, two cores")
    reader = Reader()
    list(reader.read_pages(sheets, [1, 1], 2))
    for length in lengths:
        data = _first_pages(sheets, length)
        began = time.perf_counter()
        for _ in reader.read_pages(data, range(1, length + 1), 2, picture=False):
            pass
        scaling.points.append((length, time.perf_counter() - began))
    reader.close()
    return scaling


def _long_list(pages: int) -> bytes:
    """A printed list of at least so many pages, kept."""
    from infra import papers

    kept = KEPT / "papers" / f"long-list-{pages}.pdf"
    if not kept.exists():
        paper = papers.make_paper("form_01", "form01_ruled", seed=7100, rows=12 * pages + 6)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(paper.pdf)
    return kept.read_bytes()


def _scanned_list(pages: int) -> bytes:
    from infra import papers

    kept = KEPT / "papers" / f"long-scan-{pages}.pdf"
    if not kept.exists():
        kept.write_bytes(papers.wear(_first_pages(_long_list(SCANNED_SHEETS), pages), "office200", 7100))
    return kept.read_bytes()


def _first_pages(data: bytes, count: int) -> bytes:
    """The first `count` pages; a shorter document begins anew."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as book, pikepdf.new() as part:
        for number in range(count):
            part.pages.append(book.pages[number % len(book.pages)])
        out = io.BytesIO()
        part.save(out)
    return out.getvalue()


def show_lines(lines: Sequence[Line], console: Console) -> None:
    heads = ("Mức\nlevel", "trang\npages", "một nhân\n1 core s", "hai nhân\n2 cores s", "Tesseract\ns",
             "tỷ lệ 1\nratio 1", "tỷ lệ 2\nratio 2", "CPU\nratio",
             "riêng\nown s", "OCR s", "MB", "MB\nTesseract", "")  # fmt: skip
    table = Table(*heads, title="giây mỗi trang / seconds a page", title_justify="left")
    for line in lines:
        table.add_row(
            line.level, str(line.pages), *(f"{getattr(line, name + '_per_page'):.3f}" for name in
            ("one_core", "two_cores", "plain")), f"{line.one_core / line.plain:.2f}",
            f"{line.two_cores / line.plain:.2f}", f"{line.cpu_ratio:.2f}", f"{line.own_seconds_per_page:.2f}",
            f"{line.engine_seconds_per_page:.2f}", f"{line.peak_mb:.0f}", f"{line.plain_peak_mb:.0f}",
            "[green]✓[/green]" if met(line) else "[red]✗[/red]",
        )  # fmt: skip
    console.print(table)
    console.print(
        f"mục tiêu / target: một nhân ≤ {TARGET_ONE_CORE}, hai nhân ≤ {TARGET_TWO_CORES} lần Tesseract; "
        f"tệp gốc ≤ {TARGET_BORN_DIGITAL_MS} ms"
    )


def met(line: Line) -> bool:
    """Does the level keep the promise?"""
    if line.level == "born_digital":
        return line.one_core_per_page * 1000 <= TARGET_BORN_DIGITAL_MS
    return line.one_core <= TARGET_ONE_CORE * line.plain and line.two_cores <= TARGET_TWO_CORES * line.plain


def show_scalings(scalings: Sequence[Scaling], console: Console) -> None:
    for scaling in scalings:
        slope, offset = scaling.fit
        points = ", ".join(f"{pages}: {seconds:.2f} s" for pages, seconds in scaling.points)
        console.print(
            f"{scaling.what}: {points}\n  {slope:.3f} s/trang + {offset:.2f} s; bậc / exponent {scaling.exponent:.2f}"
        )


def write(lines: Sequence[Line], scalings: Sequence[Scaling], folder: Path, stem: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    report: dict[str, Any] = {
        "levels": {
            line.level: asdict(line) | {
                "ratio_one_core": line.one_core / line.plain, "ratio_two_cores": line.two_cores / line.plain,
                "ratio_processor": line.cpu_ratio,
                "met": met(line),
            }
            for line in lines
        },
        "scaling": [
            {"what": each.what, "points": each.points, "seconds_a_page": each.fit[0], "start": each.fit[1],
             "exponent": each.exponent}
            for each in scalings
        ],
    }  # fmt: skip
    written = [folder / f"{stem}.json"]
    written[0].write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, scaling in zip(("text", "scans"), scalings, strict=False):
        plot = folder / f"{stem}-{name}.svg"
        plot.write_text(plots.scaling(scaling.points, *scaling.fit, scaling.what), encoding="utf-8")
        written.append(plot)
    return written


if __name__ == "__main__":
    main()
