"""An upload becomes a reading: events as they really come, readers as they really fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from casework.dossier import State
from casework.errors import NotFound, ReaderFailed
from casework.workflow import filing, reading

from tests.builders import ANH, APPLICANT, House, Sent, agreement, pages, papers, the_list
from tests.fakes import BLURRED, CrashingReader, EmptyReader, GarbageReader, MemoryFiles

BAD = BLURRED.encode()


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def sent(house: House) -> Sent:
    """A paper on its way: the file is there, nobody was told."""
    return house.arrive(house.announce(house.file().id, the_list()), the_list())


def document(house: House, sent: Sent) -> Any:
    return house.store.load(sent.dossier_id).document(sent.document_id)


# ── events of the store ──────────────────────────────────────────────────────


def test_an_upload_starts_the_reading_of_exactly_its_version(house: House, sent: Sent) -> None:
    assert house.told(sent) == "started"
    [pending] = house.store.waiting(10)
    assert pending.effect.kind == "start_reading"
    assert pending.effect.payload["object_version"] == sent.version
    assert pending.effect.payload["name"].startswith(sent.upload_id)
    assert document(house, sent).state == "received"


def test_the_same_event_again_changes_nothing(house: House, sent: Sent) -> None:
    house.told(sent, "01")
    before = house.snapshot(sent.dossier_id)
    assert [house.told(sent, "01") for _ in range(4)] == ["repeated"] * 4
    house.settle()
    read = house.snapshot(sent.dossier_id)
    assert house.told(sent, "01") == "repeated"
    assert house.snapshot(sent.dossier_id) == read != before
    assert len(house.workflows.started) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(["01", "02", ""])))
def test_in_whatever_order_events_come_the_newest_object_is_read(house: House, sent: Sent, order: Any) -> None:
    newest = house.arrive(sent, the_list(ANH, ANH)[: len(the_list())])
    results = [house.told(sent, sequencer) for sequencer in order]
    assert results == ["started", "repeated", "repeated"]
    assert document(house, sent).uploads[0].object_version == newest.version == "2"


def test_a_second_object_is_read_even_if_its_event_has_no_sequencer(house: House, sent: Sent) -> None:
    house.told(sent, "0A")
    house.arrive(sent, the_list())
    assert house.told(sent, "") == "started"
    assert document(house, sent).uploads[0].object_version == "2"


class SlowFiles(MemoryFiles):
    """Something happens between asking what is there and saying it."""

    then: Callable[[], None] | None = None

    def uploaded(self, key: str) -> Any:
        found = super().uploaded(key)
        then, self.then = self.then, None
        if then is not None:
            then()
        return found


def test_an_event_that_was_overtaken_does_not_bring_the_old_object_back() -> None:
    house = House(files=SlowFiles())
    data = the_list()
    sent = house.arrive(house.announce(house.file().id, data), data)

    def overtake() -> None:
        house.arrive(sent, data)
        assert house.told(sent, "02") == "started"

    house.files.then = overtake
    assert house.told(sent, "01") == "repeated"
    assert document(house, sent).uploads[0].object_version == "2"


def test_an_object_that_is_gone_is_said_to_be_gone(house: House, sent: Sent) -> None:
    house.files.vanish(filing.upload_key(*sent.ids))
    assert house.told(sent) == "gone"
    assert document(house, sent).state == "awaiting_upload"


def test_an_object_nobody_announced_is_not_found(house: House, sent: Sent) -> None:
    for ids in ((sent.dossier_id, sent.document_id, "u"), (sent.dossier_id, "d", sent.upload_id), ("x", "d", "u")):
        stray = Sent(*ids)
        house.files.arrive(filing.upload_key(*ids), b"x")
        with pytest.raises(NotFound):
            house.told(stray)


@pytest.mark.parametrize(
    ("data", "slug"),
    [(b"", "file-empty"), (b"shorter", "checksum-mismatch"), (b"x" * (20 * 2**20 + 1), "file-too-large")],
)
def test_a_file_of_another_size_is_rejected_without_being_read(house: House, data: bytes, slug: str) -> None:
    sent = house.arrive(house.announce(house.file().id, the_list()), data)
    assert house.told(sent) == "rejected"
    assert house.told(sent) == "repeated"
    found = document(house, sent)
    assert (found.state, found.problem.type) == ("rejected", slug)
    assert house.store.waiting(10) == []


def test_a_late_event_of_a_removed_paper_changes_nothing(house: House, sent: Sent) -> None:
    filing.remove_document(sent.dossier_id, sent.document_id, APPLICANT, store=house.store, clock=house.clock)
    before = house.snapshot(sent.dossier_id)
    assert house.told(sent) == "late"
    assert house.snapshot(sent.dossier_id) == before


def test_a_late_event_of_a_withdrawn_dossier_changes_nothing(house: House, sent: Sent) -> None:
    house.withdraw(sent.dossier_id)
    assert house.told(sent) == "late"


def test_a_file_sent_again_while_an_officer_looks_does_not_change_what_he_sees(house: House) -> None:
    dossier = house.submitted()
    document = dossier.documents[1]
    sent = Sent(dossier.id, document.id, document.uploads[0].id)
    for _ in range(2):
        house.arrive(sent, agreement())
        assert house.told(sent) == "late"
    assert house.store.load(dossier.id) == dossier


# ── the steps of reading ─────────────────────────────────────────────────────


def test_a_file_that_is_another_than_announced_is_refused(house: House) -> None:
    data = the_list()
    sent = house.arrive(house.announce(house.file().id, data), data[:-1] + b" ")
    house.told(sent)
    house.settle()
    found = document(house, sent)
    assert (found.state, found.problem.type) == ("rejected", "checksum-mismatch")
    assert house.reader.read == []


def test_a_broken_file_is_rejected_with_its_reason(house: House) -> None:
    dossier = house.draft(papers_={"hong.pdf": b"\0broken", **papers()})
    assert [d.state for d in dossier.documents] == ["rejected", "read", "read"]
    assert dossier.documents[0].problem.type == "file-damaged"
    assert dossier.documents[0].uploads[0].problem.type == "file-damaged"


def test_every_step_may_run_twice(house: House, sent: Sent) -> None:
    house.told(sent)
    assert house.inspect(sent) == house.inspect(sent) == (1, None)
    assert house.read_page(sent, 1)
    assert house.read_page(sent, 1)
    assert house.reader.read == [1]
    assert house.extract(sent) == house.extract(sent)
    assert house.record(sent) == "read"
    before = house.snapshot(sent.dossier_id)
    assert house.record(sent) == "read"
    assert house.snapshot(sent.dossier_id) == before


def test_what_was_read_is_kept_with_its_evidence(house: House) -> None:
    dossier = house.draft()
    kept = reading.load_reading(dossier.documents[0], house.files)
    assert kept.document_type == "form_01"
    assert kept.tables["roster"][0]["employee.full_name"].value == ANH.name
    assert kept.tables["roster"][0]["employee.full_name"].page == 1
    assert kept.pages[0].words == ()  # words stay with the page


def test_a_page_whose_reader_dies_is_read_at_the_next_try() -> None:
    house = House(reader=CrashingReader(times=2))
    dossier = house.draft(papers_={"mau-01.pdf": the_list()})
    assert dossier.documents[0].state == "read"


def test_a_page_whose_reader_dies_every_time_is_named_and_holds_up_no_other() -> None:
    house = House(reader=CrashingReader(times=99, pages=(2,)))
    dossier = house.draft(papers_={"mau-01.pdf": pages(the_list(), b"{}", b"x")})
    [found] = dossier.documents
    assert (found.state, found.unreadable_pages) == ("unreadable", (2,))
    assert found.pages[1].problem.type == "page-unreadable"
    assert "2" in found.pages[1].problem.detail
    assert found.document_type == "form_01"


def test_a_dying_reader_is_not_recorded_as_an_empty_page(house: House, sent: Sent) -> None:
    house.told(sent)
    house.reader = CrashingReader(times=1)
    with pytest.raises(ReaderFailed):
        house.read_page(sent, 1)
    assert house.files.page(reading.page_key(sent.dossier_id, reading.PageRef(1, sent.upload_id, sent.version, 1))) is (
        None
    )


@pytest.mark.parametrize("reader", [EmptyReader, GarbageReader])
def test_a_reader_that_sees_nothing_or_nonsense_gives_an_unknown_paper_and_an_officer_looks(reader: Any) -> None:
    house = House(reader=reader())
    dossier = house.submitted(papers_={"mau-01.pdf": the_list()})
    assert dossier.documents[0].document_type == "unknown"
    assert dossier.state is State.AWAITING_APPLICANT
    assert [request.types for request in dossier.open_requests] == [("form_01",)]
    house.submit(dossier.id)
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.route) == (State.IN_REVIEW, "review")


def test_a_dossier_that_ended_meanwhile_is_left_alone(house: House, sent: Sent) -> None:
    house.told(sent)
    house.read_page(sent, 1)
    house.extract(sent)
    house.withdraw(sent.dossier_id)
    before = house.snapshot(sent.dossier_id)
    house.record(sent)
    assert house.snapshot(sent.dossier_id) == before


def test_a_reading_of_an_object_that_was_replaced_is_not_recorded(house: House, sent: Sent) -> None:
    house.told(sent)
    house.read_page(sent, 1)
    house.extract(sent)
    house.arrive(sent, the_list())
    house.told(sent)
    house.record(sent)
    assert document(house, sent).state == "received"
    house.settle()
    assert document(house, sent).state == "read"
    assert document(house, sent).pages[0].object_version == "2"
