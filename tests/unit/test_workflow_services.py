"""The other services through the verbs: who confirms what, where a dossier goes, which months exclude each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from adapters.registries.payments import PaymentsRegistry
from casework.dossier import Actor, State
from casework.errors import Refused
from casework.workflow import evidence, replaying, verdicts, verifying

from tests.builders import ANH, PROVINCE, House, papers, sheet
from tests.builders.relief import PlayedRegistry, ended, household, pause

COMMUNE = Actor("officer", "officer-commune", "H29.1.1")
TAX = Actor("officer", "officer-tax", "H29.1-tax")
DISTRICT = Actor("officer", "officer-district", "H29.1")
LABOUR = Actor("officer", "officer-labour", "H29.1-labour")
VSS = Actor("officer", "officer-vss", "H29.1-vss")


@pytest.fixture
def house() -> House:
    made = House()
    played = {name: PlayedRegistry(made.clock) for name in ("vss", "tax", "ui", "cic", "closures")}
    made.registries.update(played)
    made.registries["payments"] = PaymentsRegistry(made.store, made.clock)
    return made


def submitted(house: House, made: Mapping[str, bytes], procedure: str, office: str, **differs: Any) -> Any:
    return house.submitted(papers_=made, procedure=procedure, office=office, declared={}, **differs)


def told(call: Any) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return str(refused.value.problem.type)


def go(house: House, dossier_id: str, actor: Actor, outcome: str = "send_on", **more: Any) -> Any:
    house.decide(dossier_id, outcome, actor=actor, **more)
    house.settle()
    return house.store.load(dossier_id)


def doubted(house: House, dossier_id: str) -> dict[str, Any]:
    """What does not hold of a decision's evidence."""
    packed = evidence.bundle(house.store.load(dossier_id), store=house.store, files=house.files)
    checks = verifying.verify(evidence.unpack(packed)).checks
    return {check.id: check.differences for check in checks if not check.holds}


# ── HB ───────────────────────────────────────────────────────────────────────


def test_a_household_goes_from_its_commune_to_the_province_and_is_paid(house: House) -> None:
    dossier = submitted(house, household(), "HB", "H29.1.1")
    assert (dossier.route, dossier.stage) == ("review", "commune_confirmation")
    assert dossier.code.startswith("H29.1.1-200518-")
    dossier = go(house, dossier.id, COMMUNE, confirms={"commune.suspension_confirmed": True})
    assert (dossier.route, dossier.stage) == ("fast_lane", "tax_appraisal")
    for officer in (TAX, DISTRICT):
        dossier = go(house, dossier.id, officer)
    dossier = go(house, dossier.id, PROVINCE, "approve")
    assert (dossier.state, dossier.total_vnd) == (State.APPROVED, 1_000_000)
    finding = next(f for f in verdicts.read(house.files.evidence(dossier.verdict_key)).findings if f.rule == "HB-3")
    assert [(e.source, e.person) for e in finding.evidence] == [("officer", "officer-commune")]
    assert doubted(house, dossier.id) == {}


def test_the_commune_says_yes_or_no_before_the_dossier_goes_on(house: House) -> None:
    dossier = submitted(house, household(), "HB", "H29.1.1")
    assert told(lambda: house.decide(dossier.id, "send_on", actor=COMMUNE)) == "confirmation-missing"
    other = {"labour_authority.confirmed": True}
    assert told(lambda: house.decide(dossier.id, "send_on", actor=COMMUNE, confirms=other)) == "confirmation-not-yours"
    after = go(house, dossier.id, COMMUNE, confirms={"commune.suspension_confirmed": False})
    assert after.route == "refusal_proposed"


def test_what_an_officer_confirmed_holds_in_the_next_round(house: House) -> None:
    from casework.review import PageAsked

    dossier = submitted(house, household(), "HB", "H29.1.1")
    dossier = go(house, dossier.id, COMMUNE, confirms={"commune.suspension_confirmed": True})
    ask = (PageAsked(dossier.documents[0].id, 1, "mờ"),)
    go(house, dossier.id, TAX, "ask", reason="bổ sung", asks=ask)
    house.send(dossier.id, household(**{"household.owner.id_number": "079180000123"})["mau-02.pdf"] + b" ",
               document_id=dossier.documents[0].id, page=1)  # fmt: skip
    house.settle()
    again = house.store.load(dossier.id)
    assert (again.round, again.stage, again.route) == (2, "commune_confirmation", "fast_lane")
    for officer in (COMMUNE, TAX, DISTRICT):
        go(house, dossier.id, officer)
    assert go(house, dossier.id, PROVINCE, "approve").state is State.APPROVED
    assert doubted(house, dossier.id) == {}


def test_a_household_filed_elsewhere_is_shown_to_the_officer(house: House) -> None:
    away = household(**{"household.address": "3 Lê Lợi, phường Đa Kao, Quận 1, TP. Hồ Chí Minh"})
    dossier = submitted(house, away, "HB", "H29.1.1")
    [said] = house.files.evidence(dossier.verdict_key)["contradictions"]
    assert "H29.1.2" in said["vi"]


def test_the_tax_office_is_asked_about_the_household_on_its_day(house: House) -> None:
    submitted(house, household(), "HB", "H29.1.1")
    [question] = house.registries["tax"].asked
    assert (question.employer.tax_code, question.as_of.isoformat()) == ("8100000047", "2020-01-15")
    assert set(question.wanted) == {"tax.household_found", "tax.household_revenue_2020_vnd"}
    assert question.employer.address == ""
    [question] = house.registries["closures"].asked
    assert (question.employer.business_line, question.as_of.isoformat()) == ("Karaoke", "2020-04-01")


# ── TC ───────────────────────────────────────────────────────────────────────


def test_the_income_line_follows_from_where_somebody_lives(house: House) -> None:
    town = submitted(house, ended(), "TC", "H29.1.1")
    assert (town.route, len(house.files.evidence(town.verdict_key)["people"])) == ("fast_lane", 1)
    land = ended(**{"employee.current_address": "ấp 3, xã Bà Điểm, huyện Hóc Môn, TP. Hồ Chí Minh"})
    country = submitted(house, land, "TC", "H29.3.1")
    found = verdicts.read(house.files.evidence(country.verdict_key)).rows[0].findings
    assert [finding.rule for finding in found if finding.verdict == "fail"] == ["TC-5"]


def test_a_paper_about_somebody_else_is_nobodys_evidence(house: House) -> None:
    other = sheet("labour_contract", {"employee.full_name": "Trần Văn Bình", "contract.signed_on": "2020-04-20"})
    dossier = submitted(house, ended() | {"hop-dong.pdf": other}, "TC", "H29.1.1")
    kept = house.files.evidence(dossier.verdict_key)
    assert len(kept["strangers"]) == 1
    assert dossier.route == "review"
    assert verdicts.read(kept).rows[0].verdict == "pass"


# ── one person, one benefit ──────────────────────────────────────────────────


def test_suspended_in_april_and_ended_in_june_are_both_paid_but_not_for_one_month(house: House) -> None:
    house.registries["enterprise"].differs = {}
    first = house.submitted(papers_=papers(ANH))
    go(house, first.id, DISTRICT, reason="đã xem")
    assert go(house, first.id, PROVINCE, "approve", reason="đã xem").state is State.APPROVED  # 2020-04
    same = submitted(house, ended(), "TC", "H29.1.1")  # from 15/04: 2020-04 and 2020-05
    [row] = verdicts.read(house.files.evidence(same.verdict_key)).rows
    assert (row.verdict, row.counted_months, row.amount_vnd) == ("pass", ("2020-05",), 1_000_000)
    [finding] = [finding for finding in row.findings if finding.rule == "TC-7"]
    assert f"04/2020 (SW, hồ sơ {first.code}: 1.800.000 đồng); trùng tháng 04/2020" in finding.because.vi
    in_may = {"termination.effective_on": "2020-05-20"}
    made = ended(**in_may) | {"quyet-dinh.pdf": sheet("termination_decision", in_may)}
    later = submitted(house, made, "TC", "H29.1.1")
    assert later.route == "fast_lane"


# ── PS ───────────────────────────────────────────────────────────────────────


def test_the_labour_office_is_asked_when_only_its_word_is_missing(house: House) -> None:
    dossier = submitted(house, pause(), "PS", "H29.1-vss")
    assert (dossier.route, dossier.stage, dossier.way) == (
        "review", "labour_confirmation", ("labour_confirmation", "vss_decision"),
    )  # fmt: skip
    dossier = go(house, dossier.id, LABOUR, confirms={"labour_authority.confirmed": True})
    assert (dossier.route, dossier.stage) == ("fast_lane", "vss_decision")
    dossier = go(house, dossier.id, VSS, "approve")
    assert (dossier.state, dossier.total_vnd) == (State.APPROVED, 0)


def test_who_meets_another_way_needs_no_labour_office(house: House) -> None:
    cut = pause(**{"employer.tax_code": "0312345671", "bhxh.headcount_now": 8})
    dossier = submitted(house, cut, "PS", "H29.1-vss")
    assert (dossier.route, dossier.way) == ("fast_lane", ("vss_decision",))


# ── replay ───────────────────────────────────────────────────────────────────


def test_the_verdict_of_a_day_is_derived_again_byte_for_byte(house: House) -> None:
    dossier = submitted(house, household(), "HB", "H29.1.1")
    first_day = house.clock().date()
    house.clock.advance(days=1)
    dossier = go(house, dossier.id, COMMUNE, confirms={"commune.suspension_confirmed": True})
    last = replaying.replay_verdict(dossier, None, store=house.store, files=house.files)
    assert (last.same, last.intact, last.stored_sha256 == last.derived_sha256) == (True, True, True)
    assert last.differences == ()
    place, kept = replaying.kept_on(dossier, first_day, store=house.store, files=house.files)
    assert kept["confirmations"] == []
    assert place != dossier.verdict_key
    assert replaying.replay_verdict(dossier, first_day, store=house.store, files=house.files).same


def test_what_differs_is_said_with_its_place(house: House) -> None:
    dossier = submitted(house, household(), "HB", "H29.1.1")
    place, kept = replaying.kept_on(dossier, None, store=house.store, files=house.files)
    revenue = kept["facts"]["dossier"]["tax.household_revenue_2020_vnd"]
    assert revenue["value"] == 78_000_000
    revenue["value"] = 100_000_000
    told = verdicts.replay(kept, place)
    assert (told.same, told.intact) == (False, False)
    stored = {difference.at: (difference.stored, difference.derived) for difference in told.differences}
    assert stored["/verdict/route"] == ("review", "refusal_proposed")
    assert stored["/verdict/findings/0/verdict"] == ("pass", "fail")
