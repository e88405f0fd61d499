"""When a value that was read counts as the one that was printed.

Exact, but for what paper leaves open: capitals (an office prints names in capitals or not), spaces, and the cause of
a suspension, which is a phrase and counts as read when it names the epidemic.
"""

from __future__ import annotations

import unicodedata

from .pen import Value

_EPIDEMIC = ("covid", "sars-cov", "ncov", "corona")


def agrees(field_id: str, printed: Value, read: Value) -> bool:
    """Is `read` the value `printed`, as the field dictionary means it?"""
    if isinstance(printed, str) and isinstance(read, str):
        if field_id == "suspension.reason":
            return any(word in read.casefold() for word in _EPIDEMIC)
        return _plain(printed) == _plain(read)
    return type(printed) is type(read) and printed == read


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
