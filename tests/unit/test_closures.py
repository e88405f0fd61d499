"""The table of the provinces' closure decisions: what is found by place and line, and what makes it unsound."""

from __future__ import annotations

from datetime import date

import pytest
from casework import closures
from casework.errors import BadRulebook

ENTRY = """
[[closure]]
id = "dn"
province = "048"
district = "Hải Châu"
lines = ["quán bar"]
from = 2020-03-28
to = 2020-04-22
source = "Quyết định giả tưởng 1/QĐ-UBND"
confirmed = true
says = "đóng cửa quán bar"
says_en = "bars closed"
"""


@pytest.mark.parametrize(
    ("address", "line", "ids"),
    [
        ("12 Lê Lợi, Quận 1, TP. Hồ Chí Minh", "Kinh doanh karaoke", ["hcm-entertainment"]),
        ("12 Le Loi, Quan 1, TP HCM", "KARAOKE", ["hcm-entertainment"]),
        ("12 Lê Lợi, Quận 1, TP. Hồ Chí Minh", "Quán ăn, karaoke", ["hcm-entertainment", "hcm-services"]),
        ("5 Hàng Bài, Hoàn Kiếm, Hà Nội", "Cắt tóc nam", ["hn-services"]),
        ("12 Lê Lợi, Quận 1, TP. Hồ Chí Minh", "Barber", []),  # whole words only
        ("12 Lê Lợi, Quận 1, TP. Hồ Chí Minh", "Tạp hóa", []),
        ("ấp 3, xã Bà Điểm, Cần Thơ", "Karaoke", []),  # no decision of that province is in the table
        ("", "Karaoke", []),
        ("12 Lê Lợi, Quận 1, TP. Hồ Chí Minh", "", []),
    ],
)
def test_decisions_are_found_by_place_and_line(address: str, line: str, ids: list[str]) -> None:
    assert [closure.id for closure in closures.found(address, line)] == ids


def test_a_decision_holds_from_its_first_day_to_its_last() -> None:
    [closure] = closures.parse(ENTRY)
    days = [date(2020, 3, 27), date(2020, 3, 28), date(2020, 4, 22), date(2020, 4, 23)]
    assert [closure.covers(day) for day in days] == [False, True, True, False]
    assert closure.said().vi.startswith("Đà Nẵng, Hải Châu, từ 28/03/2020 đến 22/04/2020: đóng cửa quán bar")


@pytest.mark.parametrize(
    ("there", "instead", "says"),
    [
        ('province = "048"', 'province = "999"', "no province 999"),
        ("from = 2020-03-28", "from = 2020-05-28", "in their order"),
        ("from = 2020-03-28", "", "from missing"),
        ('source = "Quyết định giả tưởng 1/QĐ-UBND"', 'source = "mem"', "from memory is not confirmed"),
        ('district = "Hải Châu"', 'town = "Hải Châu"', "unknown word town"),
    ],
)
def test_what_is_not_sound_is_named(there: str, instead: str, says: str) -> None:
    with pytest.raises(BadRulebook, match=says):
        closures.parse(ENTRY.replace(there, instead))


def test_nothing_from_memory_is_confirmed() -> None:
    assert [closure.id for closure in closures.table() if closure.confirmed and closure.source == "mem"] == []
