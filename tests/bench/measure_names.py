"""Names, firms and addresses compared as people do: precision and recall of "one and the same" on near pairs.

    python -m tests.bench.measure_names [--wrong]

dev: generated pairs, which the scores and the threshold were set on; unseen: pairs written by hand before. A pair is
found when it is one and was called one. Writes build/reports/names.json; fails below 0.95 on the unseen ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casework.vietnam.addresses import compare_addresses
from casework.vietnam.names import ALIKE_FROM, Likeness, compare, compare_companies

from tests.bench.found import Tally, keep, show
from tests.bench.near_pairs import Pair, generated_pairs, unseen_pairs

HOW: Mapping[str, Callable[[str, str], Likeness]] = {
    "person": compare,
    "company": compare_companies,
    "address": compare_addresses,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--wrong", action="store_true", help="print each development pair that is wrong")
    wanted = options.parse_args()
    sets = {"dev": generated_pairs(), "unseen": unseen_pairs()}
    tallies = {f"{name} {kind}": tally for name, pairs in sets.items() for kind, tally in measured(pairs).items()}
    if wanted.wrong:
        for pair in sets["dev"]:
            found = HOW[pair.kind](pair.first, pair.second)
            if found.alike is not pair.same:
                sys.stdout.write(f"{pair} {found}\n")
    show("Names and addresses: one and the same?", tallies)
    keep("names", tallies, threshold=ALIKE_FROM)
    sys.exit(any(tally.worst < 0.95 for name, tally in tallies.items() if name.startswith("unseen")))


def measured(pairs: Sequence[Pair]) -> dict[str, Tally]:
    """By kind, how many of the pairs that are one were called one, and how many others."""
    tallies: dict[str, Any] = {}
    for pair in pairs:
        tally = tallies.setdefault(pair.kind, Tally())
        tally.add(wanted=pair.same, found=HOW[pair.kind](pair.first, pair.second).alike)
    return tallies


if __name__ == "__main__":
    main()
