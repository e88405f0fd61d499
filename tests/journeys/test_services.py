"""Every service through the real machines: one dossier that passes, one the law refuses, one that is supplemented.

The very sample dossiers of `make run`, but for SW's, whose scans take long; tests/journeys/test_crash_points.py takes a
born-digital SW dossier the same way hundreds of times.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local.cloud import Cloud
from infra.local.commands.demo import FILED_AT, cast_of
from infra.local.demo import Cast, Progress, play
from infra.local.serve import Server
from infra.papers import sample_dossiers
from tests.journeys import invariants

STAGES = {
    "LN": ["district_appraisal", "province_decision"],
    "HB": ["commune_confirmation", "tax_appraisal", "district_appraisal", "province_decision"],
    "TC": ["commune_confirmation", "district_appraisal", "province_decision"],
    "PS": ["vss_decision"],
}


@pytest.fixture(scope="module")
def stack() -> Iterator[tuple[Cloud, Cast]]:
    with Cloud({"PretendNow": FILED_AT, "LogLevel": "CRITICAL"}) as cloud, Server(cloud) as server:
        yield cloud, cast_of(cloud, server)


@pytest.mark.parametrize("service", sorted(STAGES))
def test_passes_is_refused_and_is_supplemented(stack: tuple[Cloud, Cast], service: str) -> None:
    cloud, cast = stack
    samples = sample_dossiers(of={service})
    assert sorted((s.expected["state"], bool(s.follow_up)) for s in samples) == [
        ("approved", False),
        ("approved", True),
        ("refused", False),
    ]
    outcomes = play(samples, cast, [Progress(sample.title) for sample in samples])
    assert {o.sample.name: (o.error, o.differences) for o in outcomes if not o.as_expected} == {}
    store = invariants.table(cloud)
    for outcome in outcomes:
        dossier_id = outcome.dossier["id"]
        assert invariants.broken(cloud, dossier_id) == []
        assert invariants.unfounded(cloud, dossier_id) == []
        decided = [e.details["stage"] for e in store.audit(dossier_id) if e.action == "stage.decided"]
        by_labour = ["labour_confirmation"] if outcome.sample.name == "pause_no_work" else []
        assert decided == by_labour + STAGES[service]
