"""What a page's picture shows beside its text: places to sign, ink, likeness; and what a PDF tells of its history."""

from __future__ import annotations

import dataclasses
import io
from functools import cache

import pikepdf
import PIL.Image
import PIL.ImageFilter
import pytest
from adapters.looking import brightest_around, look_at
from adapters.page_likeness import likeness_of
from adapters.pdf_marks import examine, marks_of
from casework.document import Box, FileMarks, Look, Page, PdfSignature, Word
from casework.genuineness import genuineness
from casework.reading.signing import signing_places
from casework.sightings import distance, likeness, long_figures

from infra.papers import make_paper
from tests.bench.signed_files import make_file, roots
from tests.builders import a_document, a_dossier, a_reading


@cache
def printed(seed: int, signed: bool = True) -> tuple[Page, bytes]:
    """A born-digital page as words and picture."""
    import pdfplumber

    pdf = make_paper("suspension_agreement", "suspension_letterhead", seed=seed, signed=signed).pdf
    with pdfplumber.open(io.BytesIO(pdf)) as book:
        sheet = book.pages[0]
        words = tuple(
            Word(w["text"], Box(w["x0"] / sheet.width, w["top"] / sheet.height, w["x1"] / sheet.width,
                                w["bottom"] / sheet.height))
            for w in sheet.extract_words()
        )  # fmt: skip
        picture = io.BytesIO()
        sheet.to_image(resolution=120).original.convert("RGB").save(picture, "JPEG", quality=80)
    return Page(1, "text", 2480, 3508, words=words), picture.getvalue()


def test_both_places_to_sign_are_found_with_whose_they_are() -> None:
    employee, employer = signing_places(printed(3)[0])
    assert (employee.role, employer.role) == ("employee", "employer")
    assert (employee.sealed, employer.sealed) == (False, True)


def test_ink_is_seen_where_somebody_signed_and_not_where_nobody_did() -> None:
    signed, bare = look_at(*printed(3)), look_at(*printed(3, False))
    assert all(space.ink > 0.004 for space in signed.spaces)
    assert all(space.ink < 0.004 for space in bare.spaces)


@pytest.mark.parametrize(("width", "height", "side"), [(70, 41, 9), (9, 9, 9), (5, 3, 5)])
def test_the_brightest_around_is_what_pillow_finds(width: int, height: int, side: int) -> None:
    noise = PIL.Image.effect_noise((width, height), 120)
    assert brightest_around(noise, side).tobytes() == noise.filter(PIL.ImageFilter.MaxFilter(side)).tobytes()


def test_a_side_that_did_not_sign_is_named_with_its_place() -> None:
    page, picture = printed(3, False)
    reading = a_reading("suspension_agreement")
    seen = Page(1, "text", 10, 10, look=look_at(page, picture))
    dossier = a_dossier(documents=(a_document("d", "suspension_agreement"),))
    found = genuineness(dossier, {"d": dataclasses.replace(reading, pages=(seen,))})
    assert sorted(one.kind for one in found) == ["seal-missing", "signature-missing", "signature-missing"]
    assert all(one.places[0].page == 1 and one.places[0].box for one in found)


def test_a_page_whose_picture_nobody_looked_at_lacks_nothing() -> None:
    dossier = a_dossier(documents=(a_document("d", "suspension_agreement"),))
    assert genuineness(dossier, {"d": a_reading("suspension_agreement")}) == []


def test_copies_of_a_page_are_one_and_the_same_form_filled_in_otherwise_is_not() -> None:
    (page, picture), (other, other_picture) = printed(3), printed(4)
    smaller = _smaller(picture)

    def mark(of: Page, shown: bytes) -> str:
        return f"{likeness_of(of, shown)}:{','.join(long_figures(of)[1])}"

    assert likeness(mark(page, picture), mark(page, smaller)) is not None
    assert likeness(mark(page, picture), mark(other, other_picture)) is None


def _smaller(picture: bytes) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    shown = Image.open(io.BytesIO(picture)).convert("L")
    shown.resize((shown.width * 3 // 4, shown.height * 3 // 4)).save(out, "JPEG", quality=50)
    return out.getvalue()


def test_a_hash_moved_by_a_cell_is_near_and_another_is_far() -> None:
    rows = [(row * 2654435761) & 0xFFFFFFFF for row in range(40)]
    look = "".join(f"{row:08x}" for row in rows)
    assert distance(look, look) == 0.0
    assert distance(look, "".join(f"{row << 1 & 0xFFFFFFFF:08x}" for row in rows)) == 0.0
    assert distance(look, "".join(f"{row:08x}" for row in [*rows[1:], 0])) == 0.0
    assert distance(look, "".join(f"{~row & 0xFFFFFFFF:08x}" for row in rows)) > 0.4
    assert distance(look, "") == 1.0


@pytest.mark.parametrize("case", ["clean-signed", "edited-after-signing", "made-with-an-editor", "fonts-mixed"])
def test_what_was_done_to_a_file_is_told_and_nothing_else(case: str) -> None:
    marks = examine(make_file(case, 11), roots())
    page = Page(1, "text", 10, 10, look=Look(file=marks))
    reading = dataclasses.replace(a_reading("suspension_agreement"), pages=(page,))
    found = genuineness(a_dossier(documents=(a_document("d", "suspension_agreement"),)), {"d": reading})
    assert [one.kind for one in found] == ([] if case.startswith("clean") else [case])


def test_a_process_of_its_own_tells_the_same_and_what_cannot_be_opened_is_said_to_be_unseen() -> None:
    data = make_file("edited-later", 11)
    assert marks_of(data) == examine(data)
    assert marks_of(b"\xff\xd8\xff") == FileMarks()
    assert marks_of(b"%PDF-1.7\nnothing").unexamined


def test_an_encrypted_file_is_said_to_be_unseen() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_file("clean", 11))) as book:
        book.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    assert examine(out.getvalue()).unexamined == "encrypted"


def test_a_revoked_certificate_and_an_unknown_issuer_are_told_apart() -> None:
    def said(signature: PdfSignature) -> str:
        page = Page(1, "text", 10, 10, look=Look(file=FileMarks(signatures=(signature,))))
        reading = dataclasses.replace(a_reading("form_01"), pages=(page,))
        [one] = genuineness(a_dossier(documents=(a_document("d", "form_01"),)), {"d": reading})
        return one.saw.en

    assert "revoked" in said(PdfSignature("A", "CA", revoked=True))
    assert "CA" in said(PdfSignature("A", "CA"))
