"""What applicants are told: one notice per event, on the status page with the change itself, by e-mail and text message
after it.

Each way a notice leaves is an effect of its own, so that one that fails neither holds up nor repeats the other. The
texts stand in rulebook/notices.toml.
"""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from types import MappingProxyType
from typing import Any

from casework.dossier import Applicant, Dossier, EffectKind, Record, State
from casework.vietnam import identifiers

MAIL, SMS = "mail", "sms"
RESULTS = {
    State.APPROVED: ("được duyệt", "approved"),
    State.PARTLY_APPROVED: ("được duyệt một phần", "approved in part"),
    State.REFUSED: ("không được duyệt", "refused"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """What leaves: `subject` of a mail, "" for a text message."""

    to: str
    subject: str
    body: str


def notice(dossier: Dossier, event: str, now: datetime) -> Record:
    """The notice of `event`, to be written with the change that causes it (once per version and event)."""
    return Record(
        key=notice_key(dossier.version + 1, event),
        data={"event": event, "at": now.isoformat(timespec="seconds"), **notice_texts(dossier, event)},
        once=True,
    )


def notice_key(version: int, event: str) -> str:
    """Where the notice of an event stands, by the version of the dossier that the event made."""
    return f"NOTICE#{version:08d}#{event}"


def notifications(dossier: Dossier, event: str) -> list[tuple[EffectKind, Mapping[str, Any]]]:
    """The effects that bring an event to the applicant: one for each way he can be reached."""
    return [("notify", {"event": event, "channel": channel}) for channel in ways_to(dossier.applicant)]


def ways_to(applicant: Applicant) -> list[str]:
    """How an applicant can be reached, beside the page."""
    return [channel for channel in (MAIL, SMS) if address(applicant, channel)]


def address(applicant: Applicant, channel: str) -> str:
    """Where a message goes: a mail address, a Vietnamese mobile number in E.164; "" where there is none of the kind."""
    return applicant.email if channel == MAIL else identifiers.mobile(applicant.phone)


def message(
    dossier: Dossier,
    event: str,
    channel: str,
    *,
    public_url: str,
    digits: str = "",
    said: Mapping[str, str] = MappingProxyType({}),
) -> Message:
    """A notice as it leaves: a mail says everything in both languages, the applicant's first; a text message says it
    shortly, in the applicant's. `said`: the texts of the notice on the page, which may be older than the dossier."""
    link = f"{public_url}/ho-so/{dossier.id}"
    texts = {**_filled(dossier, event, link=link, site=public_url, digits=digits), **said}
    english = dossier.applicant.language == "en"
    to = address(dossier.applicant, channel)
    if channel == SMS:
        return Message(to, "", texts["sms_en" if english else "sms"])
    order = ("_en", "") if english else ("", "_en")
    foot = [] if event == "lookup" else [texts[f"foot{ending}"] for ending in order]
    body = "\n\n".join([*(texts[f"body{ending}"] for ending in order), *foot])
    return Message(to, " / ".join(texts[f"title{ending}"] for ending in order), body + "\n")


def notice_texts(dossier: Dossier, event: str) -> dict[str, str]:
    """{title, body, title_en, body_en} of an event for this dossier. KeyError for an unknown event."""
    texts = _filled(dossier, event)
    return {name: texts[name] for name in ("title", "body", "title_en", "body_en")}


def _filled(dossier: Dossier, event: str, *, link: str = "", site: str = "", digits: str = "") -> dict[str, str]:
    asks = dossier.open_requests
    result, result_en = RESULTS.get(dossier.state, ("", ""))
    texts = _texts()[event] | _texts()["mail"]
    granted, granted_en = texts.pop("granted", ""), texts.pop("granted_en", "")
    total = f"{dossier.total_vnd:,}" if dossier.total_vnd else ""
    vietnamese = {
        "asks": " ".join(ask.says.vi for ask in asks),
        "result": result,
        "granted": granted.format(total=total.replace(",", ".")) if total else "",
    }
    english = {
        "asks": " ".join(ask.says.en for ask in asks),
        "result": result_en,
        "granted": granted_en.format(total=total) if total else "",
    }
    shared = {
        "reason": f"{dossier.closing_note.vi.rstrip('.')}." if dossier.closing_note else "",
        "code": dossier.code,
        "link": link,
        "site": site,
        "lookup": f"{site}/tra-cuu",
        "digits": digits,
    }
    found = {}
    for name, text in texts.items():
        filled = text.format(**shared, **(english if name.endswith("_en") else vietnamese))
        found[name] = unicodedata.normalize("NFC", filled).strip()
    return found


@functools.cache
def _texts() -> dict[str, dict[str, Any]]:
    text = resources.files("casework").joinpath("rulebook/notices.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
