"""Handing in, being asked, taking back; whose dossier it is; the same verbs at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from casework.dossier import Dossier, State, chain_breaks
from casework.errors import NotFound, Refused, StaleVersion
from casework.workflow import filing
from casework.workflow.commit import ATTEMPTS, commit

from tests.builders import ANH, STRANGER, House, agreement, papers, the_list
from tests.fakes import BLURRED, MemoryStore


@pytest.fixture
def house() -> House:
    return House()


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.problem.type


# ── handing in ───────────────────────────────────────────────────────────────


def test_a_dossier_whose_papers_are_read_is_processed_at_once(house: House) -> None:
    dossier = house.draft()
    after = house.submit(dossier.id, dossier.version)
    assert (after.state, after.round, after.received_on) == (State.PROCESSING, 1, date(2020, 5, 18))
    assert [p.effect.kind for p in house.store.waiting(10)] == ["start_processing", "notify", "notify", "issue_paper"]
    assert house.store.waiting(10)[0].effect.payload == {
        "round": 1,
        "registries": ["vss", "enterprise", "tax", "payments"],
        "begin_at": "ConsultRegistries",
    }


def test_handing_in_twice_is_handing_in_once(house: House) -> None:
    dossier = house.draft()
    house.submit(dossier.id, dossier.version)
    before = house.snapshot(dossier.id)
    house.submit(dossier.id, dossier.version)
    assert house.snapshot(dossier.id) == before


def test_a_dossier_with_unread_papers_waits_and_the_last_reading_starts_it(house: House) -> None:
    dossier = house.file()
    sent = [house.send(dossier.id, data, name) for name, data in papers().items()]
    assert house.submit(dossier.id).state is State.SUBMITTED
    assert house.submit(dossier.id).state is State.SUBMITTED
    assert house.actions(dossier.id).count("dossier.submitted") == 1
    house.read(sent[1])
    assert house.state(dossier.id) is State.SUBMITTED
    house.read(sent[0])
    assert (house.state(dossier.id), house.store.load(dossier.id).round) == (State.PROCESSING, 1)
    house.settle()
    assert house.state(dossier.id) is State.IN_REVIEW


def test_a_paper_that_is_rejected_also_ends_the_wait(house: House) -> None:
    dossier = house.file()
    sent = house.send(dossier.id, b"\0broken")
    house.submit(dossier.id)
    house.read(sent)
    assert house.state(dossier.id) is State.PROCESSING


@pytest.mark.parametrize(
    ("prepare", "slug"),
    [
        (lambda house, d: None, "no-documents"),
        (lambda house, d: house.announce(d.id, b"x"), "upload-unfinished"),
    ],
)
def test_what_cannot_be_handed_in(house: House, prepare: Any, slug: str) -> None:
    dossier = house.file()
    prepare(house, dossier)
    assert refusal(lambda: house.submit(dossier.id)) == slug


def test_a_dossier_of_another_version_is_not_handed_in(house: House) -> None:
    dossier = house.draft()
    assert refusal(lambda: house.submit(dossier.id, dossier.version - 1)) == "version-stale"


def test_a_page_sent_again_just_before_handing_in_is_waited_for(house: House) -> None:
    dossier = house.draft(papers_={"mau-01.pdf": the_list(), "thoa-thuan.pdf": BLURRED.encode()})
    document = dossier.documents[1]
    page = house.send(dossier.id, agreement(), document_id=document.id, page=1)
    assert house.submit(dossier.id).state is State.SUBMITTED
    house.read(page)
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.route, after.open_requests) == (State.IN_REVIEW, "fast_lane", ())


# ── what the applicant is asked for ──────────────────────────────────────────


def asked(house: House) -> tuple[Dossier, str]:
    """A dossier whose agreement came blurred, and the agreement's id."""
    dossier = house.submitted(papers_={"mau-01.pdf": the_list(), "thoa-thuan.pdf": BLURRED.encode()})
    assert dossier.state is State.AWAITING_APPLICANT
    return dossier, dossier.documents[1].id


def test_an_asked_dossier_handed_in_as_it_is_goes_on(house: House) -> None:
    dossier, _ = asked(house)
    after = house.submit(dossier.id)
    assert (after.state, after.round) == (State.PROCESSING, 2)
    house.settle()
    assert (house.state(dossier.id), house.store.load(dossier.id).route) == (State.IN_REVIEW, "review")


def test_a_supplement_handed_in_before_it_is_read_is_taken_up_when_it_is(house: House) -> None:
    """Whatever the paper turns out to be: the applicant has done what he could, and nobody asks him to press again."""
    dossier, document_id = asked(house)
    page = house.send(dossier.id, BLURRED.encode() + b" again", document_id=document_id, page=1)
    assert house.submit(dossier.id).state is State.SUBMITTED
    before = house.snapshot(dossier.id)
    assert house.submit(dossier.id).state is State.SUBMITTED
    assert house.snapshot(dossier.id) == before
    house.read(page)
    house.settle()
    assert house.state(dossier.id) is State.IN_REVIEW


def test_an_answered_request_waits_for_the_other_papers_on_their_way_and_then_goes_on(house: House) -> None:
    dossier, document_id = asked(house)
    extra = house.send(dossier.id, agreement(ANH, **{"employee.id_number": "079090000123"}), "them.pdf")
    page = house.send(dossier.id, agreement(), document_id=document_id, page=1)
    house.read(page)
    assert house.state(dossier.id) is State.SUBMITTED
    house.read(extra)
    house.settle()
    assert house.state(dossier.id) is State.IN_REVIEW


def test_no_new_papers_while_the_dossier_is_with_the_office(house: House) -> None:
    dossier = house.submitted()
    assert refusal(lambda: house.announce(dossier.id, b"new")) == "dossier-not-open"


# ── taking back ──────────────────────────────────────────────────────────────


def in_state(house: House, state: State) -> Dossier:
    """A dossier as it gets into this state."""
    if state is State.DRAFT:
        return house.draft()
    if state is State.SUBMITTED:
        dossier = house.file()
        house.send(dossier.id, the_list())
        return house.submit(dossier.id)
    if state is State.PROCESSING:
        return house.submit(house.draft().id)
    if state is State.AWAITING_APPLICANT:
        return asked(house)[0]
    dossier = house.submitted()
    if state is State.PARKED:
        house.park(dossier.id)
    elif state is State.DECIDED:
        house.decide(dossier.id)
    elif state is not State.IN_REVIEW:
        house.decide(dossier.id)
        house.settle()
        if state is State.WITHDRAWN:
            house.withdraw(dossier.id)
        else:
            from tests.builders import PROVINCE

            outcome = {"approved": "approve", "refused": "refuse"}[state.value]
            house.decide(dossier.id, outcome, actor=PROVINCE, reason="lý do")
            house.settle()
    return house.store.load(dossier.id)


OPEN_STATES = [
    State.DRAFT, State.SUBMITTED, State.PROCESSING, State.AWAITING_APPLICANT, State.IN_REVIEW, State.PARKED,
]  # fmt: skip


@pytest.mark.parametrize("state", OPEN_STATES)
def test_a_dossier_is_withdrawn_at_any_time_before_a_decision_and_once(house: House, state: State) -> None:
    dossier = in_state(house, state)
    assert dossier.state is state
    assert house.withdraw(dossier.id).state is State.WITHDRAWN
    before = house.snapshot(dossier.id)
    assert house.withdraw(dossier.id).state is State.WITHDRAWN
    assert house.snapshot(dossier.id) == before
    house.settle()
    assert house.state(dossier.id) is State.WITHDRAWN
    assert house.store.queue("QUEUE#H29.1", "", 10) == ([], "")
    assert house.workflows.live == set()
    assert chain_breaks(house.store.audit(dossier.id), house.store.load(dossier.id).audit_hash) == []


@pytest.mark.parametrize("state", [State.DECIDED, State.APPROVED, State.REFUSED])
def test_a_decided_dossier_is_not_withdrawn(house: House, state: State) -> None:
    dossier = in_state(house, state)
    assert dossier.state is state
    assert refusal(lambda: house.withdraw(dossier.id)) == "dossier-decided"


def test_a_withdrawal_while_registries_are_asked_ends_the_round_quietly(house: House) -> None:
    dossier = house.submit(house.draft().id)
    house.withdraw(dossier.id)
    house.settle()
    assert house.state(dossier.id) is State.WITHDRAWN
    assert "dossier.checked" not in house.actions(dossier.id)


# ── whose it is ──────────────────────────────────────────────────────────────


def test_somebody_elses_dossier_answers_every_verb_like_none_at_all(house: House) -> None:
    dossier = house.draft()
    document_id = dossier.documents[0].id
    world = {"store": house.store, "clock": house.clock}
    calls: list[Callable[[str], Any]] = [
        lambda id_: house.announce(id_, b"x", actor=STRANGER),
        lambda id_: house.announce(id_, b"x", actor=STRANGER, document_id=document_id),
        lambda id_: filing.remove_document(id_, document_id, STRANGER, **world),
        lambda id_: filing.correct(id_, document_id, {"a": 1}, STRANGER, dossier.version, **world),
        lambda id_: filing.submit(id_, STRANGER, None, **world),
        lambda id_: filing.withdraw(id_, STRANGER, **world),
    ]
    before = house.snapshot(dossier.id)
    for call in calls:
        for dossier_id in (dossier.id, "nobody"):
            with pytest.raises(NotFound):
                call(dossier_id)
    assert house.snapshot(dossier.id) == before


# ── the loop round the store ─────────────────────────────────────────────────


class LosingStore(MemoryStore):
    """Somebody else is always first."""

    def commit(self, change: Any) -> None:
        self.commits += 1
        raise StaleVersion("always")


def test_a_lost_race_is_tried_again_and_not_for_ever() -> None:
    store = LosingStore()
    house = House(store=MemoryStore())
    dossier = house.file()
    store._dossiers = house.store._dossiers
    with pytest.raises(StaleVersion):
        commit(store, dossier.id, lambda d: _touch(d, house))
    assert store.commits == ATTEMPTS


def _touch(dossier: Dossier, house: House) -> Any:
    from casework.dossier import SYSTEM, change

    return change(dossier, dossier, "touched", actor=SYSTEM, now=house.clock())


def test_a_change_is_decided_anew_on_what_the_winner_left(house: House) -> None:
    dossier = house.draft()
    house.store.interrupt = lambda: house.withdraw(dossier.id)
    assert refusal(lambda: house.submit(dossier.id)) == "dossier-not-open"
    assert house.state(dossier.id) is State.WITHDRAWN


def test_twenty_papers_announced_at_once_are_all_there(house: House) -> None:
    dossier = house.file()
    threads = [
        threading.Thread(target=house.announce, args=(dossier.id, f"{n}".encode()), kwargs={"key": f"k{n}"})
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = house.store.load(dossier.id)
    assert (len(after.documents), after.version) == (20, 21)
    assert chain_breaks(house.store.audit(dossier.id), after.audit_hash) == []
