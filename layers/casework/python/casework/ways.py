"""Ways in: several rules of which one is enough, the rule they settle, and rules that belong to some ways only.

Knows findings and no fact: what a way says was found before. Unknown is never no: a way that may still open keeps what
belongs to another way from refusing anybody.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from casework.conditions import merged, ways_out_said
from casework.finding import Finding, Outcome, Text, Then
from casework.operators.view import extended
from casework.rules import Rule


def settled(rules: Sequence[Rule], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Fill in the findings that others settle: one way that passes is enough, all must fail for a fail."""
    by_id = {finding.rule: finding for finding in findings}
    return tuple(
        _by_ways(finding, [by_id[way] for way in rule.ways if way in by_id]) if rule.ways else finding
        for rule, finding in zip(rules, findings, strict=True)
    )


def _by_ways(finding: Finding, ways: Sequence[Finding]) -> Finding:
    passed = [way.rule for way in ways if way.verdict == "pass"]
    unsettled = [way for way in ways if way.verdict == "unknown"]
    names = passed or [way.rule for way in (unsettled or ways)]
    listed = ", ".join(names)
    verdict: Outcome
    then: Then | None
    if passed:
        verdict, then, because = "pass", None, Text(f"Đạt theo {listed}", f"Met by {listed}")
    elif unsettled:
        then = "ask" if any(way.then == "ask" for way in unsettled) else "review"
        verdict, because = "unknown", Text(f"Chưa xác định được: {listed}", f"Not settled: {listed}")
    else:
        verdict, then, because = "fail", "refuse", Text(f"Không đạt: {listed}", f"Not met: {listed}")
    open_ways = [way for way in ways if way.verdict == "fail" and way.would_pass_if is not None]
    return Finding(
        rule=finding.rule,
        verdict=verdict,
        says=finding.says,
        law=finding.law,
        because=because,
        would_pass_if=ways_out_said([w.would_pass_if for w in open_ways if w.would_pass_if], either=True)
        if verdict == "fail" and open_ways
        else None,
        evidence=tuple(dict.fromkeys(item for way in ways for item in way.evidence)),
        facts=merged(way.facts for way in ways),
        missing=merged(way.missing for way in unsettled) if verdict == "unknown" else (),
        then=then,
        to_be_confirmed=merged([finding.to_be_confirmed, *(way.to_be_confirmed for way in ways)]),
        counts=finding.counts,
    )


def in_use(rules: Sequence[Rule], findings: Sequence[Finding], of_dossier: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings as the ways in found for the dossier leave them: a rule `for_ways` stands aside, as a pass that says
    so, once another way passes or its own ways all fail; it refuses nobody while another way may still open."""
    by_id = {finding.rule: finding for finding in of_dossier}
    return tuple(
        _by_use(finding, rule.for_ways, by_id) if rule.for_ways else finding
        for rule, finding in zip(rules, findings, strict=True)
    )


def _by_use(finding: Finding, for_ways: tuple[str, ...], by_id: dict[str, Finding]) -> Finding:
    own = [by_id[way] for way in for_ways if way in by_id]
    others = [way for way in by_id.values() if not way.counts and way.rule not in for_ways]
    names = ", ".join(way.rule for way in own)
    only = Text(f"Không xét: chỉ áp dụng cho {names}", f"Not looked at: for {names} only")
    passed = ", ".join(way.rule for way in others if way.verdict == "pass")
    if passed:
        return _aside(finding, extended(only, f"; hồ sơ đạt theo {passed}", f"; the dossier is met by {passed}"))
    if all(way.verdict == "fail" for way in own):
        return _aside(finding, extended(only, ", không đạt", ", which is not met"))
    open_still = ", ".join(way.rule for way in others if way.verdict == "unknown" and _claimed(way))
    if finding.verdict != "fail" or not open_still:
        return finding
    because = extended(finding.because, f"; chưa xác định được {open_still}", f"; {open_still} is not settled")
    return dataclasses.replace(finding, verdict="unknown", then="review", because=because, would_pass_if=None)


def _aside(finding: Finding, because: Text) -> Finding:
    return dataclasses.replace(finding, verdict="pass", then=None, because=because, would_pass_if=None, missing=())


def _claimed(way: Finding) -> bool:
    """Somebody said something of it."""
    return bool(set(way.facts) - set(way.missing))
