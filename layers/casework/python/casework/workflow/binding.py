"""A document's pages are bound into one searchable PDF, beside them in the store.

Its place follows from the reading it was made of: the same reading is bound once, another reading is another file, and
no row has to say where it lies.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from casework.document import Page
from casework.dossier import Document
from casework.errors import NotFound
from casework.ports import DossierStore, FileStore, Outbox
from casework.workflow.reading import page_key

Binder = Callable[[Sequence[tuple[Page, bytes]], str], bytes]


def bind_scan(
    dossier_id: str, effect_id: str, *, store: DossierStore, outbox: Outbox, files: FileStore, bind: Binder
) -> str:
    """Bind the pages an effect names. Returns bound | known | nothing (no page has a picture) |
    overtaken (another reading has taken its place).

    bind: (pages with their pictures, title) -> PDF. Raises NotFound for what is no such effect.
    """
    pending = outbox.effect(dossier_id, effect_id)
    if pending is None or pending.effect.kind != "bind_scan":
        raise NotFound(effect_id)
    work = pending.effect.payload
    document = store.load(dossier_id).document(work["document_id"])
    if document is None or document.state == "removed" or document.reading_key != work["reading_key"]:
        return "overtaken"
    place = scan_key(document)
    if files.has_scan(place):
        return "known"
    keys = [page_key(dossier_id, ref) for ref in document.pages]
    read = [(page, key) for key in keys if (page := files.page(key)) is not None]
    if not read:
        return "nothing"
    bound = [(page if page.readable else _wordless(page), files.page_image(key)) for page, key in read]
    files.put_scan(place, bind(bound, document.file_name))
    return "bound"


def _wordless(page: Page) -> Page:
    """A page that could not be read is a picture alone: its words are not to be believed, nor found."""
    return dataclasses.replace(page, words=())


def scan_key(document: Document) -> str:
    """Where the searchable PDF of a document's reading lies. Raises NotFound for a document that was not read."""
    if not document.reading_key:
        raise NotFound(document.id)
    return document.reading_key.replace("readings/", "scans/", 1).removesuffix(".json") + ".pdf"
