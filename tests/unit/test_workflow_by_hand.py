"""An officer's word with a paper in the place of a registry that is silent."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

import pytest
from casework.dossier import derived_id
from casework.errors import Refused
from casework.workflow import answering, confirming
from casework.workflow.admission import FileToSend
from casework.workflow.filing import upload_key

from tests.builders import ANH, APPLICANT, BINH, COLLEAGUE, DISTRICT, PROVINCE, House, Sent
from tests.unit.test_workflow_answering import YES, record, unchecked, world

PAPER = b'{"type": "unknown", "fields": {}, "roster": []}'


@pytest.fixture
def house() -> House:
    return House()


def send_paper(house: House, dossier_id: str, actor: Any = DISTRICT, key: str = "paper") -> str:
    file = FileToSend("xac-nhan.pdf", len(PAPER), hashlib.sha256(PAPER).hexdigest(), "application/pdf")
    document, upload, _ = confirming.send_paper(house.task_id(dossier_id), file, actor, key, **world(house))
    sent = Sent(dossier_id, document.id, upload.id)
    house.files.arrive(upload_key(*sent.ids), PAPER)
    house.told(sent)
    house.settle()
    return document.id


def stated(house: House, dossier_id: str, **facts: bool) -> list[confirming.Stated]:
    return [confirming.Stated(f"bhxh:{ANH.bhxh}", "match", YES | {f"vss.{n}": v for n, v in facts.items()})]


def confirm(house: House, dossier_id: str, document_id: str, rows: Any, actor: Any = DISTRICT, seen: int = 0) -> Any:
    task, seen = house.task_id(dossier_id), seen or house.store.load(dossier_id).version
    return confirming.confirm_by_hand(task, "vss", document_id, rows, actor, seen, **world(house))


def test_an_officers_word_with_a_paper_is_an_answer_with_his_name_on_it(house: House) -> None:
    dossier, _ = unchecked(house)
    paper = send_paper(house, dossier.id)
    held = house.store.load(dossier.id)
    document = held.document(paper)
    assert (document.state, document.by_officer, document in held.live_documents) == ("read", DISTRICT.id, False)
    assert house.files.page_image(f"pages/{dossier.id}/{document.pages[0].upload_id}-"
                                  f"{page_name(document)}/0001")  # fmt: skip
    after = confirm(house, dossier.id, paper, stated(house, dossier.id))
    assert after.route == "fast_lane"
    given = record(house, dossier.id).answers[-1]
    assert (given.source, given.officer) == ("manual/H29.1", DISTRICT.id)
    assert given.evidence == f"{paper}/{hashlib.sha256(PAPER).hexdigest()}"
    [entry] = [e for e in house.store.audit(dossier.id) if e.action == "registry.answered" and e.actor == DISTRICT]
    assert entry.details["registry"] == "vss"
    assert confirm(house, dossier.id, paper, stated(house, dossier.id)).version == after.version  # once


def page_name(document: Any) -> str:
    return derived_id(document.pages[0].object_version)[:8]


def test_who_looked_at_another_version_looks_again_before_he_confirms(house: House) -> None:
    dossier, _ = unchecked(house)
    paper = send_paper(house, dossier.id)
    with pytest.raises(Refused) as refused:
        confirm(house, dossier.id, paper, stated(house, dossier.id), seen=dossier.version)
    assert refused.value.problem.type == "version-stale"


def test_a_no_by_hand_is_a_no(house: House) -> None:
    dossier, _ = unchecked(house)
    paper = send_paper(house, dossier.id)
    no = stated(house, dossier.id, participating_before_suspension=False)
    assert confirm(house, dossier.id, paper, no).route == "refusal_proposed"


def test_without_a_paper_or_with_one_of_the_applicants_nothing_is_confirmed(house: House) -> None:
    dossier, _ = unchecked(house)
    for document_id in ("", "nothing", house.store.load(dossier.id).documents[0].id):
        with pytest.raises(Refused) as refused:
            confirm(house, dossier.id, document_id, stated(house, dossier.id))
        assert refused.value.problem.type == "evidence-missing"


def test_what_is_confirmed_answers_the_whole_question(house: House) -> None:
    dossier, _ = unchecked(house, ANH, BINH)
    paper = send_paper(house, dossier.id)
    for rows in ([], stated(house, dossier.id), [confirming.Stated("somebody", "match")]):
        with pytest.raises(Refused) as refused:
            confirm(house, dossier.id, paper, rows)
        assert refused.value.problem.type == "confirmation-incomplete"


def test_only_the_officer_of_the_task_confirms_or_asks_anew(house: House) -> None:
    dossier, _ = unchecked(house)
    paper = send_paper(house, dossier.id)
    for actor in (PROVINCE, APPLICANT):
        for act in (
            lambda actor=actor: confirm(house, dossier.id, paper, stated(house, dossier.id), actor),
            lambda actor=actor: send_paper(house, dossier.id, actor, "another"),
            lambda actor=actor: confirming.ask_anew(house.task_id(dossier.id), "vss", actor, **world(house)),
        ):
            with pytest.raises(Refused):
                act()
    for name in ("payments", "cic", "nobody"):
        with pytest.raises(Refused) as refused:
            confirming.ask_anew(house.task_id(dossier.id), name, COLLEAGUE, **world(house))
        assert refused.value.problem.type == "registry-unknown"


def test_a_paper_announced_twice_is_one_paper_and_another_under_its_key_is_refused(house: House) -> None:
    dossier, _ = unchecked(house)
    first = send_paper(house, dossier.id)
    assert send_paper(house, dossier.id) == first
    other = FileToSend("khac.pdf", 3, "0" * 64, "application/pdf")
    with pytest.raises(Refused) as refused:
        confirming.send_paper(house.task_id(dossier.id), other, DISTRICT, "paper", **world(house))
    assert refused.value.problem.type == "idempotency-mismatch"


def test_what_was_asked_anew_and_is_due_is_not_asked_for_twice(house: House) -> None:
    dossier = house.submitted()
    for _ in range(3):
        confirming.ask_anew(house.task_id(dossier.id), "vss", DISTRICT, **world(house))
    assert house.actions(dossier.id).count("registry.asked_anew") == 1
    assert record(house, dossier.id).anew == 1


def test_a_question_of_another_round_has_another_key(house: House) -> None:
    dossier = house.submitted()
    known = record(house, dossier.id)
    rounds = [dataclasses.replace(dossier, round=number) for number in (1, 1, 2)]
    first, again, later = (answering.asked_of(one, "vss", known, house.files, "https://a.example") for one in rounds)
    assert first == again
    assert later.question_id != first.question_id, "an answer to another address is another question"
