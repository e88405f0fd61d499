"""The rows of a list as an agency sends it, CSV or XLSX, one after another: however long the list, few are in memory.

Refuses what is no list at all; what is wrong in a cell is casework.agency_lists' business.
"""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LARGEST_UNPACKED_BYTES = 2 * 2**30  # of an XLSX: a million rows of ten columns take about half of it
LONGEST_LINE = 100_000
_SEPARATORS = ",;\t|"

Row = tuple[int, list[Any]]


class UnreadableList(Exception):
    """The file is no list that can be read; the text says why, in Vietnamese and English."""


def rows_of(path: Path) -> Iterator[Row]:
    """(number of the row in the file from 1, its cells). Raises UnreadableList, OSError."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"PK\x03\x04"):
        yield from _of_xlsx(path)
    elif start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise UnreadableList("chỉ nhận CSV và XLSX · only CSV and XLSX are taken")
    else:
        yield from _of_csv(path, "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")


def _of_csv(path: Path, encoding: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_LINE)
    try:
        with path.open(encoding=encoding, newline="") as file:
            head = list(itertools.islice(_lines(file), 20))
            if any("\0" in line for line in head):
                raise UnreadableList("không phải tệp văn bản · no text file")
            separator = max(_SEPARATORS, key=lambda sign: max((line.count(sign) for line in head), default=0))
            reader = csv.reader(itertools.chain(head, _lines(file)), delimiter=separator)
            for cells in reader:
                yield reader.line_num, cells
    except UnicodeError:
        raise UnreadableList("CSV phải là UTF-8 · a CSV must be UTF-8") from None
    except csv.Error as error:
        raise UnreadableList(f"CSV hỏng: {error} · broken CSV") from None


def _lines(file: io.TextIOBase | Any) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UnreadableList("có dòng quá dài · a line is too long")
        yield line


def _of_xlsx(path: Path) -> Iterator[Row]:
    """The first sheet; formulas by the value they had when the file was saved."""
    import openpyxl  # only who imports lists has it

    try:
        with path.open("rb") as file:
            with zipfile.ZipFile(file) as packed:
                if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED_BYTES:
                    raise UnreadableList("tệp giải nén quá lớn · the file is too large unpacked")
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            for number, cells in enumerate(book.worksheets[0].values, start=1):
                yield number, list(cells)
            book.close()
    except (zipfile.BadZipFile, zlib.error, KeyError, IndexError, ValueError, SyntaxError, EOFError) as error:
        raise UnreadableList(f"XLSX hỏng: {type(error).__name__} · broken XLSX") from None
