"""Scanned papers that contradict each other, through the whole cloud: read again where they do, with the real engine,
and shown to the officer with both places."""

from __future__ import annotations

import io
import random
import uuid
from datetime import date
from typing import Any

import pytest
from adapters.files import Buckets
from adapters.store import CaseTable
from casework.signals import Signal
from casework.workflow.signalling import signals_of

from infra.local.caller import Caller
from infra.local.cloud import Cloud
from infra.local.serve import Server
from infra.papers import LAYOUTS, invent_employer, invent_job, invent_person, print_paper
from infra.papers.wearing import wear

LAST_DAY, ANOTHER = date(2020, 5, 14), date(2020, 5, 31)


def scans() -> list[tuple[str, bytes]]:
    """A list and an agreement as an office scans them; the agreement ends on another day."""
    rng = random.Random("second looks")
    employer = invent_employer(rng, city="Hồ Chí Minh", district="Quận 1")
    job = invent_job(
        rng, employer, invent_person(rng, employer.line), kind="suspension",
        starts_on=date(2020, 4, 15), ends_on=LAST_DAY, contract_type="indefinite",
    )  # fmt: skip
    listed = print_paper(LAYOUTS["form01_ruled"], employer, [job], seed=1)
    agreed = print_paper(
        LAYOUTS["suspension_letterhead"], employer, [job], seed=2, facts={"suspension.ends_on": ANOTHER}
    )
    return [("mau-01.pdf", wear(listed.pdf, "office200", 1)), ("thoa-thuan.pdf", wear(agreed.pdf, "office200", 2))]


@pytest.mark.slow
def test_what_scans_contradict_each_other_in_is_read_again_and_shown() -> None:
    with Cloud({"PretendNow": "2020-05-18T02:00:00+00:00"}, log_to=io.StringIO()) as cloud, Server(cloud) as server:
        person = cloud.people()[0]
        caller = Caller(server.base_url, cloud.sign_in.sign_in(person.username, person.password))
        body = {
            "procedure": "SW", "office": "H29.1", "consent": True,
            "applicant": {"name": "Nguyễn Văn Kế", "email": "ke@example.vn"},
            "declared": {"finance.revenue_vnd": 0},
        }  # fmt: skip
        dossier_id = caller.post("/v1/dossiers", body, key=uuid.uuid4().hex).data["id"]
        path = f"/v1/dossiers/{dossier_id}"
        for name, data in scans():
            caller.send_file(f"{path}/documents", name, "application/pdf", data, uuid.uuid4().hex)
        cloud.drain(120)
        caller.post(f"{path}/submit", etag=caller.get(path).etag)
        cloud.drain(120)
        found, looks = kept(cloud, dossier_id)
    [one] = [signal for signal in found if signal.kind == "suspension-dates-differ"]
    assert {place.page for place in one.places} == {1}
    assert all(place.box for place in one.places)
    assert ("14/05/2020" in one.saw.vi, "31/05/2020" in one.saw.vi) == (True, True)
    both = {
        look["printed"]: look["texts"] for look in looks if look["printed"] in {place.value for place in one.places}
    }
    assert {len(texts) for texts in both.values()} == {5}
    assert len(both) == 2


def kept(cloud: Cloud, dossier_id: str) -> tuple[list[Signal], list[dict[str, Any]]]:
    """The signals of the dossier, and what second looks read."""
    physical = cloud.template.physical
    files = Buckets(cloud.client("s3"), *(physical[f"{kind}Bucket"] for kind in ("Incoming", "Pages", "Evidence")))
    store = CaseTable(cloud.client("dynamodb"), physical["CasesTable"])
    by_reading = files.json(f"readings/{dossier_id}/looks.json")
    found = signals_of(store.load(dossier_id), store=store, files=files)
    return found, [look for looks in by_reading.values() for look in looks]
