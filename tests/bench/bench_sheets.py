"""A list as a spreadsheet of 5,000 people from the gate to its rows: processor seconds, memory, bytes.

Every step in this one process; in the cloud each page is a call of its own, ten at a time, each opening the file
anew. Run as `python -m tests.bench.bench_sheets [people …]`; prints a table and writes build/reports/sheets.json.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from adapters.inspection import inspect
from adapters.sheet_pages import lay_out, read_sheet
from adapters.workbooks import read_workbook
from casework.reading import read_fields
from rich.console import Console
from rich.table import Table

from tests.hostile_sheets import filled_in, person

REPORT = Path(__file__).parents[2] / "build" / "reports" / "sheets.json"


def measure(people: int) -> dict[str, Any]:
    """What a list of so many people costs."""
    data = filled_in([person(number) for number in range(1, people + 1)])
    began = time.process_time()
    count = inspect(data, "danh-sach.xlsx").page_count
    gate = time.process_time()
    read_sheet(data, count, picture=True)
    last = time.process_time()
    laid = lay_out(read_workbook(data))
    pages = [laid.page(number, picture=True) for number in range(1, count + 1)]
    drawn = time.process_time()
    rows = read_fields([page for page, _ in pages]).tables["roster"]
    return {
        "people": people,
        "rows_read": len(rows),
        "file_kb": len(data) // 1024,
        "pages": count,
        "picture_kb": max(len(picture) for _, picture in pages) // 1024,
        "gate_seconds": round(gate - began, 2),
        "one_page_seconds": round(last - gate, 2),
        "all_pages_opened_once_seconds": round(drawn - last, 2),
        "rows_seconds": round(time.process_time() - drawn, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    found = [measure(int(people)) for people in sys.argv[1:] or ("1", "50", "5000")]
    table = Table("what", *(str(each["people"]) for each in found), title="A list as a spreadsheet")
    for name in found[0]:
        table.add_row(name, *(str(each[name]) for each in found))
    Console().print(table)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
