"""Looking at made papers: letters with their places, pictures of pages, how sharp they are."""

from __future__ import annotations

import html.parser
import io
from collections import Counter
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image

from infra.papers.printing import squeeze


class Letters(html.parser.HTMLParser):
    """The letters a reader of the HTML would see."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.seen = 0, []

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("style", "title")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "title")

    def handle_data(self, data):
        if not self.hidden:
            self.seen.append(data)


def sealed(paper):
    """The paper says something, and a seal stands on it: its layout places one."""
    template = Path(__file__).parents[2] / "infra/papers/templates" / f"{paper.truth['layout']}.html"
    return "sealed=true" in template.read_text(encoding="utf-8") and "pen(" in template.read_text(encoding="utf-8")


def letters(text: str) -> Counter[str]:
    return Counter(squeeze(text))


def render(pdf: bytes, page: int, scale: float = 1.0) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()


def embedded(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as book:
        return [picture.read_raw_bytes() for page in book.pages for picture in page.get_images().values()]


def edges(jpeg: bytes) -> float:
    """Mean step between neighbours four pixels apart: what blurring takes away."""
    page = np.asarray(Image.open(io.BytesIO(jpeg)).convert("L").reduce(4), dtype=np.float32)
    return float(np.abs(np.diff(page, axis=1)).mean())
