"""What a row of a list is: the numbers of the columns are no person, however badly they were read."""

from __future__ import annotations

import pytest
from casework.reading.cells import RawCell, RawRow
from casework.reading.row_kinds import is_numbering


def row(*texts: str) -> RawRow:
    return RawRow(1, True, {index: RawCell(text) for index, text in enumerate(texts)})


@pytest.mark.parametrize(
    "texts",
    [
        ("(1)", "(2)", "(3)", "(4)"),
        ("A", "B", "C", "1", "2"),
        ("(1)", "(2)", "—@)", "(4", "@)", "(6)", "Œ7)", "(8)", "@)", "(10)", "(11)"),
    ],
)
def test_the_numbers_of_the_columns_are_no_person(texts: tuple[str, ...]) -> None:
    assert is_numbering(row(*texts))


@pytest.mark.parametrize(
    "texts",
    [("1", "Lê Văn Tám", "KTH", "26", "8"), ("7", "Vũ An", "8", "8", "8", "0"), ("3", "Lý An", "x", "", "x", "")],
)
def test_a_person_with_short_cells_is_one(texts: tuple[str, ...]) -> None:
    assert not is_numbering(row(*texts))
