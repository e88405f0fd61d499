"""Who may do what: the one table (rulebook/authority.toml) that documentation and tests are made from. Pure."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from casework.document import Text

ALLOWED = "yes"
COLUMNS = (
    "applicant", "applicant_foreign", "integrator", "integrator_foreign", "officer", "officer_foreign", "supervisor",
    "supervisor_foreign", "administrator",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of the API: method and address, what it does, and for each column "yes" or the problem told."""

    method: str
    path: str
    says: Text
    cells: Mapping[str, str]


@functools.cache
def verbs() -> tuple[Verb, ...]:
    """Every verb that needs a sign-in. Raises KeyError, ValueError for a table that is not sound."""
    table = tomllib.loads(resources.files("casework").joinpath("rulebook/authority.toml").read_text(encoding="utf-8"))
    found = []
    for entry in table["verb"]:
        method, path = entry["route"].split(" ")
        cells = table["who"][entry["who"]]
        if unknown := set(cells) - set(COLUMNS):
            raise ValueError(f"{entry['route']}: no such columns {sorted(unknown)}")
        found.append(Verb(method, path, Text(entry["says"], entry["says_en"]), cells))
    return tuple(found)


def as_markdown() -> str:
    """The table as docs/authority.md shows it."""
    names = {"applicant": "người nộp · applicant", "integrator": "hệ thống · integrator", "officer": "cán bộ · officer",
             "supervisor": "lãnh đạo · supervisor", "administrator": "quản trị · administrator"}  # fmt: skip
    heads = [f"{names[c.removesuffix('_foreign')]}{', khác · foreign' if '_' in c else ''}" for c in COLUMNS]
    lines = [f"| việc · verb | route | {' | '.join(heads)} |", f"|---|---|{'---|' * len(COLUMNS)}"]
    for verb in verbs():
        cells = [verb.cells.get(column, "–") for column in COLUMNS]
        shown = ["✓" if cell == ALLOWED else cell for cell in cells]
        lines.append(f"| {verb.says.vi} · {verb.says.en} | `{verb.method} {verb.path}` | {' | '.join(shown)} |")
    return "\n".join(lines)
