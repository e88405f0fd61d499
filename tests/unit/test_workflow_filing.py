"""An applicant's way: every verb once, twice, too late, by somebody else, and at the same moment."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from casework.dossier import Applicant, Dossier, State, chain_breaks
from casework.errors import NotFound, Refused, StaleVersion
from casework.workflow import admission, filing
from casework.workflow.commit import ATTEMPTS, commit

from tests.builders import ANH, APPLICANT, STRANGER, House, agreement, papers, the_list
from tests.fakes import BLURRED, MemoryStore, SilentRegistry


@pytest.fixture
def house() -> House:
    return House()


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.problem.type


# ── beginning ────────────────────────────────────────────────────────────────


def test_a_dossier_begins_as_a_draft_with_a_number_of_its_day(house: House) -> None:
    first, second = house.file(), house.file()
    assert (first.state, first.version, first.owner) == (State.DRAFT, 1, APPLICANT.id)
    assert (first.code, second.code) == ("H29.1-200518-0001", "H29.1-200518-0002")
    assert first.received_on is None


def test_the_day_of_the_number_is_vietnams(house: House) -> None:
    house.clock.advance(hours=16)  # 18:00 UTC: the 19th in Vietnam
    assert house.file().code == "H29.1-200519-0001"


def test_the_same_request_again_is_the_same_dossier(house: House) -> None:
    first = house.file("key")
    before = house.snapshot(first.id)
    assert house.file("key") == house.store.load(first.id)
    assert house.snapshot(first.id) == before
    assert house.file("another").code == "H29.1-200518-0002"


def test_a_key_used_for_something_else_is_refused(house: House) -> None:
    house.file("key")
    assert refusal(lambda: house.file("key", office="H29.2")) == "idempotency-mismatch"


def test_the_same_key_of_somebody_else_is_another_request(house: House) -> None:
    assert house.file("key").id != house.file("key", STRANGER).id


def test_the_same_request_twice_at_once_is_one_dossier(house: House) -> None:
    house.store.interrupt = lambda: house.file("key")
    dossier = house.file("key")
    assert dossier.version == 1
    assert house.actions(dossier.id) == ["dossier.filed"]


@pytest.mark.parametrize(
    ("differs", "slug"),
    [
        ({"consent": False}, "consent-missing"),
        ({"procedure": "XX"}, "procedure-unknown"),
        ({"procedure": ""}, "procedure-unknown"),
        ({"procedure": "HB"}, "office-unknown"),  # a household files with its commune
        ({"office": "Z99.999"}, "office-unknown"),
        ({"office": "H29"}, "office-unknown"),  # the province decides; it takes no dossiers
        ({"procedure": "../SW"}, "procedure-unknown"),
        ({"declared": {"vss.participating_before_suspension": True}}, "fact-unknown"),
        ({"declared": {"state": "approved"}}, "fact-unknown"),
        ({"declared": {"finance.revenue_vnd": "0"}}, "fact-not-valid"),
        ({"declared": {"finance.revenue_vnd": True}}, "fact-not-valid"),
    ],
)
def test_what_cannot_be_filed(house: House, differs: dict[str, Any], slug: str) -> None:
    assert refusal(lambda: house.file(**differs)) == slug


# ── papers ───────────────────────────────────────────────────────────────────


def test_a_paper_is_announced_once_however_often_it_is_asked(house: House) -> None:
    dossier = house.file()
    first = house.announce(dossier.id, b"x", key="k")
    before = house.snapshot(dossier.id)
    assert house.announce(dossier.id, b"x", key="k") == first
    assert house.snapshot(dossier.id) == before


@pytest.mark.parametrize(
    "differs", [{"data": b"y"}, {"data": b"xx"}, {"name": "khac.pdf"}], ids=["content", "size", "name"]
)
def test_a_key_of_another_paper_is_refused(house: House, differs: dict[str, Any]) -> None:
    dossier = house.file()
    house.announce(dossier.id, b"x", key="k")
    assert refusal(lambda: house.announce(dossier.id, **({"data": b"x", "key": "k"} | differs))) == (
        "idempotency-mismatch"
    )


def file_of(**differs: Any) -> filing.FileToSend:
    valid = {"file_name": "a.pdf", "size_bytes": 1, "sha256": "0" * 64, "media_type": "application/pdf"}
    return filing.FileToSend(**(valid | differs))


@pytest.mark.parametrize(
    ("differs", "slug"),
    [
        ({"size_bytes": 20 * 1024 * 1024 + 1}, "file-too-large"),
        ({"size_bytes": 0}, "file-empty"),
        ({"size_bytes": -1}, "file-empty"),
        ({"media_type": "image/tiff"}, "file-type-not-allowed"),
        ({"page": 1}, "page-unknown"),
    ],
)
def test_files_beyond_the_limits_are_refused_before_they_are_sent(
    house: House, differs: dict[str, Any], slug: str
) -> None:
    dossier = house.file()
    world = {"store": house.store, "files": house.files, "clock": house.clock}
    assert refusal(lambda: filing.add_document(dossier.id, file_of(**differs), APPLICANT, "k", **world)) == slug
    assert house.actions(dossier.id) == ["dossier.filed"]


def test_the_largest_file_is_taken(house: House) -> None:
    world = {"store": house.store, "files": house.files, "clock": house.clock}
    largest = file_of(size_bytes=20 * 1024 * 1024)
    document, _, _ = filing.add_document(house.file().id, largest, APPLICANT, "k", **world)
    assert document.state == "awaiting_upload"


def test_the_same_file_twice_in_a_dossier_is_refused_naming_the_first(house: House) -> None:
    dossier = house.file()
    house.send(dossier.id, b"x", "mau-01.pdf")
    with pytest.raises(Refused) as refused:
        house.announce(dossier.id, b"x", "ban-sao.pdf")
    assert refused.value.problem.type == "duplicate-document"
    assert "mau-01.pdf" in refused.value.problem.detail


def test_the_same_file_in_another_applicants_dossier_is_taken_without_a_word(house: House) -> None:
    house.announce(house.file().id, b"x")
    assert house.announce(house.file(actor=STRANGER).id, b"x", actor=STRANGER)


def test_a_rejected_file_may_be_sent_again(house: House) -> None:
    dossier = house.draft(papers_={"hong.pdf": b"\0broken"})
    assert dossier.documents[0].state == "rejected"
    assert house.announce(dossier.id, b"\0broken")


def test_a_dossier_takes_only_so_many_files(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "MAX_FILES", 2)
    dossier = house.file()
    house.announce(dossier.id, b"1")
    house.announce(dossier.id, b"2")
    assert refusal(lambda: house.announce(dossier.id, b"3")) == "too-many-files"


def test_a_dossier_takes_only_so_many_bytes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "MAX_DOSSIER_BYTES", 10)
    dossier = house.file()
    house.announce(dossier.id, b"12345")
    house.announce(dossier.id, b"54321")
    assert refusal(lambda: house.announce(dossier.id, b"x")) == "too-many-files"


def test_a_paper_is_taken_out_of_a_draft_once(house: House) -> None:
    dossier = house.file()
    sent = house.announce(dossier.id, b"x")

    def remove() -> Dossier:
        return filing.remove_document(dossier.id, sent.document_id, APPLICANT, store=house.store, clock=house.clock)

    assert remove().live_documents == ()
    before = house.snapshot(dossier.id)
    assert remove().live_documents == ()
    assert house.snapshot(dossier.id) == before
    assert house.announce(dossier.id, b"x")  # and may be sent anew


def test_a_paper_is_not_taken_out_of_another_version_than_was_seen(house: House) -> None:
    dossier = house.file()
    sent = house.announce(dossier.id, b"x")

    def remove(version: int) -> Dossier:
        world: Any = {"store": house.store, "clock": house.clock}
        return filing.remove_document(dossier.id, sent.document_id, APPLICANT, version, **world)

    seen = house.store.load(dossier.id).version
    assert refusal(lambda: remove(seen + 90)) == "version-stale"
    assert house.store.load(dossier.id).live_documents
    assert remove(seen).live_documents == ()


def test_a_dossier_is_not_withdrawn_in_another_version_than_was_seen(house: House) -> None:
    dossier = house.file()

    def withdraw(version: int) -> Dossier:
        return filing.withdraw(dossier.id, APPLICANT, version, store=house.store, clock=house.clock)

    assert refusal(lambda: withdraw(dossier.version + 6)) == "version-stale"
    assert withdraw(dossier.version).state is State.WITHDRAWN


def test_a_paper_that_was_taken_out_stays_out(house: House) -> None:
    dossier = house.draft()
    document_id = dossier.documents[0].id
    filing.remove_document(dossier.id, document_id, APPLICANT, store=house.store, clock=house.clock)
    with pytest.raises(NotFound):
        house.announce(dossier.id, b"again", document_id=document_id)
    with pytest.raises(NotFound):
        filing.correct(dossier.id, document_id, {"a": 1}, APPLICANT, 0, store=house.store, clock=house.clock)
    assert house.store.load(dossier.id).document(document_id).state == "removed"


def test_nothing_is_taken_out_of_a_dossier_that_was_handed_in(house: House) -> None:
    dossier = house.submitted()
    document_id = dossier.documents[0].id
    assert (
        refusal(
            lambda: filing.remove_document(dossier.id, document_id, APPLICANT, store=house.store, clock=house.clock)
        )
        == "dossier-not-open"
    )


def test_a_correction_stands_beside_the_reading_and_names_no_value_in_the_audit(house: House) -> None:
    dossier = house.draft()
    document_id = dossier.documents[1].id
    values = {"suspension.ends_on": "2020-06-14"}
    after = filing.correct(
        dossier.id, document_id, values, APPLICANT, dossier.version, store=house.store, clock=house.clock
    )
    assert after.document(document_id).corrections["suspension.ends_on"].value == "2020-06-14"
    entry = house.store.audit(dossier.id)[-1]
    assert entry.action == "document.corrected"
    assert "2020-06-14" not in str(entry.details)


def test_a_correction_of_a_dossier_that_changed_is_refused(house: House) -> None:
    dossier = house.draft()
    document_id = dossier.documents[1].id

    def correct(version: int) -> Dossier:
        return filing.correct(
            dossier.id, document_id, {"employer.name": "A"}, APPLICANT, version, store=house.store, clock=house.clock
        )

    correct(dossier.version)
    assert refusal(lambda: correct(dossier.version)) == "version-stale"


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


def test_the_audit_names_no_person_and_no_number(house: House) -> None:
    house.registries["tax"] = SilentRegistry()
    applicant = Applicant("Lê Thị Kín", "0987654321", "kin@example.vn")
    dossier = house.submitted(applicant=applicant)
    told = " ".join(str(dataclasses.astuple(entry)) for entry in house.store.audit(dossier.id))
    for secret in ("Lê Thị Kín", "0987654321", "kin@example.vn", ANH.name, ANH.bhxh, ANH.born):
        assert secret not in told


@pytest.mark.parametrize(
    ("values", "slug"),
    [
        ({"foo.bar": "x"}, "field-unknown"),
        ({"": 1}, "field-unknown"),
        ({"vss.contract_ended": True}, "field-unknown"),
        ({"suspension.starts_on": "banana"}, "fact-not-valid"),
        ({"suspension.starts_on": 5}, "fact-not-valid"),
    ],
)
def test_a_correction_says_what_a_paper_can_say(house: House, values: dict[str, Any], slug: str) -> None:
    dossier = house.draft()
    document = dossier.documents[0].id
    told = refusal(
        lambda: filing.correct(
            dossier.id, document, values, APPLICANT, dossier.version, store=house.store, clock=house.clock
        )
    )
    assert told == slug
    assert house.store.load(dossier.id).documents[0].corrections == {}


def test_a_removed_paper_is_not_brought_back_by_its_old_key(house: House) -> None:
    dossier = house.file()
    sent = house.announce(dossier.id, the_list(ANH), key="once")
    filing.remove_document(dossier.id, sent.document_id, APPLICANT, store=house.store, clock=house.clock)
    assert refusal(lambda: house.announce(dossier.id, the_list(ANH), key="once")) == "document-removed"
