"""`motcua verify`: its exit codes, and that it says where something differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from casework.workflow import evidence
from typer.testing import CliRunner

from infra.local.cli import app
from tests.builders import ANH, PROVINCE, House

RUN = CliRunner()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    house = House()
    dossier = house.at_province(ANH)
    house.decide(dossier.id, "approve", actor=PROVINCE)
    house.settle()
    path = tmp_path_factory.mktemp("evidence") / "evidence.zip"
    path.write_bytes(evidence.bundle(house.store.load(dossier.id), store=house.store, files=house.files))
    return path


def test_evidence_that_holds_ends_with_0_and_says_what_was_looked_at(file: Path) -> None:
    result = RUN.invoke(app, ["verify", str(file)])
    assert result.exit_code == 0, result.output
    assert "ĐÚNG CẢ · ALL HOLDS" in result.output
    told = json.loads(RUN.invoke(app, ["verify", str(file), "--json"]).output)
    assert told["holds"] is True
    assert {check["id"] for check in told["checks"]} >= {"parts", "audit", "facts", "law", "decisions"}


def test_evidence_that_was_altered_ends_with_1_and_names_the_place(file: Path, tmp_path: Path) -> None:
    bundle = evidence.unpack(file.read_bytes())
    parts = {name: bundle.json(name) for name in bundle.parts}
    parts["dossier.json"]["total_vnd"] = 5
    other = tmp_path / "altered.zip"
    other.write_bytes(evidence.pack({k: v for k, v in bundle.manifest.items() if k != "parts"}, parts))
    result = RUN.invoke(app, ["verify", str(other)])
    assert result.exit_code == 1
    assert "dossier.json/total_vnd: 5 → 1800000" in result.output


def test_originals_are_compared_with_what_was_sent(file: Path, tmp_path: Path) -> None:
    (tmp_path / "khac.pdf").write_bytes(b"another")
    result = RUN.invoke(app, ["verify", str(file), "--originals", str(tmp_path)])
    assert (result.exit_code, "KHÁC" in result.output) == (1, True)


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7"])
def test_what_is_no_evidence_ends_with_3(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.zip"
    if content is not None:
        path.write_bytes(content)
    result = RUN.invoke(app, ["verify", str(path)])
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)


def test_a_folder_that_is_not_there_is_a_wrong_call(file: Path) -> None:
    assert RUN.invoke(app, ["verify", str(file), "--originals", "/nowhere"]).exit_code == 2
