"""Figures by which papers are compared are read twice on scans: alike they were read, otherwise they are doubted."""

from __future__ import annotations

import pytest
from casework.document import Box, Field
from casework.reading.twice import MOST, read_twice

BIRTH = "employee.date_of_birth"
KINDS = {BIRTH: "birth_date", "contract.number": "number", "contract.signed_on": "date"}
ALPHABETS = {"birth_date": "0123456789/-.", "date": "0123456789/-."}


def seen(value: str, raw: str, confidence: float = 0.99, source: str = "ocr") -> Field:
    return Field(value, raw, confidence, 1, Box(0.1, 0.1, 0.3, 0.12), source)  # type: ignore[arg-type]


def twice(field: Field, again: str, name: str = BIRTH) -> tuple[Field, list[str | None]]:
    asked: list[str | None] = []

    def look(number: int, box: Box, alphabet: str | None) -> tuple[str, float]:
        asked.append(alphabet)
        return again, 0.96

    return read_twice({name: field}, KINDS, ALPHABETS, look)[name], asked


def test_the_same_figures_were_read() -> None:
    read, asked = twice(seen("1999-12-16", "16-12-1999"), "16.12.1999")
    assert (read.value, read.source, read.confidence, read.doubts) == ("1999-12-16", "second_look", 0.99, ())
    assert asked == ["0123456789/-."]


def test_other_figures_are_a_doubt_that_says_what_was_read_again() -> None:
    read, _ = twice(seen("1999-12-18", "18-12-1999"), "16-12-1999")
    assert (read.value, read.source, read.doubts) == ("1999-12-18", "ocr", ("đọc lại là 16-12-1999",))
    assert read.confidence < 0.9


def test_a_number_with_letters_is_read_with_all_signs() -> None:
    read, asked = twice(seen("07/2018/HĐLĐ", "07/2018/HĐLĐ"), "07/2018/HDLD", "contract.number")
    assert (read.source, asked) == ("second_look", [None])


@pytest.mark.parametrize("again", ["", "———", "99/99/1999"])
def test_what_is_no_value_says_nothing_against_the_first_reading(again: str) -> None:
    field = seen("1999-12-16", "16-12-1999")
    assert twice(field, again)[0] == field


@pytest.mark.parametrize(
    ("name", "field"),
    [
        (BIRTH, seen("1999-12-16", "16-12-1999", source="text")),
        (BIRTH, seen("1999-12-16", "16-12-1999", confidence=0.7)),
        ("employee.address", seen("12 Lê Lợi", "12 Lê Lợi")),
    ],
)
def test_text_layers_unsure_values_and_what_is_not_compared_are_left_alone(name: str, field: Field) -> None:
    assert twice(field, "1", name) == (field, [])


def test_looks_are_bounded() -> None:
    asked: list[int] = []

    def look(number: int, box: Box, alphabet: str | None) -> tuple[str, float]:
        asked.append(number)
        return "", 0.0

    fields = {name: seen("1999-12-16", "16-12-1999") for name in (*KINDS, "suspension.starts_on")}
    read_twice(fields, KINDS, ALPHABETS, look, most=2)
    assert len(asked) == 2 < MOST
