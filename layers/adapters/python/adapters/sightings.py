"""Who showed a thing before: one row a key in the cases table, a set of who showed it, one call a key.

`SEEN#kind#digest`, sort key ALL. Adding to the set and reading it are one update, so that of two dossiers at once the
second learns of the first. A key shown very often is full: it is read, and no more is added.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from casework.sightings import Sighting

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MOST = 150  # of one key: at half a kilobyte each far below what a row may hold
_AT_ONCE = 8


class Seen:
    """Sightings over the cases table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def note(self, sightings: Sequence[Sighting]) -> dict[str, list[Sighting]]:
        """Note them, and answer by key who else showed the same. Noted again it does no harm."""
        if not sightings:
            return {}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = list(pool.map(self._note, sightings))
        others: dict[str, list[Sighting]] = {}
        for own, shown in zip(sightings, found, strict=True):
            others.setdefault(own.key, []).extend(one for one in shown if one.dossier != own.dossier)
        return {key: list(dict.fromkeys(shown)) for key, shown in others.items() if shown}

    def _note(self, own: Sighting) -> list[Sighting]:
        place = {"pk": {"S": f"SEEN#{own.key}"}, "sk": {"S": "ALL"}}
        said = json.dumps([own.dossier, own.code, own.document, own.page, own.mark], separators=(",", ":"))
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=place,
                UpdateExpression="ADD seen :own",
                ConditionExpression="attribute_not_exists(seen) OR size(seen) < :most",
                ExpressionAttributeValues={":own": {"SS": [said]}, ":most": {"N": str(_MOST)}},
                ReturnValues="ALL_NEW",
            )["Attributes"]
        except self._client.exceptions.ConditionalCheckFailedException:
            answer = self._client.get_item(TableName=self._table, Key=place, ConsistentRead=True).get("Item", {})
        return [Sighting(own.key, *json.loads(text)) for text in sorted(answer["seen"]["SS"])]
