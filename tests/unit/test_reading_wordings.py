"""Wordings and layouts of other offices: values in sentences, labels in pairs, parties side by side, lost strokes."""

from __future__ import annotations

import dataclasses
import re

import pytest
from casework.document import Box, Page
from casework.reading import read_fields
from casework.reading.document_types import document_types
from casework.reading.headings import heading_scores, name_by_contents, name_columns

from tests.unit.printed import page, values

HEAD = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
"""
IN_SENTENCES = (
    HEAD
    + """HỢP ĐỒNG LAO ĐỘNG
Số 12/2019/HĐLĐ
Hợp đồng lao động này được lập và ký ngày 01 tháng 3 năm 2019 giữa các bên sau đây:
1. Bên sử dụng lao động: Công ty TNHH Gỗ Thuận Đường, mã số doanh nghiệp 0100684378, trụ sở chính tại 426 Nguyễn Trãi,
phường Mỹ Phước, thị xã Bến Cát, tỉnh Bình Dương, do bà Trần Thanh Thảo, chức vụ Giám đốc, làm đại diện.
2. Người lao động: Bà Phạm Thúy Duyên, sinh ngày 23/5/1994, CMND số 031619185 do Công an TP. Hải Phòng cấp ngày
29/3/2012, hộ khẩu thường trú tại 127 Ngô Gia Tự, phường Đằng Giang, quận Ngô Quyền, TP. Hải Phòng.
Điều 1. Công việc và thời hạn: loại hợp đồng xác định thời hạn, thời hạn 12 tháng kể từ ngày 1/3/2019.
Người lao động đảm nhận công việc Công nhân đóng gói; địa điểm làm việc tại 426 Nguyễn Trãi, phường Mỹ Phước, thị xã
Bến Cát, tỉnh Bình Dương.
Điều 2. Mức lương 7.970.000 đồng/tháng (Bảy triệu chín trăm bảy mươi nghìn đồng), chưa gồm phụ cấp 300.000 đồng/tháng.
Điều 3. Bảo hiểm xã hội theo quy định. Thời giờ làm việc 8 giờ một ngày.
"""
)


@pytest.mark.parametrize(
    ("field_id", "value"),
    [
        ("contract.signed_on", "2019-03-01"),
        ("employer.registration_number", "0100684378"),
        ("employer.address", "426 Nguyễn Trãi, phường Mỹ Phước, thị xã Bến Cát, tỉnh Bình Dương"),
        ("employer.representative.full_name", "Trần Thanh Thảo"),
        ("employer.representative.position", "Giám đốc"),
        ("employee.id_issued_by", "Công an TP. Hải Phòng"),
        ("employee.permanent_address", "127 Ngô Gia Tự, phường Đằng Giang, quận Ngô Quyền, TP. Hải Phòng"),
        ("contract.job_title", "Công nhân đóng gói"),
        ("contract.allowance_vnd", 300_000),
        ("contract.salary_words_vnd", 7_970_000),
    ],
)
def test_values_inside_sentences_are_found(field_id: str, value: object) -> None:
    assert values(read_fields([page(IN_SENTENCES)])).get(field_id) == value


AGREEMENT = (
    HEAD
    + """THỎA THUẬN TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG
Căn cứ Bộ luật Lao động số 10/2012/QH13 ngày 18/6/2012 và hợp đồng lao động đã ký số 14/2019/HĐLĐ ngày 01/9/2019;
PHẦN 1 - BÊN SỬ DỤNG LAO ĐỘNG
Tên đơn vị: Công ty Cổ phần Vận tải Phú Quý
Người đại diện, chức vụ: Lý Văn Nam, Tổng Giám đốc
1.2. Mã số thuế: 0100684378 1.3. Số điện thoại: 024.3793.6386
PHẦN 2 - BÊN NGƯỜI LAO ĐỘNG
Họ và tên: Võ Minh Vỹ
Bộ phận: Bộ phận Bếp
Số CMND: 383385440
Ngày cấp, nơi cấp: 30/5/2019, Công an tỉnh Cà Mau
Hai bên thỏa thuận:
Thời gian bắt đầu tạm hoãn là ngày 04/04/2020, thời điểm chấm dứt việc tạm hoãn là ngày 03/05/2020.
Do dịch bệnh viêm đường hô hấp cấp Covid-19. Người lao động nghỉ quá hạn mà không có lý do chính đáng thì bị xử lý.
Trong thời gian này không được hưởng lương.
"""
)


@pytest.mark.parametrize(
    ("paper", "kind", "second_line"),
    [(IN_SENTENCES, "labour_contract", "Hợp đồng lao động này"), (AGREEMENT, "suspension_agreement", "PHẦN 1")],
)
def test_a_paper_may_end_anywhere(paper: str, kind: str, second_line: str) -> None:
    """Torn, cut by the camera, or its last page not sent: what is there is read."""
    ends = [word.end() for word in re.finditer(r"\S+", paper)]
    read = {end: read_fields([page(paper[:end])]).document_type for end in ends}
    titled = paper.index(second_line)
    assert len(read) > 150
    assert {read[end] for end in ends if end > titled} == {kind}


def test_words_without_any_height_are_read() -> None:
    """Files made by hand have them, alone in a cell and all over a page."""
    whole = page(IN_SENTENCES)
    flat = tuple(dataclasses.replace(word, box=dataclasses.replace(word.box, y1=word.box.y0)) for word in whole.words)
    assert read_fields([dataclasses.replace(whole, words=flat)]).document_type == "labour_contract"


@pytest.mark.parametrize(
    ("field_id", "value"),
    [
        ("employer.representative.full_name", "Lý Văn Nam"),
        ("employer.representative.position", "Tổng Giám đốc"),
        ("employer.tax_code", "0100684378"),
        ("employee.full_name", "Võ Minh Vỹ"),
        ("employee.department", "Bộ phận Bếp"),
        ("employee.id_issued_on", "2019-05-30"),
        ("employee.id_issued_by", "Công an tỉnh Cà Mau"),
        ("contract.number", "14/2019/HĐLĐ"),
        ("suspension.starts_on", "2020-04-04"),
        ("suspension.ends_on", "2020-05-03"),
    ],
)
def test_paired_labels_numbered_parts_and_dates_apart(field_id: str, value: object) -> None:
    assert values(read_fields([page(AGREEMENT)])).get(field_id) == value


def test_the_reason_is_the_epidemic_that_is_named_and_surely_so() -> None:
    reason = read_fields([page(AGREEMENT)]).fields["suspension.reason"]
    assert "covid" in str(reason.value).lower()
    assert reason.confidence >= 0.95


def scanned(text: str, weak: str, confidence: float) -> Page:
    source = page(text)
    words = tuple(
        dataclasses.replace(word, confidence=confidence if word.text.startswith(weak) else 0.95)
        for word in source.words
    )
    return dataclasses.replace(source, source="ocr", words=words)


def test_the_reason_is_as_sure_as_the_word_that_names_the_epidemic() -> None:
    clear = read_fields([scanned(AGREEMENT, "viêm", 0.5)]).fields["suspension.reason"]
    unclear = read_fields([scanned(AGREEMENT, "Covid", 0.3)]).fields["suspension.reason"]
    assert clear.confidence >= 0.95
    assert unclear.confidence < 0.9


def test_a_title_in_two_languages_is_a_title() -> None:
    text = IN_SENTENCES.replace("HỢP ĐỒNG LAO ĐỘNG\nSố", "HỢP ĐỒNG LAO ĐỘNG / EMPLOYMENT CONTRACT\nSố")
    assert read_fields([page(text)]).document_type == "labour_contract"


@pytest.mark.parametrize("printed", ["29 3 2012", "29 03 2012", "2903 2012"])
def test_a_date_whose_strokes_were_lost_is_read_and_doubted(printed: str) -> None:
    text = AGREEMENT.replace("Ngày cấp, nơi cấp: 30/5/2019, Công an tỉnh Cà Mau", f"Ngày cấp: {printed}")
    field = read_fields([page(text)]).fields["employee.id_issued_on"]
    assert field.value == "2012-03-29"
    assert field.doubts


def test_looks_are_few_and_at_the_least_certain_first() -> None:
    asked: list[Box] = []

    def look(number: int, box: Box, alphabet: str | None) -> tuple[str, float]:
        asked.append(box)
        return "", 0.0

    source = page(AGREEMENT)
    weak = tuple(
        dataclasses.replace(word, confidence=0.2 if any(sign.isdigit() for sign in word.text) else 0.9)
        for word in source.words
    )
    read_fields([dataclasses.replace(source, source="ocr", words=weak)], look)
    assert 0 < len(asked) <= 6


ROSTER = document_types()["form_01"].table


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        (("Tài khoản nhận hỗ trợ", "Chủ TK"), "employee.bank_account_holder"),
        (("Tài khoản nhận hỗ trợ", "Mở tại NH"), "employee.bank_name"),
        (("Tài khoản nhận hỗ trợ", "Số TK"), "employee.bank_account"),
        (("Hợp đồng lao động", "Ngày bắt đầu"), "contract.starts_on"),
        (("Tạm hoãn HĐLĐ/ nghỉ không lương", "Thời gian", "Từ ngày"), "suspension.starts_on"),
        (("Tạm hoãn HĐLĐ/ nghỉ không lương", "Thời gian", "Đến ngày"), "suspension.ends_on"),
        (("Thời gian nghỉ", "Bắt đầu"), "suspension.starts_on"),
        (("Thời gian nghỉ", "Kết thúc"), "suspension.ends_on"),
        (("Thông tin tài khoản (Tên TK - Số TK - Ngân hàng)",), "employee.bank_details"),
        (("Họ, chữ đệm và tên",), "employee.full_name"),
        (("Tên ngân hàng, chi nhánh",), "employee.bank_name"),
    ],
)
def test_a_heading_in_words_of_its_own_names_its_column(heading: tuple[str, ...], column: str) -> None:
    assert ROSTER is not None
    assert name_columns(heading_scores((tuple(heading),), ROSTER), ROSTER)[0].id == column


@pytest.mark.parametrize("heading", ["Cơ quan BHXH xác nhận", "Số tiền hỗ trợ", "Chữ ký"])
def test_a_heading_of_something_else_names_none(heading: str) -> None:
    assert ROSTER is not None
    assert not name_columns(heading_scores(((heading,),), ROSTER), ROSTER)


def test_a_column_without_a_known_heading_is_known_by_its_cells_only_where_they_can_be_one_thing() -> None:
    assert ROSTER is not None
    rows = [
        {1: "Tạm hoãn HĐLĐ", 2: "01/4/2020 - 31/5/2020", 3: "01/4/2020", 4: "3109581233"},
        {1: "Nghỉ không lương", 2: "01/5/2020 - 31/5/2020", 3: "01/5/2020", 4: "705065878588"},
    ]
    found = name_by_contents(rows, {}, ROSTER)
    assert {index: column.id for index, column in found.items()} == {1: "suspension.kind", 2: "suspension.period"}


def test_a_figure_read_twice_is_no_part_of_a_number() -> None:
    text = AGREEMENT.replace("14/2019/HĐLĐ", "14/2016ó/HĐLĐ")
    assert read_fields([page(text)]).fields["contract.number"].value == "14/2016/HĐLĐ"
