"""Invented people and employers of 2020, with identifiers whose shapes are right.

Knows how the numbers are built (CCCD from province, sex and birth year; tax codes with their check digit; social
insurance numbers that avoid the endings the stand-in registry gives a meaning) and what names and addresses look
like. It refuses to know papers: what is printed where is the templates' business. Nobody here exists.
"""

from __future__ import annotations

import random
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

Sex = Literal["male", "female"]
ContractType = Literal["indefinite", "fixed", "seasonal"]
SuspensionKind = Literal["suspension", "unpaid_leave"]

MAGIC_TAX_CODES = {
    "vss_down": "3100000016",
    "vss_slow": "3100000023",
    "tax_has_revenue": "3100000030",
    "enterprise_not_found": "3100000048",
    "cic_bad_debt": "3100000055",
    "vss_no_cut": "3100000062",
    "household_unknown": "8100000015",
    "household_at_the_line": "8100000022",
}
"""Tax codes of employers and households to which the stand-in registries answer in a special way (docs/sandbox.md)."""

MAGIC_BHXH_ENDINGS = {
    "not_participating": "0001",
    "no_decrease_reported": "0002",
    "contract_ended": "0003",
    "name_mismatch": "0004",
    "not_found": "0005",
    "wrong_person_echoed": "0006",
    "decrease_reported": "0007",
    "unemployment_benefit": "0008",
}
"""Last four digits of a social insurance number to which the stand-in registry answers in a special way."""

SAMPLE_TAX_CODES = {
    "all_right": "0313040561",
    "partly_refused": "0310762417",
    "unreadable_page": "0316602843",
    "registry_down": MAGIC_TAX_CODES["vss_down"],
}
"""The employers of the sample dossiers (`infra.papers.dossiers`); the registries answer for the first three."""


@dataclass(frozen=True, slots=True)
class Place:
    """A province of 2020 with some of its districts and communes; `cmnd` begins the old 9-digit cards."""

    code: str
    name: str
    title: str
    police: str
    phone_area: str
    tax_prefix: str
    cmnd: str
    bounds: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One invented employee. `bhxh_number` is a string of ten digits, `phone` in national form."""

    full_name: str
    sex: Sex
    date_of_birth: date
    birth_province: str
    id_kind: Literal["cccd", "cmnd"]
    id_number: str
    id_issued_on: date
    id_issued_by: str
    permanent_address: str
    current_address: str
    phone: str
    bhxh_number: str
    bank_account: str
    bank_name: str
    bank_account_holder: str
    department: str
    job_title: str
    schooling: str
    code: str


@dataclass(frozen=True, slots=True)
class Employer:
    """One invented enterprise and the person who signs for it. `initials` stand in its document numbers."""

    name: str
    tax_code: str
    address: str
    district: str
    city: str
    phone: str
    email: str
    bank_account: str
    bank_name: str
    vss_unit_code: str
    initials: str
    line: str
    representative_name: str
    representative_sex: Sex
    representative_position: str
    union_chair: str


@dataclass(frozen=True, slots=True)
class Job:
    """What binds a person to an employer, and the weeks without work of 2020."""

    person: Person
    contract_number: str
    contract_type: ContractType
    term_months: int | None
    signed_on: date
    starts_on: date
    ends_on: date | None
    salary_vnd: int
    allowance_vnd: int
    suspension_kind: SuspensionKind
    suspension_number: str
    suspension_signed_on: date
    suspension_starts_on: date
    suspension_ends_on: date


def _read_tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "people.toml").read_text(encoding="utf-8"))


_TABLES = _read_tables()
_FAMILIES = [
    name for name, share in _TABLES["families"].items() if isinstance(share, int) for _ in range(share)
] + _TABLES["families"]["rare"]
PLACES = tuple(
    Place(
        **{key: value for key, value in place.items() if key not in ("districts", "has_employers")},
        bounds=tuple((district, tuple(communes)) for district, *communes in place["districts"]),
    )
    for place in _TABLES["places"]
)
CITIES = tuple(place for place, row in zip(PLACES, _TABLES["places"], strict=True) if row["has_employers"])
"""Where the invented employers sit."""


def tax_code(body: str) -> str | None:
    """The ten-digit tax code made of nine digits and its check digit; None where no such code is issued."""
    remainder = (
        sum(int(digit) * weight for digit, weight in zip(body, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True)) % 11
    )
    return f"{body}{10 - remainder}" if remainder else None


def unaccented(text: str) -> str:
    """Latin letters alone, as banks print account holders: `Đặng Thị Ước` -> `Dang Thi Uoc`."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and letter != "'")


def add_months(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def invent_person(
    rng: random.Random, line: str | None = None, *, bhxh_ending: str | None = None, sex: Sex | None = None
) -> Person:
    """One employee; `line` (an employer's line of business) chooses jobs that fit it.

    bhxh_ending: the last four digits of the social insurance number, for the stand-in registry's magic values.
    """
    sexes: tuple[Sex, Sex] = ("male", "female")
    if sex is None:
        sex = rng.choice(sexes)
    if rng.random() < 0.12:
        other = rng.choice([other for other in _TABLES["other_peoples"] if other["sex"] == sex])
        name, place = other["name"], next(place for place in PLACES if place.code == other["province"])
    else:
        name = _invent_name(rng, sex)
        place = rng.choice(PLACES)
    born = date(1962, 1, 1) + timedelta(days=rng.randrange(39 * 365))
    id_kind: Literal["cccd", "cmnd"]
    if rng.random() < 0.4 and place.code in {"001", "079", "031", "048", "092", "074", "027", "036", "038"}:
        id_kind = "cccd"
        century = 0 if born.year < 2000 else 2
        number = f"{place.code}{century + (sex == 'female')}{born.year % 100:02d}{rng.randrange(1_000_000):06d}"
        issued = date(2016, 3, 1) + timedelta(days=rng.randrange(1380))
        issuer = (
            "Cục Cảnh sát ĐKQL cư trú và DLQG về dân cư" if issued < date(2018, 10, 1) else "Cục Cảnh sát QLHC về TTXH"
        )
    else:
        id_kind = "cmnd"
        number = place.cmnd + "".join(rng.choice("0123456789") for _ in range(9 - len(place.cmnd)))
        earliest = max(date(2006, 1, 1), add_months(born, 14 * 12 + 6))
        issued = earliest + timedelta(days=rng.randrange(max(1, (date(2019, 11, 1) - earliest).days)))
        issuer = place.police
    ending = bhxh_ending or f"{rng.randrange(100, 10_000):04d}"
    bank = rng.choice(_TABLES["banks"])
    trade = next((trade for trade in _TABLES["lines"] if trade["name"] == line), None) or rng.choice(_TABLES["lines"])
    job_title, department = rng.choice(trade["jobs"])
    return Person(
        full_name=unicodedata.normalize("NFC", name),
        sex=sex,
        date_of_birth=born,
        birth_province=place.name,
        id_kind=id_kind,
        id_number=number,
        id_issued_on=issued,
        id_issued_by=issuer,
        permanent_address=_address(rng, place),
        current_address=_address(rng, rng.choice(CITIES)),
        phone=rng.choice(("090", "091", "093", "097", "098", "035", "037", "038", "070", "077", "083", "086", "096"))
        + f"{rng.randrange(10_000_000):07d}",
        bhxh_number=f"{place.code[1:]}{rng.randrange(5, 21):02d}{rng.randrange(100):02d}{ending}",
        bank_account=_invent_account(rng, bank),
        bank_name=bank["name"],
        bank_account_holder=unaccented(name).upper(),
        department=department,
        job_title=job_title,
        schooling=rng.choice(("12/12", "9/12", "Trung cấp", "Cao đẳng", "Đại học")),
        code=f"NV{rng.randrange(10_000):04d}",
    )


def invent_employer(
    rng: random.Random, *, tax: str | None = None, city: str | None = None, district: str | None = None,
    name: str | None = None,
) -> Employer:  # fmt: skip
    """One enterprise; `tax`, `city` (a province's name), `district` and `name` may be fixed by the caller."""
    place = next((place for place in CITIES if place.name == city), None) or rng.choice(CITIES)
    bounds = next((bound for bound in place.bounds if bound[0] == district), None) or rng.choice(place.bounds)
    trades = [trade["name"] for trade in _TABLES["lines"]]
    line = next((trade for trade in trades if name and trade in name), None) or rng.choice(trades)
    firm = rng.choice(_TABLES["firms"])
    kind = rng.choice(
        ("Công ty TNHH", "Công ty TNHH", "Công ty Cổ phần", "Công ty TNHH Một thành viên", "Công ty TNHH MTV")
    )
    while tax is None:
        tax = tax_code(place.tax_prefix + f"{rng.randrange(1, 10_000_000):07d}")
    sex: Sex = rng.choice(("male", "male", "female"))
    bank = rng.choice(_TABLES["banks"])
    name = name or f"{kind} {line} {firm}"
    words = unaccented(name.split(line)[-1] if line in name else name).upper().split()
    return Employer(
        name=unicodedata.normalize("NFC", name),
        tax_code=tax,
        address=f"{rng.randrange(2, 480)} {rng.choice(_TABLES['streets'])}, "
        f"{rng.choice(bounds[1])}, {bounds[0]}, {place.title}",
        district=bounds[0],
        city="Hà Nội" if place.code == "001" else place.title if place.title.startswith("TP.") else place.name,
        phone=f"{place.phone_area}.{rng.randrange(3000, 3999)}.{rng.randrange(100, 999)}"
        if len(place.phone_area) == 4
        else f"{place.phone_area}.{rng.randrange(3500, 3999)}.{rng.randrange(1000, 9999)}",
        email=f"{rng.choice(('hanhchinh', 'info', 'nhansu', 'lienhe'))}@{''.join(words).lower()}.example",
        bank_account=_invent_account(rng, bank),
        bank_name=f"{bank['full_name']} - Chi nhánh {place.name}",
        vss_unit_code=f"{rng.choice('TYHK')}{rng.choice('ABCDEN')}{rng.randrange(10_000):04d}{rng.choice('ABCZ')}",
        initials="".join(word[0] for word in words),
        line=line,
        representative_name=_invent_name(rng, sex),
        representative_sex=sex,
        representative_position=rng.choice(_TABLES["positions"]),
        union_chair=_invent_name(rng, rng.choice(("male", "female"))),
    )


def invent_job(
    rng: random.Random, employer: Employer, person: Person, *, kind: SuspensionKind | None = None,
    starts_on: date | None = None, ends_on: date | None = None, contract_type: ContractType | None = None,
    serial: int | None = None,
) -> Job:  # fmt: skip
    """A contract running in April 2020 and its suspension; what the caller does not fix is invented within the law."""
    types: tuple[ContractType, ...] = ("indefinite", "indefinite", "fixed", "fixed", "fixed", "seasonal")
    if contract_type is None:
        contract_type = rng.choice(types)
    term = {"indefinite": None, "fixed": rng.choice((12, 24, 36)), "seasonal": rng.choice((6, 9))}[contract_type]
    if term is None:
        starts = date(2013, 6, 1) + timedelta(days=rng.randrange(2400))
    else:  # still running at the end of June 2020, the end of the window the relief pays for
        share = 0.25 if contract_type == "seasonal" else 0.5
        starts = date(2020, 2, 15) - timedelta(days=int(term * 30.4 * rng.uniform(0, share)))
    of_age = add_months(person.date_of_birth, 18 * 12 + 1)
    starts = max(starts, of_age, person.id_issued_on + timedelta(days=20))
    if rng.random() < 0.6:
        starts = add_months(starts.replace(day=1), 1)
    ends = add_months(starts, term) - timedelta(days=1) if term else None
    kinds: tuple[SuspensionKind, ...] = ("suspension", "unpaid_leave")
    if kind is None:
        kind = rng.choice(kinds)
    begin = starts_on or date(2020, 4, 1) + timedelta(days=rng.randrange(0, 60))
    finish = ends_on or add_months(begin, rng.choice((1, 1, 2, 3))) - timedelta(days=1)
    signed = starts - timedelta(days=rng.choice((0, 1, 2, 3)))
    serial = serial or rng.randrange(1, 300)
    mark = "TTTH" if kind == "suspension" else "TTNKL"
    return Job(
        person=person,
        contract_number=f"{serial:02d}/{signed.year}/HĐLĐ-{employer.initials}",
        contract_type=contract_type,
        term_months=term,
        signed_on=signed,
        starts_on=starts,
        ends_on=ends,
        salary_vnd=rng.randrange(884, 2600) * 5000 if rng.random() < 0.7 else rng.randrange(4420, 12_000) * 1000,
        allowance_vnd=rng.choice((300_000, 500_000, 730_000, 850_000, 1_000_000, 1_250_000)),
        suspension_kind=kind,
        suspension_number=f"{serial:02d}/2020/{mark}-{employer.initials}",
        suspension_signed_on=min(begin, date(2020, 5, 11)) - timedelta(days=rng.choice((1, 2, 3))),
        suspension_starts_on=begin,
        suspension_ends_on=finish,
    )


def _invent_name(rng: random.Random, sex: Sex) -> str:
    names = _TABLES["names"][sex]
    return " ".join((rng.choice(_FAMILIES), rng.choice(names["middles"]), rng.choice(names["given"])))


def _invent_account(rng: random.Random, bank: dict[str, Any]) -> str:
    return "".join(rng.choice("0123456789") for _ in range(bank["account_digits"]))


def _address(rng: random.Random, place: Place) -> str:
    district, communes = rng.choice(place.bounds)
    commune = rng.choice(communes)
    if commune.startswith("xã"):
        return f"{rng.choice(_TABLES['hamlets'])}, {commune}, {district}, {place.title}"
    alley = rng.choice(("", "", f"/{rng.randrange(2, 40)}"))
    street = rng.choice(_TABLES["streets"])
    return f"{rng.randrange(2, 380)}{alley} {street}, {commune}, {district}, {place.title}"
