"""Types of paper: by title and marks; those that look alike are told apart, others are unknown."""

from __future__ import annotations

import pytest
from casework.reading import read_fields
from casework.reading.document_types import document_types

from tests.unit.printed import page

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
BODY = "\nBên A: Công ty TNHH A\nBên B: Ông Lê Văn B\nCăn cứ hợp đồng lao động số 11/HĐLĐ ký ngày 01/01/2019\n"


@pytest.mark.parametrize(
    ("text", "document_type"),
    [
        (
            MOTTO + "QUYẾT ĐỊNH\nV/v chấm dứt hợp đồng lao động\nCăn cứ hợp đồng lao động số 11\nNơi nhận:",
            "termination_decision",
        ),
        (MOTTO + "THÔNG BÁO CHẤM DỨT HỢP ĐỒNG LAO ĐỘNG\nLý do: hết hạn", "termination_decision"),
        (MOTTO + "BIÊN BẢN THANH LÝ HỢP ĐỒNG LAO ĐỘNG" + BODY, "termination_decision"),
        (
            MOTTO + "QUYẾT ĐỊNH\nVề việc tạm hoãn thực hiện hợp đồng lao động\nCăn cứ Bộ luật Lao động",
            "suspension_decision",
        ),
        (MOTTO + "ĐƠN XIN NGHỈ VIỆC\nKính gửi: Ban Giám đốc\nTôi tên là: Lê Văn B xin nghỉ việc", "resignation_letter"),
        (
            MOTTO + "ĐƠN XIN NGHỈ VIỆC KHÔNG HƯỞNG LƯƠNG\nKính gửi: Ban Giám đốc\nTôi tên là: Lê Văn B",
            "unpaid_leave_request",
        ),
        (MOTTO + "HỢP ĐỒNG THỬ VIỆC" + BODY + "Thời gian thử việc 02 tháng", "probation_contract"),
        (MOTTO + "PHỤ LỤC HỢP ĐỒNG LAO ĐỘNG\nSố: 01/PLHĐ" + BODY, "contract_annex"),
        (
            "Mẫu số 12\nDANH SÁCH NGƯỜI LAO ĐỘNG BỊ NGỪNG VIỆC DO ẢNH HƯỞNG CỦA DỊCH COVID-19\nTiền lương ngừng việc",
            "form_12",
        ),
        (
            MOTTO + "BIÊN BẢN\nVề việc hai bên tạm hoãn HĐLĐ do dịch" + BODY + "hai bên tạm hoãn kể từ ngày",
            "suspension_agreement",
        ),
        (
            MOTTO + "GIẤY THỎA THUẬN\nCho người lao động nghỉ không lương" + BODY + "từ ngày 1/4/2020 hai bên",
            "unpaid_leave_agreement",
        ),
        (
            MOTTO + "QUYẾT ĐỊNH\nCho người lao động nghỉ việc không hưởng lương" + BODY + "Nơi nhận",
            "suspension_decision",
        ),
        (MOTTO + "HỢP ĐỒNG MUA BÁN HÀNG HÓA" + BODY, "unknown"),
        ("HÓA ĐƠN GIÁ TRỊ GIA TĂNG\nTên đơn vị: Công ty TNHH Điện máy\nMã số thuế: 0301234567", "unknown"),
        ("Kính gửi quý khách\nHóa đơn tiền điện tháng 4 năm 2020", "unknown"),
    ],
)
def test_papers_that_look_alike_are_told_apart(text: str, document_type: str) -> None:
    reading = read_fields([page(text)])
    assert reading.document_type == document_type
    if not document_types().get(reading.document_type, None) or not document_types()[document_type].fields:
        assert reading.fields == {}


def test_a_title_torn_over_two_lines_and_misread_is_still_one() -> None:
    text = MOTTO + "THỎA THUẶN\nTẠM HOÃN THỰC HIỆN HỢP ĐÔNG LAO ĐỌNG" + BODY + "hai bên tạm hoãn kể từ ngày 01/4/2020"
    assert read_fields([page(text, source="ocr", confidence=0.8)]).document_type == "suspension_agreement"


def test_every_description_is_valid_and_has_its_names() -> None:
    types = document_types()
    assert {"labour_contract", "suspension_agreement", "unpaid_leave_agreement", "form_01"} <= set(types)
    for described in types.values():
        assert described.name_vi
        assert described.name_en
        assert described.titles
    titles = [title for described in types.values() for title in described.titles]
    assert len(titles) == len(set(titles)), "one title names one type"
