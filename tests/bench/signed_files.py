"""PDF files with a history: signed, changed after signing, changed later, edited by a program, a figure replaced.

Certificates are made here, by a root of our own: nobody's.
"""

from __future__ import annotations

import datetime
import io
import random
import re
from functools import cache
from typing import Any

from infra.papers import layouts_of, make_paper
from infra.papers.layouts import LAYOUTS, Set
from infra.papers.people import invent_employer, invent_job, invent_person
from infra.papers.printing import ONE_AT_A_TIME, compose

CASES = (
    "clean", "clean-signed", "clean-signed-twice", "clean-filled", "signer-not-known", "edited-after-signing",
    "signature-broken", "edited-later", "made-with-an-editor", "fonts-mixed",
)  # fmt: skip
_EDITORS = ("Adobe Photoshop CC 2019 (Windows)", "CorelDRAW X7", "Foxit PhantomPDF 9.7", "iLovePDF", "Sejda 4.1.4")


def make_file(case: str, seed: int, set_: Set = "dev") -> bytes:
    """One file of a case; the seed chooses paper and people."""
    layouts = [row.id for kind in ("suspension_agreement", "unpaid_leave_agreement") for row in layouts_of(kind, set_)]  # type: ignore[arg-type]
    layout = layouts[seed % len(layouts)]
    if case == "fonts-mixed":
        return _with_another_font(layout, seed)
    if case == "clean-filled":
        return _filled_in(layout, seed)
    pdf = _printed(layout, seed, set_)
    match case:
        case "clean-signed":
            return _signed(pdf, "root")
        case "clean-signed-twice":
            return _signed(_signed(pdf, "root"), "root", field="Second")
        case "signer-not-known":
            return _signed(pdf, "stranger")
        case "edited-after-signing":
            return _drawn_over(_signed(pdf, "root"), seed)
        case "signature-broken":
            return _damaged(_signed(pdf, "root"))
        case "edited-later":
            return _drawn_over(pdf, seed)
        case "made-with-an-editor":
            return _named(pdf, _EDITORS[seed % len(_EDITORS)])
    return pdf


@cache
def _printed(layout: str, seed: int, set_: Set) -> bytes:
    return make_paper(LAYOUTS[layout].kind, layout, seed=seed, set_=set_).pdf


def roots() -> list[bytes]:
    """The certificates to believe, DER."""
    from cryptography.hazmat.primitives import serialization

    return [_authority("root")[0].public_bytes(serialization.Encoding.DER)]


def _with_another_font(layout: str, seed: int) -> bytes:
    """A figure of the paper replaced, in one of five ways: by one in other letters; its end in other letters; its end
    from another embedding of the same font; its end a little larger; its end a little off the line."""
    html, number, other = _written(layout, seed, "fonts")
    kept, changed = number[:-3], f"{(int(number[-3:]) + 107) % 1000:03d}"
    match seed % 5:
        case 0:
            return _set(html, number, f"<span style=\"font-family: '{other}'\">{kept}{changed}</span>")
        case 1:
            return _set(html, number, f"{kept}<span style=\"font-family: '{other}'\">{changed}</span>")
        case 2:
            shown = "<style>body *, body {visibility: hidden} body .put {visibility: visible}</style>"
            bare = _set(html, number, f'{kept}<span style="visibility: hidden">{changed}</span>')
            put = _set(html + shown, number, f'{kept}<span class="put">{changed}</span>')
            return _laid_over(bare, put)
        case 3:
            return _set(html, number, f'{kept}<span style="font-size: 106%">{changed}</span>')
    return _set(html, number, f'{kept}<span style="position: relative; top: -.08em">{changed}</span>')


def _filled_in(layout: str, seed: int) -> bytes:
    """An honest form: every value in other letters than the form, half of them bold, and a raised figure."""
    html, _, other = _written(layout, seed, "filled")
    rng = random.Random(f"filled {layout} {seed}")
    employer = invent_employer(rng)
    job = invent_job(rng, employer, invent_person(rng, employer.line))
    values = (job.person.full_name, job.person.id_number, employer.name, employer.tax_code, employer.address)
    weight = "bold" if seed % 2 else "normal"
    for value in values:
        span = f"<span style=\"font-family: '{other}'; font-weight: {weight}\">{value}</span>"
        html = re.sub(rf"(?<=>)([^<]*){re.escape(value)}", lambda match, span=span: match[1] + span, html)  # type: ignore[misc]
    html = html.replace("</body>", '<p>Diện tích 120 m<sup style="font-size: 60%">2</sup>, 300<sup>12</sup></p></body>')
    return _pdf(html)


def _written(layout: str, seed: int, what: str) -> tuple[str, str, str]:
    """A paper's HTML, a number in it, and a family that is not the paper's."""
    rng = random.Random(f"{what} {layout} {seed}")
    employer = invent_employer(rng)
    job = invent_job(rng, employer, invent_person(rng, employer.line))
    html, _, _ = compose(LAYOUTS[layout], employer, [job], seed=seed)
    number = job.person.id_number if job.person.id_number in html else employer.tax_code
    families = sorted({row.font for row in LAYOUTS.values()} - {LAYOUTS[layout].font})
    return html, number, families[seed // 5 % len(families)]


def _set(html: str, number: str, instead: str) -> bytes:
    return _pdf(re.sub(rf"(?<=>)([^<]*){number}", lambda match: match[1] + instead, html, count=1))


def _pdf(html: str) -> bytes:
    import weasyprint

    from infra.papers.printing import _fonts

    with ONE_AT_A_TIME:
        pdf: bytes = weasyprint.HTML(string=html).write_pdf(font_config=_fonts())
    return pdf


def _laid_over(under: bytes, over: bytes) -> bytes:
    """Pages with others laid over them, whose fonts were embedded by another program."""
    import pikepdf

    with pikepdf.open(io.BytesIO(under)) as book, pikepdf.open(io.BytesIO(over)) as more:
        for thing in more.objects:
            for name in ("/BaseFont", "/FontName") if isinstance(thing, pikepdf.Dictionary) else ():
                if name in thing:
                    thing[name] = pikepdf.Name(f"/ZZWYTA+{str(thing[name]).lstrip('/').rsplit('+', 1)[-1]}")
        for page, put in zip(book.pages, more.pages, strict=False):
            page.add_overlay(put)
        out = io.BytesIO()
        book.save(out, deterministic_id=True)
    return out.getvalue()


def _signed(pdf: bytes, authority: str, field: str = "Signature") -> bytes:
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives import serialization
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def der(certificate: Any) -> Any:
        return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))

    root, root_key = _authority(authority)
    leaf, leaf_key = _certificate(f"Cong ty cua {authority}", root, root_key)
    store = SimpleCertificateStore()
    store.register(der(root))
    plain = leaf_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(
        signing_cert=der(leaf), signing_key=keys.PrivateKeyInfo.load(plain), cert_registry=store
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    signed = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=field), signer=signer)
    return bytes(signed.getvalue())


def _drawn_over(pdf: bytes, seed: int) -> bytes:
    """A white box laid over the page and a figure on it, appended as editors do."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    drawn = f"q 1 g 200 {400 + seed % 100} 80 14 re f Q".encode()
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=drawn)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _damaged(pdf: bytes) -> bytes:
    """One byte of the page's content changed in place."""
    place = pdf.index(b"stream", 1000) + 200
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def _named(pdf: bytes, program: str) -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as book:
        book.docinfo["/Producer"] = program
        book.save(out)
    return out.getvalue()


@cache
def _authority(name: str) -> Any:
    return _certificate(f"Goc {name}", None, None)


@cache
def _certificate(name: str, issuer: Any, issuer_key: Any) -> Any:
    """(certificate, key); of an authority when nobody issues it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    own = issuer is None
    usage = x509.KeyUsage(
        digital_signature=not own, content_commitment=not own, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=own, crl_sign=own, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if own else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2049, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.BasicConstraints(ca=own, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return built.sign(key if own else issuer_key, hashes.SHA256()), key
