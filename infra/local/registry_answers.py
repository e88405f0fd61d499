"""What the registries' stand-in says to a question: invented people, magic numbers, for everybody else what is right.

Pure. The numbers are those of docs/sandbox.md, each of which always answers in one way; nobody here exists.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from casework.registry import DOSSIER_FACTS, ROW_FACTS, Answer, Employer, FactValue, Question, QuestionRow, RowAnswer
from casework.vietnam import names

VSS_DOWN = "3100000016"
VSS_SLOW = "3100000023"
TAX_HAS_REVENUE = "3100000030"
ENTERPRISE_NOT_FOUND = "3100000048"
CIC_BAD_DEBT = "3100000055"
VSS_NO_CUT = "3100000062"  # as many insured employees as in January 2020
VSS_LATER = "3100000087"  # takes the question and answers a moment later
VSS_BROKEN = "3100000094"  # answers with a page instead of an answer
VSS_FLIPS = "3100000104"  # says something else when it is asked anew
HOUSEHOLD_UNKNOWN = "8100000015"
HOUSEHOLD_AT_THE_LINE = "8100000022"  # a revenue of exactly 100 million
CLOSED_FROM = "2020-03-28"
NEVER_CLOSED = ("tạp hóa", "tap hoa")  # lines of business the province left open

NO_MONEY = {
    "finance.revenue_vnd": 0,
    "finance.wage_reserve_vnd": 0,
    "finance.retained_profit_vnd": 0,
    "finance.cash_vnd": 0,
}
MONEY = {
    "finance.revenue_vnd": 2_500_000_000,
    "finance.wage_reserve_vnd": 400_000_000,
    "finance.retained_profit_vnd": 300_000_000,
    "finance.cash_vnd": 900_000_000,
}
PARTICIPATES = {
    "vss.participating_before_suspension": True,
    "vss.decrease_reported": True,
    "vss.contract_ended": False,
    "vss.participating_before_termination": True,
}
NO_LONGER_PAID_IN = {"ui.months_last_24": 7, "ui.months_last_36": 9}


@dataclasses.dataclass(frozen=True)
class Known:
    """An invented participant: who asks about the number with another name or birth hears what differs."""

    full_name: str
    date_of_birth: dt.date


# Invented; the numbers are of no office.
PEOPLE = {
    "7998000101": Known("Nguyễn Thị Thu Hòa", dt.date(1990, 2, 3)),
    "7998000102": Known("Trần Văn Bình", dt.date(1985, 11, 30)),
    "7998000103": Known("Lê Thị Mỹ Duyên", dt.date(1993, 7, 21)),
    "7998000104": Known("Phạm Quốc Đạt", dt.date(1978, 1, 9)),
    "7998000105": Known("Đỗ Thị Thùy Linh", dt.date(1996, 12, 1)),
}


def answer_for(question: Question, now: dt.datetime, anew: bool = False) -> Answer:
    """What the stand-in says to a question: of the facts wanted, and of nothing else. anew: asked under another key."""
    wants_dossier = {fact for fact in DOSSIER_FACTS[question.registry] if fact in question.wanted}
    dossier = None
    if wants_dossier or not ROW_FACTS[question.registry]:
        dossier = _only(_of_unit(question), wants_dossier or set(DOSSIER_FACTS[question.registry]))
    wants_rows = {fact for fact in ROW_FACTS[question.registry] if fact in question.wanted or not question.wanted}
    rows = tuple(_only(_about(row, question.registry, wants_rows), wants_rows) for row in question.rows)
    if anew and question.registry == "vss" and question.employer.tax_code[:10] == VSS_FLIPS:
        rows = tuple(dataclasses.replace(row, facts=_turned(row.facts)) for row in rows)
    return Answer(
        registry=question.registry,
        question_id=question.question_id,
        as_of=question.as_of,
        answered_at=now,
        source=f"sandbox/{question.registry}/1",
        dossier=dossier,
        rows=rows if wants_rows else (),
    )


def _turned(facts: dict[str, FactValue]) -> dict[str, FactValue]:
    return {name: not value if isinstance(value, bool) else value for name, value in facts.items()}


def _only(row: RowAnswer, wanted: set[str]) -> RowAnswer:
    return dataclasses.replace(row, facts={name: value for name, value in row.facts.items() if name in wanted})


def _of_unit(question: Question) -> RowAnswer:
    """What a registry says of the employer, or the household, by its tax code."""
    unit, code = question.employer, question.employer.tax_code[:10]
    match question.registry:
        case "enterprise":
            return _enterprise(unit)
        case "cic":
            return RowAnswer("", unit.tax_code, "match", {"cic.bad_debt_at_2019_12_31": code == CIC_BAD_DEBT})
        case "closures":
            closed = not any(line in unit.business_line.casefold() for line in NEVER_CLOSED)
            return RowAnswer("", unit.tax_code, "match", {"province.closed_from": CLOSED_FROM if closed else None})
        case "vss":
            now = 20 if code == VSS_NO_CUT else 8
            counts = {"bhxh.headcount_2020_01": 20, "bhxh.headcount_now": now, "bhxh.paid_through": "2020-01"}
            return RowAnswer("", unit.tax_code, "match", counts)
        case _:
            money = MONEY if code == TAX_HAS_REVENUE else NO_MONEY
            revenue = 100_000_000 if code == HOUSEHOLD_AT_THE_LINE else 78_000_000
            household = {"tax.household_found": True, "tax.household_revenue_2020_vnd": revenue}
            if code == HOUSEHOLD_UNKNOWN:
                household = {"tax.household_found": False}
            return RowAnswer("", unit.tax_code, "match", {**money, **household})


def _enterprise(employer: Employer) -> RowAnswer:
    if employer.tax_code[:10] == ENTERPRISE_NOT_FOUND:
        return RowAnswer("", employer.tax_code, "not_found")
    return RowAnswer(
        "", employer.tax_code, "match", {"employer.kind": "enterprise", "employer.name": employer.name or None}
    )


def _about(row: QuestionRow, registry: str, wanted: set[str]) -> RowAnswer:
    """What social insurance says of one person: of those it knows by name, else by the last four digits."""
    number, ending = row.bhxh_number, row.bhxh_number[-4:]
    if registry == "ui":
        return _unemployment(row, ending)
    # Who is only stopped, and still paid, was never reported as a decrease.
    facts = PARTICIPATES if "vss.contract_ended" in wanted else {**PARTICIPATES, "vss.decrease_reported": False}
    if (known := PEOPLE.get(number)) is not None and (differs := _differs(known, row)):
        return RowAnswer(row.key, number, "mismatch", dict(facts), differs)
    match ending:
        case "0001":
            facts = {
                **facts,
                "vss.participating_before_suspension": False,
                "vss.participating_before_termination": False,
            }
        case "0002":
            facts = {**facts, "vss.decrease_reported": False}
        case "0003":
            facts = {**facts, "vss.contract_ended": True}
        case "0007":
            facts = {**facts, "vss.decrease_reported": True}
        case "0004":
            return RowAnswer(row.key, number, "mismatch", dict(facts), ("employee.full_name",))
        case "0005" | "":
            return RowAnswer(row.key, number, "not_found")
        case "0006":
            return RowAnswer(row.key, number[:-4] + "9999", "match", dict(facts))
    return RowAnswer(row.key, number, "match", dict(facts))


def _differs(known: Known, row: QuestionRow) -> tuple[str, ...]:
    """The fields that differ between an invented participant and who is asked about."""
    other_name = bool(row.full_name) and not names.compare(row.full_name, known.full_name).same
    other_birth = row.date_of_birth is not None and row.date_of_birth != known.date_of_birth
    found = (("employee.full_name", other_name), ("employee.date_of_birth", other_birth))
    return tuple(field for field, differs in found if differs)


def _unemployment(row: QuestionRow, ending: str) -> RowAnswer:
    if ending in ("0005", ""):
        return RowAnswer(row.key, row.bhxh_number, "not_found")
    months = {"ui.months_last_24": 20, "ui.months_last_36": 30} if ending == "0008" else NO_LONGER_PAID_IN
    return RowAnswer(row.key, row.bhxh_number, "match", dict(months))
