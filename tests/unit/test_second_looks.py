"""A second look gives a value again, gives another, or says nothing certain."""

from __future__ import annotations

from typing import Any

import pytest
from casework.second_looks import alphabet_of, apart, can_tell, settled

NUMBER, OTHER = "7912345670", "7912345678"


@pytest.mark.parametrize(
    ("value", "looks", "outcome", "then"),
    [
        (NUMBER, (NUMBER, NUMBER, "7912845670"), "held", NUMBER),
        (NUMBER, (NUMBER, NUMBER, OTHER, OTHER), "leaning", NUMBER),
        (NUMBER, (OTHER, "7912 345 678", OTHER), "turned", OTHER),
        (NUMBER, (OTHER, "7912845670", "7912345676"), "unclear", NUMBER),
        (NUMBER, ("912345670", "912345670", NUMBER), "held", NUMBER),  # a figure at the edge is cut off
        (NUMBER, ("", "—"), "silent", NUMBER),
        (NUMBER, (), "silent", NUMBER),
        ("2020-04-15", ("ngày 15 tháng 04 năm 2020",) * 3, "held", "2020-04-15"),
        ("2020-04-15", ("16/04/2020", "16.04.2020", "16-04-2020"), "turned", "2020-04-16"),
        ("2020-05-14", ("15/04/2020 - 14/05/2020",) * 3, "held", "2020-05-14"),
        ("2020-05-14", ("15/04/2020 - 11/05/2020",) * 3, "turned", "2020-05-11"),
        (5_000_000, ("5.000.000 đồng",), "held", 5_000_000),
        (5_000_000, ("6,000,000", "6.000.000"), "turned", 6_000_000),
        ("Nguyễn Thị Huệ", ("Ông/Bà: NGUYEN THI HUE",), "held", "Nguyễn Thị Huệ"),
        ("Nguyễn Thị Huệ", ("Nguyễn Thị Huy", "Nguyễn Thị Huy"), "unclear", "Nguyễn Thị Huệ"),  # names are not mended
        ("07/2018/HĐLĐ", ("Số: 07/2018/HĐĐLĐ", "07/2018/HDLO"), "held", "07/2018/HĐLĐ"),
        ("107/2018/HĐLĐ", ("I07/2018/HĐLĐ",), "held", "107/2018/HĐLĐ"),
        ("07/2018/HĐLĐ", ("01/2018/HĐLĐ", "01/2018/HĐLĐ"), "turned", "01/2018/HĐLĐ"),
    ],
)
def test_what_a_value_is_worth_after_it(value: Any, looks: tuple[str, ...], outcome: str, then: Any) -> None:
    assert settled(value, _printed(value), looks) == (outcome, then)


def _printed(value: Any) -> str:
    return {"2020-04-15": "15/04/2020", "2020-05-14": "15/04/2020 - 14/05/2020"}.get(value, str(value))


def test_an_amount_in_words_is_read_as_words() -> None:
    said = "- Mức lương: 5.500.000 đồng/tháng (Bằng chữ: Năm triệu năm trăm nghìn đồng)."
    assert settled(5_500_000, "", (said,), in_words=True) == ("held", 5_500_000)
    looks = ("sáu triệu đồng", "sáu triệu đồng chẵn")
    assert settled(5_500_000, "", looks, in_words=True) == ("turned", 6_000_000)


@pytest.mark.parametrize(
    ("value", "raw", "tells"),
    [
        ("male", "Nam", False),
        ("indefinite", "không xác định thời hạn", False),
        ("2020-05", "05/2020", False),
        ("2020-05-04", "04/05/2020", True),
        ("Trần An", "TRẦN AN", True),
        (3, "03", False),
        (3_000_000, "3.000.000", True),
        ("61/2020/HĐLĐ", "61/2020/HĐĐĐLĐ", True),
    ],
)
def test_only_what_is_printed_in_a_line_can_be_read_again(value: Any, raw: str, tells: bool) -> None:
    assert can_tell(value, raw) is tells


@pytest.mark.parametrize(("printed", "narrow"), [("15/04/2020", True), ("5.000.000", True), ("5.000.000 đồng", False)])
def test_what_is_printed_in_figures_is_read_as_figures(printed: str, narrow: bool) -> None:
    assert (alphabet_of(printed) is not None) is narrow


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (["052001082", "052001052", "052001052", "052001082"], ["052009082"] * 4, True),  # the sixth is 1, there 9
        (["2020-05-14", "2030-05-14", "2090-05-14", "2020-05-14"], ["2020-05-16"] * 4, True),
        (["052001082", "052009082", "052001052", "052001082"], ["052009082"] * 4, False),
        (["8987508935388", "8987508955388", "8987508955388"] * 2, ["8987508985388", "8987508935388"] * 2, False),
        (["052001082"] * 3, ["052009082"] * 4, False),  # too few readings
        (["052001082", "0520010852", "520010852", "2001082"], ["052009082"] * 4, False),  # of another length
    ],
)
def test_figures_that_no_reading_shares_tell_two_places_apart(first: list[str], second: list[str], told: bool) -> None:
    assert apart(first, second) is apart(second, first) is told
