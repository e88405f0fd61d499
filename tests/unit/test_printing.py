"""Papers of ours as PDFs: accessible, fit for keeping, the same bytes for the same sheet, text whatever is in it."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pdfplumber
import pikepdf
import pypdfium2
import pytest
import segno
from adapters.printing import NO_LETTER, Printer, code_of
from adapters.printing.faces import FACES, faces_in, letters_of
from adapters.printing.setting import SettingOrder, set_apart, set_paper
from casework.document import Text
from casework.forms.sheet import Column, Line, Paragraph, Points, Sheet, Table
from casework.plain import to_plain

URL = "https://motcua.example/xac-minh/A7fK2pQ9xLw3ZtR8vNc5Yg"
VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"


@pytest.fixture(scope="module")
def printer() -> Printer:
    return Printer()


def a_sheet(*blocks: Any, **differs: Any) -> Sheet:
    valid = Sheet(
        title=Text("Giấy tiếp nhận hồ sơ", "Receipt"),
        number="H29.1-200512-0001/TNHS",
        office=(Text("Ủy ban nhân dân Quận 1"), Text("Bộ phận Tiếp nhận và Trả kết quả")),
        place="Quận 1",
        issued_on=date(2020, 5, 2),
        page="a5",
        blocks=blocks or (Line(Text("Tiếp nhận hồ sơ của", "Received from"), "Công ty An Phú"),),
        signed_by=Text("Người tiếp nhận", "Received by"),
        signature=Text("(Lập trên hệ thống)", "(Issued electronically)"),
        url=URL,
        check=Text("Quét mã để kiểm tra.", "Scan to check."),
        form="Mẫu số 01",
        note=Text("Lời văn chờ xác nhận", "to be confirmed"),
    )
    return dataclasses.replace(valid, **differs)


def a_table(rows: int) -> Table:
    columns = (Column(Text("STT", "No."), "center", 0.5), Column(Text("Họ và tên", "Name"), "left", 2.0))
    return Table(Text("Danh sách", "List"), columns, tuple((str(n), f"NGUYỄN THỊ ỮU {n}") for n in range(1, rows + 1)))


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "\n".join(page.extract_text() or "" for page in opened.pages)


def elements(node: Any) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def fonts_of(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    return (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font")


# ── accessible and fit for keeping ───────────────────────────────────────────


def test_a_paper_is_tagged_titled_and_in_vietnamese(printer: Printer) -> None:
    with pikepdf.open(io.BytesIO(printer.print(a_sheet(a_table(3))).pdf)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "vi"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "/Encrypt" not in pdf.trailer
        with pdf.open_metadata() as said:
            assert said["pdfuaid:part"] == "1"
            assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("2", "A")
            assert said["dc:title"] == "Giấy tiếp nhận hồ sơ H29.1-200512-0001/TNHS"
        assert all(page.get("/Tabs") == "/S" for page in pdf.pages)
        assert pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()


def test_its_syntax_is_sound(printer: Printer) -> None:
    with pikepdf.open(io.BytesIO(printer.print(a_sheet(a_table(60))).pdf)) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_its_structure_has_a_heading_a_table_with_heads_and_a_described_code(printer: Printer) -> None:
    with pikepdf.open(io.BytesIO(printer.print(a_sheet(a_table(3))).pdf)) as pdf:
        found = list(elements(pdf.Root.StructTreeRoot.K))
        kinds = [str(one.S) for one in found]
        assert kinds.count("/H1") == 1
        assert kinds.count("/TH") == 2
        assert kinds.count("/TD") == 6
        heads = [one for one in found if one.S == "/TH"]
        assert all(any(a.get("/Scope") == "/Column" for a in _attributes(one)) for one in heads)
        [figure] = [one for one in found if one.S == "/Figure"]
        assert URL in str(figure.Alt)
        [link] = [one for one in found if one.S == "/Link"]
        assert link is not None


def test_english_words_are_said_to_be_english(printer: Printer) -> None:
    with pikepdf.open(io.BytesIO(printer.print(a_sheet()).pdf)) as pdf:
        languages = [
            str(instruction.operands[1].Lang)
            for page in pdf.pages
            for instruction in pikepdf.parse_content_stream(page)
            if str(instruction.operator) == "BDC"
            and isinstance(instruction.operands[1], pikepdf.Dictionary)
            and "/Lang" in instruction.operands[1]
        ]
        languages += [str(one.Lang) for one in elements(pdf.Root.StructTreeRoot.K) if "/Lang" in one]
    assert languages.count("en") >= 5


def _attributes(element: pikepdf.Dictionary) -> list[Any]:
    given = element.get("/A", pikepdf.Array([]))
    return list(given) if isinstance(given, pikepdf.Array) else [given]


def test_every_mark_on_the_page_is_tagged_or_an_artefact(printer: Printer) -> None:
    with pikepdf.open(io.BytesIO(printer.print(a_sheet(a_table(60))).pdf)) as pdf:
        for page in pdf.pages:
            depth = 0
            for instruction in pikepdf.parse_content_stream(page):
                operator = str(instruction.operator)
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
                assert depth > 0 or operator not in ("Tj", "TJ", "f", "S", "Do", "f*", "B")


def test_every_face_is_inside_with_the_meaning_of_its_signs(printer: Printer) -> None:
    sheet = a_sheet(
        Paragraph(
            Text(
                VIETNAMESE + VIETNAMESE.upper(),
                "strong",
            ),
            strong=True,
        ),
        Paragraph(Text("Иван")),
    )
    with pikepdf.open(io.BytesIO(printer.print(sheet).pdf)) as pdf:
        composite = [font for font in fonts_of(pdf) if font.Subtype == "/Type0"]
        assert composite
        for font in composite:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())
            assert "/ToUnicode" in font


# ── every letter ─────────────────────────────────────────────────────────────


def test_the_first_four_faces_have_every_vietnamese_letter() -> None:
    for file in faces_in("")[:4]:
        assert set(VIETNAMESE + VIETNAMESE.upper() + "0123456789.,:;–“”()/·…") <= letters_of(file), file.name
    assert len(FACES) == len(faces_in(""))
    with pytest.raises(FileNotFoundError):
        faces_in("/nowhere")


def test_vietnamese_comes_out_as_it_went_in(printer: Printer) -> None:
    words = [f"ngh{letter}nh{position}" for position, letter in enumerate(VIETNAMESE + VIETNAMESE.upper())]
    lines = [" ".join(words[start : start + 8]) for start in range(0, len(words), 8)]
    text = text_of(printer.print(a_sheet(*(Paragraph(Text(line)) for line in lines), page="a4")).pdf)
    assert set(" ".join(lines).split()) <= set(text.split())


def test_a_letter_no_face_has_is_a_box_and_not_nothing(printer: Printer) -> None:
    text = text_of(printer.print(a_sheet(Line(Text("Họ và tên"), "王小明 Ivan"))).pdf)
    assert f"{NO_LETTER * 3} Ivan" in text


def test_decomposed_letters_are_put_together(printer: Printer) -> None:
    assert "Nguyễn Ữu" in text_of(printer.print(a_sheet(Paragraph(Text("Nguye\u0302\u0303n U\u031b\u0303u")))).pdf)


# ── hostile text is text ─────────────────────────────────────────────────────

HOSTILE = [
    "#panic(\"x\")", "#sys.inputs.sheet", "*đậm* _nghiêng_ `mã`", "= Tiêu đề", "$x^2$", "\\u{41} \\ ", "<nhãn> @ref",
    "{{7*7}}", "<script>alert(1)</script>", "#import \"/etc/passwd\": *", "#read(\"/etc/passwd\")", "// ghi chú",
    "- gạch\"'`", "#let x = 1", "]", ")}",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_a_text_is_printed_as_it_stands(printer: Printer, hostile: str) -> None:
    blocks = (
        Line(Text(hostile, hostile), hostile),
        Points(Text(hostile), (Text(hostile),)),
        Table(Text(hostile), (Column(Text(hostile)),), ((hostile,),)),
    )
    text = text_of(printer.print(a_sheet(*blocks, page="a4", place=hostile, number=hostile)).pdf)
    squeezed = "".join(text.split())
    assert squeezed.count("".join(hostile.split())) >= 7


def test_signs_that_move_the_cursor_or_turn_the_line_do_not_reach_the_paper(printer: Printer) -> None:
    said = "An\u202eúhP\u202c \u200bPhú\x00\x07\ufeff\u2066x\u2069\u2028dòng\nmới\r\nnữa"
    text = text_of(printer.print(a_sheet(Paragraph(Text(said)))).pdf)
    assert "AnúhP Phúx dòng mới nữa" in " ".join(text.split())


def test_a_title_and_a_number_from_outside_stay_metadata(printer: Printer) -> None:
    sheet = a_sheet(title=Text("<x>&\"'#panic()", ""), number="]]>")
    with pikepdf.open(io.BytesIO(printer.print(sheet).pdf)) as pdf, pdf.open_metadata() as said:
        assert said["dc:title"] == "<x>&\"'#panic() ]]>"


# ── the same, and enough of it ───────────────────────────────────────────────


def test_the_same_sheet_gives_the_same_bytes_whoever_prints_it(printer: Printer) -> None:
    assert printer.print(a_sheet(a_table(5))) == Printer().print(a_sheet(a_table(5)))
    assert printer.print(a_sheet()) != printer.print(a_sheet(url=URL + "x"))


def test_a_paper_set_in_a_process_of_its_own_is_the_same(printer: Printer) -> None:
    folders = tuple(sorted({str(file.parent) for file in faces_in("")}))
    sheet = json.dumps(to_plain(a_sheet(a_table(3))), ensure_ascii=False)
    order = SettingOrder(sheet, code_of(URL), folders, "2020-05-02T00:00:00+00:00")
    assert set_apart(order) == set_paper(order)
    broken = dataclasses.replace(order, sheet="{}")
    for way in (set_apart, set_paper):
        with pytest.raises(ValueError, match="cannot be set"):
            way(broken)


def test_a_thousand_people_stand_on_it_each_once_under_repeated_heads(printer: Printer) -> None:
    printed = printer.print(a_sheet(a_table(1000), page="a4"))
    with pdfplumber.open(io.BytesIO(printed.pdf)) as opened:
        assert len(opened.pages) == printed.pages > 10
        texts = [page.extract_text() for page in opened.pages]
    assert all("Họ và tên" in text for text in texts[:-1])
    words = " ".join(texts).split()
    assert all(words.count(str(number)) >= 1 for number in (1, 500, 999, 1000))
    assert sum(word == "ỮU" for word in words) == 1000
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        kinds = [str(one.S) for one in elements(pdf.Root.StructTreeRoot.K)]
    assert kinds.count("/TH") == 2  # a repeated head is heard once
    assert kinds.count("/TD") == 2000


def test_long_names_and_addresses_wrap_inside_the_page(printer: Printer) -> None:
    long = "Công ty Trách nhiệm hữu hạn Một thành viên " * 8 + "A" * 300
    printed = printer.print(a_sheet(Line(Text("Tiếp nhận hồ sơ của"), long), a_table(1)))
    with pdfplumber.open(io.BytesIO(printed.pdf)) as opened:
        assert "A" * 30 in "".join(page.extract_text() for page in opened.pages)
        for page in opened.pages:
            assert all(letter["x0"] >= 0 and letter["x1"] <= page.width for letter in page.chars)


@pytest.mark.parametrize(("page", "size"), [("a5", (420, 595)), ("a4", (595, 842))])
def test_the_page_has_its_size(printer: Printer, page: Any, size: tuple[int, int]) -> None:
    pdf = pypdfium2.PdfDocument(printer.print(a_sheet(page=page)).pdf)
    assert (round(pdf[0].get_width()), round(pdf[0].get_height())) == size


def test_the_head_is_that_of_the_administration(printer: Printer) -> None:
    text = text_of(printer.print(a_sheet()).pdf)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập – Tự do – Hạnh phúc" in text
    assert "ỦY BAN NHÂN DÂN QUẬN 1" in text
    assert "Quận 1, ngày 02 tháng 5 năm 2020" in text
    assert "Số: H29.1-200512-0001/TNHS" in text


def test_the_code_on_the_page_is_the_address(printer: Printer) -> None:
    """Module by module: what is drawn is the code of the address, dark on light, with its quiet zone."""
    scale = 8
    page = pypdfium2.PdfDocument(printer.print(a_sheet()).pdf)[0]
    picture = page.render(scale=scale).to_pil().convert("L")
    with pdfplumber.open(io.BytesIO(printer.print(a_sheet()).pdf)) as opened:
        drawn = [item for item in (*opened.pages[0].rects, *opened.pages[0].curves) if item.get("fill")]
    code = max(drawn, key=lambda item: item["width"] * item["height"] if item["width"] < 90 else 0)
    matrix = [list(row) for row in segno.make(URL, error="q", boost_error=False).matrix]
    across = len(matrix)
    quiet = 4 if code["width"] / (across + 8) > 0 and _is_frame(code, across) else 0
    step = code["width"] / (across + 2 * quiet)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            spot = (code["x0"] + (quiet + x + 0.5) * step, code["top"] + (quiet + y + 0.5) * step)
            assert (picture.getpixel((int(spot[0] * scale), int(spot[1] * scale))) < 128) == bool(dark)


def _is_frame(code: dict[str, Any], across: int) -> bool:
    """Whether the largest thing drawn is the light ground of the code rather than its dark modules."""
    return code.get("non_stroking_color") in ((1,), (1, 1, 1), 1, [1], [1, 1, 1])
