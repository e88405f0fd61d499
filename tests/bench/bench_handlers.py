"""Cold start measured: seconds to import each handler beyond boto3, in a fresh process, the best of several.

    python -m tests.bench.bench_handlers [--runs 3] [--at-once 1] [function …]

Bytecode is compiled before (as in the packages); what is counted is what the handler's own wiring line loads, its
clients included. Limit: 0.35 s.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 0.35
# Whatever the template gives a function; the values matter only where they are named below.
NAMES = re.findall(r"^ +([A-Z][A-Z0-9]*_[A-Z0-9_]+):", (ROOT / "infra/template.yaml").read_text("utf-8"), re.MULTILINE)
ENVIRONMENT = {
    **dict.fromkeys(NAMES, "x"),
    **dict.fromkeys(["PRETEND_NOW", "OIDC_PROVIDER", "SIGN_IN_DOMAIN", "FACES_HOME", "TESSERACT_HOME"], ""),
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "STAGE": "local",
    "SECOND_LOOK_PERCENT": "5",
    "REGISTRY_CALLS_PER_SECOND": "10",
    "REGISTRY_PAUSE_SECONDS": "5",
    "REGISTRY_KINDS": "",
    "MAIL_SENDER": "mot-cua@example.vn",
    "PUBLIC_URL": "http://127.0.0.1",
    "REGISTRY_BASE_URL": "http://127.0.0.1:9",
    "AWS_DEFAULT_REGION": "ap-southeast-1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "POWERTOOLS_METRICS_NAMESPACE": "MotCua",
    "POWERTOOLS_TRACE_DISABLED": "1",
}
PROBE = """
import sys, time, boto3, botocore.config, botocore.exceptions
sys.path.insert(0, sys.argv[1])
wall, cpu = time.perf_counter(), time.process_time()
import app
print(time.perf_counter() - wall, time.process_time() - cpu)
"""


def measure(folder: Path, runs: int) -> tuple[float, float]:
    """(wall, processor) seconds to import the handler in `folder`, beyond boto3: the least of several processes.

    On a busy machine the processor's seconds are the ones to believe."""
    layers = [str(ROOT / "layers" / name / "python") for name in ("casework", "adapters")]
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(layers)}
    command = [sys.executable, "-c", PROBE, str(folder)]
    said = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(runs + 1)
    ]
    times = [[float(number) for number in one.stdout.split()] for one in said[1:]]  # the first run compiles
    return min(wall for wall, _ in times), min(cpu for _, cpu in times)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--at-once", type=int, default=1, help="handlers measured side by side")
    options.add_argument("--json", type=Path, default=ROOT / "build" / "reports" / "bench_handlers.json")
    options.add_argument("functions", nargs="*", help="these only; else all of them")
    given = options.parse_args()
    folders = sorted(path.parent for path in (ROOT / "functions").glob("*/app.py"))
    if unknown := set(given.functions) - {folder.name for folder in folders}:
        options.error(f"no such function: {', '.join(sorted(unknown))}")
    folders = [folder for folder in folders if not given.functions or folder.name in given.functions]
    with ThreadPoolExecutor(given.at_once) as pool:
        times = pool.map(lambda folder: measure(folder, given.runs), folders)
        found = {
            folder.name: [round(seconds, 3) for seconds in both] for folder, both in zip(folders, times, strict=True)
        }
    table = Table(title=f"import of each handler beyond boto3, seconds (limit {LIMIT_SECONDS})")
    table.add_column("function")
    table.add_column("wall", justify="right")
    table.add_column("processor", justify="right")
    for name, (wall, cpu) in sorted(found.items(), key=lambda item: -item[1][0]):
        table.add_row(name, f"{wall:.3f}", f"{cpu:.3f}", style="red" if min(wall, cpu) > LIMIT_SECONDS else "")
    Console().print(table)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
