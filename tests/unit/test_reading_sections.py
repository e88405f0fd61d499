"""Whose part of a paper a value stands in, where headings are missing, wrong or of another wording."""

from __future__ import annotations

from casework.reading import read_fields

from tests.unit.printed import page, values

TITLE = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
THỎA THUẬN TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG
"""
EMPLOYER = """Doanh nghiệp: Công ty TNHH Sao Bắc
Mã số thuế: 0100684378
Địa chỉ: 5 Lê Lợi, phường Hưng Bình, thành phố Vinh, tỉnh Nghệ An
Điện thoại: 0238 3844 555
"""
EMPLOYEE = """Họ và tên: Hồ Sỹ Lương
Ngày sinh: 14/08/1987
CMND số: 186333222
Địa chỉ: xã Nghi Kim, thành phố Vinh, tỉnh Nghệ An
Điện thoại: 0912 345 678
"""
ARTICLES = """Điều 1. Tạm hoãn thực hiện hợp đồng lao động số 12/HĐLĐ ký ngày 01/02/2018
từ ngày 01/4/2020 đến ngày 30/4/2020.
Điều 2. Trong thời gian tạm hoãn không trả lương. Hai bên cùng ký do dịch bệnh Covid-19.
"""
OF_EACH = {
    "employer.address": "5 Lê Lợi, phường Hưng Bình, thành phố Vinh, tỉnh Nghệ An",
    "employer.phone": "+842383844555",
    "employee.permanent_address": "xã Nghi Kim, thành phố Vinh, tỉnh Nghệ An",
    "employee.phone": "+84912345678",
    "employee.full_name": "Hồ Sỹ Lương",
}


def told(text: str) -> dict[str, object]:
    found = values(read_fields([page(text)]))
    return {name: found.get(name) for name in OF_EACH}


def test_parties_without_any_heading_are_told_by_what_each_has() -> None:
    assert told(TITLE + EMPLOYER + EMPLOYEE + ARTICLES) == OF_EACH
    assert told(TITLE + EMPLOYEE + EMPLOYER + ARTICLES) == OF_EACH


def test_headings_in_words_of_their_own_are_headings() -> None:
    text = TITLE + "BÊN THUÊ (Bên A):\n" + EMPLOYER + "BÊN NHẬN VIỆC (Bên B):\n" + EMPLOYEE + ARTICLES
    assert told(text) == OF_EACH


def test_letters_of_the_parties_do_not_outweigh_what_they_hold() -> None:
    assert told(TITLE + "BÊN A\n" + EMPLOYEE + "BÊN B\n" + EMPLOYER + ARTICLES) == OF_EACH


def test_a_number_in_the_articles_belongs_to_the_party_the_sentence_speaks_of() -> None:
    employer = EMPLOYER.replace("Điện thoại: 0238 3844 555\n", "")
    employee = EMPLOYEE.replace("Điện thoại: 0912 345 678\n", "")
    found = told(
        TITLE + employer + employee + ARTICLES + "Người lao động giữ liên lạc qua số điện thoại 0912 345 678.\n"
    )
    assert found["employee.phone"] == "+84912345678"
    assert found["employer.phone"] is None
