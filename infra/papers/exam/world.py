"""Invents what the exam's papers say: people, firms, households, contracts and money of spring 2020.

Apart from the development papers' people on purpose, so that no name, place or firm there helps here. Knows the shapes
of numbers (identifiers, tax codes with their check digit) and what hangs together; layouts are the templates' affair.
"""

from __future__ import annotations

import random
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ..people import add_months, tax_code, unaccented

Facts = dict[str, Any]
TABLES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "people.toml").read_text(encoding="utf-8"))


@dataclass
class Case:
    """What one paper may say, under the ids of the field dictionary; `other.…` for what papers print and nobody asks.

    `rows`: the people of a list, one mapping each.
    """

    facts: Facts
    rows: list[Facts] = field(default_factory=list)


def invent_case(rng: random.Random, kind: str, rows: int = 0) -> Case:
    """One employer (or household), one person with a contract, and `rows` people for a list."""
    firm = _firm(rng)
    trade = firm["other.trade"]
    facts = firm | _person(rng, trade) | _contract(rng, firm)
    facts |= _suspension(rng, facts, kind) | _termination(rng, facts) | _household(rng)
    people = []
    for number in range(1, rows + 1):
        row = firm | _person(rng, trade) | _contract(rng, firm)
        row |= _suspension(rng, row, kind) | {"other.number": number}
        people.append(row | _stoppage(rng, row))
    facts |= _request(rng, facts, people)
    facts |= _finance(rng)
    return Case(facts, people)


def invent_name(rng: random.Random, sex: str) -> str:
    if rng.random() < 0.08:
        return str(rng.choice([one["name"] for one in TABLES["other_peoples"] if one["sex"] == sex]))
    names = TABLES["names"][sex]
    return " ".join((rng.choice(TABLES["families"]), rng.choice(names["middles"]), rng.choice(names["given"])))


def _firm(rng: random.Random) -> Facts:
    place, trade, bank = rng.choice(TABLES["places"]), rng.choice(TABLES["lines"]), rng.choice(TABLES["banks"])
    district, *communes = rng.choice(place["districts"])
    firm = rng.choice(TABLES["firms"])
    sex = rng.choice(("male", "male", "female"))
    code = _first(lambda: tax_code(place["tax"] + f"{rng.randrange(1, 10_000_000):07d}"))
    words = unaccented(firm).upper().split()
    number = f"3{rng.randrange(500_000, 999_999):06d}" if len(place["area"]) == 4 else f"3{rng.randrange(10**7):07d}"
    kind = rng.choice(TABLES["kinds"])
    return {
        "employer.name": f"{kind} {trade['name']} {firm}",
        "employer.tax_code": code,
        "employer.registration_number": code,
        "employer.address": f"{rng.choice(('Số ', '', 'Lô '))}{rng.randrange(3, 420)} {rng.choice(TABLES['streets'])}, "
        f"{rng.choice(communes)}, {district}, {place['title']}",
        "employer.phone": f"{place['area']} {number[:-3]} {number[-3:]}",
        "employer.email": f"{rng.choice(('vanphong', 'ketoan', 'contact', 'hr'))}@{''.join(words).lower()}.example",
        "employer.bank_account": _digits(rng, bank["account_digits"]),
        "employer.vss_unit_code": rng.choice("TYHK") + rng.choice("ABCDEN") + _digits(rng, 4) + rng.choice("ABCZ"),
        "employer.representative.full_name": invent_name(rng, sex),
        "employer.representative.position": rng.choice(TABLES["positions"]),
        "employer.representative.id_number": place["cmnd"] + _digits(rng, 6),
        "employer.bhxh_headcount": rng.randrange(24, 380),
        "document.issued_at_place": {"001": "Hà Nội"}.get(place["code"], place["name"]),
        "other.representative_title": "Ông" if sex == "male" else "Bà",
        "other.bank": f"{bank['full_name']} - Chi nhánh {place['name']}",
        "other.trade": trade["name"],
        "other.initials": "".join(word[0] for word in words),
        "other.union_chair": invent_name(rng, "female"),
        "other.district": district,
        "other.commune": rng.choice(communes),
        "other.province": place["name"],
        "other.seal_place": f"{district} - {place['name']}".replace("thành phố", "TP.").replace("quận", "Q.")
        .replace("huyện", "H.").replace("thị xã", "TX."),
    }  # fmt: skip


def _person(rng: random.Random, trade: str) -> Facts:
    sex, place, bank = rng.choice(("male", "female")), rng.choice(TABLES["places"]), rng.choice(TABLES["banks"])
    name = unicodedata.normalize("NFC", invent_name(rng, sex))
    born = date(1964, 3, 1) + timedelta(days=rng.randrange(36 * 365))
    if rng.random() < 0.35 and place["code"] in ("001", "079", "030", "077"):
        kind, number = "cccd", _cccd(rng, place["code"], born, sex)
        issued = date(2016, 5, 4) + timedelta(days=rng.randrange(1290))
        early = issued < date(2018, 10, 10)
        issuer = "Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư" if early else "Cục Cảnh sát QLHC về TTXH"
    else:
        kind, number, issuer = "cmnd", place["cmnd"] + _digits(rng, 6), place["police"]
        earliest = max(date(2007, 1, 5), add_months(born, 15 * 12))
        issued = earliest + timedelta(days=rng.randrange(max(1, (date(2019, 10, 1) - earliest).days)))
    title, department = rng.choice(next(line["jobs"] for line in TABLES["lines"] if line["name"] == trade))
    phone = rng.choice(("0903", "0912", "0936", "0978", "0982", "0356", "0389", "0704", "0763", "0846", "0967"))
    rest = _digits(rng, 6)
    return {
        "employee.full_name": name,
        "employee.date_of_birth": born,
        "employee.sex": sex,
        "employee.nationality": "Việt Nam",
        "employee.id_kind": kind,
        "employee.id_number": number,
        "employee.id_issued_on": issued,
        "employee.id_issued_by": issuer,
        "employee.permanent_address": _address(rng, place),
        "employee.current_address": _address(rng, rng.choice(TABLES["places"])),
        "employee.phone": f"{phone} {rest[:3]} {rest[3:]}" if rng.random() < 0.4 else phone + rest,
        "employee.bhxh_number": f"{place['code'][1:]}{rng.randrange(6, 21):02d}{_digits(rng, 6)}",
        "employee.bank_account": _digits(rng, bank["account_digits"]),
        "employee.bank_name": bank["name"],
        "employee.bank_account_holder": unaccented(name).upper(),
        "employee.department": department,
        "contract.job_title": title,
        "other.honorific": "Ông" if sex == "male" else "Bà",
        "other.birthplace": place["name"],
        "other.cccd": _cccd(rng, place["code"], born, sex),
        "other.cccd_on": date(2017, 2, 6) + timedelta(days=rng.randrange(600)),
        "other.code": f"{rng.choice(('NV', 'CN', 'LD'))}-{rng.randrange(1000):03d}",
    }


def _contract(rng: random.Random, firm: Facts) -> Facts:
    kind = rng.choice(("indefinite", "indefinite", "fixed", "fixed", "fixed", "seasonal"))
    term = {"indefinite": None, "fixed": rng.choice((12, 24, 36)), "seasonal": rng.choice((6, 10))}[kind]
    if term is None:
        starts = date(2014, 2, 3) + timedelta(days=rng.randrange(2100))
    else:
        starts = date(2020, 2, 1) - timedelta(days=int(term * 30 * rng.uniform(0, 0.5 if term > 10 else 0.25)))
    starts = starts.replace(day=1) if rng.random() < 0.5 else starts
    signed = starts - timedelta(days=rng.choice((0, 0, 1, 3, 5)))
    serial = rng.randrange(1, 240)
    pattern = rng.choice(("{n:03d}/{y}/HĐLĐ", "{n:02d}-{y}/HĐLĐ-{i}", "{n:02d}/HĐLĐ/{i}/{y}"))
    return {
        "contract.number": pattern.format(n=serial, y=signed.year, i=firm["other.initials"]),
        "contract.signed_on": signed,
        "contract.type": kind,
        "contract.term_months": term,
        "contract.starts_on": starts,
        "contract.ends_on": add_months(starts, term) - timedelta(days=1) if term else None,
        "contract.salary_vnd": rng.choice((rng.randrange(90, 260) * 50_000, rng.randrange(4_500, 9_800) * 1_000)),
        "contract.allowance_vnd": rng.choice((250_000, 400_000, 600_000, 780_000, 1_200_000)),
        "contract.workplace": firm["employer.address"],
    }


def _suspension(rng: random.Random, facts: Facts, kind: str) -> Facts:
    suspended = {"suspension_agreement": "suspension", "unpaid_leave_agreement": "unpaid_leave"}.get(kind)
    suspended = suspended or rng.choice(("suspension", "unpaid_leave"))
    begin = date(2020, 4, 1) + timedelta(days=rng.choice((0, 0, 5, 14, 19, 30, 34, 44)))
    finish = add_months(begin, rng.choice((1, 1, 2, 3))) - timedelta(days=1)
    issued = min(begin, date(2020, 5, 12)) - timedelta(days=rng.choice((1, 2, 4)))
    mark = {"suspension": "TTTH", "unpaid_leave": "TTNKL"}[suspended]
    return {
        "suspension.kind": suspended,
        "suspension.starts_on": begin,
        "suspension.ends_on": finish,
        "document.number": f"{rng.randrange(1, 90):02d}/{mark}-{facts['other.initials']}",
        "document.issued_on": issued,
    }


def _termination(rng: random.Random, facts: Facts) -> Facts:
    ends = date(2020, 4, 6) + timedelta(days=rng.randrange(55))
    return {
        "termination.effective_on": ends,
        "other.decision_number": f"{rng.randrange(5, 140)}/QĐ-{facts['other.initials']}",
        "other.decided_on": ends - timedelta(days=rng.choice((0, 1, 4, 10))),
        "income.monthly_vnd": rng.choice((0, 450_000, 600_000, 700_000)),
    }


def _household(rng: random.Random) -> Facts:
    place, sex = rng.choice(TABLES["places"]), rng.choice(("male", "female"))
    owner = invent_name(rng, sex)
    district, *communes = rng.choice(place["districts"])
    commune = rng.choice(communes)
    sign = rng.choice(("Quán ăn", "Tiệm tóc", "Cơ sở massage", "Cà phê", "Internet"))
    lines = {
        "Quán ăn": "Dịch vụ ăn uống",
        "Tiệm tóc": "Cắt tóc, gội đầu",
        "Cơ sở massage": "Dịch vụ xoa bóp, massage",
        "Cà phê": "Bán đồ uống tại chỗ",
        "Internet": "Trò chơi điện tử, internet công cộng",
    }
    start = date(2020, 4, 1) + timedelta(days=rng.choice((0, 0, 2, 14)))
    code = _first(lambda: tax_code("8" + f"{rng.randrange(10**8):08d}"))
    return {
        "household.name": f"{sign} {owner.split()[-1]} {rng.choice(TABLES['firms']).split()[0]}",
        "household.owner.full_name": owner,
        "household.owner.id_number": place["cmnd"] + _digits(rng, 6),
        "household.registration_number": f"{place['household']}{rng.choice('ABCDEGH')}8{rng.randrange(1, 40_000):06d}",
        "household.tax_code": code,
        "household.business_line": lines[sign],
        "household.address": f"{rng.randrange(3, 420)} {rng.choice(TABLES['streets'])}, "
        f"{commune}, {district}, {place['title']}",
        "household.revenue_2020_vnd": rng.randrange(60, 99) * 1_000_000,
        "household.suspended_from": start,
        "household.suspended_to": add_months(start, rng.choice((1, 1, 2))) - timedelta(days=1),
        "other.owner_title": "Ông" if sex == "male" else "Bà",
        "other.owner_sex": "Nam" if sex == "male" else "Nữ",
        "other.owner_born": date(1964, 1, 1) + timedelta(days=rng.randrange(30 * 365)),
        "other.owner_id_on": date(2008, 1, 1) + timedelta(days=rng.randrange(4000)),
        "other.owner_id_by": place["police"],
        "other.owner_phone": "09" + _digits(rng, 8),
        "other.owner_account": _digits(rng, 13),
        "other.h_commune": commune,
        "other.h_district": district,
        "other.h_province": place["name"],
        "other.tax_number": f"{rng.randrange(900, 9_000)}/TB-CCT",
        "other.tax_on": date(2020, 1, 6) + timedelta(days=rng.randrange(12)),
        "other.capital": rng.randrange(2, 30) * 10_000_000,
    }  # fmt: skip


def _stoppage(rng: random.Random, row: Facts) -> Facts:
    wage = rng.choice((3_070_000, 3_430_000, 3_920_000, 4_420_000))
    due = wage * rng.choice((50, 70, 85, 100)) // 100
    return {
        "stoppage.starts_on": row["suspension.starts_on"],
        "stoppage.ends_on": row["suspension.ends_on"],
        "stoppage.wage_due_vnd": due,
        "stoppage.wage_paid_vnd": due // 2,
        "loan.amount_vnd": due // 2,
        "other.minimum_wage": wage,
    }


def _request(rng: random.Random, facts: Facts, people: list[Facts]) -> Facts:
    january = facts["employer.bhxh_headcount"]
    off = len(people) or rng.randrange(january // 2 + 1, january)
    count = rng.randrange(12, 90)
    return {
        "headcount.before": january,
        "headcount.off_bhxh": off,
        "bhxh.headcount_2020_01": january,
        "bhxh.headcount_now": max(1, january - off),
        "bhxh.paid_through": date(2020, rng.choice((1, 2, 3)), 1),
        "request.month": date(2020, rng.choice((4, 5)), 1),
        "request.months": rng.choice((3, 6, 12)),
        "stoppage.count": len(people) or count,
        "loan.amount_vnd": sum(row["loan.amount_vnd"] for row in people) or count * rng.choice((1_535_000, 1_960_000)),
        "loan.months": rng.choice((1, 2, 3)),
        "other.letter_number": f"{rng.randrange(8, 260)}/CV-{facts['other.initials']}",
        "other.letter_on": date(2020, 5, 4) + timedelta(days=rng.randrange(24)),
    }


def _finance(rng: random.Random) -> Facts:
    revenue = rng.randrange(2_400, 48_000) * 1_000_000 + rng.randrange(1_000_000)
    cost = int(revenue * rng.uniform(0.7, 0.95))
    return {
        "finance.period": "2019",
        "finance.revenue_vnd": revenue,
        "finance.cash_vnd": rng.randrange(40, 4_000) * 1_000_000 + rng.randrange(1_000_000),
        "finance.retained_profit_vnd": rng.randrange(-900, 2_000) * 1_000_000 + rng.randrange(1_000_000),
        "other.cost": cost,
        "other.expenses": int((revenue - cost) * rng.uniform(0.4, 0.9)),
        "other.revenue_before": int(revenue * rng.uniform(0.8, 1.3)),
        "other.cost_before": int(cost * rng.uniform(0.8, 1.2)),
    }


def _address(rng: random.Random, place: dict[str, Any]) -> str:
    district, *communes = rng.choice(place["districts"])
    commune = rng.choice(communes)
    if commune.startswith("xã"):
        return f"{rng.choice(TABLES['hamlets'])}, {commune}, {district}, {place['title']}"
    house = f"{rng.randrange(2, 390)}{rng.choice(('', '', 'A', '/12', '/5'))}"
    return f"{house} {rng.choice(TABLES['streets'])}, {commune}, {district}, {place['title']}"


def _cccd(rng: random.Random, province: str, born: date, sex: str) -> str:
    century = 0 if born.year < 2000 else 2
    return f"{province}{century + (sex == 'female')}{born.year % 100:02d}{_digits(rng, 6)}"


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _first(make: Callable[[], str | None]) -> str:
    while (made := make()) is None:
        pass
    return made
