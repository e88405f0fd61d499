"""The pages of a paper: how they come together from its uploads, and the order its applicant gives them.

An upload is the whole paper, one page in the place of another, or further pages (`adds`). What came does not depend on
the order in which it was read: pages that were added stand in the order in which they were announced.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence

from casework.dossier import Actor, Change, Document, Dossier, PageRef, State, Upload, change, derived_id
from casework.errors import NotFound, Refused, problem
from casework.ports import Clock, DossierStore
from casework.workflow.commit import commit, still_as_seen

TAKEN_OUT = 0  # what an upload replaces whose page was taken out meanwhile: nothing


def placed_pages(document: Document, upload: Upload, pages: Sequence[int]) -> tuple[PageRef, ...]:
    """The document's pages once this upload is taken in: all of them anew, the one page it replaces, or further ones.

    An upload that is in its place already leaves everything as it stands."""
    if any((ref.upload_id, ref.object_version) == (upload.id, upload.object_version) for ref in document.pages):
        return document.pages
    if upload.page is not None:
        new = PageRef(upload.page, upload.id, upload.object_version, 1)
        return tuple(new if ref.number == upload.page else ref for ref in document.pages)
    sheets = tuple(PageRef(number, upload.id, upload.object_version, number) for number in pages)
    later = {other.id for other in _after(document, upload) if other.adds}
    if not upload.adds:
        return _numbered((*sheets, *(ref for ref in document.pages if ref.upload_id in later)))
    there = tuple(ref for ref in document.pages if ref.upload_id != upload.id)
    place = next((i for i, ref in enumerate(there) if ref.upload_id in later), len(there))
    return _numbered((*there[:place], *sheets, *there[place:]))


def is_replaced(document: Document, upload: Upload) -> bool:
    """Whether an upload announced later, of the same page or of the whole paper, was read before this one."""
    later = (other for other in _after(document, upload) if other.state == "read" and not other.adds)
    return any(other.page is None or (other.page == upload.page and not upload.adds) for other in later)


def adds_to(document: Document, upload: Upload) -> bool:
    """Whether the paper stands as it is until this upload is read: it brings a part of it only."""
    return upload.page is not None or (upload.adds and bool(document.pages))


def arrange_pages(
    dossier_id: str,
    document_id: str,
    order: Sequence[int],
    actor: Actor,
    expected_version: int,
    *,
    store: DossierStore,
    clock: Clock,
) -> str:
    """Put a draft's pages into another order, or take some out: `order` are the numbers of those that stay.

    What they say is put together again, without reading a page twice. Returns the upload whose reading tells when that
    is done. Raises NotFound; Refused: dossier-not-open, version-stale, page-unknown.
    """
    waited_for = ""

    def decide(dossier: Dossier) -> Change:
        nonlocal waited_for
        document = dossier.document(document_id)
        if dossier.owner != actor.id or document is None or document.state == "removed":
            raise NotFound(document_id)
        if dossier.state is not State.DRAFT:
            raise Refused(problem("dossier-not-open"))
        if not still_as_seen(store, dossier, expected_version):
            raise Refused(problem("version-stale"))
        arranged = _arranged(document, order)
        again = arranged.upload(arranged.pages[-1].upload_id)
        if again is None:
            raise NotFound(document_id)
        waited_for = again.id
        after = dossier.with_document(arranged.with_upload(dataclasses.replace(again, state="received")))
        name = f"{again.id}-{derived_id(again.object_version, str(dossier.version))[:8]}"
        ids = {"dossier_id": dossier_id, "document_id": document_id, "upload_id": again.id}
        effect = ("start_reading", {"name": name, **ids, "object_version": again.object_version})
        details = {"document": document_id, "pages": list(order)}
        return change(dossier, after, "pages.arranged", actor=actor, now=clock(), details=details, effects=[effect])  # type: ignore[list-item]

    commit(store, dossier_id, decide)
    return waited_for


def _arranged(document: Document, order: Sequence[int]) -> Document:
    """The document with its pages in this order; uploads that replace a page know it by its new number."""
    refs = {ref.number: ref for ref in document.pages}
    unknown = [number for number in order if number not in refs]
    if unknown or not order or len(set(order)) != len(order):
        raise Refused(problem("page-unknown", page=unknown[0] if unknown else ""))
    place = {number: i for i, number in enumerate(order, 1)}
    uploads = tuple(
        u if u.page is None else dataclasses.replace(u, page=place.get(u.page, TAKEN_OUT)) for u in document.uploads
    )
    return dataclasses.replace(document, pages=_numbered(refs[number] for number in order), uploads=uploads)


def _after(document: Document, upload: Upload) -> list[Upload]:
    """The uploads announced after this one."""
    return list(itertools.dropwhile(lambda other: other.id != upload.id, document.uploads))[1:]


def _numbered(refs: Iterable[PageRef]) -> tuple[PageRef, ...]:
    return tuple(dataclasses.replace(ref, number=i) for i, ref in enumerate(refs, 1))
