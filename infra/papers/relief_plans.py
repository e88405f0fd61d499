"""The plans of the sample dossiers of LN, HB, TC and PS: of each service one that passes, one the law refuses, one that
must be supplemented.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from datetime import date
from typing import Any

from .affairs import Fact, invent_household
from .people import (
    MAGIC_BHXH_ENDINGS,
    MAGIC_TAX_CODES,
    Employer,
    Job,
    Person,
    invent_employer,
    invent_job,
    invent_person,
)
from .plans import Plan, Sheet

_COMMUNE, _WARD = "H29.1.1", "phường Bến Nghé"
_VSS = "H29.1-vss"
_APRIL = (date(2020, 4, 1), date(2020, 4, 30))
_WAGE_VND, _LOAN_VND, _CASH_VND = 4_420_000, 2_210_000, 1_000_000


def relief_plans() -> list[Plan]:
    return [
        _loan("loan_right", "Công ty TNHH May mặc Hoàng Gia Phát", "Vay trả lương ngừng việc cho 3 người lao động",
              "A loan for the wages of 3 stopped employees", 101),
        _loan("loan_bad_debt", "Công ty Cổ phần Cơ khí Bình Minh Sài Gòn", "Có nợ xấu tại ngày 31/12/2019",
              "Bad debt on 31/12/2019", 111, tax=MAGIC_TAX_CODES["cic_bad_debt"], fails=True),
        _loan("loan_without_list", "Công ty TNHH Giày da Phú Lộc Thành", "Thiếu Mẫu số 12, bổ sung sau",
              "Form 12 is missing and comes later", 121, without_list=True),
        _household("household_right", "Hộ kinh doanh phải tạm ngừng cả tháng 4",
                   "A household business that had to stop for April", 201),
        _household("household_at_the_line", "Doanh thu năm 2020 đúng 100 triệu đồng",
                   "A revenue of exactly 100 million in 2020", 211,
                   tax=MAGIC_TAX_CODES["household_at_the_line"], revenue_2020_vnd=100_000_000, fails=True),
        _household("household_blurred", "Đơn đề nghị bị mờ, không đọc được", "The request cannot be read", 221,
                   blurred=True),
        _ended("ended_right", "Chấm dứt hợp đồng ngày 15/04/2020, chưa đủ tháng đóng bảo hiểm thất nghiệp",
               "The contract ended on 15/04/2020, too few months of unemployment insurance", 301),
        _ended("ended_entitled", "Đủ điều kiện hưởng trợ cấp thất nghiệp", "Entitled to unemployment benefit", 311,
               fails=True),
        _ended("ended_without_paper", "Thiếu quyết định chấm dứt hợp đồng, bổ sung sau",
               "The decision that ended the contract is missing and comes later", 321, without_decision=True),
        _pause("pause_right", "Công ty TNHH Du lịch Biển Xanh Phú Quý",
               "Lao động tham gia BHXH giảm từ 20 xuống 8 người", "Insured employees cut from 20 to 8", 401),
        _pause("pause_no_cut", "Công ty Cổ phần Bao bì Tân Hưng Thịnh", "Lao động tham gia BHXH không giảm",
               "Insured employees were not cut", 411, off=3, fails=True),
        _pause("pause_no_work", "Công ty TNHH Dịch vụ Lữ hành Ánh Trăng",
               "12/20 người tạm nghỉ việc, cơ quan lao động xác nhận; danh sách bổ sung sau",
               "12 of 20 off work, confirmed by the labour office; the list comes later", 421, without_list=True),
    ]  # fmt: skip


# ---- loans ----


def _loan(
    name: str, firm: str, title: str, title_en: str, seed: int, *, tax: str | None = None, fails: bool = False,
    without_list: bool = False,
) -> Plan:  # fmt: skip
    employer = _employer(name, firm, tax)
    jobs = tuple(_job(employer, seed + n) for n in range(1, 4))
    asked = _given(
        **{
            "stoppage.count": 3,
            "employer.bhxh_headcount": 10,
            "employer.region": "I",
            "loan.months": 1,
            "loan.amount_vnd": 3 * _LOAN_VND,
            "finance.wage_reserve_vnd": 0,
        }
    )
    rows = tuple(
        _given(
            **{
                "employer.region": "I",
                "other.minimum_wage_vnd": _WAGE_VND,
                "stoppage.starts_on": _APRIL[0],
                "stoppage.ends_on": _APRIL[1],
                "stoppage.wage_due_vnd": _WAGE_VND,
                "stoppage.wage_paid_vnd": _WAGE_VND // 2,
                "loan.amount_vnd": _LOAN_VND,
            }
        )
        for _ in jobs
    )
    request = Sheet("mau-so-11.pdf", "form11_state", "born_digital", jobs[:1], seed, facts=asked)
    level = "clean300" if name == "loan_right" else "born_digital"
    heading = _given(**{"employer.region": "I", "stoppage.count": 3})
    listed = Sheet("mau-so-12.pdf", "form12_ruled", level, jobs, seed, facts=heading, row_facts=rows)
    amounts = {} if fails else {job.person: (1, _LOAN_VND) for job in jobs}
    expected = _expected([job.person for job in jobs], amounts, route="fast_lane", fails=fails)
    return Plan(
        name, title, title_en, employer, (request,) if without_list else (request, listed),
        expected | _asks(without_list, "form_12"), _later(without_list, listed, "form_12"), procedure="LN",
        declared=(("finance.wage_reserve_vnd", 0),),
    )  # fmt: skip


# ---- household businesses ----


def _household(
    name: str, title: str, title_en: str, seed: int, *, tax: str | None = None, revenue_2020_vnd: int = 78_000_000,
    fails: bool = False, blurred: bool = False,
) -> Plan:  # fmt: skip
    rng = random.Random(f"household {name}")
    household = invent_household(
        rng, owner=_resident(invent_person(rng)), tax=tax, city="Hồ Chí Minh", district="Quận 1", commune=_WARD,
        revenue_2020_vnd=revenue_2020_vnd, suspended=_APRIL, line="Karaoke",
    )  # fmt: skip
    employer = _employer(name, household.name)
    about = (_job(employer, seed),)
    level = "clean300" if blurred else "office200" if name == "household_right" else "born_digital"
    request = Sheet(
        "mau-so-02.pdf", "form02_state", level, about, seed, blurred=1 if blurred else None, household=household
    )
    papers = (
        request,
        Sheet("dang-ky-ho-kinh-doanh.pdf", "householdcert_green", "born_digital", about, seed, household=household),
        Sheet("thong-bao-thue.pdf", "taxnotice_lump", "born_digital", about, seed, household=household),
    )
    owner = household.owner
    expected = _expected([owner], {} if fails else {owner: (1, _CASH_VND)}, route="review", fails=fails)
    later: tuple[Sheet, ...] = ()
    if blurred:
        expected |= {"route": "ask", "asks_for": [{"file": request.name, "page": 1}]}
        later = (dataclasses.replace(request, name="mau-so-02-ban-ro.pdf", blurred=None, only=1),)
    return Plan(
        name, title, title_en, employer, papers, expected, later, procedure="HB", office=_COMMUNE, declared=(),
        contact=(owner.full_name, household.phone),
    )  # fmt: skip


# ---- contracts that ended ----


def _ended(
    name: str, title: str, title_en: str, seed: int, *, fails: bool = False, without_decision: bool = False
) -> Plan:
    employer = _employer(name, "Công ty TNHH Nhà hàng Bếp Việt Sài Gòn")
    ending = MAGIC_BHXH_ENDINGS["unemployment_benefit"] if fails else None
    job = _job(employer, seed, bhxh_ending=ending)
    job = dataclasses.replace(job, person=_resident(job.person))
    facts = _given(
        **{
            "termination.effective_on": date(2020, 4, 15),
            "termination.reason": "agreement",
            "termination.legal_basis": "khoản 3 Điều 36",
            "income.monthly_vnd": 0,
            "income.area_kind": "urban",
            "document.issued_on": date(2020, 4, 29),
        }
    )
    decided = tuple((key, date(2020, 4, 10) if key == "document.issued_on" else value) for key, value in facts)
    level = "office200" if name == "ended_right" else "born_digital"
    request = Sheet("mau-so-03.pdf", "form03_state", "born_digital", (job,), seed, facts=facts)
    decision = Sheet("quyet-dinh-cham-dut.pdf", "termination_decreed", level, (job,), seed, facts=decided)
    contract = Sheet("hop-dong-lao-dong.pdf", "contract_party_a_b", "born_digital", (job,), seed)
    papers = (request, contract) if without_decision else (request, decision, contract)
    expected = _expected(
        [job.person], {} if fails else {job.person: (2, 2 * _CASH_VND)}, route="fast_lane",
        failed_rules={job.person: ["TC-4"]} if fails else None, fails=fails,
    )  # fmt: skip
    return Plan(
        name, title, title_en, employer, papers, expected | _asks(without_decision, "termination_decision"),
        _later(without_decision, decision, "termination_decision"), procedure="TC", office=_COMMUNE, declared=(),
        contact=(job.person.full_name, job.person.phone),
    )  # fmt: skip


# ---- the pause of contributions ----


def _pause(
    name: str, firm: str, title: str, title_en: str, seed: int, *, off: int = 12, fails: bool = False,
    without_list: bool = False,
) -> Plan:  # fmt: skip
    cut = not fails and not without_list
    employer = _employer(name, firm, None if cut else MAGIC_TAX_CODES["vss_no_cut"])
    jobs = tuple(_job(employer, seed + n, days=(date(2020, 5, 1), date(2020, 6, 30))) for n in range(1, off + 1))
    facts = _given(
        **{
            "headcount.before": 20,
            "headcount.off_bhxh": off,
            "bhxh.headcount_2020_01": 20,
            "bhxh.headcount_now": 8 if cut else 20,
            "bhxh.paid_through": "2020-01",
            "request.month": "2020-05",
            "request.months": 2,
            "asset.total_ex_land_vnd": 5_000_000_000,
            "asset.loss_vnd": 500_000_000,
            "document.issued_on": date(2020, 5, 4),
        }
    )
    rows = tuple(_given(**{"other.absence": "suspension", "other.absence_kind": "suspension"}) for _ in jobs)
    level = "clean300" if name == "pause_right" else "born_digital"
    layout = "psrequest_annex" if fails else "psrequest_letter"
    request = Sheet("cong-van-de-nghi.pdf", layout, level, jobs[:1], seed, facts=facts)
    listed = Sheet("danh-sach-giam.pdf", "pslist_reasons", "born_digital", jobs, seed, facts=facts, row_facts=rows)
    people = [job.person for job in jobs]
    expected = _expected(people, {} if fails else dict.fromkeys(people, (0, 0)), route="fast_lane", fails=fails)
    return Plan(
        name, title, title_en, employer, (request,) if without_list else (request, listed),
        expected | _asks(without_list, "ps_list"), _later(without_list, listed, "ps_list"), procedure="PS",
        office=_VSS, declared=(),
    )  # fmt: skip


# ---- what all of them share ----


def _employer(sample: str, name: str, tax: str | None = None) -> Employer:
    rng = random.Random(f"employer {sample}")
    return invent_employer(rng, tax=tax, city="Hồ Chí Minh", district="Quận 1", name=name)


def _job(employer: Employer, serial: int, *, days: tuple[date, date] = _APRIL, bhxh_ending: str | None = None) -> Job:
    rng = random.Random(f"sample job {serial}")
    person = invent_person(rng, employer.line, bhxh_ending=bhxh_ending)
    return invent_job(
        rng, employer, person, kind="suspension", starts_on=days[0], ends_on=days[1], contract_type="indefinite",
        serial=serial,
    )  # fmt: skip


def _resident(person: Person) -> Person:
    """The same person, living in the ward where the sample dossiers of one person are filed."""
    address = f"{len(person.full_name) + 10} Lê Thánh Tôn, {_WARD}, Quận 1, TP. Hồ Chí Minh"
    return dataclasses.replace(person, current_address=address, permanent_address=address)


def _given(**facts: Fact) -> tuple[tuple[str, Fact], ...]:
    return tuple(facts.items())


def _asks(missing: bool, document_type: str) -> dict[str, Any]:
    return {"route": "ask", "asks_for": [{"file": document_type, "page": None}]} if missing else {}


def _later(missing: bool, sheet: Sheet, document_type: str) -> tuple[Sheet, ...]:
    return (dataclasses.replace(sheet, answers=document_type),) if missing else ()


def _expected(
    people: list[Person], granted: Mapping[Person, tuple[int, int]], *, route: str, fails: bool = False,
    failed_rules: Mapping[Person, list[str]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """How a dossier must end: granted gives months and amount of each person who is approved."""
    rows = {
        person.bhxh_number: {
            "full_name": person.full_name,
            "outcome": "approve" if person in granted else "refuse",
            "months": granted.get(person, (0, 0))[0],
            "amount_vnd": granted.get(person, (0, 0))[1],
            "failed_rules": (failed_rules or {}).get(person, []),
        }
        for person in people
    }
    return {
        "route": "refusal_proposed" if fails else route,
        "state": "refused" if fails else "approved",
        "total_vnd": sum(amount for _, amount in granted.values()),
        "rows": rows,
        "asks_for": [],
        "not_checked": [],
    }
