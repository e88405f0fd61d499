"""A registry is out while half of the dossiers come in, and nothing is lost, guessed or trampled down.

The real functions, tables and machines, the stand-in over real HTTP. What is printed: dossiers lost, verdicts that are
wrong, the seconds from recovery until every dossier was checked, and the most calls in any second. `make test` sends a
few, `make chaos` five hundred (OUTAGE_DOSSIERS).
"""

from __future__ import annotations

import bisect
import dataclasses
import datetime as dt
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from adapters.files import Buckets
from adapters.settings import PretendedClock
from adapters.store import CaseTable
from casework.dossier import Dossier, State, change, derived_id
from casework.plain import to_plain
from casework.vietnam.identifiers import mst_check_digit
from casework.workflow import answering, filing
from casework.workflow.consulting import consulted_of
from casework.workflow.verdicts import read

from infra.local.cloud import Cloud
from tests.builders import APPLICANT, Employee, a_document, a_dossier, a_reading

COUNT = int(os.environ.get("OUTAGE_DOSSIERS", "10"))
SHORT = COUNT < 100
CALLS_PER_SECOND = 10
PRETENDED = "2020-05-18T09:00:00+07:00"
ARRIVALS_PER_SECOND = 8.0 if SHORT else 2.0
AT_ONCE = 15  # under way at a time: one machine plays all of AWS, and is not what is to fall
REGISTRIES = ("vss", "enterprise", "tax")
REPORT = Path(__file__).parents[2] / "build" / "reports" / "chaos_registries.json"
# By the last digits of the number (docs/sandbox.md): what an officer is proposed once the registry was asked.
EXPECTED = {"0001": ("refusal_proposed", "fail"), "0004": ("review", "unknown"), "0005": ("review", "unknown")}
RIGHT = ("fast_lane", "pass")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    pace = {"RegistryCallsPerSecond": str(CALLS_PER_SECOND), "PretendNow": PRETENDED}
    if SHORT:  # the same in less time
        monkeypatch.setattr(answering, "FIRST_PAUSE", dt.timedelta(seconds=1))
        pace["RegistryPauseSeconds"] = "0.5"
    else:
        pace |= {"RegistryPauseSeconds": "5", "RegistryRetrySeconds": "5"}
    with Cloud({**pace, "LogLevel": "CRITICAL"}, schedules=not SHORT) as running:
        yield running


@dataclasses.dataclass
class Sender:
    """Puts dossiers with read papers into the real store and hands them in, as the API would."""

    store: CaseTable
    files: Buckets
    clock: PretendedClock

    def send(self, number: int, tax_code: str = "") -> tuple[str, str]:
        """(dossier id, the number of the person in it). tax_code: the employer's, else one of its own."""
        ending = list(EXPECTED)[number // 8 % 3] if number % 8 == 3 else f"{number % 100:02d}99"
        body = f"01{number:07d}"
        while (last := mst_check_digit(body)) is None:
            body = f"{int(body) + 100_000_000:09d}"
        person = Employee(f"Nguyễn Văn {chr(65 + number % 26)}ng", f"79{number:04d}{ending}")
        dossier = self._draft(number, tax_code or f"{body}{last}", person)
        self.store.commit(change(None, dossier, "dossier.filed", actor=APPLICANT, now=self.clock()))
        filing.submit(dossier.id, APPLICANT, None, store=self.store, clock=self.clock)
        return dossier.id, person.bhxh

    def _draft(self, number: int, tax_code: str, person: Employee) -> Dossier:
        dossier_id = derived_id("outage", str(number))
        fields = {"employer.tax_code": tax_code, "employer.name": f"Công ty TNHH Số {number}"}
        readings = {
            "list": ("form_01", fields, [person.row()]),
            "agreement": ("suspension_agreement", person.agreement(), ()),
        }
        documents = []
        for name, (kind, values, rows) in readings.items():
            document = dataclasses.replace(
                a_document(f"{dossier_id[:12]}{name}", kind), reading_key=f"readings/{dossier_id}/{name}.json"
            )
            self.files.put_json(document.reading_key, to_plain(a_reading(kind, values, rows)))
            documents.append(document)
        return a_dossier(
            id=dossier_id,
            code=f"H29.1-200518-{number:04d}",
            declared={"finance.revenue_vnd": 0},
            documents=tuple(documents),
            state=State.AWAITING_APPLICANT,  # handed in once before: no receipt is printed five hundred times
            created_at=self.clock().isoformat(timespec="milliseconds"),
        )


def test_fault_23_an_outage_loses_nothing_guesses_nothing_and_tramples_nothing(cloud: Cloud) -> None:
    sender = sender_of(cloud)
    cloud.registries.down.add("vss")
    sent, up_at = _send_all(cloud, sender)
    ended = _until_checked(cloud, sender, [dossier_id for dossier_id, _ in sent])
    cloud.drain(600)
    found = _found(sender, sent)
    peaks = {name: _peak([at for who, at in cloud.registries.came if who == name]) for name in REGISTRIES}
    report = {
        "dossiers": COUNT,
        "lost": found["lost"],
        "wrong_verdicts": found["wrong"],
        "guessed_while_out": found["guessed"],
        "checked_anew": found["anew"],
        "seconds_from_recovery_to_all_checked": round(ended - up_at, 1),
        "calls": dict(Counter(who for who, _ in cloud.registries.came)),
        "peak_calls_per_second": peaks,
        "limit_calls_per_second": CALLS_PER_SECOND,
    }
    print(json.dumps(report, indent=1))
    if not SHORT:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(json.dumps(report, indent=1), encoding="utf-8")
    assert (found["lost"], found["wrong"], found["guessed"]) == (0, 0, 0)
    assert found["anew"] > 0  # some were before an officer when the registry came back
    if not SHORT:  # on a crowded machine two calls may come late together
        assert max(peaks.values()) <= CALLS_PER_SECOND + 1


def sender_of(cloud: Cloud) -> Sender:
    """Sends into a running stack that believes in the day of PRETENDED."""
    names = cloud.environment("ConsultRegistryFunction")
    files = Buckets(cloud.client("s3"), names["INCOMING_BUCKET"], names["PAGES_BUCKET"], names["EVIDENCE_BUCKET"])
    store = CaseTable(cloud.client("dynamodb"), names["CASES_TABLE"])
    return Sender(store, files, PretendedClock(dt.datetime.fromisoformat(PRETENDED)))


def _send_all(cloud: Cloud, sender: Sender) -> tuple[list[tuple[str, str]], float]:
    """Hand in one after another; the registry comes back when half of them are in. When that was."""
    sent, up_at, next_at = [], 0.0, time.monotonic()
    under_way: list[str] = []
    for number in range(COUNT):
        sent.append(sender.send(number))
        under_way.append(sent[-1][0])
        while len(under_way) >= AT_ONCE:
            time.sleep(1)
            under_way = [d for d in under_way if sender.store.load(d).state is State.PROCESSING]
        if number == COUNT // 2 - 1:
            if SHORT:  # until somebody was left unchecked
                _until_one_is_with_an_officer(sender, [dossier_id for dossier_id, _ in sent])
            cloud.registries.down.discard("vss")
            up_at = next_at = time.monotonic()
        next_at += 1 / ARRIVALS_PER_SECOND
        time.sleep(max(0.0, next_at - time.monotonic()))
    return sent, up_at


def _until_one_is_with_an_officer(sender: Sender, ids: list[str]) -> None:
    ends = time.monotonic() + 300
    while not any(sender.store.load(dossier_id).state is State.IN_REVIEW for dossier_id in ids):
        assert time.monotonic() < ends, "nobody got to an officer"
        time.sleep(0.5)


def _until_checked(cloud: Cloud, sender: Sender, ids: list[str]) -> float:
    """Wait until every registry answered about every dossier. When that was."""
    open_, ends = list(ids), time.monotonic() + (600 if SHORT else 3600)
    while open_ and time.monotonic() < ends:
        if _is_checked(sender, open_[0]):  # one after another: looking costs the machine that is looked at
            open_.pop(0)
            continue
        if SHORT:
            cloud.tick("AskAgainFunction")
        time.sleep(1 if SHORT else 5)
    return time.monotonic()


def _is_checked(sender: Sender, dossier_id: str) -> bool:
    dossier = sender.store.load(dossier_id)
    known = [consulted_of(dossier, name, sender.store) for name in REGISTRIES]
    return all(consulted is not None and consulted.status == "answered" for consulted in known)


def _found(sender: Sender, sent: list[tuple[str, str]]) -> dict[str, int]:
    found = Counter({"lost": 0, "wrong": 0, "guessed": 0, "anew": 0})
    for dossier_id, number in sent:
        dossier = sender.store.load(dossier_id)
        if dossier.state is not State.IN_REVIEW or dossier.stage != "district_appraisal":
            found["lost"] += 1
            continue
        kept = sender.files.evidence(dossier.verdict_key)
        said = (dossier.route, _about_insurance(kept))
        if kept["unavailable"] or said != EXPECTED.get(number[-4:], RIGHT):
            found["wrong"] += 1
            print(dossier.code, number, said, kept["unavailable"])
        former = [sender.files.evidence(row.data["key"]) for row in sender.store.records(dossier_id, "FORMER#")]
        found["anew"] += bool(former)
        found["guessed"] += sum("vss" in k["unavailable"] and _about_insurance(k) != "unknown" for k in former)
    return dict(found)


def _about_insurance(kept: Any) -> str:
    """The verdict on rule SW-5, which hangs on the social-insurance office alone."""
    [row] = read(kept).rows
    return next(finding.verdict for finding in row.findings if finding.rule == "SW-5")


def _peak(moments: list[float]) -> int:
    """The most calls within any second."""
    moments = sorted(moments)
    return max((bisect.bisect_left(moments, at + 1) - place for place, at in enumerate(moments)), default=0)
