"""Prints papers: a layout, an employer, one job (or a list of them) and a seed become a PDF and its truth.

The same arguments give the same bytes. Knows Jinja and WeasyPrint; what a paper says is the templates' business, who
it speaks of is the caller's.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import io
import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pdfplumber
import pypdfium2
import weasyprint
from weasyprint.text.fonts import FontConfiguration

from .ink import draw_seal, draw_signature
from .layouts import LAYOUTS, Layout
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


@dataclass(frozen=True, slots=True)
class _Ink:
    """The seals and signatures a template may place, as data addresses."""

    employer: Employer
    job: Job | None
    seed: int

    def seal(self) -> str:
        employer = self.employer
        return _data_address(draw_seal(employer.name, employer.tax_code, _seal_place(employer), self.seed))

    def signature(self, who: str) -> str:
        person = self.job.person.full_name if self.job and who == "employee" else f"{self.employer.tax_code} {who}"
        return _data_address(draw_signature(person, self.seed))


def print_paper(
    layout: Layout | str, employer: Employer, jobs: Sequence[Job], *, seed: int = 0, signed: bool = True
) -> Paper:
    """Print one paper. An agreement or a contract takes exactly one job, a list (form_01) one or more.

    signed=False leaves seal and signatures away, as in a file saved straight from a word processor.
    """
    layout = LAYOUTS[layout] if isinstance(layout, str) else layout
    if not jobs or (layout.kind != "form_01" and len(jobs) != 1):
        raise ValueError(f"{layout.kind} cannot be printed for {len(jobs)} jobs")
    first = jobs[0]
    listed = layout.kind == "form_01"
    facts = employer_facts(employer) if listed else facts_of(first, employer)
    if layout.kind == "labour_contract":
        facts["document.issued_on"], facts["document.number"] = facts["contract.signed_on"], facts["contract.number"]
    if listed:
        newest = max(jobs, key=lambda job: job.suspension_signed_on)
        facts |= {"document.issued_on": newest.suspension_signed_on}
    facts["document.issued_at_place"] = employer.city
    pen = Pen(facts, layout.hand)
    html = _environment().get_template(layout.template).render(
        pen=pen,
        layout=layout,
        employer=employer,
        job=None if listed else first,
        jobs=jobs,
        month=min(job.suspension_starts_on for job in jobs),
        signed=signed,
        ink=_Ink(employer, None if listed else first, seed),
        honorific="" if listed else ("Ông" if first.person.sex == "male" else "Bà"),
        title=layout.kind,
        employer_signs=employer.representative_name,
        employee_signs="" if listed else first.person.full_name,
        union_signs="Đoàn Thị Hồng Vân" if employer.representative_sex == "male" else "Trịnh Quốc Đạt",
    )  # fmt: skip
    with ONE_AT_A_TIME:
        pdf = weasyprint.HTML(string=html).write_pdf(font_config=_fonts(), optimize_images=False)
    texts = page_texts(pdf)
    truth: dict[str, Any] = {
        "document_type": layout.kind,
        "pages": len(texts),
        "fields": pen.said | {"document.has_seal": signed},
        "tables": {"roster": [row.said for row in pen.rows]} if listed else {},
        "printed": {name: {"text": text, "page": _page_of(text, texts)} for name, text in pen.printed.items()},
        "text": texts,
        "layout": layout.id,
        "set": layout.set,
        "seed": seed,
    }
    return Paper(pdf, truth)


def page_texts(pdf: bytes) -> list[str]:
    """The text layer of each page, NFC."""
    with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        layers = [page.get_textpage().get_text_bounded() for page in document]
    return [unicodedata.normalize("NFC", layer).replace("\r\n", "\n") for layer in layers]


def fonts_used(pdf: bytes) -> set[str]:
    """The families of the letters on the paper, without style: {"TeX Gyre Termes"}."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        names = {str(letter["fontname"]) for page in document.pages for letter in page.chars}
    families = set()
    for name in names:
        plain = re.sub(
            r"-?(BoldItalic|Bold|Italic|Regular|Oblique|Book|Roman)+$", "", re.sub(r"-", " ", name.split("+")[-1])
        )
        families.add(plain.strip())
    return families


def _page_of(text: str, texts: Sequence[str]) -> int | None:
    wanted = squeeze(text)
    return next((number for number, page in enumerate(texts, 1) if wanted and wanted in squeeze(page)), None)


def squeeze(text: str) -> str:
    """Letters and digits only: line ends, leaders and spacing do not count when two texts are compared."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text))


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


def with_person(job: Job, **changes: Any) -> Job:
    """The job with some of its person's facts replaced."""
    return dataclasses.replace(job, person=dataclasses.replace(job.person, **changes))
