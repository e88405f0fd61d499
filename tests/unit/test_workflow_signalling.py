"""Signals come with the check, keep a dossier out of the fast lane, and are dismissed by an officer with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from casework.dossier import Dossier
from casework.errors import NotFound, Refused
from casework.workflow.signalling import dismiss, dismissals_of, signals_of

from tests.builders import ANH, BINH, COLLEAGUE, DISTRICT, PROVINCE, House, agreement, papers, sheet, the_list


def other_contract() -> bytes:
    """A contract of another number than the agreement names."""
    return sheet("labour_contract", {"employee.full_name": ANH.name, "employee.bhxh_number": ANH.bhxh,
                                     "contract.number": "07/2018/HĐLĐ"})  # fmt: skip


def contradicting(house: House) -> Dossier:
    files = {
        "mau-01.pdf": the_list(ANH),
        "hop-dong.pdf": other_contract(),
        "thoa-thuan.pdf": agreement(ANH, **{"contract.number": "11/2018/HĐLĐ"}),
    }
    return house.submitted(papers_=files)


def say_no(house: House, dossier: Dossier, signal_id: str, reason: str = "Số cũ, đã có phụ lục", **more: Any) -> Any:
    actor = more.get("actor", DISTRICT)
    return dismiss(
        house.task_id(dossier.id), signal_id, reason, actor, store=house.store, files=house.files, clock=house.clock
    )


def test_a_dossier_whose_papers_agree_has_none_and_keeps_the_fast_lane() -> None:
    house = House()
    dossier = house.submitted(papers_=papers())
    assert signals_of(dossier, store=house.store, files=house.files) == []
    assert dossier.route == "fast_lane"


def test_a_contradiction_sends_the_dossier_to_review() -> None:
    house = House()
    dossier = contradicting(house)
    [one] = signals_of(dossier, store=house.store, files=house.files)
    assert one.kind == "contract-references-differ"
    assert {place.document for place in one.places} == {d.id for d in dossier.documents[1:]}
    assert dossier.route == "review"


def test_an_officer_dismisses_with_a_reason_which_is_kept() -> None:
    house = House()
    dossier = contradicting(house)
    [one] = signals_of(dossier, store=house.store, files=house.files)
    said = say_no(house, dossier, one.id).dismissed
    assert (said.by, said.office, said.reason) == (DISTRICT.id, DISTRICT.office, "Số cũ, đã có phụ lục")
    assert dismissals_of(dossier.id, store=house.store) == {one.id: said}
    [entry] = [entry for entry in house.store.audit(dossier.id) if entry.action == "signal.dismissed"]
    assert entry.details["kind"] == one.kind
    assert "phụ lục" not in str(entry.details)


def test_who_dismissed_first_stays() -> None:
    house = House()
    dossier = contradicting(house)
    [one] = signals_of(dossier, store=house.store, files=house.files)
    first = say_no(house, dossier, one.id)
    assert say_no(house, dossier, one.id, "khác", actor=COLLEAGUE) == first


@pytest.mark.parametrize(
    ("reason", "actor", "refused"),
    [(" ", DISTRICT, "reason-missing"), ("x", PROVINCE, "other-office")],
)
def test_without_a_reason_or_from_elsewhere_nothing_is_dismissed(reason: str, actor: Any, refused: str) -> None:
    house = House()
    dossier = contradicting(house)
    [one] = signals_of(dossier, store=house.store, files=house.files)
    with pytest.raises(Refused) as caught:
        say_no(house, dossier, one.id, reason, actor=actor)
    assert caught.value.problem.type == refused
    assert dismissals_of(dossier.id, store=house.store) == {}


def test_what_is_not_there_cannot_be_dismissed() -> None:
    house = House()
    dossier = contradicting(house)
    with pytest.raises(NotFound):
        say_no(house, dossier, "0" * 16)


def test_a_decided_task_takes_no_dismissal() -> None:
    house = House()
    dossier = contradicting(house)
    [one] = signals_of(dossier, store=house.store, files=house.files)
    task = house.task_id(dossier.id)
    house.decide(dossier.id, "send_on", reason="đã xem")
    with pytest.raises(Refused) as caught:
        dismiss(task, one.id, "x", DISTRICT, store=house.store, files=house.files, clock=house.clock)
    assert caught.value.problem.type == "task-decided"


def test_what_was_seen_and_what_of_it_was_dismissed_is_counted_by_kind() -> None:
    house = House()
    dossier = contradicting(house)
    [one] = signals_of(dossier, store=house.store, files=house.files)
    say_no(house, dossier, one.id)
    day = f"DAY#{house.clock().date().isoformat()}"
    counts = house.store.tallies(DISTRICT.office, day, day)[day]
    assert counts[f"signal:{one.kind}"] == 1
    assert counts[f"dismissed:{one.kind}"] == 1


def test_one_account_for_two_people_of_other_dossiers_is_seen_by_the_second() -> None:
    house = House()
    account = {"employee.bank_account": "0071000123456"}

    def listed(person: Any) -> bytes:
        return sheet("form_01", {"employer.tax_code": "0312345671"}, [person.row(**account)])

    first = house.submitted(papers_={"a.pdf": listed(ANH), "t.pdf": agreement(ANH)})
    second = house.submitted(papers_={"b.pdf": listed(BINH), "t.pdf": agreement(BINH)})
    assert signals_of(first, store=house.store, files=house.files) == []
    [one] = signals_of(second, store=house.store, files=house.files)
    assert one.kind == "account-shared"
    assert one.dossiers == (first.id,)
    assert first.code in one.saw.vi
    assert "0071000123456" not in one.saw.vi
    assert second.route == "review"
