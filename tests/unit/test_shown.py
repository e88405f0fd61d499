"""What others wrote reaches people without signs that could disguise it."""

from __future__ import annotations

import json

import pytest
from casework.shown import NO_NAME, clean, escaped, shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Đơn đề nghị (mẫu 05).pdf", "Đơn đề nghị (mẫu 05).pdf"),
        ("a\x00b\u202egpj.pdf", "abgpj.pdf"),
        ("\x1b[2Jx.pdf", "[2Jx.pdf"),
        ("a\r\nb\u2028c\u2066d", "abcd"),
        ("\u202e\x00\u200b", NO_NAME),
        (" \t ", NO_NAME),
        ("", NO_NAME),
    ],
)
def test_names_are_shown_without_what_disguises_them(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_texts_keep_their_spaces() -> None:
    assert clean("Tệp\u202e  này \n") == "Tệp  này "


def test_json_is_escaped_and_means_the_same() -> None:
    told = {"file": "a\x00b\u202egpj\x7f\U000e0001\ud800 ế.pdf"}
    line = escaped(json.dumps(told, ensure_ascii=False))
    assert clean(line) == line
    assert "ế" in line
    assert json.loads(line) == told
