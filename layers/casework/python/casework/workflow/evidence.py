"""The evidence of a decision as one file that anybody can check without us: a ZIP whose manifest names every part.

The manifest gives each part's size and SHA-256 and the last link of the audit chain; its own SHA-256 stands for the
whole file. The same evidence gives the same bytes. Of the originals and of the papers handed out it holds the hashes.
Whether its parts say what they must is the business of casework.workflow.verifying.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.dossier import FINAL, Dossier, State
from casework.errors import Refused, UnreadableEvidence, problem
from casework.plain import to_plain
from casework.ports import DossierStore, FileStore
from casework.workflow.issuing import issued_papers
from casework.workflow.verdicts import canonical

SCHEMA = 1
MANIFEST = "manifest.json"
MOST_BYTES = 512 * 2**20  # unpacked; the evidence on a list of 5,000 people is a tenth of it
MOST_PARTS = 2000
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP knows: a file made twice is the same file
_KINDS = ("VERDICT#", "FORMER#", "ANSWER#", "DECISION#", "LOOK#", "UNDONE#")


@dataclass(frozen=True, slots=True)
class Bundle:
    """An evidence file, unpacked: the bytes of its parts by name; `damaged` are parts whose bytes cannot be had."""

    manifest: dict[str, Any]
    parts: dict[str, bytes]
    sha256: str
    damaged: tuple[str, ...] = ()

    def json(self, name: str) -> Any:
        """The content of a part. KeyError where it is not there, ValueError where it is no JSON."""
        return json.loads(self.parts[name])


def bundle(dossier: Dossier, *, store: DossierStore, files: FileStore) -> bytes:
    """The evidence file of a dossier that was decided. Raises Refused: evidence-not-yet."""
    if dossier.state not in FINAL - {State.WITHDRAWN}:
        raise Refused(problem("evidence-not-yet"))
    records = {record.key: record.data for kind in _KINDS for record in store.records(dossier.id, kind)}
    parts: dict[str, Any] = {
        "dossier.json": to_plain(dossier),
        "audit.json": to_plain(store.audit(dossier.id)),
        "papers.json": [_shown(to_plain(paper)) for _, paper in issued_papers(dossier.id, store=store)],
        "records.json": records,
    }
    parts |= {place: files.evidence(place) for place in _places(records)}
    parts |= {key: files.json(key) for document in dossier.live_documents if (key := document.reading_key)}
    return pack(about(dossier), parts)


def about(dossier: Dossier) -> dict[str, Any]:
    """What the manifest says beside the list of parts."""
    return {
        "dossier_id": dossier.id,
        "code": dossier.code,
        "procedure": dossier.procedure,
        "state": dossier.state.value,
        "version": dossier.version,
        "audit_head": dossier.audit_hash,
    }


def _places(records: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Where what the records speak of is kept: verdicts, answers, the rows of decisions on long lists."""
    found = {data.get(name) for data in records.values() for name in ("key", "rows_key", "verdict_key")}
    found |= {given["key"] for data in records.values() for given in data.get("answers", ())}
    return {place for place in found if place}


def _shown(paper: dict[str, Any]) -> dict[str, Any]:
    """A paper without what opens its page to whoever knows it."""
    return {name: value for name, value in paper.items() if name != "token"}


def pack(said: Mapping[str, Any], parts: Mapping[str, Any]) -> bytes:
    """said: what the manifest says beside the list of parts. parts: data by name, written as canonical JSON."""
    written = {name: canonical(data) for name, data in parts.items()}
    listed = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in written.items()
    }
    manifest = canonical({"schema": SCHEMA, **said, "parts": listed})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in [(MANIFEST, manifest), *sorted(written.items())]:
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, content, compresslevel=6)
    return packed.getvalue()


def unpack(data: bytes) -> Bundle:
    """Raises UnreadableEvidence for what is no evidence file, or one beyond all measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _refuse_excess(entries)
            read = {entry.filename: _content(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise UnreadableEvidence(f"no ZIP: {error}") from error
    content = read.pop(MANIFEST, None)
    try:
        manifest = json.loads(content or b"")
    except (ValueError, RecursionError) as error:
        raise UnreadableEvidence(f"{MANIFEST} is missing or no JSON") from error
    if (
        not isinstance(manifest, dict)
        or manifest.get("schema") != SCHEMA
        or not isinstance(manifest.get("parts"), dict)
    ):
        raise UnreadableEvidence(f"{MANIFEST} is of another kind than schema {SCHEMA}")
    parts = {name: part for name, part in read.items() if part is not None}
    sha256 = hashlib.sha256(content or b"").hexdigest()
    return Bundle(manifest, parts, sha256, tuple(name for name, part in read.items() if part is None))


def _refuse_excess(entries: list[zipfile.ZipInfo]) -> None:
    if len({entry.filename for entry in entries}) != len(entries):
        raise UnreadableEvidence("a part is there twice")
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise UnreadableEvidence("larger than any evidence")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a part, never more than it announces; None where they cannot be unpacked or do not sum up."""
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):  # RuntimeError: encrypted
        return None
