"""What the officers' queue costs with very many open tasks: calls of the table for each thing somebody asks of it.

    python -m tests.bench.bench_queue [--short]

100,000 open tasks of 50 offices (short: 5,000 of 10), with their marks, counts and words to search by, are put into a
table in memory that keeps rows in the order of their keys as DynamoDB does (counted_table.py: moto, which looks through
every row for every query, takes minutes already at 2,000). Then each question is asked through the real adapter and the
real verbs; calls and rows read are counted. More calls than the bound, and the command fails; a Scan does not exist.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.store import CaseTable
from adapters.worklists import leading, marked
from casework.dossier import Actor, Applicant, Dossier, State
from casework.found import entries
from casework.plain import to_plain
from casework.review import Task
from casework.tallies import Tally, together
from casework.vietnam import working_days
from casework.workflow import leasing, searching, worklists
from casework.worklist import Wanted, arriving, task_record
from rich.console import Console
from rich.table import Table

from tests.bench.counted_table import CountedTable
from tests.fakes import MemoryFiles, SetClock
from tests.template_file import properties, template

REPORT = Path(__file__).resolve().parents[2] / "build" / "reports" / "bench_queue.json"
FAMILY, GIVEN = (
    ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng"),
    ("Ánh", "Bình", "Cúc", "Dũng", "Giang", "Hương", "Khánh"),
)
MIDDLE = ("Văn", "Thị", "Minh", "Ngọc", "Quốc", "Thu")
MOST_CALLS = {"claim next": 6, "search": 4, "statistics": 6, "counts": 3}  # any page of the queue: 1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    short = parser.parse_args().short
    results = measure(5_000, 10) if short else measure(100_000, 50)
    show(results)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    if results["over"]:
        raise SystemExit(f"more than the bound: {results['over']}")


def measure(count: int, offices: int) -> dict[str, Any]:
    """Fill the table, ask everything once, count."""
    shape = properties(template(), "CasesTable")["GlobalSecondaryIndexes"]
    keys = {index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]] for index in shape}
    table = CountedTable({name: (partition, order) for name, (partition, order) in keys.items()})
    store = CaseTable(table, "cases")  # type: ignore[arg-type]
    clock = SetClock(datetime(2020, 5, 18, 2, 0, tzinfo=UTC))
    fill(table, count, offices, clock)
    found = []
    for name, act in questions(store, clock).items():
        table.calls.clear()
        table.rows_read = 0
        shown = act()
        asked = dict(sorted(table.calls.items()))
        calls = sum(asked.values())
        found.append({"what": name, "calls": calls, "of": asked, "rows_read": table.rows_read, "shown": shown})
    over = [one["what"] for one in found if one["calls"] > most(one["what"])]
    return {"tasks": count, "offices": offices, "asked": found, "over": over}


def most(what: str) -> int:
    return next((bound for name, bound in MOST_CALLS.items() if what.startswith(name)), 1)


def fill(table: CountedTable, count: int, offices: int, clock: SetClock) -> None:
    """Open tasks with everything that stands beside them."""
    dice = random.Random(f"queue {count}")
    tallies: list[Tally] = []
    for number in range(count):
        office = f"H29.{number % offices + 1}"
        task, dossier = a_task(dice, number, office, clock())
        pk = {"pk": {"S": f"DOSSIER#{task.dossier_id}"}}
        record = task_record(task)
        table.put({**pk, "sk": {"S": record.key}, "data": _json(record.data), **marked(record)})
        head = {"version": {"N": "1"}, "owner": {"S": dossier.owner}, "owner_order": {"S": dossier.id}}
        table.put({**pk, "sk": {"S": "A#HEAD"}, **head, "data": _json(to_plain(dossier))})
        people = {"one": {"name": dossier.applicant.name, "numbers": [f"bhxh:79{number:08d}"]}}
        for entry in entries(dossier, people, f"Công ty TNHH {dossier.applicant.name}", ""):
            table.put(leading(office, entry))
        tallies += arriving(task)
        if len(tallies) > 50_000:
            tallies = list(together(tallies))
    for tally in together([*tallies, *history(offices, dice, clock())]):
        place = {"pk": {"S": f"TALLY#{tally.office}"}, "sk": {"S": f"{tally.row}#0"}}
        table.put({**place, **{name: {"N": str(number)} for name, number in tally.counts.items()}})


def _json(data: Any) -> dict[str, str]:
    return {"S": json.dumps(data, ensure_ascii=False)}


def a_task(dice: random.Random, number: int, office: str, now: datetime) -> tuple[Task, Dossier]:
    """One open task: entered within the last month, due in up to twenty working days, some held."""
    entered = now - timedelta(days=dice.randrange(30), minutes=dice.randrange(600))
    due = working_days.add_working_days(entered.date(), dice.choice((3, 5, 10, 20)))
    name = f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"
    service = dice.choice(("SW", "SW", "SW", "LN", "HB", "TC", "PS"))
    held = number % 20 == 0
    dossier_id = f"d{number:07d}"
    code = f"{office}-200518-{number:04d}"
    task = Task(
        dossier_id, code, service, 1, dice.choice(("district_appraisal", "district_check")), office, due.isoformat(),
        dice.choice(("fast_lane", "fast_lane", "review", "partial", "refusal_proposed")), f"t{number}",
        entered_at=entered.isoformat(timespec="seconds"), applicant=name, people=dice.randrange(1, 40),
        claimed_by="officer-1" if held else "",
        claimed_until=(now + timedelta(minutes=20)).isoformat(timespec="seconds") if held else "",
    )  # fmt: skip
    dossier = Dossier(
        dossier_id, code, service, office, f"owner-{number}", Applicant(name), entered.isoformat(), "0" * 64,
        state=State.IN_REVIEW, version=1, round=1, received_on=entered.date(), stage=task.stage,
    )  # fmt: skip
    return task, dossier


def history(offices: int, dice: random.Random, now: datetime) -> list[Tally]:
    """What the offices did on each day of the last year."""
    made = []
    for office in range(1, offices + 1):
        for back in range(365):
            day = (now.date() - timedelta(days=back)).isoformat()
            done = {"decided": dice.randrange(20, 60), "timed": 20, "minutes": 300, "minutes<15": 12, "minutes<30": 8}
            made.append(Tally(f"H29.{office}", f"DAY#{day}", {**done, "late": dice.randrange(3)}))
        made.append(Tally(f"H29.{office}", "BLIND#2020-05", {"same": 48, "other": 2, "officer:officer-1:looked": 50}))
    return made


def questions(store: CaseTable, clock: SetClock) -> dict[str, Callable[[], int]]:
    """Everything somebody asks of a queue, each giving how much it showed."""
    officer, leader = Actor("officer", "officer-1", "H29.1"), Actor("supervisor", "leader", "H29.1")

    def page(limit: int = 20, **wanted: Any) -> Callable[[], int]:
        return lambda: len(worklists.page(officer, Wanted(**wanted), "", limit, store=store, clock=clock)[0])

    def claim_next() -> int:
        officer = Actor("officer", "officer-2", "H29.1")
        leasing.claim_next(officer, Wanted(), store=store, files=MemoryFiles(), clock=clock)
        return 1

    def figures(days: int) -> Callable[[], int]:
        return lambda: len(worklists.statistics(leader, days, 5, store=store, clock=clock).days)

    asked: dict[str, Callable[[], int]] = {"first page": page(), "first page of 100": page(100)}
    for name, wanted in {
        "service": {"service": "TC"}, "stage": {"stage": "district_check"}, "route": {"route": "refusal_proposed"},
        "holder": {"holder": "me"}, "nobody's": {"holder": "none"}, "overdue": {"mark": "overdue"},
        "at risk": {"mark": "at_risk"}, "waiting for 10 days": {"older_than": 10},
        "service, route and stage": {"service": "TC", "route": "review", "stage": "district_check"},
        "all at once": {"service": "SW", "stage": "district_check", "route": "review", "holder": "me",
                        "mark": "overdue", "older_than": 3},
    }.items():  # fmt: skip
        asked[f"filter: {name}"] = page(**wanted)
    for name, text in {"name": "nguyen van anh", "number": "7900000050", "company": "cong ty tnhh tran van",
                       "code": "H29.1-200518-0000"}.items():  # fmt: skip
        asked[f"search: {name}"] = lambda t=text: len(searching.search(t, officer, store=store))
    asked["counts"] = lambda: worklists.counts(officer, store=store, clock=clock)["open"]
    asked["statistics of 30 days"] = figures(30)
    asked["statistics of a year"] = figures(366)
    asked["claim next"] = claim_next
    return asked


def show(results: dict[str, Any]) -> None:
    table = Table(title=f"{results['tasks']:,} open tasks of {results['offices']} offices")
    for name in ("asked", "calls", "which", "rows read", "shown"):
        table.add_column(name, justify="left" if name in ("asked", "which") else "right")
    for one in results["asked"]:
        which = ", ".join(f"{n} {name}" for name, n in one["of"].items())
        table.add_row(one["what"], str(one["calls"]), which, str(one["rows_read"]), str(one["shown"]))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
