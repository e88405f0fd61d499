"""Numbers of people, companies and accounts: their rules, and what they say when a rule does not hold."""

from __future__ import annotations

import pytest
from casework.vietnam import identifiers
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("number", "province", "sex", "year"),
    [
        ("079184001234", "Hồ Chí Minh", "female", 1984),
        ("001302005678", "Hà Nội", "female", 2002),
        ("087084000999", "Đồng Tháp", "male", 1984),
        ("999084000999", None, "male", 1984),
    ],
)
def test_a_cccd_number_tells_province_sex_and_year(number: str, province: str | None, sex: str, year: int) -> None:
    assert identifiers.cccd_facts(number) == identifiers.CccdFacts(province, sex, year)  # type: ignore[arg-type]


def test_a_cccd_number_is_compared_with_what_the_paper_says() -> None:
    agreed = identifiers.id_number("079184001234", date_of_birth="1984-05-01", sex="female")
    assert agreed.checked
    assert agreed.sound
    wrong = identifiers.id_number("079184001234", date_of_birth="1948-05-01", sex="male")
    assert not wrong.checked
    assert len(wrong.doubts) == 2


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("012 345 678", "012345678", "cmnd"),
        ("B1234567", "B1234567", "passport"),
        ("O79184OO1234", "079184001234", "cccd"),
        ("12345", "12345", "unknown"),
    ],
)
def test_id_numbers_by_their_shape(text: str, value: str, kind: str) -> None:
    found = identifiers.id_number(text)
    assert (found.value, found.kind) == (value, kind)
    assert found.sound == (kind != "unknown" and "O" not in text)


@pytest.mark.parametrize("code", ["0100684378", "0300588569", "0100107370", "3100000016"])
def test_tax_codes_of_known_companies_hold(code: str) -> None:
    assert identifiers.mst(code).checked
    assert identifiers.mst(code + "-001").value == code + "-001"


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.integers(0, 9))
def test_one_check_digit_at_most_is_right(body: str, digit: int) -> None:
    assert identifiers.mst(f"{body}{digit}").checked == (identifiers.mst_check_digit(body) == digit)


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.integers(0, 9), st.integers(1, 9))
def test_one_misread_figure_of_a_tax_code_is_always_seen(body: str, place: int, change: int) -> None:
    digit = identifiers.mst_check_digit(body)
    if digit is None:
        return
    code = f"{body}{digit}"
    wrong = code[:place] + str((int(code[place]) + change) % 10) + code[place + 1 :]
    assert not identifiers.mst(wrong).checked


def test_a_lost_digit_of_a_tax_code_is_named() -> None:
    assert "cần 10 hoặc 13" in identifiers.mst("193486564").doubts[0]
    assert "0100684378" in identifiers.mst("100684378").doubts[0]


@pytest.mark.parametrize(
    ("text", "value", "sound"),
    [
        ("0912.345.678", "+84912345678", True),
        ("+84 912 345 678", "+84912345678", True),
        ("0237.3852.666", "+842373852666", True),
        ("028 3822 1234 (máy lẻ 12)", "+842838221234", True),
        ("0123456", "0123456", False),
    ],
)
def test_phones_in_e164(text: str, value: str, sound: bool) -> None:
    found = identifiers.phone(text)
    assert (found.value, found.sound) == (value, sound)


def test_bhxh_and_accounts_keep_their_zeros() -> None:
    assert identifiers.bhxh("0112 772 052").value == "0112772052"
    assert identifiers.bhxh("DN4797912345678").value == "7912345678"
    assert not identifiers.bhxh("123").sound
    assert identifiers.bank_account("0011 0045 678").value == "00110045678"


def test_sex_is_told_only_when_one_of_the_two_stands_there() -> None:
    assert identifiers.sex_of("Nữ") == "female"
    assert identifiers.sex_of("Nam") == "male"
    assert identifiers.sex_of("Nam/Nữ") is None


@given(st.text(max_size=40))
def test_no_text_breaks_a_number(text: str) -> None:
    for read in (identifiers.id_number, identifiers.mst, identifiers.bhxh, identifiers.phone, identifiers.bank_account):
        assert all(character.isalnum() or character in "+-" for character in read(text).value)
