"""A list as a spreadsheet: cells as they are meant, faults by person and column, pages as if printed."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import PIL.Image
import pytest
from adapters.blank_lists import blank_lists
from adapters.inspection import inspect
from adapters.sheet_pages import ROWS_A_PAGE, lay_out, read_sheet
from adapters.workbooks import read_workbook
from casework.document import Reading
from casework.reading import read_fields
from casework.reading.sheet_faults import MOST_TOLD

from tests.hostile_sheets import FIRST_ROW, filled_in, made, person, saved

EMPLOYER = ("Công ty Cổ phần May Sông Xanh", "0319783482", "0319783482", "12 Lê Lợi, Quận 1, TP. Hồ Chí Minh")


def reading_of(data: bytes) -> Reading:
    count = inspect(data, "danh-sach.xlsx").page_count
    return read_fields([read_sheet(data, number, picture=False)[0] for number in range(1, count + 1)])


def rows_of(*people: list[Any]) -> list[dict[str, Any]]:
    rows = reading_of(filled_in(people, EMPLOYER)).tables["roster"]
    return [{name: field.value for name, field in row.items()} for row in rows]


def test_the_blank_list_filled_in_is_read_whole_over_its_pages() -> None:
    people = [person(number) for number in range(1, 3 * ROWS_A_PAGE)]
    said = reading_of(filled_in(people, EMPLOYER))
    rows = said.tables["roster"]
    assert (said.document_type, said.remarks, len(said.pages)) == ("form_01", (), 4)
    assert said.fields["employer.name"].value == EMPLOYER[0]
    assert said.fields["employer.tax_code"].value == EMPLOYER[2]
    assert [row["row.number"].value for row in rows] == [row[0] for row in people]
    assert [row["employee.full_name"].value for row in rows] == [row[1] for row in people]
    assert [row["employee.id_number"].value for row in rows] == [row[3] for row in people]
    assert {row["suspension.ends_on"].value for row in rows} == {"2020-05-14"}
    assert min(field.confidence for row in rows for field in row.values() if field.value) > 0.97


@pytest.mark.parametrize(
    ("cell", "value", "field", "read"),
    [
        ("I", datetime(2020, 4, 15), "suspension.starts_on", "2020-04-15"),
        ("I", "15.4.2020", "suspension.starts_on", "2020-04-15"),
        ("D", "012345678", "employee.id_number", "012345678"),
        ("D", 123456789, "employee.id_number", "123456789"),
        ("D", 123456789.0, "employee.id_number", "123456789"),
        ("H", 7912345678, "employee.bhxh_number", "7912345678"),
        ("L", 711000000001.0, "employee.bank_account", "711000000001"),
        ("C", 1990, "employee.date_of_birth", "1990"),
        ("B", "Nguyễn Văn\nÁnh", "employee.full_name", "Nguyễn Văn Ánh"),
    ],
)
def test_dates_and_numbers_are_what_was_meant(cell: str, value: Any, field: str, read: Any) -> None:
    assert rows_of(person(1), person(2, **{cell: value}))[1][field] == read


def test_noughts_that_only_a_format_shows_are_read() -> None:
    def change(book: Any, sheet: Any) -> None:
        cell = sheet.cell(FIRST_ROW, 4, 12345678)
        cell.number_format = "000000000"

    assert reading_of(made(change)).tables["roster"][0]["employee.id_number"].value == "012345678"


def test_a_fault_names_person_and_column_in_both_languages() -> None:
    people = [person(1), person(2, D=12345678), person(3, J="31/04/2020"), person(4, I="giữa tháng tư")]
    said = reading_of(filled_in(people, EMPLOYER))
    titles = [(remark.title, remark.title_en) for remark in said.remarks]
    assert titles[0] == ("STT 2, cột “Số giấy tờ tùy thân”", "No. 2, column “Identity number”")
    assert [title.partition(",")[0] for title, _ in titles] == ["STT 2", "STT 3", "STT 4"]
    lost, never, unread = said.remarks
    assert people[1][1] in lost.detail and "12345678" in lost.detail
    assert "mất số 0 ở đầu" in lost.detail and "nought" in lost.detail_en
    assert "không có trong lịch" in never.detail and "31/04/2020" in never.detail_en
    assert "giữa tháng tư" in unread.detail
    assert said.tables["roster"][1]["employee.id_number"].doubts  # and the person's own state says so


def test_only_the_first_faults_are_told_one_by_one() -> None:
    faults = MOST_TOLD + 5
    said = reading_of(filled_in([person(number, D=number) for number in range(1, faults + 1)], EMPLOYER))
    assert [remark.type for remark in said.remarks] == ["list-cell-unclear"] * MOST_TOLD + ["list-cells-more"]
    assert "5" in said.remarks[-1].title


def test_a_formula_is_worth_the_value_it_was_saved_with() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled_in([person(1)])))
    book.active.cell(FIRST_ROW, 4, "=1+1")
    data = saved(book)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            new.writestr(part.filename, re.sub(rb"<v\s*/>|<v></v>", b"<v>234567890</v>", old.read(part)))
    assert reading_of(packed.getvalue()).tables["roster"][0]["employee.id_number"].value == "234567890"


def test_cells_merged_downwards_speak_for_each_of_their_rows() -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.cell(FIRST_ROW, 5, "Tổ cắt")
        sheet.merge_cells(start_row=FIRST_ROW, end_row=FIRST_ROW + 1, start_column=5, end_column=5)

    rows = reading_of(made(change)).tables["roster"]
    assert [row["employee.department"].value for row in rows] == ["Tổ cắt", "Tổ cắt"]


def test_a_heading_of_two_rows_with_merged_cells_is_understood() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH NGƯỜI LAO ĐỘNG TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG, NGHỈ VIỆC KHÔNG HƯỞNG LƯƠNG"])
    sheet.append(["STT", "Họ và tên", "Số sổ BHXH", "Thời gian tạm hoãn", None, "Tài khoản của NLĐ", None, None])
    sheet.append([None, None, None, "Từ ngày", "Đến ngày", "Tên TK", "Số TK", "Ngân hàng"])
    for place in ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2"):
        sheet.merge_cells(place)
    for number in (1, 2):
        row = person(number)
        sheet.append([number, row[1], row[7], row[8], row[9], row[10], row[11], row[12]])
    row = reading_of(saved(book)).tables["roster"][1]
    told = {name: row[name].value for name in ("employee.full_name", "suspension.starts_on", "suspension.ends_on")}
    wanted = (person(2)[1], "2020-04-15", "2020-05-14")
    assert tuple(told.values()) == wanted
    assert row["employee.bank_account"].value == person(2)[11]


def test_a_spreadsheet_is_a_list_and_nothing_else() -> None:
    book = openpyxl.Workbook()
    for line in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "THỎA THUẬN TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG",
        "Người sử dụng lao động: Công ty May Sông Xanh", "Người lao động: Nguyễn Văn Ánh",
        "Hai bên thỏa thuận tạm hoãn thực hiện hợp đồng lao động từ ngày 15/04/2020 đến ngày 14/05/2020.",
    ):  # fmt: skip
        book.active.append([line])
    data = saved(book)
    page = read_sheet(data, 1, picture=False)[0]
    assert read_fields([page]).document_type == "unknown"
    assert read_fields([dataclasses.replace(page, source="text")]).document_type == "suspension_agreement"


def test_what_is_looked_at_is_what_is_read() -> None:
    """Every word has its ink in its box, on a picture of the page's size."""
    page, picture = read_sheet(filled_in([person(number) for number in range(1, 30)], EMPLOYER), 1, picture=True)
    with PIL.Image.open(io.BytesIO(picture)) as opened:
        assert opened.size == (page.width_px, page.height_px)
        for word in page.words:
            box = word.box
            place = (box.x0 * opened.width, box.y0 * opened.height, box.x1 * opened.width, box.y1 * opened.height)
            assert opened.crop(tuple(round(part) for part in place)).getextrema()[0] < 60, word
    assert len(picture) < 200_000


def test_every_row_stands_on_one_page_and_every_page_says_what_its_columns_are() -> None:
    book = read_workbook(filled_in([person(number) for number in range(1, 251)], EMPLOYER))
    laid = lay_out(book)
    below = [number for page in laid.pages for number, _ in page if number not in laid.heads]
    assert below == [number for number in sorted(book.rows) if number not in laid.heads]
    assert all((laid.heads[0], True) in page for page in laid.pages)


def test_the_blank_list_keeps_noughts_and_says_the_same_each_time() -> None:
    blank = blank_lists()["mau-so-01.xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(blank)).active
    assert [sheet.column_dimensions[letter].number_format for letter in "ADHL"] == ["@"] * 4
    assert sheet.cell(FIRST_ROW - 1, 4).value == "Số CMND/CCCD"
    assert sheet.max_row == FIRST_ROW - 1
