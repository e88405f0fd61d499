"""DynamoDB's stand-in at the cost of what a call touches.

moto copies a whole table with all its rows and its stream before a transaction, once for each of its items, to have
something to go back to; and it sorts all rows of the table for each query. With a thousand dossiers on file that is
most of the time spent. Here the copy is made of the rows a transaction changes in place, a query looks at its own
partition, and rows are sorted by plain keys. The only place where parts of moto are replaced, from the import on;
proved by tests/integration.
"""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

_OPERATIONS = ("Put", "Update", "Delete", "ConditionCheck")
_plain_query = Table.query


def _query(
    table: Table,
    hash_key: DynamoType | None,
    range_comparison: str | None,
    range_objs: list[DynamoType],
    limit: int,
    start: dict[str, Any],
    forward: bool,
    projection: list[list[str]] | None,
    index_name: str | None = None,
    *how: Any,
    **named: Any,
) -> Any:
    """As moto's; without an index over a table that has this partition only."""
    if hash_key is not None and not index_name:
        whole, table = table, copy.copy(table)
        table.items = type(whole.items)()
        if hash_key in whole.items:
            table.items[hash_key] = whole.items[hash_key]
    given = (hash_key, range_comparison, range_objs, limit, start, forward, projection, index_name)
    return _plain_query(table, *given, *how, **named)


def _all_items(table: Table) -> list[Item]:
    """All rows, in the order of their keys."""
    if table.range_key_attr is None:
        return sorted(table.items.values(), key=lambda row: _plain(row.hash_key))  # type: ignore[arg-type]
    ordered = sorted(table.items.items(), key=lambda found: _plain(found[0]))
    return [row for _, part in ordered for row in sorted(part.values(), key=lambda row: _plain(row.range_key))]


def _plain(key: Any) -> Any:
    return key.value if key.type == "S" else key.cast_value


Table.query = _query  # type: ignore[assignment,method-assign]
Table.all_items = _all_items  # type: ignore[assignment,method-assign]


@contextlib.contextmanager
def small_backups(body: bytes) -> Iterator[None]:
    """While this TransactWriteItems request is carried out, and nothing else, tables are copied in part."""
    named = list(_named(json.loads(body)))
    made: dict[int, tuple[Table, Table]] = {}

    def backup(table: Table, memo: dict[int, Any]) -> Table:
        if id(table) not in made:
            rows = [(kind, row) for kind, name, row in named if name in (table.name, table.table_arn)]
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


def _named(request: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The operations, tables and rows a request names; what is malformed is left for moto to refuse."""
    for item in request.get("TransactItems", []):
        for kind in _OPERATIONS:
            operation = item.get(kind)
            if isinstance(operation, dict):
                yield kind, operation.get("TableName", ""), operation.get("Item") or operation.get("Key") or {}


def _backup(table: Table, rows: list[tuple[str, dict[str, Any]]]) -> Table:
    """A copy to go back to: with partitions of its own, and rows of its own where they are changed in place, which
    only Update does."""
    backup = copy.copy(table)
    backup.items = copy.copy(table.items)
    for kind, row in rows:
        if table.hash_key_attr not in row:
            continue
        hash_key = DynamoType(row[table.hash_key_attr])
        if hash_key not in table.items:
            continue
        if table.range_key_attr is None:
            if kind == "Update":
                backup.items[hash_key] = copy.deepcopy(table.items[hash_key])
            continue
        if backup.items[hash_key] is table.items[hash_key]:
            backup.items[hash_key] = copy.copy(table.items[hash_key])
        if kind == "Update" and table.range_key_attr in row:
            range_key = DynamoType(row[table.range_key_attr])
            if range_key in table.items[hash_key]:
                backup.items[hash_key][range_key] = copy.deepcopy(table.items[hash_key][range_key])
    if table.stream_shard is not None:
        backup.stream_shard = copy.copy(table.stream_shard)
        backup.stream_shard.items = list(table.stream_shard.items)
        backup.stream_shard.table = backup
    return backup
