"""What PDF files tell of their history: precision and recall by kind of signal, on files made for it.

    python -m tests.bench.measure_files [--set dev|test] [--short]

dev and test: other layouts, people and programs (tests/bench/signed_files.py). Right: a file with a history gives its
signal; an alarm: a file gives another one. Writes build/reports/files.json; fails below 0.9 on the test set.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from casework.document import Look, Page
from casework.genuineness import genuineness

from tests.bench.found import Tally, keep, show, together
from tests.bench.signed_files import CASES, make_file, roots
from tests.builders import a_document, a_dossier, a_reading

KINDS = tuple(case for case in CASES if not case.startswith("clean"))
EACH, MORE, SHORT = 8, {"fonts-mixed": 40, "clean-filled": 20}, 1


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--set", choices=("dev", "test"), help="one of the sets only")
    options.add_argument("--short", action="store_true", help="one file of each case, of the test set")
    wanted = options.parse_args()
    tallies: dict[str, Tally] = {}
    for set_ in [wanted.set] if wanted.set else ["test"] if wanted.short else ["dev", "test"]:
        many = {case: SHORT if wanted.short else MORE.get(case, EACH) for case in CASES}
        work = [(case, seed, set_) for case in CASES for seed in range(20, 20 + many[case])]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            found = list(zip(work, pool.map(seen, work), strict=True))
        for kind in KINDS:
            tally = tallies.setdefault(f"{set_} {kind}", Tally())
            for (case, _, _), kinds in found:
                tally.add(wanted=case == kind, found=kind in kinds)
        tallies[f"{set_} all"] = together({name: t for name, t in tallies.items() if name.startswith(set_)})
    show("Histories of PDF files", tallies)
    keep("files", tallies)
    sys.exit("test all" in tallies and tallies["test all"].worst < 0.9)


def seen(work: tuple[str, int, str]) -> set[str]:
    """The kinds of signals a file gives."""
    from adapters.pdf_marks import examine

    case, seed, set_ = work
    look = Look(file=examine(make_file(case, seed, set_), roots()))  # type: ignore[arg-type]
    reading = dataclasses.replace(a_reading("suspension_agreement"), pages=(Page(1, "text", 10, 10, look=look),))
    dossier = a_dossier(documents=(a_document("d", "suspension_agreement"),))
    return {one.kind for one in genuineness(dossier, {"d": reading})}


if __name__ == "__main__":
    main()
