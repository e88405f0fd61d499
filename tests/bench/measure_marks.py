"""Seals, signatures and fan seals that are missing or in the wrong place: precision and recall through real reading.

    python -m tests.bench.measure_marks [--set dev|test] [--grey] [--short] [--wrong]

Papers are made by `tests.bench.marked` and read by the reader that looks (`adapters.looking`). Right: the signal of
what is lacking. An alarm: a signal of these kinds for what is there. --grey: the colour is taken from the pages that
were read, and seals are looked for by their rims; fan seals have none and are left out. Writes build/reports/marks.json
(marks_grey.json).
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import io
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

os.environ["OMP_THREAD_LIMIT"] = "1"

from casework.document import Page, Reading
from casework.dossier import Document, DocumentId
from casework.genuineness import genuineness
from casework.plain import from_plain, to_plain
from casework.signals import Signal

from tests.bench.found import Tally, keep, show, together
from tests.bench.kept import KEPT, reader_sources
from tests.bench.marked import KINDS, Marked, marked
from tests.builders import a_dossier

if TYPE_CHECKING:
    from adapters.looking import LookingReader

ROUNDS = 6


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--set", choices=("dev", "test"), help="one of the sets only")
    options.add_argument("--grey", action="store_true", help="pages without their colour")
    options.add_argument("--short", action="store_true", help="three papers of the test set")
    options.add_argument("--wrong", action="store_true", help="print what is wrong on the development set")
    wanted = options.parse_args()
    tallies: dict[str, Tally] = {}
    for name in [wanted.set] if wanted.set else ["test"] if wanted.short else ["dev", "test"]:
        papers = list(marked(name, ROUNDS))[:: 31 if wanted.short else 1]
        if wanted.grey:
            papers = [paper for paper in papers if paper.lacks != "fan-seal-missing"]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            found = list(zip(papers, pool.map(partial(signals_of, grey=wanted.grey), papers), strict=True))
        tallies |= {f"{name} {kind}": tally for kind, tally in tallied(found, wanted.wrong and name == "dev").items()}
        tallies[f"{name} all"] = together({k: v for k, v in tallies.items() if k.startswith(name)})
    show("Seals and signatures", tallies)
    keep("marks_grey" if wanted.grey else "marks", tallies)


def tallied(found: list[tuple[Marked, list[Signal]]], wrong: bool = False) -> dict[str, Tally]:
    tallies = {kind: Tally() for kind in KINDS}
    for paper, signals in found:
        kinds = {signal.kind for signal in signals}
        for kind in KINDS:
            tallies[kind].add(wanted=paper.lacks == kind, found=kind in kinds)
            if wrong and (paper.lacks == kind) != (kind in kinds):
                sys.stdout.write(f"{'missed' if paper.lacks == kind else 'alarm'} {kind}: {paper.name}\n")
    return tallies


@cache
def _reader() -> LookingReader:
    from adapters.looking import LookingReader
    from adapters.reader import Reader

    return LookingReader(Reader())


def pages_of(paper: Marked, grey: bool = False) -> list[Page]:
    """The pages as read; kept by their bytes and the reader's sources, looked at anew each time."""
    from adapters.looking import look_at

    data = paper.make()
    folder = KEPT / "looks" / f"{hashlib.sha256(data).hexdigest()[:16]}-{reader_sources()}"
    stored = folder / "pages.json"
    if not stored.exists():
        import pypdfium2

        folder.mkdir(parents=True, exist_ok=True)
        pages = []
        for number in range(1, len(pypdfium2.PdfDocument(data)) + 1):
            read = _reader().reader.read_page(data, number)
            (folder / f"{number}.jpg").write_bytes(read.image)
            pages.append(to_plain(read.page))
        stored.write_text(json.dumps(pages, ensure_ascii=False))
    seen = []
    for page in (from_plain(Page, page) for page in json.loads(stored.read_text())):
        picture = (folder / f"{page.number}.jpg").read_bytes()
        shown, image = _made_grey(page, picture) if grey else (page, picture)
        seen.append(dataclasses.replace(shown, look=look_at(shown, image)))
    return seen


def _made_grey(page: Page, picture: bytes) -> tuple[Page, bytes]:
    import PIL.Image
    from adapters.seal_rings import seal_rings

    out = io.BytesIO()
    with PIL.Image.open(io.BytesIO(picture)) as opened:
        grey = opened.convert("L")
    grey.save(out, "JPEG", quality=70)
    return dataclasses.replace(page, seals=seal_rings(grey)), out.getvalue()


def signals_of(paper: Marked, grey: bool = False) -> list[Signal]:
    pages = pages_of(paper, grey)
    document = Document(DocumentId("d"), "read")
    reading = Reading(paper.kind, 1.0, pages=tuple(dataclasses.replace(page, words=(), grids=()) for page in pages))
    return genuineness(a_dossier(documents=(document,)), {"d": reading})


if __name__ == "__main__":
    main()
