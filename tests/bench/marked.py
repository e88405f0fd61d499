"""Papers signed and sealed as they should be, and papers that lack something, to measure what is seen of it.

A paper is printed as infra.papers prints it, then a signature, the seal or a part of the fan seal is left away, or the
seal is put beside the signature; then it is worn. Development and test sets have other layouts, people and seeds.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from infra.papers.ink import draw_seal
from infra.papers.layouts import LAYOUTS, Set
from infra.papers.lists import LISTS
from infra.papers.people import invent_employer, invent_job, invent_person
from infra.papers.printing import ONE_AT_A_TIME, compose
from infra.papers.wearing import Level, wear

KINDS = ("signature-missing", "seal-missing", "seal-not-over-signature", "fan-seal-missing")
LEVELS: tuple[Level, ...] = ("born_digital", "clean300", "office200", "phone")
_LAYOUTS: dict[Set, tuple[str, ...]] = {
    "dev": (
        "suspension_letterhead", "unpaid_two_sides", "contract_party_a_b", "unpaid_asked", "contract_table",
        "form11_state", "suspension_minutes", "psrequest_letter", "termination_agreed", "contract_leaders",
        "form01_ruled", "form03_state", "probation_parties", "form02_state", "suspension_annex",
    ),
    "test": (
        "suspension_party_lines", "unpaid_plain", "contract_employer_first", "suspension_decree", "unpaid_articles",
        "form11_cells", "annex_parties", "contract_bilingual", "psrequest_annex", "termination_notice",
        "form01_open", "form03_cells", "service_work", "form02_cells", "contract_sentences",
    ),
}  # fmt: skip
_UNSEALED = ("form02", "form03")  # papers of people and households
_WHOSE = ("employer", "employee", "household owner")
_STROKE = r'<img class="stroke" src="{}" style="left: [^"]*" alt="">'
_SEAL = r'<img class="seal" src="[^"]*" style="left: ([^"]*)" alt="">'


@dataclass(frozen=True, slots=True)
class Marked:
    """A paper as it arrives, and what is wrong with it ("" for nothing)."""

    name: str
    layout: str
    level: Level
    seed: int
    lacks: str

    @property
    def kind(self) -> str:
        return LAYOUTS[self.layout].kind

    def make(self) -> bytes:
        pdf = _print(self.layout, self.seed, self.lacks)
        return wear(pdf, self.level, self.seed)


def marked(set_: Set, rounds: int) -> Iterator[Marked]:
    """So many rounds over the layouts; half of the papers lack nothing."""
    for number in range(rounds):
        for place, layout in enumerate(_LAYOUTS[set_]):
            turn = number * len(_LAYOUTS[set_]) + place
            lacks = "" if turn % 2 else KINDS[turn // 2 % len(KINDS)]
            level = LEVELS[(turn // 2 + number) % len(LEVELS)]
            if lacks == "fan-seal-missing":  # of papers of more than one page
                contracts = [name for name in _LAYOUTS[set_] if name.startswith("contract")]
                layout = contracts[turn // 2 % len(contracts)]
            elif lacks.startswith("seal") and layout.startswith(_UNSEALED):
                lacks = "signature-missing"
            seed = 3 * turn + 400 + (9000 if set_ == "test" else 0)  # of office scans those in colour
            yield Marked(f"{set_}-{turn:03d}-{layout}-{level}-{lacks or 'whole'}", layout, level, seed, lacks)


@cache
def _print(layout: str, seed: int, lacks: str) -> bytes:
    import weasyprint

    from infra.papers.printing import _fonts

    rng = random.Random(f"marked {layout} {seed}")
    employer = invent_employer(rng)
    people = 3 if LAYOUTS[layout].kind in LISTS else 1
    jobs = [invent_job(rng, employer, invent_person(rng, employer.line)) for _ in range(people)]
    html, _, ink = compose(LAYOUTS[layout], employer, jobs, seed=seed)
    if lacks == "signature-missing":
        strokes = [
            found for who in _WHOSE for found in re.finditer(_STROKE.format(re.escape(ink.signature(who))), html)
        ]
        gone = rng.choice(strokes)
        html = html[: gone.start()] + html[gone.end() :]
    elif lacks == "seal-missing":
        html = re.sub(_SEAL, "", html)
    elif lacks == "seal-not-over-signature":
        html = re.sub(
            _SEAL, lambda match: match[0].replace(match[1], f"{match[1]}; margin-left: -18mm; top: -62mm"), html
        )
    with ONE_AT_A_TIME:
        pdf: bytes = weasyprint.HTML(string=html).write_pdf(font_config=_fonts())
    return _fanned(pdf, employer, seed, but_last=lacks == "fan-seal-missing") if layout.startswith("contract") else pdf


def _fanned(pdf: bytes, employer: Any, seed: int, *, but_last: bool) -> bytes:
    """The pages with a slice of one seal each on their right edge; but_last: all but the last."""
    import pikepdf
    from PIL import Image

    seal = Image.open(io.BytesIO(draw_seal(employer.name, employer.tax_code, employer.city, seed)))
    flat = Image.new("RGB", seal.size, (255, 255, 255))
    flat.paste(seal.convert("RGB"), (0, 0), seal.getchannel("A"))
    with pikepdf.open(io.BytesIO(pdf)) as book:
        count = len(book.pages)
        for number, page in enumerate(book.pages[: count - 1] if but_last else list(book.pages)):
            width = flat.width / count
            slice_ = flat.crop((int(number * width), 0, int((number + 1) * width), flat.height))
            packed = io.BytesIO()
            slice_.save(packed, "PDF", resolution=flat.height / (36 / 25.4))
            with pikepdf.open(io.BytesIO(packed.getvalue())) as strip:
                right, top = float(page.mediabox[2]), float(page.mediabox[3])
                wide, high = 36 / count * 72 / 25.4, 36 * 72 / 25.4
                page.add_overlay(strip.pages[0], pikepdf.Rectangle(right - wide, top * 0.5, right, top * 0.5 + high))
        out = io.BytesIO()
        book.save(out, deterministic_id=True)
    return out.getvalue()
