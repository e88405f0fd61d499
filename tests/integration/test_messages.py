"""SES and SNS as they misbehave: what an answer, or its absence, means for a message. None is handed over twice."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from adapters import wiring
from adapters.settings import Settings
from casework.errors import MessageDelayed, MessageRefused, MessageUncertain

KNOWN = Settings.of({"MAIL_SENDER": "mot-cua@motcua.example", "SMS_SENDER": "MotCua"})


class Provider:
    """Answers every request as it was told to: (status, code of the error), or drops the line."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.says: tuple[int, str] | None = None

    def serve(self) -> ThreadingHTTPServer:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                provider.taken.append(self.rfile.read(length).decode())
                if provider.says is None:
                    self.connection.close()
                    return
                status, code = provider.says
                if self.path.startswith("/v2/"):
                    body = b'{"message": "no such address: other@example.vn"}'
                    self.send_response(status)
                    self.send_header("x-amzn-ErrorType", code)
                else:
                    body = (
                        f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
                    ).encode()
                    self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    made = Provider()
    server = made.serve()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    given = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_DEFAULT_REGION": "ap-southeast-1",
        "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    yield made
    server.shutdown()
    server.server_close()


def send(way: str) -> str:
    if way == "mail":
        return wiring.mail(KNOWN).send("d1-2-1", "ke.toan@example.vn", "Đã nhận", "Đã nhận hồ sơ")
    return wiring.text_messages(KNOWN).send("d1-2-2", "+84901234567", "Đã nhận hồ sơ")


@pytest.mark.parametrize("way", ["mail", "sms"])
@pytest.mark.parametrize(
    ("says", "means"),
    [
        ((500, "InternalServerError"), MessageUncertain),
        ((503, "ServiceUnavailable"), MessageUncertain),
        (None, MessageUncertain),
        ((429, "TooManyRequestsException"), MessageDelayed),
        ((403, "AccessDenied"), MessageDelayed),
    ],
)
def test_fault_43_a_message_is_handed_over_once_whatever_comes_back(
    provider: Provider, way: str, says: tuple[int, str] | None, means: type[Exception]
) -> None:
    provider.says = says
    with pytest.raises(means):
        send(way)
    assert len(provider.taken) == 1


@pytest.mark.parametrize(("way", "code"), [("mail", "MessageRejected"), ("sms", "InvalidParameter")])
def test_what_the_provider_will_never_take_is_refused(provider: Provider, way: str, code: str) -> None:
    provider.says = (400, code)
    with pytest.raises(MessageRefused, match=code) as caught:
        send(way)
    assert "other@" not in "".join(traceback.format_exception(caught.value))  # which a log would show


@pytest.mark.parametrize("way", ["mail", "sms"])
def test_a_provider_that_is_not_there_has_sent_nothing(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "ap-southeast-1")
    with pytest.raises(MessageDelayed):
        send(way)
