"""Papers in their own words and shapes: parties told in the first person, days in a table, two facts in a column."""

from __future__ import annotations

import dataclasses

import pytest
from casework.document import Box, Cell, Grid, Page, Word
from casework.reading import read_fields
from casework.reading.values import read_value
from casework.reading.window import Window

from tests.unit.printed import page, values

FIRST_PERSON = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
GIẤY THỎA THUẬN
TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG
Tôi tên là: LÊ KIM MƠ
Sinh ngày: 14/06/1993
Giấy CMND/CCCD/Hộ chiếu: 079193939552
Hiện là công nhân đế thuộc Xưởng đế, làm việc theo HĐLĐ số 172/2019/HĐLĐ-TY ký ngày
29/07/2019 với:
CÔNG TY TNHH GIÀY DA THIÊN Ý
MST: 3721141771
Trụ sở tại: 272 Hai Bà Trưng, phường Lái Thiêu, thành phố Thuận An, tỉnh Bình Dương
Qua buổi họp phổ biến tình hình dịch bệnh Covid-19, tôi chia sẻ khó khăn này và cùng Công ty thỏa thuận như sau:
Một là, tôi và Công ty đồng ý tạm hoãn thực hiện hợp đồng lao động nói trên trong thời gian 61
ngày, bắt đầu từ ngày 24/04/2020 và kết thúc vào ngày 23/06/2020.
Hai là, trong những ngày tạm hoãn tôi không nhận lương và phụ cấp.
"""

SIDES_TURNED = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
THỎA THUẬN
(Về việc tạm hoãn thực hiện hợp đồng lao động số 172/2019/HĐLĐ-TY)
Thỏa thuận này được lập ngày 22 tháng 4 năm 2020 tại Bình Dương, bởi và giữa:
BÊN A là người lao động: bà Lê Kim Mơ
Sinh ngày 14 tháng 6 năm 1993; số chứng minh nhân dân hoặc căn cước công dân: 079193939552;
BÊN B là người sử dụng lao động: Công ty TNHH Giày da Thiên Ý
Mã số doanh nghiệp, đồng thời là mã số thuế: 3721141771;
Địa chỉ trụ sở: 272 Hai Bà Trưng, phường Lái Thiêu, thành phố Thuận An, tỉnh Bình Dương;
VÌ VẬY, HAI BÊN THỎA THUẬN:
1. Hợp đồng được tạm hoãn thực hiện từ 24/4/2020 tới 23/6/2020.
2. Giờ làm do tổ trưởng của từng bộ phận.
Khi phải làm thêm giờ, Bên B thông báo trước.
3. Bên B xác nhận Bên A có mã số bảo hiểm xã hội 7905998581 và đã tham gia bảo hiểm.
"""

TOLD_IN_SENTENCES = """
HỢP ĐỒNG LAO ĐỘNG
(Số 280/2018/HĐLĐ-SMX lập tại TP. Hải Phòng, ngày 12 tháng 12 năm 2018)
Tôi tên là Trần Thị Thảo, sinh ngày 17-04-1971, số CMND 205042772 (gọi là Người lao động);
Và bà Bùi Thị Sương, Giám đốc điều hành Công ty TNHH Dệt may Sao Mai Xanh, địa chỉ 227
Điện Biên Phủ, phường Đình Bảng, thị xã Từ Sơn, tỉnh Bắc Ninh (gọi là Công ty);
Đồng lòng ký hợp đồng lao động này và hứa giữ đúng các khoản ghi dưới đây:
Khoản 1 - Việc làm. Công ty mướn Người lao động làm nhân viên kiểm hàng ở Phòng Kinh
doanh, nơi làm: 28 Âu Cơ, phường Đình Bảng, thị xã Từ Sơn, tỉnh Bắc Ninh. Công việc do
tổ trưởng giao mỗi ngày.
Khoản 2 - Thời hạn. Loại hợp đồng: Xác định thời hạn. Thời gian 36 tháng: khởi đầu ngày
12-12-2018, chấm dứt ngày 11-12-2021. Người lao động đã thử việc đạt yêu cầu trước khi ký.
"""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("employer.representative.full_name", "Bùi Thị Sương"),
        ("employer.representative.position", "Giám đốc điều hành"),
        ("employer.name", "Công ty TNHH Dệt may Sao Mai Xanh"),
        ("employer.address", "227 Điện Biên Phủ, phường Đình Bảng, thị xã Từ Sơn, tỉnh Bắc Ninh"),
        ("employee.full_name", "Trần Thị Thảo"),
        ("contract.job_title", "nhân viên kiểm hàng"),
        ("employee.department", "Phòng Kinh doanh"),
        ("contract.workplace", "28 Âu Cơ, phường Đình Bảng, thị xã Từ Sơn, tỉnh Bắc Ninh"),
        ("contract.ends_on", "2021-12-11"),
        ("document.issued_on", "2018-12-12"),
        ("document.issued_at_place", "TP. Hải Phòng"),
    ],
)
def test_parties_work_and_place_told_in_sentences_are_read(field: str, value: str) -> None:
    assert values(read_fields([page(TOLD_IN_SENTENCES)])).get(field) == value


def test_a_paper_in_the_first_person_is_read() -> None:
    fields = values(read_fields([page(FIRST_PERSON)]))
    assert fields["employee.full_name"] == "LÊ KIM MƠ"
    assert fields["employer.name"] == "CÔNG TY TNHH GIÀY DA THIÊN Ý"
    assert (fields["suspension.starts_on"], fields["suspension.ends_on"]) == ("2020-04-24", "2020-06-23")
    assert fields["suspension.paid"] is False


def test_the_person_may_be_side_a() -> None:
    fields = values(read_fields([page(SIDES_TURNED)]))
    assert fields["employee.full_name"] == "Lê Kim Mơ"
    assert fields["employee.bhxh_number"] == "7905998581"
    assert fields["employer.tax_code"] == fields["employer.registration_number"] == "3721141771"
    assert (fields["document.issued_on"], fields["document.issued_at_place"]) == ("2020-04-22", "Bình Dương")
    assert "employee.department" not in fields


def test_an_office_below_a_firm_is_no_part_of_its_name() -> None:
    text = SIDES_TURNED.replace("Công ty TNHH Giày da Thiên Ý", "")
    letterhead = "CÔNG TY TNHH GIÀY DA THIÊN Ý\nPHÒNG HÀNH CHÍNH - NHÂN SỰ\n"
    assert values(read_fields([page(letterhead + text.strip())]))["employer.name"] == "CÔNG TY TNHH GIÀY DA THIÊN Ý"


@pytest.mark.parametrize("party", ["Người lao động", "Bên B", "NGƯỜI SỬ DỤNG LAO ĐỘNG"])
def test_a_side_is_no_firm(party: str) -> None:
    assert read_value("company", Window(party, party)) is None


def test_a_ruling_line_behind_a_number_is_no_figure_of_it() -> None:
    read = read_value("phone", Window("0292.3365.380 | Email", "0292.3365.380 | Email"))
    assert read is not None
    assert read.value == "+842923365380"


def _words(text: str, x: float, y: float) -> tuple[Word, ...]:
    words = []
    for part in text.split():
        words.append(Word(part, Box(x, y, x + 0.009 * len(part), y + 0.012), 1.0))
        x += 0.009 * (len(part) + 1)
    return tuple(words)


def _table(rows: list[list[str]], y: float, edges: tuple[float, ...]) -> Grid:
    """Cells from edge to edge; "/" in a cell parts its lines."""
    cells, top = [], y
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            lines = [text] if not number else text.split(" / ")
            words = tuple(
                w for at, line in enumerate(lines) for w in _words(line, edges[column], y + 0.004 + 0.014 * at)
            )
            cells.append(
                Cell(number, column, Box(edges[column] - 0.003, y, edges[column + 1] - 0.003, y + 0.035), words)
            )
        y += 0.035
    return Grid(Box(edges[0], top, edges[-1], y), len(rows), len(rows[0]), tuple(cells))


def _with(sheet: Page, grid: Grid) -> Page:
    inside = tuple(word for cell in grid.cells for word in cell.words)
    return dataclasses.replace(sheet, words=sheet.words + inside, grids=(grid,))


def test_days_in_a_table_stand_under_their_labels_whatever_else_it_asks() -> None:
    text = SIDES_TURNED.split("VÌ VẬY")[0] + "VÌ VẬY, HAI BÊN THỎA THUẬN tạm hoãn theo thời gian ghi trong bảng:\n"
    rows = [
        ["Ngày bắt đầu tạm hoãn", "Ngày kết thúc tạm hoãn", "Ngày dự kiến trở lại làm việc"],
        ["24/04/2020", "23/06/2020", "Ngày làm việc liền kề"],
    ]
    fields = values(read_fields([_with(page(text), _table(rows, 0.5, (0.1, 0.38, 0.66, 0.95)))]))
    assert (fields["suspension.starts_on"], fields["suspension.ends_on"]) == ("2020-04-24", "2020-06-23")


def test_two_facts_of_one_column_are_two_fields() -> None:
    title = (
        "Mẫu số 01\nDANH SÁCH NGƯỜI LAO ĐỘNG TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG\nTên doanh nghiệp: Công ty TNHH A\n"
    )
    rows = [
        ["STT", "Họ và tên / Bộ phận", "Mã số BHXH", "Nghỉ từ ngày", "Nghỉ đến ngày", "Số tài khoản / Ngân hàng"],
        ["1", "Sùng Thị Dợ / Chuyền may 1", "0216060506", "28-04-2020", "27-07-2020", "955616129 / VPBank"],
        ["2", "Lê Thị Hoa / Phòng KCS", "4011816322", "22-04-2020", "21-06-2020", "140913791 / VPBank"],
    ]
    sheet = _with(page(title), _table(rows, 0.2, (0.03, 0.07, 0.29, 0.43, 0.57, 0.71, 0.97)))
    roster = read_fields([sheet]).tables["roster"]
    names = ("employee.full_name", "employee.department", "employee.bank_account", "employee.bank_name")
    assert [tuple(line[name].value for name in names) for line in roster] == [
        ("Sùng Thị Dợ", "Chuyền may 1", "955616129", "VPBank"),
        ("Lê Thị Hoa", "Phòng KCS", "140913791", "VPBank"),
    ]


def test_what_a_seal_left_of_a_firms_form_is_no_title() -> None:
    text = TOLD_IN_SENTENCES + "\nĐẠI DIỆN CÔNG ĐOÀN | GIÁM ĐỐC\nONG\nTrần Thị Huệ | Bùi Thị Sương\n"
    assert values(read_fields([page(text)]))["employer.representative.full_name"] == "Bùi Thị Sương"
