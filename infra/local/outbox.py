"""What this machine would have sent: the mails and text messages that the stand-ins of SES and SNS accepted, as a page.

Only the local run has it: the template knows no such route, and no provider would tell.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from moto.backends import get_backend
from werkzeug.wrappers import Response

from infra.local.template import ACCOUNT, REGION

PATH = "/outbox"
_ADDRESS = re.compile(r"https?://[^\s<>&]*[^\s<>&.,]")
_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem;color:#0b0c0c}"
    "article{border:1px solid #b1b4b6;border-left:.4rem solid #7d1a2a;padding:.6rem 1rem;margin:1rem 0}"
    "pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0 0}h2{margin:2rem 0 0}"
)


@dataclass(frozen=True)
class Sent:
    """One message that was accepted: `subject` is "" for a text message."""

    to: str
    subject: str
    body: str


def mails() -> list[Sent]:
    """The mails accepted since the stack was started, oldest first."""
    accepted = get_backend("sesv2")[ACCOUNT][REGION].core_backend.sent_messages
    return [Sent(", ".join(one.destinations["ToAddresses"]), one.subject, one.body) for one in accepted]


def text_messages() -> list[Sent]:
    """The text messages accepted since the stack was started, oldest first."""
    accepted = get_backend("sns")[ACCOUNT][REGION].sms_messages
    return [Sent(number, "", text) for number, text in accepted.values()]


def outbox_page() -> Response:
    """Everything accepted, newest first, its addresses as links."""
    body = (
        '<h1>Hộp thư đi <span lang="en">· Outbox</span></h1>'
        "<p>Thư và tin nhắn mà bản chạy thử này đã giao cho nhà cung cấp giả; không có gì thật sự được gửi. "
        '<span lang="en">What this trial handed to stand-ins of the providers; nothing really left.</span></p>'
        + _section("Tin nhắn", "Text messages", text_messages())
        + _section("Thư điện tử", "E-mail", mails())
    )
    page = (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Hộp thư đi – Một Cửa</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    return Response(page, 200, {"Cache-Control": "no-store"}, content_type="text/html; charset=utf-8")


def _section(title: str, title_en: str, sent: list[Sent]) -> str:
    shown = "".join(_article(one) for one in reversed(sent)) or "<p>–</p>"
    return f'<h2>{title} <span lang="en">· {title_en}</span> ({len(sent)})</h2>{shown}'


def _article(one: Sent) -> str:
    text = _ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', html.escape(one.body, quote=False))
    subject = f"<br><strong>{html.escape(one.subject)}</strong>" if one.subject else ""
    return f"<article>{html.escape(one.to)}{subject}<pre>{text}</pre></article>"
