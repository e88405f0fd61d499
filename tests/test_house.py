"""The house, checked by machine: what may import what, one name for one thing, every step bounded, nothing foreign."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from casework import procedures

from tests.template_file import ROOT, of_type, template

CASEWORK = ROOT / "layers/casework/python/casework"
ADAPTERS = ROOT / "layers/adapters/python/adapters"
PURE_LIBRARIES = {"rapidfuzz", "stdnum", "holidays"}
WORLDLY = {  # of the standard library: what reads, writes, waits, rolls dice or looks at the clock
    "asyncio", "http", "logging", "multiprocessing", "os", "pathlib", "queue", "random", "secrets", "select",
    "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "urllib",
}  # fmt: skip
NAMELESS = re.compile(r"(^|_)(utils?|helpers?|common|base|manager|misc|service2?|v2)(_|$)", re.IGNORECASE)
LONGEST = 400
STILL_LONGER = {  # tests to be parted by idea; they may shrink, not grow
    "tests/integration/test_api.py": 850,
}
LAMBDAS_OWN = {
    "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
}  # fmt: skip


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, as committed or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever it does; of its own package, by the full name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# ── direction ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", modules(CASEWORK), ids=name_of)
def test_the_domain_imports_the_standard_library_and_a_few_pure_ones(path: Path) -> None:
    foreign = tops(path) - {"casework", "__future__"} - set(sys.stdlib_module_names)
    assert foreign <= PURE_LIBRARIES
    assert tops(path) & WORLDLY == set()


@pytest.mark.parametrize("path", modules(CASEWORK), ids=name_of)
def test_the_domain_asks_nobody_for_the_time_and_prints_nothing(path: Path) -> None:
    clocks = {"now", "today", "utcnow", "time", "monotonic", "perf_counter", "time_ns", "sleep", "uuid4", "uuid1"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
                asked = called.attr in clocks and called.value.id in {"datetime", "date", "time", "uuid", "dt"}
                # datetime.time(…) and date.today are told apart by their module: only a class of its own is a value
                assert not asked or (called.value.id, called.attr) in {("datetime", "time"), ("dt", "time")}, (
                    f"line {node.lineno}: {called.value.id}.{called.attr}"
                )
            if isinstance(called, ast.Name):
                assert called.id not in {"print", "open", "input"}, f"line {node.lineno}: {called.id}"


@pytest.mark.parametrize("path", modules(ADAPTERS), ids=name_of)
def test_adapters_look_inward_only(path: Path) -> None:
    assert tops(path) & {"functions", "infra", "tests", "aws_lambda_powertools"} == set()


def test_the_environment_is_read_in_one_place() -> None:
    """What is handed on whole to a child process, or set for one, is not read."""
    read = re.compile(r"os\.getenv|os\.environ\.get|os\.environ\[[^\]]+\](?! = )|Settings\.of\(")
    folders = (CASEWORK, ADAPTERS, ROOT / "functions")
    reading = {path for folder in folders for path in modules(folder) if read.search(path.read_text(encoding="utf-8"))}
    assert reading == {ADAPTERS / "wiring.py"}


def test_nothing_imports_functions_but_their_own_folder_tests_and_the_local_run() -> None:
    names = {path.name for path in (ROOT / "functions").iterdir() if path.is_dir()}
    for folder in (CASEWORK, ADAPTERS):
        for path in modules(folder):
            assert tops(path) & ({"functions"} | names) == set(), name_of(path)


@pytest.mark.parametrize("path", modules(ROOT / "functions"), ids=name_of)
def test_functions_stand_on_adapters_and_domain_alone(path: Path) -> None:
    home = path.relative_to(ROOT / "functions").parts[0]
    there = [*(ROOT / "functions" / home).glob("*.py"), *(ROOT / "functions" / home).glob("*/__init__.py")]
    own = {other.parent.name if other.stem == "__init__" else other.stem for other in there}
    allowed = {"adapters", "casework", "aws_lambda_powertools", "pydantic", "jinja2", "markupsafe", *own}
    assert tops(path) - set(sys.stdlib_module_names) <= allowed
    assert tops(path) & {"infra", "tests", "boto3", "botocore"} == set()


# ── one thing, one name ──────────────────────────────────────────────────────


def machines() -> dict[str, dict[str, Any]]:
    return {path.name: yaml.safe_load(path.read_text()) for path in sorted((ROOT / "statemachines").glob("*.yaml"))}


def states(machine: dict[str, Any], inside: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state with its name, those within Map and Parallel too."""
    for name, state in machine["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"], True)
        for branch in state.get("Branches", []):
            yield from states(branch, True)


ALL_STATES = [
    pytest.param(state, id=f"{file}:{name}") for file, machine in machines().items() for name, state in states(machine)
]
TASKS = [
    pytest.param(name, state, id=f"{file}:{name}")
    for file, machine in machines().items()
    for name, state in states(machine)
    if state["Type"] == "Task"
]


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def test_every_function_is_a_folder_a_resource_and_an_app_with_a_docstring() -> None:
    folders = {path.name for path in (ROOT / "functions").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    resources = of_type(template(), "AWS::Serverless::Function")
    assert {f"{camel(folder)}Function" for folder in folders} == set(resources)
    for folder in folders:
        app = ROOT / "functions" / folder / "app.py"
        tree = ast.parse(app.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), name_of(app)
        [handler] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "handler"]
        assert ast.get_docstring(handler), f"{name_of(app)}: handler"
    shared = template()["Globals"]["Function"]
    assert {had["Properties"].get("Handler", shared.get("Handler")) for had in resources.values()} == {"app.handler"}


@pytest.mark.parametrize(("name", "state"), TASKS)
def test_a_task_calls_the_function_of_its_name(name: str, state: dict[str, Any]) -> None:
    assert state["Parameters"]["FunctionName"] == f"${{{name}FunctionArn}}"
    folder = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    assert (ROOT / "functions" / folder / "app.py").is_file()


@pytest.mark.parametrize("path", tracked("*.py"), ids=name_of)
def test_names_say_what_a_thing_is(path: Path) -> None:
    for part in path.relative_to(ROOT).with_suffix("").parts:
        assert not NAMELESS.search(part), part
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            assert not re.search(r"(Manager|Helper|Utils?|Base|Impl|DTO)$", node.name), node.name


@pytest.mark.parametrize("path", tracked("layers/*.py", "functions/*.py", "infra/*.py"), ids=name_of)
def test_a_module_says_what_it_knows_and_stays_in_one_piece(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST
    if text.strip():
        assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", tracked("tests/*.py"), ids=name_of)
def test_a_file_of_tests_stays_in_one_piece(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= STILL_LONGER.get(name_of(path), LONGEST)


# ── state machines ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", ALL_STATES)
def test_a_state_says_what_it_is_for(state: dict[str, Any]) -> None:
    assert state["Comment"].endswith((".", "?"))


@pytest.mark.parametrize(("name", "state"), TASKS)
def test_a_task_is_bounded_retried_and_caught(name: str, state: dict[str, Any]) -> None:
    assert ("TimeoutSeconds" in state) != ("TimeoutSecondsPath" in state)
    retried = {error for retry in state["Retry"] for error in retry["ErrorEquals"]}
    assert retried >= LAMBDAS_OWN or retried == {"States.ALL"}
    for retry in state["Retry"]:
        assert retry["MaxAttempts"] < 10
        assert retry["BackoffRate"] > 1
    waits = "waitForTaskToken" in state["Resource"]
    assert ("TimeoutSecondsPath" in state) == waits
    assert state["Catch"]


@pytest.mark.parametrize("file", machines())
def test_whatever_fails_ends_before_a_person(file: str) -> None:
    """At the top, States.ALL leads to ParkDossier; inside a Map it is the Map that catches."""
    machine = machines()[file]
    for name, state in machine["States"].items():
        if state["Type"] in ("Task", "Map") and name != "ParkDossier":
            last = state["Catch"][-1]
            assert (last["ErrorEquals"], last["Next"]) == (["States.ALL"], "ParkDossier"), name
    assert machine["States"]["ParkDossier"]["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


@pytest.mark.parametrize("file", machines())
def test_machines_say_only_what_the_local_interpreter_understands(file: str) -> None:
    text = (ROOT / "statemachines" / file).read_text()
    assert "JSONata" not in text
    for path in re.findall(r"\$\.[\w.\[\]$?@()]+", text):
        assert not re.search(r"[\[\]?@()]", path), path


def test_the_machines_errors_are_ours_or_awss() -> None:
    tree = ast.parse((CASEWORK / "errors.py").read_text(encoding="utf-8"))
    ours = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for machine in machines().values():
        for name, state in states(machine):
            for rule in [*state.get("Retry", []), *state.get("Catch", [])]:
                for error in rule["ErrorEquals"]:
                    assert error in ours or re.match(r"(Lambda|States|Sandbox|Runtime)\.", error), f"{name}: {error}"


# ── the law ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("service_id", procedures.ids())
def test_every_rule_cites_law_and_says_so_in_both_languages(service_id: str) -> None:
    for procedure in procedures.service(service_id).procedures.values():
        assert procedure.rules
        for rule in procedure.rules:
            assert rule.law.strip(), rule.id
            assert rule.source.strip(), rule.id
            assert rule.says.vi.strip(), rule.id
            assert rule.says.en.strip(), rule.id


def test_no_amount_of_the_law_hides_in_code() -> None:
    amounts = {"1800000", "1_800_000", "500000", "1000000", "750000", "250000"}
    for path in modules(CASEWORK):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
                assert str(node.value) not in amounts, f"{name_of(path)} line {node.lineno}"


# ── what is committed ────────────────────────────────────────────────────────

TEXT = {".py", ".toml", ".yaml", ".yml", ".md", ".txt", ".in", ".cfg", ".json", ".html", ".css", ".js", ".sh", ""}
MACHINES_PATH = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/|C:\\\\Users")
PACKAGE_HOST = re.compile(
    r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|artifactory|nexus|jfrog|registry\.)[\w.-]*|--(?:extra-)?index-url"
)
FOREIGN = re.compile(r"(^|/)(vendor|vendored|third_party|node_modules|site-packages)(/|$)")
PINNED = re.compile(r"[\w.\[\]-]+==[\w.!+]+.*--hash=sha256:[0-9a-f]{64}")
LICENSED = re.compile(r"Copyright \(c\)|SPDX-License-Identifier|Licensed under the Apache", re.IGNORECASE)


def committed_texts() -> list[Path]:
    return [path for path in tracked() if path.suffix in TEXT and path != Path(__file__)]


def test_no_committed_file_knows_a_machine_or_a_package_host() -> None:
    found = []
    for path in committed_texts():
        text = path.read_text(encoding="utf-8")
        for pattern in (MACHINES_PATH, PACKAGE_HOST):
            found += [f"{name_of(path)}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_nothing_of_others_is_committed() -> None:
    assert [name_of(path) for path in tracked() if FOREIGN.search(name_of(path))] == []
    code = [path for path in committed_texts() if path.suffix in (".py", ".js", ".css")]
    assert [name_of(path) for path in code if LICENSED.search(path.read_text(encoding="utf-8"))] == []


def test_what_the_project_depends_on_is_pinned_with_hashes() -> None:
    """Debian's packages are named in debian.txt; their archive signs them."""
    for path in set(tracked("requirements/*.txt")) - {ROOT / "requirements/debian.txt"}:
        lines = re.sub(r"\\\n\s*", " ", path.read_text(encoding="utf-8")).splitlines()
        for line in lines:
            if line.strip() and not line.lstrip().startswith("#"):
                assert re.match(r"[\w.\[\]-]+==[\w.!+]+.*--hash=sha256:[0-9a-f]{64}", line), (
                    f"{name_of(path)}: {line[:60]}"
                )
