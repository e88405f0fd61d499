"""The employer's seal of a paper is read after handing in; another firm's name on it makes an officer look."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence

import pytest
from adapters.reader import Reader
from casework.document import Box, DocumentId, Field, Look, Mark, Page, Reading, Space
from casework.dossier import Document, State
from casework.employer_seals import MOST_SEALS, employer_seals, seals_differ
from casework.ports import PageRead
from casework.seal_names import SealRead
from casework.signals import kinds
from casework.workflow.looking_again import look_again, seals_read
from casework.workflow.signalling import signals_of
from PIL import Image

from infra.papers.ink import draw_seal
from tests.builders import ANH, House, a_dossier, agreement, the_list
from tests.fakes import PlainReader

NAME, CODE = "Công ty TNHH May Ánh Dương", "0312345671"
OTHER = "Công ty Cổ phần Thủy sản Thuận Long"
SPACE = Box(0.55, 0.7, 0.85, 0.8)
SEAL, STRANGER = Box(0.55, 0.68, 0.72, 0.8), Box(0.1, 0.68, 0.27, 0.8)
FOREIGN = (SealRead(middle=(("THỦY", 0.95), ("SẢN", 0.94), ("THUẬN", 0.95))),) * 2


def a_page(seals: Sequence[Box] = (SEAL,), role: str = "employer", number: int = 1) -> Page:
    look = Look(spaces=(Space(role, True, SPACE, 0.02, 0.02, 0.3),))
    return Page(number, "ocr", 2480, 3508, seals=tuple(Mark(box, 0.9) for box in seals), look=look)


def a_reading(*pages: Page, sure: float = 0.97) -> Reading:
    fields = {
        "employer.name": Field(NAME, NAME, sure, 1, Box(0.3, 0.1, 0.7, 0.12), "ocr"),
        "employer.tax_code": Field(CODE, CODE, sure, 1, Box(0.3, 0.13, 0.5, 0.15), "ocr"),
    }
    return Reading("suspension_agreement", 1.0, fields, pages=pages or (a_page(),))


DOCUMENT = Document(DocumentId("d"), "read")
DOSSIER = a_dossier(documents=(DOCUMENT,))


def test_the_seal_where_the_employer_signs_is_the_one_to_read() -> None:
    [found] = employer_seals(DOSSIER, {"d": a_reading(a_page([STRANGER, SEAL]))})
    assert found.seal.box == SEAL
    assert not employer_seals(DOSSIER, {"d": a_reading(a_page([STRANGER]))})
    assert not employer_seals(DOSSIER, {"d": a_reading(a_page(role="employee"))})
    assert not employer_seals(DOSSIER, {"d": a_reading(a_page(()))})


def test_a_paper_that_does_not_surely_name_its_employer_is_left_alone() -> None:
    assert not employer_seals(DOSSIER, {"d": a_reading(sure=0.5)})


def test_no_dossier_has_more_seals_read_than_there_is_time_for() -> None:
    pages = [a_page(number=number) for number in range(1, 30)]
    assert len(employer_seals(DOSSIER, {"d": a_reading(*pages)})) == MOST_SEALS


def test_both_places_are_shown_in_both_languages() -> None:
    [signal] = seals_differ(DOSSIER, {"d": a_reading()}, {(DocumentId("d"), 1, SEAL): FOREIGN})
    assert [place.box for place in signal.places] == [SEAL, Box(0.3, 0.1, 0.7, 0.12)]
    assert "THUY SAN THUAN" in signal.saw.vi
    assert NAME in signal.saw.vi
    assert NAME in signal.saw.en
    assert not kinds()["seals-differ"].stops_fast_lane


def test_another_tax_code_is_shown_beside_the_papers_own() -> None:
    read = (SealRead(ring=(("M.S.D.N:", 0.9), ("3702249466", 0.9))),)
    [signal] = seals_differ(DOSSIER, {"d": a_reading()}, {(DocumentId("d"), 1, SEAL): read})
    assert [place.value for place in signal.places] == ["3702249466", CODE]


@pytest.mark.parametrize("read", [(), (SealRead(),), (SealRead(middle=(("ÁNH", 0.9), ("DƯƠNG", 0.9))),) * 2])
def test_what_cannot_be_read_and_what_agrees_says_nothing(read: tuple[SealRead, ...]) -> None:
    assert not list(seals_differ(DOSSIER, {"d": a_reading()}, {(DocumentId("d"), 1, SEAL): read}))


class Sealed(PlainReader):
    """Sees a seal where the employer signs on every page, and reads it as it is drawn with this name and tax code."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__()
        drawn = Image.open(io.BytesIO(draw_seal(name, code, "Q. Hải Châu - TP. Đà Nẵng", 1)))
        sheet = Image.new("RGB", (2700, 3820), "white")
        sheet.paste(drawn.convert("RGB"), (1485, 2600), drawn.getchannel("A"))
        packed = io.BytesIO()
        sheet.save(packed, "PNG")
        self._picture, self._reader = packed.getvalue(), Reader()
        self.asked: list[tuple[bytes, int]] = []

    def read_page(self, data: bytes, page_number: int) -> PageRead:
        read, seen = super().read_page(data, page_number), a_page()
        return PageRead(dataclasses.replace(read.page, seals=seen.seals, look=seen.look), read.image)

    def read_seal(self, data: bytes, page: Page, box: Box) -> tuple[SealRead, ...]:
        self.asked.append((data, page.number))
        return self._reader.read_seal(self._picture, page, box)


@pytest.mark.parametrize(("name", "code", "told"), [(OTHER, "3702249466", True), (NAME, CODE, False)])
def test_a_seal_is_read_once_after_handing_in_and_shown_to_the_officer(name: str, code: str, told: bool) -> None:
    house = House(reader=(reader := Sealed(name, code)))
    dossier = house.draft(papers_={"mau-01.pdf": the_list(ANH), "thoa-thuan.pdf": agreement(ANH)})
    dossier = house.submit(dossier.id)
    assert reader.asked == []
    dossier = house.store.load(dossier.id)
    assert dossier.state is State.PROCESSING
    for _ in range(2):  # the step done again reads nothing again
        assert look_again(dossier.id, dossier.round, store=house.store, files=house.files, reader=reader) == 1
    assert reader.asked == [(the_list(ANH), 1)]  # the file as it came; the agreement names no employer
    assert len(seals_read(dossier, house.files)) == 1
    house.settle()
    shown = signals_of(house.store.load(dossier.id), store=house.store, files=house.files)
    assert ["seals-differ" in {one.kind for one in shown}] == [told]
