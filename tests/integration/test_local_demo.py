"""The demonstration's own judgement: what the scripted officer answers, and what counts as expected."""

from __future__ import annotations

import io
from dataclasses import replace
from types import SimpleNamespace

import pytest
import requests
from rich.console import Console

from infra.local.caller import Caller, Declined
from infra.local.commands import demo as command
from infra.local.commands.serve import free_port, taken
from infra.local.demo import Outcome, decision_on, differences


def finding(rule, verdict):
    return {
        "rule": rule,
        "verdict": verdict,
        "says": f"{rule} nói gì",
        "law": "QĐ 15/2020/QĐ-TTg, Điều 1",
        "because": f"{rule} vì thế này",
        "because_en": f"{rule} because of this",
        "would_pass_if": None,
        "would_pass_if_en": None,
    }


def row(key, name, *verdicts):
    return {"key": key, "name": name, "findings": [finding(f"SW-{n}", v) for n, v in enumerate(verdicts, 1)]}


SAMPLE = SimpleNamespace(
    title="Hồ sơ",
    title_en="Dossier",
    expected={
        "state": "partly_approved",
        "route": "partial",
        "total_vnd": 1_800_000,
        "asks_for": [],
        "not_checked": [],
        "rows": {
            "1": {"full_name": "Nguyễn An", "outcome": "approve", "amount_vnd": 1_800_000, "failed_rules": []},
            "2": {"full_name": "Trần Bình", "outcome": "refuse", "amount_vnd": 0, "failed_rules": ["SW-2"]},
        },
    },
)


def outcome(**changes):
    rows = [
        {"name": "NGUYỄN AN", "outcome": "approve", "amount_vnd": 1_800_000, "reason": ""},
        {"name": "Trần Bình", "outcome": "refuse", "amount_vnd": 0, "reason": "SW-2"},
    ]
    good = Outcome(
        SAMPLE,
        dossier={"code": "H29.1-1", "state": "partly_approved", "decision": {"rows": rows, "total_vnd": 1_800_000}},
        findings={
            "rows": [row("1", "Nguyễn An", "pass"), row("2", "Trần Bình", "pass", "fail")],
            "findings": [finding("SW-6", "pass")],
            "unavailable": {},
        },
        routes=["partial"],
    )
    return replace(good, **changes)


def test_the_district_sends_on():
    assert decision_on({"rows": []}, SAMPLE, final=False)["outcome"] == "send_on"


def test_the_province_decides_by_the_findings():
    a, b = row("1", "A", "pass", "unknown"), row("2", "B", "pass", "fail")
    whole = decision_on({"rows": [a], "route": "fast_lane"}, SAMPLE, final=True)
    assert (whole["outcome"], whole["reason"]) == ("approve", "")
    doubtful = decision_on({"rows": [a], "route": "review"}, SAMPLE, final=True)
    assert (doubtful["outcome"], doubtful["reason"][:6]) == ("approve", "Đã xem")
    assert decision_on({"rows": [b], "route": "review"}, SAMPLE, final=True)["outcome"] == "refuse"
    part = decision_on({"rows": [a, b], "route": "partial"}, SAMPLE, final=True)
    assert part["outcome"] == "approve_in_part"
    assert {said["key"]: said["outcome"] for said in part["rows"]} == {"1": "approve", "2": "refuse"}
    assert next(said for said in part["rows"] if said["key"] == "2")["reason"] == "SW-2 vì thế này"


def test_an_expected_end_has_no_differences():
    assert differences(outcome()) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"routes": ["review"]}, "route"),
        ({"routes": []}, "route"),
        ({"asked": [{"file": "a.pdf", "page": 2, "says": {}}]}, "asks_for"),
        ({"findings": {**outcome().findings, "unavailable": {"vss": "answered HTTP 503"}}}, "not_checked"),
        ({"findings": {**outcome().findings, "rows": [row("1", "Nguyễn An", "fail")]}}, "Nguyễn An: failed rules"),
        ({"dossier": {**outcome().dossier, "state": "approved"}}, "state"),
        ({"dossier": {**outcome().dossier, "decision": None}}, "total_vnd"),
    ],
)
def test_every_other_end_is_told(changes, named):
    assert any(told.startswith(named) for told in differences(outcome(**changes)))


def test_a_person_missing_from_the_decision_is_told():
    decision = outcome().dossier["decision"]
    short = {**outcome().dossier, "decision": {**decision, "rows": decision["rows"][:1]}}
    told = differences(outcome(dossier=short))
    assert any(line.startswith("people") for line in told)
    assert any(line.startswith("Trần Bình: outcome") for line in told)


def test_the_table_tells_rule_article_and_reason():
    page = io.StringIO()
    command.show(Console(file=page, width=132), outcome())
    text = page.getvalue()
    for said in ("SW-2", "QĐ 15/2020/QĐ-TTg", "SW-2 vì thế này", "SW-2 because of this", "1.800.000 đồng", "H29.1-1"):
        assert said in text
    assert "SW-6" not in text


def test_an_error_is_shown_with_what_is_known():
    page = io.StringIO()
    command.show(Console(file=page, width=132), outcome(error="TimeoutError: [x] stands still"))
    assert "TimeoutError: [x] stands still" in page.getvalue()


def test_a_port_somebody_listens_on_is_taken(monkeypatch):
    import socket

    port = free_port()
    assert not taken(port)
    with socket.create_server(("127.0.0.1", port)):
        assert taken(port)


def test_a_problem_of_the_api_says_what_it_says(monkeypatch):
    answer = SimpleNamespace(
        status_code=409, headers={"Content-Type": "application/problem+json"}, json=lambda: {"title": "Đã thay đổi"}
    )
    monkeypatch.setattr(requests.Session, "request", lambda *_, **__: answer)
    with pytest.raises(Declined, match="409 Đã thay đổi"):
        Caller("http://127.0.0.1:9", "t").post("/v1/x")
