"""DynamoDB: worklists, counts, what people search by, officers' profiles. By key only, each a bounded number of calls.

An open task carries, beside `queue`, one attribute for each of its marks (`queue_service`, `queue_stage`,
`queue_route`, `queue_holder`), each the key of an index over the same order; a list narrowed by several marks reads one
of them and sifts at most MOST_READ rows. Counts are rows of their own, spread over a few so that decisions of one
office do not wait for each other. What people search by are rows under each area that may find it: numbers as digests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from casework.dossier import Dossier, Record
from casework.errors import StaleVersion
from casework.found import Entry, Hit
from casework.interests import Profile
from casework.plain import from_plain, to_plain
from casework.tallies import Tally
from casework.worklist import LAST, MARKS, MOST_READ, Stretch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SPREAD = 4  # rows of one count
AT_ONCE = 25  # rows of one BatchWriteItem
_GIVEN = ("entered_at", "held_until")

Item = dict[str, Any]


class Worklists:
    """The part of the table of cases that officers look at first."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def stretch(self, wanted: Stretch, after: str, limit: int) -> tuple[list[tuple[str, Record]], str]:
        """One Query. Where the list is sifted a page may be short, or empty, and yet not the last."""
        attribute = f"queue_{wanted.mark}" if wanted.mark else "queue"
        index = f"by_{wanted.mark}" if wanted.mark else "by_queue"
        first = f"{after} " if after else wanted.first or " "  # nothing stands between a place and it with a blank
        names = {"#list": attribute, "#order": "queue_order"}
        values: Item = {":list": {"S": wanted.key}, ":first": {"S": first}, ":last": {"S": wanted.last}}
        asked: dict[str, Any] = {"Limit": MOST_READ if wanted.sifted else limit + 1}
        if sift := _sieve(wanted, names, values):
            asked["FilterExpression"] = sift
        answer = self._client.query(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression="#list = :list AND #order BETWEEN :first AND :last",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            **asked,
        )
        items = answer["Items"]
        page = [(_dossier_id(item), record_of(item)) for item in items[:limit]]
        if len(items) > limit:
            return page, str(items[limit - 1]["queue_order"]["S"])
        reached = answer.get("LastEvaluatedKey")
        return page, str(reached["queue_order"]["S"]) if reached and wanted.sifted else ""

    # -- counts

    def tallies(self, office: str, first: str, last: str) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": f"TALLY#{office}"},
                ":first": {"S": first},
                ":last": {"S": f"{last}{LAST}"},
            },
        )
        for page in pages:
            for item in page["Items"]:
                counts = found.setdefault(str(item["sk"]["S"]).rpartition("#")[0], {})
                for name, value in item.items():
                    if "N" in value:
                        counts[name] = counts.get(name, 0) + int(value["N"])
        return found

    def counting(self, tallies: Iterable[Tally], dossier_id: str) -> list[Item]:
        """What the transaction of a change holds for its tallies."""
        part = int(hashlib.sha256(dossier_id.encode()).hexdigest(), 16) % SPREAD
        return [self._counted(tally, part) for tally in tallies]

    def _counted(self, tally: Tally, part: int) -> Item:
        names = {f"#n{i}": name for i, name in enumerate(tally.counts)}
        values = {f":n{i}": {"N": str(number)} for i, number in enumerate(tally.counts.values())}
        adds = ", ".join(f"#n{i} :n{i}" for i in range(len(tally.counts)))
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"pk": {"S": f"TALLY#{tally.office}"}, "sk": {"S": f"{tally.row}#{part}"}},
                "UpdateExpression": f"ADD {adds}",
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": values,
            }
        }

    # -- search

    def note_words(self, areas: Sequence[str], entries: Sequence[Entry]) -> None:
        """Rows that lead to a dossier, under each area; again they are the same rows."""
        rows = [leading(area, entry) for area in areas for entry in entries]
        unique = list({(row["pk"]["S"], row["sk"]["S"]): row for row in rows}.values())
        for first in range(0, len(unique), AT_ONCE):
            wanted: Any = {self._table: [{"PutRequest": {"Item": row}} for row in unique[first : first + AT_ONCE]]}
            while wanted:
                wanted = self._client.batch_write_item(RequestItems=wanted).get("UnprocessedItems")

    def find(self, area: str, word: str, limit: int) -> list[Hit]:
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :word)",
            ExpressionAttributeValues={":pk": {"S": f"FIND#{area}"}, ":word": {"S": _hidden(word)}},
            Limit=limit,
        )
        return [from_plain(Hit, json.loads(item["data"]["S"])) for item in answer["Items"]]

    def heads(self, dossier_ids: Sequence[str]) -> list[Dossier]:
        """The dossiers themselves, without their papers, at most 100, in the order asked for."""
        keys: Any = [{"pk": {"S": f"DOSSIER#{i}"}, "sk": {"S": "A#HEAD"}} for i in dict.fromkeys(dossier_ids)]
        found: dict[str, Dossier] = {}
        wanted: Any = {self._table: {"Keys": keys[:100]}} if keys else {}
        while wanted:
            answer = self._client.batch_get_item(RequestItems=wanted)
            for item in answer["Responses"].get(self._table, []):
                found[_dossier_id(item)] = from_plain(Dossier, json.loads(item["data"]["S"]))
            wanted = answer.get("UnprocessedKeys")
        return [found[i] for i in dict.fromkeys(dossier_ids) if i in found]

    # -- officers

    def profile(self, officer: str) -> Profile | None:
        item = self._own(officer, "PROFILE")
        return from_plain(Profile, json.loads(item["data"]["S"])) if item else None

    def keep_profile(self, profile: Profile) -> None:
        key = {"pk": {"S": f"OFFICER#{profile.id}"}, "sk": {"S": "PROFILE"}}
        place = {"queue": {"S": f"OFFICERS#{profile.office}"}, "queue_order": {"S": f"{profile.name}#{profile.id}"}}
        before = profile.version - 1
        try:
            self._client.put_item(
                TableName=self._table,
                Item={**key, **place, "version": {"N": str(profile.version)}, "data": _json(profile)},
                ConditionExpression="version = :before" if before else "attribute_not_exists(pk)",
                **({"ExpressionAttributeValues": {":before": {"N": str(before)}}} if before else {}),  # type: ignore[arg-type]
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise StaleVersion(f"profile of {profile.id}") from error

    def officers(self, office: str, limit: int) -> list[Profile]:
        answer = self._client.query(
            TableName=self._table,
            IndexName="by_queue",
            KeyConditionExpression="#list = :list",
            ExpressionAttributeNames={"#list": "queue"},
            ExpressionAttributeValues={":list": {"S": f"OFFICERS#{office}"}},
            Limit=limit,
        )
        return [from_plain(Profile, json.loads(item["data"]["S"])) for item in answer["Items"]]

    def own(self, officer: str, name: str) -> dict[str, Any] | None:
        item = self._own(officer, f"KEPT#{name}")
        return dict(json.loads(item["data"]["S"])) if item else None

    def keep_own(self, officer: str, name: str, data: Mapping[str, Any]) -> None:
        key = {"pk": {"S": f"OFFICER#{officer}"}, "sk": {"S": f"KEPT#{name}"}}
        self._client.put_item(TableName=self._table, Item={**key, "data": _json(data)})

    def _own(self, officer: str, place: str) -> Any:
        key = {"pk": {"S": f"OFFICER#{officer}"}, "sk": {"S": place}}
        return self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")


def marked(record: Record) -> Item:
    """The attributes by which indexes find a row."""
    if not record.queue:
        return {}
    place = {"queue": record.queue, "queue_order": record.queue_order}
    place |= {f"queue_{mark}": key for mark, key in record.marks.items() if mark in MARKS}
    place |= {name: record.marks[name] for name in _GIVEN if record.marks.get(name)}
    return {name: {"S": value} for name, value in place.items()}


def record_of(item: Mapping[str, Any]) -> Record:
    place = {name: item[name]["S"] for name in ("queue", "queue_order") if name in item}
    marks = {mark: item[f"queue_{mark}"]["S"] for mark in MARKS if f"queue_{mark}" in item}
    marks |= {name: item[name]["S"] for name in _GIVEN if name in item}
    return Record(key=item["sk"]["S"], data=json.loads(item["data"]["S"]), **place, marks=marks)


def lost_race(error: ClientError) -> bool:
    """Whether somebody else was first."""
    code = error.response.get("Error", {}).get("Code", "")
    reasons = error.response.get("CancellationReasons", [])
    if code == "TransactionCanceledException":
        return any(reason.get("Code") in ("ConditionalCheckFailed", "TransactionConflict") for reason in reasons)
    return code in ("TransactionInProgressException", "TransactionConflictException")


def _sieve(wanted: Stretch, names: dict[str, str], values: Item) -> str:
    tests = []
    for mark, key in wanted.also.items():
        names[f"#{mark}"], values[f":{mark}"] = f"queue_{mark}", {"S": key}
        tests.append(f"#{mark} = :{mark}")
    if wanted.entered_before:
        values[":before"] = {"S": wanted.entered_before}
        tests.append("entered_at < :before")
    if wanted.free_at:
        values[":now"] = {"S": wanted.free_at}
        tests.append("(attribute_not_exists(held_until) OR held_until <= :now)")
    return " AND ".join(tests)


def leading(area: str, entry: Entry) -> Item:
    """The row by which an area finds a dossier under a word."""
    place = {"pk": {"S": f"FIND#{area}"}, "sk": {"S": f"{_hidden(entry.word)}#{entry.hit.dossier_id}"}}
    return {**place, "data": _json(entry.hit)}


def _hidden(word: str) -> str:
    """A number is found by its digest: the keys show no number of anybody."""
    kind, _, value = word.partition(":")
    if kind != "number":
        return word
    return f"number:{hashlib.sha256(value.encode()).hexdigest()[:32]}"


def _json(value: Any) -> Item:
    return {"S": json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))}


def _dossier_id(item: Mapping[str, Any]) -> str:
    return str(item["pk"]["S"]).removeprefix("DOSSIER#")
