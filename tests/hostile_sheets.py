"""Spreadsheets made here: a list as an employer fills it in, and those that are to be refused, each with its slug."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import openpyxl
from adapters.blank_lists import blank_lists
from adapters.workbooks import MOST_COLUMNS, MOST_ROWS

from tests.hostile import Hostile

NAMES = ("Nguyễn Văn Ánh", "Trần Thị Bích", "Lê Hoàng Cường", "Phạm Thị Diễm", "Đặng Quốc Đạt")
FIRST_ROW = 10  # of the people, in the blank list


def person(number: int, **other: Any) -> list[Any]:
    """One row of the blank list, in its order of columns; `other` by the letter of the column."""
    row: list[Any] = [
        number, f"{NAMES[number % 5]} {'ABCDEGHIKL'[number // 5 % 10]}", date(1980 + number % 20, 3, 5),
        f"{200000000 + number * 7919:09d}", "Phân xưởng may", "Không xác định thời hạn", date(2019, 1, 1),
        f"{7900000000 + number}", date(2020, 4, 15), "14/05/2020", NAMES[number % 5], f"{711000000000 + number}",
        "Vietcombank", "Tạm hoãn",
    ]  # fmt: skip
    for letter, value in other.items():
        row["ABCDEFGHIJKLMN".index(letter)] = value
    return row


def filled_in(rows: Sequence[Sequence[Any]], employer: Sequence[str] = ("Công ty May Sông Xanh",)) -> bytes:
    """The blank list with these people; employer: name, enterprise number, tax code … as the form asks for them."""
    book = openpyxl.load_workbook(io.BytesIO(blank_lists()["mau-so-01.xlsx"]))
    sheet = book.active
    for line, text in enumerate(employer, start=3):
        sheet.cell(line, 4, text)
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def made(change: Callable[[Any, Any], object]) -> bytes:
    """A small list, changed by way of its book and sheet."""
    book = openpyxl.load_workbook(io.BytesIO(filled_in([person(1), person(2)])))
    change(book, book.active)
    return saved(book)


def repacked(change: Callable[[str, bytes], bytes] = lambda name, data: data, **more: bytes) -> bytes:
    """A small list, changed part by part; `more`: parts put in, "__" for "/" and "_dot_" for "."."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(filled_in([person(1)]))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, data in more.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return packed.getvalue()


def in_sheet(pattern: bytes, by: bytes) -> bytes:
    return repacked(lambda name, data: re.sub(pattern, by, data, count=1) if "worksheets/sheet" in name else data)


def _several(book: Any, sheet: Any) -> None:
    book.create_sheet("Tháng 5").append(["dữ liệu khác"])


def _external(name: str, data: bytes) -> bytes:
    link = b'<Relationship Id="rId99" Type="http://x/externalLink" Target="file://may/a.xlsx" TargetMode="External"/>'
    return data.replace(b"</Relationships>", link + b"</Relationships>") if name.endswith("workbook.xml.rels") else data


def _macro_kind(name: str, data: bytes) -> bytes:
    return data.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml") if name.startswith("[Content") else data


def _encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)


SHEETS: tuple[Hostile, ...] = (
    Hostile("X0 a list", lambda: filled_in([person(1)]), None, "danh-sach.xlsx"),
    Hostile(
        "X1 macros", lambda: repacked(xl__vbaProject_dot_bin=b"\xd0\xcf"), "sheet-active-content", "danh-sach.xlsx"
    ),
    Hostile("X1b xlsm by its kind", lambda: repacked(_macro_kind), "sheet-active-content", "danh-sach.xlsm"),
    Hostile("X2 a link to another file", lambda: repacked(_external), "sheet-active-content", "danh-sach.xlsx"),
    Hostile(
        "X2b a table of another file",
        lambda: repacked(xl__externalLinks__externalLink1_dot_xml=b"<externalLink/>"),
        "sheet-active-content",
        "danh-sach.xlsx",
    ),
    Hostile(
        "X3 an embedded object",
        lambda: repacked(xl__embeddings__oleObject1_dot_bin=b"MZ"),
        "sheet-active-content",
        "danh-sach.xlsx",
    ),
    Hostile("X4 encrypted", _encrypted, "file-password-protected", "danh-sach.xlsx"),
    Hostile("X4b the old kind", lambda: _encrypted()[:900], "file-type-not-allowed", "danh-sach.xls"),
    Hostile("X5 zip bomb", lambda: repacked(xl__media__a_dot_png=bytes(80 << 20)), "file-too-complex", "a.xlsx"),
    Hostile(
        "X5b bomb in the rows",
        lambda: repacked(lambda name, data: data + b" " * (80 << 20) if "sheet1" in name else data),
        "file-too-complex",
        "a.xlsx",
    ),
    Hostile(
        "X5c a thousand parts",
        lambda: repacked(**{f"xl__p{nth}_dot_xml": b"<a/>" for nth in range(1000)}),
        "file-too-complex",
        "a.xlsx",
    ),
    Hostile("X6 a PDF by its name", lambda: filled_in([person(1)]), "file-type-mismatch", "danh-sach.pdf"),
    Hostile("X7 several sheets", lambda: made(_several), "sheet-beyond-limits", "a.xlsx"),
    Hostile(
        "X7b many sheets",
        lambda: made(lambda book, sheet: [book.create_sheet(f"s{nth}") for nth in range(30)]),
        "sheet-beyond-limits",
        "a.xlsx",
    ),
    Hostile(
        "X8 too many rows",
        lambda: made(lambda book, sheet: [sheet.append([nth]) for nth in range(MOST_ROWS)]),
        "sheet-beyond-limits",
        "a.xlsx",
    ),
    Hostile(
        "X9 too many columns",
        lambda: made(lambda book, sheet: sheet.cell(9, MOST_COLUMNS + 1, "x")),
        "sheet-beyond-limits",
        "a.xlsx",
    ),
    Hostile(
        "X9b a cell of 600 letters", lambda: made(lambda book, sheet: sheet.cell(9, 3, "x" * 600)),
        "sheet-beyond-limits", "a.xlsx",
    ),
    Hostile(
        "X10 a formula without its value",
        lambda: made(lambda book, sheet: sheet.cell(10, 3, '=HYPERLINK("http://x";"y")')),
        "sheet-without-value",
        "a.xlsx",
    ),
    Hostile(
        "X11 entities",
        lambda: in_sheet(rb"<worksheet", b'<!DOCTYPE a [<!ENTITY b "cc">]><worksheet'),
        "file-damaged",
        "a.xlsx",
    ),
    Hostile("X12 cut", lambda: filled_in([person(1)])[:-300], "file-type-not-allowed", "a.xlsx"),
    Hostile("X12b broken rows", lambda: in_sheet(rb"</sheetData>", b""), "file-damaged", "a.xlsx"),
    Hostile(
        "X13 empty", lambda: saved(openpyxl.Workbook()), "file-empty", "a.xlsx",
    ),
)  # fmt: skip
