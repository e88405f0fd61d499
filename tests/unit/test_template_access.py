"""What infra/template.yaml promises about what each function may do and is told.

Policies are judged as SAM deploys them, after its own templates and events have added theirs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from casework.workflow.mending import boxes

from tests.template_file import (
    ROOT,
    TEMPLATE,
    Promises,
    as_list,
    deployed,
    functions,
    of_type,
    properties,
    snake,
    statements,
)

Template = dict[str, Any]

promise = Promises()

# Statements where AWS leaves no choice but to name no resource; each gives its reason beside it in the template.
ANY_RESOURCE = {"AccountDecidesByItsRoles", "AlarmsReachOperators", "DeliverLogs", "SendTextMessages"}
# The one function that deletes, and what: files of dossiers that were never handed in, and exports. Never evidence.
ERASES = "AnswerDataRequestFunction"
ERASABLE = {str({"Fn::Sub": "${IncomingBucket.Arn}/uploads/*"}), str({"Fn::Sub": "${PagesBucket.Arn}/*"})}
# AWS's own policies that SAM attaches: writing logs and traces, reading the queue or stream a function is fed by.
ATTACHED_BY_SAM = {
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSXrayWriteOnlyAccess",
    "AmazonAPIGatewayPushToCloudWatchLogs",
}


def grants(t: Template) -> dict[str, list[tuple[str, Any]]]:
    """Function -> every (action, resource) its role allows, shared policies of ours included."""
    resources = deployed(t)["Resources"]
    shared = {
        name: list(statements(one)) for name, one in resources.items() if one["Type"] == "AWS::IAM::ManagedPolicy"
    }
    granted = {}
    for function in of_type(t, "AWS::Serverless::Function"):
        role = resources[f"{function}Role"]["Properties"]
        allowed = list(statements(role))
        for attached in role["ManagedPolicyArns"]:
            if isinstance(attached, dict) and "Ref" in attached:
                allowed += shared[attached["Ref"]]
        granted[function] = [
            (action, resource)
            for one in allowed
            for action in as_list(one["Action"])
            for resource in as_list(one["Resource"])
        ]
    return granted


# ── Policies ─────────────────────────────────────────────────────────────────


def first_statement(t: Template, function: str) -> dict[str, Any]:
    found: dict[str, Any] = next(statements(properties(t, function)["Policies"]))
    return found


@promise(
    lambda t: first_statement(t, "ReadPageFunction").update(Action="s3:*"),
    lambda t: first_statement(t, "ReadPageFunction").update(Action=["s3:Get*"]),
    lambda t: first_statement(t, "ReadPageFunction").update(Resource="*"),
    lambda t: first_statement(t, "ReadPageFunction").update(Resource=["arn:aws:s3:::*"]),
    lambda t: properties(t, "ParkDossierFunction")["Policies"].append("AdministratorAccess"),
    lambda t: properties(t, "ParkDossierFunction")["Policies"].append({"S3FullAccessPolicy": {"BucketName": "*"}}),
    lambda t: first_statement(t, "ApiFunction").update(NotResource="x"),
)
def no_policy_is_wider_than_its_resource(t: Template) -> Iterator[str]:
    for name, resource in deployed(t)["Resources"].items():
        for statement in statements(resource):
            sid = statement.get("Sid", "")
            if "NotAction" in statement or "NotResource" in statement:
                yield f"{name} {sid}: everything but"
            if statement["Effect"] == "Deny" or sid in ANY_RESOURCE:
                continue
            if any("*" in action for action in as_list(statement["Action"])):
                yield f"{name} {sid}: {statement['Action']}"
            for target in as_list(statement["Resource"]):
                text = target if isinstance(target, str) else str(target.get("Fn::Sub", ""))
                # The objects of one bucket are the only "all of them" there is.
                if "*" in text and not re.fullmatch(r"\$\{\w+Bucket\.Arn\}/([a-z]+/)?\*", text):
                    yield f"{name} {sid}: {text}"
        attached = (
            resource.get("Properties", {}).get("ManagedPolicyArns", []) if resource["Type"] == "AWS::IAM::Role" else []
        )
        for policy in attached:
            text = str(policy.get("Fn::Sub", "")) if isinstance(policy, dict) else policy
            if text and text.rsplit("/", 1)[-1] not in ATTACHED_BY_SAM:
                yield f"{name}: {text}"


@promise(
    lambda t: properties(t, "ChangeCasesPolicy")["PolicyDocument"]["Statement"][0]["Action"].append("dynamodb:Scan"),
    lambda t: properties(t, "ChangeCasesPolicy")["PolicyDocument"]["Statement"][0]["Action"].append(
        "dynamodb:DeleteItem"
    ),
    lambda t: first_statement(t, "ReadPageFunction")["Action"].append("s3:DeleteObjectVersion"),
    lambda t: properties(t, ERASES)["Policies"][-1]["Statement"][-1]["Action"].append("s3:DeleteObjectVersion"),
    lambda t: first_statement(t, ERASES)["Action"].append("s3:BypassGovernanceRetention"),
    lambda t: properties(t, "ParkDossierFunction")["Policies"].append({"DynamoDBReadPolicy": {"TableName": "x"}}),
)
def nobody_scans_and_nobody_deletes_papers_or_cases_but_for_who_erases_drafts(t: Template) -> Iterator[str]:
    for function, granted in grants(t).items():
        for action, resource in granted:
            erases = function == ERASES and str(resource) in ERASABLE and action == "s3:DeleteObjectVersion"
            if not erases and (action == "dynamodb:Scan" or action.startswith(("s3:Delete", "s3:Bypass"))):
                yield f"{function}: {action} {resource}"
            if action == "dynamodb:DeleteItem":
                yield f"{function}: deletes from {resource}"


@promise(
    lambda t: properties(t, "ApiFunction")["Policies"].append(
        {
            "Statement": [
                {"Effect": "Allow", "Action": "states:StartExecution", "Resource": {"Ref": "ReadDocumentMachine"}}
            ]
        }
    ),
    lambda t: properties(t, "ApiFunction")["Policies"].append(
        {"AWSSecretsManagerGetSecretValuePolicy": {"SecretArn": {"Ref": "RegistrySecret"}}}
    ),
    lambda t: properties(t, "WatchDeadlinesFunction")["Policies"].append({"Ref": "ChangeCasesPolicy"}),
    lambda t: properties(t, "RelayOutboxFunction")["Policies"].pop(),
    lambda t: t["Globals"]["Function"]["Environment"]["Variables"].update(
        REGISTRY_SECRET_ARN={"Ref": "RegistrySecret"}
    ),
)
def effects_secrets_and_changes_belong_to_the_few(t: Template) -> Iterator[str]:
    granted = grants(t)

    def who(*actions: str) -> set[str]:
        return {
            snake(name.removesuffix("Function")) for name, had in granted.items() if {a for a, _ in had} & {*actions}
        }

    if who("states:StartExecution", "states:SendTaskSuccess", "ses:SendEmail", "sns:Publish") != {"relay_outbox"}:
        yield "effects leave elsewhere than through the relay, or not at all"
    if who("secretsmanager:GetSecretValue") != {"consult_registry", "ask_again", "receive_answer"}:
        yield "keys of the registries are read by others than who asks them and who takes their answers"
    with_key = {name for name, had in functions(t).items() if "REGISTRY_SECRET_ARN" in had["Environment"]}
    if with_key != {"ConsultRegistryFunction", "AskAgainFunction"}:
        yield f"named in the environment of {with_key}"
    taking = {name for name, had in functions(t).items() if "REGISTRY_ANSWERS_SECRET_ARN" in had["Environment"]}
    if taking != {"ReceiveAnswerFunction"} or taking & with_key:
        yield f"who takes answers may ask, or others take them: {taking}"
    if changing := who("dynamodb:PutItem") & {
        "read_page",
        "inspect_document",
        "extract_fields",
        "watch_deadlines",
        "shape_token",
    }:
        yield f"only reads, and may change: {changing}"


@promise(
    lambda t: first_statement(t, "ConfirmPaperFunction").pop("Condition"),
    lambda t: first_statement(t, "ConfirmPaperFunction").update(Resource={"Fn::GetAtt": ["CasesTable", "Arn"]}),
    lambda t: properties(t, "ConfirmPaperFunction")["Policies"].append({"Ref": "ReadCasesPolicy"}),
    lambda t: first_statement(t, "ApiFunction")["Action"].append("sqs:SendMessage"),
)
def a_stranger_finds_papers_by_token_and_work_is_asked_for_by_the_relay(t: Template) -> Iterator[str]:
    stranger = properties(t, "ConfirmPaperFunction")["Policies"]
    allowed = [one["Statement"] for one in stranger if "Statement" in one]
    if len(stranger) != 1 or len(allowed) != 1 or len(allowed[0]) != 1:
        yield "the public page may do more than one thing"
        return
    [only] = allowed[0]
    tokens = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["TOKEN#*"]}}
    if only["Action"] != "dynamodb:Query" or only.get("Condition") != tokens or "by_queue" not in str(only["Resource"]):
        yield f"the public page may {only['Action']} {only['Resource']}"
    asking = {
        name
        for name, function in of_type(t, "AWS::Serverless::Function").items()
        for one in statements(function["Properties"].get("Policies", []))
        if "sqs:SendMessage" in as_list(one["Action"])
    }
    if asking != {"RelayOutboxFunction"}:
        yield f"work is asked for by {sorted(asking)}"


def mend_queues(t: Template) -> list[dict[str, Any]]:
    return list(properties(t, "MendQueuesPolicy")["PolicyDocument"]["Statement"])


@promise(
    lambda t: mend_queues(t)[0]["Resource"].append({"Fn::GetAtt": ["PapersQueue", "Arn"]}),
    lambda t: mend_queues(t)[0]["Resource"].pop(),
    lambda t: mend_queues(t)[1]["Resource"].pop(),
    lambda t: mend_queues(t)[1]["Action"].append("sqs:ReceiveMessage"),
    lambda t: properties(t, "ParkDossierFunction")["Policies"].append({"Ref": "MendQueuesPolicy"}),
    lambda t: properties(t, "WebFunction")["Environment"]["Variables"].update(DEAD_LETTERS={"Fn::Sub": "papers x y"}),
)
def dead_letters_are_looked_at_by_people_and_go_back_where_they_came_from(t: Template) -> Iterator[str]:
    queues = of_type(t, "AWS::SQS::Queue")
    sources = {name: had["Properties"]["RedrivePolicy"] for name, had in queues.items()
               if "RedrivePolicy" in had["Properties"]}  # fmt: skip
    back = {policy["deadLetterTargetArn"]["Fn::GetAtt"][0]: name for name, policy in sources.items()}
    dead = set(queues) - set(sources)
    allowed = {one["Sid"]: ({*one["Action"]}, {each["Fn::GetAtt"][0] for each in one["Resource"]})
               for one in mend_queues(t)}  # fmt: skip
    if allowed != {
        "TakeDeadLetters": ({"sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"}, dead),
        "SendThemBack": ({"sqs:GetQueueAttributes", "sqs:SendMessage"}, set(sources)),
    }:
        yield f"dead letters: {allowed}"
    using = {name for name, one in of_type(t, "AWS::Serverless::Function").items()
             if {"Ref": "MendQueuesPolicy"} in one["Properties"].get("Policies", [])}  # fmt: skip
    if using != {"ApiFunction", "WebFunction"}:
        yield f"dead letters are taken by {sorted(using)}"
    expected = {name: [name, *([back[name]] if name in back else [])] for name in dead}
    for function in using & {"ApiFunction", "WebFunction"}:
        told = functions(t)[function]["Environment"]["DEAD_LETTERS"]["Fn::Sub"]
        parts = [re.findall(r"\$\{(\w+)\}", part) for part in told.split(";")]
        named = [part.split()[0] for part in told.split(";")]
        if {part[0]: part for part in parts if part} != expected or named != list(boxes()):
            yield f"{function}: {told}"


@promise(
    lambda t: properties(t, "UploadEventsQueuePolicy")["PolicyDocument"]["Statement"][0]["Condition"].pop("ArnEquals"),
    lambda t: properties(t, "ShapeTokenPermission").pop("SourceArn"),
)
def services_act_only_for_our_resources(t: Template) -> Iterator[str]:
    """A service that acts for anybody's resource could be talked into acting on ours."""
    for name, policy in of_type(t, "AWS::SQS::QueuePolicy").items():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if not {"ArnEquals", "StringEquals"} <= set(statement.get("Condition", {})):
                yield name
    for name, permission in of_type(t, "AWS::Lambda::Permission").items():
        if "SourceArn" not in permission["Properties"]:
            yield name


def wildcards_without_reason(text: str) -> Iterator[str]:
    """Lines of the template that allow any resource, or any action of a service, and do not say why."""

    def walk(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
        if isinstance(node, yaml.MappingNode):
            allowed = not any(key.value == "Effect" and value.value == "Deny" for key, value in node.value)
            for key, value in node.value:
                if key.value in ("Action", "Resource") and allowed:
                    yield from (
                        (key.value.lower(), one) for one in (value.value if isinstance(value.value, list) else [value])
                    )
                yield from walk(value)
        elif isinstance(node, yaml.SequenceNode):
            for one in node.value:
                yield from walk(one)

    lines = text.splitlines()
    for kind, node in walk(yaml.compose(text, yaml.SafeLoader)):
        line = lines[node.start_mark.line]
        wide = node.value == "*" if kind == "resource" else isinstance(node.value, str) and node.value.endswith("*")
        if wide and not re.search(rf"# any {kind}: \w+( \S+){{4,}}", line):
            yield line.strip()


def test_every_wildcard_gives_its_reason():
    text = TEMPLATE.read_text()
    assert list(wildcards_without_reason(text)) == []
    assert list(wildcards_without_reason(re.sub(r"# any (resource|action):.*", "", text))) == [
        "Action: kms:*",
        "Resource: '*'",
        "Resource: '*'",
        "Resource: '*'",
        "Resource: '*'",
    ]


# ── Environment ──────────────────────────────────────────────────────────────


def names_read(tree: ast.AST) -> set[str]:
    """What is asked of the settings by name."""
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "need"
        and isinstance(node.args[0], ast.Constant)
    }


def names_by_wiring() -> dict[str, set[str]]:
    """Function of adapters.wiring -> the names it needs, itself or through another."""
    tree = ast.parse((ROOT / "layers/adapters/python/adapters/wiring.py").read_text())
    parts = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {
        name: names_read(node)
        | {
            needed
            for inner in ast.walk(node)
            if isinstance(inner, ast.Name) and inner.id in parts and inner.id != name
            for needed in names_read(parts[inner.id])
        }
        for name, node in parts.items()
    }


def names_of(folder: Path, wiring: Mapping[str, set[str]]) -> set[str]:
    """The names a function needs in its environment."""
    needed: set[str] = set()
    for file in folder.glob("*.py"):
        tree = ast.parse(file.read_text())
        needed |= names_read(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "wiring":
                needed |= wiring[node.attr]
    return needed


@promise(
    lambda t: t["Globals"]["Function"]["Environment"]["Variables"].pop("PAGES_BUCKET"),
    lambda t: properties(t, "RelayOutboxFunction")["Environment"]["Variables"].pop("MAIL_SENDER"),
    lambda t: properties(t, "ConsultRegistryFunction")["Environment"]["Variables"].pop("REGISTRY_BASE_URL"),
)
def functions_are_told_what_they_ask(t: Template) -> Iterator[str]:
    wiring = names_by_wiring()
    for name, had in functions(t).items():
        if missing := names_of((ROOT / "infra" / had["CodeUri"]).resolve(), wiring) - set(had["Environment"]):
            yield f"{name}: {sorted(missing)}"


def test_names_are_found_where_functions_ask_them():
    """The rule above is worth as much as what it finds."""
    wiring = names_by_wiring()
    assert {"CASES_TABLE"} <= names_of(ROOT / "functions/park_dossier", wiring)
    assert {"REGISTRY_SECRET_ARN", "CASES_TABLE"} <= names_of(ROOT / "functions/consult_registry", wiring)


@promise(
    lambda t: t["Rules"].clear(),
    lambda t: t["Parameters"]["PretendNow"].update(Default="2020-04-17T08:00:00+07:00"),
)
def production_runs_on_the_true_time(t: Template) -> Iterator[str]:
    if t["Parameters"]["PretendNow"]["Default"]:
        yield "the time is pretended by default"
    if not any(
        rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
        and rule["Assertions"][0]["Assert"] == {"Fn::Equals": [{"Ref": "PretendNow"}, ""]}
        for rule in t["Rules"].values()
    ):
        yield "production could be told another time"


test_promise_is_kept = promise.test_of_each()
test_breach_is_noticed = promise.test_of_each_breach()
