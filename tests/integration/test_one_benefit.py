"""One person, one benefit a month (rules X-1 to X-5), through the verbs and the real table, many officers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from casework import procedures
from casework.dossier import Actor, State, chain_breaks
from casework.errors import Refused
from casework.payments import Identity
from casework.review import RowDecision
from casework.workflow import reviewing, verdicts

from infra.local.registry_answers import answer_for
from tests.builders import ANH, BINH, PROVINCE, Employee, House, sheet
from tests.integration.stores import case_table

OFFICERS = 16


class PlayedRegistry:
    """The stand-in's answers without its socket."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock

    def ask(self, question: Any) -> Any:
        return answer_for(question, self._clock())


def played(house: House) -> House:
    house.registries |= {name: PlayedRegistry(house.clock) for name in ("vss", "ui", "cic")}
    return house


@pytest.fixture
def house(aws: None) -> Iterator[House]:
    yield played(House(store=case_table()))


@pytest.fixture
def quick_house() -> House:
    """With the store in memory, which keeps the same contract (test_store has sixteen take over at once in both)."""
    return played(House())


def all_at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gives back, in their order: a Refused is given back, not raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = acts[number]()
        except Refused as refused:
            results[number] = refused

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def decided_at_once(house: House, dossier_ids: Sequence[str]) -> list[Any]:
    """Every dossier approved by an officer of its own, all at one moment; who meets somebody else's decision half made
    tries again, as he is told to."""

    def act(dossier_id: str) -> Any:
        officer = Actor("officer", f"officer-{dossier_id[:8]}", "H29")
        for _ in range(5):
            try:
                return house.decide(dossier_id, "approve", actor=officer, reason="đã xem")
            except Refused as refused:
                if refused.problem.type != "person-being-decided":
                    raise
        raise AssertionError("five times somebody else was deciding")

    return all_at_once([lambda d=dossier_id: act(d) for dossier_id in dossier_ids])


def months_of(house: House, *numbers: str) -> list[tuple[str, str]]:
    [held] = house.store.held([Identity(numbers)])
    return [(holding.month, holding.dossier_id) for holding in held]


def chain_is_whole(house: House, dossier_id: str) -> bool:
    return chain_breaks(house.store.audit(dossier_id), house.store.load(dossier_id).audit_hash) == []


def test_of_sixteen_dossiers_about_one_person_and_month_one_is_approved_and_fifteen_are_told_which(
    house: House,
) -> None:
    dossiers = [house.at_province(ANH) for _ in range(OFFICERS)]
    assert {(dossier.state, dossier.stage) for dossier in dossiers} == {(State.IN_REVIEW, "province_decision")}
    before = {dossier.id: len(house.store.audit(dossier.id)) for dossier in dossiers}
    results = decided_at_once(house, [dossier.id for dossier in dossiers])
    refused = [result for result in results if isinstance(result, Refused)]
    [winner] = [result for result in results if not isinstance(result, Refused)]
    assert len(refused) == OFFICERS - 1
    for each in refused:
        assert each.problem.type == "month-already-granted"
        assert f"{ANH.name}: 04/2020 (SW {winner.code})" in each.problem.detail
    assert months_of(house, f"bhxh:{ANH.bhxh}") == [("2020-04", winner.id)]
    house.settle()
    states = {dossier.id: house.state(dossier.id) for dossier in dossiers}
    assert states.pop(winner.id) is State.APPROVED
    assert set(states.values()) == {State.IN_REVIEW}
    for dossier in dossiers:
        assert chain_is_whole(house, dossier.id)
        recorded = [record.data["stage"] for record in house.store.records(dossier.id, "DECISION#")]
        assert recorded.count("province_decision") == (dossier.id == winner.id)
        if dossier.id != winner.id:  # no decision was recorded, only what is known by now
            assert [entry.action for entry in house.store.audit(dossier.id)][before[dossier.id] :] == ["months.held"]
            assert house.store.load(dossier.id).route == "refusal_proposed"  # no month is left
    paid = [record for dossier in dossiers for record in house.store.records(dossier.id, "DECISION#")]
    assert sum(record.data.get("total_vnd", 0) for record in paid) == 1_800_000


def test_who_was_told_refuses_that_person_and_goes_on_with_the_others(house: House) -> None:
    first, second = house.at_province(ANH, BINH), house.at_province(ANH)
    [won, told] = decided_at_once(house, [first.id]) + decided_at_once(house, [second.id])
    assert (won.id, told.problem.type) == (first.id, "month-already-granted")
    third = Employee("Lê Thị Cúc", "7912345696", "1988-04-05")
    mixed = house.submitted(ANH, third)
    assert mixed.route == "partial"  # the registry of payments knows it by now
    house.decide(mixed.id, "send_on", reason="đã xem")
    house.settle()
    rows = (RowDecision(f"bhxh:{ANH.bhxh}", "refuse", "đã hưởng trong hồ sơ khác"),)
    house.decide(mixed.id, "approve_in_part", actor=PROVINCE, reason="đã xem", rows=rows)
    house.settle()
    assert house.store.load(mixed.id).total_vnd == 1_800_000
    assert months_of(house, f"bhxh:{ANH.bhxh}") == [("2020-04", first.id)]
    assert [dossier_id for _, dossier_id in months_of(house, f"bhxh:{third.bhxh}")] == [mixed.id]


def test_lists_that_share_people_crosswise_end_with_each_person_granted_once(house: House) -> None:
    """Every list shares one person with the next: no order of officers may grant anybody twice."""
    people = [Employee(f"Nguyễn Văn {n:02d}", f"79000050{n:02d}") for n in range(6)]
    dossiers = [house.at_province(people[n], people[(n + 1) % 6]) for n in range(6)]
    results = decided_at_once(house, [dossier.id for dossier in dossiers])
    won = [result.id for result in results if not isinstance(result, Refused)]
    told = {result.problem.type for result in results if isinstance(result, Refused)}
    assert told == {"month-already-granted"}
    holders = [months_of(house, f"bhxh:{person.bhxh}") for person in people]
    assert all(len(held) <= 1 for held in holders)
    assert sorted(dossier_id for held in holders for _, dossier_id in held) == sorted(won * 2)
    assert len(won) >= 2  # of a ring of six, no more than two lists in a row can have lost
    assert all(chain_is_whole(house, dossier.id) for dossier in dossiers)


# ── one service against another ──────────────────────────────────────────────


def stopped() -> dict[str, bytes]:
    """A request for a loan, and its list with Ánh on it."""
    said = {
        "employer.name": "Công ty TNHH May Ánh Dương",
        "employer.tax_code": "0312345671",
        "employer.region": "I",
        "employer.bhxh_headcount": 4,
        "stoppage.count": 1,
        "finance.wage_reserve_vnd": 0,
        "loan.months": 1,
        "loan.amount_vnd": 2_210_000,
    }
    row = {
        "employee.full_name": ANH.name,
        "employee.bhxh_number": ANH.bhxh,
        "stoppage.starts_on": "2020-04-01",
        "stoppage.ends_on": "2020-04-30",
        "stoppage.wage_due_vnd": 4_420_000,
        "stoppage.wage_paid_vnd": 2_210_000,
    }
    return {"mau-11.pdf": sheet("form_11", said), "mau-12.pdf": sheet("form_12", {}, [row])}


def ended(effective_on: str) -> dict[str, bytes]:
    """Ánh's contract ended."""
    said = {
        "employee.full_name": ANH.name,
        "employee.bhxh_number": ANH.bhxh,
        "employee.date_of_birth": ANH.born,
        "employee.id_number": "079190000777",
        "employee.current_address": "12 Lê Lợi, phường Bến Nghé, Quận 1, TP. Hồ Chí Minh",
        "contract.signed_on": "2018-01-02",
        "contract.type": "indefinite",
        "termination.effective_on": effective_on,
        "termination.reason": "agreement",
        "income.monthly_vnd": 1_200_000,
    }
    proof = {"employee.full_name": ANH.name, "termination.effective_on": effective_on}
    return {"mau-03.pdf": sheet("form_03", said), "quyet-dinh.pdf": sheet("termination_decision", proof)}


def before_the_last_officer(house: House, made: dict[str, bytes], procedure: str, office: str) -> Any:
    """A dossier as far as the stage that grants."""
    declared = {"finance.wage_reserve_vnd": 0} if procedure == "LN" else {}
    dossier = house.submitted(papers_=made, procedure=procedure, office=office, declared=declared)
    assert dossier.route == "fast_lane"
    law = procedures.load(procedure, dossier.day_of_receipt)
    while not law.stage(dossier.stage).final:
        task, _ = reviewing.load_task(house.task_id(dossier.id), store=house.store)
        house.decide(dossier.id, "send_on", actor=Actor("officer", "officer-before", task.office))
        house.settle()
        dossier = house.store.load(dossier.id)
    return dossier


MADE: dict[str, Callable[[House], Any]] = {
    "SW": lambda house: house.at_province(ANH),
    "LN": lambda house: before_the_last_officer(house, stopped(), "LN", "H29.1"),
    "TC": lambda house: before_the_last_officer(house, ended("2020-04-15"), "TC", "H29.1.1"),
}


@pytest.mark.parametrize("pair", [("SW", "TC"), ("TC", "SW"), ("SW", "LN"), ("LN", "SW"), ("LN", "TC")])
def test_of_two_services_about_one_person_and_month_the_first_decided_goes_on(
    house: House, pair: tuple[str, str]
) -> None:
    """X-1, X-2: cash and a place on a loan list exclude each other for a month, whichever comes first."""
    first, second = (MADE[service](house) for service in pair)
    [won] = decided_at_once(house, [first.id])
    [told] = decided_at_once(house, [second.id])
    assert won.id == first.id
    assert told.problem.type == "month-already-granted"
    assert f"04/2020 ({pair[0]} {first.code})" in told.problem.detail
    assert {dossier_id for _, dossier_id in months_of(house, f"bhxh:{ANH.bhxh}")} == {first.id}


def test_of_three_services_at_once_one_goes_on(house: House) -> None:
    dossiers = [MADE[service](house) for service in ("SW", "LN", "TC")]
    results = decided_at_once(house, [dossier.id for dossier in dossiers])
    [winner] = [result for result in results if not isinstance(result, Refused)]
    told = [result.problem for result in results if isinstance(result, Refused)]
    assert [problem.type for problem in told] == ["month-already-granted"] * 2
    assert all(f"({winner.procedure} {winner.code})" in problem.detail for problem in told)
    assert {dossier_id for _, dossier_id in months_of(house, f"bhxh:{ANH.bhxh}")} == {winner.id}
    assert all(chain_is_whole(house, dossier.id) for dossier in dossiers)


def test_a_suspension_in_april_and_an_ending_in_may_are_both_granted(house: House) -> None:
    """X-3: one may follow the other, month by month."""
    suspended = house.at_province(ANH)
    let_go = before_the_last_officer(house, ended("2020-05-20"), "TC", "H29.1.1")
    results = decided_at_once(house, [suspended.id, let_go.id])
    assert [result.id for result in results] == [suspended.id, let_go.id]
    assert dict(months_of(house, f"bhxh:{ANH.bhxh}")) == {"2020-04": suspended.id, "2020-05": let_go.id}


# ── the highest of two ───────────────────────────────────────────────────────


def sums(house: House, *dossiers: Any) -> list[int]:
    """What the decisions on record grant, dossier by dossier."""
    records = [house.store.records(dossier.id, "DECISION#") for dossier in dossiers]
    return [sum(record.data.get("total_vnd", 0) for record in found) for found in records]


def test_of_sixteen_higher_benefits_at_once_one_takes_over_the_lower_and_adds_the_difference(
    quick_house: House,
) -> None:
    """X-1: an ending in April is paid 1,000,000; sixteen lists say a suspension, 1,800,000."""
    house = quick_house
    lower = MADE["TC"](house)
    [won] = decided_at_once(house, [lower.id])
    assert won.id == lower.id
    dossiers = [house.at_province(ANH) for _ in range(OFFICERS)]
    results = decided_at_once(house, [dossier.id for dossier in dossiers])
    [winner] = [result for result in results if not isinstance(result, Refused)]
    told = [result.problem for result in results if isinstance(result, Refused)]
    assert {problem.type for problem in told} == {"month-already-granted"}
    assert all(f"{ANH.name}: 04/2020 (SW {winner.code})" in problem.detail for problem in told)
    assert sums(house, lower, winner) == [2_000_000, 800_000]  # April comes to 1,800,000, May stays
    assert sum(sums(house, *dossiers)) == 800_000
    assert months_of(house, f"bhxh:{ANH.bhxh}") == [("2020-04", winner.id), ("2020-05", lower.id)]
    assert months_of(house, "id:079190000777") == months_of(house, f"bhxh:{ANH.bhxh}")
    [row] = house.store.records(winner.id, "DECISION#001#province")[0].data["rows"]
    assert row["by_month"] == {"2020-04": 800_000}
    [held] = row["held"]
    assert (held["code"], held["procedure"], held["amount_vnd"]) == (lower.code, "TC", 1_000_000)
    assert all(chain_is_whole(house, dossier.id) for dossier in (lower, *dossiers))


def test_a_higher_benefit_checked_before_the_lower_was_granted_is_told_and_then_takes_over(quick_house: House) -> None:
    house = quick_house
    higher, lower = MADE["SW"](house), MADE["TC"](house)
    assert decided_at_once(house, [lower.id])[0].id == lower.id
    [told] = decided_at_once(house, [higher.id])
    assert f"04/2020 (TC {lower.code})" in told.problem.detail
    kept = house.files.evidence(house.store.load(higher.id).verdict_key)
    assert kept["verdict"]["total_vnd"] == 800_000  # the verdict knows it by now
    assert verdicts.replay(kept).same
    [won] = decided_at_once(house, [higher.id])
    assert won.id == higher.id
    assert sums(house, lower, higher) == [2_000_000, 800_000]


# ── codes ────────────────────────────────────────────────────────────────────


def test_sixteen_filed_at_once_have_codes_of_their_own(house: House) -> None:
    keys = [house.key() for _ in range(OFFICERS)]
    made = all_at_once([lambda k=key: house.file(k) for key in keys])
    assert sorted(dossier.code for dossier in made) == [f"H29.1-200518-{n:04d}" for n in range(1, OFFICERS + 1)]
    again = all_at_once([lambda k=key: house.file(k) for key in keys])
    assert [dossier.id for dossier in again] == [dossier.id for dossier in made]  # the same request makes one dossier
    assert [dossier.code for dossier in again] == [dossier.code for dossier in made]


def test_one_request_sent_sixteen_times_at_once_is_one_dossier(house: House) -> None:
    made = all_at_once([lambda: house.file("the same key")] * OFFICERS)
    assert len({(dossier.id, dossier.code) for dossier in made}) == 1


def test_numbers_begin_again_at_midnight_in_viet_nam_and_in_every_office(house: House) -> None:
    def codes(*offices: str) -> list[str]:
        made = all_at_once([lambda o=office: house.file(house.key(), office=o) for office in offices])
        return sorted(dossier.code for dossier in made)

    house.clock.now = datetime(2020, 5, 18, 16, 59, 59, tzinfo=UTC)
    assert codes("H29.1", "H29.2", "H29.1") == ["H29.1-200518-0001", "H29.1-200518-0002", "H29.2-200518-0001"]
    house.clock.now = datetime(2020, 5, 18, 17, 0, 0, tzinfo=UTC)  # the nineteenth, in Viet Nam
    assert codes("H29.1", "H29.2") == ["H29.1-200519-0001", "H29.2-200519-0001"]
