"""Sign-in on this machine: moto's Cognito, with what it leaves out played, and tokens verified for real.

Played: the pre-token-generation trigger (V2) and the client-credentials endpoint. Tokens are signed with the key
whose public half moto serves as the pool's JWKS. That key comes with moto and is public: it protects nothing, and
only this loopback stack trusts it.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from moto.utilities.utils import load_resource
from werkzeug.wrappers import Request, Response

from infra.local.containers import Containers
from infra.local.template import REGION, Template


class NotSignedIn(Exception):
    """No token, or none that can be trusted; the text says why, for the log."""


@dataclass(frozen=True)
class Person:
    """Someone who can sign in locally."""

    username: str
    password: str
    group: str
    office: str
    says: str


PEOPLE = (
    Person("ke.toan@example.vn", "", "applicants", "", "người nộp hồ sơ · the employer's clerk"),
    Person("can.bo.quan@example.vn", "", "officers", "H29.1", "cán bộ cấp huyện · district officer"),
    Person("can.bo.quan.2@example.vn", "", "officers", "H29.1", "cán bộ cấp huyện thứ hai · second district officer"),
    Person("can.bo.tinh@example.vn", "", "officers", "H29", "cán bộ cấp tỉnh · province officer"),
    Person("can.bo.phuong@example.vn", "", "officers", "H29.1.1", "cán bộ cấp xã · commune officer"),
    Person("can.bo.thue@example.vn", "", "officers", "H29.1-tax", "cán bộ Chi cục Thuế · tax officer"),
    Person("can.bo.bhxh@example.vn", "", "officers", "H29.1-vss", "cán bộ BHXH · social insurance officer"),
    Person("can.bo.lao.dong@example.vn", "", "officers", "H29.1-labour", "cán bộ lao động · labour officer"),
    Person("can.bo.ngan.hang@example.vn", "", "officers", "H29.1-bank", "cán bộ NHCSXH · officer of the bank"),
    Person("lanh.dao@example.vn", "", "supervisors", "H29", "lãnh đạo phòng · supervisor"),
    Person("lanh.dao.quan@example.vn", "", "supervisors", "H29.1", "lãnh đạo cấp huyện · district supervisor"),
    Person("quan.tri@example.vn", "", "administrators", "H29", "quản trị · administrator"),
)


@dataclass(frozen=True)
class Integrator:
    """A system's credentials for the token endpoint."""

    client_id: str
    client_secret: str
    token_url: str


class SignIn:
    """The user pool of the template: its people, its clients, its tokens."""

    def __init__(self, template: Template, cognito: Any, endpoint: str) -> None:
        self._template, self._cognito, self._endpoint = template, cognito, endpoint
        self._private = RSAKey.import_key(load_resource("cognitoidp/resources/jwks-private.json"))
        self.pool_id = ""
        self.people_client = ""
        self._integrators: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._trigger: str | None = None
        self.containers: Containers | None = None

    @functools.cached_property
    def _public(self) -> KeySet:
        """The keys the pool publishes, fetched once as any verifier would."""
        answer = requests.get(f"{self._endpoint}/{self.pool_id}/.well-known/jwks.json", timeout=10)
        answer.raise_for_status()
        return KeySet.import_key_set(answer.json())

    def create(self) -> None:
        """Create the template's user pool and what belongs to it. moto's CloudFormation cannot."""
        template = self._template
        for name, properties in template.of_type("AWS::Cognito::UserPool").items():
            self._create_pool(name, properties)
        for name, properties in template.of_type("AWS::Cognito::UserPoolGroup").items():
            given = template.resolve(properties)
            self._cognito.create_group(**given)
            template.physical[name] = given["GroupName"]
        for name, properties in template.of_type("AWS::Cognito::UserPoolResourceServer").items():
            given = template.resolve(properties)
            self._cognito.create_resource_server(**given)
            template.physical[name] = given["Identifier"]
        for name, properties in template.of_type("AWS::Cognito::UserPoolClient").items():
            self._create_client(name, properties)
        for name, properties in template.of_type("AWS::Cognito::UserPoolDomain").items():
            given = template.resolve(properties)
            self._cognito.create_user_pool_domain(UserPoolId=given["UserPoolId"], Domain=given["Domain"])
            template.physical[name] = given["Domain"]

    def _create_pool(self, name: str, properties: Mapping[str, Any]) -> None:
        template = self._template
        given = dict(properties)
        trigger = given.pop("LambdaConfig", {})
        self._trigger = _function_named_in(trigger, template)
        given["PoolName"] = given.pop("UserPoolName", name)
        given.pop("EnabledMfas", None)
        pool = self._cognito.create_user_pool(**template.resolve(given))["UserPool"]
        self.pool_id = pool["Id"]
        template.physical[name] = pool["Id"]
        template.attributes[name, "Arn"] = pool["Arn"]
        template.attributes[name, "UserPoolId"] = pool["Id"]

    def _create_client(self, name: str, properties: Mapping[str, Any]) -> None:
        given = self._template.resolve(properties)
        client = self._cognito.create_user_pool_client(**{"ClientName": name, **given})["UserPoolClient"]
        self._template.physical[name] = client["ClientId"]
        self._template.attributes[name, "ClientId"] = client["ClientId"]
        if "client_credentials" in given.get("AllowedOAuthFlows", []):
            scopes = tuple(given.get("AllowedOAuthScopes", []))
            self._integrators[client["ClientId"]] = client["ClientSecret"], scopes
        elif "ALLOW_USER_PASSWORD_AUTH" in given.get("ExplicitAuthFlows", []):
            self.people_client = client["ClientId"]

    def open_accounts(self) -> tuple[Person, ...]:
        """One account of each kind, with passwords made for this start."""
        people = []
        for person in PEOPLE:
            password = f"Mc-{secrets.token_hex(4)}-2020-Aa"
            attributes = [
                {"Name": "email", "Value": person.username},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "name", "Value": person.says.partition(" · ")[0]},
            ]
            if person.office:
                attributes.append({"Name": "custom:office", "Value": person.office})
            account = {"UserPoolId": self.pool_id, "Username": person.username}
            self._cognito.admin_create_user(**account, UserAttributes=attributes, MessageAction="SUPPRESS")
            self._cognito.admin_set_user_password(**account, Password=password, Permanent=True)
            self._cognito.admin_add_user_to_group(**account, GroupName=person.group)
            people.append(Person(person.username, password, person.group, person.office, person.says))
        return tuple(people)

    @property
    def integrators(self) -> tuple[Integrator, ...]:
        """The systems that may ask for tokens, with their secrets."""
        url = f"{self._endpoint}/oauth2/token"
        return tuple(Integrator(client, secret, url) for client, (secret, _) in self._integrators.items())

    def shape(self, asked: Mapping[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        """Let the pre-token trigger change the access token of a sign-in, and sign it again."""
        result = answer.get("AuthenticationResult")
        if not result or self._trigger is None:
            return answer
        claims = jwt.decode(result["AccessToken"], self._public, algorithms=["RS256"]).claims
        source = "TokenGeneration_Authentication"
        if "REFRESH" in str(asked.get("AuthFlow", "")):
            source = "TokenGeneration_RefreshTokens"
        result["AccessToken"] = self._sign(self._triggered(claims, source))
        return answer

    def _triggered(self, claims: dict[str, Any], source: str) -> dict[str, Any]:
        assert self.containers is not None
        assert self._trigger is not None
        user = self._cognito.admin_get_user(UserPoolId=self.pool_id, Username=claims["username"])
        groups = claims.get("cognito:groups", [])
        event = {
            "version": "2",
            "triggerSource": source,
            "region": REGION,
            "userPoolId": self.pool_id,
            "userName": claims["username"],
            "callerContext": {"awsSdkVersion": "local", "clientId": claims["client_id"]},
            "request": {
                "userAttributes": {item["Name"]: item["Value"] for item in user["UserAttributes"]},
                "groupConfiguration": {"groupsToOverride": groups, "iamRolesToOverride": [], "preferredRole": None},
                "scopes": claims.get("scope", "").split(),
            },
            "response": {"claimsAndScopeOverrideDetails": None},
        }
        result = self.containers.invoke(self._trigger, event)
        if result.failed:
            raise NotSignedIn(f"the pre-token trigger failed: {result.error}")
        changes = (result.payload["response"] or {}).get("claimsAndScopeOverrideDetails") or {}
        token = changes.get("accessTokenGeneration") or {}
        shaped = {**claims, **(token.get("claimsToAddOrOverride") or {})}
        for name in token.get("claimsToSuppress") or []:
            shaped.pop(name, None)
        override = changes.get("groupOverrideDetails") or {}
        if override.get("groupsToOverride") is not None:
            shaped["cognito:groups"] = override["groupsToOverride"]
        scopes = [*claims.get("scope", "").split(), *(token.get("scopesToAdd") or [])]
        dropped = set(token.get("scopesToSuppress") or [])
        shaped["scope"] = " ".join(dict.fromkeys(scope for scope in scopes if scope not in dropped))
        return shaped

    def _sign(self, claims: Mapping[str, Any]) -> str:
        return jwt.encode({"kid": "dummy", "alg": "RS256"}, dict(claims), self._private)

    def token_endpoint(self, request: Request) -> Response:
        """OAuth 2 client credentials (RFC 6749 §4.4), as Cognito's domain answers it."""
        headers = {"Cache-Control": "no-store"}
        if request.method != "POST":
            return Response("", 405, headers | {"Allow": "POST"})
        client_id, secret = _credentials(request)
        known = self._integrators.get(client_id)
        if known is None or not secrets.compare_digest(known[0], secret):
            return _json({"error": "invalid_client"}, 401, headers)
        if request.form.get("grant_type") != "client_credentials":
            return _json({"error": "unsupported_grant_type"}, 400, headers)
        wanted = request.form.get("scope", "").split() or list(known[1])
        if set(wanted) - set(known[1]):
            return _json({"error": "invalid_scope"}, 400, headers)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": client_id,
            "client_id": client_id,
            "token_use": "access",
            "scope": " ".join(wanted),
            "auth_time": now,
            "iat": now,
            "exp": now + 3600,
            "version": 2,
            "jti": str(uuid.uuid4()),
        }
        answer = {"access_token": self._sign(claims), "expires_in": 3600, "token_type": "Bearer"}
        return _json(answer, 200, headers)

    @property
    def issuer(self) -> str:
        """The pool's address, as tokens name it."""
        return f"https://cognito-idp.{REGION}.amazonaws.com/{self.pool_id}"

    def sign_in(self, username: str, password: str) -> str:
        """An access token for a person. Raises NotSignedIn for a wrong name or password."""
        try:
            answer = self._cognito.initiate_auth(
                ClientId=self.people_client,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": username, "PASSWORD": password},
            )
        except self._cognito.exceptions.NotAuthorizedException as error:
            raise NotSignedIn("wrong name or password") from error
        token: str = answer["AuthenticationResult"]["AccessToken"]
        return token

    def verify(self, authorization: str) -> dict[str, Any]:
        """The claims of an access token this pool signed for one of its clients. Raises NotSignedIn."""
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise NotSignedIn("no bearer token")
        try:
            claims = jwt.decode(token.strip(), self._public, algorithms=["RS256"]).claims
        except (JoseError, ValueError) as error:
            raise NotSignedIn(f"the token is not ours: {error}") from error
        now = time.time()
        if claims.get("iss") != self.issuer:
            raise NotSignedIn("the token comes from somewhere else")
        if not isinstance(claims.get("exp"), int | float) or claims["exp"] <= now:
            raise NotSignedIn("the token has expired")
        if claims.get("token_use") != "access":
            raise NotSignedIn("not an access token")
        if claims.get("client_id") not in {self.people_client, *self._integrators}:
            raise NotSignedIn("the token was made for another client")
        return dict(claims)


def _function_named_in(trigger: Any, template: Template) -> str | None:
    text = json.dumps(trigger)
    names = [name for name in template.code if f'"{name}"' in text or f"{name}.Arn" in text]
    return names[0] if names else None


def _credentials(request: Request) -> tuple[str, str]:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return client_id, secret
    return request.form.get("client_id", ""), request.form.get("client_secret", "")


def _json(body: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    return Response(json.dumps(body), status, dict(headers), content_type="application/json")
