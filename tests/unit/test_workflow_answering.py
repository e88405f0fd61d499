"""Answers of registries: at once, later, by hand, never; before the decision the newest counts, afterwards none."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from casework import asking
from casework.asking import parts_of
from casework.dossier import SYSTEM, State
from casework.errors import AnswerAwaited, NotFound, Refused, RegistryUnavailable
from casework.plain import to_plain
from casework.registry import Question
from casework.review import task_key
from casework.workflow import answering, confirming, replaying
from casework.workflow.consulting import answer_address, consulted_of, open_questions
from casework.workflow.verdicts import replay

from tests.builders import ANH, DISTRICT, PROVINCE, Employee, House, the_list
from tests.fakes import AnsweringRegistry, SilentRegistry

YES = {"vss.participating_before_suspension": True, "vss.decrease_reported": True, "vss.contract_ended": False}
NO = {"facts": YES | {"vss.participating_before_suspension": False}}


class LaterRegistry(AnsweringRegistry):
    """Takes every question and answers later; `said` are the questions as they were sent."""

    def __init__(self, clock: Any, first_part_at_once: bool = False) -> None:
        super().__init__(clock)
        self.said: list[Question] = []
        self._at_once = first_part_at_once

    def ask(self, question: Question) -> Any:
        parts = parts_of(question)
        self.said += parts
        raise AnswerAwaited([AnsweringRegistry.ask(self, parts[0])] if self._at_once else [])


@pytest.fixture
def house() -> House:
    return House()


def world(house: House) -> dict[str, Any]:
    return {"store": house.store, "files": house.files, "clock": house.clock}


def consult(house: House, dossier_id: str, registry: Any = None, name: str = "vss") -> str:
    return answering.consult_registry(
        dossier_id, 1, name, registry=registry or house.registries[name], answers_at="https://motcua.example/r",
        **world(house),
    )  # fmt: skip


def ask_again(house: House, registry: Any, name: str = "vss", enough: Any = lambda: False) -> dict[str, int]:
    return answering.ask_again(name, registry=registry, enough=enough, **world(house))


def receive(house: House, dossier_id: str, data: Any, name: str = "vss", address: str = "") -> None:
    address = address or answer_address(house.store.load(dossier_id), name)
    answering.receive_answer(address, name, data, answers_at="https://motcua.example/r", **world(house))


def record(house: House, dossier_id: str, name: str = "vss") -> Any:
    return consulted_of(house.store.load(dossier_id), name, house.store)


def kept(house: House, dossier_id: str) -> Any:
    return house.files.evidence(house.store.load(dossier_id).verdict_key)


def unchecked(house: House, *people: Employee) -> Any:
    """A dossier an officer has, whose vss did not answer, and the registry that will."""
    up = house.registries["vss"]
    house.registries["vss"] = SilentRegistry("answered HTTP 503")
    dossier = house.submitted(*people)
    assert (dossier.state, dossier.route) == (State.IN_REVIEW, "review")
    return dossier, up


# ── silence ──────────────────────────────────────────────────────────────────


def test_fault_23_what_was_left_open_is_asked_again_and_the_verdict_derived_anew(house: House) -> None:
    dossier, up = unchecked(house)
    assert ask_again(house, up) == {"asked": 0, "answered": 0, "closed": 0}  # not due yet
    house.clock.advance(minutes=31)
    assert ask_again(house, up) == {"asked": 1, "answered": 1, "closed": 0}
    after = house.store.load(dossier.id)
    assert (after.state, after.stage, after.route) == (State.IN_REVIEW, "district_appraisal", "fast_lane")
    assert kept(house, dossier.id)["unavailable"] == {}
    assert house.store.queue(open_questions("vss"), "", 10)[0] == []
    task = house.store.record(dossier.id, task_key(1, "district_appraisal"))
    assert (task.data["route"], task.data["state"], bool(task.queue)) == ("fast_lane", "open", True)
    assert [found["registry"] for found in details(house, dossier.id, "registry.answered")].count("vss") == 1


def details(house: House, dossier_id: str, action: str) -> list[dict[str, Any]]:
    return [entry.details for entry in house.store.audit(dossier_id) if entry.action == action]


def test_both_verdicts_stay_and_the_one_before_can_be_found_by_its_day(house: House) -> None:
    dossier, up = unchecked(house)
    before, day = dossier.verdict_key, house.clock().date()
    house.clock.advance(days=1)
    ask_again(house, up)
    after = house.store.load(dossier.id)
    assert after.verdict_key != before
    found = {"store": house.store, "files": house.files}
    assert replaying.kept_on(after, day, **found)[0] == before
    assert replaying.kept_on(after, None, **found)[0] == after.verdict_key
    for place in (before, after.verdict_key):
        assert replay(house.files.evidence(place), place).same


def test_a_registry_that_is_left_alone_is_not_noted_over_and_over(house: House) -> None:
    class LeftAlone(SilentRegistry):
        def ask(self, question: Question) -> Any:
            raise RegistryUnavailable("is left alone for a while", 5, asked=False)

    dossier = house.submit(house.draft().id)
    for _ in range(4):
        with pytest.raises(RegistryUnavailable):
            consult(house, dossier.id, LeftAlone())
    assert len(details(house, dossier.id, "registry.unavailable")) == 1
    found = record(house, dossier.id)
    assert (found.attempts, found.due) == (0, house.clock().isoformat(timespec="seconds"))
    assert ask_again(house, LeftAlone())["asked"] == 0
    assert ask_again(house, house.registries["vss"])["answered"] == 1


def test_a_registry_nobody_can_call_waits_for_an_officer_and_stands_in_no_queue(house: House) -> None:
    from adapters.registries import ManualRegistry

    dossier = house.submit(house.draft().id)
    with pytest.raises(RegistryUnavailable, match="an officer confirms it"):
        consult(house, dossier.id, ManualRegistry())
    assert house.store.queue(open_questions("vss"), "", 10)[0] == []


def test_asking_again_stops_when_time_is_up_and_leaves_the_decided_alone(house: House) -> None:
    dossier, up = unchecked(house)
    house.clock.advance(hours=1)
    assert ask_again(house, up, enough=lambda: True)["asked"] == 0
    house.withdraw(dossier.id)
    assert ask_again(house, up) == {"asked": 0, "answered": 0, "closed": 1}
    assert house.store.queue(open_questions("vss"), "", 10)[0] == []
    assert record(house, dossier.id).status == "unavailable"


def test_fault_27_a_reviewer_may_decide_unchecked_with_a_reason_and_the_audit_says_so(house: House) -> None:
    dossier, _ = unchecked(house)
    assert kept(house, dossier.id)["unavailable"] == {"vss": "answered HTTP 503"}
    house.decide(dossier.id, "send_on", reason="đã gọi điện cho BHXH quận")
    house.settle()
    with pytest.raises(Refused, match="reason"):
        house.decide(dossier.id, "approve", actor=PROVINCE)
    [checked] = details(house, dossier.id, "dossier.checked")
    assert checked["unavailable"] == ["vss"]


# ── answers that differ ──────────────────────────────────────────────────────


def test_fault_26_each_answer_is_kept_the_newest_counts_and_the_conflict_is_shown(house: House) -> None:
    dossier = house.submitted()
    assert dossier.route == "fast_lane"
    task = house.task_id(dossier.id)
    confirming.ask_anew(task, "vss", DISTRICT, **world(house))
    house.clock.advance(minutes=5)
    flipped = AnsweringRegistry(house.clock, rows={ANH.bhxh: NO})
    assert ask_again(house, flipped)["answered"] == 1
    assert flipped.asked[0].question_id.endswith("~2")  # another key: the registry may say something else
    found = record(house, dossier.id)
    assert [given.key == found.key for given in found.answers] == [False, True]
    assert len({house.files.evidence(given.key)["answer"]["answered_at"] for given in found.answers}) == 2
    after = house.store.load(dossier.id)
    assert after.route == "refusal_proposed"
    [conflict] = kept(house, dossier.id)["conflicts"]
    assert "vss.participating_before_suspension" in conflict["vi"]
    assert "the newest counts" in conflict["en"]


def test_a_conflict_alone_keeps_a_dossier_out_of_the_fast_lane(house: House) -> None:
    house.registries["vss"] = AnsweringRegistry(house.clock, rows={ANH.bhxh: NO})
    dossier = house.submitted()
    confirming.ask_anew(house.task_id(dossier.id), "vss", DISTRICT, **world(house))
    house.clock.advance(minutes=5)
    ask_again(house, AnsweringRegistry(house.clock))
    assert house.store.load(dossier.id).route == "review"


def test_an_older_answer_that_comes_later_does_not_win(house: House) -> None:
    dossier, up = unchecked(house)
    house.clock.advance(hours=1)
    ask_again(house, up)
    route = house.store.load(dossier.id).route
    question = up.asked[-1]
    old = dataclasses.replace(
        AnsweringRegistry(lambda: house.clock() - dt.timedelta(days=3), rows={ANH.bhxh: NO}).ask(question)
    )
    answering.take_answer(dossier.id, 1, question, old, SYSTEM, **world(house))
    found = record(house, dossier.id)
    assert [given.key == found.key for given in found.answers] == [True, False]
    assert house.store.load(dossier.id).route == route


def test_what_comes_after_the_decision_is_kept_shown_and_counts_for_nothing(house: House) -> None:
    dossier = house.at_province()
    question = house.registries["vss"].asked[-1]
    house.decide(dossier.id, "refuse", actor=PROVINCE, reason="không đủ điều kiện")
    before = house.store.load(dossier.id)
    house.clock.advance(minutes=1)
    late = AnsweringRegistry(house.clock, rows={ANH.bhxh: NO}).ask(question)
    answering.take_answer(dossier.id, 1, question, late, SYSTEM, **world(house))
    found, after = record(house, dossier.id), house.store.load(dossier.id)
    assert [given.late for given in found.answers] == [False, True]
    assert found.key == found.answers[0].key
    assert (after.verdict_key, after.route, after.state) == (before.verdict_key, before.route, before.state)
    assert "registry.answered_late" in house.actions(dossier.id)


# ── answers that come later ──────────────────────────────────────────────────


def later(house: House, *people: Employee, **how: Any) -> tuple[Any, LaterRegistry]:
    house.registries["vss"] = registry = LaterRegistry(house.clock, **how)
    dossier = house.draft(papers_={"mau-01.pdf": the_list(*people)} if people else None)
    house.submit(dossier.id)
    with pytest.raises(AnswerAwaited):
        consult(house, dossier.id)
    return house.store.load(dossier.id), registry


def test_a_later_answer_is_taken_once_however_often_it_is_sent(house: House) -> None:
    dossier, registry = later(house)
    assert record(house, dossier.id).status == "awaited"
    with pytest.raises(AnswerAwaited):
        consult(house, dossier.id)
    assert len(registry.said) == 1  # it is not asked again while it is waited for
    data = registry.answer(registry.said[0])
    receive(house, dossier.id, data)
    once = house.snapshot(dossier.id)
    receive(house, dossier.id, data)
    assert house.snapshot(dossier.id) == once
    assert consult(house, dossier.id) == "answered"
    for name in ("enterprise", "tax", "payments"):
        house.consult(dossier.id, 1, name)
    house.check(dossier.id, 1)
    assert house.store.load(dossier.id).route == "fast_lane"


def test_a_promise_that_is_not_kept_is_asked_for_again(house: House) -> None:
    dossier, registry = later(house)
    house.clock.advance(minutes=59)
    assert ask_again(house, registry)["asked"] == 0
    house.clock.advance(minutes=2)
    assert ask_again(house, AnsweringRegistry(house.clock))["answered"] == 1
    assert record(house, dossier.id).status == "answered"


def test_only_an_answer_to_the_question_under_its_address_is_taken(house: House) -> None:
    dossier, registry = later(house)
    good = registry.answer(registry.said[0])
    before = house.snapshot(dossier.id)
    for data, address in (
        (good, "unknown.1.12345678"),
        (good, answer_address(dossier, "tax")),
        (good, answer_address(dossier, "vss").replace(".1.", ".2.")),
        ({**good, "question_id": "another"}, ""),
        (["no object"], ""),
    ):
        with pytest.raises(NotFound):
            receive(house, dossier.id, data, address=address)
    for wrong in (
        {**good, "as_of": "2020-01-01"},
        {**good, "rows": [{**good["rows"][0], "about": "9999999999"}]},
        {**good, "rows": []},
    ):
        with pytest.raises(RegistryUnavailable):
            receive(house, dossier.id, wrong)
    assert house.snapshot(dossier.id) == before


def test_a_long_list_comes_together_from_parts_that_come_at_different_times(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "ROWS_AT_ONCE", 2)
    people = [Employee(f"Nguyễn Văn {n:05d}", f"79{n:08d}") for n in range(3)]
    dossier, registry = later(house, *people, first_part_at_once=True)
    first, second = registry.said
    assert list(record(house, dossier.id).parts) == [first.question_id]
    receive(house, dossier.id, to_plain(registry.answer(second)))
    found = record(house, dossier.id)
    assert (found.status, found.parts, found.due) == ("answered", {}, "")
    rows = house.files.evidence(found.key)["answer"]["rows"]
    assert [row["key"] for row in rows] == [f"bhxh:{person.bhxh}" for person in people]
