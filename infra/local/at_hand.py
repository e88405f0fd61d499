"""The running local stack, found by other commands on this machine: its address and an account to look with.

Kept in a file of its user's own (mode 0600) as long as the stack runs; the passwords in it are made at each start and
printed on the screen as well.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.local.caller import Caller
from infra.local.template import REGION

NOTE = Path(__file__).parents[2] / "build" / "local" / "stack.json"
_ID = re.compile(r"[0-9a-f]{26}")


class NoStack(Exception):
    """No local stack runs on this machine, or it does not answer; the text says so."""


@dataclass(frozen=True)
class AtHand:
    """Where the stack is. `applicant` and `supervisor`: (name, password)."""

    url: str
    endpoint: str
    client_id: str
    applicant: tuple[str, str]
    supervisor: tuple[str, str]

    def caller(self, who: tuple[str, str]) -> Caller:
        """Somebody signed in."""
        import boto3

        cognito = boto3.client(
            "cognito-idp",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )
        answer = cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": who[0], "PASSWORD": who[1]},
        )
        return Caller(self.url, answer["AuthenticationResult"]["AccessToken"])


@contextlib.contextmanager
def noted(cloud: Any, server: Any, path: Path = NOTE) -> Iterator[None]:
    """While the block runs, other commands find this stack."""
    people = {person.group: (person.username, person.password) for person in cloud.people()}
    here = AtHand(
        server.base_url, cloud.endpoint, cloud.sign_in.people_client, people["applicants"], people["supervisors"]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as note:
        json.dump(asdict(here), note)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def dossier_id(stack: AtHand, named: str) -> str:
    """The id of a dossier given by id or code. Raises LookupError for a code the local applicant did not file under."""
    if _ID.fullmatch(named):
        return named
    applicant, cursor = stack.caller(stack.applicant), ""
    while True:
        page = applicant.get("/v1/dossiers", limit="100", **({"cursor": cursor} if cursor else {})).data
        for item in page["items"]:
            if item["code"] == named:
                return str(item["id"])
        cursor = page["next_cursor"]
        if not cursor:
            raise LookupError(named)


def find(path: Path = NOTE) -> AtHand:
    """The stack that runs now. Raises NoStack."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NoStack(f"{path} is not there or not readable") from error
    return AtHand(**{**told, "applicant": tuple(told["applicant"]), "supervisor": tuple(told["supervisor"])})
