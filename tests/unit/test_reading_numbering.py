"""Row numbers: whatever is lost or misread, the rest keep their numbers and what is missing is said."""

from __future__ import annotations

import itertools

import pytest
from casework.reading.numbering import FOLLOWS, NO_NUMBER, missing_numbers, number_rows
from hypothesis import given
from hypothesis import strategies as st


def numbers(read: list[int | None], new_parts: list[bool] | None = None, *, scanned: bool = False) -> list[int]:
    return [row.number for row in number_rows(read, new_parts or [False] * len(read), scanned)]


def test_numbers_that_follow_each_other_are_believed() -> None:
    rows = number_rows([1, 2, 3], [False] * 3, scanned=True)
    assert [(row.number, row.part, row.doubt) for row in rows] == [(1, 0, None), (2, 0, None), (3, 0, None)]


@pytest.mark.parametrize(
    ("read", "numbered", "missing"),
    [
        ([1, 2, 3, 6, 7], [1, 2, 3, 6, 7], [4, 5]),
        ([1, 2, 3, 5], [1, 2, 3, 5], [4]),
        ([3, 4, 5], [3, 4, 5], [1, 2]),
        ([1, 2, 9, 4, 5], [1, 2, 3, 4, 5], []),
        ([1, 2, 3, 1, 2, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8], []),
        ([None, 2, None, 4], [1, 2, 3, 4], []),
        ([1, None, 5, 6, 7], [1, 4, 5, 6, 7], [2, 3]),
    ],
)
def test_what_needs_least_is_what_happened(read: list[int | None], numbered: list[int], missing: list[int]) -> None:
    rows = number_rows(read, [False] * len(read), scanned=False)
    assert [row.number for row in rows] == numbered
    assert missing_numbers(rows) == missing


def test_a_group_may_begin_again_at_one_and_is_whole_by_itself() -> None:
    rows = number_rows([1, 2, 3, 1, 2, 4], [False, False, False, True, False, False], scanned=False)
    assert [row.number for row in rows] == [1, 2, 3, 1, 2, 4]
    assert [row.part for row in rows] == [0, 0, 0, 1, 1, 1]
    assert missing_numbers(rows) == [3]


def test_a_group_may_go_on_counting() -> None:
    rows = number_rows([1, 2, 3, 4, 6], [True, False, True, False, True], scanned=False)
    assert [row.number for row in rows] == [1, 2, 3, 4, 6]
    assert missing_numbers(rows) == [5]


def test_a_part_without_a_heading_that_begins_again_is_seen_when_it_goes_on() -> None:
    assert numbers([*range(1, 9), *range(1, 9)]) == [*range(1, 9), *range(1, 9)]


def test_a_far_jump_of_the_last_number_is_a_misreading_on_a_scan_and_a_gap_in_print() -> None:
    assert numbers([1, 2, 3, 74], scanned=True) == [1, 2, 3, 4]
    assert numbers([1, 2, 3, 74], scanned=False) == [1, 2, 3, 74]


def test_a_list_without_numbers_is_counted_off_and_each_number_doubted() -> None:
    rows = number_rows([None, None], [False, False], scanned=False)
    assert [(row.number, row.doubt) for row in rows] == [(1, NO_NUMBER), (2, NO_NUMBER)]
    assert number_rows([], [], scanned=False) == []


@given(st.integers(4, 60), st.data())
def test_rows_left_out_of_a_printed_list_are_all_reported(length: int, data: st.DataObject) -> None:
    kept = sorted(data.draw(st.sets(st.integers(1, length), min_size=length // 2 + 1)))
    rows = number_rows(list(kept), [False] * len(kept), scanned=False)
    assert [row.number for row in rows] == kept
    assert missing_numbers(rows) == [number for number in range(1, kept[-1]) if number not in kept]
    assert not any(row.doubt for row in rows)


@given(st.integers(8, 80), st.data())
def test_single_misread_or_lost_numbers_are_told_from_their_neighbours(length: int, data: st.DataObject) -> None:
    read: list[int | None] = list(range(1, length + 1))
    for place in data.draw(st.sets(st.integers(1, (length - 2) // 4))):
        read[place * 4] = data.draw(st.one_of(st.none(), st.integers(1, length)))
    rows = number_rows(read, [False] * length, scanned=True)
    assert [row.number for row in rows] == list(range(1, length + 1))
    assert all((row.doubt == FOLLOWS) == (read[index] != index + 1) for index, row in enumerate(rows))


@given(st.lists(st.one_of(st.none(), st.integers(0, 40)), max_size=30), st.booleans())
def test_numbers_never_go_down_within_a_part_and_every_row_has_one(read: list[int | None], scanned: bool) -> None:
    rows = number_rows(read, [False] * len(read), scanned)
    assert len(rows) == len(read)
    for above, below in itertools.pairwise(rows):
        assert below.part > above.part or below.number > above.number
