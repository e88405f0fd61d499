"""Officers who decide at the same time, over HTTP: faults 28 and 31 to 33, every history held by a checker."""

from __future__ import annotations

import dataclasses
import io
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from casework.dossier import SYSTEM, Dossier, change
from casework.workflow import tasks
from casework.worklist import task_record

from infra.local.cloud import Cloud
from infra.local.serve import Server
from tests.fakes import altered
from tests.integration.test_api import Api, task_id
from tests.journeys.histories import Event, History, at_once, broken

SEEKERS = 6
OFFICERS = [f"officer-{number:02d}" for number in range(16)]


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    """One cloud; sixteen officers of the district, whose tokens the pool signs."""
    with Cloud(log_to=io.StringIO()) as cloud, Server(cloud) as server:
        [person] = [p for p in cloud.people() if p.username.startswith("can.bo.quan@")]
        token = cloud.sign_in.sign_in(person.username, person.password)
        claims = cloud.sign_in.verify(f"Bearer {token}")
        tokens = {name: str(cloud.sign_in._sign({**claims, "sub": name})) for name in OFFICERS}
        applicant = next(p for p in cloud.people() if p.group == "applicants")
        tokens["applicant"] = cloud.sign_in.sign_in(applicant.username, applicant.password)
        yield Api(cloud, server.base_url, tokens)


def send(
    api: Api, history: History, officer: str, verb: str, where: str, body: dict[str, Any], version: int | None = None
) -> Event:
    headers = {} if version is None else {"If-Match": f'"{version}"'}

    def act() -> tuple[int, dict[str, Any]]:
        answer = api.call("POST", f"/v1/tasks/{where}/{verb}", officer, headers, json=body)
        return answer.status_code, answer.json()

    return history.note(officer, verb, where, body, act)


def decision(officer: str, number: int = 0, **more: Any) -> dict[str, Any]:
    outcome = ("send_on", "not_accept")[number % 2]
    return {"outcome": outcome, "reason": f"lý do của {officer}", **more}


def test_faults_31_and_33_of_sixteen_who_decide_at_once_one_does_and_the_others_are_told(api: Api) -> None:
    dossier, history = api.in_review(), History()
    where = task_id(dossier)

    def decide(officer: str, number: int) -> Event:
        return send(api, history, officer, "decision", where, decision(officer, number), dossier.version)

    at_once([lambda o=officer, n=number: decide(o, n) for number, officer in enumerate(OFFICERS)])
    assert broken(history, api.store, [where]) == []
    assert Counter(event.status for event in history.events) == {200: 1, 409: 15}
    [winner] = [event for event in history.events if event.status == 200]
    [made] = tasks.decisions(dossier.id, store=api.store)
    for event in history.events:
        if event is not winner:
            assert event.slug == "task-decided"
            assert winner.officer in event.answer["detail"]
            assert made["at"] in event.answer["detail"]
            assert event.answer["kept"] == {"outcome": event.sent["outcome"], "reason": event.sent["reason"]}


def test_fault_28_a_double_click_is_one_decision_and_every_answer_the_same(api: Api) -> None:
    dossier, history = api.in_review(), History()
    where, body = task_id(dossier), decision(OFFICERS[0], reason_code="checked")
    at_once([lambda: send(api, history, OFFICERS[0], "decision", where, body, dossier.version)] * 8)
    back = send(api, history, OFFICERS[0], "decision", where, body, dossier.version)  # the back button, and again
    assert {event.status for event in history.events} == {200}
    assert all(event.answer["decision"] == back.answer["decision"] for event in history.events)
    assert broken(history, api.store, [where]) == []


def spend_lease(api: Api, dossier: Dossier) -> None:
    """The lease of a task ran out, as if half an hour had passed."""
    store, now = api.store, datetime.now(UTC)
    task, newest = tasks.load_task(task_id(dossier), store=store)
    spent = dataclasses.replace(task, claimed_until=(now - timedelta(seconds=1)).isoformat())
    records = [task_record(spent)]
    store.commit(change(newest, newest, "review.extended", actor=SYSTEM, now=now, records=records))


def test_fault_32_a_lease_that_ran_out_is_no_harm_unless_somebody_else_took_the_task(api: Api) -> None:
    first, second = OFFICERS[:2]
    history = History()
    kept, lost = api.in_review(), api.in_review()
    for dossier in (kept, lost):
        send(api, history, first, "claim", task_id(dossier), {})
        spend_lease(api, dossier)
    assert send(api, history, first, "decision", task_id(kept), decision(first), kept.version).status == 200
    assert send(api, history, second, "claim", task_id(lost), {}).status == 200
    told = send(api, history, first, "decision", task_id(lost), decision(first), lost.version)
    assert (told.status, told.slug, told.answer["kept"]["reason"]) == (
        409,
        "claimed-by-another",
        "lý do của officer-00",
    )
    assert second in told.answer["detail"]
    assert send(api, history, first, "heartbeat", task_id(lost), {}).slug == "lease-lost"
    seen = api.call("GET", f"/v1/tasks/{task_id(lost)}", first).json()
    assert seen["draft"]["words"]["reason"] == "lý do của officer-00"
    assert send(api, history, second, "decision", task_id(lost), decision(second), lost.version).status == 200
    assert broken(history, api.store, [task_id(kept), task_id(lost)]) == []


def test_a_decision_on_a_page_gone_stale_is_refused_with_the_words_kept(api: Api) -> None:
    """A registry's answer arrives while the officer writes: what he saw is no longer what is there."""
    dossier, history = api.in_review(), History()
    store = api.store
    store.commit(change(dossier, dossier, "registry.answered", actor=SYSTEM, now=datetime.now(UTC)))
    told = send(api, history, OFFICERS[0], "decision", task_id(dossier), decision(OFFICERS[0]), dossier.version)
    assert (told.status, told.slug) == (412, "version-stale")
    newest = store.load(dossier.id).version
    assert send(api, history, OFFICERS[0], "decision", task_id(dossier), decision(OFFICERS[0]), newest).status == 200
    assert broken(history, store, [task_id(dossier)]) == []


def test_six_who_ask_for_the_next_task_at_once_get_six(api: Api) -> None:
    for _ in range(SEEKERS):
        api.in_review()
    taken: list[str] = []

    def ask(officer: str) -> None:
        for _ in range(3):  # who lost every race for the first ten asks again
            answer = api.call("POST", "/v1/desk/next", officer, json={})
            if answer.status_code == 200:
                assert answer.json()["mine"]
                taken.append(answer.json()["task_id"])
                return

    at_once([lambda o=officer: ask(o) for officer in OFFICERS[:SEEKERS]])
    assert len(taken) == len(set(taken)) == SEEKERS


def test_whatever_officers_do_together_leaves_a_history_as_it_should_be(api: Api) -> None:
    """Claims, releases, decisions and undoing, as chance has it, on a few dossiers; in the end each is decided."""
    history, dossiers = History(), [api.in_review() for _ in range(3)]

    def ask(officer: str, verb: str, where: str, step: int) -> None:
        version = api.store.load(where.partition(".")[0]).version
        body = decision(officer, step, undoable=True) if verb == "decision" else {}
        send(api, history, officer, verb, where, body, version if verb in ("decision", "undo") else None)

    def act(officer: str, seed: int) -> None:
        dice = random.Random(seed)
        verbs = ["claim", *dice.choices(("claim", "release", "decision", "decision", "undo"), k=5)]
        for step, verb in enumerate(verbs):
            ask(officer, verb, task_id(dice.choice(dossiers)), step)

    def close(officer: str) -> None:  # whoever holds a task decides it, and anybody one that nobody holds
        for dossier in dossiers:
            ask(officer, "decision", task_id(dossier), 0)

    at_once([lambda o=officer, n=number: act(o, n) for number, officer in enumerate(OFFICERS[:8])])
    at_once([lambda o=officer: close(o) for officer in OFFICERS[:8]])
    where = [task_id(dossier) for dossier in dossiers]
    assert broken(history, api.store, where) == []
    done = {(event.verb, event.task_id) for event in history.events if event.status == 200}
    assert "claim" in {verb for verb, _ in done}
    assert {task for verb, task in done if verb == "decision"} == set(where)


def test_the_checker_sees_what_is_wrong(api: Api) -> None:
    dossier, history = api.in_review(), History()
    where = task_id(dossier)
    for officer in OFFICERS[:2]:
        send(api, history, officer, "decision", where, decision(officer), dossier.version)
    winner, loser = history.events
    assert broken(history, api.store, [where]) == []
    both = [winner, dataclasses.replace(loser, status=200, answer=winner.answer)]
    assert any("decided by" in found for found in broken(History(both), api.store, [where]))
    silent = dataclasses.replace(loser, answer={**loser.answer, "kept": {}, "detail": "x"})
    assert len(broken(History([winner, silent]), api.store, [where])) == 2
    early = dataclasses.replace(loser, ended=winner.began - 1)
    assert any("before anybody began" in found for found in broken(History([winner, early]), api.store, [where]))
    failed = dataclasses.replace(winner, status=500)
    assert any("500" in found for found in broken(History([failed]), api.store, [where]))

    class Altered:
        def __getattr__(self, name: str) -> Any:
            return getattr(api.store, name)

        def audit(self, dossier_id: str) -> Any:
            entries = api.store.audit(dossier_id)
            return [altered(entries[0], at="yesterday"), *entries[1:]]

    assert any("altered" in found for found in broken(history, Altered(), [where]))
