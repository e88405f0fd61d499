"""Names, letters and addresses: what is one spelling of another, and what is another name."""

from __future__ import annotations

import unicodedata

import pytest
from casework.vietnam.addresses import compare_addresses, parse_address, province_name
from casework.vietnam.letters import fold, nfc, repair_case, syllable_key
from casework.vietnam.names import (
    company_key,
    compare,
    compare_companies,
    match_key,
    repair_name_case,
    strip_title,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.measure_names import measured
from tests.bench.near_pairs import unseen_pairs


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        ("Nguyễn Văn Hòa", "Nguyễn Văn Hòa", "exact"),
        ("Nguyễn Văn Hoà", "NGUYỄN VĂN HÒA", "spelling"),
        ("Lý Thị Mỹ", "Lí Thị Mĩ", "spelling"),
        ("Ông Đỗ Quý", "Ðỗ Quí", "spelling"),
        ("H'Hen Niê", "H’Hen Niê", "spelling"),
        ("Hoàng Anh", "Hoang Anh", "unaccented"),
        ("Hoàng Anh", "Hoáng Anh", "close"),
        ("Nguyen Van Hoàng", "Nguyễn Văn Hoàng", "unaccented"),
        ("Ng. Thị Thủy", "Nguyễn Thị Thủy", "abbreviated"),
        ("B. Văn Trường", "Bùi Văn Trường", "abbreviated"),
        ("Hiền Nguyễn Thị", "Nguyễn Thị Hiền", "reordered"),
        ("Nguyễn Văn Thúy", "Nguyễn Văn Thúi", "close"),
        ("Trần Văn An", "Lê Thị Bình", "different"),
        ("", "Lê Thị Bình", "different"),
    ],
)
def test_levels_of_likeness(first: str, second: str, level: str) -> None:
    likeness = compare(first, second)
    assert likeness.level == level
    assert compare(second, first).level == level
    assert likeness.same == (level in ("exact", "spelling"))
    assert likeness.reason
    assert likeness.reason_en


@pytest.mark.parametrize("kind", ["person", "company", "address"])
def test_pairs_nobody_tuned_on_are_told_apart_as_people_do(kind: str) -> None:
    tally = measured([pair for pair in unseen_pairs() if pair.kind == kind])[kind]
    assert tally.worst >= 0.95, tally


def test_an_address_says_which_part_is_another() -> None:
    here = "12 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM"
    assert compare_addresses(here, "14 Lê Lợi, phường Bến Nghé, quận 1, TP. Hồ Chí Minh").reason_en == (
        "another house number"
    )
    assert compare_addresses(here, "12 Lê Lợi, quận 1, TP. Hồ Chí Minh").alike
    assert not compare_addresses(here, "").alike


def test_a_tone_on_the_wrong_letter_is_the_same_syllable() -> None:
    assert syllable_key("nghĩa") == syllable_key("nghiã")
    assert syllable_key("thủy") == syllable_key("thuỷ")
    assert syllable_key("Thúy") != syllable_key("Thúi")


@given(st.text(alphabet="aàáảãạăằâấbcdđeèêếghiìkloòôớơuùưứyỳ ", max_size=30))
def test_the_key_does_not_depend_on_composition_or_case(name: str) -> None:
    assert match_key(unicodedata.normalize("NFD", name)) == match_key(name) == match_key(name.upper())


@given(st.text(max_size=50).map(nfc))
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("CÔNG TY TNHH MTV ABC VIỆT NAM", "Công ty trách nhiệm hữu hạn một thành viên ABC VN"),
        ("Công ty Cổ phần Thương mại & Dịch vụ Hoa Sen", "CTY CP TM VÀ DV HOA SEN"),
        ("Cty T.N.H.H Minh Long", "Công ty TNHH Minh Long"),
    ],
)
def test_a_company_is_the_same_however_its_form_is_abbreviated(first: str, second: str) -> None:
    assert company_key(first) == company_key(second)
    assert compare_companies(first, second).same


def test_other_companies_are_others() -> None:
    assert not compare_companies("Công ty TNHH Minh Long", "Công ty TNHH Minh Phát").same


@pytest.mark.parametrize(
    ("word", "mended"),
    [("HỮu", "HỮU"), ("nGười", "người"), ("Nguyễn", "Nguyễn"), ("HĐLĐ", "HĐLĐ"), ("a", "a"), ("NguyỄn", "Nguyễn")],
)
def test_mixed_case_is_mended(word: str, mended: str) -> None:
    assert repair_case(word) == mended
    assert repair_name_case("NGUYỄN VĂN HỮu") == "NGUYỄN VĂN HỮU"


@given(st.text(alphabet="aăâbcđeêghiklmnoôơpqrstuưvxyAĐNHT", min_size=1, max_size=8))
def test_mending_case_never_changes_a_letter(word: str) -> None:
    assert repair_case(word).lower() == word.lower()


@pytest.mark.parametrize(
    "name", ["Ông Lê Văn A", "Ông/Bà: Lê Văn A", "Ông (Bà) Lê Văn A", "Ô. Lê Văn A", "Ông/Mr. Lê Văn A", "Lê Văn A"]
)
def test_titles_are_stripped(name: str) -> None:
    assert strip_title(name) == "Lê Văn A"


def test_bao_and_other_names_that_begin_like_titles_stay() -> None:
    assert strip_title("Bạch Thị Ba") == "Bạch Thị Ba"
    assert strip_title("Chị Em") == "Em"


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("Số 5, ngõ 10, xã Tân Hưng, huyện Bình Giang, tỉnh Hải Dương", "030", "rural"),
        ("12 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM", "079", "urban"),
        ("12 Lê Lợi, phường Bến Nghé, quận 1, Thành phố Hồ Chí Minh, Việt Nam", "079", "urban"),
        ("khu phố 2, thị trấn Long Thành, huyện Long Thành, Đồng Nai......", "075", "urban"),
        ("12 Lê Lợi", None, None),
    ],
)
def test_addresses_end_in_their_province(text: str, code: str | None, kind: str | None) -> None:
    address = parse_address(text)
    assert (address.province_code, address.commune_kind) == (code, kind)
    assert bool(address.doubts) == (code is None)


def test_a_province_read_badly_is_respelled_and_others_are_left() -> None:
    assert province_name(" TP. Đà Năng") == " TP. Đà Nẵng"
    assert province_name(" TT. Hải Phòng") == " TP. Hải Phòng"
    assert province_name(" TP. Đà Nẵng") is None
    assert province_name(" quận Liên Chiểu") is None
