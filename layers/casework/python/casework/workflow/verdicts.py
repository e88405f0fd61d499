"""Verdicts as they are kept: with every fact, answer and rule they rest on, and derived again from that, byte for byte.

What is kept is lean: a value that is a default is left away, what every row repeats stands once. `read` gives the
verdict back whole.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework import checks, procedures
from casework.consulted import Confirmation, confirm
from casework.dossier import Dossier, Record, derived_id
from casework.facts import held_month, money_said
from casework.finding import Evidence, Fact, Finding, Text, Verdict
from casework.operators import View
from casework.payments import Conflict
from casework.plain import from_plain, to_lean, to_plain
from casework.registry import Answer
from casework.rules import Procedure
from casework.situation import Situation

SCHEMA = 2
_REPEATED = ("says", "law", "facts", "to_be_confirmed", "counts", "evidence")
_MOST_DIFFERENCES = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """A place (a JSON pointer into the verdict) where the verdict derived now is not the one that was kept."""

    at: str
    stored: Any
    derived: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """A kept verdict beside the one its facts give today. `intact`: what is kept is what was written, by its digest."""

    procedure: str
    version: str
    as_of: str
    same: bool
    intact: bool
    stored_sha256: str
    derived_sha256: str
    rulebook_stored: str
    rulebook_now: str
    differences: tuple[Difference, ...] = ()


def verdict_of(
    dossier: Dossier,
    situation: Situation,
    procedure: Procedure,
    as_of: date,
    unavailable: Mapping[str, str],
    answers: Sequence[tuple[Answer, str]] = (),
    confirmations: Sequence[Confirmation] = (),
    papers: Sequence[Mapping[str, Any]] = (),
) -> tuple[dict[str, Any], Verdict]:
    """The verdict with everything it rests on, as plain data, and as it is. answers: with the place of each. papers:
    what kept_papers says of them."""
    people = situation.people
    rows = [person.facts for person in people]
    keys = [person.key for person in people]
    verdict = checks.evaluate(procedure, situation.facts, rows, as_of=as_of, keys=keys)
    used = {fact for rule in procedure.rules for fact in rule.facts}
    kept = {
        "schema": SCHEMA,
        "dossier_id": dossier.id,
        "code": dossier.code,
        "round": dossier.round,
        "received_on": dossier.received_on.isoformat() if dossier.received_on else None,
        "rulebook": {"version": procedure.version, "sha256": procedures.fingerprint(procedure.id)},
        "papers": list(papers),
        "answers": {answer.registry: _source(answer, place) for answer, place in answers},
        "confirmations": [to_plain(said) for said in confirmations],
        "facts": {"dossier": to_lean(situation.facts), "rows": [to_lean(row) for row in rows]},
        "people": {
            person.key: {
                "name": person.name,
                "documents": list(person.documents),
                "numbers": list(person.who.numbers),
                "name_key": person.who.name,
            }
            for person in people
        },
        "strangers": list(situation.strangers),
        "contradictions": [
            to_plain(text) for text in (*situation.contradictions(used), *_asks_too_much(verdict, situation, procedure))
        ],
        "unavailable": dict(unavailable),
        "rules": {rule.id: _of_rule(finding) for rule, finding in _row_rules(procedure, verdict)},
        "verdict": _kept(verdict, procedure, situation.facts, rows),
    }
    return kept, verdict


def kept_papers(dossier: Dossier, readings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Which files, by SHA-256, each document's pages come from, and the digest of what was read of them.

    readings: by document id, as they are kept.
    """
    return [
        {
            "document_id": document.id,
            "originals": list(
                dict.fromkeys(upload.sha256 for ref in document.pages if (upload := document.upload(ref.upload_id)))
            ),
            "reading": digest(readings[document.id]),
        }
        for document in dossier.live_documents
        if document.id in readings
    ]


def verdict_record(dossier: Dossier, place: str, route: str, now: datetime, stage: str = "") -> Record:
    """Where the verdict of a round is kept; one that an officer's word changed bears the name of his stage."""
    key = f"VERDICT#{dossier.round:03d}{'#' + stage if stage else ''}"
    return Record(key, {"key": place, "route": route, "at": now.isoformat(timespec="seconds")})


def read(kept: Mapping[str, Any]) -> Verdict:
    """The kept verdict, whole."""
    dossier, rows = facts_of(kept)
    plain = dict(kept["verdict"])
    plain["rows"] = [
        {**row, "findings": [_whole(finding, kept, own, dossier) for finding in row["findings"]]}
        for row, own in zip(plain["rows"], rows, strict=True)
    ]
    return from_plain(Verdict, plain)


def outline(kept: Mapping[str, Any]) -> Verdict:
    """The kept verdict without the evidence of its rows: enough to decide by, and much quicker for a long list."""
    plain = dict(kept["verdict"])
    plain["rows"] = [
        {**row, "findings": [{**kept["rules"][finding["rule"]], **finding} for finding in row["findings"]]}
        for row in plain["rows"]
    ]
    return from_plain(Verdict, plain)


def failures(kept: Mapping[str, Any]) -> tuple[tuple[Finding, ...], dict[str, tuple[Finding, ...]]]:
    """What the law says no to in a kept verdict: on the dossier, and on each row by its key."""
    verdict = outline(kept)

    def failed(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(finding for finding in findings if finding.verdict == "fail")

    return failed(verdict.findings), {row.key: failed(row.findings) for row in verdict.rows}


def facts_of(kept: Mapping[str, Any]) -> tuple[dict[str, Fact], list[dict[str, Fact]]]:
    """The facts a kept verdict rests on: of the dossier, and of each row."""

    def facts(data: Mapping[str, Any]) -> dict[str, Fact]:
        return {name: from_plain(Fact, fact) for name, fact in data.items()}

    rows = [facts(row) for row in kept["facts"]["rows"]]
    return facts(kept["facts"]["dossier"]), rows or [{} for _ in kept["verdict"]["rows"]]


def restated(
    kept: Mapping[str, Any], confirmations: Sequence[Confirmation], procedure: Procedure, as_of: date
) -> dict[str, Any]:
    """The verdict anew with what officers stated meanwhile; everything else it rests on is as it was."""
    dossier, rows = facts_of(kept)
    by_person = {row["key"]: facts for row, facts in zip(kept["verdict"]["rows"], rows, strict=True)}
    settled = []
    for said in confirmations:
        facts = by_person.get(said.person, {}) if said.person else dossier
        known = facts.get(said.fact)
        settled += [to_plain(known.doubt)] if known is not None and known.doubt else []
        confirm(facts, [said], said.person)
    told = [*kept["confirmations"], *(to_plain(item) for item in confirmations)]
    left = [text for text in kept["contradictions"] if text not in settled]
    return {**_again(kept, dossier, rows, procedure, as_of), "confirmations": told, "contradictions": left}


def with_months(
    kept: Mapping[str, Any], conflicts: Iterable[Conflict], procedure: Procedure, as_of: date, at: str
) -> dict[str, Any]:
    """The verdict anew with months that others were granted meanwhile, of the people they concern; everything else it
    rests on is as it was. at: when it was learnt, ISO 8601."""
    dossier, rows = facts_of(kept)
    by_key = {row["key"]: facts for row, facts in zip(kept["verdict"]["rows"], rows, strict=True)}
    benefit = procedure.benefit
    for conflict in conflicts:
        facts, held = by_key.get(conflict.row), conflict.holding
        fact_id = benefit and (benefit.loans if held.kind == "loan" else benefit.cash)
        if facts is None or not fact_id:
            continue
        known = facts.get(fact_id, Fact([]))
        others = [item for item in known.value or () if _month_of(item) != held.month]
        evidence = Evidence("registry", registry="payments", answered_at=at, raw=held.code)
        facts[fact_id] = Fact([*others, to_lean(held.held)], (*known.evidence, evidence), known.doubt)
    return _again(kept, dossier, rows, procedure, as_of)


def _month_of(item: Any) -> str:
    held = held_month(item)
    return held.month if held else ""


def _again(
    kept: Mapping[str, Any],
    dossier: Mapping[str, Fact],
    rows: Sequence[Mapping[str, Fact]],
    procedure: Procedure,
    as_of: date,
) -> dict[str, Any]:
    """What is kept of the same people, with these facts."""
    keys = [row["key"] for row in kept["verdict"]["rows"]]
    verdict = checks.evaluate(procedure, dossier, rows, as_of=as_of, keys=keys)
    return {
        **kept,
        "rulebook": {"version": procedure.version, "sha256": procedures.fingerprint(procedure.id)},
        "facts": {"dossier": to_lean(dossier), "rows": [to_lean(row) for row in rows] if kept["facts"]["rows"] else []},
        "rules": {rule.id: _of_rule(finding) for rule, finding in _row_rules(procedure, verdict)},
        "verdict": _kept(verdict, procedure, dossier, rows),
    }


def replay(kept: Mapping[str, Any], place: str = "") -> Replay:
    """Derive a kept verdict again, from its own facts under the law of its day of receipt, and compare byte for byte.

    place: where it was kept, whose name holds the digest of its content.
    """
    stored = kept["verdict"]
    procedure = procedures.load(stored["procedure"], date.fromisoformat(kept["received_on"]))
    dossier, rows = facts_of(kept)
    keys = [row["key"] for row in stored["rows"]]
    verdict = checks.evaluate(procedure, dossier, rows, as_of=date.fromisoformat(stored["as_of"]), keys=keys)
    derived = {
        "rules": {rule.id: _of_rule(finding) for rule, finding in _row_rules(procedure, verdict)},
        "verdict": _kept(verdict, procedure, dossier, rows),
    }
    before, now = canonical({"rules": kept["rules"], "verdict": stored}), canonical(derived)
    return Replay(
        procedure=stored["procedure"],
        version=procedure.version,
        as_of=stored["as_of"],
        same=before == now,
        intact=not place or place.rsplit("/", 1)[-1].removesuffix(".json") == digest(kept),
        stored_sha256=hashlib.sha256(before).hexdigest(),
        derived_sha256=hashlib.sha256(now).hexdigest(),
        rulebook_stored=kept["rulebook"]["sha256"],
        rulebook_now=procedures.fingerprint(procedure.id),
        differences=tuple(differences({"rules": kept["rules"], "verdict": stored}, derived))[:_MOST_DIFFERENCES],
    )


def canonical(data: Any) -> bytes:
    """The one way to write this data: JSON, names sorted, no blanks, UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def digest(data: Any) -> str:
    """The name of kept data, which follows from its content."""
    return derived_id(hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest())


def _asks_too_much(verdict: Verdict, situation: Situation, procedure: Procedure) -> Iterable[Text]:
    """A sum asked for that is more than what the law gives the people of the list."""
    fact = situation.facts.get(procedure.most_vnd or "")
    if fact is None or fact.doubt is not None or not isinstance(fact.value, int) or fact.value <= verdict.total_vnd:
        return
    asked, due = money_said(fact.value), money_said(verdict.total_vnd)
    title = procedure.kinds[procedure.most_vnd or ""].title
    yield Text(f"{title.vi}: {asked.vi}, mức tối đa là {due.vi}", f"{title.en}: {asked.en}, the most is {due.en}")


# -- what every row repeats -------------------------------------------------------------------------------------------


def _row_rules(procedure: Procedure, verdict: Verdict) -> Iterable[tuple[Any, Finding]]:
    """The rules on rows with what the first row was told of each."""
    first = verdict.rows[0].findings if verdict.rows else ()
    by_id = {finding.rule: finding for finding in first}
    return [(rule, by_id[rule.id]) for rule in procedure.rules if rule.id in by_id]


def _of_rule(finding: Finding) -> dict[str, Any]:
    whole = to_plain(finding)
    return {name: whole[name] for name in _REPEATED if name != "evidence"}


def _kept(
    verdict: Verdict, procedure: Procedure, dossier: Mapping[str, Fact], rows: Sequence[Mapping[str, Fact]]
) -> dict[str, Any]:
    shared = {rule.id: finding for rule, finding in _row_rules(procedure, verdict)}
    plain: dict[str, Any] = to_lean(dataclasses.replace(verdict, rows=()))
    facts: Sequence[Mapping[str, Fact]] = rows or [{} for _ in verdict.rows]
    plain["rows"] = []
    for row, own in zip(verdict.rows, facts, strict=True):
        view, lean = View({}, own, dossier), to_lean(dataclasses.replace(row, findings=()))
        plain["rows"].append({**lean, "findings": [_short(f, shared[f.rule], view) for f in row.findings]})
    return plain


def _short(finding: Finding, shared: Finding, view: View) -> dict[str, Any]:
    """A row's finding without what stands elsewhere: with its rule, or with its facts."""
    lean: dict[str, Any] = to_lean(finding)
    for name in _REPEATED:
        same = _evidence(finding, view) if name == "evidence" else getattr(shared, name)
        if getattr(finding, name) == same:
            lean.pop(name, None)
        else:
            lean[name] = to_plain(getattr(finding, name))
    return lean


def _whole(
    finding: Mapping[str, Any], kept: Mapping[str, Any], own: Mapping[str, Fact], dossier: Mapping[str, Fact]
) -> dict[str, Any]:
    whole = {**kept["rules"][finding["rule"]], **finding}
    if "evidence" not in finding:
        view = View({}, own, dossier)
        items = dict.fromkeys(item for fact_id in whole["facts"] for item in view.fact(fact_id).evidence)
        whole["evidence"] = [to_plain(item) for item in items]
    return whole


def _evidence(finding: Finding, view: View) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(item for fact_id in finding.facts for item in view.fact(fact_id).evidence))


def _source(answer: Answer, place: str) -> dict[str, Any]:
    plain = to_plain(answer)
    return {name: plain[name] for name in ("question_id", "as_of", "answered_at", "source")} | {"key": place}


def differences(stored: Any, derived: Any, at: str = "") -> Iterable[Difference]:
    """Every place where two pieces of plain data differ."""
    if isinstance(stored, dict) and isinstance(derived, dict):
        for name in sorted(set(stored) | set(derived)):
            yield from differences(stored.get(name), derived.get(name), f"{at}/{name}")
    elif isinstance(stored, list) and isinstance(derived, list) and len(stored) == len(derived):
        for number, (before, now) in enumerate(zip(stored, derived, strict=True)):
            yield from differences(before, now, f"{at}/{number}")
    elif stored != derived:
        yield Difference(at, stored, derived)
