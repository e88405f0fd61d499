"""Each function loads with nothing but its layers, Lambda's own boto3, and the environment the template gives it.

Loading is what happens before the first request; packages that are only imported while a paper is being opened are
tried by the journeys.
"""

import json
import os
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from infra.packaging.wheels import pins_for_runtime
from tests.template_file import ROOT, functions, template

OURS = {"casework": "CaseworkLayer", "adapters": "AdaptersLayer"}
WITH_THE_RUNTIME = {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"}

# Runs in a fresh interpreter, in which packages of this environment that the function does not carry do not exist.
LOADER = """
import json, sys
folder, absent = sys.argv[1], set(json.loads(sys.argv[2]))

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{name} is not packed with this function", name=name)

sys.meta_path.insert(0, Absent())
sys.path.insert(0, folder)
import app
print(app.handler.__name__)
"""


@cache
def installed() -> dict[str, tuple[str, ...]]:
    """Import name -> the packages of this environment that hold it."""
    return {name: tuple(map(_plain, holders)) for name, holders in packages_distributions().items()}


@cache
def packages_of(layer: str) -> frozenset[str]:
    """Import names of a layer of packages, as this environment knows them."""
    file = ROOT / "requirements" / f"{layer.removesuffix('Layer').lower()}.txt"
    pinned = {_plain(pin) for pin in re.findall(r"(?m)^([\w.-]+)", pins_for_runtime(file.read_text()))}
    return frozenset(name for name, holders in installed().items() if pinned & {*holders})


def _plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def absent_with(layers: list[str]) -> set[str]:
    """Import names of this environment that none of the layers carries."""
    packed = {name for name, layer in OURS.items() if layer in layers} | WITH_THE_RUNTIME
    for layer in {"LibrariesLayer", "ReadingLayer", "PrintingLayer", "PagesLayer"} & {*layers}:
        packed |= packages_of(layer)
    return {*installed(), *OURS, "infra", "tests"} - packed


def load(function: str, layers: list[str]) -> subprocess.CompletedProcess[str]:
    had = functions(template())[function]
    environment = {name: f"some-{name.lower()}" for name in had["Environment"]} | {
        "AWS_DEFAULT_REGION": "ap-southeast-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "PATH": os.environ["PATH"],
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "PRETEND_NOW": "",
        "PUBLIC_URL": "https://motcua.example",
        "REGISTRY_CALLS_PER_SECOND": "10",
        "REGISTRY_KINDS": "",
        "REGISTRY_PAUSE_SECONDS": "5",
        "SECOND_LOOK_PERCENT": "5",
    }
    folder = (ROOT / "infra" / had["CodeUri"]).resolve()
    return subprocess.run(
        [sys.executable, "-c", LOADER, str(folder), json.dumps(sorted(absent_with(layers)))],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path("/"),
        check=False,
    )


@pytest.mark.parametrize("function", sorted(functions(template())))
def test_function_loads_with_its_layers_alone(function):
    layers = [layer["Ref"] for layer in functions(template())[function]["Layers"]]
    done = load(function, layers)
    assert done.stdout == "handler\n", done.stderr


def test_a_missing_layer_is_noticed():
    done = load("ApiFunction", ["CaseworkLayer", "AdaptersLayer"])
    assert "aws_lambda_powertools is not packed with this function" in done.stderr
    done = load("ApiFunction", ["CaseworkLayer", "LibrariesLayer"])
    assert "adapters is not packed with this function" in done.stderr
