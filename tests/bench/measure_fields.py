"""The quick measure while tuning: fields of development papers, per type or layout and level, with their errors.

    python -m tests.bench.measure_fields --set dev --levels born_digital office200 --seeds 4 --wrong 40

Pages are read once and kept under build/measure_fields, so that only the fields are read again, and without second
looks. `--set test` takes the validation layouts. What counts in the end is `make eval`, on papers nobody looks at.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from casework.document import Page, Reading
from casework.plain import from_plain, to_plain
from casework.reading import read_fields

from infra import papers
from tests.bench.measuring import values_of
from tests.bench.scoring import Outcome, Values, accepted_share, auroc

CACHE = Path("build/measure_fields")


COLUMNS = (
    "level", "type", "papers", "type%", "P%", "R%", "F1%", "extra", "cells%", "rows", "AUROC", "≤0.5%err", "ms",
)  # fmt: skip


def line(values: Values, seconds: float) -> list[str]:
    """One line of the table."""
    ranking = auroc(values.ranked)
    silent = values.rows_missing_silently
    return [
        f"{values.papers}",
        f"{100 * values.types_right / max(values.papers, 1):.0f}",
        f"{100 * values.precision:.1f}",
        f"{100 * values.recall:.1f}",
        f"{100 * values.f1:.1f}",
        f"{values.extra}",
        f"{100 * values.cells_right / values.cells:.1f}" if values.cells else "",
        f"{values.rows_found}/{values.rows}" + (f" ({silent} silently)" if silent else ""),
        "" if ranking is None else f"{ranking:.3f}",
        f"{100 * accepted_share(values.ranked):.0f}",
        f"{1000 * seconds / max(values.papers, 1):.0f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", default="dev", choices=("dev", "test"))
    parser.add_argument("--levels", nargs="*", default=["born_digital"])
    parser.add_argument("--kinds", nargs="*", default=[])
    parser.add_argument("--layouts", nargs="*", default=[])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--first-seed", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--wrong", type=int, default=0, help="show so many errors")
    parser.add_argument("--by", default="kind", choices=("kind", "layout"), help="what a line of the table is for")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    layouts = [row for row in papers.layouts_of(set_=options.set) if not options.kinds or row.kind in options.kinds]
    layouts = [row for row in layouts if not options.layouts or row.id in options.layouts]
    work = [
        (row.kind, row.id, options.first_seed + seed, level)
        for level in options.levels
        for row in layouts
        for seed in range(options.seeds)
    ]
    found: dict[tuple[str, str], Values] = defaultdict(Values)
    seconds: Counter[tuple[str, str]] = Counter()
    errors: list[str] = []
    with ProcessPoolExecutor(options.workers) as pool:
        for (kind, layout, seed, level), (pages, truth) in zip(
            work, pool.map(read_paper, *zip(*work, strict=True)), strict=True
        ):
            started = time.perf_counter()
            reading = read_fields(pages)
            took = time.perf_counter() - started
            values, outcomes = values_of(truth, reading)
            for key in ((level, kind if options.by == "kind" else layout), (level, "all")):
                found[key].add(values)
                seconds[key] += took
            errors += told(outcomes, reading, truth, f"{level} {layout} {seed}")
    table = [[*key, *line(values, seconds[key])] for key, values in found.items()]
    widths = [max(len(row[index]) for row in [COLUMNS, *table]) for index in range(len(COLUMNS))]
    for row in [COLUMNS, *table]:
        sys.stdout.write("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) + "\n")
    for error in errors[: options.wrong]:
        sys.stdout.write(error + "\n")
    if options.wrong:
        common = Counter(error.split(" | ")[1] for error in errors)
        sys.stdout.write(f"{len(errors)} errors: {common.most_common(25)}\n")
    if options.json:
        options.json.write_text(json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in table], indent=1))


def read_paper(kind: str, layout: str, seed: int, level: str) -> tuple[list[Page], dict[str, Any]]:
    """The pages of one made and worn paper as the reader reads them, and its truth; kept under build/."""
    template = Path("infra/papers/templates") / f"{layout}.html"
    adapters = sorted(Path("layers/adapters/python/adapters").glob("*.py")) if level != "born_digital" else []
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in [template, *adapters[:0]])).hexdigest()[:8]
    kept = CACHE / f"{layout}-{seed}-{level}-{mark}.json"
    if kept.exists():
        stored = json.loads(kept.read_text())
        return [from_plain(Page, page) for page in stored["pages"]], stored["truth"]
    from adapters.reader import Reader

    paper = papers.make_paper(kind, layout, seed=seed)  # type: ignore[arg-type]
    data = paper.pdf if level == "born_digital" else papers.wear(paper.pdf, level, seed)  # type: ignore[arg-type]
    reader = Reader()
    pages = [reader.read_page(data, number + 1, picture=False).page for number in range(paper.truth["pages"])]
    reader.close()
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"pages": [to_plain(page) for page in pages], "truth": paper.truth}, ensure_ascii=False))
    return pages, paper.truth


def told(outcomes: list[Outcome], reading: Reading, truth: dict[str, Any], where: str) -> list[str]:
    """What is not right, a line each: where, field, printed, read."""
    lines = []
    if reading.document_type != truth["document_type"]:
        lines.append(f"{where} | type | {truth['document_type']} | {reading.document_type}")
    for outcome in outcomes:
        if outcome.kind != "right":
            place = f"{where} row {outcome.row} | cell {outcome.name}" if outcome.row else f"{where} | {outcome.name}"
            found = None if outcome.row else reading.fields.get(outcome.name)
            raw = f" raw={found.raw!r}" if found else ""
            lines.append(f"{place} | {outcome.printed!r} | {outcome.read!r}{raw}")
    return lines


if __name__ == "__main__":
    main()
