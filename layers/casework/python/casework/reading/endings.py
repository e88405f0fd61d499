"""Why a contract ended: told by the words of decisions, notices and minutes.

Whether an ending is lawful is not judged here; a reason in words of its own is given as it stands.
"""

from __future__ import annotations

import re

from casework.reading.window import Value, Window
from casework.vietnam.letters import fold

_BY_EMPLOYEE = r"(?:nguoi lao dong|nld|ca nhan|nhan vien|ben b)"
# The first that is said wins: the more special words stand first.
_ENDINGS = (
    ("discipline", r"sa thai|ky luat"),
    ("retirement", r"nghi huu|luong huu|du tuoi"),
    ("employee_unilateral_unlawful", rf"{_BY_EMPLOYEE}.{{0,60}}trai (?:phap )?luat|tu y bo viec"),
    (
        "employee_unilateral_lawful",
        rf"{_BY_EMPLOYEE}.{{0,40}}don phuong|(?:{_BY_EMPLOYEE}.{{0,30}}|don |ca nhan )xin (?:thoi|nghi) viec",
    ),
    ("restructuring", r"co cau|cong nghe|cat giam (?:lao dong|nhan su)|sap xep lai|giam bien che|ly do kinh te"),
    ("employer_unilateral", r"don phuong|thu hep|giam cho lam viec|khong bo tri duoc viec"),
    ("expiry", r"het (?:thoi )?han|man han|het hieu luc|khong (?:tai ky|gia han)|hoan thanh cong viec"),
    ("agreement", r"thoa thuan|hai ben (?:cung )?(?:thong nhat|dong y)"),
)
_END = re.compile(r"(?<=[a-z0-9]{2})[.;](?:\s|$)|\bdieu \d|\bke tu ngay\b|\bthoi (?:diem|gian)\b")


def read_ending(window: Window) -> Value | None:
    """The reason as one of the field's values; what is told otherwise is given as it stands."""
    source = re.sub(r"\s", " ", window.wide)
    stop = _END.search(fold(source))
    said = (source[: stop.start()] if stop else source).rstrip()
    lead = re.match(r"[\s:.…_-]*", said)
    begin = lead.end() if lead else 0
    folded = fold(said)
    for kind, words in _ENDINGS:
        if re.search(words, folded):
            return Value(kind, begin, len(said))
    text = " ".join(window.tight.split()).strip(" :.…_-")
    return Value(text, begin, len(said), 0.6) if len(text) > 3 and re.search(r"[^\W\d_]", text) else None
