"""The officers' desk in memory: queue and counts, leases, deciding, undoing, reopening."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from casework.agreement import SecondLook
from casework.dossier import Actor, State, chain_breaks
from casework.interests import Profile
from casework.review import DecisionRequest, PageAsked, RowDecision
from casework.workflow import deciding, leasing, tasks, undoing, worklists
from casework.worklist import Wanted, entered_before, risk_day, working_days_left

from tests.builders import ANH, BINH, COLLEAGUE, DISTRICT, PROVINCE, House, papers
from tests.unit.at_the_desk import (
    ANH_KEY,
    CHIEF,
    LEADER,
    SECOND,
    decide,
    months,
    refusal,
    several,
    task_of,
    world,
)
from tests.unit.test_review import a_task


@pytest.fixture
def house() -> House:
    return House()


# ── the queue ────────────────────────────────────────────────────────────────


def listed(house: House, actor: Actor = DISTRICT, limit: int = 50, **wanted: Any) -> list[str]:
    page, _ = worklists.page(actor, Wanted(**wanted), "", limit, store=house.store, clock=house.clock)
    return [task.dossier_id for task in page]


def test_the_queue_stands_by_deadline_and_is_narrowed_by_its_marks(house: House) -> None:
    first, second, third = several(house, 3)
    assert listed(house) == [first, second, third]
    assert listed(house, PROVINCE) == []
    house.claim(second)
    assert listed(house, holder="me") == [second]
    assert listed(house, COLLEAGUE, holder="me") == []
    assert listed(house, holder="none") == [first, third]
    assert listed(house, service="SW", stage="district_appraisal", route="fast_lane", holder=DISTRICT.id) == [second]
    assert listed(house, service="LN") == []
    house.clock.advance(minutes=31)
    assert listed(house, holder="none") == [first, second, third]  # a lease that ran out holds nothing


def test_what_is_late_and_what_may_be_late_is_marked_in_working_days(house: House) -> None:
    first, second, third = several(house, 3)  # received on Monday, Tuesday and Wednesday; three working days each
    due = [task_of(house, made).due_on for made in (first, second, third)]
    assert due == ["2020-05-21", "2020-05-22", "2020-05-25"]
    assert house.clock().isoformat()[:10] == "2020-05-21"
    assert risk_day(house.clock()) == date(2020, 5, 22)
    assert listed(house, mark="at_risk") == [first, second]
    assert [working_days_left(task_of(house, made), house.clock()) for made in (first, second, third)] == [0, 1, 2]
    house.clock.advance(hours=9)  # 18:00: the office has closed, and the next working day but one is Monday
    assert (listed(house, mark="overdue"), listed(house, mark="at_risk")) == ([first], [second, third])
    assert listed(house, older_than=2) == [first, second]
    counted = worklists.counts(DISTRICT, store=house.store, clock=house.clock)
    assert (counted["open"], counted["overdue"], counted["at_risk"]) == (3, 1, 2)


def test_pages_follow_each_other_without_gap(house: House) -> None:
    made, found, after = several(house, 5), [], ""
    while True:
        page, after = worklists.page(DISTRICT, Wanted(), after, 2, store=house.store, clock=house.clock)
        found += [task.dossier_id for task in page]
        if not after:
            break
    assert found == made


def recount(house: House, office: str) -> dict[str, Any]:
    """What stands in the lists, counted one by one."""
    page, _ = house.store.queue(f"QUEUE#{office}", "", 1000)
    open_ = [record.data for _, record in page]
    return {
        "open": len(open_),
        "service": dict(Counter(task["procedure"] for task in open_)),
        "stage": dict(Counter(task["stage"] for task in open_)),
        "route": dict(Counter(task["route"] for task in open_)),
    }


def test_counts_are_what_a_recount_gives_whatever_happens_to_tasks(house: House) -> None:
    one, two, three, four = several(house, 4)
    decide(house, one)
    decide(house, two, undoable=True)
    undoing.undo(house.task_id(two), DISTRICT, house.store.load(two).version, store=house.store, clock=house.clock)
    house.withdraw(three)
    house.park(four)
    house.settle()
    for actor in (DISTRICT, PROVINCE):
        counted = worklists.counts(actor, store=house.store, clock=house.clock)
        assert {name: counted[name] for name in ("open", "service", "stage", "route")} == recount(house, actor.office)
    figures = worklists.statistics(LEADER, 30, 2, store=house.store, clock=house.clock)
    assert figures.totals["decided"] == 1  # one taken back
    assert (figures.totals["arrived"], figures.totals["undone"]) == (4, 1)
    assert sum(figures.ages.values()) == figures.now["open"]


def test_a_task_that_came_at_night_is_a_day_younger_in_viet_nam() -> None:
    now = datetime(2020, 5, 20, 2, 0, tzinfo=UTC)  # a Wednesday
    assert entered_before(1, now) == "2020-05-19T17:00:00+00:00"
    assert entered_before(3, now) == "2020-05-15T17:00:00+00:00"  # Friday; the weekend does not count


def test_a_task_without_a_limit_is_never_late() -> None:
    task = a_task(due_on="")
    assert working_days_left(task, House().clock()) is None


# ── leases ───────────────────────────────────────────────────────────────────


def test_the_next_task_is_the_most_urgent_nobody_holds(house: House) -> None:
    first, second = several(house, 2)
    took = [leasing.claim_next(actor, Wanted(), **world(house))[0].dossier_id for actor in (DISTRICT, COLLEAGUE)]
    assert took == [first, second]
    third = Actor("officer", "officer-3", "H29.1")
    assert refusal(lambda: leasing.claim_next(third, Wanted(), **world(house))) == "queue-empty"
    house.clock.advance(minutes=31)
    assert leasing.claim_next(third, Wanted(), **world(house))[0].dossier_id == first


def test_a_lease_is_kept_by_work_and_lost_without(house: House) -> None:
    dossier = house.submitted()
    seen = house.store.load(dossier.id).version
    task, _ = house.claim(dossier.id)
    for _ in range(4):
        house.clock.advance(minutes=20)
        kept, _ = leasing.heartbeat(task.id, DISTRICT, store=house.store, clock=house.clock)
    assert kept.claimed_at == task.claimed_at
    house.clock.advance(minutes=31)
    house.claim(dossier.id, COLLEAGUE)
    assert refusal(lambda: leasing.heartbeat(task.id, DISTRICT, store=house.store, clock=house.clock)) == "lease-lost"
    assert refusal(lambda: decide(house, dossier.id, version=seen)) == "claimed-by-another"
    leasing.release(task.id, COLLEAGUE, store=house.store, clock=house.clock)
    assert decide(house, dossier.id, version=seen).state is State.DECIDED  # leases alone make nothing stale


def test_a_supervisor_unlocks_and_assigns_with_a_reason(house: House) -> None:
    dossier = house.submitted()
    task, _ = house.claim(dossier.id)
    at = {"store": house.store, "clock": house.clock}
    assert refusal(lambda: leasing.unlock(task.id, COLLEAGUE, "x", **at)) == "not-a-supervisor"
    assert refusal(lambda: leasing.unlock(task.id, CHIEF, "x", **at)) == "other-office"
    assert refusal(lambda: leasing.unlock(task.id, LEADER, " ", **at)) == "reason-missing"
    leasing.unlock(task.id, LEADER, "nghỉ ốm", **at)
    assert refusal(lambda: leasing.assign(task.id, LEADER, "nobody", "x", **world(house))) == "officer-unknown"
    house.store.keep_profile(Profile(COLLEAGUE.id, "H29.1", "Lê Văn Hai"))
    given, _ = leasing.assign(task.id, LEADER, COLLEAGUE.id, "thay ca", **world(house))
    assert (given.holder(house.clock()), given.holder_name) == (COLLEAGUE.id, "Lê Văn Hai")
    assert refusal(lambda: house.claim(dossier.id)) == "claimed-by-another"
    said = [record.data["reason"] for record in house.store.records(dossier.id, "REASON#")]
    assert said == ["nghỉ ốm", "thay ca"]
    assert "nghỉ ốm" not in str(house.store.audit(dossier.id))  # the audit holds nobody's words


def test_what_was_written_is_kept_for_whoever_wrote_it(house: House) -> None:
    dossier = house.submitted()
    task = task_of(house, dossier.id)
    tasks.keep_draft(task.id, DISTRICT, {"reason": "còn dở"}, store=house.store, clock=house.clock)
    assert tasks.draft(task, DISTRICT, store=house.store)["words"] == {"reason": "còn dở"}
    assert tasks.draft(task, COLLEAGUE, store=house.store) is None
    assert (
        refusal(lambda: tasks.keep_draft(task.id, PROVINCE, {}, store=house.store, clock=house.clock)) == "other-office"
    )


# ── deciding ─────────────────────────────────────────────────────────────────


def test_a_stage_sends_back_to_the_one_before_and_comes_again(house: House) -> None:
    dossier = house.at_province()
    assert refusal(lambda: decide(house, dossier.id, "send_back", PROVINCE)) == "reason-missing"
    decide(house, dossier.id, "send_back", PROVINCE, reason="Thẩm tra chưa đủ")
    house.settle()
    again = house.store.load(dossier.id)
    assert (again.state, again.stage, again.round) == (State.IN_REVIEW, "district_appraisal", 1)
    assert task_of(house, dossier.id).lap == 2
    assert refusal(lambda: decide(house, dossier.id, "send_back", reason="x")) == "decision-not-allowed"
    decide(house, dossier.id)
    house.settle()
    decide(house, dossier.id, "approve", PROVINCE)
    house.settle()
    assert house.state(dossier.id) is State.APPROVED
    made = [(data["stage"], data["outcome"]) for data in tasks.decisions(dossier.id, store=house.store)]
    outcomes = Counter(outcome for _, outcome in made)
    assert outcomes == {"send_on": 2, "send_back": 1, "approve": 1}
    assert chain_breaks(house.store.audit(dossier.id), house.store.load(dossier.id).audit_hash) == []


def test_a_group_is_approved_together_only_if_every_rule_passes_for_each(house: House) -> None:
    late = dataclasses.replace(BINH, starts="2020-06-02", ends="2020-07-01")
    dossier = house.submitted(ANH, late)
    decide(house, dossier.id)
    house.settle()
    late_key = f"bhxh:{BINH.bhxh}"
    said = {"reason": "một người không đủ điều kiện", "actor": PROVINCE}
    group = (ANH_KEY, late_key)
    assert refusal(lambda: decide(house, dossier.id, "approve_in_part", group=group, **said)) == "group-not-clean"
    twice = {"group": (ANH_KEY,), "rows": (RowDecision(ANH_KEY, "refuse", "x"),)}
    assert refusal(lambda: decide(house, dossier.id, "approve_in_part", **twice, **said)) == "row-twice"
    decide(house, dossier.id, "approve_in_part", group=(ANH_KEY,), **said)
    house.settle()
    assert house.store.load(dossier.id).total_vnd == 1_800_000


def test_a_preview_says_what_the_applicant_will_be_told_and_changes_nothing(house: House) -> None:
    dossier = house.at_province()
    before = house.snapshot(dossier.id)
    refuse = DecisionRequest("refuse", reason="Không đủ điều kiện theo Điều 3")
    at = world(house)
    seen = deciding.preview(house.task_id(dossier.id), refuse, PROVINCE, **at)
    assert (seen["event"], seen["total_vnd"], seen["refused"]) == ("decided", 0, 1)
    assert (seen["reason"], "không được duyệt" in seen["texts"]["body"]) == (refuse.reason, True)
    big = SecondLook(100.0, 1_000_000)
    approve = DecisionRequest("approve")
    assert deciding.preview(house.task_id(dossier.id), approve, PROVINCE, second_look=big, **at)["needs_second"]
    small = SecondLook(100.0, 100_000_000)  # of the blind sample nobody is told before
    assert not deciding.preview(house.task_id(dossier.id), approve, PROVINCE, second_look=small, **at)["needs_second"]
    ask = DecisionRequest("ask", reason="mờ", asks=(PageAsked(dossier.documents[0].id, 1, "trang 1 mờ"),))
    assert "trang 1 mờ" in deciding.preview(house.task_id(dossier.id), ask, PROVINCE, **at)["texts"]["body"]
    assert house.snapshot(dossier.id) == before
    decide(house, dossier.id, "refuse", PROVINCE, reason=refuse.reason)
    house.settle()
    [told] = [r.data for r in house.store.records(dossier.id, "NOTICE#") if r.data["event"] == "decided"]
    assert {name: told[name] for name in ("title", "body")} == {name: seen["texts"][name] for name in ("title", "body")}


def test_a_decision_is_taken_back_within_two_minutes_and_leaves_nothing_behind(house: House) -> None:
    dossier = house.at_province()
    sent = len(house.messenger.accepted)
    decided = decide(house, dossier.id, "approve", PROVINCE, undoable=True)
    house_waits(house)
    assert (house.state(dossier.id), months(house)) == (State.DECIDED, ["2020-04"])
    at = {"store": house.store, "clock": house.clock}
    task_id = house.task_id(dossier.id)
    assert refusal(lambda: undoing.undo(task_id, SECOND, decided.version, **at)) == "undo-too-late"
    assert refusal(lambda: undoing.undo(task_id, PROVINCE, decided.version - 1, **at)) == "version-stale"
    house.clock.advance(seconds=119)
    task, after = undoing.undo(task_id, PROVINCE, decided.version, **at)
    assert undoing.undo(task_id, PROVINCE, decided.version, **at)[1].version == after.version  # again is harmless
    assert (after.state, task.state, task.holder(house.clock()), months(house)) == (
        State.IN_REVIEW,
        "open",
        PROVINCE.id,
        [],
    )
    house.clock.advance(minutes=5)
    house.settle()
    assert (house.state(dossier.id), len(house.messenger.accepted)) == (State.IN_REVIEW, sent)
    decide(house, dossier.id, "refuse", PROVINCE, reason="xem lại không đủ điều kiện")
    house.settle()
    assert (house.state(dossier.id), months(house)) == (State.REFUSED, [])
    made = tasks.decisions(dossier.id, store=house.store)
    assert [("undone" in data, data["outcome"]) for data in made][1:] == [(True, "approve"), (False, "refuse")]
    assert chain_breaks(house.store.audit(dossier.id), house.store.load(dossier.id).audit_hash) == []


def house_waits(house: House) -> None:
    """Everything is delivered that may be: what waits is held."""
    for pending in [found for found in house.store.waiting(100) if found.state == "pending"]:
        if pending.effect.not_before:
            assert house.deliver(pending.dossier_id, pending.effect.id) == "held"


def test_after_two_minutes_it_takes_effect_and_cannot_be_taken_back(house: House) -> None:
    dossier = house.at_province()
    decided = decide(house, dossier.id, "approve", PROVINCE, undoable=True)
    house.clock.advance(minutes=2)
    at = {"store": house.store, "clock": house.clock}
    assert refusal(lambda: undoing.undo(house.task_id(dossier.id), PROVINCE, decided.version, **at)) == "undo-too-late"
    house.settle()
    assert house.state(dossier.id) is State.APPROVED


def test_a_month_let_go_by_undoing_can_be_granted_to_the_other_dossier(house: House) -> None:
    same = {name: data + b" " for name, data in papers().items()}
    first, second = house.at_province(), house.at_province(papers_=same)
    decided = decide(house, first.id, "approve", PROVINCE, undoable=True)
    told = refusal(lambda: decide(house, second.id, "approve", PROVINCE, reason="đã xem"))
    assert told == "month-already-granted"
    undoing.undo(house.task_id(first.id), PROVINCE, decided.version, store=house.store, clock=house.clock)
    decide(house, second.id, "refuse", PROVINCE, reason="x")
    decide(house, first.id, "approve", PROVINCE)
    house.settle()
    assert months(house) == ["2020-04"]


def test_a_closed_dossier_is_opened_again_as_a_new_round_with_the_first_decision_kept(house: House) -> None:
    dossier = house.at_province()
    decide(house, dossier.id, "approve", PROVINCE)
    house.settle()
    task_id = house.task_id(dossier.id)
    version = house.store.load(dossier.id).version
    at = {"store": house.store, "clock": house.clock}
    assert refusal(lambda: undoing.reopen(task_id, PROVINCE, "x", version, **at)) == "not-a-supervisor"
    assert refusal(lambda: undoing.reopen(task_id, CHIEF, "", version, **at)) == "reason-missing"
    undoing.reopen(task_id, CHIEF, "Có đơn khiếu nại", version, **at)
    house.settle()
    again = house.store.load(dossier.id)
    assert (again.state, again.round, again.total_vnd, months(house)) == (State.IN_REVIEW, 2, None, ["2020-04"])
    assert refusal(lambda: undoing.reopen(task_id, CHIEF, "x", again.version, **at)) == "cannot-reopen"
    decide(house, dossier.id, reason="đã thẩm tra lại")
    house.settle()
    decide(house, dossier.id, "refuse", PROVINCE, reason="Khiếu nại đúng")
    house.settle()
    assert (house.state(dossier.id), months(house)) == (State.REFUSED, [])
    made = [(data["round"], data["outcome"]) for data in tasks.decisions(dossier.id, store=house.store)]
    assert made == [(1, "send_on"), (1, "approve"), (2, "send_on"), (2, "refuse")]
    assert [r.data["event"] for r in house.store.records(dossier.id, "NOTICE#")].count("reopened") == 1
    figures = worklists.statistics(CHIEF, 5, 1, store=house.store, clock=house.clock)
    assert figures.totals["overturned"] == 1
    assert chain_breaks(house.store.audit(dossier.id), house.store.load(dossier.id).audit_hash) == []
