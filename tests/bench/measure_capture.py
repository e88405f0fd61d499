"""Capture quality measured: good pages called unreadable, and spoiled pages that are caught, kind by kind.

    python -m tests.bench.measure_capture [--papers N] [--levels phone,office200] [--json FILE]

Development pages only; the seeds are fixed. A spoiled page counts as unreadable when less than 85 % of its printed
words come out right: what the reader reads in spite of everything need not be sent again. A catch is any problem on
the page; `named` counts those whose name is that of what was done to it.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import time
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

os.environ["OMP_THREAD_LIMIT"] = "1"

from adapters.reader import Reader
from PIL import Image

from infra import papers
from infra.papers.spoiling import SPOILINGS, spoil
from infra.papers.wearing import wear_page

_READABLE = 0.85
_NAMES = {
    "blurred": {"page-blurred"},
    "shaken": {"page-blurred"},
    "dark": {"page-too-dark"},
    "glare": {"page-glare"},
    "cut": {"page-cut"},
    "too_small": {"page-too-small"},
    "not_a_document": {"page-not-a-document"},
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--papers", type=int, default=4, help="layouts looked at")
    options.add_argument("--levels", default="clean300,office200,fax150,phone,stamped,rotated", help="of good pages")
    options.add_argument("--kinds", default=",".join(SPOILINGS))
    options.add_argument("--seeds", type=int, default=1, help="spoiled pages of each kind and layout")
    options.add_argument("--pages", action="store_true", help="print each page")
    options.add_argument("--json", type=Path, default=Path("build/reports/measure_capture.json"))
    wanted = options.parse_args()
    layouts = papers.layouts_of(set_="dev")
    layouts = layouts[:: max(1, len(layouts) // wanted.papers)][: wanted.papers]
    made = [papers.make_paper(row.kind, row.id, seed=1000) for row in layouts]
    truths = [Counter(_plain(paper.truth["text"][0])) for paper in made]
    reader = Reader()
    report: dict[str, Any] = {}
    _say(f"{'':16}{'pages':>6}{'unreadable':>11}{'caught':>8}{'named':>7}{'alarms':>8}{'s/page':>8}")
    for level in [level for level in wanted.levels.split(",") if level]:
        rows = []
        for number, paper in enumerate(made):
            data = wear_page(paper.pdf, level, number)  # type: ignore[arg-type]
            rows.append(_looked_at(reader, data, truths[number], f"{level} {layouts[number].id}", show=wanted.pages))
        report[level] = _line(level, rows, set())
    for kind in [kind for kind in wanted.kinds.split(",") if kind]:
        rows = []
        for number, paper in enumerate(made):
            for seed in range(wanted.seeds):
                photo = Image.open(io.BytesIO(wear_page(paper.pdf, "phone", number)))
                data = spoil(photo, kind, 100 * number + seed)  # type: ignore[arg-type]
                truth = Counter() if kind == "not_a_document" else truths[number]
                rows.append(_looked_at(reader, data, truth, f"{kind} {layouts[number].id}", show=wanted.pages))
        report[kind] = _line(kind, rows, _NAMES[kind])
    reader.close()
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(json.dumps(report, indent=1))


def _looked_at(
    reader: Reader, data: bytes, truth: Counter[str], what: str, *, show: bool
) -> tuple[bool, str | None, float]:
    """(can the page be read?, the slug of its problem, seconds)"""
    began = time.perf_counter()
    page = reader.read_page(data, 1).page
    seconds = time.perf_counter() - began
    right = sum((truth & Counter(_plain(" ".join(word.text for word in page.words)))).values())
    share = right / truth.total() if truth else 0.0
    slug = page.problem.type if page.problem else None
    if show:
        _say(f"  {what}: right {share:.2f} {slug} words {len(page.words)} {page.quality}")
    return share >= _READABLE, slug, seconds


def _line(name: str, rows: list[tuple[bool, str | None, float]], named: set[str]) -> dict[str, float]:
    bad = [slug for readable, slug, _ in rows if not readable]
    line = {
        "pages": len(rows),
        "unreadable": len(bad),
        "caught": sum(slug is not None for slug in bad),
        "named": sum(slug in named for slug in bad),
        "alarms": sum(readable and slug is not None for readable, slug, _ in rows),
        "seconds": round(max(seconds for *_, seconds in rows), 2),
    }
    _say(
        f"{name:16}{line['pages']:6}{line['unreadable']:11}{line['caught']:8}{line['named']:7}{line['alarms']:8}"
        f"{line['seconds']:8.2f}"
    )
    return line


def _plain(text: str) -> list[str]:
    return [word for word in unicodedata.normalize("NFC", text).split() if any(sign.isalnum() for sign in word)]


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
