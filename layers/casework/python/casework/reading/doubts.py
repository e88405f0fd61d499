"""Why a value is doubtful, in English beside the Vietnamese sentence that the field carries.

Sentences are data (rulebook/doubts.toml); one that is not there is shown as it is, never left out.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from importlib import resources

from casework.document import Text


def in_both(doubts: Iterable[str]) -> list[Text]:
    """Doubts as people read them, in both languages."""
    return [Text(doubt, in_english(doubt)) for doubt in doubts]


def in_english(doubt: str) -> str:
    """The doubt in English; the Vietnamese sentence itself where no English is known."""
    for pattern, english in _sentences():
        match = pattern.fullmatch(doubt)
        if match:
            return english.format(*match.groups())
    return doubt


def is_known(doubt: str) -> bool:
    """Whether a doubt has its English."""
    return any(pattern.fullmatch(doubt) for pattern, _ in _sentences())


@functools.cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns with their English: those with more fixed letters first."""
    source = tomllib.loads((resources.files("casework") / "rulebook/doubts.toml").read_text(encoding="utf-8"))
    ordered = sorted(source["english"].items(), key=lambda pair: -len(pair[0].replace("{}", "")))
    return tuple(
        (re.compile(re.escape(said).replace(r"\{\}", "(.*)"), re.DOTALL), english) for said, english in ordered
    )
