"""Small dossiers through the whole cloud: what they cost in calls, what their workflows carry, and what is watched."""

from __future__ import annotations

import io
import json
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from adapters.leaving import MAX_PAYLOAD_BYTES
from adapters.store import CaseTable
from casework.dossier import SYSTEM, State, change

from infra.local.caller import Caller
from infra.local.cloud import Cloud
from infra.local.serve import Server
from infra.papers import LAYOUTS, invent_employer, invent_job, invent_person, print_paper
from tests.builders import filed
from tests.fakes import SetClock

BY_PAPER = {
    "AcceptUploadFunction", "ApiFunction", "BindScanFunction", "ExtractFieldsFunction", "InspectDocumentFunction",
    "ReadPageFunction", "RecordReadingFunction", "RelayOutboxFunction",
}  # fmt: skip
LOADS_ALL_PAPERS = {
    "CheckDossierFunction": 14, "ConsultRegistryFunction": 5, "IssuePaperFunction": 0, "LookAgainFunction": 2,
}  # fmt: skip
"""Calls each paper costs: for the verdict it is loaded, once more when a bound scan came in between, and the numbers
on it are asked for by key where else they stand (casework.sightings); by 4 registries; a paper of ours is made of its
order alone; for its seal a paper is taken as it came."""

# four registries at once: the last loses three times, and each time costs two calls; our papers race with scans bound
RACES = {"ConsultRegistryFunction": 12, "IssuePaperFunction": 12}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud({"PretendNow": "2020-05-18T02:00:00+00:00"}, log_to=io.StringIO()) as running:
        yield running


def papers(people: int, seed: int) -> list[tuple[str, bytes]]:
    """A list and an agreement for each person on it, born digital."""
    rng = random.Random(f"watch {seed}")
    employer = invent_employer(rng, city="Hồ Chí Minh", district="Quận 1")
    jobs = [
        invent_job(
            rng, employer, invent_person(rng, employer.line), kind="suspension",
            starts_on=date(2020, 4, 15), ends_on=date(2020, 5, 14), contract_type="indefinite",
        )
        for _ in range(people)
    ]  # fmt: skip
    made = [("mau-01.pdf", print_paper(LAYOUTS["form01_ruled"], employer, jobs, seed=seed).pdf)]
    for number, job in enumerate(jobs):
        paper = print_paper(LAYOUTS["suspension_letterhead"], employer, [job], seed=seed + number)
        made.append((f"thoa-thuan-{number}.pdf", paper.pdf))
    return made


def run(cloud: Cloud, people: int, seed: int) -> tuple[Counter[str], dict[str, Any]]:
    """File, read, check and bring before the officer; AWS calls of each function, and the dossier."""
    made = papers(people, seed)
    with Server(cloud) as server:
        person = cloud.people()[0]
        caller = Caller(server.base_url, cloud.sign_in.sign_in(person.username, person.password))
        cloud.calls.clear()
        body = {
            "procedure": "SW", "office": "H29.1", "consent": True,
            "applicant": {"name": "Nguyễn Văn Kế", "email": "ke@example.vn"},
            "declared": {"finance.revenue_vnd": 0},
        }  # fmt: skip
        path = f"/v1/dossiers/{caller.post('/v1/dossiers', body, key=uuid.uuid4().hex).data['id']}"
        for name, data in made:
            caller.send_file(f"{path}/documents", name, "application/pdf", data, uuid.uuid4().hex)
            cloud.drain(120)  # papers that come at once race for the dossier and try again: not counted here
        caller.post(f"{path}/submit", etag=caller.get(path).etag)
        cloud.drain(120)
        dossier = caller.get(path).data
    calls: Counter[str] = Counter()
    for (function, _, _), count in cloud.calls.items():
        calls[function] += count
    return calls, dossier


@pytest.mark.slow
def test_a_dossier_costs_the_same_calls_but_for_its_papers_and_people(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    run(cloud, 1, seed=1)  # cold starts ask for secrets once
    (one, first), (three, second) = run(cloud, 1, seed=10), run(cloud, 3, seed=20)
    with capsys.disabled():
        for function in sorted(one | three):
            print(f"  {function:28} {one[function]:4} calls for 1 person, {three[function]:4} for 3")
    assert (first["state"], second["state"]) == ("in_review", "in_review"), (first["requests"], second["requests"])
    papers_more = len(second["documents"]) - len(first["documents"])
    assert papers_more == 2
    for function in sorted(set(one) | set(three)):
        more = three[function] - one[function]
        if function in BY_PAPER:
            by_paper = one[function] / len(first["documents"])
            assert three[function] <= by_paper * len(second["documents"]) + 2, function
        elif function in LOADS_ALL_PAPERS:
            # one object for each paper read, one question of the payments for each person
            assert more <= LOADS_ALL_PAPERS[function] * papers_more + RACES.get(function, 0), function
        else:
            assert more == 0, function


@pytest.mark.slow
def test_workflows_carry_ids_and_verdicts_only(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    states = cloud.client("stepfunctions")
    executions = cloud.executions()
    assert executions
    largest, events = 0, 0
    for execution in executions:
        pages = states.get_paginator("get_execution_history").paginate(executionArn=execution["executionArn"])
        history = [event for page in pages for event in page["events"]]
        events = max(events, len(history))
        for event in history:
            for details in (value for value in event.values() if isinstance(value, dict)):
                for name in ("input", "output", "parameters"):
                    largest = max(largest, len(str(details.get(name, "")).encode()))
    with capsys.disabled():
        print(f"  largest payload {largest} bytes, longest history {events} events")
    assert 0 < largest <= MAX_PAYLOAD_BYTES
    assert events < 5000
    told = json.dumps([states.describe_execution(executionArn=e["executionArn"])["input"] for e in executions])
    for secret in ("Nguyễn", "ke@example.vn", "bhxh"):
        assert secret not in told


def test_every_dossier_that_stands_still_is_counted(cloud: Cloud) -> None:
    """More than a page of them, each in its own state."""
    store = CaseTable(cloud.client("dynamodb"), cloud.template.physical["CasesTable"])
    before = cloud.invoke("WatchDeadlinesFunction", {})
    long_ago = SetClock()
    long_ago.advance(days=-30)
    kinds = {State.PROCESSING: 3, State.PARKED: 2, State.SUBMITTED: 2, State.DRAFT: 4, State.WITHDRAWN: 1}
    for state, count in kinds.items():
        for number in range(count):
            begun = filed(long_ago, id=f"watch{state.value}{number}")
            store.commit(begun)
            if state is not State.DRAFT:
                moved = replace(begun.after, state=state)
                store.commit(change(begun.after, moved, "moved", actor=SYSTEM, now=long_ago()))
    after = cloud.invoke("WatchDeadlinesFunction", {})
    assert after["stalled"] - before["stalled"] == 7
    assert after["watched"] - before["watched"] == 7
