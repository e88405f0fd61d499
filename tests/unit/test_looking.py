"""What a page's picture shows beside its text: places to sign, ink, likeness; and what a PDF tells of its history."""

from __future__ import annotations

import dataclasses
import io
import math
from functools import cache

import numpy as np
import pikepdf
import PIL.Image
import PIL.ImageFilter
import pytest
from adapters.looking import brightest_around, look_at, without_rules
from adapters.page_likeness import likeness_of
from adapters.pdf_marks import examine, marks_of
from casework.document import Box, FileMarks, Look, Mark, Page, PdfSignature, Space, Word
from casework.genuineness import genuineness
from casework.reading.signing import signing_places
from casework.sightings import distance, likeness, long_figures

from infra.papers import make_paper
from infra.papers.ink import draw_seal, draw_signature
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
    assert all(space.ink > 0.01 for space in signed.spaces)
    assert all(space.ink < 0.001 for space in bare.spaces)


@pytest.mark.parametrize(("seal", "pen"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_seal_is_no_pens_ink_and_hides_none(seal: bool, pen: bool) -> None:
    look = look_at(*signing_page(seal_mm=(30.0, 212.0) if seal else None, pen=pen))
    [space] = look.spaces
    assert (space.ink >= 0.01, space.ink < 0.001) == (pen, not pen)
    assert (space.red >= 0.01) == seal
    assert not pen or (space.over >= 0.1) == seal


def test_a_seal_beside_the_signature_is_seen_to_be_beside_it() -> None:
    [space] = look_at(*signing_page(seal_mm=(74.0, 208.0), pen=True)).spaces
    assert space.red >= 0.005
    assert space.over < 0.03


@pytest.mark.parametrize(
    ("seal_mm", "pen", "over"),
    [((30.0, 212.0), False, None), (None, True, False), ((30.0, 212.0), True, True), ((78.0, 208.0), True, False)],
)
def test_on_a_grey_page_a_seal_is_where_its_rim_is(
    seal_mm: tuple[float, float] | None, pen: bool, over: bool | None
) -> None:
    page, picture = signing_page(seal_mm, pen, grey=True)
    if seal_mm:
        x, y = seal_mm
        page = dataclasses.replace(page, seals=(Mark(Box(x / 210, y / 297, (x + 36) / 210, (y + 36) / 297), 0.9),))
    look = look_at(page, picture)
    [space] = look.spaces
    assert not look.colour
    assert (space.ink >= 0.006, space.ink < 0.002) == (pen, not pen)
    assert over is None or (space.over >= 0.05) == over


def signing_page(seal_mm: tuple[float, float] | None, pen: bool, grey: bool = False) -> tuple[Page, bytes]:
    """A sheet with a place to sign at 30 to 100 mm, 206 to 233 mm, with a stroke and a seal where they are asked."""
    sheet = PIL.Image.new("RGB", (1000, 1414), (250, 250, 247))
    per_mm = 1414 / 297
    for wanted, drawn, at, wide in (
        (pen, draw_signature("Trần Văn Bình", 3), (38.0, 209.0), 34.0),
        (seal_mm, draw_seal("Công ty An Phú", "0312345678", "Huế", 3), seal_mm or (0.0, 0.0), 36.0),
    ):
        if wanted:
            ink = PIL.Image.open(io.BytesIO(drawn))
            ink = ink.resize((round(wide * per_mm), round(wide * per_mm * ink.height / ink.width)))
            sheet.paste(ink.convert("RGB"), (round(at[0] * per_mm), round(at[1] * per_mm)), ink.getchannel("A"))
    words = [
        Word(text, Box(x / 210, 200 / 297, (x + 11) / 210, 204 / 297))
        for x, text in ((38.0, "GIÁM"), (52.0, "ĐỐC"), (140.0, "Nơi"))
    ]
    words += [
        Word("(Ký,", Box(38 / 210, 205 / 297, 50 / 210, 209 / 297)),
        Word("đóng", Box(51 / 210, 205 / 297, 60 / 210, 209 / 297)),
    ]
    words += [Word("dấu)", Box(61 / 210, 205 / 297, 70 / 210, 209 / 297))]
    picture = io.BytesIO()
    (sheet.convert("L") if grey else sheet).save(picture, "JPEG", quality=70)
    return Page(1, "text", 1000, 1414, words=tuple(words)), picture.getvalue()


def test_lines_to_sign_on_and_the_sides_of_cells_are_no_signature() -> None:
    ruled = np.zeros((130, 350), dtype=bool)
    ruled[[0, 1, 100], :] = True
    ruled[:, [0, 1, 349]] = True
    ruled[60:62, 20:300:5] = True  # dots
    ruled[60:62, 21:300:5] = True
    assert not without_rules(ruled, 4.7).any()
    wave = np.zeros_like(ruled)
    for x in range(300):
        middle = 60 + round(20 * math.sin(x / 7))
        wave[middle : middle + 3, x + 20] = True
    assert without_rules(wave, 4.7).sum() > 0.9 * wave.sum()
    assert (without_rules(wave | ruled, 4.7) & ~wave).sum() == 0


SEAL = Mark(Box(0.5, 0.6, 0.67, 0.72), 0.9)


@pytest.mark.parametrize(
    ("ink", "red", "over", "seals", "kinds"),
    [
        (0.02, 0.03, 0.4, (SEAL,), []),
        (0.02, 0.02, 0.0, (SEAL,), ["seal-not-over-signature"]),
        (0.02, 0.0, 0.0, (SEAL,), ["seal-not-over-signature"]),
        (0.0005, 0.03, 0.0, (SEAL,), ["signature-missing"]),
        (0.02, 0.0, 0.0, (), ["seal-missing"]),
        (0.02, 0.03, 0.4, (), []),  # a seal that was not made out as one
    ],
)
def test_where_a_seal_is_beside_its_signature_or_neither_is_there(
    ink: float, red: float, over: float, seals: tuple[Mark, ...], kinds: list[str]
) -> None:
    look = Look(colour=True, spaces=(Space("employer", True, SEAL.box, ink, red, over),))
    reading = dataclasses.replace(
        a_reading("suspension_agreement"), pages=(Page(1, "text", 9, 9, seals=seals, look=look),)
    )
    found = genuineness(a_dossier(documents=(a_document("d", "suspension_agreement"),)), {"d": reading})
    assert [one.kind for one in found] == kinds


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
        with PIL.Image.open(io.BytesIO(shown)) as opened:
            return f"{likeness_of(of, opened)}:{','.join(long_figures(of)[1])}"

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
