"""Tables as CSV and XLSX that hold what they say and nothing a spreadsheet would carry out.

In CSV a cell that a spreadsheet could take for a formula gets an apostrophe before it (OWASP); in XLSX every text is an
inline string, which is never one. Control signs are left out: XML knows none of them. Written by hand: what a table
needs of the format is little, and a library would turn texts into formulas.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Cell = str | int
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same table is the same file
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Một Cửa" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_STYLED = f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
_STYLES_ARE = f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
# 0: as it comes; 1: text (format 49); 2: a heading, bold, framed, wrapped.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Arial"/></font>'
    '<font><b/><sz val="11"/><name val="Arial"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left style="thin"/>'
    '<right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" '
    'applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def as_csv(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read Vietnamese; RFC 4180."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_MINIMAL)
    for row in (headings, *rows):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def as_xlsx(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """One sheet; texts are texts and numbers numbers."""
    lines = "".join(_line(number, row) for number, row in enumerate((headings, *rows), start=1))
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
    return _packed({**_PARTS, "xl/worksheets/sheet1.xml": sheet})


def blank_list(above: Sequence[Sequence[str]], headings: Sequence[tuple[str, int]], name: str) -> bytes:
    """A sheet to fill in: lines above the table, its headings with their columns' widths in letters. Every column is
    text, so that numbers keep the noughts they begin with and days stay as they are typed."""
    lines = "".join(_line(number, row) for number, row in enumerate(above, start=1))
    heads = "".join(_cell(f"{_letters(at)}{len(above) + 1}", text, 2) for at, (text, _) in enumerate(headings))
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" style="1" customWidth="1"/>'
        for at, (_, width) in enumerate(headings, start=1)
    )
    frozen = (
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{len(above) + 1}" topLeftCell="A{len(above) + 2}" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    )
    rows = f'{lines}<row r="{len(above) + 1}" ht="48" customHeight="1">{heads}</row>'
    sheet = f'<worksheet xmlns="{_MAIN}">{frozen}<cols>{columns}</cols><sheetData>{rows}</sheetData></worksheet>'
    named = _PARTS["xl/workbook.xml"].replace("Một Cửa", escape(name))
    styled = _PARTS["xl/_rels/workbook.xml.rels"].replace("</Relationships>", _STYLED)
    kinds = _PARTS["[Content_Types].xml"].replace("</Types>", _STYLES_ARE)
    return _packed(
        {
            **_PARTS, "[Content_Types].xml": kinds, "xl/workbook.xml": named, "xl/_rels/workbook.xml.rels": styled,
            "xl/styles.xml": _STYLES, "xl/worksheets/sheet1.xml": sheet,
        }
    )  # fmt: skip


def _packed(parts: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(zipfile.ZipInfo(name, _WHEN), _HEAD + text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def harmless(text: str) -> str:
    """A cell's text, without control signs, that no spreadsheet takes for a formula."""
    starts = text.startswith(_STARTS)
    clean = _CONTROLS.sub("", text)
    return f"'{clean}" if starts or clean.lstrip().startswith(_STARTS) else clean


def _line(number: int, row: Sequence[Cell]) -> str:
    cells = "".join(_cell(f"{_letters(column)}{number}", cell) for column, cell in enumerate(row))
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, cell: Cell, style: int = 0) -> str:
    if isinstance(cell, int):
        return f'<c r="{place}"><v>{cell}</v></c>'
    drawn = f' s="{style}"' if style else ""
    text = escape(_CONTROLS.sub("", cell))
    return f'<c r="{place}"{drawn} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(column: int) -> str:
    """A column's letters: A … Z, AA …"""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
