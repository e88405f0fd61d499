"""A template that asks for more than the local runner plays is refused at start, naming what is missing."""

from __future__ import annotations

import os

import boto3
import pytest

from infra.local.cloud import Cloud
from infra.local.events import passes
from infra.local.template import NotCarried

SMALL = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Greeting: {Type: String, Default: hello}}
Conditions: {Loud: !Equals [!Ref Greeting, HELLO]}
Mappings: {Days: {hello: {Keep: '3'}, HELLO: {Keep: '5'}}}
Resources:
  Box: {Type: AWS::SQS::Queue}
  Extra: {Type: AWS::SQS::Queue, Condition: Loud}
  Talk:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: talk/
      Environment:
        Variables:
          LOUD: !If [Loud, "yes", "no"]
          DAYS: !FindInMap [Days, !Ref Greeting, Keep]
          SAID: !Sub ["${Word}, ${AWS::Region} ${Box.QueueName} ${!Literal}", {Word: !Ref Greeting}]
          LIST: !Join ["-", [a, !Select [1, !Split [".", "b.c.d"]]]]
          URL: !Ref Box
#more
"""


@pytest.fixture
def start(tmp_path):
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "app.py").write_text("def handler(event, context):\n    return None\n")

    def begin(more="", change=("", ""), **parameters):
        path = tmp_path / "template.yaml"
        path.write_text(SMALL.replace("#more", more).replace(*change))
        return Cloud(parameters, template=path)

    return begin


def test_intrinsic_functions_are_worked_out(start):
    with start() as cloud:
        given = cloud.environment("Talk")
        name = given["URL"].rsplit("/", 1)[-1]
        assert given == {
            "LOUD": "no",
            "DAYS": "3",
            "SAID": f"hello, ap-southeast-1 {name} ${{Literal}}",
            "LIST": "a-c",
            "URL": cloud.template.physical["Box"],
        }
        assert "Extra" not in cloud.template.resources
    with start(Greeting="HELLO") as cloud:
        assert (cloud.environment("Talk")["LOUD"], "Extra" in cloud.template.physical) == ("yes", True)


def test_nothing_is_left_behind(start):
    before, session = dict(os.environ), boto3.DEFAULT_SESSION
    with start() as cloud:
        assert os.environ["AWS_ENDPOINT_URL"] == cloud.endpoint
    assert dict(os.environ) == before
    assert boto3.DEFAULT_SESSION is session
    with start() as cloud:
        assert len(cloud.client("sqs").list_queues()["QueueUrls"]) == 1


EVENT = "      Events: {{E: {{Type: {}, Properties: {}}}}}"


@pytest.mark.parametrize(
    ("more", "change", "names"),
    [
        ("  New: {Type: AWS::Kinesis::Stream}", ("", ""), "AWS::Kinesis::Stream"),
        (EVENT.format("Schedule", "{Schedule: 'cron(0 1 * * ? *)'}"), ("", ""), r"cron\(0 1"),
        (EVENT.format("Kinesis", "{Stream: 'arn:aws:kinesis:a:1:s', StartingPosition: LATEST}"), ("", ""), "kinesis"),
        (EVENT.format("EventBridgeRule", "{Pattern: {source: [x]}}"), ("", ""), "a rule on events"),
        (
            "  B: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {TopicConfigurations: []}}}",
            ("", ""),
            "TopicConfigurations",
        ),
        ("", ("!Ref Box", "!GetAZs x"), "GetAZs"),
    ],
)
def test_what_is_not_played_is_refused_by_name(start, more, change, names):
    with pytest.raises(NotCarried, match=names):
        start(more, change).start()
    with start():  # and a refused start leaves room for the next
        pass


def test_a_machine_with_a_place_nobody_fills_is_refused(start, tmp_path):
    (tmp_path / "m.yaml").write_text("StartAt: A\nStates: {A: {Type: Pass, Comment: '${Nobody}', End: true}}\n")
    more = "  M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: m.yaml, Name: m}}"
    with pytest.raises(NotCarried, match="Nobody"):
        start(more).start()


@pytest.mark.parametrize(
    ("pattern", "record", "result"),
    [
        ({"a": ["x"]}, {"a": "x"}, True),
        ({"a": ["x"]}, {"a": "y"}, False),
        ({"a": ["x"]}, {}, False),
        ({"a": [None]}, {"a": None}, True),
        ({"a": ["x"]}, {"a": ["y", "x"]}, True),
        ({"a": {"b": [{"prefix": "O#"}]}}, {"a": {"b": "O#1"}}, True),
        ({"a": {"b": [{"prefix": "O#"}]}}, {"a": {"b": "P#1"}}, False),
        ({"a": {"b": [{"prefix": "O#"}]}}, {"a": "O#"}, False),
        ({"a": [{"suffix": "z"}]}, {"a": "xyz"}, True),
        ({"a": [{"exists": False}]}, {}, True),
        ({"a": [{"exists": True}]}, {}, False),
        ({"a": [{"anything-but": ["x"]}]}, {"a": "y"}, True),
        ({"a": [{"anything-but": ["x"]}]}, {"a": "x"}, False),
        ({"a": [{"anything-but": ["x"]}]}, {}, False),
        ({"a": [{"equals-ignore-case": "X"}]}, {"a": "x"}, True),
        ({"a": ["x"], "b": ["y"]}, {"a": "x", "b": "z"}, False),
        ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "y"}, True),
    ],
)
def test_filters_match_as_event_patterns_do(pattern, record, result):
    assert passes([pattern], record) is result


def test_filters_without_patterns_let_everything_pass_and_unknown_operators_nothing():
    assert passes([], {"a": 1})
    with pytest.raises(NotCarried, match="cidr"):
        passes([{"a": [{"cidr": "10.0.0.0/8"}]}], {"a": "10.0.0.1"})
