"""The measurement of an upload's way, in its shortest form: a photograph is sent, and its page says what was read."""

from __future__ import annotations

import io

import pikepdf
import pytest

from infra.local.cloud import Cloud
from infra.local.serve import Server
from tests.bench.bench_upload import Visitor, quantiles, samples


def test_a_photograph_is_sent_and_its_page_says_what_was_read() -> None:
    with Cloud({"LogLevel": "CRITICAL"}, log_to=io.StringIO()) as cloud, Server(cloud) as server:
        seconds, worked = Visitor(cloud, server).seconds(next(samples(1, 1)))  # raises where nothing is read
        assert min(seconds, worked) > 0


def test_a_sample_has_the_pages_it_says() -> None:
    [sample] = samples(3, 1)
    assert len(pikepdf.open(io.BytesIO(sample.data)).pages) == 3


@pytest.mark.parametrize(
    ("seconds", "told"),
    [([2.0], (2.0, 2.0, 2.0)), ([1, 2, 3, 4], (2.5, 4, 4)), (list(range(1, 101)), (50.5, 95, 100))],
)
def test_quantiles_are_values_that_were_measured(seconds: list[float], told: tuple[float, float, float]) -> None:
    assert tuple(quantiles(seconds).values()) == told
