"""Second looks after handing in, when nobody waits at a page: papers that seem to contradict each other are read again
where they do, so that what was only misread troubles no officer and what was read well is held against nobody unseen;
and the seals of employers are read.

What the looks read is kept beside the readings they belong to; a paper read anew is looked at anew. They only settle
what signals say: without them (the engine out, too many places) papers are compared as they were first read.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from casework.contradictions import looked_at
from casework.document import Box, Reading
from casework.dossier import Document, Dossier, State
from casework.employer_seals import SealPlace, employer_seals
from casework.errors import NotFound
from casework.plain import from_plain, to_plain
from casework.ports import DossierStore, FileStore, PageReader
from casework.said import where
from casework.seal_names import SealRead
from casework.second_looks import Looks, Where, alphabet_of
from casework.signals import Place
from casework.workflow.filing import upload_key
from casework.workflow.reading import image_key, load_reading

_PICTURES_AT_HAND = 8


def look_again(dossier_id: str, round_number: int, *, store: DossierStore, files: FileStore, reader: PageReader) -> int:
    """Step LookAgain: read again what the papers of a round seem to contradict each other in, and read the employers'
    seals; how many places and seals are known then. Done again it looks at nothing twice. Raises ReaderFailed
    when the engine died."""
    dossier = store.load(dossier_id)
    if dossier.round != round_number or dossier.state is not State.PROCESSING or dossier.stage:
        return 0
    papers: dict[str, Document] = {document.id: document for document in dossier.live_documents}
    readings: dict[str, Reading] = {
        id_: reading for id_, document in papers.items() if (reading := load_reading(document, files))
    }
    looked = _places(dossier, readings, papers, files=files, reader=reader) if _scanned(readings) else 0
    return looked + _seals(dossier, readings, files=files, reader=reader)


def _places(
    dossier: Dossier,
    readings: Mapping[str, Reading],
    papers: Mapping[str, Document],
    *,
    files: FileStore,
    reader: PageReader,
) -> int:
    """Read again what scanned papers contradict each other in; how many places are known then."""
    before = looks_of(dossier, readings, files)

    @functools.lru_cache(_PICTURES_AT_HAND)
    def picture(document: str, page: int) -> bytes:
        return files.page_image(image_key(dossier.id, papers[document], page))

    def look(place: Place) -> Sequence[str]:
        document, page, box, printed = where(place)
        return reader.read_variously(picture(document, page), box, alphabet_of(printed))

    looks = looked_at(dossier, readings, look, before)
    if looks.keys() != before.keys():
        files.put_json(_key(dossier.id), _kept(dossier, looks))
    return len(looks)


def _seals(dossier: Dossier, readings: Mapping[str, Reading], *, files: FileStore, reader: PageReader) -> int:
    """Read the employers' seals from the files as they came; how many are known then."""
    known = seals_read(dossier, files)
    wanted = employer_seals(dossier, readings)
    missing = [one for one in wanted if one.place not in known]
    for one in missing:
        ref = next(ref for ref in one.document.pages if ref.number == one.page.number)
        data = files.upload(upload_key(dossier.id, one.document.id, ref.upload_id), ref.object_version)
        page = dataclasses.replace(one.page, number=ref.upload_page)
        known[one.place] = reader.read_seal(data, page, one.seal.box)
    if missing:
        keys: dict[str, str] = {document.id: document.reading_key for document in dossier.live_documents}
        kept: dict[str, list[Any]] = {}
        for (document, number, box), read in known.items():
            seal = {"page": number, "box": to_plain(box), "read": [to_plain(form) for form in read]}
            kept.setdefault(keys[document], []).append(seal)
        files.put_json(_seals_key(dossier.id), kept)
    return len(known)


def seals_read(dossier: Dossier, files: FileStore) -> dict[SealPlace, tuple[SealRead, ...]]:
    """What was read of the seals on the dossier's papers as they were last read."""
    try:
        kept: dict[str, list[dict[str, Any]]] = files.json(_seals_key(dossier.id))
    except NotFound:
        return {}
    return {
        (document.id, seal["page"], from_plain(Box, seal["box"])): tuple(
            from_plain(SealRead, form) for form in seal["read"]
        )
        for document in dossier.live_documents
        for seal in kept.get(document.reading_key, ())
    }


def looks_of(dossier: Dossier, readings: Mapping[str, Reading], files: FileStore) -> Looks:
    """What second looks read of the dossier's papers as they were last read. readings: by document id."""
    if not _scanned(readings):
        return {}
    try:
        kept: dict[str, list[dict[str, Any]]] = files.json(_key(dossier.id))
    except NotFound:
        return {}
    return {
        (document.id, look["page"], from_plain(Box, look["box"]), look["printed"]): tuple(look["texts"])
        for document in dossier.live_documents
        for look in kept.get(document.reading_key, ())
    }


def _scanned(readings: Mapping[str, Reading]) -> bool:
    return any(page.source == "ocr" for reading in readings.values() for page in reading.pages)


def _kept(dossier: Dossier, looks: Mapping[Where, Any]) -> dict[str, list[dict[str, Any]]]:
    keys: dict[str, str] = {document.id: document.reading_key for document in dossier.live_documents}
    kept: dict[str, list[dict[str, Any]]] = {}
    for (document, page, box, printed), texts in looks.items():
        look = {"page": page, "box": to_plain(box), "printed": printed, "texts": list(texts)}
        kept.setdefault(keys[document], []).append(look)
    return kept


def _key(dossier_id: str) -> str:
    return f"readings/{dossier_id}/looks.json"


def _seals_key(dossier_id: str) -> str:
    return f"readings/{dossier_id}/seals.json"
