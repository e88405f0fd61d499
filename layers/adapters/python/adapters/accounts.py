"""The user pool, asked whether somebody is who he says: by name and password, by a code, by a national e-identity.

Tokens come straight from the pool over its own connection, so that what they say needs no second proof (OpenID Connect
Core 3.1.3.7); they are read once and not kept.
"""

from __future__ import annotations

import base64
import json
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from adapters.sessions import Person

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

ChallengeKind = Literal["NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA"]
CHALLENGES: frozenset[str] = frozenset({"NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA"})
_SECONDS = 10


class SignInRefused(Exception):
    """Wrong name or password, or an account that may not come in: which of them is not told."""


class PasswordTooWeak(Exception):
    """The new password does not fulfil the pool's rules."""


class SignInBusy(Exception):
    """The pool takes no more attempts for the moment."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the pool wants before it lets somebody in; `session` is handed back with the answer."""

    kind: ChallengeKind
    session: str
    username: str


class Accounts:
    """One client of the user pool. `domain` is where people sign in with another identity; "" for none."""

    def __init__(
        self, client: CognitoIdentityProviderClient, client_id: str, domain: str = "", provider: str = ""
    ) -> None:
        self._client, self._client_id, self._domain, self.provider = client, client_id, domain, provider

    def sign_in(self, username: str, password: str) -> Person | Challenge:
        """Raises SignInRefused, SignInBusy."""
        return self._asked(
            username,
            lambda: self._client.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": username, "PASSWORD": password},
            ),
        )

    def answer(self, challenge: Challenge, answer: str) -> Person | Challenge:
        """The new password, or the six digits. Raises SignInRefused, SignInBusy, PasswordTooWeak."""
        name = "NEW_PASSWORD" if challenge.kind == "NEW_PASSWORD_REQUIRED" else "SOFTWARE_TOKEN_MFA_CODE"
        return self._asked(
            challenge.username,
            lambda: self._client.respond_to_auth_challenge(
                ClientId=self._client_id,
                ChallengeName=challenge.kind,
                Session=challenge.session,
                ChallengeResponses={"USERNAME": challenge.username, name: answer},
            ),
        )

    def address_elsewhere(self, state: str, code_challenge: str, back_to: str) -> str:
        """Where people prove themselves to the other identity provider (authorization code with PKCE)."""
        asked = {
            "identity_provider": self.provider,
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": back_to,
            "scope": "openid email profile",
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._domain}/oauth2/authorize?{urllib.parse.urlencode(asked)}"

    def returned(self, code: str, verifier: str, back_to: str) -> Person:
        """Who it is that came back with a code. Raises SignInRefused."""
        sent = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": back_to,
        }
        request = urllib.request.Request(  # noqa: S310 - the domain is the template's
            f"{self._domain}/oauth2/token", urllib.parse.urlencode(sent).encode(), method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                tokens = json.load(answer)
            return person_of(tokens["id_token"])
        except (OSError, ValueError, KeyError) as error:
            raise SignInRefused("the code was not taken") from error

    def _asked(self, username: str, ask: Any) -> Person | Challenge:
        errors = self._client.exceptions
        try:
            answer = ask()
        except errors.InvalidPasswordException as error:
            raise PasswordTooWeak from error
        except (errors.TooManyRequestsException, errors.LimitExceededException) as error:
            raise SignInBusy from error
        except (
            errors.NotAuthorizedException,
            errors.UserNotFoundException,
            errors.UserNotConfirmedException,
            errors.PasswordResetRequiredException,
            errors.InvalidParameterException,
            errors.CodeMismatchException,
            errors.ExpiredCodeException,
        ) as error:
            raise SignInRefused from error
        if result := answer.get("AuthenticationResult"):
            return person_of(result["IdToken"])
        if answer.get("ChallengeName") in CHALLENGES:
            return Challenge(answer["ChallengeName"], answer["Session"], username)
        raise SignInRefused("a challenge these pages do not know")


def person_of(id_token: str) -> Person:
    """Who an ID token that came straight from the pool speaks of. Raises ValueError, KeyError."""
    body = id_token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return Person(
        id=claims["sub"],
        name=claims.get("name", ""),
        email=claims.get("email", ""),
        groups=tuple(claims.get("cognito:groups", [])),
        office=claims.get("custom:office", ""),
    )
