"""Why a value is wrong is told from what was printed, what was read and the words that were seen."""

from __future__ import annotations

from typing import Any

import pytest
from casework.document import Box, Field, Page, Reading, Word

from tests.bench.faults import CAUSES, faults_of
from tests.bench.scoring import compare_values

BOX = Box(0.1, 0.1, 0.3, 0.12)


def page_of(text: str, **more: Any) -> Page:
    words = tuple(Word(word, Box(0.1 + 0.05 * at, 0.1, 0.14 + 0.05 * at, 0.12)) for at, word in enumerate(text.split()))
    return Page(1, "ocr", 1000, 1400, words=words, **more)


def cause_of(
    printed: str, seen: str, read: str | None, name: str = "employee.full_name", type_: str = "form_02"
) -> str:
    truth = {"document_type": "form_02", "fields": {name: printed, "employer.name": "Công ty Kia"}, "printed": {}}
    fields = {"employer.name": Field("Công ty Kia", confidence=1.0)}
    if read is not None:
        fields[name] = Field(read, confidence=0.5, page=1, box=BOX)
    reading = Reading(type_, 1.0, fields)
    values = {each: (item.value, item.confidence) for each, item in fields.items()}
    _, outcomes = compare_values(truth, type_, values, {}, rows_doubted=False)
    (fault,) = faults_of(truth, reading, [page_of(seen)], outcomes, ["1.jpg"])
    assert fault.cause in CAUSES
    return fault.cause


@pytest.mark.parametrize(
    ("printed", "seen", "read", "cause"),
    [
        ("Trần Thị Hoà", "Họ tên: Trân Thị Hoà", "Trân Thị Hoà", "marks"),
        ("0123 456", "số 0123 466", "0123466", "digits"),
        ("Trần Thị Hoa", "Họ tên: Trần Thị Hoe", "Trần Thị Hoe", "letters"),
        ("Trần Thị Hoa", "một tờ giấy không có chữ ấy", None, "lost"),
        ("Trần Thị Hoa", "Họ tên Trần Thị Hoa", None, "unfound"),
        ("Trần Thị Hoa", "Trần Thị Hoa Công ty Kia", "Công ty Kia", "other_value"),
        ("Trần Thị Hoa", "Trần Thị Hoa ký", "Trần Thị", "cut"),
        ("Trần Thị Hoa", "Trần Thị Hoa ký tên", "Trần Thị Hoa ký tên", "overlong"),
    ],
)
def test_a_wrong_value_has_a_cause(printed: str, seen: str, read: str | None, cause: str) -> None:
    assert cause_of(printed, seen, read) == cause


def test_on_a_paper_of_another_type_nothing_else_is_to_blame() -> None:
    assert cause_of("Trần Thị Hoa", "Trần Thị Hoa", None, type_="unknown") == "type"


def test_a_missing_row_is_one_fault() -> None:
    truth = {
        "document_type": "form_01",
        "fields": {},
        "tables": {"roster": [{"employee.full_name": "A B", "employee.bhxh_number": "7909123456"}]},
    }
    _, outcomes = compare_values(truth, "form_01", {}, {}, rows_doubted=False)
    faults = faults_of(truth, Reading("form_01", 1.0), [page_of("A B 7909123456")], outcomes, ["1.jpg"])
    assert [(fault.cause, fault.row) for fault in faults] == [("row", 1)]
