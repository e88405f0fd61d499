"""Fit the weights of casework.reading.confidence on made development papers that measure_fields has read before.

    python -m tests.bench.fit_confidence

Prints the weights to be written there with a new version, and how well they rank and calibrate on layouts left out of
the fit, each once. Papers of the test set are never looked at.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from casework.document import Field, Page
from casework.plain import from_plain
from casework.reading import cells, comparison, extraction, read_fields
from casework.reading.confidence import Signs

from infra import papers
from tests.bench.measure_fields import CACHE
from tests.bench.scoring import accepted_share, agrees, auroc

FOLDS = 8
# Lists whose rows begin again at one in every group cannot be compared row by row here.
NUMBERED_IN_GROUPS = ("d02",)


def main() -> None:
    newest: dict[tuple[str, ...], Path] = {}
    for path in sorted(CACHE.glob("*.json"), key=lambda path: path.stat().st_mtime):
        named = re.match(r"(.*)-(\d+)-(\w+)-\w+\.json", path.name)
        if named and named[1] in papers.LAYOUTS:
            newest[named.groups()] = path
    rows = [row for path in newest.values() for row in _rows(path)]
    for name, cell in (("WEIGHTS", False), ("CELL_WEIGHTS", True)):
        _report(name, [(layout, measures, right) for layout, measures, right, in_list in rows if in_list is cell])


def _report(name: str, rows: list[tuple[str, Any, bool]]) -> None:
    layouts = sorted({row[0] for row in rows})
    say(f"{name}: {len(rows)} values of {len(layouts)} layouts, {np.mean([right for *_, right in rows]):.3f} right")
    scores: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        held = set(layouts[fold::FOLDS])
        weights = _fit([row for row in rows if row[0] not in held])
        scores += [
            (float(1 / (1 + np.exp(-(measures @ weights)))), right)
            for layout, measures, right in rows
            if layout in held
        ]
    say(f"  layouts left out of the fit: AUROC {auroc(scores):.3f}, taken at 0.5 % error {accepted_share(scores):.2f}")
    for low, high in itertools.pairwise((0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 1.01)):
        band = [right for score, right in scores if low <= score < high]
        say(f"  from {low:.2f}: {len(band)} values, {np.mean(band) if band else 0:.3f} right")
    say(f"{name} = (" + ", ".join(f"{weight:.2f}" for weight in _fit(rows)) + ")")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _rows(path: Path) -> list[tuple[str, Any, bool, bool]]:
    """Of every value: its layout, its measures, whether it is right, whether it is a cell of a list."""
    layout = re.match(r"(.*)-\d+-\w+-\w+\.json", path.name)
    if layout is None or papers.LAYOUTS[layout[1]].set != "dev" or path.name.startswith(NUMBERED_IN_GROUPS):
        return []
    stored = json.loads(path.read_text())
    if stored["pages"] and stored["pages"][0]["source"] != "ocr":
        return []
    pages = [from_plain(Page, page) for page in stored["pages"]]
    seen: dict[float, Signs] = {}

    def remember(signs: Signs) -> float:
        seen[key := (len(seen) + 1) * 1e-6] = signs
        return key

    with (
        mock.patch.object(extraction, "confidence", remember),
        mock.patch.object(cells, "confidence", remember),
        mock.patch.object(comparison, "_surer", _agreed),
        mock.patch.object(comparison, "_doubted", lambda field, doubts: field),
    ):
        reading = read_fields(pages)
    paper = layout[1]
    result = []
    said = stored["truth"]["fields"]
    for name, field in reading.fields.items():
        if name in said and field.value is not None and field.confidence in seen:
            result.append((paper, _measures(seen[field.confidence]), agrees(name, said[name], field.value), False))
    rows = {row["row.number"].value: row for row in reading.tables.get("roster", ())}
    for number, line in enumerate(stored["truth"].get("tables", {}).get("roster", []), start=1):
        for name, value in line.items():
            cell = rows.get(number, {}).get(name)
            if cell and cell.value is not None and cell.confidence in seen:
                result.append((paper, _measures(seen[cell.confidence]), agrees(name, value, cell.value), True))
    return result


def _agreed(field: Field) -> Field:
    return dataclasses.replace(field)


def _measures(signs: Signs) -> Any:
    return np.array([float(measure) for measure in signs.measures()])


def _fit(rows: list[tuple[str, Any, bool]], ridge: float = 1.0, steps: int = 60) -> Any:
    """Newton's steps of a logistic regression with a small ridge on all weights but the first."""
    x = np.array([measures for _, measures, _ in rows])
    y = np.array([right for *_, right in rows], dtype=float)
    weights = np.zeros(x.shape[1])
    penalty = np.eye(x.shape[1]) * ridge
    penalty[0, 0] = 1e-6
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (y - p) - penalty @ weights
        hessian = (x.T * (p * (1 - p))) @ x + penalty
        weights = weights + np.linalg.solve(hessian, gradient)
    return weights


if __name__ == "__main__":
    main()
