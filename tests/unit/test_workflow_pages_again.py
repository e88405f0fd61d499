"""Pages and papers sent again: exactly what could not be read is asked for, and answered by nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from casework.dossier import Dossier, State
from casework.errors import NotFound, StaleReading
from casework.reading.document_types import document_types
from casework.workflow import reading

from tests.builders import ANH, House, Sent, agreement, pages, sheet, the_list
from tests.fakes import BLURRED

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


# ── pages and papers sent again ──────────────────────────────────────────────


def asked(house: House, data: bytes) -> tuple[Dossier, str]:
    """A dossier that was asked for pages of its agreement, and the agreement's id."""
    dossier = house.submitted(papers_={"mau-01.pdf": the_list(), "thoa-thuan.pdf": data})
    assert dossier.state is State.AWAITING_APPLICANT
    return dossier, dossier.documents[1].id


def test_exactly_the_unreadable_page_is_asked_for(house: House) -> None:
    dossier, document_id = asked(house, pages(agreement(), BAD))
    [request] = dossier.open_requests
    assert (request.kind, request.document_id, request.page) == ("page", document_id, 2)
    paper = document_types()["suspension_agreement"]
    assert request.says.vi.startswith(f"Gửi lại trang 2 của {paper.name_vi} (thoa-thuan.pdf): ")
    assert request.says.en.startswith(f"Send page 2 of {paper.name_en} (thoa-thuan.pdf) again: ")


def test_a_new_page_takes_the_place_of_the_old_and_the_dossier_goes_on_by_itself(house: House) -> None:
    dossier, document_id = asked(house, pages(agreement(), BAD))
    house.send(dossier.id, b"clear", "trang-2.jpg", document_id=document_id, page=2)
    assert house.state(dossier.id) is State.AWAITING_APPLICANT
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.route, after.round) == (State.IN_REVIEW, "fast_lane", 2)
    assert [(ref.number, ref.upload_page) for ref in after.document(document_id).pages] == [(1, 1), (2, 1)]
    assert after.document(document_id).file_name == "thoa-thuan.pdf"
    assert house.reader.read == [1, 1, 2, 1]  # no page was read twice


def test_a_request_stays_open_while_the_new_page_is_unreadable_too(house: House) -> None:
    dossier, document_id = asked(house, pages(agreement(), BAD))
    house.send(dossier.id, BAD + b" again", document_id=document_id, page=2)
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, len(after.open_requests)) == (State.AWAITING_APPLICANT, 1)
    assert after.document(document_id).pages[1].problem.detail.count("2") >= 1  # its number in the paper, not the file
    house.send(dossier.id, b"clear", document_id=document_id, page=2)
    house.settle()
    assert house.state(dossier.id) is State.IN_REVIEW


def test_a_page_unreadable_again_and_handed_in_goes_to_an_officer_and_is_not_asked_again(house: House) -> None:
    dossier, document_id = asked(house, pages(agreement(), BAD))
    house.send(dossier.id, BAD + b" again", document_id=document_id, page=2)
    house.settle()
    house.submit(dossier.id)
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.route, after.open_requests) == (State.IN_REVIEW, "review", ())


def test_another_page_does_not_answer_the_request(house: House) -> None:
    dossier, document_id = asked(house, pages(BAD, agreement(), BAD))
    assert len(dossier.open_requests) == 2
    house.send(dossier.id, b"one", document_id=document_id, page=1)
    house.settle()
    after = house.store.load(dossier.id)
    assert [request.page for request in after.open_requests] == [3]
    assert after.state is State.AWAITING_APPLICANT


def test_two_pages_replaced_at_once_are_both_in_the_reading(house: House) -> None:
    dossier, document_id = asked(house, pages(BAD, BAD))
    first = house.send(dossier.id, agreement(), document_id=document_id, page=1)
    second = house.send(dossier.id, b"two", document_id=document_id, page=2)
    for sent in (first, second):
        house.read_page(sent, 1)
        house.extract(sent)  # each as if it were the only one
    assert house.record(first) == "unreadable"
    with pytest.raises(StaleReading):
        house.record(second)
    house.extract(second)
    assert house.record(second) == "read"
    house.settle()
    after = house.store.load(dossier.id)
    assert [ref.upload_id for ref in after.document(document_id).pages] == [first.upload_id, second.upload_id]
    assert (after.state, after.route) == (State.IN_REVIEW, "fast_lane")


def test_a_whole_paper_sent_again_takes_the_place_of_all_pages(house: House) -> None:
    dossier, document_id = asked(house, pages(agreement(), BAD))
    house.send(dossier.id, pages(agreement(), b"two", b"three"), document_id=document_id)
    house.settle()
    after = house.store.load(dossier.id).document(document_id)
    assert (after.state, len(after.pages)) == ("read", 3)


def test_list_and_agreement_in_one_file_are_as_good_as_two_files(house: House) -> None:
    dossier = house.submitted(papers_={"tat-ca.pdf": pages(the_list(), agreement())})
    assert (dossier.state, dossier.route) == (State.IN_REVIEW, "fast_lane")
    [together] = dossier.documents
    assert (together.document_type, together.types) == ("form_01", ("form_01", "suspension_agreement"))


def test_a_paper_nobody_knows_among_others_in_one_file_is_seen_by_an_officer(house: House) -> None:
    dossier = house.submitted(papers_={"tat-ca.pdf": pages(the_list(), agreement(), sheet("unknown"))})
    assert (dossier.state, dossier.route) == (State.IN_REVIEW, "review")


def test_a_page_that_is_not_there_is_asked_for_with_its_number(house: House) -> None:
    torn = sheet("suspension_agreement", ANH.agreement(), lost=(2,))
    dossier, document_id = asked(house, torn)
    [request] = dossier.open_requests
    assert (request.kind, request.document_id) == ("document", document_id)
    assert "thoa-thuan.pdf" in request.says.vi
    assert "không có trang 2" in request.says.vi
    assert "page 2 is not in the file" in request.says.en
    house.send(dossier.id, pages(agreement(), b"two"), document_id=document_id)
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.route) == (State.IN_REVIEW, "fast_lane")
    assert after.document(document_id).remarks == ()


def test_a_page_must_be_one_page(house: House) -> None:
    dossier, document_id = asked(house, pages(agreement(), BAD))
    house.send(dossier.id, pages(b"one", b"two"), document_id=document_id, page=2)
    house.settle()
    after = house.store.load(dossier.id)
    found = after.document(document_id)
    assert (found.state, found.uploads[-1].problem.type) == ("unreadable", "one-page-expected")
    assert found.pages == dossier.document(document_id).pages  # what was there stays
    assert after.state is State.AWAITING_APPLICANT


@pytest.mark.parametrize("arrives", ["before", "after"])
def test_an_older_upload_read_late_does_not_push_out_a_newer_one(house: House, arrives: str) -> None:
    dossier = house.file()
    old = house.announce(dossier.id, agreement(), "cu.pdf")
    if arrives == "before":
        old = house.arrive(old, agreement())
        house.told(old)
    new = house.send(dossier.id, pages(agreement(), b"two"), "moi.pdf", document_id=old.document_id)
    house.read(new)
    if arrives == "after":
        old = house.arrive(old, agreement())
        house.told(old)
    assert house.read(old) == "read"
    found = document(house, old)
    assert {ref.upload_id for ref in found.pages} == {new.upload_id}
    assert found.settled


def test_a_missing_paper_is_answered_by_a_paper_of_that_type_only(house: House) -> None:
    dossier = house.submitted(papers_={"mau-01.pdf": the_list()})
    [request] = dossier.open_requests
    assert request.types == ("suspension_agreement", "unpaid_leave_agreement")
    house.send(dossier.id, b"something else")
    house.settle()
    assert house.state(dossier.id) is State.AWAITING_APPLICANT
    house.send(dossier.id, agreement())
    house.settle()
    assert house.state(dossier.id) is State.IN_REVIEW


def test_links_to_pages_that_are_not_there_are_not_found(house: House) -> None:
    dossier = house.draft()
    with pytest.raises(NotFound):
        reading.image_key(dossier.id, dossier.documents[0], 2)
    assert reading.image_key(dossier.id, dossier.documents[0], 1).endswith("/0001")
