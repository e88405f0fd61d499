"""Whole papers in other offices' wordings (tests/fixtures/wordings): every field they print is found, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from casework.reading import read_fields

from tests.unit.printed import page

FOLDER = Path(__file__).parent.parent / "fixtures" / "wordings"
# What a paper says, though it is nothing that must be listed: phrases, and the reference put together from two fields.
SAID_ANYWAY = {"contract.insurance_clause", "contract.pay_method", "suspension.contract_ref"}
# One value two ways of reading are right about: a remark where an address should stand; a job with its unit.
EITHER = {
    "contract_employee_first": {"contract.workplace"},
    "suspension_clauses": {"employee.department"},
}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_every_field_of_a_paper_in_another_wording_is_found(path: Path) -> None:
    printed, _, said = path.read_text(encoding="utf-8").partition("\n---\n")
    expected = dict(line.split(" = ", 1) for line in said.strip().split("\n"))
    reading = read_fields([page(printed)])
    found = {name: str(field.value) for name, field in reading.fields.items() if field.value is not None}
    wrong = {
        name: (value, found.get(name)) for name, value in expected.items() if not same(value, found.get(name), name)
    }
    extra = set(found) - set(expected) - SAID_ANYWAY - EITHER.get(path.stem, set())
    assert not wrong
    assert not extra


def same(printed: str, found: str | None, name: str) -> bool:
    if found is None:
        return False
    if name == "suspension.reason":  # free words: the cause that is named must be the same
        return printed.casefold() in found.casefold()
    return printed.casefold() == found.casefold()


def test_the_folder_holds_papers_of_every_kind() -> None:
    names = {path.stem.split("_")[0] for path in FOLDER.glob("*.txt")}
    assert names == {"contract", "suspension", "unpaid"}
