"""Valid dossiers of the other services, as papers that fakes.read_sheets reads; a test says only what differs."""

from __future__ import annotations

from typing import Any

from infra.local.registry_answers import answer_for
from tests.builders.papers import ANH, Employee, sheet


class PlayedRegistry:
    """The stand-in's answers without its socket."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self.asked: list[Any] = []

    def ask(self, question: Any) -> Any:
        self.asked.append(question)
        return answer_for(question, self._clock())


def household(**differs: Any) -> dict[str, bytes]:
    """HB: a household business that had to stop."""
    said = {
        "household.name": "Hộ kinh doanh Út Lan",
        "household.owner.full_name": "Nguyễn Thị Út",
        "household.owner.id_number": "079180000123",
        "household.tax_code": "8100000047",
        "household.business_line": "Karaoke",
        "household.address": "12 Lê Lợi, phường Bến Nghé, Quận 1, TP. Hồ Chí Minh",
        "household.suspended_from": "2020-04-01",
        "household.suspended_to": "2020-04-30",
    }
    return {"mau-02.pdf": sheet("form_02", said | differs)}


def ended(person: Employee = ANH, **differs: Any) -> dict[str, bytes]:
    """TC: somebody whose contract ended."""
    said = {
        "employee.full_name": person.name,
        "employee.bhxh_number": person.bhxh,
        "employee.date_of_birth": person.born,
        "employee.id_number": "079190000777",
        "employee.current_address": "12 Lê Lợi, phường Bến Nghé, Quận 1, TP. Hồ Chí Minh",
        "contract.signed_on": "2018-01-02",
        "contract.type": "indefinite",
        "termination.effective_on": "2020-04-15",
        "termination.reason": "agreement",
        "income.monthly_vnd": 1_200_000,
    }
    proof = {"employee.full_name": person.name, "termination.effective_on": "2020-04-15"}
    return {"mau-03.pdf": sheet("form_03", said | differs), "quyet-dinh.pdf": sheet("termination_decision", proof)}


def pause(**differs: Any) -> dict[str, bytes]:
    """PS: an employer who pauses his payments, by the way the labour authority confirms."""
    said = {
        "employer.tax_code": "3100000062",
        "employer.name": "Công ty TNHH May Ánh Dương",
        "headcount.before": 2,
        "headcount.off_bhxh": 1,
        "bhxh.headcount_2020_01": 20,
        "bhxh.headcount_now": 20,
        "bhxh.paid_through": "2020-01",
        "request.month": "2020-05",
        "request.months": 2,
    }
    row = {
        "employee.full_name": ANH.name,
        "employee.bhxh_number": ANH.bhxh,
        "suspension.starts_on": "2020-05-01",
        "suspension.ends_on": "2020-06-30",
    }
    return {"cong-van.pdf": sheet("ps_request", said | differs), "danh-sach.pdf": sheet("ps_list", {}, [row])}


def loan(**differs: Any) -> dict[str, bytes]:
    """LN: an employer of five who borrows the stoppage wage of one."""
    employer = {"employer.tax_code": "0312345671", "employer.name": "Công ty TNHH May Ánh Dương"}
    said = employer | {
        "employer.representative.id_number": "079180000999",
        "employer.bhxh_headcount": 5,
        "stoppage.count": 1,
        "loan.months": 1,
        "loan.amount_vnd": 2_210_000,
    }
    row = {
        "employee.full_name": "Nguyễn Thị Thu Hòa",
        "employee.bhxh_number": "7998000101",
        "stoppage.starts_on": "2020-04-01",
        "stoppage.ends_on": "2020-04-30",
        "stoppage.wage_due_vnd": 4_420_000,
        "stoppage.wage_paid_vnd": 2_210_000,
    }
    money = {"employer.tax_code": "0312345671", "finance.wage_reserve_vnd": 0}
    return {
        "mau-11.pdf": sheet("form_11", said | differs),
        "mau-12.pdf": sheet("form_12", employer | {"employer.region": "I"}, [row]),
        "bao-cao.pdf": sheet("financial_statement", money),
    }
