"""Searchable scans: the picture as it was, every word findable in its order and place, fit for keeping."""

from __future__ import annotations

import io
import struct
from typing import Any

import pdfplumber
import pikepdf
import PIL.Image
import pypdfium2
import pytest
from adapters.searchable import bind_pages
from casework.document import Box, Page, Word

SAID = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Số: 12/HĐLĐ ngày 3 tháng 4 năm 2020 "
    "Nguyễn Thị Ữ a Ộ 4.730.000đ (bằng chữ: “bốn triệu”) ắ ằ ẳ ẵ ặ"
)
WORDS = SAID.split(" ")


def a_picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (620, 877)) -> bytes:
    packed = io.BytesIO()
    image = PIL.Image.effect_noise(size, 40).convert(mode)
    image.save(packed, kind)
    return packed.getvalue()


def a_page(number: int = 1, words: tuple[Word, ...] | None = None) -> Page:
    """Words in lines of five, from left to right."""
    if words is None:
        words = tuple(
            Word(text, Box(0.05 + 0.18 * (n % 5), 0.1 + 0.04 * (n // 5), 0.2 + 0.18 * (n % 5), 0.12 + 0.04 * (n // 5)))
            for n, text in enumerate(WORDS)
        )
    return Page(number, "ocr", 620, 877, words=words)


def bound(*pages: tuple[Page, bytes]) -> bytes:
    return bind_pages(pages or ((a_page(), a_picture()),), "Hợp đồng.pdf")


# ── findable and copyable ────────────────────────────────────────────────────


def test_one_reader_copies_every_word_in_the_order_it_was_read() -> None:
    text = pypdfium2.PdfDocument(bound())[0].get_textpage().get_text_range()
    assert text.split() == WORDS


def test_another_reader_finds_every_word_in_its_place() -> None:
    with pdfplumber.open(io.BytesIO(bound())) as pdf:
        page = pdf.pages[0]
        found = page.extract_words(use_text_flow=True)
        assert [word["text"] for word in found] == WORDS
        for word, read in zip(found, a_page().words, strict=True):
            assert word["x0"] / float(page.width) == pytest.approx(read.box.x0, abs=0.003)
            assert word["x1"] / float(page.width) == pytest.approx(read.box.x1, abs=0.02)
            assert word["bottom"] / float(page.height) == pytest.approx(read.box.y1, abs=0.003)


def test_a_word_is_found_by_searching() -> None:
    page = pypdfium2.PdfDocument(bound())[0].get_textpage()
    assert page.search("Nguyễn Thị Ữ").get_next() is not None
    assert page.search("không có").get_next() is None


def test_the_words_are_not_seen() -> None:
    """A page with words looks as one without."""
    picture = a_picture()
    with_words = pypdfium2.PdfDocument(bound((a_page(), picture)))[0].render(scale=1).to_pil()
    without = pypdfium2.PdfDocument(bound((a_page(words=()), picture)))[0].render(scale=1).to_pil()
    assert with_words.tobytes() == without.tobytes()


def a_picture_of(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return bytes(opened.pages[0].Resources.XObject.P.read_raw_bytes())


@pytest.mark.parametrize("text", ["\u202eđảo", "\x00", "", "   ", "a\nb", "😀 𝒜", "אבג", "(\\)<>", "x" * 5000])
def test_a_word_of_any_signs_does_no_harm(text: str) -> None:
    words = (Word("trước", Box(0.1, 0.1, 0.2, 0.12)), Word(text, Box(0.1, 0.2, 0.9, 0.22)))
    words += (Word("sau", Box(0.1, 0.3, 0.2, 0.32)), Word("không chỗ", Box(0.5, 0.5, 0.5, 0.5)))
    copied = pypdfium2.PdfDocument(bound((a_page(words=words), a_picture())))[0].get_textpage().get_text_range()
    assert copied.split()[0] == "trước"
    assert copied.split()[-1] == "sau"
    assert "\u202e" not in copied
    assert "\x00" not in copied


# ── the picture ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_is_taken_over_byte_for_byte(mode: str) -> None:
    picture = a_picture(mode=mode)
    assert a_picture_of(bound((a_page(), picture))) == picture
    assert len(bound((a_page(), picture))) < len(picture) + 12_000


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA"])
def test_a_png_loses_nothing(mode: str) -> None:
    picture = a_picture("PNG", mode if mode != "RGBA" else "RGB")
    if mode == "RGBA":
        packed = io.BytesIO()
        PIL.Image.open(io.BytesIO(picture)).convert("RGBA").save(packed, "PNG")
        picture = packed.getvalue()
    wanted = PIL.Image.open(io.BytesIO(picture)).convert("RGB")
    with pikepdf.open(io.BytesIO(bound((a_page(), picture)))) as pdf:
        kept = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.P).as_pil_image().convert("RGB")
    assert kept.tobytes() == wanted.tobytes()


@pytest.mark.parametrize("size", [(620, 877), (877, 620), (100, 2000)])
def test_a_page_is_as_long_as_a_sheet_and_keeps_its_shape(size: tuple[int, int]) -> None:
    page = pypdfium2.PdfDocument(bound((a_page(), a_picture(size=size))))[0]
    assert max(page.get_width(), page.get_height()) == pytest.approx(841.89, abs=0.01)
    assert page.get_width() / page.get_height() == pytest.approx(size[0] / size[1], rel=0.001)


# ── fit for keeping: PDF/A-2b, rule by rule ──────────────────────────────────


@pytest.fixture(scope="module")
def kept() -> Any:
    with pikepdf.open(io.BytesIO(bound((a_page(), a_picture()), (a_page(2), a_picture(mode="L"))))) as pdf:
        yield pdf


def test_its_syntax_is_sound(kept: pikepdf.Pdf) -> None:
    assert kept.check_pdf_syntax() == []


def test_it_says_what_it_is(kept: pikepdf.Pdf) -> None:
    with kept.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("2", "B")
        assert said["dc:title"] == "Hợp đồng.pdf"
    assert str(kept.Root.Lang) == "vi"
    assert kept.pdf_version <= "1.7"
    assert "/ID" in kept.trailer
    assert "/Encrypt" not in kept.trailer
    assert "/Filter" not in kept.Root.Metadata


def test_its_colours_have_a_profile(kept: pikepdf.Pdf) -> None:
    [intent] = kept.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    profile = intent.DestOutputProfile.read_bytes()
    assert intent.DestOutputProfile.N == 3
    assert (profile[12:16], profile[16:20], profile[36:40]) == (b"mntr", b"RGB ", b"acsp")
    assert profile[8] <= 4  # version
    assert struct.unpack(">L", profile[:4])[0] == len(profile)
    spaces = {str(page.Resources.XObject.P.ColorSpace) for page in kept.pages}
    assert spaces == {"/DeviceRGB", "/DeviceGray"}


def test_its_face_is_inside_and_as_wide_as_it_says(kept: pikepdf.Pdf) -> None:
    from fontTools.ttLib import TTFont

    font = kept.pages[0].Resources.Font.F
    child = font.DescendantFonts[0]
    program = TTFont(io.BytesIO(child.FontDescriptor.FontFile2.read_bytes()), checkChecksums=2)
    assert program["maxp"].numGlyphs == 2
    assert program["hmtx"][program.getGlyphOrder()[1]][0] * 1000 / program["head"].unitsPerEm == child.DW
    glyphs = child.CIDToGIDMap.read_bytes()
    numbers = {
        int.from_bytes(code, "big")
        for page in kept.pages
        for instruction in pikepdf.parse_content_stream(page)
        if str(instruction.operator) == "TJ"
        for part in instruction.operands[0]
        if isinstance(part, pikepdf.String)
        for code in zip(*[iter(bytes(part))] * 2, strict=True)
    }
    assert all(glyphs[2 * number : 2 * number + 2] == b"\x00\x01" for number in numbers)  # never the missing glyph
    meant = child.CIDSystemInfo
    assert (str(meant.Registry), str(meant.Ordering)) == ("Adobe", "Identity")
    assert font.Encoding == "/Identity-H"
    assert font.ToUnicode.read_bytes().count(b"beginbfchar") >= 1


def test_it_holds_nothing_that_acts_or_hides(kept: pikepdf.Pdf) -> None:
    forbidden = {
        "/JavaScript",
        "/JS",
        "/OpenAction",
        "/AA",
        "/EmbeddedFiles",
        "/AcroForm",
        "/Launch",
        "/SMask",
        "/LZWDecode",
    }
    for item in kept.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            assert not forbidden & set(item.keys())
            assert str(item.get("/Filter", "")) not in forbidden


def test_every_page_has_its_own_words_and_one_face_serves_all(kept: pikepdf.Pdf) -> None:
    assert len(kept.pages) == 2
    assert len({page.Resources.Font.F.objgen for page in kept.pages}) == 1


def test_the_same_pages_give_the_same_bytes() -> None:
    picture = a_picture()
    assert bound((a_page(), picture)) == bound((a_page(), picture))


def test_no_pages_are_no_document() -> None:
    with pytest.raises(ValueError, match="no pages"):
        bind_pages((), "x")
