"""Papers as the system sees them: words with boxes, ruled grids, marks, pages, fields with their evidence.

Knows shapes and units only. How words are read from pixels is the adapters' business, how fields are found
among the words is `casework.reading`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NewType

DocumentId = NewType("DocumentId", str)
UploadId = NewType("UploadId", str)

PageSource = Literal["text", "ocr", "sheet"]
FieldSource = Literal["text", "ocr", "second_look", "person"]
FieldValue = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages, Vietnamese first."""

    vi: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the upright page (0–1), origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def union(self, other: Box) -> Box:
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read: NFC text, its box, the reader's confidence (0–1; 1.0 for a text layer)."""

    text: str
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a ruled table. Rows and columns from 0; words in reading order."""

    row: int
    column: int
    box: Box
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table found by its ruling lines; its cells' words also stand in the page's words."""

    box: Box
    rows: int
    columns: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A seal or a signature seen on the page; confidence 0–1."""

    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Space:
    """A place to sign as it was found on the page: whose (employer, employee, household, other), whether a seal is
    asked for, its box, and what part of it (0–1) is the ink of a pen, and red ink (without colour: within the rim of
    a seal); over: the part of the pen's ink that is under a seal."""

    role: str
    sealed: bool
    box: Box
    ink: float
    red: float = 0.0
    over: float = 0.0


@dataclass(frozen=True, slots=True)
class MixedLine:
    """A line of a PDF with figures in another font: `part` of `line`, at this box; fonts: the line's, the part's."""

    page: int
    box: Box
    line: str
    part: str
    fonts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PdfSignature:
    """A digital signature: `holds` when what it covers is as it was signed; `trusted` when its chain leads to a root
    that is believed; `changed_since`: what kind of change came after it; `revocation_known`: the file carries
    revocation data, without which nothing is known of it offline."""

    signer: str
    issuer: str = ""
    signed_at: str = ""
    holds: bool = True
    trusted: bool = False
    revoked: bool = False
    revocation_known: bool = False
    covers_file: bool = True
    changed_since: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FileMarks:
    """What a file tells of its history: changes after it was made (those of signatures not counted), the programs it
    names, lines with mixed fonts, signatures. `unexamined`: why it could not be looked through."""

    changes: int = 0
    programs: tuple[str, ...] = ()
    mixed: tuple[MixedLine, ...] = ()
    signatures: tuple[PdfSignature, ...] = ()
    unexamined: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What the picture of a page shows beside its text. `likeness`: a hash in hex that copies of one page share for the
    most part, empty for a page without enough on it; `keys`, `figures`: digests of its longest numbers, and of all
    (casework.sightings); `spaces`: where it is to be signed; `edges`: parts of seals cut
    by the paper's edge (dấu giáp lai); `colour`: whether the picture has any, without which red says nothing; `file`:
    the marks of the file, kept with its first page."""

    likeness: str = ""
    keys: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    spaces: tuple[Space, ...] = ()
    edges: tuple[Mark, ...] = ()
    colour: bool = False
    file: FileMarks | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do next, in both languages. `type` is a slug of casework.errors.PROBLEMS."""

    type: str
    title: str
    detail: str
    title_en: str = ""
    detail_en: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read.

    `number` counts from 1. Pixel sizes are those of the upright image that was read. `rotation_deg` is the
    clockwise turn that made it upright (0, 90, 180, 270); `skew_deg` the small angle left (anticlockwise
    positive). `quality` holds named measures ("sharpness", "ink", "brightness"…, each documented where it is
    measured). A page with a `problem` could not be read: its words, if any, are not to be believed.
    """

    number: int
    source: PageSource
    width_px: int
    height_px: int
    rotation_deg: int = 0
    skew_deg: float = 0.0
    quality: dict[str, float] = field(default_factory=dict)
    problem: Problem | None = None
    words: tuple[Word, ...] = ()
    grids: tuple[Grid, ...] = ()
    seals: tuple[Mark, ...] = ()
    signatures: tuple[Mark, ...] = ()
    look: Look | None = None

    @property
    def readable(self) -> bool:
        return self.problem is None


@dataclass(frozen=True, slots=True)
class Field:
    """A value with its evidence. Ids and value forms are those of the field dictionary: dates ISO 8601, money
    integer VND, ids digit strings, names NFC. A field not found has value None and confidence 0.0: absence is an
    answer. `doubts` says in words why it is doubtful, Vietnamese first."""

    value: FieldValue
    raw: str = ""
    confidence: float = 0.0
    page: int | None = None
    box: Box | None = None
    source: FieldSource | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One of several papers in one file: its type, its pages in the order in which they are read, what it says."""

    document_type: str
    type_confidence: float
    pages: tuple[int, ...]
    fields: dict[str, Field] = field(default_factory=dict)
    tables: dict[str, tuple[dict[str, Field], ...]] = field(default_factory=dict)


Counted = Literal["article", "part", "heading", "row"]


@dataclass(frozen=True, slots=True)
class Jump:
    """Numbers that do not go on from one page to the next: `before` is the last on the one, `after` the first on the
    other. `counts`: what is numbered; boxes in fractions of their pages, None on a sheet with two pages."""

    counts: Counted
    pages: tuple[int, int]
    boxes: tuple[Box | None, Box | None]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document says: its type, its fields, its tables row by row ("roster"), its pages in short.

    `document_type` is an id of rulebook/documents or "unknown". Pages listed here carry no words. A file that holds
    several papers has them in `parts`; its own type, fields and tables are then those of the first part that is known.
    `remarks`: what is to be said of its pages: out of order, missing from a numbered set. `jumps`: where what is
    numbered on its pages does not go on. `confidence_version`: the calibration that its confidences come from.
    """

    document_type: str
    type_confidence: float
    fields: dict[str, Field] = field(default_factory=dict)
    tables: dict[str, tuple[dict[str, Field], ...]] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    parts: tuple[Part, ...] = ()
    remarks: tuple[Problem, ...] = ()
    confidence_version: str = ""
    jumps: tuple[Jump, ...] = ()

    @property
    def unreadable_pages(self) -> tuple[int, ...]:
        return tuple(page.number for page in self.pages if not page.readable)

    @property
    def papers(self) -> tuple[Part, ...]:
        """The papers of the file: its parts, or the one paper that it is."""
        if self.parts:
            return self.parts
        numbers = tuple(page.number for page in self.pages)
        return (Part(self.document_type, self.type_confidence, numbers, self.fields, self.tables),)
