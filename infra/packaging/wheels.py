"""Installs one requirements file for the functions' runtime, whatever Python runs this.

Knows the runtime's platform and what of a package a function never loads. pip answers markers
("python_version < '3.12'") for the Python it runs on, even when told to install for another; so the pins that hold
for the runtime are chosen here and handed over without markers. Nothing is compiled: wheels only, by hash.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]

RUNTIME = "3.13"
# Amazon Linux 2023 has glibc 2.34; every older baseline runs on it.
PLATFORMS = tuple(
    f"manylinux{tag}_x86_64" for tag in ("_2_34", "_2_31", "_2_28", "_2_27", "_2_24", "_2_17", "2014", "2010", "1")
)
MARKERS = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{RUNTIME}.0",
    "python_version": RUNTIME,
    "sys_platform": "linux",
}

# Never loaded by a function: tests, stubs, C headers and archives, command-line entry points, caches.
SPARE_FOLDERS = {"tests", "__pycache__", "include", "bin"}
SPARE_ENDINGS = {".a", ".c", ".h", ".pyc", ".pyi", ".pyx", ".pxd"}


def pins_for_runtime(requirements: str) -> str:
    """The pins of a requirements file that hold for the runtime, with their hashes and without markers."""
    logical_lines = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*$", "", requirements)).splitlines()
    pins = []
    for line in filter(None, map(str.strip, logical_lines)):
        pin, *hashes = re.split(r"\s+(?=--hash=)", line)
        requirement = Requirement(pin)
        if requirement.marker is None or requirement.marker.evaluate(MARKERS):
            requirement.marker = None
            pins.append(" \\\n    ".join([str(requirement), *hashes]))
    return "\n".join(sorted(pins)) + "\n"


def install(pins: str, target: Path) -> None:
    """Install the pins into target; raises CalledProcessError after showing what pip said."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(pins)
        file.flush()
        platforms = [f"--platform={platform}" for platform in PLATFORMS]
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
                *("--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile"),
                # pip compares what a wheel requires with the Python it runs on as well; the pins are the runtime's
                "--ignore-requires-python",
                *platforms,
                *("--implementation=cp", f"--python-version={RUNTIME}"),
                *(f"--target={target}", f"--requirement={file.name}"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()


def trim(target: Path) -> None:
    """Remove what a function never loads. Licences and the packages' names and versions stay."""
    for folder, folders, files in os.walk(target, topdown=True):
        for name in [name for name in folders if name in SPARE_FOLDERS]:
            shutil.rmtree(Path(folder, name))
            folders.remove(name)
        for name in files:
            if Path(name).suffix in SPARE_ENDINGS:
                Path(folder, name).unlink()


def build(name: str, target: Path) -> None:
    """Fill target with the packages of requirements/<name>.txt, from the last build where nothing changed."""
    pins = pins_for_runtime((ROOT / "requirements" / f"{name}.txt").read_text())
    fingerprint = hashlib.sha256(pins.encode() + Path(__file__).read_bytes()).hexdigest()[:16]
    kept = ROOT / "build" / "layers" / f"{name}-{fingerprint}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            fresh = Path(scratch, "python")
            install(pins, fresh)
            trim(fresh)
            for old in kept.parent.glob(f"{name}-*"):
                shutil.rmtree(old)
            fresh.rename(kept)
    shutil.copytree(kept, target, dirs_exist_ok=True)


if __name__ == "__main__":
    build(sys.argv[1], Path(sys.argv[2]))
