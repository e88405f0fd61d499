"""A registry that answers JSON over HTTP: one question in, one believed answer out, within one deadline.

Knows the transport: signature, deadline over everything (address, connection, headers, body), size limits, no
redirects. What an answer must contain is `casework.registry`'s. Whatever goes wrong is RegistryUnavailable with the
reason, and when to ask again where the registry says so: never a verdict.
"""

from __future__ import annotations

import contextlib
import email.utils
import hmac
import http.client
import json
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from casework.errors import RegistryUnavailable
from casework.plain import to_plain
from casework.registry import Answer, Question, believe

LARGEST_ANSWER_BYTES = 1024 * 1024
DEADLINE_SECONDS = 10.0
# A row's answer takes some 220 bytes: this many fit an answer several times over.
ROWS_AT_ONCE = 1000
# What a registry may ask us to wait before the next try; more is not believed.
LONGEST_PAUSE_SECONDS = 24 * 3600.0
_DEEPEST_JSON = 32
_CHUNK_BYTES = 16 * 1024


@dataclass(frozen=True)
class HttpRegistry:
    """Asks one base URL. `secret` signs the questions; `clock` gives unix time, for the signature and dates."""

    base_url: str
    secret: Callable[[], str] = field(repr=False)
    deadline_seconds: float = DEADLINE_SECONDS
    clock: Callable[[], float] = time.time

    def ask(self, question: Question) -> Answer:
        """Ask one question. Raises RegistryUnavailable for anything but a believable answer, in bounded time.

        A long list is asked in parts, each with a key of its own, and answered whole or not at all.
        """
        ends_at = time.monotonic() + self.deadline_seconds
        parts = [
            replace(
                question,
                question_id=f"{question.question_id}.{first // ROWS_AT_ONCE}",
                rows=question.rows[first : first + ROWS_AT_ONCE],
            )
            for first in range(0, len(question.rows), ROWS_AT_ONCE)
        ]
        if len(parts) <= 1:
            return self._ask(question, ends_at)
        answers = [self._ask(part, ends_at) for part in parts]
        rows = tuple(row for answer in answers for row in answer.rows)
        return replace(answers[0], question_id=question.question_id, rows=rows)

    def _ask(self, question: Question, ends_at: float) -> Answer:
        body = json.dumps(to_plain(question), ensure_ascii=False, separators=(",", ":")).encode()
        try:
            status, headers, data = self._post(f"/v1/{question.registry}/questions", body, question, ends_at)
        except TimeoutError:
            raise RegistryUnavailable(f"no answer within {self.deadline_seconds:g} s") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= ends_at:
                raise RegistryUnavailable(f"no answer within {self.deadline_seconds:g} s") from error
            raise RegistryUnavailable(f"cannot be reached: {type(error).__name__}") from error
        if status != 200:
            raise RegistryUnavailable(f"answered HTTP {status}", self._pause(headers.get("Retry-After")))
        return believe(question, _parse(headers, data))

    def _post(
        self, path: str, body: bytes, question: Question, ends_at: float
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        base = urlsplit(self.base_url)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
            "Accept-Encoding": "gzip, identity",
            "Idempotency-Key": question.question_id,
            "X-Signature": sign(self.secret(), body, int(self.clock())),
            "Connection": "close",
        }
        connection = _connection(base.scheme, base.hostname or "", base.port, _left(ends_at))
        # A socket's own timeout starts anew with every byte: only closing it from outside ends a dribble.
        with contextlib.closing(connection), _closed_at(connection, ends_at):
            connection.request("POST", base.path.rstrip("/") + path, body, headers)
            answer = connection.getresponse()
            data = bytearray()
            while len(data) <= LARGEST_ANSWER_BYTES:
                _left(ends_at)
                chunk = answer.read1(_CHUNK_BYTES)
                if not chunk:
                    break
                data += chunk
            _left(ends_at)
            if len(data) > LARGEST_ANSWER_BYTES:
                raise RegistryUnavailable("bad answer: larger than 1 MB")
            if answer.length:  # fewer bytes came than were promised
                raise RegistryUnavailable("bad answer: cut off")
            return answer.status, answer.headers, bytes(data)

    def _pause(self, retry_after: str | None) -> float | None:
        """Seconds from a Retry-After header, given as seconds or as a date; None if it says nothing usable."""
        if retry_after is None:
            return None
        text = retry_after.strip()
        if text.isascii() and text.isdigit():
            return min(float(text), LONGEST_PAUSE_SECONDS)
        try:
            moment = email.utils.parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        pause = (moment - datetime.fromtimestamp(self.clock(), UTC)).total_seconds()
        return min(max(pause, 0.0), LONGEST_PAUSE_SECONDS)


def sign(secret: str, body: bytes, unix_time: int) -> str:
    """The X-Signature header: `t=<unix time>,v1=<HMAC-SHA-256 of "time.body", hex>`."""
    signed = str(unix_time).encode() + b"." + body
    return f"t={unix_time},v1={hmac.new(secret.encode(), signed, 'sha256').hexdigest()}"


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=timeout)
    raise ValueError(f"not an address of a registry: {scheme}")


@contextlib.contextmanager
def _closed_at(connection: http.client.HTTPConnection, ends_at: float) -> Iterator[None]:
    """Shut the connection down when the deadline comes, whatever it is waiting for."""

    def shut() -> None:
        if connection.sock is not None:
            with contextlib.suppress(OSError):  # it was closed in the same moment
                connection.sock.shutdown(socket.SHUT_RDWR)

    alarm = threading.Timer(_left(ends_at), shut)
    alarm.daemon = True
    connection.connect()
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _parse(headers: http.client.HTTPMessage, data: bytes) -> Any:
    """The JSON of an answer, with its size and depth bounded before anything is built of it."""
    kind = headers.get_content_type()
    if kind != "application/json":
        raise RegistryUnavailable(f"bad answer: {kind} instead of JSON")
    encoding = (headers.get("Content-Encoding") or "identity").strip().lower()
    if encoding == "gzip":
        data = _unpack(data)
    elif encoding != "identity":
        raise RegistryUnavailable(f"bad answer: packed as {encoding}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise RegistryUnavailable("bad answer: not UTF-8") from None
    if _depth(text) > _DEEPEST_JSON:
        raise RegistryUnavailable("bad answer: nested too deeply")
    try:
        return json.loads(text, parse_constant=_no_constants)
    except ValueError:
        raise RegistryUnavailable("bad answer: no JSON") from None


def _unpack(data: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(data, LARGEST_ANSWER_BYTES + 1)
    except zlib.error:
        raise RegistryUnavailable("bad answer: broken gzip") from None
    if len(plain) > LARGEST_ANSWER_BYTES:
        raise RegistryUnavailable("bad answer: larger than 1 MB when unpacked")
    if not unpacking.eof:
        raise RegistryUnavailable("bad answer: cut off")
    return plain


def _depth(text: str) -> int:
    """How deep brackets are nested at most; brackets inside strings count too, which only errs on the safe side."""
    depth = deepest = 0
    for sign_ in text:
        if sign_ in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign_ in "]}":
            depth -= 1
    return deepest


def _no_constants(name: str) -> Any:
    raise ValueError(name)
