"""Looks through a PDF before anything renders it: bombs, passwords, programs, attachments, sizes.

First over the raw bytes, so that nothing inflates without a budget; only then is the structure opened. An encrypted
file hides its streams from the first look, so its structure is opened in a process with limits of its own.
"""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from casework.document import Problem
from casework.errors import UnacceptableFile

from adapters.inflation import MOST_FILTERS, STREAM_BUDGET, WHOLE_IMAGES, decode_bounded, inflated_size
from adapters.limits import Limits, refuse

if TYPE_CHECKING:
    import pikepdf

_FILE_BUDGET = 256 << 20
_IMAGES_BUDGET = 1 << 30
_MOST_OBJECTS = 100_000
_LARGEST_PAGE_IN = 200
_DEEPEST = 60

_ACTIVE_ACTIONS = frozenset(
    {"/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute"}
)
_ACTIVE_KINDS = frozenset({"/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"})
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_NUMBER = {name: re.compile(rb"/" + name + rb"\s+(\d{1,10})(?!\s+\d+\s+R)") for name in (b"Width", b"Height", b"N")}


def inspect_pdf(data: bytes, limits: Limits) -> tuple[int, tuple[str, ...]]:
    """The number of pages and the flags of an acceptable PDF. Raises UnacceptableFile."""
    flags = _outside(data)
    _budget_raw_streams(data, limits)
    if b"/Encrypt" in data:
        pages, more = _inspect_apart(data, limits)
    else:
        pages, more = _inspect_structure(data, limits)
    return pages, tuple(dict.fromkeys((*flags, *more)))


def _outside(data: bytes) -> list[str]:
    """Bytes before the header and after the end: harmless here, and the mark of a file that is two things."""
    flags = []
    if data.find(b"%PDF-") > 0:
        flags.append("leading-data")
    end = data.rfind(b"%%EOF")
    if end >= 0 and len(data[end + 5 :].strip(b"\0\r\n\t ")) > 0:
        flags.append("trailing-data")
    return flags


def _budget_raw_streams(data: bytes, limits: Limits) -> None:
    """Inflate what looks deflated, whatever its dictionary says, and stop at the budget."""
    if data.count(b" obj") > _MOST_OBJECTS:
        raise refuse("file-too-complex")
    spent = pictures = packed_objects = 0
    for match in _STREAM.finditer(data):
        head = data[max(data.rfind(b" obj", max(0, match.start() - 4096), match.start()), 0) : match.start()][-4096:]
        if b"/ObjStm" in head:
            packed_objects += _value(head, b"N")
            if packed_objects > _MOST_OBJECTS:
                raise refuse("file-too-complex")
        picture = _image_bytes(head, limits)
        size = inflated_size(data, match.end(), max(STREAM_BUDGET, picture))
        if picture and size <= picture:
            pictures += size
        else:
            spent += size
            if size > STREAM_BUDGET:
                raise refuse("file-too-complex")
        if spent > _FILE_BUDGET or pictures > _IMAGES_BUDGET:
            raise refuse("file-too-complex")


def _value(head: bytes, name: bytes) -> int:
    found = _NUMBER[name].search(head)
    return int(found.group(1)) if found else 0


def _image_bytes(head: bytes, limits: Limits) -> int:
    """What an image stream may inflate to by its own dictionary; 0 for other streams."""
    if b"/Image" not in head:
        return 0
    width, height = _value(head, b"Width"), _value(head, b"Height")
    if width * height > limits.megapixels * 1_000_000:
        raise refuse("image-too-large", width=width, height=height, limit=limits.megapixels)
    return width * height * 4 + height * 8 + 65_536 if width and height else 0


def _inspect_structure(data: bytes, limits: Limits) -> tuple[int, list[str]]:
    """Open the structure and go through every object, page and filter chain."""
    import pikepdf

    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    flags = []
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                flags.append("encrypted")
            count = len(pdf.pages)
            if count == 0:
                raise refuse("file-empty")
            if count > limits.pages:
                raise refuse("too-many-pages", pages=count, limit=limits.pages)
            for number, page in enumerate(pdf.pages, 1):
                _check_page_size(page, number)
            if _walk(pdf, limits):
                flags.append("javascript")
            if warnings := [str(warning) for warning in pdf.get_warnings()]:
                flags.append("repaired")
                if any("limits error" in warning for warning in warnings):
                    raise refuse("file-damaged")  # nested beyond what the parser follows
    except pikepdf.PasswordError as error:
        raise refuse("file-password-protected") from error
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, KeyError, RecursionError) as error:
        raise refuse("file-damaged") from error
    if "repaired" in flags and not _renderer_opens(data, count):
        raise refuse("file-damaged")  # what one engine repairs and the other refuses nobody should trust
    return count, flags


def _check_page_size(page: pikepdf.Page, number: int) -> None:
    box = [float(part) for part in page.mediabox]
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = (box[2] - box[0]) * unit / 72, (box[3] - box[1]) * unit / 72
    if not (0.1 < width <= _LARGEST_PAGE_IN and 0.1 < height <= _LARGEST_PAGE_IN):
        raise refuse("page-size-not-supported", page=number, limit=_LARGEST_PAGE_IN)


def _walk(pdf: pikepdf.Pdf, limits: Limits) -> bool:
    """Every object of the file: refuse what acts or carries files; True when there is JavaScript."""
    import pikepdf

    if len(pdf.objects) > _MOST_OBJECTS:
        raise refuse("file-too-complex")
    scripted = False
    for item in pdf.objects:
        stack: list[tuple[Any, int]] = [(item, 0)]
        while stack:
            value, depth = stack.pop()
            if depth > _DEEPEST:
                raise refuse("file-damaged")
            if isinstance(value, pikepdf.Stream):
                _check_stream(value, limits, encrypted=pdf.is_encrypted)
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
                scripted |= _check_dictionary(value)
                inside = [entry for _, entry in value.items()]
            elif isinstance(value, pikepdf.Array):
                inside = list(value) if len(value) < 10_000 else []
            else:
                continue
            stack.extend(
                (entry, depth + 1)
                for entry in inside
                if isinstance(entry, (pikepdf.Dictionary, pikepdf.Array)) and not entry.is_indirect
            )
    return scripted


def _check_dictionary(value: Any) -> bool:
    action, kind = str(value.get("/S", "")), str(value.get("/Subtype", ""))
    if action in _ACTIVE_ACTIONS or kind in _ACTIVE_KINDS or "/XFA" in value or "/RichMediaContent" in value:
        raise refuse("file-active-content")
    if "/Collection" in value:
        raise refuse("file-active-content")
    if "/EF" in value or kind == "/FileAttachment" or str(value.get("/Type", "")) == "/EmbeddedFile":
        name = str(value.get("/UF", value.get("/F", ""))).lower()
        raise refuse("file-active-content" if name.endswith(".pdf") else "file-has-attachments")
    return action == "/JavaScript" or "/JS" in value


def _check_stream(stream: pikepdf.Stream, limits: Limits, *, encrypted: bool) -> None:
    """Filter chains the raw look cannot follow, and the headers of images whose decoders are the riskiest."""
    names = [_filter_name(entry) for entry in _filters(stream)]
    if len(names) > MOST_FILTERS:
        raise refuse("file-too-complex")
    if str(stream.get("/Subtype", "")) == "/Image":
        width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
        if width * height > limits.megapixels * 1_000_000:
            raise refuse("image-too-large", width=width, height=height, limit=limits.megapixels)
    if not names or names == ["/FlateDecode"]:
        if encrypted:  # the raw look saw only ciphertext
            decode_bounded(stream.read_raw_bytes(), names)
        return
    raw = stream.read_raw_bytes()
    if names[0] in WHOLE_IMAGES:
        _check_image_start(raw, names[0])
        return
    decode_bounded(raw, names)


def _filters(stream: pikepdf.Stream) -> Iterator[Any]:
    import pikepdf

    declared = stream.get("/Filter")
    if declared is None:
        return
    if isinstance(declared, pikepdf.Array):
        yield from declared
    else:
        yield declared


def _filter_name(entry: Any) -> str:
    short = {
        "/Fl": "/FlateDecode",
        "/AHx": "/ASCIIHexDecode",
        "/A85": "/ASCII85Decode",
        "/LZW": "/LZWDecode",
        "/RL": "/RunLengthDecode",
    }
    return short.get(str(entry), str(entry))


def _check_image_start(raw: bytes, name: str) -> None:
    starts: dict[str, tuple[bytes, ...]] = {
        "/DCTDecode": (b"\xff\xd8",),
        "/JPXDecode": (b"\x00\x00\x00\x0cjP", b"\xff\x4f\xff\x51"),
    }
    if name in starts and not raw.lstrip(b"\r\n ").startswith(starts[name]):
        raise refuse("file-damaged")
    if name == "/JBIG2Decode" and (len(raw) < 11 or raw[4] & 0x3F not in _JBIG2_SEGMENTS):
        raise refuse("file-damaged")


_JBIG2_SEGMENTS = frozenset({0, 4, 6, 7, 16, 20, 22, 23, 36, 38, 39, 40, 42, 43, 48, 49, 50, 51, 52, 53, 62})


def _renderer_opens(data: bytes, pages: int) -> bool:
    """Does pdfium open the file with as many pages? Asked in a limited process, only for repaired files."""
    done = _limited(["count"], data)
    return done.returncode == 0 and done.stdout.strip() == str(pages).encode()


def _inspect_apart(data: bytes, limits: Limits) -> tuple[int, list[str]]:
    done = _limited(["inspect", str(limits.pages), str(limits.megapixels)], data)
    if done.returncode != 0:
        raise refuse("file-too-complex")
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise UnacceptableFile(Problem(**answer["problem"]))
    return int(answer["pages"]), list(answer["flags"])


def _limited(arguments: list[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run this module as a process that limits itself before it reads a byte."""
    command = [sys.executable, "-m", "adapters.pdf_inspection", *arguments]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    try:
        return subprocess.run(command, input=data, capture_output=True, timeout=20, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -1, b"", b"")


def _run_apart() -> None:
    """The other side of `_limited`: "count" the pages with pdfium, or "inspect" with pikepdf."""
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    if sys.argv[1] == "count":
        import pypdfium2

        sys.stdout.write(str(len(pypdfium2.PdfDocument(data))))
        return
    limits = Limits(pages=int(sys.argv[2]), megapixels=int(sys.argv[3]))
    try:
        pages, flags = _inspect_structure(data, limits)
        answer: dict[str, Any] = {"pages": pages, "flags": flags}
    except UnacceptableFile as error:
        answer = {"problem": dataclasses.asdict(error.problem)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _run_apart()
