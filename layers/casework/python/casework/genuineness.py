"""Marks on papers and in files that should make an officer look: seals, signatures, pages, what was changed later.

Each is a reason to look and says what it saw and where; none is a verdict. What cannot be seen (a grey copy shows no
red, a file nobody could open) is never taken for missing: it is not spoken of, or said to be unseen. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casework.document import FileMarks, Jump, Page, Part, PdfSignature, Reading, Space, Text
from casework.dossier import Document, Dossier
from casework.reading.document_types import document_types
from casework.reading.going_on import ROMANS
from casework.signals import Place, Signal, editors, signal

# Parts of a space to sign, measured on 180 development papers (`python -m tests.bench.measure_marks`): signed ones have
# 0.0151 of a pen's ink and more, under seals too, unsigned ones 0.0003 at most.
SIGNED_FROM = 0.003
_SEALED_FROM = 0.005  # red in the space of a sealed signature: 0.0149 and more
_OVER_FROM = 0.05  # of the pen's ink
_ROLES = {
    "employer": Text("người sử dụng lao động", "the employer"),
    "employee": Text("người lao động", "the employee"),
    "household": Text("hộ kinh doanh", "the household business"),
}
_COUNTED = {
    "article": Text("Điều", "Article"),
    "part": Text("phần", "part"),
    "heading": Text("mục", "item"),
    "row": Text("dòng số", "row"),
}
_CHANGES = {
    "form_filling": Text("điền thêm vào biểu mẫu", "a form was filled in"),
    "annotations": Text("thêm chú thích", "annotations were added"),
    "other": Text("đổi nội dung", "the content was changed"),
}


def genuineness(dossier: Dossier, readings: Mapping[str, Reading]) -> list[Signal]:
    """All signals of a dossier's own papers. readings: by document id."""
    found: list[Signal] = []
    for document in dossier.live_documents:
        reading = readings.get(document.id)
        if reading is not None:
            pages = {page.number: page for page in reading.pages}
            for part in reading.papers:
                shown = [pages[number] for number in part.pages if number in pages]
                found += _of_paper(document, part, shown)
            found += _missing_pages(document, reading)
            found += _jumps(document, reading)
        for page in reading.pages if reading is not None else ():
            if page.look is not None and page.look.file is not None:
                found += _of_file(document, page.number, page.look.file)
    return found


# -- a paper ----------------------------------------------------------------------------------------------------------


def _of_paper(document: Document, part: Part, pages: Sequence[Page]) -> Iterator[Signal]:
    name = _named(document, part)
    spaces = [(page, space) for page in pages if page.look for space in page.look.spaces]
    yield from _unsigned(document, name, spaces)
    yield from _unsealed(document, name, spaces, pages)
    yield from _fan(document, name, pages)


def _unsigned(document: Document, name: Text, spaces: Sequence[tuple[Page, Space]]) -> Iterator[Signal]:
    """A side that has a place to sign and nowhere any ink in it."""
    for role, whose in _ROLES.items():
        own = [(page, space) for page, space in spaces if space.role == role]
        if own and not any(_signed(space) for _, space in own):
            page, space = own[-1]
            yield signal("signature-missing", [Place(document.id, page.number, space.box)], paper=name, whose=whose)


def _unsealed(
    document: Document, name: Text, spaces: Sequence[tuple[Page, Space]], pages: Sequence[Page]
) -> Iterator[Signal]:
    """No seal on a paper whose employer is to seal it; or one that does not touch the signature it belongs to."""
    own = [(page, space) for page, space in spaces if space.role == "employer"]
    if not own:
        return
    page, space = own[-1]
    seals = [mark for other in pages for mark in other.seals]
    if not seals:
        if any(space.sealed and page.look is not None for page, space in own) and not any(map(_sealed, own)):
            yield signal("seal-missing", [Place(document.id, page.number, space.box)], paper=name)
        return
    if page.seals and page.look is not None and _signed(space) and not any(map(_sealed, own)):
        places = [Place(document.id, page.number, page.seals[0].box), Place(document.id, page.number, space.box)]
        yield signal("seal-not-over-signature", places, paper=name)


def _sealed(place: tuple[Page, Space]) -> bool:
    """A seal over the signature, or where it would be."""
    _, space = place
    return space.red >= _SEALED_FROM and (space.over >= _OVER_FROM or not _signed(space))


def _signed(space: Space) -> bool:
    """A pen's ink where one signs."""
    return space.ink >= SIGNED_FROM


def _fan(document: Document, name: Text, pages: Sequence[Page]) -> Iterator[Signal]:
    """The seal laid over the fanned edges of all sheets: on some of the pages and not on the others. Where no page has
    it, a page shows no colour, or the cut of a photograph may have taken it away, nothing is said."""
    looks = [(page, page.look) for page in pages if page.look is not None]
    if len(looks) < 2 or len(looks) < len(pages) or not all(look.colour for _, look in looks):
        return
    there = [page for page, look in looks if any(mark.confidence >= 0.5 for mark in look.edges)]
    missing = [page for page, look in looks if not look.edges]
    if not there or not missing:
        return
    places = [
        Place(document.id, page.number, max(page.look.edges, key=lambda mark: mark.confidence).box)
        for page in there
        if page.look
    ]
    places += [Place(document.id, page.number) for page in missing]
    yield signal(
        "fan-seal-missing",
        places,
        paper=name,
        there=", ".join(str(page.number) for page in there),
        missing=", ".join(str(page.number) for page in missing),
    )


def _missing_pages(document: Document, reading: Reading) -> Iterator[Signal]:
    for remark in reading.remarks:
        if remark.type == "page-missing":
            detail = Text(remark.detail, remark.detail_en)
            yield signal("page-missing", [Place(document.id)], paper=_titled(document), detail=detail)


def _jumps(document: Document, reading: Reading) -> Iterator[Signal]:
    """What is numbered does not go on from one page to the next."""
    for jump in reading.jumps:
        named = [Text(f"{_COUNTED[jump.counts].vi} {n}", f"{_COUNTED[jump.counts].en} {n}") for n in _said(jump)]
        shown = zip(jump.pages, jump.boxes, named, strict=True)
        places = [Place(document.id, page, box, name.vi) for page, box, name in shown]
        page, next_page = jump.pages
        yield signal(
            "numbers-jump", places, paper=_titled(document), before=named[0], after=named[1], page=page, next=next_page
        )


def _said(jump: Jump) -> tuple[str, str]:
    """The two numbers as the paper writes them."""
    if jump.counts == "part":
        return ROMANS[jump.before - 1], ROMANS[jump.after - 1]
    return str(jump.before), str(jump.after)


# -- a file -----------------------------------------------------------------------------------------------------------


def _of_file(document: Document, first: int, marks: FileMarks) -> Iterator[Signal]:
    """What the file says whose first page is the document's page `first`."""
    name, whole = _titled(document), [Place(document.id)]
    if marks.unexamined:
        yield signal("file-not-examined", whole, paper=name, what=marks.unexamined)
        return
    for signature in marks.signatures:
        yield from _of_signature(document, name, signature)
    if marks.changes and not any(signature.changed_since for signature in marks.signatures):
        programs = "; ".join(marks.programs) or "–"
        yield signal("edited-later", whole, paper=name, times=marks.changes, what=programs)
    known = [program for program in marks.programs if any(editor in program.lower() for editor in editors())]
    if known:
        yield signal("made-with-an-editor", whole, paper=name, what=known[0])
    for mixed in marks.mixed:
        place = Place(document.id, first + mixed.page - 1, mixed.box, mixed.part)
        yield signal(
            "fonts-mixed", [place], paper=name, line=mixed.line, part=mixed.part, fonts=" / ".join(mixed.fonts)
        )


def _of_signature(document: Document, name: Text, signature: PdfSignature) -> Iterator[Signal]:
    whole = [Place(document.id)]
    if not signature.holds:
        what = signature.note or Text("nội dung không khớp", "the content does not match")
        yield signal("signature-broken", whole, paper=name, signer=signature.signer, what=what)
        return
    if signature.changed_since:
        what = _CHANGES.get(signature.changed_since, _CHANGES["other"])
        yield signal("edited-after-signing", whole, paper=name, what=what)
    if signature.revoked:
        what = Text("chứng thư số đã bị thu hồi", "the certificate was revoked")
        yield signal("signer-not-known", whole, paper=name, signer=signature.signer, what=what)
    elif not signature.trusted:
        issuer = signature.issuer or "–"
        what = Text(f"chưa tin cậy được tổ chức cấp “{issuer}”", f"its issuer “{issuer}” is not among those believed")
        yield signal("signer-not-known", whole, paper=name, signer=signature.signer, what=what)


def _named(document: Document, part: Part) -> Text:
    """The paper's type and its file."""
    described = document_types().get(part.document_type)
    if described is None:
        return _titled(document)
    return Text(f"{described.name_vi} ({document.file_name})", f"{described.name_en} ({document.file_name})")


def _titled(document: Document) -> Text:
    return Text(document.file_name, document.file_name)
