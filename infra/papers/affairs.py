"""What befell invented employers, workers and household businesses in 2020: stoppages, loans, endings, accounts.

Everything follows from the employer, the job or the household alone, so that two papers of one employer agree with
each other whoever prints them; a caller who wants another figure gives it by its field id (`facts` of `make_paper`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from .lists import MINIMUM_WAGES_VND, region_of
from .people import CITIES, Employer, Job, Person, Place, add_months, invent_person, tax_code

Fact = str | int | bool | date | None

_LINES = ("Karaoke", "Quán bar", "Ăn uống", "Cắt tóc, gội đầu", "Mát-xa, xông hơi", "Trò chơi điện tử",
          "Cà phê giải khát", "May đo quần áo", "Tạp hóa", "Phòng tập thể hình")  # fmt: skip
_SHOPS = ("Hoa Phượng", "Minh Tâm", "Bảo Ngọc", "Sông Quê", "Thanh Bình", "Kim Liên", "Út Lan", "Phố Xưa", "Tuấn Anh",
          "Hồng Nhung", "Đức Mạnh", "Hương Quê")  # fmt: skip
_REASONS = ("expiry", "agreement", "restructuring", "employer_unilateral", "employee_unilateral_lawful")
_ARTICLES = {
    "expiry": "khoản 1 Điều 36",
    "agreement": "khoản 3 Điều 36",
    "restructuring": "Điều 44",
    "employer_unilateral": "điểm c khoản 1 Điều 38",
    "employee_unilateral_lawful": "Điều 37",
}


@dataclass(frozen=True, slots=True)
class Household:
    """One invented household business and its owner. `registration_number` is province, district letter, 8, serial."""

    name: str
    owner: Person
    registration_number: str
    registered_on: date
    tax_code: str
    business_line: str
    address: str
    commune: str
    district: str
    city: str
    phone: str
    capital_vnd: int
    revenue_2020_vnd: int
    suspended_from: date
    suspended_to: date


def invent_household(
    rng: random.Random, *, owner: Person | None = None, tax: str | None = None, city: str | None = None,
    district: str | None = None, commune: str | None = None, revenue_2020_vnd: int | None = None,
    suspended: tuple[date, date] | None = None, line: str | None = None,
) -> Household:  # fmt: skip
    """One household business; whatever the caller fixes stays, the rest is invented within the law of April 2020."""
    place = next((place for place in CITIES if place.name == city), None) or rng.choice(CITIES)
    bounds = next((bound for bound in place.bounds if bound[0] == district), None) or rng.choice(place.bounds)
    commune = commune or rng.choice(bounds[1])
    owner = owner or invent_person(rng)
    while tax is None:
        tax = tax_code("8" + f"{rng.randrange(1, 100_000_000):08d}")
    line = line or rng.choice(_LINES)
    begin = date(2020, 4, 1) + timedelta(days=rng.randrange(0, 20))
    stop = suspended or (begin, add_months(begin, rng.choice((1, 1, 2))) - timedelta(days=1))
    number = f"{_number_prefix(place)}{rng.choice('ABCDEH')}8{rng.randrange(1, 1_000_000):06d}"
    street = f"{rng.randrange(2, 380)} {rng.choice(('Nguyễn Trãi', 'Lê Lợi', 'Quang Trung', 'Hùng Vương', 'Âu Cơ'))}"
    return Household(
        name=f"Hộ kinh doanh {rng.choice(_SHOPS)}",
        owner=owner,
        registration_number=number,
        registered_on=date(2011, 1, 5) + timedelta(days=rng.randrange(2900)),
        tax_code=tax,
        business_line=line,
        address=f"{street}, {commune}, {bounds[0]}, {place.title}",
        commune=commune,
        district=bounds[0],
        city="Hà Nội" if place.code == "001" else place.title if place.title.startswith("TP.") else place.name,
        phone=f"0{rng.choice((90, 91, 93, 98, 38, 77))}{rng.randrange(10_000_000):07d}",
        capital_vnd=rng.randrange(3, 40) * 5_000_000,
        revenue_2020_vnd=revenue_2020_vnd or rng.randrange(30, 98) * 1_000_000,
        suspended_from=stop[0],
        suspended_to=stop[1],
    )


def household_facts(household: Household) -> dict[str, Fact]:
    """What papers say about a household business, under the ids of the field dictionary."""
    return {
        "household.name": household.name,
        "household.owner.full_name": household.owner.full_name,
        "household.owner.id_number": household.owner.id_number,
        "household.registration_number": household.registration_number,
        "household.tax_code": household.tax_code,
        "household.business_line": household.business_line,
        "household.address": household.address,
        "household.revenue_2020_vnd": household.revenue_2020_vnd,
        "household.suspended_from": household.suspended_from,
        "household.suspended_to": household.suspended_to,
    }


def business_facts(employer: Employer) -> dict[str, Fact]:
    """The employer's people, stoppage, loan, accounts and pension request of 2020, under the dictionary's ids."""
    rng = random.Random(f"affairs {employer.tax_code}")
    before = rng.randrange(12, 180)
    off = max(2, int(before * rng.uniform(0.22, 0.6)))
    stopped, months = rng.randrange(5, max(6, before // 2)), rng.choice((1, 2, 3))
    half_wage = MINIMUM_WAGES_VND[region_of(employer)] // 2
    quarter = rng.randrange(800, 42_000) * 1_000_000 + rng.randrange(1000) * 1000
    year = 4 * quarter + rng.randrange(900) * 1_000_000 + rng.randrange(1000)
    assets = rng.randrange(3_000, 60_000) * 1_000_000
    request = date(2020, rng.choice((4, 5, 6)), 1)
    representative = invent_person(rng, sex=employer.representative_sex)
    return {
        "employer.region": region_of(employer),
        "employer.bhxh_headcount": before,
        "employer.representative.id_number": representative.id_number,
        "headcount.before": before,
        "headcount.off_bhxh": off,
        "bhxh.headcount_2020_01": before + rng.randrange(0, 9),
        "bhxh.headcount_now": before - off,
        "bhxh.paid_through": f"2020-{rng.choice((1, 2, 3)):02d}",
        "stoppage.count": stopped,
        "loan.months": months,
        "loan.new_employees": rng.randrange(0, 4),
        "loan.amount_vnd": half_wage * stopped * months,
        "finance.period": "Năm 2019",
        "finance.revenue_vnd": year,
        "finance.revenue_q4_2019_vnd": quarter,
        "finance.revenue_q1_2020_vnd": int(quarter * rng.uniform(0.3, 0.78)) // 1000 * 1000,
        "finance.revenue_prev_quarter_vnd": quarter,
        "finance.revenue_same_quarter_2019_vnd": int(quarter * rng.uniform(0.85, 1.2)) // 1000 * 1000,
        "finance.wage_reserve_vnd": 0,
        "finance.retained_profit_vnd": rng.choice((-1, 1)) * (rng.randrange(20, 900) * 1_000_000 + 345_678),
        "finance.cash_vnd": rng.randrange(5, 400) * 1_000_000 + rng.randrange(1_000_000),
        "finance.unit_multiplier": 1,
        "asset.total_ex_land_vnd": assets,
        "asset.loss_vnd": int(assets * rng.uniform(0.51, 0.8)) // 1_000_000 * 1_000_000,
        "request.month": f"{request:%Y-%m}",
        "request.months": 3 if request.month < 6 else 1,
    }


def termination_facts(job: Job) -> dict[str, Fact]:
    """How the job ended in spring 2020."""
    rng = random.Random(f"ending {job.contract_number} {job.person.id_number}")
    reason = rng.choice(_REASONS if job.ends_on else _REASONS[1:])
    return {
        "termination.effective_on": date(2020, 4, 1) + timedelta(days=rng.randrange(60)),
        "termination.reason": reason,
        "termination.legal_basis": _ARTICLES[reason],
        "income.monthly_vnd": rng.choice((0, 0, 500_000, 650_000, 800_000)),
        "income.area_kind": "rural" if ", xã " in job.person.current_address else "urban",
    }


def paper_facts(kind: str, employer: Employer, household: Household) -> dict[str, Fact]:
    """Number, day and place of a paper of this kind, where they are not those of the suspension."""
    rng = random.Random(f"number {kind} {employer.tax_code} {household.tax_code}")
    serial = rng.randrange(3, 290)
    marks = {
        "form_11": f"{serial:02d}/ĐN-{employer.initials}",
        "termination_decision": f"{serial:02d}/2020/QĐ-{employer.initials}",
        "ps_request": f"{serial:02d}/CV-{employer.initials}",
        "tax_notice": f"{serial + 1000}/TB-CCT",
        "vss_notice": f"{serial + 400}/TB-BHXH",
    }
    days = {
        "form_02": household.suspended_from + timedelta(days=26),
        "household_cert": household.registered_on,
        "tax_notice": date(2020, 1, 18) + timedelta(days=serial % 10),
        "form_03": date(2020, 5, 5) + timedelta(days=serial % 30),
        "form_11": date(2020, 5, 4) + timedelta(days=serial % 25),
        "ps_request": date(2020, 4, 6) + timedelta(days=serial % 30),
        "vss_notice": date(2020, 4, 3) + timedelta(days=serial % 20),
        "financial_statement": date(2020, 3, 20) + timedelta(days=serial % 25),
    }
    facts: dict[str, Fact] = {}
    if kind in marks:
        facts["document.number"] = marks[kind]
    if kind in days:
        facts["document.issued_on"] = days[kind]
    if kind in ("form_02", "household_cert", "tax_notice"):
        facts["document.issued_at_place"] = household.city
    return facts


def _number_prefix(place: Place) -> str:
    """Province codes of business registration differ from those of identity cards; these are the ones used here."""
    return {"001": "01", "079": "41", "031": "02", "048": "32", "092": "57"}.get(place.code, "46")
