"""The empty spreadsheet of a list that an employer fills in, in the official form's words (rulebook/blank_lists)."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from adapters.spreadsheets import blank_list


@functools.cache
def blank_lists() -> dict[str, bytes]:
    """Every blank list by the name of its file; the same bytes each time."""
    text = resources.files("casework").joinpath("rulebook/blank_lists.toml").read_text(encoding="utf-8")
    made = {}
    for form in tomllib.loads(text).values():
        gap = [""] * (form["beside"] - 1)
        above = [[line[0], *gap, *line[1:]] for line in form["lines"]]
        made[form["file"]] = blank_list(above, [(heading, width) for heading, width in form["columns"]], form["sheet"])
    return made
