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
    "contract_state_owned": {"document.issued_at_place"},
}
# What the reading does not find yet, each named so that finding it is noticed and so that nothing joins it unseen.
STILL_MISSED = {
    "contract_date_in_words": {"contract.job_title", "employee.department"},  # in small letters, within a sentence
    "contract_offer_letter": {"employee.bank_account"},
    "contract_korean": {"document.issued_on", "contract.signed_on", "employer.representative.position"},
    "form03_handed": {"employee.sex"},  # a word behind the name, without a label
    "termination_plain": {"employer.representative.full_name", "employer.representative.position"},  # the signature
    "suspension_hotel": {"employer.name"},  # an establishment above its firm in the letterhead
    "termination_decided": {"contract.job_title"},
    "unpaid_factory": {"document.issued_at_place"},
}
# Said of another party or thing than the paper means.
STILL_EXTRA = {
    "contract_offer_letter": {"employer.bank_account"},
    "termination_decided": {"employer.representative.position"},
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
    assert set(wrong) == STILL_MISSED.get(path.stem, set()), wrong
    assert extra == STILL_EXTRA.get(path.stem, set())


def same(printed: str, found: str | None, name: str) -> bool:
    if found is None:
        return False
    if name == "suspension.reason":  # free words: the cause that is named must be the same
        return printed.casefold() in found.casefold()
    return printed.casefold() == found.casefold()


def test_the_folder_holds_papers_of_every_kind() -> None:
    names = {path.stem.split("_")[0] for path in FOLDER.glob("*.txt")}
    assert names == {"contract", "suspension", "unpaid", "form02", "form03", "termination", "psrequest"}
