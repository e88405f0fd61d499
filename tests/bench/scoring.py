"""What counts as read: letters, tone marks, values, rows, confidence. Pure; knows no paper and no reader.

Letters are compared word by word without regard to the words' order, since the order of reading of a form or of two
columns is a matter of taste: each true word is matched with its nearest read word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

LEADERS = set("….·_")
TOLERATED = frozenset(
    {"document.has_seal", "suspension.contract_ref", "employer.kind", "employer.region", "income.area_kind"}
)
"""Values that follow from what a paper says though no single value of the truth stands for them: not asked for where
the truth has none, and not held against a reader."""
_IN_CAPITALS_OR_NOT = re.compile(r"(full_name|\.name|_holder|_name|position|address|workplace|place|title|department)$")
_EPIDEMIC = ("covid", "sars-cov", "ncov", "corona", "dịch bệnh")


@dataclass
class Letters:
    """Letters of one page or many: errors among true ones, marks wrong among letters read that carry one."""

    errors: int = 0
    true: int = 0
    marked: int = 0
    marks_wrong: int = 0
    words: int = 0
    words_right: int = 0

    def add(self, other: Letters) -> None:
        for name in ("errors", "true", "marked", "marks_wrong", "words", "words_right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def cer(self) -> float:
        """Character error rate: letters wrong, missing or added, to the letters printed."""
        return self.errors / self.true if self.true else 0.0

    @property
    def tone_error_rate(self) -> float:
        """Letters that carry a tone or vowel mark and were read without it or with another, to all such letters that
        were read as some letter. Letters not read at all are errors of the CER, not of this."""
        return self.marks_wrong / self.marked if self.marked else 0.0


def words_of(text: str) -> list[str]:
    """The words to be compared: NFC; dot leaders are left out (nobody counts dots), and so are lone strokes."""
    words = unicodedata.normalize("NFC", text).split()
    bare = (word.strip("…._·") if LEADERS & set(word) else word for word in words)
    return [word for word in bare if any(letter.isalnum() for letter in word)]


def compare_letters(truth: Sequence[str], read: Sequence[str]) -> Letters:
    """The letters of one page."""
    left, over = Counter(truth), Counter(read)
    same = left & over
    score = Letters(true=sum(map(len, truth)), words=len(truth), words_right=sum(same.values()))
    for word, count in same.items():
        score.marked += count * sum(_has_mark(letter) for letter in word)
    missing, extra = list((left - same).elements()), list((over - same).elements())
    used: set[int] = set()
    taken: set[int] = set()
    for i, j, distance in _nearest(missing, extra):
        if i in used or j in taken:
            continue
        used.add(i)
        taken.add(j)
        score.errors += distance
        marked, wrong = _marks(missing[i], extra[j])
        score.marked += marked
        score.marks_wrong += wrong
    score.errors += sum(len(word) for i, word in enumerate(missing) if i not in used)
    score.errors += sum(len(word) for j, word in enumerate(extra) if j not in taken)
    return score


def _nearest(missing: Sequence[str], extra: Sequence[str]) -> Iterable[tuple[int, int, int]]:
    """(true word, read word, distance) of all pairs that could be the same word, the nearest first."""
    if not missing or not extra:
        return []
    distances = cdist(missing, extra, scorer=Levenshtein.distance, dtype=np.uint16)
    lengths = np.array([len(word) for word in missing])[:, None]
    rows, columns = np.nonzero(distances < lengths)
    order = np.argsort(distances[rows, columns], kind="stable")
    return [(int(rows[k]), int(columns[k]), int(distances[rows[k], columns[k]])) for k in order]


def _marks(truth: str, read: str) -> tuple[int, int]:
    """Of one word: letters with marks that were read as some letter, and those whose marks are wrong or missing."""
    marked = wrong = 0
    for operation in Levenshtein.opcodes(truth, read):
        for offset, letter in enumerate(truth[operation.src_start : operation.src_end]):
            if not _has_mark(letter) or operation.tag == "delete":
                continue
            marked += 1
            if operation.tag == "replace":
                other = read[operation.dest_start + offset]
                wrong += _marks_of(letter) != _marks_of(other)
    return marked, wrong


def _has_mark(letter: str) -> bool:
    return bool(_marks_of(letter))


def _marks_of(letter: str) -> str:
    if letter in "đĐ":
        return "-"
    return "".join(each for each in unicodedata.normalize("NFD", letter) if unicodedata.combining(each))


def agrees(name: str, printed: Any, read: Any, letters: str = "") -> bool:
    """Is `read` the value `printed` of field `name`? Exact, but for what paper leaves open: capitals of names and
    places, spaces, and free words (the cause of a suspension counts when it names the epidemic, a reason of
    termination as its kind or in its own `letters`, the articles of a law by their numbers)."""
    if name == "finance.period":
        return _digits(str(printed)) == _digits(str(read))
    if not (isinstance(printed, str) and isinstance(read, str)):
        return type(printed) is type(read) and bool(printed == read)
    if name == "suspension.reason":
        return any(word in read.casefold() for word in _EPIDEMIC)
    if name == "termination.reason":
        return read == printed or (bool(letters) and plain(letters) in plain(read))
    if name == "termination.legal_basis":
        return (_digits(printed) or [""])[0] in _digits(read)
    if _IN_CAPITALS_OR_NOT.search(name):
        return plain(printed) == plain(read)
    return " ".join(printed.split()) == " ".join(read.split())


def plain(text: str) -> str:
    """NFC, one space between words, small letters."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


@dataclass
class Values:
    """Fields and cells of papers: how many right, wrong, missed, read though not printed; the ranking of confidence."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    extra: int = 0
    cells: int = 0
    cells_right: int = 0
    rows: int = 0
    rows_found: int = 0
    rows_missing_said: int = 0
    rows_missing_silently: int = 0
    papers: int = 0
    types_right: int = 0
    ranked: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, other: Values) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def fields(self) -> int:
        """Values printed or read."""
        return self.right + self.wrong + self.missed + self.extra

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong + self.extra, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.wrong + self.missed, 1)

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One value that was printed or read: `kind` is right, wrong, missed or extra; `row` from 1 for a list's cell."""

    name: str
    kind: str
    printed: Any = None
    read: Any = None
    confidence: float = 0.0
    row: int = 0


def compare_values(
    truth: Mapping[str, Any],
    document_type: str,
    fields: Mapping[str, tuple[Any, float]],
    rows: Mapping[int, Mapping[str, tuple[Any, float]]],
    *,
    rows_doubted: bool,
) -> tuple[Values, list[Outcome]]:
    """One paper. fields, rows (by row number from 1): id -> (value, confidence), None for not read.

    rows_doubted: the reader says itself that rows are missing or may be.
    """
    score = Values(papers=1, types_right=document_type == truth["document_type"])
    outcomes = []
    said, letters = truth["fields"], truth.get("printed", {})
    for name in sorted({*said, *fields}):
        value, confidence = fields.get(name, (None, 0.0))
        if name not in said:
            if value is not None and not _open(name, truth):
                outcomes.append(Outcome(name, "extra", None, value, confidence))
            continue
        printed = letters.get(name, "")
        text = printed if isinstance(printed, str) else printed.get("text", "")
        outcomes.append(_outcome(name, said[name], value, confidence, text, 0))
    for outcome in outcomes:
        setattr(score, outcome.kind, getattr(score, outcome.kind) + 1)
    expected = truth.get("tables", {}).get("roster", [])
    found = [number for number in range(1, len(expected) + 1) if number in rows]
    score.rows, score.rows_found = len(expected), len(found)
    missing = len(expected) - len(found)
    score.rows_missing_said, score.rows_missing_silently = (missing, 0) if rows_doubted else (0, missing)
    cells = [
        _outcome(name, printed, *rows.get(number, {}).get(name, (None, 0.0)), "", number)
        for number, line in enumerate(expected, 1)
        for name, printed in line.items()
    ]
    score.cells, score.cells_right = len(cells), sum(cell.kind == "right" for cell in cells)
    outcomes += cells
    score.ranked = [
        (each.confidence, each.kind == "right") for each in outcomes if each.kind != "missed" and each.read is not None
    ]
    return score, outcomes


def _open(name: str, truth: Mapping[str, Any]) -> bool:
    return name in TOLERATED or name in truth.get("asides", ()) or name.startswith("roster.") or name.endswith(".rows")


def _outcome(name: str, printed: Any, read: Any, confidence: float, letters: str, row: int) -> Outcome:
    if read is None:
        kind = "right" if printed is None else "missed"
    else:
        kind = "right" if agrees(name, printed, read, letters) else "wrong"
    return Outcome(name, kind, printed, read, confidence, row)


def auroc(ranked: Sequence[tuple[float, bool]]) -> float | None:
    """How well confidence ranks right above wrong values: 1 is perfect, 0.5 chance. None where all are alike."""
    scores = np.array([score for score, _ in ranked])
    right = np.array([ok for _, ok in ranked], dtype=bool)
    if not right.any() or right.all():
        return None
    ordered = np.sort(scores[~right])
    below = np.searchsorted(ordered, scores[right], side="left")
    upto = np.searchsorted(ordered, scores[right], side="right")
    return float((below + (upto - below) * 0.5).mean() / len(ordered))


def accepted_share(ranked: Sequence[tuple[float, bool]], error: float = 0.005) -> float:
    """The largest share of values that a bar on confidence takes with at most this share of errors among them."""
    best = wrong = 0
    ordered = sorted(ranked, key=lambda each: -each[0])
    for count, (score, ok) in enumerate(ordered, 1):
        wrong += not ok
        last_of_its_score = count == len(ordered) or ordered[count][0] < score
        if last_of_its_score and wrong <= error * count:
            best = count
    return best / max(len(ordered), 1)


def calibration(ranked: Sequence[tuple[float, bool]], bins: int = 10) -> list[dict[str, float]]:
    """Ten groups of equal size by confidence: the mean of what was claimed and the share that was right."""
    ordered = sorted(ranked)
    parts = [part for part in np.array_split(np.arange(len(ordered)), bins) if len(part)]
    return [
        {
            "claimed": float(np.mean([ordered[k][0] for k in part])),
            "right": float(np.mean([ordered[k][1] for k in part])),
            "count": len(part),
        }
        for part in parts
    ]
