"""S3: uploads in quarantine, rendered pages and readings, and the evidence a decision rests on."""

from __future__ import annotations

import base64
import functools
import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from casework.document import Page
from casework.errors import NotFound
from casework.plain import from_plain, to_plain
from casework.ports import StoredObject, UploadGrant

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

GRANT_SECONDS = 600
LINK_SECONDS = 300
PACKED_FROM_BYTES = 256 * 1024  # verdicts on long lists shrink to a tenth
FORM_BYTES = 64 * 2**20
OF_A_DOSSIER = (
    "pages",
    "readings",
    "scans",
    "exports",
    "bundles",
)  # in the bucket of pages, each under the dossier's id
GONE = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}


class Buckets:
    """FileStore over three buckets."""

    def __init__(self, client: S3Client, incoming: str, pages: str, evidence: str) -> None:
        self._client = client
        self._incoming = incoming
        self._pages = pages
        self._evidence = evidence
        # Pages of one upload are read one after another by the same container: fetch its bytes once.
        self._cached_upload = functools.lru_cache(maxsize=2)(self._fetch_upload)

    def grant_upload(self, key: str, size_bytes: int, sha256: str, media_type: str) -> UploadGrant:
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode("ascii")
        fields = {"Content-Type": media_type, "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": checksum}
        conditions: list[Any] = [{name: value} for name, value in fields.items()]
        post = self._client.generate_presigned_post(
            Bucket=self._incoming,
            Key=key,
            Fields=dict(fields),
            Conditions=[*conditions, ["content-length-range", size_bytes, size_bytes]],
            ExpiresIn=GRANT_SECONDS,
        )
        expires_at = datetime.now(UTC) + timedelta(seconds=GRANT_SECONDS)  # S3 counts true time, whatever we pretend
        return UploadGrant(post["url"], post["fields"], expires_at)

    def grant_form(self, key: str, back_to: str) -> UploadGrant:
        # Larger than any file we take: S3 would tell a person so in XML, receive_upload tells him in his language.
        fields = {"success_action_redirect": back_to}
        post = self._client.generate_presigned_post(
            Bucket=self._incoming,
            Key=key,
            Fields=dict(fields),
            Conditions=[fields, ["content-length-range", 0, FORM_BYTES]],
            ExpiresIn=GRANT_SECONDS,
        )
        expires_at = datetime.now(UTC) + timedelta(seconds=GRANT_SECONDS)
        return UploadGrant(post["url"], post["fields"], expires_at)

    def uploaded(self, key: str) -> StoredObject | None:
        try:
            head = self._client.head_object(Bucket=self._incoming, Key=key, ChecksumMode="ENABLED")
        except ClientError as error:
            if _is_gone(error):
                return None
            raise
        checksum = head.get("ChecksumSHA256", "")
        version = head.get("VersionId") or head["ETag"].strip('"')
        return StoredObject(head["ContentLength"], version, base64.b64decode(checksum).hex() if checksum else "")

    def upload(self, key: str, version: str = "") -> bytes:
        return self._cached_upload(key, version)

    def put_page(self, key: str, page: Page, image: bytes) -> None:
        """The image first: a page whose words are there can also be looked at."""
        media_type = "image/png" if image.startswith(b"\x89PNG") else "image/jpeg"
        self._client.put_object(Bucket=self._pages, Key=f"{key}.image", Body=image, ContentType=media_type)
        self._put_json(self._pages, f"{key}.json", to_plain(page))

    def page(self, key: str) -> Page | None:
        try:
            return from_plain(Page, self._json(self._pages, f"{key}.json"))
        except NotFound:
            return None

    def page_image(self, key: str) -> bytes:
        return self._get(self._pages, f"{key}.image")

    def page_image_link(self, key: str) -> str:
        where = {"Bucket": self._pages, "Key": f"{key}.image"}
        return self._client.generate_presigned_url("get_object", Params=where, ExpiresIn=LINK_SECONDS)

    def put_json(self, key: str, data: Any) -> None:
        self._put_json(self._pages, key, data)

    def json(self, key: str) -> Any:
        return self._json(self._pages, key)

    def put_evidence(self, key: str, data: Any) -> None:
        self._put_json(self._evidence, key, data)

    def evidence(self, key: str) -> Any:
        return self._json(self._evidence, key)

    def evidence_link(self, key: str) -> str:
        where = {"Bucket": self._evidence, "Key": key}
        return self._client.generate_presigned_url("get_object", Params=where, ExpiresIn=LINK_SECONDS)

    def put_paper(self, key: str, pdf: bytes) -> None:
        self._client.put_object(Bucket=self._evidence, Key=key, Body=pdf, ContentType="application/pdf")

    def paper_link(self, key: str, file_name: str) -> str:
        return self._link(self._evidence, key, file_name)

    def paper(self, key: str) -> bytes:
        return self._get(self._evidence, key)

    def erase(self, dossier_id: str) -> int:
        gone = self._erase(self._incoming, f"uploads/{dossier_id}/")
        return gone + sum(self._erase(self._pages, f"{kind}/{dossier_id}/") for kind in OF_A_DOSSIER)

    def _erase(self, bucket: str, prefix: str) -> int:
        """Every version under a prefix, and the marks of earlier deletions."""
        gone = 0
        for page in self._client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
            for one in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                self._client.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
                gone += 1
        return gone

    def put_scan(self, key: str, pdf: bytes) -> None:
        self._client.put_object(Bucket=self._pages, Key=key, Body=pdf, ContentType="application/pdf")

    def has_scan(self, key: str) -> bool:
        return self._has(key)

    def _has(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._pages, Key=key)
        except ClientError as error:
            if _is_gone(error):
                return False
            raise
        return True

    def scan_link(self, key: str, file_name: str) -> str:
        return self._link(self._pages, key, file_name)

    def put_bundle(self, key: str, packed: bytes) -> None:
        if not self._has(key):
            self._client.put_object(Bucket=self._pages, Key=key, Body=packed, ContentType="application/zip")

    def bundle_link(self, key: str, file_name: str, media_type: str = "application/zip") -> str:
        return self._link(self._pages, key, file_name, media_type)

    def _link(self, bucket: str, key: str, file_name: str, media_type: str = "application/pdf") -> str:
        where = {
            "Bucket": bucket,
            "Key": key,
            "ResponseContentType": media_type,
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
        }
        return self._client.generate_presigned_url("get_object", Params=where, ExpiresIn=LINK_SECONDS)

    def _fetch_upload(self, key: str, version: str) -> bytes:
        return self._get(self._incoming, key, version)

    def _put_json(self, bucket: str, key: str, data: Any) -> None:
        # Text layers hold lone surrogates, which no encoding carries: such a sign becomes "?".
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        packed: Any = {}
        if len(body) > PACKED_FROM_BYTES:
            body, packed = gzip.compress(body, 6, mtime=0), {"ContentEncoding": "gzip"}
        self._client.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json", **packed)

    def _json(self, bucket: str, key: str) -> Any:
        body = self._get(bucket, key)
        return json.loads(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)

    def _get(self, bucket: str, key: str, version: str = "") -> bytes:
        chosen = {"VersionId": version} if version else {}
        try:
            return self._client.get_object(Bucket=bucket, Key=key, **chosen)["Body"].read()  # type: ignore[arg-type]
        except ClientError as error:
            if _is_gone(error):
                raise NotFound(key) from error
            raise


def _is_gone(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code", "") in GONE
