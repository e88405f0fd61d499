"""The signature on what goes to and comes from registries: HMAC-SHA-256 over time and body, so that neither can be
changed, nor sent again much later."""

from __future__ import annotations

import hmac

GOOD_FOR_SECONDS = 5 * 60


def sign(secret: str, body: bytes, unix_time: int) -> str:
    """The X-Signature header: `t=<unix time>,v1=<HMAC-SHA-256 of "time.body", hex>`."""
    return f"t={unix_time},v1={_mac(secret, body, str(unix_time))}"


def is_signed(secret: str, header: str, body: bytes, unix_time: float) -> bool:
    """Whether a header signs this body, and did so less than five minutes ago. An empty secret signs nothing."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    moment, given = parts.get("t", ""), parts.get("v1", "")
    if not secret or not (moment.isascii() and moment.isdigit() and len(moment) < 15 and given.isascii()):
        return False
    return abs(unix_time - int(moment)) <= GOOD_FOR_SECONDS and hmac.compare_digest(_mac(secret, body, moment), given)


def _mac(secret: str, body: bytes, moment: str) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, "sha256").hexdigest()
