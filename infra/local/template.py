"""The deployed template, read for this machine: which part moto creates, which part the local runner plays.

Knows SAM and CloudFormation syntax (translation, parameters, conditions, intrinsic functions). Knows no AWS API.
Every resource type must be known here as created, played or without meaning on one machine: an unknown one is an
error at start, so that a resource added to the template cannot be forgotten locally.
"""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from samtranslator.translator.transform import transform
from yaml import CSafeLoader, MappingNode, Node, ScalarNode, SequenceNode

ACCOUNT = "123456789012"
REGION = "ap-southeast-1"
STACK = "motcua"

BY_CLOUDFORMATION = frozenset(
    {
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::SNS::Topic",
        "AWS::IAM::Role",
        "AWS::IAM::ManagedPolicy",
        "AWS::KMS::Key",
        "AWS::KMS::Alias",
        "AWS::SSM::Parameter",
        "AWS::Logs::LogGroup",
    }
)
# moto's CloudFormation cannot create these; the runner does, through their own API.
BY_API = frozenset(
    {
        "AWS::Cognito::UserPool",
        "AWS::Cognito::UserPoolClient",
        "AWS::Cognito::UserPoolDomain",
        "AWS::Cognito::UserPoolGroup",
        "AWS::Cognito::UserPoolResourceServer",
        "AWS::SecretsManager::Secret",
        "AWS::SES::EmailIdentity",
        "AWS::SES::ConfigurationSet",
        "AWS::StepFunctions::StateMachine",
    }
)
PLAYED = frozenset(
    {
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::Stage",
        "AWS::Lambda::Function",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
        "AWS::Lambda::Alias",
        "AWS::Lambda::LayerVersion",
        "AWS::Events::Rule",
        "AWS::Scheduler::Schedule",
    }
)
# One machine has no use for these: they protect, bill or watch the account they are deployed to.
WITHOUT_MEANING_HERE = frozenset(
    {
        "AWS::ApiGateway::Account",
        "AWS::ApiGateway::ApiKey",
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::DomainName",
        "AWS::ApiGateway::GatewayResponse",
        "AWS::ApiGateway::UsagePlan",
        "AWS::ApiGateway::UsagePlanKey",
        "AWS::Budgets::Budget",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::IAM::Policy",
        "AWS::Logs::MetricFilter",
        "AWS::Logs::ResourcePolicy",
        "AWS::Logs::SubscriptionFilter",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::WAFv2::WebACL",
        "AWS::WAFv2::WebACLAssociation",
        "AWS::XRay::Group",
    }
)


class _Loader(CSafeLoader):
    """YAML with CloudFormation's short forms (`!Ref x`), read by the quick parser: a start costs seconds else."""


def _short_form(loader: CSafeLoader, name: str, node: Node) -> dict[str, Any]:
    if isinstance(node, ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short_form)


def read_yaml(text: str) -> Any:
    """Parse YAML, with CloudFormation's short forms."""
    return yaml.load(text, _Loader)  # noqa: S506  a safe loader, with one constructor added


class NotCarried(Exception):
    """The template asks for something the local runner does not do: teach the runner before deploying it."""


@dataclass(frozen=True)
class Code:
    """Where a function's handler is, and the limits it runs under."""

    name: str
    folder: Path
    handler: str
    timeout_seconds: float
    memory_mb: int


@dataclass(frozen=True)
class MachineFile:
    """A state machine's file, the values for its `${Name}` places and the name it is deployed under."""

    logical_id: str
    path: Path
    substitutions: dict[str, Any]
    name: Any


class _NoManagedPolicies:
    """The translator wants to ask IAM for managed policies; their names are enough here."""

    NAMES = (
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
    )

    def load(self) -> dict[str, str]:
        return {name: f"arn:aws:iam::aws:policy/service-role/{name}" for name in self.NAMES}


@dataclass
class Template:
    """The template translated and sorted. Values may still hold intrinsic functions: `resolve` them."""

    path: Path
    parameters: dict[str, str]
    resources: dict[str, dict[str, Any]]
    conditions: dict[str, Any]
    mappings: dict[str, Any]
    outputs: dict[str, Any]
    code: dict[str, Code]
    machines: dict[str, MachineFile]
    physical: dict[str, str] = field(default_factory=dict)
    attributes: dict[tuple[str, str], str] = field(default_factory=dict)

    def of_type(self, *kinds: str) -> dict[str, dict[str, Any]]:
        """The resources of these types whose condition holds, by logical id, with their raw properties."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] in kinds
        }

    def resolve(self, value: Any) -> Any:
        """Work out intrinsic functions. KeyError names what is not known (yet)."""
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                return self._ref(argument)
            if name.startswith("Fn::"):
                return self._function(name.removeprefix("Fn::"), argument)
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not _NO_VALUE}

    def fill_in(self, value: Any) -> Any:
        """Put what is known already in place of the references to it; leave the other references standing."""
        if isinstance(value, list):
            return [self.fill_in(item) for item in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Ref"} and value["Ref"] in self.physical:
            return self.physical[value["Ref"]]
        if set(value) == {"Fn::GetAtt"} and _attribute(value["Fn::GetAtt"]) in self.attributes:
            return self.attributes[_attribute(value["Fn::GetAtt"])]
        if set(value) == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
            return {"Fn::Sub": self._substitute(value["Fn::Sub"], {}, leave_unknown=True)}
        return {key: self.fill_in(item) for key, item in value.items()}

    def function_named(self, reference: Any) -> str:
        """The logical id of the function a reference, a name or an ARN leads to. NotCarried if it is none of ours."""
        text = json.dumps(reference)
        names = [
            name
            for name in self.code
            if re.search(rf'"{name}["|.]|{name}\.Arn', text) or self.physical.get(name) in (reference, text[1:-1])
        ]
        if len(names) != 1:
            raise NotCarried(f"not a function of the template: {text}")
        return names[0]

    def holds(self, condition: str) -> bool:
        """Whether a named condition of the template is true."""
        return bool(self._condition(self.conditions[condition]))

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.physical[name]

    def _function(self, name: str, argument: Any) -> Any:
        if name == "GetAtt":
            return self.attributes[_attribute(argument)]
        if name == "Sub":
            text, extra = (argument, {}) if isinstance(argument, str) else argument
            return self._substitute(text, self.resolve(extra))
        if name == "Join":
            return argument[0].join(str(part) for part in self.resolve(argument[1]))
        if name == "If":
            return self.resolve(argument[1] if self.holds(argument[0]) else argument[2])
        if name == "Select":
            return self.resolve(argument[1])[int(argument[0])]
        if name == "Split":
            return self.resolve(argument[1]).split(argument[0])
        if name == "FindInMap":
            table, first, second = self.resolve(argument)
            return self.mappings[table][first][second]
        if name in ("Equals", "Not", "And", "Or"):
            return self._condition({f"Fn::{name}": argument})
        raise NotCarried(f"intrinsic function Fn::{name}")

    def _condition(self, test: Any) -> bool:
        ((name, argument),) = test.items()
        if name == "Condition":
            return self.holds(argument)
        if name == "Fn::Equals":
            left, right = (self.resolve(side) for side in argument)
            return str(left) == str(right)
        if name == "Fn::Not":
            return not self._condition(argument[0])
        if name == "Fn::And":
            return all(self._condition(part) for part in argument)
        if name == "Fn::Or":
            return any(self._condition(part) for part in argument)
        raise NotCarried(f"condition {name}")

    def _substitute(self, text: str, extra: Mapping[str, Any], leave_unknown: bool = False) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            try:
                if name in extra:
                    return str(extra[name])
                if "." in name:
                    return str(self.attributes[_attribute(name)])
                return str(self._ref(name))
            except KeyError:
                if leave_unknown:
                    return match[0]
                raise

        return re.sub(r"\$\{([^!}][^}]*)\}", value, text).replace("${!", "${" if not leave_unknown else "${!")


_NO_VALUE = object()
_PSEUDO = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::StackName": STACK,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/local",
    "AWS::URLSuffix": "amazonaws.com",
}


def _attribute(argument: Any) -> tuple[str, str]:
    resource, _, attribute = argument.partition(".") if isinstance(argument, str) else (argument[0], "", argument[1])
    return resource, attribute


def read_template(path: Path, overrides: Mapping[str, str], usual: Mapping[str, str] | None = None) -> Template:
    """Translate a SAM template and sort its resources.

    overrides: values of template parameters; unknown names are refused. usual: values of parameters that are not
    overridden, where the template declares them. Raises NotCarried for a resource type
    that is neither created nor played nor known to be without meaning on one machine.
    """
    declared, code, machines, translated = copy.deepcopy(_translated(path.read_text(encoding="utf-8"), path.parent))
    if unknown := set(overrides) - set(declared):
        raise NotCarried(f"no such template parameter: {', '.join(sorted(unknown))}")
    given = {**(usual or {}), **overrides}
    parameters = {name: str(given.get(name, spec.get("Default", ""))) for name, spec in declared.items()}
    template = Template(
        path=path,
        parameters=parameters,
        resources={},
        conditions=translated.get("Conditions", {}),
        mappings=translated.get("Mappings", {}),
        outputs=translated.get("Outputs", {}),
        code=code,
        machines=machines,
    )
    for name, resource in translated["Resources"].items():
        if "Condition" in resource and not template.holds(resource["Condition"]):
            continue  # what is not deployed need not be carried
        if resource["Type"] not in BY_CLOUDFORMATION | BY_API | PLAYED | WITHOUT_MEANING_HERE:
            raise NotCarried(f"{name}: {resource['Type']} is neither created nor played by the local runner")
        template.resources[name] = resource
    template.code = {name: item for name, item in code.items() if name in template.resources}
    template.machines = {name: item for name, item in machines.items() if name in template.resources}
    return template


@functools.lru_cache(maxsize=2)
def _translated(text: str, root: Path) -> tuple[dict[str, Any], dict[str, Code], dict[str, MachineFile], Any]:
    """A template's parameters, its code, its machines, and what SAM makes of it. No values of parameters go in: where
    they are referred to they stay references, so that one translation serves every stack of this process."""
    source = read_yaml(text)
    declared = source.get("Parameters", {})
    code, machines = _take_out_files(root, source)
    return declared, code, machines, transform(source, {"AWS::Region": REGION}, _NoManagedPolicies())


def _take_out_files(root: Path, source: dict[str, Any]) -> tuple[dict[str, Code], dict[str, MachineFile]]:
    """Handlers and machines live in files of this repository: note where, and put stand-ins in the template."""
    common = source.get("Globals", {}).get("Function", {})
    code, machines = {}, {}
    for name, resource in source["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            folder = root / (properties.pop("CodeUri", None) or common["CodeUri"])
            code[name] = Code(
                name=name,
                folder=folder.resolve(),
                handler=properties.get("Handler") or common["Handler"],
                timeout_seconds=float(properties.get("Timeout", common.get("Timeout", 3))),
                memory_mb=int(properties.get("MemorySize", common.get("MemorySize", 128))),
            )
            properties.update(InlineCode="# runs in the local runner's process")
            properties.setdefault("FunctionName", f"{STACK}-{name}")
            properties.pop("Layers", None)  # this process imports the layers' packages itself
            resource.pop("Metadata", None)
        elif resource["Type"] == "AWS::Serverless::StateMachine":
            machines[name] = MachineFile(
                logical_id=name,
                path=(root / properties.pop("DefinitionUri")).resolve(),
                substitutions=copy.deepcopy(properties.get("DefinitionSubstitutions", {})),
                name=properties.setdefault("Name", f"{STACK}-{name}"),
            )
            properties["Definition"] = {"StartAt": "Here", "States": {"Here": {"Type": "Succeed"}}}
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = "s3://local/layer.zip"
    if "Layers" in common:
        del common["Layers"]
    common.pop("CodeUri", None)
    return code, machines
