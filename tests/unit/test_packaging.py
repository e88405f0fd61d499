"""What a deploy carries: the runtime's own pins whatever Python builds, trimmed, measured against Lambda's limit."""

import json
import re
from pathlib import Path

import pytest

from infra import sizes
from infra.packaging import wheels

ROOT = Path(__file__).resolve().parents[2]

REQUIREMENTS = """\
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via -r requirements/reading.in
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:cc
pywin32==312 ; sys_platform == 'win32' \\
    --hash=sha256:dd
cffi==2.1.1 ; platform_python_implementation != 'PyPy' \\
    --hash=sha256:ee
"""


def test_pins_are_the_runtime_s_whatever_python_builds():
    assert wheels.pins_for_runtime(REQUIREMENTS) == (
        "cffi==2.1.1 \\\n    --hash=sha256:ee\nnumpy==2.5.5 \\\n    --hash=sha256:cc\n"
    )


@pytest.mark.parametrize("name", ["libraries", "reading", "printing", "pages"])
def test_each_layer_pins_each_package_once_and_by_hash(name):
    pins = wheels.pins_for_runtime((ROOT / "requirements" / f"{name}.txt").read_text())
    packages = re.findall(r"(?m)^([\w.-]+)(?:\[.*\])?==\S+ \\$", pins)
    assert packages
    assert len(packages) == len(set(packages)) == len(re.findall(r"(?m)^\S", pins))


def test_layers_do_not_carry_a_package_twice():
    def carried(name):
        pins = wheels.pins_for_runtime((ROOT / "requirements" / f"{name}.txt").read_text())
        return set(re.findall(r"(?m)^([\w.-]+)==", pins))

    # boto3 comes with Lambda's runtime
    assert not carried("libraries") & carried("reading")
    assert not carried("printing") & (carried("libraries") | carried("reading"))
    assert not carried("pages") & carried("libraries")
    everything = carried("libraries") | carried("reading") | carried("printing") | carried("pages")
    assert not everything & {"boto3", "botocore"}


@pytest.mark.parametrize("name", ["dev", "libraries", "reading", "printing", "pages"])
def test_requirements_name_no_registry(name):
    for file in (f"{name}.in", f"{name}.txt"):
        assert not re.search(
            r"://|--(extra-)?index-url|--find-links|\bfile:", (ROOT / "requirements" / file).read_text()
        )


def test_what_runs_here_is_what_runs_on_lambda():
    """The layers' pins are those of the development environment; markers alone may choose between them."""

    def pins(name):
        return set(re.findall(r"(?m)^([\w.-]+==\S+)", (ROOT / "requirements" / f"{name}.txt").read_text()))

    assert pins("libraries") | pins("reading") | pins("printing") | pins("pages") <= pins("dev")


def test_trimming_leaves_code_licences_and_names(tmp_path):
    for file in (
        "numpy/core.py",
        "numpy/core.pyi",
        "numpy/tests/test_core.py",
        "numpy/libnpymath.a",
        "numpy/core.cpython-313-x86_64-linux-gnu.so",
        "numpy-2.5.5.dist-info/METADATA",
        "numpy-2.5.5.dist-info/licenses/LICENSE.txt",
        "bin/f2py",
        "rules.toml",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    wheels.trim(tmp_path)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "numpy-2.5.5.dist-info/METADATA",
        "numpy-2.5.5.dist-info/licenses/LICENSE.txt",
        "numpy/core.cpython-313-x86_64-linux-gnu.so",
        "numpy/core.py",
        "rules.toml",
    ]


BUILT = """
Globals: {Function: {Layers: [!Ref LibrariesLayer]}}
Resources:
  LibrariesLayer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: LibrariesLayer}}
  TesseractLayer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: TesseractLayer}}
  ApiFunction: {Type: AWS::Serverless::Function, Properties: {CodeUri: ApiFunction}}
  ReadPageFunction:
    {Type: AWS::Serverless::Function, Properties: {CodeUri: ReadPageFunction, Layers: [!Ref TesseractLayer]}}
  Table: {Type: AWS::DynamoDB::Table}
"""


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A build in which the libraries have 1,000 bytes, Tesseract 2,000 and each function 10."""
    (tmp_path / "template.yaml").write_text(BUILT)
    for name, size in (
        ("LibrariesLayer", 1000),
        ("TesseractLayer", 2000),
        ("ApiFunction", 10),
        ("ReadPageFunction", 10),
    ):
        (tmp_path / name / "python").mkdir(parents=True)
        (tmp_path / name / "python" / "data").write_bytes(b"x" * size)
    monkeypatch.setattr(sizes, "BUILT", tmp_path)
    monkeypatch.setattr(sizes, "REPORT", tmp_path / "reports" / "sizes.json")
    return tmp_path


def test_sizes_count_a_function_with_its_layers(built):
    measured = sizes.measure(built)
    assert measured["functions"] == {
        "ApiFunction": {"code": 10, "layers": ["LibrariesLayer"], "total": 1010},
        "ReadPageFunction": {"code": 10, "layers": ["LibrariesLayer", "TesseractLayer"], "total": 3010},
    }
    assert measured["compiled"] is False


@pytest.mark.parametrize(("limit", "exit_code"), [(3010, 0), (3009, 1)])
def test_a_function_over_the_limit_fails_the_build(built, monkeypatch, capsys, limit, exit_code):
    monkeypatch.setattr(sizes, "LIMIT_BYTES", limit)
    assert sizes.main() == exit_code
    assert "ReadPage" in capsys.readouterr().out
    assert json.loads((built / "reports" / "sizes.json").read_text())["functions"]["ReadPageFunction"]["total"] == 3010
