"""Values of every type as papers print them behind a label: whatever way they are written, the same value is read."""

from __future__ import annotations

import datetime

from casework.reading.boxes import without_unticked
from casework.reading.values import read_value
from casework.reading.window import Window
from casework.vietnam.identifiers import mst_check_digit
from casework.vietnam.money import amount_in_words
from hypothesis import assume, given
from hypothesis import strategies as st

from infra.papers.wording import spell_money, write_date, write_money

DAYS = st.dates(datetime.date(1940, 1, 1), datetime.date(2030, 12, 31))
LEADS = st.sampled_from(("", " ", ": ", ":", "......", ": …… ", " là "))
TAILS = st.sampled_from(("", ".", "......", ", tại Hà Nội", "; và", "\nĐiều 2"))


def read(kind: str, text: str) -> object:
    found = read_value(kind, Window(text, text))
    return found.value if found else None


@given(DAYS, st.sampled_from(("long", "long0", "slash", "slash0", "dash", "dot", "blanks")), LEADS, TAILS)
def test_a_day_is_read_in_every_form(day: datetime.date, form: str, lead: str, tail: str) -> None:
    assert read("date", lead + write_date(day, form) + tail) == day.isoformat()


@given(DAYS, TAILS)
def test_a_day_is_read_where_blanks_were_filled_in(day: datetime.date, tail: str) -> None:
    text = f"ngày ...{day.day:02d}... tháng ...{day.month:02d}... năm ...{day.year}..." + tail
    assert read("date", text) == day.isoformat()


@given(
    st.integers(10, 999_999),
    st.sampled_from(("dot", "comma")),
    st.sampled_from((" đồng", " VNĐ", " đ/tháng", "đ")),
    LEADS,
)
def test_an_amount_in_figures_is_read(thousands: int, form: str, currency: str, lead: str) -> None:
    amount = thousands * 1000
    assert read("money", lead + write_money(amount, form) + currency) == amount


@given(st.integers(10, 99_999_999), st.booleans())
def test_an_amount_in_words_is_the_amount_in_figures(thousands: int, south: bool) -> None:
    amount = thousands * 1000
    assert read("money_words", spell_money(amount, south=south) + " đồng") == amount


@given(st.integers(10, 99_999_999))
def test_what_is_spelled_here_is_read_here(thousands: int) -> None:
    assert read("money_words", amount_in_words(thousands * 1000)) == thousands * 1000


def spaced(digits: str, sizes: tuple[int, ...], sign: str) -> str:
    parts, rest = [], digits
    for size in sizes:
        parts.append(rest[:size])
        rest = rest[size:]
    return sign.join([*parts, rest] if rest else parts)


@given(st.from_regex(r"0[0-9]{8}|[1-9][0-9]{8}", fullmatch=True), st.sampled_from(("", " ")), LEADS, TAILS)
def test_a_cmnd_is_nine_figures(number: str, sign: str, lead: str, tail: str) -> None:
    assert read("id_number", lead + spaced(number, (3, 3, 3), sign) + tail) == number


@given(st.from_regex(r"0[0-9]{11}", fullmatch=True), st.sampled_from(("", " ")), LEADS)
def test_a_cccd_is_twelve_figures(number: str, sign: str, lead: str) -> None:
    assert read("id_number", lead + spaced(number, (3, 3, 3, 3), sign)) == number


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.sampled_from(("", "-001", "-015")), LEADS)
def test_a_tax_code_with_its_check_digit_is_not_doubted(body: str, branch: str, lead: str) -> None:
    check = mst_check_digit(body)
    assume(check is not None)
    text = f"{lead}{body}{check}{branch}"
    found = read_value("mst", Window(text, text))
    assert found is not None
    assert found.value == f"{body}{check}{branch}"
    assert not found.doubts


@given(st.from_regex(r"[0-9]{10}", fullmatch=True), LEADS, TAILS)
def test_a_social_insurance_number_is_ten_figures(number: str, lead: str, tail: str) -> None:
    assert read("bhxh", lead + number + tail) == number


@given(
    st.sampled_from(("090", "035", "077", "081", "059")),
    st.from_regex(r"[0-9]{7}", fullmatch=True),
    st.sampled_from(("{0}{1}", "{0} {2} {3}", "{0}.{2}.{3}", "{0}-{2}-{3}", "+84 {4} {2} {3}", "({0}) {2} {3}")),
)
def test_a_mobile_number_is_one_number_however_written(area: str, rest: str, form: str) -> None:
    text = form.format(area, rest, rest[:3], rest[3:], area[1:])
    assert read("phone", ": " + text) == "+84" + area[1:] + rest


@given(st.sampled_from(("024", "028", "0236", "0251")), st.from_regex(r"[2-9][0-9]{6}", fullmatch=True))
def test_a_telephone_on_a_line_with_its_area_in_brackets(area: str, rest: str) -> None:
    number = rest if len(area) == 4 else rest + "1"
    assert read("phone", f": ({area}) {number[:4]} {number[4:]}") == "+84" + area[1:] + number


@given(st.from_regex(r"[0-9]{8,16}", fullmatch=True), LEADS, TAILS)
def test_an_account_keeps_its_leading_zeros(number: str, lead: str, tail: str) -> None:
    assert read("account", lead + number + tail) == number


@given(st.integers(1, 60), st.sampled_from(("{:02d} tháng", "{} tháng", "{:02d} (xx) tháng")))
def test_a_term_in_months(months: int, form: str) -> None:
    assert read("months", form.format(months)) == months


@given(st.sampled_from(("☑", "☒", "[x]", "[X]", "(v)", "■")), st.sampled_from(("☐", "□", "[ ]", "( )")), st.booleans())
def test_the_ticked_box_decides_before_and_behind_its_word(on: str, off: str, behind: bool) -> None:
    text = f": Nam {off} Nữ {on}" if behind else f": {off} Nam {on} Nữ"
    assert read("sex", text) == "female"


@given(st.text(max_size=60))
def test_boxes_never_move_the_text(text: str) -> None:
    assert len(without_unticked(text)) == len(text)
