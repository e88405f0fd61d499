"""Answers that come later and answers by hand, through the front door, the real functions and the stand-in."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from adapters.registries.signature import sign
from casework.dossier import State
from casework.registry import Answer, Question
from casework.workflow import answering
from casework.workflow.consulting import answer_address, consulted_of

from infra.local import registries, registry_answers
from infra.local.caller import Caller, Declined
from infra.local.cloud import Cloud
from infra.local.commands.demo import cast_of
from infra.local.commands.serve import free_port
from infra.local.registry_answers import VSS_DOWN, VSS_LATER
from infra.local.serve import Server
from tests.chaos.test_registry_outage import PRETENDED, sender_of

PAPER = Path(__file__).parents[1] / "fixtures" / "documents" / "suspension-born-digital.pdf"
ANSWERED = {"vss.participating_before_suspension": True, "vss.decrease_reported": True, "vss.contract_ended": False}


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Cloud, Server, Any]]:
    port = free_port()
    parameters = {"PublicUrl": f"http://127.0.0.1:{port}", "PretendNow": PRETENDED, "LogLevel": "CRITICAL"}
    with Cloud(parameters) as cloud, Server(cloud, port) as server:
        yield cloud, server, sender_of(cloud)


def until(seen: Callable[[], Any], seconds: float = 90) -> Any:
    ends = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.3)
    return found


def heard(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The registries that the metric behind the alarm told of since it was looked at last."""
    lines = [line for line in capsys.readouterr().out.splitlines() if '"AnswersAboutAnother"' in line]
    return [json.loads(line)["registry"] for line in lines]


def test_a_registry_that_answers_later_is_heard_once_and_only_with_its_own_key(
    house: tuple[Cloud, Server, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud, server, sender = house
    monkeypatch.setattr(registries, "LATER_SECONDS", 0.2)
    dossier_id, _ = sender.send(1, tax_code=VSS_LATER)
    dossier = until(lambda: (d := sender.store.load(dossier_id)).state is State.IN_REVIEW and d)
    known = until(lambda: (k := consulted_of(dossier, "vss", sender.store)) and k.status == "answered" and k)
    assert [(given.late, given.officer) for given in known.answers] == [(False, "")]
    assert "registry.awaited" in [entry.action for entry in sender.store.audit(dossier_id)]
    until(lambda: sender.store.load(dossier_id).route == "fast_lane")

    answer = sender.files.evidence(known.key)["answer"]
    answer["rows"][0]["key"] = "1"  # as it came: people by their place in the list
    body = json.dumps({**answer, "officer": "", "evidence": ""}).encode()
    address = f"{server.base_url}/registries/vss/answers/{answer_address(dossier, 'vss')}"
    key, asking, now = cloud.registries.answers_secret, cloud.registries.secret, int(time.time())

    def post(body: bytes, signature: str, to: str = address) -> requests.Response:
        return requests.post(to, data=body, headers={"X-Signature": signature}, timeout=30)

    before = sender.store.load(dossier_id).version
    assert post(body, sign(key, body, now)).status_code == 204  # again: taken, and nothing changes
    assert sender.store.load(dossier_id).version == before
    for forged in ("", "t=1,v1=0", sign(asking, body, now), sign(key, body + b" ", now), sign(key, body, now - 400)):
        assert post(body, forged).status_code == 401
    wrong = json.dumps({**answer, "as_of": "2019-01-01"}).encode()
    refused = post(wrong, sign(key, wrong, now))
    assert (refused.status_code, refused.json()["type"]) == (422, "/v1/problems/answer-not-believed")
    assert heard(capsys) == ["vss"]
    row = {**answer["rows"][0], "about": "7916999999"}
    another = json.dumps({**answer, "officer": "", "evidence": "", "rows": [row]}).encode()
    refused = post(another, sign(key, another, now))
    assert (refused.status_code, "wrong person" in refused.text, heard(capsys)) == (422, True, ["vss"])
    elsewhere = address[:-1] + ("0" if address[-1] != "0" else "1")
    assert post(body, sign(key, body, now), elsewhere).status_code == 404
    large = b'{"a": "' + b" " * 2**20 + b'"}'
    assert post(large, sign(key, large, now)).status_code == 413
    assert sender.store.load(dossier_id).version == before


def test_fault_25_an_answer_about_another_is_never_a_verdict_and_operators_hear_of_it(
    house: tuple[Cloud, Server, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def about_another(question: Question, now: dt.datetime, anew: bool = False) -> Answer:
        answer = registry_answers.answer_for(question, now, anew)
        return replace(answer, rows=tuple(replace(row, about="7916999999") for row in answer.rows))

    cloud, _, sender = house
    monkeypatch.setattr(registries, "answer_for", about_another)
    dossier_id, _ = sender.send(5)
    dossier = until(lambda: (d := sender.store.load(dossier_id)).state is State.IN_REVIEW and d)
    known = consulted_of(dossier, "vss", sender.store)
    assert (known.status, known.answers, dossier.route) == ("unavailable", (), "review")
    assert known.reason.startswith("wrong person")
    assert set(heard(capsys)) == {"vss"}
    monkeypatch.undo()  # it is asked again all the same, and believed once it speaks of who was asked
    monkeypatch.setattr(answering, "FIRST_PAUSE", answering.LONGEST_PAUSE)
    until(lambda: cloud.tick("AskAgainFunction") or sender.store.load(dossier_id).route == "fast_lane")
    assert heard(capsys) == []


def test_an_officer_confirms_with_a_paper_over_the_api_and_asks_anew(
    house: tuple[Cloud, Server, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, server, sender = house
    dossier_id, number = sender.send(2, tax_code=VSS_DOWN)
    until(lambda: sender.store.load(dossier_id).state is State.IN_REVIEW)
    officer: Caller = cast_of(cloud, server).officer("H29.1")
    task = f"/v1/tasks/{dossier_id}.1.district_appraisal"
    shown = officer.get(f"{task}/registries/vss").data
    assert (shown["status"], shown["answers"], shown["question"]["wanted"]) == ("unavailable", [], list(ANSWERED))
    [person] = shown["question"]["rows"]
    assert person["bhxh_number"] == number

    def etag() -> str:
        return str(officer.get(f"{task}/registries/vss").etag)

    stated = {"rows": [{"key": person["key"], "status": "match", "facts": ANSWERED}]}
    with pytest.raises(Declined) as refused:
        officer.post(f"{task}/registries/vss/confirmation", {"document_id": "none", **stated}, etag=etag())
    assert refused.value.problem["type"] == "/v1/problems/evidence-missing"
    document_id = officer.send_file(f"{task}/papers", "xac-nhan.pdf", "application/pdf", PAPER.read_bytes(), "paper-1")
    until(lambda: sender.store.load(dossier_id).document(document_id).state in ("read", "unreadable"))
    after = officer.post(
        f"{task}/registries/vss/confirmation", {"document_id": document_id, **stated}, etag=etag()
    ).data
    [given] = after["answers"]
    assert (after["status"], given["counts"], given["source"]) == ("answered", True, "manual/H29.1")
    assert given["evidence"].startswith(document_id)
    assert sender.store.load(dossier_id).route == "fast_lane"
    anew = officer.post(f"{task}/registries/vss/ask").data
    assert anew["asked_again_at"]
    monkeypatch.setattr(answering, "FIRST_PAUSE", answering.LONGEST_PAUSE)
    cloud.tick("AskAgainFunction")
    until(lambda: cloud.registries.asked["vss"] >= 2)
    with pytest.raises(Declined) as unknown:
        officer.get(f"{task}/registries/cic")
    assert unknown.value.status == 404
