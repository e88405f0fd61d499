"""A choice among many: a list of hundreds cannot be scrolled on a telephone, so it is typed, and the browser offers
what fits (datalist). What was typed need not be exact. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casework.vietnam.letters import fold, nfc

MANY = 20  # more choices than this are typed
MOST_NAMED = 5  # of those that fit, so many are named


def fitting(typed: str, options: Mapping[str, str]) -> list[str]:
    """The values that what was typed may mean, of {value: words}: the value itself, the very words, or whatever has
    words that begin with each of those typed, accents and case aside."""
    text = _plain(typed)
    if not text:
        return []
    names = {value: (_plain(value), _plain(words), _plain(shown(value, words))) for value, words in options.items()}
    exact = [value for value, plain in names.items() if text in plain]
    return exact or [value for value, plain in names.items() if _begins(text.split(), plain[2].split())]


def shown(value: str, words: str) -> str:
    """How a choice stands in the browser's list."""
    return f"{words} ({value})"


def _begins(typed: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in typed)


def _plain(text: str) -> str:
    """Words without accents and signs; a code keeps its points: H29.1 is not H29.1.1."""
    kept = "".join(sign if sign.isalnum() or sign in ".-" else " " for sign in fold(nfc(text)))
    return " ".join(kept.split())
