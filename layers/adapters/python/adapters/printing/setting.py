"""Typst sets a paper: its look, its data and its faces become a PDF, here or in a process of its own.

Typst keeps what it has set for the next few papers, which costs a long list's memory several times over: such a paper
is set in a process that ends with it. The order goes in as JSON, the PDF comes out; nothing is written anywhere.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources
from typing import Literal

import typst

STANDARDS: tuple[Literal["a-2a", "ua-1"], ...] = ("a-2a", "ua-1")
LIMIT_SECONDS = 50  # less than the function has; five thousand people take seven


@dataclass(frozen=True, slots=True)
class SettingOrder:
    """What is to be set: the sheet as JSON, the code as SVG, the folders of faces, the moment the PDF bears."""

    sheet: str
    code: str
    faces: tuple[str, ...]
    made_at: str


def set_paper(order: SettingOrder) -> bytes:
    """The PDF of an order. Raises ValueError when it cannot be set."""
    try:
        return typst.compile(
            _look(),
            format="pdf",
            font_paths=_fonts(order.faces),
            sys_inputs={"sheet": order.sheet, "code": order.code},
            pdf_standards=list(STANDARDS),
            timestamp=datetime.fromisoformat(order.made_at),
        )
    except typst.TypstError as fault:
        raise ValueError(f"cannot be set: {fault}") from fault


def set_apart(order: SettingOrder) -> bytes:
    """The same in a process of its own. Raises ValueError when it cannot be set, or not in time."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "adapters.printing.setting"],
            input=json.dumps(asdict(order)).encode(),
            capture_output=True,
            timeout=LIMIT_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise ValueError(f"not set within {LIMIT_SECONDS} s") from late
    if done.returncode or not done.stdout:
        raise ValueError(f"cannot be set: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout


@functools.cache
def _look() -> bytes:
    return resources.files("adapters.printing").joinpath("paper.typ").read_bytes()


@functools.cache
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


if __name__ == "__main__":
    given = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(set_paper(SettingOrder(**given | {"faces": tuple(given["faces"])})))
