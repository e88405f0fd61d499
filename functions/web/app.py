"""Pages for people who look at the address with a browser: what this is, and how to use it."""

import functools
import html
import secrets
from pathlib import Path

from adapters import wiring
from adapters.limits import UPLOAD_LIMITS
from aws_lambda_powertools import Logger
from casework import procedures

logger = Logger()
known = wiring.settings()
PAGES = Path(__file__).parent / "pages"
LOCAL = "Dữ liệu chỉ tồn tại khi chương trình chạy. <span lang='en'>Local data live as long as the process.</span>"


@logger.inject_lambda_context
def handler(event, context):
    """API Gateway's proxy event -> the home page; no script, nothing from elsewhere."""
    nonce = secrets.token_urlsafe(16)
    root = event["requestContext"].get("path", "/").rstrip("/")
    text = page("home").format(
        nonce=nonce,
        root=html.escape(root),
        services=services(),
        limit_mb=UPLOAD_LIMITS.bytes >> 20,
        pages=UPLOAD_LIMITS.pages,
        stage=LOCAL if known.need("STAGE") == "local" else "",
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": "vi",
        "Content-Security-Policy": f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return {"statusCode": 200, "headers": headers, "body": text}


@functools.cache
def page(name):
    return (PAGES / f"{name}.html").read_text(encoding="utf-8")


@functools.cache
def services():
    """A row for each service of the rulebook."""
    return "\n".join(row(procedures.service(service_id)) for service_id in procedures.ids())


def row(service):
    """A service with its title; one that cannot be filed yet says so."""
    open_now = all(procedure.open_for_filing for procedure in service.procedures.values())
    note = "" if open_now else "<br>Chưa nhận trực tuyến <span lang='en'>· not open for filing yet</span>"
    title = f'{html.escape(service.title.vi)}<span class="en" lang="en">{html.escape(service.title.en)}</span>'
    return f"<tr><td>{html.escape(service.id)}</td><td>{title}{note}</td></tr>"
