"""What single steps of preparing a page give and cost: the same development pages read with a step and without it.

    python -m tests.bench.measure_steps [STEP ...] [--pages 14]

Prints for each step the character error rate (order of words does not count), the share of printed words read right,
and the processor time of the whole page, Tesseract included, both ways; the two readings of a page follow each other,
so that whatever else the machine does weighs on both. JSON under build/reports/.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

os.environ["OMP_THREAD_LIMIT"] = "1"

from adapters import leftover, page_image, page_reading, page_words, ruling, tesseract

from infra import papers
from infra.papers.wearing import Level
from tests.bench.scoring import Letters, compare_letters, words_of
from tests.bench.worn_pages import WornPage, worn_pages


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the level of wear it is for, and what stands in its place when it is left out."""

    level: Level
    module: Any
    name: str
    without: Callable[..., Any]


STEPS = {
    "fax_blur": Step("fax150", page_image, "smooth_fax", lambda grey: grey),
    "leaders": Step("office200", ruling, "find_leaders", lambda half: None),
    "leaders_on_faxes": Step("fax150", ruling, "find_leaders", lambda half: None),
    "orientation": Step("rotated", page_reading, "_likely_turn", lambda grey, ruled, engine: 0),
    "own_guess_of_orientation": Step(
        "rotated", page_reading, "_likely_turn", lambda grey, ruled, engine: tesseract.turn_needed(grey, engine)[0]
    ),
    "own_guess_of_orientation_upright": Step(
        "office200", page_reading, "_likely_turn", lambda grey, ruled, engine: tesseract.turn_needed(grey, engine)[0]
    ),
    "coloured_ink": Step("stamped", page_image, "without_coloured_ink", lambda image: image.convert("L")),
    "light": Step("phone", page_image, "even_light", lambda grey: grey),
    "deskew": Step("office200", page_image, "deskewed", lambda page: page),
    "two_parts": Step(
        "office200", page_words, "_strips", partial(lambda strips, clean, _: strips(clean, 1), page_words._strips)
    ),
    "leftover": Step("office200", leftover, "regions", lambda *_: ()),
}


@dataclass
class Way:
    """All pages read one way."""

    letters: Letters
    pages: int = 0
    seconds: float = 0.0

    def shown(self) -> dict[str, float]:
        return {
            "cer": round(100 * self.letters.cer, 2),
            "words_right": round(100 * self.letters.words_right / max(1, self.letters.words), 1),
            "cpu_seconds": round(self.seconds / max(1, self.pages), 2),
        }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("steps", nargs="*", metavar="STEP", help=", ".join(STEPS))
    options.add_argument("--pages", type=int, default=14)
    options.add_argument("--json", type=Path, default=Path("build/reports/measure_steps.json"))
    wanted = options.parse_args()
    if unknown := set(wanted.steps) - set(STEPS):
        options.error(f"no such step: {', '.join(sorted(unknown))}")
    report: dict[str, Any] = {}
    heads = ("pages", "CER without", "with", "right without", "with", "s without", "with")
    _say(f"{'step':34}" + "".join(f"{head:>14}" for head in heads))
    for name in wanted.steps or STEPS:
        step = STEPS[name]
        with_, without = Way(Letters()), Way(Letters())
        for page in _pages(step.level, wanted.pages):
            _read(page, with_)
            with _left_out(step):
                _read(page, without)
        report[name] = {"level": step.level, "pages": with_.pages, "with": with_.shown(), "without": without.shown()}
        both = zip(without.shown().values(), with_.shown().values(), strict=True)
        measures = [measure for pair in both for measure in pair]
        _say(f"{name:34}{with_.pages:14}" + "".join(f"{measure:14.2f}" for measure in measures))
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(json.dumps(report, indent=1))


def _pages(level: Level, count: int) -> Iterator[WornPage]:
    """The first pages of as many development papers, over all layouts in turn."""
    layouts = papers.layouts_of(set_="dev")
    step = max(1, len(layouts) // count)
    for layout in layouts[::step][:count]:
        yield from list(worn_pages(layout.id, 1000, level))[:1]


def _read(page: WornPage, way: Way) -> None:
    before = _cpu()
    read, _ = page_reading.read(page.data, page.number, tesseract.Engine(timeout_seconds=120.0), picture=False)
    way.seconds += _cpu() - before
    way.pages += 1
    found = " ".join(word.text for word in read.words)
    way.letters.add(compare_letters(words_of(page.text), words_of(found)))


@contextmanager
def _left_out(step: Step) -> Iterator[None]:
    kept = getattr(step.module, step.name)
    setattr(step.module, step.name, step.without)
    try:
        yield
    finally:
        setattr(step.module, step.name, kept)


def _cpu() -> float:
    """Processor seconds of this process and of every Tesseract it has waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
