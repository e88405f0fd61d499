"""The sample dossiers of the local run: what their papers say and how each must end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from stdnum.vn import mst

from infra.papers import (
    SampleDossier,
    sample_dossiers,
)
from infra.papers.people import MAGIC_TAX_CODES, add_months
from tests.unit.pictures import embedded


@pytest.fixture(scope="module")
def dossiers() -> dict[str, SampleDossier]:
    return {dossier.name: dossier for dossier in sample_dossiers()}


@pytest.mark.slow
class TestSampleDossiers:
    def test_they_are_four_of_sw_and_three_of_each_other_service_and_small_enough(self, dossiers):
        assert list(dossiers)[:4] == ["all_right", "partly_refused", "unreadable_page", "registry_down"]
        for service in ("LN", "HB", "TC", "PS"):
            ends = [(d.expected["state"], bool(d.follow_up)) for d in dossiers.values() if d.procedure == service]
            assert sorted(ends) == [("approved", False), ("approved", True), ("refused", False)]
        files = [file for dossier in dossiers.values() for file in (*dossier.files, *dossier.follow_up)]
        scanned = sum(file.truth["pages"] for file in files if file.truth["level"] != "born_digital")
        assert scanned <= 31
        assert max(len(file.data) for file in files) < 2_000_000
        assert len({file.truth["level"] for file in files}) >= 5

    def test_a_list_names_exactly_the_people_a_decision_is_expected_for(self, dossiers):
        for dossier in dossiers.values():
            made = (*dossier.files, *dossier.follow_up)
            rosters = [file.truth["tables"]["roster"] for file in made if file.truth["tables"]]
            amounts = [row["amount_vnd"] for row in dossier.expected["rows"].values()]
            assert dossier.expected["total_vnd"] == sum(amounts)
            assert mst.is_valid(dossier.employer.tax_code)
            if not rosters:
                assert len(dossier.expected["rows"]) == 1  # a service for one person, or one household
                continue
            (roster,) = rosters
            assert {row["employee.bhxh_number"] for row in roster} == set(dossier.expected["rows"])

    def test_papers_of_one_person_agree_with_the_list(self, dossiers):
        for dossier in (found for found in dossiers.values() if found.procedure == "SW"):
            (roster,) = [file.truth["tables"]["roster"] for file in dossier.files if file.truth["tables"]]
            rows = {row["employee.full_name"].casefold(): row for row in roster}
            papers = [file.truth["fields"] for file in dossier.files if not file.truth["tables"]]
            about_somebody = [fields for fields in papers if "employee.full_name" in fields]
            assert about_somebody  # statements and certificates are about the employer
            for fields in about_somebody:
                row = rows[fields["employee.full_name"].casefold()]
                for field in set(row) & set(fields) - {"employee.full_name"}:
                    assert row[field] == fields[field], (dossier.name, field)

    def test_a_everyone_is_away_exactly_one_month_in_april_and_may(self, dossiers):
        (roster,) = [file.truth["tables"]["roster"] for file in dossiers["all_right"].files if file.truth["tables"]]
        assert len(roster) == 3
        for row in roster:
            starts, ends = (date.fromisoformat(row[f"suspension.{end}_on"]) for end in ("starts", "ends"))
            assert add_months(starts, 1) - timedelta(days=1) == ends
            assert date(2020, 4, 1) <= starts <= ends <= date(2020, 5, 31)

    def test_b_one_is_unknown_to_the_registry_and_one_starts_too_late(self, dossiers):
        refused = {
            number: row["failed_rules"]
            for number, row in dossiers["partly_refused"].expected["rows"].items()
            if row["outcome"] == "refuse"
        }
        assert len(refused) == 2
        assert [rules for number, rules in refused.items() if number.endswith("0001")] == [["SW-5"]]
        (roster,) = [
            file.truth["tables"]["roster"] for file in dossiers["partly_refused"].files if file.truth["tables"]
        ]
        late = [row["employee.bhxh_number"] for row in roster if row["suspension.starts_on"] == "2020-06-02"]
        assert [refused[number] for number in late] == [["SW-3", "SW-2"]]

    def test_c_the_page_asked_for_is_the_one_that_carries_the_dates(self, dossiers):
        dossier = dossiers["unreadable_page"]
        (ask,), (answer,) = dossier.expected["asks_for"], dossier.follow_up
        (blurred,) = [file for file in dossier.files if file.name == ask["file"]]
        assert blurred.truth["unreadable_pages"] == [ask["page"]]
        assert answer.instead_of == (ask["file"], ask["page"])
        assert "suspension.starts_on" not in blurred.truth["fields"]
        assert answer.truth["fields"]["suspension.starts_on"] == "2020-04-15"
        assert len(embedded(answer.data)) == 1

    def test_d_the_registry_is_down_for_this_employer(self, dossiers):
        assert dossiers["registry_down"].employer.tax_code == MAGIC_TAX_CODES["vss_down"]
        assert dossiers["registry_down"].expected["not_checked"] == ["vss"]

    def test_they_come_back_from_the_cache_as_they_were_made(self, dossiers):
        again = {dossier.name: dossier for dossier in sample_dossiers()}
        assert again == dossiers
