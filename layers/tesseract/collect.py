"""Collects Tesseract with all it loads into one folder that runs on any x86-64 Linux, even an empty one.

Knows where the distribution's packages (tesseract-ocr, -vie, -osd) put things. The binary is not changed: it is
started through the loader that comes along, so that neither the host's loader nor its libraries matter. Standard
library only, since a build may run it with any Python.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

LANGUAGES = ("vie", "osd")
LOADER = "ld-linux-x86-64.so.2"


def libraries(program: Path) -> dict[str, Path]:
    """Every shared library the program loads, by the name it is loaded under, with the loader itself."""
    found: dict[str, Path] = {}
    for line in subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout.splitlines():
        if "not found" in line:
            raise SystemExit(f"tesseract layer: {line.strip()}")
        if match := re.match(r"\s*(\S+) => (/\S+) \(", line):
            found[match[1]] = Path(match[2]).resolve()
        elif match := re.match(r"\s*(/\S+) \(", line):
            found[Path(match[1]).name] = Path(match[1]).resolve()
    if LOADER not in found:
        raise SystemExit(f"tesseract layer: {program} is not a dynamic x86-64 program")
    return found


def tessdata() -> Path:
    """The installed language data."""
    for folder in sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"), reverse=True):
        if all((folder / f"{language}.traineddata").exists() for language in LANGUAGES):
            return folder
    raise SystemExit("tesseract layer: install tesseract-ocr, tesseract-ocr-vie and tesseract-ocr-osd (make setup)")


def packages_of(files: Iterable[Path]) -> set[str]:
    """The distribution's packages the files came with. Merged /usr: a file may be on record with or without it."""
    spellings = [
        path
        for file in files
        for path in (file, Path("/", *file.parts[2:]) if file.parts[1] == "usr" else Path("/usr", *file.parts[1:]))
    ]
    # One of the two spellings is always unknown, so that the exit code says nothing.
    known = subprocess.run(["dpkg", "--search", *spellings], capture_output=True, text=True, check=False).stdout
    return {line.split(":", 1)[0] for line in known.splitlines() if not line.startswith("diversion ")}


def collect(target: Path) -> None:
    """Fill target with bin/, lib/, share/tessdata/ and licences/."""
    found = shutil.which("tesseract")
    if found is None:
        raise SystemExit("tesseract layer: tesseract is not installed (make setup)")
    program, data = Path(found).resolve(), tessdata()
    for name in ("bin", "lib", "share/tessdata", "licences"):
        (target / name).mkdir(parents=True, exist_ok=True)
    shutil.copy2(program, target / "bin" / "tesseract")
    loaded = libraries(program)
    for name, file in loaded.items():
        shutil.copy2(file, target / "lib" / name)
    for language in LANGUAGES:
        shutil.copy2(data / f"{language}.traineddata", target / "share" / "tessdata")
    # The forms of its answer (tsv, hocr …) are small files that Tesseract looks up beside the languages.
    shutil.copytree(data / "configs", target / "share" / "tessdata" / "configs", dirs_exist_ok=True)
    files = [program, *loaded.values(), *(data / f"{language}.traineddata" for language in LANGUAGES)]
    packages = packages_of(files)
    for package in sorted(packages):
        shutil.copy2(Path("/usr/share/doc", package, "copyright"), target / "licences" / f"{package}.txt")


if __name__ == "__main__":
    collect(Path(sys.argv[1]))
