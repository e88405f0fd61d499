"""The quill the exam's templates write with: it prints a fact in the layout's manner and remembers that it did.

So the truth of a paper is what stands on it, and nothing else. What the dictionary leaves open (does a household's
bank account have a field?) is printed with `aside`: reading it is neither asked for nor held against the reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..wording import spell_money, write_date, write_money
from .world import Case, Facts

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Habits:
    """How one layout writes: dates, money, kinds of contract, months, the sexes."""

    date: str = "slash0"
    long_date: str = "long"
    money: str = "dot"
    south: bool = False
    years: bool = False
    contract_types: tuple[str, str, str] = ("Không xác định thời hạn", "Xác định thời hạn", "Theo mùa vụ")
    kinds: tuple[str, str] = ("Tạm hoãn HĐLĐ", "Nghỉ không lương")


@dataclass
class Quill:
    """Writes one paper, or one row of its list."""

    facts: Facts
    habits: Habits
    said: dict[str, Value] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    asides: set[str] = field(default_factory=set)
    rows: list[Quill] = field(default_factory=list)

    def __call__(self, name: str, form: str = "", *, also: str = "", fact: str = "") -> str:
        """Print the fact and remember it as field `name`. `fact` takes the value from elsewhere, `also` names a second
        field for which the same letters stand; `form`: a form of dates or money, "long", "upper", "month"."""
        value = self.facts[fact or name]
        text, said = self._write(fact or name, value, form)
        for each in filter(None, (name, also)):
            self._remember(each, said, text)
        if name == "employee.id_number":
            self.said.setdefault("employee.id_kind", self.facts["employee.id_kind"])
        return text

    def mean(self, name: str, value: Value, text: str = "") -> str:
        """Print free words that mean `value`."""
        self._remember(name, value, text)
        return text

    def words(self, name: str) -> str:
        """Money in words; of a salary it is a field of its own."""
        text = spell_money(self.facts[name], south=self.habits.south)
        if name == "contract.salary_vnd":
            self._remember("contract.salary_words_vnd", self.facts[name], text)
        return text

    def show(self, fact: str, form: str = "") -> str:
        """Print without remembering: what no field of the dictionary asks for."""
        return self._write(fact, self.facts[fact], form)[0]

    def aside(self, name: str, fact: str = "", form: str = "") -> str:
        """Print a fact that may be read as field `name`, or not."""
        self.asides.add(name)
        return self._write(fact or name, self.facts[fact or name], form)[0]

    def row(self, facts: Facts) -> Quill:
        """A quill for the next row of the list."""
        quill = Quill(facts, self.habits)
        self.rows.append(quill)
        return quill

    def _remember(self, name: str, value: Value, text: str) -> None:
        self.said.setdefault(name, value)
        if text:
            self.printed.setdefault(name, text)

    def _write(self, fact: str, value: Any, form: str) -> tuple[str, Value]:
        match value:
            case date() if form == "month":
                return f"{value.month:02d}/{value.year}", f"{value:%Y-%m}"
            case date():
                form = {"": self.habits.date, "long": self.habits.long_date}.get(form, form)
                return write_date(value, form), value.isoformat()
            case int() if fact in ("contract.term_months",):
                years = self.habits.years and value % 12 == 0
                return (f"{value // 12:02d} năm" if years else f"{value:02d} tháng"), value
            case int() if fact.endswith("_vnd") or fact in MONEY:
                if value < 0:
                    return f"({write_money(-value, form or self.habits.money)})", value
                return write_money(value, form or self.habits.money), value
            case int():
                return (f"{value:02d}" if form == "two" else str(value)), value
            case str() if fact == "contract.type":
                return self.habits.contract_types[("indefinite", "fixed", "seasonal").index(value)], value
            case str() if fact == "suspension.kind":
                return self.habits.kinds[("suspension", "unpaid_leave").index(value)], value
            case str() if fact == "employee.sex":
                return ("Nam" if value == "male" else "Nữ"), value
            case str() if fact.endswith(".phone"):
                return value, "+84" + value.replace(" ", "")[1:]
            case str():
                text = value.upper() if form == "upper" else value
                return text, text
        raise ValueError(f"nothing to print for {fact}")


MONEY = frozenset(
    {"other.minimum_wage", "other.capital", "other.cost", "other.expenses", "other.revenue_before", "other.cost_before"}
)


def quill_of(case: Case, habits: Habits) -> Quill:
    return Quill(case.facts, habits)
