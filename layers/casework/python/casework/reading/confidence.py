"""From beliefs to one number between 0 and 1 that can be trusted as a share of right answers.

A logistic combination of a few measures; its weights were fitted on the development papers and carry a version.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

VERSION = "2020-04.1"


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against a value. All 0–1 but the flags."""

    belief: float  # label, section and form of the value
    glyphs: float  # mean confidence of the reader in the words
    weakest: float  # that of its least certain word
    agreed: bool = False  # another place of the paper, or a check digit, says the same
    contradicted: bool = False  # another place of the paper says otherwise
    doubted: bool = False  # the value's own form is doubtful
    ocr: bool = False


def confidence(signs: Signs) -> float:
    """The share of such values that are right."""
    score = -1.2 + 4.6 * signs.belief
    if signs.ocr:
        score += 3.0 * (signs.glyphs - 0.85) + 2.4 * (signs.weakest - 0.7)
    else:
        score += 1.0
    score += 0.9 * signs.agreed - 1.4 * signs.contradicted - 1.8 * signs.doubted
    return round(1 / (1 + math.exp(-score)), 3)
