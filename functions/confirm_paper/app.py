"""The page a paper's QR code leads to: is this paper genuine, and does it still stand? Nothing about the person."""

import html
import secrets
from pathlib import Path

from adapters import wiring
from aws_lambda_powertools import Logger
from casework.errors import NotFound
from casework.forms import catalogue
from casework.offices import offices
from casework.workflow import issuing

logger = Logger()
known = wiring.settings()
store = wiring.store(known)
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "pages").glob("*.html")}
STANDS = {
    "valid": ("Còn giá trị", "Still in force"),
    "replaced": ("Đã được thay bằng giấy khác", "Replaced by a later paper"),
}


@logger.inject_lambda_context
def handler(event, context):
    """API Gateway's proxy event with a token in its path, or none -> a page; no script, nothing from elsewhere."""
    try:
        paper = issuing.confirm_paper((event["pathParameters"] or {}).get("token", ""), store=store)
    except NotFound:
        return answer(404, "Không tìm thấy giấy này", PAGES["unknown"])
    return answer(200, "Giấy này là thật", PAGES["genuine"].format(**shown(paper)))


def shown(paper):
    """What the page says of a paper, safe for HTML."""
    form, office = catalogue.form(paper.kind), offices().get(paper.office)
    stands, stands_en = STANDS[paper.validity]
    year, month, day = paper.issued_on.split("-")
    said = {
        "kind": form.title.vi,
        "kind_en": form.title.en,
        "office": office.title.vi if office else paper.office,
        "office_en": office.title.en if office else "",
        "code": paper.code,
        "number": paper.number,
        "issued_on": f"{day}/{month}/{year}",
        "stands": stands,
        "stands_en": stands_en,
        "by": f" ({paper.replaced_by})" if paper.replaced_by else "",
        "sha256": paper.sha256,
        "size": f"{paper.size_bytes:,}".replace(",", "."),
        "pages": str(paper.pages),
    }
    return {name: html.escape(value) for name, value in said.items()} | {"validity": paper.validity}


def answer(status, title, body):
    """A page in our look. The style has a nonce of its own, everything else is forbidden."""
    nonce = secrets.token_urlsafe(16)
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": "vi",
        "Content-Security-Policy": f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
    }
    page = PAGES["frame"].format(nonce=nonce, title=html.escape(title), body=body)
    return {"statusCode": status, "headers": headers, "body": page}
