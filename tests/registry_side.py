"""The other side: questions to registries as the verbs ask them, servers on loopback that behave as they are told."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import socket
import ssl
import threading
import time
from dataclasses import replace

import pytest
from adapters.registries.http import HttpRegistry
from casework import procedures
from casework.asking import parts_of
from casework.errors import RegistryUnavailable
from casework.plain import to_plain
from casework.registry import Employer, Question, QuestionRow
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.local.registry_answers import answer_for

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


@contextlib.contextmanager
def a_server(behave, tls=None):
    """A TCP server on loopback that does `behave(connection)` with the first connection and nothing else.

    tls: the context it speaks TLS with; it is then asked by its name.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def work():
        with contextlib.suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(5)
                behave(tls.wrap_socket(connection, server_side=True) if tls else connection)
                over.wait(5)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        address = ("https://localhost" if tls else "http://127.0.0.1") + f":{listening.getsockname()[1]}"
        yield HttpRegistry(address, lambda: SECRET, deadline_seconds=1)
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
    """What a registry answers to a question as it is sent: people by their place in the list."""
    [part] = parts_of(question)
    return to_plain(answer_for(part, dt.datetime(2020, 4, 20, tzinfo=dt.UTC)))


def refused(behave, question=None):
    """What the connector says of this behaviour, and how long it took."""
    began = time.monotonic()
    with a_server(behave) as registry, pytest.raises(RegistryUnavailable) as caught:
        registry.ask(question or ask_about("7916123456"))
    return caught.value, time.monotonic() - began


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


class Certificates:
    """An authority of our own with a certificate for localhost and one for Một Cửa, made when they are needed."""

    def __init__(self, folder):
        self._folder = folder
        key = ec.generate_private_key(ec.SECP256R1())
        self._key, self._name = key, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.authority = _pem(self._signed(self._name, key.public_key(), x509.BasicConstraints(True, None)))

    def secret(self, **differs):
        """What stands in the secret: our certificate and key, and whom we trust."""
        certificate, key = self._made("Mot Cua")
        return json.dumps({"certificate": certificate, "key": key, "authority": self.authority, **differs})

    def demanding(self):
        """The context of a server that demands a certificate of this authority."""
        certificate, key = self._made("localhost")
        path = self._folder / "server.pem"
        path.write_text(certificate + key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        context.load_verify_locations(cadata=self.authority)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def _made(self, name):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signed = self._signed(subject, key.public_key(), x509.SubjectAlternativeName([x509.DNSName("localhost")]))
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return _pem(signed), private.decode()

    def _signed(self, subject, public_key, extension):
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(self._name, subject, public_key, x509.random_serial_number())
        builder = builder.not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(hours=1))
        return builder.add_extension(extension, critical=False).sign(self._key, hashes.SHA256())


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
