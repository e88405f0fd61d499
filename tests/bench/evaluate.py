"""`make eval`: how well papers are read, ours beside the baseline, on papers nobody tuned on.

    python -m tests.bench.evaluate [--set exam|dev] [--short] [--workers 2]

The exam (infra/papers/exam) is for measuring and gives totals; the development papers (infra/papers/layouts.py) are
what tuning looks at. Both readers read the same bytes in the same run. Prints one table, writes build/reports.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.bench import eval_docs, reports
from tests.bench.kept import PaperSpec
from tests.bench.measuring import PaperResult, measure

LEVELS = ("born_digital", "clean300", "office200", "fax150", "phone", "stamped", "rotated")
SHORT = {
    "list_full": "born_digital",
    "suspension_box": "clean300",
    "unpaid_numbered": "office200",
    "unpaid_both": "fax150",
    "suspension_record": "phone",
    "unpaid_columns": "stamped",
    "list_wrapped": "rotated",
}
"""One page or two of each level: for every change."""
_WIDTH = 128  # columns the tables need


def main() -> None:
    options = _options()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    console = Console()
    if console.width < _WIDTH:
        console = Console(width=_WIDTH)
    specs = [
        spec
        for spec in (exam_specs() if options.set == "exam" else dev_specs(options.seeds))
        if (not options.levels or spec.level in options.levels)
        and (not options.kinds or spec.kind in options.kinds)
        and (not options.layouts or spec.layout in options.layouts)
        and (not options.short or SHORT.get(spec.layout) == spec.level)
    ]
    if options.short and options.set == "dev":
        specs = list(dev_specs(1))[:: len(LEVELS) + 1][:10]
    if not specs:
        sys.exit("eval: nothing to measure with these choices")
    part = bool(options.levels or options.kinds or options.layouts or options.short)
    began = time.monotonic()
    results = measure_all(specs, workers=options.workers, baseline=not options.no_baseline, console=console)
    report = reports.summed(results, options.set, short=options.short, part=part, seconds=time.monotonic() - began)
    reports.show(report, console)
    written = reports.write(report, results, options.out)
    console.print(f"\n{', '.join(str(path) for path in written)}")
    if options.into_docs:
        eval_docs.into_docs(report, options.into_docs)
    if options.wrong:
        reports.show_faults(results, options.wrong, console)


def exam_specs() -> Iterator[PaperSpec]:
    from infra.papers.exam import exam_papers

    for paper in exam_papers():
        yield PaperSpec("exam", paper.layout.kind, paper.layout.id, paper.level, paper.seed, paper.rows)


def dev_specs(seeds: int) -> Iterator[PaperSpec]:
    """Every layout of the development papers at every level; seeds apart from those of other tools."""
    from infra.papers import layouts_of

    for layout in layouts_of():
        for seed in range(seeds):
            for level in LEVELS:
                yield PaperSpec(layout.set, layout.kind, layout.id, level, 3000 + seed)


def measure_all(specs: Sequence[PaperSpec], *, workers: int, baseline: bool, console: Console) -> list[PaperResult]:
    """All papers, side by side in `workers` processes, in the order given."""
    results: dict[str, PaperResult] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool,
        Progress(*columns, console=console, transient=True) as progress,
    ):
        task = progress.add_task("đọc / reading", total=len(specs))
        for future in as_completed([pool.submit(measure, spec, baseline) for spec in specs]):
            result = future.result()
            results[result.spec.name] = result
            progress.advance(task)
    return [results[spec.name] for spec in specs]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--set", default="exam", choices=("exam", "dev"))
    parser.add_argument("--short", action="store_true", help="one small paper of each level")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--levels", nargs="*", default=[])
    parser.add_argument("--kinds", nargs="*", default=[])
    parser.add_argument("--layouts", nargs="*", default=[])
    parser.add_argument("--seeds", type=int, default=1, help="of each development layout")
    parser.add_argument("--no-baseline", action="store_true")
    parser.add_argument("--wrong", type=int, default=0, help="show so many faults; for the development papers")
    parser.add_argument("--into-docs", type=Path, help="write the results into this page, docs/reading.md")
    parser.add_argument("--out", type=Path, default=Path("build/reports"))
    options = parser.parse_args()
    if options.wrong and options.set == "exam":
        parser.error("the exam's single errors are not for the screen: they are in its report, after the work is done")
    return options


if __name__ == "__main__":
    main()
