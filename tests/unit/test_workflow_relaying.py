"""Effects leave once, failures are seen by somebody, and what stands still is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from casework.dossier import Actor, Applicant, Role, State
from casework.errors import MessageDelayed, MessageRefused, MessageUncertain, PayloadTooLarge, Refused
from casework.workflow import relaying
from casework.workflow.relaying import STILL_AFTER, stands_still
from casework.workflow.telling import CLAIM_DIES_AFTER

from tests.builders import ANH, PROVINCE, House, a_dossier, papers, the_list
from tests.fakes import DyingMessenger, Killed, UnwillingMessenger

NOW = datetime(2020, 5, 18, 2, 0, tzinfo=UTC)
ADMINISTRATOR = Actor("administrator", "quan-tri", "H29")


@pytest.fixture
def house() -> House:
    return House()


def waiting(house: House, kind: str) -> Any:
    return next(p for p in house.store.waiting(100) if p.effect.kind == kind)


def handed_in(house: House) -> Any:
    """A dossier just handed in, and its mail."""
    dossier = house.submit(house.draft().id)
    return dossier, waiting(house, "notify")


# ── effects that may be repeated ─────────────────────────────────────────────


def test_a_workflow_is_started_under_one_name_however_often_it_is_relayed(house: House) -> None:
    dossier = house.submit(house.draft().id)
    pending = waiting(house, "start_processing")
    before = dict(house.workflows.started)
    assert house.deliver(dossier.id, pending.effect.id) == "done"
    started = {name: data for name, data in house.workflows.started.items() if name not in before}
    assert list(started) == [f"{dossier.id}-r1"]
    assert house.deliver(dossier.id, pending.effect.id) == "gone"
    assert {n: d for n, d in house.workflows.started.items() if n not in before} == started


def test_a_relay_that_died_before_it_noted_its_work_does_it_again_to_the_same_end(house: House) -> None:
    dossier = house.submit(house.draft().id)
    pending = waiting(house, "start_processing")
    name = f"{dossier.id}-r1"
    house.workflows.start("process_dossier", name, {"dossier_id": dossier.id, **pending.effect.payload})
    known = dict(house.workflows.started)
    assert house.deliver(dossier.id, pending.effect.id) == "done"
    assert house.workflows.started == known


def test_an_effect_nobody_knows_is_gone(house: House) -> None:
    dossier = house.file()
    assert house.deliver(dossier.id, f"{dossier.id}-9-0") == "gone"
    assert house.deliver("nobody", "nobody-1-0") == "gone"


def test_an_effect_that_cannot_leave_stays_in_the_outbox(house: House) -> None:
    dossier = house.submit(house.draft().id)
    pending = waiting(house, "start_processing")

    def too_large(*_: Any) -> None:
        raise PayloadTooLarge("too large")

    house.workflows.start = too_large  # type: ignore[method-assign]
    with pytest.raises(PayloadTooLarge):
        house.deliver(dossier.id, pending.effect.id)
    assert waiting(house, "start_processing").effect.id == pending.effect.id


# ── a token nobody waits for any more ────────────────────────────────────────


def test_a_decision_whose_workflow_is_gone_is_carried_out_by_another(house: House) -> None:
    dossier = house.at_province()
    house.decide(dossier.id, "approve", actor=PROVINCE)
    house.workflows.live.clear()  # the execution ended, timed out, or was stopped
    pending = waiting(house, "answer_task")
    assert house.deliver(dossier.id, pending.effect.id) == "done"
    [name] = [name for name in house.workflows.started if "-after-" in name]
    machine, data = house.workflows.started[name]
    assert machine == "process_dossier"
    assert (data["begin_at"], data["registries"], data["round"]) == ("RecordStage", [], 1)
    house.settle()
    assert house.state(dossier.id) is State.APPROVED
    assert house.actions(dossier.id).count("stage.decided") == 2


def test_the_same_lost_token_relayed_twice_starts_one_workflow(house: House) -> None:
    dossier = house.submitted()
    house.decide(dossier.id)
    house.workflows.live.clear()
    pending = waiting(house, "answer_task")
    for _ in range(3):
        relaying._carry_out(pending, house.store, house.workflows, house.bench)
    assert len([name for name in house.workflows.started if "-after-" in name]) == 1


def test_a_lost_token_of_a_dossier_that_needs_nothing_starts_nothing(house: House) -> None:
    dossier = house.submitted()
    house.withdraw(dossier.id)
    house.workflows.live.clear()
    before = dict(house.workflows.started)
    house.settle()
    assert house.workflows.started == before
    assert house.store.waiting(10) == []


# ── mail ─────────────────────────────────────────────────────────────────────


def test_a_mail_is_sent_once_in_both_languages(house: House) -> None:
    dossier, pending = handed_in(house)
    assert [house.deliver(dossier.id, pending.effect.id) for _ in range(3)] == ["done", "gone", "gone"]
    [(effect_id, to, subject)] = house.messenger.accepted
    assert (effect_id, to) == (pending.effect.id, "ke.toan@example.vn")
    assert "Đã nhận hồ sơ" in subject
    assert "We have received" in subject


def test_a_mail_whose_sender_died_after_the_provider_took_it_is_never_sent_twice(house: House) -> None:
    house.messenger = DyingMessenger()
    dossier, pending = handed_in(house)
    with pytest.raises(Killed):
        house.deliver(dossier.id, pending.effect.id)
    assert len(house.messenger.accepted) == 1
    assert house.deliver(dossier.id, pending.effect.id) == "held"
    house.clock.advance(seconds=CLAIM_DIES_AFTER.total_seconds() - 1)
    assert house.deliver(dossier.id, pending.effect.id) == "held"
    house.clock.advance(seconds=1)
    assert house.deliver(dossier.id, pending.effect.id) == "maybe_sent"
    assert house.deliver(dossier.id, pending.effect.id) == "gone"
    assert len(house.messenger.accepted) == 1
    assert house.store.effect(dossier.id, pending.effect.id).state == "maybe_sent"


def test_a_mail_the_provider_refuses_is_not_tried_again(house: House) -> None:
    house.messenger = UnwillingMessenger(MessageRefused("no such mailbox"))
    dossier, pending = handed_in(house)
    assert [house.deliver(dossier.id, pending.effect.id) for _ in range(2)] == ["refused", "gone"]
    assert house.messenger.accepted == []
    assert house.store.effect(dossier.id, pending.effect.id).state == "refused"


def test_a_mail_the_provider_has_no_time_for_goes_out_later_once(house: House) -> None:
    house.messenger = UnwillingMessenger(MessageDelayed("too many"), MessageDelayed("too many"))
    dossier, pending = handed_in(house)
    for _ in range(2):
        with pytest.raises(MessageDelayed):
            house.deliver(dossier.id, pending.effect.id)
    assert [house.deliver(dossier.id, pending.effect.id) for _ in range(2)] == ["done", "gone"]
    assert len(house.messenger.accepted) == 1


def test_two_relays_at_once_send_one_mail(house: House) -> None:
    dossier, pending = handed_in(house)
    send = house.messenger.send

    def meanwhile(*args: str) -> str:
        assert house.deliver(dossier.id, pending.effect.id) == "held"
        return send(*args)

    house.messenger.send = meanwhile  # type: ignore[method-assign]
    assert house.deliver(dossier.id, pending.effect.id) == "done"
    assert len(house.messenger.accepted) == 1


def test_a_relay_that_looked_before_another_claimed_sends_nothing(house: House) -> None:
    dossier, pending = handed_in(house)
    load = house.store.load

    def meanwhile(dossier_id: str) -> Any:
        house.store.load = load
        assert house.store.claim(pending, house.clock())
        return load(dossier_id)

    house.store.load = meanwhile
    assert house.deliver(dossier.id, pending.effect.id) == "held"
    assert house.messenger.accepted == []


def test_a_message_says_what_the_notice_on_the_page_says_however_late_it_leaves(house: House) -> None:
    house.messenger = UnwillingMessenger(MessageDelayed("too many"))
    dossier, pending = handed_in(house)
    with pytest.raises(MessageDelayed):
        house.deliver(dossier.id, pending.effect.id)
    house.withdraw(dossier.id)
    house.deliver(dossier.id, pending.effect.id)
    [notice] = house.store.records(dossier.id, "NOTICE#")
    assert notice.data["body"] in house.messenger.bodies[0]
    assert f"https://motcua.example/ho-so/{dossier.id}" in house.messenger.bodies[0]


def test_an_event_leaves_once_by_each_way_there_is(house: House) -> None:
    dossier = house.submitted()
    first = [effect_id for effect_id, _, _ in house.messenger.accepted]
    second = [effect_id for effect_id, _, _ in house.texter.accepted]
    assert (len(first), len(second), set(first) & set(second)) == (1, 1, set())
    [(_, number, text)] = house.texter.accepted
    assert (number, dossier.code in text, "Kế" in text) == ("+84901234567", True, False)


@pytest.mark.parametrize("number", ["02838221234", "+1 202 555 0123", "1900 1234", "0901 234", "09o1234567", ""])
def test_a_number_that_no_text_message_reaches_gets_none(house: House, number: str) -> None:
    house.submitted(applicant=Applicant("Nguyễn Văn Kế", number, "ke@example.vn"))
    assert (len(house.messenger.accepted), house.texter.accepted) == (1, [])


def test_fault_43_a_provider_that_takes_a_message_and_then_fails_is_not_handed_it_again(house: House) -> None:
    house.texter.fails = MessageUncertain("500 after it was taken")
    dossier, _ = handed_in(house)
    pending = next(p for p in house.store.waiting(9) if p.effect.payload.get("channel") == "sms")
    assert [house.deliver(dossier.id, pending.effect.id) for _ in range(3)] == ["maybe_sent", "gone", "gone"]
    assert len(house.texter.accepted) == 1
    assert house.store.effect(dossier.id, pending.effect.id).state == "maybe_sent"


def test_an_effect_of_before_there_were_text_messages_is_a_mail(house: House) -> None:
    dossier, pending = handed_in(house)
    old = replace(pending, effect=replace(pending.effect, payload={"event": "received"}))
    house.store.effect = lambda *_: old
    assert house.deliver(dossier.id, pending.effect.id) == "done"
    assert (len(house.messenger.accepted), len(house.texter.accepted)) == (1, 0)


def test_who_has_no_address_is_told_on_the_status_page(house: House) -> None:
    dossier = house.submitted(applicant=Applicant("Nguyễn Văn Kế"))
    assert (house.messenger.accepted, house.texter.accepted) == ([], [])
    assert [r.data["event"] for r in house.store.records(dossier.id, "NOTICE#")] == ["received"]
    assert house.store.waiting(10) == []


# ── parking ──────────────────────────────────────────────────────────────────


def test_what_failed_is_parked_with_its_cause_and_stands_in_a_queue(house: House) -> None:
    dossier = house.submit(house.draft().id)
    assert house.park(dossier.id, error="Runtime.ExitError") == "parked"
    [(where, record)] = house.store.queue("PARKED", "", 10)[0]
    assert (where, record.data["error"], record.data["was"]) == (dossier.id, "Runtime.ExitError", "processing")
    assert house.store.audit(dossier.id)[-1].details["error"] == "Runtime.ExitError"


def test_parking_loses_nothing(house: House) -> None:
    dossier = house.submitted()
    house.park(dossier.id)
    parked = house.store.load(dossier.id)
    changed = {"state", "version", "audit_hash", "touched_at"}
    for name in (field for field in a_dossier().__dataclass_fields__ if field not in changed):
        assert getattr(parked, name) == getattr(dossier, name)
    assert house.withdraw(dossier.id).state is State.WITHDRAWN


def test_a_parked_dossier_taken_back_begins_a_new_round_and_leaves_the_queue(house: House) -> None:
    dossier = house.at_province()
    house.park(dossier.id)
    for _ in range(2):  # a second time does nothing
        relaying.resume(dossier.id, ADMINISTRATOR, store=house.store, clock=house.clock)
    house.settle()
    again = house.store.load(dossier.id)
    assert (again.state, again.round, again.stage) == (State.IN_REVIEW, 2, "district_appraisal")
    assert house.actions(dossier.id).count("dossier.resumed") == 1
    assert house.store.queue("PARKED", "", 10) == ([], "")
    [failure] = house.store.records(dossier.id, "FAILURE#")
    assert failure.data["resolved_by"] == ADMINISTRATOR.id
    assert house.store.record(dossier.id, "TASK#001#province_decision").data["state"] == "withdrawn"
    assert house.store.queue("QUEUE#H29", "", 10) == ([], "")


def test_a_draft_parked_while_a_paper_was_read_has_it_read_again(house: House) -> None:
    dossier = house.file()
    sent = house.arrive(house.announce(dossier.id, the_list(ANH)), the_list(ANH))
    house.told(sent)
    house.park(dossier.id)
    relaying.resume(dossier.id, ADMINISTRATOR, store=house.store, clock=house.clock)
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, [d.state for d in after.documents]) == (State.DRAFT, ["read"])


@pytest.mark.parametrize("role", ["applicant", "officer", "supervisor", "integrator"])
def test_only_an_administrator_takes_a_dossier_back(house: House, role: Role) -> None:
    dossier = house.submitted()
    house.park(dossier.id)
    with pytest.raises(Refused, match="not-an-administrator"):
        relaying.resume(dossier.id, Actor(role, "x", "H29"), store=house.store, clock=house.clock)
    assert house.state(dossier.id) is State.PARKED


def test_a_failure_reported_twice_is_parked_once(house: House) -> None:
    dossier = house.submit(house.draft().id)
    house.park(dossier.id)
    before = house.snapshot(dossier.id)
    house.park(dossier.id)
    assert house.snapshot(dossier.id) == before
    house.park(dossier.id, execution="execution-2")
    assert len(house.store.records(dossier.id, "FAILURE#")) == 2


def test_failures_of_the_same_second_all_stand_in_the_queue(house: House) -> None:
    """A page of the queue goes on after a place in its order: no two may share it."""
    for _ in range(3):
        dossier = house.draft()
        house.park(dossier.id, execution=f"a-{dossier.id}")
        house.park(dossier.id, execution=f"b-{dossier.id}")
    found, after = [], ""
    while True:
        page, after = house.store.queue("PARKED", after, 1)
        found += page
        if not after:
            break
    assert len(found) == 6


def test_what_ended_is_not_parked(house: House) -> None:
    dossier = house.submitted()
    house.withdraw(dossier.id)
    assert house.park(dossier.id) == "withdrawn"
    assert house.store.queue("PARKED", "", 10) == ([], "")


def test_a_long_cause_is_cut(house: House) -> None:
    dossier = house.draft()
    relaying.park(dossier.id, "", "e", "E" * 5000, "C" * 50_000, store=house.store, clock=house.clock)
    [(_, record)] = house.store.queue("PARKED", "", 10)[0]
    assert (len(record.data["error"]), len(record.data["cause"])) == (200, 2000)


# ── standing still ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", [state for state in State if state in STILL_AFTER])
def test_a_dossier_waits_only_so_long_for_a_machine(state: State) -> None:
    dossier = a_dossier(state=state, touched_at=NOW.isoformat())
    assert not stands_still(dossier, NOW + STILL_AFTER[state])
    assert stands_still(dossier, NOW + STILL_AFTER[state] + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("now", "still"),
    [
        (datetime(2020, 5, 21, 9, 59, tzinfo=UTC), False),  # a minute before offices close on the last day
        (datetime(2020, 5, 21, 10, 0, tzinfo=UTC), True),
    ],
)
def test_a_review_past_its_deadline_stands_still_from_the_close_of_office(now: datetime, still: bool) -> None:
    dossier = a_dossier(state=State.IN_REVIEW, due_on=datetime(2020, 5, 21).date(), touched_at=NOW.isoformat())
    assert stands_still(dossier, now) is still


@pytest.mark.parametrize(
    ("state", "still"),
    [
        (State.DRAFT, False), (State.AWAITING_APPLICANT, False), (State.APPROVED, False), (State.WITHDRAWN, False),
        (State.PARKED, True),
    ],
)  # fmt: skip
def test_who_waits_for_the_applicant_does_not_stand_still_and_who_is_parked_does(state: State, still: bool) -> None:
    assert stands_still(a_dossier(state=state, touched_at=NOW.isoformat()), NOW + timedelta(days=90)) is still


def test_every_state_that_a_machine_must_end_is_watched() -> None:
    from adapters.store import WATCHED

    assert set(STILL_AFTER) | {State.IN_REVIEW, State.PARKED} == WATCHED


def test_a_whole_way_leaves_nothing_waiting(house: House) -> None:
    dossier = house.at_province()
    house.decide(dossier.id, "approve", actor=PROVINCE)
    house.settle()
    assert house.store.waiting(100) == []
    assert house.workflows.live == set()
    assert set(papers()) == {document.file_name for document in house.store.load(dossier.id).documents}
