"""Each test of the closed set, by a table of cases: yes, no, missing, doubtful, contradictory, at the edge."""

# ruff: noqa: E501 - a table of cases is read one case a line

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from casework.facts import dictionary
from casework.finding import Fact, Text
from casework.operators import OPERATORS, Answer, View
from casework.rules import Benefit

DOUBT = Fact("2020-04-15", doubt=Text("đọc chưa chắc", "not read surely"))
PERIOD = {"starts": "suspension.starts_on", "ends": "suspension.ends_on"}
TERM = PERIOD | {
    "opens": "contract.starts_on",
    "closes": "contract.ends_on",
    "kind": "contract.type",
    "term_months": "contract.term_months",
}
WINDOW = {"from": date(2020, 4, 1), "to": date(2020, 6, 30)}
UI = {
    "kind": "contract.type",
    "in_24": "ui.months_last_24",
    "in_36": "ui.months_last_36",
    "leave_kind": "suspension.kind",
    "leave_starts": "suspension.starts_on",
    "leave_ends": "suspension.ends_on",
    "ended": "termination.effective_on",
    "least": 12,
    "seasonal": ["seasonal"],
}
LINES = {"fact": "income.monthly_vnd", "by": "income.area_kind", "lines": {"rural": 1_000_000, "urban": 1_300_000}}
WAGES = {
    "fact": "stoppage.wage_due_vnd",
    "by": "employer.region",
    "lines": {"I": 4_420_000, "II": 3_920_000, "III": 3_430_000, "IV": 3_070_000},
}
SHARE = {"part": "headcount.off_bhxh", "whole": "headcount.before"}
CUT = {"before": "bhxh.headcount_2020_01", "now": "bhxh.headcount_now"}
FALL = {"fact": "finance.revenue_q1_2020_vnd", "of": "finance.revenue_q4_2019_vnd"}
CASH = Benefit(
    starts="suspension.starts_on", ends="suspension.ends_on", window_from=date(2020, 4, 1), window_to=date(2020, 6, 30),
    most_months=3, monthly_vnd=1_800_000, law="", cash="payments.months", loans="loans.months", kind="cash", raises=True,
)  # fmt: skip
LEFT = {"benefit": CASH, "when_known": ["loans.months"]}
FIRST = {"benefit": replace(CASH, raises=False)}


def facts(**given: Any) -> dict[str, Fact]:
    """suspension__starts_on="2020-04-15" stands for the fact suspension.starts_on."""
    return {name.replace("__", "."): value if isinstance(value, Fact) else Fact(value) for name, value in given.items()}


def suspended(starts: Any = None, ends: Any = None, **more: Any) -> dict[str, Fact]:
    return facts(suspension__starts_on=starts, suspension__ends_on=ends, **more)


def stopped(day: Any, line: Any, **more: Any) -> dict[str, Fact]:
    address = "3 Lê Lợi, phường Bến Nghé, Quận 1, TP. Hồ Chí Minh"
    return facts(household__suspended_from=day, household__business_line=line, household__address=address, **more)


def answer(test: str, params: dict[str, Any], given: dict[str, Fact]) -> Answer:
    return OPERATORS[test].run(View(dictionary(), given, {}), params)


BOOL = {"fact": "vss.contract_ended"}
KIND = {"fact": "employer.kind", "values": ["enterprise", "cooperative"]}
REASON = {
    "fact": "suspension.reason",
    "words": ["Covid", "nCoV"],
    "hints": ["dịch"],
    "negations": ["không do", "không phải", "không liên quan"],
    "others": ["việc gia đình"],
}
START = {"fact": "suspension.starts_on", "from": date(2020, 4, 1), "to": date(2020, 6, 1)}
CLOSED = {"fact": "household.suspended_from", "of": "province.closed_from"}
SHUT = CLOSED | {"line": "household.business_line", "address": "household.address"}
COUNT = {"fact": "stoppage.count", "value": 30}
MONEY = {"fact": "tax.household_revenue_2020_vnd", "value": 100_000_000}
WORKING = {**PERIOD, "month": "request.month", "value": 14}
ENDED = {"fact": "termination.effective_on", "month": "request.month", "from": date(2020, 1, 1)}

CASES: list[tuple[str, dict[str, Any], dict[str, Fact], bool | None]] = [
    ("is_true", BOOL, facts(vss__contract_ended=True), True),
    ("is_true", BOOL, facts(vss__contract_ended=False), False),
    ("is_true", BOOL, {}, None),
    ("is_true", BOOL, facts(vss__contract_ended=None), None),
    ("is_true", BOOL, {"vss.contract_ended": Fact(True, doubt=DOUBT.doubt)}, None),
    ("is_false", BOOL, facts(vss__contract_ended=False), True),
    ("is_false", BOOL, facts(vss__contract_ended=True), False),
    ("is_false", BOOL, {}, None),
    ("is_false", BOOL, {"vss.contract_ended": Fact(False, doubt=DOUBT.doubt)}, None),
    ("is_one_of", KIND, facts(employer__kind="enterprise"), True),
    ("is_one_of", KIND, facts(employer__kind="household"), False),
    ("is_one_of", KIND, facts(employer__kind="enterprize"), None),  # not a value of the fact: not to be relied on
    ("is_one_of", KIND, {}, None),
    ("is_none_of", KIND, facts(employer__kind="household"), True),
    ("is_none_of", KIND, facts(employer__kind="cooperative"), False),
    ("is_none_of", KIND, {}, None),
    ("mentions", REASON, facts(suspension__reason="Do ảnh hưởng của dịch  COVID-19"), True),
    ("mentions", REASON, facts(suspension__reason="chủng mới của vi rút nCoV"), True),
    ("mentions", REASON, facts(suspension__reason="do dịch bệnh"), None),
    ("mentions", REASON, facts(suspension__reason="hết đơn hàng"), False),
    ("mentions", REASON, facts(suspension__reason="Không do dịch Covid"), False),
    ("mentions", REASON, facts(suspension__reason="khong phai do dich Covid-19"), False),
    ("mentions", REASON, facts(suspension__reason="Không phải là vì ảnh hưởng Covid"), False),
    ("mentions", REASON, facts(suspension__reason="Nghỉ không liên quan đến dịch Covid-19"), False),
    ("mentions", REASON, facts(suspension__reason="Không do lỗi của người lao động mà do dịch Covid-19"), True),
    ("mentions", REASON, facts(suspension__reason="Không có việc làm do dịch Covid-19"), True),
    ("mentions", REASON, facts(suspension__reason="Do dịch Covid-19, không do dịch Covid-18"), None),
    ("mentions", REASON, facts(suspension__reason="việc gia đình trong mùa dịch Covid-19"), None),
    ("mentions", REASON, {}, None),
    ("date_between", START, suspended("2020-04-01"), True),
    ("date_between", START, suspended("2020-06-01"), True),
    ("date_between", START, suspended("2020-03-31"), False),
    ("date_between", START, suspended("2020-06-02"), False),
    ("date_between", START, suspended("2020-04"), None),  # only the month is known
    ("date_between", START, suspended("31/04/2020"), None),  # no such form of a date: not to be relied on
    ("date_between", START, {"suspension.starts_on": DOUBT}, None),
    ("date_between", START, {}, None),
    ("date_between", {"fact": "contract.signed_on", "to": date(2020, 3, 31)}, facts(contract__signed_on="1999-01-01"), True),
    ("not_before", CLOSED, facts(household__suspended_from="2020-04-01", province__closed_from="2020-04-01"), True),
    ("not_before", CLOSED, facts(household__suspended_from="2020-03-31", province__closed_from="2020-04-01"), False),
    ("not_before", CLOSED, facts(household__suspended_from="2020-04-01"), None),
    ("not_before", CLOSED, facts(province__closed_from="2020-04-01"), None),
    ("closed_by_decision", SHUT, stopped("2020-04-01", "Karaoke"), True),
    ("closed_by_decision", SHUT, stopped("2020-04-01", "KARAOKE Ánh Sao", province__closed_from="2020-03-28"), True),
    ("closed_by_decision", SHUT, stopped("2020-04-01", "Karaoke", province__closed_from="2020-04-10"), None),  # the two differ
    ("closed_by_decision", SHUT, stopped("2020-03-10", "Karaoke"), None),  # before the closure, by an entry still to be confirmed
    ("closed_by_decision", SHUT, stopped("2020-04-01", "Karaoke", province__closed_from=DOUBT), None),
    ("closed_by_decision", SHUT, stopped("2020-04-01", "Bán tạp hóa"), None),  # not in the table is not known
    ("closed_by_decision", SHUT, stopped("2020-04-01", "Bán tạp hóa", province__closed_from="2020-03-28"), True),
    ("closed_by_decision", SHUT, stopped("2020-04-01", "Bán tạp hóa", province__closed_from="2020-04-10"), False),
    ("closed_by_decision", SHUT, stopped(None, "Karaoke"), None),
    ("closed_by_decision", SHUT, stopped("2020-04-01", None), None),
    ("lasts_months", PERIOD | {"value": 1}, suspended("2020-04-15", "2020-05-14"), True),
    ("lasts_months", PERIOD | {"value": 1}, suspended("2020-04-15", "2020-05-13"), False),
    ("lasts_months", PERIOD | {"value": 1}, suspended("2020-04-15"), None),  # “đến khi có thông báo”
    ("lasts_months", PERIOD | {"value": 1}, suspended("2020-05-14", "2020-04-15"), None),  # ends before it starts
    ("lasts_months", PERIOD | {"value": 1}, suspended(DOUBT, "2020-05-14"), None),
    ("lasts_months_within", PERIOD | WINDOW | {"value": 1}, suspended("2020-05-15", "2020-07-31"), True),
    ("lasts_months_within", PERIOD | WINDOW | {"value": 1}, suspended("2020-06-02", "2020-07-31"), False),
    ("lasts_months_within", PERIOD | WINDOW | {"value": 1}, suspended("2020-07-01", "2020-08-31"), False),
    ("lasts_months_within", PERIOD | WINDOW | {"value": 1}, suspended("2020-03-01", "2020-04-30"), True),
    ("lasts_months_within", PERIOD | WINDOW | {"value": 1}, suspended("2020-05-15"), None),
    ("lasts_months_within", PERIOD | WINDOW | {"value": 1}, suspended("2020-06-15", "2020-06-01"), None),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-14", contract__type="indefinite", contract__starts_on="2020-04-15"), True),
    ("within_term", TERM, suspended("2020-04-15", None, contract__type="indefinite", contract__starts_on="2018-01-01"), True),
    ("within_term", TERM, suspended("2020-04-14", "2020-05-14", contract__type="indefinite", contract__starts_on="2020-04-15"), False),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-14", contract__type="fixed", contract__starts_on="2019-01-01", contract__ends_on="2020-05-14"), True),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-15", contract__type="fixed", contract__starts_on="2019-01-01", contract__ends_on="2020-05-14"), False),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-14", contract__type="fixed", contract__starts_on="2019-04-01", contract__ends_on="2020-03-31"), None),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-14", contract__type="fixed", contract__starts_on="2019-06-01", contract__term_months=12), True),
    ("within_term", TERM, suspended("2020-04-15", "2020-06-01", contract__type="fixed", contract__starts_on="2019-06-01", contract__term_months=12), False),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-14", contract__type="fixed", contract__starts_on="2019-06-01"), None),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-14", contract__starts_on="2019-06-01"), None),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-14", contract__starts_on="2019-06-01", contract__ends_on="2021-01-01"), True),
    ("within_term", TERM, suspended("2020-04-15", None, contract__type="fixed", contract__starts_on="2019-06-01", contract__ends_on="2021-01-01"), None),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-14", contract__type="fixed", contract__starts_on="2019-06-01", contract__term_months=12, contract__ends_on=DOUBT), None),
    ("within_term", TERM, suspended("2020-04-15", "2020-05-14", contract__type="fixed", contract__starts_on="2019-06-01", contract__term_months=-12), None),
    ("within_term", TERM, {}, None),
    ("working_days_in_month", WORKING, suspended("2020-05-12", "2020-05-31", request__month="2020-05"), True),
    ("working_days_in_month", WORKING, suspended("2020-05-13", "2020-05-31", request__month="2020-05"), False),
    ("working_days_in_month", WORKING, suspended("2020-03-01", "2020-05-31", request__month="2020-04"), True),
    ("working_days_in_month", WORKING, suspended("2020-06-01", "2020-06-30", request__month="2020-05"), False),
    ("working_days_in_month", WORKING, suspended("2020-06-01", None, request__month="2020-05"), None),
    ("working_days_in_month", WORKING, suspended("2020-06-01", "2020-06-30"), None),
    ("working_days_in_month", WORKING, suspended("2020-06-30", "2020-06-01", request__month="2020-06"), None),
    ("day_by_end_of_month", ENDED, facts(termination__effective_on="2020-05-31", request__month="2020-05"), True),
    ("day_by_end_of_month", ENDED, facts(termination__effective_on="2020-06-01", request__month="2020-05"), False),
    ("day_by_end_of_month", ENDED, facts(termination__effective_on="2019-12-31", request__month="2020-05"), False),
    ("day_by_end_of_month", ENDED, facts(termination__effective_on="2020-05-31"), None),
    ("month_not_before", {"fact": "bhxh.paid_through", "value": "2020-01"}, facts(bhxh__paid_through="2020-01"), True),
    ("month_not_before", {"fact": "bhxh.paid_through", "value": "2020-01"}, facts(bhxh__paid_through="2019-12"), False),
    ("month_not_before", {"fact": "bhxh.paid_through", "value": "2020-01"}, {}, None),
    ("same_month", {"fact": "request.month", "of": "dossier.received_on"}, facts(request__month="2020-05", dossier__received_on="2020-05-31"), True),
    ("same_month", {"fact": "request.month", "of": "dossier.received_on"}, facts(request__month="2020-04", dossier__received_on="2020-05-01"), False),
    ("same_month", {"fact": "request.month", "of": "dossier.received_on"}, facts(request__month="2020-04"), None),
    ("months_end_by", {"fact": "request.month", "count": "request.months", "value": "2020-12"}, facts(request__month="2020-10", request__months=3), True),
    ("months_end_by", {"fact": "request.month", "count": "request.months", "value": "2020-12"}, facts(request__month="2020-11", request__months=3), False),
    ("months_end_by", {"fact": "request.month", "count": "request.months", "value": "2020-12"}, facts(request__month="2020-11"), None),
    ("months_end_by", {"fact": "request.month", "count": "request.months", "value": "2020-12"}, facts(request__month="2020-11", request__months=99_999), None),
    ("months_end_by", {"fact": "request.month", "count": "request.months", "value": "2020-12"}, facts(request__month="2020-11", request__months=0), None),
    ("month_left", LEFT, suspended("2020-04-15", "2020-06-14", payments__months=[]), True),
    ("month_left", LEFT, suspended("2020-04-15", "2020-06-14", payments__months=["2020-03", "2020-06"]), True),
    ("month_left", LEFT, suspended("2020-04-15", "2020-06-14", payments__months=["2020-05"]), True),
    ("month_left", LEFT, suspended("2020-04-15", "2020-06-14", payments__months=["2020-04", "2020-05"]), False),
    ("month_left", LEFT, suspended("2020-04-15", "2020-06-14", payments__months=["2020-04"], loans__months=["2020-05"]), False),
    ("month_left", LEFT, suspended("2020-04-15", "2020-05-14", payments__months=[{"month": "2020-04", "amount_vnd": 1_000_000}]), True),
    ("month_left", LEFT, suspended("2020-04-15", "2020-05-14", payments__months=[{"month": "2020-04", "amount_vnd": 1_800_000}]), False),
    ("month_left", FIRST, suspended("2020-04-15", "2020-05-14", payments__months=[{"month": "2020-04", "amount_vnd": 1_000_000}], loans__months=[]), False),
    ("month_left", LEFT, suspended("2020-04-15", None, payments__months=[]), True),
    ("month_left", LEFT, suspended("2020-04-15", None, payments__months=["2020-05"]), None),
    ("month_left", LEFT, suspended("2020-04-15", "2020-06-14"), None),
    ("month_left", LEFT, suspended("2020-04-15", "2020-06-14", payments__months=[], loans__months=Fact([], doubt=DOUBT.doubt)), None),
    ("at_least", COUNT, facts(stoppage__count=30), True),
    ("at_least", COUNT, facts(stoppage__count=29), False),
    ("at_least", COUNT, {}, None),
    ("at_most", COUNT, facts(stoppage__count=30), True),
    ("at_most", COUNT, facts(stoppage__count=31), False),
    ("at_most", COUNT, facts(stoppage__count="31"), None),
    ("at_most", COUNT, {}, None),
    ("below", MONEY, facts(tax__household_revenue_2020_vnd=99_999_999), True),
    ("below", MONEY, facts(tax__household_revenue_2020_vnd=100_000_000), False),
    ("below", MONEY, {}, None),
    ("share_at_least", SHARE | {"percent": 20}, facts(headcount__off_bhxh=29, headcount__before=145), True),
    ("share_at_least", SHARE | {"percent": 20}, facts(headcount__off_bhxh=28, headcount__before=145), False),
    ("share_at_least", SHARE | {"percent": 20}, facts(headcount__off_bhxh=28), None),
    ("share_at_least", SHARE | {"percent": 20}, facts(headcount__off_bhxh=0, headcount__before=0), None),
    ("share_at_least", SHARE | {"percent": 20}, facts(headcount__off_bhxh=150, headcount__before=145), None),
    ("share_above", SHARE | {"percent": 50}, facts(headcount__off_bhxh=50, headcount__before=100), False),
    ("share_above", SHARE | {"percent": 50}, facts(headcount__off_bhxh=51, headcount__before=100), True),
    ("share_above", SHARE | {"percent": 50}, facts(headcount__before=100), None),
    ("cut_at_least", CUT | {"percent": 50}, facts(bhxh__headcount_2020_01=101, bhxh__headcount_now=50), True),
    ("cut_at_least", CUT | {"percent": 50}, facts(bhxh__headcount_2020_01=101, bhxh__headcount_now=51), False),
    ("cut_at_least", CUT | {"percent": 50}, facts(bhxh__headcount_2020_01=100, bhxh__headcount_now=120), False),
    ("cut_at_least", CUT | {"percent": 50}, facts(bhxh__headcount_2020_01=0, bhxh__headcount_now=0), None),
    ("cut_at_least", CUT | {"percent": 50}, facts(bhxh__headcount_now=0), None),
    ("at_most_share_of", FALL | {"percent": 80}, facts(finance__revenue_q1_2020_vnd=80, finance__revenue_q4_2019_vnd=100), True),
    ("at_most_share_of", FALL | {"percent": 80}, facts(finance__revenue_q1_2020_vnd=81, finance__revenue_q4_2019_vnd=101), False),
    ("at_most_share_of", FALL | {"percent": 80}, facts(finance__revenue_q1_2020_vnd=0, finance__revenue_q4_2019_vnd=0), None),
    ("at_most_share_of", FALL | {"percent": 80}, facts(finance__revenue_q1_2020_vnd=0), None),
    ("at_least_share_of", FALL | {"percent": 50}, facts(finance__revenue_q1_2020_vnd=50, finance__revenue_q4_2019_vnd=99), True),
    ("at_least_share_of", FALL | {"percent": 50}, facts(finance__revenue_q1_2020_vnd=49, finance__revenue_q4_2019_vnd=99), False),
    ("at_least_share_of", FALL | {"percent": 50}, facts(finance__revenue_q1_2020_vnd=0, finance__revenue_q4_2019_vnd=0), None),
    ("at_least_share_of", FALL | {"percent": 50}, {}, None),
    ("below_line", LINES, facts(income__monthly_vnd=999_999, income__area_kind="rural"), True),
    ("below_line", LINES, facts(income__monthly_vnd=1_000_000, income__area_kind="rural"), False),
    ("below_line", LINES, facts(income__monthly_vnd=1_299_999, income__area_kind="urban"), True),
    ("below_line", LINES, facts(income__monthly_vnd=1_300_000, income__area_kind="urban"), False),
    ("below_line", LINES, facts(income__monthly_vnd=0), True),
    ("below_line", LINES, facts(income__monthly_vnd=999_999), True),
    ("below_line", LINES, facts(income__monthly_vnd=1_000_000), None),
    ("below_line", LINES, facts(income__monthly_vnd=1_300_000), False),
    ("below_line", LINES, facts(income__area_kind="rural"), None),
    ("at_least_line", WAGES, facts(stoppage__wage_due_vnd=4_420_000, employer__region="I"), True),
    ("at_least_line", WAGES, facts(stoppage__wage_due_vnd=4_419_999, employer__region="I"), False),
    ("at_least_line", WAGES, facts(stoppage__wage_due_vnd=4_420_000), True),
    ("at_least_line", WAGES, facts(stoppage__wage_due_vnd=3_500_000), None),
    ("at_least_line", WAGES, facts(stoppage__wage_due_vnd=3_069_999), False),
    ("at_least_line", WAGES, facts(employer__region="I"), None),
    ("not_entitled_to_unemployment_benefit", UI, facts(contract__type="fixed", ui__months_last_24=11), True),
    ("not_entitled_to_unemployment_benefit", UI, facts(contract__type="fixed", ui__months_last_24=12), False),
    ("not_entitled_to_unemployment_benefit", UI, facts(contract__type="seasonal", ui__months_last_24=12, ui__months_last_36=11), True),
    ("not_entitled_to_unemployment_benefit", UI, facts(contract__type="seasonal", ui__months_last_36=12), False),
    ("not_entitled_to_unemployment_benefit", UI, facts(contract__type="seasonal", ui__months_last_24=12), None),
    ("not_entitled_to_unemployment_benefit", UI, facts(ui__months_last_24=11, ui__months_last_36=11), True),
    ("not_entitled_to_unemployment_benefit", UI, facts(ui__months_last_24=12, ui__months_last_36=14), False),
    ("not_entitled_to_unemployment_benefit", UI, facts(ui__months_last_24=11, ui__months_last_36=14), None),
    ("not_entitled_to_unemployment_benefit", UI, facts(ui__months_last_24=11), None),
    ("not_entitled_to_unemployment_benefit", UI, facts(contract__type="fixed", ui__months_last_24=20, suspension__kind="unpaid_leave", suspension__starts_on="2020-04-01", suspension__ends_on="2020-04-30", termination__effective_on="2020-05-04"), True),
    ("not_entitled_to_unemployment_benefit", UI, facts(contract__type="fixed", ui__months_last_24=20, suspension__kind="suspension", suspension__starts_on="2020-04-01", suspension__ends_on="2020-04-30", termination__effective_on="2020-05-04"), False),
    ("not_entitled_to_unemployment_benefit", UI, facts(contract__type="fixed", ui__months_last_24=20, suspension__kind="unpaid_leave", suspension__starts_on="2020-01-01", suspension__ends_on="2020-01-31", termination__effective_on="2020-05-04"), False),
    ("not_entitled_to_unemployment_benefit", UI, facts(contract__type="fixed", ui__months_last_24=20, suspension__kind=Fact("unpaid_leave", doubt=DOUBT.doubt), termination__effective_on="2020-05-04"), None),
]  # fmt: skip


@pytest.mark.parametrize(("test", "params", "given", "holds"), CASES)
def test_case(test: str, params: dict[str, Any], given: dict[str, Fact], holds: bool | None) -> None:
    result = answer(test, params, given)
    assert result.holds is holds
    assert result.because.vi and result.because.en
    assert result.would_pass_if is None or result.holds is False


def test_every_test_of_the_table_has_cases_of_all_three_answers() -> None:
    seen = {name: {holds for test, _, _, holds in CASES if test == name} for name in OPERATORS}
    assert {name: answers for name, answers in seen.items() if answers != {True, False, None}} == {}


def test_a_missing_fact_and_a_doubtful_one_are_told_apart() -> None:
    missing = answer("lasts_months", PERIOD | {"value": 1}, suspended("2020-04-15"))
    assert (missing.missing, missing.doubtful) == (("suspension.ends_on",), ())
    assert "Chưa rõ" in missing.because.vi
    doubtful = answer("lasts_months", PERIOD | {"value": 1}, suspended(DOUBT, "2020-05-20"))
    assert (doubtful.missing, doubtful.doubtful) == ((), ("suspension.starts_on",))
    assert "đọc chưa chắc" in doubtful.because.vi and "not read surely" in doubtful.because.en


@pytest.mark.parametrize(
    ("test", "params", "given", "would"),
    [
        (
            "lasts_months",
            PERIOD | {"value": 1},
            suspended("2020-04-16", "2020-05-10"),
            Text("Sẽ đạt nếu kéo dài đến hết ngày 15/05/2020", "Would pass if it lasted until 15/05/2020"),
        ),
        (
            "lasts_months_within",
            PERIOD | WINDOW | {"value": 1},
            suspended("2020-06-02", "2020-07-31"),
            None,  # no end can give a whole month inside the window
        ),
        (
            "date_between",
            START,
            suspended("2020-06-02"),
            Text(
                "Sẽ đạt nếu ngày bắt đầu tạm hoãn, nghỉ không lương chậm nhất là ngày 01/06/2020",
                "Would pass if the start of the suspension were 01/06/2020 or earlier",
            ),
        ),
        (
            "cut_at_least",
            CUT | {"percent": 50},
            facts(bhxh__headcount_2020_01=101, bhxh__headcount_now=60),
            Text("Sẽ đạt nếu chỉ còn không quá 50", "Would pass if no more than 50 were left"),
        ),
        (
            "at_most_share_of",
            FALL | {"percent": 80},
            facts(finance__revenue_q1_2020_vnd=90, finance__revenue_q4_2019_vnd=101),
            Text(
                "Sẽ đạt nếu doanh thu quý I năm 2020 không quá 80 đồng",
                "Would pass if the revenue of Q1/2020 were at most 80 VND",
            ),
        ),
    ],
)
def test_what_would_have_to_be_otherwise(
    test: str, params: dict[str, Any], given: dict[str, Fact], would: Text | None
) -> None:
    result = answer(test, params, given)
    assert result.holds is False
    assert result.would_pass_if == would


def test_what_the_counterfactual_says_is_true() -> None:
    assert answer("lasts_months", PERIOD | {"value": 1}, suspended("2020-04-16", "2020-05-15")).holds
    assert answer(
        "cut_at_least", CUT | {"percent": 50}, facts(bhxh__headcount_2020_01=101, bhxh__headcount_now=50)
    ).holds
    at_the_limit = facts(finance__revenue_q1_2020_vnd=80, finance__revenue_q4_2019_vnd=101)
    assert answer("at_most_share_of", FALL | {"percent": 80}, at_the_limit).holds


def test_reasons_name_the_values_in_both_languages() -> None:
    result = answer("below", MONEY, facts(tax__household_revenue_2020_vnd=100_000_000))
    assert result.because.vi.endswith("100.000.000 đồng")
    assert result.because.en.endswith("100,000,000 VND")
    share = answer("share_at_least", SHARE | {"percent": 20}, facts(headcount__off_bhxh=1999, headcount__before=10_000))
    assert "19,99 %" in share.because.vi and "19.99 %" in share.because.en
