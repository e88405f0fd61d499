"""Figures put into a line later, and what honest programs do that looks like it."""

from __future__ import annotations

from typing import Any

import pytest
from adapters.pdf_letters import family, lines_of, odd_figures

BODY, TWIN = "AAAAAA+TimesNewRomanPSMT", "BBBBBB+TimesNewRomanPSMT"
PROSE = [("Nguoi lao dong lam viec tai cong ty theo hop dong 3079 so", BODY)]


def letters(*parts: tuple[Any, ...], foot: float = 700.0) -> list[dict[str, Any]]:
    """One line: (text, font, size, how far over the foot)."""
    found, x = [], 60.0
    for text, font, *more in parts:
        size, over = (*more, *(11.0, 0.0)[len(more) :])
        for sign in text:
            here = {"x0": x, "x1": x + size / 2, "matrix": (1, 0, 0, 1, x, foot + over)}
            found.append({"text": sign, "fontname": font, "size": size, **here})
            x += size / 2
    return found


def seen(*parts: tuple[Any, ...], before: list[Any] | None = None, kinds: Any = None) -> list[str]:
    page = [*lines_of(letters(*(before or PROSE), foot=720.0)), *lines_of(letters(*parts))]
    kinds = kinds or {BODY: frozenset({"/TrueType"}), TWIN: frozenset({"/TrueType"})}
    return ["".join(one["text"] for one in part) for _, _, part, _ in odd_figures([page], kinds)]


@pytest.mark.parametrize(
    ("parts", "odd"),
    [
        ([("So CMND: ", BODY), ("079123456", "CCCCCC+Arial-BoldMT"), (" cap ngay", BODY)], "079123456"),
        ([("CMND: ", BODY), ("036094633195", "CCCCCC+Arial")], "036094633195"),  # more figures than letters
        ([("036094633195", "CCCCCC+Arial")], ""),  # alone in a cell: no other figures to compare it with
        ([("So CMND: 079123", BODY), ("456", "CCCCCC+Arial")], "456"),
        ([("So CMND: 079123", BODY), ("379", TWIN)], "379"),
        ([("So CMND: ", BODY), ("079123379", TWIN)], "079123379"),
        ([("Luong: 5.079.", BODY), ("456", BODY, 11.7)], "456"),
        ([("Luong: 5.079.", BODY), ("456", BODY, 11.0, 0.8)], "456"),
    ],
)
def test_figures_put_in_later_are_seen(parts: list[Any], odd: str) -> None:
    assert seen(*parts) == ([odd] if odd else [])


@pytest.mark.parametrize(
    "parts",
    [
        [("So CMND: 079123456 cap ngay", BODY)],
        [("So CMND: ", BODY), ("079123456", "AAAAAB+TimesNewRomanPS-BoldMT")],
        [("Dien tich 120 m", BODY), ("2", BODY, 6.6, 3.6)],
        [("Dien tich 120", BODY), ("12", BODY, 6.6, 3.6)],
        [("So: 12", BODY), ("84", TWIN)],  # a font embedded in parts: the first has no 8 and no 4
    ],
)
def test_what_honest_programs_write_is_no_reason_to_look(parts: list[Any]) -> None:
    assert seen(*parts) == []


def test_one_font_in_two_encodings_is_words_habit() -> None:
    parts = [("So CMND: ", BODY), ("079123379", TWIN)]
    assert seen(*parts, kinds={BODY: frozenset({"/TrueType"}), TWIN: frozenset({"/Type0"})}) == []


def test_a_form_filled_in_throughout_in_another_family_is_no_reason_to_look() -> None:
    filled = [("Ho ten: ", BODY), ("NGUYEN THI HOA QUAN MOT THANH PHO", "CCCCCC+Arial")]
    assert seen(("CMND: ", BODY), ("079123456", "CCCCCC+Arial"), before=filled) == []
    assert seen(("CMND: ", BODY), ("079123456", "CCCCCC+Arial")) == ["079123456"]


@pytest.mark.parametrize(
    ("name", "known"),
    [("ABCDEF+TimesNewRomanPS-BoldMT", "timesnewroman"), ("Arial-ItalicMT", "arial"), ("X+DejaVu Sans", "dejavusans")],
)
def test_a_family_is_known_without_subset_and_style(name: str, known: str) -> None:
    assert family(name) == known
