"""A paper that was handed out: what anybody who holds it may be told, and nothing about the person it is for.

Its row holds no name, amount or reason. `token` leads to it from the outside; who does not know it finds nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from casework.forms.catalogue import FormKind

Validity = Literal["valid", "replaced"]
TOKEN_BYTES = 16  # 128 bits: not to be guessed, and short enough for a small QR code
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """One paper: its form, number, office, the dossier's code, Vietnamese day of issue, SHA-256 and size of its PDF,
    where that lies, and whether a later one has taken its place."""

    id: str
    kind: FormKind
    number: str
    code: str
    office: str
    issued_on: str
    issued_at: str
    token: str
    sha256: str
    size_bytes: int
    pages: int
    key: str
    validity: Validity = "valid"
    replaced_by: str = ""


def is_token(text: str) -> bool:
    """Whether a text has the form of a token; nothing else is looked up."""
    return _TOKEN.fullmatch(text) is not None


def token_queue(token: str) -> str:
    """Where a paper is found by its token. The token itself is in no key: keys stand in logs and metrics."""
    return f"TOKEN#{hashlib.sha256(token.encode('ascii')).hexdigest()}"


def paper_record_key(version: int, kind: FormKind) -> str:
    """The key of the paper ordered by a change: one of a kind for each."""
    return f"PAPER#{version:08d}#{kind}"
