"""`motcua bench`, `eval`, `chaos` and `e2e`: what is promised, measured. Each prints tables and writes JSON under
build/reports/. The measuring itself lives beside the tests, in tests/bench and tests/journeys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parents[3]
_SHOWN = ("-rP", "-q", "--show-capture=stdout")
Short = Annotated[bool, typer.Option("--short", help="A short form, for every change.")]


def register(app: typer.Typer) -> None:
    app.command("bench", epilog="motcua bench --short")(bench)
    app.command("eval", epilog="motcua eval --short")(evaluate)
    app.command("chaos", epilog="motcua chaos --short")(chaos)
    app.command("e2e", epilog="motcua e2e")(e2e)


_SOME_FUNCTIONS = ("api", "check_dossier", "read_page")


def bench(short: Short = False) -> None:
    """Seconds and memory a page against plain Tesseract, cold starts, from an upload to what was read, AWS calls
    of a dossier, sizes of packages."""
    form = ["--short"] if short else []
    _run(
        ["-m", "tests.bench.bench_reading", *form],
        ["-m", "tests.bench.bench_handlers", *(["--runs", "1", *_SOME_FUNCTIONS] if short else [])],
        # Tests do in short what these do: test_bench_upload, test_watch, test_sheet_pages.
        *([] if short else [["-m", f"tests.bench.bench_{what}"] for what in ("upload", "calls", "sheets")]),
        ["-m", "tests.bench.bench_papers", *form],
        ["-m", "tests.bench.bench_lists", *(["20000"] if short else [])],
        ["-m", "tests.bench.bench_queue", *form],
        *([["-m", "infra.sizes"]] if (ROOT / ".aws-sam" / "build" / "template.yaml").exists() else []),
    )


_SIGNALS = ("contradictions", "files", "marks", "seal_names", "missing", "likeness", "sightings")


def evaluate(
    short: Short = False,
    set_: Annotated[
        str, typer.Option("--set", help="exam: papers nobody tuned on; dev: those that tuning looks at.")
    ] = "exam",
    workers: Annotated[int, typer.Option(help="Processes that read side by side.", min=1)] = 2,
) -> None:
    """How well papers are read, beside plain Tesseract: letters, tone marks, types, fields, lists, confidence; and what
    is found of contradictions, missing marks, edited files, pages used twice, names written otherwise."""
    form = ["--short"] if short else []
    _run(
        ["-m", "tests.bench.evaluate", "--set", set_, "--workers", str(workers), *form],
        ["-m", "tests.bench.measure_names"],
        *(["-m", f"tests.bench.measure_{what}", *form] for what in _SIGNALS),
    )


def chaos(short: Short = False) -> None:
    """Kill each handler at each AWS call in turn, and take a registry away while half of 500 dossiers come in: every
    dossier comes through whole."""
    crowd = {} if short else {"OUTAGE_DOSSIERS": "500"}
    _run(
        ["-m", "pytest", "tests/journeys/test_crash_points.py", "-n", "2", *_SHOWN],
        ["-m", "pytest", "tests/chaos", "-n", "0", *_SHOWN],
        CRASH_POINTS="some" if short else "all",
        **crowd,
    )


def e2e() -> None:
    """The sample dossiers' whole way through the API, the real machines and real reading; then every service's way in
    the browser, at two widths, with scripts and without."""
    _run(["-m", "infra.local.cli", "demo", "--once"], ["-m", "tests.browser.all_ways"])


def _run(*commands: list[str], **environment: str) -> None:
    """Run each in turn, all of them; exit 1 if one failed."""
    around = {**os.environ, "OMP_THREAD_LIMIT": "1", **environment}
    codes = [
        subprocess.run([sys.executable, *command], cwd=ROOT, env=around, check=False).returncode for command in commands
    ]
    raise typer.Exit(1 if any(codes) else 0)
