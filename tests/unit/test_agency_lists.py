"""Lists of agencies: headings found as people write them, cells read or refused with their place, answers by key."""

from __future__ import annotations

import datetime as dt

import pytest
from casework.agency_lists import (
    answer_employer,
    answer_row,
    column_letters,
    find_columns,
    list_kinds,
    read_row,
)
from casework.registry import DOSSIER_FACTS, ROW_FACTS, Employer, Question, QuestionRow

VSS, TAX = list_kinds()["vss"], list_kinds()["tax"]
HEADING = [
    "STT", "Mã số BHXH", "Họ và tên", "Ngày sinh", "Từ tháng", "Đến tháng", "Tháng báo giảm", "Chấm dứt hợp đồng",
]  # fmt: skip
GOOD = [1, "7912345670", "Nguyễn Thị Ánh", "03/02/1990", "01/2018", "", "04/2020", "Không"]
COLUMNS = find_columns(VSS, HEADING)
PERSON = QuestionRow("k", "7912345670", "NGUYỄN THỊ ÁNH", dt.date(1990, 2, 3), on=dt.date(2020, 4, 14))


def asked(*rows, registry="vss", wanted=()):
    return Question(registry, "q", dt.date(2020, 4, 14), Employer("8100000047", "Hộ"), rows, wanted)


def test_every_list_states_facts_its_registry_may_state():
    for registry, kind in list_kinds().items():
        known = ROW_FACTS[registry] if kind.subject == "row" else DOSSIER_FACTS[registry]
        assert set(kind.facts) <= set(known)
        assert {name for fact in kind.facts.values() for name in fact.of} <= {column.name for column in kind.columns}
        assert kind.key in {column.name for column in kind.columns if column.required}


def test_columns_are_found_whatever_the_case_accents_and_order():
    assert COLUMNS["bhxh_number"] == 1
    mixed = ["họ  tên", "TU THANG", "MÃ SỐ BHXH", None]
    assert find_columns(VSS, mixed) == {"full_name": 0, "from_month": 1, "bhxh_number": 2}
    assert find_columns(VSS, ["Họ tên", "Từ tháng"]) is None
    assert [column_letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_good_row_is_an_entry_in_one_form():
    entry, errors = read_row(VSS, COLUMNS, 2, GOOD)
    assert errors == []
    assert entry == {
        "bhxh_number": "7912345670", "full_name": "Nguyễn Thị Ánh", "date_of_birth": "1990-02-03",
        "from_month": "2018-01", "decrease_month": "2020-04", "contract_ended": "no",
    }  # fmt: skip
    typed = [1, 7912345670, "Nguyễn Thị Ánh", dt.datetime(1990, 2, 3), dt.date(2018, 1, 1), None, "2020-04", "x"]
    assert read_row(VSS, COLUMNS, 2, typed) == (entry | {"contract_ended": "yes"}, [])
    assert read_row(VSS, COLUMNS, 3, ["", None, " "]) == ({}, [])


@pytest.mark.parametrize(
    ("place", "cell", "column"),
    [
        (1, "791234567", "B (Mã số BHXH)"), (1, 79123456.5, "B (Mã số BHXH)"), (1, "", "B (Mã số BHXH)"),
        (2, "12345", "C (Họ và tên)"), (2, "A\x07n", "C (Họ và tên)"), (2, None, "C (Họ và tên)"),
        (3, "31/02/1990", "D (Ngày tháng năm sinh)"), (3, "1990", "D (Ngày tháng năm sinh)"),
        (4, "13/2020", "E (Tham gia từ tháng)"), (4, "2020", "E (Tham gia từ tháng)"),
        (7, "có lẽ", "H (Chấm dứt hợp đồng)"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_row_and_column(place, cell, column):
    row = [*GOOD]
    row[place] = cell
    _, [error] = read_row(VSS, COLUMNS, 17, row)
    assert (error.row, error.column) == (17, column)
    assert error.says.vi
    assert error.says.en


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("78.000.000", "78000000"),
        ("78,000,000 đồng", "78000000"),
        (78_000_000.0, "78000000"),
        ("7.8", None),
        ("-5", None),
    ],
)
def test_money_is_read_whole_or_not_at_all(cell, value):
    columns = find_columns(TAX, ["MST", "Tên hộ kinh doanh", "Doanh thu khoán năm 2020"])
    entry, errors = read_row(TAX, columns, 2, ["8100000047", "Hộ Nguyễn Văn A", cell])
    assert entry.get("revenue") == value
    assert bool(errors) == (value is None)


def test_a_person_is_found_compared_and_told_of_on_the_day_that_matters():
    entry, _ = read_row(VSS, COLUMNS, 2, GOOD)
    answer = answer_row(VSS, PERSON, entry, asked(PERSON), set(COLUMNS))
    assert (answer.status, answer.mismatched) == ("match", ())
    assert answer.facts == {
        "vss.participating_before_suspension": True, "vss.participating_before_termination": True,
        "vss.decrease_reported": True, "vss.contract_ended": False,
    }  # fmt: skip
    left = {**entry, "to_month": "2020-03"}
    assert (
        answer_row(VSS, PERSON, left, asked(PERSON), set(COLUMNS)).facts["vss.participating_before_suspension"] is False
    )
    other = {**entry, "full_name": "Nguyễn Thị Anh", "date_of_birth": "1991-02-03"}
    told = answer_row(VSS, PERSON, other, asked(PERSON), set(COLUMNS))
    assert (told.status, told.mismatched) == ("mismatch", ("employee.full_name", "employee.date_of_birth"))
    nobody = answer_row(VSS, PERSON, None, asked(PERSON), set(COLUMNS))
    assert (nobody.status, nobody.facts) == ("not_found", {})


def test_what_hangs_on_a_column_the_list_does_not_have_is_not_known():
    entry, _ = read_row(VSS, COLUMNS, 2, GOOD)
    facts = answer_row(VSS, PERSON, entry, asked(PERSON), {"bhxh_number", "full_name", "from_month"}).facts
    assert set(facts.values()) == {None}


def test_only_what_was_asked_for_is_told():
    entry = {"tax_code": "8100000047", "name": "Hộ", "revenue": "78000000"}
    question = asked(registry="tax", wanted=("tax.household_revenue_2020_vnd",))
    answer = answer_employer(TAX, entry, question, {"tax_code", "name", "revenue"})
    assert answer.facts == {"tax.household_revenue_2020_vnd": 78_000_000}
    assert answer_employer(TAX, None, question, set()).status == "not_found"
