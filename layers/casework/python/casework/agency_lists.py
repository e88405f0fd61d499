"""Lists that agencies send: what their columns mean, what is wrong in a row, and what a row answers to a question.

Each kind of list is a file of rulebook/lists, named after its registry. Knows nothing of CSV, XLSX or tables: a row
comes as its cells, an entry is plain text by column. What a cell cannot be read as is an error with its row and column,
never a guess.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from typing import Any, Literal

from casework.document import Text
from casework.registry import FactValue, Question, QuestionRow, RowAnswer
from casework.vietnam import identifiers, names
from casework.vietnam.letters import fold, nfc

CellKind = Literal["text", "name", "bhxh", "tax_code", "date", "month", "money", "yes_no"]
Entry = dict[str, str]
LONGEST_CELL = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the headings it may stand under, what its cells are, and the field it is compared with, if any."""

    name: str
    labels: tuple[str, ...]
    kind: CellKind
    required: bool = False
    compare: str = ""


@dataclass(frozen=True, slots=True)
class ListFact:
    """How a fact follows from an entry: `value` of a column; `is_given`: whether the column says anything;
    `month_within`: whether the month that matters lies between two columns, an empty end being open."""

    how: Literal["value", "is_given", "month_within"]
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListKind:
    """One kind of list. subject: whether its entries are people of a list or employers. speaks: of every day until its
    own, or of its own day alone."""

    registry: str
    title: Text
    subject: Literal["row", "dossier"]
    key: str
    speaks: Literal["until", "day"]
    columns: tuple[Column, ...]
    facts: Mapping[str, ListFact]

    def tells_of(self, as_of: date, day: date) -> bool:
        """Whether a list that stood on a day tells of another."""
        return as_of == day if self.speaks == "day" else as_of >= day


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong in a list: row as in the file (the heading's is 1 or wherever it stands), column as people name it
    (letter and heading)."""

    row: int
    column: str
    says: Text


@functools.cache
def list_kinds() -> dict[str, ListKind]:
    """All kinds of lists, by registry."""
    folder = resources.files("casework").joinpath("rulebook/lists")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {
        kind.registry: kind
        for kind in (_kind(file.name[:-5], tomllib.loads(file.read_text("utf-8"))) for file in files)
    }


def _kind(registry: str, data: Mapping[str, Any]) -> ListKind:
    columns = tuple(
        Column(name, tuple(c["labels"]), c["kind"], c.get("required", False), c.get("compare", ""))
        for name, c in data["column"].items()
    )
    facts = {fact_id: ListFact(fact["how"], tuple(fact["of"])) for fact_id, fact in data["fact"].items()}
    title = Text(data["title"], data["title_en"])
    return ListKind(registry, title, data["subject"], data["key"], data["speaks"], columns, facts)


# -- reading a list ---------------------------------------------------------------------------------------------------


def find_columns(kind: ListKind, cells: Sequence[Any]) -> dict[str, int] | None:
    """Where each column stands, if these cells are the list's heading; None if a required one is not among them."""
    labels = {_label(label): column.name for column in kind.columns for label in column.labels}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = labels.get(_label(str(cell or "")))
        if name is not None:
            found.setdefault(name, place)
    return found if all(column.name in found for column in kind.columns if column.required) else None


def read_row(
    kind: ListKind, columns: Mapping[str, int], number: int, cells: Sequence[Any]
) -> tuple[Entry, list[CellError]]:
    """One row as an entry, by column; and what is wrong with it. A row without any cell is an empty entry."""
    if not any(cell not in (None, "") and str(cell).strip() for cell in cells):
        return {}, []
    entry: Entry = {}
    errors = []
    for column in kind.columns:
        if column.name not in columns:
            continue
        place = columns[column.name]
        cell = cells[place] if place < len(cells) else None
        value = "" if cell is None else _as_text(cell)
        says = _NOTHING if not value and column.required else None
        if value:
            value, says = _READERS[column.kind](value)
        if says is not None:
            errors.append(CellError(number, f"{column_letters(place)} ({column.labels[0]})", says))
        elif value:
            entry[column.name] = value
    return entry, errors


def column_letters(place: int) -> str:
    """The name of a column in a spreadsheet, from 0: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _label(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", fold(nfc(text))).split())


def _as_text(cell: Any) -> str:
    """A cell as it would be typed: dates ISO, whole numbers without a point, everything NFC without blanks round it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return nfc(str(cell)).strip()


_Read = tuple[str, Text | None]
_NOTHING = Text("ô bắt buộc mà để trống", "empty, and must not be")
_YES, _NO = {"co", "x", "1", "da", "dung", "yes", "true"}, {"khong", "0", "chua", "no", "false"}


def _text(value: str) -> _Read:
    if len(value) > LONGEST_CELL or any(ord(sign) < 32 for sign in value):
        return "", Text("quá dài hoặc có ký tự điều khiển", "too long, or with control signs")
    return value, None


def _name(value: str) -> _Read:
    if any(sign.isdigit() for sign in value) or not any(sign.isalpha() for sign in value):
        return "", Text(f"“{value[:40]}” không phải họ tên", f"“{value[:40]}” is no name")
    return _text(value)


def _bhxh(value: str) -> _Read:
    digits = value.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 10):
        return "", Text(
            f"“{value[:40]}”: mã số BHXH có 10 chữ số (ô kiểu số làm mất số 0 ở đầu: đặt kiểu văn bản)",
            f"“{value[:40]}”: 10 digits wanted (a cell of numbers loses zeros in front: make it text)",
        )
    return digits, None


def _tax_code(value: str) -> _Read:
    read = identifiers.mst(value)
    digits = re.sub(r"[\s-]", "", value)
    if not (digits.isascii() and digits.isdigit() and read.sound):
        return "", Text(f"“{value[:40]}” không phải mã số thuế", f"“{value[:40]}” is no tax code")
    return read.value.replace("-", ""), None


def _date(value: str) -> _Read:
    found = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)[/.-](\d\d?)[/.-](\d{4})", value, re.ASCII)
    try:
        if found is not None:
            year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
            return date(int(year), int(month), int(day)).isoformat(), None
    except ValueError:
        pass  # no such day: said below
    return "", Text(f"“{value[:40]}” không phải ngày/tháng/năm", f"“{value[:40]}” is no day/month/year")


def _month(value: str) -> _Read:
    found = re.fullmatch(r"(\d{4})-(\d\d?)(?:-\d\d?)?|(?:0?1[/.-])?(\d\d?)[/.-](\d{4})", value, re.ASCII)
    if found is not None:
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        if 1 <= int(month) <= 12:
            return f"{year}-{int(month):02d}", None
    return "", Text(f"“{value[:40]}” không phải tháng/năm", f"“{value[:40]}” is no month/year")


def _money(value: str) -> _Read:
    plain = re.sub(r"\s*(đồng|đ|vnd|vnđ)\.?$", "", value, flags=re.IGNORECASE)
    if re.fullmatch(r"\d{1,15}|\d{1,3}(?:([. ,])\d{3})(?:\1\d{3})*", plain, re.ASCII):
        return re.sub(r"\D", "", plain), None
    return "", Text(f"“{value[:40]}” không phải số tiền đồng", f"“{value[:40]}” is no amount of VND")


def _yes_no(value: str) -> _Read:
    word = _label(value)
    if word in _YES | _NO:
        return ("yes" if word in _YES else "no"), None
    return "", Text(f"“{value[:40]}”: ghi Có hoặc Không", f"“{value[:40]}”: Có (yes) or Không (no) wanted")


_READERS = {
    "text": _text,
    "name": _name,
    "bhxh": _bhxh,
    "tax_code": _tax_code,
    "date": _date,
    "month": _month,
    "money": _money,
    "yes_no": _yes_no,
}


# -- answering a question ---------------------------------------------------------------------------------------------


def day_asked(kind: ListKind, question: Question) -> date:
    """The latest day a question is about: a list must tell of it."""
    days = [row.on for row in question.rows if row.on is not None] if kind.subject == "row" else []
    return max([question.as_of, *days])


def keys_asked(kind: ListKind, question: Question) -> list[str]:
    """The keys under which the list must be looked up."""
    if kind.subject == "dossier":
        return [_plain_code(question.employer.tax_code)]
    return [row.bhxh_number for row in question.rows if row.bhxh_number]


def answer_row(
    kind: ListKind, row: QuestionRow, entry: Entry | None, question: Question, columns: Collection[str]
) -> RowAnswer:
    """What the list says of one person: found, and the same person by name and birth, or not. columns: those the list
    has; what hangs on another one is not known."""
    if entry is None:
        return RowAnswer(row.key, row.bhxh_number, "not_found")
    asked = {"employee.full_name": row.full_name, "employee.date_of_birth": row.date_of_birth}
    differs = tuple(
        column.compare
        for column in kind.columns
        if column.compare and _differs(column, entry.get(column.name), asked[column.compare])
    )
    facts = _facts(kind, entry, row.on or question.as_of, question, columns)
    return RowAnswer(row.key, row.bhxh_number, "mismatch" if differs else "match", facts, differs)


def answer_employer(kind: ListKind, entry: Entry | None, question: Question, columns: Collection[str]) -> RowAnswer:
    """What the list says of the employer or household. columns: those the list has."""
    about = question.employer.tax_code
    if entry is None:
        return RowAnswer("", about, "not_found")
    return RowAnswer("", about, "match", _facts(kind, entry, question.as_of, question, columns))


def _differs(column: Column, listed: str | None, asked: str | date | None) -> bool:
    """Whether both say something, and not the same."""
    if not listed or not asked:
        return False
    if column.kind == "name":
        return not names.compare(listed, str(asked)).same
    return listed != (asked.isoformat() if isinstance(asked, date) else asked)


def _facts(
    kind: ListKind, entry: Entry, day: date, question: Question, columns: Collection[str]
) -> dict[str, FactValue]:
    return {
        fact_id: _fact(kind, fact, entry, day) if set(fact.of) <= set(columns) else None
        for fact_id, fact in kind.facts.items()
        if not question.wanted or fact_id in question.wanted
    }


def _fact(kind: ListKind, fact: ListFact, entry: Entry, day: date) -> FactValue:
    if fact.how == "is_given":
        return fact.of[0] in entry
    if fact.how == "month_within":
        first, last = (entry.get(name, "") for name in fact.of)
        month = day.isoformat()[:7]
        return bool(first) and first <= month and (not last or month <= last)
    value = entry.get(fact.of[0])
    if value is None:
        return None
    column = next(column for column in kind.columns if column.name == fact.of[0])
    if column.kind == "yes_no":
        return value == "yes"
    return int(value) if column.kind == "money" else value


def _plain_code(tax_code: str) -> str:
    return re.sub(r"[\s-]", "", tax_code)
