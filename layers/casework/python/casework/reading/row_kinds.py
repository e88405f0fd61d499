"""What each row of a raw table is: part of the heading, the columns' numbers, a group's heading, a total, a person's.

Knows the words and figures that tell them apart, not what is said of anybody.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from casework.reading.cells import RawRow
from casework.reading.document_types import Table
from casework.vietnam.letters import fold, nfc

_COUNTER = re.compile(r"^[\s.()|\[\]]*(\d{1,5})[\s.)|\]]*$")
_READ_FOR_FIGURES = str.maketrans("lI|!ỊịÌÍoOsSŠ§", "1111111100555" + "8")
_LONG_FIGURE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{6}|\d{1,3}(?:[.,]\d{3}){1,4}")
# I, II.1, A, b): what a group is counted with.
_GROUP_MARK = re.compile(r"(?:[ivx]{1,4}|[a-z])(?:[.,]\d{1,2})?", re.IGNORECASE)
# With their marks, for "Tổ may" is a team and "Tô Minh" a person; the long ones also as a scan spells them.
_GROUP_WORDS = re.compile(
    r"(?:[ivx]{1,4}\s*[./)-]\s*)?(?:(?:xưởng|phòng|tổ|đội|ban|nhóm|khối|nhà máy|cửa hàng|kho|dây chuyền|chuyền|diện)\s|"
    r"(?:tăng|giảm|điều chỉnh)\b)"
)
_LONG_GROUP_WORDS = re.compile(
    r"(?:[ivx1l]{1,4}\s*[./)-]\s*)?(?:phan xuong|bo phan|chi nhanh|lao dong|nguoi lao dong|cac truong hop|dieu chinh|"
    r"danh sach)\b"
)


def counter(text: str) -> int | None:
    """The number of a row: figures alone, or the letters that are read for one or two of them."""
    plain = text.strip()
    match = _COUNTER.match(plain.translate(_READ_FOR_FIGURES) if len(plain) <= 3 else text)
    return int(match[1]) if match else None


def number_of(row: RawRow) -> int | None:
    """The number that stands in a row's cell for it."""
    cell = row.cells.get(row.number_at)
    if cell is None:
        return None
    if not row.ocr and not any(character.isdigit() for character in cell.text):
        return None
    return counter(cell.text)


def filled(row: RawRow) -> list[int]:
    """The columns of a row's cells that are not empty."""
    return [index for index, cell in row.cells.items() if cell.text.strip()]


def long_figures(row: RawRow) -> int:
    """How many cells hold a date, a long number or a sum of money."""
    return sum(_LONG_FIGURE.search(cell.text) is not None for cell in row.cells.values())


def is_numbering(row: RawRow) -> bool:
    """The row under the heading that numbers the columns: (1) (2) (3) … or A B C 1 2."""
    texts = [cell.text.strip(" ().") for cell in row.cells.values() if cell.text.strip()]
    if len(texts) < 3 or any(len(text) > 4 for text in texts):
        return False
    figures = [int(text) for text in texts if text.isdigit()]
    letters = sum(len(text) == 1 and text.isalpha() for text in texts)
    rising = all(later > earlier for earlier, later in itertools.pairwise(figures))
    return (rising and len(figures) + letters >= 0.7 * len(texts)) or _counts_columns(row, len(texts))


def _counts_columns(row: RawRow, filled_cells: int) -> bool:
    """Half the cells hold the number of their place, whatever the reader made of the others: "(4" "@)" "(6)" "Œ7)"."""
    seen = [(index, re.search(r"\d{1,2}", cell.text)) for index, cell in row.cells.items()]
    steps = Counter(int(match[0]) - index for index, match in seen if match)
    return bool(steps) and max(steps.values()) >= max(3, filled_cells / 2)


def _says(text: str, label: str) -> bool:
    """The text begins with the label; a speck may stand before one of several words."""
    speck = r"(?:\W*\w{0,2}\W+)?" if " " in label else ""
    return re.match(rf"{speck}{re.escape(label)}\b", text) is not None


def is_total(row: RawRow, table: Table) -> bool:
    """The row sums up those above it ("Tổng cộng", "Cộng nhóm A"). A row with a number or with days is a person's."""
    others = [row.cells[index].text for index in sorted(filled(row)) if index != row.number_at]
    first = row.cells.get(row.number_at)
    texts = [first.text, *others] if first and first.text.strip() and counter(first.text) is None else others
    said = [fold(text).strip(" :.-()") for text in texts[:2]]
    if not any(_says(text, label) for text in said for label in table.total):
        return False
    return number_of(row) is None and not re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", " ".join(texts))


def is_empty(row: RawRow) -> bool:
    """Nothing stands in the row but, perhaps, its number or a speck."""
    letters = sum(
        character.isalnum() for index in filled(row) if index != row.number_at for character in row.cells[index].text
    )
    mark = row.cells[row.number_at].text if row.number_at in row.cells else ""
    return letters == 0 and (counter(mark) is not None or sum(character.isalpha() for character in mark) < 2)


def _is_speck(text: str) -> bool:
    return sum(character.isalnum() for character in text) < 3


def group_heading(row: RawRow, columns: Sequence[tuple[float, float]]) -> str | None:
    """The words of a group's heading ("II Giảm", "Phân xưởng may"); None where the row is no such heading.

    A scan may have made a number of its mark: "II" reads 11."""
    held = filled(row)
    others = [index for index in held if index != row.number_at]
    if row.ocr and len(others) > 1:
        others = [index for index in others if not _is_speck(row.cells[index].text)] or others
    mark = row.cells[row.number_at].text.strip(" .)") if row.number_at in held else ""
    if len(others) > 1 or long_figures(row) or not held:
        return None
    words = " ".join(row.cells[index].text.strip() for index in sorted(held))
    if not others:
        # A heading that spans the table stands in its first column.
        return words if sum(character.isalpha() for character in words) >= 2 and counter(words) is None else None
    if _GROUP_MARK.fullmatch(mark):
        return words
    if mark and not row.ocr and any(character.isdigit() for character in mark):
        return None
    cell = row.cells[others[0]]
    own = columns[others[0]] if others[0] < len(columns) else (0.0, 1.0)
    if cell.spans and cell.box is not None and cell.box.width > 1.6 * (own[1] - own[0]):
        return words
    named = _GROUP_WORDS.match(nfc(cell.text).lower()) or _LONG_GROUP_WORDS.match(fold(cell.text))
    return words if named else None


def _opens_group(row: RawRow, columns: Sequence[tuple[float, float]]) -> bool:
    """A group's heading right below the list's own, of which no row has its mark or its full width."""
    if group_heading(row, columns) is None:
        return False
    first = row.cells.get(row.number_at)
    if first and _GROUP_MARK.fullmatch(first.text.strip(" .)")):
        return True
    covered = sum(cell.box.width for cell in row.cells.values() if cell.box is not None and cell.spans)
    return covered > 0.95 * (columns[-1][1] - columns[0][0])


def heading_rows(rows: Sequence[RawRow], columns: Sequence[tuple[float, float]], *, headed: bool) -> int:
    """How many rows stand before the first person's or group's. headed: the heading was found beside the rows."""
    for index, row in enumerate(rows):
        if is_numbering(row):
            return index + 1
        if (index or headed) and _opens_group(row, columns):
            return index
        if number_of(row) is not None and len(filled(row)) >= 3:
            return index
        if (index or headed) and long_figures(row):
            return index
    return 0 if headed else min(len(rows), 2)


def numbering_rows(rows: Sequence[RawRow]) -> int:
    """How many rows a page that goes on without a heading opens with that only number the columns."""
    return max((index + 1 for index, row in enumerate(rows[:4]) if is_numbering(row)), default=0)
