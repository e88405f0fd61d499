"""One small dossier through the API: a list of one person and his agreement, born digital, so that it is quick."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import requests

from infra.local.caller import Caller, Declined
from infra.papers import LAYOUTS, invent_employer, invent_job, invent_person, print_paper

PATIENCE_SECONDS = 120.0


def papers(seed: int = 1) -> list[tuple[str, bytes]]:
    """(file name, PDF) of a list of one person, and his suspension agreement."""
    rng = random.Random(f"way {seed}")
    employer = invent_employer(rng, city="Hồ Chí Minh", district="Quận 1")
    person = invent_person(rng, employer.line)
    while len(person.full_name) > 16:  # a name that wraps in its cell is the reader's business, not this journey's
        person = invent_person(rng, employer.line)
    job = invent_job(
        rng,
        employer,
        person,
        kind="suspension",
        contract_type="indefinite",
        starts_on=date(2020, 4, 15),
        ends_on=date(2020, 5, 14),
    )
    made = [
        ("mau-so-01.pdf", print_paper(LAYOUTS["form01_ruled"], employer, [job], seed=seed)),
        (
            "thoa-thuan.pdf",
            print_paper(LAYOUTS["suspension_letterhead"], employer, [job], seed=seed),
        ),
    ]
    return [(name, paper.pdf) for name, paper in made]


@dataclass
class Way:
    """Files, submits and decides, and tries again whenever the server dies on it: as a patient client does."""

    applicant: Caller
    district: Caller
    province: Caller
    files: list[tuple[str, bytes]]
    nudge: Callable[[], None] = lambda: None
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    dossier_id: str = ""

    def go(self) -> dict[str, object]:
        """From draft to decision; the dossier as it then stands."""
        body = {
            "procedure": "SW",
            "office": "H29.1",
            "applicant": {"name": "Công ty thử", "email": "ke.toan@example.vn"},
            "declared": {"finance.revenue_vnd": 0},
            "consent": True,
        }
        filed = self._insist(lambda: self.applicant.post("/v1/dossiers", body, key=self.key))
        self.dossier_id = filed.data["id"]
        for name, pdf in self.files:
            self._insist(
                lambda name=name, pdf=pdf: self.applicant.send_file(
                    f"/v1/dossiers/{self.dossier_id}/documents", name, "application/pdf", pdf, f"{self.key}-{name}"
                )
            )
        self._until(lambda d: all(p["state"] in ("read", "unreadable", "rejected") for p in d["documents"]))
        path = f"/v1/dossiers/{self.dossier_id}"
        self._insist(lambda: self.applicant.post(f"{path}/submit", etag=self.applicant.get(path).etag))
        for officer, outcome, stage in (
            (self.district, "send_on", "district_appraisal"),
            (self.province, "approve", "province_decision"),
        ):
            self._until(lambda d, stage=stage: d["state"] == "in_review" and d["stage"] == stage)
            self._decide(officer, f"{self.dossier_id}.1.{stage}", outcome)
        return self._until(lambda d: d["state"] in ("approved", "partly_approved", "refused", "parked"))

    def _decide(self, officer: Caller, task_id: str, outcome: str) -> None:
        claimed = self._insist(lambda: officer.post(f"/v1/tasks/{task_id}/claim"))
        decision = {"outcome": outcome, "reason": "Đủ điều kiện theo quy định."}
        self._insist(lambda: officer.post(f"/v1/tasks/{task_id}/decision", decision, etag=claimed.etag))

    def _until(self, done: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        ends = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends:
            dossier = self._insist(lambda: self.applicant.get(f"/v1/dossiers/{self.dossier_id}")).data
            if done(dossier) or dossier["state"] == "parked":
                return dossier
            self.nudge()
            time.sleep(0.2)
        raise TimeoutError(f"{self.dossier_id} stands still: {dossier['state']}, {dossier['documents']}")

    def _insist(self, call: Callable[[], object]) -> object:
        """Send again what got no answer, with the same key: that is what keys are for."""
        for pause in self._pauses():
            try:
                return call()
            except Declined as declined:
                if declined.status < 500:
                    raise
            except requests.ConnectionError:
                pass
            time.sleep(pause)
        raise TimeoutError("the server does not come back")

    @staticmethod
    def _pauses() -> Iterator[float]:
        yield from (0.05, 0.1, 0.2, 0.5, 1.0)
