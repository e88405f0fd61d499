"""Every service's whole way in the browser, with real machines and real reading: widths and scripts spread over them.

All of it, five services at two widths with scripts and without: `make e2e`.
"""

from __future__ import annotations

from typing import Any

import pytest

from infra.papers import SampleDossier
from tests.browser.conftest import Stack
from tests.browser.typist import Typist
from tests.browser.ways import SAMPLES, Way, walk

# With the way of SW (test_suspended_way.py, 320 without scripts) every width is met with scripts and without.
SPREAD = [("LN", 1280, True), ("HB", 320, True), ("TC", 1280, False), ("PS", 320, False)]


def test_every_service_and_every_combination_is_met() -> None:
    assert {service for service, _, _ in SPREAD} | {"SW"} == set(SAMPLES)
    assert {(width, scripts) for _, width, scripts in SPREAD} == {(w, s) for w in (320, 1280) for s in (True, False)}


@pytest.mark.parametrize(("service", "width", "scripts"), SPREAD)
def test_from_the_self_check_to_the_decision(
    stack: Stack, browser: Any, axe: str, samples: dict[str, SampleDossier], service: str, width: int, scripts: bool
) -> None:
    walk(stack, browser, axe, samples[SAMPLES[service]], width, scripts)


def test_from_the_self_check_to_the_decision_without_a_mouse(
    stack: Stack, browser: Any, axe: str, samples: dict[str, SampleDossier]
) -> None:
    typist = Typist(stack, browser, axe)
    Way(typist, samples[SAMPLES["SW"]], stack.new_applicant("khong-chuot")).go()
    typist.close()
