"""One account for several people is told from one person named differently; telephones in many dossiers."""

from __future__ import annotations

from typing import Any

from casework.sightings import elsewhere, sightings_of
from casework.signals import Signal

from tests.bench import measure_sightings
from tests.builders import a_document, a_dossier, a_reading

ACCOUNT = {"employee.bank_account": "0071000123456"}


def found(*papers: dict[str, Any]) -> list[Signal]:
    readings = {f"p{place}": a_reading("labour_contract", paper | ACCOUNT) for place, paper in enumerate(papers)}
    dossier = a_dossier(documents=tuple(a_document(name, "labour_contract") for name in readings))
    return elsewhere(dossier, readings, sightings_of(dossier, readings)[0], {})


def test_a_person_named_by_another_number_on_each_paper_is_one_person() -> None:
    card, name = {"employee.id_number": "079190001234"}, {"employee.full_name": "Nguyễn Thị Ánh"}
    insured = {"employee.bhxh_number": "7912345678"}
    assert found(card | name, insured | {"employee.full_name": "NGUYEN THI ANH"}, card, insured) == []


def test_two_people_with_one_name_are_told_apart_by_their_numbers() -> None:
    name = {"employee.full_name": "Nguyễn Thị Ánh"}
    [one] = found(name | {"employee.id_number": "079190001234"}, name | {"employee.id_number": "079190009999"})
    assert one.kind == "account-shared"
    assert "2 người" in one.saw.vi
    assert found(name | {"employee.id_number": "079190001234"}, name | {"employee.id_number": "024567890"}) == []


def test_those_sown_among_dossiers_nobody_tuned_on_are_found() -> None:
    accounts, phones = measure_sightings.accounts("test", 12), measure_sightings.phones("test")
    assert min(accounts.right, accounts.clean, phones.right, phones.clean) >= 3
    assert min(accounts.worst, phones.worst) >= 0.95
