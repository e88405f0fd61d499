"""The baseline's lists: lines of plain text that begin with a number and a name; the rest goes by shape and order."""

from __future__ import annotations

import re
from typing import Any

from tests.bench.plain_text import DATE, date_of, fold, money, person


def rows_of(text: str) -> dict[int, dict[str, Any]]:
    """Lines that begin with a number and a name are rows; what follows is told by its shape and order."""
    rows: dict[int, dict[str, Any]] = {}
    for line in text.splitlines():
        found = re.match(r"\W{0,3}(\d{1,4})\W+(\D{5,}?)(?=\s+\d|\s*\||$)(.*)", line)
        if found is None:
            continue
        name, rest = _row_name(found[2].replace("|", " ")), found[3]
        if name is None or " " not in name:
            continue
        rows[int(found[1])] = {"employee.full_name": name} | _cells(rest)
    return rows


def _row_name(text: str) -> str | None:
    """The words of a row up to the first that is written otherwise than the name's first: `Lê Văn A KXĐTH`."""
    words = (person(text) or "").split()
    same = [word for word in words if len(word) < 2 or word.isupper() == words[0].isupper()]
    return " ".join(same) or None


def _cells(rest: str) -> dict[str, Any]:
    dates = [date for each in re.finditer(DATE, fold(rest)) if (date := date_of(each))]
    numbers = re.findall(r"(?<![\d/.,])\d{8,14}(?![\d/])", rest)
    bhxh = next((number for number in numbers if len(number) == 10), None)
    account = next((number for number in reversed(numbers) if number != bhxh), None)
    amounts = [money(each) for each in re.findall(r"\d{1,3}(?:[.,]\d{3})+", rest)]
    cells: dict[str, Any] = {
        "employee.bhxh_number": bhxh,
        "employee.bank_account": account,
        "contract.type": _row_type(fold(rest)),
        "contract.starts_on": dates[0] if len(dates) > 2 else None,
        "suspension.starts_on": dates[-2] if len(dates) > 1 else None,
        "suspension.ends_on": dates[-1] if len(dates) > 1 else None,
        "stoppage.starts_on": dates[-2] if len(dates) > 1 else None,
        "stoppage.ends_on": dates[-1] if len(dates) > 1 else None,
        "stoppage.wage_due_vnd": amounts[1] if len(amounts) > 1 else None,
        "stoppage.wage_paid_vnd": amounts[2] if len(amounts) > 2 else None,
        "loan.amount_vnd": amounts[-1] if amounts else None,
        "contract.salary_vnd": amounts[0] if amounts else None,
    }
    holders = re.findall(r"\b[A-Z]+(?: [A-Z]+){1,4}\b", rest)
    cells["employee.bank_account_holder"] = holders[0] if holders else None
    banks = re.findall(r"[A-Z][A-Za-z]{2,}$", rest.strip(" |."))
    cells["employee.bank_name"] = banks[0] if banks else None
    return {name: value for name, value in cells.items() if value is not None}


def _row_type(folded: str) -> str | None:
    for pattern, kind in (
        (r"khong|kxd", "indefinite"), (r"mua vu|thoi vu", "seasonal"), (r"xdth|xac dinh|co thoi han", "fixed")
    ):  # fmt: skip
        if re.search(pattern, folded):
            return kind
    return None
