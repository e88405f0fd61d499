"""Every reason to doubt a value is said in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import casework.reading
import casework.vietnam
import pytest
from casework.reading.doubts import in_english, is_known

MODULES = sorted(
    path for package in (casework.reading, casework.vietnam) for path in Path(package.__path__[0]).glob("*.py")
)


def sentences(path: Path) -> Iterator[str]:
    """The string literals a module puts into doubts: appended, assigned or handed over under that name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        inside: list[ast.AST] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            inside = list(node.args) if isinstance(node.func.value, ast.Name) and "doubt" in node.func.value.id else []
        elif (isinstance(node, ast.keyword) and node.arg == "doubts") or (
            isinstance(node, ast.Assign)
            and any(isinstance(name, ast.Name) and name.id in ("doubt", "doubts") for name in node.targets)
        ):
            inside = [node.value]
        for expression in inside:
            yield from literals(expression)


def literals(node: ast.AST) -> Iterator[str]:
    """Whole strings and formats, a figure standing for what a format fills in."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from literals(child)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_doubt_has_its_english(path: Path) -> None:
    # What is not ASCII is Vietnamese; a sentence put together from two strings begins with the first.
    said = [text for text in sentences(path) if not text.isascii() and " " in text]
    unknown = [text for text in said if not is_known(text) and not is_known(text + "7")]
    assert not unknown, f"add to rulebook/doubts.toml: {unknown}"


@pytest.mark.parametrize(
    ("doubt", "english"),
    [
        ("mã số thuế sai chữ số kiểm tra", "the tax code's check digit is wrong"),
        ("CCCD cho năm sinh 1992, giấy ghi 1982", "the CCCD gives the year of birth 1992, the paper says 1982"),
        ("số là 6250000, chữ là 7250000", "in figures 6250000, in words 7250000"),
        ("chưa ai nghĩ ra", "chưa ai nghĩ ra"),
    ],
)
def test_a_doubt_in_english_keeps_what_differs(doubt: str, english: str) -> None:
    assert in_english(doubt) == english
