"""The scale itself: letters, tone marks, values, rows and confidence are counted as the report says they are."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.bench import scoring


def letters(printed: str, read: str) -> scoring.Letters:
    return scoring.compare_letters(scoring.words_of(printed), scoring.words_of(read))


def test_the_same_words_in_another_order_are_no_error() -> None:
    score = letters("Họ và tên: Nguyễn Văn Ước", "Nguyễn Văn Ước Họ và tên:")
    assert (score.errors, score.cer, score.tone_error_rate, score.words_right) == (0, 0.0, 0.0, 6)


def test_leaders_and_strokes_are_not_letters() -> None:
    assert scoring.words_of("Địa chỉ:........ số 5 – … | ___") == ["Địa", "chỉ:", "số", "5"]
    assert letters("Quốc tịch: Việt Nam ..........", "Quốc tịch: Việt Nam").errors == 0


@pytest.mark.parametrize(
    ("printed", "read", "errors", "marked", "wrong"),
    [
        ("Nguyễn", "Nguyên", 1, 1, 1),  # the tone is missing, the hat is there
        ("Nguyễn", "Nguyen", 1, 1, 1),
        ("Đặng", "Dăng", 2, 2, 2),  # the stroke, and the tone
        ("Hoa", "Hòa", 1, 0, 0),  # a mark too many is an error of letters; no letter carried one
        ("Ước", "Uớc", 1, 2, 1),
        ("thị", "thj", 1, 1, 1),
        ("Việt Nam", "Nam", 4, 0, 0),  # a word that was not read says nothing about its marks
        ("Huỳnh", "Hunh", 1, 0, 0),
    ],
)
def test_letters_and_marks_are_counted_apart(printed: str, read: str, errors: int, marked: int, wrong: int) -> None:
    score = letters(printed, read)
    assert (score.errors, score.marked, score.marks_wrong) == (errors, marked, wrong)


def test_words_added_and_lost_count_their_letters() -> None:
    assert letters("một hai", "một hai ba").errors == 2
    assert letters("một hai ba", "").errors == 8
    assert letters("", "vết bẩn").errors == 6
    assert letters("", "vết bẩn").cer == 0.0  # nothing was printed: no rate, only errors


def test_each_word_is_matched_with_its_nearest() -> None:
    score = letters("Trần Thị Hoa Trần Thị Hòa", "Trần Thị Hoà Trần Thị Hoa")
    assert score.errors == 2  # Hòa is NFC either way; the old placement of the tone is another letter pair
    assert letters("10.500.000", "10.500.00O").errors == 1


def test_precomposed_and_combining_letters_are_the_same() -> None:
    assert letters("Nguyễn Thị Hiền", "Nguyễn Thị Hiền").errors == 0


@pytest.mark.parametrize(
    ("name", "printed", "read", "alike"),
    [
        ("employee.full_name", "Trần Thị Hoa", "TRẦN  THỊ HOA", True),
        ("employee.full_name", "Trần Thị Hoa", "Trần Thị Hòa", False),
        ("employee.id_number", "012345678", "12345678", False),
        ("contract.number", "05/2020/HĐLĐ", "05/2020/hđlđ", False),
        ("contract.salary_vnd", 5_000_000, 5_000_000, True),
        ("contract.salary_vnd", 5_000_000, "5000000", False),
        ("suspension.paid", False, 0, False),
        ("suspension.reason", "tình hình dịch bệnh Covid-19", "dịch COVID-19 kéo dài", True),
        ("suspension.reason", "dịch Covid-19", "hết đơn hàng", False),
        ("termination.reason", "expiry", "expiry", True),
        ("termination.legal_basis", "Điều 36", "Điều 36 Bộ luật Lao động 2012", True),
        ("termination.legal_basis", "Điều 36", "Điều 44", False),
        ("finance.period", "2019", "Năm 2019", True),
        ("employer.address", "Số 5 Bà Triệu, Hà Nội", "Số 5 Bà Triệu", False),
    ],
)
def test_a_value_agrees_exactly_but_for_what_paper_leaves_open(name: str, printed: Any, read: Any, alike: bool) -> None:
    assert scoring.agrees(name, printed, read) is alike


TRUTH: dict[str, Any] = {
    "document_type": "form_01",
    "fields": {"employer.name": "Công ty A", "employer.tax_code": "0313040561", "document.number": "1/A"},
    "asides": ["employee.phone"],
    "tables": {"roster": [{"employee.full_name": "A"}, {"employee.full_name": "B"}, {"employee.full_name": "C"}]},
}


def compared(rows: dict[int, dict[str, tuple[Any, float]]], *, doubted: bool) -> scoring.Values:
    fields = {
        "employer.name": ("CÔNG TY A", 0.9),
        "employer.tax_code": ("0313040562", 0.4),
        "employee.phone": ("+84901234567", 0.9),
        "document.issued_on": ("2020-04-01", 0.7),
        "document.has_seal": (True, 0.9),
        "roster.rows": (2, 0.9),
    }
    return scoring.compare_values(TRUTH, "form_01", fields, rows, rows_doubted=doubted)[0]


def test_values_are_right_wrong_missed_or_extra() -> None:
    score = compared({1: {"employee.full_name": ("A", 0.9)}, 3: {"employee.full_name": ("X", 0.2)}}, doubted=False)
    assert (score.right, score.wrong, score.missed, score.extra) == (1, 1, 1, 1)
    assert score.precision == pytest.approx(1 / 3)
    assert score.recall == pytest.approx(1 / 3)
    assert score.f1 == pytest.approx(1 / 3)
    assert (score.cells, score.cells_right) == (3, 1)
    # Two fields and two cells were read, and one value that is not on the paper.
    assert sorted(score.ranked) == [(0.2, False), (0.4, False), (0.7, False), (0.9, True), (0.9, True)]


@pytest.mark.parametrize(("doubted", "said", "silent"), [(True, 1, 0), (False, 0, 1)])
def test_a_lost_row_is_reported_or_silent(doubted: bool, said: int, silent: int) -> None:
    score = compared({1: {}, 3: {}}, doubted=doubted)
    assert (score.rows, score.rows_found) == (3, 2)
    assert (score.rows_missing_said, score.rows_missing_silently) == (said, silent)


def test_a_type_that_is_wrong_is_counted_once_a_paper() -> None:
    score, _ = scoring.compare_values(TRUTH, "unknown", {}, {}, rows_doubted=False)
    assert (score.papers, score.types_right, score.missed) == (1, 0, 3)


def test_auroc_is_the_chance_that_a_right_value_stands_above_a_wrong_one() -> None:
    assert scoring.auroc([(0.9, True), (0.8, True), (0.1, False)]) == 1.0
    assert scoring.auroc([(0.1, True), (0.9, False)]) == 0.0
    assert scoring.auroc([(0.5, True), (0.5, False)]) == 0.5
    assert scoring.auroc([(0.5, True)]) is None
    rng = random.Random(7)
    ranked = [(round(rng.random(), 1), rng.random() < 0.7) for _ in range(200)]
    good, bad = [s for s, ok in ranked if ok], [s for s, ok in ranked if not ok]
    pairs = sum((g > b) + 0.5 * (g == b) for g in good for b in bad) / (len(good) * len(bad))
    assert scoring.auroc(ranked) == pytest.approx(pairs)


def test_what_a_bar_accepts_is_bounded_by_its_errors() -> None:
    sure = [(0.99, True)] * 199 + [(0.5, False)] * 2
    assert scoring.accepted_share(sure) == pytest.approx(199 / 201)
    assert scoring.accepted_share([(0.99, True)] * 199 + [(0.5, False)]) == 1.0  # one error in 200 is 0.5 %
    # A bar cannot tell values of the same confidence apart: either all are taken or none.
    assert scoring.accepted_share([(0.9, True)] * 5 + [(0.9, False)]) == 0.0
    assert scoring.accepted_share([]) == 0.0


def test_calibration_sets_what_was_claimed_beside_what_was_right() -> None:
    groups = scoring.calibration([(0.2, False)] * 10 + [(0.9, True)] * 10, bins=2)
    assert [(group["claimed"], group["right"], group["count"]) for group in groups] == [
        (pytest.approx(0.2), 0.0, 10),
        (pytest.approx(0.9), 1.0, 10),
    ]
