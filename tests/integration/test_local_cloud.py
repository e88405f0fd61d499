"""The local runner against a small template of its own: each thing it plays, seen to behave as AWS does."""

from __future__ import annotations

import base64
import hashlib
import json
import time

import pytest
import requests
from botocore.exceptions import ClientError

from infra.local.cloud import Cloud
from infra.local.containers import HandlerFailed
from infra.local.serve import Server
from infra.local.sign_in import NotSignedIn

TEMPLATE = """
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters:
  RetrySeconds: {Type: Number, Default: 30}
Globals:
  Function: {Runtime: python3.13, Handler: app.handler, Timeout: 2, Environment: {Variables: {TABLE: !Ref Table}}}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  Dead: {Type: AWS::SQS::Queue}
  Lost: {Type: AWS::SQS::Queue}
  Arrivals:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 30
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2}
  Files:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
      CorsConfiguration:
        CorsRules:
          - {AllowedOrigins: ["http://here.example"], AllowedMethods: [POST], AllowedHeaders: ['*'], MaxAge: 60}
      NotificationConfiguration:
        QueueConfigurations:
          - Event: s3:ObjectCreated:*
            Queue: !GetAtt Arrivals.Arn
            Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}
  Note:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: note/
      Environment: {Variables: {MINE: note}}
      Events:
        Arrived:
          Type: SQS
          Properties: {Queue: !GetAtt Arrivals.Arn, FunctionResponseTypes: [ReportBatchItemFailures]}
        Hourly: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
  Relay:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: relay/
      Environment: {Variables: {MINE: relay}}
      Events:
        Changes:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Table.StreamArn
            StartingPosition: TRIM_HORIZON
            BatchSize: 10
            MaximumRetryAttempts: 1
            BisectBatchOnFunctionError: true
            FilterCriteria:
              Filters:
                - Pattern: '{"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "out#"}]}}}}'
            DestinationConfig: {OnFailure: {Destination: !GetAtt Lost.Arn}}
  Shape:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: shape/}
  Door:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: door/
      Events:
        Show:
          Type: Api
          Properties:
            RestApiId: !Ref Api
            Method: get
            Path: /v1/things/{id}
            Auth: {Authorizer: Tokens, AuthorizationScopes: [aws.cognito.signin.user.admin, ours/read]}
        Make:
          Type: Api
          Properties:
            RestApiId: !Ref Api
            Method: post
            Path: /v1/things
            Auth: {Authorizer: Tokens, AuthorizationScopes: [ours/write]}
        Open:
          Type: Api
          Properties: {RestApiId: !Ref Api, Method: post, Path: /open, Auth: {Authorizer: NONE}}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: flow
      DefinitionUri: flow.asl.yaml
      DefinitionSubstitutions: {StepArn: !GetAtt Step.Arn, RetrySeconds: !Ref RetrySeconds}
      Policies: [{LambdaInvokePolicy: {FunctionName: !Ref Step}}]
  Step:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: step/}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: x
      Auth: {DefaultAuthorizer: Tokens, Authorizers: {Tokens: {UserPoolArn: !GetAtt Pool.Arn}}}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: people
      Schema: [{Name: office, AttributeDataType: String, Mutable: true}]
      LambdaConfig: {PreTokenGenerationConfig: {LambdaArn: !GetAtt Shape.Arn, LambdaVersion: V2_0}}
  Groups: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Ref Pool, GroupName: applicants}}
  Officers: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Ref Pool, GroupName: officers}}
  Supervisors: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Ref Pool, GroupName: supervisors}}
  Administrators: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Ref Pool, GroupName: administrators}}
  Ours:
    Type: AWS::Cognito::UserPoolResourceServer
    Properties:
      UserPoolId: !Ref Pool
      Identifier: ours
      Name: ours
      Scopes: [{ScopeName: read, ScopeDescription: r}, {ScopeName: write, ScopeDescription: w}]
  People:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH]}
  Machines:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      GenerateSecret: true
      AllowedOAuthFlows: [client_credentials]
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthScopes: [ours/read]
"""

FLOW = """
StartAt: Try
States:
  Try:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    TimeoutSeconds: 20
    Parameters: {FunctionName: "${StepArn}", Payload: {do: fail_twice}}
    ResultPath: null
    Retry:
      - ErrorEquals: [Hiccup]
        IntervalSeconds: ${RetrySeconds}
        MaxAttempts: 3
    Next: Ask
  Ask:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke.waitForTaskToken
    TimeoutSeconds: 60
    Parameters: {FunctionName: "${StepArn}", Payload: {do: keep_token, "token.$": $$.Task.Token}}
    ResultPath: $.answer
    End: true
"""

HANDLERS = {
    # Writes what it is told; a body saying "poison" is reported as failed.
    "note": """
import json, os, boto3, words
from urllib.parse import unquote_plus
table = boto3.client("dynamodb")
MINE = os.environ["MINE"]
def handler(event, context):
    failed = []
    for record in event.get("Records", []):
        body = record["body"]
        if "poison" in body:
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        data = json.loads(body)
        for item in data.get("Records", []):
            key = "seen#" + unquote_plus(item["s3"]["object"]["key"])
            table.put_item(TableName=words.TABLE, Item={"pk": {"S": key}, "mine": {"S": MINE}})
        if "put" in data:
            for name in data["put"]:
                table.put_item(TableName=words.TABLE, Item={"pk": {"S": name}})
    return {"batchItemFailures": failed, "name": context.function_name, "source": event.get("source"),
            "left": context.get_remaining_time_in_millis(), "env": os.environ.get("MINE"), "read_at_import": MINE}
""",
    "relay": """
import os, boto3
table = boto3.client("dynamodb")
TABLE = os.environ["TABLE"]
def handler(event, context):
    for record in event["Records"]:
        name = record["dynamodb"]["Keys"]["pk"]["S"]
        if name == "out#bad":
            raise ValueError("cannot relay this")
        assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], float)
        table.update_item(TableName=TABLE, Key={"pk": {"S": "relayed#" + name}}, UpdateExpression="ADD times :one",
                          ExpressionAttributeValues={":one": {"N": "1"}})
""",
    "shape": """
def handler(event, context):
    office = event["request"]["userAttributes"].get("custom:office", "")
    token = {"claimsToAddOrOverride": {"office": office}}
    event["response"]["claimsAndScopeOverrideDetails"] = {"accessTokenGeneration": token}
    return event
""",
    "door": """
import json
def handler(event, context):
    if event["path"] == "/open":
        what = json.loads(event["body"])["do"] if not event["isBase64Encoded"] else "echo"
        if what == "crash":
            raise KeyError("x")
        if what == "nonsense":
            return "nonsense"
    return {"statusCode": 200, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
            "headers": {"Content-Type": "application/json"}, "body": json.dumps(event)}
""",
    "step": """
import os, time, boto3
table = boto3.client("dynamodb")
class Hiccup(Exception):
    pass
count = {"TABLE": os.environ["TABLE"]}
def handler(event, context):
    if event["do"] == "fail_twice":
        new = table.update_item(TableName=count["TABLE"], Key={"pk": {"S": "tries"}}, UpdateExpression="ADD n :one",
                                ExpressionAttributeValues={":one": {"N": "1"}}, ReturnValues="ALL_NEW")
        if int(new["Attributes"]["n"]["N"]) < 3:
            raise Hiccup("again")
    if event["do"] == "keep_token":
        table.put_item(TableName=count["TABLE"], Item={"pk": {"S": "token"}, "token": {"S": event["token"]}})
    if event["do"] == "sleep":
        time.sleep(5)
    if event["do"] == "two":
        table.put_item(TableName=count["TABLE"], Item={"pk": {"S": "one"}})
        table.put_item(TableName=count["TABLE"], Item={"pk": {"S": "two"}})
    return {"done": event["do"]}
""",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    root = tmp_path_factory.mktemp("house")
    (root / "template.yaml").write_text(TEMPLATE)
    (root / "flow.asl.yaml").write_text(FLOW)
    for name, text in HANDLERS.items():
        (root / name).mkdir()
        (root / name / "app.py").write_text(text)
        (root / name / "words.py").write_text(f"import os\nTABLE = os.environ['TABLE']\nWHOSE = {name!r}\n")
    return root


@pytest.fixture(scope="module")
def cloud(house):
    with Cloud({"RetrySeconds": "1"}, template=house / "template.yaml") as running:
        yield running


@pytest.fixture(scope="module")
def server(cloud):
    with Server(cloud) as running:
        yield running


@pytest.fixture(scope="module")
def people(cloud):
    return {person.username: person for person in cloud.people()}


def item(cloud, key):
    table = cloud.template.physical["Table"]
    return cloud.client("dynamodb").get_item(TableName=table, Key={"pk": {"S": key}}).get("Item")


def queue(cloud, name):
    return cloud.template.physical[name]


def letters(cloud, name):
    return cloud.client("sqs").receive_message(QueueUrl=queue(cloud, name), MaxNumberOfMessages=10).get("Messages", [])


def grant(cloud, key="in/a b ạ.pdf", conditions=(), fields=None, expires=60):
    return cloud.client("s3").generate_presigned_post(
        queue(cloud, "Files"), key, Fields=fields or {}, Conditions=list(conditions), ExpiresIn=expires
    )


def send(given, data=b"hello", **changes):
    fields = {**given["fields"], **changes}
    return requests.post(given["url"], data=fields, files={"file": ("a.pdf", data)}, timeout=10)


def test_an_uploaded_file_reaches_the_function_through_bucket_and_queue(cloud):
    answer = send(grant(cloud), b"hello")
    assert answer.status_code == 204
    assert answer.headers["x-amz-version-id"]
    cloud.drain()
    assert item(cloud, "seen#in/a b ạ.pdf")["mine"]["S"] == "note"


def test_a_file_outside_the_watched_prefix_is_not_told_of(cloud):
    assert send(grant(cloud, key="else/x")).status_code == 204
    cloud.drain()
    assert item(cloud, "seen#else/x") is None


def test_an_upload_form_is_held_to_its_policy(cloud):
    size = [["content-length-range", 1, 5]]
    assert send(grant(cloud, conditions=size), b"12345").status_code == 204
    too_large = send(grant(cloud, conditions=size), b"123456")
    assert (too_large.status_code, "EntityTooLarge" in too_large.text) == (400, True)
    assert "EntityTooSmall" in send(grant(cloud, conditions=size), b"").text
    assert send(grant(cloud), key="in/other").status_code == 403
    assert "Extra input fields" in send(grant(cloud), **{"x-amz-meta-more": "1"}).text
    expired = send(grant(cloud, expires=-1))
    assert (expired.status_code, "Policy expired" in expired.text) == (403, True)
    forged = grant(cloud)
    policy = json.loads(base64.b64decode(forged["fields"]["policy"]))
    policy["conditions"] = [{"bucket": queue(cloud, "Files")}, ["starts-with", "$key", ""]]
    forged["fields"]["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()
    assert "SignatureDoesNotMatch" in send(forged).text
    with pytest.raises(ClientError):
        cloud.client("s3").head_object(Bucket=queue(cloud, "Files"), Key="in/other")


def test_an_upload_with_another_checksum_is_refused(cloud):
    checksum = base64.b64encode(hashlib.sha256(b"hello").digest()).decode()
    fields = {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": checksum}
    given = grant(cloud, key="in/sum", fields=fields, conditions=[{name: value} for name, value in fields.items()])
    assert "BadDigest" in send(given, b"hellx").text
    assert send(given, b"hello").status_code == 204
    head = cloud.client("s3").head_object(Bucket=queue(cloud, "Files"), Key="in/sum", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == checksum


def test_a_signed_link_opens_its_object_until_it_expires(cloud):
    s3, bucket = cloud.client("s3"), queue(cloud, "Files")
    s3.put_object(Bucket=bucket, Key="else/trang 1 ạ.png", Body=b"picture")
    where = {"Bucket": bucket, "Key": "else/trang 1 ạ.png"}
    link = s3.generate_presigned_url("get_object", Params={**where, "ResponseContentType": "image/png"}, ExpiresIn=60)
    assert requests.get(link, timeout=10).content == b"picture"
    assert requests.put(link, data=b"x", timeout=10).status_code == 403
    assert "SignatureDoesNotMatch" in requests.get(link.replace("trang%201", "trang%202"), timeout=10).text
    assert "SignatureDoesNotMatch" in requests.get(link.replace("Expires=60", "Expires=600"), timeout=10).text
    expired = s3.generate_presigned_url("get_object", Params=where, ExpiresIn=1)
    time.sleep(1.1)
    assert "Request has expired" in requests.get(expired, timeout=10).text


def test_browsers_may_upload_from_the_allowed_origin_only(cloud):
    url = grant(cloud)["url"]
    asked = {"Access-Control-Request-Method": "POST", "Origin": "http://here.example"}
    answer = requests.options(url, headers=asked, timeout=10)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "http://here.example")
    assert requests.options(url, headers={**asked, "Origin": "http://evil.example"}, timeout=10).status_code == 403
    assert (
        requests.options(url, headers={**asked, "Access-Control-Request-Method": "PUT"}, timeout=10).status_code == 403
    )


def test_a_poisoned_message_goes_to_the_dead_letters_and_delays_no_other(cloud):
    sqs = cloud.client("sqs")
    entries = [{"Id": "0", "MessageBody": "poison"}, {"Id": "1", "MessageBody": json.dumps({"put": ["through"]})}]
    sqs.send_message_batch(QueueUrl=queue(cloud, "Arrivals"), Entries=entries)
    cloud.drain(timeout=20)
    assert item(cloud, "through")
    assert [letter["Body"] for letter in letters(cloud, "Dead")] == ["poison"]


def test_the_stream_brings_what_passes_the_filter_and_gives_up_on_what_never_succeeds(cloud):
    names = ["out#1", "other#1", "out#bad", "out#2"]
    cloud.client("sqs").send_message(QueueUrl=queue(cloud, "Arrivals"), MessageBody=json.dumps({"put": names}))
    cloud.drain(timeout=30)
    assert item(cloud, "relayed#out#1")
    assert item(cloud, "relayed#out#2")
    assert item(cloud, "relayed#other#1") is None
    (letter,) = letters(cloud, "Lost")
    assert json.loads(letter["Body"])["DDBStreamBatchInfo"]["batchSize"] == 1


def test_a_machine_retries_by_name_and_waits_for_its_token(cloud):
    states = cloud.client("stepfunctions")
    run = states.start_execution(stateMachineArn=cloud.machines["Flow"], name="one", input="{}")["executionArn"]
    cloud.drain()
    assert states.describe_execution(executionArn=run)["status"] == "RUNNING"
    assert item(cloud, "tries")["n"]["N"] == "3"
    states.send_task_success(taskToken=item(cloud, "token")["token"]["S"], output='{"yes": true}')
    cloud.drain()
    ended = states.describe_execution(executionArn=run)
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"answer": {"yes": True}})


def test_state_machines_pass_no_more_than_step_functions_does(cloud):
    states = cloud.client("lambda")
    answer = states.invoke(FunctionName="motcua-Step", Payload=json.dumps({"do": "x" * 300_000}))
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorType"] == "States.DataLimitExceeded"
    assert cloud.front.largest_payload["Step"] > 300_000


def test_a_function_sees_its_own_environment_while_it_is_imported(cloud):
    answer = cloud.invoke("Note", {"Records": []})
    assert answer["read_at_import"] == "note"
    assert answer["env"] is None
    assert answer["name"] == "motcua-Note"
    assert 0 < answer["left"] <= 2000


def test_a_changed_environment_is_seen_after_a_cold_start(cloud):
    cloud.environment("Note")["MINE"] = "changed"
    assert cloud.invoke("Note", {"Records": []})["read_at_import"] == "note"
    cloud.reload()
    assert cloud.invoke("Note", {"Records": []})["read_at_import"] == "changed"
    cloud.environment("Note")["MINE"] = "note"
    cloud.reload()


def test_a_handler_that_is_too_slow_times_out(cloud):
    began = time.monotonic()
    with pytest.raises(HandlerFailed, match=r"Sandbox.Timedout.*2.00 seconds"):
        cloud.invoke("Step", {"do": "sleep"})
    assert time.monotonic() - began < 4


def test_calls_are_counted_and_a_handler_can_be_killed_between_two(cloud):
    class Killed(BaseException):
        pass

    def kill(call):
        if call.number == 1 and call.moment == "after":
            raise Killed

    cloud.calls.clear()
    with cloud.on_call(kill), pytest.raises(HandlerFailed, match=r"Runtime.ExitError"):
        cloud.invoke("Step", {"do": "two"})
    assert (item(cloud, "one") is not None, item(cloud, "two")) == (True, None)
    assert cloud.invoke("Step", {"do": "two"}) == {"done": "two"}
    assert dict(cloud.calls) == {("Step", "dynamodb", "PutItem"): 3}


def test_scheduled_functions_run_when_their_clock_is_ticked(cloud):
    (result,) = cloud.tick().values()
    assert result.payload["source"] == "aws.events"


def test_conditional_writes_raced_by_threads_have_one_winner(cloud):
    from concurrent.futures import ThreadPoolExecutor

    client, table = cloud.client("dynamodb"), cloud.template.physical["Table"]

    def claim(key):
        try:
            client.put_item(TableName=table, Item={"pk": {"S": key}}, ConditionExpression="attribute_not_exists(pk)")
        except client.exceptions.ConditionalCheckFailedException:
            return 0
        return 1

    with ThreadPoolExecutor(16) as threads:
        for number in range(10):
            assert sum(threads.map(claim, [f"race{number}"] * 16)) == 1


def test_a_cancelled_transaction_leaves_everything_as_it_was(cloud):
    client, table = cloud.client("dynamodb"), cloud.template.physical["Table"]

    def put(key, **more):
        return {"Put": {"TableName": table, "Item": {"pk": {"S": key}}, **more}}

    def add(key):
        operation = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
        return {"Update": {"TableName": table, "Key": {"pk": {"S": key}}, **operation}}

    only_new = {"ConditionExpression": "attribute_not_exists(pk)"}
    client.transact_write_items(TransactItems=[add("t#count"), put("t#old")])
    with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
        client.transact_write_items(TransactItems=[add("t#count"), put("out#never"), put("t#old", **only_new)])
    assert [reason["Code"] for reason in caught.value.response["CancellationReasons"]] == [
        "None",
        "None",
        "ConditionalCheckFailed",
    ]
    assert item(cloud, "t#count")["n"]["N"] == "1"
    assert item(cloud, "out#never") is None
    client.transact_write_items(TransactItems=[add("t#count"), put("out#after", **only_new)])
    for number in range(50):  # while the stream is being read
        with pytest.raises(client.exceptions.TransactionCanceledException):
            client.transact_write_items(TransactItems=[put(f"out#never{number}"), put("t#old", **only_new)])
    cloud.drain()
    assert item(cloud, "t#count")["n"]["N"] == "2"
    assert item(cloud, "relayed#out#after")["times"]["N"] == "1"
    assert item(cloud, "relayed#out#never") is None
    assert [number for number in range(50) if item(cloud, f"relayed#out#never{number}")] == []


def test_a_transaction_costs_the_same_however_many_rows_there_are(cloud, monkeypatch):
    from moto.dynamodb.models.dynamo_type import Item

    client, table = cloud.client("dynamodb"), cloud.template.physical["Table"]
    copies = []
    before = Item.__deepcopy__
    monkeypatch.setattr(Item, "__deepcopy__", lambda self, memo: copies.append(1) or before(self, memo))
    write = {"TransactItems": [{"Put": {"TableName": table, "Item": {"pk": {"S": "t#1"}}}}]}
    counts = []
    for batch in range(2):
        for number in range(30):
            client.put_item(TableName=table, Item={"pk": {"S": f"row{batch}#{number}"}})
        cloud.drain()
        copies.clear()
        client.transact_write_items(**write)
        counts.append(len(copies))
    assert counts[0] <= counts[1] <= counts[0] + 1


def test_tokens_carry_groups_and_what_the_trigger_adds(cloud, people):
    officer = people["can.bo.quan@example.vn"]
    claims = cloud.sign_in.verify("Bearer " + cloud.sign_in.sign_in(officer.username, officer.password))
    assert claims["cognito:groups"] == ["officers"]
    assert claims["office"] == "H29.1"
    with pytest.raises(NotSignedIn):
        cloud.sign_in.sign_in(officer.username, "wrong")


def test_a_route_wants_a_token_that_was_signed_here_and_opens_it(cloud, server, people):
    url = f"{server.base_url}/v1/things/7?a=1&a=2"
    clerk = people["ke.toan@example.vn"]
    token = cloud.sign_in.sign_in(clerk.username, clerk.password)
    head, body, signature = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    padded = body + "=" * (-len(body) % 4)
    claims = json.loads(base64.urlsafe_b64decode(padded)) | {"cognito:groups": ["administrators"]}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    for bad in (
        "",
        "Bearer",
        "Bearer x",
        f"Basic {token}",
        f"Bearer {none}.{body}.",
        f"Bearer {head}.{changed}.{signature}",
    ):
        answer = requests.get(url, headers={"Authorization": bad}, timeout=10)
        assert (bad, answer.status_code) == (bad, 401)
    event = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).json()
    assert event["pathParameters"] == {"id": "7"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"]}
    assert event["resource"] == "/v1/things/{id}"
    assert event["requestContext"]["authorizer"]["claims"]["cognito:groups"] == "applicants"
    # Signed in, but this route asks for a scope people do not have.
    assert (
        requests.post(
            f"{server.base_url}/v1/things", headers={"Authorization": f"Bearer {token}"}, timeout=10
        ).status_code
        == 401
    )


def test_expired_foreign_and_id_tokens_are_refused(cloud, people):
    now = int(time.time())
    good = {
        "iss": cloud.sign_in.issuer,
        "exp": now + 60,
        "token_use": "access",
        "client_id": cloud.sign_in.people_client,
    }
    cloud.sign_in.verify("Bearer " + cloud.sign_in._sign(good))
    for change in (
        {"exp": now - 1},
        {"iss": "https://elsewhere"},
        {"token_use": "id"},
        {"client_id": "x"},
        {"exp": None},
    ):
        with pytest.raises(NotSignedIn):
            cloud.sign_in.verify("Bearer " + cloud.sign_in._sign({**good, **change}))


def test_integrators_get_tokens_for_their_scopes(cloud, server):
    (system,) = cloud.sign_in.integrators
    ask = {"grant_type": "client_credentials", "scope": "ours/read"}
    answer = requests.post(system.token_url, data=ask, auth=(system.client_id, system.client_secret), timeout=10).json()
    url = f"{server.base_url}/v1/things/7"
    assert (
        requests.get(url, headers={"Authorization": f"Bearer {answer['access_token']}"}, timeout=10).status_code == 200
    )
    wrong = requests.post(system.token_url, data=ask, auth=(system.client_id, "x"), timeout=10)
    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    more = requests.post(
        system.token_url, data={**ask, "scope": "ours/write"}, auth=(system.client_id, system.client_secret), timeout=10
    )
    assert (more.status_code, more.json()) == (400, {"error": "invalid_scope"})


def test_unknown_paths_methods_and_failures_are_answered_as_the_gateway_does(server):
    assert requests.get(f"{server.base_url}/nowhere", timeout=10).status_code == 404
    wrong = requests.put(f"{server.base_url}/open", timeout=10)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    assert wrong.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    for what in ("crash", "nonsense"):
        assert requests.post(f"{server.base_url}/open", json={"do": what}, timeout=10).status_code == 502


def test_bodies_and_answers_pass_unchanged(server):
    answer = requests.post(f"{server.base_url}/open", data=b"\xff\x00", timeout=10)
    event = answer.json()
    assert (event["isBase64Encoded"], base64.b64decode(event["body"])) == (True, b"\xff\x00")
    assert answer.raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
    text = requests.post(f"{server.base_url}/open", json={"do": "đơn"}, timeout=10).json()
    assert json.loads(text["body"]) == {"do": "đơn"}
    assert requests.post(f"{server.base_url}/open", data=b"x" * (10 * 1024 * 1024 + 1), timeout=10).status_code == 413


def test_only_one_cloud_at_a_time(cloud, house):
    with pytest.raises(RuntimeError, match="one cloud at a time"):
        Cloud(template=house / "template.yaml").start()
