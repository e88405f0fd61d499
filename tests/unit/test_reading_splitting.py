"""Several papers in one file, pages out of order, pages that are not there: told from made papers and from words."""

from __future__ import annotations

import dataclasses
import functools
import random

import pytest
from adapters.reader import Reader
from casework.document import Box, Cell, Grid, Page, Word
from casework.reading import read_fields
from casework.reading.splitting import split

from infra.papers import make_paper, one_employer
from tests.unit.printed import page


@functools.cache
def read(kind: str, layout: str, seed: int = 3, rows: int | None = None) -> tuple[Page, ...]:
    """The pages of a made paper, from their text layer."""
    employer, staff = one_employer(1, seed=seed)
    own = {"rows": rows} if rows else {"employer": employer, "jobs": staff}
    paper = make_paper(kind, layout, seed=seed, **own)
    reader = Reader()
    pages = tuple(reader.read_page(paper.pdf, number + 1, picture=False).page for number in range(paper.truth["pages"]))
    reader.close()
    return pages


def file_of(*pages: Page) -> list[Page]:
    """Pages as they come one after the other in a file."""
    return [dataclasses.replace(each, number=number) for number, each in enumerate(pages, 1)]


CONTRACT = ("labour_contract", "contract_party_a_b")
MINUTES = ("suspension_agreement", "suspension_minutes")


class TestSeveralPapers:
    def test_contract_agreement_and_list_in_one_scan_are_read_each_by_itself(self):
        contract, agreement, listed = read(*CONTRACT), read(*MINUTES), read("form_01", "form01_ruled")
        reading = read_fields(file_of(*contract, *agreement, *listed))
        first, second = len(contract), len(contract) + len(agreement)
        assert [(part.document_type, part.pages) for part in reading.parts] == [
            ("labour_contract", tuple(range(1, first + 1))),
            ("suspension_agreement", tuple(range(first + 1, second + 1))),
            ("form_01", tuple(range(second + 1, second + len(listed) + 1))),
        ]
        assert reading.document_type == "labour_contract"
        assert reading.fields == reading.parts[0].fields
        of_agreement, of_list = reading.parts[1].fields, reading.parts[2].tables["roster"]
        assert of_agreement["suspension.starts_on"].page == second
        assert of_list[0]["employee.bhxh_number"].value == of_agreement["employee.bhxh_number"].value
        assert not reading.remarks

    def test_a_file_of_one_paper_has_no_parts(self):
        reading = read_fields(file_of(*read(*MINUTES)))
        assert reading.parts == ()
        assert [part.document_type for part in reading.papers] == ["suspension_agreement"]

    def test_papers_read_side_by_side_say_what_they_say_one_after_another(self):
        pages, asked = file_of(*read(*MINUTES, seed=3), *read(*MINUTES, seed=4)), []

        def backwards(function, parts):
            asked.append(len(parts))
            return reversed([function(part) for part in reversed(parts)])

        assert read_fields(pages, each=backwards) == read_fields(pages)
        read_fields(pages[:2], each=backwards)
        assert asked == [2], "one paper is read as it is"

    def test_two_agreements_of_one_type_are_two_papers(self):
        one, two = read(*MINUTES, seed=3), read(*MINUTES, seed=4)
        parts = split(file_of(*one, *two))
        assert [part.pages for part in parts] == [(1, 2), (3, 4)]

    def test_statements_of_one_set_stay_one_paper(self):
        statements = [read("financial_statement", f"statement_{name}") for name in ("income", "balance")]
        pages = file_of(*statements[0], *statements[1])
        assert [part.pages for part in split(pages)] == [(1, 2)]
        fields = read_fields(pages).fields
        assert fields["finance.revenue_vnd"].page == 1
        assert fields["finance.cash_vnd"].page == 2

    def test_a_list_over_many_pages_is_one_paper_though_its_heading_is_printed_again(self):
        pages = read("form_01", "form01_ruled", rows=40)
        assert len(pages) > 1
        assert [part.pages for part in split(pages)] == [tuple(range(1, len(pages) + 1))]

    def test_a_page_that_cannot_be_read_stays_with_the_paper_before_it(self):
        blank = Page(1, "ocr", 0, 0)
        parts = split(file_of(*read(*MINUTES), blank, *read("form_11", "form11_state")))
        assert [part.pages for part in parts] == [(1, 2, 3), (4,)]


class TestOrder:
    def test_pages_out_of_order_are_read_in_order_and_named(self):
        first, second = read(*MINUTES)
        right, turned = read_fields(file_of(first, second)), read_fields(file_of(second, first))
        assert turned.document_type == "suspension_agreement"
        values = {name: field.value for name, field in turned.fields.items()}
        assert values == {name: field.value for name, field in right.fields.items()}
        assert [remark.type for remark in turned.remarks] == ["pages-out-of-order"]
        assert "Trang 2 nằm trước trang 1" in turned.remarks[0].detail

    def test_a_turned_page_between_two_papers_goes_to_the_one_that_lacks_it(self):
        contract, (first, second) = read(*CONTRACT), read(*MINUTES)
        number = len(contract)
        parts = split(file_of(*contract, second, first))
        assert [part.pages for part in parts] == [tuple(range(1, number + 1)), (number + 2, number + 1)]
        assert all(part.missing == () for part in parts)

    def test_a_number_misread_as_one_that_was_there_tears_no_paper_apart(self):
        texts = [("HỢP ĐỒNG LAO ĐỘNG\nmột", "1"), ("hai", "2"), ("ba", "2"), ("bốn", "4")]
        assert [part.pages for part in split(file_of(*(with_foot(*each) for each in texts)))] == [(1, 2, 3, 4)]

    @pytest.mark.parametrize("foot", ["Trang {}/3", "- {} -", "{}", "Page {} of 3", "Hợp đồng lao động - trang {}"])
    def test_printed_numbers_in_every_form_tell_the_order(self, foot):
        texts = ["HỢP ĐỒNG LAO ĐỘNG\nCông ty và người lao động", "Tiền lương trả hàng tháng", "Điều khoản chung"]
        pages = [with_foot(text, foot.format(number)) for number, text in enumerate(texts, 1)]
        (part,) = split(file_of(pages[0], pages[2], pages[1]))
        assert part.pages == (1, 3, 2)
        assert part.turned == ((2, 3, 2),)
        assert part.missing == ()

    def test_a_page_without_a_number_is_called_by_the_one_that_follows_the_page_before_it(self):
        first, third, fourth = (with_foot(f"{text}\nđiều khoản", f"{number}") for text, number in
                                (("HỢP ĐỒNG LAO ĐỘNG", 1), ("ba", 3), ("bốn", 4)))  # fmt: skip
        (part,) = split(file_of(first, fourth, with_foot("tiếp theo"), third))
        assert part.pages == (1, 4, 2, 3)
        assert part.turned == ((3, 5, 3),)

    def test_articles_tell_the_order_where_no_page_has_a_number(self):
        one = with_foot("HỢP ĐỒNG LAO ĐỘNG\nĐiều 1. Công việc\nĐiều 2. Chế độ làm việc")
        two, three = with_foot("Điều 3. Quyền lợi\nĐiều 4. Nghĩa vụ"), with_foot("Điều 5. Thi hành")
        (part,) = split(file_of(one, three, two))
        assert part.pages == (1, 3, 2)
        (part,) = split(file_of(one, two, three))
        assert part.turned == ()

    def test_laws_that_are_cited_are_no_articles_of_the_paper(self):
        one = with_foot("QUYẾT ĐỊNH\nVề việc chấm dứt hợp đồng lao động\nĐiều 36. của Bộ luật\nĐiều 1. Chấm dứt")
        two = with_foot("Điều 2. Thi hành")
        (part,) = split(file_of(one, two))
        assert part.turned == ()


class TestMissing:
    def test_a_page_of_a_numbered_set_that_is_not_there_is_reported(self):
        pages = [with_foot("HỢP ĐỒNG LAO ĐỘNG\nmột", "Trang 1/3"), with_foot("ba", "Trang 3/3")]
        reading = read_fields(file_of(*pages))
        assert [remark.type for remark in reading.remarks] == ["page-missing"]
        assert reading.remarks[0].title == "Thiếu trang 2/3"

    def test_a_number_that_cannot_be_a_page_of_the_set_is_none(self):
        first = "HỢP ĐỒNG LAO ĐỘNG\nmột"
        for foot, other in (("1/2", "22"), ("", "35.")):
            (part,) = split(file_of(with_foot(first, foot), with_foot("hai", other)))
            assert (part.pages, part.missing) == ((1, 2), ())

    def test_the_number_of_a_list_s_last_row_is_no_page_s(self):
        words = [Word(text, Box(x, 0.93, x + 0.02, 0.945), 0.9) for x, text in ((0.1, "26"), (0.2, "An"))]
        row = tuple(
            Cell(0, column, Box(column / 6, 0.92, (column + 1) / 6, 0.95), (words[min(column, 1)],))
            for column in range(5)
        )
        listed = dataclasses.replace(
            with_foot("DANH SÁCH"), words=(words[0],), grids=(Grid(Box(0.0, 0.92, 1.0, 0.95), 1, 5, row),)
        )
        (part,) = split([listed])
        assert part.numbers == (None,)

    def test_a_turned_page_is_joined_to_a_first_page_that_bears_no_number(self):
        one, two = with_foot("HỢP ĐỒNG LAO ĐỘNG\nmột"), with_foot("hai", "2")
        (part,) = split(file_of(two, one, with_foot("ba", "3")))
        assert (part.pages, part.missing) == ((2, 1, 3), ())

    def test_one_page_alone_says_that_others_belong_to_it(self):
        (part,) = split([with_foot("một trang", "Trang 2/2")])
        assert (part.missing, part.of) == ((1,), 2)

    def test_a_later_page_alone_says_that_those_before_it_belong_to_it(self):
        (part,) = split([with_foot("hai", "3")])
        assert part.missing == (1, 2)

    @pytest.mark.parametrize("foot", ["Trang 1⁄2", "Page l of2", "Trang l/2", "Page of2", "Trang /2"])
    def test_a_number_read_nearly_right_still_says_how_many_there_are(self, foot):
        (part,) = split([with_foot("HỢP ĐỒNG LAO ĐỘNG\nmột", foot)])
        assert part.missing == (2,)

    def test_a_page_with_a_title_of_its_own_is_no_later_page_of_another(self):
        (part,) = split([with_foot("HỢP ĐỒNG LAO ĐỘNG\nmột", "3")])
        assert part.missing == ()

    def test_a_first_page_without_its_number_is_not_missing(self):
        pages = [with_foot("HỢP ĐỒNG LAO ĐỘNG\nmột"), with_foot("hai", "2"), with_foot("ba", "3")]
        (part,) = split(file_of(*pages))
        assert part.missing == ()
        assert part.turned == ()

    def test_a_page_without_its_number_behind_the_second_is_not_the_first(self):
        (part,) = split(file_of(with_foot("hai", "2"), with_foot("ba")))
        assert part.missing == (1,)

    def test_a_page_without_its_number_may_be_the_one_between_its_neighbours(self):
        pages = [
            with_foot("HỢP ĐỒNG LAO ĐỘNG\nmột", "1"),
            with_foot("hai"),
            with_foot("ba", "3"),
            with_foot("năm", "5"),
        ]
        (part,) = split(file_of(*pages))
        assert part.missing == (4,)

    def test_two_numbers_of_pages_that_contradict_each_other_accuse_nobody(self):
        pages = [with_foot("HỢP ĐỒNG LAO ĐỘNG\nmột", "Trang 1/2"), with_foot("hai", "Trang 2/8")]
        assert [(part.pages, part.missing) for part in split(file_of(*pages))] == [((1, 2), ())]

    def test_a_day_at_the_foot_is_no_page_number(self):
        (part,) = split([with_foot("một", "Hà Nội, 12/4/2020")])
        assert part.missing == ()


@pytest.mark.parametrize("seed", range(6))
def test_every_page_is_in_exactly_one_part(seed):
    rng = random.Random(seed)
    words = ["HỢP ĐỒNG LAO ĐỘNG", "Điều 3. Lương", "ĐỀ NGHỊ VAY VỐN", "", "Căn cứ", "QUYẾT ĐỊNH", "Điều 1. Việc"]
    pages = file_of(*(with_foot(rng.choice(words), rng.choice(["", "2", "Trang 1/2", "3/4"])) for _ in range(7)))
    found = sorted(number for part in split(pages) for number in part.pages)
    assert found == list(range(1, 8))


def with_foot(text: str, foot: str = "") -> Page:
    """A page with its number at its foot."""
    body = page(text)
    if not foot:
        return body
    below = [
        dataclasses.replace(word, box=dataclasses.replace(word.box, y0=0.955, y1=0.967)) for word in page(foot).words
    ]
    return dataclasses.replace(body, words=(*body.words, *below))
