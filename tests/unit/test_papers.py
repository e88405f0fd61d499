"""The generator of invented papers: its people are right, its wording follows its truth, its samples are kept."""

from __future__ import annotations

import json
import random
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from stdnum.vn import mst

from infra.papers import (
    LAYOUTS,
    LEVELS,
    SAMPLES,
    agrees,
    invent_employer,
    invent_job,
    invent_person,
    kinds_of,
    make_paper,
)
from infra.papers.people import MAGIC_BHXH_ENDINGS, MAGIC_TAX_CODES, SAMPLE_TAX_CODES, add_months, unaccented
from infra.papers.wording import spell_money, write_date, write_money

FIXTURES = Path(__file__).parents[1] / "fixtures" / "documents"

PROVINCES = {  # the 63 codes of 2020
    f"{number:03d}"
    for number in (
        *(
            1,
            2,
            4,
            6,
            8,
            10,
            11,
            12,
            14,
            15,
            17,
            19,
            20,
            22,
            24,
            25,
            26,
            27,
            30,
            31,
            33,
            34,
            35,
            36,
            37,
            38,
            40,
            42,
            44,
        ),
        *(45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87),
        *(89, 91, 92, 93, 94, 95, 96),
    )
}


def crowd(count: int = 300):
    rng = random.Random("crowd")
    for _ in range(count):
        employer = invent_employer(rng)
        person = invent_person(rng, employer.line)
        yield employer, person, invent_job(rng, employer, person)


class TestPeople:
    def test_citizen_cards_agree_with_province_sex_and_birth_year(self):
        cards = [person for _, person, _ in crowd() if person.id_kind == "cccd"]
        assert cards
        for person in cards:
            assert re.fullmatch(r"\d{12}", person.id_number)
            assert person.id_number[:3] in PROVINCES
            century, female = divmod(int(person.id_number[3]), 2)
            assert female == (person.sex == "female")
            assert 1900 + 100 * century + int(person.id_number[4:6]) == person.date_of_birth.year

    def test_old_identity_cards_have_nine_digits(self):
        numbers = [person.id_number for _, person, _ in crowd() if person.id_kind == "cmnd"]
        assert numbers
        assert all(re.fullmatch(r"\d{9}", number) for number in numbers)

    def test_tax_codes_carry_their_check_digit(self):
        codes = [employer.tax_code for employer, _, _ in crowd()]
        codes += [*MAGIC_TAX_CODES.values(), *SAMPLE_TAX_CODES.values()]
        assert [code for code in codes if not mst.is_valid(code)] == []

    def test_no_employer_has_a_code_the_registries_answer_specially(self):
        assert not {employer.tax_code for employer, _, _ in crowd()} & set(MAGIC_TAX_CODES.values())

    def test_insurance_numbers_avoid_the_magic_endings(self):
        numbers = [person.bhxh_number for _, person, _ in crowd()]
        assert all(re.fullmatch(r"\d{10}", number) for number in numbers)
        assert not {number[-4:] for number in numbers} & {f"{ending:04d}" for ending in range(100)}

    @pytest.mark.parametrize("ending", MAGIC_BHXH_ENDINGS.values())
    def test_a_magic_ending_can_be_asked_for(self, ending: str):
        assert invent_person(random.Random(1), bhxh_ending=ending).bhxh_number.endswith(ending)

    def test_telephones_and_accounts_have_the_shapes_of_2020(self):
        for employer, person, _ in crowd():
            assert re.fullmatch(r"0(3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}", person.phone)
            assert re.fullmatch(r"0\d{10}", employer.phone.replace(".", ""))
            assert re.fullmatch(r"\d{6,19}", person.bank_account)
            assert person.bank_account_holder == unaccented(person.full_name).upper()
            assert person.bank_account_holder.isascii()

    def test_life_is_in_order(self):
        for _, person, job in crowd():
            assert person.id_issued_on <= job.signed_on <= job.starts_on
            assert add_months(person.date_of_birth, 12 * 18) <= job.starts_on
            assert job.starts_on <= job.suspension_starts_on <= job.suspension_ends_on
            assert job.suspension_signed_on < job.suspension_starts_on
            assert (job.ends_on is None) == (job.contract_type == "indefinite")
            if job.ends_on:
                assert job.ends_on >= date(2020, 6, 30)
                assert job.ends_on + timedelta(days=1) == add_months(job.starts_on, job.term_months)

    def test_names_of_other_peoples_appear(self):
        names = {person.full_name for _, person, _ in crowd()}
        assert any("'" in name or name.split()[0] in {"Giàng", "Ksor", "Siu", "Vàng", "Sùng"} for name in names)


class TestWording:
    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            (1_800_000, "Một triệu tám trăm nghìn"),
            (4_707_000, "Bốn triệu bảy trăm linh bảy nghìn"),
            (1_715_000, "Một triệu bảy trăm mười lăm nghìn"),
            (24_104_000, "Hai mươi tư triệu một trăm linh bốn nghìn"),
            (21_051_000, "Hai mươi mốt triệu không trăm năm mươi mốt nghìn"),
            (1_000_005, "Một triệu không trăm linh năm"),
            (10_010_010, "Mười triệu không trăm mười nghìn không trăm mười"),
        ],
    )
    def test_money_in_words(self, amount: int, words: str):
        assert spell_money(amount) == words

    def test_the_south_says_it_otherwise(self):
        assert spell_money(4_707_000, south=True) == "Bốn triệu bảy trăm lẻ bảy ngàn"

    @pytest.mark.parametrize(
        ("form", "text"),
        [
            ("long", "ngày 05 tháng 4 năm 2020"),
            ("long0", "ngày 05 tháng 04 năm 2020"),
            ("slash", "5/4/2020"),
            ("slash0", "05/04/2020"),
            ("dash", "05-04-2020"),
            ("dot", "05.04.2020"),
        ],
    )
    def test_dates(self, form: str, text: str):
        assert write_date(date(2020, 4, 5), form) == text

    @pytest.mark.parametrize(("form", "text"), [("dot", "9.790.000"), ("comma", "9,790,000"), ("space", "9 790 000")])
    def test_money_in_figures(self, form: str, text: str):
        assert write_money(9_790_000, form) == text

    def test_adding_months_stays_in_the_month(self):
        assert add_months(date(2020, 5, 31), 1) == date(2020, 6, 30)
        assert add_months(date(2019, 12, 31), 2) == date(2020, 2, 29)
        assert add_months(date(2020, 11, 15), 1) == date(2020, 12, 15)


class TestFixtures:
    def test_every_sample_is_kept_small_and_with_its_origin(self):
        readme = (FIXTURES / "README.md").read_text(encoding="utf-8")
        kept = {path.name for path in FIXTURES.iterdir()} - {"README.md"}
        assert kept == {name for sample in SAMPLES for name in (sample.name, f"{sample.name}.truth.json")}
        for sample in SAMPLES:
            assert (FIXTURES / sample.name).stat().st_size <= 300 * 1024
            assert f"| {sample.name} | {sample.layout} | {sample.level} | {sample.seed} | {sample.rows} |" in readme
        assert sum(path.stat().st_size for path in FIXTURES.iterdir()) <= 3 * 1024 * 1024

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
    def test_a_sample_made_again_says_the_same(self, sample):
        kept = json.loads((FIXTURES / f"{sample.name}.truth.json").read_text(encoding="utf-8"))
        kind = LAYOUTS[sample.layout].kind
        again = make_paper(kind, sample.layout, seed=sample.seed, rows=sample.rows).truth
        assert (kept["document_type"], kept["fields"], kept["tables"]) == (
            again["document_type"], again["fields"], again["tables"],
        )  # fmt: skip

    def test_all_types_and_forms_are_there(self):
        assert {LAYOUTS[sample.layout].kind for sample in SAMPLES} == set(kinds_of("test"))
        assert {sample.form for sample in SAMPLES} == {"pdf", "jpg", "png", "tiff"}
        assert {sample.level for sample in SAMPLES} == set(LEVELS)


class TestCompare:
    @pytest.mark.parametrize(
        ("field", "printed", "read", "same"),
        [
            ("employee.full_name", "Trần Thị Hoa", "TRẦN THỊ  HOA", True),
            ("employee.full_name", "Trần Thị Hoa", "Trần Thị Hòa", False),
            ("employee.full_name", "Trần Thị Hoa", None, False),
            ("suspension.reason", "dịch bệnh Covid-19", "ảnh hưởng của dịch COVID-19", True),
            ("suspension.reason", "dịch bệnh Covid-19", "khó khăn", False),
            ("contract.salary_vnd", 5_000_000, 5_000_000, True),
            ("contract.salary_vnd", 5_000_000, "5000000", False),
            ("suspension.paid", False, 0, False),
            ("contract.term_months", 12, 12, True),
        ],
    )
    def test_what_counts_as_the_same(self, field, printed, read, same):
        assert agrees(field, printed, read) is same
