"""What an applicant reads in the history of a dossier: everything that is done to it has words of its own."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / "layers/casework/python/casework/workflow"


def timeline() -> Any:
    spec = importlib.util.spec_from_file_location("timeline", ROOT / "functions/web/timeline.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def done() -> set[str]:
    """Every action that the verbs put on record."""
    texts = (
        node.value
        for path in WORKFLOW.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {text for text in texts if re.fullmatch(r"[a-z]+\.(?!json$)[a-z_]+", text)}


def test_whatever_is_done_to_a_dossier_its_applicant_reads_in_words() -> None:
    told = timeline()
    assert len(done()) > 30
    assert set(told.ACTIONS) | set(told.WITHIN) == done()
    assert not set(told.ACTIONS) & set(told.WITHIN)
    assert len({words.vi for words in told.ACTIONS.values()}) == len(told.ACTIONS)
