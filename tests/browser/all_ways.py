"""Every service's whole way in the browser, at two widths, with scripts and without: twenty ways, in one table.

    python -m tests.browser.all_ways

Each combination has a stack of its own: a person is granted the support once. JSON lies in build/reports/
e2e_browser.json; exit code 1 when a way did not come to its end.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.papers import SampleDossier, sample_dossiers
from tests.browser.conftest import Stack, axe_core, running_browser, running_stack
from tests.browser.ways import SAMPLES, walk

REPORT = Path(__file__).resolve().parents[2] / "build" / "reports" / "e2e_browser.json"


def main() -> None:
    samples = {sample.name: sample for sample in sample_dossiers()}
    console, ways = Console(), []
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        for width, scripts in itertools.product((1280, 320), (True, False)):
            with running_stack(Path(folder) / f"{width}-{scripts}.log") as stack:
                for service, name in SAMPLES.items():
                    ways.append(_one(stack, browser, samples[name], width, scripts=scripts))
                    console.print(f"{service} {width} px: {ways[-1]['error'] or 'ok'} ({ways[-1]['seconds']:.0f} s)")
    console.print(_table(ways))
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps({"ways": ways}, ensure_ascii=False, indent=1), encoding="utf-8")
    raise SystemExit(any(way["error"] for way in ways))


def _one(stack: Stack, browser: Any, sample: SampleDossier, width: int, *, scripts: bool) -> dict[str, Any]:
    """One way; what went wrong, if anything, is told in the report and the others are walked all the same."""
    began, pages, error = time.monotonic(), 0, ""
    try:
        pages = len(walk(stack, browser, axe_core(), sample, width, scripts).seen)
    except Exception as wrong:  # noqa: BLE001 - told as this way's outcome, and by the exit code
        error = f"{type(wrong).__name__}: {str(wrong).splitlines()[0] if str(wrong) else ''}"
    return {
        "service": sample.procedure, "sample": sample.name, "width_px": width, "scripts": scripts, "pages": pages,
        "seconds": round(time.monotonic() - began, 1), "error": error,
    }  # fmt: skip


def _table(ways: list[dict[str, Any]]) -> Table:
    good = sum(not way["error"] for way in ways)
    table = Table(title=f"đường đi trong trình duyệt · ways in the browser: {good}/{len(ways)}")
    for name in ("dịch vụ · service", "px", "script", "trang · pages", "giây · s", "kết quả · outcome"):
        table.add_column(name)
    for way in ways:
        outcome = way["error"] or "quyết định · decided"
        told = ("có · yes" if way["scripts"] else "không · no", str(way["pages"]), f"{way['seconds']:.0f}", outcome)
        table.add_row(way["service"], str(way["width_px"]), *told)
    return table


if __name__ == "__main__":
    main()
