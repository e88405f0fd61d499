"""The types of paper, as the rulebook describes them: titles, marks, sections, fields with their labels, tables.

Loads and validates rulebook/fields.toml and rulebook/documents/*.toml, once, when first asked. How a field is found
is said here by name only (`find`); finding it is the other modules' work.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from casework.vietnam.letters import fold, nfc

VALUE_TYPES = frozenset(
    [
        "number",
        "date",
        "place",
        "person",
        "birth_date",
        "sex",
        "nationality",
        "id_number",
        "issuer",
        "address",
        "phone",
        "bhxh",
        "account",
        "bank",
        "text",
        "company",
        "mst",
        "email",
        "position",
        "code",
        "integer",
        "months",
        "money",
        "money_words",
        "pay_method",
        "reason",
        "choice",
        "period",
        "bank_details",
        "contract_type",
        "suspension_kind",
        "region",
        "registration",
        "ending",
        "income",
        "unit",
        "statement_period",
        "month",
    ]
)
# What only a column of a list holds: read by casework.reading.cells.
COLUMN_TYPES = VALUE_TYPES | {"amount", "month"}
WAYS_TO_FIND = frozenset(
    [
        "label",
        "issue_line",
        "choice",
        "constant",
        "period_start",
        "period_end",
        "contract_reference",
        "from_id_number",
        "seal",
        "epidemic",
        "coded_row",
        "quarter",
        "articles",
        "ticked",
        "card_date",
        "card_issuer",
        "statement_period",
        "words",
    ]
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field told by phrases: the first choice with a phrase in the text wins."""

    value: str | bool
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """One field of one document type. Labels and phrases are folded; `squeezed` ones have no spaces or signs."""

    id: str
    type: str
    section: str
    labels: tuple[str, ...]
    inline: tuple[str, ...]
    find: str = "label"
    required: bool = False
    value: str = ""
    near: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    unless_before: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    plain: frozenset[str] = frozenset()  # squeezed labels printed without any mark: a word with marks is not one
    also: tuple[str, ...] = ()  # further ways to find it
    codes: tuple[str, ...] = ()  # of a coded row: the codes of the row, the first that is there counts
    after: tuple[tuple[str, str], ...] = ()  # words that are its label only close behind another field's
    words: tuple[tuple[tuple[str, ...], ...], ...] = ()  # ways to word a label: of each group one, of "!" groups none


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document: it opens with one of these phrases; what it holds tells it from the other party's."""

    id: str
    opens: tuple[str, ...]
    holds: tuple[str, ...]
    last: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, known by its heading."""

    id: str
    type: str
    labels: tuple[str, ...]
    words: tuple[tuple[tuple[str, ...], ...], ...] = ()  # ways to say it: of each group one word, of "!" groups none
    gives: tuple[str, ...] = ()  # the fields a period fills
    choices: tuple[Choice, ...] = ()  # words that mean a value: of a choice, or where its type does not know them
    vocabulary: frozenset[str] = frozenset()  # folded words its heading may be made of
    sure: bool = True  # of a paper's column: its heading says that it is this one


@dataclass(frozen=True, slots=True)
class Table:
    """A list of rows, numbered one by one in its first column. `count_field`: the field for their declared count."""

    id: str
    number: tuple[str, ...]
    total: tuple[str, ...]
    columns: tuple[Column, ...]
    required: tuple[str, ...]
    count_field: str = ""
    others: tuple[str, ...] = ()  # folded phrases of headings whose columns hold none of these


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One type of paper. Titles are kept as printed; everything that is searched for is folded."""

    id: str
    name_vi: str
    name_en: str
    titles: tuple[str, ...]
    marks: tuple[str, ...]
    against: tuple[str, ...]
    marks_wanted: int
    sections: tuple[Section, ...] = ()
    fields: tuple[FieldDescription, ...] = ()
    table: Table | None = None
    title_kinds: tuple[str, ...] = ()
    title_topics: tuple[str, ...] = ()
    gathers: bool = False  # several papers of this type, one behind the other, are one (statements of one set)
    stops: tuple[str, ...] = ()
    inline_stops: tuple[str, ...] = ()

    def field(self, field_id: str) -> FieldDescription | None:
        """The description of one field; None when this type has no such field."""
        return next((field for field in self.fields if field.id == field_id), None)


def squeeze(text: str) -> str:
    """Folded letters and digits alone: the form in which labels are compared."""
    return re.sub(r"[^a-z0-9]", "", fold(nfc(text)))


def fold_phrase(text: str) -> str:
    """Folded, single spaces: the form in which phrases are looked for."""
    return " ".join(fold(nfc(text)).split())


@functools.cache
def document_types() -> dict[str, DocumentType]:
    """Every described type by id. Raises ValueError naming the file and the fault when a description is wrong."""
    rulebook = resources.files("casework") / "rulebook"
    dictionary = tomllib.loads((rulebook / "fields.toml").read_text(encoding="utf-8"))
    columns = tomllib.loads((rulebook / "columns.toml").read_text(encoding="utf-8"))
    types: dict[str, DocumentType] = {}
    for file in sorted((rulebook / "documents").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        try:
            described = _document_type(tomllib.loads(file.read_text(encoding="utf-8")), dictionary, columns)
        except (KeyError, TypeError, ValueError) as fault:
            raise ValueError(f"rulebook/documents/{file.name}: {fault!r}") from fault
        if described.id + ".toml" != file.name:
            raise ValueError(f"rulebook/documents/{file.name}: the id is {described.id!r}")
        types[described.id] = described
    return types


@functools.cache
def _all_labels() -> frozenset[str]:
    return frozenset(
        squeeze(label)
        for described in document_types().values()
        for label in (*described.stops, *(label for field in described.fields for label in field.labels))
    )


def is_label(text: str) -> bool:
    """The words are a label of some type, alone or with a remark in brackets, an item's number or a colon."""
    plain = re.sub(r"\([^)]*\)?|^\s*(?:(?:\d{1,2}|[a-z])\s*[.)]|\d{1,2}\s)", " ", fold(nfc(text)))
    return any(squeeze(part) in _all_labels() for part in (plain, plain.split("/")[0]) if part.strip())


def _document_type(source: dict[str, Any], dictionary: dict[str, Any], columns: dict[str, Any]) -> DocumentType:
    _only(
        source, "id name titles title_kinds title_topics marks against marks_wanted gathers stops section field table"
    )
    sections = tuple(
        Section(entry["id"], _folded(entry["opens"]), _folded(entry.get("holds", [])), bool(entry.get("last", False)))
        for entry in source.get("section", [])
    )
    known = {section.id for section in sections} | {"head", "any"}
    fields = tuple(_field(entry, dictionary, known) for entry in source.get("field", []))
    ids = [field.id for field in fields]
    if len(ids) != len(set(ids)):
        raise ValueError(f"fields named twice: {sorted({name for name in ids if ids.count(name) > 1})}")
    if not source["titles"]:
        raise ValueError("a type without a title cannot be recognised")
    return DocumentType(
        id=source["id"],
        name_vi=source["name"]["vi"],
        name_en=source["name"]["en"],
        titles=tuple(nfc(title) for title in source["titles"]),
        marks=_folded(source.get("marks", [])),
        against=_folded(source.get("against", [])),
        marks_wanted=int(source.get("marks_wanted", 1)),
        sections=sections,
        fields=fields,
        table=_table(source["table"], columns) if "table" in source else None,
        title_kinds=tuple(squeeze(kind) for kind in source.get("title_kinds", [])),
        title_topics=tuple(squeeze(topic) for topic in source.get("title_topics", [])),
        gathers=bool(source.get("gathers", False)),
        stops=_folded([*dictionary["*"]["labels"], *source.get("stops", []), *dictionary["*"]["inline"]]),
        inline_stops=_folded(dictionary["*"]["inline"]),
    )


def _field(entry: dict[str, Any], dictionary: dict[str, Any], sections: set[str]) -> FieldDescription:
    _only(entry, "id type section labels without inline find also codes required value near avoid unless_before choice")
    known = dictionary.get(entry["id"], {})
    _only(known, "type labels inline after words")
    find = entry.get("find", "label")
    also = tuple(entry.get("also", []))
    if not WAYS_TO_FIND.issuperset(also):
        raise ValueError(f"{entry['id']}: unknown ways to find it {also!r}")
    kind = entry.get("type", known.get("type", "choice" if find == "choice" else "text"))
    if kind not in VALUE_TYPES:
        raise ValueError(f"{entry['id']}: unknown type {kind!r}")
    if find not in WAYS_TO_FIND:
        raise ValueError(f"{entry['id']}: unknown way to find it {find!r}")
    if entry["section"] not in sections:
        raise ValueError(f"{entry['id']}: unknown section {entry['section']!r}")
    unused = {squeeze(label) for label in entry.get("without", [])}
    inline = tuple(label for label in _folded(_said(known, entry, "inline")) if squeeze(label) not in unused)
    labels = tuple(label for label in _folded(_said(known, entry, "labels")) if squeeze(label) not in unused)
    if find == "label" and not labels and not inline:
        raise ValueError(f"{entry['id']}: a field found by its label needs one")
    choices = tuple(
        Choice({"true": True, "false": False}.get(choice["value"], choice["value"]), _folded(choice["phrases"]))
        for choice in entry.get("choice", [])
    )
    return FieldDescription(
        id=entry["id"],
        type=kind,
        section=entry["section"],
        labels=tuple(dict.fromkeys([*labels, *inline])),
        inline=inline,
        find=find,
        required=bool(entry.get("required", False)),
        value=entry.get("value", ""),
        near=_folded(entry.get("near", [])),
        avoid=_folded(entry.get("avoid", [])),
        unless_before=_folded(entry.get("unless_before", [])),
        choices=choices,
        also=also,
        codes=tuple(entry.get("codes", [])),
        plain=frozenset(squeeze(label) for label in _printed(known, entry) if label.isascii()),
        after=tuple(
            (fold_phrase(words), other) for words, others in known.get("after", {}).items() for other in others
        ),
        words=tuple(tuple(_label_words(group) for group in way) for way in known.get("words", [])),
    )


def _said(known: dict[str, Any], entry: dict[str, Any], key: str) -> list[str]:
    """Labels of the dictionary and of the type itself."""
    return [*known.get(key, []), *entry.get(key, [])]


def _printed(known: dict[str, Any], entry: dict[str, Any]) -> list[str]:
    return [label for source in (known, entry) for key in ("labels", "inline") for label in source.get(key, [])]


def _table(source: dict[str, Any], known: dict[str, Any]) -> Table:
    _only(source, "id number total required columns count_field")
    return Table(
        source["id"],
        tuple(squeeze(label) for label in source["number"]),
        _folded(source.get("total", [])),
        tuple(_column(name, known[name], known["*"]["general"]) for name in source["columns"]),
        tuple(source.get("required", [])),
        source.get("count_field", ""),
        _folded(known["*"]["others"]),
    )


def _column(name: str, entry: dict[str, Any], general: list[str]) -> Column:
    _only(entry, "type labels words gives choice")
    if entry["type"] not in COLUMN_TYPES:
        raise ValueError(f"{name}: unknown type {entry['type']!r}")
    if (entry["type"] == "period") != (len(entry.get("gives", [])) == 2):
        raise ValueError(f"{name}: a period gives two fields, its first and its last day")
    if entry["type"] == "choice" and "choice" not in entry:
        raise ValueError(f"{name}: a choice says which words mean what")
    words = tuple(tuple(_word_group(group) for group in way) for way in entry.get("words", []))
    labels = tuple(squeeze(label) for label in entry["labels"])
    choices = tuple(Choice(value, _folded(phrases)) for value, phrases in entry.get("choice", {}).items())
    said = [*general, *entry["labels"], *(group for way in entry.get("words", []) for group in way if group[0] != "!")]
    vocabulary = frozenset(re.findall(r"[a-z0-9]+", " ".join(_folded(said))))
    return Column(name, entry["type"], labels, words, tuple(entry.get("gives", [])), choices, vocabulary)


def _word_group(group: str) -> tuple[str, ...]:
    """ "tạm hoãn|nghỉ" → its squeezed words; a group of words that must be missing begins with "!"."""
    words = tuple(squeeze(word) for word in group.lstrip("!").split("|"))
    return ("!", *words) if group.startswith("!") else words


def _label_words(group: str) -> tuple[str, ...]:
    """The same for a label's words: folded, with their spaces, to be found as whole words."""
    words = tuple(fold_phrase(word) for word in group.lstrip("!").split("|"))
    return ("!", *words) if group.startswith("!") else words


def _folded(phrases: list[str]) -> tuple[str, ...]:
    return tuple(fold_phrase(phrase) for phrase in phrases)


def _only(entry: dict[str, Any], allowed: str) -> None:
    strange = set(entry) - set(allowed.split())
    if strange:
        raise ValueError(f"unknown keys {sorted(strange)}")
