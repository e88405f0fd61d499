"""A DynamoDB client in memory for very many rows: ordered by key as DynamoDB keeps them, every call and row counted.

moto looks through all rows for every query, which half a million of them do not bear. This knows the few expressions
that adapters.store and adapters.worklists send and refuses any other, and knows no Scan. Conditions of writes are not
looked at: nobody races here, and tests/integration holds the same adapters against moto.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter, defaultdict
from typing import Any

_EQUALS = re.compile(r"^(\S+) = (:\w+)$")
_BETWEEN = re.compile(r"^(\S+) BETWEEN (:\w+) AND (:\w+)$")
_BEGINS = re.compile(r"^begins_with\((\S+), (:\w+)\)$")
_BEFORE = re.compile(r"^(\S+) < (:\w+)$")
_FREE = re.compile(r"^\(attribute_not_exists\((\w+)\) OR \1 <= (:\w+)\)$")

Item = dict[str, Any]


class CountedTable:
    """One table with its indexes: {name: (partition, order)}; "" is the table itself."""

    def __init__(self, indexes: dict[str, tuple[str, str]]) -> None:
        self._keys = {"": ("pk", "sk"), **indexes}
        self._rows: dict[tuple[str, str], Item] = {}
        self._lists: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
        self._unsorted: set[tuple[str, str]] = set()
        self.calls: Counter[str] = Counter()
        self.rows_read = 0

    def put(self, item: Item) -> None:
        """A row in its place in the table and in each index whose keys it has."""
        place = item["pk"]["S"], item["sk"]["S"]
        for name, keys in self._keys.items():
            before = self._rows.get(place)
            if before is not None and (entry := _entry(before, keys, place)) is not None:
                found = self._ordered((name, entry[0]))
                del found[bisect.bisect_left(found, entry[1])]
            if (entry := _entry(item, keys, place)) is not None:
                self._lists[name, entry[0]].append(entry[1])
                self._unsorted.add((name, entry[0]))
        self._rows[place] = item

    def query(self, **asked: Any) -> Any:
        self.calls["Query"] += 1
        values = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
        names = asked.get("ExpressionAttributeNames", {})
        index = asked.get("IndexName", "")
        partition, first, last = self._range(asked["KeyConditionExpression"], index, names, values)
        found = self._ordered((index, partition))
        low = bisect.bisect_left(found, (first,)) if first else 0
        high = bisect.bisect_right(found, (last + "\U0010ffff",)) if last else len(found)
        places = found[low:high]
        read = places[: asked.get("Limit", len(places))]
        self.rows_read += len(read)
        rows = [self._rows[place[1], place[2]] for place in read]
        answer: Item = {
            "Items": [row for row in rows if _passes(row, asked.get("FilterExpression", ""), names, values)]
        }
        if len(read) < len(places):
            answer["LastEvaluatedKey"] = {name: rows[-1][name] for name in self._keys[index]}
        return answer

    def get_paginator(self, name: str) -> Any:
        assert name == "query"
        table = self

        class Pages:
            def paginate(self, **asked: Any) -> Any:
                yield table.query(**asked)

        return Pages()

    def get_item(self, **asked: Any) -> Any:
        self.calls["GetItem"] += 1
        self.rows_read += 1
        item = self._rows.get((asked["Key"]["pk"]["S"], asked["Key"]["sk"]["S"]))
        return {"Item": item} if item else {}

    def batch_get_item(self, **asked: Any) -> Any:
        self.calls["BatchGetItem"] += 1
        [(table, wanted)] = asked["RequestItems"].items()
        places = [(key["pk"]["S"], key["sk"]["S"]) for key in wanted["Keys"]]
        self.rows_read += len(places)
        return {"Responses": {table: [self._rows[place] for place in places if place in self._rows]}}

    def transact_write_items(self, TransactItems: list[Item]) -> Any:  # noqa: N803 - DynamoDB's own name
        self.calls["TransactWriteItems"] += 1
        for item in TransactItems:
            if "Put" in item:
                self.put(item["Put"]["Item"])
        return {}

    def _range(self, condition: str, index: str, names: dict[str, str], values: dict[str, str]) -> tuple[str, str, str]:
        """(partition, first, last) of a key condition; raises ValueError for one this table does not know."""
        head, _, tail = condition.partition(" AND ")
        partition, order = self._keys[index]
        equals = _EQUALS.match(head)
        if equals is None or names.get(equals[1], equals[1]) != partition:
            raise ValueError(condition)
        if not tail:
            return values[equals[2]], "", ""
        found = _BETWEEN.match(tail) or _BEGINS.match(tail)
        if found is None or names.get(found[1], found[1]) != order:
            raise ValueError(condition)
        return values[equals[2]], values[found[2]], values[found[found.re.groups]]

    def _ordered(self, place: tuple[str, str]) -> list[tuple[str, str, str]]:
        if place in self._unsorted:
            self._lists[place].sort()
            self._unsorted.discard(place)
        return self._lists[place]


def _entry(item: Item, keys: tuple[str, str], place: tuple[str, str]) -> tuple[str, tuple[str, str, str]] | None:
    if keys[0] not in item or keys[1] not in item:
        return None
    return item[keys[0]]["S"], (item[keys[1]]["S"], *place)


def _passes(row: Item, sieve: str, names: dict[str, str], values: dict[str, str]) -> bool:
    def value(name: str) -> str:
        return str(row.get(names.get(name, name), {"S": ""})["S"])

    for test in re.split(r" AND (?![^(]*\))", sieve) if sieve else []:
        if found := _EQUALS.match(test):
            fits = value(found[1]) == values[found[2]]
        elif found := _BEFORE.match(test):
            fits = bool(value(found[1])) and value(found[1]) < values[found[2]]
        elif found := _FREE.match(test):
            fits = not value(found[1]) or value(found[1]) <= values[found[2]]
        else:
            raise ValueError(test)
        if not fits:
            return False
    return True
