"""Pages as read become one PDF that can be searched: each page's picture as it is stored, its words beneath, unseen.

Built object by object with pikepdf for long keeping (PDF/A-2b): the pictures are taken over byte for byte, every
letter has its Unicode, colours have their profile. Words stand in the order in which they were read, each in its box.
The same pages always give the same bytes.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pikepdf
import PIL.Image
import PIL.ImageCms
from casework.document import Page, Word
from casework.shown import clean
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

LONG_SIDE_PT = 841.89  # of A4: what a page measures on paper is not known of a photograph
UNITS = 1000  # of a letter's width, in a face without shapes
BACK = 700  # the space behind a word begins above its last letter and reaches a little beyond it
SPACE = " "
RGB, GRAY = "/DeviceRGB", "/DeviceGray"


def bind_pages(pages: Sequence[tuple[Page, bytes]], title: str) -> bytes:
    """The PDF of (page as read, its picture as JPEG or PNG), in this order. Raises ValueError for no pages at all."""
    if not pages:
        raise ValueError("a document of no pages")
    letters = _Letters()
    with Pdf.new() as pdf:
        for page, image in pages:
            _add_page(pdf, page, _picture(pdf, image), letters)
        face = _face(pdf, letters)
        for made in pdf.pages:
            made.Resources.Font = Dictionary(F=face)
        _keep(pdf, clean(title))
        packed = io.BytesIO()
        pdf.save(packed, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return packed.getvalue()


class _Letters:
    """Every letter of the document with the number it is written by, in the order in which they come up."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def written(self, text: str) -> str:
        """The text as the string of a content stream."""
        return "".join(f"{self.numbers.setdefault(letter, len(self.numbers) + 1):04x}" for letter in text)


@dataclass(frozen=True, slots=True)
class _Picture:
    stream: Stream
    width_px: int
    height_px: int


def _picture(pdf: Pdf, image: bytes) -> _Picture:
    """A JPEG goes in as it is; another picture without loss."""
    with PIL.Image.open(io.BytesIO(image), formats=("JPEG", "PNG")) as opened:
        width, height = opened.size
        if opened.format == "JPEG" and opened.mode in ("L", "RGB"):
            data, filters = image, Name.DCTDecode
            mode = opened.mode
        else:
            mode = "L" if opened.mode in ("1", "L") else "RGB"
            data, filters = zlib.compress(opened.convert(mode).tobytes()), Name.FlateDecode
    stream = Stream(pdf, data)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = width, height, 8
    stream.ColorSpace = Name(GRAY if mode == "L" else RGB)
    stream.Filter = filters
    return _Picture(stream, width, height)


def _add_page(pdf: Pdf, page: Page, picture: _Picture, letters: _Letters) -> None:
    scale = LONG_SIDE_PT / max(picture.width_px, picture.height_px)
    width, height = picture.width_px * scale, picture.height_px * scale
    drawn = [f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /P Do Q", "BT 3 Tr"]
    drawn += [line for word in page.words for line in _written(word, width, height, letters)]
    drawn.append("ET")
    pdf.add_blank_page(page_size=(round(width, 3), round(height, 3)))
    made = pdf.pages[-1]
    made.Resources = Dictionary(XObject=Dictionary(P=picture.stream))
    made.Contents = Stream(pdf, "\n".join(drawn).encode("ascii"))


def _written(word: Word, width: float, height: float, letters: _Letters) -> Iterable[str]:
    """A word stretched over its box, and a sliver of a space behind it, so that words stay apart when copied."""
    text = clean(word.text).strip()
    tall, wide = (word.box.y1 - word.box.y0) * height, (word.box.x1 - word.box.x0) * width
    if not text or tall <= 0 or wide <= 0:
        return
    left, foot = word.box.x0 * width, height - word.box.y1 * height
    stretch = 100 * wide / (len(text) * tall)
    signs = f"<{letters.written(text)}> {BACK} <{letters.written(SPACE)}>"
    yield f"/F {tall:.2f} Tf {stretch:.2f} Tz 1 0 0 1 {left:.2f} {foot:.2f} Tm [{signs}] TJ"


# ── the face without shapes ─────────────────────────────────────────────────


def _face(pdf: Pdf, letters: _Letters) -> pikepdf.Object:
    """One face for all letters: each is as wide as it is tall, has no shape, and says which sign it is."""
    program = Stream(pdf, _shapeless())
    program.Length1 = len(program.read_bytes())
    name = Name("/MotCua-Unseen")
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array([0, 0, UNITS, UNITS]),
            ItalicAngle=0,
            Ascent=UNITS,
            Descent=0,
            CapHeight=UNITS,
            StemV=80,
            FontFile2=program,
        )
    )
    count = len(letters.numbers) + 1
    child = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=descriptor,
            DW=UNITS,
            CIDToGIDMap=Stream(pdf, struct.pack(">H", 1) * count),
        )
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([child]),
            ToUnicode=Stream(pdf, _meanings(letters)),
        )
    )


def _meanings(letters: _Letters) -> bytes:
    """Number by number the sign it stands for."""
    lines = [f"<{number:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, number in letters.numbers.items()]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    told = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{told}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _shapeless() -> bytes:
    """A TrueType file of two empty glyphs, the missing one and ours."""
    tables = {
        b"OS/2": struct.pack(
            ">HhHHHhhhhhhhhhhh10sLLLL4sHHHhhhHH",
            *(1, UNITS, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 250, 0),
            bytes(10), 0, 0, 0, 0, b"MTCU", 64, 32, 32, UNITS, 0, 0, UNITS, 0,
        ) + bytes(8),
        b"cmap": struct.pack(">HHHHLHHHHHHHHHHhH", 0, 1, 3, 1, 12, 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0),
        b"glyf": bytes(4),
        b"head": struct.pack(
            ">LLLLHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 11, UNITS, 0, 0, 0, 0, UNITS, UNITS, 0, 8, 2, 0, 0
        ),
        b"hhea": struct.pack(">Lhhh H hhh hhh 5h H", 0x10000, UNITS, 0, 0, UNITS, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", UNITS, 0, UNITS, 0),
        b"loca": struct.pack(">HHH", 0, 0, 0),
        b"maxp": struct.pack(">LHHHHHHHHHHHHHH", 0x10000, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">LLhhLLLLL", 0x30000, 0, -100, 50, 1, 0, 0, 0, 0),
    }  # fmt: skip
    head = struct.pack(">LHHHH", 0x10000, len(tables), 128, 3, 16 * len(tables) - 128)
    place, entries, body = 12 + 16 * len(tables), b"", b""
    for tag, data in tables.items():
        padded = data + bytes(-len(data) % 4)
        entries += struct.pack(">4sLLL", tag, _checksum(padded), place + len(body), len(data))
        body += padded
    whole = bytearray(head + entries + body)
    adjustment = (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF
    struct.pack_into(">L", whole, whole.index(struct.pack(">L", 0x5F0F3CF5)) - 4, adjustment)
    return bytes(whole)


def _checksum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}L", data)
    return sum(words) & 0xFFFFFFFF


# ── for keeping ─────────────────────────────────────────────────────────────


def _keep(pdf: Pdf, title: str) -> None:
    """What PDF/A-2b asks of the file as a whole: its title and kind in XMP, its colours' profile, its language."""
    profile = Stream(pdf, _srgb())
    profile.N = 3
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name("/GTS_PDFA1"),
                OutputConditionIdentifier=String("sRGB"),
                DestOutputProfile=profile,
            )
        ]
    )
    pdf.Root.Lang = String("vi")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as said:
        said["dc:title"] = title
        said["dc:language"] = ["vi"]
        said["pdfaid:part"] = "2"
        said["pdfaid:conformance"] = "B"


def _srgb() -> bytes:
    """The sRGB profile, without the moment it was made."""
    data = bytearray(PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = struct.pack(">6H", 2020, 1, 1, 0, 0, 0)
    data[84:100] = bytes(16)  # the profile's own checksum, which covers that moment
    return bytes(data)
