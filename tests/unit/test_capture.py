"""The measures of a capture hold sharp and blurred, full and empty pages apart, on both sides of each threshold."""

from __future__ import annotations

import numpy as np
import pypdfium2
import pytest
from adapters import capture
from adapters.page_image import prepare
from casework.document import Box, Word
from PIL import Image, ImageFilter

from infra.papers import make_paper


@pytest.fixture(scope="module")
def printed() -> Image.Image:
    page = pypdfium2.PdfDocument(make_paper("suspension_agreement", seed=0).pdf)[0]
    return page.render(scale=200 / 72).to_pil().convert("RGB")


def _measured(image: Image.Image) -> dict[str, float]:
    return capture.measure(image, prepare(image).grey)


def test_edges_widen_with_blur(printed: Image.Image) -> None:
    sharp = _measured(printed)["edge_px"]
    blurred = _measured(printed.filter(ImageFilter.GaussianBlur(2.5)))["edge_px"]
    assert sharp < 4.0 < 5.0 < blurred


def test_blurred_away_is_not_blank(printed: Image.Image) -> None:
    lost = _measured(printed.filter(ImageFilter.GaussianBlur(14)))
    empty = _measured(Image.new("RGB", printed.size, (250, 250, 247)))
    assert capture.is_blank(empty, 0)
    assert not capture.is_blank(lost, 0)
    trouble = capture.trouble(3, lost, ())
    assert trouble is not None
    assert trouble.type == "page-blurred"
    assert "3" in trouble.title


@pytest.mark.parametrize("long_side_px", [400, 480, 560])
def test_letters_of_a_tiny_page_are_measured_and_not_read(printed: Image.Image, long_side_px: int) -> None:
    tiny = printed.resize((round(long_side_px / 1.414), long_side_px), Image.Resampling.LANCZOS)
    quality = _measured(tiny)
    assert 0.0 < quality["letter_px"] < 5.0
    assert not capture.is_worth_reading(quality)
    trouble = capture.trouble(1, quality, ())
    assert trouble is not None
    assert trouble.type == "page-too-small"


def test_a_small_picture_of_large_letters_is_read(printed: Image.Image) -> None:
    strip = printed.crop((0, printed.height // 3, printed.width // 2, printed.height // 3 + printed.width * 2 // 5))
    small = strip.resize((880, 704), Image.Resampling.LANCZOS)
    assert capture.is_worth_reading(_measured(small))


def test_seal_and_signature_are_seen_in_their_ink(printed: Image.Image) -> None:
    colour = prepare(printed).colour
    (seal,) = capture.seals(colour)
    assert seal.box.x0 > 0.4
    assert capture.signatures(colour)
    assert capture.seals(colour.convert("L")) == ()


def _words(height: float, confidence: float = 0.9) -> list[Word]:
    """A page of real words in three columns."""
    said = ["người", "lao", "động", "và", "công", "ty", "thỏa", "thuận", "tạm", "hoãn", "thực", "hiện", "hợp", "đồng"]
    return [
        Word(
            text, Box(0.1 + 0.25 * column, 0.1 + 0.05 * row, 0.3 + 0.25 * column, 0.1 + 0.05 * row + height), confidence
        )
        for row, text in enumerate(said)
        for column in range(3)
    ]


SHARP = {
    "ink": 0.04, "edge_px": 2.5, "smear": 0.2, "long_side_px": 2339.0, "brightness": 245.0, "contrast": 200.0,
    "letter_px": 14.0, "colour": 0.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "height", "confidence", "named"),
    [
        ({}, 0.0115, 0.9, None),
        ({"brightness": 20.0}, 0.0115, 0.9, None),  # dark, but it reads
        ({"brightness": 20.0}, 0.0115, 0.3, "page-too-dark"),
        ({"edge_px": 7.0}, 0.0115, 0.3, "page-blurred"),
        ({"long_side_px": 1754.0}, 0.0115, 0.9, None),
        ({"long_side_px": 500.0, "letter_px": 3.6}, 0.0115, 0.9, "page-too-small"),
        ({"long_side_px": 500.0, "letter_px": 0.0}, 0.0115, 0.3, "page-too-small"),
        ({"long_side_px": 520.0, "letter_px": 0.0}, 0.022, 0.9, "page-too-small"),  # half of it right, said with belief
        ({"long_side_px": 500.0}, 0.04, 0.9, None),  # a card: small, with large letters
        ({}, 0.0115, 0.2, "page-unreadable"),
    ],
)
def test_trouble_is_named_by_what_was_seen_and_read(
    change: dict[str, float], height: float, confidence: float, named: str | None
) -> None:
    trouble = capture.trouble(1, SHARP | change, _words(height, confidence))
    assert (trouble.type if trouble else None) == named


@pytest.mark.parametrize(
    ("change", "worth"),
    [
        ({}, True),
        ({"edge_px": 4.8}, True),  # blurred, and may still read
        ({"edge_px": 9.0}, False),
        ({"brightness": 12.0, "contrast": 9.0, "ink": 0.32}, False),
        ({"ink": 0.00001}, False),
        ({"letter_px": 3.6}, False),
        ({"letter_px": 0.0}, True),  # a few large words
    ],
)
def test_hopeless_pages_are_not_read(change: dict[str, float], worth: bool) -> None:
    assert capture.is_worth_reading(SHARP | change) is worth


def test_picture_of_things_is_no_document() -> None:
    trouble = capture.trouble(4, SHARP | {"colour": 0.6}, ())
    assert trouble is not None
    assert trouble.type == "page-not-a-document"
    assert "4" in trouble.title


def _inked(words: list[Word]) -> Image.Image:
    """A white page with a black bar for each word."""
    page = Image.new("L", (1000, 1400), 255)
    for word in words:
        page.paste(30, tuple(round(part) for part in (
            word.box.x0 * 1000, word.box.y0 * 1400, word.box.x1 * 1000, word.box.y1 * 1400
        )))  # fmt: skip
    return page


def test_lines_that_run_out_of_the_picture_are_cut() -> None:
    whole = _words(0.0115)
    cut = [Word(word.text, Box(0.0, word.box.y0, 0.1, word.box.y1), 0.9) for word in whole[::3]]
    assert capture.runs_out(_inked(whole + cut), whole + cut)
    assert not capture.runs_out(_inked(whole + cut[:3]), whole + cut[:3]), "three may be a seal at the side"
    assert not capture.runs_out(_inked(whole), whole + cut), "beside the side is not over it"
    trouble = capture.trouble(2, SHARP, whole + cut, cut=True)
    assert trouble is not None
    assert trouble.type == "page-cut"


def _lit(words: list[Word], paper: int, *, burnt: bool) -> Image.Image:
    page = _inked(words).point([paper if value > 128 else value for value in range(256)])
    if burnt:
        page.paste(255, (300, 400, 700, 1000))
    return page.convert("RGB")


def test_glare_is_seen_where_it_hides_words() -> None:
    everywhere = [
        Word("lao", Box(x / 100, y / 100, x / 100 + 0.06, y / 100 + 0.012), 0.9)
        for x in range(10, 90, 8)
        for y in range(10, 90, 3)
    ]
    left = [word for word in everywhere if not (0.26 < word.box.x0 < 0.7 and 0.27 < word.box.y0 < 0.71)]
    assert capture.is_burnt_out(_lit(left, 215, burnt=True), left)
    assert not capture.is_burnt_out(_lit(everywhere, 215, burnt=True), everywhere), "everything is read all the same"
    assert not capture.is_burnt_out(_lit(left, 255, burnt=True), left), "a white page with a gap in its text"
    assert not capture.is_burnt_out(_lit(left, 215, burnt=False), left)


def test_edges_are_measured_by_counting_as_they_are_by_sorting() -> None:
    noise = Image.effect_noise((701, 1003), 90).filter(ImageFilter.GaussianBlur(1.2))
    rows = np.asarray(noise)[50:-50:3].astype(np.int16)
    slopes = np.abs(rows[:, 2:] - rows[:, :-2]) / 2
    top, darkest = np.percentile(slopes[slopes > 8], 95), np.percentile(rows[:, ::4], 1)
    assert capture.edge_width(noise) == round((255 - darkest) / top, 2)
    assert capture.edge_width(Image.new("L", (701, 1003), 255)) == 0.0
    assert capture.edge_width(Image.new("L", (2, 2))) == 0.0
