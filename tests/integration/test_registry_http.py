"""The HTTP connector against the stand-in: signatures, long lists, answers that come later, our certificate."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import ssl
import threading
import time
from dataclasses import replace

import pytest
import requests
from adapters.registries.http import HttpRegistry
from adapters.registries.identity import our_identity
from adapters.registries.signature import is_signed
from casework.asking import parts_of, sent
from casework.errors import AnswerAwaited, RegistryUnavailable
from casework.registry import DOSSIER_FACTS, believe
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from infra.local import registries
from infra.local.front_door import serve_on_loopback
from infra.local.registries import CONTRACT, StandIn
from infra.local.registry_answers import VSS_LATER
from tests.registry_side import SECRET, Certificates, a_server, ask_about, right_answer, says

ANSWERS_SECRET = "another shared secret"


@pytest.fixture(scope="module")
def stand_in():
    with StandIn(slow_seconds=0.4) as service:
        service.secret, service.answers_secret = SECRET, ANSWERS_SECRET
        yield service


@pytest.fixture
def registry(stand_in):
    return HttpRegistry(stand_in.base_url, lambda: SECRET, deadline_seconds=3)


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
    before = stand_in.asked.get("vss", 0)
    question = ask_about(*numbers, question_id="many")
    answer = replace(registry, deadline_seconds=60).ask(question)
    assert [row.about for row in answer.rows] == numbers
    assert (answer.question_id, stand_in.asked["vss"] - before) == ("many", 5)


def test_a_long_list_with_one_bad_part_is_no_answer(registry):
    numbers = [f"79{place:07}9" for place in range(100_000, 101_200)]
    with pytest.raises(RegistryUnavailable, match="wrong person: row 1200"):
        replace(registry, deadline_seconds=60).ask(ask_about(*numbers[:-1], "7916120006", question_id="many2"))


def test_the_secret_does_not_show_in_messages():
    assert SECRET not in repr(HttpRegistry("http://127.0.0.1:9", lambda: SECRET))


# ── the contract ─────────────────────────────────────────────────────────────


def against(name):
    contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": contract["components"]})


def test_the_contract_is_openapi_and_the_stand_in_serves_it(stand_in):
    served = requests.get(f"{stand_in.base_url}/v1/openapi.json", timeout=5).json()
    validate(served)
    assert served == json.loads(CONTRACT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(DOSSIER_FACTS))
def test_what_is_asked_and_answered_is_what_the_contract_says(name):
    for question in (ask_about("7916123456", "7916120004", registry=name), ask_about(registry=name)):
        [part] = parts_of(question)
        against("Question").validate(sent(part))
        against("Answer").validate(right_answer(question))


def test_the_contract_refuses_more_than_is_needed():
    [part] = parts_of(ask_about("7916123456"))
    assert not against("Question").is_valid({**sent(part), "dossier_id": "d1"})
    too_much = sent(part)
    too_much["rows"][0]["id_number"] = "079190000001"
    assert not against("Question").is_valid(too_much)


# ── answers that come later ──────────────────────────────────────────────────


def test_an_answer_that_comes_later_is_awaited_and_there_when_asked_again(registry, monkeypatch):
    monkeypatch.setattr(registries, "LATER_SECONDS", 0.05)
    question = replace(ask_about("7916123456", tax_code=VSS_LATER, question_id="l1"), answer_to="http://127.0.0.1:9/")
    with pytest.raises(AnswerAwaited):
        registry.ask(question)
    with a_receiver() as (address, received):
        told = replace(question, question_id="later too", answer_to=address)
        with pytest.raises(AnswerAwaited):
            registry.ask(told)
        body, header = received.get(timeout=10)
        assert is_signed(ANSWERS_SECRET, header, body, time.time())
        assert not is_signed(SECRET, header, body, time.time())
        assert not is_signed(ANSWERS_SECRET, header, body + b" ", time.time())
        assert not is_signed(ANSWERS_SECRET, header, body, time.time() + 301)
        [part] = parts_of(told)
        assert believe(part, json.loads(body)).rows[0].status == "match"
        ends = time.monotonic() + 10
        while time.monotonic() < ends:  # it is kept a moment after it was sent
            try:
                assert registry.ask(told).rows[0].status == "match"
                return
            except AnswerAwaited:
                time.sleep(0.05)
    pytest.fail("the answer never came")


@contextlib.contextmanager
def a_receiver():
    """A server that takes one later answer: its address, and a queue of (body, signature)."""
    received = queue.SimpleQueue()

    def app(environ, start):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        received.put((body, environ["HTTP_X_SIGNATURE"]))
        start("204 No Content", [])
        return [b""]

    server, thread = serve_on_loopback(app)
    try:
        yield f"http://127.0.0.1:{server.port}/", received
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


# ── our certificate ──────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority, and a server's and our certificate signed by it, as PEM files."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


def test_a_registry_that_demands_a_certificate_gets_ours(certificates):
    body = json.dumps(right_answer(ask_about("7916123456"))).encode()
    with a_server(says(body), tls=certificates.demanding()) as plain:
        known = replace(plain, identity=lambda: our_identity(certificates.secret()))
        assert known.ask(ask_about("7916123456")).rows[0].status == "match"


def test_without_a_certificate_or_with_an_unknown_one_there_is_no_answer(certificates, tmp_path):
    stranger = Certificates(tmp_path)
    trusting = {"authority": certificates.authority}
    for identity in (
        lambda: ssl.create_default_context(cadata=certificates.authority),
        lambda: our_identity(stranger.secret(**trusting)),
    ):
        with a_server(says(b"{}"), tls=certificates.demanding()) as plain, pytest.raises(RegistryUnavailable):
            replace(plain, identity=identity).ask(ask_about("7916123456"))


def test_a_registry_that_is_not_whom_we_trust_is_told_nothing(certificates, tmp_path):
    heard = []

    def listens(connection):
        heard.append(connection.recv(65536))

    impostor = Certificates(tmp_path)
    with a_server(listens, tls=impostor.demanding()) as plain, pytest.raises(RegistryUnavailable, match="SSL"):
        replace(plain, identity=lambda: our_identity(certificates.secret())).ask(ask_about("7916123456"))
    assert heard == []


def test_a_handshake_that_never_ends_ends_with_the_deadline(certificates):
    def dribbles(connection):
        with contextlib.suppress(OSError):
            connection.sendall(b"\x16\x03\x03\x3f\xff")  # a record of 16 KB is to follow, and comes byte by byte
            for _ in range(100):
                connection.sendall(b"\x02")
                time.sleep(0.05)

    with a_server(dribbles) as plain:
        address = plain.base_url.replace("http://127.0.0.1", "https://localhost")
        slow = replace(plain, base_url=address, identity=lambda: our_identity(certificates.secret()))
        with pytest.raises(RegistryUnavailable, match="no answer within 1 s"):
            slow.ask(ask_about("7916123456"))


@pytest.mark.parametrize("secret", ["", "no JSON", "[]", '{"certificate": "x"}', '{"certificate": "x", "key": "y"}'])
def test_a_certificate_that_is_none_is_said_without_being_repeated(secret):
    with pytest.raises(ValueError, match="the registries' certificate"):
        our_identity(secret)


@pytest.mark.parametrize("address", ["http://agency.example", "http://10.0.0.1", "ftp://127.0.0.1", "file:///etc"])
def test_people_are_not_sent_in_the_clear(address):
    with pytest.raises(RegistryUnavailable, match="cannot be reached: ValueError"):
        HttpRegistry(address, lambda: SECRET, deadline_seconds=1).ask(ask_about("7916123456"))


def test_a_name_that_is_looked_up_for_ever_ends_with_the_deadline(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10))
    try:
        with pytest.raises(RegistryUnavailable, match=r"no answer within 0\.3 s"):
            HttpRegistry("https://agency.example", lambda: SECRET, deadline_seconds=0.3).ask(ask_about("7916123456"))
    finally:
        over.set()
