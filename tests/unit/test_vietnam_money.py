"""Money in figures and in words: two readings of one fact, each exact."""

from __future__ import annotations

import unicodedata

import pytest
from casework.vietnam.money import amount_in_words, find_amounts, parse_amount, words_to_amount
from hypothesis import given
from hypothesis import strategies as st

SUMS = st.integers(0, 10**15 - 1) | st.integers(0, 10**9).map(lambda value: value * 1000)


@given(SUMS)
def test_a_sum_written_in_words_is_read_back(value: int) -> None:
    assert words_to_amount(amount_in_words(value)) == value


@given(SUMS)
def test_words_without_marks_and_southern_words_say_the_same(value: int) -> None:
    words = amount_in_words(value).lower()
    southern = words.replace("nghìn", "ngàn").replace("linh", "lẻ").replace("tỷ", "tỉ")
    bare = "".join(letter for letter in unicodedata.normalize("NFD", words) if not unicodedata.combining(letter))
    assert words_to_amount(southern) == value
    assert words_to_amount(bare.replace("đ", "d")) == value


@given(
    st.integers(1000, 10**12),
    st.sampled_from([".", ",", " "]),
    st.sampled_from([" đồng", "đ", " VNĐ", " VND/tháng", ""]),
)
def test_a_sum_in_figures_is_read_with_any_mark(value: int, mark: str, unit: str) -> None:
    amount = parse_amount("Mức lương: " + f"{value:,}".replace(",", mark) + unit)
    assert amount is not None
    assert amount.value == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1_800_000, "Một triệu tám trăm nghìn đồng"),
        (4_707_000, "Bốn triệu bảy trăm linh bảy nghìn đồng"),
        (1_715_000, "Một triệu bảy trăm mười lăm nghìn đồng"),
        (24_104_000, "Hai mươi tư triệu một trăm linh bốn nghìn đồng"),
        (1_000_005, "Một triệu không trăm linh năm đồng"),
        (0, "Không đồng"),
    ],
)
def test_sums_are_spelled_as_offices_spell_them(value: int, words: str) -> None:
    assert amount_in_words(value) == words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4,73 triệu", 4_730_000),
        ("5 triệu đồng", 5_000_000),
        ("4.730.000,00 đ", 4_730_000),
        ("4.73O.000đ", 4_730_000),
        ("1,5 tỷ", 1_500_000_000),
        ("4.575:000 VNĐ", 4_575_000),
        ("1 1.994:000 đ", 11_994_000),
        ("8.1 11.000 đ", 8_111_000),
    ],
)
def test_figures_with_units_and_misread_letters(text: str, value: int) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert amount.value == value


@pytest.mark.parametrize("text", ["Ba", "", "theo thỏa thuận", "đồng"])
def test_words_that_are_no_sum(text: str) -> None:
    assert words_to_amount(text) in (None, 3)
    assert (words_to_amount(text) == 3) == (text == "Ba")


def test_a_million_said_in_figures_and_in_words_can_be_compared() -> None:
    assert parse_amount("4.246.000.000 đồng").value != words_to_amount("Bốn triệu hai trăm bốn mươi sáu nghìn đồng")  # type: ignore[union-attr]


@given(st.text(max_size=60))
def test_no_text_breaks_the_parsers(text: str) -> None:
    find_amounts(text)
    words_to_amount(text)
