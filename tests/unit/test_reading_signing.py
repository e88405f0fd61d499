"""Where a page is to be signed, and whose the places are."""

from __future__ import annotations

import pytest
from casework.document import Box, Mark, Page, Word
from casework.reading.signing import signing_places

WORD_MM = 11.0


def page(*lines: tuple[float, float, str], seals: tuple[Mark, ...] = (), number: int = 1) -> Page:
    """An upright A4 sheet: (mm from the left, mm from the top, text); a word is as wide as another."""
    words = []
    for left, top, text in lines:
        for place, word in enumerate(text.split()):
            x = left + place * (WORD_MM + 2)
            words.append(Word(word, Box(x / 210, top / 297, (x + WORD_MM) / 210, (top + 4) / 297)))
    return Page(number, "text", 2480, 3508, words=tuple(words), seals=seals)


BODY = [(20.0, 60.0 + 6 * row, "Hai bên cùng thực hiện đúng các điều đã ghi ở trên") for row in range(20)]


def roles(*lines: tuple[float, float, str], seals: tuple[Mark, ...] = ()) -> list[tuple[str, bool]]:
    return [(place.role, place.sealed) for place in signing_places(page(*BODY, *lines, seals=seals))]


@pytest.mark.parametrize(
    ("label", "note", "role"),
    [
        ("NGƯỜI SỬ DỤNG LAO ĐỘNG", "(Ký, đóng dấu)", ("employer", True)),
        ("NGƯỜI LAO ĐỘNG", "(Ký, ghi rõ họ tên)", ("employee", False)),
        ("Người làm đơn", "(ký và ghi rõ họ tên)", ("employee", False)),
        ("Người đề nghị", "Ký, ghi rõ họ tên", ("employee", False)),
        ("ĐẠI DIỆN HỘ KINH DOANH", "(Ký, ghi rõ họ tên)", ("household", False)),
        ("TM. ỦY BAN NHÂN DÂN", "(Ký tên, đóng dấu)", ("other", True)),
        ("CÔNG ĐOÀN CÔNG TY", "(Ký tên, đóng dấu)", ("other", True)),
        ("KT. GIÁM ĐỐC", "(Ký, đóng dấu)", ("employer", True)),
        ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, ghi rõ họ tên, đóng dấu)", ("employer", True)),
        ("NGƯỜI SỬ DUNG LAO DỘNG", "{Ký, đóng dấu)", ("employer", True)),  # as it is misread
        ("Bên sử dịtng lao động", "(Ký, đóng dấu)", ("employer", True)),  # and not the employee's
        ("Q. GIÁM ĐỐC", "(Ký, đóng dấu)", ("employer", True)),
        ("NGƯỜI LAO ĐỘNG", "Chữ ký: ............", ("employee", False)),
    ],
)
def test_a_place_is_told_by_the_line_over_it(label: str, note: str, role: tuple[str, bool]) -> None:
    assert roles((30, 200, label), (30, 205, note)) == [role]


def test_sides_without_a_word_on_signing_are_places_where_there_is_room_under_them() -> None:
    left, right = (30, 200, "ĐẠI DIỆN BÊN A"), (130, 200, "BÊN B")
    names = (30, 230, "Trần Văn Bình"), (130, 230, "Đỗ Thị Mỹ")
    assert roles(left, right, *names) == [("employer", True), ("employee", False)]
    assert roles(left, right) == [("employer", True), ("employee", False)]
    alone = (130, 200, "Người làm đơn")
    assert roles(alone, (130, 230, "Đỗ Thị Mỹ")) == [("employee", False)]


def test_a_seal_laid_over_the_room_is_no_text_in_it() -> None:
    seal = Mark(Box(20 / 210, 203 / 297, 80 / 210, 240 / 297), 0.9)
    lines = (30, 200, "GIÁM ĐỐC"), (25, 210, "CÔNG TY TNHH"), (25, 216, "SÔNG HỒNG"), (30, 245, "Trần Văn Bình")
    assert roles(*lines, seals=(seal,)) == [("employer", True)]
    assert roles(*lines) != [("employer", True)]


@pytest.mark.parametrize(
    "lines",
    [
        [(30, 20, "CÔNG TY TNHH SÔNG HỒNG")],  # a letterhead
        [(30, 200, "BÊN A: Công ty Sông Hồng"), (30, 206, "Địa chỉ: số nhà mười phố Huế")],
        [(30, 200, "Người lao động có mặt đúng ngày và giờ đã hẹn trước")],
        [(30, 200, "ký ngày 20/4/2020")],
    ],
)
def test_what_only_speaks_of_sides_is_no_place(lines: list[tuple[float, float, str]]) -> None:
    assert roles(*lines) == []


@pytest.mark.parametrize(
    ("over", "under", "role"),
    [
        ("ĐẠI DIỆN CÔNG TY", "For the Company", "employer"),
        ("NGƯỜI SỬ DỤNG LAO ĐỘNG", "THE EMPLOYER", "employer"),
        ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "employer"),
        ("TUQ. TỔNG GIÁM ĐỐC", "TRƯỞNG PHÒNG NHÂN SỰ", "employer"),
        ("TL. CHỦ TỊCH CÔNG ĐOÀN", "TRƯỞNG PHÒNG", "other"),
    ],
)
def test_what_is_written_close_under_a_sides_name_belongs_to_it(over: str, under: str, role: str) -> None:
    lines = (30, 200, over), (28, 206, under), (130, 200, "NGƯỜI LAO ĐỘNG")
    places = signing_places(page(*BODY, *lines, (30, 240, "Trần Văn Bình"), (130, 240, "Đỗ Thị Mỹ")))
    assert [place.role for place in places] == [role, "employee"]
    assert [round(place.box.y0 * 297) for place in places] == [210, 204]
    assert all(place.box.x1 - place.box.x0 > 40 / 210 for place in places)


def test_a_further_page_may_begin_with_the_places_to_sign_and_a_first_one_with_a_letterhead() -> None:
    lines = (30, 30, "Người lao động"), (120, 30, "Bên sử dụng lao động"), (30, 62, "Đỗ Thị Mỹ")
    assert [place.role for place in signing_places(page(*lines, number=2))] == ["employee", "employer"]
    assert signing_places(page(*lines)) == ()
    assert signing_places(page((130, 20, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"), *lines, number=2)) == ()


def test_a_company_named_in_a_table_is_no_place_though_only_a_number_is_under_it() -> None:
    cells = (110, 150, "Công ty Bảo Ngọc"), (110, 158, "3694729018"), (110, 190, "Bùi Kim Nhung")
    assert [place.role for place in signing_places(page(*cells))] == []


def test_the_room_ends_where_the_name_of_who_signs_begins() -> None:
    lines = (30, 200, "NGƯỜI LAO ĐỘNG"), (30, 205, "(Ký, ghi rõ họ tên)"), (30, 222, "Trần Văn Bình")
    [place] = signing_places(page(*BODY, *lines))
    assert (round(place.box.y0 * 297), round(place.box.y1 * 297)) == (209, 222)
