"""One row of a list: what stands in its cells becomes fields, and what one cell says of another.

Which column means what, and which rows there are, is told elsewhere.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from casework.document import Box, Field, FieldValue, Word
from casework.reading.cell_values import kind_of_absence, read_amount, read_choice, read_month, read_period
from casework.reading.confidence import Signs, confidence, signs_of_value
from casework.reading.correction import mend, unaccented_capitals
from casework.reading.document_types import Choice, Column
from casework.reading.values import read_value
from casework.reading.window import Value, Window
from casework.vietnam import identifiers
from casework.vietnam.letters import fold, nfc

NUMBER = "row.number"


@dataclass(slots=True)
class RawCell:
    """What stands in one cell: its words line by line, as one text."""

    text: str = ""
    words: list[Word] = field(default_factory=list)
    box: Box | None = None
    spans: bool = False  # its box is that of a drawn cell, which may span columns

    @staticmethod
    def of(words: Sequence[Word]) -> RawCell:
        """A cell that nothing is drawn around: it reaches as far as its words, which are in their order."""
        box = None
        for word in words:
            box = word.box if box is None else box.union(word.box)
        return RawCell(nfc(" ".join(word.text for word in words)), list(words), box)


@dataclass(slots=True)
class RawRow:
    """One row as it stands on the page, cells by column index."""

    page: int
    ocr: bool
    cells: dict[int, RawCell]
    number_at: int = 0  # the column of the rows' numbers
    group: str = ""  # the words of the headings it stands under


_NONE = Field(None)


@dataclass(frozen=True, slots=True)
class Manner:
    """What holds for all rows: what a figure of money counts, and the words for why somebody is away."""

    unit: int = 1
    absences: tuple[Choice, ...] = ()


def read_row(
    number: int | None, raw: RawRow, naming: dict[int, Column], doubt: str | None, manner: Manner
) -> dict[str, Field]:
    """The fields of one row."""
    source = raw.cells.get(raw.number_at)
    fields = {NUMBER: _number_field(number, raw, source, doubt)}
    for index, column in naming.items():
        cell = raw.cells.get(index, RawCell())
        if column.type == "period":
            days = _period(cell, raw, column).items()
            fields.update({name: value for name, value in days if fields.get(name, _NONE).value is None})
        elif column.type == "bank_details":
            fields.update(_bank_details(cell, raw))
        elif column.id not in fields or fields[column.id].value is None:
            fields[column.id] = _cell_field(cell, column, raw, manner.unit)
    identity = fields.get("employee.id_number", _NONE)
    if isinstance(identity.value, str) and (shape := identifiers.id_number(identity.value).kind):
        fields["employee.id_kind"] = replace(identity, value=shape, doubts=())
    holder, person = fields.get("employee.bank_account_holder"), fields.get("employee.full_name")
    if raw.ocr and holder is not None and isinstance(holder.value, str):
        spelled, why = unaccented_capitals(holder.value, person.value if person else None)
        fields["employee.bank_account_holder"] = replace(holder, value=spelled, doubts=(*holder.doubts, *why))
    note = fields.pop("note", None)
    _tell_absence(fields, naming, note, raw.group, manner.absences)
    return fields


_NO_KIND = "không ghi rõ là tạm hoãn, nghỉ không lương hay ngừng việc"


def _tell_absence(
    fields: dict[str, Field],
    naming: dict[int, Column],
    note: Field | None,
    group: str,
    absences: tuple[Choice, ...],
) -> None:
    """Why somebody is away: said by its column, by the note, by the heading of the group; and with it whose days the
    days are. Days of an unknown kind of absence are kept as a suspension's, doubted."""
    said = fields.pop("absence.kind", _NONE)
    days = {"starts_on": fields.pop("absence.starts_on", _NONE), "ends_on": fields.pop("absence.ends_on", _NONE)}
    listed = any(column.id.startswith("absence.") for column in naming.values())
    if said.value is None and listed:
        beside = [(note.raw, note)] if note is not None and note.raw else []
        for text, field in (*beside, (group, replace(_NONE, raw=group, confidence=0.9, source="text"))):
            found = read_choice(text, absences) if text else None
            if found is not None:
                said = replace(field, value=found.value, confidence=max(field.confidence, 0.6), doubts=())
                break
    if said.value is None and not listed:
        if fields.get("suspension.kind", _NONE).value is None and "suspension.starts_on" in fields:
            for text, place in ((note.raw if note else "", note), (group, None)):
                kind = read_value("suspension_kind", Window(text, text)) if text else None
                if kind is not None:
                    found_in = place or Field(None, text, 0.9, None, None, "text")
                    fields["suspension.kind"] = replace(found_in, value=kind.value, doubts=())
                    break
        return
    belongs = kind_of_absence(said.value)
    if said.value in ("suspension", "unpaid_leave"):
        fields["suspension.kind"] = said
    if belongs == "termination":
        fields.setdefault("termination.effective_on", days["starts_on"])
    elif belongs is not None or said.value is None:
        for name, field in days.items():
            if field.raw or field.value is not None:
                if belongs is None:
                    field = replace(field, doubts=(*field.doubts, _NO_KIND), confidence=min(field.confidence, 0.5))
                fields.setdefault(f"{belongs or 'suspension'}.{name}", field)


def _number_field(number: int | None, raw: RawRow, cell: RawCell | None, doubt: str | None) -> Field:
    doubts = (doubt,) if doubt else () if number is not None else ("không thấy số thứ tự",)
    text = cell.text if cell else ""
    sure = 0.0 if number is None else 0.6 if doubts else 0.98
    return Field(number, text, sure, raw.page, cell.box if cell else None, "ocr" if raw.ocr else "text", doubts)


def _cell_field(cell: RawCell, column: Column, raw: RawRow, unit: int) -> Field:
    text = cell.text.strip()
    if not text or not re.search(r"\w", text):
        return Field(None, text)
    match column.type:
        case "amount":
            found = read_amount(text, unit)
        case "month":
            found = read_month(text)
        case "choice":
            found = read_choice(text, column.choices)
        case _:
            found = read_value(column.type, Window(text, text))
    if found is None and column.choices:
        found = read_choice(text, column.choices)
    if found is None:
        return replace(_field(cell, Value(None, 0, len(text), 0.3, ("không đọc được ô này",)), raw), confidence=0.0)
    found = found if column.sure else _of_unsure_column(found)
    read = _field(cell, found, raw, column.type)
    return read if found.value is not None else replace(read, confidence=0.0)


def _field(cell: RawCell, found: Value, raw: RawRow, kind: str = "") -> Field:
    scores = [word.confidence for word in cell.words] or [0.0]
    value, mended = mend(found.value, kind) if raw.ocr else (found.value, ())
    signs = Signs(
        belief=0.97 * found.quality,
        glyphs=statistics.fmean(scores),
        weakest=min(scores),
        doubted=bool(found.doubts),
        mended=bool(mended),
        ocr=raw.ocr,
        cell=True,
        **signs_of_value(value, cell.text),  # type: ignore[arg-type]
    )
    found = Value(value, found.start, found.end, found.quality, (*found.doubts, *mended))
    doubts = (*found.doubts, "chữ khó đọc") if raw.ocr and min(scores) < 0.6 else found.doubts
    return Field(found.value, cell.text, confidence(signs), raw.page, cell.box, "ocr" if raw.ocr else "text", doubts)


UNSURE_COLUMN = "tên cột không nói rõ cột này là gì"
# What a value is worth whose column may be another.
_UNSURE = 0.55


def _of_unsure_column(found: Value) -> Value:
    return replace(found, quality=_UNSURE * found.quality, doubts=(*found.doubts, UNSURE_COLUMN))


def _period(cell: RawCell, raw: RawRow, column: Column) -> dict[str, Field]:
    fields = {}
    for name, date in zip(column.gives, read_period(cell.text), strict=True):
        if date is None:
            fields[name] = Field(None, cell.text)
        else:
            found = Value(date.value, date.start, date.end, 1.0, date.doubts)
            fields[name] = _field(cell, found if column.sure else _of_unsure_column(found), raw)
    return fields


def _bank_details(cell: RawCell, raw: RawRow) -> dict[str, Field]:
    """Holder, number and bank in one cell, in any order."""
    runs = identifiers.find_runs(cell.text, shortest=6)
    values: dict[str, FieldValue] = {"employee.bank_account": runs[0].digits if runs else None}
    rest = cell.text.replace(runs[0].raw, " | ") if runs else cell.text
    for part in re.split(r"[|;,:\n]|\s-\s|(?:STK|Số TK|Tên TK|Chủ TK|tại|TK)\b", rest):
        words = part.strip(" .-")
        bank = re.search(
            r"bank|ngan hang|\bnh\b|vietin|techcom|agri|vietcom|bidv|sacom|\bmb\b|acb|tp|vp|vib|shb|hdb|ocb|msb|"
            r"scb|sea",
            fold(words),
        )
        if len(words) < 3 and not (bank and len(words) == 2):
            continue
        name = "employee.bank_name" if bank else "employee.bank_account_holder"
        values.setdefault(name, words)
    return {name: _field(cell, Value(value, 0, 0, 0.95), raw) for name, value in values.items() if value is not None}
