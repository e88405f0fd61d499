"""Copies of one page told from pages of the same form filled in otherwise: precision and recall.

    python -m tests.bench.measure_likeness [--short]

Copies: one paper as printed, scanned straight, scanned in an office, photographed. Others: the same layout with other
people and values, and other layouts. dev: what the bounds were set on; test: other layouts, people and seeds. Also
printed: how far copies and others are apart. Writes build/reports/likeness.json; fails below 0.95 on the test set.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

os.environ["OMP_THREAD_LIMIT"] = "1"

import PIL.Image
from casework.sightings import distance, likeness, long_figures

from infra.papers.layouts import LAYOUTS
from tests.bench.found import Tally, keep, show

LAYOUTS_OF = {
    "dev": ("suspension_letterhead", "unpaid_form", "contract_table", "form01_ruled", "termination_decreed",
            "form03_state", "suspension_lettered", "unpaid_telling"),
    "test": ("suspension_party_lines", "unpaid_plain", "contract_employer_first", "suspension_decree",
             "unpaid_articles", "form11_state", "form02_state", "form01_open"),
}  # fmt: skip
COPIES = ("born_digital", "clean300", "office200", "phone")
Page = tuple[str, int, int, str, tuple[str, ...]]  # layout, seed, page, mark, keys


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--short", action="store_true", help="one layout of the test set")
    wanted = options.parse_args()
    tallies: dict[str, Tally] = {}
    apart: dict[str, list[float]] = {}
    for set_ in ("test",) if wanted.short else ("dev", "test"):
        layouts = LAYOUTS_OF[set_][: 1 if wanted.short else None]
        levels = COPIES[::2] if wanted.short else COPIES
        work = [(layout, level, 7001) for layout in layouts for level in levels]
        work += [
            (layout, level, seed) for layout in layouts for level, seed in (("office200", 7002), ("born_digital", 7003))
        ]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            pages = [page for found in pool.map(_pages, work) for page in found]
        _compare(set_, pages, tallies, apart)
    show("Copies of a page", tallies)
    for name, distances in apart.items():
        sys.stdout.write(f"{name}: {len(distances)} pairs, {min(distances):.3f} to {max(distances):.3f} apart\n")
    keep("likeness", tallies, apart={name: [min(found), max(found)] for name, found in apart.items()})
    sys.exit(tallies["test copies"].worst < 0.95)


def _compare(set_: str, pages: list[Page], tallies: dict[str, Tally], apart: dict[str, list[float]]) -> None:
    """Each pair of pages: found when one is reached from the other by a key and then is alike."""
    tally = tallies.setdefault(f"{set_} copies", Tally())
    for one, other in itertools.combinations(pages, 2):
        same_form = one[0] == other[0] and one[2] == other[2]
        copy = same_form and one[1] == other[1]
        met = bool(set(one[4]) & set(other[4]))
        tally.add(wanted=copy, found=met and likeness(one[3], other[3]) is not None)
        if same_form:
            kind = f"{set_} {'copies' if copy else 'others on the same form'}"
            apart.setdefault(kind, []).append(distance(one[3].split(":")[0], other[3].split(":")[0]))


def _pages(work: tuple[str, str, int]) -> list[Page]:
    """The pages of a paper with what they are compared by; those with too few figures to prove anything left out."""
    from adapters.page_likeness import likeness_of

    from tests.bench import kept
    from tests.bench.measuring import reader

    layout, level, seed = work
    spec = kept.PaperSpec("dev", LAYOUTS[layout].kind, layout, level, seed)
    data, truth = spec.make()
    read = kept.read_paper(data, truth["pages"], reader)
    found: list[Page] = []
    for page in read.pages:
        keys, figures = long_figures(page)
        with PIL.Image.open(read.picture(page.number)) as picture:
            look = likeness_of(page, picture)
        if look and keys and len(figures) >= 5:
            found.append((layout, seed, page.number, f"{look}:{','.join(figures)}", keys))
    return found


if __name__ == "__main__":
    main()
