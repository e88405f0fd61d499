"""Papers of household businesses, endings, loans, pension requests, statements and cards: every value that a made paper
carries is read, in each of its layouts; papers that are easily confused are told apart."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from adapters.reader import Reader
from casework.document import Box, Page, Reading, Word
from casework.reading import read_fields
from casework.reading.endings import read_ending
from casework.reading.told import read_income, read_month, read_period, read_region, read_registration, read_unit
from casework.reading.window import Window

from infra.papers import LISTS, agrees, layouts_of, make_paper
from tests.unit.printed import page, values

ELSEWHERE = LISTS | {"labour_contract", "suspension_agreement", "unpaid_leave_agreement"}  # tested with their engine
LAYOUTS = [row for row in layouts_of(set_="dev") if row.kind not in ELSEWHERE]


@functools.cache
def read(kind: str, layout: str, seed: int = 21) -> tuple[Reading, dict[str, Any]]:
    paper = make_paper(kind, layout, seed=seed)
    reader = Reader()
    pages = [reader.read_page(paper.pdf, number + 1, picture=False).page for number in range(paper.truth["pages"])]
    reader.close()
    return read_fields(pages), paper.truth


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda row: row.id)
def test_a_paper_is_known_and_every_value_on_it_is_read(layout):
    reading, truth = read(layout.kind, layout.id)
    assert reading.document_type == layout.kind
    found = values(reading)
    wrong = {
        name: (value, found.get(name))
        for name, value in truth["fields"].items()
        if not agrees(name, value, found.get(name))
    }
    assert not wrong


class TestStatements:
    def test_amounts_count_in_the_unit_of_the_statement(self):
        reading, truth = read("financial_statement", "statement_quarters")
        assert reading.fields["finance.unit_multiplier"].value == 1000
        assert truth["fields"]["finance.revenue_q1_2020_vnd"] % 1000 == 0
        assert reading.fields["finance.revenue_q1_2020_vnd"].value == truth["fields"]["finance.revenue_q1_2020_vnd"]

    def test_what_stands_in_brackets_is_below_zero(self):
        text = (
            "BẢNG CÂN ĐỐI KẾ TOÁN\nĐơn vị tính: triệu đồng\nChỉ tiêu|Mã số  Số cuối năm  Số đầu năm\n"
            "Tiền và các khoản tương đương tiền|110  850  1.204\n"
            "Lợi nhuận sau thuế chưa phân phối|421  (1.204)  377\n"
        )
        found = values(read_fields([page(text)]))
        assert found["finance.cash_vnd"] == 850_000_000
        assert found["finance.retained_profit_vnd"] == -1_204_000_000

    def test_the_column_of_the_year_before_is_not_taken_though_it_stands_first(self):
        text = (
            "BÁO CÁO KẾT QUẢ HOẠT ĐỘNG KINH DOANH\nĐơn vị tính: đồng\n"
            "Chỉ tiêu                      Mã số     Thuyết minh     Năm trước           Năm nay\n"
            "Doanh thu bán hàng            01        VI.25           9.000.000.000       8.000.000.000\n"
            "Doanh thu thuần               10                        9.000.000.000       8.000.000.000\n"
        )
        assert values(read_fields([placed(text)]))["finance.revenue_vnd"] == 8_000_000_000

    def test_years_beside_each_other_of_one_quarter_are_that_quarter_of_each_year(self):
        text = (
            "BÁO CÁO KẾT QUẢ HOẠT ĐỘNG KINH DOANH\nQuý I năm 2020\nĐơn vị tính: đồng\n"
            "Chỉ tiêu                      Mã số     Quý này năm nay     Quý này năm trước\n"
            "Doanh thu bán hàng            01        4.000.000.000       8.000.000.000\n"
            "Doanh thu thuần               10        4.000.000.000       8.000.000.000\n"
        )
        found = values(read_fields([placed(text)]))
        assert found["finance.revenue_q1_2020_vnd"] == 4_000_000_000
        assert found["finance.revenue_same_quarter_2019_vnd"] == 8_000_000_000
        assert (found["finance.revenue_vnd"], found["finance.period"]) == (4_000_000_000, "Quý I năm 2020")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("ĐỀ NGHỊ HỖ TRỢ\n(Dùng cho hộ kinh doanh)\nKính gửi: UBND phường\nTạm ngừng kinh doanh", "form_02"),
        ("ĐƠN ĐỀ NGHỊ HỖ TRỢ\n(Người lao động bị chấm dứt hợp đồng lao động, không đủ điều kiện hưởng trợ cấp thất "
         "nghiệp)\nKính gửi: UBND xã", "form_03"),
        ("ĐỀ NGHỊ HỖ TRỢ\n(Dành cho người lao động không có giao kết hợp đồng lao động bị mất việc làm)\n"
         "Kính gửi: UBND xã", "form_04"),
        ("HỢP ĐỒNG THỬ VIỆC\nThời gian thử việc là 02 tháng, lương thử việc 85%", "probation_contract"),
        ("ĐƠN XIN NGHỈ VIỆC\nKính gửi: Ban Giám đốc\nTôi tên là: Lê Văn A\nTôi xin thôi việc", "resignation_letter"),
        ("ĐƠN XIN NGHỈ VIỆC KHÔNG HƯỞNG LƯƠNG\nKính gửi: Ban Giám đốc\nTôi tên là: Lê Văn A", "unpaid_leave_request"),
        ("QUYẾT ĐỊNH\nVề việc chấm dứt hợp đồng lao động\nCăn cứ hợp đồng lao động", "termination_decision"),
        ("HÓA ĐƠN GIÁ TRỊ GIA TĂNG\nMã số thuế: 0301025424\nDoanh thu: 1.000.000", "unknown"),
        ("ĐƠN ĐỀ NGHỊ HỖ TRỢ HỌC PHÍ\nKính gửi: Ban Giám hiệu", "unknown"),
        ("", "unknown"),
    ],
)  # fmt: skip
def test_papers_that_are_easily_confused_are_told_apart(title, kind):
    assert read_fields([page(title)]).document_type == kind


def window(text: str) -> Window:
    return Window(text, text)


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (read_month, "tháng 4 năm 2020", "2020-04"),
        (read_month, ": 04/2020", "2020-04"),
        (read_month, "hết tháng 12/2019", "2019-12"),
        (read_month, "tháng 13/2020", None),
        (read_month, "12/05/2020", None),
        (read_region, ": Vùng II", "II"),
        (read_region, "1", "I"),
        (read_region, "4.420.000", None),
        (read_registration, ": 41A8012345", "41A8012345"),
        (read_registration, "41 A 8 0I2345", "41A8012345"),
        (read_registration, "không có", None),
        (read_income, ": Không có thu nhập", 0),
        (read_income, "500.000 đồng/tháng", 500_000),
        (read_income, "0 đồng", 0),
        (read_income, "rất thấp", None),
        (read_unit, ": triệu đồng", 1_000_000),
        (read_unit, "1.000 đồng", 1000),
        (read_unit, "VND", 1),
        (read_unit, "hộp", None),
        (read_period, "Quý I năm 2020", "Quý I năm 2020"),
        (read_period, "Năm 2019", "Năm 2019"),
        (read_period, "đầu kỳ", None),
        (read_ending, "Hết hạn hợp đồng lao động.", "expiry"),
        (read_ending, "người lao động tự ý bỏ việc", "employee_unilateral_unlawful"),
        (read_ending, "theo đơn xin thôi việc của cá nhân", "employee_unilateral_lawful"),
        (read_ending, "Công ty đơn phương chấm dứt do thu hẹp sản xuất", "employer_unilateral"),
        (read_ending, "thay đổi cơ cấu, công nghệ", "restructuring"),
        (read_ending, "hai bên thỏa thuận", "agreement"),
        (read_ending, "việc riêng của gia đình", "việc riêng của gia đình"),
    ],
)  # fmt: skip
def test_values_that_words_tell(reader, text, value):
    found = reader(window(text))
    assert (found.value if found else None) == value


def placed(text: str) -> Page:
    """A page whose words stand where they stand in the text: columns are columns."""
    words = []
    for row, line in enumerate(text.strip("\n").split("\n")):
        column = 0
        for word in line.split(" "):
            if word:
                x, y = 0.05 + column * 0.0098, 0.08 + row * 0.025
                words.append(Word(word, Box(x, y, x + len(word) * 0.0092, y + 0.013)))
            column += len(word) + 1
    return Page(1, "text", 2480, 3508, words=tuple(words))
