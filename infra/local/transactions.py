"""DynamoDB transactions that cost what they touch.

moto copies a whole table with all its rows and its stream before a transaction, once for each of its items, to have
something to go back to. With a thousand dossiers on file that is most of the time spent. Here the copy is made of the
rows the transaction names. The only place where a part of moto is replaced; proved by tests/integration.
"""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

_OPERATIONS = ("Put", "Update", "Delete", "ConditionCheck")


@contextlib.contextmanager
def small_backups(body: bytes) -> Iterator[None]:
    """While this TransactWriteItems request is carried out, and nothing else, tables are copied in part."""
    named = list(_named(json.loads(body)))
    made: dict[int, tuple[Table, Table]] = {}

    def backup(table: Table, memo: dict[int, Any]) -> Table:
        if id(table) not in made:
            rows = [row for name, row in named if name in (table.name, table.table_arn)]
            made[id(table)] = table, _backup(table, rows)
        return made[id(table)][1]

    Table.__deepcopy__ = backup  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del Table.__deepcopy__  # type: ignore[attr-defined]
        for table, copied in made.values():
            if dynamodb_backends[table.account_id][table.region_name].tables.get(table.name) is copied:
                _keep_stream(table, copied)


def _keep_stream(table: Table, copied: Table) -> None:
    """The copy has taken the table's place: it goes on with the same stream, without what was taken back. Whoever was
    reading the stream at that moment would else meet records of a transaction that never was."""
    if table.stream_shard is not None and copied.stream_shard is not None:
        shard = table.stream_shard
        shard.items, shard.table = copied.stream_shard.items, copied
        copied.stream_shard = shard


def _named(request: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tables and rows a request names; what is malformed is left for moto to refuse."""
    for item in request.get("TransactItems", []):
        for kind in _OPERATIONS:
            operation = item.get(kind)
            if isinstance(operation, dict):
                yield operation.get("TableName", ""), operation.get("Item") or operation.get("Key") or {}


def _backup(table: Table, rows: list[dict[str, Any]]) -> Table:
    backup = copy.copy(table)
    backup.items = copy.copy(table.items)
    for row in rows:
        if table.hash_key_attr not in row:
            continue
        hash_key = DynamoType(row[table.hash_key_attr])
        if hash_key not in table.items:
            continue
        if table.range_key_attr is None:
            backup.items[hash_key] = copy.deepcopy(table.items[hash_key])
            continue
        if backup.items[hash_key] is table.items[hash_key]:
            backup.items[hash_key] = copy.copy(table.items[hash_key])
        if table.range_key_attr in row:
            range_key = DynamoType(row[table.range_key_attr])
            if range_key in table.items[hash_key]:
                backup.items[hash_key][range_key] = copy.deepcopy(table.items[hash_key][range_key])
    if table.stream_shard is not None:
        backup.stream_shard = copy.copy(table.stream_shard)
        backup.stream_shard.items = list(table.stream_shard.items)
        backup.stream_shard.table = backup
    return backup
