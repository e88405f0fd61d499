"""An applicant's way to a dossier with its papers: every verb once, twice, too late, and with what cannot be taken."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from casework.dossier import Applicant, Dossier, State
from casework.errors import NotFound, Refused
from casework.workflow import admission, filing

from tests.builders import ANH, APPLICANT, STRANGER, House, the_list
from tests.fakes import SilentRegistry


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
