"""Seals that bear another firm's name: precision and recall, by how the page came.

    python -m tests.bench.measure_seal_names [--set dev|test] [--draw N] [--short] [--wrong]

Papers are made by `tests.bench.sealed`. Pages are prepared and seals found on them as in reading, and the seal is read
from the file by the limited process as after handing in; the text of the page is not read: which employer it names is
taken from the paper's truth. Right: another firm's seal said to be one. An alarm: the employer's own.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import TYPE_CHECKING

os.environ["OMP_THREAD_LIMIT"] = "1"

from casework.document import Page
from casework.seal_names import Told, told

from infra.papers.layouts import Set
from tests.bench.found import Tally, keep, show, together
from tests.bench.sealed import LEVELS, Sealed, sealed

if TYPE_CHECKING:
    from adapters.reader import Reader

ROUNDS: dict[Set, int] = {"dev": 3, "test": 3}
DRAWS: dict[Set, int] = {"dev": 0, "test": 1}
"""Of each set, where none is named; draw 0 of the test set was scored before names and codes told together."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--set", choices=("dev", "test"), help="one of the sets only")
    options.add_argument("--draw", type=int, help="other people, firms and wear on the same layouts")
    options.add_argument("--short", action="store_true", help="three pages of the development set")
    options.add_argument("--wrong", action="store_true", help="print what is wrong on the development set")
    wanted = options.parse_args()
    tallies: dict[str, Tally] = {}
    seconds: list[float] = []
    sets: list[Set] = [wanted.set] if wanted.set else ["dev"] if wanted.short else ["dev", "test"]
    for name in sets:
        draw = DRAWS[name] if wanted.draw is None else wanted.draw
        papers = list(sealed(name, ROUNDS[name], draw))[: 3 if wanted.short else None]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            answers = map(told_of, papers) if wanted.short else pool.map(told_of, papers, chunksize=len(LEVELS))
            for paper, (found, spent) in zip(papers, answers, strict=True):
                seconds.append(spent)
                tally = tallies.setdefault(f"{name} {paper.level}", Tally())
                tally.add(wanted=paper.foreign, found=found.verdict == "other")
                if wanted.wrong and name == "dev" and paper.foreign != (found.verdict == "other"):
                    sys.stdout.write(f"{paper.name}: {found.verdict} {found.seen}\n")
        tallies[f"{name} all"] = together({k: v for k, v in tallies.items() if k.startswith(name)})
    show("Another firm's seal", tallies)
    sys.stdout.write(f"{sum(seconds) / len(seconds):.2f} s a seal, {max(seconds):.2f} s at most\n")
    keep("seal_names", tallies, seconds=round(sum(seconds) / len(seconds), 3))


def told_of(paper: Sealed) -> tuple[Told, float]:
    """What is told of the page's seal, and how long reading it took in seconds."""
    data, employer = paper.make()
    page = _prepared(data)
    if not page.seals:
        return Told("unknown"), 0.0
    began = time.monotonic()
    read = _reader().read_seal(data, page, page.seals[0].box)
    return told(read, employer.name, employer.tax_code), time.monotonic() - began


def _prepared(data: bytes) -> Page:
    """The page as `adapters.page_reading` has it, without its words."""
    from adapters import capture, page_image, raster
    from adapters.seal_rings import seal_rings
    from adapters.sheet_outline import outline_of

    image = raster.open_image(data, 1).image
    outline = outline_of(image)
    ready = page_image.deskewed(page_image.prepare(image, outline))
    return Page(
        1,
        "ocr",
        *ready.grey.size,
        skew_deg=ready.skew_deg,
        quality={"sheet": outline.share} if outline else {},
        seals=capture.seals(ready.colour) or seal_rings(ready.colour),
    )


@cache
def _reader() -> Reader:
    from adapters.reader import Reader

    return Reader()


if __name__ == "__main__":
    main()
