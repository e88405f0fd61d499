"""Scans are bound once for each reading, and only while that reading stands."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from casework.document import Page
from casework.errors import NotFound
from casework.workflow import binding

from tests.builders import ANH, House, a_document, papers, the_list
from tests.fakes import BLURRED, PAGE_BREAK


class Binder:
    """Binds pages to what they say, and counts."""

    def __init__(self) -> None:
        self.bound: list[str] = []

    def __call__(self, pages: Sequence[tuple[Page, bytes]], title: str) -> bytes:
        self.bound.append(title)
        return b"|".join(image for _, image in pages)


@pytest.fixture
def house() -> House:
    return House()


def orders(house: House) -> list[tuple[str, str]]:
    return [(dossier, effect) for work, dossier, effect in house.bench.asked if work == "bind_scan"]


def bind(house: House, order: tuple[str, str], binder: Binder) -> str:
    return binding.bind_scan(*order, store=house.store, outbox=house.store, files=house.files, bind=binder)


def test_each_paper_that_was_read_is_bound_once(house: House) -> None:
    dossier = house.draft()
    binder = Binder()
    assert [bind(house, order, binder) for order in orders(house)] == ["bound", "bound"]
    assert [bind(house, order, binder) for order in orders(house)] == ["known", "known"]
    assert sorted(binder.bound) == sorted(papers(ANH))
    for document in dossier.live_documents:
        assert house.files.has_scan(binding.scan_key(document))


def test_the_pages_stand_in_their_order(house: House) -> None:
    two = PAGE_BREAK.join((the_list(ANH), b"trang hai"))
    house.draft(papers_={"danh-sach.pdf": two})
    [order] = orders(house)
    bind(house, order, Binder())
    [made] = house.files.pdfs.values()
    assert made.endswith(b"|trang hai")


def test_a_page_that_cannot_be_read_is_there_as_a_picture(house: House) -> None:
    two = PAGE_BREAK.join((the_list(ANH), BLURRED.encode()))
    house.draft(papers_={"danh-sach.pdf": two})
    [order] = orders(house)
    assert bind(house, order, Binder()) == "bound"
    [made] = house.files.pdfs.values()
    assert made.endswith(b"|?")


def test_a_reading_that_another_has_replaced_is_not_bound(house: House) -> None:
    dossier = house.draft(papers_={"danh-sach.pdf": PAGE_BREAK.join((the_list(ANH), BLURRED.encode()))})
    [first] = orders(house)
    document = dossier.live_documents[0]
    house.send(dossier.id, b"trang hai", "trang-2.pdf", document_id=document.id, page=2)
    house.settle()
    binder = Binder()
    assert [bind(house, order, binder) for order in orders(house)] == ["overtaken", "bound"]
    assert first == orders(house)[0]


def test_what_is_no_such_effect_is_refused(house: House) -> None:
    dossier = house.draft()
    with pytest.raises(NotFound):
        bind(house, (dossier.id, f"{dossier.id}-1-0"), Binder())
    with pytest.raises(NotFound):
        binding.scan_key(a_document("d", "form_01", reading_key=""))
