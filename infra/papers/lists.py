"""What lists of people print beside a job's own facts: months without work, wages of those months, why and since when
somebody is away, what an employer declares about all of them.

Follows from the job alone, so that the same person has the same figures on every list.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from .people import Employer, Job

LISTS = frozenset({"form_01", "form_12", "ps_list", "vss_d02"})
"""The kinds of paper that list people, one row each."""

MINIMUM_WAGES_VND = {"I": 4_420_000, "II": 3_920_000, "III": 3_430_000, "IV": 3_070_000}
"""Monthly minimum wages of the four regions in 2020 (Nghị định 90/2019/NĐ-CP)."""

_ABSENCES = ("suspension", "unpaid_leave", "stoppage", "termination")

Value = str | int | bool | None


def region_of(employer: Employer) -> str:
    """The employer's wage region, I to IV."""
    return random.Random(f"region {employer.tax_code}").choice(("I", "I", "II", "III", "IV"))


def absence_of(job: Job) -> str:
    """Why somebody stands on a list of people who are away: one of suspension, unpaid_leave, stoppage, termination."""
    return random.Random(f"absence {job.person.bhxh_number}").choice(_ABSENCES)


def list_facts(job: Job, employer: Employer) -> dict[str, Value | date]:
    """The facts of one row that only lists print."""
    rng = random.Random(f"row {job.person.bhxh_number}")
    lowest = MINIMUM_WAGES_VND[region_of(employer)]
    months = max(1, round((job.suspension_ends_on - job.suspension_starts_on).days / 30.4))
    due = (lowest + rng.randrange(0, 60) * 25_000) * months
    absence = absence_of(job)
    kind = {"suspension": "suspension", "unpaid_leave": "unpaid_leave"}.get(absence)
    return {
        "employer.region": region_of(employer),
        "other.minimum_wage_vnd": lowest,
        "stoppage.starts_on": job.suspension_starts_on,
        "stoppage.ends_on": job.suspension_ends_on,
        "stoppage.wage_due_vnd": due,
        "stoppage.wage_paid_vnd": rng.choice((0, 0, due // 2, due)),
        "loan.amount_vnd": lowest * months // 2,
        "other.absence": absence,
        "other.absence_kind": kind,
        "termination.effective_on": job.suspension_starts_on,
        "other.change_month": job.suspension_starts_on.replace(day=1),
    }


def declared_facts(jobs: Sequence[Job], employer: Employer) -> dict[str, Value | date]:
    """What the employer says of the list as a whole."""
    rng = random.Random(f"declared {employer.tax_code} {len(jobs)}")
    return {
        "document.number": f"{rng.randrange(1, 90):02d}/DS-{employer.initials}",
        "stoppage.count": len(jobs),
        "headcount.off_bhxh": len(jobs),
        "headcount.before": len(jobs) + rng.randrange(1, 60),
        "employer.region": region_of(employer),
    }
