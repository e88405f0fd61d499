"""Evaluating a dossier: what is unknown stays unknown, what is known decides, and everything is explained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from casework import checks, procedures
from casework.checks import Evidence, Fact, Finding, Text, Verdict, evaluate, finding_json, verdict_json
from casework.operators import View
from casework.plain import from_plain, to_plain
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = date(2020, 5, 12)
SW = procedures.load("SW", DAY)
EMPLOYER = {"employer.kind": "enterprise", "finance.revenue_vnd": 0}
EMPLOYEE: dict[str, Any] = {
    "suspension.starts_on": "2020-04-15",
    "suspension.ends_on": "2020-06-14",
    "suspension.reason": "dịch Covid-19",
    "contract.type": "indefinite",
    "contract.starts_on": "2018-03-01",
    "vss.participating_before_suspension": True,
    "vss.decrease_reported": True,
    "vss.contract_ended": False,
    "payments.months": [],
    "loans.months": [],
}
DOUBT = Text("đọc chưa chắc", "not read surely")


def facts(values: Mapping[str, Any], **changes: Any) -> dict[str, Fact]:
    """The values with changes (a__b stands for a.b); None takes a fact away, a Fact is taken as it is."""
    merged = {**values, **{name.replace("__", "."): value for name, value in changes.items()}}
    return {n: v if isinstance(v, Fact) else Fact(v) for n, v in merged.items() if v is not None}


def judged(*rows: dict[str, Fact], **changes: Any) -> Verdict:
    return evaluate(SW, facts(EMPLOYER, **changes), rows or (facts(EMPLOYEE),), as_of=DAY)


def finding(verdict: Verdict, rule: str, row: int = 0) -> Finding:
    found = [*verdict.findings, *(verdict.rows[row].findings if verdict.rows else ())]
    return next(finding for finding in found if finding.rule == rule)


# ---- doubts, contradictions, absence ----


@pytest.mark.parametrize("fact_id", sorted(EMPLOYEE))
def test_a_doubt_about_any_fact_sends_the_row_to_an_officer(fact_id: str) -> None:
    row = facts(EMPLOYEE) | {fact_id: Fact(EMPLOYEE[fact_id], doubt=DOUBT)}
    verdict = judged(row)
    assert verdict.route == "review"
    unsure = [f for f in verdict.rows[0].findings if f.verdict == "unknown"]
    assert unsure and all(f.then == "review" and DOUBT.vi in f.because.vi and not f.missing for f in unsure)
    assert all(fact_id in f.facts for f in unsure)
    assert not verdict.rows[0].certain


@pytest.mark.parametrize("fact_id", sorted(set(EMPLOYEE) - {"loans.months"}))
def test_a_missing_fact_asks_whoever_can_give_it_and_never_fails(fact_id: str) -> None:
    verdict = judged({name: fact for name, fact in facts(EMPLOYEE).items() if name != fact_id})
    assert not [f for f in verdict.rows[0].findings if f.verdict == "fail"]
    assert verdict.route == ("ask" if SW.applicant_gives(fact_id) else "review")


def test_a_missing_loan_list_does_not_decide_since_the_cross_check_is_derived() -> None:
    verdict = judged(facts(EMPLOYEE, loans__months=None))
    assert finding(verdict, "SW-11").verdict == "pass"
    assert "payments.loan_cross_check" in finding(verdict, "SW-11").to_be_confirmed


def test_an_unanswered_registry_without_a_value_is_a_doubt_not_a_no() -> None:
    silent = Fact(None, doubt=Text("chưa kiểm tra được: BHXH không trả lời", "not checked: VSS did not answer"))
    verdict = judged(facts(EMPLOYEE, vss__decrease_reported=silent))
    assert finding(verdict, "SW-10").verdict == "unknown"
    assert "không trả lời" in finding(verdict, "SW-10").because.vi
    assert verdict.route == "review"


def test_a_known_fact_can_settle_a_rule_whatever_is_unknown() -> None:
    assert finding(judged(finance__cash_vnd=Fact(0, doubt=DOUBT)), "SW-6").verdict == "pass"
    verdict = judged(facts(EMPLOYEE, vss__contract_ended=True, vss__decrease_reported=None))
    assert finding(verdict, "SW-10").verdict == "fail"


def test_a_value_of_the_wrong_form_is_a_doubt() -> None:
    verdict = judged(facts(EMPLOYEE, suspension__ends_on="hết dịch"))
    assert finding(verdict, "SW-1").verdict == "unknown"
    assert finding(verdict, "SW-1").then == "review"
    assert "hết dịch" in finding(verdict, "SW-1").because.vi


def test_what_is_unknown_about_a_row_that_fails_holds_nobody_up() -> None:
    failing = facts(EMPLOYEE, suspension__starts_on="2020-07-01", suspension__ends_on="2020-08-31", contract__type=None)
    verdict = judged(failing, facts(EMPLOYEE))
    assert finding(verdict, "SW-4").verdict == "unknown"
    assert verdict.route == "partial"


# ---- routes ----


def test_routes() -> None:
    good, bad = facts(EMPLOYEE), facts(EMPLOYEE, vss__participating_before_suspension=False)
    open_end, unchecked = facts(EMPLOYEE, suspension__ends_on=None), facts(EMPLOYEE, vss__contract_ended=None)
    assert judged(good).route == "fast_lane"
    assert judged(good, bad).route == "partial"
    assert judged(bad, bad).route == "refusal_proposed"
    assert judged(good, employer__kind="cooperative").route == "refusal_proposed"
    assert judged(open_end).route == "ask"
    assert judged(unchecked).route == "review"
    assert judged(open_end, unchecked).route == "ask"
    assert judged(good, bad, unchecked).route == "review"
    assert judged(bad, bad, finance__revenue_vnd=None).route == "refusal_proposed"


def test_a_pass_that_comes_to_nothing_is_for_an_officer_and_says_why() -> None:
    law, ended = procedures.load("TC", DAY), {"termination.reason": "expiry", "contract.signed_on": "2019-09-01"}
    ended |= {"contract.type": "fixed", "income.monthly_vnd": 0, "payments.months": []}
    ended |= {"vss.participating_before_termination": True, "ui.months_last_24": 8, "ui.months_last_36": 8}
    last = evaluate(law, {}, [facts({**ended, "termination.effective_on": "2020-06-15"})], as_of=DAY)
    assert (last.rows[0].verdict, last.total_vnd, last.route) == ("pass", 0, "review")
    assert "TC.period" in {setting.id for setting in last.to_be_confirmed}
    benefit = verdict_json(last)["rows"][0]["benefit"]
    assert benefit["because"].startswith("không có gì để chi trả")
    assert benefit["because_en"].startswith("nothing to pay") and "TC.period" in benefit["to_be_confirmed"]
    paid = evaluate(law, {}, [facts({**ended, "termination.effective_on": "2020-06-01"})], as_of=DAY)
    assert (paid.total_vnd, paid.route, paid.rows[0].because) == (1_000_000, "fast_lane", None)


def test_a_list_that_pays_some_people_is_no_question_for_one_who_is_due_nothing() -> None:
    law = procedures.load("LN", DAY)
    paid = facts({"stoppage.starts_on": "2020-04-01", "stoppage.ends_on": "2020-04-30"})
    short = facts({"stoppage.starts_on": "2020-04-01", "stoppage.ends_on": "2020-04-20"})
    wages = facts({"employer.region": "I", "stoppage.wage_due_vnd": 4_420_000, "stoppage.wage_paid_vnd": 2_210_000})
    verdict = evaluate(law, wages, [paid, short], as_of=DAY)
    assert [row.because is None for row in verdict.rows] == [True, False]
    assert [row.then for row in verdict.rows] == [None, None]


def test_a_list_without_people_is_not_invented() -> None:
    verdict = evaluate(SW, facts(EMPLOYER), [], as_of=DAY)
    assert (verdict.rows, verdict.total_vnd, verdict.route) == ((), 0, "ask")


def test_a_service_for_one_has_its_row_even_when_all_is_said_of_the_dossier() -> None:
    law = procedures.load("TC", DAY)
    verdict = evaluate(law, facts({"contract.signed_on": "2020-04-01"}), [], as_of=DAY)
    assert len(verdict.rows) == 1
    assert finding(verdict, "TC-1").verdict == "fail"


# ---- whose facts ----


def test_a_fact_of_the_dossier_holds_for_every_row_that_lacks_it() -> None:
    lacking = facts(EMPLOYEE, suspension__reason=None)
    own = facts(EMPLOYEE, suspension__reason="hết đơn hàng")
    verdict = judged(lacking, own, suspension__reason="dịch Covid-19")
    assert finding(verdict, "SW-9", row=0).verdict == "pass"
    assert finding(verdict, "SW-9", row=1).verdict == "fail"


def test_a_rule_on_the_dossier_takes_what_all_rows_agree_on() -> None:
    verdict = judged(facts(EMPLOYEE, employer__kind="enterprise"), facts(EMPLOYEE), employer__kind=None)
    assert finding(verdict, "SW-7").verdict == "pass"
    differ = judged(
        facts(EMPLOYEE, employer__kind="enterprise"), facts(EMPLOYEE, employer__kind="other"), employer__kind=None
    )
    assert finding(differ, "SW-7").verdict == "unknown"
    assert finding(differ, "SW-7").then == "review"


def test_wages_are_summed_over_the_rows_and_unknown_when_one_is() -> None:
    law = procedures.load("LN", DAY)
    paid = {"stoppage.wage_due_vnd": 4_420_000, "stoppage.wage_paid_vnd": 4_420_000}
    unpaid = {"stoppage.wage_due_vnd": 4_420_000, "stoppage.wage_paid_vnd": 0}
    assert finding(evaluate(law, {}, [facts(paid), facts(unpaid)], as_of=DAY), "LN-2").verdict == "pass"
    assert finding(evaluate(law, {}, [facts(unpaid), facts(unpaid)], as_of=DAY), "LN-2").verdict == "fail"
    one_unknown = {"stoppage.wage_due_vnd": 4_420_000}
    assert finding(evaluate(law, {}, [facts(paid), facts(one_unknown)], as_of=DAY), "LN-2").verdict == "unknown"
    totals = facts({"stoppage.wage_due_vnd": 100, "stoppage.wage_paid_vnd": 50})
    assert finding(evaluate(law, totals, [{}], as_of=DAY), "LN-2").verdict == "pass"


def test_one_stopped_employee_is_enough_and_an_unknown_one_does_not_refuse() -> None:
    law = procedures.load("LN", date(2020, 11, 3))
    short = facts({"stoppage.starts_on": "2020-05-01", "stoppage.ends_on": "2020-05-20"})
    month = facts({"stoppage.starts_on": "2020-05-01", "stoppage.ends_on": "2020-05-31"})
    open_end = facts({"stoppage.starts_on": "2020-05-01"})
    outcomes = {
        "pass": [short, month],
        "unknown": [short, open_end],
        "fail": [short, short],
    }
    for verdict, rows in outcomes.items():
        assert finding(evaluate(law, {}, rows, as_of=DAY), "LN-5").verdict == verdict


# ---- what is told ----


def test_every_finding_is_explained_with_its_evidence() -> None:
    evidence = Evidence("paper", document_id="d1", document_type="suspension_agreement", page=1, raw="15/04/2020")
    verdict = judged(facts(EMPLOYEE, suspension__starts_on=Fact("2020-06-02", (evidence,))))
    found = finding(verdict, "SW-3")
    assert (found.verdict, found.then, found.evidence) == ("fail", "refuse", (evidence,))
    assert found.law.startswith("Quyết định 15/2020/QĐ-TTg")
    assert "02/06/2020, sau ngày 01/06/2020" in found.because.vi
    assert "02/06/2020, after 01/06/2020" in found.because.en
    assert found.would_pass_if is not None and "01/06/2020" in found.would_pass_if.vi


def test_both_ways_out_are_told_where_either_is_enough() -> None:
    changes = {"finance.revenue_vnd": 5, "finance.wage_reserve_vnd": 7, "finance.retained_profit_vnd": 0}
    verdict = evaluate(SW, facts({**EMPLOYER, **changes, "finance.cash_vnd": 9}), [facts(EMPLOYEE)], as_of=DAY)
    would = finding(verdict, "SW-6").would_pass_if
    assert would is not None
    assert would.vi.count("Sẽ đạt nếu") == 1
    assert " hoặc " in would.vi and " và " in would.vi


def test_the_settings_a_verdict_rests_on_are_shown() -> None:
    shown = {setting.id for setting in judged().to_be_confirmed}
    assert {"counting.month", "counting.part_months", "SW.clipping", "SW.expired_contract"} <= shown
    assert "version.by" not in shown


def test_a_dossier_in_flight_over_a_change_of_law_says_so() -> None:
    verdict = evaluate(SW, facts(EMPLOYER), [facts(EMPLOYEE)], as_of=date(2020, 10, 19))
    assert "version.by" in {setting.id for setting in verdict.to_be_confirmed}


def test_rows_keep_their_keys_and_their_months() -> None:
    verdict = evaluate(SW, facts(EMPLOYER), [facts(EMPLOYEE), facts(EMPLOYEE)], as_of=DAY, keys=["bhxh:1", "bhxh:2"])
    assert [row.key for row in verdict.rows] == ["bhxh:1", "bhxh:2"]
    assert verdict.rows[0].counted_months == ("2020-04", "2020-05")
    assert (verdict.rows[0].months, verdict.rows[0].amount_vnd, verdict.total_vnd) == (2, 3_600_000, 7_200_000)


def test_a_refused_dossier_pays_nothing() -> None:
    verdict = judged(employer__kind="other")
    assert (verdict.rows[0].verdict, verdict.rows[0].amount_vnd, verdict.total_vnd) == ("pass", 0, 0)


def test_json_has_the_promised_shape() -> None:
    data = verdict_json(judged())
    assert set(data) >= {"procedure", "version", "route", "findings", "rows", "total_vnd"}
    for found in [*data["findings"], *data["rows"][0]["findings"]]:
        assert set(found) >= {"rule", "verdict", "says", "law", "because", "would_pass_if"}
        assert isinstance(found["says"], str) and isinstance(found["because"], str)
        assert found["verdict"] in ("pass", "fail", "unknown")
    assert data["rows"][0]["benefit"]["months"] == 2
    assert data["rows"][0]["benefit"]["amount_vnd"] == 3_600_000
    json.dumps(data)


def test_a_finding_as_json_holds_both_languages() -> None:
    data = finding_json(finding(judged(facts(EMPLOYEE, suspension__ends_on="2020-05-13")), "SW-1"))
    assert data["would_pass_if"] == "Sẽ đạt nếu kéo dài đến hết ngày 14/05/2020"
    assert data["would_pass_if_en"] == "Would pass if it lasted until 14/05/2020"


def test_a_verdict_is_derived_again_byte_for_byte_from_its_stored_facts() -> None:
    evidence = Evidence("registry", registry="vss", answered_at="2020-05-12T08:00:00+07:00")
    row = facts(EMPLOYEE, vss__contract_ended=Fact(False, (evidence,)))
    first = evaluate(SW, facts(EMPLOYER), [row], as_of=DAY)
    stored = json.loads(json.dumps({name: to_plain(fact) for name, fact in row.items()}))
    again = {name: from_plain(Fact, fact) for name, fact in stored.items()}
    second = evaluate(SW, facts(EMPLOYER), [again], as_of=DAY)
    assert json.dumps(to_plain(second)) == json.dumps(to_plain(first))
    assert from_plain(Verdict, json.loads(json.dumps(to_plain(first)))) == first


# ---- for any situation ----

SERVICES = [(service_id, day) for service_id in procedures.ids() for day in (date(2020, 5, 1), date(2020, 11, 1))]
VALUES: dict[str, Any] = {
    "date": st.dates(min_value=date(2019, 1, 1), max_value=date(2021, 12, 31)).map(date.isoformat),
    "bool": st.booleans(),
    "int": st.integers(min_value=0, max_value=200),
    "money": st.integers(min_value=-10, max_value=200_000_000),
    "month": st.sampled_from(["2019-12", "2020-01", "2020-04", "2020-05", "2020-10", "2020-12"]),
    "months": st.lists(st.sampled_from(["2020-03", "2020-04", "2020-05", "2020-06"]), max_size=2),
    "string": st.sampled_from(["dịch Covid-19", "dịch bệnh", "hết đơn hàng", ""]),
    "id": st.just("0100684378"),
    "address": st.just("Hà Nội"),
}


@st.composite
def situations(draw: st.DrawFn) -> tuple[Any, dict[str, Fact], list[dict[str, Fact]]]:
    service_id, day = draw(st.sampled_from(SERVICES))
    law = procedures.load(service_id, day)

    def some(subject: str) -> dict[str, Fact]:
        given: dict[str, Fact] = {}
        for fact_id, kind in law.kinds.items():
            if kind.subject == subject and draw(st.booleans()):
                values = st.sampled_from(sorted(kind.values)) if kind.type == "enum" else VALUES[kind.type]
                doubt = DOUBT if draw(st.integers(min_value=0, max_value=9)) == 0 else None
                given[fact_id] = Fact(draw(values), doubt=doubt)
        return given

    return law, some("dossier"), [some("row") for _ in range(draw(st.integers(min_value=0, max_value=3)))]


@settings(deadline=None)  # the first one imports the calendar
@given(situations())
def test_any_situation_is_judged_and_explained(situation: Any) -> None:
    law, dossier, rows = situation
    verdict = evaluate(law, dossier, rows, as_of=DAY)
    found = [*verdict.findings, *(f for row in verdict.rows for f in row.findings)]
    assert all(f.because.vi and f.because.en for f in found)
    assert all((f.verdict == "pass") == (f.then is None) for f in found)
    assert all((f.verdict == "fail") == (f.then == "refuse") for f in found)
    assert verdict.total_vnd == sum(row.amount_vnd for row in verdict.rows)
    assert all(row.amount_vnd == 0 for row in verdict.rows if row.verdict == "fail")
    if verdict.route == "fast_lane":
        assert not [f for f in found if f.counts and f.verdict != "pass"]


@settings(deadline=None)
@given(situations())
def test_taking_a_fact_away_never_turns_a_pass_into_a_fail_nor_back(situation: Any) -> None:
    """Knowing less may only make a rule unknown: it never changes a yes into a no. The facts that open a way in, or a
    cross-check that counts only when its answer is there, are told apart by name."""
    law, dossier, rows = situation
    claims = {
        part.if_known
        for rule in law.rules
        if rule.condition is not None
        for part in rule.condition.parts
        if part.if_known is not None
    }
    special = claims | {"suspension.kind", "suspension.starts_on", "suspension.ends_on", "contract.type"}
    before = evaluate(law, dossier, rows, as_of=DAY)
    for fact_id in sorted(set(dossier) - special)[:4]:
        after = evaluate(law, {name: fact for name, fact in dossier.items() if name != fact_id}, rows, as_of=DAY)
        for was, now in zip(before.findings, after.findings, strict=True):
            assert {was.verdict, now.verdict} != {"pass", "fail"}, (fact_id, was.rule)


def test_the_operators_are_those_of_the_table() -> None:
    assert (
        checks.OPERATORS["lasts_months"]
        .run(
            View(SW.kinds, facts(EMPLOYEE), {}),
            {"starts": "suspension.starts_on", "ends": "suspension.ends_on", "value": 1},
        )
        .holds
    )
