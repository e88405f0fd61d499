"""The baseline is a fair one: on text without errors its expressions find what a day's work would make them find."""

from __future__ import annotations

from tests.bench import plain_reader, plain_rows, plain_text

CONTRACT = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 12/2019/HĐLĐ
HỢP ĐỒNG LAO ĐỘNG
Tên công ty: Công ty TNHH Thử Nghiệm
Mã số thuế: 0313040561    Điện thoại: 028 3812 345
Người đại diện: Ông Lê Văn Tám    Chức vụ: Giám đốc
NGƯỜI LAO ĐỘNG
Họ và tên: NGUYỄN THỊ MẪU
Ngày sinh: 05/03/1990
Số CMND: 012345678 cấp ngày 01/02/2010 tại Công an Hà Nội
Loại hợp đồng: Xác định thời hạn
Từ ngày 01/06/2019 đến ngày 31/05/2020
Mức lương chính: 5.500.000 đồng/tháng
"""


def test_labels_lead_to_values() -> None:
    document_type, fields, _ = plain_reader.read_values([CONTRACT], listed=False)
    assert document_type == "labour_contract"
    assert fields["document.number"] == "12/2019/HĐLĐ"
    assert fields["employer.name"] == "Công ty TNHH Thử Nghiệm"
    assert fields["employer.tax_code"] == "0313040561"
    assert fields["employer.representative.full_name"] == "Lê Văn Tám"
    assert fields["employee.full_name"] == "NGUYỄN THỊ MẪU"
    assert fields["employee.date_of_birth"] == "1990-03-05"
    assert (fields["employee.id_number"], fields["employee.id_kind"]) == ("012345678", "cmnd")
    assert fields["employee.id_issued_on"] == "2010-02-01"
    assert fields["contract.type"] == "fixed"
    assert (fields["contract.starts_on"], fields["contract.ends_on"]) == ("2019-06-01", "2020-05-31")
    assert fields["contract.salary_vnd"] == 5_500_000


def test_lines_that_begin_with_a_number_and_a_name_are_rows() -> None:
    rows = plain_rows.rows_of("1 Trần Văn Thử KXĐTH 01/02/2015 7909123456 01/04/2020 30/04/2020 0071001234567 BIDV\n")
    assert rows[1]["employee.full_name"] == "Trần Văn Thử"
    assert rows[1]["employee.bhxh_number"] == "7909123456"
    assert rows[1]["employee.bank_account"] == "0071001234567"
    assert (rows[1]["suspension.starts_on"], rows[1]["suspension.ends_on"]) == ("2020-04-01", "2020-04-30")


def test_accents_and_capitals_of_labels_do_not_matter() -> None:
    assert plain_text.fold("Đề NGHỊ") == "de nghi"
    assert plain_reader.type_of("ĐÊ NGHỊ HÔ TRỢ\n(Dành cho hộ kinh doanh có doanh thu)") == "form_02"
    assert plain_reader.type_of("HÓA ĐƠN GIÁ TRỊ GIA TĂNG") == "unknown"
