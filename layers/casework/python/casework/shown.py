"""Texts that others wrote, as people may see them: without signs that move the cursor or turn the line around."""

from __future__ import annotations

import json
import unicodedata

NO_NAME = "(không có tên · no name)"
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # control, direction, private use, surrogates, separators of lines


def clean(text: str) -> str:
    """The text without what could disguise it."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in _UNSEEN)


def escaped(line: str) -> str:
    """One line of JSON with the same signs written as escapes: whole for programs, harmless on a screen."""
    return "".join(json.dumps(sign)[1:-1] if unicodedata.category(sign) in _UNSEEN else sign for sign in line)


def shown_name(file_name: str) -> str:
    """A file's name for people; one that shows nothing is said to be none."""
    return clean(file_name).strip() or NO_NAME
