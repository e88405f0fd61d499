"""infra/template.yaml as plain data for tests: CloudFormation's tags become {"Ref": …} and {"Fn::…": …}."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from samtranslator.translator.transform import transform

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "infra" / "template.yaml"


class _Loader(yaml.SafeLoader):
    pass


def _tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def read(text: str) -> dict[str, Any]:
    return yaml.load(text, _Loader)


@cache
def _parsed() -> dict[str, Any]:
    return read(TEMPLATE.read_text())


def template() -> dict[str, Any]:
    """A copy each time: tests may break it."""
    return copy.deepcopy(_parsed())


def properties(template: dict[str, Any], name: str) -> dict[str, Any]:
    """A resource's own properties, to look at or to break."""
    had: dict[str, Any] = template["Resources"][name]["Properties"]
    return had


def of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Logical name -> resource, properties always there."""
    return {
        name: {"Properties": {}, **resource}
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def functions(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Logical name -> what a function has in the end: SAM's Globals with its own properties on top."""
    common = template["Globals"]["Function"]
    return {
        name: {
            **common,
            **resource["Properties"],
            "Layers": [*common["Layers"], *resource["Properties"].get("Layers", [])],
            "LoggingConfig": {**common["LoggingConfig"], **resource["Properties"].get("LoggingConfig", {})},
            "Environment": {
                **common["Environment"]["Variables"],
                **resource["Properties"].get("Environment", {}).get("Variables", {}),
            },
        }
        for name, resource in of_type(template, "AWS::Serverless::Function").items()
    }


def events(template: dict[str, Any], kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(function, event, properties) of every event of one kind."""
    for function, properties in functions(template).items():
        for name, event in properties.get("Events", {}).items():
            if event["Type"] == kind:
                yield function, name, event["Properties"]


def mentions(value: Any, name: str) -> bool:
    """Does an expression refer to a resource, by Ref, GetAtt or inside a Sub?"""
    if isinstance(value, dict):
        if value.get("Ref") == name or name in (value.get("Fn::GetAtt") or [])[:1]:
            return True
        return any(mentions(part, name) for part in value.values())
    if isinstance(value, list):
        return any(mentions(part, name) for part in value)
    return isinstance(value, str) and f"${{{name}" in value


def snake(name: str) -> str:
    """ReadPage -> read_page"""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class _NoOtherManagedPolicies:
    def load(self) -> dict[str, str]:
        return {}


def deployed(template: dict[str, Any]) -> dict[str, Any]:
    """The template as CloudFormation gets it, after SAM. Asks nothing of a network."""
    template = copy.deepcopy(template)
    os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")  # SAM asks for the partition of a region
    for resource in template["Resources"].values():
        for file in {"CodeUri", "ContentUri", "DefinitionUri"} & set(resource.get("Properties", {})):
            resource["Properties"][file] = "s3://bucket/key"
    result: dict[str, Any] = transform(template, {"Stage": "prod"}, _NoOtherManagedPolicies())
    return result


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(value: Any) -> Iterator[dict[str, Any]]:
    """Every policy statement anywhere in a resource, trust policies aside."""
    if isinstance(value, dict):
        if "Effect" in value and "Action" in value:
            yield value
        for key, part in value.items():
            if key != "AssumeRolePolicyDocument":
                yield from statements(part)
    elif isinstance(value, list):
        for part in value:
            yield from statements(part)


class Promises:
    """Rules about the template. Each is a generator of breaches and comes with ways to break it: a rule that does not
    notice its own breach proves nothing."""

    def __init__(self) -> None:
        self._rules: list[tuple[Callable[..., Iterator[str]], tuple[Callable[..., Any], ...]]] = []

    def __call__(self, *breakages: Callable[[dict[str, Any]], Any]) -> Callable[..., Any]:
        def register(breaches: Callable[[dict[str, Any]], Iterator[str]]) -> Callable[..., Iterator[str]]:
            self._rules.append((breaches, breakages))
            return breaches

        return register

    def test_of_each(self) -> Callable[..., None]:
        """A test: the template keeps every promise."""
        cases = [pytest.param(breaches, id=breaches.__name__) for breaches, _ in self._rules]

        @pytest.mark.parametrize("breaches", cases)
        def test(breaches: Callable[..., Iterator[str]]) -> None:
            assert list(breaches(template())) == []

        return test

    def test_of_each_breach(self) -> Callable[..., None]:
        """A test: every promise notices that it is broken."""
        cases = [
            pytest.param(breaches, breakage, id=f"{breaches.__name__}-{number}")
            for breaches, breakages in self._rules
            for number, breakage in enumerate(breakages)
        ]

        @pytest.mark.parametrize(("breaches", "breakage"), cases)
        def test(breaches: Callable[..., Iterator[str]], breakage: Callable[..., Any]) -> None:
            broken = template()
            breakage(broken)
            assert list(breaches(broken))

        return test
