"""The local runner: uploads, their forms and links, seen to behave as on AWS."""

from __future__ import annotations

import base64
import hashlib
import json
import time

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.local.small_stack import grant, item, queue, send


def test_an_uploaded_file_reaches_the_function_through_bucket_and_queue(cloud):
    answer = send(grant(cloud), b"hello")
    assert answer.status_code == 204
    assert answer.headers["x-amz-version-id"]
    cloud.drain()
    assert item(cloud, "seen#in/a b ạ.pdf")["mine"]["S"] == "note"


def test_a_file_outside_the_watched_prefix_is_not_told_of(cloud):
    assert send(grant(cloud, key="else/x")).status_code == 204
    cloud.drain()
    assert item(cloud, "seen#else/x") is None


def test_an_upload_form_is_held_to_its_policy(cloud):
    size = [["content-length-range", 1, 5]]
    assert send(grant(cloud, conditions=size), b"12345").status_code == 204
    too_large = send(grant(cloud, conditions=size), b"123456")
    assert (too_large.status_code, "EntityTooLarge" in too_large.text) == (400, True)
    assert "EntityTooSmall" in send(grant(cloud, conditions=size), b"").text
    assert send(grant(cloud), key="in/other").status_code == 403
    assert "Extra input fields" in send(grant(cloud), **{"x-amz-meta-more": "1"}).text
    expired = send(grant(cloud, expires=-1))
    assert (expired.status_code, "Policy expired" in expired.text) == (403, True)
    forged = grant(cloud)
    policy = json.loads(base64.b64decode(forged["fields"]["policy"]))
    policy["conditions"] = [{"bucket": queue(cloud, "Files")}, ["starts-with", "$key", ""]]
    forged["fields"]["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()
    assert "SignatureDoesNotMatch" in send(forged).text
    with pytest.raises(ClientError):
        cloud.client("s3").head_object(Bucket=queue(cloud, "Files"), Key="in/other")


def test_an_upload_with_another_checksum_is_refused(cloud):
    checksum = base64.b64encode(hashlib.sha256(b"hello").digest()).decode()
    fields = {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": checksum}
    given = grant(cloud, key="in/sum", fields=fields, conditions=[{name: value} for name, value in fields.items()])
    assert "BadDigest" in send(given, b"hellx").text
    assert send(given, b"hello").status_code == 204
    head = cloud.client("s3").head_object(Bucket=queue(cloud, "Files"), Key="in/sum", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == checksum


def test_a_signed_link_opens_its_object_until_it_expires(cloud):
    s3, bucket = cloud.client("s3"), queue(cloud, "Files")
    s3.put_object(Bucket=bucket, Key="else/trang 1 ạ.png", Body=b"picture")
    where = {"Bucket": bucket, "Key": "else/trang 1 ạ.png"}
    link = s3.generate_presigned_url("get_object", Params={**where, "ResponseContentType": "image/png"}, ExpiresIn=60)
    assert requests.get(link, timeout=10).content == b"picture"
    assert requests.put(link, data=b"x", timeout=10).status_code == 403
    assert "SignatureDoesNotMatch" in requests.get(link.replace("trang%201", "trang%202"), timeout=10).text
    assert "SignatureDoesNotMatch" in requests.get(link.replace("Expires=60", "Expires=600"), timeout=10).text
    expired = s3.generate_presigned_url("get_object", Params=where, ExpiresIn=1)
    time.sleep(1.1)
    assert "Request has expired" in requests.get(expired, timeout=10).text


def test_browsers_may_upload_from_the_allowed_origin_only(cloud):
    url = grant(cloud)["url"]
    asked = {"Access-Control-Request-Method": "POST", "Origin": "http://here.example"}
    answer = requests.options(url, headers=asked, timeout=10)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "http://here.example")
    assert requests.options(url, headers={**asked, "Origin": "http://evil.example"}, timeout=10).status_code == 403
    assert (
        requests.options(url, headers={**asked, "Access-Control-Request-Method": "PUT"}, timeout=10).status_code == 403
    )
