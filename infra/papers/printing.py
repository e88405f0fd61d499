"""Prints papers: a layout, an employer, one job (or a list of them) and a seed become a PDF and its truth.

The same arguments give the same bytes. Knows Jinja and WeasyPrint; what a paper says is the templates' business, who
it speaks of is the caller's.
"""

from __future__ import annotations

import base64
import contextlib
import io
import random
import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pikepdf
import pypdfium2
import weasyprint
from weasyprint.text.fonts import FontConfiguration

from .affairs import Fact, Household, household_facts, invent_household, paper_facts
from .ink import MissingFontError, draw_seal, draw_signature
from .layouts import LAYOUTS, Layout
from .lists import LISTS, declared_facts
from .pen import Pen, employer_facts, facts_of
from .people import Employer, Job

_TEMPLATES = Path(__file__).parent / "templates"
ONE_AT_A_TIME = threading.RLock()
"""Neither PDFium nor Pango may be used by two threads at once."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed paper. `truth`: document_type, pages, fields, tables (the field dictionary's ids and value forms),
    printed (field id -> the letters on the paper and their page), text (one string a page), layout, set, seed."""

    pdf: bytes
    truth: dict[str, Any]


@dataclass(slots=True)
class _Ink:
    """The seals and signatures a template may place, as data addresses; remembers whether a seal was placed."""

    employer: Employer
    job: Job | None
    seed: int
    sealed: bool = False

    def seal(self, office: str = "", place: str = "") -> str:
        """The employer's seal, or that of an office."""
        self.sealed = True
        employer = self.employer
        if office:
            return _data_address(draw_seal(office, "", place or employer.city, self.seed))
        return _data_address(draw_seal(employer.name, employer.tax_code, _seal_place(employer), self.seed))

    def signature(self, who: str) -> str:
        person = self.job.person.full_name if self.job and who == "employee" else f"{self.employer.tax_code} {who}"
        return _data_address(draw_signature(person, self.seed))


def print_paper(
    layout: Layout | str, employer: Employer, jobs: Sequence[Job], *, household: Household | None = None,
    facts: Mapping[str, Fact] | None = None, row_facts: Sequence[Mapping[str, Fact]] = (), seed: int = 0,
    signed: bool = True,
) -> Paper:  # fmt: skip
    """Print one paper. A list takes one job or more, every other paper exactly one.

    household: the business of form_02, household_cert and tax_notice; invented from the seed when not given.
    facts: values by field id in place of the invented ones ("loan.amount_vnd": 66_300_000), where the paper says
    them; row_facts: the same for the rows of a list, one mapping each.

    signed=False leaves seal and signatures away, as in a file saved straight from a word processor.
    Raises MissingFontError where the layout's font is not installed or lacks a letter: such a page would be wrong in
    a way no reader can mend.
    """
    layout = LAYOUTS[layout] if isinstance(layout, str) else layout
    html, pen, ink = compose(
        layout, employer, jobs, household=household, facts=facts, row_facts=row_facts, seed=seed, signed=signed
    )
    with ONE_AT_A_TIME:
        pdf = weasyprint.HTML(string=html).write_pdf(font_config=_fonts(), optimize_images=False)
    if borrowed := fonts_used(pdf) - {layout.font}:
        raise MissingFontError(f"{layout.id} wants {layout.font}, printed with {', '.join(sorted(borrowed))}")
    texts = page_texts(pdf)
    truth: dict[str, Any] = {
        "document_type": layout.kind,
        "pages": len(texts),
        "fields": _said(pen, ink, signed),
        "tables": {"roster": [row.said for row in pen.rows]} if layout.kind in LISTS else {},
        "printed": {name: {"text": text, "page": _page_of(text, texts)} for name, text in pen.printed.items()},
        "text": texts,
        "layout": layout.id,
        "set": layout.set,
        "seed": seed,
    }
    return Paper(pdf, truth)


def _said(pen: Pen, ink: _Ink, signed: bool) -> dict[str, Any]:
    """What the paper says. Of a paper that is only to be recognised nothing is to be read, not even its seal."""
    sealed = {"document.has_seal": ink.sealed} if ink.sealed or not signed else {}
    return pen.said | sealed if pen.said else {}


def compose(
    layout: Layout, employer: Employer, jobs: Sequence[Job], *, household: Household | None = None,
    facts: Mapping[str, Fact] | None = None, row_facts: Sequence[Mapping[str, Fact]] = (), seed: int = 0,
    signed: bool = True,
) -> tuple[str, Pen, _Ink]:  # fmt: skip
    """The HTML of a paper, the pen that wrote it and the ink it used."""
    listed = layout.kind in LISTS
    if not jobs or (not listed and len(jobs) != 1):
        raise ValueError(f"{layout.kind} cannot be printed for {len(jobs)} jobs")
    first = None if listed else jobs[0]
    household = household or invent_household(random.Random(f"household {layout.kind} {seed}"))
    known = employer_facts(employer) if first is None else facts_of(first, employer)
    known |= household_facts(household)
    if layout.kind == "labour_contract":
        known["document.issued_on"], known["document.number"] = known["contract.signed_on"], known["contract.number"]
    if listed:
        known["document.issued_on"] = max(job.suspension_signed_on for job in jobs)
        known["document.issued_at_place"] = employer.city
        known |= declared_facts(jobs, employer)
    known |= paper_facts(layout.kind, employer, household) | dict(facts or {})
    pen, ink = Pen(known, layout.hand, row_facts=row_facts), _Ink(employer, first, seed)
    html = _environment().get_template(layout.template).render(
        pen=pen,
        layout=layout,
        title=layout.kind,
        employer=employer,
        job=first,
        jobs=jobs,
        month=min(job.suspension_starts_on for job in jobs),
        honorific="" if first is None else ("Ông" if first.person.sex == "male" else "Bà"),
        signed=signed,
        household=household,
        facts=known,
        ink=ink,
        employer_signs=employer.representative_name,
        employee_signs="" if first is None else first.person.full_name,
        union_signs=employer.union_chair,
    )  # fmt: skip
    return html, pen, ink


def page_texts(pdf: bytes) -> list[str]:
    """The text layer of each page, NFC."""
    with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        layers = [page.get_textpage().get_text_bounded() for page in document]
    return [unicodedata.normalize("NFC", layer).replace("\r\n", "\n") for layer in layers]


def fonts_used(pdf: bytes) -> set[str]:
    """The families of the letters on the paper, without style: {"TeX Gyre Termes"}."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        fonts = [thing for thing in book.objects if isinstance(thing, pikepdf.Dictionary)]
        names = {str(font.BaseFont) for font in fonts if font.get("/Type") == "/Font"}
    families = {re.sub(r"(-(Bold|Italic|Regular|Oblique|Book|Roman)*)+$", "", name.split("+")[-1]) for name in names}
    return {family.replace("-", " ").strip(" /") for family in families}


def _page_of(text: str, texts: Sequence[str]) -> int | None:
    wanted = squeeze(text)
    return next((number for number, page in enumerate(texts, 1) if wanted and wanted in squeeze(page)), None)


def squeeze(text: str) -> str:
    """Letters and digits only, case folded: line ends, leaders and spacing do not count when texts are compared."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text)).casefold()


def _seal_place(employer: Employer) -> str:
    district = employer.district.replace("Quận", "Q.").replace("quận", "Q.").replace("huyện", "H.").replace("  ", " ")
    for long, short in (("thành phố", "TP."), ("thị xã", "TX.")):
        district = district.replace(long, short)
    return f"{district} - {employer.city}"


def _data_address(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()
