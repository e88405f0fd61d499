"""The stand-in of DynamoDB, quickened: it answers as moto does, and copies no table for a transaction."""

from __future__ import annotations

import random
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models.table import Table

from infra.local import tables

KEYS = {"H": "S", "R": "S", "I": "N"}


@pytest.fixture
def rows(aws: None) -> Any:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="rows",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in KEYS.items()],
        KeySchema=[{"AttributeName": "H", "KeyType": "HASH"}, {"AttributeName": "R", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_number",
                "KeySchema": [{"AttributeName": "H", "KeyType": "HASH"}, {"AttributeName": "I", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dice = random.Random(1)
    for number in dice.sample(range(40), 40):
        row = {"H": {"S": f"h{number % 3}"}, "R": {"S": f"{number:03}"}, "I": {"N": str(dice.randrange(100))}}
        client.put_item(TableName="rows", Item=row)
    return client


@pytest.mark.parametrize(
    "asked",
    [
        {"KeyConditionExpression": "H = :h"},
        {"KeyConditionExpression": "H = :h", "ScanIndexForward": False, "Limit": 5},
        {"KeyConditionExpression": "H = :h AND R > :r"},
        {"KeyConditionExpression": "H = :h", "IndexName": "by_number"},
        {"KeyConditionExpression": "H = :h", "ExclusiveStartKey": {"H": {"S": "h1"}, "R": {"S": "019"}}},
    ],
)
def test_a_query_answers_as_moto_does(rows: Any, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    values = {":h": {"S": "h1"}, **({":r": {"S": "020"}} if ":r" in asked["KeyConditionExpression"] else {})}
    ours = rows.query(TableName="rows", ExpressionAttributeValues=values, **asked)
    monkeypatch.setattr(Table, "query", tables._plain_query)
    theirs = rows.query(TableName="rows", ExpressionAttributeValues=values, **asked)
    assert ours["Items"] == theirs["Items"] != []
    assert ours.get("LastEvaluatedKey") == theirs.get("LastEvaluatedKey")


def test_a_scan_goes_by_keys(rows: Any) -> None:
    keys = [(row["H"]["S"], row["R"]["S"]) for row in rows.scan(TableName="rows")["Items"]]
    assert keys == sorted(keys)
    assert len(keys) == 40


def test_a_transaction_that_fails_leaves_everything_and_copies_only_what_it_changes_in_place(
    rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[int] = []
    backup = tables._backup
    monkeypatch.setattr(tables, "_backup", lambda table, named: copied.append(len(named)) or backup(table, named))
    before = rows.scan(TableName="rows")["Items"]
    first, second, third = before[:3]
    transaction = [
        {"Update": {"TableName": "rows", "Key": _key(first), "UpdateExpression": "SET I = :n",
                    "ExpressionAttributeValues": {":n": {"N": "7"}}}},
        {"Put": {"TableName": "rows", "Item": {**_key(second), "I": {"N": "8"}}}},
        {"Delete": {"TableName": "rows", "Key": _key(third), "ConditionExpression": "attribute_not_exists(H)"}},
    ]  # fmt: skip
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        rows.transact_write_items(TransactItems=transaction)
    assert rows.scan(TableName="rows")["Items"] == before
    assert copied == [3]


def _key(row: dict[str, Any]) -> dict[str, Any]:
    return {"H": row["H"], "R": row["R"]}
