"""A sixth service is one file of the rulebook and one of examples: with nothing else it is filed, judged, decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from casework import procedures
from casework.dossier import Actor, State
from casework.registry import Answer, Question, RowAnswer
from casework.workflow import verdicts

from tests.builders import House, sheet

SOUND = (Path(__file__).parent / "fictitious_service.toml").read_text(encoding="utf-8")
COMMUNE = Actor("officer", "officer-commune", "H29.1.1")


class Guild:
    """The couriers' guild: everybody asked about is a member, or nobody is."""

    def __init__(self, house: House, member: bool) -> None:
        self._clock, self._member = house.clock, member

    def ask(self, question: Question) -> Answer:
        rows = tuple(
            RowAnswer(row.key, row.bhxh_number, "match", {"guild.member": self._member}) for row in question.rows
        )
        return Answer(question.registry, question.question_id, question.as_of, self._clock(), "guild", None, rows)


@pytest.fixture(autouse=True)
def _six_services(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rulebook with the fictitious file beside the five."""
    sixth, service, ids = procedures.parse(SOUND, "BK.toml"), procedures.service, procedures.ids()
    monkeypatch.setattr(procedures, "service", lambda name: sixth if name == "BK" else service(name))
    monkeypatch.setattr(procedures, "ids", lambda: (*ids, "BK"))
    monkeypatch.setattr(procedures, "fingerprint", lambda name: "0" * 64)


def filed(member: bool = True, **card: Any) -> tuple[House, Any]:
    house = House()
    house.registries["guild"] = Guild(house, member)
    paper = sheet("bicycle_card", {"bicycle.age_months": 30, "bicycle.kind": "cargo"} | card)
    declared = {"courier.stops_on": "2020-05-01"}
    dossier = house.submitted(
        papers_={"the-xe.pdf": paper}, procedure="BK", office="H29.1.1", declared=declared
    )  # fmt: skip
    return house, dossier


def test_it_is_filed_judged_decided_and_paid() -> None:
    house, dossier = filed()
    assert (dossier.state, dossier.stage, dossier.route) == (State.IN_REVIEW, "commune_decision", "fast_lane")
    house.decide(dossier.id, "approve", actor=COMMUNE)
    house.settle()
    done = house.store.load(dossier.id)
    assert (done.state, done.total_vnd) == (State.APPROVED, 200_000)
    assert verdicts.replay(house.files.evidence(done.verdict_key), done.verdict_key).same


def test_it_is_refused_by_its_own_law() -> None:
    house, dossier = filed(member=False, **{"bicycle.age_months": 23})
    assert dossier.route == "refusal_proposed"
    house.decide(dossier.id, "refuse", actor=COMMUNE, reason="Xe mới dùng 23 tháng.", reason_code="racing")
    house.settle()
    assert house.state(dossier.id) is State.REFUSED
    failed = verdicts.failures(house.files.evidence(dossier.verdict_key))[1]
    assert [finding.rule for findings in failed.values() for finding in findings] == ["BK-1", "BK-2"]


def test_a_paper_it_lacks_is_asked_for() -> None:
    house = House()
    house.registries["guild"] = Guild(house, True)
    other = sheet("id_card", {})
    dossier = house.submitted(papers_={"khac.pdf": other}, procedure="BK", office="H29.1.1", declared={})
    assert dossier.state is State.AWAITING_APPLICANT
    assert [request.document_type for request in dossier.open_requests] == ["bicycle_card"]
