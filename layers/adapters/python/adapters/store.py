"""DynamoDB: dossiers, their records, their audit, the outbox and the payments, in one table, by key only.

Rows of a dossier share its partition: A#HEAD and A#DOCUMENT#… are the dossier itself (one Query), AUDIT#… its
chain, OUTBOX#… its effects, TASK#…, DECISION#…, ANSWER#…, NOTICE#…, FAILURE#… its records. Rows that stand in a
queue (open tasks, unfinished effects, parked or waiting dossiers) carry `queue` and `queue_order`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from casework.dossier import AuditEntry, Change, Document, Dossier, Effect, Record, State
from casework.errors import NotFound, StaleVersion
from casework.payments import Holding, Identity
from casework.plain import from_plain, to_plain
from casework.ports import PendingEffect
from casework.sightings import Sighting

from adapters.grants import MOST_IN_ONE, Grants
from adapters.sightings import Seen
from adapters.worklists import Worklists, lost_race, marked, record_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WATCHED = {State.SUBMITTED, State.PROCESSING, State.IN_REVIEW, State.DECIDED, State.PARKED}
SHARDS = 4  # queues that every dossier passes are spread over this many partitions

Item = dict[str, Any]


def watch_queues() -> tuple[str, ...]:
    """The queues in which watch_deadlines finds every dossier that is not in the applicant's hands, oldest first."""
    return tuple(f"WATCH#{shard}" for shard in range(SHARDS))


class CaseTable(Worklists):
    """DossierStore, Desk, Outbox and Payments over one table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        super().__init__(client, table)
        self._grants = Grants(client, table)

    # -- DossierStore ---------------------------------------------------------------------------------------------

    def load(self, dossier_id: str) -> Dossier:
        items = list(self._rows(dossier_id, "A#"))
        if not items:
            raise NotFound(dossier_id)
        head = next(item for item in items if item["sk"]["S"] == "A#HEAD")
        documents = [item for item in items if item["sk"]["S"].startswith("A#DOCUMENT#")]
        bare = from_plain(Dossier, _data(head))
        return dataclasses.replace(bare, documents=tuple(from_plain(Document, _data(item)) for item in documents))

    def commit(self, change: Change) -> None:
        before, after = change.before, change.after
        partition = _partition(after.id)
        head: Item = {
            **partition,
            "sk": {"S": "A#HEAD"},
            "version": {"N": str(after.version)},
            "owner": {"S": after.owner},
            "owner_order": {"S": f"{after.created_at}#{after.id}"},
            **_watched(after),
            "data": _json(dataclasses.replace(after, documents=())),
        }
        if before is None:
            puts = [self._put(head, "attribute_not_exists(pk)")]
        else:
            puts = [self._put(head, "version = :before", {":before": {"N": str(before.version)}})]
        known = {document.id: (i, document) for i, document in enumerate(before.documents)} if before else {}
        for position, document in enumerate(after.documents):
            if known.get(document.id) != (position, document):
                sort_key = f"A#DOCUMENT#{position:04d}#{document.id}"
                puts.append(self._put({**partition, "sk": {"S": sort_key}, "data": _json(document)}))
        audit = {**partition, "sk": {"S": f"AUDIT#{change.audit.sequence:08d}"}, "data": _json(change.audit)}
        puts.append(self._put(audit, "attribute_not_exists(pk)"))
        for record in change.records:
            item = {**partition, "sk": {"S": record.key}, "data": _json(record.data), **marked(record)}
            puts.append(self._put(item, "attribute_not_exists(pk)" if record.once else ""))
        for effect in change.effects:
            item = {
                **partition,
                "sk": {"S": _effect_key(effect.id)},
                "data": _json(effect),
                "status": {"S": "pending"},
                "queue": {"S": f"OUTBOX#{_shard(after.id)}"},
                "queue_order": {"S": f"{effect.not_before or change.audit.at}#{effect.id}"},
            }
            puts.append(self._put(item, "attribute_not_exists(pk)"))
        puts += [self._cancel(after.id, effect_id) for effect_id in change.cancelled]
        puts += self.counting(change.tallies, after.id)
        claims = self._grants.beside(change, room=MOST_IN_ONE - len(puts))
        try:
            whole: Any = [*puts, *claims]
            self._client.transact_write_items(TransactItems=whole)
        except ClientError as error:
            if lost_race(error):
                self._grants.refuse_taken(change, error, first=len(puts))
                raise StaleVersion(f"{after.id} was changed by somebody else") from error
            raise

    def next_number(self, office: str, day: date) -> int:
        answer = self._client.update_item(
            TableName=self._table,
            Key={"pk": {"S": f"COUNTER#{office}"}, "sk": {"S": f"DAY#{day:%Y-%m-%d}"}},
            UpdateExpression="ADD last_number :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["last_number"]["N"])

    def record(self, dossier_id: str, key: str) -> Record | None:
        answer = self._client.get_item(
            TableName=self._table, Key={**_partition(dossier_id), "sk": {"S": key}}, ConsistentRead=True
        )
        item = answer.get("Item")
        return record_of(item) if item else None

    def records(self, dossier_id: str, prefix: str) -> list[Record]:
        return [record_of(item) for item in self._rows(dossier_id, prefix)]

    def sighted(self, sightings: Sequence[Sighting]) -> dict[str, list[Sighting]]:
        return Seen(self._client, self._table).note(sightings)

    def note(self, dossier_id: str, record: Record) -> None:
        item: Any = {**_partition(dossier_id), "sk": {"S": record.key}, "data": _json(record.data), **marked(record)}
        self._client.put_item(TableName=self._table, Item=item)

    def audit(self, dossier_id: str) -> list[AuditEntry]:
        return [from_plain(AuditEntry, _data(item)) for item in self._rows(dossier_id, "AUDIT#")]

    def owned_by(self, owner: str, after: str, limit: int) -> tuple[list[dict[str, Any]], str]:
        items = self._page("by_owner", "owner", owner, "owner_order", after, limit, forward=False)
        shown = ("id", "code", "procedure", "state", "created_at", "due_on", "version")
        page = [{name: _data(item)[name] for name in shown} for item in items[:limit]]
        return page, items[limit - 1]["owner_order"]["S"] if len(items) > limit else ""

    def queue(self, queue: str, after: str, limit: int) -> tuple[list[tuple[str, Record]], str]:
        items = self._page("by_queue", "queue", queue, "queue_order", after, limit, forward=True)
        page = [(_dossier_id(item), record_of(item)) for item in items[:limit]]
        return page, items[limit - 1]["queue_order"]["S"] if len(items) > limit else ""

    # -- Outbox ---------------------------------------------------------------------------------------------------

    def effect(self, dossier_id: str, effect_id: str) -> PendingEffect | None:
        key = {**_partition(dossier_id), "sk": {"S": _effect_key(effect_id)}}
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return _pending(item) if item else None

    def effects(self, dossier_id: str) -> list[PendingEffect]:
        return [_pending(item) for item in self._rows(dossier_id, "OUTBOX#")]

    def claim(self, pending: PendingEffect, now: datetime) -> bool:
        return self._move(pending, "pending", "SET #status = :to, claimed_at = :at", "sending", now)

    def release(self, pending: PendingEffect) -> None:
        self._move(pending, "sending", "SET #status = :to REMOVE claimed_at", "pending")

    def finish(self, pending: PendingEffect, state: str, now: datetime, note: str = "") -> None:
        expression = "SET #status = :to, finished_at = :at, note = :note REMOVE queue, queue_order"
        doubted_only_while = "" if state == "done" else "sending"  # what is known to be done stays done
        self._move(pending, doubted_only_while, expression, state, now, {":note": {"S": note}})

    def waiting(self, limit: int) -> list[PendingEffect]:
        found: list[Item] = []
        for shard in range(SHARDS):
            found += self._page("by_queue", "queue", f"OUTBOX#{shard}", "queue_order", "", limit, forward=True)
        found.sort(key=lambda item: item["queue_order"]["S"])
        return [_pending(item) for item in found[:limit]]

    def _move(
        self,
        pending: PendingEffect,
        expected: str,
        expression: str,
        to: str,
        now: datetime | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> bool:
        values: dict[str, Any] = {":to": {"S": to}, **(more or {})}
        if now is not None:
            values[":at"] = {"S": now.isoformat()}
        condition = "attribute_exists(pk)"
        if expected:
            condition, values = "#status = :expected", {**values, ":expected": {"S": expected}}
        try:
            self._client.update_item(
                TableName=self._table,
                Key={**_partition(pending.dossier_id), "sk": {"S": _effect_key(pending.effect.id)}},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=values,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    # -- Payments -------------------------------------------------------------------------------------------------

    def held(self, people: Sequence[Identity]) -> list[list[Holding]]:
        return self._grants.held(people)

    # -- the table ------------------------------------------------------------------------------------------------

    def _put(self, item: Item, condition: str = "", values: Mapping[str, Any] | None = None) -> Item:
        put: Item = {"TableName": self._table, "Item": item}
        if condition:
            put["ConditionExpression"] = condition
        if values:
            put["ExpressionAttributeValues"] = dict(values)
        return {"Put": put}

    def _cancel(self, dossier_id: str, effect_id: str) -> Item:
        """An effect that has not left does not leave any more."""
        return {
            "Update": {
                "TableName": self._table,
                "Key": {**_partition(dossier_id), "sk": {"S": _effect_key(effect_id)}},
                "UpdateExpression": "SET #status = :done, note = :note REMOVE queue, queue_order",
                "ConditionExpression": "#status = :pending",
                "ExpressionAttributeNames": {"#status": "status"},
                "ExpressionAttributeValues": {
                    ":done": {"S": "done"},
                    ":pending": {"S": "pending"},
                    ":note": {"S": "taken back before it left"},
                },
            }
        }

    def _rows(self, dossier_id: str, prefix: str) -> Iterator[Item]:
        return self._query(f"DOSSIER#{dossier_id}", prefix)

    def _query(self, partition: str, prefix: str) -> Iterator[Item]:
        """All rows of a partition under a prefix, in order, however many pages DynamoDB makes of them."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": partition}, ":prefix": {"S": prefix}},
        )
        for page in pages:
            yield from page["Items"]

    def _page(
        self, index: str, key: str, value: str, order: str, after: str, limit: int, *, forward: bool
    ) -> list[Item]:
        """Up to limit + 1 rows of an index after a place in its order: one more tells that there are more."""
        condition, values = "#key = :key", {":key": {"S": value}}
        names = {"#key": key}
        if after:
            condition += f" AND #order {'>' if forward else '<'} :after"
            values[":after"], names["#order"] = {"S": after}, order
        answer = self._client.query(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ScanIndexForward=forward,
            Limit=limit + 1,
        )
        return list(answer["Items"])


def _partition(dossier_id: str) -> Item:
    return {"pk": {"S": f"DOSSIER#{dossier_id}"}}


def _dossier_id(item: Mapping[str, Any]) -> str:
    return str(item["pk"]["S"]).removeprefix("DOSSIER#")


def _effect_key(effect_id: str) -> str:
    _, version, position = effect_id.rsplit("-", 2)
    return f"OUTBOX#{int(version):08d}#{position}"


def _shard(dossier_id: str) -> int:
    return int(hashlib.sha256(dossier_id.encode()).hexdigest(), 16) % SHARDS


def _watched(dossier: Dossier) -> Item:
    if dossier.state not in WATCHED:
        return {}
    return {"queue": {"S": f"WATCH#{_shard(dossier.id)}"}, "queue_order": {"S": f"{dossier.touched_at}#{dossier.id}"}}


def _json(value: Any) -> Item:
    return {"S": json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))}


def _data(item: Mapping[str, Any]) -> Any:
    return json.loads(item["data"]["S"])


def _pending(item: Mapping[str, Any]) -> PendingEffect:
    return PendingEffect(
        dossier_id=_dossier_id(item),
        effect=from_plain(Effect, _data(item)),
        state=item["status"]["S"],
        claimed_at=item.get("claimed_at", {}).get("S", ""),
    )
