"""Seals found on pages, with and without colour: precision and recall per level, and what looks like one.

    python -m tests.bench.measure_seals [--short] [--pages] [--json FILE]

Development pages only; the seeds are fixed; nothing is read. `colour` counts pages whose seal the red ink told, `rim`
those where its shape did (`adapters.seal_rings`); a level in grey is the same pages with their colour taken away. Wide
and narrow: a seal of 29 to 43 mm laid on pages without one, over text. Decoys: round things that are no seals, laid on
pages without one. A page counts as found when a mark is on it, as a false alarm when it has no seal and a mark is.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

os.environ["OMP_THREAD_LIMIT"] = "1"

from adapters import capture, page_image
from adapters.seal_rings import seal_rings
from PIL import Image, ImageChops, ImageDraw

from infra.papers.ink import draw_seal
from tests.bench.measure_capture import good_papers
from tests.bench.worn_pages import worn_pages

_A4_LONG_SIDE_MM = 297
_DECOYS = ("logo", "emblem", "empty ring", "thick ring", "letter O", "pie chart", "coins")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--short", action="store_true", help="every sixth paper")
    options.add_argument("--pages", action="store_true", help="print each page that is wrong")
    options.add_argument("--json", type=Path, default=Path("build/reports/measure_seals.json"))
    wanted = options.parse_args()
    tallies: dict[str, Counter[str]] = {}
    spent: list[float] = []
    for name, case, picture, sealed in _cases(6 if wanted.short else 1):
        by_colour = bool(capture.seals(picture))
        began = time.process_time()
        by_rim = not by_colour and bool(seal_rings(picture))
        if not by_colour:
            spent.append(1000 * (time.process_time() - began))
        tally = tallies.setdefault(case, Counter())
        tally["pages"] += 1
        tally["sealed"] += sealed
        tally["colour"] += sealed and by_colour
        tally["rim"] += sealed and by_rim
        tally["alarms"] += not sealed and (by_colour or by_rim)
        if wanted.pages and sealed is not (by_colour or by_rim):
            _say(f"  {case}: {name} {'missed' if sealed else 'false alarm'}")
    columns = ("", "pages", "sealed", "colour", "rim", "missed", "alarms", "precision%", "recall%")
    _say("".join(column.rjust(11) if column else " " * 20 for column in columns))
    tallies["all"] = sum(tallies.values(), Counter())
    report: dict[str, Any] = {}
    for case, tally in tallies.items():
        found = tally["colour"] + tally["rim"]
        report[case] = dict(tally) | {
            "missed": tally["sealed"] - found,
            "precision%": round(100 * found / (found + tally["alarms"]), 1) if found + tally["alarms"] else None,
            "recall%": round(100 * found / tally["sealed"], 1) if tally["sealed"] else None,
        }
        cells = ["" if (value := report[case].get(column, 0)) is None else str(value) for column in columns[1:]]
        _say(case.ljust(20) + "".join(cell.rjust(11) for cell in cells))
    report["ms"] = {"median": round(median(spent), 1), "most": round(max(spent), 1), "pages": len(spent)}
    _say(f"rim: {report['ms']['median']} ms of CPU a page (middle), {report['ms']['most']} ms (most)")
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(json.dumps(report, indent=1))


def _cases(every: int) -> Iterator[tuple[str, str, Image.Image, bool]]:
    """(page, case, the page as marks are looked for on it, does it have a seal?)"""
    number = 0
    for layout, seed, level in good_papers()[::every]:
        for page in worn_pages(layout, seed, level):
            picture = page_image.for_viewing(page.sheet().image)
            grey = picture.convert("L")
            sealed = bool(page.seals) or level == "stamped"
            yield page.name, level if picture.mode == "RGB" or level == "fax150" else f"{level} grey", picture, sealed
            if picture.mode == "RGB":
                yield page.name, f"{level} made grey", grey, sealed
            if sealed or level == "phone":
                continue
            number += 1
            rng = random.Random(f"marks {page.name}")
            yield page.name, "wide and narrow", _stamped(grey, rng), True
            decoy = _DECOYS[number % len(_DECOYS)]
            yield page.name, f"decoy {decoy}", _with_decoy(grey, decoy, rng), False


def _stamped(page: Image.Image, rng: random.Random) -> Image.Image:
    """A page with a seal somewhere, of any size a seal has."""
    per_mm = max(page.size) / _A4_LONG_SIDE_MM
    side = round(rng.uniform(29, 43) * per_mm)
    data = draw_seal("Công ty TNHH Thương mại Minh Tâm", "0301234567", "TP. Hồ Chí Minh", rng.randrange(100))
    seal: Image.Image = Image.open(io.BytesIO(data)).resize((side, side), Image.Resampling.LANCZOS)
    layer = Image.new("RGB", page.size, (255, 255, 255))
    place = (rng.randrange(page.width - side), rng.randrange(page.height - side))
    layer.paste(seal.convert("RGB"), place, seal.getchannel("A"))
    return ImageChops.multiply(page, layer.convert("L"))


def _with_decoy(page: Image.Image, decoy: str, rng: random.Random) -> Image.Image:
    """A page with something round in its head, as letterheads, certificates and annexes have it."""
    page = page.copy()
    per_mm = max(page.size) / _A4_LONG_SIDE_MM
    x, y = rng.uniform(0.14, 0.86) * page.width, 24 * per_mm
    pencil = ImageDraw.Draw(page)

    def circle(mm: float, **how: int) -> None:
        reach = mm * per_mm / 2
        pencil.ellipse((x - reach, y - reach, x + reach, y + reach), **how)

    def logo() -> None:
        circle(rng.uniform(15, 26), fill=255, outline=40, width=max(1, round(0.8 * per_mm)))
        circle(12, fill=90)

    def emblem() -> None:
        circle(rng.uniform(26, 36), fill=120)
        circle(22, fill=60)
        points = [
            (x + reach * per_mm * math.sin(turn), y - reach * per_mm * math.cos(turn))
            for turn, reach in ((index * math.pi / 5, 8 if index % 2 == 0 else 3.2) for index in range(10))
        ]
        pencil.polygon(points, fill=230)

    def coins() -> None:
        for mm in (40, 32, 24, 16, 8):
            circle(mm, fill=100 if mm % 16 else 200)

    def pie() -> None:
        circle(36, fill=210, outline=60, width=max(1, round(0.4 * per_mm)))
        reach = 18 * per_mm
        pencil.pieslice((x - reach, y - reach, x + reach, y + reach), 20, 140, fill=90)
        pencil.pieslice((x - reach, y - reach, x + reach, y + reach), 140, 230, fill=150)

    drawn: dict[str, Callable[[], None]] = {
        "logo": logo,
        "emblem": emblem,
        "empty ring": lambda: circle(rng.uniform(29, 43), fill=255, outline=60, width=max(1, round(0.6 * per_mm))),
        "thick ring": lambda: circle(rng.uniform(29, 43), fill=255, outline=30, width=round(4 * per_mm)),
        "letter O": lambda: circle(rng.uniform(12, 27), fill=255, outline=0, width=round(2 * per_mm)),
        "pie chart": pie,
        "coins": coins,
    }
    drawn[decoy]()
    return page


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
