"""What applicants are told: one notice per event, on the status page with the change itself, by e-mail after it.

The texts stand in rulebook/notices.toml.
"""

from __future__ import annotations

import functools
import tomllib
from datetime import datetime
from importlib import resources
from typing import Any

from casework.dossier import Dossier, Record, State

RESULTS = {
    State.APPROVED: ("được duyệt", "approved"),
    State.PARTLY_APPROVED: ("được duyệt một phần", "approved in part"),
    State.REFUSED: ("không được duyệt", "refused"),
}


def notice(dossier: Dossier, event: str, now: datetime) -> Record:
    """The notice of `event`, to be written with the change that causes it (once per version and event)."""
    return Record(
        key=f"NOTICE#{dossier.version + 1:08d}#{event}",
        data={"event": event, "at": now.isoformat(timespec="seconds"), **notice_texts(dossier, event, link="")},
        once=True,
    )


def notice_texts(dossier: Dossier, event: str, link: str) -> dict[str, str]:
    """{title, body, title_en, body_en} of an event for this dossier. KeyError for an unknown event."""
    asks = dossier.open_requests
    result, result_en = RESULTS.get(dossier.state, ("", ""))
    vietnamese = {"asks": " ".join(ask.says.vi for ask in asks), "result": result}
    english = {"asks": " ".join(ask.says.en for ask in asks), "result": result_en}
    reason = f"{dossier.closing_note.vi.rstrip('.')}." if dossier.closing_note else ""
    shared = {
        "reason": reason,
        "code": dossier.code,
        "link": link,
        "total": f"{dossier.total_vnd or 0:,}".replace(",", "."),
    }
    return {
        name: text.format(**shared, **(english if name.endswith("_en") else vietnamese)).strip()
        for name, text in _texts()[event].items()
    }


@functools.cache
def _texts() -> dict[str, dict[str, Any]]:
    text = resources.files("casework").joinpath("rulebook/notices.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
