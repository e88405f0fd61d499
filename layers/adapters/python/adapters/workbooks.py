"""A list sent as a spreadsheet (XLSX): which ones are let in, and what their cells say, as texts.

Nothing is computed and nothing fetched: a formula is worth the value it had when the file was saved, for that is what
its sender saw; one without a value is refused. Macros, links to other files and embedded things are refused whole. How
the cells are laid out as pages is `sheet_pages`' business.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from adapters.limits import refuse

MOST_ROWS = 5_100  # 5,000 people, and what stands above and below them
MOST_COLUMNS = 60
MOST_SHEETS = 20
LONGEST_CELL = 500
_MOST_PARTS = 200
_MOST_UNPACKED_BYTES = 64 << 20  # 5,000 rows of 14 columns take about 6 MB
_MOST_OTHER_BYTES = 4 << 20  # of a part that holds no rows: it is taken into memory whole
_ROWS_AND_TEXTS = re.compile(r"xl/(worksheets/[^/]+|sharedstrings)\.xml", re.IGNORECASE)
_ACTIVE = re.compile(
    r"vbaproject|externallinks/|activex/|embeddings/|ctrlprops/|macrosheets/|dialogsheets/|querytables/"
    r"|webextensions/|model/|xl/connections\.xml|customui/",
    re.IGNORECASE,
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
# A formula and nothing after it, or an empty value that is not said to be a text.
_NO_VALUE = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_LONGEST_FORMULA_BYTES = 32_768
_PLACE = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MOST_MERGED = 20_000
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What openpyxl and its parsers raise on a file that is no spreadsheet though it is packed like one.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, TypeError, AttributeError, SyntaxError,
    ArithmeticError, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Workbook:
    """The one sheet of a file: its rows that hold something, by the number the spreadsheet gives them, each as texts
    by column; `merged`: (row, column) of a merged cell, and how many rows and columns it takes."""

    rows: Mapping[int, tuple[str, ...]]
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def is_workbook(data: bytes) -> bool:
    """Is it packed as a spreadsheet of this kind is?"""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return {"[Content_Types].xml", "xl/workbook.xml"} <= set(packed.namelist())
    except _BROKEN:
        return False


def is_encrypted(data: bytes) -> bool:
    """An office file with a password is a compound file that holds the packed one, encrypted."""
    return data.startswith(_COMPOUND) and "EncryptedPackage".encode("utf-16-le") in data


def inspect_workbook(data: bytes) -> None:
    """Look through every part, bounded, before a parser sees it. Raises UnacceptableFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or len({part.filename for part in parts}) < len(parts):
                raise refuse("file-too-complex")
            if any(_ACTIVE.search(part.filename) for part in parts):
                raise refuse("sheet-active-content")
            unpacked = 0
            for part in parts:
                if part.flag_bits & 1:
                    raise refuse("file-password-protected")
                if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise refuse("file-too-complex")
                unpacked += _look_through(packed, part, _MOST_UNPACKED_BYTES - unpacked)
    except _BROKEN as error:
        raise refuse("file-damaged") from error


def _look_through(packed: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """Inflate a part with its checksum, keeping it only if small; returns its size."""
    rows = _ROWS_AND_TEXTS.fullmatch(part.filename) is not None
    most = most if rows else min(most, _MOST_OTHER_BYTES)
    size, before = 0, b""
    with packed.open(part) as stream:
        while chunk := stream.read(1 << 20):
            size += len(chunk)
            if size > most:
                raise refuse("file-too-complex")
            seen = before + chunk
            if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                _look_at_markup(seen)
            if rows:
                _look_for_values(seen)
            before = seen[-_LONGEST_FORMULA_BYTES:] if rows else seen
    if part.filename.endswith(".rels"):
        _look_at_relations(before)
    if part.filename == "[Content_Types].xml" and b"macroenabled" in before.lower():
        raise refuse("sheet-active-content")
    return size


def _look_at_markup(seen: bytes) -> None:
    """No entity is defined and no other encoding used: a spreadsheet never does."""
    if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or b"\0" in seen:
        raise refuse("file-damaged")


def _look_for_values(seen: bytes) -> None:
    for found in _NO_VALUE.finditer(seen):
        if found[2] is None or b't="str"' not in found[1]:
            place = _PLACE.search(found[1])
            raise refuse("sheet-without-value", cell=place[1].decode() if place else "?")


def _look_at_relations(seen: bytes) -> None:
    """Links that a person would click (an e-mail address becomes one by being typed) fetch nothing; others may."""
    for relation in _RELATION.findall(seen.replace(b"'", b'"')):
        if b'TargetMode="External"' in relation and b'/hyperlink"' not in relation:
            raise refuse("sheet-active-content")


def read_workbook(data: bytes) -> Workbook:
    """The one sheet that holds something. Raises UnacceptableFile."""
    import openpyxl  # in the layer of those who open papers

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that it does not know
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = book.worksheets
            if len(sheets) > MOST_SHEETS:
                raise _beyond(f"{len(sheets)} trang tính", f"{len(sheets)} sheets")
            read = [(sheet, dict(_rows(sheet))) for sheet in sheets]
            filled = [(sheet, rows) for sheet, rows in read if rows]
            if not filled:
                raise refuse("file-empty")
            if len(filled) > 1:
                names = ", ".join(f"«{_text(sheet.title)[:31]}»" for sheet, _ in filled[:5])
                raise _beyond(f"{len(filled)} trang tính có dữ liệu: {names}", f"{len(filled)} sheets that hold data")
            sheet, rows = filled[0]
            merged = _merged(data, sheet._worksheet_path)
    except _BROKEN as error:
        raise refuse("file-damaged") from error
    return Workbook(rows, merged)


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    sheet.reset_dimensions()  # what the file says of its size need not be so
    count = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [_said(cell) if cell.value is not None else "" for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        count += 1
        if count > MOST_ROWS:
            raise _beyond(f"hơn {MOST_ROWS} dòng", f"more than {MOST_ROWS} rows")
        if len(texts) > MOST_COLUMNS:
            raise _beyond(f"{len(texts)} cột ở dòng {number}", f"{len(texts)} columns in row {number}")
        if any(len(text) > LONGEST_CELL for text in texts):
            raise _beyond(f"ô dài hơn {LONGEST_CELL} chữ ở dòng {number}", f"a cell over {LONGEST_CELL} letters long")
        yield number, tuple(texts)


def _beyond(found: str, found_en: str) -> Exception:
    return refuse("sheet-beyond-limits", rows="5.000", columns=MOST_COLUMNS, found=f"{found} ({found_en})")


def _said(cell: Any) -> str:
    """What the cell shows: days as people write them, numbers without a mark between thousands, with the noughts before
    them that its format asks for."""
    value = cell.value
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        value = int(value)
    if isinstance(value, int):
        wide = re.fullmatch(r"0+", str(cell.number_format or ""))
        return str(value).zfill(len(wide[0])) if wide else str(value)
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return _text(str(value))


def _text(text: str) -> str:
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\t", " "))).strip()


def _merged(data: bytes, path: str) -> dict[tuple[int, int], tuple[int, int]]:
    found: dict[tuple[int, int], tuple[int, int]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for match in _MERGED.finditer(packed.read(path.lstrip("/"))):
            left, right = _column(match[1]), _column(match[3])
            top, bottom = int(match[2]), int(match[4])
            if right < MOST_COLUMNS and right >= left and bottom >= top and len(found) < _MOST_MERGED:
                found[top, left] = (bottom - top + 1, right - left + 1)
    return found


def _column(letters: bytes) -> int:
    """A column's place from 0."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1
