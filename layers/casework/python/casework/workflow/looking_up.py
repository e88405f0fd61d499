"""Finding a dossier by its code, without signing in: whoever holds the phone or the mailbox named in it sees where it
stands, and nothing about people.

Whether a code exists is told to nobody. Asking only puts the question down, the same row for every code; the relay
looks for the dossier afterwards and sends six digits to its phone, or else its mailbox. Questions and tries are counted
by code and by visitor, for codes that exist and for others alike.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from casework import procedures
from casework.dossier import Dossier, Record, vietnam_day
from casework.errors import MessageDelayed, MessageRefused, MessageUncertain, NotFound, Refused, problem
from casework.offices import offices
from casework.plain import to_plain
from casework.ports import Clock, DossierStore, Lookups, Messenger, Texter
from casework.workflow.notices import SMS, message, ways_to
from casework.workflow.telling import send

QUESTIONS_OF_A_CODE = 3  # an hour
QUESTIONS_OF_A_VISITOR = 30  # many phones share one address of their operator
TRIES_OF_A_VISITOR = 60
_CODE = re.compile(r"[A-Z]\d{2}(?:\.\d{1,3}){0,3}-\d{6}-\d{4,7}")


def code_record(dossier: Dossier) -> Record:
    """The row by which a dossier is found by its code."""
    return Record("CODE", {"code": dossier.code}, once=True, queue=f"CODE#{dossier.code}", queue_order=dossier.id)


def ask(code: str, visitor: str, *, lookups: Lookups) -> str:
    """Put the question down; the digits come by themselves. Returns the code as it is written.

    Raises Refused: dossier-code-malformed, lookup-too-often.
    """
    code = _written(code)
    visits = lookups.count("asks", visitor, QUESTIONS_OF_A_VISITOR)
    if not visits or not lookups.count("asked", code, QUESTIONS_OF_A_CODE):
        raise Refused(problem("lookup-too-often"))
    lookups.ask(code)
    return code


def send_digits(
    partition: str,
    question: str,
    *,
    lookups: Lookups,
    store: DossierStore,
    messenger: Messenger,
    texter: Texter,
    public_url: str,
) -> str:
    """Answer a question that was put down, once: new digits, sent to the dossier's phone, or else its mailbox.

    Returns sent | nobody (no such dossier, or no way to reach it) | gone (answered before) | refused | delayed |
    maybe_sent. Whatever did not arrive is asked for again by whoever waits for it.
    """
    code = lookups.claim(partition, question)
    if not code:
        return "gone"
    dossier = _of_code(code, store)
    ways = ways_to(dossier.applicant) if dossier else []
    digits = lookups.keep_digits(code, dossier.id if dossier and ways else "")
    if dossier is None or not ways:
        return "nobody"
    told = message(dossier, "lookup", SMS if SMS in ways else ways[0], public_url=public_url, digits=digits)
    try:
        send(told, question, messenger=messenger, texter=texter)
    except MessageRefused:
        return "refused"
    except MessageDelayed:
        return "delayed"
    except MessageUncertain:
        return "maybe_sent"
    return "sent"


def answer(code: str, digits: str, visitor: str, *, lookups: Lookups) -> str:
    """The id of the dossier that the digits open. Raises Refused: dossier-code-malformed, lookup-too-often,
    lookup-refused."""
    code = _written(code)
    if not lookups.count("tries", visitor, TRIES_OF_A_VISITOR):
        raise Refused(problem("lookup-too-often"))
    digits = re.sub(r"\D", "", digits)
    dossier_id = lookups.try_digits(code, digits) if len(digits) <= 12 else ""
    if not dossier_id:
        raise Refused(problem("lookup-refused"))
    return dossier_id


def standing(dossier: Dossier, clock: Clock) -> dict[str, Any]:
    """Where a dossier stands, without a word about anybody: code, service, state, office, days, what is asked."""
    procedure = procedures.load(dossier.procedure, dossier.received_on or vietnam_day(clock()))
    office = offices().get(dossier.office)
    return {
        "code": dossier.code,
        "procedure": dossier.procedure,
        "title": to_plain(procedure.title),
        "state": dossier.state.value,
        "office": {"code": dossier.office, **(to_plain(office.title) if office else {})},
        "received_on": to_plain(dossier.received_on),
        "stage": dossier.stage or None,
        "due_on": to_plain(dossier.due_on),
        "asked_for": len(dossier.open_requests),
    }


def _written(code: str) -> str:
    """A code as we write it, from one as people type it."""
    tidy = re.sub(r"\s", "", re.sub(r"[‐-―−]", "-", unicodedata.normalize("NFKC", code))).upper()
    if not _CODE.fullmatch(tidy):
        raise Refused(problem("dossier-code-malformed"))
    return tidy


def _of_code(code: str, store: DossierStore) -> Dossier | None:
    found, _ = store.queue(f"CODE#{code}", "", 1)
    try:
        return store.load(found[0][0]) if found else None
    except NotFound:
        return None
