"""Writes the table of docs/authority.md from casework/rulebook/authority.toml: `python -m infra.authority`."""

from __future__ import annotations

import re
from pathlib import Path

from casework.authority import as_markdown

PAGE = Path(__file__).parents[1] / "docs" / "authority.md"
_PLACE = re.compile(r"(<!-- authority -->\n).*?(<!-- /authority -->)", re.DOTALL)


def written(page: str) -> str:
    """The page with the table as it should stand."""
    return _PLACE.sub(lambda found: f"{found[1]}{as_markdown()}\n{found[2]}", page)


def main() -> None:
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
