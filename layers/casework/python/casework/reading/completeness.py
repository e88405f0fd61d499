"""Is the list whole? Its row numbers, the number of people it speaks of, and the sums of its total rows.

Whatever does not fit is said with the count of rows; nothing is passed over and nothing is made to fit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from casework.document import Field, FieldSource, Page
from casework.reading.cell_values import read_amount
from casework.reading.cells import NUMBER, RawRow
from casework.reading.document_types import Column
from casework.reading.numbering import Numbered, missing_numbers
from casework.vietnam.letters import fold

Row = dict[str, Field]

_SAID = re.compile(
    r"(?P<lead>danh sach|tong (?:cong|so)|\bcong\b(?! (?:ty|nhan|doan|viec|van))|\bgom\b)(?P<what>[^.\n]{0,60}?)"
    r"\b(?P<n>\d{1,5})\s*(?:\([^)]*\)\s*)?(?:nguoi|lao dong|nld)"
)
# "Tổng số lao động trước khi tạm dừng: 64 người" counts others than those on the list.
_OF_OTHERS = re.compile(r"truoc|tham gia|hien co|toan |cong ty|don vi co|doanh nghiep|thang 0?1\b|con lai|dang lam")
_PEOPLE = r"(?:nguoi|lao dong|nld)"
_OWN_COUNT = re.compile(rf"[^\d]{{0,60}}?(?:[:(]\s*(\d{{1,5}})\s*(?:\)|{_PEOPLE}|$)|\b(\d{{1,5}})\s*{_PEOPLE})")


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row that sums up: how many people stand above it in its group, in all, and where each column is."""

    row: RawRow
    naming: dict[int, Column]
    group_from: int
    above: int


@dataclass(frozen=True, slots=True)
class SaidCount:
    """How many people the text says the list has, and where in the text."""

    count: int
    start: int
    end: int


def said_counts(folded: str) -> tuple[SaidCount, ...]:
    """How many people the paper itself says its list has ("Danh sách này có 24 người lao động"), each time it does."""
    found = [match for match in _SAID.finditer(folded) if not _OF_OTHERS.search(match["what"])]
    return tuple(SaidCount(int(match["n"]), match.start(), match.end()) for match in found)


def counts_of_totals(totals: Sequence[TotalRow], rows: int) -> tuple[int, ...]:
    """The numbers of people that total rows at the list's end say."""
    found = []
    for total in totals:
        texts = [fold(cell.text) for cell in total.row.cells.values() if re.search(r"[^\W\d]", cell.text)]
        for text in texts if total.above == rows else ():
            match = _OWN_COUNT.match(text)
            if match:
                found.append(int(match[1] or match[2]))
    return tuple(dict.fromkeys(found))


def check_sums(rows: list[Row], totals: Sequence[TotalRow], unit: int) -> list[str]:
    """Compare every total with the cells above it. Cells that add up are the surer for it; what does not is said.

    Where one cell alone can be the cause (it was not read, or one figure of it was misread) the sum tells its value.
    """
    doubts: list[str] = []
    for total in totals:
        for index, column in total.naming.items():
            cell = total.row.cells.get(index)
            if column.type != "amount" or cell is None or not any(character.isdigit() for character in cell.text):
                continue
            said = read_amount(cell.text, unit)
            if said is None or not isinstance(said.value, int):
                doubts.append(f"không đọc được tổng cột {column.id}")
                continue
            spans = [
                span for span in dict.fromkeys([(total.group_from, total.above), (0, total.above)]) if span[1] > span[0]
            ]
            sums = {span: _sum(rows[slice(*span)], column.id) for span in spans}
            agreeing = [span for span, amount in sums.items() if amount == said.value]
            if agreeing:
                _confirm(rows, agreeing[-1], column.id)
            elif sums and not _mended(rows, spans, column.id, said.value):
                nearest = min(sums.values(), key=lambda amount: abs(amount - int(said.value or 0)))
                doubts.append(f"tổng cột {column.id} ghi {said.value}, cộng các dòng được {nearest}")
    return doubts


def said_sums(rows: int, totals: Sequence[TotalRow], unit: int) -> dict[str, Field]:
    """What the row that sums up the whole list says, by column, with where it says so; of a scan not quite surely."""
    found: dict[str, Field] = {}
    for total in totals:
        for index, column in total.naming.items():
            cell = total.row.cells.get(index)
            if column.type != "amount" or cell is None or total.above != rows or total.group_from:
                continue
            said = read_amount(cell.text, unit) if any(character.isdigit() for character in cell.text) else None
            if said is not None and isinstance(said.value, int):
                source: FieldSource = "ocr" if total.row.ocr else "text"
                sure = 0.9 if total.row.ocr else 0.99
                found[column.id] = Field(said.value, cell.text.strip(), sure, total.row.page, cell.box, source)
    return found


# A total tells the value of a cell whose figures differ from it by no more than this.
_FIGURES_APART = 1


def _mended(rows: list[Row], spans: Sequence[tuple[int, int]], name: str, total: int) -> bool:
    """The total is met when one cell of a scan, and no other, is read a little differently."""
    for span in spans:
        lacking = total - _sum(rows[slice(*span)], name)
        found = [
            (place, value)
            for place in range(*span)
            if (field := rows[place].get(name)) is not None and field.source == "ocr" and field.raw
            for value in [lacking + (field.value if isinstance(field.value, int) else 0)]
            if value >= 0 and _figures_apart(field.raw, value) <= _FIGURES_APART
        ]
        if len(found) == 1:
            place, value = found[0]
            before = rows[place][name]
            rows[place][name] = replace(
                before, value=value, confidence=_BY_SUM, doubts=(f"đọc là {before.raw}, tổng cột cho {value}",)
            )
            return True
    return False


_BY_SUM = 0.9


def _figures_apart(raw: str, value: int) -> int:
    return int(Levenshtein.distance("".join(filter(str.isdigit, raw)), str(value)))


def _sum(rows: Sequence[Row], name: str) -> int:
    values = [row[name].value for row in rows if name in row]
    return sum(value for value in values if isinstance(value, int))


# Two misread figures that cancel out are rarer than this.
_ADDS_UP = 0.99


def _confirm(rows: list[Row], span: tuple[int, int], name: str) -> None:
    for row in rows[slice(*span)]:
        field = row.get(name)
        if field is not None and field.value is not None:
            row[name] = replace(field, confidence=max(field.confidence, _ADDS_UP), doubts=())


# A cell of one person holds no more digits than this.
_MOST_DIGITS = {"employee.bhxh_number": 15, "employee.bank_account": 19, "employee.id_number": 15}


def _holds_two(row: Row) -> bool:
    return any(
        name in row and sum(character.isdigit() for character in row[name].raw) > most
        for name, most in _MOST_DIGITS.items()
    )


def count_rows(
    rows: Sequence[Row], numbered: Sequence[Numbered], said: Sequence[int], pages: Sequence[Page], others: Sequence[str]
) -> Field:
    """The number of rows, with everything that speaks against their being all. said: what the paper says they are.
    others: doubts found elsewhere."""
    unnumbered = bool(rows) and all(row[NUMBER].doubts for row in rows)
    doubts: list[str] = [] if rows else ["không tìm thấy dòng nào của danh sách"]
    missing = missing_numbers(numbered)
    if said and len(rows) not in said:
        last = max((row.number for row in numbered), default=0)
        missing += range(last + 1, min(said) + 1) if min(said) > len(rows) + len(missing) else ()
    if missing:
        shown = ", ".join(str(number) for number in missing[:20]) + (" …" if len(missing) > 20 else "")
        doubts.append(f"thiếu dòng số {shown}")
    if said and len(rows) not in said:
        doubts.append(f"tổng cộng ghi {', '.join(map(str, said))}, đọc được {len(rows)} dòng")
    repeated = _repeated(rows)
    if repeated:
        doubts.append("cùng một số sổ BHXH ở các dòng " + repeated)
    if unnumbered and not said:
        doubts.append("danh sách không có số thứ tự và không ghi tổng số: không biết có thiếu dòng nào không")
    doubled = [row[NUMBER].value for row in rows if _holds_two(row)]
    if doubled:
        doubts.append("có dòng có thể gồm hai người: " + ", ".join(map(str, doubled)))
    unreadable = [page.number for page in pages if not page.readable]
    if unreadable:
        doubts.append("không đọc được trang " + ", ".join(map(str, unreadable)))
    doubts += others
    first = next((field for row in rows for field in row.values() if field.page is not None), None)
    source = first.source if first else None
    sure = 0.0 if not rows else 0.3 if doubts else 0.98 if not unnumbered or said else 0.7
    raw = ", ".join(map(str, said))
    return Field(len(rows), raw, sure, first.page if first else None, None, source, tuple(doubts))


def _repeated(rows: Sequence[Row]) -> str:
    """The rows (counted from 1) that bear one social-insurance number: a page read twice, or a number misread."""
    places: dict[object, list[int]] = {}
    for place, row in enumerate(rows, start=1):
        field = row.get("employee.bhxh_number")
        if field is not None and field.value is not None:
            places.setdefault(field.value, []).append(place)
    found = [" và ".join(map(str, same)) for same in places.values() if len(same) > 1]
    return "; ".join(found[:10]) + (" …" if len(found) > 10 else "")
