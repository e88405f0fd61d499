"""The paper of a confirmation sent by a browser's form, of which nothing is known before it comes."""

from __future__ import annotations

from typing import Any

import pytest
from casework.errors import NotFound, Refused
from casework.workflow import confirming
from casework.workflow.admission import FileToCome, FileToSend

from tests.builders import DISTRICT, PROVINCE, House, Sent, agreement
from tests.fakes import SilentRegistry

FORM = FileToCome("Giấy xác nhận", "https://motcua.example/can-bo")


@pytest.fixture
def house() -> House:
    made = House()
    made.registries["vss"] = SilentRegistry()
    return made


def world(house: House) -> dict[str, Any]:
    return {"store": house.store, "files": house.files, "clock": house.clock}


def send(house: House, dossier_id: str, key: str = "k", file: Any = FORM, actor: Any = DISTRICT) -> Any:
    return confirming.send_paper(house.task_id(dossier_id), file, actor, key, **world(house))


def test_the_same_form_twice_is_one_paper_and_none_of_the_applicants(house: House) -> None:
    dossier = house.submitted()
    first, upload, _ = send(house, dossier.id)
    again, _, _ = send(house, dossier.id)
    other, _, _ = send(house, dossier.id, "another")
    assert (first.id == again.id, other.id == first.id, upload.told) == (True, False, False)
    now = house.store.load(dossier.id)
    assert len(now.live_documents) == len(dossier.live_documents)
    assert sum(bool(document.by_officer) for document in now.documents) == 2
    assert house.actions(dossier.id).count("evidence.announced") == 2


def test_a_key_of_a_form_is_not_taken_for_a_file_that_is_announced(house: House) -> None:
    dossier = house.submitted()
    send(house, dossier.id)
    announced = FileToSend("giay.pdf", 3, "0" * 64, "application/pdf")
    with pytest.raises(Refused, match="idempotency-mismatch"):
        send(house, dossier.id, file=announced)


def test_the_form_is_there_again_for_an_officers_paper_alone(house: House) -> None:
    dossier = house.submitted()
    paper, _, grant = send(house, dossier.id)
    near: dict[str, Any] = {"store": house.store, "files": house.files}
    task = house.task_id(dossier.id)
    assert confirming.form_again(task, paper.id, DISTRICT, FORM.back_to, **near).url == grant.url
    with pytest.raises(NotFound):
        confirming.form_again(task, dossier.documents[0].id, DISTRICT, FORM.back_to, **near)
    with pytest.raises(Refused, match="other-office"):
        confirming.form_again(task, paper.id, PROVINCE, FORM.back_to, **near)


def test_what_came_by_the_form_is_read_and_can_be_rested_on(house: House) -> None:
    dossier = house.submitted()
    paper, upload, _ = send(house, dossier.id)
    sent = house.arrive(Sent(dossier.id, paper.id, upload.id), agreement())
    assert house.told(sent) == "rejected"  # the applicant's own paper is no confirmation of anybody
    other, upload, _ = send(house, dossier.id, "k2")
    sent = house.arrive(Sent(dossier.id, other.id, upload.id), agreement() + b" ")
    assert house.told(sent) == "started"
    house.settle()
    read = house.store.load(dossier.id).document(other.id)
    assert read is not None
    assert (read.state, read.by_officer, len(read.uploads[0].sha256)) == ("read", DISTRICT.id, 64)
