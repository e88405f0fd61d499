"""The stretch of text in which a value may stand, and a value found in it."""

from __future__ import annotations

from dataclasses import dataclass

from casework.document import FieldValue


@dataclass(frozen=True, slots=True)
class Window:
    """The text in which a value may stand. `tight` ends where the sentence or cell does; `wide` may run on."""

    tight: str
    wide: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value as found: [start, end) in the window's text, how cleanly it was read (0–1), and its doubts."""

    value: FieldValue
    start: int
    end: int
    quality: float = 1.0
    doubts: tuple[str, ...] = ()
