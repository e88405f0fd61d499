"""How long a text message is: in the 7-bit letters of GSM 03.38, or in 16-bit ones as soon as one letter is missing.

Vietnamese needs the 16-bit ones, where a message has 70 letters, and its parts 67 once there are several. Each part is
paid for, and a phone may show them apart.
"""

from __future__ import annotations

MOST_PARTS = 2

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes two places


def parts(text: str) -> int:
    """The number of messages a text becomes."""
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        length, alone, together = sum(2 if letter in _EXTENDED else 1 for letter in text), 160, 153
    else:
        length, alone, together = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else -(-length // together)
