"""Files that a browser without scripts sends: nothing is known of them before they come."""

from __future__ import annotations

import pytest
from casework.dossier import Document, Dossier, State
from casework.errors import Refused
from casework.workflow import filing
from casework.workflow.admission import MAX_FILE_BYTES

from tests.builders import APPLICANT, House, Sent, papers, the_list
from tests.fakes import MemoryFiles

BACK = "https://motcua.example/ho-so/1"


@pytest.fixture
def house() -> House:
    return House()


def expect(house: House, dossier: Dossier, key: str = "", document_id: str = "", page: int | None = None) -> Sent:
    file = filing.FileToCome("Giấy tờ 1", BACK, page)
    world = {"store": house.store, "files": house.files, "clock": house.clock}
    if document_id:
        document, upload, grant = filing.add_upload(
            dossier.id, document_id, file, APPLICANT, key or house.key(), **world
        )
    else:
        document, upload, grant = filing.add_document(dossier.id, file, APPLICANT, key or house.key(), **world)
    assert grant.fields["success_action_redirect"] == BACK
    return Sent(dossier.id, document.id, upload.id)


def the_document(house: House, sent: Sent) -> Document:
    document = house.store.load(sent.dossier_id).document(sent.document_id)
    assert document is not None
    return document


def test_what_comes_is_what_is_known_of_it(house: House) -> None:
    data = the_list()
    sent = house.arrive(expect(house, house.file()), data)
    assert house.told(sent) == "started"
    house.settle()
    document = the_document(house, sent)
    assert (document.state, document.document_type) == ("read", "form_01")
    assert document.uploads[0].size_bytes == len(data)
    assert len(document.uploads[0].sha256) == 64


def test_the_form_asked_for_twice_is_one_paper(house: House) -> None:
    dossier = house.file()
    assert expect(house, dossier, "key") == expect(house, dossier, "key")
    assert len(house.store.load(dossier.id).documents) == 1


def test_another_file_through_the_same_form_takes_the_place_of_the_first(house: House) -> None:
    """The back button, and another file chosen."""
    sent = house.arrive(expect(house, house.file()), b"mot to khac")
    house.told(sent)
    house.settle()
    again = house.arrive(sent, the_list())
    assert house.told(again) == "started"
    house.settle()
    assert the_document(house, sent).document_type == "form_01"


@pytest.mark.parametrize(("data", "slug"), [(b"", "file-empty"), (b"x" * (MAX_FILE_BYTES + 1), "file-too-large")])
def test_a_file_beyond_the_limits_is_refused_when_it_has_come(house: House, data: bytes, slug: str) -> None:
    sent = house.arrive(expect(house, house.file()), data)
    assert house.told(sent) == "rejected"
    document = the_document(house, sent)
    assert document.problem is not None
    assert (document.state, document.problem.type) == ("rejected", slug)


def test_a_file_that_is_there_already_is_refused_naming_the_first(house: House) -> None:
    dossier = house.file()
    house.send(dossier.id, the_list(), "mau-01.pdf")
    sent = house.arrive(expect(house, dossier), the_list())
    assert house.told(sent) == "rejected"
    document = the_document(house, sent)
    assert document.problem is not None
    assert document.problem.type == "duplicate-document"
    assert "mau-01.pdf" in document.problem.detail


def test_what_was_only_expected_holds_nobody_up_and_is_no_paper(house: House) -> None:
    empty = house.file()
    expect(house, empty)
    with pytest.raises(Refused) as refused:
        house.submit(empty.id)
    assert refused.value.problem.type == "no-documents"
    dossier = house.draft(papers_=papers())
    expect(house, dossier)
    assert house.submit(dossier.id).state is State.PROCESSING


def test_what_was_only_expected_can_be_taken_out_even_of_a_dossier_that_waits_for_its_applicant(house: House) -> None:
    dossier = house.draft(papers_=papers())
    sent = expect(house, dossier)
    waiting = house.store.load(dossier.id)
    world = {"store": house.store, "clock": house.clock}
    assert waiting.document(sent.document_id).only_expected
    filing.remove_document(dossier.id, sent.document_id, APPLICANT, **world)
    assert the_document(house, sent).state == "removed"


def test_a_form_never_used_is_not_kept_as_bytes(house: House) -> None:
    expect(house, house.file())
    assert isinstance(house.files, MemoryFiles)
    assert not house.files._uploads
