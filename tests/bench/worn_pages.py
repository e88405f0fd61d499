"""Development papers made and worn once for measurements on pixels, kept under build/measure_capture.

A page comes with the words printed on it and with the places of its seals, both from the printed PDF, so that nothing
here is judged by the code that is measured. Two measurements use it: `measure_capture` and `measure_seals`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra import papers
from infra.papers.printing import ONE_AT_A_TIME
from infra.papers.wearing import Level, wear

if TYPE_CHECKING:
    from adapters.raster import Sheet

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "measure_capture"
_PAPERS = ROOT / "infra" / "papers"
_MM = 72 / 25.4
_SEAL_MM = (28.0, 45.0)


@dataclass(frozen=True, slots=True)
class WornPage:
    """One page as it arrives: `data` is the whole file, `number` the page in it. text: what is printed on it; seals:
    the centre (in fractions of the printed page) and the width in mm of each seal on it."""

    layout: str
    seed: int
    level: Level
    number: int
    data: bytes
    text: str
    seals: tuple[tuple[float, float, float], ...]

    @property
    def name(self) -> str:
        return f"{self.layout}-{self.seed}-{self.level}-{self.number}"

    def sheet(self) -> Sheet:
        """The page as the reader opens it."""
        import pypdfium2
        from adapters import raster

        with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(self.data)) as book:
            return raster.open_pdf_page(book[self.number - 1])


def worn_pages(layout: str, seed: int, level: Level) -> Iterator[WornPage]:
    """All pages of one paper of the development set; printed and worn once."""
    kept = KEPT / "papers" / f"{layout}-{seed}-{level}-{_made_of(layout)}"
    if not kept.with_suffix(".json").exists():
        paper = papers.make_paper(papers.LAYOUTS[layout].kind, layout, seed=seed)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.with_suffix(".pdf").write_bytes(wear(paper.pdf, level, seed))
        said = {"text": paper.truth["text"], "seals": _seals_on(paper.pdf)}
        kept.with_suffix(".json").write_text(json.dumps(said, ensure_ascii=False))
    said = json.loads(kept.with_suffix(".json").read_text())
    data = kept.with_suffix(".pdf").read_bytes()
    for number, (text, seals) in enumerate(zip(said["text"], said["seals"], strict=True), start=1):
        yield WornPage(layout, seed, level, number, data, text, tuple((x, y, mm) for x, y, mm in seals))


def _seals_on(pdf: bytes) -> list[list[tuple[float, float, float]]]:
    """For each page of a printed paper the centres and widths in mm of its seals: the square pictures on it."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as book:
        return [
            [
                (
                    round((left + right) / 2 / page.get_width(), 4),
                    round(1 - (foot + top) / 2 / page.get_height(), 4),
                    round((right - left) / _MM, 1),
                )
                for picture in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=4)
                for left, foot, right, top in (picture.get_bounds(),)
                if _SEAL_MM[0] < (right - left) / _MM < _SEAL_MM[1] and abs((right - left) - (top - foot)) < _MM
            ]
            for page in book
        ]


def _made_of(layout: str) -> str:
    files = [_PAPERS / name for name in ("wearing.py", "ink.py")]
    files += [_PAPERS / "templates" / name for name in ("_ink.html", "_paper.html", f"{layout}.html")]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:12]
