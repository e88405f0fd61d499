"""The plans of the sample dossiers of SW, and what every plan is made of: who, when, which scanner, how it must end."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .affairs import Fact, Household
from .people import (
    MAGIC_BHXH_ENDINGS,
    SAMPLE_TAX_CODES,
    ContractType,
    Employer,
    Job,
    Sex,
    SuspensionKind,
    invent_employer,
    invent_job,
    invent_person,
    unaccented,
)
from .wearing import Level

MONTHLY_VND = 1_800_000
OFFICE = "H29.1"
"""The district office where every sample employer has its head office (Quận 1, TP. Hồ Chí Minh)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file to make. `facts` and `row_facts`: values by field id in place of the invented ones; `answers`: the type
    of the missing paper it is sent as."""

    name: str
    layout: str
    level: Level
    jobs: tuple[Job, ...]
    seed: int
    blurred: int | None = None
    only: int | None = None
    household: Household | None = None
    facts: tuple[tuple[str, Fact], ...] = ()
    row_facts: tuple[tuple[tuple[str, Fact], ...], ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    title: str
    title_en: str
    employer: Employer
    sheets: tuple[Sheet, ...]
    expected: Mapping[str, Any]
    follow_up: tuple[Sheet, ...] = ()
    procedure: str = "SW"
    office: str = OFFICE
    declared: tuple[tuple[str, Any], ...] = (("finance.revenue_vnd", 0),)
    contact: tuple[str, str] = ("", "")


def employers_plans() -> list[Plan]:
    """The four dossiers of employers whose people have no pay (SW)."""
    return [_all_right(), _partly_refused(), _unreadable_page(), _registry_down()]


def _all_right() -> Plan:
    employer = sample_employer("all_right", "Công ty TNHH Dệt may An Phú Thịnh")
    a, b, c = (
        sample_job(employer, 1, "female", "suspension", (date(2020, 4, 15), date(2020, 5, 14))),
        sample_job(employer, 2, "male", "suspension", (date(2020, 4, 20), date(2020, 5, 19)), contract="fixed"),
        sample_job(employer, 3, "female", "unpaid_leave", (date(2020, 5, 1), date(2020, 5, 31))),
    )
    return Plan(
        "all_right",
        "Danh sách 3 người lao động, mọi giấy tờ đều đúng",
        "A list of 3 employees, everything right",
        employer,
        (
            Sheet("mau-so-01.pdf", "form01_ruled", "clean300", (a, b, c), 11),
            _of_one("hop-dong-{}.pdf", "contract_party_a_b", "clean300", a, 12),
            _of_one("hop-dong-{}.pdf", "contract_one_side", "born_digital", b, 13),
            _of_one("hop-dong-{}.pdf", "contract_table", "born_digital", c, 14),
            _of_one("thoa-thuan-{}.jpg", "suspension_letterhead", "clean300", a, 15),
            _of_one("thoa-thuan-{}.pdf", "suspension_letterhead", "office200", b, 16),
            _of_one("thoa-thuan-{}.pdf", "unpaid_form", "clean300", c, 17),
        ),
        expect("fast_lane", "approved", approve=(a, b, c)),
    )


def _partly_refused() -> Plan:
    employer = sample_employer("partly_refused", "Công ty Cổ phần Du lịch Sao Mai Xanh")
    fine = sample_job(employer, 21, "male", "suspension", (date(2020, 4, 6), date(2020, 5, 5)))
    uninsured = sample_job(
        employer, 22, "female", "suspension", (date(2020, 4, 10), date(2020, 5, 9)), bhxh="not_participating"
    )
    late = sample_job(employer, 23, "male", "unpaid_leave", (date(2020, 6, 2), date(2020, 7, 1)))
    return Plan(
        "partly_refused",
        "Một người không tham gia BHXH, một người bắt đầu tạm hoãn ngày 02/06/2020",
        "One employee not insured, one whose suspension starts on 02/06/2020",
        employer,
        (
            Sheet("danh-sach-mau-01.pdf", "form01_split", "clean300", (fine, uninsured, late), 21),
            _of_one("hdld-{}.pdf", "contract_party_a_b", "born_digital", fine, 22),
            _of_one("hdld-{}.pdf", "contract_table", "born_digital", uninsured, 23),
            _of_one("hdld-{}.pdf", "contract_one_side", "born_digital", late, 24),
            _of_one("tam-hoan-{}.pdf", "suspension_letterhead", "stamped", fine, 28),
            _of_one("tam-hoan-{}.pdf", "suspension_letterhead", "office200", uninsured, 26),
            _of_one("nghi-khong-luong-{}.jpg", "unpaid_two_sides", "phone", late, 27),
        ),
        expect("partial", "partly_approved", approve=(fine,), refuse={uninsured: ["SW-5"], late: ["SW-3", "SW-2"]}),
    )


def _unreadable_page() -> Plan:
    employer = sample_employer("unreadable_page", "Công ty TNHH Khách sạn Hải Yến Cửu Long")
    job = sample_job(employer, 31, "female", "suspension", (date(2020, 4, 15), date(2020, 5, 14)))
    agreement = Sheet("bien-ban-thoa-thuan.pdf", "suspension_minutes", "clean300", (job,), 33, blurred=2)
    return Plan(
        "unreadable_page",
        "Trang 2 của thỏa thuận tạm hoãn bị mờ, không đọc được",
        "The second page of the suspension agreement cannot be read",
        employer,
        (
            Sheet("mau-so-01.pdf", "form01_ruled", "office200", (job,), 31),
            Sheet("hop-dong-lao-dong.pdf", "contract_table", "clean300", (job,), 32),
            agreement,
        ),
        expect("ask", "approved", approve=(job,)) | {"asks_for": [{"file": agreement.name, "page": 2}]},
        (dataclasses.replace(agreement, name="bien-ban-thoa-thuan-trang-2.pdf", blurred=None, only=2),),
    )


def _registry_down() -> Plan:
    employer = sample_employer("registry_down", "Công ty TNHH Vận tải Trường Thọ Mới")
    job = sample_job(employer, 41, "male", "suspension", (date(2020, 4, 20), date(2020, 5, 19)))
    return Plan(
        "registry_down",
        "Cơ sở dữ liệu BHXH không trả lời",
        "The social-insurance registry does not answer",
        employer,
        (
            Sheet("mau-so-01.pdf", "form01_split", "office200", (job,), 41),
            Sheet("hop-dong-lao-dong.pdf", "contract_party_a_b", "office200", (job,), 42),
            Sheet("thoa-thuan-tam-hoan.pdf", "suspension_letterhead", "clean300", (job,), 43),
        ),
        expect("review", "approved", approve=(job,))
        | {
            "not_checked": ["vss"],
            "officer_reason": {
                "vi": "Đã đối chiếu với công văn xác nhận của BHXH Quận 1 do hệ thống tra cứu không trả lời.",
                "en": "Compared with the written confirmation of District 1 social insurance; the registry was down.",
            },
        },
    )


def sample_employer(sample: str, name: str) -> Employer:
    rng = random.Random(f"employer {sample}")
    return invent_employer(rng, tax=SAMPLE_TAX_CODES[sample], city="Hồ Chí Minh", district="Quận 1", name=name)


def sample_job(
    employer: Employer, serial: int, sex: Sex, kind: SuspensionKind, days: tuple[date, date], *,
    contract: ContractType = "indefinite", bhxh: str | None = None,
) -> Job:  # fmt: skip
    rng = random.Random(f"sample job {serial}")
    ending = MAGIC_BHXH_ENDINGS[bhxh] if bhxh else None
    person = invent_person(rng, employer.line, sex=sex, bhxh_ending=ending)
    return invent_job(
        rng, employer, person, kind=kind, starts_on=days[0], ends_on=days[1], contract_type=contract, serial=serial
    )


def expect(
    route: str, state: str, *, approve: tuple[Job, ...], refuse: Mapping[Job, list[str]] | None = None
) -> dict[str, Any]:
    rows = {
        job.person.bhxh_number: {
            "full_name": job.person.full_name,
            "outcome": "approve",
            "months": 1,
            "amount_vnd": MONTHLY_VND,
            "failed_rules": [],
        }
        for job in approve
    }
    for job, rules in (refuse or {}).items():
        rows[job.person.bhxh_number] = {
            "full_name": job.person.full_name,
            "outcome": "refuse",
            "months": 0,
            "amount_vnd": 0,
            "failed_rules": rules,
        }
    return {
        "route": route,
        "state": state,
        "total_vnd": MONTHLY_VND * len(approve),
        "rows": rows,
        "asks_for": [],
        "not_checked": [],
    }


def slug(job: Job) -> str:
    return unaccented(job.person.full_name).lower().replace(" ", "-")


def _of_one(name: str, layout: str, level: Level, job: Job, seed: int) -> Sheet:
    """A paper about one person, which bears the person's name."""
    return Sheet(name.format(slug(job)), layout, level, (job,), seed)
