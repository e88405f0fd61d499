"""A choice among hundreds, typed: accents and case aside, a code is whole, and what fits several is said to."""

from __future__ import annotations

import pytest
from casework.choices import fitting, shown

OFFICES = {"H29.1": "UBND Quận 1", "H29.1.1": "UBND phường Bến Nghé", "H29.1.2": "UBND phường Đa Kao",
           "H29.3.1": "UBND xã Bà Điểm"} | {f"H30.{n}": f"UBND xã Thử Nghiệm {n}" for n in range(1, 400)}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("H29.1", ["H29.1"]),
        ("h29.1.1", ["H29.1.1"]),
        ("UBND phường Bến Nghé (H29.1.1)", ["H29.1.1"]),
        ("ben nghe", ["H29.1.1"]),
        ("Phường  ĐA KAO", ["H29.1.2"]),
        ("da kao", ["H29.1.2"]),
        ("ubnd phường", ["H29.1.1", "H29.1.2"]),
        ("Ben Nghe\u0301", ["H29.1.1"]),
        ("thu nghiem 77", ["H30.77"]),
        ("", []),
        (" ", []),
        ("Hà Nội", []),
        ("ben ngh", ["H29.1.1"]),
        ("nghe tan", []),
    ],
)
def test_what_was_typed_means(typed: str, meant: list[str]) -> None:
    assert fitting(typed, OFFICES) == meant


def test_what_the_browser_offers_is_taken() -> None:
    assert all(fitting(shown(code, title), OFFICES) == [code] for code, title in OFFICES.items())
