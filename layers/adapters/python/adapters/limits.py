"""What files are let in: how large, how many pages, which types; and the refusal that tells what to do instead.

Knows numbers only. Who looks at what: `inspection` at every file, `pdf_inspection` at PDFs, `inflation` at what is
compressed inside them.
"""

from __future__ import annotations

from dataclasses import dataclass

from casework.errors import UnacceptableFile, problem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is let in. `types` are media types; a page's image may have `megapixels` million pixels."""

    bytes: int = 20 << 20
    pages: int = 30
    megapixels: int = 40
    types: tuple[str, ...] = ("application/pdf", "image/jpeg", "image/png", XLSX)


UPLOAD_LIMITS = Limits()
READ_LIMITS = Limits(types=(*UPLOAD_LIMITS.types, "image/tiff"))


def refuse(slug: str, **values: object) -> UnacceptableFile:
    """The exception that carries problem `slug`."""
    return UnacceptableFile(problem(slug, **values))
