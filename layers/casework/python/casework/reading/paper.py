"""One document made ready for its fields: its text, labels and sections, its dates and periods, worked out once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from casework.document import FieldValue
from casework.reading.document_types import DocumentType
from casework.reading.flow import Flow
from casework.reading.heads import worded_heads
from casework.reading.labels import Label, find_labels, in_order
from casework.reading.persons import titled_names
from casework.reading.sections import Part, find_parts
from casework.vietnam.dates import FoundDate, Span, find_dates, find_spans


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value one field may have: where it stands in the flow, and how strongly label, section and form speak."""

    value: FieldValue
    start: int
    end: int
    belief: float
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class Paper:
    """One document's text with its labels and sections, and what is worked out once for all its fields."""

    flow: Flow
    described: DocumentType
    labels: tuple[Label, ...] = ()
    parts: tuple[Part, ...] = ()
    found_dates: tuple[FoundDate, ...] = ()
    spans: tuple[Span, ...] = ()
    plain: str = field(default="", repr=False)
    folded: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        found = worded_heads(self.flow, self.described, find_labels(self.flow, self.described))
        self.labels = in_order(self.flow, titled_names(self.flow, self.described, found))
        self.parts = find_parts(self.flow, self.described, self.labels)
        self.plain = re.sub(r"[\n\t\f]", " ", self.flow.text)
        self.folded = re.sub(r"[\n\t\f]", " ", self.flow.folded)
        self.found_dates = find_dates(self.plain)
        self.spans = find_spans(self.plain, self.found_dates)
