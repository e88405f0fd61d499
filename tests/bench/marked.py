"""Papers signed and sealed as they should be, and papers that lack something, to measure what is seen of it.

A paper is printed as infra.papers prints it, then a signature, the seal or a part of the fan seal is left away, or the
seal is put beside the signature; then it is worn. Development and test sets have other layouts, people and seeds.
The development set has two parts of fifteen layouts; the second was a test set until it had been measured.
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
from infra.papers.layouts import BONUM, HEROS, LAYOUTS, PAGELLA, SCHOLA, TERMES, Kind, Layout, Set
from infra.papers.lists import LISTS
from infra.papers.pen import Hand
from infra.papers.people import invent_employer, invent_job, invent_person
from infra.papers.printing import ONE_AT_A_TIME, compose
from infra.papers.wearing import Level, wear

KINDS = ("signature-missing", "seal-missing", "seal-not-over-signature", "fan-seal-missing")
LEVELS: tuple[Level, ...] = ("born_digital", "clean300", "office200", "phone")
_DEV: tuple[tuple[str, ...], ...] = (
    (
        "suspension_letterhead", "unpaid_two_sides", "contract_party_a_b", "unpaid_asked", "contract_table",
        "form11_state", "suspension_minutes", "psrequest_letter", "termination_agreed", "contract_leaders",
        "form01_ruled", "form03_state", "probation_parties", "form02_state", "suspension_annex",
    ),
    (
        "suspension_party_lines", "unpaid_plain", "contract_employer_first", "suspension_decree", "unpaid_articles",
        "form11_cells", "annex_parties", "contract_bilingual", "psrequest_annex", "termination_notice",
        "form01_open", "form03_cells", "service_work", "form02_cells", "contract_sentences",
    ),
)  # fmt: skip


def _row(name: str, kind: Kind, font: str, size_pt: float) -> Layout:
    return Layout(f"signing_{name}", kind, "test", font, size_pt, Hand(date="slash0"))


_SIGNING = (
    _row("stacked", "suspension_agreement", SCHOLA, 11.5),
    _row("deputy", "unpaid_leave_agreement", "Noto Serif", 11),
    _row("plain_contract", "labour_contract", TERMES, 13),
    _row("entrusted", "suspension_agreement", "Noto Sans", 10.5),
    _row("titled_contract", "labour_contract", PAGELLA, 11.5),
    _row("ruled", "contract_annex", "DejaVu Serif", 10),
    _row("three", "suspension_agreement", TERMES, 12.5),
    _row("staggered_contract", "labour_contract", HEROS, 12),
    _row("letter", "ps_request", TERMES, 13),
    _row("dotted", "probation_contract", BONUM, 11),
    _row("list", "ps_list", "Noto Serif", 10),
    _row("request", "form_03", PAGELLA, 12.5),
    _row("witnessed", "termination_decision", HEROS, 11),
    _row("household", "form_02", SCHOLA, 12),
    _row("initialled_contract", "labour_contract", "DejaVu Serif", 10.5),
)
SIGNING = {row.id: row for row in _SIGNING}
"""Layouts of signing blocks, for test sets only: they stand in no table that papers are drawn from."""
_ROWS = {**LAYOUTS, **SIGNING}
_ABOVE, _RIGHT, _LEFT = "margin-left: -18mm; top: -62mm", "margin-left: 24mm; top: 0", "margin-left: -70mm; top: -4mm"
_ASIDE = {  # where the seal is put that is not over the signature; above it where nothing is said
    "signing_stacked": _RIGHT, "signing_entrusted": _RIGHT, "signing_ruled": _RIGHT, "signing_witnessed": _RIGHT,
    "signing_initialled_contract": _RIGHT, "signing_deputy": _LEFT, "signing_plain_contract": _LEFT,
    "suspension_party_lines": _LEFT,  # above, it would be off the sheet
}  # fmt: skip
_ONE_SHEET = ("contract_sentences",)  # a contract without edges to fan
_UNSEALED = ("form_02", "form_03")  # papers of people and households
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
        return _ROWS[self.layout].kind

    def make(self) -> bytes:
        pdf = _print(self.layout, self.seed, self.lacks)
        return wear(pdf, self.level, self.seed)


def marked(set_: Set, rounds: int) -> Iterator[Marked]:
    """So many rounds over the layouts of a set; half of the papers lack nothing."""
    if set_ == "test":
        yield from _marked("test", tuple(SIGNING), rounds, 31000)
        return
    for part, layouts in enumerate(_DEV):
        yield from _marked(f"dev{part + 1}", layouts, rounds, 9000 * part)


def _marked(name: str, layouts: tuple[str, ...], rounds: int, first_seed: int) -> Iterator[Marked]:
    for number in range(rounds):
        for place, layout in enumerate(layouts):
            turn = number * len(layouts) + place
            lacks = "" if turn % 2 else KINDS[turn // 2 % len(KINDS)]
            level = LEVELS[(turn // 2 + number) % len(LEVELS)]
            if lacks == "fan-seal-missing":  # of papers of more than one page
                contracts = [one for one in layouts if _is_fanned(one)]
                layout = contracts[turn // 2 % len(contracts)]
            elif lacks.startswith("seal") and _ROWS[layout].kind in _UNSEALED:
                lacks = "signature-missing"
            seed = 3 * turn + 400 + first_seed  # of office scans those in colour
            yield Marked(f"{name}-{turn:03d}-{layout}-{level}-{lacks or 'whole'}", layout, level, seed, lacks)


def _is_fanned(layout: str) -> bool:
    return _ROWS[layout].kind == "labour_contract" and layout not in _ONE_SHEET


@cache
def _print(layout: str, seed: int, lacks: str) -> bytes:
    import weasyprint

    from infra.papers.printing import _fonts

    rng = random.Random(f"marked {layout} {seed}")
    employer = invent_employer(rng)
    row = _ROWS[layout]
    people = 3 if row.kind in LISTS else 1
    jobs = [invent_job(rng, employer, invent_person(rng, employer.line)) for _ in range(people)]
    html, _, ink = compose(row, employer, jobs, seed=seed)
    if lacks == "signature-missing":
        strokes = [
            found for who in _WHOSE for found in re.finditer(_STROKE.format(re.escape(ink.signature(who))), html)
        ]
        gone = rng.choice(strokes)
        html = html[: gone.start()] + html[gone.end() :]
    elif lacks == "seal-missing":
        html = re.sub(_SEAL, "", html)
    elif lacks == "seal-not-over-signature":
        aside = _ASIDE.get(layout, _ABOVE)
        html = re.sub(_SEAL, lambda match: match[0].replace(match[1], f"{match[1]}; {aside}"), html)
    with ONE_AT_A_TIME:
        pdf: bytes = weasyprint.HTML(string=html).write_pdf(font_config=_fonts())
    if not _is_fanned(layout):
        return pdf
    high = 0.5 if layout in LAYOUTS else rng.uniform(0.3, 0.6)
    return _fanned(pdf, employer, seed, high, but_last=lacks == "fan-seal-missing")


def _fanned(pdf: bytes, employer: Any, seed: int, high: float, *, but_last: bool) -> bytes:
    """The pages with a slice of one seal each on their right edge, so high on the page; but_last: all but the last."""
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
                wide, tall = 36 / count * 72 / 25.4, 36 * 72 / 25.4
                foot = top * high
                page.add_overlay(strip.pages[0], pikepdf.Rectangle(right - wide, foot, right, foot + tall))
        out = io.BytesIO()
        book.save(out, deterministic_id=True)
    return out.getvalue()
