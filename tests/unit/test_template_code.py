"""What infra/template.yaml promises about what runs: it leaves traces, its names line up, it carries what it loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.template_file import ROOT, Promises, functions, mentions, of_type, properties, snake

Template = dict[str, Any]

promise = Promises()


# ── Everything leaves a trace ────────────────────────────────────────────────


@promise(
    lambda t: properties(t, "ReadPageLog").pop("RetentionInDays"),
    lambda t: properties(t, "ReadPageFunction").pop("LoggingConfig"),
    lambda t: properties(t, "ReadPageFunction").update(LoggingConfig={"LogGroup": {"Ref": "ApiLog"}}),
    lambda t: t["Globals"]["Function"].pop("LoggingConfig") and t["Globals"]["Function"].update(LoggingConfig={}),
)
def functions_log_into_groups_of_their_own(t: Template) -> Iterator[str]:
    for name, had in functions(t).items():
        group = name.removesuffix("Function") + "Log"
        if had["LoggingConfig"] != {"LogFormat": "JSON", "LogGroup": {"Ref": group}}:
            yield f"{name}: logs {had['LoggingConfig']}"
    for name, group in of_type(t, "AWS::Logs::LogGroup").items():
        if group["Properties"].get("RetentionInDays") != {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "LogDays"]}:
            yield f"{name}: kept for ever"


@promise(
    lambda t: t["Globals"]["Function"].update(Tracing="PassThrough"),
    lambda t: properties(t, "ApiFunction").update(Tracing="Disabled"),
    lambda t: properties(t, "Api").pop("TracingEnabled"),
    lambda t: properties(t, "ReadDocumentMachine").pop("Tracing"),
)
def everything_is_traced(t: Template) -> Iterator[str]:
    yield from (name for name, had in functions(t).items() if had["Tracing"] != "Active")
    for kind in ("AWS::Serverless::StateMachine", "AWS::Serverless::Api"):
        for name, resource in of_type(t, kind).items():
            had = resource["Properties"]
            if not (had.get("TracingEnabled") or had.get("Tracing", {}).get("Enabled")):
                yield name


@promise(
    lambda t: properties(t, "ProcessDossierMachine").update(Type="EXPRESS"),
    lambda t: properties(t, "ProcessDossierMachine")["Logging"].update(IncludeExecutionData=True),
    lambda t: properties(t, "ProcessDossierMachine")["Logging"].update(Level="ERROR"),
)
def machines_log_what_happened_but_not_to_whom(t: Template) -> Iterator[str]:
    for name, machine in of_type(t, "AWS::Serverless::StateMachine").items():
        had, kept = machine["Properties"], machine["Properties"]["Logging"]
        if (had["Type"], kept["Level"], kept["IncludeExecutionData"]) != ("STANDARD", "ALL", False):
            yield name
        if not mentions(kept["Destinations"], name.removesuffix("Machine") + "Log"):
            yield f"{name}: logs into another group"


# ── Names line up ────────────────────────────────────────────────────────────


@promise(
    lambda t: properties(t, "ReadPageFunction").update(CodeUri="../functions/extract_fields/"),
    lambda t: t["Resources"].update(Shadow={"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "../x/"}}),
)
def one_thing_has_one_name(t: Template) -> Iterator[str]:
    for name, had in functions(t).items():
        folder = snake(name.removesuffix("Function"))
        if had["CodeUri"] != f"../functions/{folder}/" or not (ROOT / "functions" / folder / "app.py").exists():
            yield f"{name}: {had['CodeUri']}"
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    yield from folders - {snake(name.removesuffix("Function")) for name in functions(t)}


def definition(machine: dict[str, Any]) -> str:
    return (ROOT / "infra" / machine["Properties"]["DefinitionUri"]).resolve().read_text()


@promise(
    lambda t: properties(t, "ReadDocumentMachine")["DefinitionSubstitutions"].pop("ReadPageFunctionArn"),
    lambda t: properties(t, "ReadDocumentMachine")["DefinitionSubstitutions"].update(
        ReadPageFunctionArn={"Fn::GetAtt": ["ParkDossierFunction", "Arn"]}
    ),
    lambda t: properties(t, "ReadDocumentMachine")["Policies"][0]["Statement"][0]["Resource"].pop(),
    lambda t: properties(t, "ReadDocumentMachine")["Policies"][0]["Statement"][0]["Resource"].append(
        {"Fn::GetAtt": ["RelayOutboxFunction", "Arn"]}
    ),
)
def machines_name_and_may_call_exactly_their_steps(t: Template) -> Iterator[str]:
    for name, machine in of_type(t, "AWS::Serverless::StateMachine").items():
        had = machine["Properties"]
        given = had["DefinitionSubstitutions"]
        if set(re.findall(r"\$\{(\w+)\}", definition(machine))) != set(given):
            yield f"{name}: names in the definition and in the template differ"
        for placeholder, value in given.items():
            if placeholder.endswith("Arn") and value != {"Fn::GetAtt": [placeholder.removesuffix("Arn"), "Arn"]}:
                yield f"{name}: {placeholder} is {value}"
        steps = [value for placeholder, value in given.items() if placeholder.endswith("Arn")]
        allowed = had["Policies"][0]["Statement"][0]
        if allowed["Action"] != "lambda:InvokeFunction" or sorted(map(str, allowed["Resource"])) != sorted(
            map(str, steps)
        ):
            yield f"{name}: may call others than its steps"


def tasks(states: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for state in states.values():
        if state["Type"] == "Task":
            yield state
        if state["Type"] == "Map":
            yield from tasks(state["ItemProcessor"]["States"])


@promise(
    lambda t: properties(t, "ReadPageFunction").update(Timeout=150),
    lambda t: properties(t, "ApiFunction").update(Timeout=30),
)
def timeouts_nest(t: Template) -> Iterator[str]:
    """A function gives up before the step that waits for it, and the API's before the gateway does (29 s)."""
    for name, machine in of_type(t, "AWS::Serverless::StateMachine").items():
        for task in tasks(yaml.safe_load(definition(machine))["States"]):
            function = task["Parameters"]["FunctionName"].removeprefix("${").removesuffix("Arn}")
            if "TimeoutSeconds" in task and functions(t)[function]["Timeout"] >= task["TimeoutSeconds"]:
                yield f"{name}: {function} outlasts its step"
    if functions(t)["ApiFunction"]["Timeout"] >= 29:
        yield "ApiFunction outlasts the gateway"


@promise(
    lambda t: t["Globals"]["Function"]["Layers"].extend([{"Ref": "ReadingLayer"}]),
    lambda t: properties(t, "ReadPageFunction")["Layers"].append({"Ref": "CaseworkLayer"}),
    lambda t: properties(t, "ExtractFieldsFunction")["Layers"].pop(),
    lambda t: properties(t, "ExtractFieldsFunction")["Environment"]["Variables"].pop("TESSERACT_HOME"),
    lambda t: t["Globals"]["Function"].update(Architectures=["arm64"]),
)
def functions_carry_what_they_load(t: Template) -> Iterator[str]:
    expected = {name: ["Casework", "Adapters", "Libraries"] for name in functions(t)}
    expected["InspectDocumentFunction"] = [*expected["ApiFunction"], "Reading"]
    expected["BindScanFunction"] = expected["InspectDocumentFunction"]
    expected["IssuePaperFunction"] = [*expected["ApiFunction"], "Printing"]
    expected["WebFunction"] = [*expected["ApiFunction"], "Pages"]
    for reading in ("ReadPageFunction", "ExtractFieldsFunction", "LookAgainFunction"):
        expected[reading] = [*expected["InspectDocumentFunction"], "Tesseract"]
    for name, had in functions(t).items():
        carried = [layer["Ref"].removesuffix("Layer") for layer in had["Layers"]]
        if carried != expected[name] or len(carried) > 5:
            yield f"{name}: {carried}"
        if ("Tesseract" in carried) != (had["Environment"].get("TESSERACT_HOME") == "/opt/tesseract"):
            yield f"{name}: Tesseract is carried but not named, or named but not carried"
        if (had["Runtime"], had["Architectures"]) != ("python3.13", ["x86_64"]):
            yield f"{name}: the layers are not for {had['Runtime']} {had['Architectures']}"
    for name, layer in of_type(t, "AWS::Serverless::LayerVersion").items():
        for kind in ("CompatibleRuntimes", "CompatibleArchitectures"):
            if layer["Properties"].get(kind) not in (["python3.13"], ["x86_64"]):
                yield f"{name}: {kind}"


test_promise_is_kept = promise.test_of_each()
test_breach_is_noticed = promise.test_of_each_breach()
