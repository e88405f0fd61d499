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
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from casework.document import Box, FileMarks, MixedLine, PdfSignature
from casework.plain import from_plain, to_plain

from adapters.pdf_letters import lines_of, odd_figures

_SECONDS, _CPU_SECONDS = 45, 25
_MEMORY_BYTES = 1 << 30
_MOST_PAGES = 20  # looked through for fonts; a forger changes a figure on the paper itself, not on its fortieth page
_MOST_LINES = 10


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
            embedded = _embedded(book) if lettered else {}
        changes, signatures = _changes(data), tuple[PdfSignature, ...]()
        if b"/ByteRange" in data:
            changes, signatures = _signed(data, roots)
        mixed = tuple(_mixed_lines(data, embedded)) if lettered else ()
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


def _mixed_lines(data: bytes, kinds: Mapping[str, frozenset[str]]) -> Iterator[MixedLine]:
    """Lines in which figures are in other letters than what is around them. kinds: how fonts are embedded, by name."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as book:
        sizes, pages = [], []
        for page in book.pages[:_MOST_PAGES]:
            sizes.append((float(page.width), float(page.height)))
            pages.append(lines_of(page.chars))
            page.close()
    for place, line, part, fonts in islice(odd_figures(pages, kinds), _MOST_LINES):
        width, height = sizes[place]
        box = Box(
            round(part[0]["x0"] / width, 5),
            round(min(letter["top"] for letter in part) / height, 5),
            round(part[-1]["x1"] / width, 5),
            round(max(letter["bottom"] for letter in part) / height, 5),
        )
        whole, odd = ("".join(letter["text"] for letter in letters) for letters in (line, part))
        yield MixedLine(place + 1, box, whole[:80], odd[:40], fonts)


def _embedded(book: Any) -> dict[str, frozenset[str]]:
    """How the fonts of a file are embedded, by their whole names: Word embeds one font in two encodings."""
    import pikepdf

    kinds: dict[str, set[str]] = {}
    for thing in book.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and "/BaseFont" in thing:
            kinds.setdefault(str(thing.BaseFont).lstrip("/"), set()).add(str(thing.get("/Subtype")))
    return {name: frozenset(found - {"/CIDFontType2", "/CIDFontType0"}) for name, found in kinds.items()}


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
