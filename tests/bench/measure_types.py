"""Measure the recognition of types and the parting of files on made papers: a confusion table, and bundles parted.

    python -m tests.bench.measure_types --levels born_digital office200 --seeds 2 --bundles 100

Uses the papers of measure_fields (read once, kept under build/). Tuning may look at the dev set alone.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import sys
from collections import Counter
from pathlib import Path

from casework.document import Page
from casework.reading import read_fields
from casework.reading.splitting import split

from infra import papers
from tests.bench.measure_fields import read_paper

# Of a long list so many pages stand in a bundle.
_PAGES = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--levels", nargs="*", default=["born_digital"])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first-seed", type=int, default=1000)
    parser.add_argument("--bundles", type=int, default=100, help="files of two to four papers, and as many turned")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    report = {}
    for level in options.levels:
        made = [
            (row.kind, *read_paper(row.kind, row.id, seed, level))
            for row in papers.layouts_of(set_="dev")
            for seed in seeds
        ]
        report[level] = {"confusion": confusion(made, level), "parting": parting(made, level, options.bundles)}
    if options.json:
        options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False))


def confusion(made: list[tuple[str, list[Page], dict]], level: str) -> dict[str, dict[str, int]]:
    """Printed type -> read type -> how many; only the rows with an error are printed in full."""
    table: dict[str, Counter[str]] = {}
    for kind, pages, _ in made:
        table.setdefault(kind, Counter())[read_fields(pages).document_type] += 1
    right = sum(found[kind] for kind, found in table.items())
    total = sum(found.total() for found in table.values())
    sys.stdout.write(f"{level}: types {right}/{total}\n")
    width = max(map(len, table))
    for kind, found in sorted(table.items()):
        wrong = ", ".join(f"{other} {count}" for other, count in found.most_common() if other != kind)
        sys.stdout.write(f"  {kind.ljust(width)}  {found[kind]}/{found.total()}  {wrong}\n")
    return {kind: dict(found) for kind, found in table.items()}


def parting(made: list[tuple[str, list[Page], dict]], level: str, count: int) -> dict[str, int]:
    """Files of several papers: parted as they were put together; with two pages of one paper exchanged: said so."""
    rng = random.Random(5)
    result = Counter[str]()
    for _ in range(count):
        chosen = rng.sample(made, rng.choice((2, 3, 4)))
        bundle, expected = joined([pages[:_PAGES] for _, pages, _ in chosen])
        result["bundles"] += 1
        result["bundles right"] += [part.pages for part in split(bundle)] == expected
    numbered = [pages for _, pages, _ in made if len(pages) > 1]
    for pages in numbered:
        result["papers of several pages"] += 1
        parts = split(pages)
        result["kept whole"] += len(parts) == 1 and not parts[0].turned and not parts[0].missing
        turned = [pages[1], pages[0], *pages[2:]]
        files = [dataclasses.replace(page, number=number) for number, page in enumerate(turned, 1)]
        parts = split(files)
        result["turned and put right"] += len(parts) == 1 and parts[0].pages[:2] == (2, 1)
    sys.stdout.write(f"{level}: " + ", ".join(f"{name} {number}" for name, number in result.items()) + "\n")
    return dict(result)


def joined(groups: list[list[Page]]) -> tuple[list[Page], list[tuple[int, ...]]]:
    """The pages of several papers as one file, and which of its pages belong together."""
    file: list[Page] = []
    expected: list[tuple[int, ...]] = []
    for pages in groups:
        first = len(file) + 1
        file += [dataclasses.replace(page, number=first + index) for index, page in enumerate(pages)]
        expected.append(tuple(range(first, len(file) + 1)))
    return file, expected


if __name__ == "__main__":
    main()
