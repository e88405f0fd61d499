"""Measures what `sam build` built: for each function its own code and its layers, unzipped.

Lambda refuses a function whose code and layers exceed 250 MB unzipped, and says so only when deploying; this says it
at build time. Prints one table, writes build/reports/sizes.json, and fails when a function is over the limit.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / ".aws-sam" / "build"
REPORT = ROOT / "build" / "reports" / "sizes.json"
LIMIT_BYTES = 250_000_000  # Lambda counts 262,144,000; the rounder figure leaves it some air


def bytes_of(folder: Path) -> int:
    """The size of all files below a folder, links not followed."""
    return sum(os.lstat(Path(where, name)).st_size for where, _, names in os.walk(folder) for name in names)


def measure(built: Path) -> dict[str, Any]:
    """Sizes in bytes of layers, and of functions with the layers each one carries."""
    template = yaml_parse((built / "template.yaml").read_text())
    resources = template["Resources"]
    common = template["Globals"]["Function"].get("Layers", [])
    layers = {
        name: bytes_of(built / resource["Properties"]["ContentUri"])
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::LayerVersion"
    }
    functions = {}
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        code = bytes_of(built / resource["Properties"]["CodeUri"])
        # sam adds a function's own layers to those of all functions
        carried = sorted({layer["Ref"] for layer in [*common, *resource["Properties"].get("Layers", [])]})
        functions[name] = {"code": code, "layers": carried, "total": code + sum(layers[layer] for layer in carried)}
    compiled = any((built / resources["LibrariesLayer"]["Properties"]["ContentUri"]).rglob("*.cpython-313.pyc"))
    return {"limit": LIMIT_BYTES, "compiled": compiled, "layers": layers, "functions": functions}


def show(sizes: dict[str, Any]) -> None:
    """One table: a line per function, a line per layer."""
    table = Table("", "own code, kB", "layers", "unzipped with layers, MB", title="What a deploy carries")
    for column in (1, 3):
        table.columns[column].justify = "right"
    for name, function in sizes["functions"].items():
        total = f"{function['total'] / 1e6:.1f}"
        if function["total"] > sizes["limit"]:
            total = f"[red]{total} > {sizes['limit'] / 1e6:.0f}[/red]"
        carried = ", ".join(layer.removesuffix("Layer").lower() for layer in function["layers"])
        table.add_row(name.removesuffix("Function"), f"{function['code'] / 1e3:.1f}", carried, total)
    table.add_section()
    for name, size in sizes["layers"].items():
        table.add_row(name, "", "", f"{size / 1e6:.1f}")
    console = Console(width=None if sys.stdout.isatty() else 110)
    console.print(table)
    if not sizes["compiled"]:
        console.print("Built without python3.13: nothing is compiled ahead, cold starts take 0.7 s longer.")


def main() -> int:
    sizes = measure(BUILT)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(sizes, indent=2) + "\n")
    show(sizes)
    return int(any(function["total"] > sizes["limit"] for function in sizes["functions"].values()))


if __name__ == "__main__":
    sys.exit(main())
