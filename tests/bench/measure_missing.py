"""A page of a numbered set that is missing: precision and recall through real reading.

    python -m tests.bench.measure_missing [--short] [--set dev|test|varied|wider|unseen|last] [--wrong] [--processes 2]

Papers of several pages whose pages bear numbers, printed, scanned as in an office and photographed, read by the real
reader; from each, each page in turn is left away, and none. The last page can be missed only where the others say how
many there are. Not to be reported: whole papers, with numbers and without, and all pages in another order ("turned",
a line of its own); of papers without numbers ("unnumbered") only what jumps from page to page can tell. Told: the
signal page-missing or numbers-jump. Writes build/reports/missing.json; fails below 0.95 on printed papers of the test
set.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["OMP_THREAD_LIMIT"] = "1"

from casework.reading import read_fields

from infra.papers.layouts import layouts_of
from tests.bench import kept, numbered
from tests.bench.found import Tally, keep, show
from tests.bench.measuring import reader

if TYPE_CHECKING:
    from casework.document import Page

_LEVELS = ("born_digital", "office200")
_KINDS = ("labour_contract", "suspension_agreement", "form_01")
_NUMBERS = re.compile(r"set page_numbers = (.*?)%}")
_SETS = ("dev", "test", *numbered.SETS)
USUAL = ("dev", "test", "last")
"""What is measured when no set is named; the other sets are used up, or for development."""
_DEVELOPED_ON = ("dev", *numbered.DEVELOPED_ON)
Work = tuple[kept.PaperSpec, str] | numbered.NumberedPaper


@dataclass(frozen=True, slots=True)
class Case:
    """One paper with a page left away, or whole: whether that can be told, and what is told of it."""

    line: str
    paper: str
    change: str
    there: bool
    told: tuple[str, ...]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--short", action="store_true", help="one printed paper of the test set")
    options.add_argument("--set", choices=_SETS, help="one set only, any of them; else " + ", ".join(USUAL))
    options.add_argument("--wrong", action="store_true", help="print what is wrong on the development sets")
    options.add_argument("--processes", type=int, default=2)
    wanted = options.parse_args()
    tallies: dict[str, Tally] = {}
    for set_ in [wanted.set] if wanted.set else ["test"] if wanted.short else USUAL:
        work = list(_work(set_))[: 1 if wanted.short else None]
        with ProcessPoolExecutor(1 if wanted.short else wanted.processes, mp_context=get_context("spawn")) as pool:
            found = [case for cases in pool.map(_cases, work) for case in cases]
        for case in found:
            tallies.setdefault(f"{set_} {case.line}", Tally()).add(wanted=case.there, found=bool(case.told))
            if wanted.wrong and set_ in _DEVELOPED_ON and case.there != bool(case.told):
                said = f"alarm {case.told}" if case.told else "missed"
                sys.stdout.write(f"{said}: {case.line} {case.paper}, {case.change}\n")
    show("A page is missing", tallies)
    keep("missing", tallies)
    sys.exit(any(tally.worst < 0.95 for name, tally in tallies.items() if name == "test born_digital"))


def _work(set_: str) -> Iterator[Work]:
    """Each paper; of the layouts as they are how their pages are numbered, too: where not at all (""), printed only."""
    if set_ in numbered.SETS:
        yield from numbered.papers(set_)  # type: ignore[arg-type]
        return
    for kind in _KINDS:
        for layout in layouts_of(kind, set_):  # type: ignore[arg-type]
            template = kept.PAPERS / "templates" / f"{layout.id}.html"
            numbers = _NUMBERS.search(Path(template).read_text(encoding="utf-8"))
            for level in _LEVELS if numbers else _LEVELS[:1]:
                yield kept.PaperSpec(set_, kind, layout.id, level, 6100), numbers[1] if numbers else ""


def _cases(work: Work) -> list[Case]:
    if isinstance(work, numbered.NumberedPaper):
        (data, count), level, name = work.make(), work.level, f"{work.name} {work.layout} {work.numbering}"
        numbers = work.numbering is not None
        last = work.numbering is not None and work.numbering.tells_the_last(count)
    else:
        (data, truth), level, name = work[0].make(), work[0].level, work[0].layout
        count, numbers, last = truth["pages"], bool(work[1]), "counter(pages)" in work[1]
    if count < 2:
        return []
    pages = kept.read_paper(data, count, reader).pages
    line = level if numbers else f"{level} unnumbered"
    found = [Case(line, name, "whole", False, _told(pages))]
    for left_away in range(1, count + 1):
        rest = [page for page in pages if page.number != left_away]
        inner = numbers or left_away > 1  # without numbers the first of several is not known to be the first
        if (inner and left_away < count) or (last and left_away == count):
            found.append(Case(line, name, f"without {left_away} of {count}", True, _told(rest)))
    for order in _orders(count):
        turned = [pages[place] for place in order]
        found.append(Case(f"{line} turned", name, f"in the order {order}", False, _told(turned)))
    return found


def _orders(count: int) -> list[Sequence[int]]:
    """All pages in another order: each two neighbours changed, the last one first, backwards."""
    places = list(range(count))
    changed = [[*places[:at], at + 1, at, *places[at + 2 :]] for at in range(count - 1)]
    several = [[count - 1, *places[:-1]], places[::-1]] if count > 2 else []
    return [*changed, *several]


def _told(pages: Sequence[Page]) -> tuple[str, ...]:
    """What is told of these pages, as the pages of one file."""
    reading = read_fields([replace(page, number=place) for place, page in enumerate(pages, 1)])
    missing = tuple(remark.type for remark in reading.remarks if remark.type == "page-missing")
    return (*missing, *("numbers-jump" for _ in reading.jumps))


if __name__ == "__main__":
    main()
