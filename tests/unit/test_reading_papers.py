"""Whole papers, printed by hand in other wordings and layouts than the generator's: every field where it stands."""

from __future__ import annotations

import dataclasses
import time

import pytest
from casework.document import Box, Page, Word
from casework.reading import read_fields

from tests.unit.papers_by_hand import (
    BILINGUAL,
    MINUTES,
    PAPERS,
    PARTY_LINES,
)
from tests.unit.printed import page, values


@pytest.mark.parametrize(
    ("paper", "field_id", "value"),
    [(name, field_id, value) for name, (_, _, says) in PAPERS.items() for field_id, value in says.items()],
)
def test_every_field_of_a_paper_is_found(paper: str, field_id: str, value: object) -> None:
    _, text, _ = PAPERS[paper]
    assert values(read_fields([page(text)])).get(field_id) == value


@pytest.mark.parametrize("paper", PAPERS)
def test_its_type_is_recognised_and_every_value_has_evidence(paper: str) -> None:
    document_type, text, _ = PAPERS[paper]
    reading = read_fields([page(text)])
    assert reading.document_type == document_type
    assert reading.type_confidence >= 0.6
    for field_id, field in reading.fields.items():
        if field.value is None:
            assert (field_id, field.confidence) == (field_id, 0.0)
        else:
            assert 0 < field.confidence <= 1, field_id
            assert field.page == 1, field_id
            assert field.box is not None, field_id
            assert field.source == "text", field_id


def test_reading_is_deterministic_and_does_not_depend_on_the_order_of_words() -> None:
    paper = page(MINUTES)
    shuffled = dataclasses.replace(paper, words=tuple(reversed(paper.words)))
    assert read_fields([paper]).fields == read_fields([shuffled]).fields


def test_the_box_of_a_field_covers_its_words() -> None:
    paper = page(BILINGUAL)
    field = read_fields([paper]).fields["employee.id_number"]
    (word,) = [word for word in paper.words if word.text == "079192004321"]
    assert field.box == word.box
    assert field.raw == "079192004321"


def test_an_unreadable_page_is_not_believed_and_is_kept() -> None:
    from casework.document import Problem

    paper = page(MINUTES)
    blurred = dataclasses.replace(
        page(MINUTES.replace("VŨ ĐÌNH TOÀN", "LÊ VĂN SAI"), number=2), problem=Problem("x", "x", "x")
    )
    reading = read_fields([paper, blurred])
    assert reading.unreadable_pages == (2,)
    assert reading.fields["employee.full_name"].value == "VŨ ĐÌNH TOÀN"
    assert all(not kept.words for kept in reading.pages)


def test_nothing_readable_is_unknown_and_not_an_error() -> None:
    assert read_fields([]).document_type == "unknown"
    assert read_fields([page("")]).fields == {}


def test_figures_and_words_that_differ_are_both_doubted() -> None:
    text = BILINGUAL.replace("Sáu triệu hai trăm", "Bảy triệu hai trăm")
    reading = read_fields([page(text)])
    sure = read_fields([page(BILINGUAL)]).fields["contract.salary_vnd"].confidence
    for name in ("contract.salary_vnd", "contract.salary_words_vnd"):
        assert any("6250000" in doubt and "7250000" in doubt for doubt in reading.fields[name].doubts)
        assert reading.fields[name].confidence < sure


def test_a_cccd_that_contradicts_the_date_of_birth_says_so() -> None:
    field = read_fields([page(BILINGUAL.replace("09/11/1992", "09/11/1982"))]).fields["employee.id_number"]
    assert field.value == "079192004321"
    assert any("1992" in doubt and "1982" in doubt for doubt in field.doubts)


def test_an_open_end_has_no_value_and_says_why() -> None:
    field = read_fields(
        [page(MINUTES.replace("đến hết ngày 31/5/2020", "đến khi có thông báo mới").replace(" 02 tháng,", ""))]
    )
    assert field.fields["suspension.ends_on"].value is None
    assert "để ngỏ" in field.fields["suspension.ends_on"].doubts[0]


def test_an_end_counted_from_a_length_is_said_to_be_counted() -> None:
    text = MINUTES.replace(", từ ngày\n01/4/2020 đến hết ngày 31/5/2020", "\nkể từ ngày 01/4/2020")
    field = read_fields([page(text)]).fields["suspension.ends_on"]
    assert field.value == "2020-05-31"
    assert "tính từ thời hạn" in field.doubts[0]


def test_the_parties_are_told_by_what_they_hold_even_when_exchanged() -> None:
    text = MINUTES.replace("BÊN A:", "BÊN X:").replace("BÊN B:", "BÊN A:").replace("BÊN X:", "BÊN B:")
    fields = read_fields([page(text)]).fields
    assert fields["employee.full_name"].value == "VŨ ĐÌNH TOÀN"
    assert fields["employer.name"].value == "CÔNG TY TNHH MINH LONG"


def misread(text: str, wrong: dict[str, str]) -> Page:
    """The page as OCR may give it: words replaced, with a low confidence."""
    paper = page(text, source="ocr", confidence=0.96)
    words = tuple(
        Word(wrong.get(word.text, word.text), word.box, 0.5 if word.text in wrong else 0.96) for word in paper.words
    )
    return dataclasses.replace(paper, words=words)


def test_labels_and_values_with_misread_letters_are_still_found() -> None:
    paper = misread(
        BILINGUAL, {"Họ": "Hợ", "tên/Full": "tẽn/FuIl", "09/11/1992": "O9/11/l992", "sinh/Date": "sình/Dale"}
    )
    fields = read_fields([paper]).fields
    assert fields["employee.full_name"].value == "Phạm Thị Mai Hương"
    assert fields["employee.date_of_birth"].value == "1992-11-09"
    assert fields["employee.date_of_birth"].doubts


def test_a_name_is_never_changed_into_another() -> None:
    paper = misread(BILINGUAL, {"Hương": "Hưởng"})
    assert read_fields([paper]).fields["employee.full_name"].value == "Phạm Thị Mai Hưởng"


def test_a_name_printed_twice_is_read_from_both_places() -> None:
    text = PARTY_LINES.replace("(Bên B): Bà Trần Thị Bích Ngọc", "(Bên B): Bà Trân Thị Bích Ngọc")
    paper = misread(text, {"Trân": "Trân"})
    field = read_fields([paper]).fields["employee.full_name"]
    assert field.value == "Trần Thị Bích Ngọc"
    assert field.doubts


def test_a_doubtful_number_is_looked_at_a_second_time_with_its_alphabet() -> None:
    asked: list[tuple[int, Box, str | None]] = []

    def look(number: int, box: Box, alphabet: str | None) -> tuple[str, float]:
        asked.append((number, box, alphabet))
        return "0100684378", 0.9

    paper = misread(BILINGUAL, {"0302345678": "010068437"})
    before = read_fields([paper]).fields["employer.tax_code"]
    after = read_fields([paper], look).fields["employer.tax_code"]
    assert before.value == "010068437"
    assert before.doubts
    assert (after.value, after.source) == ("0100684378", "second_look")
    assert any("010068437" in doubt for doubt in after.doubts)
    assert asked
    assert all(set(alphabet or "") <= set("0123456789-+.,/() ") for _, _, alphabet in asked)


def test_a_second_look_is_not_asked_for_text_layers() -> None:
    def look(number: int, box: Box, alphabet: str | None) -> tuple[str, float]:
        raise AssertionError("asked")

    read_fields([page(PARTY_LINES)], look)


def test_a_long_contract_takes_time_in_proportion() -> None:
    pages = [
        page(PARTY_LINES),
        *(page("Điều khoản chung của hợp đồng lao động này.\n" * 45, number=n) for n in range(2, 12)),
    ]
    started = time.process_time()
    reading = read_fields(pages)
    assert reading.document_type == "labour_contract"
    assert time.process_time() - started < 5  # a hundred times what it takes: only an endless search fails
