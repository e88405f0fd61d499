"""Faults 22 to 25: registries slow, down, broken, or speaking of somebody else. Numbers as in docs/reliability.md."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import gzip
import json
import re
import socket
import time

import pytest
from adapters.registries.http import LARGEST_ANSWER_BYTES, HttpRegistry
from casework.errors import RegistryUnavailable

from tests.registry_side import SECRET, a_server, ask_about, change, reads_question, refused, right_answer, says


def test_what_the_faulty_servers_share_is_right():
    body = json.dumps(right_answer(ask_about("7916123456"))).encode()
    with a_server(says(body)) as registry:
        assert registry.ask(ask_about("7916123456")).rows[0].status == "match"
    packed = gzip.compress(body)
    with a_server(says(packed, Content_Encoding="gzip")) as registry:
        assert registry.ask(ask_about("7916123456")).rows[0].status == "match"


def test_fault_22_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(RegistryUnavailable, match="cannot be reached"):
        HttpRegistry(address, lambda: SECRET, deadline_seconds=1).ask(ask_about("7916123456"))


def test_fault_22_accepts_and_never_answers():
    error, seconds = refused(lambda connection: time.sleep(2))
    assert error.reason == "no answer within 1 s"
    assert seconds < 4


@pytest.mark.parametrize("part", ["status line", "headers", "body", "body without length"])
def test_fault_22_dribbles(part):
    def behave(connection):
        reads_question(connection)
        if part == "status line":
            drops = b"HTTP/1.1 200 OK" + b" " * 100
        elif part == "headers":
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            drops = b"X-A: " + b"b" * 100
        else:
            length = b"Content-Length: 1000\r\n" if part == "body" else b""
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + length + b"\r\n")
            drops = b" " * 100
        with contextlib.suppress(OSError):
            for drop in drops:
                connection.sendall(bytes([drop]))
                time.sleep(0.05)

    began = time.monotonic()
    with a_server(behave) as registry:
        with pytest.raises(RegistryUnavailable, match="no answer within 1 s"):
            registry.ask(ask_about("7916123456"))
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("status", ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "404 X"])
def test_fault_23_errors(status):
    error, _ = refused(says(b"{}", status))
    assert (error.reason, error.retry_after_seconds) == (f"answered HTTP {status[:3]}", None)


def test_fault_23_too_many_requests_with_seconds_and_with_a_date():
    error, _ = refused(says(b"", "429 Too Many Requests", Retry_After="17"))
    assert error.retry_after_seconds == 17
    date = email.utils.format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=90), usegmt=True)
    error, _ = refused(says(b"", "429 Too Many Requests", Retry_After=date))
    assert 80 < error.retry_after_seconds <= 90
    error, _ = refused(says(b"", "503 X", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"))
    assert error.retry_after_seconds == 0
    error, _ = refused(says(b"", "503 X", Retry_After="soon"))
    assert error.retry_after_seconds is None
    error, _ = refused(says(b"", "503 X", Retry_After="99999999999"))
    assert error.retry_after_seconds == 24 * 3600


def test_fault_24_redirects_are_not_followed():
    error, _ = refused(says(b"", "307 Temporary Redirect", Location="http://127.0.0.1:9/"))
    assert error.reason == "answered HTTP 307"


BOMB = gzip.compress(b'{"a": "' + b" " * (50 * 1024 * 1024) + b'"}')
UNENDING = b'{"registry": "vss", ' + b" " * (2 * LARGEST_ANSWER_BYTES)


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (says(b"<html>login</html>", kind="text/html"), "text/html instead of JSON"),
        (says(b"<html>login</html>"), "no JSON"),
        (says(b""), "no JSON"),
        (says(b'{"registry": "vss"', length=500), "cannot be reached|cut off"),
        (says(b'{"registry": "v'), "no JSON"),
        (says(UNENDING), "larger than 1 MB"),
        (says(BOMB, Content_Encoding="gzip"), "larger than 1 MB when unpacked"),
        (says(gzip.compress(b"{}")[:-6], Content_Encoding="gzip"), "cut off"),
        (says(b"not gzip", Content_Encoding="gzip"), "broken gzip"),
        (says(b"{}", Content_Encoding="br"), "packed as br"),
        (says('{"registry": "đ"}'.encode("utf-16")), "not UTF-8"),
        (says(b"[" * 100_000), "nested too deeply"),
        (says(b'{"a": NaN}'), "no JSON"),
        (says(b"[]"), "not an object"),
        (says(b'"vss"'), "not an object"),
    ],
)
def test_fault_24_bad_answers(behave, reason):
    error, seconds = refused(behave)
    assert re.search(reason, error.reason), error.reason
    assert seconds < 4


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (change(["registry"], "tax"), "wrong answer: registry"),
        (change(["question_id"], "q0"), "wrong answer: question_id"),
        (change(["as_of"], "2020-04-13"), "wrong answer: as_of"),  # fault 25: a stale date
        (change(["answered_at"], "yesterday"), "answered_at is not an ISO 8601 time"),
        (change(["answered_at"], "2020-04-20T00:00:00"), "no time zone"),
        (change(["source"], ""), "does not say its source"),
        (change(["rows"], None), "rows is not a list"),
        (change(["rows"], []), "row 1 is missing"),
        (change(["rows", 0, "about"], "7916123457"), "wrong person"),
        (change(["rows", 0, "about"], 7916123456), "without key or number"),
        (change(["rows", 0, "status"], "MATCH"), "unknown status"),
        (change(["rows", 0, "status"], "mismatch"), "a mismatch names the fields"),
        (change(["rows", 0, "status"], "not_found"), "facts about somebody who was not found"),
        (change(["rows", 0, "mismatched"], ["employee.full_name"]), "a mismatch names the fields"),
        (change(["rows", 0, "facts", "vss.contract_ended"], "no"), "vss.contract_ended is not bool"),
        (change(["rows", 0, "facts", "vss.contract_ended"], 0), "vss.contract_ended is not bool"),
    ],
)
def test_fault_24_and_25_answers_that_do_not_fit_the_question(changed, reason):
    question = ask_about("7916123456")
    error, _ = refused(changed(question), question)
    assert reason in error.reason


def test_answers_about_another_employer_are_no_answer():
    question = ask_about(registry="tax")
    error, _ = refused(change(["dossier", "about"], "0100109107")(question), question)
    assert "wrong employer" in error.reason
    error, _ = refused(change(["dossier"], None)(question), question)
    assert "nothing about the employer" in error.reason
    error, _ = refused(change(["dossier", "facts", "finance.revenue_vnd"], True)(question), question)
    assert "finance.revenue_vnd is not int" in error.reason


def test_a_registry_may_only_state_facts_of_its_own():
    question = ask_about("7916123456")
    answer = right_answer(question)
    answer["rows"][0]["facts"] |= {"payments.months": ["2020-04"], "finance.revenue_vnd": 0}
    with a_server(says(json.dumps(answer).encode())) as registry:
        believed = registry.ask(question)
    assert set(believed.rows[0].facts) == {
        "vss.participating_before_suspension",
        "vss.decrease_reported",
        "vss.contract_ended",
    }
