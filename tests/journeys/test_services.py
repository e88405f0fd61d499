"""Every service through the real machines: a dossier that is asked to be supplemented, and then decided.

It is the sample of `make run` that goes the longest way. Those that pass at once and those the law refuses go there too
(`make run ONCE=1` plays all, and fails where one ends otherwise than it should); here they are only counted. SW goes
its way in tests/journeys/test_crash_points.py, many times, and in tests/browser/test_suspended_way.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local.cloud import Cloud
from infra.local.commands.demo import FILED_AT, cast_of
from infra.local.demo import Cast, Progress, play
from infra.local.serve import Server
from infra.papers import sample_dossiers
from infra.papers.plans import Plan
from infra.papers.relief_plans import relief_plans
from tests.journeys import invariants

STAGES = {
    "LN": ["district_appraisal", "province_decision"],
    "HB": ["commune_confirmation", "tax_appraisal", "district_appraisal", "province_decision"],
    "TC": ["commune_confirmation", "district_appraisal", "province_decision"],
    "PS": ["labour_confirmation", "vss_decision"],  # no work: the labour office confirms it
}


@pytest.fixture(scope="module")
def stack() -> Iterator[tuple[Cloud, Cast]]:
    with Cloud({"PretendNow": FILED_AT, "LogLevel": "CRITICAL"}) as cloud, Server(cloud) as server:
        yield cloud, cast_of(cloud, server)


def test_each_service_has_a_sample_that_passes_one_the_law_refuses_and_one_to_supplement() -> None:
    for service in STAGES:
        ends = [(plan.expected["state"], bool(plan.follow_up)) for plan in relief_plans() if plan.procedure == service]
        assert sorted(ends) == [("approved", False), ("approved", True), ("refused", False)], service


@pytest.mark.parametrize("plan", [plan for plan in relief_plans() if plan.follow_up], ids=lambda plan: plan.procedure)
def test_what_was_lacking_is_sent_and_decided(stack: tuple[Cloud, Cast], plan: Plan) -> None:
    cloud, cast = stack
    [sample] = sample_dossiers(of={plan.name})
    [outcome] = play([sample], cast, [Progress(sample.title)])
    assert (outcome.error, outcome.differences) == ("", [])
    dossier_id = outcome.dossier["id"]
    assert invariants.broken(cloud, dossier_id) == []
    assert invariants.unfounded(cloud, dossier_id) == []
    store = invariants.table(cloud)
    decided = [entry.details["stage"] for entry in store.audit(dossier_id) if entry.action == "stage.decided"]
    assert decided == STAGES[plan.procedure]
