"""Pages for people who look at the address with a browser: what this is, and how to use it."""

import functools
import html
import secrets
from pathlib import Path

from adapters import wiring
from adapters.inspection import UPLOAD_LIMITS
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
    rows = [(service_id, procedures.service(service_id).title) for service_id in procedures.ids()]
    return "\n".join(
        f'<tr><td>{html.escape(service_id)}</td><td>{html.escape(title.vi)}'
        f'<span class="en" lang="en">{html.escape(title.en)}</span></td></tr>'
        for service_id, title in rows
    )
