"""The layouts of invented papers: the truth is what stands on the paper, and the same seed gives the same bytes."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import random
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from infra.papers import (
    LAYOUTS,
    LISTS,
    invent_employer,
    invent_household,
    invent_job,
    invent_person,
    kinds_of,
    layouts_of,
    make_paper,
    one_employer,
    page_texts,
    paper_set,
    wear,
)
from infra.papers.ink import MissingFontError
from infra.papers.printing import compose, fonts_used, squeeze
from tests.unit.pictures import Letters, letters, sealed


class TestLayouts:
    @pytest.mark.parametrize("kind", kinds_of("test"))
    def test_tuning_and_measuring_have_their_own(self, kind):
        dev, test = layouts_of(kind, "dev"), layouts_of(kind, "test")
        assert len(dev) >= 2
        assert test
        assert not {row.template for row in dev} & {row.template for row in test}
        assert not {row.font for row in dev} & {row.font for row in test}

    @pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
    def test_every_letter_is_in_the_font_and_every_truth_on_the_paper(self, layout):
        rows = 26 if layout.kind in LISTS else None
        paper = make_paper(layout.kind, layout.id, seed=7, rows=rows)
        assert fonts_used(paper.pdf) == {layout.font}
        texts = paper.truth["text"]
        assert paper.truth["pages"] == len(texts) == len(page_texts(paper.pdf))
        everything = squeeze(" ".join(texts))
        for field, said in paper.truth["printed"].items():
            assert squeeze(said["text"]) in squeeze(texts[said["page"] - 1]), field
        roster = paper.truth["tables"].get("roster", [])
        assert len(roster) == (rows or 0)
        for row in roster:
            for field in {"employee.full_name", "employee.bhxh_number", "employee.bank_account"} & row.keys():
                assert squeeze(row[field]) in everything

    @pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
    def test_the_text_layer_says_what_was_written(self, layout):
        signed = layout.set == "dev"
        rng = random.Random(11)
        employer = invent_employer(rng)
        jobs = [invent_job(rng, employer, invent_person(rng)) for _ in range(3 if layout.kind in LISTS else 1)]
        source, _, _ = compose(layout, employer, jobs, seed=11, signed=signed)
        reader = Letters()
        reader.feed(source)
        paper = make_paper_of(layout, employer, jobs, signed)
        missing = letters(" ".join(reader.seen)) - letters(" ".join(paper.truth["text"]))
        assert not missing
        assert (paper.truth["fields"].get("document.has_seal") or False) is (signed and sealed(paper))
        with pikepdf.open(io.BytesIO(paper.pdf)) as book:
            assert any(page.get_images() for page in book.pages) is ("<img" in source)

    def test_the_second_page_of_the_minutes_carries_the_dates(self):
        truth = make_paper("suspension_agreement", "suspension_minutes", seed=3).truth
        assert truth["pages"] == 2
        assert truth["printed"]["suspension.starts_on"]["page"] == 2

    def test_a_list_grows_over_several_pages_with_or_without_its_header(self):
        heads = {}
        for layout in ("form01_ruled", "form01_split"):
            truth = make_paper("form_01", layout, seed=5, rows=40).truth
            assert truth["pages"] >= 3
            heads[layout] = sum("Họ và tên" in text for text in truth["text"])
        assert heads["form01_ruled"] > 1
        assert heads["form01_split"] == 1

    def test_contract_and_agreement_of_a_job_cite_each_other(self):
        rng = random.Random(2)
        employer = invent_employer(rng)
        job = invent_job(rng, employer, invent_person(rng), kind="suspension")
        contract = make_paper_of(LAYOUTS["contract_table"], employer, [job], True).truth["fields"]
        agreement = make_paper_of(LAYOUTS["suspension_letterhead"], employer, [job], True).truth["fields"]
        for field in ("contract.number", "contract.signed_on", "employee.bhxh_number", "employer.tax_code"):
            assert contract[field] == agreement[field]

    def test_a_font_that_is_not_there_is_noticed(self):
        rng = random.Random(2)
        employer = invent_employer(rng)
        jobs = [invent_job(rng, employer, invent_person(rng))]
        layout = dataclasses.replace(LAYOUTS["unpaid_form"], font="No Such Font")
        with pytest.raises(MissingFontError, match="wants No Such Font"):
            make_paper_of(layout, employer, jobs, True)

    def test_an_agreement_is_of_one_person(self):
        rng = random.Random(2)
        employer = invent_employer(rng)
        jobs = [invent_job(rng, employer, invent_person(rng)) for _ in range(2)]
        with pytest.raises(ValueError, match="2 jobs"):
            compose(LAYOUTS["unpaid_form"], employer, jobs)

    def test_a_layout_prints_its_own_kind_only(self):
        with pytest.raises(ValueError, match="prints form_01"):
            make_paper("labour_contract", "form01_ruled")


def make_paper_of(layout, employer, jobs, signed):
    from infra.papers import print_paper

    return print_paper(layout, employer, jobs, seed=11, signed=signed)


class TestDeterminism:
    def test_the_same_seed_gives_the_same_bytes_in_another_process(self):
        script = (
            "import hashlib, infra.papers as p; paper = p.make_paper('unpaid_leave_agreement', seed=9);"
            "print(hashlib.sha256(paper.pdf + p.wear(paper.pdf, 'office200', 9)).hexdigest())"
        )
        root = Path(__file__).parents[2]
        run = subprocess.run(
            [sys.executable, "-c", script], cwd=root, env={"PYTHONHASHSEED": "77", "PYTHONPATH": str(root)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        paper = make_paper("unpaid_leave_agreement", seed=9)
        assert run.stdout.strip() == hashlib.sha256(paper.pdf + wear(paper.pdf, "office200", 9)).hexdigest()

    def test_facts_given_from_outside_stand_on_the_paper(self):
        rng = random.Random(4)
        household = invent_household(rng, revenue_2020_vnd=99_999_999, district="Quận 1", city="Hồ Chí Minh")
        form = make_paper("form_02", "form02_cells", household=household).truth["fields"]
        notice = make_paper("tax_notice", "taxnotice_lump", household=household).truth["fields"]
        assert form["household.revenue_2020_vnd"] == notice["household.revenue_2020_vnd"] == 99_999_999
        assert form["household.tax_code"] == notice["household.tax_code"] == household.tax_code
        loan = make_paper("form_11", "form11_state", facts={"loan.amount_vnd": 66_300_000, "loan.months": 3})
        assert loan.truth["fields"]["loan.amount_vnd"] == 66_300_000
        assert "66.300.000" in loan.truth["text"][0]

    def test_papers_of_one_employer_agree_with_each_other(self):
        employer, staff = one_employer(3, seed=8)
        kinds = ("form_01", "labour_contract", "form_11", "financial_statement")
        files = list(paper_set("dev", 8, levels=("born_digital",), kinds=kinds, employer=employer, staff=staff))
        assert {file.truth["fields"]["employer.tax_code"] for file in files} == {employer.tax_code}
        listed = next(file.truth for file in files if file.truth["document_type"] == "form_01")["tables"]["roster"]
        assert [row["employee.bhxh_number"] for row in listed] == [job.person.bhxh_number for job in staff]
        contracts = [file.truth["fields"] for file in files if file.truth["document_type"] == "labour_contract"]
        assert {fields["contract.number"] for fields in contracts} < {job.contract_number for job in staff}

    def test_another_seed_gives_another_paper(self):
        one, two = (make_paper("unpaid_leave_agreement", "unpaid_form", seed=seed) for seed in (1, 2))
        assert one.truth["fields"]["employee.id_number"] != two.truth["fields"]["employee.id_number"]

    def test_a_set_is_counted_off_by_number(self):
        late = next(paper_set("test", 1, levels=("born_digital",), kinds=("unpaid_leave_agreement",), first=2))
        *_, same = paper_set("test", 3, levels=("born_digital",), kinds=("unpaid_leave_agreement",))
        assert (late.name, late.data) == (same.name, same.data)
        assert late.truth["set"] == "test"
