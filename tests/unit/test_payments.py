"""Who somebody is across dossiers, and what a decision claims (rules X-1 to X-5)."""

from __future__ import annotations

import pytest
from casework.payments import Claim, Identity, claims_of, comparable, identity, person_key, twice

BORN = "1990-02-03"


def test_numbers_come_before_names() -> None:
    who = identity(bhxh="7912345670", id_number="079090000123", name="Nguyễn Thị Ánh", born=BORN)
    assert who.numbers == ("bhxh:7912345670", "id:079090000123")
    assert person_key(who, "Nguyễn Thị Ánh", BORN) == "bhxh:7912345670"
    assert person_key(identity(id_number="079090000123"), "", None) == "id:079090000123"


def test_a_name_counts_only_with_the_whole_day_of_birth() -> None:
    same = identity(name="NGUYỄN  THỊ ÁNH", born=BORN), identity(name="Nguyễn Thị Ánh", born=BORN)
    assert same[0] == same[1]
    assert same[0].name.startswith("name:")
    assert identity(name="Nguyễn Thị Ánh", born="1990").name == ""
    assert identity(name="Nguyễn Thị Ánh").name == ""


@pytest.mark.parametrize(
    ("mine", "others", "told_apart"),
    [({"bhxh"}, {"bhxh", "id"}, True), ({"bhxh"}, {"id"}, False), (set(), {"bhxh"}, False), ({"id"}, {"id"}, True)],
)
def test_people_of_one_name_and_birth_are_told_apart_by_numbers_of_one_kind(
    mine: set[str], others: set[str], told_apart: bool
) -> None:
    assert comparable(mine, others) is told_apart


def a_claim(row: str, *numbers: str, months: tuple[str, ...] = ("2020-04",), name: str = "") -> Claim:
    return Claim(row, Identity(numbers, name), months, "cash", 1_800_000)


def test_one_person_twice_in_one_decision_is_found() -> None:
    claims = (a_claim("1", "bhxh:1"), a_claim("2", "bhxh:1"), a_claim("3", "bhxh:1", months=("2020-05",)))
    [conflict] = twice(claims, "d1", "H29.1-200518-0001", "SW")
    assert (conflict.row, conflict.holding.month) == ("2", "2020-04")
    assert twice((a_claim("1", "bhxh:1", name="name:a"), a_claim("2", "bhxh:2", name="name:a")), "d", "c", "SW") == []


def test_a_decision_claims_the_months_of_those_it_approves() -> None:
    rows = [
        {"key": "1", "outcome": "approve", "months": ["2020-04"], "amount_vnd": 1},
        {"key": "2", "outcome": "refuse", "months": [], "amount_vnd": 0},
    ]
    people = {"1": {"numbers": ["bhxh:1"], "name_key": "name:a"}, "2": {"numbers": ["bhxh:2"]}}
    [claim] = claims_of(rows, people, "cash")
    assert (claim.row, claim.who, claim.months) == ("1", Identity(("bhxh:1",), "name:a"), ("2020-04",))
    held = {
        "month": "2020-05",
        "code": "c",
        "procedure": "TC",
        "amount_vnd": 1_000_000,
        "grant": "g",
        "added_vnd": 800_000,
    }
    raised = [
        {"key": "1", "outcome": "approve", "months": ["2020-04", "2020-05"], "amount_vnd": 2_600_000, "held": [held]}
    ]
    [claim] = claims_of(raised, people, "cash")
    assert claim.amount_vnd == 1_800_000  # what a month of it is worth, whoever pays which part
    assert [(one.month, one.grant) for one in claim.over] == [("2020-05", "g")]
    assert claims_of(rows, people, None) == ()  # a pause of contributions grants nobody a month
