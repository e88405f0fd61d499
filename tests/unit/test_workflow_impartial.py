"""Who decides, and whether fairly: two officers unseeing, nobody about himself or those near him."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
from casework.agreement import FLAGGED, SecondLook, rate, sampled, suspicion
from casework.dossier import Actor, State
from casework.interests import Profile, Relative, interest
from casework.review import PageAsked
from casework.workflow import desks, leasing, tasks, worklists
from casework.worklist import Wanted

from infra.local.offices_played import Office, play
from tests.builders import ANH, BINH, COLLEAGUE, DISTRICT, PROVINCE, House, a_dossier
from tests.unit.at_the_desk import (
    ALL_TWICE,
    CHIEF,
    SECOND,
    another,
    decide,
    months,
    refusal,
    task_of,
    world,
)


@pytest.fixture
def house() -> House:
    return House()


# ── two officers, unseeing ───────────────────────────────────────────────────


def test_two_who_agree_decide_and_the_second_does_not_see_the_first(house: House) -> None:
    dossier = house.at_province()
    decide(house, dossier.id, "approve", PROVINCE, second_look=ALL_TWICE)
    house.settle()
    task = task_of(house, dossier.id)
    assert (house.state(dossier.id), task.phase, task.decision, months(house)) == (State.IN_REVIEW, "second", {}, [])
    told = str(house.store.audit(dossier.id)[-1]) + str(task)
    assert "approve" not in told
    assert refusal(lambda: house.claim(dossier.id, PROVINCE)) == "second-officer-needed"
    again = {"second_look": ALL_TWICE}
    assert decide(house, dossier.id, "approve", PROVINCE, **again).state is State.IN_REVIEW  # sent twice is sent once
    other = {"reason": "khác", **again}
    assert refusal(lambda: decide(house, dossier.id, "refuse", PROVINCE, **other)) == "second-officer-needed"
    decide(house, dossier.id, "approve", SECOND, **again)
    house.settle()
    assert (house.state(dossier.id), months(house)) == (State.APPROVED, ["2020-04"])
    figures = worklists.statistics(CHIEF, 5, 1, store=house.store, clock=house.clock)
    assert (figures.agreement.yes, figures.agreement.of, list(figures.agreement_by_rule)) == (1, 1, ["none"])
    assert figures.watched[PROVINCE.id]["overturned"] == 0


def test_two_who_differ_leave_it_to_a_supervisor_who_sees_both(house: House) -> None:
    dossier = house.at_province()
    decide(house, dossier.id, "approve", PROVINCE, second_look=ALL_TWICE)
    decide(house, dossier.id, "refuse", SECOND, reason="Không đủ", second_look=ALL_TWICE)
    house.settle()
    task = task_of(house, dossier.id)
    assert (house.state(dossier.id), task.phase) == (State.IN_REVIEW, "adjudication")
    assert [look["outcome"] for look in tasks.looks(task, store=house.store)] == ["approve", "refuse"]
    third = Actor("officer", "officer-3", "H29")
    assert refusal(lambda: decide(house, dossier.id, "approve", third)) == "supervisor-needed"
    decide(house, dossier.id, "refuse", CHIEF, reason="Đồng ý với người thứ hai", second_look=ALL_TWICE)
    house.settle()
    assert house.state(dossier.id) is State.REFUSED
    figures = worklists.statistics(CHIEF, 5, 1, store=house.store, clock=house.clock)
    assert (figures.agreement.yes, figures.agreement.of) == (0, 1)
    assert {who: seen["overturned"] for who, seen in figures.watched.items()} == {PROVINCE.id: 1}
    assert tasks.standing_decision(house.store.load(dossier.id), store=house.store)["looks"] == [PROVINCE.id, SECOND.id]


def test_a_sum_above_the_bound_always_needs_two_and_a_question_never_does(house: House) -> None:
    dossier = house.at_province(ANH, BINH)
    rule = SecondLook(0.0, 3_000_000)
    ask = (PageAsked(dossier.documents[0].id, 1, "mờ"),)
    decide(house, dossier.id, "approve", PROVINCE, second_look=rule)
    assert task_of(house, dossier.id).phase == "second"
    other = house.at_province(papers_=another(77))
    asks = (dataclasses.replace(ask[0], document_id=other.documents[0].id),)
    decide(house, other.id, "ask", PROVINCE, reason="mờ", asks=asks, second_look=ALL_TWICE)
    assert house.state(other.id) is State.DECIDED


def test_the_blind_sample_is_a_share_that_follows_from_the_dossier() -> None:
    made = [a_dossier(code=f"H29.1-200518-{number:04d}") for number in range(4000)]
    chosen = [sampled(dossier, "province_decision", 5.0) for dossier in made]
    assert chosen == [sampled(dossier, "province_decision", 5.0) for dossier in made]
    assert 150 <= sum(chosen) <= 250
    assert not any(sampled(dossier, "province_decision", 0.0) for dossier in made)
    others = [sampled(dataclasses.replace(d, request_sha256="1" * 64), "province_decision", 5.0) for d in made]
    assert chosen != others  # whoever knows the code alone does not know


@pytest.mark.parametrize(
    ("yes", "of", "low", "high"), [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (90, 100, 0.826, 0.945)]
)
def test_a_share_has_the_interval_of_wilson(yes: int, of: int, low: float, high: float) -> None:
    found = rate(yes, of)
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


@pytest.mark.parametrize(
    ("overturned", "of", "flagged"), [(0, 500, False), (3, 3, True), (3, 50, False), (6, 80, True)]
)
def test_overturned_decisions_are_weighed_against_confirmed_ones(overturned: int, of: int, flagged: bool) -> None:
    assert (suspicion(overturned, of) >= FLAGGED) is flagged


def test_a_careless_officer_is_found_and_careful_ones_hardly_ever() -> None:
    """One in ten decides at random; nobody else errs more than once in a hundred cases (`motcua simulate review`)."""
    played = play(Office(looked=0.5), 400, 40, seed=3)
    assert played.found >= 0.9
    assert played.false_alarms <= math.exp(-FLAGGED) + 0.01
    assert played == play(Office(looked=0.5), 400, 40, seed=3)


# ── one's own, and those near ────────────────────────────────────────────────

ME = Profile(PROVINCE.id, "H29", "Nguyễn Thị Cán")


@pytest.mark.parametrize(
    "near",
    [
        {"phone": "+84 901 234 567"},
        {"id_number": ANH.bhxh},
        {"email": "KE.TOAN@example.vn"},
        {"relatives": (Relative("Ánh", "chị", id_number=ANH.bhxh),)},
        {"relatives": (Relative("Nguyễn Thị Ánh", "chị", born=ANH.born),)},
        {"relatives": (Relative("Kế", "em", phone="0901.234.567"),)},
    ],
    ids=str,
)
def test_nobody_decides_about_himself_or_those_near_him(house: House, near: dict[str, Any]) -> None:
    dossier = house.at_province()
    house.store.keep_profile(dataclasses.replace(ME, **near))
    assert refusal(lambda: house.claim(dossier.id, PROVINCE)) == "conflict-of-interest"
    assert refusal(lambda: decide(house, dossier.id, "approve", PROVINCE)) == "conflict-of-interest"
    assert refusal(lambda: leasing.claim_next(PROVINCE, Wanted(), **world(house))) == "queue-empty"
    leasing.claim(house.task_id(dossier.id), SECOND, **world(house))


def test_a_namesake_born_another_day_is_nobody_near(house: House) -> None:
    dossier = house.at_province()
    others = (
        Relative("Nguyễn Thị Ánh", born="1991-02-03"),
        Relative("Nguyễn Thị Ánh"),
        Relative("", phone="", id_number=""),
    )
    house.store.keep_profile(dataclasses.replace(ME, relatives=others))
    house.claim(dossier.id, PROVINCE)


@pytest.mark.parametrize(
    ("fact", "mine"),
    [
        ("employee.bank_account", {"account": "0071 0001 2345"}),
        ("employee.current_address", {"address": "12 Lê Lợi, P. Bến Nghé"}),
        ("employee.phone", {"phone": "0912345678"}),
        ("employee.id_number", {"id_number": "079090000123"}),
    ],
)
def test_an_account_an_address_a_telephone_a_number_are_compared_as_people_write_them(
    fact: str, mine: dict[str, str]
) -> None:
    written = {"employee.bank_account": "007100012345", "employee.current_address": "12, LÊ LỢI - P.Bến Nghé",
               "employee.phone": "+84912345678", "employee.id_number": "079090000123"}  # fmt: skip
    kept = {"people": {}, "facts": {"dossier": {}, "rows": [{fact: {"value": written[fact]}}]}}
    assert interest(PROVINCE, dataclasses.replace(ME, **mine), a_dossier(), kept) is not None
    assert interest(PROVINCE, ME, a_dossier(), kept) is None


def test_a_profile_is_changed_in_the_version_one_saw(house: House) -> None:
    kept = desks.keep_profile(ME, PROVINCE, 0, store=house.store)
    assert (kept.version, kept.office) == (1, "H29")
    assert refusal(lambda: desks.keep_profile(ME, PROVINCE, 0, store=house.store)) == "version-stale"
    assert desks.keep_profile(dataclasses.replace(ME, phone="1"), PROVINCE, 1, store=house.store).version == 2


def test_views_are_saved_by_name_and_forgotten(house: House) -> None:
    late = Wanted(mark="overdue", service="SW")
    desks.keep_view("Quá hạn SW", late, DISTRICT, store=house.store)
    assert desks.views(DISTRICT, store=house.store) == {"Quá hạn SW": late}
    assert desks.views(COLLEAGUE, store=house.store) == {}
    assert desks.keep_view("Quá hạn SW", None, DISTRICT, store=house.store) == {}
