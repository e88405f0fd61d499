"""Problems: every one has its four texts, is used, and exists where it is used."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from casework.errors import Refused, UnacceptableFile, problem, problems

from tests.template_file import ROOT

TEXTS = ("title", "detail", "title_en", "detail_en")
CODE = ("layers/casework/python", "layers/adapters/python", "functions", "infra/local")


def strings() -> Iterator[str]:
    """Every string constant of our code that is not a docstring."""
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            docstrings = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
                and node.body
                and isinstance(node.body[0], ast.Expr)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                    yield node.value


def named() -> set[str]:
    """Slugs given to `problem(…)` as they stand."""
    found = set()
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
                if name == "problem" and node.args and isinstance(node.args[0], ast.Constant):
                    found.add(node.args[0].value)
    return found


@pytest.mark.parametrize("slug", sorted(problems()))
def test_a_problem_has_a_status_and_its_four_texts(slug: str) -> None:
    entry = problems()[slug]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert HTTPStatus(entry["status"])
    assert set(entry) == {"status", *TEXTS}
    for name in TEXTS:
        assert entry[name].strip() == entry[name] != ""
        assert unicodedata.is_normalized("NFC", entry[name])
    assert entry["detail"] != entry["detail_en"]


@pytest.mark.parametrize("slug", sorted(problems()))
def test_both_languages_are_filled_with_the_same_values(slug: str) -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    entry = problems()[slug]
    assert places(entry["detail"]) == places(entry["detail_en"])
    assert places(entry["title"]) == places(entry["title_en"])


def test_every_problem_named_in_the_code_exists() -> None:
    assert len(named()) > 30
    assert named() <= set(problems())


def test_every_problem_is_used_somewhere() -> None:
    template = (ROOT / "infra/template.yaml").read_text(encoding="utf-8")
    used = set(strings()) | set(re.findall(r"/v1/problems/([a-z-]+)", template))
    assert set(problems()) - used == set()


def test_the_gateways_own_answers_name_known_problems() -> None:
    template = (ROOT / "infra/template.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"/v1/problems/([a-z-]+)", template)) - {"slug"} <= set(problems())


def test_a_problem_is_filled_in_in_both_languages() -> None:
    made = problem("file-too-large", limit_mb=20)
    assert made.type == "file-too-large"
    assert "20 MB" in made.detail
    assert "20 MB" in made.detail_en


def test_a_problem_without_its_values_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        problem("file-too-large")
    with pytest.raises(KeyError):
        problem("no-such-problem")


def test_an_error_says_its_problem_to_the_log() -> None:
    for kind in (Refused, UnacceptableFile):
        assert str(kind(problem("file-empty"))).startswith("file-empty: The file has no content")
