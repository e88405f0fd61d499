"""QR codes for pages: drawn as SVG, without a style of their own, so that the strictest page may hold them."""

from __future__ import annotations

import segno


def qr_code(address: str) -> str:
    """The code that leads to an address, as an SVG element that takes the size its page gives it."""
    drawn: str = segno.make(address, error="m").svg_inline(svgclass="mc-qr", lineclass=None, omitsize=True, border=2)
    return drawn
