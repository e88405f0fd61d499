"""The pages of one paper sent as several photographs: in the order they were announced, put in order, taken out."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from casework.dossier import Actor, State
from casework.errors import NotFound, Refused, StaleReading
from casework.workflow import arranging, filing

from tests.builders import ANH, APPLICANT, House, Sent, agreement, pages, the_list
from tests.fakes import BLURRED

BAD = BLURRED.encode()


@pytest.fixture
def house() -> House:
    return House()


def document(house: House, sent: Sent) -> Any:
    return house.store.load(sent.dossier_id).document(sent.document_id)


def photographs(house: House, *sheets: bytes) -> list[Sent]:
    """A paper sent page by page, each announced before the next; nothing is read yet."""
    first = house.arrive(house.announce(house.file().id, sheets[0], adds=True), sheets[0])
    more: Any = {"document_id": first.document_id, "adds": True}
    return [first, *(house.arrive(house.announce(first.dossier_id, data, **more), data) for data in sheets[1:])]


def order_of(house: House, sent: Sent) -> list[tuple[str, int]]:
    return [(ref.upload_id, ref.upload_page) for ref in document(house, sent).pages]


def arrange(house: House, sent: Sent, *order: int, version: int | None = None, actor: Any = APPLICANT) -> str:
    version = house.store.load(sent.dossier_id).version if version is None else version
    return arranging.arrange_pages(
        sent.dossier_id, sent.document_id, order, actor, version, store=house.store, clock=house.clock
    )


@pytest.mark.parametrize("read_in", list(itertools.permutations(range(3))))
def test_photographs_stand_in_the_order_they_were_announced_whichever_is_read_first(house: House, read_in: Any) -> None:
    sent = photographs(house, agreement(), b"two", b"three")
    for nth in read_in:
        house.told(sent[nth])
        house.settle()
    assert order_of(house, sent[0]) == [(one.upload_id, 1) for one in sent]
    assert [ref.number for ref in document(house, sent[0]).pages] == [1, 2, 3]
    assert document(house, sent[0]).document_type == "suspension_agreement"
    assert sorted(house.reader.read) == [1, 1, 1]


def test_photographs_read_at_once_are_all_in_the_reading(house: House) -> None:
    sent = photographs(house, agreement(), b"two", b"three")
    for one in sent:
        house.told(one)
        house.read_page(one, 1)
        house.extract(one)
    assert house.record(sent[2]) == "read"
    for one in sent[:2]:
        with pytest.raises(StaleReading):
            house.record(one)
        house.extract(one)
        house.record(one)
    assert order_of(house, sent[0]) == [(one.upload_id, 1) for one in sent]


def test_the_whole_paper_read_late_keeps_what_was_added_to_it(house: House) -> None:
    whole = house.arrive(house.announce(house.file().id, pages(agreement(), b"two")), pages(agreement(), b"two"))
    added = house.arrive(house.announce(whole.dossier_id, b"three", document_id=whole.document_id, adds=True), b"three")
    for one in (added, whole):
        house.told(one)
        house.settle()
    assert order_of(house, whole) == [(whole.upload_id, 1), (whole.upload_id, 2), (added.upload_id, 1)]


def test_the_step_that_runs_again_adds_nothing_twice(house: House) -> None:
    sent = photographs(house, agreement(), b"two")
    for one in sent:
        house.told(one)
    house.settle()
    before = document(house, sent[0])
    assert house.extract(sent[1]) == before.reading_key
    assert house.record(sent[1]) == "read"
    assert document(house, sent[0]) == before


def test_a_blurred_page_says_its_number_in_the_paper_and_is_taken_again(house: House) -> None:
    sent = photographs(house, agreement(), BAD)
    for one in sent:
        house.told(one)
    house.settle()
    assert "2" in document(house, sent[0]).pages[1].problem.title
    house.send(sent[0].dossier_id, b"clear", document_id=sent[0].document_id, page=2)
    house.settle()
    assert document(house, sent[0]).state == "read"


def test_pages_are_put_in_order_without_reading_any_again(house: House) -> None:
    sent = photographs(house, b"two", agreement(ANH), b"three")
    for one in sent:
        house.told(one)
    house.settle()
    arrange(house, sent[0], 2, 1, 3)
    assert not document(house, sent[0]).settled
    house.settle()
    after = document(house, sent[0])
    assert order_of(house, sent[0]) == [(sent[nth].upload_id, 1) for nth in (1, 0, 2)]
    assert (after.state, after.settled, [ref.number for ref in after.pages]) == ("read", True, [1, 2, 3])
    assert len(house.reader.read) == 3
    assert house.files.json(after.reading_key)["pages"][0]["number"] == 1


def test_a_page_taken_out_is_no_part_of_the_reading(house: House) -> None:
    dossier = house.draft(papers_={"tat-ca.pdf": pages(agreement(), BAD)})
    paper = Sent(dossier.id, dossier.documents[0].id, dossier.documents[0].uploads[0].id)
    assert dossier.documents[0].state == "unreadable"
    arrange(house, paper, 1)
    house.settle()
    assert (document(house, paper).state, len(document(house, paper).pages)) == ("read", 1)
    assert house.actions(dossier.id)[-2:] == ["pages.arranged", "document.read"]


def test_a_page_that_is_taken_again_while_pages_move_goes_with_its_page(house: House) -> None:
    sent = photographs(house, agreement(), BAD, b"three")
    for one in sent:
        house.told(one)
    house.settle()
    again = house.announce(sent[0].dossier_id, b"clear", document_id=sent[0].document_id, page=2)
    out = house.announce(sent[0].dossier_id, b"late", document_id=sent[0].document_id, page=3)
    arrange(house, sent[0], 2, 1)
    house.settle()
    for one, data in ((again, b"clear"), (out, b"late")):
        house.told(house.arrive(one, data))
        house.settle()
    assert order_of(house, sent[0]) == [(again.upload_id, 1), (sent[0].upload_id, 1)]
    assert document(house, sent[0]).state == "read"


@pytest.mark.parametrize("order", [(), (1, 1), (1, 3), (0,)])
def test_an_order_of_other_pages_is_refused(house: House, order: tuple[int, ...]) -> None:
    dossier = house.draft(papers_={"a.pdf": pages(agreement(), b"two")})
    before = house.snapshot(dossier.id)
    with pytest.raises(Refused, match="page-unknown"):
        arrange(house, Sent(dossier.id, dossier.documents[0].id, ""), *order)
    assert house.snapshot(dossier.id) == before


def test_an_order_given_from_an_old_page_changes_nothing(house: House) -> None:
    dossier = house.draft(papers_={"a.pdf": pages(agreement(), b"two")})
    paper = Sent(dossier.id, dossier.documents[0].id, "")
    arrange(house, paper, 2, 1)
    with pytest.raises(Refused, match="version-stale"):
        arrange(house, paper, 2, 1, version=dossier.version)


def test_only_its_owner_orders_a_draft(house: House) -> None:
    dossier = house.draft(papers_={"a.pdf": pages(agreement(), b"two")})
    paper = Sent(dossier.id, dossier.documents[0].id, "")
    with pytest.raises(NotFound):
        arrange(house, paper, 2, 1, actor=Actor("applicant", "somebody-else"))
    house.submit(dossier.id)
    with pytest.raises(Refused, match="dossier-not-open"):
        arrange(house, paper, 2, 1)


def test_a_paper_taken_out_while_it_is_read_does_not_come_back(house: House) -> None:
    dossier = house.draft(papers_={"mau-01.pdf": the_list()})
    sent = house.send(dossier.id, agreement())
    house.read_page(sent, 1)
    filing.remove_document(dossier.id, sent.document_id, APPLICANT, store=house.store, clock=house.clock)
    house.settle()
    after = house.store.load(dossier.id)
    assert [paper.state for paper in after.documents] == ["read", "removed"]
    house.submit(dossier.id)
    house.settle()
    assert house.state(dossier.id) is State.AWAITING_APPLICANT  # for the agreement, which is not there


def test_a_file_that_never_came_may_be_announced_anew_and_is_taken_once(house: House) -> None:
    lost = house.announce(house.file().id, agreement())
    sent = house.send(lost.dossier_id, agreement())
    assert document(house, sent).state == "received"
    assert house.told(house.arrive(lost, agreement())) == "rejected"
    assert document(house, lost).problem.type == "duplicate-document"


def test_what_was_refused_is_sent_again_under_the_same_upload(house: House) -> None:
    sent = house.announce(house.file().id, agreement())
    assert house.told(house.arrive(sent, b"cut off")) == "rejected"
    assert document(house, sent).problem.type == "checksum-mismatch"
    assert house.told(house.arrive(sent, b"\0another file")) == "started"
    house.settle()
    assert document(house, sent).problem.type == "file-damaged"
    house.told(house.arrive(sent, agreement(ANH)))
    house.settle()
    assert document(house, sent).state == "read"
