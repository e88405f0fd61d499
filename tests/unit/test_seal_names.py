"""A seal that surely bears another firm's name is told; one that may be the employer's, or cannot be read, is not."""

from __future__ import annotations

import pytest
from casework.seal_names import SealRead, Words, told

NAME, CODE = "Công ty TNHH MTV Khách sạn Phúc Đức Quỳnh", "1830149431"
OTHER = "CÔNG TY TNHH MTV GIÀY THUẬN LONG"


def words(text: str, sure: float = 0.93) -> Words:
    return tuple((word, sure) for word in text.split())


def read(ring: str = "", middle: str = "", sure: float = 0.93, forms: int = 2) -> list[SealRead]:
    return [SealRead(words(ring, sure), words(middle, sure))] * forms


@pytest.mark.parametrize(
    ("middle", "verdict"),
    [
        ("CÔNG TY TNHH MTV KHÁCH SẠN PHÚC ĐỨC QUỲNH", "same"),
        ("CÔNG TY TNHH MỘT THÀNH VIÊN KHÁCH SẠN PHÚC ĐỨC QUỲNH", "same"),  # the form of the firm in full
        ("CHI NHÁNH CÔNG TY KHÁCH SẠN PHÚC ĐỨC QUỲNH TẠI LONG XUYÊN", "same"),
        ("C0NG T KHACH SAN PHUC DVC QUYMH", "same"),  # misread, without marks
        (OTHER, "other"),
        ("CÔNG TY TNHH", "unknown"),
        ("KHÁCH SẠN", "unknown"),
        ("", "unknown"),
    ],
)
def test_by_the_words_in_the_middle(middle: str, verdict: str) -> None:
    assert told(read(middle=middle), NAME, CODE).verdict == verdict


def test_says_what_was_read_of_another_firm() -> None:
    assert told(read(middle=OTHER), NAME, CODE).seen == "GIAY THUAN"  # LONG may be TỔNG, misread


@pytest.mark.parametrize("sure", [0.0, 0.3, 0.5])
def test_what_was_read_unsurely_says_nothing(sure: float) -> None:
    assert told(read(middle=OTHER, sure=sure), NAME, CODE).verdict == "unknown"


def test_a_word_read_once_has_to_be_very_sure() -> None:
    assert told(read(middle=OTHER, sure=0.8, forms=1), NAME, CODE).verdict == "unknown"
    assert told(read(middle=OTHER, sure=0.95, forms=1), NAME, CODE).verdict == "other"


def test_misread_words_of_the_own_name_are_not_anothers() -> None:
    assert told(read(middle="CÔNG TY KHÁCK SẠM PHÓC ĐỨO QUÝMH"), NAME, CODE).verdict != "other"
    assert told(read(middle="HÙC ĐÚG QUÝNH"), NAME, CODE).verdict != "other"


@pytest.mark.parametrize(
    ("ring", "verdict"),
    [
        ("M.S.D.N: 1830149431", "same"),
        ("M.S.D.N:1830149431", "same"),
        ("M.S.D.N: 18301A9431-001", "unknown"),  # neither whole nor like it
        ("M.S.D.N: 1830749481", "same"),  # misread
        ("M.S.D.N: 3702249466", "other"),
        ("M.S.D.N: 37022494", "other"),  # cut short alike in both forms
        ("M.S.D.N: 3702", "unknown"),
        ("M.S.D.N: 3?%4/)", "unknown"),
    ],
)
def test_by_the_tax_code_along_the_ring(ring: str, verdict: str) -> None:
    assert told(read(ring=ring), NAME, CODE).verdict == verdict


def test_a_tax_code_read_once_has_to_have_its_check_digit() -> None:
    assert told(read(ring="M.S.D.N: 3702249466", forms=1), NAME, CODE).verdict == "other"
    assert told(read(ring="M.S.D.N: 3702249465", forms=1), NAME, CODE).verdict == "unknown"


def test_name_and_code_that_disagree_say_nothing() -> None:
    assert told(read("M.S.D.N: 3702249466", "KHÁCH SẠN PHÚC ĐỨC QUỲNH"), NAME, CODE).verdict == "unknown"


def test_a_firm_that_shares_words_of_the_name_is_told_by_its_code() -> None:
    assert told(read("M.S.D.N: 3702249466", "KHÁCH SẠN PHÚC ĐỨC AN"), NAME, CODE).verdict == "other"


def test_a_paper_that_does_not_say_who_the_employer_is_says_nothing() -> None:
    assert told(read("M.S.D.N: 3702249466", OTHER), "", "").verdict == "unknown"


def test_a_paper_without_a_tax_code_is_told_by_the_name() -> None:
    assert told(read("M.S.D.N: 3702249466", OTHER), NAME, "").verdict == "other"


def shapes(looks: str, clear: float = 0.7) -> list[SealRead]:
    """A ring whose figures look like these, and a little like any other."""
    rows = tuple(tuple(clear if str(figure) == look else 0.2 for figure in range(10)) for look in looks)
    return [SealRead(figures=(rows,))]


@pytest.mark.parametrize(
    ("looks", "verdict"), [(CODE, "same"), ("1830749481", "same"), ("3706255568", "other"), ("1835255568", "unknown")]
)
def test_by_the_shapes_of_the_figures(looks: str, verdict: str) -> None:
    assert told(shapes(looks), NAME, CODE).verdict == verdict


def test_shapes_that_are_like_nothing_say_nothing() -> None:
    assert told(shapes("3706255568", clear=0.45), NAME, CODE).verdict == "unknown"


def test_shapes_say_which_figures_are_clear() -> None:
    assert told(shapes("3706255568"), NAME, CODE).seen == "3706255568"
    [clear] = shapes("3706255568")
    blot = SealRead(figures=((*clear.figures[0][:9], (0.7,) * 10),))
    assert told([blot], NAME, CODE).seen == "370625556?"


def test_shapes_of_the_own_code_outweigh_words_of_another_firm() -> None:
    assert told([*read(middle=OTHER), *shapes(CODE)], NAME, CODE).verdict == "unknown"


HALF_SEEN = "1835255568"  # as like the own code as another firm's may be: too little for either


@pytest.mark.parametrize(
    ("middle", "verdict"),
    [
        ("CÔN6 TY TMHH MTV KHÁCH S4N THUAM L0NG H4I", "other"),
        ("CÔN6 TY TMHH MTV KHÁCH S4N PHUC DUC QUYMH", "same"),
        ("", "unknown"),
    ],
)
def test_half_covered_figures_and_a_half_read_name_tell_together(middle: str, verdict: str) -> None:
    assert told([*read(middle=middle, sure=0.3), *shapes(HALF_SEEN)], NAME, CODE).verdict == verdict


@pytest.mark.parametrize(("sure", "verdict"), [(0.7, "other"), (0.3, "unknown")])
def test_where_no_figure_is_legible_the_middle_has_to_be(sure: float, verdict: str) -> None:
    middle = "CÔN6 TY TMHH MTV KHÁCH S4N L0NG H4I"
    assert told([*read(middle=middle, sure=sure, forms=1), *shapes("3706255568", clear=0.45)], NAME, CODE).verdict == (
        verdict
    )


def test_a_seal_of_which_hardly_a_figure_is_clear_shows_its_words() -> None:
    [clear] = shapes("3706255568")
    blots = SealRead(figures=((*clear.figures[0][:2], *((0.7,) * 10,) * 8),))
    assert told([*read(middle="CÔN6 L0NG H4I", sure=0.3), blots], NAME, CODE).seen == "CÔN6 L0NG H4I"
