"""A registry that is a list an agency sent: imported with the day it speaks of, and asked by key.

A list lies in its table in buckets of a few hundred entries, packed; an entry's bucket follows from its key, so that
a question costs one read a person at most, and a million rows cost few thousand writes. A list is named after its
content: sent again it is there already, and an import that was cut off begins anew and writes the same. The row that
makes a list count is written last.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from casework.agency_lists import (
    CellError,
    Entry,
    ListKind,
    answer_employer,
    answer_row,
    day_asked,
    find_columns,
    keys_asked,
    list_kinds,
    read_row,
)
from casework.document import Text
from casework.errors import RegistryUnavailable
from casework.ports import Clock
from casework.registry import Answer, Question

from adapters.registries.list_files import Row, UnreadableList

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_ERRORS = 1000
ENTRIES_IN_BUCKET = 250
PARTITIONS = 64  # files open at a time while a list is sorted into its buckets
HEADING_WITHIN = 20  # rows of titles that may stand above the heading
_AT_ONCE = {"get": 100, "put": 25}  # DynamoDB's own limits
_TRIES = 8

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to: rows taken, errors by row and column (the first MOST_ERRORS), or that it was there."""

    rows: int
    errors: tuple[CellError, ...] = ()
    errors_in_all: int = 0
    known_already: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A list that counts: the day it speaks of, its id (of its content), how many bits of a key choose a bucket, which
    columns it has."""

    as_of: str
    id: str
    rows: int
    bits: int
    columns: list[str] = field(default_factory=list)
    imported_at: str = ""


@dataclass(frozen=True)
class ListTable:
    """The lists of all registries in one table."""

    client: DynamoDBClient
    table: str
    clock: Clock

    def heads(self, registry: str) -> list[Head]:
        """The lists of a registry, the newest day first."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"LIST#{registry}"}},
            ScanIndexForward=False,
        )
        return [Head(**json.loads(item["data"]["S"])) for page in pages for item in page["Items"]]

    def entries(self, registry: str, head: Head, keys: Iterable[str]) -> dict[str, Entry]:
        """The entries of these keys; who is not on the list is not in the answer."""
        wanted = sorted(set(keys))
        buckets = sorted({_bucket(key, head.bits) for key in wanted})
        found: dict[str, Entry] = {}
        for chosen in _batches(buckets, _AT_ONCE["get"]):
            for item in self._read([_place(registry, head.id, bucket) for bucket in chosen]):
                found.update(json.loads(gzip.decompress(item["data"]["B"])))
        return {key: found[key] for key in wanted if key in found}

    def take(
        self, registry: str, as_of: date, digest: str, rows: Iterable[Row], told: Progress | None = None
    ) -> Imported:
        """Import a list: all of it, or nothing where a row is wrong. digest: SHA-256 of the file.

        Raises UnreadableList when no row is the heading of this kind of list; KeyError for a registry without lists.
        """
        kind, list_id = list_kinds()[registry], f"{as_of.isoformat()}.{digest[:16]}"
        known = next((head for head in self.heads(registry) if head.id == list_id), None)
        if known is not None:
            return Imported(known.rows, known_already=True)
        with tempfile.TemporaryDirectory() as folder:  # its owner's alone, and gone afterwards
            sorting = _Sorting(kind, Path(folder))
            sorting.sort(rows, told)
            bits = max(PARTITIONS.bit_length() - 1, (sorting.count // ENTRIES_IN_BUCKET).bit_length())
            for doublets in (sorting.buckets(partition, bits)[1] for partition in range(PARTITIONS)):
                sorting.wrong(doublets)
            if sorting.errors_in_all:
                return Imported(0, tuple(sorting.errors), sorting.errors_in_all)
            for partition in range(PARTITIONS):
                buckets, _ = sorting.buckets(partition, bits)
                self._write([_item(registry, list_id, name, entries) for name, entries in buckets.items()])
            head = Head(as_of.isoformat(), list_id, sorting.count, bits, sorted(sorting.columns), self._now())
        key = {"pk": {"S": f"LIST#{registry}"}, "sk": {"S": f"AS_OF#{head.as_of}"}}
        self.client.put_item(TableName=self.table, Item={**key, "data": {"S": json.dumps(asdict(head))}})
        return Imported(head.rows)

    def _now(self) -> str:
        return self.clock().isoformat(timespec="seconds")

    def _read(self, keys: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Every row that is there, however many answers DynamoDB makes of them."""
        wanted: Any = {self.table: {"Keys": keys}}
        for _ in range(_TRIES):
            answer = self.client.batch_get_item(RequestItems=wanted)
            yield from answer["Responses"].get(self.table, [])
            wanted = answer.get("UnprocessedKeys")
            if not wanted:
                return
        raise RegistryUnavailable("the table of lists is too busy")

    def _write(self, items: list[dict[str, Any]]) -> None:
        for batch in _batches(items, _AT_ONCE["put"]):
            wanted: Any = {self.table: [{"PutRequest": {"Item": item}} for item in batch]}
            for _ in range(_TRIES):
                wanted = self.client.batch_write_item(RequestItems=wanted).get("UnprocessedItems")
                if not wanted:
                    break
            else:
                raise RegistryUnavailable("the table of lists is too busy")


@dataclass(frozen=True)
class ListRegistry:
    """Answers from the newest list that tells of the day asked about; without one nobody knows."""

    lists: ListTable

    def ask(self, question: Question) -> Answer:
        """Raises RegistryUnavailable."""
        kind = list_kinds().get(question.registry)
        if kind is None:
            raise RegistryUnavailable("no lists of this registry are known")
        day = day_asked(kind, question)
        heads = self.lists.heads(question.registry)
        head = next((head for head in heads if kind.tells_of(date.fromisoformat(head.as_of), day)), None)
        if head is None:
            raise RegistryUnavailable(f"no list that tells of {day.isoformat()} was imported")
        entries = self.lists.entries(question.registry, head, keys_asked(kind, question))
        by_row = kind.subject == "row"
        rows = (answer_row(kind, row, entries.get(row.bhxh_number), question, head.columns) for row in question.rows)
        code = next(iter(keys_asked(kind, question)), "")
        employer = None if by_row else answer_employer(kind, entries.get(code), question, head.columns)
        return Answer(
            question.registry,
            question.question_id,
            question.as_of,
            self.lists.clock(),
            f"list/{question.registry}/{head.id}",
            employer,
            tuple(rows) if by_row else (),
        )


class _Sorting:
    """A list on its way into its buckets: first into files by the beginning of the key's hash, then file by file."""

    def __init__(self, kind: ListKind, folder: Path) -> None:
        self._kind, self._folder = kind, folder
        self.count, self.errors_in_all = 0, 0
        self.columns: Mapping[str, int] = {}
        self.errors: list[CellError] = []

    def sort(self, rows: Iterable[Row], told: Progress | None) -> None:
        rest = self._after_heading(rows)
        with ExitStack() as stack:
            files = [stack.enter_context(self._file(n).open("w", encoding="utf-8")) for n in range(PARTITIONS)]
            for number, cells in rest:
                entry, errors = read_row(self._kind, self.columns, number, cells)
                if errors:
                    self.wrong(errors)
                elif entry:
                    self.count += 1
                    self._keep(files, number, entry)
                if told is not None and number % 5000 == 0:
                    told(number)

    def buckets(self, partition: int, bits: int) -> tuple[dict[str, dict[str, Entry]], list[CellError]]:
        """The entries of one file by bucket, and the rows whose key stood there before with something else."""
        found: dict[str, dict[str, Entry]] = {}
        where: dict[str, int] = {}
        doublets = []
        with self._file(partition).open(encoding="utf-8") as file:
            for line in file:
                number, key, entry = json.loads(line)
                bucket = found.setdefault(_bucket(key, bits), {})
                if bucket.setdefault(key, entry) != entry:
                    first = where[key]
                    says = Text(f"{key} đã có ở dòng {first}, khác nội dung", f"{key} is in row {first}, otherwise")
                    doublets.append(CellError(number, self._kind.key, says))
                where.setdefault(key, number)
        return found, doublets

    def wrong(self, errors: Iterable[CellError]) -> None:
        for error in errors:
            self.errors_in_all += 1
            if len(self.errors) < MOST_ERRORS:
                self.errors.append(error)

    def _after_heading(self, rows: Iterable[Row]) -> Iterator[Row]:
        rest = iter(rows)
        for _, cells in itertools.islice(rest, HEADING_WITHIN):
            columns = find_columns(self._kind, cells)
            if columns is not None:
                self.columns = columns
                return rest
        needed = ", ".join(column.labels[0] for column in self._kind.columns if column.required)
        raise UnreadableList(f"không thấy dòng tiêu đề có các cột · no heading with the columns: {needed}")

    def _keep(self, files: Sequence[TextIO], number: int, entry: Entry) -> None:
        key = entry.pop(self._kind.key) if self._kind.subject == "row" else entry[self._kind.key]
        line = json.dumps([number, key, entry], ensure_ascii=False, separators=(",", ":"))
        files[int(_bucket(key, PARTITIONS.bit_length() - 1), 16)].write(f"{line}\n")

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:02x}"


def _bucket(key: str, bits: int) -> str:
    """The name of a key's bucket: the first bits of its hash."""
    first = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
    return f"{first >> (32 - bits):06x}"


def _place(registry: str, list_id: str, bucket: str) -> dict[str, Any]:
    return {"pk": {"S": f"LIST#{registry}#{list_id}"}, "sk": {"S": f"BUCKET#{bucket}"}}


def _item(registry: str, list_id: str, bucket: str, entries: Mapping[str, Entry]) -> dict[str, Any]:
    plain = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
    return {**_place(registry, list_id, bucket), "data": {"B": gzip.compress(plain, 6, mtime=0)}}


def _batches(items: list[Any], size: int) -> Iterator[list[Any]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]
