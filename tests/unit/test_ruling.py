"""Areas, reach and the tables that lines enclose, against slower ways of saying the same."""

from __future__ import annotations

import numpy as np
import pytest
from adapters.masks import areas, reach
from adapters.ruling import ruled, tables_of_lines
from PIL import Image, ImageDraw, ImageFont


def _areas_one_by_one(mask: np.ndarray) -> list[tuple[int, int, int, int]]:
    left, found = {tuple(place) for place in np.argwhere(mask).tolist()}, []
    while left:
        stack = [left.pop()]
        seen = []
        while stack:
            y, x = stack.pop()
            seen.append((y, x))
            for near in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
                if near in left:
                    left.remove(near)
                    stack.append(near)
        ys, xs = [y for y, _ in seen], [x for _, x in seen]
        found.append((min(xs), min(ys), max(xs) + 1, max(ys) + 1))
    return sorted(found)


@pytest.mark.parametrize("seed", range(40))
def test_areas_are_what_hangs_together(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = rng.random((rng.integers(1, 12), rng.integers(1, 12))) < rng.random()
    mask = np.repeat(mask, rng.integers(1, 4), axis=0)  # rows like the one above them are counted once
    assert sorted(areas(mask)) == _areas_one_by_one(mask)


@pytest.mark.parametrize("by", [1, 2, 3, 4, 7, 12])
def test_reach_spreads_by_so_much_and_no_further(by: int) -> None:
    mask = np.random.default_rng(by).random((23, 31)) < 0.04
    for axis in (0, 1):
        slow = mask.copy()
        for y, x in np.argwhere(mask):
            at = slice(max(0, (y, x)[axis] - by), (y, x)[axis] + by + 1)
            slow[(at, x) if axis == 0 else (y, at)] = True
        assert (reach(mask, by, axis) == slow).all()


def _ruled(fall_px: int) -> np.ndarray:
    """Lines of a table of 4 by 3 at a quarter of the page's size, falling by so much to the right end."""
    lines = np.zeros((300, 400), dtype=bool)
    for x in range(40, 341):
        shift = round(fall_px * (x - 40) / 300)
        for y in (50, 100, 150, 200, 250):
            lines[y + shift : y + shift + 2, x] = True
    for x in (40, 140, 240, 340):
        shift = round(fall_px * (x - 40) / 300)
        lines[50 + shift : 252 + shift, x : x + 2] = True
    return lines


@pytest.mark.parametrize("fall_px", [0, 4, -4])
def test_table_is_enclosed_and_knows_how_it_leans(fall_px: int) -> None:
    (table,) = tables_of_lines(_ruled(fall_px))
    assert (table.rows, table.columns, len(table.cells)) == (4, 3, 12)
    assert table.slope == pytest.approx(fall_px / 300, abs=0.008)


def test_letters_before_a_dot_leader_in_a_frame_keep_their_feet() -> None:
    page = Image.new("L", (1400, 420), 255)
    pencil = ImageDraw.Draw(page)
    pencil.rectangle((40, 40, 1360, 380), outline=90, width=4)
    font = ImageFont.truetype("/usr/share/texmf/fonts/opentype/public/tex-gyre/texgyretermes-regular.otf", 54)
    for top, text in ((80, "Sinh ngày: 01-05-1995"), (160, "Nguyên quán: Đồng Nai"), (240, "Quốc tịch: Việt Nam")):
        pencil.text((80, top), text, fill=0, font=font)
        end = round(80 + pencil.textlength(text, font=font)) + 6
        for x in range(end, 1320, 12):
            pencil.ellipse((x, top + 48, x + 4, top + 52), fill=60)
    text_only = np.asarray(page)[60:360, 80:620] < 128
    lines = ruled(np.asarray(page)).lines
    assert lines is not None, "the frame"
    erased = np.kron(lines, np.ones((2, 2), dtype=bool))[60:360, 80:620]
    assert not (erased & text_only).any()


def test_a_table_whose_lines_are_pale_for_the_most_part_is_found_whole() -> None:
    page = np.full((1600, 1400), 245, dtype=np.uint8)
    for row in range(13):
        page[200 + 90 * row : 203 + 90 * row, 100:1300] = 170
    for column in (100, 500, 1297):
        page[200:1283, column : column + 3] = 170
    page[560:743, 100:1300][page[560:743, 100:1300] == 170] = 120  # two rows came out darker
    (table,) = ruled(page).tables
    assert (table.rows, table.columns, len(table.cells)) == (12, 2, 24)


@pytest.mark.parametrize("fall_px", [7, -7])
def test_text_close_over_a_leaning_table_is_in_none_of_its_cells(fall_px: int) -> None:
    (table,) = tables_of_lines(_ruled(fall_px))
    assert (table.rows, table.columns, len(table.cells)) == (4, 3, 12)
    top = min(cell.y0 for cell in table.cells)
    assert top >= 4 * (50 + min(0, fall_px)), "the line over the highest cell"
