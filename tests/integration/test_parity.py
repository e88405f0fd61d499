"""What the template deploys, the local runner carries: no function, source, route, trigger or machine is forgotten.

The template is read twice: by the runner, and here as the plain file it is, so that both must agree.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import requests
from samtranslator.yaml_helper import yaml_parse

from infra.local.cloud import TEMPLATE, Cloud
from infra.local.routes import routes
from infra.local.serve import Server
from infra.local.template import NotCarried, read_template

SOURCE = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
RESOURCES = SOURCE["Resources"]


def of_type(kind):
    return {name: item.get("Properties", {}) for name, item in RESOURCES.items() if item["Type"] == kind}


def events(kind):
    """(function, event, properties) of every event of this type, as written in the template."""
    return [
        (name, event_name, event["Properties"])
        for name, properties in of_type("AWS::Serverless::Function").items()
        for event_name, event in properties.get("Events", {}).items()
        if event["Type"] == kind
    ]


@pytest.fixture(scope="module")
def cloud():
    with Cloud() as running:
        yield running


def test_every_function_can_be_called_here(cloud):
    written = of_type("AWS::Serverless::Function")
    assert set(cloud.containers.code) == set(written)
    for name, code in cloud.containers.code.items():
        module, _, function = code.handler.rpartition(".")
        text = (code.folder / f"{module}.py").read_text(encoding="utf-8")
        assert re.search(rf"^def {function}\(event, context\)", text, re.M), f"{name}: no {code.handler}"


def test_every_function_is_given_the_environment_it_would_be_given(cloud):
    common = SOURCE["Globals"]["Function"]["Environment"]["Variables"]
    for name, properties in of_type("AWS::Serverless::Function").items():
        wanted = set(common) | set(properties.get("Environment", {}).get("Variables", {}))
        given = cloud.environment(name)
        assert set(given) == wanted
        assert not [key for key, value in given.items() if "${" in value or "{'" in value]


@pytest.mark.parametrize("name", sorted(of_type("AWS::Serverless::Function")))
def test_every_function_starts_with_that_environment(cloud, name):
    module = cloud.containers._load(name)
    assert callable(module.handler)


def test_no_event_source_is_of_a_kind_that_is_not_played():
    kinds = {
        event["Type"]
        for properties in of_type("AWS::Serverless::Function").values()
        for event in properties.get("Events", {}).values()
    }
    assert kinds <= {"Api", "SQS", "DynamoDB", "Schedule", "ScheduleV2"}


def test_every_queue_and_stream_reaches_its_function(cloud):
    played = {(mapping.function, mapping.service) for mapping in cloud.sources.mappings}
    written = {(name, "sqs") for name, _, _ in events("SQS")} | {
        (name, "dynamodb") for name, _, _ in events("DynamoDB")
    }
    assert played == written
    for name, _, properties in events("DynamoDB"):
        (mapping,) = [m for m in cloud.sources.mappings if m.function == name and m.service == "dynamodb"]
        wanted = [json.loads(item["Pattern"]) for item in properties.get("FilterCriteria", {}).get("Filters", [])]
        assert list(mapping.filters) == wanted
        assert mapping.retries == properties["MaximumRetryAttempts"]


def test_every_schedule_runs(cloud):
    written = {(name, properties["Schedule"]) for name, _, properties in events("Schedule")}
    played = {(schedule.function, schedule.every_seconds) for schedule in cloud.sources.schedules}
    assert len(played) == len(written)
    assert {name for name, _ in played} == {name for name, _ in written}


def test_every_bucket_notification_reaches_its_queue(cloud):
    for name, properties in of_type("AWS::S3::Bucket").items():
        wanted = properties.get("NotificationConfiguration", {}).get("QueueConfigurations", [])
        bucket = cloud.template.physical[name]
        found = cloud.client("s3").get_bucket_notification_configuration(Bucket=bucket).get("QueueConfigurations", [])
        assert [item["Events"] for item in found] == [[item["Event"]] for item in wanted]


def test_every_route_is_served_and_guarded_as_written(cloud):
    written = {
        (properties["Method"].upper(), properties["Path"]): (
            name,
            None
            if properties.get("Auth", {}).get("Authorizer") == "NONE"
            else tuple(properties["Auth"]["AuthorizationScopes"]),
        )
        for name, _, properties in events("Api")
    }
    served = {(route.method, route.path): (route.function, route.scopes) for route in cloud.routes}
    assert served == written


def test_a_guarded_route_always_names_scopes(cloud):
    """Without scopes the gateway would take an ID token for an access token."""
    assert not [route.path for route in cloud.routes if route.scopes == ()]


def test_every_route_answers_over_http(cloud):
    with Server(cloud) as server:
        for route in cloud.routes:
            path = re.sub(r"\{\w+\+?\}", "1", route.path)
            answer = requests.request(route.method, server.base_url + path, timeout=30)
            assert answer.status_code == 401 if route.scopes is not None else answer.status_code < 500, route


def test_every_machine_is_created_from_its_file_with_every_place_filled(cloud):
    written = of_type("AWS::Serverless::StateMachine")
    assert set(cloud.machines) == set(written)
    for name, arn in cloud.machines.items():
        definition = cloud.client("stepfunctions").describe_state_machine(stateMachineArn=arn)["definition"]
        assert "${" not in definition
        called = set(re.findall(r"arn:aws:lambda:[\w:-]+", definition))
        assert called
        for function in called:
            assert cloud.containers.function_of(function) in cloud.containers.code, name
        retries = re.findall(r'"IntervalSeconds": ("?[\w.]+"?)', definition)
        assert all(value.isdigit() for value in retries)


def test_the_sign_in_trigger_is_played(cloud):
    (pool,) = of_type("AWS::Cognito::UserPool").values()
    trigger = json.dumps(pool.get("LambdaConfig", {}))
    assert cloud.sign_in._trigger is not None
    assert cloud.sign_in._trigger in trigger
    for person in cloud.people():
        claims = cloud.sign_in.verify("Bearer " + cloud.sign_in.sign_in(person.username, person.password))
        assert claims["cognito:groups"] == [person.group]


def test_every_group_and_client_exists(cloud):
    client, pool = cloud.client("cognito-idp"), cloud.sign_in.pool_id
    groups = {group["GroupName"] for group in client.list_groups(UserPoolId=pool)["Groups"]}
    assert groups == {properties["GroupName"] for properties in of_type("AWS::Cognito::UserPoolGroup").values()}
    clients = client.list_user_pool_clients(UserPoolId=pool, MaxResults=20)["UserPoolClients"]
    assert len(clients) == len(of_type("AWS::Cognito::UserPoolClient"))


def test_tables_and_buckets_are_as_written(cloud):
    for name, properties in of_type("AWS::DynamoDB::Table").items():
        table = cloud.client("dynamodb").describe_table(TableName=cloud.template.physical[name])["Table"]
        assert table["KeySchema"] == properties["KeySchema"]
        indexes = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
        assert indexes == {index["IndexName"] for index in properties.get("GlobalSecondaryIndexes", [])}
    for name, properties in of_type("AWS::S3::Bucket").items():
        bucket = {"Bucket": cloud.template.physical[name]}
        assert cloud.client("s3").get_bucket_versioning(**bucket)["Status"] == "Enabled"
        if properties.get("ObjectLockEnabled"):
            lock = cloud.client("s3").get_object_lock_configuration(**bucket)["ObjectLockConfiguration"]
            assert lock["Rule"]["DefaultRetention"]["Mode"] == "GOVERNANCE"


def test_every_output_has_a_value(cloud):
    assert set(cloud.outputs) == set(SOURCE["Outputs"])
    assert all(cloud.outputs.values())


# ── what the runner does not carry is an error before anything is created ──────────────────────────────────────────


def changed(tmp_path: Path, change) -> Path:
    template = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    change(template["Resources"])
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template, default=str), encoding="utf-8")
    return path


def test_an_unknown_kind_of_resource_is_refused(tmp_path):
    path = changed(tmp_path, lambda resources: resources.update(New={"Type": "AWS::Kinesis::Stream", "Properties": {}}))
    with pytest.raises(NotCarried, match=r"New: AWS::Kinesis::Stream"):
        read_template(path, {})


def test_an_unknown_parameter_is_refused():
    with pytest.raises(NotCarried, match="Stange"):
        read_template(TEMPLATE, {"Stange": "local"})


def test_a_route_is_read_from_the_template(tmp_path):
    def add(resources):
        event = {"RestApiId": {"Ref": "Api"}, "Method": "get", "Path": "/v1/new", "Auth": {"Authorizer": "NONE"}}
        resources["ApiFunction"]["Properties"]["Events"]["New"] = {"Type": "Api", "Properties": event}

    found = routes(read_template(changed(tmp_path, add), {"Stage": "local"}))
    assert [route.function for route in found if route.path == "/v1/new"] == ["ApiFunction"]
