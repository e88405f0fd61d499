"""People signed in with a browser: who they are, until when, and the word their forms must bring back.

The browser holds a random token and nothing else; what it stands for lies in the table of cases under the token's hash,
so that whoever reads the table cannot sign in with what he finds. Times are true times, whatever the system pretends:
rows leave by the table's time to live.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from casework.dossier import Actor

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
_GROUPS = (
    ("administrators", "administrator"),
    ("supervisors", "supervisor"),
    ("officers", "officer"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in, as the user pool says: `id` is the subject of its tokens."""

    id: str
    name: str = ""
    email: str = ""
    groups: tuple[str, ...] = ()
    office: str = ""

    @property
    def actor(self) -> Actor:
        """Who acts: by the first of the groups that gives more than an applicant's rights."""
        for group, role in _GROUPS:
            if group in self.groups:
                return Actor(role, self.id, self.office)  # type: ignore[arg-type]
        return Actor("applicant", self.id)


@dataclass(frozen=True, slots=True)
class Session:
    """A person signed in. `word` is what this session's forms carry: a form without it comes from elsewhere."""

    person: Person
    word: str
    opened_at: datetime
    expires_at: datetime


class Sessions:
    """The sessions of all browsers, in the table of cases."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client, self._table = client, table

    def open(self, person: Person) -> tuple[str, Session]:
        """A new session and the token that opens it."""
        now = datetime.now(UTC)
        token = secrets.token_urlsafe(32)
        session = Session(person, secrets.token_urlsafe(24), now, now + IDLE)
        self._put(token, session)
        return token, session

    def find(self, token: str) -> Session | None:
        """The session a token opens, kept open by being used; None when there is none, or none any more."""
        if not token:
            return None
        answer = self._client.get_item(TableName=self._table, Key=_key(token), ConsistentRead=True)
        item: Any = answer.get("Item")
        if item is None:
            return None
        data = json.loads(item["data"]["S"])
        person = Person(**{**data["person"], "groups": tuple(data["person"]["groups"])})
        opened_at = datetime.fromisoformat(data["opened_at"])
        session = Session(person, data["word"], opened_at, datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC))
        now = datetime.now(UTC)
        if session.expires_at <= now:
            return None
        longest = opened_at + LONGEST
        if session.expires_at - now < IDLE / 2 and session.expires_at < longest:
            session = dataclasses.replace(session, expires_at=min(now + IDLE, longest))
            self._put(token, session)
        return session

    def close(self, token: str) -> None:
        """End a session; its row leaves with the table's time to live."""
        session = self.find(token)
        if session is not None:
            self._put(token, dataclasses.replace(session, expires_at=datetime.now(UTC)))

    def _put(self, token: str, session: Session) -> None:
        data = {
            "person": dataclasses.asdict(session.person),
            "word": session.word,
            "opened_at": session.opened_at.isoformat(),
        }
        self._client.put_item(
            TableName=self._table,
            Item={
                **_key(token),
                "data": {"S": json.dumps(data, ensure_ascii=False)},
                "expires_at": {"N": str(int(session.expires_at.timestamp()))},
            },
        )


def _key(token: str) -> Any:
    digest = hashlib.sha256(token.encode("utf-8")).hexdigest()
    return {"pk": {"S": f"SESSION#{digest}"}, "sk": {"S": "SESSION"}}
