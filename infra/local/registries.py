"""The registries' stand-in: real HTTP on loopback, the contract of docs/registries.openapi.json, invented answers.

What is said stands in registry_answers; here is how: signatures, keys that make a question asked twice one question,
silence and slowness, answers that come later by a signed call. Keeps no data of persons; answers are remembered by
Idempotency-Key only.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import json
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import requests
from adapters.registries.signature import is_signed, sign
from casework.plain import from_plain, to_plain
from casework.registry import DOSSIER_FACTS, Question
from werkzeug.wrappers import Request, Response

from infra.local.registry_answers import VSS_BROKEN, VSS_DOWN, VSS_LATER, VSS_SLOW, answer_for

CONTRACT = Path(__file__).parents[2] / "docs" / "registries.openapi.json"
SLOW_SECONDS = 4.0
LATER_SECONDS = 1.0
_CALLS_BACK = 4


class StandIn:
    """The service. A context manager; `base_url` is where it answers.

    secret: the key questions are signed with; answers_secret: the key later answers are signed with; both set before
    the first question. now: the time it believes in, for its answers. down: registries that answer 503 whatever they
    are asked, until they are taken out of the set again. `asked` counts questions by registry, `came` tells when
    (monotonic seconds) each call came.
    """

    def __init__(
        self,
        port: int = 0,
        slow_seconds: float = SLOW_SECONDS,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.secret = self.answers_secret = ""
        self.down: set[str] = set()
        self.asked: dict[str, int] = {}
        self.came: list[tuple[str, float]] = []
        self._port, self._slow_seconds, self._now = port, slow_seconds, now
        self._answers: dict[str, tuple[bytes, dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def __enter__(self) -> StandIn:
        from infra.local.front_door import serve_on_loopback

        self._server, self._thread = serve_on_loopback(self, self._port)
        self.base_url = f"http://127.0.0.1:{self._server.port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        return self._answer(Request(environ))(environ, start)

    def _answer(self, request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        if request.path == "/v1/openapi.json" and request.method == "GET":
            return Response(CONTRACT.read_bytes(), 200, content_type="application/json")
        if len(parts) != 3 or parts[0] != "v1" or parts[2] != "questions" or parts[1] not in DOSSIER_FACTS:
            return _problem(404, "unknown-registry", f"No such registry: {request.path}")
        if request.method != "POST":
            return _problem(405, "method-not-allowed", "Questions are posted", {"Allow": "POST"})
        if (request.content_length or 0) > 4 * 1024 * 1024:
            return _problem(413, "question-too-large", "At most 4 MB")
        registry, body = parts[1], request.get_data()
        if not is_signed(self.secret, request.headers.get("X-Signature", ""), body, time.time()):
            return _problem(401, "bad-signature", "X-Signature is missing, too old or wrong")
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return _problem(400, "no-idempotency-key", "Idempotency-Key is missing")
        try:
            question: Question = from_plain(Question, json.loads(body))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            return _problem(400, "bad-question", f"The question cannot be read: {error}")
        if question.registry != registry:
            return _problem(400, "bad-question", "The address names another registry than the question")
        return self._tell(request, question, key, body)

    def _tell(self, request: Request, question: Question, key: str, body: bytes) -> Response:
        registry, code = question.registry, question.employer.tax_code[:10]
        with self._lock:
            self.asked[registry] = self.asked.get(registry, 0) + 1
            self.came.append((registry, time.monotonic()))
            given = self._answers.get(key)
        if given is not None:
            if given[0] != body:
                return _problem(409, "idempotency-key-reused", "This Idempotency-Key came with another question")
            return _send(request, given[1])
        magic = code if registry == "vss" else ""
        if registry in self.down or magic == VSS_DOWN:
            return _problem(503, "under-maintenance", "The registry is under maintenance", {"Retry-After": "1"})
        if magic == VSS_BROKEN:
            return Response("<!doctype html><title>Đăng nhập</title>", 200, content_type="text/html; charset=utf-8")
        if magic == VSS_SLOW:
            self._closed.wait(self._slow_seconds)
        answer = to_plain(answer_for(question, self._now(), anew="~" in question.question_id))
        if magic == VSS_LATER and question.answer_to:
            threading.Thread(target=self._call_back, args=(question, key, body, answer), daemon=True).start()
            return Response(json.dumps({"status": "accepted"}), 202, content_type="application/json")
        with self._lock:
            self._answers[key] = body, answer
        return _send(request, answer)

    def _call_back(self, question: Question, key: str, body: bytes, answer: dict[str, Any]) -> None:
        """Send the answer to where the question says, again while nobody takes it; then it waits to be asked for."""
        data = json.dumps(answer, ensure_ascii=False).encode()
        if urlsplit(question.answer_to).hostname == "127.0.0.1":  # it plays on this machine alone
            for attempt in range(_CALLS_BACK):
                if self._closed.wait(LATER_SECONDS * 2**attempt):
                    return
                headers = {
                    "Content-Type": "application/json",
                    "X-Signature": sign(self.answers_secret, data, int(time.time())),
                }
                with contextlib.suppress(requests.RequestException):
                    if requests.post(question.answer_to, data=data, headers=headers, timeout=10).ok:
                        break
        with self._lock:
            self._answers[key] = body, answer


def _send(request: Request, answer: dict[str, Any]) -> Response:
    data = json.dumps(answer, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"}
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(data) > 1024:
        return Response(gzip.compress(data), 200, headers | {"Content-Encoding": "gzip"})
    return Response(data, 200, headers)


def _problem(status: int, slug: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps({"type": slug, "title": slug.replace("-", " "), "detail": detail, "status": status})
    return Response(body, status, headers or {}, content_type="application/problem+json")


@contextlib.contextmanager
def registry_down(stand_in: StandIn, registry: str) -> Any:
    """Within the block the registry answers 503."""
    stand_in.down.add(registry)
    try:
        yield
    finally:
        stand_in.down.discard(registry)
