"""Months granted to people, exclusive in DynamoDB: one row a number of a person, one attribute a month.

A decision's months go into the transaction of the decision. Where there are more than one transaction holds, they are
held before in transactions of their own, in the order of their keys, so that of two decisions about the same people
the first goes on and the other stops; a hold counts once the decision that names it is on record, and one whose
decision never came is taken over after a while. People are found by a hash: the keys show no number of anybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from casework.dossier import Change
from casework.errors import MonthsTaken, PersonBeingDecided
from casework.payments import Claim, Conflict, Holding, Identity, comparable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_IN_ONE = 100  # items of one transaction
HOLD_DIES_AFTER = timedelta(minutes=15)  # far longer than a decision takes
_AT_ONCE = 100  # keys of one BatchGetItem

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    """The months claims take under one key. `strict`: nobody else may have any of them under this key."""

    key: str
    claim: Claim
    months: tuple[str, ...]
    strict: bool


class Grants:
    """The rows of people in the table of cases."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client, self._table = client, table

    def held(self, people: Sequence[Identity]) -> list[list[Holding]]:
        """What each of them holds, by his numbers for sure, by name and birth where no number tells otherwise."""
        keys = {key for who in people for key in (*who.numbers, who.name) if key}
        found = self._read(keys)
        holds = {
            entry["hold"]: entry["dossier_id"] for row in found.values() for entry in row.values() if entry["hold"]
        }
        stands = {hold for hold, dossier_id in holds.items() if self._stands(dossier_id, hold)}

        def of(who: Identity) -> list[Holding]:
            holdings: dict[tuple[str, str], Holding] = {}
            for key in (*who.numbers, who.name):
                for month, entry in found.get(key, {}).items():
                    same_name_only = key == who.name
                    if entry["hold"] and entry["hold"] not in stands:
                        continue
                    if same_name_only and comparable(who.kinds, entry["kinds"]):
                        continue  # their numbers tell them apart, or found them already
                    place = (month, entry["dossier_id"])
                    holdings.setdefault(place, _holding(month, entry, sure=not same_name_only or not who.kinds))
            return sorted(holdings.values(), key=lambda held: (held.month, held.dossier_id))

        return [of(who) for who in people]

    def beside(self, change: Change, room: int) -> list[Item]:
        """What the transaction of a change must hold for its claims, at most `room` items. Raises MonthsTaken,
        PersonBeingDecided where they had to be held before and could not be."""
        rows = _rows(change.claims)
        if len(rows) <= room:
            return [self._take(row, change) for row in rows]
        hold = _name_of(change)
        for part in _parts(rows, MOST_IN_ONE):
            self._hold(part, change, hold)
        return [{"Put": {"TableName": self._table, "Item": {**_place(change.after.id, hold), "data": {"S": "{}"}}}}]

    def refuse_taken(self, change: Change, error: ClientError, first: int) -> None:
        """After a transaction that was cancelled: MonthsTaken when a claim in it was why. `first`: of the claims."""
        reasons = error.response.get("CancellationReasons", [])[first:]
        if any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons):
            self._refuse(_rows(change.claims), change)

    def _hold(self, rows: Sequence[_Row], change: Change, hold: str) -> None:
        """Some rows at once, or none. What stands against them and counts for nothing any more is taken away first."""
        for attempt in range(2):
            try:
                taking: Any = [self._take(row, change, hold) for row in rows]
                self._client.transact_write_items(TransactItems=taking)
                return
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") != "TransactionCanceledException" or attempt:
                    raise PersonBeingDecided(change.after.id) from error
                self._refuse(rows, change)

    def _refuse(self, rows: Sequence[_Row], change: Change) -> None:
        """Say who has what is claimed; let go of dead holds. Raises MonthsTaken, PersonBeingDecided."""
        found = self._read([row.key for row in rows])
        taken: dict[tuple[str, str], Conflict] = {}
        for row in rows:
            for month, entry in found.get(row.key, {}).items():
                if month not in row.months or entry["dossier_id"] == change.after.id:
                    continue
                if not row.strict and comparable(row.claim.who.kinds, entry["kinds"]):
                    continue
                if entry["hold"] and not self._stands(entry["dossier_id"], entry["hold"]):
                    self._let_go(row.key, month, entry, change.audit.at)
                    continue
                taken.setdefault((row.claim.row, month), Conflict(row.claim.row, _holding(month, entry)))
        if taken:
            raise MonthsTaken(list(taken.values()))

    def _let_go(self, key: str, month: str, entry: Item, now: str) -> None:
        """Free a month from a hold whose decision never came. Raises PersonBeingDecided while it may still come."""
        if datetime.fromisoformat(now) - datetime.fromisoformat(entry["at"]) < HOLD_DIES_AFTER:
            raise PersonBeingDecided(entry["dossier_id"])
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(key),
                UpdateExpression="REMOVE #m",
                ConditionExpression="#m.#hold = :hold",
                ExpressionAttributeNames={"#m": _attribute(month), "#hold": "hold"},
                ExpressionAttributeValues={":hold": {"S": entry["hold"]}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise PersonBeingDecided(entry["dossier_id"]) from None

    def _stands(self, dossier_id: str, hold: str) -> bool:
        """Whether the decision that made a hold is on record."""
        return "Item" in self._client.get_item(TableName=self._table, Key=_place(dossier_id, hold), ConsistentRead=True)

    def _read(self, keys: Iterable[str]) -> dict[str, dict[str, Item]]:
        """By key, by month: what is written. Reads strongly."""
        found: dict[str, dict[str, Item]] = {}
        names = {_hashed(key): key for key in keys}
        for part in _parts(sorted(names), _AT_ONCE):
            wanted: Any = {self._table: {"Keys": [_place_of(name) for name in part], "ConsistentRead": True}}
            while wanted:
                answer = self._client.batch_get_item(RequestItems=wanted)
                for item in answer["Responses"].get(self._table, []):
                    key = names[str(item["pk"]["S"]).removeprefix("PERSON#")]
                    found[key] = {n[1:]: _entry(v) for n, v in item.items() if n.startswith("m2")}
                wanted = answer.get("UnprocessedKeys")
        return found

    def _take(self, row: _Row, change: Change, hold: str = "") -> Item:
        """The item of a transaction that writes the months of a row, if nobody else has them."""
        claim, conditions, sets = row.claim, [], []
        names = {"#dossier": "dossier_id"}
        values: Item = {":mine": {"S": change.after.id}, ":entry": _written(claim, change, hold)}
        for number, month in enumerate(row.months):
            names[f"#m{number}"] = _attribute(month)
            free = f"attribute_not_exists(#m{number}) OR #m{number}.#dossier = :mine"
            if not row.strict:
                for kind in sorted(claim.who.kinds):
                    names[f"#{kind}"], values[":yes"] = f"has_{kind}", {"BOOL": True}
                    free += f" OR #m{number}.#{kind} = :yes"
                sets.append(f"#m{number} = if_not_exists(#m{number}, :entry)")
            else:
                sets.append(f"#m{number} = :entry")
            conditions.append(f"({free})")
        return {
            "Update": {
                "TableName": self._table,
                "Key": _key(row.key),
                "UpdateExpression": "SET " + ", ".join(sets),
                "ConditionExpression": " AND ".join(conditions),
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": values,
            }
        }


def _rows(claims: Iterable[Claim]) -> list[_Row]:
    """In the order of their keys: a row for each number of a person, his alone; one for name and birth, his alone where
    he has no number. People of one list who share a key share its row."""
    rows: dict[str, _Row] = {}
    for claim in claims:
        keys = [(number, True) for number in claim.who.numbers]
        if claim.who.name or not keys:
            keys.append((claim.who.name or claim.row, not keys))
        for key, strict in keys:
            known = rows.get(key)
            months = claim.months if known is None else tuple(sorted({*known.months, *claim.months}))
            rows[key] = _Row(key, known.claim if known else claim, months, strict or bool(known and known.strict))
    return [rows[key] for key in sorted(rows)]


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]


def _written(claim: Claim, change: Change, hold: str) -> Item:
    entry: Item = {
        "dossier_id": {"S": change.after.id},
        "code": {"S": change.after.code},
        "procedure": {"S": change.after.procedure},
        "kind": {"S": claim.kind},
        "amount_vnd": {"N": str(claim.amount_vnd)},
        "at": {"S": change.audit.at},
        **{f"has_{kind}": {"BOOL": True} for kind in claim.who.kinds},
    }
    return {"M": {**entry, "hold": {"S": hold}} if hold else entry}


def _entry(value: Any) -> Item:
    plain = {name: next(iter(item.values())) for name, item in value["M"].items()}
    kinds = tuple(name.removeprefix("has_") for name in plain if name.startswith("has_"))
    return {"hold": "", **plain, "kinds": kinds}


def _holding(month: str, entry: Item, *, sure: bool = True) -> Holding:
    return Holding(month, entry["dossier_id"], entry["code"], entry["procedure"], entry["kind"], sure)


def _name_of(change: Change) -> str:
    """A hold's name follows from what it holds: the same decision made again goes on with the same."""
    said = [[claim.row, claim.months] for claim in change.claims]
    return hashlib.sha256(json.dumps([change.after.id, said]).encode()).hexdigest()[:32]


def _place(dossier_id: str, hold: str) -> Item:
    return {"pk": {"S": f"DOSSIER#{dossier_id}"}, "sk": {"S": f"HOLD#{hold}"}}


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8")).hexdigest()


def _key(key: str) -> Item:
    return _place_of(_hashed(key))


def _place_of(hashed: str) -> Item:
    return {"pk": {"S": f"PERSON#{hashed}"}, "sk": {"S": "MONTHS"}}


def _attribute(month: str) -> str:
    return f"m{month}"
