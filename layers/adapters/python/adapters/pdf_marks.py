"""What a PDF tells of its own history: how often it was changed, by which programs, letters of another font within a
line, and its digital signatures.

Runs as a process that limits itself before it reads a byte: three parsers meet hostile structures here. What could not
be examined is said so, never taken for clean. Signatures are validated by pyHanko, offline: against the roots given and
the revocation data in the file itself.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from casework.document import Box, FileMarks, MixedLine, PdfSignature
from casework.plain import from_plain, to_plain

_SECONDS, _CPU_SECONDS = 45, 25
_MEMORY_BYTES = 1 << 30
_MOST_PAGES = 20  # looked through for fonts; a forger changes a figure on the paper itself, not on its fortieth page
_MOST_LINES = 10
_LEAST_LINE, _LEAST_RUN = 6, 2
_STYLES = re.compile(
    r"(?:[-,](?:Bold|Italic|Oblique|Regular|Roman|Book|Medium|Semibold|Light|It|BoldMT|ItalicMT|BoldItalicMT))+$|PS(?=-|MT|$)|MT$",
    re.IGNORECASE,
)


def marks_of(data: bytes, roots: str = "") -> FileMarks:
    """The marks of a file; of one that is no PDF there are none. roots: a PEM file of the roots that are believed."""
    if b"%PDF-" not in data[:1024]:
        return FileMarks()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    command = [sys.executable, "-m", "adapters.pdf_marks", roots]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return FileMarks(unexamined="time")
    if done.returncode != 0:
        return FileMarks(unexamined="crash")
    return from_plain(FileMarks, json.loads(done.stdout))


def examine(data: bytes, roots: Sequence[bytes] = ()) -> FileMarks:
    """The same, in this process: for who trusts the bytes. roots: certificates in DER."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as book:
            if book.is_encrypted:
                return FileMarks(unexamined="encrypted")
            programs = _programs(book, data)
            lettered = any(_has_fonts(page) for page in book.pages[:_MOST_PAGES])
        changes, signatures = _changes(data), tuple[PdfSignature, ...]()
        if b"/ByteRange" in data:
            changes, signatures = _signed(data, roots)
        mixed = tuple(_mixed_lines(data)) if lettered else ()
        return FileMarks(changes, programs, mixed, signatures)
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return FileMarks(unexamined=type(error).__name__)


def _changes(data: bytes) -> int:
    """How often something was written behind the end; a file made for the web has two ends from the start."""
    ends = data.count(b"startxref")
    return max(0, ends - 1 - (b"/Linearized" in data[:2048]))


def _has_fonts(page: Any) -> bool:
    resources = page.get("/Resources")
    return resources is not None and "/Font" in resources


# -- signatures -------------------------------------------------------------------------------------------------------


def _signed(data: bytes, roots: Sequence[bytes]) -> tuple[int, tuple[PdfSignature, ...]]:
    """How often the file was changed before the first signature, and what each signature says."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        embedded = list(reader.embedded_regular_signatures)
        changes = min((signature.signed_revision for signature in embedded), default=_changes(data) + 1) - 1
        return max(0, changes), tuple(_validated(reader, signature, len(embedded), roots) for signature in embedded)
    except PdfError as error:
        raise ValueError(str(error)) from error


def _validated(reader: Any, signature: Any, signatures: int, roots: Sequence[bytes]) -> PdfSignature:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError

    context, known = _context(reader, roots)
    try:
        status = validate_pdf_signature(signature, signer_validation_context=context)
    except SignatureValidationError as error:
        return PdfSignature(signer=_name(signature.signer_cert), holds=False, note=str(error)[:200])
    level = status.modification_level.name if status.modification_level is not None else "NONE"
    coverage = status.coverage.name if status.coverage is not None else "UNCLEAR"
    return PdfSignature(
        signer=_name(status.signing_cert),
        issuer=_issuer(status.signing_cert),
        signed_at=status.signer_reported_dt.isoformat() if status.signer_reported_dt else "",
        holds=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        revoked=bool(status.revoked),
        revocation_known=known,
        covers_file=coverage == "ENTIRE_FILE",
        changed_since=_changed(level, coverage, alone=signatures == 1),
    )


def _context(reader: Any, roots: Sequence[bytes]) -> tuple[Any, bool]:
    """What a chain is held against: the roots given, and what the file itself keeps of revocation; whether it does."""
    from asn1crypto import x509
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError
    from pyhanko_certvalidator import ValidationContext

    how: dict[str, Any] = {
        "trust_roots": [x509.Certificate.load(root) for root in roots],
        "allow_fetching": False,
        "revocation_mode": "soft-fail",
    }
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return ValidationContext(**how), False
    return store.as_validation_context(how), bool(store.ocsps or store.crls)


def _changed(level: str, coverage: str, *, alone: bool) -> str:
    """What was changed after a signature: "" for nothing, or for what another signature brings with it."""
    if coverage == "ENTIRE_FILE" or level in ("NONE", "LTA_UPDATES"):
        return ""
    return "" if level == "FORM_FILLING" and not alone else level.lower()


def _name(certificate: Any) -> str:
    return str(certificate.subject.native.get("common_name") or certificate.subject.human_friendly)[:120]


def _issuer(certificate: Any) -> str:
    return str(certificate.issuer.native.get("common_name") or certificate.issuer.human_friendly)[:120]


# -- programs and fonts -----------------------------------------------------------------------------------------------


def _programs(book: Any, data: bytes) -> tuple[str, ...]:
    """The programs the file names, those of earlier states too: what was written before stays in the file."""
    found = [str(book.docinfo[name]) for name in ("/Creator", "/Producer") if name in book.docinfo]
    for match in re.finditer(rb"/(?:Creator|Producer)\s*\(([^()\\]{2,120})\)", data):
        found.append(match[1].decode("latin-1"))
    for match in re.finditer(rb"<(?:xmp:CreatorTool|pdf:Producer)>([^<]{2,120})<", data):
        found.append(match[1].decode("utf-8", "replace"))
    return tuple(dict.fromkeys(text.strip()[:120] for text in found if text.strip()))


def _mixed_lines(data: bytes) -> Iterator[MixedLine]:
    """Lines in which figures are in letters of another family than the words around them."""
    import pdfplumber

    found = 0
    with pdfplumber.open(io.BytesIO(data)) as book:
        for page in book.pages[:_MOST_PAGES]:
            for line in _lines(page.chars):
                mixed = _mixed(line, page)
                if mixed is not None:
                    found += 1
                    yield mixed
                if found == _MOST_LINES:
                    return
            page.close()


def _lines(chars: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Letters on one foot line, from left to right, without wide gaps."""
    feet: dict[int, list[dict[str, Any]]] = {}
    for char in chars:
        if char["text"].strip() and char.get("upright", True):
            feet.setdefault(round(char["matrix"][5]), []).append(char)  # the letters' own foot line, whatever the font
    for _, line in sorted(feet.items(), reverse=True):
        line.sort(key=lambda char: char["x0"])
        start = 0
        for place, (before, after) in enumerate(pairwise(line), 1):
            if after["x0"] - before["x1"] > 2.5 * after["size"]:
                yield line[start:place]
                start = place
        yield line[start:]


def _mixed(line: Sequence[dict[str, Any]], page: Any) -> MixedLine | None:
    families = [_family(str(char["fontname"])) for char in line]
    counts = Counter(families)
    if len(line) < _LEAST_LINE or len(counts) < 2:
        return None
    main = counts.most_common(1)[0][0]
    runs = _runs(families, main)
    for first, last in runs:
        part = line[first:last]
        text = "".join(char["text"] for char in part)
        if len(part) >= _LEAST_RUN and sum(sign.isdigit() for sign in text) * 2 >= len(text) and len(part) < len(line):
            box = Box(
                round(part[0]["x0"] / page.width, 5),
                round(min(char["top"] for char in part) / page.height, 5),
                round(part[-1]["x1"] / page.width, 5),
                round(max(char["bottom"] for char in part) / page.height, 5),
            )
            whole = "".join(char["text"] for char in line)[:80]
            return MixedLine(page.page_number, box, whole, text[:40], (main, families[first]))
    return None


def _runs(families: Sequence[str], main: str) -> list[tuple[int, int]]:
    """(first, behind the last) of each run that is not in the line's main family."""
    found, start = [], None
    for place, family in enumerate([*families, main]):
        if family != main and start is None:
            start = place
        if family == main and start is not None:
            found.append((start, place))
            start = None
    return found


def _family(name: str) -> str:
    """The family of a font: without the mark of a subset and without style."""
    bare = name.rsplit("+", 1)[-1]
    while (shorter := _STYLES.sub("", bare)) != bare and shorter:
        bare = shorter
    return bare.replace(" ", "").lower()


def _run_apart() -> None:
    """The other side of `marks_of`."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)  # what a signature lacks is in the answer
    data = sys.stdin.buffer.read()
    roots = _certificates(Path(sys.argv[1]).read_bytes()) if len(sys.argv) > 1 and sys.argv[1] else []
    sys.stdout.write(json.dumps(to_plain(examine(data, roots)), ensure_ascii=False))


def _certificates(pem: bytes) -> list[bytes]:
    from asn1crypto import pem as armour

    return [der for _, _, der in armour.unarmor(pem, multiple=True)]


if __name__ == "__main__":
    _run_apart()
