"""Second looks after handing in, when nobody waits at a page: papers that seem to contradict each other are read again
where they do, so that what was only misread troubles no officer and what was read well is held against nobody unseen.

What the looks read is kept beside the readings they belong to; a paper read anew is looked at anew. They only settle
what signals say: without them (the engine out, too many places) papers are compared as they were first read.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from casework.contradictions import looked_at
from casework.document import Box, Reading
from casework.dossier import Document, Dossier, State
from casework.errors import NotFound
from casework.plain import from_plain, to_plain
from casework.ports import DossierStore, FileStore, PageReader
from casework.said import where
from casework.second_looks import Looks, Where, alphabet_of
from casework.signals import Place
from casework.workflow.reading import image_key, load_reading

_PICTURES_AT_HAND = 8


def look_again(dossier_id: str, round_number: int, *, store: DossierStore, files: FileStore, reader: PageReader) -> int:
    """Step LookAgain: read again what the papers of a round seem to contradict each other in; how many places are
    known then. Done again it looks at nothing twice. Raises ReaderFailed when the engine died."""
    dossier = store.load(dossier_id)
    if dossier.round != round_number or dossier.state is not State.PROCESSING or dossier.stage:
        return 0
    papers: dict[str, Document] = {document.id: document for document in dossier.live_documents}
    readings: dict[str, Reading] = {
        id_: reading for id_, document in papers.items() if (reading := load_reading(document, files))
    }
    if not _scanned(readings):
        return 0
    before = looks_of(dossier, readings, files)

    @functools.lru_cache(_PICTURES_AT_HAND)
    def picture(document: str, page: int) -> bytes:
        return files.page_image(image_key(dossier_id, papers[document], page))

    def look(place: Place) -> Sequence[str]:
        document, page, box, printed = where(place)
        return reader.read_variously(picture(document, page), box, alphabet_of(printed))

    looks = looked_at(dossier, readings, look, before)
    if looks.keys() != before.keys():
        files.put_json(_key(dossier_id), _kept(dossier, looks))
    return len(looks)


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
