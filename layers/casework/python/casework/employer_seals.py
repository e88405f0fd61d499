"""Whose seal it is that an employer's paper bears: which seals are to be read, and the signal when one surely is
another firm's.

The seal read is the one where the employer signs; others on the page may be anybody's. A seal that cannot be read, or
a paper that does not surely say who the employer is, says nothing. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casework.document import Box, DocumentId, Field, Mark, Page, Part, Reading, Text
from casework.dossier import Document, Dossier
from casework.reading.document_types import document_types
from casework.seal_names import SealRead, told
from casework.signals import Place, Signal, signal

MOST_SEALS = 10  # of a dossier: some two seconds each
_SURE = 0.8  # of what the paper says of its employer
_NEAR = (0.09, 0.06)  # of the page: half of a seal beside the space, it still belongs to it
_NAME, _CODE = "employer.name", "employer.tax_code"

SealPlace = tuple[DocumentId, int, Box]
"""(document, page, the seal's box): where a seal is."""


@dataclass(frozen=True, slots=True)
class EmployerSeal:
    """An employer's seal on a paper, and what the paper says of the employer."""

    document: Document
    part: Part
    page: Page
    seal: Mark

    @property
    def place(self) -> SealPlace:
        return self.document.id, self.page.number, self.seal.box

    @property
    def name(self) -> Field | None:
        return self._said(_NAME)

    @property
    def tax_code(self) -> Field | None:
        return self._said(_CODE)

    def _said(self, name: str) -> Field | None:
        read = self.part.fields.get(name)
        return read if read is not None and read.value and read.confidence >= _SURE else None


def employer_seals(dossier: Dossier, readings: Mapping[str, Reading]) -> list[EmployerSeal]:
    """The seals worth reading, MOST_SEALS at most. readings: by document id."""
    found: list[EmployerSeal] = []
    for document in dossier.live_documents:
        reading = readings.get(document.id)
        if reading is None:
            continue
        pages = {page.number: page for page in reading.pages}
        for part in reading.papers:
            own = [pages[number] for number in part.pages if number in pages]
            found += (
                seal
                for page, mark in _where_the_employer_signs(own)
                if (seal := EmployerSeal(document, part, page, mark)).name or seal.tax_code
            )
    return found[:MOST_SEALS]


def seals_differ(
    dossier: Dossier, readings: Mapping[str, Reading], read: Mapping[SealPlace, Sequence[SealRead]]
) -> Iterator[Signal]:
    """Seals that surely are not the employer's whom their paper names. read: what was read of each."""
    for one in employer_seals(dossier, readings):
        name, code = one.name, one.tax_code
        found = told(read.get(one.place, ()), _printed(name), _printed(code))
        named = code if re.fullmatch(r"[\d?]+", found.seen) else name
        if found.verdict != "other" or named is None:
            continue
        places = [
            Place(one.document.id, one.page.number, one.seal.box, found.seen),
            Place(one.document.id, named.page, named.box, _printed(named)),
        ]
        yield signal("seals-differ", places, paper=_titled(one), seen=found.seen, named=_printed(named))


def _where_the_employer_signs(pages: Sequence[Page]) -> Iterator[tuple[Page, Mark]]:
    """Of each page the seal that lies over most of an employer's space, or beside it."""
    for page in pages:
        spaces = [space.box for space in page.look.spaces if space.role == "employer"] if page.look else []
        over = [(max(_shared(seal.box, box) for box in spaces), seal) for seal in page.seals] if spaces else []
        share, seal = max(over, key=lambda pair: pair[0], default=(0.0, None))
        if seal is not None and share > 0:
            yield page, seal


def _shared(seal: Box, space: Box) -> float:
    """How much of the page's area both have, the space taken a little larger."""
    across = min(seal.x1, space.x1 + _NEAR[0]) - max(seal.x0, space.x0 - _NEAR[0])
    down = min(seal.y1, space.y1 + _NEAR[1]) - max(seal.y0, space.y0 - _NEAR[1])
    return max(0.0, across) * max(0.0, down)


def _printed(said: Field | None) -> str:
    return str(said.value) if said is not None else ""


def _titled(one: EmployerSeal) -> Text:
    """The paper's type and its file."""
    known, name = document_types().get(one.part.document_type), one.document.file_name
    return Text(f"{known.name_vi} ({name})", f"{known.name_en} ({name})") if known else Text(name, name)
