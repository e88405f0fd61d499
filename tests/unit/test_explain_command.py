"""`motcua rules explain` and `replay` over an exported verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.local.caller import Declined, Reply
from infra.local.cli import app
from tests.builders import ANH, BINH, House

RUN = CliRunner()


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    house = House()
    dossier = house.submitted(ANH, BINH)
    path = tmp_path / "verdict.json"
    path.write_text(json.dumps(house.files.evidence(dossier.verdict_key), ensure_ascii=False), encoding="utf-8")
    return path


def test_every_rule_is_explained_with_article_and_evidence(exported: Path) -> None:
    result = RUN.invoke(app, ["rules", "explain", str(exported), "--person", "Ánh", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    [row] = told["rows"]
    assert row["name"] == ANH.name
    finding = next(finding for finding in row["findings"] if finding["rule"] == "SW-3")
    assert (finding["verdict"], finding["law"]) == ("pass", "Quyết định 15/2020/QĐ-TTg, Điều 1 khoản 1")
    assert {evidence["document_type"] for evidence in finding["evidence"]} == {"form_01", "suspension_agreement"}
    shown = RUN.invoke(app, ["rules", "explain", str(exported)])
    assert shown.exit_code == 0
    assert "SW-5" in shown.output


def test_a_verdict_is_derived_again_and_a_change_is_named(exported: Path) -> None:
    same = RUN.invoke(app, ["rules", "replay", str(exported), "--as-of", "2020-05-18"])
    assert (same.exit_code, "byte" in same.output) == (0, True)
    kept = json.loads(exported.read_text(encoding="utf-8"))
    kept["facts"]["rows"][0]["suspension.starts_on"]["value"] = "2020-06-02"
    exported.write_text(json.dumps(kept), encoding="utf-8")
    other = RUN.invoke(app, ["rules", "replay", str(exported), "--json"])
    assert other.exit_code == 1
    told = json.loads(other.output)
    assert told["same"] is False
    assert "/verdict/route" in {difference["at"] for difference in told["differences"]}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["explain", "--person", "Không Ai"], 2),
        (["replay", "--as-of", "18/05/2020"], 2),
        (["replay", "--as-of", "2020-05-01"], 1),
    ],
)
def test_what_cannot_be_asked(exported: Path, arguments: list[str], code: int) -> None:
    assert RUN.invoke(app, ["rules", arguments[0], str(exported), *arguments[1:]]).exit_code == code


def test_money_is_written_as_everywhere(exported: Path) -> None:
    shown = RUN.invoke(app, ["rules", "explain", str(exported)]).output
    assert "1.800.000 đồng · 1,800,000 VND · 04/2020" in " ".join(shown.split())


class _Stack:
    """A local stack that knows one dossier, judged on 18/05/2020."""

    applicant, supervisor = ("a", ""), ("s", "")

    def __init__(self, knows: bool = True) -> None:
        self._knows = knows

    def caller(self, who: tuple[str, str]) -> _Stack:
        return self

    def get(self, path: str, **asked: str) -> Reply:
        if not self._knows or path.endswith("/verdict"):
            raise Declined("GET", path, 404, {"title": "Not found"})
        return Reply({"code": "H29.1-200518-0001"}, "")


@pytest.mark.parametrize(
    ("knows", "asked", "code", "said"),
    [
        (True, ["--as-of", "2020-05-17"], 1, ("đến hết ngày 17/05/2020 hồ sơ chưa có", "stood yet on 17/05/2020")),
        (True, [], 1, ("hồ sơ chưa được xét", "has not been judged yet")),
        (False, ["--as-of", "2020-05-17"], 2, ("không có hồ sơ", "no such dossier")),
    ],
)
def test_before_the_first_verdict_it_says_so(
    monkeypatch: pytest.MonkeyPatch, knows: bool, asked: list[str], code: int, said: tuple[str, str]
) -> None:
    monkeypatch.setattr("infra.local.at_hand.find", lambda: _Stack(knows))
    result = RUN.invoke(app, ["rules", "replay", "a" * 26, *asked])
    assert result.exit_code == code
    assert all(words in result.output for words in said)
    assert "404" not in result.output


def test_what_is_no_exported_verdict_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text("{}", encoding="utf-8")
    assert RUN.invoke(app, ["rules", "replay", str(path)]).exit_code == 3
