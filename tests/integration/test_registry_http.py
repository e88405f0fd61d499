"""The HTTP connector and the registries' stand-in, over real sockets: answers, magic numbers, faults.

Fault numbers are those of docs/reliability.md.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import gzip
import json
import re
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from adapters.registries import CONNECTORS
from adapters.registries.http import LARGEST_ANSWER_BYTES, HttpRegistry
from casework import procedures
from casework.errors import RegistryUnavailable
from casework.plain import to_plain
from casework.registry import DOSSIER_FACTS, Employer, Question, QuestionRow

from infra.local.registries import (
    CIC_BAD_DEBT,
    ENTERPRISE_NOT_FOUND,
    HOUSEHOLD_AT_THE_LINE,
    HOUSEHOLD_UNKNOWN,
    TAX_HAS_REVENUE,
    VSS_DOWN,
    VSS_NO_CUT,
    VSS_SLOW,
    StandIn,
    answer_for,
    registry_down,
)

SECRET = "a shared secret"
EMPLOYER = Employer("0100109106", "Công ty TNHH May Sông Hồng")


WANTED = {need.name: need.facts for need in procedures.load("SW", dt.date(2020, 5, 4)).registries}


def ask_about(*numbers, registry="vss", tax_code=EMPLOYER.tax_code, question_id="q1", wanted=None, line=""):
    rows = tuple(
        QuestionRow(f"r{place}", number, "Nguyễn Thị Hòa", dt.date(1990, 2, 3), "2020-04")
        for place, number in enumerate(numbers, 1)
    )
    about = replace(EMPLOYER, tax_code=tax_code, business_line=line)
    wanted = tuple(wanted or WANTED.get(registry, ()))
    return Question(registry, question_id, dt.date(2020, 4, 14), about, rows, wanted)


@pytest.fixture(scope="module")
def stand_in():
    with StandIn(slow_seconds=0.4) as service:
        service.secret = SECRET
        yield service


@pytest.fixture
def registry(stand_in):
    return HttpRegistry(stand_in.base_url, lambda: SECRET, deadline_seconds=3)


def test_every_http_registry_of_the_table_is_played():
    assert {name for name, kind in CONNECTORS.items() if kind == "http"} == set(DOSSIER_FACTS)


def test_a_known_person_matches(registry):
    answer = registry.ask(ask_about("7916123456", question_id="known"))
    (row,) = answer.rows
    assert (row.status, row.about, row.key) == ("match", "7916123456", "r1")
    assert row.facts == {
        "vss.participating_before_suspension": True,
        "vss.decrease_reported": True,
        "vss.contract_ended": False,
    }
    assert answer.as_of == dt.date(2020, 4, 14)
    assert answer.answered_at.tzinfo is not None


@pytest.mark.parametrize(
    ("number", "status", "fact", "value", "mismatched"),
    [
        ("7916120001", "match", "vss.participating_before_suspension", False, ()),
        ("7916120002", "match", "vss.decrease_reported", False, ()),
        ("7916120003", "match", "vss.contract_ended", True, ()),
        ("7916120004", "mismatch", "vss.contract_ended", False, ("employee.full_name",)),
        ("7916120005", "not_found", "vss.contract_ended", None, ()),
    ],
)
def test_magic_numbers_of_persons(registry, number, status, fact, value, mismatched):
    (row,) = registry.ask(ask_about(number, question_id=number)).rows
    assert (row.status, row.facts.get(fact), row.mismatched) == (status, value, mismatched)


def test_fault_25_wrong_person_is_no_answer(registry):
    with pytest.raises(RegistryUnavailable, match="wrong person: row r2"):
        registry.ask(ask_about("7916123456", "7916120006", question_id="wrong"))


def test_magic_tax_codes(registry):
    not_found = registry.ask(ask_about(registry="enterprise", tax_code=ENTERPRISE_NOT_FOUND, question_id="e1"))
    assert (not_found.dossier.status, not_found.dossier.facts) == ("not_found", {})
    found = registry.ask(ask_about(registry="enterprise", question_id="e2"))
    assert found.dossier.facts == {"employer.kind": "enterprise"}
    poor = registry.ask(ask_about(registry="tax", question_id="t1"))
    assert set(poor.dossier.facts.values()) == {0}
    rich = registry.ask(ask_about(registry="tax", tax_code=TAX_HAS_REVENUE, question_id="t2"))
    assert rich.dossier.facts["finance.revenue_vnd"] > 0


@pytest.mark.parametrize(
    ("name", "tax_code", "wanted", "line", "expected"),
    [
        ("cic", EMPLOYER.tax_code, ["cic.bad_debt_at_2019_12_31"], "", [False]),
        ("cic", CIC_BAD_DEBT, ["cic.bad_debt_at_2019_12_31"], "", [True]),
        ("tax", "8100000047", ["tax.household_found", "tax.household_revenue_2020_vnd"], "", [True, 78_000_000]),
        ("tax", HOUSEHOLD_AT_THE_LINE, ["tax.household_revenue_2020_vnd"], "", [100_000_000]),
        ("tax", HOUSEHOLD_UNKNOWN, ["tax.household_found"], "", [False]),
        ("closures", "8100000047", ["province.closed_from"], "Karaoke", ["2020-03-28"]),
        ("closures", "8100000047", ["province.closed_from"], "Tạp hóa", [None]),
        ("vss", EMPLOYER.tax_code, ["bhxh.headcount_2020_01", "bhxh.headcount_now"], "", [20, 8]),
        ("vss", VSS_NO_CUT, ["bhxh.headcount_2020_01", "bhxh.headcount_now"], "", [20, 20]),
    ],
)
def test_what_the_registries_of_the_other_services_say(registry, name, tax_code, wanted, line, expected):
    question = ask_about(
        registry=name, tax_code=tax_code, wanted=wanted, line=line, question_id=f"{name}{tax_code}{expected}"
    )
    answer = registry.ask(question)
    assert [answer.dossier.facts[fact] for fact in wanted] == expected
    assert set(answer.dossier.facts) == set(wanted)  # nothing that was not asked for


@pytest.mark.parametrize(("ending", "months"), [("9999", 7), ("0008", 20)])
def test_months_of_unemployment_insurance(registry, ending, months):
    question = ask_about(f"791612{ending}", registry="ui", wanted=["ui.months_last_24"], question_id=f"ui{ending}")
    assert registry.ask(question).rows[0].facts == {"ui.months_last_24": months}


@pytest.mark.parametrize(("ending", "reported"), [("9999", False), ("0007", True)])
def test_who_is_only_stopped_was_not_reported_as_a_decrease(registry, ending, reported):
    question = ask_about(f"791612{ending}", wanted=["vss.decrease_reported"], question_id=f"stopped{ending}")
    assert registry.ask(question).rows[0].facts == {"vss.decrease_reported": reported}


def test_a_registry_under_maintenance_says_when_to_come_back(registry, stand_in):
    with pytest.raises(RegistryUnavailable, match="HTTP 503") as caught:
        registry.ask(ask_about("7916123456", tax_code=VSS_DOWN))
    assert caught.value.retry_after_seconds == 1
    with registry_down(stand_in, "tax"), pytest.raises(RegistryUnavailable):
        registry.ask(ask_about(registry="tax", question_id="t9"))
    assert registry.ask(ask_about(registry="tax", question_id="t9")).dossier


def test_a_slow_registry_is_waited_for_within_the_deadline(registry, stand_in):
    assert registry.ask(ask_about("7916123456", tax_code=VSS_SLOW, question_id="slow")).rows
    hasty = replace(registry, deadline_seconds=0.2)
    with pytest.raises(RegistryUnavailable, match=r"no answer within 0\.2 s"):
        hasty.ask(ask_about("7916123456", tax_code=VSS_SLOW, question_id="slow2"))


def test_the_same_question_gets_the_same_answer(registry):
    first = registry.ask(ask_about("7916123456", question_id="twice"))
    assert registry.ask(ask_about("7916123456", question_id="twice")) == first
    with pytest.raises(RegistryUnavailable, match="HTTP 409"):
        registry.ask(ask_about("7916123457", question_id="twice"))


def test_unsigned_forged_and_old_questions_are_refused(stand_in):
    for wrong in (
        HttpRegistry(stand_in.base_url, lambda: "another secret"),
        HttpRegistry(stand_in.base_url, lambda: SECRET, clock=lambda: time.time() - 301),
        HttpRegistry(stand_in.base_url, lambda: SECRET, clock=lambda: time.time() + 301),
    ):
        with pytest.raises(RegistryUnavailable, match="HTTP 401"):
            wrong.ask(ask_about("7916123456"))


def test_a_list_of_five_thousand_is_asked_in_parts_and_answered_whole(registry, stand_in):
    numbers = [f"79{place:07}9" for place in range(100_000, 105_000)]
    before = stand_in.asked["vss"]
    question = ask_about(*numbers, question_id="many")
    answer = replace(registry, deadline_seconds=60).ask(question)
    assert [row.about for row in answer.rows] == numbers
    assert (answer.question_id, stand_in.asked["vss"] - before) == ("many", 5)


def test_a_long_list_with_one_bad_part_is_no_answer(registry):
    numbers = [f"79{place:07}9" for place in range(100_000, 101_200)]
    with pytest.raises(RegistryUnavailable, match="wrong person: row r1200"):
        replace(registry, deadline_seconds=60).ask(ask_about(*numbers[:-1], "7916120006", question_id="many2"))


# ── registries gone wrong ───────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def a_server(behave):
    """A TCP server on loopback that does `behave(connection)` with the first connection and nothing else."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def work():
        with contextlib.suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(5)
                behave(connection)
                over.wait(5)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield HttpRegistry(f"http://127.0.0.1:{listening.getsockname()[1]}", lambda: SECRET, deadline_seconds=1)
    finally:
        over.set()
        listening.close()
        thread.join(6)


def reads_question(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(
        next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")).split(b":")[1]
    )
    while len(body) < length:
        body += connection.recv(65536)


def says(body=b"", status="200 OK", kind="application/json", length=None, **headers):
    def behave(connection):
        reads_question(connection)
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_WR)

    return behave


def right_answer(question):
    return to_plain(answer_for(question, dt.datetime(2020, 4, 20, tzinfo=dt.UTC)))


def refused(behave, question=None):
    """What the connector says of this behaviour, and how long it took."""
    began = time.monotonic()
    with a_server(behave) as registry, pytest.raises(RegistryUnavailable) as caught:
        registry.ask(question or ask_about("7916123456"))
    return caught.value, time.monotonic() - began


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


def change(path, value):
    def behave_for(question):
        answer = right_answer(question)
        *way, last = path
        place = answer
        for step in way:
            place = place[step]
        place[last] = value
        return says(json.dumps(answer).encode())

    return behave_for


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
        (change(["rows"], []), "row r1 is missing"),
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


def test_the_secret_does_not_show_in_messages():
    assert SECRET not in repr(HttpRegistry("http://127.0.0.1:9", lambda: SECRET))


def test_the_documented_magic_numbers_are_those_that_are_played():
    text = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\d{10})` \|", text, re.M)) == {
        VSS_DOWN,
        VSS_SLOW,
        TAX_HAS_REVENUE,
        ENTERPRISE_NOT_FOUND,
        CIC_BAD_DEBT,
        VSS_NO_CUT,
        HOUSEHOLD_UNKNOWN,
        HOUSEHOLD_AT_THE_LINE,
    }
    now = dt.datetime(2020, 4, 20, tzinfo=dt.UTC)
    endings, found = [f"{number:04}" for number in range(100)], set()
    for asked in ({}, {"wanted": ["vss.decrease_reported"]}, {"registry": "ui", "wanted": ["ui.months_last_24"]}):
        usual = answer_for(ask_about("7916129999", **asked), now).rows[0]
        rows = answer_for(ask_about(*(f"791612{ending}" for ending in endings), **asked), now).rows
        found |= {e for e, row in zip(endings, rows, strict=True) if replace(row, key="r1", about=usual.about) != usual}
        found |= {e for e, row in zip(endings, rows, strict=True) if row.about != f"791612{e}"}
    assert found == set(re.findall(r"^\| `(\d{4})` \|", text, re.M))
