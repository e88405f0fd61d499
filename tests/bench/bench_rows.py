"""Lists of 1 to 5,000 people through the verbs and the real table: processor time, memory, sizes that DynamoDB limits.

The table runs in the same process here (moto); what it takes of the time is DynamoDB's work, not ours, and is told
apart. Every row has its agreement; two in a hundred are refused. Run as `python -m tests.bench.bench_rows [rows …]`;
prints a table and writes build/reports/rows.json.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from adapters.store import CaseTable
from casework.review import RowDecision
from casework.workflow import verdicts
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from infra.local.tables import small_backups
from tests.builders import PROVINCE, Employee, House, sheet, the_list
from tests.template_file import properties, template

REPORT = Path(__file__).parents[2] / "build" / "reports" / "rows.json"
ITEM_LIMIT_BYTES, TRANSACTION_LIMIT = 400 * 1024, 100


class Watched:
    """A DynamoDB client that remembers the largest item and transaction it was given, and how many calls."""

    def __init__(self, client: Any) -> None:
        self._client, self.largest, self.longest, self.calls = client, 0, 0, 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if name not in ("transact_write_items", "put_item", "update_item", "query", "get_item", "batch_get_item"):
            return method

        def call(**request: Any) -> Any:
            self.calls += 1
            if name == "transact_write_items":
                items = request["TransactItems"]
                self.longest = max(self.longest, len(items))
                written = [item["Put"]["Item"] for item in items if "Put" in item]
                sizes = [len(json.dumps(item, ensure_ascii=False).encode()) for item in written]
                self.largest = max([self.largest, *sizes])
                with small_backups(json.dumps(request).encode()):
                    return method(**request)
            return method(**request)

        return call


class Emulated:
    """Processor seconds spent in the table's stand-in, as long as it is in use."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> Emulated:
        answer = self._answer = BotocoreStubber.__call__

        def timed(stub: Any, *given: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return answer(stub, *given, **named)
            finally:
                self.seconds += time.process_time() - began

        BotocoreStubber.__call__ = timed  # type: ignore[method-assign]
        return self

    def __exit__(self, *error: object) -> None:
        BotocoreStubber.__call__ = self._answer  # type: ignore[method-assign]


def people(count: int) -> list[Employee]:
    """One in fifty starts too late."""
    late = {"starts": "2020-06-02", "ends": "2020-07-01"}
    return [
        Employee(f"Nguyễn Văn {n:05d}", f"79{n:08d}", "1990-02-03", **(late if n % 50 == 49 else {}))
        for n in range(count)
    ]


def measure(count: int) -> dict[str, Any]:
    """One dossier of so many people, from the check to the decision."""
    with mock_aws(), Emulated() as emulated:
        raw = boto3.client("dynamodb", region_name="ap-southeast-1")
        wanted = properties(template(), "CasesTable")
        shape = {name: wanted[name] for name in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")}
        raw.create_table(TableName="cases", BillingMode="PAY_PER_REQUEST", **shape)
        client = Watched(raw)
        house = House(store=CaseTable(client, "cases"))  # type: ignore[arg-type]
        listed = people(count)
        agreements = sheet("suspension_agreement", {}, [person.agreement() for person in listed])
        dossier = house.draft(papers_={"mau-01.pdf": the_list(*listed), "thoa-thuan.pdf": agreements})
        house.submit(dossier.id)
        for pending in house.store.waiting(10):
            house.deliver(pending.dossier_id, pending.effect.id)
        seconds: dict[str, float] = {}
        ours: dict[str, float] = {}

        def timed(name: str, act: Callable[[], Any]) -> Any:
            began, table = time.process_time(), emulated.seconds
            result = act()
            taken = time.process_time() - began
            seconds[name] = seconds.get(name, 0.0) + taken
            ours[name] = ours.get(name, 0.0) + taken - (emulated.seconds - table)
            return result

        for registry in ("vss", "enterprise", "tax", "payments"):
            timed("registries", lambda registry=registry: house.consult(dossier.id, 1, registry))
        timed("check", lambda: house.check(dossier.id, 1))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        kept = house.files.evidence(house.store.load(dossier.id).verdict_key)
        size = len(verdicts.canonical(kept))
        assert timed("replay", lambda: verdicts.replay(kept)).same
        house.request_review(dossier.id, 1, "district_appraisal", "t1")
        house.decide(dossier.id, "send_on")
        house.record_stage(dossier.id, 1)
        house.request_review(dossier.id, 1, "province_decision", "t2")
        before = client.calls
        part = count >= 50
        rows = tuple(RowDecision(f"bhxh:{person.bhxh}", "refuse", "quá hạn") for person in listed[49::50])
        outcome = "approve_in_part" if part else "approve"
        timed("decide", lambda: house.decide(dossier.id, outcome, actor=PROVINCE, reason="theo thẩm tra", rows=rows))
        calls = client.calls - before
        state = house.close(dossier.id, 1)
        decision = house.store.records(dossier.id, "DECISION#001#province")[0].data
        assert state == ("partly_approved" if part else "approved")
        assert decision["approved"] == count - len(rows)
        assert decision["total_vnd"] == 1_800_000 * (count - len(rows))
        return {
            "rows": count,
            "processor_seconds": {name: round(taken, 2) for name, taken in seconds.items()},
            "without_the_table": {name: round(taken, 2) for name, taken in ours.items()},
            "process_peak_mb": round(peak / 2**20, 1),
            "verdict_mb": round(size / 2**20, 2),
            "largest_item_kb": round(client.largest / 1024, 1),
            "longest_transaction": client.longest,
            "calls_to_decide": calls,
            "total_words": decision["total_words"],
        }


def main(counts: list[int]) -> None:
    results = [measure(count) for count in counts]
    for result in results:
        print(json.dumps(result, ensure_ascii=False))
        assert result["largest_item_kb"] * 1024 < ITEM_LIMIT_BYTES
        assert result["longest_transaction"] <= TRANSACTION_LIMIT
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [1, 50, 500, 5000])
