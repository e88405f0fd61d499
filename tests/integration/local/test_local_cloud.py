"""The local runner: queues, streams, machines, functions and the table, each seen to behave as on AWS."""

from __future__ import annotations

import json
import os
import time

import pytest

from infra.local.cloud import Cloud
from infra.local.containers import HandlerFailed
from tests.integration.local.small_stack import item, letters, queue


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


def test_the_environment_loses_no_name_under_who_walks_over_it(cloud):
    cloud.reload()
    assert "TABLE" in cloud.invoke("Step", {"do": "walk_on"})["names"]
    assert "TABLE" not in os.environ


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


def test_only_one_cloud_at_a_time(cloud, house):
    with pytest.raises(RuntimeError, match="one cloud at a time"):
        Cloud(template=house / "template.yaml").start()
