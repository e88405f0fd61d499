"""Dead letters over SQS: looked at without being taken, sent back to the queue they came from.

Knows the shapes of what lies there: messages of queues of ours, S3's events, and what Lambda sends to the destination
of a failed call. SQS can move a whole queue by itself (StartMessageMoveTask); taken one by one they go as many as a
person pressed for, in this request, and the local run has them too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from casework.errors import NotFound
from casework.ports import Letter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

AT_A_TIME = 10  # SQS hands out no more
HELD_SECONDS = 30  # while a letter is on its way back nobody else sends it


@dataclass(frozen=True, slots=True)
class Place:
    """A queue of dead letters, and the queue they came from ("" for destinations of failed calls)."""

    url: str
    source: str = ""


def places_of(text: str) -> dict[str, Place]:
    """The places as the template names them: `name url [url of the source]`, with semicolons between."""
    parts = [part.split() for part in text.split(";") if part.strip()]
    return {name: Place(*urls) for name, *urls in parts}


class LetterQueues:
    """DeadLetters over SQS."""

    def __init__(self, client: SQSClient, places: Mapping[str, Place]) -> None:
        self._client = client
        self._places = places

    def count(self, name: str) -> int:
        wanted: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self._client.get_queue_attributes(QueueUrl=self._place(name).url, AttributeNames=wanted)
        return sum(int(answer["Attributes"][one]) for one in wanted)

    def look(self, name: str) -> list[Letter]:
        place = self._place(name)
        tries = self._tries(place)
        return [_letter(message, tries) for message in self._receive(place, 0)]

    def send_back(self, name: str, limit: int) -> list[Letter]:
        place = self._place(name)
        tries, sent = self._tries(place), list[Letter]()
        while len(sent) < limit:
            messages = self._receive(place, HELD_SECONDS)
            if not messages:
                break
            for message in messages:
                if place.source:
                    self._client.send_message(QueueUrl=place.source, MessageBody=message["Body"])
                self._client.delete_message(QueueUrl=place.url, ReceiptHandle=message["ReceiptHandle"])
                sent.append(_letter(message, tries))
        return sent

    def _place(self, name: str) -> Place:
        place = self._places.get(name)
        if place is None:
            raise NotFound(name)
        return place

    def _receive(self, place: Place, held_seconds: int) -> list[Any]:
        """Some messages, each once; taken for so long (0: only looked at)."""
        answer = self._client.receive_message(
            QueueUrl=place.url,
            MaxNumberOfMessages=AT_A_TIME,
            VisibilityTimeout=held_seconds,
            MessageSystemAttributeNames=["SentTimestamp"],
        )
        return list({message["MessageId"]: message for message in answer.get("Messages", [])}.values())

    def _tries(self, place: Place) -> int:
        """How often the queue they came from tries a message; letters cannot tell: looking here counts as receiving."""
        if not place.source:
            return 0
        answer = self._client.get_queue_attributes(QueueUrl=place.source, AttributeNames=["RedrivePolicy"])
        return int(json.loads(answer["Attributes"]["RedrivePolicy"])["maxReceiveCount"])


def _letter(message: Mapping[str, Any], tries: int) -> Letter:
    sent_at = int(message["Attributes"]["SentTimestamp"]) / 1000
    since = datetime.fromtimestamp(sent_at, UTC).isoformat(timespec="seconds")
    try:
        body = json.loads(message["Body"])
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Letter(message["MessageId"], since, tries)
    if "requestContext" in body:
        return _of_a_call(message["MessageId"], since, body)
    return Letter(message["MessageId"], since, tries, *_about(body))


def _of_a_call(letter_id: str, since: str, body: Mapping[str, Any]) -> Letter:
    """What Lambda tells of a call, or of a stretch of the stream, that failed for good."""
    context, answer = body["requestContext"], body.get("responsePayload")
    said = [str(context.get("condition", ""))]
    if isinstance(answer, dict):
        said += [str(answer[part]) for part in ("errorType", "errorMessage") if answer.get(part)]
    function = str(context.get("functionArn", "")).rpartition(":function:")[2].partition(":")[0]
    error = ": ".join([one for one in (function, *said) if one])[:300]
    return Letter(letter_id, since, int(context.get("approximateInvokeCount", 0)), error=error)


def _about(body: Mapping[str, Any]) -> tuple[str, str]:
    """(dossier id, effect id) of an order of ours or of an upload."""
    if "dossier_id" in body:
        return str(body["dossier_id"]), str(body.get("effect_id", ""))
    try:
        parts = unquote_plus(body["Records"][0]["s3"]["object"]["key"]).split("/")
    except (KeyError, IndexError, TypeError):
        return "", ""
    return (parts[1], parts[3]) if len(parts) == 4 else ("", "")
