"""Papers of several pages whose pages bear numbers, for measuring whether a missing page is told.

Each paper is a layout in another font and size than its own, with other people, its pages numbered in one of the ways
and at one of the places that offices use, then scanned or photographed. "varied" and "wider" have the development
layouts and are what is tuned on: "varied" in other fonts, numbers at the foot; "wider" numbers anywhere, also without
one on the first page, and photographs. "unseen" and "last" have the test layouts, people, seeds, fonts, signs around
the number and sizes of their own; each was drawn and committed before it was scored, and scored once.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from infra.papers.layouts import BONUM, DEJAVU, HEROS, LAYOUTS, PAGELLA, SCHOLA, TERMES, Layout
from infra.papers.lists import LISTS
from infra.papers.pen import Hand
from infra.papers.people import invent_employer, invent_job, invent_person
from infra.papers.printing import ONE_AT_A_TIME, compose
from infra.papers.wearing import Level, wear

Set = Literal["varied", "wider", "unseen", "last"]
SETS: tuple[Set, ...] = ("varied", "wider", "unseen", "last")
DEVELOPED_ON: tuple[Set, ...] = ("varied", "wider")

_SIGNED = ("plain_contract", "titled_contract", "staggered_contract", "initialled_contract")
_ROWS = LAYOUTS | {
    f"signing_{name}": Layout(f"signing_{name}", "labour_contract", "test", TERMES, 12, Hand(date="slash0"))
    for name in _SIGNED
}
_PAGE_RULE = re.compile(r"(@page \{ size: [^;]*; margin: [^;]*;).*?\}\s*\nhtml", re.S)
_N, _OF = "counter(page)", "counter(pages)"


@dataclass(frozen=True, slots=True)
class Numbering:
    """How pages are numbered: what CSS prints, in which margin box, at which size, and whether the first has it."""

    content: str
    place: str
    size_pt: float
    first: bool = True

    def tells_the_last(self, pages: int) -> bool:
        """Does a page other than the last say how many there are?"""
        return _OF in self.content and (self.first or pages > 2)

    def rule(self, font: str) -> str:
        shown = f'@{self.place} {{ content: {self.content}; font: {self.size_pt}pt "{font}"; }}'
        hidden = "" if self.first else f"\n@page :first {{ @{self.place} {{ content: none; }} }}"
        return f"{shown} }}{hidden}"


@dataclass(frozen=True, slots=True)
class NumberedPaper:
    """One paper, enough to make it again; `rows`: people on a list. `numbering` None: its pages bear no numbers."""

    name: str
    layout: str
    font: str
    size_pt: float
    numbering: Numbering | None
    level: Level
    seed: int
    rows: int = 1

    def make(self) -> tuple[bytes, int]:
        """The PDF as it arrives, and how many pages it has."""
        import weasyprint

        from infra.papers.printing import _fonts

        layout = dataclasses.replace(_ROWS[self.layout], font=self.font, size_pt=self.size_pt)
        rng = random.Random(f"numbered {self.name} {self.seed}")
        employer = invent_employer(rng)
        jobs = [invent_job(rng, employer, invent_person(rng, employer.line)) for _ in range(self.rows)]
        html, _, _ = compose(layout, employer, jobs, seed=self.seed)
        rule = self.numbering.rule(self.font) if self.numbering else "}"
        html, replaced = _PAGE_RULE.subn(lambda match: f"{match[1]}\n  {rule}\nhtml", html)
        if replaced != 1:
            raise ValueError(f"{self.layout}: its sheet was not found")
        with ONE_AT_A_TIME:
            printed = weasyprint.HTML(string=html).render(font_config=_fonts())
            pdf = printed.write_pdf()
        return wear(pdf, self.level, self.seed), len(printed.pages)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a set draws from: layouts, fonts, ways to write the number, places, sizes, levels; from which seed on."""

    layouts: Sequence[str]
    fonts: Sequence[str]
    contents: Sequence[str]
    places: Sequence[str]
    sizes_pt: Sequence[float]
    levels: Sequence[Level]
    count: int
    first_seed: int
    unnumbered: int = 9  # every so many papers bear no numbers


_DEV_LAYOUTS = (
    "contract_one_side", "contract_party_a_b", "contract_table", "suspension_minutes", "form01_ruled", "form01_split",
    "contract_two_tongues", "contract_sheet", "form01_merged", "contract_leaders", "form01_groups",
    "contract_decreeing", "suspension_letterhead", "form12_ruled", "form01_upright", "contract_sentences",
)  # fmt: skip
_TEST_LAYOUTS = (
    "contract_employer_first", "contract_bilingual", "suspension_party_lines", "suspension_decree", "unpaid_articles",
    "form01_open", "form01_columns", *(f"signing_{name}" for name in _SIGNED),
)  # fmt: skip
_DEV_FONTS = (TERMES, HEROS, PAGELLA, SCHOLA, BONUM, DEJAVU)
_TEST_FONTS = ("Noto Serif", "Noto Sans", "DejaVu Serif", "Tinos", "Arimo")
_LONE = (_N, f"'- ' {_N} ' -'", f"'– ' {_N} ' –'")
_TOLD = (f"'Trang ' {_N}", f"'Trang ' {_N} '/' {_OF}", f"{_N} '/' {_OF}", f"{_N} ' / ' {_OF}")
_FOOT, _HEAD = ("bottom-center", "bottom-right", "bottom-left"), ("top-center", "top-right")
_OFFICE: tuple[Level, ...] = ("office200",)
_BOTH: tuple[Level, ...] = ("office200", "office200", "phone")
_PLANS: dict[Set, _Plan] = {
    "varied": _Plan(_DEV_LAYOUTS, _DEV_FONTS, (*_LONE, *_TOLD), _FOOT[:1], (9, 10), _OFFICE, 32, 71000),
    "wider": _Plan(
        _DEV_LAYOUTS, _DEV_FONTS, (*_LONE, *_LONE, *_TOLD), (*_FOOT, *_HEAD), (8.5, 10, 11, 13), _BOTH, 48, 72000
    ),
    "unseen": _Plan(
        _TEST_LAYOUTS, _TEST_FONTS,
        (_N, _N, f"'-' {_N} '-'", f"'~ ' {_N} ' ~'", f"'[' {_N} ']'", f"'trang ' {_N}", f"'Trang ' {_N} ' / ' {_OF}",
         f"{_N} '/' {_OF}"),
        (*_FOOT, *_HEAD, "top-left"), (9, 9.5, 10.5, 12, 14), _BOTH, 33, 83500,
    ),
    "last": _Plan(
        _TEST_LAYOUTS, _TEST_FONTS,
        (_N, _N, f"'– ' {_N} ' –'", f"'-' {_N} '-'", f"{_N} '.'", f"'Trang ' {_N}", f"'Tr. ' {_N} '/' {_OF}",
         f"{_N} ' / ' {_OF}"),
        (*_FOOT, *_HEAD), (8.8, 10, 11.5, 13), _BOTH, 33, 94700,
    ),
}  # fmt: skip


def papers(set_: Set) -> Iterator[NumberedPaper]:
    """The papers of a set, going round layouts and levels evenly, all else drawn."""
    plan = _PLANS[set_]
    for number in range(plan.count):
        rng = random.Random(f"numbered {set_} {plan.first_seed + number}")
        layout = _ROWS[plan.layouts[number % len(plan.layouts)]]
        listed = layout.kind in LISTS
        content, place = rng.choice(plan.contents), rng.choice(plan.places)
        first = set_ == "varied" or rng.random() < 0.7
        numbering = Numbering(content, place, rng.choice(plan.sizes_pt), first)
        larger = rng.uniform(0.95, 1.1) if listed else rng.uniform(1.1, 1.4)  # contracts of three and four pages
        yield NumberedPaper(
            f"{set_}-{number:02d}",
            layout.id,
            rng.choice([font for font in plan.fonts if font != layout.font]),
            round(layout.size_pt * larger, 1),
            None if number % plan.unnumbered == plan.unnumbered - 1 else numbering,
            plan.levels[number // 2 % len(plan.levels)],
            plan.first_seed + number,
            rng.choice((14, 26, 40)) if listed else 1,
        )
