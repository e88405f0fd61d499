"""An employer's list as a spreadsheet through the real machines: fifty people, three of them with a fault in a cell."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from adapters.files import Buckets
from adapters.limits import XLSX
from casework import procedures
from casework.workflow import roster
from casework.workflow.reading import image_key

from infra.local.cloud import Cloud
from infra.local.commands.demo import cast_of
from infra.local.serve import Server
from tests.hostile_sheets import filled_in, person
from tests.journeys.invariants import table

EMPLOYER = ("Công ty Cổ phần May Sông Xanh", "0319783482", "0319783482", "12 Lê Lợi, Quận 1, TP. Hồ Chí Minh")
FAULTS: dict[int, dict[str, Any]] = {7: {"D": 12345678}, 21: {"J": "31/04/2020"}, 44: {"H": 912345678}}


def test_fifty_people_in_a_spreadsheet_are_checked_one_by_one_and_three_faults_are_named() -> None:
    data = filled_in([person(number, **FAULTS.get(number, {})) for number in range(1, 51)], EMPLOYER)
    moment = {"PretendNow": "2020-05-12T08:00:00+07:00", "LogLevel": "CRITICAL"}
    with Cloud(moment) as cloud, Server(cloud) as server:
        applicant = cast_of(cloud, server).applicant()
        body = {
            "procedure": "SW", "office": "H29.1", "declared": {"finance.revenue_vnd": 0}, "consent": True,
            "applicant": {"name": EMPLOYER[0], "email": "ke.toan@example.vn"},
        }  # fmt: skip
        path = f"/v1/dossiers/{applicant.post('/v1/dossiers', body, key='s1').data['id']}"
        applicant.send_file(f"{path}/documents", "danh-sach.xlsx", XLSX, data, "s2")
        _until(cloud, lambda: applicant.get(path).data["documents"][0]["state"] == "read")
        [document] = applicant.get(path).data["documents"]
        assert (document["document_type"], len(document["pages"])) == ("form_01", 1)
        told = [remark["title"].partition(",")[0] for remark in document["remarks"]]
        assert told == [f"STT {number}" for number in FAULTS]

        names = [cloud.template.physical[f"{kind}Bucket"] for kind in ("Incoming", "Pages", "Evidence")]
        store, files = table(cloud), Buckets(cloud.client("s3"), *names)
        draft = store.load(path.rpartition("/")[2])
        law = procedures.load("SW", date(2020, 5, 12))
        found = roster.rows_of(draft, law, store=store, files=files)
        assert {row.number for row in found if len(row.why) > 1} == {7, 44}  # a day that is none is just not there
        assert files.page_image(image_key(draft.id, draft.live_documents[0], 1)).startswith(b"\x89PNG")

        applicant.post(f"{path}/submit", etag=applicant.get(path).etag)
        _until(cloud, lambda: applicant.get(path).data["state"] == "awaiting_applicant")  # for the agreements of all
        checked = {row.number: row for row in roster.rows_of(store.load(draft.id), law, store=store, files=files)}
        assert set(checked) == set(range(1, 51))
        unknown = {number for number, row in checked.items() if any("End of the susp" in why.en for why in row.why)}
        assert unknown == {21}


def _until(cloud: Cloud, done: Callable[[], bool]) -> None:
    ends = time.monotonic() + 120
    while not done():
        assert time.monotonic() < ends
        cloud.drain(30)
