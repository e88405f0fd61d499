"""A page of a numbered set that is missing: precision and recall through real reading.

    python -m tests.bench.measure_missing [--short] [--wrong]

Papers of several pages whose pages bear numbers, printed and scanned as in an office, read by the real reader; from
each, each page in turn is left away, and none. The last page can be missed only where the others say how many there
are. Not to be reported: whole papers, with numbers and without. Writes build/reports/missing.json; fails below 0.95 on
printed papers of the test set (on scans a number at the foot may be lost, and then nothing is said).
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

os.environ["OMP_THREAD_LIMIT"] = "1"

from casework.reading import read_fields

from infra.papers.layouts import Set, layouts_of
from tests.bench import kept
from tests.bench.found import Tally, keep, show
from tests.bench.measuring import reader

_LEVELS = ("born_digital", "office200")
_KINDS = ("labour_contract", "suspension_agreement", "form_01")
_NUMBERS = re.compile(r"set page_numbers = (.*?)%}")
Case = tuple[str, str, str, bool, bool]  # layout, level, page left away, can it be told?, is it told?


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--short", action="store_true", help="one printed paper of the test set")
    options.add_argument("--wrong", action="store_true", help="print what is wrong on the development set")
    wanted = options.parse_args()
    tallies: dict[str, Tally] = {}
    for set_ in ("test",) if wanted.short else ("dev", "test"):
        work = list(_work(set_))[: 1 if wanted.short else None]  # type: ignore[arg-type]
        with ProcessPoolExecutor(1 if wanted.short else 2, mp_context=get_context("spawn")) as pool:
            found = [case for cases in pool.map(_cases, work) for case in cases]
        for layout, level, page, there, told in found:
            tallies.setdefault(f"{set_} {level}", Tally()).add(wanted=there, found=told)
            if wanted.wrong and set_ == "dev" and there != told:
                sys.stdout.write(f"{'missed' if there else 'alarm'}: {layout} {level}, without {page}\n")
    show("A page is missing", tallies)
    keep("missing", tallies)
    sys.exit(any(tally.worst < 0.95 for name, tally in tallies.items() if name == "test born_digital"))


def _work(set_: Set) -> Iterator[tuple[kept.PaperSpec, str]]:
    """Each layout, and how its pages are numbered; those whose pages are not ("") are printed only."""
    for kind in _KINDS:
        for layout in layouts_of(kind, set_):  # type: ignore[arg-type]
            template = kept.PAPERS / "templates" / f"{layout.id}.html"
            numbers = _NUMBERS.search(Path(template).read_text(encoding="utf-8"))
            for level in _LEVELS if numbers else _LEVELS[:1]:
                yield kept.PaperSpec(set_, kind, layout.id, level, 6100), numbers[1] if numbers else ""


def _cases(work: tuple[kept.PaperSpec, str]) -> list[Case]:
    spec, numbers = work
    data, truth = spec.make()
    if truth["pages"] < 2:
        return []
    paper = kept.read_paper(data, truth["pages"], reader)
    found = []
    for left_away in range(truth["pages"] + 1 if numbers else 1):
        rest = [page for page in paper.pages if page.number != left_away]
        pages = [replace(page, number=place) for place, page in enumerate(rest, 1)]
        told = any(remark.type == "page-missing" for remark in read_fields(pages).remarks)
        can_be = left_away > 0 and (left_away < truth["pages"] or "counter(pages)" in numbers)
        if left_away == 0 or can_be:
            found.append((spec.layout, spec.level, str(left_away or "none"), can_be, told))
    return found


if __name__ == "__main__":
    main()
