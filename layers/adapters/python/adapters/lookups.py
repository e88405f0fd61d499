"""Questions for a dossier by its code, and the digits that answer them, in the table of cases.

The digits stand nowhere: only a slow hash of them does, slower to go through than they are good for. Rows lie under
hashes of codes, visitors and tokens and leave by the table's time to live. Times are true times.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTITION = "LOOKUP#"
GOOD_FOR = timedelta(minutes=10)
OPEN_FOR = timedelta(minutes=30)
MOST_TRIES = 5
_SPENT = str(MOST_TRIES)


class LookupRows:
    """Lookups over the table of cases."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client, self._table = client, table

    def count(self, what: str, whose: str, most: int) -> bool:
        now = datetime.now(UTC)
        answer = self._client.update_item(
            TableName=self._table,
            Key=_key(f"COUNT#{_digest(whose)}", f"{what}#{now:%Y-%m-%dT%H}"),
            UpdateExpression="SET expires_at = :end ADD times :one",
            ExpressionAttributeValues={":one": {"N": "1"}, ":end": _seconds(now + timedelta(hours=2))},
            ReturnValues="UPDATED_NEW",
        )
        times: Any = answer["Attributes"]["times"]
        return int(times["N"]) <= most

    def ask(self, code: str) -> None:
        """A row like those of the outbox: the relay is told of it by the table's stream."""
        self._client.put_item(
            TableName=self._table,
            Item={
                **_key(f"{PARTITION}{_digest(code)}", f"OUTBOX#{secrets.token_hex(12)}"),
                "code": {"S": code},
                "expires_at": _seconds(datetime.now(UTC) + timedelta(days=1)),
            },
        )

    def claim(self, partition: str, question: str) -> str:
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key(partition, question),
                UpdateExpression="SET claimed = :yes",
                ConditionExpression="attribute_exists(pk) AND attribute_not_exists(claimed)",
                ExpressionAttributeValues={":yes": {"BOOL": True}},
                ReturnValues="ALL_NEW",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return ""
        return str(answer["Attributes"]["code"]["S"])

    def keep_digits(self, code: str, dossier_id: str) -> str:
        digits, salt = f"{secrets.randbelow(10**6):06d}", secrets.token_bytes(16)
        kept = _slow_hash(digits, salt) if dossier_id else secrets.token_bytes(32)  # which no digits have
        self._client.put_item(
            TableName=self._table,
            Item={
                **_digits_key(code),
                "salt": {"B": salt},
                "hash": {"B": kept},
                "dossier_id": {"S": dossier_id},
                "tries": {"N": "0"},
                "expires_at": _seconds(datetime.now(UTC) + GOOD_FOR),
            },
        )
        return digits

    def try_digits(self, code: str, digits: str) -> str:
        try:
            found: Any = self._client.update_item(
                TableName=self._table,
                Key=_digits_key(code),
                UpdateExpression="ADD tries :one",
                ConditionExpression="tries < :most AND expires_at > :now",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":most": {"N": _SPENT},
                    ":now": _seconds(datetime.now(UTC)),
                },
                ReturnValues="ALL_NEW",
            )["Attributes"]
        except self._client.exceptions.ConditionalCheckFailedException:
            _slow_hash(digits, b"nothing to open!")  # takes as long as where there is something
            return ""
        if not hmac.compare_digest(_slow_hash(digits, found["salt"]["B"]), found["hash"]["B"]):
            return ""
        self._client.update_item(
            TableName=self._table,
            Key=_digits_key(code),
            UpdateExpression="SET tries = :spent",
            ExpressionAttributeValues={":spent": {"N": _SPENT}},
        )
        return str(found["dossier_id"]["S"])

    def open(self, dossier_id: str) -> str:
        token = secrets.token_urlsafe(32)
        self._client.put_item(
            TableName=self._table,
            Item={
                **_key(f"LOOKED#{_digest(token)}", "LOOKED"),
                "dossier_id": {"S": dossier_id},
                "expires_at": _seconds(datetime.now(UTC) + OPEN_FOR),
            },
        )
        return token

    def opened(self, token: str) -> str:
        key = _key(f"LOOKED#{_digest(token)}", "LOOKED")
        item: Any = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None or int(item["expires_at"]["N"]) <= datetime.now(UTC).timestamp():
            return ""
        return str(item["dossier_id"]["S"])


def _digits_key(code: str) -> Any:
    return _key(f"{PARTITION}{_digest(code)}", "DIGITS")


def _key(pk: str, sk: str) -> Any:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _slow_hash(digits: str, salt: bytes) -> bytes:
    return hashlib.scrypt(digits.encode("utf-8"), salt=salt, n=2**14, r=8, p=1)


def _seconds(moment: datetime) -> Any:
    return {"N": str(int(moment.timestamp()))}
