"""An officer's way: queue, claim, decision; one winner among many; and what is carried out of it."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from casework.dossier import State, chain_breaks
from casework.errors import NotFound, Refused
from casework.workflow import reviewing

from tests.builders import ANH, BINH, COLLEAGUE, DISTRICT, House

ANH_KEY, BINH_KEY = f"bhxh:{ANH.bhxh}", f"bhxh:{BINH.bhxh}"


@pytest.fixture
def house() -> House:
    return House()


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.problem.type


def queue(house: House, office: str = "H29.1") -> list[str]:
    return [dossier_id for dossier_id, _ in house.store.queue(f"QUEUE#{office}", "", 50)[0]]


def task(house: House, dossier_id: str) -> Any:
    return reviewing.load_task(house.task_id(dossier_id), store=house.store)[0]


# ── the queue and claims ─────────────────────────────────────────────────────


def test_a_task_stands_in_its_offices_queue_with_the_legal_deadline(house: House) -> None:
    dossier = house.submitted()
    assert queue(house) == [dossier.id]
    found = task(house, dossier.id)
    assert (found.office, found.due_on, found.route) == ("H29.1", "2020-05-21", "fast_lane")  # Monday + 3 working days
    assert dossier.due_on.isoformat() == found.due_on


def test_the_queue_is_in_order_of_the_deadline(house: House) -> None:
    first = house.submitted()
    house.clock.advance(days=2)
    second = house.submitted()
    assert queue(house) == [first.id, second.id]


def test_a_review_requested_again_takes_the_new_token_and_stays_one_task(house: House) -> None:
    dossier = house.submitted()
    before = house.store.load(dossier.id)
    house.request_review(dossier.id, 1, dossier.stage, "second")
    assert task(house, dossier.id).token == "second"
    assert queue(house) == [dossier.id]
    after = house.store.load(dossier.id)
    house.request_review(dossier.id, 1, dossier.stage, "second")
    assert house.store.load(dossier.id) == after
    assert after.version == before.version + 1


def test_a_review_requested_again_keeps_the_claim(house: House) -> None:
    dossier = house.submitted()
    house.claim(dossier.id)
    house.request_review(dossier.id, 1, dossier.stage, "second")
    assert task(house, dossier.id).holder(house.clock()) == DISTRICT.id


def test_a_deadline_that_passed_marks_the_task_and_takes_nothing_away(house: House) -> None:
    dossier = house.submitted()
    house.clock.now = datetime(2020, 5, 21, 9, 59, tzinfo=UTC)  # a minute before offices close
    house.request_review(dossier.id, 1, dossier.stage, "second")
    assert not task(house, dossier.id).overdue
    house.clock.now = datetime(2020, 5, 21, 10, 0, tzinfo=UTC)
    house.request_review(dossier.id, 1, dossier.stage, "third")
    assert task(house, dossier.id).overdue
    assert queue(house) == [dossier.id]


def test_a_task_is_held_by_one_officer_at_a_time(house: House) -> None:
    dossier = house.submitted()
    held, _ = house.claim(dossier.id)
    assert held.holder(house.clock()) == DISTRICT.id
    assert refusal(lambda: house.claim(dossier.id, COLLEAGUE)) == "claimed-by-another"
    assert refusal(lambda: house.decide(dossier.id, actor=COLLEAGUE)) == "claimed-by-another"
    assert queue(house) == [dossier.id]


def test_a_claim_is_extended_given_back_and_runs_out(house: House) -> None:
    dossier = house.submitted()
    house.claim(dossier.id)
    house.clock.advance(minutes=20)
    house.claim(dossier.id)
    house.clock.advance(minutes=20)
    assert refusal(lambda: house.claim(dossier.id, COLLEAGUE)) == "claimed-by-another"
    reviewing.release(house.task_id(dossier.id), DISTRICT, store=house.store, clock=house.clock)
    assert house.claim(dossier.id, COLLEAGUE)[0].claimed_by == COLLEAGUE.id
    house.clock.advance(minutes=30)
    assert house.claim(dossier.id)[0].claimed_by == DISTRICT.id


def test_whose_claim_ran_out_may_still_decide_what_nobody_took(house: House) -> None:
    dossier = house.submitted()
    house.claim(dossier.id)
    house.clock.advance(hours=2)
    assert house.decide(dossier.id).state is State.DECIDED


def test_whose_claim_was_taken_over_is_told_by_whom(house: House) -> None:
    dossier = house.submitted()
    house.claim(dossier.id)
    house.clock.advance(hours=2)
    house.claim(dossier.id, COLLEAGUE)
    with pytest.raises(Refused) as refused:
        house.decide(dossier.id)
    assert COLLEAGUE.id in refused.value.problem.detail


def test_a_task_nobody_knows_is_not_found(house: House) -> None:
    dossier = house.submitted()
    for task_id in ("x", f"{dossier.id}.1.payment", f"{dossier.id}.2.{dossier.stage}", f"nobody.1.{dossier.stage}"):
        with pytest.raises(NotFound):
            reviewing.claim(task_id, DISTRICT, store=house.store, files=house.files, clock=house.clock)


# ── one decision ─────────────────────────────────────────────────────────────


def test_a_decision_is_one_transaction_with_its_record_audit_and_effect(house: House) -> None:
    dossier = house.submitted()
    after = house.decide(dossier.id, "send_on", reason_code="checked")
    assert (after.state, after.version) == (State.DECIDED, dossier.version + 1)
    [record] = house.store.records(dossier.id, "DECISION#")
    assert (record.data["by"], record.data["outcome"], record.data["stage"]) == (
        DISTRICT.id, "send_on", "district_appraisal",
    )  # fmt: skip
    assert house.store.audit(dossier.id)[-1].actor == DISTRICT
    assert [p.effect.kind for p in house.store.waiting(10)] == ["answer_task"]
    assert queue(house) == []


@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_the_workflow_wakes_when_the_deadline_has_passed_and_not_before(house: House, microsecond: int) -> None:
    """A second too early, and the task would be put back unmarked."""
    house.clock.now = house.clock.now.replace(microsecond=microsecond)
    dossier = house.submit(house.draft().id)
    step = house.check(dossier.id, 1)
    house.request_review(dossier.id, 1, step["stage"], "first")
    house.clock.advance(seconds=step["review_seconds"])
    house.request_review(dossier.id, 1, step["stage"], "second")
    assert task(house, dossier.id).overdue


def test_the_same_decision_again_answers_as_before(house: House) -> None:
    dossier = house.submitted()
    house.decide(dossier.id, version=dossier.version)
    before = house.snapshot(dossier.id)
    assert house.decide(dossier.id, version=dossier.version).state is State.DECIDED
    assert house.snapshot(dossier.id) == before


def test_another_decision_on_a_decided_task_is_told_who_and_when(house: House) -> None:
    dossier = house.submitted()
    house.decide(dossier.id)
    for differs in ({"actor": COLLEAGUE}, {"reason": "khác"}):
        with pytest.raises(Refused) as refused:
            house.decide(dossier.id, **differs)
        assert refused.value.problem.type == "task-decided"
        assert DISTRICT.id in refused.value.problem.detail
        assert "2020-05-18T02:00:00" in refused.value.problem.detail


def test_a_decision_on_what_the_officer_did_not_see_is_refused(house: House) -> None:
    dossier = house.submitted()
    assert refusal(lambda: house.decide(dossier.id, version=dossier.version - 1)) == "version-stale"


def test_a_decision_is_not_made_over_somebody_who_was_quicker(house: House) -> None:
    dossier = house.submitted()
    house.store.interrupt = lambda: house.decide(dossier.id, actor=COLLEAGUE)
    assert refusal(lambda: house.decide(dossier.id, version=dossier.version)) == "task-decided"
    assert [r.data["by"] for r in house.store.records(dossier.id, "DECISION#")] == [COLLEAGUE.id]


def test_sixteen_officers_at_once_make_one_decision(house: House) -> None:
    dossier = house.submitted()
    officers = [dataclasses.replace(DISTRICT, id=f"officer-{n}") for n in range(16)]
    start, results = threading.Barrier(16), []

    def decide(officer: Any) -> None:
        start.wait()
        try:
            house.decide(dossier.id, actor=officer, version=dossier.version)
            results.append(officer.id)
        except Refused as refused:
            results.append(refused.problem.type)

    threads = [threading.Thread(target=decide, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [result for result in results if result.startswith("officer-")]
    assert len(winners) == 1
    assert len(results) == 16
    assert set(results) - set(winners) <= {"task-decided", "version-stale"}
    [record] = house.store.records(dossier.id, "DECISION#")
    assert [record.data["by"]] == winners
    assert house.actions(dossier.id).count("stage.decided") == 1
    after = house.store.load(dossier.id)
    assert chain_breaks(house.store.audit(dossier.id), after.audit_hash) == []
