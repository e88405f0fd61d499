"""AWS calls of one dossier, from draft to decision, by function and operation; and the times of its way.

    python -m tests.bench.bench_calls

The dossier is a list of one person with his agreement, born digital; what the API does for clients that look again
and again is left out.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.local.cloud import Cloud
from infra.local.commands.demo import cast_of
from infra.local.serve import Server
from tests.journeys import way

REPORT = Path(__file__).resolve().parents[2] / "build" / "reports" / "bench_calls.json"
LOOKS = {"Query", "GetItem", "GetObject"}


def main() -> None:
    papers = way.papers(1)
    with Cloud({"PretendNow": "2020-05-12T08:00:00+07:00", "LogLevel": "CRITICAL"}) as cloud, Server(cloud) as server:
        cast = cast_of(cloud, server)
        one = way.Way(cast.applicant(), cast.officer("H29.1"), cast.officer("H29"), papers)
        cloud.calls.clear()
        began = time.perf_counter()
        ended = one.go()["state"]
        seconds = time.perf_counter() - began
        calls: Counter[tuple[str, str]] = Counter()
        for (function, _, operation), count in cloud.calls.items():
            if function != "ApiFunction" or operation not in LOOKS:
                calls[function, operation] += count
    table = Table(title=f"AWS calls of one dossier ({ended} after {seconds:.1f} s): {sum(calls.values())}")
    for name in ("function", "operation", "calls"):
        table.add_column(name, justify="right" if name == "calls" else "left")
    for (function, operation), count in sorted(calls.items()):
        table.add_row(function, operation, str(count))
    Console().print(table)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    plain = {f"{function} {operation}": count for (function, operation), count in sorted(calls.items())}
    REPORT.write_text(json.dumps({"total": sum(calls.values()), "seconds": seconds, "calls": plain}, indent=1))


if __name__ == "__main__":
    main()
