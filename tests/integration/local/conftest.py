"""The small template running, for all tests of the local runner."""

from __future__ import annotations

import pytest

from infra.local.cloud import Cloud
from infra.local.serve import Server
from tests.integration.local.small_stack import FLOW, HANDLERS, TEMPLATE


@pytest.fixture(scope="package")
def house(tmp_path_factory):
    root = tmp_path_factory.mktemp("house")
    (root / "template.yaml").write_text(TEMPLATE)
    (root / "flow.asl.yaml").write_text(FLOW)
    for name, text in HANDLERS.items():
        (root / name).mkdir()
        (root / name / "app.py").write_text(text)
        (root / name / "words.py").write_text(f"import os\nTABLE = os.environ['TABLE']\nWHOSE = {name!r}\n")
    return root


@pytest.fixture(scope="package")
def cloud(house):
    with Cloud({"RetrySeconds": "1"}, template=house / "template.yaml") as running:
        yield running


@pytest.fixture(scope="package")
def server(cloud):
    with Server(cloud) as running:
        yield running


@pytest.fixture(scope="package")
def people(cloud):
    return {person.username: person for person in cloud.people()}
