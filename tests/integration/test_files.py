"""The buckets: versions, checksums and what is not there; pages, readings and evidence as they were put."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from adapters.files import GRANT_SECONDS, Buckets
from casework.document import Box, Page, Word
from casework.errors import NotFound, problem
from casework.workflow import filing

from tests.builders import House, agreement, the_list
from tests.fakes import MemoryStore

KEY = "uploads/d/doc/u"


@pytest.fixture
def buckets(aws: None) -> Buckets:
    import boto3
    from botocore.config import Config

    client = boto3.client("s3", config=Config(signature_version="s3v4"))
    where: Any = {"LocationConstraint": "ap-southeast-1"}
    for name in ("incoming", "pages", "evidence"):
        client.create_bucket(Bucket=name, CreateBucketConfiguration=where)
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return Buckets(client, "incoming", "pages", "evidence")


def put(buckets: Buckets, data: bytes, key: str = KEY, **more: Any) -> str:
    return str(buckets._client.put_object(Bucket="incoming", Key=key, Body=data, **more)["VersionId"])


def test_the_newest_version_is_what_was_uploaded(buckets: Buckets) -> None:
    assert buckets.uploaded(KEY) is None
    put(buckets, b"one")
    second = put(buckets, b"second", ChecksumAlgorithm="SHA256")
    found = buckets.uploaded(KEY)
    assert found is not None
    assert (found.size_bytes, found.version, found.sha256) == (6, second, hashlib.sha256(b"second").hexdigest())


def test_an_upload_without_a_checksum_has_none(buckets: Buckets) -> None:
    put(buckets, b"one", ChecksumAlgorithm="CRC32")
    found = buckets.uploaded(KEY)
    assert found is not None
    assert found.sha256 == ""


def test_each_version_is_read_as_it_was(buckets: Buckets) -> None:
    versions = [put(buckets, data) for data in (b"one", b"two")]
    assert [buckets.upload(KEY, version) for version in versions] == [b"one", b"two"]


def test_pages_of_one_upload_fetch_it_once(buckets: Buckets) -> None:
    version = put(buckets, b"one")
    fetched: list[Any] = []
    buckets._client.meta.events.register("before-call.s3.GetObject", lambda **more: fetched.append(more))
    assert [buckets.upload(KEY, version) for _ in range(5)] == [b"one"] * 5
    assert len(fetched) == 1


def test_what_is_gone_is_not_found(buckets: Buckets) -> None:
    version = put(buckets, b"one")
    buckets._client.delete_object(Bucket="incoming", Key=KEY)
    assert buckets.uploaded(KEY) is None
    assert buckets.upload(KEY, version) == b"one"  # an older version can still be read
    for read in (buckets.upload, buckets.json, buckets.evidence, buckets.page_image):
        with pytest.raises(NotFound):
            read("nothing")
    assert buckets.page("nothing") is None


@pytest.mark.parametrize(
    "page",
    [
        Page(1, "ocr", 10, 20, words=(Word("Đỗ Thị Hằng", Box(0, 0.25, 0.5, 1), 0.5),), quality={"ink": 0.1}),
        Page(2, "text", 10, 20, problem=problem("page-blurred", page=2)),
        Page(3, "ocr", 10, 20, words=(Word("\x00\u2028\ufffd", Box(0, 0, 1, 1)),)),
    ],
    ids=["words", "problem", "odd signs"],
)
def test_a_page_comes_back_as_it_was_read(buckets: Buckets, page: Page) -> None:
    buckets.put_page("pages/d/u/0001", page, b"\x89PNG image")
    assert buckets.page("pages/d/u/0001") == page
    assert buckets.page_image("pages/d/u/0001") == b"\x89PNG image"


def test_a_word_that_no_encoding_carries_loses_that_sign_only(buckets: Buckets) -> None:
    buckets.put_page("p", Page(1, "text", 1, 1, words=(Word("Nguy\ud800n", Box(0, 0, 1, 1)),)), b"")
    page = buckets.page("p")
    assert page is not None
    assert page.words[0].text == "Nguy?n"


def test_the_image_is_there_before_the_words(buckets: Buckets) -> None:
    """Whoever finds the words can also look at the page."""
    order: list[str] = []
    buckets._client.meta.events.register(
        "before-parameter-build.s3.PutObject", lambda params, **_: order.append(params["Key"])
    )
    buckets.put_page("p", Page(1, "ocr", 1, 1), b"\xff\xd8jpeg")
    assert order == ["p.image", "p.json"]


@pytest.mark.parametrize(("image", "kind"), [(b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg")])
def test_an_image_says_what_it_is(buckets: Buckets, image: bytes, kind: str) -> None:
    buckets.put_page("p", Page(1, "ocr", 1, 1), image)
    assert buckets._client.head_object(Bucket="pages", Key="p.image")["ContentType"] == kind


def test_evidence_and_readings_lie_apart(buckets: Buckets) -> None:
    buckets.put_json("k", {"a": "ổn"})
    with pytest.raises(NotFound):
        buckets.evidence("k")
    buckets.put_evidence("e", [1, None])
    assert (buckets.json("k"), buckets.evidence("e")) == ({"a": "ổn"}, [1, None])


def test_a_grant_allows_exactly_what_was_announced_for_ten_minutes(buckets: Buckets) -> None:
    data = b"abc"
    grant = buckets.grant_upload(KEY, len(data), hashlib.sha256(data).hexdigest(), "application/pdf")
    policy = json.loads(base64.b64decode(grant.fields["policy"]))
    checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
    for condition in (
        {"bucket": "incoming"}, {"key": KEY}, {"Content-Type": "application/pdf"},
        {"x-amz-checksum-sha256": checksum}, ["content-length-range", 3, 3],
    ):  # fmt: skip
        assert condition in policy["conditions"]
    assert grant.fields["key"] == KEY
    ends = datetime.fromisoformat(policy["expiration"])
    for told in (ends, grant.expires_at):
        assert timedelta(0) < told - datetime.now(UTC) <= timedelta(seconds=GRANT_SECONDS)
    assert requests.post(grant.url, data=grant.fields, files={"file": data}, timeout=10).ok
    found = buckets.uploaded(KEY)
    assert found is not None
    assert found.size_bytes == 3


def test_a_link_to_a_page_ends_after_five_minutes(buckets: Buckets) -> None:
    buckets.put_page("p", Page(1, "ocr", 1, 1), b"\x89PNG")
    link = buckets.page_image_link("p")
    assert "X-Amz-Expires=300" in link
    assert requests.get(link, timeout=10).content == b"\x89PNG"


def test_another_refusal_of_s3_is_no_absence(buckets: Buckets) -> None:
    from botocore.exceptions import ClientError

    broken = Buckets(buckets._client, "no-such-bucket-here", "pages", "evidence")
    with pytest.raises(ClientError):
        broken.upload(KEY)


class ArrivingBuckets(Buckets):
    """Buckets into which a browser puts files."""

    def arrive(self, key: str, data: bytes) -> str:
        return put(self, data, key)


def test_a_whole_way_through_the_buckets(buckets: Buckets) -> None:
    files = ArrivingBuckets(buckets._client, "incoming", "pages", "evidence")
    house = House(files=files, store=MemoryStore())
    dossier = house.submitted(papers_={"mau-01.pdf": the_list(), "thoa-thuan.pdf": agreement()})
    assert (dossier.state.value, dossier.route) == ("in_review", "fast_lane")
    keys = [item["Key"] for item in buckets._client.list_objects_v2(Bucket="incoming")["Contents"]]
    assert sorted(keys) == sorted(
        filing.upload_key(dossier.id, document.id, document.uploads[0].id) for document in dossier.documents
    )
