"""A list of a million people: rows a second from the file to the last bucket, and the memory it takes.

    python -m tests.bench.bench_lists [rows …]

The table only counts what it is given (DynamoDB's own pace is not ours to measure): reading, checking, sorting and
packing are real. Prints a table and writes build/reports/bench_lists.json.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import openpyxl
from adapters.registries.list_files import rows_of
from adapters.registries.lists import ListTable
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "build" / "reports" / "bench_lists.json"
HEADING = ["STT", "Mã số BHXH", "Họ và tên", "Ngày sinh", "Từ tháng", "Đến tháng", "Tháng báo giảm"]
SURNAMES, GIVEN = ("Nguyễn", "Trần", "Lê", "Phạm", "Đỗ"), ("Ánh", "Bình", "Cúc", "Dũng", "Hòa", "Linh", "Thủy")


class Counting:
    """A DynamoDB client that keeps nothing and counts calls, items and bytes."""

    def __init__(self) -> None:
        self.calls, self.items, self.bytes, self.largest = 0, 0, 0, 0

    def get_paginator(self, name: str) -> Any:
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"Items": []}]

    def put_item(self, **_: Any) -> None:
        self.calls += 1

    def batch_write_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        for put in next(iter(RequestItems.values())):
            size = len(put["PutRequest"]["Item"]["data"]["B"])
            self.items, self.bytes, self.largest = self.items + 1, self.bytes + size, max(self.largest, size)
        return {"UnprocessedItems": {}}


def make(path: Path, count: int) -> None:
    rows = (
        [n, f"{7_900_000_000 + n}", f"{SURNAMES[n % 5]} Văn {GIVEN[n % 7]}", f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/1990",
         f"{n % 12 + 1:02d}/2018", "", "04/2020" if n % 3 else ""]
        for n in range(count)
    )  # fmt: skip
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADING)
            writer.writerows(rows)
        return
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADING)
    for row in rows:
        sheet.append(row)
    book.save(path)


def measure(path: Path) -> dict[str, Any]:
    """Import one file; to be run in a process of its own, whose peak is then the import's."""
    client = Counting()
    table = ListTable(client, "lists", lambda: dt.datetime.now(dt.UTC))  # type: ignore[arg-type]
    with path.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, busy = time.perf_counter(), time.process_time()
    done = table.take("vss", dt.date(2020, 4, 30), digest, rows_of(path))
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    assert done.errors_in_all == 0, done.errors[:3]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "file": path.suffix[1:],
        "rows": done.rows,
        "seconds": round(seconds, 1),
        "rows_per_second": round(done.rows / seconds),
        "rows_per_processor_second": round(done.rows / busy),
        "peak_mb": round(peak),
        "more_than_at_start_mb": round(peak - before),
        "buckets": client.items,
        "stored_mb": round(client.bytes / 2**20, 1),
        "largest_bucket_kb": round(client.largest / 1024, 1),
        "calls": client.calls,
    }


def main(counts: list[int]) -> None:
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for count, kind in [*((count, "csv") for count in counts), (min(counts[-1], 100_000), "xlsx")]:
            path = Path(folder) / f"list{count}.{kind}"
            make(path, count)
            told = subprocess.run(
                [sys.executable, "-m", "tests.bench.bench_lists", "--one", str(path)],
                cwd=ROOT,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            results.append(json.loads(told))
            path.unlink()
    table = Table(title="danh sách của cơ quan · lists of agencies")
    for name in results[0]:
        table.add_column(name.replace("_", " "), justify="right")
    for result in results:
        table.add_row(*(str(value) for value in result.values()))
    Console(width=160).print(table)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        main([int(count) for count in sys.argv[1:]] or [100_000, 1_000_000])
