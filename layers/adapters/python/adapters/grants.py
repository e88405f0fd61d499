"""Months granted to people, exclusive in DynamoDB: one row a number of a person, one attribute a month.

A decision's months go into the transaction of the decision, under a hold that names it: a decision taken back lets them
go at once. Where there are more than one transaction holds, they are
held before in transactions of their own, in the order of their keys, so that of two decisions about the same people
the first goes on and the other stops; a hold counts once the decision that names it is on record, and one whose
decision never came is taken over after a while. People are found by a hash: the keys show no number of anybody.

A higher benefit takes over a lower grant (rule X-1): it claims the grant itself, as it would a person's number, so that
of many only one does. Rows that show the lower grant stay as they are and lead on to the higher one.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError
from casework.dossier import Change
from casework.errors import MonthsTaken, PersonBeingDecided
from casework.payments import Claim, Conflict, Holding, Identity, comparable, grant_key, grant_name, hold_name

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_IN_ONE = 100  # items of one transaction
HOLD_DIES_AFTER = timedelta(minutes=15)  # far longer than a decision takes
_AT_ONCE = 100  # keys of one BatchGetItem

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    """The months claims take under one key. `strict`: nobody else may have any of them under this key. `over`: by
    month, the lower grant that may stand there."""

    key: str
    claim: Claim
    months: tuple[str, ...]
    strict: bool
    over: Mapping[str, str] = field(default_factory=dict)


class Grants:
    """The rows of people in the table of cases."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client, self._table = client, table

    def held(self, people: Sequence[Identity]) -> list[list[Holding]]:
        """What each of them holds, by his numbers for sure, by name and birth where no number tells otherwise."""
        keys = {key for who in people for key in (*who.numbers, who.name) if key}
        found = self._marked(self._read(keys))
        over = self._taken_over(found)

        def of(who: Identity) -> list[Holding]:
            holdings: dict[tuple[str, str], Holding] = {}
            for key in (*who.numbers, who.name):
                for month, entry in found.get(key, {}).items():
                    same_name_only = key == who.name
                    if same_name_only and comparable(who.kinds, entry["kinds"]):
                        continue  # their numbers tell them apart, or found them already
                    now = _last(month, entry, over)
                    sure = not same_name_only or not who.kinds
                    if now is not None:
                        holdings.setdefault((month, now["dossier_id"]), _holding(month, now, sure=sure))
            return sorted(holdings.values(), key=lambda held: (held.month, held.dossier_id))

        return [of(who) for who in people]

    def beside(self, change: Change, room: int) -> list[Item]:
        """What the transaction of a change must hold for its claims, at most `room` items. Raises MonthsTaken,
        PersonBeingDecided where they had to be held before and could not be."""
        rows = self._with_lower(_rows(change.claims))
        if not rows:
            return []
        hold = hold_name(change.after.id, change.claims)
        named: Item = {
            "Put": {"TableName": self._table, "Item": {**_place(change.after.id, hold), "data": {"S": "{}"}}}
        }
        if len(rows) < room:
            return [*(self._take(row, change, hold) for row in rows), named]
        for part in _parts(rows, MOST_IN_ONE):
            self._hold(part, rows, change, hold)
        return [named]

    def refuse_taken(self, change: Change, error: ClientError, first: int) -> None:
        """After a transaction that was cancelled: MonthsTaken when a claim in it was why. `first`: of the claims."""
        reasons = error.response.get("CancellationReasons", [])[first:]
        if any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons):
            self._refuse(_rows(change.claims), change)

    def _hold(self, rows: Sequence[_Row], everything: Sequence[_Row], change: Change, hold: str) -> None:
        """Some rows at once, or none: then all that stands against any row is told. What stands against them and counts
        for nothing any more is taken away first."""
        for attempt in range(2):
            try:
                taking: Any = [self._take(row, change, hold) for row in rows]
                self._client.transact_write_items(TransactItems=taking)
                return
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") != "TransactionCanceledException" or attempt:
                    raise PersonBeingDecided(change.after.id) from error
                self._refuse(everything, change)

    def _refuse(self, rows: Sequence[_Row], change: Change) -> None:
        """Say who has what is claimed; let go of dead holds. Raises MonthsTaken, PersonBeingDecided."""
        found = self._marked(self._read([row.key for row in rows]))
        over = self._taken_over(found)
        taken: dict[tuple[str, str], Conflict] = {}
        for row in rows:
            for month, entry in found.get(row.key, {}).items():
                if month not in row.months or entry["dossier_id"] == change.after.id:
                    continue
                if not row.strict and comparable(row.claim.who.kinds, entry["kinds"]):
                    continue
                if row.over.get(month) == entry["grant"] != "":
                    continue  # the lower grant it takes over
                now = _last(month, entry, over)
                if now is None:
                    self._let_go(row.key, month, entry, change.audit.at)
                elif now["dossier_id"] != change.after.id:
                    taken.setdefault((row.claim.row, month), Conflict(row.claim.row, _holding(month, now)))
        if taken:
            raise MonthsTaken(list(taken.values()))

    def _let_go(self, key: str, month: str, entry: Item, now: str) -> None:
        """Free a month from a hold whose decision was taken back, or never came. Raises PersonBeingDecided while it may
        still come."""
        undone = entry["state"] == "undone"
        if not undone and datetime.fromisoformat(now) - datetime.fromisoformat(entry["at"]) < HOLD_DIES_AFTER:
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

    def _state(self, dossier_id: str, hold: str) -> Literal["stands", "undone", "open"]:
        """Whether the decision that made a hold is on record, was taken back, or has not come yet."""
        key = _place(dossier_id, hold)
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            return "open"
        return "undone" if json.loads(item["data"]["S"]).get("undone") else "stands"

    def _marked(self, found: dict[str, dict[str, Item]]) -> dict[str, dict[str, Item]]:
        """What is written, each entry with its `state`: whether the decision that wrote it stands."""
        entries = [entry for row in found.values() for entry in row.values()]
        holds = {entry["hold"]: entry["dossier_id"] for entry in entries if entry["hold"]}
        states = {hold: self._state(dossier_id, hold) for hold, dossier_id in holds.items()}
        for entry in entries:
            entry["state"] = states.get(entry["hold"], "stands")
        return found

    def _taken_over(self, found: Mapping[str, Mapping[str, Item]]) -> dict[str, dict[str, Item]]:
        """By the key of a grant, by month: what took it over, and what took that over."""
        over: dict[str, dict[str, Item]] = {}
        rows = found
        while True:
            grants = {grant_key(entry["grant"]) for row in rows.values() for entry in row.values() if entry["grant"]}
            new = grants - set(over)
            if not new:
                return over
            rows = self._marked(self._read(new))
            over |= {key: dict(rows.get(key, {})) for key in new}

    def _with_lower(self, rows: Sequence[_Row]) -> list[_Row]:
        """The rows as they stand: one where the lower grant does not stand is claimed as any other."""
        if not any(row.over for row in rows):
            return list(rows)
        found = self._read([row.key for row in rows if row.over])

        def seen(row: _Row) -> _Row:
            there = found.get(row.key, {})
            over = {m: grant for m, grant in row.over.items() if m in there and there[m]["grant"] == grant}
            return dataclasses.replace(row, over=over)

        return [seen(row) for row in rows]

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
            if month in row.over:  # stays as it is: it leads on to what takes it over
                names["#grant"], values[f":g{number}"] = "grant", {"S": row.over[month]}
                conditions.append(f"#m{number}.#grant = :g{number}")
                continue
            free = f"attribute_not_exists(#m{number}) OR #m{number}.#dossier = :mine"
            if not row.strict:
                for kind in sorted(claim.who.kinds):
                    names[f"#{kind}"], values[":yes"] = f"has_{kind}", {"BOOL": True}
                    free += f" OR #m{number}.#{kind} = :yes"
                sets.append(f"#m{number} = if_not_exists(#m{number}, :entry)")
            else:
                sets.append(f"#m{number} = :entry")
            conditions.append(f"({free})")
        item = {
            "TableName": self._table,
            "Key": _key(row.key),
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
        if not sets:
            del names["#dossier"], values[":mine"], values[":entry"]
            return {"ConditionCheck": item}
        return {"Update": {**item, "UpdateExpression": "SET " + ", ".join(sets)}}


def _rows(claims: Iterable[Claim]) -> list[_Row]:
    """In the order of their keys: a row for each number of a person, his alone; one for name and birth, his alone where
    he has no number; one for each lower grant taken over. People of one list who share a key share its row."""
    rows: dict[str, _Row] = {}
    for claim in claims:
        keys = [(number, True) for number in claim.who.numbers]
        if claim.who.name or not keys:
            keys.append((claim.who.name or claim.row, not keys))
        over = {held.month: held.grant for held in claim.over}
        for key, strict in keys:
            known = rows.get(key)
            if known is None:
                rows[key] = _Row(key, claim, claim.months, strict, over)
                continue
            months = tuple(sorted({*known.months, *claim.months}))
            rows[key] = _Row(key, known.claim, months, strict or known.strict, {**known.over, **over})
        for grant in set(over.values()):
            months = tuple(sorted(month for month, name in over.items() if name == grant))
            rows[grant_key(grant)] = _Row(grant_key(grant), claim, months, strict=True)
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
        "month_vnd": {"N": str(claim.amount_vnd)},
        "grant": {"S": grant_name(change.after.id, claim.row)},
        "at": {"S": change.audit.at},
        **{f"has_{kind}": {"BOOL": True} for kind in claim.who.kinds},
    }
    return {"M": {**entry, "hold": {"S": hold}} if hold else entry}


def _entry(value: Any) -> Item:
    plain = {name: next(iter(item.values())) for name, item in value["M"].items()}
    kinds = tuple(name.removeprefix("has_") for name in plain if name.startswith("has_"))
    return {"hold": "", "grant": "", **plain, "kinds": kinds}


def _last(month: str, entry: Item, over: Mapping[str, Mapping[str, Item]]) -> Item | None:
    """What a grant has become: the highest that took it over and stands, or itself; None where nothing stands."""
    last = entry if entry["state"] == "stands" else None
    while (higher := over.get(grant_key(entry["grant"]), {}).get(month)) is not None:
        entry = higher
        last = entry if entry["state"] == "stands" else last
    return last


def _holding(month: str, entry: Item, *, sure: bool = True) -> Holding:
    worth = int(entry["month_vnd"]) if "month_vnd" in entry else None
    return Holding(
        month, entry["dossier_id"], entry["code"], entry["procedure"], entry["kind"], sure, worth, entry["grant"]
    )


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
