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
import unicodedata
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casework.document import Page, Reading
from casework.plain import from_plain, to_plain
from casework.reading import read_fields

from infra import papers
from tests.bench.scoring import accepted_share, auroc

CACHE = Path("build/measure_fields")


@dataclass
class Tally:
    right: int = 0
    wrong: int = 0
    missed: int = 0
    extra: int = 0
    cells: int = 0
    cells_right: int = 0
    rows: int = 0
    rows_found: int = 0
    rows_reported: int = 0
    papers: int = 0
    types_right: int = 0
    seconds: float = 0.0
    ranked: list[tuple[float, bool]] = field(default_factory=list)

    def line(self) -> list[str]:
        precision = self.right / max(self.right + self.wrong + self.extra, 1)
        recall = self.right / max(self.right + self.wrong + self.missed, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        ranking = auroc(self.ranked)
        return [
            f"{self.papers}",
            f"{100 * self.types_right / max(self.papers, 1):.0f}",
            f"{100 * precision:.1f}",
            f"{100 * recall:.1f}",
            f"{100 * f1:.1f}",
            f"{self.extra}",
            f"{100 * self.cells_right / self.cells:.1f}" if self.cells else "",
            f"{self.rows_found}/{self.rows}"
            + ("" if self.rows_found == self.rows else f" ({self.rows_reported} said)"),
            "" if ranking is None else f"{ranking:.3f}",
            f"{100 * accepted_share(self.ranked):.0f}",
            f"{1000 * self.seconds / max(self.papers, 1):.0f}",
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
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    errors: list[str] = []
    with ProcessPoolExecutor(options.workers) as pool:
        for (kind, layout, seed, level), (pages, truth) in zip(
            work, pool.map(read_paper, *zip(*work, strict=True)), strict=True
        ):
            started = time.perf_counter()
            reading = read_fields(pages)
            seconds = time.perf_counter() - started
            own = tallies[level, kind if options.by == "kind" else layout]
            for tally in (own, tallies[level, "all"]):
                tally.seconds += seconds
                compare(reading, truth, tally, errors if tally is own else [], f"{level} {layout} {seed}")
    columns = (
        "level",
        "type",
        "papers",
        "type%",
        "P%",
        "R%",
        "F1%",
        "extra",
        "cells%",
        "rows",
        "AUROC",
        "≤0.5%err",
        "ms",
    )
    table = [[*key, *tally.line()] for key, tally in tallies.items()]
    widths = [max(len(row[index]) for row in [columns, *table]) for index in range(len(columns))]
    for row in [columns, *table]:
        sys.stdout.write("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) + "\n")
    for error in errors[: options.wrong]:
        sys.stdout.write(error + "\n")
    if options.wrong:
        common = Counter(error.split(" | ")[1] for error in errors)
        sys.stdout.write(f"{len(errors)} errors: {common.most_common(25)}\n")
    if options.json:
        options.json.write_text(json.dumps([dict(zip(columns, row, strict=True)) for row in table], indent=1))


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


def compare(reading: Reading, truth: dict[str, Any], tally: Tally, errors: list[str], where: str) -> None:
    tally.papers += 1
    tally.types_right += reading.document_type == truth["document_type"]
    if reading.document_type != truth["document_type"]:
        errors.append(f"{where} | type | {truth['document_type']} | {reading.document_type}")
    said = truth["fields"]
    for name in sorted({*said, *reading.fields}):
        found = reading.fields.get(name)
        value = found.value if found else None
        if name not in said:
            if value is not None and not name.startswith("roster."):
                tally.extra += name not in TOLERATED
                if name not in TOLERATED:
                    errors.append(f"{where} | {name} | (not printed) | {value!r}")
            continue
        ok = alike(value, said[name], name)
        if value is not None or said[name] is not None:
            tally.ranked.append((found.confidence if found else 0.0, ok)) if value is not None else None
        if ok:
            tally.right += 1
        elif value is None:
            tally.missed += 1
        else:
            tally.wrong += 1
        if not ok:
            errors.append(f"{where} | {name} | {said[name]!r} | {value!r} raw={found.raw if found else ''!r}")
    rows = reading.tables.get("roster", ())
    expected = truth.get("tables", {}).get("roster", [])
    by_number = {row["row.number"].value: row for row in rows}
    if len(by_number) < len(rows):  # a list whose parts are numbered each from 1
        by_number = dict(enumerate(rows, start=1))
    for index, line in enumerate(expected, start=1):
        row = by_number.get(index, {})
        tally.rows += 1
        tally.rows_found += bool(row)
        for name, value in line.items():
            tally.cells += 1
            cell = row.get(name)
            ok = alike(cell.value if cell else None, value, name)
            tally.cells_right += ok
            if cell and cell.value is not None:
                tally.ranked.append((cell.confidence, ok))
            if not ok:
                errors.append(f"{where} row {index} | cell {name} | {value!r} | {(cell.value if cell else None)!r}")
    if len(rows) < len(expected):
        tally.rows_reported += len(expected) - len(rows) if reading.fields["roster.rows"].doubts else 0


# Values a paper does carry though its truth has no entry for them.
TOLERATED = frozenset({"contract.insurance_clause", "contract.pay_method", "suspension.contract_ref"})
# Names stand on one paper in capitals and in small letters: either is as printed.
NAMES = frozenset(
    {"employee.full_name", "employer.name", "employer.representative.full_name", "employee.bank_account_holder"}
)


def alike(found: Any, said: Any, name: str) -> bool:
    if found == said:
        return True
    if not isinstance(found, str) or not isinstance(said, str):
        return False
    if name == "suspension.reason":  # free words: the cause named must be the same
        return (
            _plain(said).casefold() in _plain(found).casefold() or _plain(found).casefold() in _plain(said).casefold()
        )
    return _plain(found) == _plain(said) or (name in NAMES and _plain(found).casefold() == _plain(said).casefold())


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


if __name__ == "__main__":
    main()
