"""Draws the state machines as Mermaid text, for docs/architecture.md: `python -m infra.draw` writes them there.

A test compares the page with the machines, so that the picture is never older than what runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
MACHINES = ("read_document", "process_dossier")


def drawing(machine: str) -> str:
    """One machine as a Mermaid state diagram. Catches are left out but for what they lead to."""
    text = re.sub(r"\$\{\w+\}", "1", (ROOT / "statemachines" / f"{machine}.asl.yaml").read_text(encoding="utf-8"))
    definition = yaml.safe_load(text)
    lines = ["```mermaid", "stateDiagram-v2", f"  [*] --> {definition['StartAt']}"]
    lines += [f"  {edge}" for edge in dict.fromkeys(_edges(definition["States"]))]
    return "\n".join([*lines, "```"])


def _edges(states: dict[str, Any]) -> Iterator[str]:
    for name, state in states.items():
        for choice in state.get("Choices", ()):
            value = next((v for k, v in choice.items() if k.endswith("Equals")), "")
            yield f"{name} --> {choice['Next']}: {str(value).lower()}"
        if "Default" in state:
            yield f"{name} --> {state['Default']}: otherwise"
        if "Next" in state:
            yield f"{name} --> {state['Next']}"
        for catch in state.get("Catch", ()):
            yield f"{name} --> {catch['Next']}: {'/'.join(catch['ErrorEquals']).replace('States.ALL', 'any failure')}"
        inner = state.get("ItemProcessor", {}).get("States", {})
        if inner:
            yield f"state {name} {{"
            yield from (f"  {edge}" for edge in _edges(inner))
            yield "}"
        if state.get("Type") in ("Succeed", "Fail"):
            yield f"{name} --> [*]"


def page_with_drawings(page: str) -> str:
    """The page with every drawing between its markers made anew."""
    for machine in MACHINES:
        block = rf"(<!-- {machine} -->\n).*?(<!-- /{machine} -->)"
        page = re.sub(block, lambda found, m=machine: found[1] + drawing(m) + "\n" + found[2], page, flags=re.DOTALL)
    return page


if __name__ == "__main__":
    PAGE.write_text(page_with_drawings(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
