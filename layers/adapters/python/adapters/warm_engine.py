"""Tesseract made ready once: the installed library is loaded into the reading process, and every picture is read in a
fork that finds it ready.

Starting the program takes 0.1 s of processor, most of it for a table that our language model never uses, two or three
times a page. The forks are limited, killed when late, and die alone, as the program was: only the start is inherited.
What they read is the same word for word. Where there is no such library, as on AWS Lambda, whose system is older than
the engine of the layer, `get_ready` says so and the program is started.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import resource
import select
import signal
import threading
import time
from functools import cache
from typing import TYPE_CHECKING

from casework.errors import ReaderFailed

if TYPE_CHECKING:
    from PIL.Image import Image

_LIBRARY = "libtesseract.so.5"
_LSTM_AND_WHATEVER_THERE_IS = 3  # as the program has it
_MEMORY_BYTES = 1 << 30  # on top of what the page's own process may have
_forking = threading.Lock()


@cache
def get_ready(language: str) -> bool:
    """Load library and language into this process, once; False where that cannot be done."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        library = ctypes.CDLL(_LIBRARY)
        _declare(library)
    except (OSError, AttributeError):
        return False
    handle = library.TessBaseAPICreate()
    if library.TessBaseAPIInit2(handle, None, language.encode(), _LSTM_AND_WHATEVER_THERE_IS) != 0:
        library.TessBaseAPIDelete(handle)
        return False
    atexit.register(library.TessBaseAPIDelete, handle)  # else it complains of what it leaves
    _ready[language] = library, handle
    return True


_ready: dict[str, tuple[ctypes.CDLL, int]] = {}


def is_ready(language: str) -> bool:
    """Was the language loaded, here or in the process this one was forked from?"""
    return language in _ready


def table_of_words(image: Image, language: str, variables: dict[str, str], mode: int, seconds: float) -> str:
    """Tesseract's table (TSV without a heading) of a grey image. May be called from several threads.

    Raises ReaderFailed when the engine dies or hangs, TimeoutError when it was out of processor time.
    """
    grey = image.convert("L")
    pixels = grey.tobytes()
    with _forking:  # else one fork would keep the other's pipe open
        receiving, sending = os.pipe()
        child = os.fork()
        if child == 0:
            _be_the_fork(sending, language, variables, mode, pixels, grey.size)
        os.close(sending)
    answer = _everything(receiving, time.monotonic() + seconds)
    if answer is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if answer is None:
        raise ReaderFailed(f"Tesseract gave no answer in {seconds:g} s")
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        raise TimeoutError
    if status != 0:
        raise ReaderFailed(f"Tesseract failed ({os.waitstatus_to_exitcode(status)})")
    try:
        return answer.decode()
    except UnicodeDecodeError as error:
        raise ReaderFailed("Tesseract left no readable answer") from error


def _everything(receiving: int, deadline: float) -> bytes | None:
    """What comes through a pipe until its end, or None when that is late."""
    chunks: list[bytes] = []
    try:
        while select.select([receiving], [], [], max(0.0, deadline - time.monotonic()))[0]:
            if not (chunk := os.read(receiving, 1 << 20)):
                return b"".join(chunks)
            chunks.append(chunk)
        return None
    finally:
        os.close(receiving)


def _be_the_fork(
    sending: int, language: str, variables: dict[str, str], mode: int, pixels: bytes, size: tuple[int, int]
) -> None:
    """The fork's whole life: read, answer, and leave without anybody's clean-up."""
    status = 1
    try:
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            most = soft + _MEMORY_BYTES
            resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        library, handle = _ready[language]
        for name, value in variables.items():
            library.TessBaseAPISetVariable(handle, name.encode(), value.encode())
        library.TessBaseAPISetPageSegMode(handle, mode)
        library.TessBaseAPISetImage(handle, pixels, *size, 1, size[0])
        if library.TessBaseAPIRecognize(handle, None) == 0:
            table = ctypes.string_at(library.TessBaseAPIGetTsvText(handle, 0))
            with os.fdopen(sending, "wb") as stream:
                stream.write(table)
            status = 0
    finally:
        os._exit(status)


def _declare(library: ctypes.CDLL) -> None:
    handle, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, answers, takes in (
        ("TessBaseAPICreate", handle, []),
        ("TessBaseAPIDelete", None, [handle]),
        ("TessBaseAPIInit2", number, [handle, text, text, number]),
        ("TessBaseAPISetVariable", number, [handle, text, text]),
        ("TessBaseAPISetPageSegMode", None, [handle, number]),
        ("TessBaseAPISetImage", None, [handle, text, number, number, number, number]),
        ("TessBaseAPIRecognize", number, [handle, handle]),
        ("TessBaseAPIGetTsvText", handle, [handle, number]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = answers, takes
