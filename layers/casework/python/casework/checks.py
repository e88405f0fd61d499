"""Runs a procedure's rules over the facts of a dossier and its rows: findings, benefits, the route.

Pure: the facts come in with their evidence, the verdict goes out. Unknown is never no: a fact that is missing or
doubtful makes a rule unknown unless the known facts settle it, and a person decides in the end whatever the route.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from casework import benefits, ways
from casework.conditions import agreeing, answer_of, any_row
from casework.finding import (
    Evidence,
    EvidenceSource,
    Fact,
    Finding,
    OpenSetting,
    Outcome,
    Route,
    RowVerdict,
    Text,
    Then,
    Verdict,
)
from casework.operators import OPERATORS, Answer, View
from casework.plain import to_plain
from casework.rules import Procedure, Rule

__all__ = [
    "OPERATORS",
    "Evidence",
    "EvidenceSource",
    "Fact",
    "Finding",
    "OpenSetting",
    "RowVerdict",
    "Text",
    "Verdict",
    "evaluate",
    "finding_json",
    "verdict_json",
]

Facts = Mapping[str, Fact]


def evaluate(
    procedure: Procedure,
    dossier: Facts,
    rows: Sequence[Facts],
    *,
    as_of: date,
    keys: Sequence[str] | None = None,
) -> Verdict:
    """The verdict on a dossier as of a day, under the version of the law that `procedure` is.

    dossier, rows: facts by id; a fact absent, or with value None, is unknown. A rule on a row looks at the row first
    and then at the dossier; a rule on the dossier takes a fact of the rows when the dossier lacks it and all rows
    that give it agree. A service for one beneficiary has one row, empty if none is given. keys name the rows
    ("1", "2"… by default).
    """
    dossier = {"dossier.as_of": Fact(as_of.isoformat(), (Evidence("system"),)), **dossier}
    rows = list(rows) or ([{}] if procedure.beneficiaries == "one" else [])
    names = list(keys) if keys is not None else [str(number) for number in range(1, len(rows) + 1)]
    row_views = [View(procedure.kinds, row, dossier) for row in rows]
    row_rules = [rule for rule in procedure.rules if rule.subject == "row"]

    dossier_rules = [rule for rule in procedure.rules if rule.subject == "dossier"]
    gathered = _gathered(dossier_rules, dossier, rows)
    findings = ways.settled(
        dossier_rules,
        [
            _find(rule, _dossier_view(rule, procedure, dossier, gathered, rows), procedure, row_views)
            for rule in dossier_rules
        ],
    )
    of_dossier = _overall(findings)
    found_by_row = [
        ways.in_use(row_rules, ways.settled(row_rules, [_find(rule, view, procedure) for rule in row_rules]), findings)
        for view in row_views
    ]
    row_verdicts = tuple(
        _row_verdict(name, found, view, of_dossier, procedure)
        for name, found, view in zip(names, found_by_row, row_views, strict=True)
    )
    return Verdict(
        procedure=procedure.id,
        version=procedure.version,
        route=_route(procedure, of_dossier, findings, row_verdicts),
        findings=findings,
        rows=row_verdicts,
        total_vnd=sum(row.amount_vnd for row in row_verdicts),
        as_of=as_of.isoformat(),
        to_be_confirmed=_open_settings(procedure, findings, row_verdicts, dossier, as_of),
    )


# ---- one rule ----


def _find(rule: Rule, view: View, procedure: Procedure, row_views: Sequence[View] = ()) -> Finding:
    if rule.condition is None:
        return _finding(rule, Answer(None, Text("", "")), view, procedure)  # settled by its ways
    if rule.any_row and row_views:
        answer = any_row([answer_of(rule.condition, row) for row in row_views])
    else:
        answer = answer_of(rule.condition, view)
    if rule.counted is not None and rule.each is not None and row_views:
        by_row = [answer_of(rule.each, row) for row in row_views]
        answer = agreeing(answer, view.get(rule.counted), view.say(rule.counted), by_row)
    return _finding(rule, answer, view, procedure)


def _finding(rule: Rule, answer: Answer, view: View, procedure: Procedure) -> Finding:
    verdict, then = _consequence(rule, answer, procedure)
    evidence = tuple(dict.fromkeys(item for fact_id in rule.facts for item in view.fact(fact_id).evidence))
    return Finding(
        rule=rule.id,
        verdict=verdict,
        says=rule.says,
        law=rule.law,
        because=answer.because,
        would_pass_if=answer.would_pass_if,
        evidence=evidence,
        facts=rule.facts,
        missing=answer.missing,
        then=then,
        to_be_confirmed=tuple(dict.fromkeys((*rule.to_be_confirmed, *answer.rests_on))),
        counts=rule.way_into is None,
    )


def _consequence(rule: Rule, answer: Answer, procedure: Procedure) -> tuple[Outcome, Then | None]:
    if answer.holds is True:
        return "pass", None
    if answer.holds is False:
        return ("fail", "refuse") if rule.otherwise == "refuse" else ("unknown", rule.otherwise)
    return "unknown", _gives_next(procedure, answer.missing)


def _gives_next(procedure: Procedure, missing: Iterable[str]) -> Then:
    """Who is turned to for missing facts: the applicant if he can give one of them, else an officer."""
    return "ask" if any(procedure.applicant_gives(fact_id) for fact_id in missing) else "review"


# ---- facts of the rows, seen from the dossier ----


def _gathered(rules: Sequence[Rule], dossier: Facts, rows: Sequence[Facts]) -> Facts:
    """The dossier's facts, and for the rules on it those that only rows give, when the rows agree."""
    gathered = dict(dossier)
    for fact_id in {fact_id for rule in rules for fact_id in rule.facts}:
        own = dossier.get(fact_id)
        if own is not None and (own.value is not None or own.doubt is not None):
            continue
        given = [
            row[fact_id] for row in rows if fact_id in row and (row[fact_id].value is not None or row[fact_id].doubt)
        ]
        if not given:
            continue
        doubted = next((fact for fact in given if fact.doubt is not None), None)
        if doubted is not None:
            gathered[fact_id] = doubted
        elif all(fact.value == given[0].value for fact in given):
            gathered[fact_id] = given[0]
        else:
            differ = Text("các dòng trong danh sách ghi khác nhau", "the rows of the list do not agree")
            gathered[fact_id] = Fact(None, tuple(item for fact in given for item in fact.evidence), differ)
    return gathered


def _dossier_view(rule: Rule, procedure: Procedure, dossier: Facts, gathered: Facts, rows: Sequence[Facts]) -> View:
    """What a rule on the dossier sees. A sum over the rows is never replaced by what one row says, only by a total."""
    if not rule.sum_rows or not rows:
        return View(procedure.kinds, {}, gathered)
    sums = {fact_id: _summed(fact_id, procedure, rows) for fact_id in rule.sum_rows}
    return View(procedure.kinds, sums, {**gathered, **{fact_id: dossier.get(fact_id, Fact(None)) for fact_id in sums}})


def _summed(fact_id: str, procedure: Procedure, rows: Sequence[Facts]) -> Fact:
    """The sum over the rows; unknown as soon as one row does not give it."""
    views = [View(procedure.kinds, row, {}) for row in rows]
    values = [view.get(fact_id) for view in views]
    if None not in values:
        return Fact(sum(values), tuple(item for view in views for item in view.fact(fact_id).evidence))
    doubts = [doubt for view in views if (doubt := view.doubt(fact_id)) is not None]
    return Fact(None, doubt=doubts[0] if doubts else None)


# ---- the row as a whole ----


def _row_verdict(
    key: str, findings: tuple[Finding, ...], view: View, of_dossier: Outcome, procedure: Procedure
) -> RowVerdict:
    verdict = _overall(findings)
    if procedure.benefit is None:
        return RowVerdict(key, verdict, findings)
    if verdict == "fail" or of_dossier == "fail":
        return RowVerdict(key, verdict, findings, months=0)
    share = benefits.due(procedure.benefit, view)
    nobody_gave = tuple(fact_id for fact_id in share.waits_for if not view.doubt(fact_id))
    return RowVerdict(
        key=key,
        verdict=verdict,
        findings=findings,
        months=None if share.counted_months is None else len(share.counted_months),
        counted_months=share.counted_months or (),
        amount_vnd=share.amount_vnd,
        certain=not share.waits_for and verdict == "pass" and of_dossier == "pass",
        missing=nobody_gave,
        then=_gives_next(procedure, nobody_gave) if share.waits_for else None,
        to_be_confirmed=procedure.benefit.to_be_confirmed,
        because=_nothing_due(share),
        held=share.held,
    )


def _nothing_due(share: benefits.Share) -> Text | None:
    """Why there is nothing to pay although the amount is known; None where there is, or where that is not known yet."""
    if share.counted_months is None or share.amount_vnd or share.waits_for:
        return None
    if not share.counted_months:
        return Text("không có gì để chi trả: không có tháng nào được tính", "nothing to pay: no month counts")
    return Text("không có gì để chi trả: số tiền tính được là 0 đồng", "nothing to pay: the amount comes to VND 0")


# ---- the whole ----


def _overall(findings: Iterable[Finding]) -> Outcome:
    verdicts = {finding.verdict for finding in findings if finding.counts}
    return "fail" if "fail" in verdicts else "unknown" if "unknown" in verdicts else "pass"


def _route(procedure: Procedure, of_dossier: Outcome, findings: Sequence[Finding], rows: Sequence[RowVerdict]) -> Route:
    """Where the dossier goes. A row that fails is settled: what is unknown about it holds nobody up. A list on which
    nobody stands is not known yet: nothing is decided for nobody. A pass that pays nobody anything is an officer's."""
    failed = [row for row in rows if row.verdict == "fail"]
    if of_dossier == "fail" or (rows and len(failed) == len(rows)):
        return "refusal_proposed"
    standing = [*findings, *(finding for row in rows if row.verdict != "fail" for finding in row.findings)]
    open_questions = {finding.then for finding in standing if finding.counts and finding.verdict == "unknown"}
    open_questions |= {row.then for row in rows if row.then is not None}
    if "ask" in open_questions or (procedure.benefit is not None and not rows):
        return "ask"
    pays_nobody = procedure.benefit is not None and not any(row.amount_vnd for row in rows)
    if open_questions or pays_nobody:
        return "review"
    return "partial" if failed else "fast_lane"


def _open_settings(
    procedure: Procedure, findings: Iterable[Finding], rows: Iterable[RowVerdict], dossier: Facts, as_of: date
) -> tuple[OpenSetting, ...]:
    used = {name for finding in findings for name in finding.to_be_confirmed}
    used |= {name for row in rows for finding in row.findings for name in finding.to_be_confirmed}
    if procedure.benefit:
        used |= set(procedure.benefit.to_be_confirmed)
    if procedure.until is not None and as_of > procedure.until:
        used.add("version.by")  # received under this version, decided under a later one
    return tuple(
        OpenSetting(name, procedure.settings[name].value, procedure.settings[name].says)
        for name in sorted(used)
        if name in procedure.settings
    )


# ---- as JSON ----


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as the API and the command line give it: sentences as plain strings, Vietnamese first."""
    would = finding.would_pass_if
    return {
        "rule": finding.rule,
        "verdict": finding.verdict,
        "says": finding.says.vi,
        "law": finding.law,
        "because": finding.because.vi,
        "would_pass_if": would.vi if would else None,
        "says_en": finding.says.en,
        "because_en": finding.because.en,
        "would_pass_if_en": would.en if would else None,
        "then": finding.then,
        "facts": list(finding.facts),
        "missing": list(finding.missing),
        "to_be_confirmed": list(finding.to_be_confirmed),
        "evidence": [dict(_evidence_json(item)) for item in finding.evidence],
    }


@functools.lru_cache(maxsize=4096)
def _evidence_json(evidence: Evidence) -> dict[str, Any]:
    """One piece of evidence stands behind several findings of a row: spelt out once, copied by the caller."""
    plain: dict[str, Any] = to_plain(evidence)
    return plain


def row_json(row: RowVerdict) -> dict[str, Any]:
    """A row's verdict; `benefit.months` is null while it cannot be counted."""
    return {
        "key": row.key,
        "verdict": row.verdict,
        "findings": [finding_json(finding) for finding in row.findings],
        "benefit": {
            "months": row.months,
            "amount_vnd": row.amount_vnd,
            "months_granted": list(row.counted_months),
            "certain": row.certain,
            "missing": list(row.missing),
            "because": row.because.vi if row.because else None,
            "because_en": row.because.en if row.because else None,
            "to_be_confirmed": list(row.to_be_confirmed),
            "months_held": [to_plain(held) for held in row.held],
        },
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The whole verdict, in the form the command line and the API promise."""
    return {
        "procedure": verdict.procedure,
        "version": verdict.version,
        "route": verdict.route,
        "findings": [finding_json(finding) for finding in verdict.findings],
        "rows": [row_json(row) for row in verdict.rows],
        "total_vnd": verdict.total_vnd,
        "as_of": verdict.as_of,
        "to_be_confirmed": [
            {"setting": s.id, "value": to_plain(s.value), "says": s.says.vi, "says_en": s.says.en}
            for s in verdict.to_be_confirmed
        ],
    }
