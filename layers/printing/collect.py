"""Collects the faces that papers are printed in: the distribution's TeX Gyre Termes, and DejaVu for what it lacks.

Knows where the packages fonts-texgyre and fonts-dejavu-core put things. Standard library only, since a build may run
it with any Python.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

FACES = {
    "fonts-texgyre": (
        "/usr/share/texmf/fonts/opentype/public/tex-gyre",
        tuple(f"texgyretermes-{cut}.otf" for cut in ("regular", "bold", "italic", "bolditalic")),
    ),
    "fonts-dejavu-core": (
        "/usr/share/fonts/truetype/dejavu",
        ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ),
}


def collect(target: Path, *only: str) -> None:
    """Fill target with the faces (those named, or all) and licences/."""
    (target / "licences").mkdir(parents=True, exist_ok=True)
    for package, (folder, names) in FACES.items():
        wanted = [name for name in names if not only or name in only]
        for name in wanted:
            if not Path(folder, name).exists():
                raise SystemExit(f"printing layer: {folder}/{name} is missing (make setup installs {package})")
            shutil.copy2(Path(folder, name), target / name)
        if wanted:
            shutil.copy2(Path("/usr/share/doc", package, "copyright"), target / "licences" / f"{package}.txt")


if __name__ == "__main__":
    collect(Path(sys.argv[1]), *sys.argv[2:])
