"""Papers whose employer's seal bears the employer's own name, or that of another firm, to measure what is read of it.

A paper is printed as infra.papers prints it; on half of them the seal is drawn with another firm's name, tax code and
place, its name about as long. Then one page, the one with the employer's seal, is worn: an office scan at 200 dpi, a
scan at 300 dpi, a photograph. Development and test sets have other layouts, fonts, firms, people and seeds.
"""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from infra.papers.ink import draw_seal
from infra.papers.layouts import BONUM, LAYOUTS, Set
from infra.papers.people import Employer, invent_employer, invent_job, invent_person
from infra.papers.printing import ONE_AT_A_TIME, compose
from infra.papers.wearing import Level, wear_page
from tests.bench.marked import SIGNING

LEVELS: tuple[Level, ...] = ("office200", "clean300", "phone")
_DEV = (
    "suspension_letterhead", "unpaid_two_sides", "contract_party_a_b", "contract_table", "suspension_minutes",
    "termination_agreed", "unpaid_plain", "contract_employer_first",
)  # fmt: skip


_TEST = (
    "signing_stacked", "signing_deputy", "signing_plain_contract", "signing_entrusted", "signing_titled_contract",
    "signing_three", "signing_staggered_contract", "signing_ruled",
)  # fmt: skip
_ROWS = {**LAYOUTS, **SIGNING, "signing_three": replace(SIGNING["signing_three"], font=BONUM, size_pt=12)}
_NEAR_LETTERS = 6  # so many letters two firms' names may differ in length


@dataclass(frozen=True, slots=True)
class Sealed:
    """A page as it arrives. foreign: its seal is another firm's."""

    name: str
    layout: str
    level: Level
    seed: int
    foreign: bool

    def make(self) -> tuple[bytes, Employer]:
        """The page's picture as a file (JPEG), and the employer the paper names."""
        pdf, page, employer = _print(self.layout, self.seed, self.foreign)
        return wear_page(pdf, self.level, self.seed, page=page), employer


def sealed(set_: Set, rounds: int, draw: int = 0) -> Iterator[Sealed]:
    """So many rounds over the layouts of a set, each at every level; every other paper has another firm's seal. Office
    scans are in colour: of grey ones, where pen and seal are one ink, nothing is claimed. draw: another number gives
    other people, firms, pens and wear in the same layouts."""
    rows = _DEV if set_ == "dev" else _TEST
    for number in range(rounds):
        for place, layout in enumerate(rows):
            turn = number * len(rows) + place
            foreign = (turn + number) % 2 == 0
            for level in LEVELS:
                first = (6000 if set_ == "dev" else 47001) + 900 * draw
                seed = 3 * turn + first  # in colour: the remainder by three is not two
                name = f"{set_}-{turn:03d}-{layout}-{level}-{'foreign' if foreign else 'own'}"
                yield Sealed(name, layout, level, seed, foreign)


@cache
def _print(layout: str, seed: int, foreign: bool) -> tuple[bytes, int, Employer]:
    """(PDF, its page with the employer's seal from 1, employer)."""
    import weasyprint

    from infra.papers.printing import _data_address, _fonts, _seal_place

    rng = random.Random(f"sealed {layout} {seed}")
    employer = invent_employer(rng)
    row = _ROWS[layout]
    html, _, ink = compose(row, employer, [invent_job(rng, employer, invent_person(rng, employer.line))], seed=seed)
    own = ink.seal()
    parts = html.split(own)
    if len(parts) < 2:
        raise ValueError(f"{layout} has no seal of the employer")
    if foreign:
        other = another_firm(rng, employer)
        html = html.replace(own, _data_address(draw_seal(other.name, other.tax_code, _seal_place(other), seed)))
    with ONE_AT_A_TIME:
        pdf: bytes = weasyprint.HTML(string=html).write_pdf(font_config=_fonts())
    return pdf, _page_with_seal(pdf), employer


def another_firm(rng: random.Random, employer: Employer) -> Employer:
    """A firm with another name of about the same length and another tax code."""
    while True:
        other = invent_employer(rng)
        near = abs(len(other.name) - len(employer.name)) <= _NEAR_LETTERS
        if near and other.name != employer.name and other.tax_code != employer.tax_code:
            return other


def _page_with_seal(pdf: bytes) -> int:
    """The last page with much red on it, from 1."""
    import pypdfium2
    from PIL import ImageChops

    with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(io.BytesIO(pdf))) as document:
        for number in range(len(document), 0, -1):
            red, green, _ = document[number - 1].render(scale=1).to_pil().convert("RGB").split()
            if sum(ImageChops.subtract(red, green).histogram()[60:]) > 250:
                return number
    raise ValueError("no page with a seal")
