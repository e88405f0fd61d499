"""An evidence file is checked by anybody, with nothing but the file: every hash is counted again, the verdict derived
again from what was read and answered, the decision from the verdict.

Each check says what it found and, where something is not as it must be, exactly where. A file that was made up whole,
chain and all, agrees with itself: only the head of the chain as the office has it tells. What cannot be understood is a
difference, never a pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework import procedures
from casework.consulted import Confirmation
from casework.document import Reading, Text
from casework.dossier import AuditEntry, Dossier, chain_breaks
from casework.errors import IllegalTransition, NotFound, Refused, RegistryUnavailable
from casework.plain import from_plain
from casework.registry import Answer, Question
from casework.review import RowDecision
from casework.situation import gather
from casework.workflow.commit import PAPER_ISSUED
from casework.workflow.evidence import Bundle, about
from casework.workflow.granting import granted_rows, summed
from casework.workflow.outcomes import FINAL_STATES
from casework.workflow.verdicts import (
    Difference,
    canonical,
    differences,
    digest,
    kept_papers,
    outline,
    replay,
    restated,
    verdict_of,
)

_NOT_UNDERSTOOD = (
    KeyError, TypeError, ValueError, IndexError, AttributeError, LookupError, RecursionError,
    NotFound, Refused, RegistryUnavailable, IllegalTransition,
)  # fmt: skip
_MOST_TOLD = 50
_SAID = ("code", "procedure", "state", "audit_head")
_DERIVED = ("facts", "people", "strangers", "contradictions", "unavailable", "answers", "rules", "verdict")
"""What of a kept verdict follows from the papers and answers; the rest names the dossier or looks beyond it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, in words, how many it was looked at in, and where it does not hold."""

    id: str
    says: Text
    looked_at: int
    differences: tuple[Difference, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class Verification:
    """What an evidence file is about, and every check of it. `sha256` stands for the file, `audit_head` for all that
    ever happened to the dossier. `rulebook`: the digest of the law's files when the verdict was made, and of those
    here: another one may well give the same verdict, and `checks` say whether it does."""

    code: str
    procedure: str
    state: str
    sha256: str
    audit_head: str
    checks: tuple[Check, ...]
    rulebook: tuple[str, str] = ("", "")

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)


Found = Iterator[Difference | None]  # None: looked at, and as it must be


def verify(bundle: Bundle, head: str = "", originals: Iterable[bytes] | None = None) -> Verification:
    """Check an evidence file. head: the last link of the chain as the office has it. originals: the files that were
    sent, as far as somebody has them; each must be one the evidence names."""
    checks = [_check(name, says, look, bundle) for name, says, look in _CHECKS]
    if head:
        checks.append(_check("head", _HEAD, lambda bundle: _head(bundle, head), bundle))
    if originals is not None:
        given = list(originals)
        checks.append(_check("originals", _ORIGINALS, lambda bundle: _originals(bundle, given), bundle))
    code, procedure, state, last = (str(bundle.manifest.get(name, "")) for name in _SAID)
    return Verification(code, procedure, state, bundle.sha256, last, tuple(checks), _rulebook(bundle))


def _rulebook(bundle: Bundle) -> tuple[str, str]:
    try:
        dossier = _dossier(bundle)
        kept = bundle.json(dossier.verdict_key)
        return kept["rulebook"]["sha256"], procedures.fingerprint(dossier.procedure)
    except _NOT_UNDERSTOOD:  # the checks have said so
        return "", ""


def _check(name: str, says: Text, look: Callable[[Bundle], Found], bundle: Bundle) -> Check:
    found: list[Difference] = []
    looked_at = 0
    try:
        for each in look(bundle):
            looked_at += 1
            if each is not None and len(found) < _MOST_TOLD:
                found.append(each)
    except _NOT_UNDERSTOOD as error:
        found.append(Difference(name, None, f"{type(error).__name__}: {error}"))
    return Check(name, says, looked_at, tuple(found))


def _same(at: str, stored: Any, derived: Any) -> Found:
    """A look at one thing: None, or every place where the two differ."""
    if canonical(stored) == canonical(derived):
        yield None
    else:
        yield from (Difference(d.at, d.stored, d.derived) for d in differences(stored, derived, at))


# -- the checks, in the order in which one rests on the other ---------------------------------------------------------


def _parts(bundle: Bundle) -> Found:
    """Every part is there as the manifest has it, and nothing else is."""
    listed = bundle.manifest["parts"]
    for name in sorted({*listed, *bundle.parts, *bundle.damaged}):
        content = bundle.parts.get(name)
        found = None if content is None else {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        if name in bundle.damaged:
            yield Difference(name, listed.get(name), "damaged")
        else:
            yield from _same(name, listed.get(name), found)


def _audit(bundle: Bundle) -> Found:
    """The chain is whole and ends where dossier and manifest say."""
    dossier, entries = _dossier(bundle), _entries(bundle)
    breaks = chain_breaks(entries, dossier.audit_hash)
    yield from (Difference("audit.json", None, what) for what in breaks)
    yield from (None for _ in range(len(entries) - len(breaks)))
    for name, value in about(dossier).items():
        yield from _same(f"manifest.json/{name}", bundle.manifest.get(name), value)
    yield from _same("dossier.json/version", dossier.version, entries[-1].sequence)
    yield from _same("dossier.json/state", dossier.state.value, entries[-1].details.get("state"))


def _answers(bundle: Bundle) -> Found:
    """Each answer is what its name says, is named by the audit, and answers the question that was asked."""
    named = {e.details.get("key") for e in _entries(bundle) if e.action.startswith("registry.answered")}
    for place in sorted(name for name in bundle.parts if name.startswith("answers/")):
        kept = bundle.json(place)
        question, answer = from_plain(Question, kept["question"]), from_plain(Answer, kept["answer"])
        yield from _same(place, _name(place), digest(kept))
        yield from _same(f"{place}/answer/question_id", answer.question_id, question.question_id)
        asked = {row.key: row.bhxh_number for row in question.rows}
        about = {row.key: row.about for row in answer.rows}
        yield from _same(f"{place}/answer/rows", about, {key: asked.get(key) for key in about})
        if place not in named:
            yield Difference(place, question.question_id, "not in the audit")


def _verdicts(bundle: Bundle) -> Found:
    """Each verdict is what its name says, and the audit or a decision that the audit sealed names it."""
    named = {e.details.get("verdict") for e in _entries(bundle)}
    named |= {data["verdict_key"] for _, data in _records(bundle, "DECISION#")}
    for key, data in _all_verdicts(bundle):
        place = data["key"]
        yield from _same(place, _name(place), digest(bundle.json(place)))
        if place not in named:
            yield Difference(f"records.json/{key}", place, "not in the audit")


def _readings(bundle: Bundle) -> Found:
    """What was read, and the files it was read from, are those the verdict says it rests on."""
    dossier = _dossier(bundle)
    _, data = _of_round(bundle, dossier)
    place = data["key"]
    now = kept_papers(dossier, {d.id: bundle.json(d.reading_key) for d in dossier.live_documents if d.reading_key})
    yield from _same(f"{place}/papers", bundle.json(place)["papers"], now)


def _law(bundle: Bundle) -> Found:
    """Each verdict follows from its own facts under the law of its day."""
    for _, data in _all_verdicts(bundle):
        again = replay(bundle.json(data["key"]), data["key"])
        yield from (Difference(data["key"] + d.at, d.stored, d.derived) for d in again.differences)
        yield None


def _facts(bundle: Bundle) -> Found:
    """The verdict of the round follows from what was read and answered; one that an officer changed, from his word."""
    dossier = _dossier(bundle)
    procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
    _, checked = _of_round(bundle, dossier)
    kept = bundle.json(checked["key"])
    places = [kept["answers"][name]["key"] for name in procedure.registry_names if name in kept["answers"]]
    answers = [(from_plain(Answer, bundle.json(place)["answer"]), place) for place in places]
    stated = [from_plain(Confirmation, said) for said in kept["confirmations"]]
    read = {str(d.id): d.reading_key for d in dossier.live_documents if d.reading_key}
    readings = {document_id: from_plain(Reading, bundle.json(key)) for document_id, key in read.items()}
    believed = [answer for answer, _ in answers]
    situation = gather(dossier, readings, believed, kept["unavailable"], procedure, stated)
    as_of = date.fromisoformat(kept["verdict"]["as_of"])
    made, _ = verdict_of(dossier, situation, procedure, as_of, kept["unavailable"], answers, stated)
    for name in _DERIVED:
        yield from _same(f"{checked['key']}/{name}", kept[name], made[name])
    yield from _restated(bundle, dossier, kept)


def _restated(bundle: Bundle, dossier: Dossier, kept: dict[str, Any]) -> Found:
    """What officers confirmed is laid over the verdict before it. Months that others were granted meanwhile come from
    elsewhere: there the law alone is followed."""
    procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
    later = sorted(_records(bundle, f"VERDICT#{dossier.round:03d}#"), key=lambda found: str(found[1]["at"]))
    checked_at = str(_of_round(bundle, dossier)[1]["at"])  # anew, perhaps, when an answer came: what was before is past
    for key, data in (found for found in later if str(found[1]["at"]) >= checked_at):
        now = bundle.json(data["key"])
        if key.count("#") == 2:
            known = {canonical(said) for said in kept["confirmations"]}
            stated = [from_plain(Confirmation, c) for c in now["confirmations"] if canonical(c) not in known]
            made = restated(kept, stated, procedure, date.fromisoformat(now["verdict"]["as_of"]))
            for name in (*_DERIVED, "confirmations"):
                yield from _same(f"{data['key']}/{name}", now[name], made[name])
        kept = now


def _decisions(bundle: Bundle) -> Found:
    """Each decision is one the audit sealed, with what was confirmed in it; the one that stands grants what the law
    gives those it approves."""
    dossier = _dossier(bundle)
    sealed = {e.details.get("sha256"): e for e in _entries(bundle) if e.action == "stage.decided"}
    decided = dict(_records(bundle, "DECISION#"))
    yield from _same("records.json", len(decided), sum(e.action == "stage.decided" for e in _entries(bundle)))
    for key, data in decided.items():
        entry = sealed.get(hashlib.sha256(canonical(data)).hexdigest())
        if entry is None:
            yield Difference(f"records.json/{key}", data["outcome"], "not what the audit sealed")
        else:
            yield from _same(f"records.json/{key}/by", data["by"], entry.actor.id)
    said = [(fact, value, d["by"]) for d in decided.values() for fact, value in d["confirms"].items()]
    for confirmed in bundle.json(dossier.verdict_key)["confirmations"]:
        if (confirmed["fact"], confirmed["value"], confirmed["by"]) not in said:
            yield Difference(f"{dossier.verdict_key}/confirmations", confirmed, "in no decision")
    decision = decided[dossier.decision_key]
    if dossier.outcome in FINAL_STATES:
        yield from _same("dossier.json/state", dossier.state.value, FINAL_STATES[dossier.outcome].value)
        yield from _granted(bundle, dossier, decision, f"records.json/{dossier.decision_key}")
        yield from _same("dossier.json/total_vnd", dossier.total_vnd, decision["total_vnd"])


def _granted(bundle: Bundle, dossier: Dossier, decision: Mapping[str, Any], at: str) -> Found:
    procedure = procedures.load(dossier.procedure, dossier.day_of_receipt)
    kept = bundle.json(decision["verdict_key"])
    place = decision.get("rows_key", "")
    rows = bundle.json(place) if place else decision["rows"]
    if place:
        yield from _same(place, _name(place), digest(rows))
    said = {row["key"]: RowDecision(row["key"], row["outcome"], row["reason"]) for row in rows}
    due = granted_rows(said, outline(kept), kept["people"], pays=procedure.benefit is not None)
    yield from _same(place or f"{at}/rows", rows, due)
    for name, value in summed(due, kept, procedure).items():
        yield from _same(f"{at}/{name}", decision[name], value)


def _papers(bundle: Bundle) -> Found:
    """Each paper that was handed out is the one the audit names, by its hash."""
    named = {e.details["paper"]: e.details["sha256"] for e in _entries(bundle) if e.action == PAPER_ISSUED}
    issued = {paper["id"]: paper["sha256"] for paper in bundle.json("papers.json")}
    for paper in sorted({*named, *issued}):
        yield from _same(f"papers.json/{paper}", issued.get(paper), named.get(paper))


def _head(bundle: Bundle, head: str) -> Found:
    yield from _same("manifest.json/audit_head", bundle.manifest.get("audit_head"), head.strip().lower())


def _originals(bundle: Bundle, given: list[bytes]) -> Found:
    known = {upload.sha256.lower() for document in _dossier(bundle).documents for upload in document.uploads}
    for content in given:
        sha256 = hashlib.sha256(content).hexdigest()
        yield None if sha256 in known else Difference("dossier.json/documents", None, sha256)


_CHECKS: tuple[tuple[str, Text, Callable[[Bundle], Found]], ...] = (
    ("parts", Text("Mọi phần đúng như bản kê", "Every part is as the manifest has it"), _parts),
    ("audit", Text("Chuỗi nhật ký nguyên vẹn đến khâu cuối", "The audit chain is whole to its last link"), _audit),
    (
        "readings",
        Text("Bản đọc và tệp gốc là những gì kết quả dựa vào", "Readings and originals are those the verdict rests on"),
        _readings,
    ),
    (
        "answers",
        Text("Cơ quan trả lời đúng người, đúng câu hỏi", "Registries answered about the person asked about"),
        _answers,
    ),
    (
        "verdicts",
        Text("Kết quả kiểm tra nguyên vẹn, có trong nhật ký", "Verdicts are whole and in the audit"),
        _verdicts,
    ),
    ("facts", Text("Dữ kiện suy lại được từ giấy tờ và trả lời", "Facts follow from papers and answers"), _facts),
    ("law", Text("Kết quả suy lại được từ dữ kiện và luật", "Verdicts follow from facts and law"), _law),
    (
        "decisions",
        Text("Quyết định suy lại được, có trong nhật ký", "Decisions follow and are in the audit"),
        _decisions,
    ),
    ("papers", Text("Giấy đã cấp đúng mã băm trong nhật ký", "Papers handed out have the hash in the audit"), _papers),
)
_HEAD = Text("Khâu cuối của nhật ký là khâu cơ quan đang giữ", "The chain ends as the office has it")
_ORIGINALS = Text("Tệp gốc đưa kèm là tệp đã nộp", "The originals given are those that were sent")


# -- what stands in it ------------------------------------------------------------------------------------------------


def _dossier(bundle: Bundle) -> Dossier:
    return from_plain(Dossier, bundle.json("dossier.json"))


def _entries(bundle: Bundle) -> list[AuditEntry]:
    return [from_plain(AuditEntry, entry) for entry in bundle.json("audit.json")]


def _records(bundle: Bundle, prefix: str) -> list[tuple[str, dict[str, Any]]]:
    records = bundle.json("records.json")
    return [(key, records[key]) for key in sorted(records) if key.startswith(prefix)]


def _all_verdicts(bundle: Bundle) -> list[tuple[str, dict[str, Any]]]:
    return [*_records(bundle, "VERDICT#"), *_records(bundle, "FORMER#")]


def _of_round(bundle: Bundle, dossier: Dossier) -> tuple[str, dict[str, Any]]:
    """The record of the verdict of the last round, before any officer's word."""
    key = f"VERDICT#{dossier.round:03d}"
    return key, bundle.json("records.json")[key]


def _name(place: str) -> str:
    """The digest a place is named by."""
    return place.rsplit("/", 1)[-1].removesuffix(".json")
