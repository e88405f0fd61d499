"""What follows a decision: the next stage, the months paid, the letters, the next round."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from casework.dossier import Dossier, State, chain_breaks
from casework.errors import IllegalTransition, NotFound, Refused
from casework.payments import Identity
from casework.review import PageAsked, RowDecision
from casework.workflow import reviewing

from tests.builders import ANH, BINH, PROVINCE, House, agreement, papers
from tests.fakes import AnsweringRegistry, SilentRegistry
from tests.unit.test_workflow_reviewing import ANH_KEY, BINH_KEY, queue, refusal


@pytest.fixture
def house() -> House:
    return House()


def test_what_the_district_sends_on_stands_before_the_province(house: House) -> None:
    dossier = house.at_province()
    assert (dossier.state, dossier.stage, dossier.outcome) == (State.IN_REVIEW, "province_decision", "")
    assert (queue(house), queue(house, "H29")) == ([], [dossier.id])
    assert refusal(lambda: house.decide(dossier.id, "approve")) == "other-office"


def test_an_approval_pays_every_month_to_everybody_and_tells_once(house: House) -> None:
    dossier = house.at_province(ANH, BINH)
    house.decide(dossier.id, "approve", actor=PROVINCE)
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.total_vnd, after.due_on) == (State.APPROVED, 3_600_000, None)
    assert months(house, ANH_KEY, BINH_KEY) == {ANH_KEY: ["2020-04"], BINH_KEY: ["2020-04"]}
    assert [subject for _, _, subject in house.messenger.accepted if "kết quả" in subject] != []
    assert len(house.messenger.accepted) == 2  # received, decided
    assert chain_breaks(house.store.audit(dossier.id), after.audit_hash) == []


def test_a_partial_approval_pays_those_it_names(house: House) -> None:
    no = {"facts": {"vss.participating_before_suspension": False}}
    house.registries["vss"] = AnsweringRegistry(house.clock, rows={BINH.bhxh: no})
    dossier = house.at_province(ANH, BINH)
    house.decide(
        dossier.id, "approve_in_part", actor=PROVINCE, reason="Một người không tham gia BHXH",
        rows=(RowDecision(BINH_KEY, "refuse", "Không tham gia BHXH"),
              RowDecision(ANH_KEY, "approve")),
    )  # fmt: skip
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.total_vnd) == (State.PARTLY_APPROVED, 1_800_000)
    assert months(house, ANH_KEY, BINH_KEY) == {ANH_KEY: ["2020-04"], BINH_KEY: []}
    [decision] = [r.data for r in house.store.records(dossier.id, "DECISION#001#province")]
    assert {row["name"]: row["reason"] for row in decision["rows"]} == {ANH.name: "", BINH.name: "Không tham gia BHXH"}


def test_a_refusal_pays_nobody(house: House) -> None:
    dossier = house.at_province()
    house.decide(dossier.id, "refuse", actor=PROVINCE, reason="Không đủ điều kiện")
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.total_vnd) == (State.REFUSED, 0)
    assert after.closing_note.vi == "Không đủ điều kiện"
    assert months(house, ANH_KEY) == {ANH_KEY: []}


def test_unchecked_dossiers_are_approved_with_a_reason_only(house: House) -> None:
    house.registries["vss"] = SilentRegistry()
    dossier = house.at_province()
    assert refusal(lambda: house.decide(dossier.id, "approve", actor=PROVINCE)) == "reason-missing"
    house.decide(dossier.id, "approve", actor=PROVINCE, reason="Đã xác nhận với cơ quan BHXH qua điện thoại")
    house.settle()
    assert house.state(dossier.id) is State.APPROVED


def test_a_question_that_was_not_answered_is_seen_by_the_officer(house: House) -> None:
    dossier = house.submitted()
    ask = (PageAsked(dossier.documents[1].id, 1, "thiếu chữ ký"),)
    house.decide(dossier.id, "ask", reason="Bổ sung", asks=ask)
    house.settle()
    house.submit(dossier.id)
    house.settle()
    after = house.store.load(dossier.id)
    assert (after.state, after.route) == (State.IN_REVIEW, "review")
    assert [(request.open, request.unanswered) for request in after.requests] == [(False, True)]


@pytest.mark.parametrize("task_id", ["", "x.y.z", "a.1", f"x.{'9' * 5000}.district_appraisal", "a.1.b.c", "../.1.x"])
def test_what_is_no_task_id_is_not_found(house: House, task_id: str) -> None:
    with pytest.raises(NotFound):
        reviewing.load_task(task_id, store=house.store)


def test_nobody_is_approved_for_nothing_without_a_word(house: House) -> None:
    late = dataclasses.replace(ANH, starts="2020-06-02", ends="2020-07-01")
    dossier = house.at_province(late)
    rows = (RowDecision(ANH_KEY, "approve", "tôi thấy được"),)
    told = refusal(lambda: house.decide(dossier.id, "approve", actor=PROVINCE, reason="ngoại lệ", rows=rows))
    assert told == "approved-for-nothing"
    assert house.state(dossier.id) is State.IN_REVIEW


def test_an_officers_question_goes_to_the_applicant_once_and_his_answer_starts_a_new_round(house: House) -> None:
    dossier = house.submitted()
    document = dossier.documents[1]
    ask = (PageAsked(document.id, 1, "thiếu chữ ký"),)
    house.decide(dossier.id, "ask", reason="Bổ sung", asks=ask)
    house.settle()
    after = house.store.load(dossier.id)
    assert after.state is State.AWAITING_APPLICANT
    [request] = after.open_requests
    assert (request.document_id, request.page) == (document.id, 1)
    assert "thiếu chữ ký" in request.says.vi
    house.send(dossier.id, agreement(BINH), "khac.pdf")  # another paper is not what he asked for
    house.settle()
    assert house.store.load(dossier.id).open_requests == (request,)
    house.send(dossier.id, agreement(**{"contract.ref": "x"}), document_id=document.id, page=1)
    house.settle()
    again = house.store.load(dossier.id)
    assert (again.state, again.round, again.stage) == (State.IN_REVIEW, 2, "district_appraisal")
    assert house.actions(dossier.id).count("dossier.checked") == 2, "the new paper was never held against the law"


@pytest.mark.parametrize("verb", ["record_stage", "close"])
def test_carrying_out_twice_is_carrying_out_once(house: House, verb: str) -> None:
    dossier = house.at_province()
    house.decide(dossier.id, "approve", actor=PROVINCE)
    house.settle()
    before = house.snapshot(dossier.id)
    granted = months(house, ANH_KEY)
    if verb == "close":
        assert house.close(dossier.id, 1) == "approved"
    else:
        assert house.record_stage(dossier.id, 1)["next"] == "stop"
    assert house.snapshot(dossier.id) == before
    assert months(house, ANH_KEY) == granted


def test_sending_on_is_carried_out_once(house: House) -> None:
    dossier = house.submitted()
    house.decide(dossier.id)
    first = house.record_stage(dossier.id, 1)
    before = house.snapshot(dossier.id)
    assert house.record_stage(dossier.id, 1) == first
    assert (first["next"], first["stage"]) == ("review", "province_decision")
    assert house.snapshot(dossier.id) == before


def months(house: House, *keys: str) -> dict[str, list[str]]:
    """The months people hold, by their number."""
    held = house.store.held([Identity((key,)) for key in keys])
    return {key: [holding.month for holding in found] for key, found in zip(keys, held, strict=True)}


def test_of_two_dossiers_about_one_person_and_month_one_is_approved_and_the_other_told_why(house: House) -> None:
    other = {name: data + b" " for name, data in papers().items()}
    first, second = house.at_province(), house.at_province(papers_=other)
    house.decide(first.id, "approve", actor=PROVINCE)
    with pytest.raises(Refused) as told:
        house.decide(second.id, "approve", actor=PROVINCE)
    assert told.value.problem.type == "month-already-granted"
    for said in (ANH.name, "04/2020", first.code):
        assert said in told.value.problem.detail
    assert house.state(second.id) is State.IN_REVIEW
    house.decide(second.id, "refuse", actor=PROVINCE, reason="Đã có hồ sơ khác", reason_code="already_paid")
    house.settle()
    assert [house.state(first.id), house.state(second.id)] == [State.APPROVED, State.REFUSED]


def test_a_second_dossier_about_a_paid_month_fails_the_rule_on_it(house: House) -> None:
    first = house.at_province()
    house.decide(first.id, "approve", actor=PROVINCE)
    house.settle()
    second = house.submitted(papers_={name: data + b" " for name, data in papers().items()})
    found = house.files.evidence(second.verdict_key)["verdict"]["rows"][0]["findings"]
    assert [f["rule"] for f in found if f["verdict"] == "fail"] == ["SW-11"]
    assert second.way == ("district_appraisal", "province_decision")
    assert second.route == "refusal_proposed"


def test_a_review_asked_for_a_dossier_that_needs_none_lets_the_workflow_end(house: House) -> None:
    dossier = house.submitted()
    house.decide(dossier.id)
    for round_number in (1, 7):
        house.request_review(dossier.id, round_number, "district_appraisal", f"late-{round_number}")
        kinds = [(p.effect.kind, p.effect.payload.get("token")) for p in house.store.waiting(10)]
        assert ("answer_task", f"late-{round_number}") in kinds
    assert queue(house) == []


def test_a_dossier_decided_without_a_decision_on_record_is_our_bug(house: House) -> None:
    dossier = house.at_province()
    house.decide(dossier.id, "approve", actor=PROVINCE)
    del house.store._records[dossier.id]["DECISION#001#province_decision"]
    with pytest.raises(IllegalTransition):
        house.close(dossier.id, 1)


def all_states(house: House, dossier: Dossier) -> list[str]:
    return [entry.details["state"] for entry in house.store.audit(dossier.id)]


def test_the_history_is_a_path_of_the_states(house: House) -> None:
    from casework.dossier import TRANSITIONS

    dossier = house.at_province()
    house.decide(dossier.id, "approve", actor=PROVINCE)
    house.settle()
    states = all_states(house, dossier)
    assert states[0] == "draft"
    assert states[-1] == "approved"
    for before, after in itertools.pairwise(states):
        assert State(after) in TRANSITIONS[State(before)]
