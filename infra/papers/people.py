"""Invented people and employers of 2020, with identifiers whose shapes are right.

Knows how the numbers are built (CCCD from province, sex and birth year; tax codes with their check digit; social
insurance numbers that avoid the endings the stand-in registry gives a meaning) and what names and addresses look
like. It refuses to know papers: what is printed where is the templates' business. Nobody here exists.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Sex = Literal["male", "female"]
ContractType = Literal["indefinite", "fixed", "seasonal"]
SuspensionKind = Literal["suspension", "unpaid_leave"]

MAGIC_TAX_CODES = {
    "vss_down": "3100000016",
    "vss_slow": "3100000023",
    "tax_has_revenue": "3100000030",
    "enterprise_not_found": "3100000048",
}
"""Employer tax codes to which the stand-in registries answer in a special way (docs/sandbox.md)."""

MAGIC_BHXH_ENDINGS = {
    "not_participating": "0001",
    "no_decrease_reported": "0002",
    "contract_ended": "0003",
    "name_mismatch": "0004",
    "not_found": "0005",
    "wrong_person_echoed": "0006",
}
"""Last four digits of a social insurance number to which the stand-in registry answers in a special way."""


@dataclass(frozen=True, slots=True)
class Place:
    """A province of 2020 with some of its districts and communes; `cmnd` begins the old 9-digit cards."""

    code: str
    name: str
    title: str
    police: str
    phone_area: str
    tax_prefix: str
    cmnd: str
    bounds: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One invented employee. `bhxh_number` is a string of ten digits, `phone` in national form."""

    full_name: str
    sex: Sex
    date_of_birth: date
    birth_province: str
    id_kind: Literal["cccd", "cmnd"]
    id_number: str
    id_issued_on: date
    id_issued_by: str
    permanent_address: str
    current_address: str
    phone: str
    bhxh_number: str
    bank_account: str
    bank_name: str
    bank_account_holder: str
    department: str
    job_title: str
    schooling: str
    code: str


@dataclass(frozen=True, slots=True)
class Employer:
    """One invented enterprise and the person who signs for it. `initials` stand in its document numbers."""

    name: str
    tax_code: str
    address: str
    district: str
    city: str
    phone: str
    email: str
    bank_account: str
    bank_name: str
    vss_unit_code: str
    initials: str
    line: str
    representative_name: str
    representative_sex: Sex
    representative_position: str


@dataclass(frozen=True, slots=True)
class Job:
    """What binds a person to an employer, and the weeks without work of 2020."""

    person: Person
    contract_number: str
    contract_type: ContractType
    term_months: int | None
    signed_on: date
    starts_on: date
    ends_on: date | None
    salary_vnd: int
    allowance_vnd: int
    suspension_kind: SuspensionKind
    suspension_number: str
    suspension_signed_on: date
    suspension_starts_on: date
    suspension_ends_on: date


PLACES = (
    Place(
        "001",
        "Hà Nội",
        "TP. Hà Nội",
        "Công an TP. Hà Nội",
        "024",
        "01",
        "01",
        (
            ("quận Hoàng Mai", ("phường Định Công", "phường Đại Kim", "phường Giáp Bát")),
            ("quận Long Biên", ("phường Thạch Bàn", "phường Ngọc Thụy", "phường Đức Giang")),
            ("huyện Đông Anh", ("xã Kim Chung", "xã Võng La", "thị trấn Đông Anh")),
            ("quận Hà Đông", ("phường Mộ Lao", "phường Vạn Phúc", "phường Yên Nghĩa")),
        ),
    ),
    Place(
        "079",
        "Hồ Chí Minh",
        "TP. Hồ Chí Minh",
        "Công an TP. Hồ Chí Minh",
        "028",
        "03",
        "02",
        (
            ("Quận 1", ("phường Bến Nghé", "phường Đa Kao", "phường Cầu Ông Lãnh")),
            ("quận Bình Tân", ("phường An Lạc", "phường Bình Hưng Hòa", "phường Tân Tạo A")),
            ("quận Thủ Đức", ("phường Linh Xuân", "phường Hiệp Bình Phước", "phường Trường Thọ")),
            ("huyện Hóc Môn", ("xã Bà Điểm", "xã Xuân Thới Thượng", "thị trấn Hóc Môn")),
        ),
    ),
    Place(
        "031",
        "Hải Phòng",
        "TP. Hải Phòng",
        "Công an TP. Hải Phòng",
        "0225",
        "02",
        "03",
        (
            ("quận Ngô Quyền", ("phường Máy Tơ", "phường Đằng Giang", "phường Lạch Tray")),
            ("huyện An Dương", ("xã Hồng Phong", "xã Nam Sơn", "thị trấn An Dương")),
        ),
    ),
    Place(
        "048",
        "Đà Nẵng",
        "TP. Đà Nẵng",
        "Công an TP. Đà Nẵng",
        "0236",
        "04",
        "20",
        (
            ("quận Hải Châu", ("phường Hòa Cường Bắc", "phường Thạch Thang", "phường Bình Hiên")),
            ("quận Liên Chiểu", ("phường Hòa Khánh Bắc", "phường Hòa Minh", "phường Hòa Hiệp Nam")),
        ),
    ),
    Place(
        "092",
        "Cần Thơ",
        "TP. Cần Thơ",
        "Công an TP. Cần Thơ",
        "0292",
        "18",
        "36",
        (
            ("quận Ninh Kiều", ("phường Xuân Khánh", "phường An Khánh", "phường Cái Khế")),
            ("huyện Phong Điền", ("xã Mỹ Khánh", "xã Nhơn Ái", "thị trấn Phong Điền")),
        ),
    ),
    Place(
        "074",
        "Bình Dương",
        "tỉnh Bình Dương",
        "Công an tỉnh Bình Dương",
        "0274",
        "37",
        "28",
        (
            ("thành phố Thuận An", ("phường Lái Thiêu", "phường Bình Chuẩn", "xã An Sơn")),
            ("thị xã Bến Cát", ("phường Mỹ Phước", "phường Thới Hòa", "xã Phú An")),
        ),
    ),
    Place(
        "075",
        "Đồng Nai",
        "tỉnh Đồng Nai",
        "Công an tỉnh Đồng Nai",
        "0251",
        "36",
        "27",
        (
            ("thành phố Biên Hòa", ("phường Long Bình", "phường Trảng Dài", "phường Hố Nai")),
            ("huyện Nhơn Trạch", ("xã Phước Thiền", "xã Hiệp Phước", "xã Long Thọ")),
        ),
    ),
    Place(
        "027",
        "Bắc Ninh",
        "tỉnh Bắc Ninh",
        "Công an tỉnh Bắc Ninh",
        "0222",
        "23",
        "12",
        (
            ("huyện Yên Phong", ("xã Long Châu", "xã Đông Tiến", "thị trấn Chờ")),
            ("thị xã Từ Sơn", ("phường Đồng Kỵ", "phường Đình Bảng", "xã Phù Khê")),
        ),
    ),
    Place(
        "038",
        "Thanh Hóa",
        "tỉnh Thanh Hóa",
        "Công an tỉnh Thanh Hóa",
        "0237",
        "28",
        "17",
        (
            ("thành phố Thanh Hóa", ("phường Đông Thọ", "phường Quảng Thắng", "xã Quảng Cát")),
            ("huyện Hoằng Hóa", ("xã Hoằng Ngọc", "xã Hoằng Đức", "thị trấn Bút Sơn")),
        ),
    ),
    Place(
        "040",
        "Nghệ An",
        "tỉnh Nghệ An",
        "Công an tỉnh Nghệ An",
        "0238",
        "29",
        "18",
        (
            ("huyện Diễn Châu", ("xã Diễn Mỹ", "xã Diễn Hồng", "thị trấn Diễn Châu")),
            ("huyện Quỳnh Lưu", ("xã Quỳnh Thạch", "xã Quỳnh Hậu", "thị trấn Cầu Giát")),
        ),
    ),
    Place(
        "036",
        "Nam Định",
        "tỉnh Nam Định",
        "Công an tỉnh Nam Định",
        "0228",
        "06",
        "16",
        (
            ("huyện Ý Yên", ("xã Yên Ninh", "xã Yên Xá", "thị trấn Lâm")),
            ("huyện Hải Hậu", ("xã Hải Minh", "xã Hải Phương", "thị trấn Yên Định")),
        ),
    ),
    Place(
        "066",
        "Đắk Lắk",
        "tỉnh Đắk Lắk",
        "Công an tỉnh Đắk Lắk",
        "0262",
        "60",
        "24",
        (
            ("thành phố Buôn Ma Thuột", ("phường Ea Tam", "phường Tân Lợi", "xã Ea Kao")),
            ("huyện Krông Pắc", ("xã Ea Kly", "xã Hòa Đông", "thị trấn Phước An")),
        ),
    ),
    Place(
        "064",
        "Gia Lai",
        "tỉnh Gia Lai",
        "Công an tỉnh Gia Lai",
        "0269",
        "59",
        "23",
        (
            ("thành phố Pleiku", ("phường Hội Phú", "phường Yên Thế", "xã Biển Hồ")),
            ("huyện Chư Sê", ("xã Ia Glai", "xã Dun", "thị trấn Chư Sê")),
        ),
    ),
    Place(
        "014",
        "Sơn La",
        "tỉnh Sơn La",
        "Công an tỉnh Sơn La",
        "0212",
        "55",
        "05",
        (
            ("thành phố Sơn La", ("phường Chiềng Lề", "phường Quyết Thắng", "xã Chiềng Xôm")),
            ("huyện Mộc Châu", ("xã Tân Lập", "xã Phiêng Luông", "thị trấn Mộc Châu")),
        ),
    ),
    Place(
        "002",
        "Hà Giang",
        "tỉnh Hà Giang",
        "Công an tỉnh Hà Giang",
        "0219",
        "51",
        "07",
        (
            ("huyện Đồng Văn", ("xã Sủng Là", "xã Phố Cáo", "thị trấn Đồng Văn")),
            ("huyện Quản Bạ", ("xã Quyết Tiến", "xã Thanh Vân", "thị trấn Tam Sơn")),
        ),
    ),
    Place(
        "096",
        "Cà Mau",
        "tỉnh Cà Mau",
        "Công an tỉnh Cà Mau",
        "0290",
        "20",
        "38",
        (
            ("huyện Trần Văn Thời", ("xã Khánh Hưng", "xã Phong Lạc", "thị trấn Sông Đốc")),
            ("thành phố Cà Mau", ("phường Tân Thành", "xã Lý Văn Lâm", "xã Hòa Thành")),
        ),
    ),
)
CITIES = PLACES[:8]

_FAMILIES = ("Nguyễn",) * 9 + ("Trần",) * 4 + ("Lê",) * 3 + ("Phạm",) * 3 + (
    "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh", "Mai",
    "Đoàn", "Lương", "Tô", "Quách", "Tạ", "Cao", "Hà", "Thái", "Kiều", "Nghiêm", "Lưu", "Triệu", "Châu")  # fmt: skip
_MIDDLES = {
    "female": ("Thị", "Thị", "Thị", "Thị Thu", "Thị Ngọc", "Ngọc", "Thị Mỹ", "Thúy", "Thị Bích", "Thị Hồng", "Kim",
               "Thị Như", "Phương", "Thanh", "Thị Ánh", "Thị Quỳnh"),
    "male": ("Văn", "Văn", "Văn", "Đức", "Hữu", "Minh", "Quốc", "Công", "Xuân", "Thanh", "Đình", "Ngọc", "Trọng",
             "Hoàng", "Anh", "Viết"),
}  # fmt: skip
_GIVEN = {
    "female": ("Hoa", "Hằng", "Huệ", "Thủy", "Thúy", "Yến", "Nhung", "Ngân", "Trang", "Linh", "Duyên", "Phượng",
               "Hường", "Hạnh", "Loan", "Lý", "Mỹ", "Quỳnh", "Thơm", "Tuyết", "Vân", "Xuân", "Ánh", "Diễm", "Nguyệt",
               "Hiền", "Oanh", "Thảo", "Khuyên", "Mơ", "Đào", "Sương"),
    "male": ("Hùng", "Dũng", "Cường", "Tuấn", "Thắng", "Quyết", "Trường", "Vũ", "Khoa", "Hải", "Sơn", "Lộc", "Phước",
             "Nghĩa", "Tâm", "Quý", "Duy", "Khánh", "Toàn", "Thuận", "Vỹ", "Bằng", "Đạt", "Hòa", "Huy", "Kiệt", "Nam",
             "Thịnh", "Tưởng", "Vượng", "Ước", "Lữ"),
}  # fmt: skip
_OTHER_PEOPLES: tuple[tuple[str, Sex, str], ...] = (
    ("H'Hen Niê", "female", "066"), ("H'Loan Êban", "female", "066"), ("Y Moan Byă", "male", "066"),
    ("Y Thim Mlô", "male", "066"), ("Rơ Châm H'Yéo", "female", "064"), ("Ksor Blưu", "male", "064"),
    ("Siu Phưt", "male", "064"), ("Giàng A Páo", "male", "014"), ("Giàng Thị Mỷ", "female", "014"),
    ("Vàng Mí Sính", "male", "002"), ("Sùng Thị Dợ", "female", "002"), ("Lò Văn Ọi", "male", "014"),
    ("Thạch Sô Phia", "female", "096"), ("Kim Sà Rết", "male", "096"), ("Lầu Bá Chò", "male", "040"),
)  # fmt: skip
_STREETS = ("Nguyễn Trãi", "Lê Lợi", "Trần Hưng Đạo", "Nguyễn Huệ", "Phan Đình Phùng", "Lý Thường Kiệt", "Hùng Vương",
            "Quang Trung", "Hai Bà Trưng", "Điện Biên Phủ", "Cách Mạng Tháng Tám", "Nguyễn Thị Minh Khai", "Âu Cơ",
            "Ngô Gia Tự", "Võ Văn Kiệt", "Xô Viết Nghệ Tĩnh", "Trường Chinh", "Tôn Đức Thắng")  # fmt: skip
_HAMLETS = ("thôn Đông", "thôn Thượng", "ấp 3", "xóm 7", "thôn Phú Mỹ", "tổ 5", "khu phố 2", "ấp Bình Hòa",
            "tổ dân phố 11", "thôn 4")  # fmt: skip
_BANKS = (
    "Vietcombank",
    "BIDV",
    "Agribank",
    "VietinBank",
    "Sacombank",
    "Techcombank",
    "ACB",
    "MB",
    "VPBank",
    "DongA Bank",
)
_BANK_BRANCHES = {
    "Vietcombank": "Ngân hàng TMCP Ngoại thương Việt Nam", "BIDV": "Ngân hàng TMCP Đầu tư và Phát triển Việt Nam",
    "Agribank": "Ngân hàng Nông nghiệp và Phát triển Nông thôn Việt Nam", "ACB": "Ngân hàng TMCP Á Châu",
    "VietinBank": "Ngân hàng TMCP Công thương Việt Nam", "Sacombank": "Ngân hàng TMCP Sài Gòn Thương Tín",
    "Techcombank": "Ngân hàng TMCP Kỹ thương Việt Nam", "MB": "Ngân hàng TMCP Quân đội",
    "VPBank": "Ngân hàng TMCP Việt Nam Thịnh Vượng", "DongA Bank": "Ngân hàng TMCP Đông Á",
}  # fmt: skip
_BANK_DIGITS = {"Vietcombank": 13, "BIDV": 14, "Agribank": 13, "VietinBank": 12, "Sacombank": 12, "Techcombank": 14,
                "ACB": 9, "MB": 13, "VPBank": 9, "DongA Bank": 10}  # fmt: skip
_LINES: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("Dệt may", "TEXTILE", (("Công nhân may", "Chuyền may 2"), ("Tổ trưởng chuyền", "Chuyền may 1"),
                            ("Công nhân cắt", "Tổ cắt"), ("Nhân viên kiểm hàng", "Phòng KCS"))),
    ("Du lịch", "TRAVEL", (("Hướng dẫn viên", "Phòng Điều hành tour"), ("Nhân viên bán vé", "Phòng Kinh doanh"),
                           ("Lái xe", "Đội xe"), ("Nhân viên lễ tân", "Bộ phận Lễ tân"))),
    ("Khách sạn", "HOTEL", (("Nhân viên buồng phòng", "Bộ phận Buồng"), ("Đầu bếp", "Bộ phận Bếp"),
                            ("Nhân viên phục vụ", "Bộ phận Nhà hàng"), ("Nhân viên bảo vệ", "Tổ Bảo vệ"))),
    ("Chế biến gỗ", "WOOD", (("Thợ mộc", "Phân xưởng 1"), ("Công nhân sơn", "Phân xưởng Sơn"),
                             ("Thủ kho", "Kho vật tư"), ("Công nhân đóng gói", "Phân xưởng 2"))),
    ("Vận tải", "TRANS", (("Lái xe", "Đội xe 1"), ("Phụ xe", "Đội xe 2"), ("Nhân viên điều độ", "Phòng Điều độ"),
                          ("Thợ sửa chữa", "Xưởng sửa chữa"))),
    ("Giày da", "SHOES", (("Công nhân đế", "Xưởng đế"), ("Công nhân may mũ giày", "Xưởng may"),
                          ("Nhân viên kế toán", "Phòng Kế toán"), ("Công nhân hoàn thiện", "Xưởng hoàn thiện"))),
    ("Thực phẩm", "FOOD", (("Công nhân chế biến", "Xưởng chế biến"), ("Nhân viên thị trường", "Phòng Kinh doanh"),
                           ("Nhân viên kho lạnh", "Kho lạnh"), ("Kỹ thuật viên", "Phòng Kỹ thuật"))),
)  # fmt: skip
_FIRMS = ("An Phú Thịnh", "Đại Lộc Phát", "Hoàng Gia Việt", "Minh Khánh Phương", "Tân Thuận Hưng", "Bảo Ngọc Viễn Đông",
          "Sao Mai Xanh", "Thiên Ý", "Việt Hưng Thủy", "Gia Nghĩa Hoàng", "Phúc Đức Quỳnh", "Hải Yến Cửu Long",
          "Trường Thọ Mới", "Đông Á Sài Thành", "Kỷ Nguyên Lữ Hành", "Nhật Quỳnh", "Mỹ Hảo Bắc", "Thuận Đường")  # fmt: skip
_POSITIONS = ("Giám đốc", "Tổng Giám đốc", "Phó Giám đốc", "Giám đốc điều hành")


def tax_code(body: str) -> str | None:
    """The ten-digit tax code made of nine digits and its check digit; None where no such code is issued."""
    remainder = (
        sum(int(digit) * weight for digit, weight in zip(body, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True)) % 11
    )
    return f"{body}{10 - remainder}" if remainder else None


def unaccented(text: str) -> str:
    """Latin letters alone, as banks print account holders: `Đặng Thị Ước` -> `Dang Thi Uoc`."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and letter != "'")


def add_months(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def invent_person(
    rng: random.Random, line: str | None = None, *, bhxh_ending: str | None = None, sex: Sex | None = None
) -> Person:
    """One employee; `line` (an employer's line of business) chooses jobs that fit it.

    bhxh_ending: the last four digits of the social insurance number, for the stand-in registry's magic values.
    """
    sex = sex or rng.choice(("male", "female"))
    others = [other for other in _OTHER_PEOPLES if other[1] == sex]
    if rng.random() < 0.12:
        name, _, province = rng.choice(others)
        place = next(place for place in PLACES if place.code == province)
    else:
        name = " ".join((rng.choice(_FAMILIES), rng.choice(_MIDDLES[sex]), rng.choice(_GIVEN[sex])))
        place = rng.choice(PLACES)
    born = date(1962, 1, 1) + timedelta(days=rng.randrange(39 * 365))
    id_kind: Literal["cccd", "cmnd"]
    if rng.random() < 0.4 and place.code in {"001", "079", "031", "048", "092", "074", "027", "036", "038"}:
        id_kind = "cccd"
        century = 0 if born.year < 2000 else 2
        number = f"{place.code}{century + (sex == 'female')}{born.year % 100:02d}{rng.randrange(1_000_000):06d}"
        issued = date(2016, 3, 1) + timedelta(days=rng.randrange(1380))
        issuer = (
            "Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư" if issued < date(2018, 10, 1) else "Cục Cảnh sát QLHC về TTXH"
        )
    else:
        id_kind = "cmnd"
        number = place.cmnd + "".join(rng.choice("0123456789") for _ in range(9 - len(place.cmnd)))
        earliest = max(date(2006, 1, 1), add_months(born, 14 * 12 + 6))
        issued = earliest + timedelta(days=rng.randrange(max(1, (date(2019, 11, 1) - earliest).days)))
        issuer = place.police
    ending = bhxh_ending or f"{rng.randrange(100, 10_000):04d}"
    bank = rng.choice(_BANKS)
    jobs = next((jobs for name_, _, jobs in _LINES if name_ == line), None) or rng.choice(_LINES)[2]
    job_title, department = rng.choice(jobs)
    return Person(
        full_name=unicodedata.normalize("NFC", name),
        sex=sex,
        date_of_birth=born,
        birth_province=place.name,
        id_kind=id_kind,
        id_number=number,
        id_issued_on=issued,
        id_issued_by=issuer,
        permanent_address=_address(rng, place),
        current_address=_address(rng, rng.choice(CITIES)),
        phone=rng.choice(("090", "091", "093", "097", "098", "035", "037", "038", "070", "077", "083", "086", "096"))
        + f"{rng.randrange(10_000_000):07d}",
        bhxh_number=f"{place.code[1:]}{rng.randrange(5, 21):02d}{rng.randrange(100):02d}{ending}",
        bank_account="".join(rng.choice("0123456789") for _ in range(_BANK_DIGITS[bank])),
        bank_name=bank,
        bank_account_holder=unaccented(name).upper(),
        department=department,
        job_title=job_title,
        schooling=rng.choice(("12/12", "9/12", "Trung cấp", "Cao đẳng", "Đại học")),
        code=f"NV{rng.randrange(10_000):04d}",
    )


def invent_employer(
    rng: random.Random, *, tax: str | None = None, city: str | None = None, district: str | None = None,
    name: str | None = None,
) -> Employer:  # fmt: skip
    """One enterprise; `tax`, `city` (a province's name), `district` and `name` may be fixed by the caller."""
    place = next((place for place in CITIES if place.name == city), None) or rng.choice(CITIES)
    bounds = next((bound for bound in place.bounds if bound[0] == district), None) or rng.choice(place.bounds)
    line, _, _ = rng.choice(_LINES)
    firm = rng.choice(_FIRMS)
    kind = rng.choice(
        ("Công ty TNHH", "Công ty TNHH", "Công ty Cổ phần", "Công ty TNHH Một thành viên", "Công ty TNHH MTV")
    )
    while tax is None:
        tax = tax_code(place.tax_prefix + f"{rng.randrange(1, 10_000_000):07d}")
    sex: Sex = rng.choice(("male", "male", "female"))
    bank = rng.choice(_BANKS)
    name = name or f"{kind} {line} {firm}"
    words = unaccented(name.split(line)[-1] if line in name else name).upper().split()
    branch = _BANK_BRANCHES[bank]
    return Employer(
        name=unicodedata.normalize("NFC", name),
        tax_code=tax,
        address=f"{rng.randrange(2, 480)} {rng.choice(_STREETS)}, {rng.choice(bounds[1])}, {bounds[0]}, {place.title}",
        district=bounds[0],
        city="Hà Nội" if place.code == "001" else place.title if place.title.startswith("TP.") else place.name,
        phone=f"{place.phone_area}.{rng.randrange(3000, 3999)}.{rng.randrange(100, 999)}"
        if len(place.phone_area) == 4
        else f"{place.phone_area}.{rng.randrange(3500, 3999)}.{rng.randrange(1000, 9999)}",
        email=f"{rng.choice(('hanhchinh', 'info', 'nhansu', 'lienhe'))}@{''.join(words).lower()}.example",
        bank_account="".join(rng.choice("0123456789") for _ in range(_BANK_DIGITS[bank])),
        bank_name=f"{branch} - Chi nhánh {place.name}",
        vss_unit_code=f"{rng.choice('TYHK')}{rng.choice('ABCDEN')}{rng.randrange(10_000):04d}{rng.choice('ABCZ')}",
        initials="".join(word[0] for word in words),
        line=line,
        representative_name=" ".join((rng.choice(_FAMILIES), rng.choice(_MIDDLES[sex]), rng.choice(_GIVEN[sex]))),
        representative_sex=sex,
        representative_position=rng.choice(_POSITIONS),
    )


def invent_job(
    rng: random.Random, employer: Employer, person: Person, *, kind: SuspensionKind | None = None,
    starts_on: date | None = None, ends_on: date | None = None, contract_type: ContractType | None = None,
    serial: int | None = None,
) -> Job:  # fmt: skip
    """A contract running in April 2020 and its suspension; what the caller does not fix is invented within the law."""
    contract_type = contract_type or rng.choice(("indefinite", "indefinite", "fixed", "fixed", "fixed", "seasonal"))
    term = {"indefinite": None, "fixed": rng.choice((12, 24, 36)), "seasonal": rng.choice((6, 9))}[contract_type]
    if term is None:
        starts = date(2012, 1, 1) + timedelta(days=rng.randrange(2800))
    else:  # still running at the end of June 2020, the end of the window the relief pays for
        starts = date(2020, 3, 15) - timedelta(days=int(term * 30.4 * rng.uniform(0, 0.4)))
    if rng.random() < 0.6:
        starts = starts.replace(day=1)
    ends = add_months(starts, term) - timedelta(days=1) if term else None
    kind = kind or rng.choice(("suspension", "unpaid_leave"))
    begin = starts_on or date(2020, 4, 1) + timedelta(days=rng.randrange(0, 60))
    finish = ends_on or add_months(begin, rng.choice((1, 1, 2, 3))) - timedelta(days=1)
    signed = starts - timedelta(days=rng.choice((0, 1, 2, 3)))
    serial = serial or rng.randrange(1, 300)
    mark = "TTTH" if kind == "suspension" else "TTNKL"
    return Job(
        person=person,
        contract_number=f"{serial:02d}/{signed.year}/HĐLĐ-{employer.initials}",
        contract_type=contract_type,
        term_months=term,
        signed_on=signed,
        starts_on=starts,
        ends_on=ends,
        salary_vnd=rng.randrange(884, 2600) * 5000 if rng.random() < 0.7 else rng.randrange(4420, 12_000) * 1000,
        allowance_vnd=rng.choice((300_000, 500_000, 730_000, 850_000, 1_000_000, 1_250_000)),
        suspension_kind=kind,
        suspension_number=f"{serial:02d}/2020/{mark}-{employer.initials}",
        suspension_signed_on=min(begin, date(2020, 5, 11)) - timedelta(days=rng.choice((1, 2, 3))),
        suspension_starts_on=begin,
        suspension_ends_on=finish,
    )


def _address(rng: random.Random, place: Place) -> str:
    district, communes = rng.choice(place.bounds)
    commune = rng.choice(communes)
    if commune.startswith("xã"):
        return f"{rng.choice(_HAMLETS)}, {commune}, {district}, {place.title}"
    return f"{rng.randrange(2, 380)}{rng.choice(('', '', '/' + str(rng.randrange(2, 40))))} {rng.choice(_STREETS)}, {commune}, {district}, {place.title}"
