"""The pen a template writes with: it prints a fact in the layout's manner and remembers that it did.

So the truth of a paper is, by construction, what stands on it: a fact no template printed is not in the truth, and a
value cannot be printed in one place and claimed in another. Knows forms of writing, not layouts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .affairs import Fact, business_facts, termination_facts
from .lists import absence_of, list_facts
from .people import Employer, Job
from .wording import spell_money, write_date, write_money, write_month

Value = str | int | bool | None

_ENDINGS = ("expiry", "agreement", "restructuring", "employer_unilateral", "employee_unilateral_lawful")


@dataclass(frozen=True, slots=True)
class Hand:
    """The habits of one layout: how it writes dates, money, kinds of contract and months."""

    date: str = "slash0"
    long_date: str = "long"
    money: str = "dot"
    south: bool = False
    years: bool = False
    contract_types: tuple[str, str, str] = ("Không xác định thời hạn", "Xác định thời hạn", "Theo mùa vụ")
    kinds: tuple[str, str] = ("Tạm hoãn HĐLĐ", "Nghỉ không lương")
    month: str = "slash0"
    endings: tuple[str, str, str, str, str] = (
        "Hết hạn hợp đồng lao động",
        "Hai bên thỏa thuận chấm dứt hợp đồng lao động",
        "Doanh nghiệp thay đổi cơ cấu, cắt giảm lao động do ảnh hưởng của dịch Covid-19",
        "Công ty đơn phương chấm dứt hợp đồng do dịch bệnh, phải thu hẹp sản xuất",
        "Người lao động đơn phương chấm dứt hợp đồng, đã báo trước đúng quy định",
    )


@dataclass
class Pen:
    """Writes one paper (or one row of its list). `said` fills with field ids and dictionary values, `printed` with
    the same ids and the letters that stand on the paper."""

    facts: dict[str, Value | date]
    hand: Hand
    said: dict[str, Value] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    rows: list[Pen] = field(default_factory=list)
    row_facts: Sequence[Mapping[str, Fact]] = ()

    def __call__(self, field_id: str, form: str = "", *, also: str = "") -> str:
        """Print the fact. form: a date form or "long" for the layout's long one; "upper" for capitals; for money the
        mark of thousands. `also` names a second field of the dictionary for which the same letters stand."""
        value = self.facts[field_id]
        text, said = self._write(field_id, value, form)
        for name in filter(None, (field_id, also)):
            self.said.setdefault(name, said)
            self.printed.setdefault(name, text)
        if field_id == "employee.id_number":
            self.said.setdefault("employee.id_kind", str(self.facts["employee.id_kind"]))
        return text

    def words(self, field_id: str) -> str:
        """The money of `field_id` in words; recorded as its own field, `…_words_vnd`."""
        amount = self.facts[field_id]
        assert isinstance(amount, int)
        text = spell_money(amount, south=self.hand.south)
        name = field_id.replace("_vnd", "_words_vnd")
        self.said[name], self.printed[name] = amount, text
        return text

    def spell(self, field_id: str) -> str:
        """The money of `field_id` in words, beside its figures; no field of its own."""
        amount = self.facts[field_id]
        assert isinstance(amount, int)
        return spell_money(amount, south=self.hand.south)

    def scaled(self, field_id: str, unit: int = 1, *, mark: str = "") -> str:
        """Money in units of so many đồng, below zero in brackets, as accounts print it. `unit` must divide it."""
        amount = self.facts[field_id]
        assert isinstance(amount, int)
        if amount % unit:
            raise ValueError(f"{field_id}: {amount} is no whole number of {unit} đồng")
        figures = write_money(abs(amount) // unit, mark or self.hand.money)
        text = f"({figures})" if amount < 0 else figures
        self.said.setdefault(field_id, amount)
        self.printed.setdefault(field_id, text)
        return text

    def mean(self, field_id: str, value: Value, text: str = "") -> str:
        """Print free words (possibly none) that mean `value`."""
        self.said.setdefault(field_id, value)
        if text:
            self.printed.setdefault(field_id, text)
        return text

    def row(self, job: Job, employer: Employer) -> Pen:
        """A pen for the next row of the list."""
        own = self.row_facts[len(self.rows)] if len(self.rows) < len(self.row_facts) else {}
        pen = Pen(facts_of(job, employer) | list_facts(job, employer) | dict(own), self.hand)
        self.rows.append(pen)
        return pen

    def money(self, fact: str) -> str:
        """An amount that is on the paper under no field of the dictionary."""
        amount = self.facts[fact]
        assert isinstance(amount, int)
        return write_money(amount, self.hand.money)

    def sum(self, field_id: str, department: str | None = None) -> str:
        """What a column comes to, over the rows written so far or those of one department."""
        rows = [row for row in self.rows if department in (None, row.facts["employee.department"])]
        return write_money(sum(int(str(row.said[field_id])) for row in rows), self.hand.money)

    def sum_of(self, field_id: str, first: int, end: int) -> str:
        """What a column comes to over some of the rows written so far."""
        return write_money(sum(int(str(row.said[field_id])) for row in self.rows[first:end]), self.hand.money)

    def away(self, jobs: Sequence[Job], kind: str) -> list[Job]:
        """Those of a list who are away for this reason."""
        return [job for job in jobs if absence_of(job) == kind]

    def absence(self, kind: str, text: str = "") -> str:
        """Print (or only mean, where a heading says it) why this row's person is away."""
        return self.mean("suspension.kind", kind, text) if kind in ("suspension", "unpaid_leave") else text

    def away_from(self, kind: str) -> str:
        """The first day away, which is the last of the contract's where it ended."""
        if kind == "termination":
            return self("termination.effective_on")
        return self("stoppage.starts_on" if kind == "stoppage" else "suspension.starts_on")

    def away_to(self, kind: str) -> str:
        """The last day away; nothing where the contract ended."""
        if kind == "termination":
            return ""
        return self("stoppage.ends_on" if kind == "stoppage" else "suspension.ends_on")

    def _write(self, field_id: str, value: Value | date, form: str) -> tuple[str, Value]:
        match value:
            case date():
                form = {"": self.hand.date, "long": self.hand.long_date}.get(form, form)
                return write_date(value, form), value.isoformat()
            case bool():
                raise ValueError(f"{field_id} is not printed as such")
            case int() if field_id.endswith("_vnd"):
                return write_money(value, form or self.hand.money), value
            case int() if field_id != "contract.term_months":
                return (f"{value:02d}" if form == "two" else str(value)), value
            case int() if field_id == "contract.term_months":
                years = self.hand.years and value % 12 == 0
                return (f"{value // 12:02d} năm" if years else f"{value:02d} tháng"), value
            case str() if field_id == "contract.type":
                return self.hand.contract_types[("indefinite", "fixed", "seasonal").index(value)], value
            case str() if field_id == "suspension.kind":
                return self.hand.kinds[("suspension", "unpaid_leave").index(value)], value
            case str() if field_id == "employee.sex":
                return ("Nam" if value == "male" else "Nữ"), value
            case str() if field_id == "termination.reason":
                return self.hand.endings[_ENDINGS.index(value)], value
            case str() if field_id in ("request.month", "bhxh.paid_through"):
                return write_month(value, form or self.hand.month), value
            case str() if field_id.endswith(".phone"):
                return value, "+84" + value.replace(".", "").replace(" ", "")[1:]
            case str():
                text = value.upper() if form == "upper" else value
                return text, text
        raise ValueError(f"nothing to print for {field_id}")


def facts_of(job: Job, employer: Employer) -> dict[str, Value | date]:
    """Everything a paper may say about a job, under the ids of the field dictionary (plus a few things papers print
    and nobody asks for, under `other.`)."""
    person = job.person
    return {
        "employee.full_name": person.full_name,
        "employee.date_of_birth": person.date_of_birth,
        "employee.sex": person.sex,
        "employee.nationality": "Việt Nam",
        "employee.id_kind": person.id_kind,
        "employee.id_number": person.id_number,
        "employee.id_issued_on": person.id_issued_on,
        "employee.id_issued_by": person.id_issued_by,
        "employee.permanent_address": person.permanent_address,
        "employee.current_address": person.current_address,
        "employee.phone": person.phone,
        "employee.bhxh_number": person.bhxh_number,
        "employee.bank_account": person.bank_account,
        "employee.bank_name": person.bank_name,
        "employee.bank_account_holder": person.bank_account_holder,
        "employee.department": person.department,
        **employer_facts(employer),
        **termination_facts(job),
        "contract.number": job.contract_number,
        "contract.signed_on": job.signed_on,
        "contract.type": job.contract_type,
        "contract.term_months": job.term_months,
        "contract.starts_on": job.starts_on,
        "contract.ends_on": job.ends_on,
        "contract.salary_vnd": job.salary_vnd,
        "contract.allowance_vnd": job.allowance_vnd,
        "contract.job_title": person.job_title,
        "contract.workplace": employer.address,
        "suspension.kind": job.suspension_kind,
        "suspension.starts_on": job.suspension_starts_on,
        "suspension.ends_on": job.suspension_ends_on,
        "document.number": job.suspension_number,
        "document.issued_on": job.suspension_signed_on,
        "document.issued_at_place": employer.city,
    }


def employer_facts(employer: Employer) -> dict[str, Value | date]:
    """What papers say about an employer, its year 2020 and who signs for it."""
    return {
        **business_facts(employer),
        "employer.name": employer.name,
        "employer.tax_code": employer.tax_code,
        "employer.registration_number": employer.tax_code,
        "employer.address": employer.address,
        "employer.phone": employer.phone,
        "employer.email": employer.email,
        "employer.bank_account": employer.bank_account,
        "employer.vss_unit_code": employer.vss_unit_code,
        "employer.representative.full_name": employer.representative_name,
        "employer.representative.position": employer.representative_position,
    }
