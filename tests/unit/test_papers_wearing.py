"""Papers worn like scans, faxes and photographs: pictures, each level in its own way, the same again."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pytest
from PIL import Image

from infra.papers import (
    LEVELS,
    blur_page,
    make_paper,
    page_texts,
    take_page,
    wear,
    wear_page,
    wear_some,
    wear_tiff,
)
from infra.papers.wearing import turn_deg
from tests.unit.pictures import edges, embedded, render


@pytest.fixture(scope="module")
def one_page() -> bytes:
    return make_paper("unpaid_leave_agreement", "unpaid_form", seed=4).pdf


@pytest.fixture(scope="module")
def agreement() -> bytes:
    return make_paper("suspension_agreement", "suspension_minutes", seed=4).pdf


class TestWearing:
    @pytest.mark.parametrize("level", [level for level in LEVELS if level != "born_digital"])
    def test_worn_pages_are_pictures_and_come_out_the_same_again(self, one_page, level):
        worn = wear(one_page, level, 6)
        assert worn == wear(one_page, level, 6)
        assert page_texts(worn) == [""]

    def test_another_seed_wears_otherwise(self, one_page):
        assert wear(one_page, "fax150", 6) != wear(one_page, "fax150", 7)

    def test_every_page_is_worn(self, agreement):
        assert page_texts(wear(agreement, "fax150", 6)) == ["", ""]

    def test_born_digital_stays_as_it_is(self, agreement):
        assert wear(agreement, "born_digital", 1) == agreement

    def test_a_fax_is_dark_letters_on_white_in_the_fax_machines_own_code(self, one_page):
        worn = wear(one_page, "fax150", 1)
        with pikepdf.open(io.BytesIO(worn)) as book:
            (picture,) = book.pages[0].get_images().values()
            assert picture.Filter == pikepdf.Name.CCITTFaxDecode
        assert np.asarray(render(worn, 0)).mean() > 200

    def test_rotated_pages_lie_on_either_side_or_on_their_head(self, one_page):
        seeds = {turn_deg(seed): seed for seed in range(12)}
        assert set(seeds) == {90, 180, 270}
        for turn, seed in seeds.items():
            page = render(wear(one_page, "rotated", seed), 0)
            assert (page.width > page.height) is (turn != 180)
            upright = np.asarray(page.rotate(-turn, expand=True).convert("L"), dtype=np.float32)
            third = upright.shape[0] // 6
            assert upright[:third].mean() < upright[-third:].mean(), "the letterhead is above, the empty foot below"

    def test_a_stamped_page_has_more_red_than_a_plain_one(self, one_page):
        def red(level):
            page = np.asarray(render(wear(one_page, level, 3), 0), dtype=np.int16)
            return ((page[..., 0] - page[..., 1]) > 50).mean()

        assert red("stamped") > 1.5 * red("office200")

    def test_a_blurred_page_is_beyond_reading_and_the_others_untouched(self, agreement):
        scan = wear(agreement, "clean300", 2)
        blurred = blur_page(scan, 2)
        before, after = embedded(scan), embedded(blurred)
        assert before[0] == after[0]
        assert edges(after[1]) < 0.15 * edges(before[1])

    def test_a_page_taken_out_is_that_very_page(self, agreement):
        scan = wear(agreement, "clean300", 2)
        assert embedded(take_page(scan, 2)) == [embedded(scan)[1]]

    def test_a_signed_last_page_can_be_a_scan_in_a_printed_file(self, agreement):
        first, second = page_texts(wear_some(agreement, "fax150", 1, pages=(2,)))
        assert "BIÊN BẢN THỎA THUẬN" in first
        assert second == ""

    def test_single_pictures_and_tiffs(self, agreement):
        photo = Image.open(io.BytesIO(wear_page(agreement, "stamped", 1, page=2, long_side_px=1500)))
        assert (photo.format, max(photo.size)) == ("JPEG", 1500)
        fax = Image.open(io.BytesIO(wear_page(agreement, "fax150", 1, form="png")))
        assert (fax.format, fax.mode) == ("PNG", "1")
        for level in ("fax150", "office200"):
            book = Image.open(io.BytesIO(wear_tiff(agreement, level, 1)))
            assert (book.format, book.n_frames) == ("TIFF", 2)
