"""A small template of its own for the local runner, with a handler for each thing it plays."""

from __future__ import annotations

import requests

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
walk = iter(os.environ.items())
next(walk)
def handler(event, context):
    if event["do"] == "walk_on":
        return {"names": [name for name, _ in walk]}
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
