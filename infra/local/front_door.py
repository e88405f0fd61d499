"""The one address all AWS calls of this machine go to: moto, behind a lock, with what moto lacks played in front.

Played here: Lambda's Invoke (the handlers run in this process), the rules of presigned forms and links, browsers'
CORS questions to buckets, Cognito's pre-token trigger and its token endpoint. Everything else is moto's answer. moto's
conditional writes are not atomic between threads, so one call at a time passes to it.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

from infra.local.containers import Containers
from infra.local.sign_in import SignIn
from infra.local.tables import small_backups
from infra.local.uploads import PostedForm, RefusedUpload, Uploads

log = logging.getLogger("motcua.local")
StartResponse = Callable[..., Any]

_INVOKE = re.compile(r"^/2015-03-31/functions/([^/]+)/invocations$")
_WAKES_STREAMS = re.compile(r"^DynamoDB_\d+\.(Put|Update|Delete|Transact|BatchWrite)")
_WAKES_QUEUES = re.compile(r"^AmazonSQS\.(SendMessage|ChangeMessageVisibility|StartMessageMoveTask)")
_SIGNS_IN = re.compile(
    r"^AWSCognitoIdentityProviderService\.(Admin)?(InitiateAuth|RespondToAuthChallenge|GetTokensFromRefreshToken)$"
)


# What Step Functions passes between states; moto passes anything.
LARGEST_PAYLOAD_BYTES = 256 * 1024


class Pulse:
    """Wakes the event sources when something may have come for them, so that they need not look all the time."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._beats = 0

    def beat(self) -> None:
        """Something came."""
        with self._condition:
            self._beats += 1
            self._condition.notify_all()

    @property
    def beats(self) -> int:
        """How many beats there have been."""
        with self._condition:
            return self._beats

    def wait(self, seen: int, timeout: float) -> None:
        """Wait until there have been other than `seen` beats, no longer than `timeout` seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self._beats != seen, timeout)


class _Handler(MotoRequestHandler):
    """Connections are kept, and answers not held back: a local call then costs milliseconds, not tens of them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Requests are not logged: bodies and paths are people's data."""


def serve_on_loopback(
    app: Callable[[dict[str, Any], StartResponse], Iterable[bytes]], port: int = 0
) -> tuple[BaseWSGIServer, threading.Thread]:
    """Serve a WSGI application on 127.0.0.1 in threads; port 0 takes a free one."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Handler)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    return server, thread


class FrontDoor:
    """The WSGI application in front of moto. Its collaborators are set once the stack stands.

    largest_payload: by function, the most bytes a state machine handed to it or had from it.
    """

    def __init__(self) -> None:
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.RLock()
        self.queues, self.streams = Pulse(), Pulse()
        self.containers: Containers | None = None
        self.sign_in: SignIn | None = None
        self.uploads: Uploads | None = None
        self.asynchronously: Callable[[str, Any], None] | None = None
        self.largest_payload: dict[str, int] = {}
        self._telling: set[str] = set()  # buckets that tell a queue of what is put into them

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        """Answer one call: here if it is played here, else by moto."""
        path, target = environ["PATH_INFO"], environ.get("HTTP_X_AMZ_TARGET", "")
        if called := _INVOKE.match(path):
            return self._invoke(called[1], environ)(environ, start)
        if self.sign_in and path == "/oauth2/token":
            return self.sign_in.token_endpoint(Request(environ))(environ, start)
        if self.uploads and self.uploads.is_preflight(environ):
            return self.uploads.preflight(Request(environ))(environ, start)
        if self.uploads and self.uploads.is_posted_form(environ):
            return self._posted(environ)(environ, start)
        if self.uploads and self.uploads.is_signed_link(environ):
            request = Request(environ)
            try:
                self.uploads.check_link(request)
            except RefusedUpload as refusal:
                return refusal.response(request)(environ, start)
        if self.sign_in and _SIGNS_IN.match(target):
            return self._signs_in(environ)(environ, start)
        with self.lock, self._backups(environ, target):
            answer = list(self.moto(environ, start))
        self._wake(environ, target)
        return answer

    @staticmethod
    def _backups(environ: dict[str, Any], target: str) -> contextlib.AbstractContextManager[None]:
        if not target.endswith(".TransactWriteItems"):
            return contextlib.nullcontext()
        body = Request(environ).get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        return small_backups(body)

    def _wake(self, environ: dict[str, Any], target: str) -> None:
        if _WAKES_STREAMS.match(target):
            self.streams.beat()
        elif _WAKES_QUEUES.match(target):
            self.queues.beat()
        elif not target and environ["REQUEST_METHOD"] in ("PUT", "POST"):
            bucket, _, key = environ["PATH_INFO"].lstrip("/").partition("/")
            if key and bucket in self._telling:
                self.queues.beat()
            elif not key and environ.get("QUERY_STRING", "").startswith("notification"):
                self._telling.add(bucket)

    def _invoke(self, name: str, environ: dict[str, Any]) -> Response:
        """Lambda's Invoke, with the answer Step Functions and boto3 expect."""
        headers = {"x-amzn-RequestId": "local", "X-Amz-Executed-Version": "$LATEST"}
        if self.containers is None:
            return Response("{}", 503, headers | {"x-amzn-ErrorType": "ServiceException"})
        try:
            function = self.containers.function_of(unquote(name))
        except KeyError:
            text = json.dumps({"Type": "User", "Message": f"Function not found: {unquote(name)}"})
            return Response(text, 404, headers | {"x-amzn-ErrorType": "ResourceNotFoundException"})
        event = json.loads(Request(environ).get_data() or b"{}")
        if environ.get("HTTP_X_AMZ_INVOCATION_TYPE") == "Event" and self.asynchronously is not None:
            self.asynchronously(function, event)
            return Response("", 202, headers)
        result = self.containers.invoke(function, event)
        answer = json.dumps(result.payload)
        largest = max(len(answer.encode()), int(environ.get("CONTENT_LENGTH") or 0))
        self.largest_payload[function] = max(largest, self.largest_payload.get(function, 0))
        if result.failed:
            headers["X-Amz-Function-Error"] = "Unhandled"
        elif largest > LARGEST_PAYLOAD_BYTES:
            said = f"{self.containers.names[function]} was handed or returned {largest} bytes"
            answer = json.dumps({"errorType": "States.DataLimitExceeded", "errorMessage": said})
            headers["X-Amz-Function-Error"] = "Unhandled"
        return Response(answer, 200, headers)

    def _posted(self, environ: dict[str, Any]) -> Response:
        """A browser's upload form: checked as S3 checks it, then stored as one object."""
        assert self.uploads is not None
        request = Request(environ)
        try:
            form = PostedForm.read(request)
            self.uploads.check(form)
        except RefusedUpload as refusal:
            return refusal.response(request)
        answer = self.uploads.store(form, request)
        self.queues.beat()
        return answer

    def _signs_in(self, environ: dict[str, Any]) -> Response:
        """moto signs the person in; the pre-token trigger then has its say in the access token."""
        assert self.sign_in is not None
        body = Request(environ).get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        kept: list[Any] = []
        with self.lock:
            answer = b"".join(self.moto(environ, lambda status, headers, *_: kept.extend((status, headers))))
        status, headers = kept
        if status.startswith("200"):
            answer = json.dumps(self.sign_in.shape(json.loads(body), json.loads(answer))).encode()
        plain = [(name, value) for name, value in headers if name.lower() != "content-length"]
        return Response(answer, status, plain)
