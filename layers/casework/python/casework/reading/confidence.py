"""From what speaks for and against a value to one number: the share of such values that are right.

A logistic combination of a few measures. Its weights were fitted by tests/bench/fit_confidence.py on made development
papers of all levels of wear, and carry a version.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from casework.document import FieldValue
from casework.reading.spelling import is_known_place
from casework.vietnam.identifiers import mst
from casework.vietnam.syllables import is_syllable

VERSION = "2020-04.4"


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
    page: float = 0.9  # mean confidence of the reader in all words of the page
    syllables: float = 1.0  # share of its words that can be Vietnamese
    checked: bool = False  # a check digit held, or the place it names is known
    named: bool = False  # a name of a person or firm: any letters may be right
    cell: bool = False  # of a list: fitted by itself, for nothing but its column speaks for a cell

    def measures(self) -> tuple[float, ...]:
        """The numbers that the weights weigh, in their order."""
        return (
            1.0, self.belief, max(self.belief - 0.9, 0.0) * 10, self.glyphs, self.weakest,
            max(self.weakest - 0.85, 0.0) * 5,
            self.agreed, self.contradicted, self.doubted, self.mended, self.length, self.figures, self.told,
            max(self.page - 0.8, 0.0) * 5, self.syllables, self.checked, self.named,
            max(self.weakest - 0.93, 0.0) * 15, self.figures * (1 - self.checked) * (1 - self.told),
        )  # fmt: skip


WEIGHTS = (
    -2.91, 1.68, 0.69, 0.38, 2.09, 1.73, 0.29, -1.12, -1.08, -0.44, -1.71, 0.57, 2.64, 3.15, -0.77, 1.28, 0.38, 0.60,
    -0.41,
)  # fmt: skip
CELL_WEIGHTS = (
    1.37, -0.15, -0.71, 0.59, 1.17, 3.90, 0.00, 0.00, -3.55, -0.42, 2.20, -0.98, 2.27, 0.00, -0.46, 0.00, 0.00, 0.90,
    1.04,
)  # fmt: skip
# A text layer's letters are certain: what is left is whether the value is the right one.
_TEXT_WEIGHTS = {"belief": 4.6, "agreed": 0.9, "contradicted": -1.0, "doubted": -1.8}
_TEXT_START = -0.2
_TOLD = re.compile(r"\d{4}(?:-\d{2}){0,2}|[a-z_]+")


def signs_of_value(value: FieldValue, raw: str, kind: str = "") -> dict[str, float | bool]:
    """The measures that the value itself gives. kind: its type, where it is known."""
    letters = [character for character in raw if character.isalnum()]
    digits = sum(character.isdigit() for character in letters)
    words = [word for word in re.findall(r"[^\W_]+", raw) if word.isalpha()]
    return {
        "length": min(len(raw), 100) / 100,
        "figures": digits * 2 > len(letters),
        "told": not isinstance(value, str) or _TOLD.fullmatch(value) is not None,
        "syllables": sum(map(is_syllable, words)) / len(words) if words else 1.0,
        "checked": isinstance(value, str) and _is_checked(value, kind),
        "named": kind in ("person", "company"),
    }


def _is_checked(value: str, kind: str) -> bool:
    if kind == "mst":
        return mst(value).checked
    return kind == "address" and is_known_place(value)


def confidence(signs: Signs) -> float:
    """The share of such values that are right."""
    if signs.ocr:
        weights = CELL_WEIGHTS if signs.cell else WEIGHTS
        score = sum(weight * measure for weight, measure in zip(weights, signs.measures(), strict=True))
    else:
        score = _TEXT_START + sum(weight * getattr(signs, name) for name, weight in _TEXT_WEIGHTS.items())
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 3)
