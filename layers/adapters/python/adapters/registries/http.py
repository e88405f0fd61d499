"""A registry that answers JSON over HTTP: one question in, one believed answer out, within one deadline.

Knows the transport: signature, our certificate, deadline over everything (address, connection, headers, body), size
limits, no redirects. What is sent is `casework.asking`'s, what an answer must contain `casework.registry`'s, when a
call may leave the gate's. Whatever goes wrong is RegistryUnavailable with the reason, and when to ask again where the
registry says so: never a verdict. Described for the other side in docs/registries.openapi.json.
"""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import json
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from casework.asking import joined, parts_of, sent
from casework.errors import AnswerAwaited, RegistryUnavailable
from casework.registry import Answer, Question, believe

from adapters.registries.gate import Gate
from adapters.registries.signature import sign

LARGEST_ANSWER_BYTES = 1024 * 1024
DEADLINE_SECONDS = 10.0
# What a registry may ask us to wait before the next try; more is not believed.
LONGEST_PAUSE_SECONDS = 24 * 3600.0
_DEEPEST_JSON = 32
_CHUNK_BYTES = 16 * 1024


@dataclass(frozen=True)
class HttpRegistry:
    """Asks one base URL. `secret` signs the questions; `clock` gives unix time, for the signature and dates.

    gate: which calls may leave, and when; every call may where there is none. identity: our certificate and whom we
    trust, for registries that want to see who asks.
    """

    base_url: str
    secret: Callable[[], str] = field(repr=False)
    deadline_seconds: float = DEADLINE_SECONDS
    clock: Callable[[], float] = time.time
    gate: Gate | None = None
    identity: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context, repr=False)

    def ask(self, question: Question) -> Answer:
        """Ask one question. Raises RegistryUnavailable for anything but a believable answer, in bounded time, and
        AnswerAwaited when the registry answers later.

        The deadline is for the registry: what a call waits for its turn comes on top, each time at most the gate's
        patience. A long list is asked in parts, each with a key of its own, and answered whole or not at all.
        """
        ends_at = time.monotonic() + self.deadline_seconds
        given, awaited = {}, False
        for part in parts_of(question):
            came_at = time.monotonic()
            with self.gate.call(part.registry, part.question_id) if self.gate else contextlib.nullcontext():
                ends_at += time.monotonic() - came_at
                answer = self._ask(part, ends_at)
            if answer is None:
                awaited = True
            else:
                given[part.question_id] = answer
        whole = None if awaited else joined(question, given)
        if whole is None:
            raise AnswerAwaited(list(given.values()))
        return whole

    def _ask(self, part: Question, ends_at: float) -> Answer | None:
        """The answer to one part; None when it will come later."""
        body = json.dumps(sent(part), ensure_ascii=False, separators=(",", ":")).encode()
        try:
            status, headers, data = self._post(f"/v1/{part.registry}/questions", body, part, ends_at)
        except TimeoutError:
            raise RegistryUnavailable(f"no answer within {self.deadline_seconds:g} s") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= ends_at:
                raise RegistryUnavailable(f"no answer within {self.deadline_seconds:g} s") from error
            raise RegistryUnavailable(f"cannot be reached: {type(error).__name__}") from error
        if status == 202:
            return None
        if status != 200:
            pause = self._pause(headers.get("Retry-After"))
            raise RegistryUnavailable(f"answered HTTP {status}", pause, too_many=status == 429)
        return believe(part, parse_answer(headers, data))

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
        # A socket's own timeout starts anew with every byte: only closing it from outside ends a dribble.
        with self._connected(base.scheme, base.hostname or "", base.port, ends_at) as connection:
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

    @contextlib.contextmanager
    def _connected(
        self, scheme: str, host: str, port: int | None, ends_at: float
    ) -> Iterator[http.client.HTTPConnection]:
        """A connection that is shut down when the deadline comes, whatever it is waiting for, the handshake too."""
        identity = self.identity() if scheme == "https" else None
        if identity is not None:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, context=identity)
        elif scheme == "http" and host in ("127.0.0.1", "::1", "localhost"):  # people's data go nowhere in the clear
            connection = http.client.HTTPConnection(host, port)
        else:
            raise ValueError(f"not an address of a registry: {scheme}://{host}")
        plain = _reached(host, connection.port, ends_at)
        twin = plain.dup()  # the connection's own end: TLS takes the socket itself away

        def shut() -> None:
            with contextlib.suppress(OSError):  # it was closed in the same moment
                twin.shutdown(socket.SHUT_RDWR)

        alarm = threading.Timer(_left(ends_at), shut)
        alarm.daemon = True
        alarm.start()
        with contextlib.closing(twin), contextlib.closing(plain), contextlib.closing(connection):
            try:
                connection.sock = identity.wrap_socket(plain, server_hostname=host) if identity else plain
                yield connection
            finally:
                alarm.cancel()

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


def _reached(host: str, port: int, ends_at: float) -> socket.socket:
    """A TCP connection to one of the host's addresses. Looking it up has no timeout of its own, so it is watched."""
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            found.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        addresses = found.get(timeout=_left(ends_at))
    except queue.Empty:
        raise TimeoutError from None
    problem = addresses if isinstance(addresses, OSError) else OSError("no address")
    for family, kind, protocol, _, address in () if isinstance(addresses, OSError) else addresses:
        reached = socket.socket(family, kind, protocol)
        try:
            reached.settimeout(_left(ends_at))
            reached.connect(address)
        except OSError as error:
            reached.close()
            problem = error
        else:
            return reached
    raise problem


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def parse_answer(headers: http.client.HTTPMessage, data: bytes) -> Any:
    """The JSON of an answer, with its size and depth bounded before anything is built of it."""
    kind = headers.get_content_type()
    if kind != "application/json":
        raise RegistryUnavailable(f"bad answer: {kind} instead of JSON")
    encoding = (headers.get("Content-Encoding") or "identity").strip().lower()
    if encoding == "gzip":
        data = _unpack(data)
    elif encoding != "identity":
        raise RegistryUnavailable(f"bad answer: packed as {encoding}")
    return parse_body(data)


def parse_body(data: bytes) -> Any:
    """The JSON of an answer that is not packed. Raises RegistryUnavailable."""
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
