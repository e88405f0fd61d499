"""The generator of invented papers: its truth is what stands on the paper, its numbers are of the right shape, and
the same seed gives the same bytes. A fault here would make every measurement of reading wrong."""

from __future__ import annotations

import dataclasses
import hashlib
import html.parser
import io
import json
import random
import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image
from stdnum.vn import mst

from infra.papers import (
    LAYOUTS,
    LEVELS,
    LISTS,
    SAMPLES,
    SampleDossier,
    agrees,
    blur_page,
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
    sample_dossiers,
    take_page,
    wear,
    wear_page,
    wear_some,
    wear_tiff,
)
from infra.papers.ink import MissingFontError
from infra.papers.people import MAGIC_BHXH_ENDINGS, MAGIC_TAX_CODES, SAMPLE_TAX_CODES, add_months, unaccented
from infra.papers.printing import compose, fonts_used, squeeze
from infra.papers.wearing import turn_deg
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


class Letters(html.parser.HTMLParser):
    """The letters a reader of the HTML would see."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.seen = 0, []

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("style", "title")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "title")

    def handle_data(self, data):
        if not self.hidden:
            self.seen.append(data)


def sealed(paper):
    """The paper says something, and a seal stands on it: its layout places one."""
    template = Path(__file__).parents[2] / "infra/papers/templates" / f"{paper.truth['layout']}.html"
    return "sealed=true" in template.read_text(encoding="utf-8") and "pen(" in template.read_text(encoding="utf-8")


def letters(text: str) -> Counter[str]:
    return Counter(squeeze(text))


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


@pytest.fixture(scope="module")
def one_page() -> bytes:
    return make_paper("unpaid_leave_agreement", "unpaid_form", seed=4).pdf


@pytest.fixture(scope="module")
def agreement() -> bytes:
    return make_paper("suspension_agreement", "suspension_minutes", seed=4).pdf


class TestWearing:
    @pytest.mark.parametrize("level", [level for level in LEVELS if level != "born_digital"])
    def test_worn_pages_are_pictures_and_come_out_the_same_again(self, one_page, level):
        worn = wear(one_page, level, 6)
        assert worn == wear(one_page, level, 6)
        assert page_texts(worn) == [""]

    def test_another_seed_wears_otherwise(self, one_page):
        assert wear(one_page, "fax150", 6) != wear(one_page, "fax150", 7)

    def test_every_page_is_worn(self, agreement):
        assert page_texts(wear(agreement, "fax150", 6)) == ["", ""]

    def test_born_digital_stays_as_it_is(self, agreement):
        assert wear(agreement, "born_digital", 1) == agreement

    def test_a_fax_is_dark_letters_on_white_in_the_fax_machines_own_code(self, one_page):
        worn = wear(one_page, "fax150", 1)
        with pikepdf.open(io.BytesIO(worn)) as book:
            (picture,) = book.pages[0].get_images().values()
            assert picture.Filter == pikepdf.Name.CCITTFaxDecode
        assert np.asarray(render(worn, 0)).mean() > 200

    def test_rotated_pages_lie_on_either_side_or_on_their_head(self, one_page):
        seeds = {turn_deg(seed): seed for seed in range(12)}
        assert set(seeds) == {90, 180, 270}
        for turn, seed in seeds.items():
            page = render(wear(one_page, "rotated", seed), 0)
            assert (page.width > page.height) is (turn != 180)
            upright = np.asarray(page.rotate(-turn, expand=True).convert("L"), dtype=np.float32)
            third = upright.shape[0] // 6
            assert upright[:third].mean() < upright[-third:].mean(), "the letterhead is above, the empty foot below"

    def test_a_stamped_page_has_more_red_than_a_plain_one(self, one_page):
        def red(level):
            page = np.asarray(render(wear(one_page, level, 3), 0), dtype=np.int16)
            return ((page[..., 0] - page[..., 1]) > 50).mean()

        assert red("stamped") > 1.5 * red("office200")

    def test_a_blurred_page_is_beyond_reading_and_the_others_untouched(self, agreement):
        scan = wear(agreement, "clean300", 2)
        blurred = blur_page(scan, 2)
        before, after = embedded(scan), embedded(blurred)
        assert before[0] == after[0]
        assert edges(after[1]) < 0.15 * edges(before[1])

    def test_a_page_taken_out_is_that_very_page(self, agreement):
        scan = wear(agreement, "clean300", 2)
        assert embedded(take_page(scan, 2)) == [embedded(scan)[1]]

    def test_a_signed_last_page_can_be_a_scan_in_a_printed_file(self, agreement):
        first, second = page_texts(wear_some(agreement, "fax150", 1, pages=(2,)))
        assert "BIÊN BẢN THỎA THUẬN" in first
        assert second == ""

    def test_single_pictures_and_tiffs(self, agreement):
        photo = Image.open(io.BytesIO(wear_page(agreement, "stamped", 1, page=2, long_side_px=1500)))
        assert (photo.format, max(photo.size)) == ("JPEG", 1500)
        fax = Image.open(io.BytesIO(wear_page(agreement, "fax150", 1, form="png")))
        assert (fax.format, fax.mode) == ("PNG", "1")
        for level in ("fax150", "office200"):
            book = Image.open(io.BytesIO(wear_tiff(agreement, level, 1)))
            assert (book.format, book.n_frames) == ("TIFF", 2)


def render(pdf: bytes, page: int, scale: float = 1.0) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()


def embedded(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as book:
        return [picture.read_raw_bytes() for page in book.pages for picture in page.get_images().values()]


def edges(jpeg: bytes) -> float:
    """Mean step between neighbours four pixels apart: what blurring takes away."""
    page = np.asarray(Image.open(io.BytesIO(jpeg)).convert("L").reduce(4), dtype=np.float32)
    return float(np.abs(np.diff(page, axis=1)).mean())


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
