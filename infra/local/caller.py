"""A client of the HTTP API, as an applicant's or an integrator's system would write one. Knows no AWS."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

_TRY_AGAIN = frozenset({502, 503, 504})  # nothing is lost by asking again: keys and versions keep it single
_PAUSES = (0.5, 1.0, 2.0, 4.0, 0.0)


class Declined(Exception):
    """The API answered with a problem; `problem` is its body (RFC 9457)."""

    def __init__(self, method: str, path: str, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{method} {path}: {status} {problem.get('title', '')} {problem.get('detail', '')}".strip())
        self.status, self.problem = status, problem


@dataclass(frozen=True)
class Reply:
    """An answer's JSON and the version its ETag names."""

    data: Any
    etag: str


@dataclass
class Caller:
    """Someone signed in. Not to be shared between threads: each has its own connection."""

    base_url: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {self.token}"

    def get(self, path: str, **query: str) -> Reply:
        """Read something. Raises Declined."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: Any = None, *, key: str = "", etag: str = "") -> Reply:
        """Do something: `key` makes its repetition harmless, `etag` refuses it if the dossier has changed since."""
        headers = {name: value for name, value in (("Idempotency-Key", key), ("If-Match", etag)) if value}
        return self._call("POST", path, json={} if body is None else body, headers=headers)

    def _call(self, method: str, path: str, **more: Any) -> Reply:
        for pause in _PAUSES:
            answer = self._http.request(method, self.base_url + path, timeout=60, **more)
            if answer.status_code not in _TRY_AGAIN:
                break
            time.sleep(pause)
        if answer.status_code >= 400:
            kind = answer.headers.get("Content-Type", "")
            raise Declined(
                method, path, answer.status_code, answer.json() if "json" in kind else {"title": answer.text}
            )
        return Reply(answer.json(), answer.headers.get("ETag", ""))

    def send_file(self, path: str, name: str, media_type: str, data: bytes, key: str, page: int | None = None) -> str:
        """Announce a file at `path` and send it straight to the store; returns the document's id."""
        file = {
            "file_name": name,
            "size_bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "media_type": media_type,
            **({"page": page} if page else {}),
        }
        granted = self.post(path, file, key=key).data
        upload = granted["upload"]
        answer = requests.post(upload["url"], data=upload["fields"], files={"file": (name, data)}, timeout=60)
        if answer.status_code >= 300:
            raise Declined("POST", "upload", answer.status_code, {"title": answer.text})
        document_id: str = granted["document_id"]
        return document_id

    def watch(self, path: str, done: Callable[[Any], bool], seconds: float) -> Iterator[Reply]:
        """Read again and again, at first half a second apart, then less often, until `done`: the last reply is done.

        Raises TimeoutError."""
        ends, pause = time.monotonic() + seconds, 0.5
        while True:
            reply = self.get(path)
            yield reply
            if done(reply.data):
                return
            if time.monotonic() > ends:
                raise TimeoutError(f"{path} stands still")
            time.sleep(pause)
            pause = min(pause * 1.2, 2.0)
