"""Lists of one employer beside each other (rules X-2, X-4): what is told, and that agreement is silent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from casework.dossier import State
from casework.employer_lists import EmployerList, Listed, disagreements
from casework.workflow.signalling import signals_of

from infra.local.registries import answer_for
from tests.builders import ANH, BINH, Employee, House, agreement, sheet, the_list

ROOM = {"off": "suspension", "starts_on": date(2020, 5, 1), "ends_on": date(2020, 5, 31)}


def someone(name: str, number: str = "", **more: Any) -> Listed:
    return Listed(name, (f"bhxh:{number}",) if number else (), f"name:{name}", **more)


def sw(*people: Listed) -> EmployerList:
    return EmployerList("d-sw", "H29.1-200518-0001", "SW", "cash", people)


def ln(*people: Listed) -> EmployerList:
    return EmployerList("d-ln", "H29.1-200518-0002", "LN", "loan", people)


def ps(*people: Listed, month: str = "2020-05") -> EmployerList:
    return EmployerList("d-ps", "H29.1-200518-0003", "PS", "pause", people, month, 14)


def test_lists_that_agree_say_nothing() -> None:
    anh = someone("Ánh", "1", **ROOM, months=("2020-05",))
    assert disagreements(ps(anh), [sw(anh)]) == []
    assert disagreements(sw(anh), [ps(anh), sw(anh)][:1]) == []
    assert disagreements(ps(anh), [ps(anh, someone("Bình", "2", **ROOM))]) == []  # two pauses are not compared
    assert disagreements(sw(anh), [ln(someone("Ánh", "1", months=("2020-06",)))]) == []  # another month


@pytest.mark.parametrize(("own", "other"), [("SW", "LN"), ("LN", "SW")])
def test_one_month_on_two_lists_is_told_with_both_codes(own: str, other: str) -> None:
    made = {
        "SW": sw(someone("Ánh", "1", months=("2020-04", "2020-05")), someone("Bình", "2", months=("2020-04",))),
        "LN": ln(someone("Ánh", "1", months=("2020-05", "2020-06"))),
    }
    [told] = disagreements(made[own], [made[other]])
    assert told.kind == "listed-twice"
    assert made[own].code in told.saw.vi and made[other].code in told.saw.vi
    assert "Ánh (05/2020)" in told.saw.vi and "Bình" not in told.saw.vi
    assert told.dossiers == (made[other].dossier_id,)


@pytest.mark.parametrize("first", ["pause", "paid"])
def test_a_pause_that_counts_others_than_the_list_is_told_whoever_comes_second(first: str) -> None:
    stays = someone("Ánh", "1", **ROOM)
    few = someone("Bình", "2", off="suspension", starts_on=date(2020, 5, 20), ends_on=date(2020, 6, 30))
    paid = sw(stays, few, someone("Cúc", "3", **ROOM), someone("Dũng", "4", off="suspension"))
    pause = ps(stays, few, someone("Em", "5", **ROOM), someone("Giang", "6"))
    own, other = (paid, pause) if first == "pause" else (pause, paid)
    [told] = disagreements(own, [other])
    assert told.kind == "lists-disagree"
    assert pause.code in told.saw.vi and paid.code in told.saw.vi and "05/2020" in told.saw.vi
    assert "1 người có ở SW mà không ở PS (Cúc)" in told.saw.vi
    assert "1 người có ở PS mà không ở SW (Em)" in told.saw.vi  # of Giang the pause says no suspension
    assert "1 người dưới 14 ngày làm việc theo SW (Bình)" in told.saw.vi
    assert "1 in SW, not in PS (Cúc)" in told.saw.en
    assert told.dossiers == (other.dossier_id,)


def test_a_pause_by_another_way_in_is_not_compared() -> None:
    assert disagreements(ps(month=""), [sw(someone("Ánh", "1", **ROOM))]) == []


def test_people_are_found_by_number_and_by_name_where_no_number_tells_them_apart() -> None:
    by_name = Listed("Ánh", (), "name:Ánh", **ROOM)
    assert disagreements(ps(by_name), [sw(someone("Ánh", "1", **ROOM))]) == []
    [told] = disagreements(ps(someone("Ánh", "9", **ROOM)), [sw(someone("Ánh", "1", **ROOM))])
    assert "có ở SW mà không ở PS (Ánh)" in told.saw.vi  # two people of one name


def test_many_names_are_counted() -> None:
    people = [someone(f"Người {n}", str(n), **ROOM) for n in range(14)]
    [told] = disagreements(ps(), [sw(*people)])
    assert "14 người" in told.saw.vi and "và 4 người nữa" in told.saw.vi


# ── through the verbs ────────────────────────────────────────────────────────


class PlayedRegistry:
    def __init__(self, clock: Any) -> None:
        self._clock = clock

    def ask(self, question: Any) -> Any:
        return answer_for(question, self._clock())


def pause(*people: Employee) -> dict[str, bytes]:
    said = {
        "employer.tax_code": "0312345671",
        "employer.name": "Công ty TNHH May Ánh Dương",
        "headcount.before": 20,
        "headcount.off_bhxh": 12,
        "request.month": "2020-05",
        "request.months": 2,
    }
    rows = [
        {
            "employee.full_name": person.name,
            "employee.bhxh_number": person.bhxh,
            "suspension.starts_on": "2020-05-01",
            "suspension.ends_on": "2020-06-30",
        }
        for person in people
    ]
    return {"cong-van.pdf": sheet("ps_request", said), "danh-sach.pdf": sheet("ps_list", {}, rows)}


def test_the_list_of_the_same_employer_is_found_by_key_and_the_officer_is_told() -> None:
    house = House()
    house.registries |= {name: PlayedRegistry(house.clock) for name in ("vss", "tax")}
    may = [Employee(p.name, p.bhxh, p.born, "2020-05-01", "2020-06-30") for p in (ANH, BINH)]
    paid = house.submitted(
        papers_={"mau-01.pdf": the_list(*may)} | {f"thoa-thuan-{p.bhxh}.pdf": agreement(p) for p in may}
    )
    assert [found.kind for found in signals_of(paid, store=house.store, files=house.files)] == []
    filed = {"papers_": pause(ANH), "procedure": "PS", "office": "H29.1-vss", "declared": {}}
    dossier = house.submitted(**filed)
    [told] = [
        found for found in signals_of(dossier, store=house.store, files=house.files) if found.kind == "lists-disagree"
    ]
    assert dossier.code in told.saw.vi and paid.code in told.saw.vi
    assert f"có ở SW mà không ở PS ({BINH.name})" in told.saw.vi
    assert dossier.state is State.IN_REVIEW
    house.withdraw(paid.id)
    again = house.submitted(**filed)
    assert [f.kind for f in signals_of(again, store=house.store, files=house.files) if f.kind == "lists-disagree"] == []
