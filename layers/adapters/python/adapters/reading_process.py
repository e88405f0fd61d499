"""The child process in which hostile bytes are opened: started once, forking one limited process per page.

`python -m adapters.reading_process` speaks frames over its standard streams: eight bytes of length of a JSON head,
eight of a body, then both. It imports the heavy libraries once and opens nothing itself; every page is opened in a
fork with its own limits of memory and processor time, so that a hostile file ends a fork and nothing else. Pipes
only: AWS Lambda has no shared memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import struct
import sys
import time
import traceback
from typing import Any, BinaryIO

from casework.errors import ReaderFailed
from casework.plain import from_plain, to_plain

_HEAD = struct.Struct(">QQ")
_MEMORY_BYTES = 1 << 30
_OPENING_CPU_SECONDS = 20
_READING_CPU_SECONDS = 120


def write_frame(stream: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    packed = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    stream.write(_HEAD.pack(len(packed), len(body)))
    stream.write(packed)
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame, or None when the other side has closed."""
    lengths = _exactly(stream, _HEAD.size)
    if lengths is None:
        return None
    head_length, body_length = _HEAD.unpack(lengths)
    head, body = _exactly(stream, head_length), _exactly(stream, body_length)
    if head is None or body is None:
        return None
    decoded = json.loads(head)
    return (decoded, body) if isinstance(decoded, dict) else None


def _exactly(stream: BinaryIO, count: int) -> bytes | None:
    data = stream.read(count)
    return data if len(data) == count else None


def serve() -> None:
    """Answer frames until the parent closes: {"do": "read"|"again"|…} in, {"page"|"text"|"failed"|"died"|…} out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not reach the frames
    _warm_up()
    document = b""
    while (frame := read_frame(incoming)) is not None:
        head, body = frame
        if head["do"] == "open":
            document = body
            continue
        answer, payload = _in_a_fork(head, body or document)
        write_frame(outgoing, answer, payload)


def _warm_up() -> None:
    """Import before the first fork what every fork needs."""
    import numpy.ma  # noqa: F401 - with which numpy looks for unlike values
    import PIL.Image
    import PIL.ImageFilter
    import pypdfium2  # noqa: F401
    import pytesseract  # noqa: F401

    from adapters import page_reading, seal_letters, second_look  # noqa: F401

    PIL.Image.init()


def _in_a_fork(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """Do one task in a limited fork. {"died": signal name or "time"} when the fork did not live to answer."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiving)
        _be_the_fork(head, body, sending)
    os.close(sending)
    deadline = time.monotonic() + float(head.get("seconds", 120))
    chunks: list[bytes] = []
    late = False
    while True:
        ready, _, _ = select.select([receiving], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            late = True
            break
        chunk = os.read(receiving, 1 << 20)
        if not chunk:
            break
        chunks.append(chunk)
    os.close(receiving)
    if late:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if late:
        return {"died": "time"}, b""
    if os.WIFSIGNALED(status):
        return {"died": signal.Signals(os.WTERMSIG(status)).name}, b""
    return _unpacked(b"".join(chunks))


def _unpacked(data: bytes) -> tuple[dict[str, Any], bytes]:
    import io

    frame = read_frame(io.BytesIO(data))
    return frame if frame is not None else ({"died": "silent"}, b"")


def _be_the_fork(head: dict[str, Any], body: bytes, sending: int) -> None:
    """The fork's whole life: limit itself, do the task, answer, and leave without the parent's clean-up."""
    status = 1
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (_OPENING_CPU_SECONDS, _READING_CPU_SECONDS))
        try:
            answer, payload = _task(head, body)
        except MemoryError:
            answer, payload = {"died": "memory"}, b""
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it as ReaderFailed
            traceback.print_exc()
            answer, payload = {"failed": f"{type(error).__name__}: {error}"[:500]}, b""
        with os.fdopen(sending, "wb") as stream:
            write_frame(stream, answer, payload)
        status = 0
    finally:
        os._exit(status)


def _task(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    from casework.document import Box, Page

    from adapters import page_reading, seal_letters, second_look
    from adapters.tesseract import Engine

    engine = from_plain(Engine, head["engine"])
    try:
        if head["do"] == "variously":
            texts = second_look.read_variously(body, from_plain(Box, head["box"]), engine, head["alphabet"])
            return {"texts": texts}, b""
        if head["do"] == "again":
            text, confidence = second_look.read_crop(body, from_plain(Box, head["box"]), engine, head["alphabet"])
            return {"text": text, "confidence": confidence}, b""
        if head["do"] == "seal":
            read = seal_letters.read_from_file(
                body, from_plain(Page, head["page"]), from_plain(Box, head["box"]), engine
            )
            return {"read": [to_plain(form) for form in read]}, b""
        page, picture = page_reading.read(body, head["number"], engine, picture=head["picture"])
        return {"page": to_plain(page), "cost": _cost()}, picture
    except ReaderFailed as error:
        return {"failed": str(error)}, b""


def _cost() -> dict[str, float]:
    """What this fork and its engine used: processor seconds, and the peak memory of the larger of the two."""
    own, engine = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "own_seconds": round(own.ru_utime + own.ru_stime, 4),
        "engine_seconds": round(engine.ru_utime + engine.ru_stime, 4),
        "peak_mb": round(max(own.ru_maxrss, engine.ru_maxrss) / 1024, 1),
    }


if __name__ == "__main__":
    serve()
