"""SES and SNS: e-mail and text messages, which a provider may take once and only once.

Their clients must not try again by themselves: a provider that took a message and then answered 500 would be handed a
second one. Here it is told what an answer, or its absence, means for the message.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
)
from casework.errors import MessageDelayed, MessageRefused, MessageUncertain

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

NEVER = frozenset(  # the message itself will not do, today or tomorrow
    {
        "BadRequestException",
        "InvalidParameter",
        "InvalidParameterValue",
        "MessageRejected",
        "NotFoundException",
        "OptedOut",
        "ParameterValueInvalid",
        "ValidationError",
    }
)
NOTHING_LEFT = (ConnectTimeoutError, EndpointConnectionError, NoCredentialsError)


class Mail:
    """Messenger over SES."""

    def __init__(self, client: SESV2Client, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, message_id: str, to: str, subject: str, body: str) -> str:
        return _once(
            lambda: self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": body, "Charset": "UTF-8"}},
                    }
                },
                EmailTags=[{"Name": "effect", "Value": message_id}],
            )["MessageId"]
        )


class TextMessages:
    """Texter over SNS. `sender` is the name that phones show; "" for a number of the provider's."""

    def __init__(self, client: Any, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, message_id: str, to: str, text: str) -> str:
        said = {"AWS.SNS.SMS.SMSType": "Transactional"}
        if self._sender:
            said["AWS.SNS.SMS.SenderID"] = self._sender
        return _once(
            lambda: self._client.publish(
                PhoneNumber=to,
                Message=text,
                MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in said.items()},
            )["MessageId"]
        )


def _once(send: Callable[[], str]) -> str:
    """What a provider's answer means. A clear no sent nothing; its own failure and silence leave it open."""
    try:
        return send()
    except ClientError as error:
        code = error.response["Error"]["Code"]  # the provider's own words may name the address: they go nowhere
        if error.response["ResponseMetadata"].get("HTTPStatusCode", 500) >= 500:
            raise MessageUncertain(code) from None
        raise (MessageRefused if code in NEVER else MessageDelayed)(code) from None
    except NOTHING_LEFT as error:
        raise MessageDelayed(str(error)) from error
    except BotoCoreError as error:
        raise MessageUncertain(str(error)) from error
