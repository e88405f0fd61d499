"""What decisions grant by month, and how the rows of long lists are kept."""

from __future__ import annotations

from typing import Any

import pytest
from casework.workflow.granting import MOST_ROWS_INSIDE, by_month, decided_rows, keep_rows

from tests.fakes import MemoryFiles


@pytest.mark.parametrize(
    ("months", "amount", "expected"),
    [
        ((), 0, {}),
        (("2020-04",), 1_800_000, {"2020-04": 1_800_000}),
        (("2020-04", "2020-05", "2020-06"), 100, {"2020-04": 34, "2020-05": 33, "2020-06": 33}),
    ],
)
def test_an_amount_is_told_by_month_and_sums_to_itself(months: Any, amount: int, expected: dict[str, int]) -> None:
    assert by_month(months, amount) == expected
    assert sum(by_month(months, amount).values()) == amount


def test_a_month_raised_to_the_higher_benefit_gives_what_it_adds() -> None:
    assert by_month(("2020-04", "2020-05"), 2_600_000, {"2020-05": 800_000}) == {
        "2020-04": 1_800_000,
        "2020-05": 800_000,
    }
    assert by_month(("2020-05",), 800_000, {"2020-05": 800_000}) == {"2020-05": 800_000}


@pytest.mark.parametrize("count", [1, MOST_ROWS_INSIDE, MOST_ROWS_INSIDE + 1])
def test_rows_come_back_wherever_they_are_kept(count: int) -> None:
    files, rows = MemoryFiles(), [{"key": str(number), "outcome": "approve"} for number in range(count)]
    kept = keep_rows("d1", rows, files)
    assert ("rows_key" in kept) == (count > MOST_ROWS_INSIDE)
    assert decided_rows(kept, files) == rows
