"""Sentences as scans give them: letters of some faces, lost signs, torn figures, names over two lines."""

from __future__ import annotations

import dataclasses

import pytest
from casework.document import Box, Mark, Word
from casework.reading import read_fields
from casework.reading.seal_words import without_seals_words
from casework.reading.values import read_value
from casework.reading.window import Window

from tests.unit.papers_by_hand import MINUTES
from tests.unit.printed import page, values

_SIGNED = "HĐLĐ số 15/2018/HĐLĐ-ML ký ngày 02/01/2018"


@pytest.mark.parametrize(
    ("printed", "read", "field", "value"),
    [
        (_SIGNED, "Hợp đồng. lao động số 15/2018/HĐLĐ-ML ký ngày 02/01/2018", "contract.number", "15/2018/HĐLĐ-ML"),
        (_SIGNED, "hợp đồng lao động số 15/2018/HĐLĐ-ML kú ngàu 02/01/2018", "contract.signed_on", "2018-01-02"),
        (_SIGNED, "Hựp đông 5ô 15/2018/HĐLĐ-ML, ký ngày 02/01/2018", "contract.number", "15/2018/HĐLĐ-ML"),
        (_SIGNED, "Hựp đông 5ô 15/2018/HĐLĐ-ML, ký ngày 02/01/2018", "contract.signed_on", "2018-01-02"),
        (
            _SIGNED, "Hựp đông 5ô 15/2018/HĐLĐ-ML, ký ngày 02/01/2018",
            "suspension.contract_ref", "15/2018/HĐLĐ-ML; 2018-01-02",
        ),
        ("31/5/2020", "31/5 2020", "suspension.ends_on", "2020-05-31"),
        ("ngày 28 tháng 3 năm 2020", "ngàu 28 tháng đ năm 2020", "document.issued_on", "2020-05-28"),
    ],
)  # fmt: skip
def test_what_a_scan_makes_of_a_sentence_is_understood(printed: str, read: str, field: str, value: str) -> None:
    assert printed in MINUTES
    assert values(read_fields([page(MINUTES.replace(printed, read), source="ocr", confidence=0.9)]))[field] == value


def test_a_number_of_another_paper_is_not_taken_for_the_contracts() -> None:
    text = MINUTES.replace(_SIGNED, "Quyết định số 15/2018/QĐ-ML ký ngày 02/01/2018")
    assert "contract.number" not in values(read_fields([page(text, source="ocr")]))


CONTRACT = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
HỢP ĐỒNG LAO ĐỘNG
Số: 12/2019/HĐLĐ-TT
1. Bên sử dụng lao động: Công ty TNHH Thực phẩm Tân Thuận, có trụ sở chính tại 469
Phan Đình Phùng, phường Mỹ Phước, thị xã Bến Cát, tỉnh Bình Dương, do ông Nguyễn Hoàng
Duy, chức vụ Phó Giám đốc, làm đại diện theo pháp luật (sau đây gọi là Công ty).
2. Người lao động: Bà Tô Thị Hạnh, sinh ngày 16/2/1974, giới tính Nữ, quốc tịch Việt Nam.
Điều 1. Công việc: Công nhân may, hợp đồng không xác định thời hạn từ ngày 1/4/2019.
Điều 2. Tiền công. Người lao động được hưởng mức Jương 9.436.000 đồng một tháng (bằng
chữ: chín triệu bốn trăm ba mươi sáu nghìn đồng), chưa gồm phụ cấp 300.000 đồng/tháng.
"""


def test_a_name_goes_on_in_the_next_line_of_its_sentence() -> None:
    fields = values(read_fields([page(CONTRACT, source="ocr", confidence=0.9)]))
    assert fields["employer.representative.full_name"] == "Nguyễn Hoàng Duy"


def test_the_amount_that_is_spelled_behind_it_is_the_wage_whatever_its_label_was_read_as() -> None:
    fields = values(read_fields([page(CONTRACT, source="ocr", confidence=0.9)]))
    assert fields["contract.salary_vnd"] == fields["contract.salary_words_vnd"] == 9_436_000


@pytest.mark.parametrize("given", ["Trọng Nam", "Hải Nam"])
def test_a_name_that_ends_in_nam_before_the_day_of_birth_is_whole(given: str) -> None:
    text = MINUTES.replace("BÊN B: Ông VŨ ĐÌNH TOÀN\nNgày sinh:", f"BÊN B: Ông Nguyễn {given} Sinh ngày:")
    fields = values(read_fields([page(text, source="ocr", confidence=0.9)]))
    assert fields["employee.full_name"] == f"Nguyễn {given}"
    assert fields["employee.date_of_birth"] == "1985-06-05"


@pytest.mark.parametrize("place", ["TP. Hải Phòngzngày", "=Bình-Dương, ngày", "Bình 2zznq, ngày", "Bắc Giang, ieà"])
def test_the_day_of_a_paper_is_read_where_a_seal_crosses_its_place(place: str) -> None:
    text = MINUTES.replace("Hôm nay, ngày 28 tháng 3 năm 2020, tại văn phòng Công ty TNHH Minh Long\n", "")
    fields = values(read_fields([page(f"{text}{place} 28 tháng 3 năm 2020\nBÊN A | BÊN B", source="ocr")]))
    assert fields["document.issued_on"] == "2020-03-28"


@pytest.mark.parametrize("text", ["TM. CÔNG TY", "TY", "NGHIỆP", "A NH NGHIỆP", "KT. GIÁM ĐỐC"])
def test_what_signs_for_a_firm_is_nobodys_name(text: str) -> None:
    assert read_value("person", Window(text, text)) is None


REQUEST = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
ĐỀ NGHỊ VAY VỐN
HỖ TRỢ TRẢ LƯƠNG NGỪNG VIỆC CHO NGƯỜI LAO ĐỘNG
1. Tổng số lao động tham gia BHXH: 81 người
2. Số lao động bị ngừng việc: {count}
3. Vùng áp dụng mức lương tối thiểu: Vùng III
4. Quỹ dự phòng tiền lương còn lại: 0 đồng
"""


@pytest.mark.parametrize(("count", "value"), [("I người", 1), ("l người", 1), ("~ người", None), ("12 người", 12)])
def test_the_number_of_the_next_item_is_no_count(count: str, value: int | None) -> None:
    read = read_fields([page(REQUEST.format(count=count), source="ocr", confidence=0.9)])
    assert read.document_type == "form_11"
    assert values(read).get("stoppage.count") == value


def test_a_speck_before_the_second_line_of_a_title_does_not_cut_it() -> None:
    title = "DANH SÁCH NGƯỜI LAO ĐỘNG\n- NGHỈ VIỆC KHÔNG HƯỞNG LƯƠNG, TẠM HOÃN HỢP ĐỒNG LAO ĐỘNG\n"
    # "HĐLĐ" heads a column; alone it is the title of a contract.
    rest = "1. Doanh nghiệp: Công ty A\nHĐLĐ\nSố sổ BHXH\nlương (từ ngày... đến ngày...)\nThông tin tài khoản\n"
    assert read_fields([page(title + rest, source="ocr")]).document_type == "form_01"


@pytest.mark.parametrize(
    ("told", "field", "value"),
    [
        ("CMND số 018369947 do Công an TP. Hà Nội cấp ngày 11/5/2011", "employee.id_issued_by", "Công an TP. Hà Nội"),
        ("CMND số 018369947 do Công an TP. Hà Nội cấp ngày 11/5/2011", "employee.id_issued_on", "2011-05-11"),
        ("Quốc tịch: Việt Nam\nSinh ngày 05.06.1985", "employee.nationality", "Việt Nam"),
        (
            "Ông VŨ ĐÌNH TOÀN, sinh ngày 05.06.1985, giới tính Nam, nơi cư trú Hà Nội, quốc tịch Việt\n"
            "Nam, CMND số 018369947 do Công an TP. Hà Nội cấp ngày 11/5/2011, hộ khẩu tại Hà Nội",
            "employee.nationality", "Việt Nam",
        ),
        (
            "Sinh ngày 05.06.1985, CMND số 001170149229 cấp ngày 20/06/2016, nơi cấp: Cục\n"
            "Cảnh sát ĐKQL cư trú và DLQG về dân cư; nơi cư trú: thôn 3, xã An Hòa",
            "employee.id_issued_by", "Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư",
        ),
        ("Loại hợp đồng: Xác định thời hạn (36 tháng)", "contract.term_months", 36),
        (
            "1.1. Công ty nhận người lao động vào làm việc theo hợp đồng xác định thời hạn, thời hạn 36\n"
            "tháng kể từ ngày 24/9/2018 đến hết ngày 23/9/2021.",
            "contract.term_months", 36,
        ),
    ],
)  # fmt: skip
def test_words_that_look_like_labels_or_stand_over_two_lines_are_values(told: str, field: str, value: object) -> None:
    text = (
        "HỢP ĐỒNG LAO ĐỘNG\nSố: 15/2018/HĐLĐ-ML\nI. NGƯỜI SỬ DỤNG LAO ĐỘNG\nTên công ty: CÔNG TY TNHH MINH LONG\n"
        f"II. NGƯỜI LAO ĐỘNG\nHọ và tên: VŨ ĐÌNH TOÀN\n{told}\n"
    )
    assert values(read_fields([page(text, source="ocr", confidence=0.9)])).get(field) == value


@pytest.mark.parametrize(
    "line", ["Bắc Ninh, :gày 28", "Hà Nội, ¬2ày 28", "Bình Dương. nz*'!! 28", "_=Đồng-Nai, ngày 28"]
)
def test_the_place_of_a_paper_is_read_where_a_seal_crosses_the_word_behind_it(line: str) -> None:
    text = MINUTES.replace("Hôm nay, ngày 28 tháng 3 năm 2020, tại văn phòng Công ty TNHH Minh Long\n", "")
    fields = values(read_fields([page(f"{text}{line} tháng 3 năm 2020\nBÊN A | BÊN B", source="ocr")]))
    assert str(fields["document.issued_at_place"]).replace("-", " ") in ("Bắc Ninh", "Hà Nội", "Bình Dương", "Đồng Nai")


def test_a_sign_for_at_and_a_lost_slash_are_known() -> None:
    assert read_value("email", Window("nhansu®minhlong.example", "")).value == "nhansu@minhlong.example"  # type: ignore[union-attr]
    text = MINUTES.replace(_SIGNED, "HĐLĐ số 15/2018 HĐLĐ-ML ký ngày 02/01/2018")
    fields = values(read_fields([page(text, source="ocr", confidence=0.9)]))
    assert (fields["contract.number"], fields["contract.signed_on"]) == ("15/2018/HĐLĐ-ML", "2018-01-02")


@pytest.mark.parametrize(("region", "confidence", "value"), [("Vùng I", 0.2, "I"), ("Vùng IIl", 0.9, "III")])
def test_a_region_is_read_of_one_stroke(region: str, confidence: float, value: str) -> None:
    sheet = page(REQUEST.replace("Vùng III", region).format(count="2 người"), source="ocr", confidence=0.9)
    words = [dataclasses.replace(word, confidence=confidence if word.text == "I" else 0.9) for word in sheet.words]
    assert values(read_fields([dataclasses.replace(sheet, words=tuple(words))]))["employer.region"] == value


AGREED = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
THỎA THUẬN TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG
1. Người sử dụng lao động: Công ty TNHH Minh Long
2. Người lao động: Ông Vũ Đình Toàn
Hai bên thỏa thuận tạm hoãn từ ngày 01/04/2020 đến ngày 30/06/2020.
"""

OPEN_COLUMNS = """
HỢP ĐỒNG LAO ĐỘNG
Số hợp đồng: 123/2015/HĐLĐ-ML
I. BÊN SỬ DỤNG LAO ĐỘNG
Doanh nghiệp | Công ty TNHH Minh Long
MST | 3721141771
Người ký | Nguyễn Xuân Khánh
Chức danh | Tổng Giám đốc
II. BÊN LAO ĐỘNG
Họ và tên | TRẦN THỊ THỦY
Ngày sinh | 31/03/1978
"""


def test_what_a_seal_bears_is_no_name_of_who_signs() -> None:
    signed = "NGƯỜI LAO ĐỘNG | GIÁM ĐỐC\n\n\n\nVũ Đình Toàn | Trần Văn A"
    sheet = page(f"{AGREED}\n{signed}", source="ocr", confidence=0.9)
    post, name = (next(word.box for word in sheet.words if word.text == text) for text in ("GIÁM", "Trần"))
    seal = Mark(Box(post.x0, post.y0, post.x0 + 0.25, name.y1 + 0.01), 0.9)
    borne = [
        Word(text, Box(post.x0 + x, post.y1 + y, post.x0 + x + 0.02, post.y1 + y + high), 0.92)
        for text, x, y, high in (("CÔNG", 0.05, 0.004, 0.006), ("HẦN", 0.05, 0.02, 0.006), ("T", 0.2, 0.025, 0.012))
    ]
    stamped = dataclasses.replace(sheet, words=(*sheet.words, *borne), seals=(seal,))
    assert without_seals_words(stamped) == dataclasses.replace(sheet, seals=(seal,))
    assert values(read_fields([stamped])) == values(read_fields([dataclasses.replace(sheet, seals=(seal,))]))


def test_figures_and_names_that_a_seal_was_laid_over_stay() -> None:
    sheet = page("Tổng cộng 12 người\nTrần Văn A", source="ocr")
    stamped = dataclasses.replace(sheet, seals=(Mark(Box(0, 0, 0.9, 0.3), 0.9),))
    assert without_seals_words(stamped) == stamped


def test_an_abbreviation_under_a_label_is_a_label_of_its_own() -> None:
    fields = values(read_fields([page(OPEN_COLUMNS, source="ocr", confidence=0.9)]))
    assert fields["employer.name"] == "Công ty TNHH Minh Long"
    assert fields["employer.tax_code"] == "3721141771"


def test_a_place_that_begins_with_ia_is_read() -> None:
    found = read_value("address", Window("ấp 3, xã la Glai, huyện Chư Sê, tỉnh Gia Lai", ""))
    assert found is not None
    assert found.value == "ấp 3, xã Ia Glai, huyện Chư Sê, tỉnh Gia Lai"


TABLED = """
THỎA THUẬN TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG
Số 34/2020/ĐĐN-ML
Doanh nghiệp | Công ty TNHH Minh Long
Người ký thỏa thuận | Phan Xuân Vỹ Tổng Giám đốc
Họ và tên người lao động | {name}
Ngày sinh | 02/12/1968
Số CMND/CCCD | 010089104
Hai bên thỏa thuận tạm hoãn từ ngày 01/04/2020 đến ngày 30/06/2020.
"""


@pytest.mark.parametrize("name", ["NGUYỄN ANH TOÀN", "Nguyễn Xuân Thuận", "Lương Đình Sơn"])
def test_a_name_like_a_label_is_a_name_and_the_post_behind_one_is_none_of_it(name: str) -> None:
    fields = values(read_fields([page(TABLED.format(name=name), source="ocr", confidence=0.9)]))
    assert fields["employee.full_name"] == name
    assert fields["employer.representative.full_name"] == "Phan Xuân Vỹ"
    assert fields["employer.representative.position"] == "Tổng Giám đốc"
    assert fields["document.number"] == "34/2020/ĐN-ML"


@pytest.mark.parametrize("rest", ["Duy đại diện, chức vụ Giám đốc", "Duy, chức vụ Giám đốc", "Duy cùng người lao động"])
def test_a_name_goes_on_in_the_next_line(rest: str) -> None:
    text = (
        "THỎA THUẬN TẠM HOÃN THỰC HIỆN HỢP ĐỒNG LAO ĐỘNG\n"
        "Công ty TNHH Minh Long, trụ sở: 2 Trần Hưng Đạo, tỉnh Bắc Ninh; do ông Phạm Ngọc\n"
        f"{rest} và bà Trần Thị Thảo, sinh ngày\n"
        "17/3/1974, thỏa thuận tạm hoãn từ ngày 01/04/2020 đến ngày 30/06/2020."
    )
    found = values(read_fields([page(text, source="ocr", confidence=0.9)]))
    assert found["employer.representative.full_name"] == "Phạm Ngọc Duy"


def test_a_number_of_a_person_is_none_of_a_contract() -> None:
    assert read_value("number", Window("056500842", "")) is None
    assert read_value("number", Window("05/2020", "")).value == "05/2020"  # type: ignore[union-attr]


@pytest.mark.parametrize("line", ["TP. Cần Thơ, rsàu 10", "TP. Hồ Chí Minh, ugìu 10"])
def test_the_place_of_a_paper_is_read_before_a_misread_word(line: str) -> None:
    text = MINUTES.replace("Hôm nay, ngày 28 tháng 3 năm 2020, tại văn phòng Công ty TNHH Minh Long\n", "")
    fields = values(read_fields([page(f"{text}{line} tháng 3 năm 2020\nBÊN A | BÊN B", source="ocr")]))
    assert fields["document.issued_at_place"] == line.split(",")[0]


def test_a_label_in_two_tongues_is_one_whatever_letter_its_second_begins_with() -> None:
    text = (
        "HỢP ĐỒNG LAO ĐỘNG\nSố: 15/2018/HĐLĐ-ML\nI. NGƯỜI SỬ DỤNG LAO ĐỘNG\nTên công ty: CÔNG TY TNHH MINH LONG\n"
        "II. NGƯỜI LAO ĐỘNG\nHọ và tên: VŨ ĐÌNH TOÀN\nSố CMND/CCCD / 1D card No.: 056500842\n"
        "Điều 1. Thời hạn\nLoại hợp đồng: Theo mùa vụ\nThời hạn hợp đồng / 7erm: 09 tháng\n"
    )
    fields = values(read_fields([page(text, source="ocr", confidence=0.9)]))
    assert (fields["employee.id_number"], fields["contract.term_months"]) == ("056500842", 9)
    assert fields["contract.number"] == "15/2018/HĐLĐ-ML"


@pytest.mark.parametrize("read", ["31⁄2019/HĐLĐ-ML", "3 1/2019/HĐLĐ-ML", "31/2019 HĐLĐ-ML"])
def test_slashes_of_fractions_and_torn_figures_are_no_end_of_a_number(read: str) -> None:
    text = MINUTES.replace(_SIGNED, f"HĐLĐ số {read} ký ngày 02/01/2018")
    fields = values(read_fields([page(text, source="ocr", confidence=0.9)]))
    assert (fields["contract.number"], fields["contract.signed_on"]) == ("31/2019/HĐLĐ-ML", "2018-01-02")


def test_a_stray_letter_before_the_form_of_a_firm_is_none_of_its_name() -> None:
    text = TABLED.format(name="Vũ Đình Toàn").replace("Công ty TNHH", "Công ty T TNHH")
    assert values(read_fields([page(text, source="ocr", confidence=0.9)]))["employer.name"] == "Công ty TNHH Minh Long"
