"""Mending after OCR: closed vocabularies and look-alikes are mended, and said; names are left as they were read."""

from __future__ import annotations

import pytest
from casework.reading.correction import mend, unaccented_capitals


@pytest.mark.parametrize(
    ("kind", "read", "mended"),
    [
        ("number", "14/2019/HĐĐĐLĐ-APT", "14/2019/HĐLĐ-APT"),
        ("position", "Giám đôc điêu hành", "Giám đốc điều hành"),
        ("position", "TÔNG GIAM ĐỐC", "TỔNG GIÁM ĐỐC"),
        ("issuer", "Cục Cảnh sát QLHC về TTIXH", "Cục Cảnh sát QLHC về TTXH"),
        ("address", "19§ Hùng Vương, Quận I, TP. Đà Năng", "198 Hùng Vương, Quận 1, TP. Đà Nẵng"),
        (
            "address",
            "140 Quang Trung, quận Ngô Quyền, TP. Hải Phòng ị",
            "140 Quang Trung, quận Ngô Quyền, TP. Hải Phòng",
        ),
        ("text", "Chuyền may ]", "Chuyền may 1"),
        ("company", "Công ty Cổ phân Vận tải Phúc Đức", "Công ty Cổ phần Vận tải Phúc Đức"),
        ("company", "CONG TY TNHH MINH LONG", "CÔNG TY TNHH MINH LONG"),
        ("reason", "dịch bệnh Covid-I9", "dịch bệnh Covid-19"),
        ("nationality", "Í Việt Nam", "Việt Nam"),
        ("date", "2090-05-10", "2020-05-10"),
        ("company", "CÔNG: TY TNHH MINH LONG", "CÔNG TY TNHH MINH LONG"),
    ],
)
def test_what_has_one_spelling_is_mended_and_said(kind: str, read: str, mended: str) -> None:
    value, why = mend(read, kind)
    assert value == mended
    assert why


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("person", "Phạm Thị Hưởng"),
        ("person", "Nguyển Văn Tý"),
        ("company", "Công ty TNHH Mình Lòng"),
        ("company", "Công ty Cổ phần Khách sạn Thiên Ý"),
        ("bank", "Ngân hàng Đông Á"),
        ("address", "12 Lê Lợi, phường Bến Nghé, quận 1, TP. Hồ Chí Minh"),
        ("position", "Đội trưởng"),
        ("text", "Tổ cắt"),
        ("money", 5_000_000),
        ("date", None),
    ],
)
def test_what_may_be_so_is_left_alone(kind: str, read: str | int | None) -> None:
    assert mend(read, kind) == (read, ())


def test_an_account_holder_is_printed_without_marks() -> None:
    assert unaccented_capitals("VỤ VAN QUYET", None)[0] == "VU VAN QUYET"
    assert unaccented_capitals("NGUYEN THI ANHLY", "Nguyễn Thị Ánh Lý")[0] == "NGUYEN THI ANH LY"
    assert unaccented_capitals("Nguyễn Thị Ánh", None) == ("Nguyễn Thị Ánh", ())
