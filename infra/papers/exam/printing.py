"""Prints the exam's papers: a layout and a number become a PDF and its truth. The same arguments give the same bytes.

Knows Jinja and WeasyPrint. The words of each page, against which reading is measured, are taken from the finished
print by pdfplumber: another library than the one that reads text layers in the product.
"""

from __future__ import annotations

import base64
import io
import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pdfplumber
import weasyprint
from weasyprint.text.fonts import FontConfiguration

from ..ink import MissingFontError, draw_seal, draw_signature
from ..printing import ONE_AT_A_TIME, Paper, fonts_used
from ..wording import write_money
from .layouts import ExamLayout
from .quill import Quill
from .world import Case, Facts, invent_case

OFFICES = {
    "tax_notice": "Chi cục Thuế",
    "household_cert": "Phòng Tài chính Kế hoạch",
    "enterprise_cert": "Phòng Đăng ký kinh doanh",
}
"""Who seals a paper, where it is not the employer."""
_WIDTHS = re.compile(r"( (Bold|Italic|Condensed))+$")
LISTS = frozenset({"form_01", "form_12", "ps_list", "vss_d02"})


@dataclass(frozen=True, slots=True)
class _Ink:
    facts: Facts
    seed: int
    kind: str

    def seal(self) -> str:
        facts = self.facts
        name = OFFICES.get(self.kind, facts["employer.name"])
        return _address(draw_seal(name, facts["employer.tax_code"], facts["other.seal_place"], self.seed))

    def signature(self, who: str) -> str:
        return _address(draw_signature(f"{self.facts['employer.tax_code']} {who}", self.seed))


def print_exam_paper(layout: ExamLayout, seed: int, *, rows: int = 0) -> Paper:
    """Print one paper of the layout; who it speaks of follows from the seed. `rows`: how many people its list names.

    Raises MissingFontError where the layout's font is not installed or lacks a letter.
    """
    case = invent_case(random.Random(f"exam {layout.id} {seed}"), layout.kind, rows)
    html, quill = _compose(layout, case, seed)
    with ONE_AT_A_TIME:
        pdf = weasyprint.HTML(string=html).write_pdf(font_config=_fonts(), optimize_images=False)
    if borrowed := {_WIDTHS.sub("", family) for family in fonts_used(pdf)} - {layout.font}:
        raise MissingFontError(f"{layout.id} wants {layout.font}, printed with {', '.join(sorted(borrowed))}")
    texts = printed_words(pdf)
    listed = layout.kind in LISTS
    truth: dict[str, Any] = {
        "document_type": layout.kind if layout.kind != "none" else "unknown",
        "pages": len(texts),
        "fields": quill.said,
        "asides": sorted(quill.asides),
        "tables": {"roster": [row.said for row in quill.rows]} if listed else {},
        "printed": quill.printed,
        "printed_rows": [row.printed for row in quill.rows],
        "text": texts,
        "layout": layout.id,
        "set": "exam",
        "seed": seed,
    }
    return Paper(pdf, truth)


def printed_words(pdf: bytes) -> list[str]:
    """The words of each page as printed, NFC, one space between them."""
    with ONE_AT_A_TIME, pdfplumber.open(io.BytesIO(pdf)) as document:
        pages = [" ".join(word["text"] for word in page.extract_words()) for page in document.pages]
    return [unicodedata.normalize("NFC", page) for page in pages]


def _compose(layout: ExamLayout, case: Case, seed: int) -> tuple[str, Quill]:
    facts = case.facts
    if layout.kind == "labour_contract":
        facts["document.number"], facts["document.issued_on"] = facts["contract.number"], facts["contract.signed_on"]
    if case.rows:
        facts["document.issued_on"] = max(row["document.issued_on"] for row in case.rows)
    quill = Quill(facts, layout.habits)
    html = _environment().get_template(f"{layout.id}.html").render(
        pen=quill,
        f=facts,
        rows=case.rows,
        month=_first_month(case.rows),
        layout=layout,
        signed=True,
        ink=_Ink(facts, seed, layout.kind),
        pick=seed,
        tong=lambda name: sum(row[name] for row in case.rows),
        tien=lambda amount: write_money(amount, layout.habits.money),
    )  # fmt: skip
    # Whoever signs is named below the signature; whether that is read as a field is left open.
    quill.asides |= {"employer.representative.full_name", "employer.representative.position"} - set(quill.said)
    if layout.kind in SEALED:
        quill.said["document.has_seal"] = 'class="dau"' in html
    return html, quill


SEALED = frozenset(
    {"labour_contract", "suspension_agreement", "unpaid_leave_agreement", "form_01", "form_12", "termination_decision"}
)
"""Papers of which the dictionary asks whether they bear a seal: contracts, decisions, lists."""


def _first_month(rows: Sequence[Facts]) -> Any:
    return min((row["suspension.starts_on"] for row in rows), default=None)


def _address(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()
