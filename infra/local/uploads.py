"""Presigned forms and links, held to their rules: moto accepts any, S3 does not.

Knows S3's checks of a browser upload (signature, expiry, every field covered by a condition, length, checksum) and of
a signed link, its answers, and the buckets' CORS rules. Addresses are path style, as clients use them on loopback.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import fnmatch
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import parse_form_data
from werkzeug.wrappers import Request, Response

_LARGEST_FORM = 80 * 1024 * 1024
_NEED_NO_CONDITION = frozenset({"policy", "x-amz-signature", "file", "awsaccesskeyid", "signature"})


class RefusedUpload(Exception):
    """S3 does not take this form."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def response(self, request: Request) -> Response:
        """S3's error answer."""
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{self.code}</Code><Message>{escape(self.message)}</Message>"
            "<RequestId>local</RequestId><HostId>local</HostId></Error>"
        )
        answer = Response(text, self.status, content_type="application/xml")
        if origin := request.headers.get("Origin"):
            answer.headers["Access-Control-Allow-Origin"] = origin
        return answer


@dataclass(frozen=True)
class PostedForm:
    """An upload form as it came: the bucket of its address, its fields (names in lower case) and its file."""

    bucket: str
    fields: dict[str, str]
    data: bytes
    file_name: str

    @classmethod
    def read(cls, request: Request) -> PostedForm:
        """Take the form apart. Raises RefusedUpload when it is no such form."""
        if (request.content_length or 0) > _LARGEST_FORM:
            raise RefusedUpload(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        try:
            _, fields, files = parse_form_data(request.environ, max_form_memory_size=1024 * 1024)
        except RequestEntityTooLarge:
            text = "Your POST request fields preceding the upload file were too large."
            raise RefusedUpload(400, "MaxPostPreDataLengthExceeded", text) from None
        if "file" not in files:
            text = "POST requires exactly one file upload per request."
            raise RefusedUpload(400, "IncorrectNumberOfFilesInPostRequest", text)
        file = files["file"]
        return cls(
            bucket=request.path.strip("/"),
            fields={name.lower(): value for name, value in fields.items()},
            data=file.stream.read(),
            file_name=file.filename or "",
        )

    @property
    def key(self) -> str:
        """The object's key, with the client's file name where the form asks for it."""
        return self.fields.get("key", "").replace("${filename}", self.file_name)


class Uploads:
    """S3's side of browser uploads. `client` is an S3 client; the secret is the one grants are signed with."""

    def __init__(self, client: Any, access_key: str, secret: str, now: Callable[[], dt.datetime]) -> None:
        self._client, self._access_key, self._secret, self._now = client, access_key, secret, now
        self._cors: dict[str, list[dict[str, Any]]] = {}

    def is_posted_form(self, environ: dict[str, Any]) -> bool:
        """Whether this is a browser's upload form to a bucket."""
        return (
            environ["REQUEST_METHOD"] == "POST"
            and environ["PATH_INFO"].strip("/").count("/") == 0
            and environ.get("CONTENT_TYPE", "").startswith("multipart/form-data")
        )

    def is_signed_link(self, environ: dict[str, Any]) -> bool:
        """Whether this is a link that somebody was given, not a signed call."""
        return "X-Amz-Signature=" in environ.get("QUERY_STRING", "")

    def check_link(self, request: Request) -> None:
        """Raises RefusedUpload for a link that has expired or was changed (Signature Version 4, query form)."""
        given = {name: request.args[name] for name in request.args}
        try:
            signed_at = dt.datetime.strptime(given["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
            lifetime = dt.timedelta(seconds=int(given["X-Amz-Expires"]))
            _, scope = given["X-Amz-Credential"].split("/", 1)
            names = given["X-Amz-SignedHeaders"].split(";")
            signature = given.pop("X-Amz-Signature")
        except (KeyError, ValueError):
            text = "Query-string authentication version 4 requires its X-Amz- parameters."
            raise RefusedUpload(400, "AuthorizationQueryParametersError", text) from None
        if self._now() >= signed_at + lifetime:
            raise RefusedUpload(403, "AccessDenied", "Request has expired")
        query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(given.items()))
        headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in names)
        path = quote(request.path, safe="/~")
        asked = "\n".join((request.method, path, query, headers, ";".join(names), "UNSIGNED-PAYLOAD"))
        digest = hashlib.sha256(asked.encode()).hexdigest()
        to_sign = "\n".join(("AWS4-HMAC-SHA256", given["X-Amz-Date"], scope, digest))
        if not hmac.compare_digest(signature, self._sign(scope, to_sign)):
            text = "The request signature we calculated does not match the signature you provided."
            raise RefusedUpload(403, "SignatureDoesNotMatch", text)

    def _sign(self, scope: str, text: str) -> str:
        key = b"AWS4" + self._secret.encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.new(key, text.encode(), "sha256").hexdigest()

    def is_preflight(self, environ: dict[str, Any]) -> bool:
        """Whether a browser asks if it may."""
        return environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ

    def preflight(self, request: Request) -> Response:
        """S3's answer to a CORS question, from the bucket's rules."""
        origin = request.headers.get("Origin", "")
        rule = self._rule(request.path, origin, request.headers["Access-Control-Request-Method"])
        if rule is None:
            text = "CORSResponse: This CORS request is not allowed."
            return RefusedUpload(403, "AccessForbidden", text).response(request)
        headers = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": ", ".join(rule["AllowedMethods"]),
            "Access-Control-Allow-Headers": request.headers.get("Access-Control-Request-Headers", "*"),
            "Access-Control-Max-Age": str(rule.get("MaxAgeSeconds", 0)),
            "Vary": "Origin",
        }
        return Response("", 200, headers)

    def _rule(self, path: str, origin: str, method: str) -> dict[str, Any] | None:
        bucket = path.strip("/").partition("/")[0]
        if bucket not in self._cors:
            try:
                self._cors[bucket] = self._client.get_bucket_cors(Bucket=bucket)["CORSRules"]
            except self._client.exceptions.ClientError:
                self._cors[bucket] = []
        for rule in self._cors[bucket]:
            if method in rule["AllowedMethods"] and any(fnmatch.fnmatch(origin, o) for o in rule["AllowedOrigins"]):
                return rule
        return None

    def check(self, form: PostedForm) -> None:
        """Raises RefusedUpload for what S3 would refuse."""
        fields = form.fields
        if "policy" not in fields:
            raise RefusedUpload(403, "AccessDenied", "Access Denied")
        self._check_signature(fields)
        try:
            policy = json.loads(base64.b64decode(fields["policy"], validate=True))
            expires = dt.datetime.fromisoformat(policy["expiration"].replace("Z", "+00:00"))
            conditions = policy["conditions"]
        except (ValueError, KeyError, binascii.Error):
            raise RefusedUpload(400, "InvalidPolicyDocument", "Invalid Policy: Invalid JSON.") from None
        if self._now() >= expires:
            raise RefusedUpload(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
        covered = set(_NEED_NO_CONDITION)
        for condition in conditions:
            covered.add(self._check_condition(condition, form))
        extra = sorted(name for name in fields if name not in covered and not name.startswith("x-ignore-"))
        if extra:
            text = f"Invalid according to Policy: Extra input fields: {', '.join(extra)}"
            raise RefusedUpload(403, "AccessDenied", text)
        self._check_checksum(form)

    def _check_signature(self, fields: dict[str, str]) -> None:
        try:
            access_key, scope = fields["x-amz-credential"].split("/", 1)
        except (KeyError, ValueError):
            raise RefusedUpload(400, "InvalidArgument", "A form signed with Signature Version 4 is needed.") from None
        if access_key != self._access_key:
            text = "The AWS Access Key Id you provided does not exist in our records."
            raise RefusedUpload(403, "InvalidAccessKeyId", text)
        if not hmac.compare_digest(self._sign(scope, fields["policy"]), fields.get("x-amz-signature", "")):
            text = "The request signature we calculated does not match the signature you provided."
            raise RefusedUpload(403, "SignatureDoesNotMatch", text)

    def _check_condition(self, condition: Any, form: PostedForm) -> str:
        """Check one condition; returns the name of the field it covers."""
        if isinstance(condition, dict):
            ((name, wanted),) = condition.items()
            operator, name = "eq", f"${name}"
        else:
            operator, name, wanted = condition
        if operator == "content-length-range":
            smallest, largest = int(condition[1]), int(condition[2])
            if len(form.data) > largest:
                raise RefusedUpload(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
            if len(form.data) < smallest:
                text = "Your proposed upload is smaller than the minimum allowed size"
                raise RefusedUpload(400, "EntityTooSmall", text)
            return ""
        field = name.removeprefix("$").lower()
        value = form.bucket if field == "bucket" else form.key if field == "key" else form.fields.get(field)
        fits = value is not None and (value == wanted if operator == "eq" else value.startswith(wanted))
        if not fits:
            text = f'Invalid according to Policy: Policy Condition failed: ["{operator}", "{name}", "{wanted}"]'
            raise RefusedUpload(403, "AccessDenied", text)
        return field

    def _check_checksum(self, form: PostedForm) -> None:
        promised = form.fields.get("x-amz-checksum-sha256")
        if promised and promised != base64.b64encode(hashlib.sha256(form.data).digest()).decode():
            text = "The sha256 checksum you specified did not match the calculated checksum."
            raise RefusedUpload(400, "BadDigest", text)

    def store(self, form: PostedForm, request: Request) -> Response:
        """Put the object with all its form says of it, and answer as S3 does."""
        fields = form.fields
        more: dict[str, Any] = {}
        if "x-amz-checksum-sha256" in fields:
            more |= {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": fields["x-amz-checksum-sha256"]}
        if "x-amz-server-side-encryption" in fields:
            more["ServerSideEncryption"] = fields["x-amz-server-side-encryption"]
        if "x-amz-server-side-encryption-aws-kms-key-id" in fields:
            more["SSEKMSKeyId"] = fields["x-amz-server-side-encryption-aws-kms-key-id"]
        prefix = "x-amz-meta-"
        stored = self._client.put_object(
            Bucket=form.bucket,
            Key=form.key,
            Body=form.data,
            ContentType=fields.get("content-type", "binary/octet-stream"),
            Metadata={name.removeprefix(prefix): value for name, value in fields.items() if name.startswith(prefix)},
            **more,
        )
        answer = Response("", int(fields.get("success_action_status", 204)))
        answer.headers["ETag"] = stored["ETag"]
        if "VersionId" in stored:
            answer.headers["x-amz-version-id"] = stored["VersionId"]
        if back_to := fields.get("success_action_redirect"):
            told = {"bucket": form.bucket, "key": form.key, "etag": stored["ETag"]}
            answer.status_code = 303
            answer.headers["Location"] = f"{back_to}{'&' if '?' in back_to else '?'}{urlencode(told)}"
        origin = request.headers.get("Origin", "")
        rule = self._rule(request.path, origin, "POST") if origin else None
        if rule is not None:
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Expose-Headers"] = ", ".join(rule.get("ExposeHeaders", []))
        if answer.status_code == 201:
            answer.data = (
                f"<PostResponse><Bucket>{form.bucket}</Bucket><Key>{escape(form.key)}</Key>"
                f"<ETag>{escape(stored['ETag'])}</ETag></PostResponse>"
            )
            answer.content_type = "application/xml"
        return answer
