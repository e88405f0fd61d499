"""The law as worked situations: every example of tests/examples, and that together they leave no rule untried."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from casework import checks, procedures
from casework.finding import Fact, Finding, Verdict

FOLDER = Path(__file__).parents[1] / "examples"
LEAST_EXAMPLES = 15
FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
EXAMPLES = [(service, example) for service, file in FILES.items() for example in file["example"]]
WORDS = {"says", "as_of", "dossier", "rows", "without", "route", "version", "fails", "unknown", "persons"}
WORDS |= {"times", "others", "total_vnd", "because", "would_pass_if", "to_be_confirmed"}


def situation(service: str, example: dict[str, Any]) -> tuple[dict[str, Fact], list[dict[str, Fact]]]:
    """The usual situation with what the example changes; "" stands for what nobody knows."""
    usual, without = FILES[service]["usual"], set(example.get("without", ()))
    dossier = usual["dossier"] | example.get("dossier", {})
    rows = [usual["row"] | row for row in example.get("rows", [{}])] * example.get("times", 1)
    rows += [usual["row"]] * example.get("others", 0)
    return _facts(dossier, without), [_facts(row, without) for row in rows]


def _facts(values: dict[str, Any], without: set[str]) -> dict[str, Fact]:
    return {name: Fact(value) for name, value in values.items() if name not in without and value != ""}


def judged(service: str, example: dict[str, Any]) -> Verdict:
    dossier, rows = situation(service, example)
    received_on = dossier.get("dossier.received_on")
    as_of = date.fromisoformat(example.get("as_of") or received_on.value)
    law = procedures.load(service, date.fromisoformat(received_on.value) if received_on else as_of)
    return checks.evaluate(law, dossier, rows, as_of=as_of)


def findings_of(verdict: Verdict) -> list[Finding]:
    return [*verdict.findings, *(finding for row in verdict.rows for finding in row.findings)]


def ruled(findings: list[Finding], verdict: str) -> list[str]:
    return sorted({finding.rule for finding in findings if finding.verdict == verdict})


@pytest.mark.parametrize(("service", "example"), EXAMPLES, ids=[f"{s}: {e['says'][:60]}" for s, e in EXAMPLES])
def test_example(service: str, example: dict[str, Any]) -> None:
    assert set(example) <= WORDS
    verdict = judged(service, example)
    findings = findings_of(verdict)
    assert ruled(findings, "fail") == sorted(example.get("fails", []))
    assert ruled(findings, "unknown") == sorted(example.get("unknown", []))
    assert verdict.route == example["route"]
    assert verdict.version == example.get("version", verdict.version)
    assert verdict.total_vnd == example.get("total_vnd", verdict.total_vnd)
    assert example.get("because", "") in " | ".join(finding.because.vi for finding in findings)
    would = " | ".join(finding.would_pass_if.vi for finding in findings if finding.would_pass_if)
    assert example.get("would_pass_if", "") in would
    if "to_be_confirmed" in example:
        assert example["to_be_confirmed"] in {setting.id for setting in verdict.to_be_confirmed}
    for person, row in zip(example.get("persons", ()), verdict.rows, strict=False):
        assert ruled(list(row.findings), "fail") == person.get("fails", ruled(list(row.findings), "fail"))
        assert row.months == person.get("months", row.months)
        assert row.amount_vnd == person.get("amount_vnd", row.amount_vnd)
        assert [held.month for held in row.held] == person.get("held", [held.month for held in row.held])


def test_every_service_has_examples_enough() -> None:
    assert set(FILES) == set(procedures.ids())
    assert {
        service: len(file["example"]) for service, file in FILES.items() if len(file["example"]) < LEAST_EXAMPLES
    } == {}


def test_every_rule_passes_somewhere_and_stops_somebody_somewhere() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for service, example in EXAMPLES:
        for finding in findings_of(judged(service, example)):
            seen[finding.rule].add(finding.verdict)
    rules = {
        rule.id
        for service in procedures.ids()
        for law in procedures.service(service).procedures.values()
        for rule in law.rules
    }
    assert {rule for rule in rules if "pass" not in seen[rule]} == set()
    assert {rule for rule in rules if not seen[rule] & {"fail", "unknown"}} == set()
