"""From what speaks for and against a value to one number: the share of such values that are right.

A logistic combination of a few measures. Its weights were fitted by tests/bench/fit_confidence.py on made development
papers of all levels of wear, and carry a version.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from casework.document import FieldValue

VERSION = "2020-04.3"


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against a value. The measures are 0-1."""

    belief: float  # label, section and form of the value
    glyphs: float  # mean confidence of the reader in the words
    weakest: float  # that of its least certain word
    agreed: bool = False  # another place of the paper says the same
    contradicted: bool = False  # another place of the paper says otherwise
    doubted: bool = False  # the value's own form is doubtful
    mended: bool = False  # letters of it were changed after reading
    ocr: bool = False
    length: float = 0.0  # letters, in hundreds: long values have more places to be wrong
    figures: bool = False  # made of digits for the greater part
    told: bool = False  # one of a few values (a date of the calendar, a kind, a sex): few misreadings give another

    def measures(self) -> tuple[float, ...]:
        """The numbers that the weights weigh, in their order."""
        return (
            1.0, self.belief, max(self.belief - 0.9, 0.0) * 10, self.glyphs, self.weakest,
            max(self.weakest - 0.85, 0.0) * 5,
            self.agreed, self.contradicted, self.doubted, self.mended, self.length, self.figures, self.told,
        )  # fmt: skip


WEIGHTS = (-0.99, 2.32, 0.29, -0.22, 2.03, 2.68, -0.16, -2.05, -2.50, -0.66, -1.69, -0.12, 2.51)
# A text layer's letters are certain: what is left is whether the value is the right one.
_TEXT_WEIGHTS = (-1.2, 4.6, 0.0, 0.0, 0.0, 0.0, 0.9, -1.0, -1.8, 0.0, 0.0, 0.0, 0.0)
_TEXT_BONUS = 1.0
_TOLD = re.compile(r"\d{4}(?:-\d{2}){0,2}|[a-z_]+")


def signs_of_value(value: FieldValue, raw: str) -> dict[str, float | bool]:
    """The measures that the value itself gives: length, figures, told."""
    letters = [character for character in raw if character.isalnum()]
    digits = sum(character.isdigit() for character in letters)
    return {
        "length": min(len(raw), 100) / 100,
        "figures": digits * 2 > len(letters),
        "told": not isinstance(value, str) or _TOLD.fullmatch(value) is not None,
    }


def confidence(signs: Signs) -> float:
    """The share of such values that are right."""
    weights = WEIGHTS if signs.ocr else _TEXT_WEIGHTS
    score = sum(weight * measure for weight, measure in zip(weights, signs.measures(), strict=True))
    if not signs.ocr:
        score += _TEXT_BONUS
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 3)
