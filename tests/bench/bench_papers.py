"""Papers of ours and searchable scans: milliseconds, memory and size of each kind.

    python -m tests.bench.bench_papers [--short]

Each kind is printed in a process of its own, so that memory is its own: first the paper after a cold start, then the
median of five more.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

REPORT = Path(__file__).resolve().parents[2] / "build" / "reports" / "bench_papers.json"
AGAIN = 5


def sheet_of(kind: str, people: int) -> Any:
    """A paper of a kind about an invented dossier, with so many people on its list."""
    from casework import procedures
    from casework.dossier import VIETNAM, Applicant, Dossier
    from casework.forms import one_stop
    from casework.forms.decision import decision

    dossier = Dossier(
        id="d", code="H29.1-200512-0001", procedure="SW", office="H29.1", owner="o", created_at="", request_sha256="",
        applicant=Applicant("Công ty TNHH An Phú", "+84 28 3822 0001", "ke.toan@example.vn"),
        received_on=date(2020, 5, 12),
    )  # fmt: skip
    law = procedures.load("SW", date(2020, 5, 12))
    at = datetime(2020, 5, 12, 8, 30, tzinfo=VIETNAM)
    issue = one_stop.Issue(dossier, law, at, 1, "https://motcua.example/xac-minh/A7fK2pQ9xLw3ZtR8vNc5Yg", "H29.1")
    if kind == "decision":
        rows = [
            {"key": str(n), "name": "NGUYỄN THỊ HỒNG NHUNG", "outcome": "approve", "reason": "",
             "months": ["2020-04", "2020-05"], "amount_vnd": 2 * 1_800_000}
            for n in range(people)
        ]  # fmt: skip
        made = {"outcome": "approve", "reason": "", "reason_code": "", "rows": rows, "total_vnd": people * 3_600_000}
        return decision(issue, made, {"facts": {"dossier": {}}, "verdict": {"findings": [], "rows": []}})
    data: dict[str, Any] = {
        "receipt": {
            "papers": ["form_01", *["suspension_agreement"] * people], "days": 5, "due_on": "2020-05-19",
            "received_at": at.isoformat(),
        },
        "supplement": {"asks": [{"vi": "Gửi lại trang 2.", "en": "Send page 2 again."}]},
        "apology": {"stage": "district_appraisal", "received_on": "2020-05-12", "due_on": "2020-05-15",
                    "new_due_on": "2020-05-20"},
    }[kind]  # fmt: skip
    return one_stop.BUILDERS[kind](issue, data)  # type: ignore[index]


def paper(kind: str, people: int) -> tuple[Callable[[], bytes], str]:
    from adapters.printing import Printer

    printer, sheet = Printer(), sheet_of(kind, people)
    return lambda: printer.print(sheet).pdf, f"{kind}, {people} people" if people > 1 else kind


def scan(pages: int) -> tuple[Callable[[], bytes], str]:
    """So many pages of 300 dpi with 400 words each."""
    import PIL.Image
    from adapters.searchable import bind_pages
    from casework.document import Box, Page, Word

    packed = io.BytesIO()
    PIL.Image.effect_noise((2480, 3508), 12).save(packed, "JPEG", quality=60)
    words = tuple(
        Word(
            f"chữ{n}",
            Box(0.1 + 0.08 * (n % 10), 0.05 + 0.02 * (n // 10), 0.17 + 0.08 * (n % 10), 0.06 + 0.02 * (n // 10)),
        )
        for n in range(400)
    )
    read = [(Page(n, "ocr", 2480, 3508, words=words), packed.getvalue()) for n in range(1, pages + 1)]
    return lambda: bind_pages(
        read, "scan"
    ), f"searchable scan, {pages} pages, {len(packed.getvalue()) * pages / 1e6:.1f} MB"


def measure(make: str, arguments: tuple[Any, ...], answers: Any) -> None:
    """In a process of its own: milliseconds of the first and of the next, kB of the file, MB of the process."""
    began = time.perf_counter()
    work, name = globals()[make](*arguments)
    data = work()
    first = time.perf_counter() - began
    times = []
    for _ in range(AGAIN):
        began = time.perf_counter()
        assert work() == data
        times.append(time.perf_counter() - began)
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    said = {"paper": name, "first_ms": first * 1e3, "ms": statistics.median(times) * 1e3}
    answers.put({**said, "kb": len(data) / 1e3, "mb": peaks[0], "child_mb": peaks[1]})


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--short", action="store_true", help="a few small ones")
    short = options.parse_args().short
    context, found = multiprocessing.get_context("spawn"), []
    answers = context.Queue()
    for make, arguments in (
        *(
            ("paper", (kind, 1))
            for kind in (("receipt",) if short else ("receipt", "supplement", "apology", "decision"))
        ),
        *(("paper", ("decision", people)) for people in ((18,) if short else (18, 1000, 5000))),
        *(("scan", (pages,)) for pages in ((1,) if short else (1, 30))),
    ):
        process = context.Process(target=measure, args=(make, arguments, answers))
        process.start()
        found.append(answers.get(timeout=300))
        process.join()
    table = Table(title="Papers of ours and searchable scans")
    for name in ("paper", "first, ms (imports too)", "then, ms", "kB", "memory, MB", "its child, MB"):
        table.add_column(name, justify="left" if name == "paper" else "right")
    for one in found:
        table.add_row(one["paper"], *(f"{one[name]:,.0f}" for name in ("first_ms", "ms", "kb", "mb", "child_mb")))
    Console(width=110).print(table)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
