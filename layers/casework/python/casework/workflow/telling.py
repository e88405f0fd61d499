"""A message leaves once. It is claimed before it is sent; where nobody knows whether it left, it is not sent again.

A provider that says no clearly has sent nothing: the message is refused, or waits for a better moment. A provider that
takes a message and then fails, falls silent, or whose sender dies, leaves it open: "maybe_sent", for a person to see.
The notice itself stands on the status page in any case.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from casework import sms
from casework.errors import MessageDelayed, MessageRefused, MessageUncertain
from casework.ports import Clock, DossierStore, Messenger, Outbox, PendingEffect, Texter
from casework.workflow.notices import MAIL, Message, message, notice_key

CLAIM_DIES_AFTER = timedelta(minutes=5)  # far longer than the relay may run
NO_ADDRESS = "no such address; the notice stands on the status page"


def tell_once(
    pending: PendingEffect,
    *,
    store: DossierStore,
    outbox: Outbox,
    messenger: Messenger,
    texter: Texter,
    public_url: str,
    clock: Clock,
) -> str:
    """Send the notice of an effect by its channel. Returns done | refused | maybe_sent | held.

    Raises MessageDelayed."""
    now = clock()
    if pending.state == "sending":
        if now - datetime.fromisoformat(pending.claimed_at) < CLAIM_DIES_AFTER:
            return "held"
        outbox.finish(pending, "maybe_sent", now, "its sender died between claiming and confirming")
        return "maybe_sent"
    channel = pending.effect.payload.get("channel", MAIL)  # effects of before there were text messages
    dossier = store.load(pending.dossier_id)
    event, version = pending.effect.payload["event"], int(pending.effect.id.rsplit("-", 2)[-2])
    notice = store.record(dossier.id, notice_key(version, event))
    told = message(dossier, event, channel, public_url=public_url, said=notice.data if notice else {})
    if not told.to:
        outbox.finish(pending, "done", now, NO_ADDRESS)
        return "done"
    if not outbox.claim(pending, now):
        return "held"
    try:
        note = send(told, pending.effect.id, messenger=messenger, texter=texter)
    except MessageDelayed:
        outbox.release(pending)
        raise
    except (MessageRefused, MessageUncertain) as error:
        result = "refused" if isinstance(error, MessageRefused) else "maybe_sent"
        outbox.finish(pending, result, clock(), str(error))
        return result
    outbox.finish(pending, "done", clock(), note)
    return "done"


def send(told: Message, message_id: str, *, messenger: Messenger, texter: Texter) -> str:
    """One message, by mail where it has a subject; a note of what the provider said. Raises as Messenger and Texter."""
    if told.subject:
        return messenger.send(message_id, told.to, told.subject, told.body)
    return f"{texter.send(message_id, told.to, told.body)} ({sms.parts(told.body)} parts)"
