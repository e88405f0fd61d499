"""What was found of what was there: precision and recall, printed as one table and kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

REPORTS = Path(__file__).resolve().parents[2] / "build" / "reports"


@dataclass(slots=True)
class Tally:
    """Cases counted: right (there and found), missed (there, not found), alarms (found, not there), clean (neither)."""

    right: int = 0
    missed: int = 0
    alarms: int = 0
    clean: int = 0

    def add(self, *, wanted: bool, found: bool, times: int = 1) -> None:
        name = ("right" if found else "missed") if wanted else ("alarms" if found else "clean")
        setattr(self, name, getattr(self, name) + times)

    @property
    def precision(self) -> float:
        """Of what was found, the part that was there; 1.0 when nothing was found."""
        return self.right / (self.right + self.alarms) if self.right + self.alarms else 1.0

    @property
    def recall(self) -> float:
        """Of what was there, the part that was found; 1.0 when nothing was there."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def worst(self) -> float:
        return min(self.precision, self.recall)


def together(tallies: Mapping[str, Tally]) -> Tally:
    """All of them as one."""
    names = ("right", "missed", "alarms", "clean")
    return Tally(*(sum(getattr(tally, name) for tally in tallies.values()) for name in names))


def show(title: str, tallies: Mapping[str, Tally]) -> None:
    """One table: a line a case."""
    table = Table("", "right", "missed", "alarms", "clean", "precision", "recall", title=title)
    for column in range(1, 7):
        table.columns[column].justify = "right"
    for name, tally in tallies.items():
        counts = (tally.right, tally.missed, tally.alarms, tally.clean)
        table.add_row(name, *map(str, counts), f"{tally.precision:.3f}", f"{tally.recall:.3f}")
    Console(width=110).print(table)


def keep(name: str, tallies: Mapping[str, Tally], **more: Any) -> None:
    """The same under build/reports."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    figures = {
        case: {
            "right": tally.right, "missed": tally.missed, "alarms": tally.alarms, "clean": tally.clean,
            "precision": round(tally.precision, 4), "recall": round(tally.recall, 4),
        }
        for case, tally in tallies.items()
    }  # fmt: skip
    (REPORTS / f"{name}.json").write_text(json.dumps({"cases": figures, **more}, ensure_ascii=False, indent=1))
