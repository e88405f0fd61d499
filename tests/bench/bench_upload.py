"""From the end of an upload to "this is what we read" on the page: seconds, p50 and p95, for one page and for twenty;
and to "this page cannot be read, take it again" for a spoiled one.

    python -m tests.bench.bench_upload [--short]

The whole local stack with real reading, nothing read before. A person with a browser sends a file straight to the store
and asks for the paper's page, which answers when it was read. The stand-ins of AWS run on the same processors, so the
processor's seconds and the load of the machine stand beside: seconds of a machine with other work say little.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import statistics
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import PIL.Image
import requests
from adapters.sessions import Person, Sessions
from casework.dossier import Actor, Applicant
from casework.workflow import filing
from rich.console import Console
from rich.table import Table

from infra.local.cloud import Cloud
from infra.local.serve import Server
from infra.papers import Level, paper_set, wear_page
from infra.papers.spoiling import Spoiling, spoil

REPORT = Path(__file__).resolve().parents[2] / "build" / "reports" / "bench_upload.json"
PAGES = {"one": 1, "twenty": 20}
AIMS = {"spoiled": 3.0, "one": 4.0, "twenty": 25.0}
RUNS, SHORT_RUNS = {"spoiled": 12, "one": 12, "twenty": 3}, {"spoiled": 2, "one": 3, "twenty": 1}
_SPOILED: tuple[Spoiling, ...] = ("blurred", "dark", "too_small", "not_a_document")  # of a kind that all get caught
LEVELS: tuple[Level, ...] = ("phone", "office200", "clean300")
PATIENCE_SECONDS = 300.0
READ = ("Chúng tôi đọc được", "This is what we read")
TAKE_AGAIN = ("mc-card--wrong",)


@dataclass(frozen=True)
class Sample:
    """A file as it is sent: `pages` it has, how it looks, and words of the page that tells what came of it."""

    pages: int
    level: str
    media_type: str
    data: bytes
    says: tuple[str, ...] = READ


def samples(pages: int, count: int) -> Iterator[Sample]:
    """Agreements of the development set: photographs of one page, or so many scanned pages in one PDF."""
    for number in range(count):
        if pages == 1:
            level = LEVELS[number % len(LEVELS)]
            yield Sample(1, level, "image/jpeg", wear_page(_printed(number), level, number))
        else:
            with contextlib.closing(pikepdf.new()) as book, contextlib.ExitStack() as open_:
                for page in paper_set(
                    "dev", pages, levels=("office200",), kinds=("suspension_agreement",), first=number * pages
                ):
                    book.pages.append(open_.enter_context(pikepdf.open(io.BytesIO(page.data))).pages[0])
                out = io.BytesIO()
                book.save(out)
            yield Sample(pages, "office200", "application/pdf", out.getvalue())


def spoiled(count: int) -> Iterator[Sample]:
    """Photographs of one page that nobody can read."""
    for number in range(count):
        kind = _SPOILED[number % len(_SPOILED)]
        with PIL.Image.open(io.BytesIO(wear_page(_printed(number), "phone", number))) as page:
            yield Sample(1, kind, "image/jpeg", spoil(page, kind, number), TAKE_AGAIN)


def _printed(number: int) -> bytes:
    [paper] = paper_set("dev", 1, levels=("born_digital",), kinds=("suspension_agreement",), first=number)
    return paper.data


class Visitor:
    """An applicant with a browser's session and a draft of his own."""

    def __init__(self, cloud: Cloud, server: Server) -> None:
        from adapters.files import Buckets
        from adapters.settings import TrueClock
        from adapters.store import CaseTable

        table = cloud.template.physical["CasesTable"]
        self._actor, self._base, self._clock = Actor("applicant", uuid.uuid4().hex), server.base_url, TrueClock()
        self._store = CaseTable(cloud.client("dynamodb"), table)
        names = [cloud.template.physical[f"{kind}Bucket"] for kind in ("Incoming", "Pages", "Evidence")]
        self._files = Buckets(cloud.client("s3"), *names)
        token, _ = Sessions(cloud.client("dynamodb"), table).open(Person(self._actor.id, "Người nộp"))
        self._http = requests.Session()
        self._http.cookies.set("phien", token)

    def seconds(self, sample: Sample) -> tuple[float, float]:
        """Send a sample and wait for what was read: seconds, and seconds of processors. Raises TimeoutError."""
        world: dict[str, Any] = {"store": self._store, "clock": self._clock}
        wanted = filing.Filing("SW", "H29.1", Applicant("Người nộp", "0901234567"), {}, True)
        dossier = filing.file_dossier(wanted, self._actor, uuid.uuid4().hex, **world)
        sha256 = hashlib.sha256(sample.data).hexdigest()
        name = "trang.jpg" if sample.media_type == "image/jpeg" else "trang.pdf"
        file = filing.FileToSend(name, len(sample.data), sha256, sample.media_type)
        document, upload, grant = filing.add_document(
            dossier.id, file, self._actor, uuid.uuid4().hex, files=self._files, **world
        )
        sent = requests.post(grant.url, data=grant.fields, files={"file": sample.data}, timeout=60)
        sent.raise_for_status()
        began, worked = time.perf_counter(), processors_worked()
        page = f"{self._base}/ho-so/{dossier.id}/giay-to/{document.id}?cho={upload.id}"
        while time.perf_counter() - began < PATIENCE_SECONDS:
            shown = self._http.get(page, timeout=60)
            shown.raise_for_status()
            if any(words in shown.text for words in sample.says):
                return time.perf_counter() - began, processors_worked() - worked
        raise TimeoutError(f"{page}: none of {sample.says}")


def measure(cloud: Cloud, server: Server, runs: dict[str, int]) -> list[dict[str, Any]]:
    """For each kind of file, {kind, runs, p50, p95, most, processors, seconds}; of each kind the first file starts what
    the others find running, and is not counted. processors: seconds of work of the median file."""
    visitor = Visitor(cloud, server)
    found = []
    for kind, count in runs.items():
        files = spoiled(count + 1) if kind == "spoiled" else samples(PAGES[kind], count + 1)
        timed = [visitor.seconds(sample) for sample in files][1:]
        seconds, worked = [whole for whole, _ in timed], statistics.median(work for _, work in timed)
        row = {"kind": kind, "runs": count, **quantiles(seconds), "processors": round(worked, 2)}
        found.append({**row, "seconds": [round(s, 2) for s in seconds]})
    return found


def processors_worked() -> float:
    """Seconds of all processors that this process and its ended children have used."""
    return sum(os.times()[:4])


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p95 and the most; of few values p95 is the most."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)]
    return {"p50": round(statistics.median(ordered), 2), "p95": round(p95, 2), "most": round(ordered[-1], 2)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    runs = SHORT_RUNS if parser.parse_args().short else RUNS
    with Cloud({"LogLevel": "CRITICAL"}, log_to=io.StringIO()) as cloud, Server(cloud) as server:
        found = measure(cloud, server, runs)
    table = Table(title=f"upload sent → read, on the page ({os.cpu_count()} processors, load {os.getloadavg()[0]:.0f})")
    for name in ("pages sent", "files", "p50 s", "p95 s", "most s", "aim s", "processor s"):
        table.add_column(name, justify="right")
    for row in found:
        shown = [row["kind"], row["runs"], row["p50"], row["p95"], row["most"], AIMS[row["kind"]], row["processors"]]
        table.add_row(*map(str, shown))
    Console().print(table)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps({"load": os.getloadavg(), "processors": os.cpu_count(), "rows": found}, indent=1))


if __name__ == "__main__":
    main()
