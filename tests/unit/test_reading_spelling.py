"""Common words and districts are spelled right; names never are."""

from __future__ import annotations

import pytest
from casework.reading.spelling import is_known_place, respell


@pytest.mark.parametrize(
    ("read", "kind", "right"),
    [
        ("CÔNG TY TNHH MTV CHẾ BIỀN GỖ THUẬN ĐƯỜNG", "company", "CÔNG TY TNHH MTV CHẾ BIẾN GỖ THUẬN ĐƯỜNG"),
        ("Công ty TNHH Clhế biến gỗ An Phú", "company", "Công ty TNHH Chế biến gỗ An Phú"),
        ("Tô Bảo vệ", "text", "Tổ Bảo vệ"),
        ("hân viên bảo vệ", "text", "Nhân viên bảo vệ"),
        ("198 Hùng Vương, quận Liên Chiếu, TP. Đà Nẵng", "address", "198 Hùng Vương, quận Liên Chiểu, TP. Đà Nẵng"),
        ("tố dân phố 11, xã Hòa Thành, tỉnh Cà Mau", "address", "tổ dân phố 11, xã Hòa Thành, tỉnh Cà Mau"),
    ],
)
def test_marks_that_were_misread_are_mended_and_said(read: str, kind: str, right: str) -> None:
    mended, why = respell(read, kind)
    assert mended == right
    assert why


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("Công ty TNHH Hoà Bình", "company"),  # a firm's own name, its tone placed the other way
        ("Công ty Cổ phần Gò Đậu", "company"),
        ("Trần Văn Bao", "person"),
        ("12 Lê Lợi, huyện Phong Điền, TP. Cần Thơ", "address"),
        ("12 Lê Lợi, huyện Liên Chiếu, tỉnh Kiên Giang", "address"),  # no such district there: nothing is proposed
        ("Xí nghiệp Sông Hông", "company"),
    ],
)
def test_names_and_what_is_right_are_left_alone(value: str, kind: str) -> None:
    assert respell(value, kind) == (value, None)


def test_a_place_is_known_by_its_district_within_its_province() -> None:
    assert is_known_place("198 Hùng Vương, quận Liên Chiểu, TP. Đà Nẵng")
    assert is_known_place("1 Đồng Khởi, Quận 1, TP. Hồ Chí Minh")
    assert not is_known_place("198 Hùng Vương, quận Liên Chiểu, TP. Hải Phòng")
    assert not is_known_place("198 Hùng Vương")
